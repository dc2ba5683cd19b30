"""Benefits of civil servants and their families: beneficiaries times amounts (giz-2012 Annex E)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import MILLION, total
from pricing.errors import YearNotCovered
from pricing.trace import formula

GROUPS: Mapping[str, tuple[str, ...]] = {
    "retirement_benefits": (
        "pension",
        "lump_sum",
        "retirement_grant",
        "severance_pay",
        "pension_adjustment",
        "cost_of_living_allowance",
    ),
    "widow_pensions": ("widow_of_civil_servant_or_age_pensioner", "widow_of_invalidity_pensioner"),
    "orphan_pensions": ("orphan_of_civil_servant_or_age_pensioner", "orphan_of_invalidity_pensioner"),
    "invalidity_benefits": (
        "invalidity_pension",
        "invalidity_grant",
        "invalidity_pension_adjustment",
        "invalidity_cost_of_living_allowance",
    ),
}
"""Kinds of benefit that Annex E adds up."""
ALONE = ("maternity_grant", "work_injury")
KINDS = (*ALONE, *(kind for kinds in GROUPS.values() for kind in kinds))


@dataclass(frozen=True)
class BenefitAmount:
    """What one beneficiary is paid, KHR, and how often a year."""

    amount: Decimal
    payments_per_year: int


@dataclass(frozen=True)
class BeneficiaryYear:
    """Beneficiaries of a year by kind, and the death benefits, of which Annex E has the amount alone, million KHR."""

    beneficiaries: Mapping[str, int]
    death_benefits: Decimal


@dataclass(frozen=True)
class NssfcBenefits:
    """The basis of Annex E; years by number, as text."""

    amounts: Mapping[str, BenefitAmount]
    years: Mapping[str, BeneficiaryYear]


@dataclass(frozen=True)
class NssfcExpenditure:
    """A year's benefits, unrounded.

    Attributes:
        beneficiaries: by kind, and of the two groups that Annex E adds up.
        by_kind: million KHR.
        by_group: million KHR; survivors' benefits are both kinds of pension.
        total: million KHR.
    """

    beneficiaries: Mapping[str, int]
    by_kind: Mapping[str, Decimal]
    by_group: Mapping[str, Decimal]
    total: Decimal


@formula("E_k", source="giz-2012 Annex E", unit="million KHR a year")
def benefit_expenditure(beneficiaries: int, amount: Decimal, payments_per_year: int) -> Decimal:
    """What one kind of benefit costs in a year.

    Formula: E_k = n · b · payments / 1,000,000
    Args:
        beneficiaries: n, persons.
        amount: b, KHR a payment.
        payments_per_year: 12 of what is paid monthly, else 1.
    Returns: million KHR a year, unrounded.
    """
    return beneficiaries * amount * payments_per_year / MILLION


@formula("E", source="giz-2012 Annex E", unit="million KHR a year", shows="total")
def nssfc_expenditure(given: BeneficiaryYear, basis: NssfcBenefits) -> NssfcExpenditure:
    """What all benefits of a year cost.

    Formula: E = death benefits + Σ E_k
    Args:
        given: beneficiaries by kind, and death benefits.
        basis: amounts by kind.
    Returns: expenditure by kind, by group and in all, unrounded.
    """
    persons = given.beneficiaries
    by_kind = {
        kind: benefit_expenditure(persons[kind], basis.amounts[kind].amount, basis.amounts[kind].payments_per_year)
        for kind in KINDS
    }
    groups = {name: total(by_kind[kind] for kind in kinds) for name, kinds in GROUPS.items()}
    groups["survivor_benefits"] = groups["widow_pensions"] + groups["orphan_pensions"]
    groups["death_benefits"] = given.death_benefits
    counted = {name: sum(persons[kind] for kind in GROUPS[name]) for name in ("widow_pensions", "orphan_pensions")}
    return NssfcExpenditure(
        beneficiaries={**persons, **counted},
        by_kind=by_kind,
        by_group=groups,
        total=given.death_benefits + total(by_kind.values()),
    )


def figures_of_year(year: int, basis: NssfcBenefits) -> BeneficiaryYear:
    """A year of the table. Raises: YearNotCovered."""
    found = basis.years.get(str(year))
    if found is None:
        years = [int(each) for each in basis.years]
        raise YearNotCovered(year, min(years), max(years))
    return found
