"""Rolls as they come in: any form to blocks of rows.

A reader cuts its source into pieces of whole rows, in order, and makes a block of each piece; pieces can be read at the
same time. A fault of one row refuses that row; only what leaves no next row to be found ends the roll.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from api.roll.blocks import ADDED, HOUSEHOLD, PERSON_MARK, WHOLE_ROLL, Block
from api.roll.source import FIRST_PIECE, LARGEST_PIECE, LONGEST_ROW, Faulty, Source
from pricing.bulk.persons import PERSON_COLUMNS
from pricing.bulk.plans import PLAN_COLUMNS

KNOWN = frozenset((*PLAN_COLUMNS, *PERSON_COLUMNS, HOUSEHOLD))


@dataclass
class Dialect:
    """How a roll's CSV is written, and so the answer's."""

    delimiter: str = ","
    mark: bytes = b""


class Reader(Protocol):
    """Reads one form."""

    dialect: Dialect

    def empty(self) -> Block:
        """A block of the roll's columns without rows."""

    def pieces(self, source: Source) -> Iterator[Any]:
        """Pieces of whole rows; None where nothing has come for a moment. Raises: Faulty."""

    def block(self, piece: Any) -> Block:
        """The rows of a piece."""


def known_columns(names: tuple[str, ...]) -> dict[str, int]:
    """The places of the columns that mean something, by their names without regard to case and outer spaces.

    Raises: Faulty (`invalid_request`).
    """
    known: dict[str, int] = {}
    for place, name in enumerate(names):
        plain = name.strip().lower()
        if plain in ADDED:
            raise _invalid(f"a column `{plain}`, which the answer adds: rename it or leave it out")
        if plain in WHOLE_ROLL:
            raise _invalid(f"a column `{plain}`, which holds for a whole roll: give known_at and tables in the query")
        if plain in KNOWN:
            if plain in known:
                raise _invalid(f"two columns `{plain}`")
            known[plain] = place
    needed = (HOUSEHOLD, "package", PERSON_MARK) if PERSON_MARK in known else ("package", "plan_type")
    missing = [f"`{name}`" for name in needed if name not in known]
    if missing:
        one_plan, one_person = "package, plan_type", "household_id, package, relation, age or birth_date"
        detail = f"no column {' and no column '.join(missing)}; it needs {one_plan}, or {one_person}"
        raise _invalid(detail)
    if PERSON_MARK in known and "plan_type" in known:
        raise _invalid("both `plan_type` and `relation`: a row is either a plan or a person")
    if PERSON_MARK in known and not {"age", "birth_date"} & known.keys():
        raise _invalid("neither `age` nor `birth_date`")
    return known


def _invalid(what: str) -> Faulty:
    return Faulty("invalid_request", f"The roll has {what}.")


class Lines:
    """Cuts a source into pieces that end where a row does."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self._buffer = bytearray()
        self._size = FIRST_PIECE

    def pieces(self, source: Source) -> Iterator[bytes | None]:
        """Pieces of whole lines; None at a moment's silence."""
        while True:
            data = source.read(wait=not self._has_row())
            if data is None:
                yield from self._cut()
                yield None
            elif data:
                self._buffer += data
                if len(self._buffer) >= self._size:
                    yield from self._cut()
                    self._size = min(2 * self._size, LARGEST_PIECE)
            else:
                break
        if self._buffer:
            yield bytes(self._buffer)

    def _has_row(self) -> bool:
        return b"\n" in self._buffer

    def _cut(self) -> Iterator[bytes]:
        while end := self.end_of_rows(self._buffer):
            with memoryview(self._buffer) as view:
                piece = bytes(view[:end])
            del self._buffer[:end]
            yield piece
        if len(self._buffer) > LARGEST_PIECE + LONGEST_ROW:
            raise Faulty("row_too_long", f"A row may have at most {LONGEST_ROW} bytes.")

    def end_of_rows(self, buffer: bytearray) -> int:
        """Where the last whole row ends."""
        return buffer.rfind(b"\n") + 1
