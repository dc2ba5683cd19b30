"""`GET /v1/errata`: mistakes of the sources, with their size computed where the tables hold both readings."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.answers import DecimalText, Part
from api.engine import Engine, today
from api.mba.tariff import ROLES, mba_assumptions, premium_of
from api.openapi import problems
from api.reading import answer
from api.state import running
from pricing.mba.comparison import Tariff, TariffDifference, tariff_differences
from pricing.rounding import MONTHLY, WHOLE_RIEL
from tables.sources import Erratum, errata

router = APIRouter(tags=["catalogue"])


class ErratumCell(Part):
    """A cell of a published table that the mistake changes."""

    table: str
    code: int
    coverage: str | None
    insured: str | None
    plan_type: str | None
    package: str
    published: DecimalText
    corrected: DecimalText


class ErratumAnswer(Part):
    """One mistake. `tables` names both readings, `cells` every figure that they give differently."""

    code: str
    source: str
    where: str
    printed: str
    correct: str
    effect: str
    tables: dict[str, str] | None
    cells: list[ErratumCell]


class ErrataAnswer(Part):
    """Every known mistake."""

    errata: list[ErratumAnswer]


@router.get(
    "/v1/errata",
    operation_id="listErrata",
    summary="Mistakes in the sources",
    response_model=ErrataAnswer,
    responses=problems(406, 503),
)
def list_errata(request: Request) -> Response:
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
