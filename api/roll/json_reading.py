"""Rolls as JSON objects: a line each (NDJSON), or the elements of an array."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, ValidationError

from api.mba.quotes import MAX_HOUSEHOLD, AdditionalPersons, Person
from api.requests import OwnFields
from api.roll.blocks import ADDED, EMPTY, WHOLE_ROLL, Objects
from api.roll.forms import BYTE_ORDER_MARK
from api.roll.reading import Dialect, Lines
from api.roll.source import LONGEST_ROW, Faulty, Source
from pricing.bulk.answers import Refused, invalid
from pricing.bulk.plans import Household
from tables.numbers import parse_json
from tables.validation import reasons

_ANSWERED = frozenset((*ADDED, "components"))
_SHARED = frozenset(WHOLE_ROLL)
_FLAT = ("additional_15_65", "additional_66_75")
_PLAN = ("plan_type", "additional_persons", *_FLAT)
_SPACE = b" \t\r\n"
_ELEMENTS = 4096
_Row = dict[str, Any]


class _Household(OwnFields):
    household: Annotated[list[Person], Field(max_length=MAX_HOUSEHOLD)]


class _Additional(OwnFields):
    additional_persons: AdditionalPersons


class NdjsonReader(Lines):
    """Reads a JSON object a line; a line that is none is a refused row."""

    dialect = Dialect()

    def empty(self) -> Objects:
        """No rows."""
        return _objects([])

    def pieces(self, source: Source) -> Iterator[bytes | None]:
        """Pieces of whole lines, without the byte order mark that an editor may have put before them."""
        is_first = True
        for piece in super().pieces(source):
            yield piece.removeprefix(BYTE_ORDER_MARK) if is_first and piece is not None else piece
            is_first = is_first and piece is None

    def block(self, piece: bytes) -> Objects:
        """The rows of a piece."""
        return _objects([line for line in piece.split(b"\n") if line.strip()])


class JsonReader:
    """Reads a JSON array of objects."""

    # What divides an array into elements, and the strings that may hide it; a string may have no end yet.
    _token = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|(?P<open>\\?\Z))|[\[\]{},]', re.DOTALL)

    dialect = Dialect()

    def empty(self) -> Objects:
        """No rows."""
        return _objects([])

    def __init__(self) -> None:
        """Nothing has come yet."""
        self._buffer = bytearray()
        self._scanned = 0
        self._depth = 0
        self._begun = self._ended = self._any = False

    def pieces(self, source: Source) -> Iterator[list[bytes] | None]:
        """Pieces of whole elements. Raises: Faulty (`malformed_json`)."""
        elements: list[bytes] = []
        while (data := source.read(wait=not elements)) != b"":
            if data is not None:
                self._buffer += data
                elements += self._elements()
            if elements and (data is None or len(elements) >= _ELEMENTS):
                yield elements
                elements = []
            if data is None:
                yield None
        if not self._ended:
            yield elements
            raise Faulty("malformed_json", "The body is no JSON array of rows: it has no end.")
        yield elements

    def _elements(self) -> list[bytes]:
        """The elements that are whole."""
        buffer = self._buffer
        if not self._begun:
            if BYTE_ORDER_MARK.startswith(buffer):
                return []  # nothing, or a mark that has not quite come
            if buffer.startswith(BYTE_ORDER_MARK):
                del buffer[: len(BYTE_ORDER_MARK)]
            del buffer[: len(buffer) - len(buffer.lstrip(_SPACE))]
            if not buffer:
                return []
            if not buffer.startswith(b"["):
                raise Faulty("malformed_json", "The body must be a JSON array of rows.")
            del buffer[:1]
            self._begun = True
        found = self._divided()
        if self._ended:
            if buffer.strip(_SPACE):
                raise Faulty("malformed_json", "Something follows the array of rows.")
            buffer.clear()
        if len(buffer) > LONGEST_ROW:
            raise Faulty("row_too_long", f"A row may have at most {LONGEST_ROW} bytes.")
        if self._ended and not self._any and len(found) == 1 and not found[0].strip(_SPACE):
            return []  # what stands between the brackets of an empty array
        self._any = self._any or bool(found)
        return found

    def _divided(self) -> list[bytes]:
        """What stands before each comma and before the end of the array."""
        text = bytes(self._buffer)
        found: list[bytes] = []
        start = 0
        for token in () if self._ended else self._token.finditer(text, self._scanned):
            if token["open"] is not None:
                break  # a string that goes on
            sign = token[0]
            self._scanned = token.end()
            if sign in (b"[", b"{"):
                self._depth += 1
            elif self._depth:
                self._depth -= sign in (b"]", b"}")
            elif sign in (b",", b"]"):
                found.append(text[start : token.start()])
                start = token.end()
                self._ended = sign == b"]"
                if self._ended:
                    break
        del self._buffer[:start]
        self._scanned -= start
        return found

    def block(self, piece: list[bytes]) -> Objects:
        """The rows of a piece."""
        return _objects(piece)


def _objects(texts: list[bytes]) -> Objects:
    raw, cells, refused = [], [], {}
    for place, text in enumerate(texts):
        row = _row(text)
        asked = row if isinstance(row, Refused) else _asked(row)
        raw.append(EMPTY if isinstance(row, Refused) else text.strip(_SPACE))
        if isinstance(asked, Refused):
            refused[place], asked = asked, {}
        cells.append(asked)
    return Objects(raw, cells, refused)


def _row(text: bytes) -> _Row | Refused:
    """A row, or why it cannot be read."""
    if len(text) > LONGEST_ROW:
        return Refused("row_too_long", f"A row may have at most {LONGEST_ROW} bytes.")
    try:
        row = parse_json(text)
    except ValueError:
        return Refused("malformed_json", "The row is not JSON as it should be, or has a key twice.")
    if not isinstance(row, dict):
        return Refused("invalid_request", "The row must be a JSON object.")
    for name in _ANSWERED & row.keys():
        return invalid(name, "is what the answer adds: rename it or leave it out")
    return row


def _asked(row: _Row) -> _Row | Refused:
    """What a row asks, column by column."""
    for name in _SHARED & row.keys():
        return invalid(name, "holds for a whole roll: give known_at and tables in the query")
    if row.get("household") is not None:
        return _household(row)
    if row.get("additional_persons") is not None:
        return _additional(row)
    return row


def _household(row: _Row) -> _Row | Refused:
    for name in _PLAN:
        if row.get(name) is not None:
            return invalid(name, "stands beside a household: give one of them")
    try:
        household = _Household.model_validate({"household": row["household"]}).household
    except ValidationError as error:
        return _first_reason(error, row, _Household)
    persons = tuple(
        (each.relation, each.birth_date or each.age or 0, each.entry_age)  # it has just one of them, which may be 0
        for each in household
    )
    return {"package": row.get("package"), "plan_type": Household(persons), "as_of": row.get("as_of")}


def _additional(row: _Row) -> _Row | Refused:
    for name in _FLAT:
        if row.get(name) is not None:
            return invalid(name, "stands beside additional_persons: give one of them")
    try:
        stated = _Additional.model_validate({"additional_persons": row["additional_persons"]}).additional_persons
    except ValidationError as error:
        return _first_reason(error, row, _Additional)
    return {**row, **dict(zip(_FLAT, (stated.aged_15_65, stated.aged_66_75), strict=True))}


def _first_reason(error: ValidationError, row: _Row, model: type[OwnFields]) -> Refused:
    (pointer, reason), *_ = reasons(error, row, model)
    return Refused("invalid_request", f"{pointer[1:]} {reason}.", pointer.split("/")[1])
