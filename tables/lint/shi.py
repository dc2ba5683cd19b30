"""Checks of the tables of social health insurance, of civil servants and of the pilot scheme."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import get_args

from pricing.arithmetic import ONE, total
from tables.kinds.shi import Fees, MultiplesBySex, ShiBasisContent
from tables.kinds.shi_cash import MaternityBasisContent, SampleName, SicknessBasisContent
from tables.kinds.shi_civil import NssfcBasisContent, NssfcBenefitsContent
from tables.kinds.shi_pilot import HipBasisContent
from tables.lint.findings import Finding
from tables.lint.subject import Subject
from tables.pointers import pointer

_SEXES = ("male", "female")


def shi_basis(subject: Subject) -> Iterator[Finding]:
    """Care that is out of proportion, and scenarios that are one."""
    content: ShiBasisContent = subject.content
    rates = content.utilisation_rates
    yield from _care("/utilisation_rates", rates.outpatient, rates.inpatient)
    yield from _fees(content.fees)
    for one, other in combinations(content.scenarios, 2):
        if content.scenarios[one] == content.scenarios[other]:
            yield Finding("scenarios_alike", pointer("scenarios", other), f"is the same as {one}.")


def maternity_basis(subject: Subject) -> Iterator[Finding]:
    """Leave of more than a year, births of more than certainty."""
    content: MaternityBasisContent = subject.content
    if content.benefit_days > content.days_per_year:
        yield Finding("more_than_a_year", pointer("benefit_days"), f"is above {content.days_per_year} days a year.")
    if content.incidence_rate * content.qualifying_share > ONE:
        message = "times qualifying_share is above 1: more births are paid than there are women."
        yield Finding("rate_over_one", pointer("incidence_rate"), message)


def sickness_basis(subject: Subject) -> Iterator[Finding]:
    """Spells of more than a year, and a sample whose classes do not hold together."""
    content: SicknessBasisContent = subject.content
    if content.waiting_days + content.benefit_days > content.days_per_year:
        message = f"and waiting_days are above {content.days_per_year} days a year."
        yield Finding("more_than_a_year", pointer("benefit_days"), message)
    classes: tuple[SampleName, ...] = get_args(SampleName)
    for name, after in pairwise(classes):
        first_day = content.sample[after].first_day
        if first_day <= content.sample[name].first_day:
            message = f"begins on day {first_day}, not after {name}."
            yield Finding("sample_classes", pointer("sample", after, "first_day"), message)
    together = total(each.share for each in content.sample.values())
    if together != ONE:
        yield Finding("parts_differ_from_whole", pointer("sample"), f"has shares that add up to {together}, not 1.")


def nssfc_basis(subject: Subject) -> Iterator[Finding]:
    """Care that is out of proportion, and a base below its parts."""
    content: NssfcBasisContent = subject.content
    rates, base = content.utilisation_rates, content.contribution_base
    yield from _care("/utilisation_rates", rates.outpatient, rates.inpatient)
    yield from _fees(content.fees)
    if base.full < base.basic_salaries + base.pensions.amount:
        message = "is below basic_salaries and pensions together, which it contains."
        yield Finding("base_below_its_parts", pointer("contribution_base", "full"), message)


def nssfc_benefits(subject: Subject) -> Iterator[Finding]:
    """Years that are left out, and amounts that are never paid."""
    content: NssfcBenefitsContent = subject.content
    for year, after in pairwise(sorted(map(int, content.years))):
        if after > year + 1:
            yield Finding("years_missing", pointer("years", after), f"follows {year}: a year between is missing.")
    for kind, benefit in content.amounts.items():
        if not benefit.payments_per_year:
            yield Finding("paid_never", pointer("amounts", kind, "payments_per_year"), "is 0: nothing is ever paid.")


def hip_basis(subject: Subject) -> Iterator[Finding]:
    """Care that is out of proportion, and claims above contributions."""
    content: HipBasisContent = subject.content
    for name in ("voluntary", "mandatory"):
        membership = getattr(content, name)
        yield from _care(pointer(name), membership.outpatient, membership.inpatient)
    yield from _fees(content.fees)
    paid = content.experience
    spent = paid.medical_benefits + paid.drugs_and_supplies + paid.transport
    if spent > paid.contribution_income:
        message = f"is below the {spent} that was spent on claims."
        yield Finding("spent_above_income", pointer("experience", "contribution_income"), message)


def _care(path: str, outpatient: MultiplesBySex, inpatient: MultiplesBySex) -> Iterator[Finding]:
    for sex in _SEXES:
        if getattr(inpatient, sex) > getattr(outpatient, sex):
            message = "is above the outpatient rate: more admissions than visits."
            yield Finding("inpatient_above_outpatient", f"{path}/inpatient/{sex}", message)


def _fees(fees: Fees) -> Iterator[Finding]:
    for care in ("outpatient", "inpatient"):
        fee = getattr(fees, care)
        if fee.national_hospital < fee.health_centre:
            message = f"is {fee.national_hospital}, below the {fee.health_centre} of a health centre."
            yield Finding("hospital_cheaper", pointer("fees", care, "national_hospital"), message)
