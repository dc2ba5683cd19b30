"""What running the programme costs, year by year (suan-2009 Appendices D and E)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE, ZERO, total
from pricing.mba.projection_basis import Equipment, ExpenseBudget, Personnel
from pricing.trace import formula


@dataclass(frozen=True)
class YearExpenses:
    """Operating expenses of one year by item, unrounded, in the projection's currency."""

    personnel: Decimal
    general_costs: Decimal
    software: Decimal
    depreciation: Decimal
    contracts: Decimal
    training: Decimal
    evaluation: Decimal


@formula("S_m", source="suan-2009 Appendix D", unit="currency a month")
def monthly_pay(basic_monthly_salary: Decimal, benefits_rate: Decimal) -> Decimal:
    """A post's pay with its benefits.

    Formula: S_m = S · (1 + b)
    Args:
        basic_monthly_salary: S, an amount a month.
        benefits_rate: b, benefits as a fraction of S.
    Returns: an amount a month, unrounded.
    """
    return basic_monthly_salary * (ONE + benefits_rate)


@formula("S_y", source="suan-2009 Appendix D", unit="currency a year")
def annual_pay(
    basic_monthly_salary: Decimal, benefits_rate: Decimal, paid_months: int, bonus_months: int, number: int
) -> Decimal:
    """What a post costs in a year: its months with benefits, and its 13th month without.

    Formula: S_y = number · (12 · S_m + 1 · S)
    Args:
        basic_monthly_salary: S, an amount a month.
        benefits_rate: b, benefits as a fraction of S.
        paid_months: months with benefits, 12 in the budget.
        bonus_months: months without, 1 in the budget.
        number: how many hold the post.
    Returns: an amount a year, unrounded.
    """
    months = paid_months * monthly_pay(basic_monthly_salary, benefits_rate)
    return number * (months + bonus_months * basic_monthly_salary)


@formula("D", source="suan-2009 Appendix D", unit="currency a year")
def depreciation(cost: Decimal, useful_years: int) -> Decimal:
    """What equipment costs in each year.

    Formula: D = cost / useful years
    Args:
        cost: of all equipment, an amount.
        useful_years: 5 in the budget.
    Returns: an amount a year, unrounded.
    """
    return cost / useful_years


@formula("X_y", source="suan-2009 §IV", unit="currency a year")
def inflated(amount: Decimal, inflation_rate: Decimal, year: int) -> Decimal:
    """An expense in a later year.

    Formula: X_y = X_1 · (1 + f)^(y-1)
    Args:
        amount: X_1, in the first year.
        inflation_rate: f, yearly growth as a fraction.
        year: y, counted from 1.
    Returns: an amount a year, unrounded.
    """
    return amount * (ONE + inflation_rate) ** (year - 1)


@formula("A4", source="suan-2009 Table 11", unit="currency a year")
def operating_expenses(
    personnel: Decimal,
    general_costs: Decimal,
    software: Decimal,
    depreciation: Decimal,
    contracts: Decimal,
    training: Decimal,
    evaluation: Decimal,
) -> Decimal:
    """All operating expenses of a year.

    Formula: A4 = personnel + general costs + software + depreciation + contracts + training + evaluation
    Args:
        personnel: salaries with benefits, an amount a year.
        general_costs: an amount a year.
        software: paid in the first year alone.
        depreciation: of the equipment, an amount a year.
        contracts: with third parties, an amount a year.
        training: and meetings, an amount a year.
        evaluation: and monitoring, an amount a year.
    Returns: an amount a year, unrounded.
    """
    return personnel + general_costs + software + depreciation + contracts + training + evaluation


def expenses_of_year(budget: ExpenseBudget, year: int) -> YearExpenses:
    """The budget in a year, counted from 1."""
    inflation = budget.inflation_rate
    return YearExpenses(
        personnel=inflated(personnel_cost(budget.personnel), inflation, year),
        general_costs=inflated(total(budget.general_costs.values()), inflation, year),
        software=budget.software if year == 1 else ZERO,
        depreciation=depreciation(equipment_cost(budget.equipment), budget.equipment.useful_years),
        contracts=inflated(total(budget.contracts.values()), inflation, year),
        training=inflated(total(budget.training.values()), inflation, year),
        evaluation=inflated(budget.evaluation, inflation, year),
    )


def personnel_cost(personnel: Personnel) -> Decimal:
    """What the staff costs in the first year."""
    rate, months, bonus = personnel.benefits_rate, personnel.paid_months, personnel.bonus_months
    return total(
        annual_pay(p.basic_monthly_salary, rate, months, bonus, p.number) for p in personnel.positions.values()
    )


def equipment_cost(equipment: Equipment) -> Decimal:
    """What the equipment costs at the start."""
    return total(item.cost for item in equipment.items.values())
