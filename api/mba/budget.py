"""`POST /v1/mba/budget`: what the programme plans to spend in its first year."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, ClassVar

from pydantic import Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, OwnFields
from pricing.mba.budget import Amount, Budget, BudgetItem, StaffPosition, first_year_budget
from pricing.mba.projection_basis import ProjectionBasis
from pricing.rounding import CENTS


class BudgetRequest(OwnFields):
    """The budget of the projection basis."""

    examples: ClassVar[Mapping[str, Example]] = {
        "published": Example("The published budget", {"as_of": "2026-12-01"}),
        "what_if": Example(
            "Higher benefits for the staff, and a weaker riel",
            {
                "as_of": "2026-12-01",
                "overrides": {
                    "projection_basis": {"exchange_rate": "4200", "expenses": {"personnel": {"benefits_rate": "0.15"}}}
                },
            },
        ),
    }


class AmountAnswer(Part):
    """An amount in both currencies."""

    amount: DecimalText = Field(description="USD, two decimals.")
    amount_khr: DecimalText = Field(description="The same in KHR, two decimals.")


class BudgetPartAnswer(AmountAnswer):
    """A part of an item."""

    item: str = Field(description="Name of the part.")


class BudgetItemAnswer(BudgetPartAnswer):
    """An item of the budget."""

    of_which: list[BudgetPartAnswer] = Field(description="What it is made of; empty where another part says so.")


class PositionAnswer(Part):
    """A post of the office."""

    position: str = Field(description="Name of the post.")
    basic_monthly_salary: DecimalText = Field(description="Salary of one holder, USD a month.")
    monthly_benefits: DecimalText = Field(description="Benefits of one holder, USD a month.")
    monthly_pay: DecimalText = Field(description="Both, USD a month.")
    annual_basic_pay: DecimalText = Field(description="The same for the months of a year, USD.")
    bonus: DecimalText = Field(description="13th month, USD a year.")
    annual_pay: DecimalText = Field(description="All that one holder is paid, USD a year.")
    number: int = Field(description="Number of holders.")
    total_annual_cost: DecimalText = Field(description="What all holders are paid, USD a year.")


class StaffAnswer(Part):
    """The office's staff."""

    positions: list[PositionAnswer] = Field(description="The posts.")
    number: int = Field(description="Number of persons.")
    total_annual_cost: DecimalText = Field(description="What all of them are paid, USD a year.")


class EquipmentAnswer(Part):
    """Something that is bought at the start."""

    item: str = Field(description="Name of what is bought.")
    units: int = Field(description="Number of pieces.")
    cost: DecimalText = Field(description="What they cost together, USD.")
    cost_khr: DecimalText = Field(description="The same in KHR.")


class FederationsAnswer(Part):
    """All federations together."""

    affiliates: int = Field(description="Number of affiliated unions.")
    members: int = Field(description="Number of persons in them.")


class BudgetAnswer(Part):
    """The first year's budget with its schedules."""

    currency: str = Field(description="Currency of every amount that names no other, ISO 4217: USD.")
    exchange_rate: DecimalText = Field(description="KHR for one USD.")
    expenses: list[BudgetItemAnswer] = Field(description="Operating expenses of the first year by item.")
    total_expenses: AmountAnswer = Field(description="All of them.")
    staff: StaffAnswer = Field(description="What the salaries are made of.")
    equipment: list[EquipmentAnswer] = Field(description="What is bought at the start, the software among it.")
    total_equipment: AmountAnswer = Field(description="What all of it costs.")
    total: FederationsAnswer = Field(description="The federations whose members the programme is for.")


def _projection_basis(basis: Basis) -> ProjectionBasis:
    found: ProjectionBasis = basis.assumptions["projection_basis"]
    return found


def _budget(_request: BudgetRequest, basis: Basis) -> Answered[Budget]:
    table = _projection_basis(basis)
    return Answered(first_year_budget(table.expenses, table.enrolment, table.exchange_rate))


def _amount(amount: Amount) -> dict[str, str]:
    return {name: CENTS.text(value) for name, value in asdict(amount).items()}


def _item(name: str, item: BudgetItem) -> dict[str, Any]:
    parts = [{"item": part, **_amount(amount)} for part, amount in item.of_which.items()]
    return {"item": name, **_amount(item.amount), "of_which": parts}


def _position(name: str, post: StaffPosition) -> dict[str, Any]:
    amounts = {field.name: getattr(post, field.name) for field in fields(post)}
    number = amounts.pop("number")
    return {"position": name, **{each: CENTS.text(value) for each, value in amounts.items()}, "number": number}


def _fields(budget: Budget, basis: Basis) -> dict[str, Any]:
    table = _projection_basis(basis)
    return {
        "currency": table.currency,
        "exchange_rate": CENTS.text(table.exchange_rate),
        "expenses": [_item(name, item) for name, item in budget.expenses.items()],
        "total_expenses": _amount(budget.total),
        "staff": {
            "positions": [_position(name, post) for name, post in budget.staff.items()],
            "number": budget.number,
            "total_annual_cost": CENTS.text(budget.personnel),
        },
        "equipment": [
            {
                "item": name,
                "units": each.units,
                "cost": CENTS.text(each.cost.amount),
                "cost_khr": CENTS.text(each.cost.amount_khr),
            }
            for name, each in budget.equipment.items()
        ],
        "total_equipment": _amount(budget.equipment_total),
        "total": {"affiliates": budget.affiliates, "members": budget.members},
    }


BUDGET = Calculator(
    method="POST",
    path="/v1/mba/budget",
    operation_id="createMbaBudget",
    summary="Show the first year's budget",
    description=(
        "Operating expenses of the programme's first year by item in both currencies, with the staff's pay and the "
        "equipment that is bought (suan-2009, Appendix D and its two schedules), and the federations together "
        "(Table 10). Later years are those of the projection."
    ),
    tag="mba",
    request=BudgetRequest,
    answer=BudgetAnswer,
    roles=("projection_basis",),
    question=lambda request, _basis: request,
    formula=_budget,
    fields=_fields,
)
