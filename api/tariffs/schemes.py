"""`GET /v1/tariffs`: the schemes that there are premium scales of, and what a question to each must say."""

from typing import Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from api.answers import DateText, Part
from api.openapi import problems
from api.reading import answer, no_query
from api.state import running
from api.tariffs.vocabulary import SCHEME, ChargedFor, MembershipClass
from pricing.tariffs.assumptions import Tariff
from tables.snapshot import Table, Version

router = APIRouter(tags=["tariffs"], dependencies=[Depends(no_query)])


class ScaleAnswer(Part):
    """A version of a scheme's scale, as far as a question depends on it."""

    version: str = Field(description="The version's name, by which a request pins it.")
    effective_from: DateText = Field(description="First date on which it is in force.")
    effective_to: DateText | None = Field(
        description="First date on which it is in force no more; null: it has no end date."
    )
    currency: str = Field(description="Currency of every amount, ISO 4217.")
    charged_for: ChargedFor = Field(description="What a premium is charged for.")
    period_months: int = Field(description="Number of months that a premium is for.")
    classes: list[MembershipClass] = Field(
        description="The classes of members; where there is one alone, a request need not name it."
    )


class SchemeAnswer(Part):
    """A scheme."""

    scheme: str = Field(description="The scheme, as the address of a quote names it.")
    title: str = Field(description="What it is, for people.")
    table: str = Field(description="The table of its scale.")
    scales: list[ScaleAnswer] = Field(description="The versions of its scale, oldest first, drafts left out.")


class SchemesAnswer(Part):
    """Every scheme."""

    schemes: list[SchemeAnswer] = Field(description="The schemes, by name.")


@router.get(
    "/v1/tariffs",
    operation_id="listTariffs",
    summary="Every scheme",
    response_model=SchemesAnswer,
    responses=problems(422),
)
async def list_tariffs(request: Request) -> Response:
    """The schemes that premiums can be asked of: what each charges for, in which currency, and its classes."""
    snapshot = running(request).engine.snapshot
    known = SCHEME.known(snapshot).items()
    return answer(request, {"schemes": [_scheme(scheme, snapshot.tables[table]) for scheme, table in known]})


def _scheme(scheme: str, table: Table) -> dict[str, Any]:
    scales = [_scale(each) for each in table.versions if each.status != "draft"]
    return {"scheme": scheme, "title": table.title, "table": table.name, "scales": scales}


def _scale(version: Version) -> dict[str, Any]:
    tariff: Tariff = version.assumptions
    return {
        "version": version.name,
        "effective_from": version.effective_from,
        "effective_to": version.effective_to,
        "currency": tariff.currency,
        "charged_for": tariff.charged_for,
        "period_months": tariff.period_months,
        "classes": list(tariff.classes),
    }
