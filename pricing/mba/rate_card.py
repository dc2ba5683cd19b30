"""The published tariff, recomputed: suan-2009 Tables 8 and 9."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.benefits import ACCIDENT, HOSPITALIZATION, NATURAL_DEATH
from pricing.mba.plans import ADDITIONAL_15_65, INSURED, Plan, insured_persons
from pricing.mba.quotes import PremiumOf, plan_premium


@dataclass(frozen=True)
class RateCardRow:
    """One row of the tariff; monthly amounts, unrounded.

    Attributes:
        code: the tariff's own number of the row.
        coverage: natural_death, accident or hospitalization, or None for all of them.
        plan_type: of a household's row.
        insured: of one person's row.
        monthly_premiums: by package.
    """

    code: int
    coverage: str | None
    plan_type: str | None
    insured: str | None
    monthly_premiums: dict[str, Decimal]


def by_decrement(assumptions: MbaAssumptions, premium_of: PremiumOf) -> list[RateCardRow]:
    """Table 8: natural death by plan type and additional person, then each rider per person."""
    rows = _plan_rows(NATURAL_DEATH, assumptions, premium_of)
    code = rows[-1].code
    for coverage in (ACCIDENT, HOSPITALIZATION):
        code += 1
        for insured in INSURED:
            covered = coverage != ACCIDENT or assumptions.packages.insured[insured].accident
            # The tariff prints an additional adult's riders in the secondary member's row.
            if covered and insured != ADDITIONAL_15_65:
                rows.append(_row(code, coverage, None, insured, {insured: ONE}, assumptions, premium_of))
    return rows


def by_plan(assumptions: MbaAssumptions, premium_of: PremiumOf) -> list[RateCardRow]:
    """Table 9: the whole premium by plan type and additional person."""
    return _plan_rows(None, assumptions, premium_of)


def _plan_rows(coverage: str | None, assumptions: MbaAssumptions, premium_of: PremiumOf) -> list[RateCardRow]:
    packages = assumptions.packages
    plans = [
        _row(
            form.household_code, coverage, name, None, insured_persons(Plan(name), assumptions), assumptions, premium_of
        )
        for name, form in packages.plan_types.items()
    ]
    additional = [
        _row(code, coverage, None, insured, {insured: ONE}, assumptions, premium_of)
        for insured, code in packages.additional_codes.items()
    ]
    return sorted(plans + additional, key=lambda row: row.code)


def _row(
    code: int,
    coverage: str | None,
    plan_type: str | None,
    insured: str | None,
    persons: dict[str, Decimal],
    assumptions: MbaAssumptions,
    premium_of: PremiumOf,
) -> RateCardRow:
    payments = assumptions.pricing_basis.payments_per_year
    premiums = {
        package: plan_premium(package, persons, payments, premium_of, coverage).gross_monthly_premium
        for package in assumptions.packages.basic_benefit
    }
    return RateCardRow(code, coverage, plan_type, insured, premiums)
