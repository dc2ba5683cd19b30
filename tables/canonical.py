"""Canonical JSON: one text, and so one hash, for one content."""

import hashlib
from decimal import Decimal
from typing import Any

import orjson

from pricing.rounding import plain


def canonical_json(value: Any) -> bytes:
    """Sorted keys, UTF-8, no spaces; decimals as strings without exponent or trailing zeros.

    Nothing that is hashed may have passed through a float: `tables.numbers` reads JSON without any.
    """
    return orjson.dumps(value, default=_decimal, option=orjson.OPT_SORT_KEYS)


def sha256(text: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(text).hexdigest()


def _decimal(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
