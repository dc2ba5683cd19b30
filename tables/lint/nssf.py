"""Checks of the tables of the NSSF's employment injury branch."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from pricing.arithmetic import ONE, total
from tables.kinds.employment import EmploymentContent
from tables.kinds.indicators import IndicatorsContent
from tables.kinds.nssf_experience import ExperienceContent
from tables.kinds.nssf_provisions import ProvisionsContent
from tables.lint import history
from tables.lint.findings import Finding
from tables.lint.subject import Subject
from tables.pointers import pointer

_MILLION = 6
"""Places by which the point of a number of millions moves."""


def survivor_shares(subject: Subject) -> Iterator[Finding]:
    """Shares of a family that are too much together, and families that lose by another survivor."""
    content: ProvisionsContent = subject.content
    survivors = content.survivors
    totals = {composition: total(shares.values()) for composition, shares in survivors.shares.items()}
    for composition, together in totals.items():
        if together > survivors.maximum_share:
            message = f"adds up to {together}, above the maximum_share of {survivors.maximum_share}."
            yield Finding("share_over_maximum", pointer("survivors", "shares", composition), message)
    for one, other in combinations(totals, 2):
        smaller, larger = sorted((one, other), key=lambda name: len(survivors.shares[name]))
        if set(survivors.shares[smaller]) < set(survivors.shares[larger]) and totals[larger] < totals[smaller]:
            message = f"adds up to {totals[larger]}, below the {totals[smaller]} of {smaller}."
            yield Finding("bigger_family_gets_less", pointer("survivors", "shares", larger), message)


def contribution_rate(subject: Subject) -> Iterator[Finding]:
    """The rate of contributions, changed too soon."""
    yield from history.rate_changed_again(subject, ("rate",))


def experience(subject: Subject) -> Iterator[Finding]:
    """Accidents of nobody, and accidents whose places do not add up."""
    content: ExperienceContent = subject.content
    for name in ("accidents", "places"):
        for year in getattr(content, name):
            if year not in content.workers:
                yield Finding("year_without_workers", pointer(name, year), "has no workers to compare with.")
    for year, sectors in content.places.items():
        for sector, places in sectors.items():
            whole = content.accidents.get(year, {}).get(sector)
            fatal = places.fatal_workplace + places.fatal_commuting
            injuries = places.injuries_workplace + places.injuries_commuting
            if whole is not None and (fatal, fatal + injuries) != (whole.fatal, whole.reported):
                message = f"adds up to {fatal + injuries} accidents, {fatal} of them fatal; "
                message += f"reported are {whole.reported}, {whole.fatal} of them fatal."
                yield Finding("parts_differ_from_whole", pointer("places", year, sector), message)


def employment(subject: Subject) -> Iterator[Finding]:
    """More people at work, or insured, than there are."""
    content: EmploymentContent = subject.content
    employed = content.labour_force.employed
    whole = content.labour_force.millions.scaleb(_MILLION)
    if employed > whole:
        message = f"is {employed}, more than the {whole:f} of the labour force."
        yield Finding("part_above_whole", pointer("labour_force", "employed"), message)
    if content.insured_workers > employed:
        message = f"is {content.insured_workers}, more than the {employed} who are employed."
        yield Finding("part_above_whole", pointer("insured_workers"), message)


def indicators(subject: Subject) -> Iterator[Finding]:
    """Output that leaps from one year to the next."""
    content: IndicatorsContent = subject.content
    most = subject.limits.movement_share
    for year, after in pairwise(sorted(content.years)):
        for name in ("gdp_current_billions", "gdp_constant_billions"):
            old, new = (getattr(content.years[each], name) for each in (year, after))
            if abs(new / old - ONE) > most:
                message = f"is {new} after {old} in {year}: it moves by more than {most} of that."
                yield Finding("leap_between_years", pointer("years", after, name), message)
