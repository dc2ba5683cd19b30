"""`POST /v1/shi/projections`: a scheme year by year, and the level contribution rate that keeps a reserve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import BeforeValidator, Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Amount, Example, Rate, Share, YearlyChange
from api.shi.schemes import ROLES, SchemeFields, scheme, tables
from pricing.arithmetic import ZERO
from pricing.rounding import EXACT, MILLION_KHR, PROPOSED_RATE
from pricing.shi.cost_ratio import PublicScheme, Scheme
from pricing.shi.projection import (
    CostProjection,
    FinancedYear,
    ReservePlan,
    YearlyChanges,
    calendar_year,
    cost_projection,
)
from tables.numbers import parse_whole

MAX_YEARS = 20
MAX_RESERVE_MONTHS = 120


def _change(what: str) -> Any:
    return Field(default=ZERO, description=f"Growth of {what}, a fraction.", validate_default=False)


class ShiProjectionRequest(SchemeFields):
    """Which scheme, for how long, what changes from year to year, and what reserve is kept."""

    examples: ClassVar[Mapping[str, Example]] = {
        "option": Example(
            "Medical benefits with dependants for six years, half a year's expenditure kept",
            {
                "benefits": {"medical_option": 2},
                "years": 6,
                "members_growth": "0.05",
                "wages_growth": "0.04",
                "unit_cost_growth": "0.06",
                "utilisation_growth": "0.02",
                "reserve_months": 6,
                "reserve_at": "last_year",
                "interest_rate": "0.03",
                "as_of": "2026-12-01",
            },
        ),
        "scenario": Example(
            "The proposed contribution of the first scenario, for five years without any growth",
            {"scenario": 1, "years": 5, "contribution_rate": "0.032", "as_of": "2026-12-01"},
        ),
        "civil_servants": Example(
            "Civil servants whose care grows dearer",
            {
                "civil_servants": {"contribution_base": "full"},
                "years": 3,
                "unit_cost_growth": "0.03",
                "initial_reserve": "5000",
                "as_of": "2026-12-01",
            },
        ),
        "refused": Example(
            "Refused: more than all is not collected",
            {"scenario": 1, "years": 3, "collection_growth": "0.03", "as_of": "2026-12-01"},
        ),
    }

    years: Annotated[int, Field(ge=1, le=MAX_YEARS), BeforeValidator(parse_whole)] = Field(
        description="Number of years, the first being that of the tables."
    )
    members_growth: YearlyChange = _change("the insured and their dependants")
    wages_growth: YearlyChange = _change("earnings of an insured person, and of cash benefits with them")
    unit_cost_growth: YearlyChange = _change("what a service costs")
    utilisation_growth: YearlyChange = _change("contacts and admissions of a person")
    incidence_growth: YearlyChange = _change("cases of maternity and sickness of an insured person")
    collection_growth: YearlyChange = _change("the fraction of the contributions due that is collected")
    contribution_rate: Rate | None = Field(
        default=None, description="Contribution rate of all years, a fraction. Default: the level rate."
    )
    initial_reserve: Amount = Field(
        default=ZERO, description="Reserve at the beginning, million KHR.", validate_default=False
    )
    interest_rate: Share = Field(
        default=ZERO, description="Interest that the reserve earns in a year, a fraction.", validate_default=False
    )
    reserve_months: Annotated[int, Field(ge=0, le=MAX_RESERVE_MONTHS), BeforeValidator(parse_whole)] = Field(
        default=0, description="Number of months of a year's expenditure that the reserve is to be at the year's end."
    )
    reserve_at: Literal["every_year", "last_year"] = Field(
        default="every_year",
        description=(
            "Which years' ends that is asked of. `every_year`: all of them. `last_year`: the last; at those before it "
            "the reserve is only not to be below 0."
        ),
    )


class ProjectedCostsAnswer(Part):
    """A year of the projection."""

    year: int = Field(description="Number of the year, from 1.")
    calendar_year: int = Field(
        description="Number of the year in the calendar; the first is that from which the scheme's table is in force."
    )
    members: DecimalText = Field(description="Number of insured persons, 12 decimals.")
    insured_earnings: DecimalText = Field(description="Their insured earnings, million KHR, 6 decimals.")
    collection_rate: DecimalText = Field(
        description="Fraction of the contributions due that is collected, 12 decimals; the highest of the benefits'."
    )
    expenditure: DecimalText = Field(description="Benefits and administration, million KHR, 6 decimals.")
    payg_cost_ratio: DecimalText = Field(
        description="The contribution rate that just pays for the year, a fraction of insured earnings, 12 decimals."
    )
    contributions: DecimalText = Field(description="What the contribution rate brings, million KHR, 6 decimals.")
    interest: DecimalText = Field(description="Interest on the reserve, million KHR, 6 decimals.")
    reserve: DecimalText = Field(
        description="The reserve at the end of the year, million KHR, 6 decimals; below 0 it is a debt."
    )
    required_reserve: DecimalText = Field(description="What it is to be at least, million KHR, 6 decimals.")
    shortfall: DecimalText = Field(description="What it lacks of that, million KHR, 6 decimals.")


class ShiProjectionAnswer(Part):
    """A scheme year by year."""

    contribution_rate: DecimalText = Field(
        description="The rate of all years, a fraction of insured earnings, 12 decimals: that given, or the level rate."
    )
    level_contribution_rate: DecimalText = Field(
        description=(
            "The lowest rate, the same in all years, with which no year has a shortfall: a fraction of insured "
            "earnings, 12 decimals."
        )
    )
    proposed_contribution_rate: DecimalText = Field(
        description="The same, a fraction, up to the next tenth of a per cent; 3 decimals."
    )
    deciding_year: int | None = Field(
        description="Number of the year for which it has to be that high; null: it need not be above 0."
    )
    years: list[ProjectedCostsAnswer] = Field(description="The years, in order.")


class _Question(NamedTuple):
    scheme: Scheme
    years: int
    changes: YearlyChanges
    plan: ReservePlan
    contribution_rate: Decimal | None
    first_year: int


@dataclass(frozen=True)
class _Projected:
    first_year: int
    projection: CostProjection


_MILLIONS = ("insured_earnings", "expenditure", "required_reserve")
_OF_RATE = ("contributions", "interest", "reserve", "shortfall")


def _question(request: ShiProjectionRequest, basis: Basis) -> _Question:
    asked = scheme(request, basis)
    of = basis.resolved.versions["nssfc_basis" if isinstance(asked, PublicScheme) else "shi_basis"]
    changes = YearlyChanges(
        members=request.members_growth,
        wages=request.wages_growth,
        unit_cost=request.unit_cost_growth,
        utilisation=request.utilisation_growth,
        incidence=request.incidence_growth,
        collection=request.collection_growth,
    )
    every_year = request.reserve_at == "every_year"
    plan = ReservePlan(request.initial_reserve, request.interest_rate, request.reserve_months, every_year)
    return _Question(asked, request.years, changes, plan, request.contribution_rate, of.effective_from.year)


def _projection(question: _Question, basis: Basis) -> Answered[_Projected]:
    found = cost_projection(
        question.scheme, question.years, question.changes, question.plan, question.contribution_rate, tables(basis)
    )
    return Answered(_Projected(question.first_year, found), found.errata)


def _year(each: FinancedYear, first_year: int) -> dict[str, Any]:
    costs = each.costs
    return {
        "year": costs.year,
        "calendar_year": calendar_year(first_year, costs.year),
        "members": EXACT.text(costs.members),
        "collection_rate": EXACT.text(costs.collection_rate),
        "payg_cost_ratio": EXACT.text(costs.payg_cost_ratio),
        **{name: MILLION_KHR.text(getattr(costs, name)) for name in _MILLIONS},
        **{name: MILLION_KHR.text(getattr(each, name)) for name in _OF_RATE},
    }


def _fields(result: _Projected, _basis: Basis) -> dict[str, Any]:
    found = result.projection
    return {
        "contribution_rate": EXACT.text(found.contribution_rate),
        "level_contribution_rate": EXACT.text(found.level_contribution_rate),
        "proposed_contribution_rate": PROPOSED_RATE.text(found.proposed_contribution_rate),
        "deciding_year": found.deciding_year,
        "years": [_year(each, result.first_year) for each in found.years],
    }


def _csv(result: _Projected, _question: _Question) -> Sequence[Sequence[str]]:
    names = tuple(ProjectedCostsAnswer.model_fields)
    years = [_year(each, result.first_year) for each in result.projection.years]
    return [names, *([str(year[name]) for name in names] for year in years)]


SHI_PROJECTIONS = Calculator(
    method="POST",
    path="/v1/shi/projections",
    operation_id="createShiProjection",
    summary="Project a scheme",
    description=(
        "Members, insured earnings, expenditure, cost ratio, contributions and reserve of benefits of the private "
        "sector, or of civil servants, for up to 20 years, and the level contribution rate that keeps a reserve. Also "
        "as CSV, with `Accept: text/csv`."
    ),
    tag="shi",
    request=ShiProjectionRequest,
    answer=ShiProjectionAnswer,
    roles=ROLES,
    question=_question,
    formula=_projection,
    fields=_fields,
    csv=_csv,
)
