"""`GET /v1/errata`: mistakes of the sources, each with the figures that it is and their size, computed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import orjson
from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.answers import DecimalText, Part
from api.calculator import Calculator
from api.engine import Engine, today
from api.mba.tariff import ROLES, mba_assumptions, premium_of
from api.mba.vocabulary import Coverage, Insured, Package, PlanType
from api.openapi import problems
from api.own import as_asked, texts
from api.pipeline import own_fields
from api.proof import Calculators, ProofSheet, ProvedCell, proof_sheet
from api.reading import answer, no_query
from api.shi.cash_benefits import SICKNESS
from api.shi.civil_servants import CIVIL_SERVANTS
from api.shi.scenarios import SCENARIOS
from api.state import running
from pricing.mba.comparison import Tariff, TariffDifference, tariff_differences
from pricing.proof import as_printed, effect, printed_figure, relative_effect
from pricing.rounding import EXACT, MONTHLY, WHOLE_RIEL
from tables.kinds.shi import LAST_SCENARIO
from tables.published import PublishedTable
from tables.sources import Erratum, errata

# By the role of the tables that hold both readings: the requests whose answers show what the mistake changes.
SHOWN: Mapping[str, Sequence[tuple[Calculator[Any, Any, Any], Mapping[str, Any]]]] = {
    "sickness_basis": ((SICKNESS, {}), *((SCENARIOS, {"scenario": number}) for number in range(1, LAST_SCENARIO + 1))),
    "nssfc_basis": ((CIVIL_SERVANTS, {}),),
}

router = APIRouter(tags=["catalogue"], dependencies=[Depends(no_query)])


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


class ErratumFigure(Part):
    """A figure of an answer that the mistake changes."""

    address: str = Field(description="Address of the calculator.")
    request: str = Field(description="What it is asked, as JSON text.")
    pointer: str = Field(description="Where the figure is in the answer: a JSON pointer.")
    published: str = Field(description="The figure by the table as published, in the answer's own unit.")
    corrected: str = Field(description="The figure by the corrected table, in the answer's own unit.")


class RecomputedFigure(Part):
    """A printed figure that is the mistake, and what it should be by the tables of this service."""

    table: str | None = Field(description="The published table, by its `id`; null: the figure is in the running text.")
    row: str = Field(description="Its row, or what is said of it in the text.")
    column: str = Field(description="Its column.")
    printed: str = Field(description="The figure, just as printed.")
    recomputed: DecimalText = Field(
        description="What it should be, a number of the print's units, with as many decimals as show it."
    )
    effect: DecimalText = Field(
        description="By how much `recomputed` is above the print, a number of its units; below 0 it is below."
    )
    relative_effect: DecimalText | None = Field(
        description="The same as a fraction of the printed figure; null where 0 is printed."
    )
    address: str = Field(description="Address of the calculator that answers with the figure.")
    request: str = Field(description="What it is asked to give what is recomputed, as JSON text; to GET, its query.")
    pointer: str = Field(description="Where the figure is in its answer: a JSON pointer.")


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
    recomputed: list[RecomputedFigure] = Field(
        description=(
            "Every printed figure that is this mistake, computed from the tables: by the corrected table where there "
            "is one. Empty where the mistake is of a word, a unit, a rule or an input."
        )
    )
    tables: ErratumTables | None = Field(description="Where both readings are; null: only one can be calculated.")
    cells: list[ErratumCell] = Field(
        description="Every figure of the rate card that the two readings give differently."
    )
    figures: list[ErratumFigure] = Field(
        description="Every figure of the answers of social health insurance that the two readings give differently."
    )


class ErrataAnswer(Part):
    """Every known mistake."""

    errata: list[ErratumAnswer] = Field(description="The mistakes, by source document.")


@router.get(
    "/v1/errata",
    operation_id="listErrata",
    summary="Mistakes in the sources",
    response_model=ErrataAnswer,
    responses=problems(422),
)
async def list_errata(request: Request) -> Response:
    """Where the source documents contradict themselves, what is used instead, and what it changes."""
    state = running(request)
    return answer(request, await run_in_threadpool(_errata, state.engine, state.calculators))


def _errata(engine: Engine, calculators: Calculators) -> dict[str, Any]:
    sheet = proof_sheet(engine, calculators)
    return {"errata": [_erratum(each, engine, sheet) for each in errata().values()]}


def _erratum(erratum: Erratum, engine: Engine, sheet: ProofSheet) -> dict[str, Any]:
    described = erratum.model_dump(include={"code", "source", "where", "printed", "correct", "effect"})
    described["recomputed"] = [
        _recomputed(*each) for each in sheet.of_erratum(erratum.code) if each[1].corrected is not None
    ]
    if erratum.role is None or erratum.published is None or erratum.corrected is None:
        return {**described, "tables": None, "cells": [], "figures": []}
    readings = (erratum.published, erratum.corrected)
    return {
        **described,
        "tables": {"published": erratum.published, "corrected": erratum.corrected},
        "cells": _cells(erratum.role, readings, engine) if erratum.role in ROLES else [],
        "figures": [*_figures(erratum.role, readings, engine)],
    }


def _recomputed(table: PublishedTable, proved: ProvedCell) -> dict[str, Any]:
    cell = proved.cell
    assert cell.misprint is not None  # noqa: S101  (the sheet lists mistakes alone)
    described = {
        "table": table.id if table.counted else None,
        "row": cell.row,
        "column": cell.column,
        "printed": cell.printed,
    }
    printed, right = printed_figure(cell.printed), printed_figure(cell.misprint.recomputed)
    assert proved.corrected is not None  # noqa: S101  (the caller has looked)
    recomputed = as_printed(proved.corrected.value, right, cell.shift)
    share = relative_effect(printed, recomputed)
    return {
        **described,
        "recomputed": f"{recomputed:f}",
        "effect": f"{effect(printed, recomputed):f}",
        "relative_effect": None if share is None else EXACT.text(share),
        "address": cell.path,
        "request": proved.corrected.request,
        "pointer": proved.pointer,
    }


def _cells(role: str, readings: tuple[str, str], engine: Engine) -> list[dict[str, Any]]:
    published, corrected = (_tariff(role, table, engine) for table in readings)
    return [_cell(each) for each in tariff_differences(published, corrected)]


def _figures(role: str, readings: tuple[str, str], engine: Engine) -> Iterator[dict[str, Any]]:
    for calculator, request in SHOWN.get(role, ()):
        published, corrected = (_answered(calculator, request, role, table, engine) for table in readings)
        for pointer, figure in published.items():
            if figure != corrected[pointer]:
                yield {
                    "address": calculator.path,
                    "request": orjson.dumps(request).decode(),
                    "pointer": pointer,
                    "published": figure,
                    "corrected": corrected[pointer],
                }


def _answered(
    calculator: Calculator[Any, Any, Any], request: Mapping[str, Any], role: str, table: str, engine: Engine
) -> dict[str, str]:
    """The figures of a calculator's answer, by their place in it."""
    return dict(texts(own_fields(calculator, engine, as_asked(calculator, request, {role: table}))))


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
