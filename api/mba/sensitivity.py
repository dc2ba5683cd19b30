"""`POST /v1/mba/projections/sensitivity`: which assumption of a projection matters most."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.mba.programme import ROLES, ProgrammeFields, premiums, programme, projection_basis, tariff
from api.requests import Example, Share
from pricing.mba.enrolment import Programme
from pricing.mba.projection import Projection
from pricing.mba.sensitivity import Effect, Sensitivity, projection_sensitivity
from pricing.rounding import CENTS, EXACT

Measure = Literal["fund_end", "total_subsidy"]
Assumption = Literal[
    "members",
    "premium",
    "natural_death_claims",
    "accident_claims",
    "hospitalization_claims",
    "mortality_rate",
    "withdrawal_rate",
    "interest_rate",
    "operating_expenses",
    "inflation_rate",
    "exchange_rate",
]


class SensitivityRequest(ProgrammeFields):
    """What is projected, and by how much each assumption is changed."""

    examples: ClassVar[Mapping[str, Example]] = {
        "fund": Example(
            "The published projection, each assumption a tenth lower and higher",
            {
                "share": "0.1",
                "as_of": "2026-12-01",
            },
        ),
        "subsidy": Example(
            "What the subsidies of three years depend on",
            {
                "members": [5000, 12000, 30000],
                "share": "0.05",
                "measure": "total_subsidy",
                "as_of": "2026-12-01",
            },
        ),
    }

    share: Share = Field(description="Fraction of each assumption by which it is lowered, and raised.")
    measure: Measure = Field(
        default="fund_end",
        description=(
            "By what the effects are ordered. `fund_end`: the fund at the end of the last year. `total_subsidy`: "
            "the subsidies of all years."
        ),
    )


class OutcomeAnswer(Part):
    """Where a projection leads to."""

    fund_end: DecimalText = Field(description="The fund at the end of the last year, USD.")
    total_subsidy: DecimalText = Field(description="Subsidies of all years, USD.")
    break_even_year: int | None = Field(
        description="Number of the first year whose premiums carry its operating expenses; null: none does."
    )


class ChangedAnswer(OutcomeAnswer):
    """The same with one assumption changed."""

    factor: DecimalText = Field(description="What the assumption is multiplied by, a multiple.")
    fund_end_change: DecimalText = Field(description="How `fund_end` differs from the unchanged projection's, USD.")
    total_subsidy_change: DecimalText = Field(
        description="How `total_subsidy` differs from the unchanged projection's, USD."
    )


class EffectAnswer(Part):
    """The effect of one assumption, changed alone."""

    assumption: Assumption = Field(
        description=(
            "What is changed, in all years. `premium`: with its parts for expenses, commission and equity value. "
            "Claims: as expected at unchanged premiums. `mortality_rate`: in who stays a member."
        )
    )
    lower: ChangedAnswer = Field(description="With less of it.")
    higher: ChangedAnswer = Field(description="With more of it.")


class SensitivityAnswer(Part):
    """A projection, and the effects of its assumptions, the largest first."""

    currency: str = Field(description="Currency of every amount, ISO 4217: USD.")
    unchanged: OutcomeAnswer = Field(description="Without any change.")
    effects: list[EffectAnswer] = Field(description="The assumptions, by their effect on what is measured.")


class _Question(NamedTuple):
    programme: Programme
    share: Decimal
    measure: Measure


def _sensitivity(question: _Question, basis: Basis) -> Answered[tuple[Decimal, Sensitivity]]:
    found = projection_sensitivity(*question, tariff(basis), projection_basis(basis), premiums(basis))
    return Answered((question.share, found), found.unchanged.errata)


def _outcome(projection: Projection) -> dict[str, Any]:
    return {
        "fund_end": CENTS.text(projection.fund_end),
        "total_subsidy": CENTS.text(projection.total_subsidy),
        "break_even_year": projection.break_even_year,
    }


def _changed(projection: Projection, unchanged: Projection, factor: Decimal) -> dict[str, Any]:
    return _outcome(projection) | {
        "factor": EXACT.text(factor),
        "fund_end_change": CENTS.text(projection.fund_end - unchanged.fund_end),
        "total_subsidy_change": CENTS.text(projection.total_subsidy - unchanged.total_subsidy),
    }


def _fields(result: tuple[Decimal, Sensitivity], basis: Basis) -> dict[str, Any]:
    share, found = result

    def effect(each: Effect) -> dict[str, Any]:
        return {
            "assumption": each.assumption,
            "lower": _changed(each.lower, found.unchanged, 1 - share),
            "higher": _changed(each.higher, found.unchanged, 1 + share),
        }

    return {
        "currency": projection_basis(basis).currency,
        "unchanged": _outcome(found.unchanged),
        "effects": [effect(each) for each in found.effects],
    }


SENSITIVITY = Calculator(
    method="POST",
    path="/v1/mba/projections/sensitivity",
    operation_id="createMbaProjectionSensitivity",
    summary="What a projection depends on",
    description=(
        "The projection again with one assumption after the other lowered and raised by the same share, and what that "
        "does to the final fund and to the subsidies, the largest effect first."
    ),
    tag="mba",
    request=SensitivityRequest,
    answer=SensitivityAnswer,
    roles=ROLES,
    question=lambda request, basis: _Question(programme(request, basis), request.share, request.measure),
    formula=_sensitivity,
    fields=_fields,
    weight="heavy",
)
