"""What the programme plans to spend in its first year, item by item in both currencies (suan-2009 Appendix D)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

from pricing.arithmetic import total
from pricing.mba.expenses import annual_pay, equipment_cost, expenses_of_year, monthly_pay, personnel_cost
from pricing.mba.projection_basis import Enrolment, ExpenseBudget, Personnel, Position
from pricing.trace import formula

FIRST_YEAR = 1


@dataclass(frozen=True)
class Amount:
    """An amount in the budget's currency and in the tariff's."""

    amount: Decimal
    amount_khr: Decimal


@dataclass(frozen=True)
class BudgetItem:
    """An item of the budget, and what it is made of, by name; empty where that is stated nowhere."""

    amount: Amount
    of_which: Mapping[str, Amount]


@dataclass(frozen=True)
class StaffPosition:
    """A post (Schedule 1), in the budget's currency.

    Attributes:
        basic_monthly_salary, monthly_benefits, monthly_pay: a month of one holder.
        annual_basic_pay, bonus, annual_pay: a year of one holder: the months, the 13th month, both.
        number, total_annual_cost: how many hold the post, and what they cost together.
    """

    basic_monthly_salary: Decimal
    monthly_benefits: Decimal
    monthly_pay: Decimal
    annual_basic_pay: Decimal
    bonus: Decimal
    annual_pay: Decimal
    number: int
    total_annual_cost: Decimal


@dataclass(frozen=True)
class EquipmentCost:
    """Something bought at the start (Schedule 2)."""

    units: int
    cost: Amount


@dataclass(frozen=True)
class Budget:
    """The plan of the first year, unrounded.

    Attributes:
        staff: the posts by name.
        number, personnel: how many work there, and what they cost together in a year.
        equipment: what is bought, the software among it, by name; equipment_total: what all of it costs.
        expenses: the items by name; total: their sum.
        affiliates, members: unions and persons in all federations together.
    """

    staff: Mapping[str, StaffPosition]
    number: int
    personnel: Decimal
    equipment: Mapping[str, EquipmentCost]
    equipment_total: Amount
    expenses: Mapping[str, BudgetItem]
    total: Amount
    affiliates: int
    members: int

    @property
    def total_amount(self) -> Decimal:
        """All expenses, in the budget's currency."""
        return self.total.amount


@formula("X · e", source="suan-2009 Appendix D", unit="KHR")
def in_tariff_currency(amount: Decimal, exchange_rate: Decimal) -> Decimal:
    """An amount of the budget in the tariff's currency.

    Formula: X · e
    Args:
        amount: X, in the budget's currency.
        exchange_rate: e, riel for one unit of it.
    Returns: KHR, unrounded.
    """
    return amount * exchange_rate


@formula("X_1", source="suan-2009 Appendix D", unit="currency a year", shows="total_amount")
def first_year_budget(expenses: ExpenseBudget, enrolment: Enrolment, exchange_rate: Decimal) -> Budget:
    """The operating expenses of the first year with both schedules; their sum is shown.

    Formula: personnel + general costs + software + depreciation + contracts + training + evaluation
    Args:
        expenses: the budget.
        enrolment: the federations.
        exchange_rate: riel for one unit of the budget's currency.
    Returns: every item, unrounded.
    """

    def both(amount: Decimal) -> Amount:
        return Amount(amount, in_tariff_currency(amount, exchange_rate))

    of_year = asdict(expenses_of_year(expenses, FIRST_YEAR))
    bought = {name: (item.units, item.cost) for name, item in expenses.equipment.items.items()}
    bought["software"] = (1, expenses.software)
    parts = {name: getattr(expenses, name) for name in ("general_costs", "contracts", "training")}
    federations = enrolment.federations.values()
    return Budget(
        staff={name: _position(post, expenses.personnel) for name, post in expenses.personnel.positions.items()},
        number=sum(post.number for post in expenses.personnel.positions.values()),
        personnel=personnel_cost(expenses.personnel),
        equipment={name: EquipmentCost(units, both(cost)) for name, (units, cost) in bought.items()},
        equipment_total=both(equipment_cost(expenses.equipment) + expenses.software),
        expenses={
            name: BudgetItem(both(amount), {item: both(part) for item, part in parts.get(name, {}).items()})
            for name, amount in of_year.items()
        },
        total=both(total(of_year.values())),
        affiliates=sum(each.affiliates for each in federations),
        members=sum(each.members for each in federations),
    )


def _position(post: Position, personnel: Personnel) -> StaffPosition:
    salary, rate = post.basic_monthly_salary, personnel.benefits_rate
    months, bonus_months = personnel.paid_months, personnel.bonus_months
    monthly = monthly_pay(salary, rate)
    return StaffPosition(
        basic_monthly_salary=salary,
        monthly_benefits=monthly - salary,
        monthly_pay=monthly,
        annual_basic_pay=annual_pay(salary, rate, months, 0, 1),
        bonus=bonus_months * salary,
        annual_pay=annual_pay(salary, rate, months, bonus_months, 1),
        number=post.number,
        total_annual_cost=annual_pay(salary, rate, months, bonus_months, post.number),
    )
