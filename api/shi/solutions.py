"""`POST /v1/shi/cost-ratios/solve`: what it takes to reach a cost ratio."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, Rate
from api.shi.schemes import ROLES, ChangedFigureAnswer, SchemeFields, figure, scheme, tables
from pricing.rounding import EXACT, plain
from pricing.shi.cost_ratio import Scheme
from pricing.shi.solution import Solved, cost_ratio_solution
from tables.bounds import bounds

CostRatioUnknown = Literal[
    "utilisation",
    "unit_cost",
    "coverage",
    "incidence",
    "replacement_rate",
    "add_on_rate",
    "administration_rate",
    "national_hospital_share",
    "wage",
    "density",
    "collection_rate",
]


class CostRatioSolveRequest(SchemeFields):
    """Whose cost ratio, what it is to be, and what is looked for."""

    examples: ClassVar[Mapping[str, Example]] = {
        "utilisation": Example(
            "Which utilisation of medical benefits makes 3% of the first scenario",
            {"scenario": 1, "solve_for": "utilisation", "target": "0.03", "as_of": "2026-12-01"},
        ),
        "coverage": Example(
            "How many dependants 2% would cover",
            {
                "benefits": {"medical_option": 3},
                "solve_for": "coverage",
                "target": "0.02",
                "as_of": "2026-12-01",
            },
        ),
        "refused": Example(
            "Refused: no collection is so good",
            {"scenario": 3, "solve_for": "collection_rate", "target": "0.03", "as_of": "2026-12-01"},
        ),
    }

    solve_for: CostRatioUnknown = Field(
        description=(
            "What is looked for: one factor on all its figures. `utilisation`: contacts and admissions of a person. "
            "`unit_cost`: what providers are paid. `coverage`: dependants of an insured person. `incidence`: cases of "
            "maternity and sickness. `wage`: what contributions are paid on, and cash benefits with it."
        )
    )
    target: Rate = Field(description="The cost ratio that is to be reached, a fraction of insured earnings.")


class CostRatioSolveAnswer(Part):
    """The factor with which a scheme has the cost ratio."""

    solve_for: CostRatioUnknown = Field(description="What was looked for.")
    factor: DecimalText = Field(description="What its figures are multiplied by, a multiple, 12 decimals.")
    figures: list[ChangedFigureAnswer] = Field(
        description="The figures, as they are and multiplied; the latter with 12 decimals."
    )
    payg_cost_ratio_before: DecimalText = Field(
        description="The cost ratio with the figures as they are, a fraction of insured earnings, 12 decimals."
    )
    payg_cost_ratio: DecimalText = Field(
        description="The cost ratio with the unrounded factor, a fraction of insured earnings, 12 decimals."
    )


class _Question(NamedTuple):
    scheme: Scheme
    unknown: CostRatioUnknown
    target: Decimal


def _solve(question: _Question, basis: Basis) -> Answered[tuple[str, Solved]]:
    found = cost_ratio_solution(*question, tables(basis), bounds)
    return Answered((question.unknown, found), found.before.errata)


def _fields(result: tuple[str, Solved], _basis: Basis) -> dict[str, Any]:
    unknown, found = result
    return {
        "solve_for": unknown,
        "factor": EXACT.text(found.factor),
        "figures": [
            {**figure(path), "before": plain(Decimal(before)), "after": EXACT.text(after)}
            for path, (before, after) in found.figures.items()
        ],
        "payg_cost_ratio_before": EXACT.text(found.before.payg_cost_ratio),
        "payg_cost_ratio": EXACT.text(found.after.payg_cost_ratio),
    }


SHI_SOLVE = Calculator(
    method="POST",
    path="/v1/shi/cost-ratios/solve",
    operation_id="createShiCostRatioSolution",
    summary="What it takes to reach a cost ratio",
    description=(
        "The factor on utilisation, unit cost, coverage or another assumption with which benefits of the private "
        "sector, or the scheme of civil servants, have a given cost ratio. It is exact: the cost ratio is a line in it."
    ),
    tag="shi",
    request=CostRatioSolveRequest,
    answer=CostRatioSolveAnswer,
    roles=ROLES,
    question=lambda request, basis: _Question(scheme(request, basis), request.solve_for, request.target),
    formula=_solve,
    fields=_fields,
    weight="heavy",
)
