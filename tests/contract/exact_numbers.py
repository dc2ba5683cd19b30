"""A schemathesis hook: numbers that a JSON number carries exactly.

A JSON number that is not whole may have at most 15 significant digits; tests/tables/test_numbers.py holds the service
to it. JSON Schema has no keyword for that, so what is drawn by the schema is cut to it here, towards zero: no bound is
crossed, no other kind of value is touched, no case is left out.
"""

from decimal import ROUND_DOWN, Context, Decimal
from typing import Any

import schemathesis
from schemathesis import Case, HookContext

from tables.numbers import MAX_DECIMALS, MAX_NUMBER_DIGITS
from tests.contract import roll_bodies

__all__ = ["exact", "map_case", "roll_bodies"]

_DIGITS = Context(prec=MAX_NUMBER_DIGITS, rounding=ROUND_DOWN)
_DECIMALS = Context(prec=MAX_NUMBER_DIGITS + MAX_DECIMALS, rounding=ROUND_DOWN)
_LAST_DECIMAL = Decimal(1).scaleb(-MAX_DECIMALS)
_TOO_LARGE_TO_MATTER = 10**MAX_NUMBER_DIGITS


@schemathesis.hook
def map_case(_context: HookContext, case: "Case[Any]") -> "Case[Any]":
    """Cut every number of the body."""
    case.body = exact(case.body)
    return case


def exact(value: Any) -> Any:
    """JSON with every number cut to what a JSON number carries exactly."""
    if isinstance(value, float) and abs(value) < _TOO_LARGE_TO_MATTER:
        return float(_DIGITS.plus(Decimal(repr(value))).quantize(_LAST_DECIMAL, context=_DECIMALS))
    if isinstance(value, list):
        return [exact(each) for each in value]
    if isinstance(value, dict):
        return {name: exact(each) for name, each in value.items()}
    return value
