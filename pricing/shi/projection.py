"""A scheme year by year: what it costs, what contributions bring, and the level rate that keeps a reserve.

The first year is that of the tables. From each to the next, members, wages, unit costs, utilisation, cases and
collection grow by a rate each. Contributions and expenditure of a year fall at its end; the reserve earns interest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE, ZERO, total
from pricing.errors import DomainError
from pricing.rounding import EXACT, plain, without_guard_digits
from pricing.shi.cost_ratio import Costed, Scheme, ShiTables, costed
from pricing.shi.financing import proposed_contribution_rate
from pricing.shi.scenarios import MEDICAL
from pricing.trace import formula

MONTHS_PER_YEAR = Decimal(12)


@dataclass(frozen=True)
class YearlyChanges:
    """By which fraction each changes from a year to the next.

    Attributes:
        members: insured persons; dependants with them.
        wages: earnings of one of them, and cash benefits with them.
        unit_cost: what a service costs.
        utilisation: services of one person.
        incidence: cases of cash benefits of one insured person.
        collection: the fraction of the contributions due that is collected.
    """

    members: Decimal
    wages: Decimal
    unit_cost: Decimal
    utilisation: Decimal
    incidence: Decimal
    collection: Decimal


@dataclass(frozen=True)
class ReservePlan:
    """What is to be kept.

    Attributes:
        initial: the reserve at the beginning, million KHR.
        interest_rate: that it earns in a year.
        months: of a year's expenditure that it is to be at least.
        every_year: whether at the end of each year, or of the last one; in the others it is then at least nothing.
    """

    initial: Decimal
    interest_rate: Decimal
    months: int
    every_year: bool


@dataclass(frozen=True)
class ProjectedCosts:
    """What a year costs; million KHR.

    Attributes:
        year: counted from 1.
        members: insured persons.
        insured_earnings: theirs.
        collection_rate: fraction of the contributions due that is collected.
        expenditure: with administration.
        payg_cost_ratio: the contribution rate that just pays for it.
        contribution_base: what a contribution rate is in fact paid on.
        required_reserve: what is to be left at the end of the year.
    """

    year: int
    members: Decimal
    insured_earnings: Decimal
    collection_rate: Decimal
    expenditure: Decimal
    payg_cost_ratio: Decimal
    contribution_base: Decimal
    required_reserve: Decimal


@dataclass(frozen=True)
class FinancedYear:
    """A year with a contribution rate; million KHR. `reserve` is at its end, `shortfall` what it lacks."""

    costs: ProjectedCosts
    contributions: Decimal
    interest: Decimal
    reserve: Decimal
    shortfall: Decimal


@dataclass(frozen=True)
class CostProjection:
    """A scheme year by year, unrounded.

    Attributes:
        years: with the contribution rate.
        contribution_rate: that given, or else the level rate.
        level_contribution_rate: the lowest with which the reserve is never below what is required.
        deciding_year: for which it has to be that high; None: it need not be above 0.
        proposed_contribution_rate: the level rate up to the next tenth of a per cent.
        errata: codes of the published mistakes whose cells were used.
    """

    years: tuple[FinancedYear, ...]
    contribution_rate: Decimal
    level_contribution_rate: Decimal
    deciding_year: int | None
    proposed_contribution_rate: Decimal
    errata: tuple[str, ...]


def calendar_year(first_year: int, year: int) -> int:
    """The year of the calendar of a year of the projection. Args: the first one's, the number of the year, from 1."""
    return first_year + year - 1


@dataclass(frozen=True)
class LevelRate:
    """The level rate, and the year that decides it."""

    rate: Decimal
    deciding_year: int | None


@dataclass(eq=False)
class CollectionAboveAll(DomainError):
    """More would be collected than is due."""

    year: int
    collection_rate: Decimal

    def __str__(self) -> str:
        of_all = plain(EXACT.round(self.collection_rate))
        return f"In year {self.year} more contributions would be collected than are due: {of_all} times as many."


@formula("x_y", source="giz-2012 §4.3.5", unit="as what grows")
def grown(value: Decimal, change: Decimal, year: int) -> Decimal:
    """What something is in a later year.

    Formula: x_y = x_1 · (1 + g)^(y-1)
    Args:
        value: x_1, in the first year.
        change: g, from a year to the next, a fraction.
        year: y, counted from 1.
    Returns: the value in the year, unrounded.
    """
    return value * (ONE + change) ** (year - 1)


@formula("K_y", source="giz-2012 §4.3.5", unit="million KHR")
def required_reserve(expenditure: Decimal, months: int) -> Decimal:
    """A reserve of so many months' expenditure.

    Formula: K_y = E_y · m / 12
    Args:
        expenditure: E_y, of the year, million KHR.
        months: m, how many of its months.
    Returns: million KHR, unrounded.
    """
    return expenditure * months / MONTHS_PER_YEAR


