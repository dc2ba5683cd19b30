"""Which assumption of a projection matters most: each is changed alone, down and up by the same share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal

from pricing.arithmetic import ONE
from pricing.effects import largest_first
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.enrolment import Programme
from pricing.mba.expenses import YearExpenses, expenses_of_year
from pricing.mba.member_year import MemberYear
from pricing.mba.projection import Projection, Terms, financial_projection, project
from pricing.mba.projection_basis import ProjectionBasis
from pricing.mba.quotes import PremiumOf
from pricing.trace import formula, unrecorded

Varied = Callable[[Terms, ProjectionBasis, Decimal], Terms]


def scaled_members(terms: Terms, factor: Decimal) -> Terms:
    """The same with so many times the members in every year, not rounded."""
    return replace(terms, members=tuple(factor * number for number in terms.members))


def scaled_premium(terms: Terms, factor: Decimal) -> Terms:
    """The same at so many times the premium, and with it all of its parts; claims stay as they are."""
    parts = ("premium", "expense_allowance", "commission", "equity_premium")
    return replace(terms, member=_scaled(terms.member, parts, factor))


def _scaled(member: MemberYear, names: tuple[str, ...], factor: Decimal) -> MemberYear:
    return replace(member, **{name: factor * getattr(member, name) for name in names})


def _claims(name: str) -> Varied:
    return lambda terms, _basis, factor: replace(terms, member=_scaled(terms.member, (name,), factor))


def _rate(name: str) -> Varied:
    return lambda terms, _basis, factor: replace(terms, **{name: factor * getattr(terms, name)})


def _exchange_rate(terms: Terms, _basis: ProjectionBasis, factor: Decimal) -> Terms:
    amounts = tuple(field.name for field in fields(MemberYear))
    return replace(terms, member=_scaled(terms.member, amounts, ONE / factor))


def _operating_expenses(terms: Terms, _basis: ProjectionBasis, factor: Decimal) -> Terms:
    items = [field.name for field in fields(YearExpenses)]
    scaled = (replace(year, **{item: factor * getattr(year, item) for item in items}) for year in terms.expenses)
    return replace(terms, expenses=tuple(scaled))


def _inflation_rate(terms: Terms, basis: ProjectionBasis, factor: Decimal) -> Terms:
    budget = replace(basis.expenses, inflation_rate=factor * basis.expenses.inflation_rate)
    years = range(1, len(terms.expenses) + 1)
    return replace(terms, expenses=tuple(expenses_of_year(budget, year) for year in years))


ASSUMPTIONS: Mapping[str, Varied] = {
    "members": lambda terms, _basis, factor: scaled_members(terms, factor),
    "premium": lambda terms, _basis, factor: scaled_premium(terms, factor),
    "natural_death_claims": _claims("natural_death_claims"),
    "accident_claims": _claims("accident_claims"),
    "hospitalization_claims": _claims("hospitalization_claims"),
    "mortality_rate": _rate("mortality_rate"),
    "withdrawal_rate": _rate("withdrawal_rate"),
    "interest_rate": _rate("interest_rate"),
    "operating_expenses": _operating_expenses,
    "inflation_rate": _inflation_rate,
    "exchange_rate": _exchange_rate,
}
"""What may be changed, and how."""


@dataclass(frozen=True)
class Effect:
    """A projection with one assumption changed, both ways.

    Attributes:
        assumption: its name.
        lower, higher: the projection with less and with more of it.
        largest: the larger of the two changes in what is measured, without its sign.
    """

    assumption: str
    lower: Projection
    higher: Projection
    largest: Decimal


@dataclass(frozen=True)
class Sensitivity:
    """A projection, and the effects of its assumptions, the largest first."""

    unchanged: Projection
    effects: tuple[Effect, ...]

    @property
    def largest(self) -> Decimal:
        """The largest effect."""
        return self.effects[0].largest


@formula("Δ", source="suan-2009 §VI", unit="currency")
def effect_of_change(assumption: str, factor: Decimal, changed: Decimal, unchanged: Decimal) -> Decimal:
    """What one changed assumption does to what is measured.

    Formula: Δ = measure(assumption · factor) - measure
    Args:
        assumption: its name.
        factor: what it is multiplied by.
        changed: the measure with it.
        unchanged: the measure without.
    Returns: an amount, unrounded.
    """
    del assumption, factor  # they tell the nodes of an explanation apart
    return changed - unchanged


@formula("max |Δ|", source="suan-2009 §VI", unit="currency", shows="largest")
def projection_sensitivity(
    programme: Programme,
    share: Decimal,
    measure: str,
    assumptions: MbaAssumptions,
    basis: ProjectionBasis,
    premium_of: PremiumOf,
) -> Sensitivity:
    """The largest effect that a change of one assumption has, and those of all others.

    Formula: max over the assumptions of |measure(assumption · (1 ± share)) - measure|
    Args:
        programme: plan and enrolment.
        share: of the assumption, by which it is lowered and raised.
        measure: fund_end or total_subsidy.
        assumptions: the tariff's tables.
        basis: enrolment, expenses, interest, withdrawals.
        premium_of: premium of one insured person by package and kind.
    Returns: the effects, unrounded.
    Raises: what a projection raises.
    """
    unchanged = financial_projection(programme, assumptions, basis, premium_of)

    def effect(name: str) -> Effect:
        factors = (ONE - share, ONE + share)
        with unrecorded():
            lower, higher = (project(ASSUMPTIONS[name](unchanged.terms, basis, factor)) for factor in factors)
        now = getattr(unchanged, measure)
        changes = (
            effect_of_change(name, factor, getattr(each, measure), now)
            for factor, each in zip(factors, (lower, higher), strict=True)
        )
        return Effect(name, lower, higher, max(map(abs, changes)))

    return Sensitivity(unchanged, largest_first(map(effect, ASSUMPTIONS)))
