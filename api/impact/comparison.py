"""Answers from two versions of a table side by side, every figure that anybody looks at, largest change first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import orjson

from api.calculator import Calculator
from api.engine import ENGINE_VERSION, Engine
from api.impact.references import Reference, references
from api.pipeline import own_fields
from api.problems import Problem, refused
from pricing.errors import DomainError
from tables.cells import ABSENT, Change, cells
from tables.kinds import DEFAULT_TABLES
from tables.snapshot import Snapshot, Table, Version

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Comparison:
    """Two versions of a table, the one in question and the one it is held against, among the other tables.

    Attributes:
        before: None where there is nothing to hold it against.
        after: a draft too: it is asked as if it were published.
        on: the day that is asked about; the other tables are those in force on it.
    """

    before: Version | None
    after: Version
    on: date
    snapshot: Snapshot


@dataclass(frozen=True)
class Figure:
    """A figure of a reference answer, from both versions."""

    reference: Reference
    change: Change

    def described(self) -> dict[str, Any]:
        """As it stands in answers."""
        return {
            "reference": self.reference.name,
            "path": self.reference.path,
            "field": self.change.pointer,
            "before": _shown(self.change.old),
            "after": _shown(self.change.new),
            "change": self.change.difference_text,
            "ratio": self.change.ratio_text,
        }


def _shown(number: Any) -> str | None:
    return None if number is None else str(number)


@dataclass(frozen=True)
class Refused:
    """A reference question that is not answered from one of the versions, or from neither."""

    reference: Reference
    version: str
    problem: Problem

    def described(self) -> dict[str, Any]:
        """As it stands in answers."""
        name, path = self.reference.name, self.reference.path
        said = {"version": self.version, "code": self.problem.code, "detail": self.problem.detail}
        return {"reference": name, "path": path, **said}


def comparison(snapshot: Snapshot, before: Version | None, after: Version, on: date | None = None) -> Comparison:
    """What compares two versions. Args: all tables, the two, the day; the first day of the second by default.

    Only those tables are kept that the questions need, so that the rest need not be sent to another process.
    """
    table, names = after.table, {after.table}
    for reference in relevant(after):
        names |= {DEFAULT_TABLES[role] for role in _calculators()[reference.path].roles if role in DEFAULT_TABLES}
    others = snapshot.only(names - {table}).tables
    standing = (_as_published(after),) if before is None else (before, _as_published(after))
    versions = tuple(sorted(standing, key=lambda version: version.number))
    whole = {**others, table: Table(table, after.kind, "", versions)}
    return Comparison(before, after, on or after.effective_from, Snapshot(whole))


def _as_published(version: Version) -> Version:
    """A draft, as if it were published after everything else: an exact pin may then name it."""
    return version if version.published_at is not None else replace(version, published_at=_LAST)


def relevant(version: Version) -> tuple[Reference, ...]:
    """The reference questions whose calculator can use a version; of the heavy calculators there are none."""
    return tuple(each for each in references() if _can_use(_calculators()[each.path], each, version))


def _can_use(calculator: Calculator[Any, Any, Any], reference: Reference, version: Version) -> bool:
    if version.kind not in calculator.roles:
        return False
    named = calculator.named_table
    return named is None or named.role != version.kind or named.table(reference.said) == version.table


@cache
def _calculators() -> dict[str, Calculator[Any, Any, Any]]:
    from api.application import CALCULATORS  # noqa: PLC0415  (the application imports this module)

    return {calculator.path: calculator for calculator in CALCULATORS}


def impact(asked: Comparison, progress: Callable[[int, int], None] = lambda _done, _all: None) -> dict[str, Any]:
    """What a version changes in the answers to the reference questions.

    Args:
        asked: what to compare.
        progress: hears how many questions are done, and of how many.
    """
    found: list[Figure] = []
    refusals: list[Refused] = []
    engine, questions = Engine(asked.snapshot), relevant(asked.after)
    for done, reference in enumerate(questions):
        progress(done, len(questions))
        for each in _put(reference, asked, engine):
            if isinstance(each, Refused):
                refusals.append(each)
            else:
                found.append(each)
    progress(len(questions), len(questions))
    found.sort(key=_smallness)
    return {
        "table": asked.after.table,
        "engine": ENGINE_VERSION,
        "on": asked.on,
        "before": None if asked.before is None else _described(asked.before),
        "after": _described(asked.after),
        "questions": len(questions),
        "figures": len(found),
        "changed": sum(figure.change.before != figure.change.after for figure in found),
        "impact": [figure.described() for figure in found],
        "refused": [refusal.described() for refusal in refusals],
    }


def _described(version: Version) -> dict[str, Any]:
    return {"name": version.name, "status": version.status, "sha256": version.sha256}


def work_out(asked: Comparison) -> bytes:
    """The impact as JSON: what a worker process is asked."""
    return orjson.dumps(impact(asked))


def _smallness(figure: Figure) -> tuple[bool, Any]:
    """Largest change first; what comes or goes is as large as can be, what stays comes last."""
    change = figure.change
    moved = change.moved_by
    return change.before == change.after, float("-inf") if moved is None else -moved


def _put(reference: Reference, asked: Comparison, engine: Engine) -> Iterator[Figure | Refused]:
    answers: list[dict[str, Any]] = []
    for version in (asked.before, asked.after):
        try:
            answers.append({} if version is None else _answered(reference, version, asked.on, engine))
        except Problem as problem:
            answers.append({})
            yield Refused(reference, "" if version is None else version.name, problem)
    before, after = answers
    for pointer in dict.fromkeys((*before, *after)):
        change = Change(pointer, before.get(pointer, ABSENT), after.get(pointer, ABSENT))
        if change.is_number and reference.looks_at(pointer):
            yield Figure(reference, change)


def _answered(reference: Reference, version: Version, on: date, engine: Engine) -> dict[str, Any]:
    calculator, body = _calculators()[reference.path], reference.body(on)
    pin = {version.kind: version.name}
    asked = body | pin if calculator.method == "GET" else {**body, "tables": pin}
    try:
        answer = own_fields(calculator, engine, asked, reference.said)
    except DomainError as refusal:
        raise refused(refusal, "/tables") from None
    return {pointer: cell for pointer, cell in cells(orjson.dumps(answer)).items() if cell is not None}