@formula("R_y", source="giz-2012 §4.3.5", unit="million KHR")
def reserve_at_end(reserve: Decimal, interest_rate: Decimal, contributions: Decimal, expenditure: Decimal) -> Decimal:
    """What a year leaves of the reserve.

    Formula: R_y = R_(y-1) · (1 + i) + C_y - E_y
    Args:
        reserve: R_(y-1), at the end of the year before, million KHR.
        interest_rate: i, of a year; a debt costs as much.
        contributions: C_y, of the year, million KHR.
        expenditure: E_y, of the year, million KHR.
    Returns: million KHR, unrounded; below 0 it is a debt.
    """
    return reserve * (ONE + interest_rate) + contributions - expenditure


@formula("c", source="giz-2012 §4.3.5", unit="fraction of insured earnings", shows="rate")
def level_contribution_rate(
    years: Iterable[ProjectedCosts], initial_reserve: Decimal, interest_rate: Decimal
) -> LevelRate:
    """The lowest contribution rate, the same in all years, with which the reserve is always what it has to be.

    Formula: c = max(0, max_y (K_y + Σ_(s≤y) E_s · (1+i)^(y-s) - R_0 · (1+i)^y) / Σ_(s≤y) B_s · (1+i)^(y-s))
    Args:
        years: E, expenditure; B, what contributions are paid on; K, the reserve required at the end of each.
        initial_reserve: R_0, at the beginning, million KHR.
        interest_rate: i, of a year.
    Returns: a fraction, unrounded.
    """
    level = LevelRate(ZERO, None)
    without, paid_on = initial_reserve, ZERO
    for each in years:
        without = reserve_at_end(without, interest_rate, ZERO, each.expenditure)
        paid_on = paid_on * (ONE + interest_rate) + each.contribution_base
        rate = (each.required_reserve - without) / paid_on
        if without_guard_digits(rate) > without_guard_digits(level.rate):
            level = LevelRate(rate, each.year)
    return level


@formula("c", source="giz-2012 §4.3.5", unit="fraction of insured earnings", shows="level_contribution_rate")
def cost_projection(
    scheme: Scheme,
    years: int,
    changes: YearlyChanges,
    plan: ReservePlan,
    contribution_rate: Decimal | None,
    tables: ShiTables,
) -> CostProjection:
    """A scheme year by year, with a contribution rate given, or else the level rate that keeps the reserve.

    Formula: PAYG_y = Σ E_y / B_y; R_y = R_(y-1) · (1 + i) + c · B_y - E_y
    Args:
        scheme: which benefits.
        years: how many.
        changes: from each to the next.
        plan: the reserve.
        contribution_rate: of all years, a fraction; None: the level rate.
        tables: what the first year rests on.
    Returns: the years, unrounded but for the proposed rate.
    Raises: CollectionAboveAll, AmountTooLarge.
    """
    first = costed(scheme, tables)
    costs = tuple(_costs(first, changes, plan, year, years) for year in range(1, years + 1))
    level = level_contribution_rate(costs, plan.initial, plan.interest_rate)
    rate = level.rate if contribution_rate is None else contribution_rate
    return CostProjection(
        years=_financed(costs, rate, plan),
        contribution_rate=rate,
        level_contribution_rate=level.rate,
        deciding_year=level.deciding_year,
        proposed_contribution_rate=proposed_contribution_rate(level.rate),
        errata=first.errata,
    )


def _costs(first: Costed, changes: YearlyChanges, plan: ReservePlan, year: int, last: int) -> ProjectedCosts:
    collected = grown(first.collection_rate, changes.collection, year)
    if collected > ONE:
        raise CollectionAboveAll(year, collected)
    members = grown(ONE, changes.members, year)
    wages = grown(ONE, changes.wages, year)
    care = grown(ONE, changes.unit_cost, year) * grown(ONE, changes.utilisation, year)
    cases = grown(ONE, changes.incidence, year)
    collection = grown(ONE, changes.collection, year)

    def base(paid_on: Decimal) -> Decimal:
        return paid_on * members * wages * collection

    spent = [each.expenditure * members * (care if each.benefit == MEDICAL else wages * cases) for each in first.parts]
    ratio = total(cost / base(each.contribution_base) for cost, each in zip(spent, first.parts, strict=True))
    expenditure = total(spent)
    is_asked = plan.every_year or year == last
    return ProjectedCosts(
        year=year,
        members=first.members * members,
        insured_earnings=first.insured_earnings * members * wages,
        collection_rate=collected,
        expenditure=expenditure,
        payg_cost_ratio=ratio,
        # A rate is divided among the benefits as their cost ratios are.
        contribution_base=expenditure / ratio if ratio else base(first.contribution_base),
        required_reserve=required_reserve(expenditure, plan.months) if is_asked else ZERO,
    )


def _financed(costs: Iterable[ProjectedCosts], rate: Decimal, plan: ReservePlan) -> tuple[FinancedYear, ...]:
    years = []
    reserve = plan.initial
    for each in costs:
        contributions, interest = rate * each.contribution_base, reserve * plan.interest_rate
        reserve = reserve_at_end(reserve, plan.interest_rate, contributions, each.expenditure)
        years.append(FinancedYear(each, contributions, interest, reserve, max(ZERO, each.required_reserve - reserve)))
    return tuple(years)
