"""`POST /v1/monitoring/claims-development`: claims incurred but not reported, by chain ladder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, Multiple, OwnFields, SignedAmount
from pricing.arithmetic import ONE
from pricing.monitoring.development import Development, accumulated, chain_ladder, is_regular
from pricing.rounding import EXACT

MAX_PERIODS = 60

Row = Annotated[list[SignedAmount], Field(min_length=1, max_length=MAX_PERIODS)]


class ClaimsDevelopmentRequest(OwnFields):
    """A claims triangle."""

    examples: ClassVar[Mapping[str, Example]] = {
        "cumulative": Example(
            "Three years, cumulative",
            {"triangle": [["100", "150", "165"], ["110", "176"], ["120"]], "as_of": "2026-12-01"},
        ),
        "incremental": Example(
            "The same, each period's claims alone",
            {"triangle": [["100", "50", "15"], ["110", "66"], ["120"]], "incremental": True, "as_of": "2026-12-01"},
        ),
        "nothing": Example(
            "Refused: nothing to develop from", {"triangle": [["0", "150"], ["110"]], "as_of": "2026-12-01"}
        ),
    }

    triangle: Annotated[list[Row], Field(min_length=1, max_length=MAX_PERIODS)] = Field(
        description="By origin period, oldest first, the claims at the end of each development period that is over, "
        f"KHR or any one currency; at most {MAX_PERIODS} of each."
    )
    incremental: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="Whether each figure is its development period's alone, and not cumulative."
    )
    tail: Multiple = Field(
        default=ONE, description="What claims grow by after the last development period, a multiple. Default: 1."
    )


class OriginAnswer(Part):
    """An origin period."""

    origin: int = Field(description="Number of the origin period, from 1, the oldest.")
    latest: DecimalText = Field(description="Claims so far, KHR or the currency sent.")
    to_ultimate: DecimalText = Field(description="What they still grow by, a multiple.")
    ultimate: DecimalText = Field(description="Claims in the end, KHR or the currency sent.")
    reserve: DecimalText = Field(description="Claims still to come, KHR or the currency sent; below 0: taken back.")


class ClaimsDevelopmentAnswer(Part):
    """A triangle developed to its end."""

    development_factors: list[DecimalText] = Field(
        description="From each development period to the next, weighted by volume, a multiple."
    )
    to_ultimate_factors: list[DecimalText] = Field(
        description="From the end of each development period to the end of all, the tail too, a multiple."
    )
    origins: list[OriginAnswer] = Field(description="The origin periods, oldest first.")
    latest: DecimalText = Field(description="Claims so far, of all, KHR or the currency sent.")
    ultimate: DecimalText = Field(description="Claims in the end, of all, KHR or the currency sent.")
    reserve: DecimalText = Field(
        description="Claims still to come, of all, KHR or the currency sent: incurred but not reported, line 8 of the "
        "balance sheet, if the triangle is of claims reported."
    )
    regular: bool = Field(
        description="Whether each origin period has one development period fewer than the one before: else look twice."
    )


@dataclass(frozen=True)
class _Question:
    triangle: tuple[tuple[Decimal, ...], ...]
    tail: Decimal


@dataclass(frozen=True)
class _Developed:
    question: _Question
    result: Development


def _question(request: ClaimsDevelopmentRequest, _basis: Basis) -> _Question:
    triangle = tuple(map(tuple, request.triangle))
    return _Question(accumulated(triangle) if request.incremental else triangle, request.tail)


def _developed(question: _Question, _basis: Basis) -> Answered[_Developed]:
    return Answered(_Developed(question, chain_ladder(question.triangle, question.tail)))


def _origins(result: Development) -> list[dict[str, Any]]:
    return [
        {
            "origin": number,
            "latest": EXACT.text(each.latest),
            "to_ultimate": EXACT.text(each.factor),
            "ultimate": EXACT.text(each.ultimate),
            "reserve": EXACT.text(each.reserve),
        }
        for number, each in enumerate(result.origins, start=1)
    ]


def _fields(developed: _Developed, _basis: Basis) -> dict[str, Any]:
    result = developed.result
    return {
        "development_factors": [EXACT.text(factor) for factor in result.factors],
        "to_ultimate_factors": [EXACT.text(factor) for factor in result.to_ultimate],
        "origins": _origins(result),
        "latest": EXACT.text(result.latest),
        "ultimate": EXACT.text(result.ultimate),
        "reserve": EXACT.text(result.reserve),
        "regular": is_regular(developed.question.triangle),
    }


def _csv(developed: _Developed, _question: _Question) -> Sequence[Sequence[str]]:
    rows = _origins(developed.result)
    return [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]


CLAIMS_DEVELOPMENT = Calculator(
    method="POST",
    path="/v1/monitoring/claims-development",
    operation_id="createMonitoringClaimsDevelopment",
    summary="Claims incurred but not reported",
    description=(
        "Development factors of a claims triangle, weighted by volume, and by them the claims of each origin period in "
        "the end and still to come: chain ladder (mack-1993). Rests on no table. Also as CSV, with `Accept: text/csv`."
    ),
    tag="monitoring",
    request=ClaimsDevelopmentRequest,
    answer=ClaimsDevelopmentAnswer,
    roles=(),
    question=_question,
    formula=_developed,
    fields=_fields,
    csv=_csv,
)
