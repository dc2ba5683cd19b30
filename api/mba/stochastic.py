"""`POST /v1/mba/projections/stochastic`: how far chance may carry the programme's fund."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

from pydantic import BeforeValidator, Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.mba.programme import (
    REINSURED_ROLES,
    ReinsuredFields,
    programme,
    projected,
    projection_basis,
    tariff,
    treaty,
)
from api.requests import Example
from pricing.mba.enrolment import Programme
from pricing.mba.projection import ProjectedYear, Projection
from pricing.mba.risks import insured_risks
from pricing.rounding import CENTS, EXACT
from pricing.trace import unrecorded
from tables.numbers import parse_whole

if TYPE_CHECKING:
    from pricing.mba.stochastic import SimulatedYear

MIN_PATHS = 100
MAX_PATHS = 10_000
DEFAULT_PATHS = 1_000
MAX_SEED = 4_294_967_295
PERCENTS = (1, 5, 25, 50, 75, 95, 99)

MEASURES = ("fund_end", "equity_reserve", "contingency_reserve")


class StochasticRequest(ReinsuredFields):
    """What is projected, and how it is drawn."""

    examples: ClassVar[Mapping[str, Example]] = {
        "published": Example("The published projection, drawn a thousand times", {"as_of": "2026-12-01"}),
        "earlier_treaty": Example(
            "A small programme, under the treaty of 2002 to 2005",
            {
                "members": [400, 450],
                "paths": 500,
                "seed": 7,
                "tables": {"reinsurance": "mba-reinsurance@1"},
                "as_of": "2026-12-01",
            },
        ),
        "agreed_limit": Example(
            "With a lower limit on what the reinsurer pays in a year",
            {"members": [400, 450], "paths": 500, "annual_limit": "37500", "as_of": "2026-12-01"},
        ),
    }

    paths: Annotated[int, Field(ge=MIN_PATHS, le=MAX_PATHS), BeforeValidator(parse_whole)] = Field(
        default=DEFAULT_PATHS, description="Number of times that all years are drawn."
    )
    seed: Annotated[int, Field(ge=0, le=MAX_SEED), BeforeValidator(parse_whole)] = Field(
        default=0, description="Number that the draws begin with: the same seed gives the same answer."
    )


class MeasuresAnswer(Part):
    """The fund and its reserves at the end of a year."""

    fund_end: DecimalText = Field(description="The fund, USD.")
    equity_reserve: DecimalText = Field(description="Equity values of all members, USD.")
    contingency_reserve: DecimalText = Field(description="What is left after equity reserve and surplus, USD.")


class PercentileAnswer(MeasuresAnswer):
    """Amounts that so many of a hundred paths do not exceed, each measure by itself."""

    percent: int = Field(description="Number of paths of a hundred.")


class DrawnYearAnswer(Part):
    """One year, over all paths."""

    year: int = Field(description="Number of the year, from 1.")
    members: int = Field(description="Number of members in the year, the same on every path.")
    mean: MeasuresAnswer = Field(description="Average over the paths.")
    standard_error: MeasuresAnswer = Field(description="By how much that average itself is uncertain.")
    percentiles: list[PercentileAnswer] = Field(description="Percentiles over the paths, the lowest first.")
    ruin_probability: DecimalText = Field(
        description="Fraction of the paths whose fund was below zero in the middle or at the end of a year so far."
    )
    shortfall_probability: DecimalText = Field(
        description="Fraction of the paths whose fund does not cover the equity reserve at the end of the year."
    )


class DrawnAnswer(Part):
    """All years, over all paths."""

    years: list[DrawnYearAnswer] = Field(description="The years, in order.")
    ruin_probability: DecimalText = Field(description="Fraction of the paths whose fund was ever below zero.")


class ExpectedYearAnswer(MeasuresAnswer):
    """One year of the exact projection, which the averages estimate without reinsurance."""

    year: int = Field(description="Number of the year, from 1.")


class StochasticAnswer(Part):
    """The fund and its reserves as chance has them, beside the exact projection."""

    currency: str = Field(description="Currency of every amount, ISO 4217: USD.")
    seed: int = Field(description="Number that the draws began with.")
    paths: int = Field(description="Number of times that all years were drawn.")
    expected: list[ExpectedYearAnswer] = Field(description="The exact projection.")
    without_reinsurance: DrawnAnswer = Field(description="What was drawn.")
    with_reinsurance: DrawnAnswer = Field(description="The same draws under the reinsurance treaty.")


class _Question(NamedTuple):
    programme: Programme
    seed: int
    paths: int
    annual_limit: Decimal | None


class _Simulated(NamedTuple):
    question: _Question
    projection: Projection
    alone: "list[SimulatedYear]"
    reinsured: "list[SimulatedYear]"


def _question(request: StochasticRequest, basis: Basis) -> _Question:
    return _Question(programme(request, basis), request.seed, request.paths, request.annual_limit)


def _simulation(question: _Question, basis: Basis) -> Answered[_Simulated]:
    # Only a worker draws: the serving process need not hold numpy.
    from pricing.mba.stochastic import simulate  # noqa: PLC0415

    projection = projected(question.programme, basis)
    with unrecorded():  # an explanation is that of the exact projection
        risks = insured_risks(question.programme, tariff(basis), projection_basis(basis).exchange_rate)
        alone, reinsured = simulate(
            projection, risks, question.seed, question.paths, treaty(basis), question.annual_limit
        )
    return Answered(_Simulated(question, projection, alone, reinsured), projection.errata)


def _measures(value: Any) -> dict[str, str]:
    return {name: CENTS.text(Decimal(float(value(name)))) for name in MEASURES}


def _share(of_paths: Any) -> str:
    return EXACT.text(Decimal(int(of_paths.sum())) / len(of_paths))


def _drawn_year(drawn: "SimulatedYear", exact: ProjectedYear) -> dict[str, Any]:
    from pricing.mba.stochastic import percentile, standard_error  # noqa: PLC0415

    amounts = {name: getattr(drawn, name) for name in MEASURES}
    return {
        "year": drawn.year,
        "members": int(exact.members),
        "mean": _measures(lambda name: amounts[name].mean()),
        "standard_error": _measures(lambda name: standard_error(amounts[name])),
        "percentiles": [
            {"percent": percent, **_measures(lambda name, percent=percent: percentile(amounts[name], percent))}
            for percent in PERCENTS
        ],
        "ruin_probability": _share(drawn.ruined),
        "shortfall_probability": _share(drawn.fund_end < drawn.equity_reserve),
    }


def _drawn(years: "Sequence[SimulatedYear]", projection: Projection) -> dict[str, Any]:
    return {
        "years": [_drawn_year(drawn, exact) for drawn, exact in zip(years, projection.years, strict=True)],
        "ruin_probability": _share(years[-1].ruined),
    }


def _expected(year: ProjectedYear) -> dict[str, Any]:
    return {"year": year.year, **{name: CENTS.text(getattr(year, name)) for name in MEASURES}}


def _fields(simulated: _Simulated, basis: Basis) -> dict[str, Any]:
    question, projection, reinsured = simulated.question, simulated.projection, simulated.reinsured
    return {
        "currency": projection_basis(basis).currency,
        "seed": question.seed,
        "paths": question.paths,
        "expected": [_expected(year) for year in projection.years],
        "without_reinsurance": _drawn(simulated.alone, projection),
        "with_reinsurance": _drawn(reinsured, projection),
    }


STOCHASTIC = Calculator(
    method="POST",
    path="/v1/mba/projections/stochastic",
    operation_id="createMbaStochasticProjection",
    summary="Draw a projection at random",
    description=(
        "The projection drawn many times: deaths, accidents, hospital stays and withdrawals are random, members, "
        "premiums and expenses are not. Averages, percentiles and the probability of ruin by year, without and with "
        "reinsurance (suan-2009, Table 13). The same `seed` gives the same answer."
    ),
    tag="mba",
    request=StochasticRequest,
    answer=StochasticAnswer,
    roles=REINSURED_ROLES,
    question=_question,
    formula=_simulation,
    fields=_fields,
    weight="heavy",
)
