"""Every figure that the source documents print, beside the service's own: computed, never kept."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import orjson

from api.calculator import Calculator
from api.engine import Engine
from api.own import as_asked, located
from api.pipeline import own_answer
from api.problems import Problem
from pricing.arithmetic import total
from pricing.errors import DomainError
from pricing.proof import agreement, printed_figure
from tables.published import PublishedCell, PublishedTable, published_tables
from tables.shipped import shipped_contents
from tables.snapshot import Version
from tables.sources import errata

EQUAL: Literal["equal"] = "equal"
WITHIN: Literal["within_print_precision"] = "within_print_precision"
ERRATUM: Literal["erratum"] = "erratum"
UNEXPLAINED: Literal["unexplained"] = "unexplained"

Result = Literal["equal", "within_print_precision", "erratum", "unexplained"]
Calculators = Mapping[str, Calculator[Any, Any, Any]]


@dataclass(frozen=True)
class OwnFigure:
    """A figure of the service: the value in the answer's unit, what was asked, where it stands, and by which tables."""

    value: Decimal
    request: str
    pointer: str
    versions: tuple[Version, ...]


@dataclass(frozen=True)
class ProvedCell:
    """A printed figure beside the service's own.

    Attributes:
        cell: the print.
        value: the service's figure in the answer's unit; None where it has none.
        method: by which the calculator is asked.
        request: what was asked, as JSON text.
        pointer: where it stands in the answer.
        result: how the two agree.
        versions: of the tables that the service's figure is computed from.
        corrected: where the figure is a mistake, what it should be; None where it is none, or nothing says.
    """

    cell: PublishedCell
    value: Decimal | None
    method: str
    request: str
    pointer: str
    result: Result
    versions: tuple[Version, ...]
    corrected: OwnFigure | None


@dataclass(frozen=True)
class ProvedTable:
    """A table with its figures proved, inputs and repeats among them."""

    table: PublishedTable
    figures: tuple[ProvedCell, ...]

    @property
    def cells(self) -> tuple[ProvedCell, ...]:
        """Those that are neither inputs nor repeats."""
        return tuple(each for each in self.figures if each.cell.computed)

    @property
    def versions(self) -> tuple[Version, ...]:
        """The versions of tables that these are computed from, by name."""
        used = {version.name: version for each in self.cells for version in each.versions}
        return tuple(used[name] for name in sorted(used))


@dataclass(frozen=True)
class ProofSheet:
    """Every table, in order; those of the running text apart, for no table counts them."""

    tables: tuple[ProvedTable, ...]
    running_text: tuple[ProvedTable, ...]

    def of_erratum(self, code: str) -> Iterator[tuple[PublishedTable, ProvedCell]]:
        """The figures that are a mistake, those that the tables as published repeat among them."""
        for each in (*self.tables, *self.running_text):
            for cell in each.figures:
                if cell.cell.misprint is not None and cell.cell.misprint.code == code:
                    yield each.table, cell


def counts(tables: Iterable[ProvedTable]) -> dict[str, Any]:
    """How many figures these tables have, by result, and of those that are mistakes by code."""
    cells = [cell for each in tables for cell in each.cells]
    found = Counter(cell.result for cell in cells)
    codes = Counter(
        cell.cell.misprint.code for cell in cells if cell.result == ERRATUM and cell.cell.misprint is not None
    )
    return {
        "cells": len(cells),
        **{result: found[result] for result in (EQUAL, WITHIN, ERRATUM, UNEXPLAINED)},
        "errata": {code: codes[code] for code in errata() if code in codes},
    }


def not_shipped(tables: Iterable[ProvedTable]) -> list[str]:
    """Names of the versions, among those used, whose content no shipped version has."""
    return sorted({each.name for proved in tables for each in proved.versions if each.sha256 not in shipped_contents()})


def proof_sheet(engine: Engine, calculators: Calculators) -> ProofSheet:
    """Everything that is printed, beside what the tables of an engine give; computed once for each of them."""
    return engine.once(proof_sheet, lambda: prove(engine, calculators, published_tables().values()))


def prove(engine: Engine, calculators: Calculators, tables: Iterable[PublishedTable]) -> ProofSheet:
    """Some tables, beside what the tables of an engine give."""
    asking = _Asking(engine, calculators)
    proved = [ProvedTable(each, tuple(_proved(cell, each.as_of, asking) for cell in each.cells)) for each in tables]
    return ProofSheet(
        tables=tuple(each for each in proved if each.table.counted),
        running_text=tuple(each for each in proved if not each.table.counted),
    )


class _Asking:
    """Asks each question once."""

    def __init__(self, engine: Engine, calculators: Calculators) -> None:
        self._engine, self._calculators = engine, calculators
        self._answers: dict[tuple[str, str], tuple[Any, tuple[Version, ...]]] = {}

    def method(self, cell: PublishedCell) -> str:
        """How the calculator is asked that has a figure, if there is one."""
        calculator = self._calculators.get(cell.path)
        return "" if calculator is None else calculator.method

    def own(
        self,
        cell: PublishedCell,
        as_of: date,
        *,
        pins: Mapping[str, str] | None = None,
        overrides: Mapping[str, Any] | None = None,
    ) -> OwnFigure | None:
        """The service's figure; None where it refuses or has none."""
        pins, overrides = pins or {}, overrides or cell.overrides
        try:
            calculator = self._calculators[cell.path]
            asked = as_asked(calculator, cell.request, pins, as_of=as_of.isoformat(), overrides=overrides)
            request = orjson.dumps(asked).decode()
            if (cell.path, request) not in self._answers:
                self._answers[cell.path, request] = own_answer(calculator, self._engine, asked)
            fields, versions = self._answers[cell.path, request]
            pointer, found = located(fields, cell.keys)
            return OwnFigure(total(map(Decimal, found)), request, pointer, versions)
        except (DomainError, Problem, LookupError, TypeError, ValueError, ArithmeticError):
            return None


def _proved(cell: PublishedCell, as_of: date, asking: _Asking) -> ProvedCell:
    own = asking.own(cell, as_of)
    corrected = _corrected(cell, as_of, asking, own)
    method = asking.method(cell)
    if own is None:
        return ProvedCell(cell, None, method, "{}", "", UNEXPLAINED, (), corrected)
    result = _result(cell, as_of, asking, own.value)
    return ProvedCell(cell, own.value, method, own.request, own.pointer, result, own.versions, corrected)


def _corrected(cell: PublishedCell, as_of: date, asking: _Asking, own: OwnFigure | None) -> OwnFigure | None:
    """What a mistake should be: by what its table overrides, by the corrected table, else the service's own figure."""
    if cell.misprint is None:
        return None
    if cell.misprint.overrides:
        return asking.own(cell, as_of, overrides=cell.misprint.overrides)
    erratum = errata()[cell.misprint.code]
    if erratum.role is None or erratum.corrected is None:
        return own
    return asking.own(cell, as_of, pins={erratum.role: erratum.corrected})


def _result(cell: PublishedCell, as_of: date, asking: _Asking, value: Decimal) -> Result:
    found = agreement(value, printed_figure(cell.printed), cell.shift)
    if found != "different":
        return found
    misprint, within = cell.misprint, cell.within
    if misprint is not None and agreement(value, printed_figure(misprint.recomputed), cell.shift) != "different":
        return ERRATUM
    if within is not None:
        moved = asking.own(cell, as_of, overrides=within.overrides)
        if moved is not None and agreement(moved.value, printed_figure(cell.printed), cell.shift) != "different":
            return WITHIN
    return UNEXPLAINED
