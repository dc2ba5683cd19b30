"""`POST /v1/mba/equity-values`: what a member gets back on leaving."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import Field

from api.amounts import whole_riel
from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.mba.quotes import AdditionalPersons
from api.mba.tariff import ROLES, mba_assumptions, premium_of
from api.mba.vocabulary import Package, PlanType
from api.requests import Example, OwnFields
from pricing.mba.equity_values import EquityEntitlement, equity_entitlement
from pricing.mba.plans import Plan, insured_persons
from tables.numbers import Age

Years = Age
"""Completed years; nobody pays for longer than a life."""


class EquityValueRequest(OwnFields):
    """A package, a plan, and for how long it was paid."""

    examples: ClassVar[Mapping[str, Example]] = {
        "single": Example(
            "A single member after four years",
            {"package": "F", "years_completed": 4, "as_of": "2026-12-01"},
        ),
        "too_early": Example(
            "A family after two years",
            {"package": "C", "plan_type": "couple_with_children", "years_completed": 2, "as_of": "2026-12-01"},
        ),
    }

    package: Package = Field(description="The package.")
    years_completed: Years = Field(
        description="Number of completed consecutive years of membership, paid regularly and continuously."
    )
    plan_type: PlanType = Field(default="single", description="The household form that was paid for.")
    additional_persons: AdditionalPersons = Field(
        default_factory=AdditionalPersons, description="Persons who were insured with the plan type."
    )


class EquityValueYear(Part):
    """The value after a year."""

    year: int = Field(description="Number of completed years.")
    value: DecimalText = Field(
        description="What the premiums have grown to, KHR, whole riel; paid out only from the years of eligibility on."
    )
    value_exact: DecimalText = Field(description="The same before it is rounded, KHR.")
    eligible: bool = Field(description="Whether it is paid on voluntary withdrawal after so many years.")


class EquityValueAnswer(Part):
    """The equity value on voluntary withdrawal, and how it has grown year by year."""

    package: Package = Field(description="The package.")
    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    eligible: bool = Field(description="Whether enough consecutive years are completed.")
    equity_value: DecimalText = Field(
        description="Paid on voluntary withdrawal now, KHR, whole riel; 0 where not eligible."
    )
    equity_value_exact: DecimalText = Field(description="The same before it is rounded, KHR.")
    schedule: list[EquityValueYear] = Field(description="Year by year, from the first to the last completed one.")


@dataclass(frozen=True)
class _Equity:
    package: str
    entitlement: EquityEntitlement


def _equity(request: EquityValueRequest, basis: Basis) -> Answered[_Equity]:
    assumptions, additional = mba_assumptions(basis), request.additional_persons
    persons = insured_persons(Plan(request.plan_type, additional.aged_15_65, additional.aged_66_75), assumptions)
    entitlement = equity_entitlement(request.package, persons, request.years_completed, assumptions, premium_of(basis))
    return Answered(_Equity(request.package, entitlement))


def _fields(equity: _Equity, basis: Basis) -> dict[str, Any]:
    entitlement = equity.entitlement
    return {
        "package": equity.package,
        "currency": mba_assumptions(basis).packages.currency,
        "eligible": entitlement.eligible,
        **whole_riel("equity_value", entitlement.equity_value),
        "schedule": [
            {"year": year, **whole_riel("value", value), "eligible": year >= entitlement.minimum_years}
            for year, value in entitlement.schedule.items()
        ],
    }


EQUITY_VALUES = Calculator(
    method="POST",
    path="/v1/mba/equity-values",
    operation_id="createMbaEquityValue",
    summary="Value an equity refund",
    description=(
        "Membership equity value (MEV): on voluntary withdrawal after at least 3 consecutive years of regular payment, "
        "35% of the natural-death premiums paid, with interest (suan-2009, Table 2 and Appendix C). It is of the whole "
        "plan that the member pays for; without a `plan_type`, of the member alone."
    ),
    tag="mba",
    request=EquityValueRequest,
    answer=EquityValueAnswer,
    roles=ROLES,
    question=lambda request, _basis: request,
    formula=_equity,
    fields=_fields,
)
