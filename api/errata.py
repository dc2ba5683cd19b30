"""`GET /v1/errata`: mistakes of the sources, with their size computed where the tables hold both readings."""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from api.answers import DecimalText, Part
from api.engine import Engine, today
from api.mba.tariff import ROLES, mba_assumptions, premium_of
from api.mba.vocabulary import Coverage, Insured, Package, PlanType
from api.openapi import problems
from api.reading import answer
from api.state import running
from pricing.mba.comparison import Tariff, TariffDifference, tariff_differences
from pricing.rounding import MONTHLY, WHOLE_RIEL
from tables.sources import Erratum, errata

router = APIRouter(tags=["catalogue"])


class ErratumCell(Part):
    """A figure of a published table that the mistake changes."""

    table: Literal["by_decrement", "by_plan"] = Field(
        description="Which table of the rate card: `by_decrement` is Table 8, `by_plan` Table 9."
    )
    code: int = Field(description="The tariff's own code number of the row.")
    coverage: Coverage | None = Field(description="What the row is for; null in the row of a whole plan.")
    insured: Insured | None = Field(description="The kind of person; null in the row of a household form.")
    plan_type: PlanType | None = Field(description="The household form; null in the row of a person.")
    package: Package = Field(description="The package.")
    published: DecimalText = Field(description="The figure by the table as published, KHR a month.")
    corrected: DecimalText = Field(description="The figure by the corrected table, KHR a month.")


class ErratumTables(Part):
    """The tables that hold both readings of a mistake; either can be pinned."""

    published: str = Field(description="Name of the table as published, the default.")
    corrected: str = Field(description="Name of the corrected table.")


class ErratumAnswer(Part):
    """One mistake in a source document."""

    code: str = Field(description="The mistake's code; the notes of an answer name it so.")
    source: str = Field(description="Short name of the source document.")
    where: str = Field(description="Place in the source document.")
    printed: str = Field(description="What it says.")
    correct: str = Field(description="What it should say.")
    effect: str = Field(description="What depends on it.")
    tables: ErratumTables | None = Field(description="Where both readings are; null: only one can be calculated.")
    cells: list[ErratumCell] = Field(description="Every figure that the two readings give differently.")


class ErrataAnswer(Part):
    """Every known mistake."""

    errata: list[ErratumAnswer] = Field(description="The mistakes, by source document.")


@router.get(
    "/v1/errata",
    operation_id="listErrata",
    summary="Mistakes in the sources",
    response_model=ErrataAnswer,
    responses=problems(),
)
async def list_errata(request: Request) -> Response:
    """Where the source documents contradict themselves, what is used instead, and what it changes."""
    engine = running(request).engine
    return answer(request, {"errata": [_erratum(each, engine) for each in errata().values()]})


def _erratum(erratum: Erratum, engine: Engine) -> dict[str, Any]:
    described = erratum.model_dump(include={"code", "source", "where", "printed", "correct", "effect"})
    if erratum.role is None or erratum.published is None or erratum.corrected is None:
        return {**described, "tables": None, "cells": []}
    published = _tariff(erratum.role, erratum.published, engine)
    corrected = _tariff(erratum.role, erratum.corrected, engine)
    cells = [_cell(each) for each in tariff_differences(published, corrected)]
    return {**described, "tables": {"published": erratum.published, "corrected": erratum.corrected}, "cells": cells}


def _tariff(role: str, table: str, engine: Engine) -> Tariff:
    basis = engine.basis(ROLES, today(), None, ((role, table),), {})
    return mba_assumptions(basis), premium_of(basis)


def _cell(difference: TariffDifference) -> dict[str, Any]:
    row = difference.row
    rounding = MONTHLY if difference.table == "by_decrement" else WHOLE_RIEL
    return {
        "table": difference.table,
        "code": row.code,
        "coverage": row.coverage,
        "insured": row.insured,
        "plan_type": row.plan_type,
        "package": difference.package,
        "published": rounding.text(difference.published),
        "corrected": rounding.text(difference.corrected),
    }
