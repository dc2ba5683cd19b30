"""What a cell of a roll says, whatever form it came in, or what is wrong with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from pricing.bulk.answers import Refused, invalid

_WHOLE = re.compile(r"([0-9]{1,15})(?:\.0+)?")  # a spreadsheet may write 2 as 2.0
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Limits:
    """What one row, or one household, may hold.

    Attributes:
        packages: names of packages.
        plan_types: names of plan types.
        additional_persons: additional persons of each age.
        household: persons of a household.
        age: completed years.
    """

    packages: tuple[str, ...]
    plan_types: tuple[str, ...]
    additional_persons: int
    household: int
    age: int


def is_blank(value: Any) -> bool:
    """Whether a cell says nothing."""
    return value is None or (isinstance(value, str) and not value.strip()) or value != value  # noqa: PLR0124  (NaN)


def word(value: Any, column: str, words: Sequence[str]) -> str | Refused:
    """One of some words, spaces around it or not."""
    if not is_blank(value) and not isinstance(value, str):
        return invalid(column, "must be text")
    found = "" if is_blank(value) else value.strip()
    return found if found in words else invalid(column, f"must be one of {', '.join(words)}")


def _whole(value: Any) -> int | None:
    """A whole number of 0 or more from text or from a number, else None."""
    if isinstance(value, str):
        found = _WHOLE.fullmatch(value.strip())
        return None if found is None else int(found[1])
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        # Comparison alone first: a decimal may claim a thousand million digits.
        return int(value) if 0 <= value < 10**15 and value == int(value) else None
    return None


def whole(value: Any, column: str, most: int) -> int | Refused:
    """A whole number of at most so much."""
    number = _whole(value)
    if number is None or number > most:
        return invalid(column, f"must be a whole number from 0 to {most}")
    return number


def day(value: Any, column: str) -> Any:
    """A date, or nothing."""
    if is_blank(value):
        return None
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else invalid(column, "must be a date without a time")
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    return invalid(column, 'must be a date of the calendar as "YYYY-MM-DD"')


def day_or(otherwise: date, value: Any) -> Any:
    """The date of a cell of `as_of`, or of the roll."""
    return otherwise if is_blank(value) else day(value, "as_of")
