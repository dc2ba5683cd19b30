"""`GET /v1/formulas`: every formula with symbol, source and unit."""

from dataclasses import asdict

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.answers import Part
from api.openapi import problems
from api.reading import answer
from pricing.trace import catalogue

router = APIRouter(tags=["catalogue"])


class FormulaAnswer(Part):
    """One formula; `room` is the module that it stands in."""

    symbol: str
    name: str
    room: str
    text: str
    summary: str
    source: str
    unit: str
    inputs: list[str]


class FormulasAnswer(Part):
    """Every formula, in order of module and name."""

    formulas: list[FormulaAnswer]


@router.get(
    "/v1/formulas",
    operation_id="listFormulas",
    summary="Every formula",
    response_model=FormulasAnswer,
    responses=problems(406),
)
def list_formulas(request: Request) -> Response:
    """Every formula that an answer can be computed with: symbol, text, inputs, unit and source."""
    formulas = sorted(catalogue(), key=lambda entry: (entry.room, entry.name))
    return answer(request, {"formulas": [asdict(entry) for entry in formulas]})
