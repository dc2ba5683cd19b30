"""Checks of what is keyed by age: life tables, multipliers, bands."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from pricing.arithmetic import ONE
from tables.kinds.life import LifeTableContent
from tables.kinds.mba import AgeBand
from tables.kinds.nssf_multipliers import MultipliersContent
from tables.lint.findings import Finding
from tables.lint.subject import Subject
from tables.pointers import pointer

SURVIVORS = "survivors"
MULTIPLIERS = "multipliers"


def life_table_ages(subject: Subject) -> Iterator[Finding]:
    """Ages that are missing, at the ends or inside wide groups."""
    content: LifeTableContent = subject.content
    ages = sorted(map(int, content.survivors))
    if ages[0] > 0:
        yield Finding("starts_late", pointer(SURVIVORS), f"begins at age {ages[0]}, not at birth.")
    if subject.before is not None:
        yield from _missing(SURVIVORS, ages, list(map(int, subject.content_before.survivors)))
    widest = subject.limits.age_group_years
    for age, after in pairwise(ages):
        if after - age > widest:
            yield Finding(
                "wide_age_group",
                pointer(SURVIVORS, after),
                f"follows age {age}: the ages between are worked out over more than {widest} years.",
            )


def mortality(subject: Subject) -> Iterator[Finding]:
    """Groups of ages in which nobody dies, and mortality that falls where it should rise.

    That survivors never increase, and so mortality is from 0 to 1, is a rule of the kind itself.
    """
    content: LifeTableContent = subject.content
    ages = sorted(map(int, content.survivors))
    rates = {after: _rate_of_group(content.survivors, age, after) for age, after in pairwise(ages)}
    for age, after in pairwise(ages):
        if not rates[after]:
            yield Finding("nobody_dies", pointer(SURVIVORS, after), f"is as at age {age}: nobody dies between.")
        earlier = rates.get(age)
        if earlier is not None and age >= subject.limits.rising_mortality_age and rates[after] < earlier:
            message = f"gives lower mortality from age {age} to {after} than in the group before it."
            yield Finding("mortality_falls", pointer(SURVIVORS, after), message)


def _rate_of_group(survivors: Mapping[str, Decimal], age: int, after: int) -> Decimal:
    alive = survivors[str(age)]
    return (alive - survivors[str(after)]) / (alive * (after - age))


def multipliers(subject: Subject) -> Iterator[Finding]:
    """Multipliers that no payment for life can have, and ages that are missing."""
    content: MultipliersContent = subject.content
    ages = sorted(map(int, content.multipliers))
    if subject.before is not None:
        yield from _missing(MULTIPLIERS, ages, list(map(int, subject.content_before.multipliers)))
    interest = content.discount_rate
    for age in ages:
        value = content.multipliers[str(age)]
        if interest and value > content.unit.per_year * (ONE + interest) / interest:
            message = f"is {value}: more than the same payments for ever are worth."
            yield Finding("multiplier_above_perpetuity", pointer(MULTIPLIERS, age), message)
    for age, after in pairwise(ages):
        is_adult = age >= subject.limits.rising_mortality_age
        if is_adult and content.multipliers[str(after)] > content.multipliers[str(age)]:
            message = f"is above that of age {age}: the older, the fewer payments."
            yield Finding("multiplier_rises", pointer(MULTIPLIERS, after), message)


def _missing(name: str, ages: Collection[int], before: Collection[int]) -> Iterator[Finding]:
    lost = sorted(age for age in before if not min(ages) <= age <= max(ages))
    if lost:
        message = f"reaches from age {min(ages)} to {max(ages)}; the version before reaches to {min(before)} and "
        yield Finding("ages_missing", pointer(name), f"{message}{max(before)}: what asks about those ages is refused.")


def bands(path: str, named: Mapping[str, AgeBand], exceptions: Collection[int] = ()) -> Iterator[Finding]:
    """Bands that follow each other with no age between them and none in two.

    Args:
        path: pointer to the bands.
        named: the bands, youngest first.
        exceptions: ages that are said elsewhere.
    """
    for (name, band), (after, next_band) in pairwise(named.items()):
        if next_band.first_age <= band.last_age:
            message = f"begins at age {next_band.first_age}, where {name} has not ended."
            yield Finding("ages_overlap", f"{path}/{after}", message)
        missing = set(range(band.last_age + 1, next_band.first_age)) - set(exceptions)
        if missing:
            ages = ", ".join(map(str, sorted(missing)))
            yield Finding("ages_gap", f"{path}/{after}", f"leaves out ages {ages}, which {name} does not reach.")


def same_band(band: AgeBand, age: int) -> bool:
    """Whether an age is in a band."""
    return band.first_age <= age <= band.last_age
