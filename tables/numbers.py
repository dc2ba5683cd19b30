"""Decimals and whole numbers as they come in: exact, bounded, in Western digits, never through a float.

The rules are the same for a request, an override and a table's content. JSON reaches them parsed with decimals kept as
decimals, so a float here is a programming error and is refused.
"""

import re
from decimal import Decimal
from typing import Annotated, Any

import jiter
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

MAX_NUMBER_DIGITS = 15
MAX_DECIMALS = 20
AMOUNT_DIGITS = 12
MAX_PERSONS = 100_000_000

_TEXT = re.compile(rf"-?[0-9]{{1,{MAX_NUMBER_DIGITS}}}(?:\.[0-9]{{1,{MAX_DECIMALS}}})?")


def parse_json(text: bytes) -> Any:
    """JSON with its decimals kept as decimals; duplicate keys, NaN and Infinity are refused.

    Raises: ValueError.
    """
    # Strings are personal data: only keys may stay in the parser's process-wide cache.
    return jiter.from_json(
        text, float_mode="decimal", catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys"
    )


def parse_decimal(value: Any) -> Decimal:
    """A decimal from a string, a JSON integer, or another JSON number of at most 15 significant digits."""
    if isinstance(value, str):
        if _TEXT.fullmatch(value):
            return Decimal(value) or Decimal(0)
        raise PydanticCustomError(
            "decimal_text",
            'must be a decimal such as "0.05": Western digits, at most {digits} before and {decimals} after the point, '
            "no exponent, separators or spaces",
            {"digits": MAX_NUMBER_DIGITS, "decimals": MAX_DECIMALS},
        )
    if isinstance(value, Decimal | int) and not isinstance(value, bool) and Decimal(value).is_finite():
        number = Decimal(value)
        if not number:
            return Decimal(0)
        # Size first, by comparison alone: arithmetic on a huge exponent would fail, or take for ever.
        _, digits, exponent = number.as_tuple()
        if number.adjusted() >= MAX_NUMBER_DIGITS or not isinstance(exponent, int) or -exponent > MAX_DECIMALS:
            raise PydanticCustomError(
                "decimal_size",
                "must have at most {digits} digits before and {decimals} after the point",
                {"digits": MAX_NUMBER_DIGITS, "decimals": MAX_DECIMALS},
            )
        if isinstance(value, Decimal) and len("".join(map(str, digits)).rstrip("0")) > MAX_NUMBER_DIGITS:
            raise PydanticCustomError(
                "decimal_digits",
                "has more than {digits} significant digits, which a JSON number cannot carry exactly: "
                "send it as a string",
                {"digits": MAX_NUMBER_DIGITS},
            )
        return number
    raise PydanticCustomError("decimal_type", 'must be a decimal: a string such as "0.05", or a JSON number')


def parse_whole(value: Any) -> int:
    """A whole number from a JSON number; `63.0` is one, `true` and `"63"` are not."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if (
        isinstance(value, Decimal)
        and value.is_finite()
        and value.adjusted() < MAX_NUMBER_DIGITS
        and value == value.to_integral_value()
    ):
        return int(value)
    raise PydanticCustomError("whole_number", "must be a whole number such as 2")


def _schema(pattern: str, bounds: dict[str, int], description: str) -> WithJsonSchema:
    """As text or as a number; JSON Schema cannot count a number's significant digits, so the description does."""
    number = {"type": "number", **bounds}
    exact = f"Best sent as text; a JSON number is taken if it has at most {MAX_NUMBER_DIGITS} significant digits."
    return WithJsonSchema(
        {"anyOf": [{"type": "string", "pattern": pattern}, number], "description": f"{description} {exact}"}
    )


_FRACTION = rf"(\.[0-9]{{1,{MAX_DECIMALS}}})?"
# Zero is zero whatever its sign, as text like as a JSON number.
_NEGATIVE_ZERO = rf"-0{{1,{MAX_NUMBER_DIGITS}}}(\.0{{1,{MAX_DECIMALS}}})?"
_ONE = rf"0{{0,{MAX_NUMBER_DIGITS - 1}}}1(\.0{{1,{MAX_DECIMALS}}})?"

Rate = Annotated[
    Decimal,
    Field(ge=0, le=1),
    BeforeValidator(parse_decimal),
    _schema(
        rf"^(0{{1,{MAX_NUMBER_DIGITS}}}{_FRACTION}|{_ONE}|{_NEGATIVE_ZERO})$",
        {"minimum": 0, "maximum": 1},
        'A fraction from 0 to 1: "0.05" is five per cent.',
    ),
]
"""A fraction from 0 to 1."""

Percent = Annotated[
    Decimal,
    Field(ge=0, le=100),
    BeforeValidator(parse_decimal),
    _schema(
        rf"^(0{{0,{MAX_NUMBER_DIGITS - 2}}}[0-9]{{1,2}}{_FRACTION}|0{{0,{MAX_NUMBER_DIGITS - 3}}}100"
        rf"(\.0{{1,{MAX_DECIMALS}}})?|{_NEGATIVE_ZERO})$",
        {"minimum": 0, "maximum": 100},
        'A percentage from 0 to 100: "5" is five per cent.',
    ),
]
"""A percentage from 0 to 100."""

