"""What pensions are worth: by the printed multipliers, or by a life table and a rate (giz-2012 §3.8, Annex C)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import CONTEXT, ONE, ZERO, total
from pricing.interest import discount_factor
from pricing.life import AgeOutsideLifeTable, LifeTable, mortality_rate
from pricing.nssf.assumptions import Multipliers
from pricing.nssf.present_value import multiplier, pension_present_value, unit_errata
from pricing.nssf.refusals import refuse_age
from pricing.trace import formula, unrecorded


@dataclass(frozen=True)
class Pension:
    """A pension in payment: what it is for, KHR a month, age in completed years."""

    kind: str
    monthly_amount: Decimal
    age: int


@dataclass(frozen=True)
class Valued:
    """A pension with its value.

    Attributes:
        pension: what is valued.
        multiplier: present value of a unit paid daily for life.
        mortality: within a year at the age, a fraction; None where there is no later age to tell.
        present_value: KHR.
    """

    pension: Pension
    multiplier: Decimal
    mortality: Decimal | None
    present_value: Decimal


@dataclass(frozen=True)
class Liabilities:
    """Pensions with their values in the order that they were given, and in all, KHR; codes of the mistakes used."""

    pensions: tuple[Valued, ...]
    total: Decimal
    errata: tuple[str, ...]

    def by_kind(self) -> dict[str, tuple[int, Decimal]]:
        """Number and present value of the pensions of each kind that there is."""
        found: dict[str, tuple[int, Decimal]] = {}
        for each in self.pensions:
            number, value = found.get(each.pension.kind, (0, ZERO))
            found[each.pension.kind] = number + 1, CONTEXT.add(value, each.present_value)
        return found


@formula("ā_1", source="giz-2012 Annex C", unit="years' payments")
def annuity_certain_of_a_year(interest_rate: Decimal) -> Decimal:
    """Present value of 1 paid evenly over a year to somebody who lives.

    Formula: ∫ v^t dt from 0 to 1 = (1 - v) / ln(1 + i), or 1 where i = 0
    Args:
        interest_rate: i, effective annual rate as a fraction, >= 0.
    Returns: a fraction of the payment, in (0, 1].
    """
    return _discounted_over_a_year(interest_rate, 0)


@formula("(Īā)_1", source="giz-2012 Annex C", unit="years' payments")
def lost_by_death_in_a_year(interest_rate: Decimal) -> Decimal:
    """What a death, evenly spread over the year, takes of the payments of that year.

    Formula: ∫ t v^t dt from 0 to 1 = (ā_1 - v) / ln(1 + i), or 1/2 where i = 0
    Args:
        interest_rate: i, effective annual rate as a fraction, >= 0.
    Returns: a fraction of the payment, in (0, 1/2].
    """
    return _discounted_over_a_year(interest_rate, 1)


def _discounted_over_a_year(interest_rate: Decimal, power: int) -> Decimal:
    """∫ t^n v^t dt from 0 to 1 as the series Σ (-ln(1+i))^k / (k! (k + n + 1)).

    The closed forms subtract what is nearly equal: a very small rate would lose them every digit.
    """
    minus_force = -(ONE + interest_rate).ln()
    found, term, k = ZERO, ONE, 0
    while found + term / (k + power + 1) != found:
        found += term / (k + power + 1)
        k += 1
        term *= minus_force / k
    return found


@formula("ā_x", source="giz-2012 Annex C", unit="years' payments")
def life_annuity(mortality_rate: Decimal, interest_rate: Decimal, annuity_a_year_later: Decimal) -> Decimal:
    """Present value of 1 a year paid evenly for life.

    Formula: ā_x = ā_1 - q_x · (Īā)_1 + v · (1 - q_x) · ā_{x+1}, deaths uniform within the year
    Args:
        mortality_rate: q_x, a fraction.
        interest_rate: i, effective annual rate as a fraction, >= 0.
        annuity_a_year_later: ā_{x+1}.
    Returns: years' payments, unrounded.
    """
    in_the_year = annuity_certain_of_a_year(interest_rate) - mortality_rate * lost_by_death_in_a_year(interest_rate)
    return in_the_year + discount_factor(interest_rate) * (ONE - mortality_rate) * annuity_a_year_later


@formula("PVM", source="giz-2012 Annex C", unit="days")
def multiplier_from_annuity(life_annuity: Decimal, payments_per_year: int) -> Decimal:
    """The multiplier that a life annuity gives.

    Formula: 365 · ā_x
    Args:
        life_annuity: ā_x, years' payments.
        payments_per_year: how often a year the unit is paid.
    Returns: units of payment, unrounded.
    """
    return life_annuity * payments_per_year


@formula("q_x", source="giz-2012 Annex C", unit="fraction a year")
def implied_mortality_rate(
    multiplier: Decimal, next_multiplier: Decimal, payments_per_year: int, discount_rate: Decimal
) -> Decimal:
    """The one-year mortality that two successive multipliers imply, deaths uniform within the year.

    Formula: q_x = (ā_1 + v · ā_{x+1} - ā_x) / ((Īā)_1 + v · ā_{x+1}), ā_x = PVM_x / 365
    Args:
        multiplier: PVM_x.
        next_multiplier: PVM_{x+1}.
        payments_per_year: how often a year the unit is paid.
        discount_rate: i of the multipliers.
    Returns: a fraction; outside [0, 1] where no mortality gives such multipliers.
    """
    later = discount_factor(discount_rate) * next_multiplier / payments_per_year
    certain, lost = annuity_certain_of_a_year(discount_rate), lost_by_death_in_a_year(discount_rate)
    return (certain + later - multiplier / payments_per_year) / (lost + later)


@formula("Σ PV", source="giz-2012 §3.8", unit="KHR", shows="total")
def liabilities_by_multipliers(
    pensions: Sequence[Pension], multipliers: Multipliers, months_per_year: int
) -> Liabilities:
    """Value pensions by the printed multipliers.

    Formula: Σ 12 · P · PVM / 365
    Args:
        pensions: to be valued.
        multipliers: by age.
        months_per_year: payments of a year.
    Returns: KHR, unrounded, each and in all.
    Raises: AgeOutsideMultipliers.
    """
    per_year, rate = multipliers.unit.per_year, multipliers.discount_rate
    for place, each in enumerate(pensions):
        refuse_age(each.age, multipliers, f"pensions/{place}/age")

    def basis_at(age: int) -> tuple[Decimal, Decimal | None]:
        here = multiplier(age, multipliers)
        if age == multipliers.last_age:
            return here, None
        later = multiplier(age + 1, multipliers)
        return here, implied_mortality_rate(here, later, per_year, rate)

    return _valued(pensions, basis_at, per_year, months_per_year, unit_errata(multipliers))


@formula("Σ PV", source="giz-2012 §3.8", unit="KHR", shows="total")
def liabilities_by_life_table(
    pensions: Sequence[Pension],
    life_table: LifeTable,
    interest_rate: Decimal,
    payments_per_year: int,
    months_per_year: int,
) -> Liabilities:
    """Value pensions by a life table and a rate of interest.

    Formula: Σ 12 · P · ā_x
    Args:
        pensions: to be valued.
        life_table: survivors by age; nobody is paid beyond its last age.
        interest_rate: i, effective annual rate as a fraction, >= 0.
        payments_per_year: how often a year the multiplier's unit is paid.
        months_per_year: payments of a year.
    Returns: KHR, unrounded, each and in all.
    Raises: AgeOutsideLifeTable.
    """
    for place, each in enumerate(pensions):
        if not life_table.first_age <= each.age <= life_table.last_age:
            field, way_out = f"pensions/{place}/age", "value the pension by the multipliers"
            raise AgeOutsideLifeTable(life_table.first_age, life_table.last_age, field, way_out)
    later = life_annuities(life_table, interest_rate)

    def basis_at(age: int) -> tuple[Decimal, Decimal | None]:
        mortality = mortality_rate(life_table, age)
        annuity = life_annuity(mortality, interest_rate, later[age + 1])
        return multiplier_from_annuity(annuity, payments_per_year), mortality

    return _valued(pensions, basis_at, payments_per_year, months_per_year, ())


def life_annuities(life_table: LifeTable, interest_rate: Decimal) -> dict[int, Decimal]:
    """ā_x at every age of a life table, 0 at the age beyond its last: whoever reaches it is paid no more."""
    annuities = {life_table.last_age + 1: ZERO}
    with unrecorded():
        for age in range(life_table.last_age, life_table.first_age - 1, -1):
            annuities[age] = life_annuity(mortality_rate(life_table, age), interest_rate, annuities[age + 1])
    return annuities


def _valued(
    pensions: Sequence[Pension],
    basis_at: Callable[[int], tuple[Decimal, Decimal | None]],
    payments_per_year: int,
    months_per_year: int,
    errata: tuple[str, ...],
) -> Liabilities:
    """Value each pension by the multiplier of its age, which is found once."""
    found = {age: basis_at(age) for age in dict.fromkeys(each.age for each in pensions)}
    valued = []
    for each in pensions:
        units, mortality = found[each.age]
        value = pension_present_value(each.monthly_amount, months_per_year, units / payments_per_year)
        valued.append(Valued(each, units, mortality, value))
    return Liabilities(tuple(valued), total(each.present_value for each in valued), errata)
