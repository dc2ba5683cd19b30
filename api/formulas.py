"""`GET /v1/formulas`: every formula with symbol, source and unit."""

from dataclasses import asdict

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from api.answers import Part
from api.openapi import problems
from api.reading import answer, no_query
from pricing.trace import catalogue

router = APIRouter(tags=["catalogue"], dependencies=[Depends(no_query)])


class FormulaAnswer(Part):
    """One formula."""

    symbol: str = Field(description="Symbol of its value in actuarial notation.")
    name: str = Field(description="Its name in the field's words; an explanation names it so.")
    room: str = Field(description="The module of the service that it stands in.")
    text: str = Field(description="The formula in actuarial notation.")
    summary: str = Field(description="What it gives, in a sentence.")
    source: str = Field(description="Short name of the source document and the place in it.")
    unit: str = Field(description="Unit of its value.")
    inputs: list[str] = Field(description="Names of its arguments.")


class FormulasAnswer(Part):
    """Every formula."""

    formulas: list[FormulaAnswer] = Field(description="The formulas, by module and name.")


@router.get(
    "/v1/formulas",
    operation_id="listFormulas",
    summary="Every formula",
    response_model=FormulasAnswer,
    responses=problems(422),
)
async def list_formulas(request: Request) -> Response:
    """Every formula that an answer can be computed with: symbol, text, inputs, unit and source."""
    formulas = sorted(catalogue(), key=lambda entry: (entry.room, entry.name))
    return answer(request, {"formulas": [asdict(entry) for entry in formulas]})
