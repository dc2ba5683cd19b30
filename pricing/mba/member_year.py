"""What one member brings and costs in a year of the projection, for all persons that the plan insures.

Premiums with their loadings as the tariff charges them, claims at the tariff's rates without its safety margin.
"""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ZERO
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.benefits import ACCIDENT, HOSPITALIZATION, NATURAL_DEATH
from pricing.mba.enrolment import Programme
from pricing.mba.plans import PRIMARY_MEMBER, Plan, insured_persons
from pricing.mba.premiums import RiskBasis, tariff_risk
from pricing.mba.quotes import PremiumOf, plan_premium
from pricing.trace import formula


@dataclass(frozen=True)
class MemberYear:
    """What one member of the plan brings and costs in a year, in the projection's currency.

    Attributes:
        premium: gross premium.
        expense_allowance, commission: its parts for expenses and for commission.
        equity_premium: its part for natural death, of which a share is refunded.
        natural_death_claims, accident_claims, hospitalization_claims: expected, without safety margin.
    """

    premium: Decimal
    expense_allowance: Decimal
    commission: Decimal
    equity_premium: Decimal
    natural_death_claims: Decimal
    accident_claims: Decimal
    hospitalization_claims: Decimal


@formula("A_USD", source="suan-2009 Appendix D", unit="projection's currency")
def converted(amount: Decimal, exchange_rate: Decimal) -> Decimal:
    """An amount of the tariff in the projection's currency.

    Formula: A_USD = A_KHR / exchange rate
    Args:
        amount: A_KHR, in the tariff's currency.
        exchange_rate: amount of the tariff's currency for one of the projection's, > 0.
    Returns: an amount, unrounded.
    """
    return amount / exchange_rate


@formula("E[S]", source="suan-2009 Table 11", unit="currency a year")
def expected_claims_of_member(persons: Decimal, benefit: Decimal, incidence_rate: Decimal) -> Decimal:
    """What one coverage of one kind of insured person is expected to cost, without the premium's safety margin.

    Formula: E[S] = persons · S · q
    Args:
        persons: insured persons of the kind in the plan.
        benefit: S, what the coverage pays.
        incidence_rate: q, probability of a claim within the year, unmargined.
    Returns: an amount a year, unrounded.
    """
    return persons * benefit * incidence_rate


@formula("loading", source="suan-2009 §IV", unit="currency a year")
def premium_part(gross_annual_premium: Decimal, loading: Decimal) -> Decimal:
    """The part of a plan's premium that is allotted to expenses, or paid as commission.

    §IV allots one share of all premiums to expenses, and §VI limits expenses to the same; it is the primary member's.

    Formula: part = GAP · loading
    Args:
        gross_annual_premium: GAP, of the plan: all persons and coverages.
        loading: of the primary member for expenses or for commission, fraction of the gross premium.
    Returns: an amount a year, unrounded.
    """
    return gross_annual_premium * loading


def member_year(
    programme: Programme, assumptions: MbaAssumptions, exchange_rate: Decimal, premium_of: PremiumOf
) -> tuple[MemberYear, tuple[str, ...]]:
    """What a member brings and costs in a year, with the errata of the cells used.

    Args:
        programme: the plan.
        assumptions: the tariff's tables.
        exchange_rate: amount of the tariff's currency for one of the projection's.
        premium_of: premium of one insured person by package and kind.
    """
    package = programme.package
    persons = insured_persons(Plan(programme.plan_type), assumptions)
    premium = plan_premium(package, persons, assumptions.pricing_basis.payments_per_year, premium_of)
    claims = dict.fromkeys((NATURAL_DEATH, ACCIDENT, HOSPITALIZATION), ZERO)
    equity = ZERO
    for insured, number in persons.items():
        equity += number * premium.insured[insured].of(NATURAL_DEATH)
        benefits, basis = tariff_risk(package, insured, assumptions)
        for coverage, benefit in benefits.items():
            claims[coverage] += expected_claims_of_member(number, benefit, incidence(coverage, basis))
    gross, loading = premium.gross_annual_premium, assumptions.loadings.insured[PRIMARY_MEMBER]
    parts = (premium_part(gross, share) for share in (loading.expense, loading.commission))
    amounts = (gross, *parts, equity, *claims.values())
    return MemberYear(*(converted(amount, exchange_rate) for amount in amounts)), premium.errata


def incidence(coverage: str, basis: RiskBasis) -> Decimal:
    """The rate of a coverage's claims."""
    rates = {NATURAL_DEATH: basis.natural_death_rate, ACCIDENT: basis.accident_rate}
    return rates.get(coverage, basis.hospitalization_rate)