Share = Annotated[
    Decimal,
    Field(ge=0, lt=1),
    BeforeValidator(parse_decimal),
    _schema(
        rf"^0{{1,{MAX_NUMBER_DIGITS}}}{_FRACTION}$",
        {"minimum": 0, "exclusiveMaximum": 1},
        'A fraction from 0 to less than 1: "0.1" is a tenth.',
    ),
]
"""A fraction from 0 to less than 1."""

Multiple = Annotated[
    Decimal,
    Field(ge=0, lt=10),
    BeforeValidator(parse_decimal),
    _schema(
        rf"^(0{{0,{MAX_NUMBER_DIGITS - 1}}}[0-9]{_FRACTION}|{_NEGATIVE_ZERO})$",
        {"minimum": 0, "exclusiveMaximum": 10},
        'A multiple or a margin, from 0 to less than 10: "0.2" is a fifth.',
    ),
]
"""A multiple or a margin, from 0 to less than 10."""

Amount = Annotated[
    Decimal,
    Field(ge=0, lt=10**AMOUNT_DIGITS),
    BeforeValidator(parse_decimal),
    _schema(
        rf"^(0{{0,{MAX_NUMBER_DIGITS - AMOUNT_DIGITS}}}[0-9]{{1,{AMOUNT_DIGITS}}}{_FRACTION}|{_NEGATIVE_ZERO})$",
        {"minimum": 0, "exclusiveMaximum": 10**AMOUNT_DIGITS},
        'An amount of money, such as "300000" or "1500.50".',
    ),
]
"""An amount of money, from 0 to less than a million million."""

SignedAmount = Annotated[
    Decimal,
    Field(gt=-(10**AMOUNT_DIGITS), lt=10**AMOUNT_DIGITS),
    BeforeValidator(parse_decimal),
    _schema(
        rf"^-?0{{0,{MAX_NUMBER_DIGITS - AMOUNT_DIGITS}}}[0-9]{{1,{AMOUNT_DIGITS}}}{_FRACTION}$",
        {"exclusiveMinimum": -(10**AMOUNT_DIGITS), "exclusiveMaximum": 10**AMOUNT_DIGITS},
        'An amount of money that may be below 0, such as "-1500.50".',
    ),
]
"""An amount of money, above minus a million million and below a million million."""

PositiveAmount = Annotated[Decimal, Field(gt=0, lt=10**AMOUNT_DIGITS), BeforeValidator(parse_decimal)]
"""An amount of money above 0."""

Growth = Annotated[
    Decimal,
    Field(ge=-1, lt=10),
    BeforeValidator(parse_decimal),
    _schema(
        rf"^(-(0{{1,{MAX_NUMBER_DIGITS}}}{_FRACTION}|{_ONE})|0{{0,{MAX_NUMBER_DIGITS - 1}}}[0-9]{_FRACTION})$",
        {"minimum": -1, "exclusiveMaximum": 10},
        'A change as a fraction, from -1 to less than 10: "0.3" is a rise by 30 per cent.',
    ),
]
"""A change as a fraction, from -1 (nothing is left) to less than 10."""

YearlyChange = Annotated[
    Decimal,
    Field(gt=-1, lt=1),
    BeforeValidator(parse_decimal),
    _schema(
        rf"^-?0{{1,{MAX_NUMBER_DIGITS}}}{_FRACTION}$",
        {"exclusiveMinimum": -1, "exclusiveMaximum": 1},
        'A change from each year to the next as a fraction, above -1 and below 1: "0.03" is three per cent more.',
    ),
]
"""A change from each year to the next as a fraction, above -1 and below 1."""

Lives = Annotated[Decimal, Field(gt=0, lt=10**AMOUNT_DIGITS), BeforeValidator(parse_decimal)]
"""A number of survivors in a life table, above 0."""

MAX_AGE = 120

Age = Annotated[int, Field(ge=0, le=MAX_AGE), BeforeValidator(parse_whole)]
"""Completed years."""

Persons = Annotated[int, Field(ge=0, le=MAX_PERSONS), BeforeValidator(parse_whole)]
"""A number of persons."""

Whole = Annotated[int, Field(ge=0, le=1_000_000), BeforeValidator(parse_whole)]
"""A number of things that are counted."""

Years = Annotated[
    Decimal,
    Field(ge=0, lt=100),
    BeforeValidator(parse_decimal),
    _schema(
        rf"^0{{0,{MAX_NUMBER_DIGITS - 2}}}[0-9]{{1,2}}{_FRACTION}$",
        {"minimum": 0, "exclusiveMaximum": 100},
        'A number of years, completed or not, such as "2.5".',
    ),
]
"""A time in years, from 0 to less than 100."""

Year = Annotated[int, Field(ge=1900, le=2100), BeforeValidator(parse_whole)]
"""A year of the calendar."""
