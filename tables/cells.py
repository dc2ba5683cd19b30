"""Two contents cell by cell: what is new, what is gone, and by how much a number differs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property
from typing import Any

from pricing.arithmetic import CONTEXT, ONE
from pricing.rounding import EXACT, plain
from tables.numbers import parse_json
from tables.pointers import pointer

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
ABSENT = object()
"""What a content has where it has nothing."""


@dataclass(frozen=True)
class Change:
    """A cell of two contents that is not the same in both.

    Attributes:
        pointer: JSON pointer to it.
        before, after: what is there; `ABSENT` where nothing is.
    """

    pointer: str
    before: Any
    after: Any

    @property
    def old(self) -> Any:
        """What was there; None if nothing was."""
        return None if self.before is ABSENT else self.before

    @property
    def new(self) -> Any:
        """What is there; None if nothing is."""
        return None if self.after is ABSENT else self.after

    @property
    def removed(self) -> bool:
        """Whether it is there no more."""
        return self.after is ABSENT

    @property
    def is_number(self) -> bool:
        """Whether all that is there is a number."""
        return all(each is ABSENT or number(each) is not None for each in (self.before, self.after))

    @cached_property
    def difference(self) -> Decimal | None:
        """The new number less the old one; None if there are not two numbers."""
        old, new = number(self.before), number(self.after)
        return None if old is None or new is None else CONTEXT.subtract(new, old)

    @property
    def difference_text(self) -> str | None:
        """The difference as it stands in answers."""
        return None if self.difference is None else plain(self.difference)

    @cached_property
    def ratio(self) -> Decimal | None:
        """The new number by the old one, unrounded; None if there are not two numbers, or the old one is 0."""
        old, new = number(self.before), number(self.after)
        return None if old is None or new is None or not old else CONTEXT.divide(new, old)

    @property
    def ratio_text(self) -> str | None:
        """The ratio as it stands in answers."""
        return None if self.ratio is None else EXACT.text(self.ratio)

    @property
    def moved_by(self) -> Decimal | None:
        """By which part of the old number it moves, up or down; infinite if that is 0; None if it is no number."""
        if self.difference is None:
            return None
        if self.ratio is None:
            return Decimal("Infinity") if self.difference else Decimal(0)
        with localcontext(CONTEXT):
            return abs(self.ratio - ONE)


def number(cell: Any) -> Decimal | None:
    """A cell as a number: contents hold decimals as text. None if it is none."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | Decimal) or (isinstance(cell, str) and _NUMBER.fullmatch(cell)):
        return Decimal(cell)
    return None


def cells(content: bytes) -> Mapping[str, Any]:
    """The cells of a content by pointer, in its order; an empty object or list is a cell too."""
    return dict(_cells(parse_json(content), ""))


def _cells(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = False
    for key, child in children:
        found = True
        yield from _cells(child, f"{place}{pointer(key)}")
    if not found and place:
        yield place, value


def compared(before: bytes, after: bytes) -> tuple[Change, ...]:
    """The cells that differ between two contents, those of the first in its order, then the new ones."""
    old, new = cells(before), cells(after)
    pointers = [*old, *(pointer for pointer in new if pointer not in old)]
    changes = (Change(pointer, old.get(pointer, ABSENT), new.get(pointer, ABSENT)) for pointer in pointers)
    return tuple(change for change in changes if change.before != change.after)
