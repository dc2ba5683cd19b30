"""Checks of the MBA's tables."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from pricing.arithmetic import ONE
from tables.kinds.mba import LoadingsContent, PackagesContent, PricingBasisContent
from tables.kinds.mba_claims import ClaimTermsContent, DisabilityScheduleContent
from tables.kinds.mba_finance import CovenantsContent, ReinsuranceContent
from tables.kinds.mba_projection import ProjectionBasisContent
from tables.lint.ages import bands, same_band
from tables.lint.findings import Finding
from tables.lint.subject import Subject
from tables.pointers import pointer


def loadings(subject: Subject) -> Iterator[Finding]:
    """Loadings that would leave nothing of the premium, for natural death or for the riders."""
    content: LoadingsContent = subject.content
    for name, loading in content.insured.items():
        for part, share in (("equity_value", content.equity_value), ("contingency", content.contingency)):
            together = share + loading.expense + loading.commission
            if together >= ONE:
                message = f"has expense and commission that with {part} are {together}: nothing is left for benefits."
                yield Finding("loadings_of_one_or_more", pointer("insured", name), message)


def package_ages(subject: Subject) -> Iterator[Finding]:
    """Bands of ages, and ages at entry that none of them holds."""
    content: PackagesContent = subject.content
    ages = content.ages
    named = {"child": ages.child, "adult": ages.adult, "elder": ages.elder}
    yield from bands(pointer("ages"), named)
    at_entry = range(ages.entry.first_age, ages.entry.last_age + 1)
    without = [age for age in at_entry if not any(same_band(band, age) for band in named.values())]
    if without:
        message = f"holds ages {', '.join(map(str, without))}, which no band prices."
        yield Finding("entry_without_price", pointer("ages", "entry"), message)


def packages(subject: Subject) -> Iterator[Finding]:
    """Benefits that fall from one package to the next, and codes of households that are used twice."""
    content: PackagesContent = subject.content
    plans = content.plan_types.items()
    for (name, benefit), (after, next_benefit) in pairwise(sorted(content.basic_benefit.items())):
        if next_benefit < benefit:
            message = f"is below that of package {name}."
            yield Finding("package_benefit_falls", pointer("basic_benefit", after), message)
    codes = {pointer("plan_types", name, "household_code"): plan.household_code for name, plan in plans}
    codes |= {pointer("additional_codes", name): code for name, code in content.additional_codes.items()}
    twice = {code for code, count in Counter(codes.values()).items() if count > 1}
    for where, code in codes.items():
        if code in twice:
            yield Finding("household_code_twice", where, f"is {code}, as another's.")


def pricing_basis(subject: Subject) -> Iterator[Finding]:
    """Rates that with the margin exceed certainty, and accidents above mortality."""
    content: PricingBasisContent = subject.content
    margin = ONE + content.safety_margin
    rates = {pointer("accident_rate"): content.accident_rate}
    for name, insured in content.insured.items():
        here = pointer("insured", name)
        if insured.mortality_rate is not None:
            rates[f"{here}/mortality_rate"] = insured.mortality_rate
            if content.accident_rate > insured.mortality_rate:
                message = f"is below the accident_rate of {content.accident_rate}, which is a part of it."
                yield Finding("accident_rate_above_mortality", f"{here}/mortality_rate", message)
        rates[f"{here}/hospitalization_rate"] = insured.hospitalization_rate
        for package, own in (insured.hospitalization_rate_exceptions or {}).items():
            rates[f"{here}/hospitalization_rate_exceptions/{package}/rate"] = own.rate
    for where, rate in rates.items():
        if rate * margin > ONE:
            message = f"is {rate}, and with the safety margin above 1: more than certain."
            yield Finding("rate_over_one", where, message)


def claim_terms(subject: Subject) -> Iterator[Finding]:
    """Bands of ages, and exceptions from them that are none."""
    content: ClaimTermsContent = subject.content
    ages = content.ages
    named = {"child": ages.child, "adult": ages.adult, "elder": ages.elder}
    yield from bands(pointer("ages"), named, list(map(int, content.age_exceptions)))
    for age, reading in content.age_exceptions.items():
        if same_band(named[reading.band], int(age)):
            message = f"reads age {age} as {reading.band}, which it is without that."
            yield Finding("exception_repeats", pointer("age_exceptions", age), message)


def disability_schedule(subject: Subject) -> Iterator[Finding]:
    """Losses of more than there is, and of more than is paid at most."""
    content: DisabilityScheduleContent = subject.content
    for name, loss in content.losses.items():
        here = pointer("losses", name)
        if loss.share > content.maximum_share:
            message = f"is {loss.share}, above the maximum_share of {content.maximum_share}."
            yield Finding("share_over_maximum", f"{here}/share", message)
        for part, taken in loss.takes.items():
            if taken > content.body[part]:
                message = f"takes {taken}, of which a body has {content.body[part]}."
                yield Finding("more_than_the_body_has", f"{here}/takes/{part}", message)
    if content.ceasing_share > content.maximum_share:
        message = f"is above the maximum_share of {content.maximum_share}, so membership would never cease."
        yield Finding("never_ceases", pointer("ceasing_share"), message)


def reinsurance(subject: Subject) -> Iterator[Finding]:
    """A treaty whose limits or prices are out of proportion."""
    content: ReinsuranceContent = subject.content
    if content.maximum_per_risk > content.annual_limit.maximum:
        message = f"is above the limit of a whole year, {content.annual_limit.maximum}."
        yield Finding("risk_above_annual_limit", pointer("maximum_per_risk"), message)
    if content.premium_rate > content.quota_share:
        message = f"is above the quota_share of {content.quota_share}: more is ceded than is covered."
        yield Finding("premium_rate_above_share", pointer("premium_rate"), message)


def covenants(subject: Subject) -> Iterator[Finding]:
    """Limits of costs that leave nothing for benefits."""
    content: CovenantsContent = subject.content
    together = content.maximum_expense_ratio + content.maximum_commission_ratio
    if together >= ONE:
        message = f"and maximum_commission_ratio are {together}: nothing is left for benefits."
        yield Finding("ratios_of_one_or_more", pointer("maximum_expense_ratio"), message)


def projection_basis(subject: Subject) -> Iterator[Finding]:
    """A programme that all members leave."""
    content: ProjectionBasisContent = subject.content
    if content.withdrawal_rate == ONE:
        yield Finding("nobody_stays", pointer("withdrawal_rate"), "is 1: all members leave every year.")
