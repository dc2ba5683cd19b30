"""What a projection needs to know beside the tariff: enrolment, expense budget, interest, withdrawals."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Federation:
    """A federation of trade unions: its affiliated unions, and the persons in them."""

    affiliates: int
    members: int


@dataclass(frozen=True)
class Enrolment:
    """How the membership grows (suan-2009 Table 10).

    Attributes:
        take_up_rate: fraction of each federation that enrols in the first year.
        growth_rates: growth over the year before, by year from the second on, without a gap.
        federations: the federations by name.
    """

    take_up_rate: Decimal
    growth_rates: Mapping[int, Decimal]
    federations: Mapping[str, Federation]


@dataclass(frozen=True)
class Position:
    """A post in the MBA's office; the salary is for a month, without benefits."""

    basic_monthly_salary: Decimal
    number: int


@dataclass(frozen=True)
class Personnel:
    """The staff (suan-2009 Appendix D, Schedule 1).

    Attributes:
        benefits_rate: benefits as a fraction of the basic salary.
        paid_months: months of pay in a year.
        bonus_months: basic salaries paid on top of them, without benefits: the 13th month.
        positions: the posts by name.
    """

    benefits_rate: Decimal
    paid_months: int
    bonus_months: int
    positions: Mapping[str, Position]


@dataclass(frozen=True)
class EquipmentItem:
    """Something bought at the start: how many, and what they cost together."""

    units: int
    cost: Decimal


@dataclass(frozen=True)
class Equipment:
    """Equipment and furnishing (suan-2009 Appendix D, Schedule 2), written off evenly over its useful years."""

    useful_years: int
    items: Mapping[str, EquipmentItem]


@dataclass(frozen=True)
class ExpenseBudget:
    """The operating expenses of the first year (suan-2009 Appendix D), in the projection's currency.

    Attributes:
        inflation_rate: yearly growth of everything but software and depreciation.
        software: paid in the first year alone.
        evaluation: monitoring and evaluation.
        personnel, equipment: the two schedules.
        general_costs, contracts, training: amounts by item.
    """

    inflation_rate: Decimal
    software: Decimal
    evaluation: Decimal
    personnel: Personnel
    general_costs: Mapping[str, Decimal]
    equipment: Equipment
    contracts: Mapping[str, Decimal]
    training: Mapping[str, Decimal]


@dataclass(frozen=True)
class ProjectionBasis:
    """The basis of Tables 10-12.

    Attributes:
        package, plan_type: the plan that the programme is projected for where a request names none.
        currency: ISO 4217 code of the projection's amounts.
        exchange_rate: amount of the tariff's currency for one of the projection's.
        interest_rate: effective annual rate that the fund earns and equity values grow with.
        withdrawal_rate: fraction of the members that leaves in a year.
        initial_fund: the fund before the first year.
        enrolment, expenses: who joins, and what running the programme costs.
    """

    package: str
    plan_type: str
    currency: str
    exchange_rate: Decimal
    interest_rate: Decimal
    withdrawal_rate: Decimal
    initial_fund: Decimal
    enrolment: Enrolment
    expenses: ExpenseBudget
