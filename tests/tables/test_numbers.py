"""Numbers as they come in: exact, bounded, in Western digits, never through a float."""

import re
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from tables.numbers import Age, Amount, Lives, Multiple, Percent, Rate, Whole, parse_decimal, parse_json, parse_whole

unhurried = settings(deadline=None)

digits = st.text("0123456789", min_size=1, max_size=15)
decimal_texts = st.builds(
    lambda sign, whole, part: f"{sign}{whole}{part and '.'}{part}",
    st.sampled_from(["", "-"]),
    digits,
    st.text("0123456789", max_size=20),
)


def accepts(kind: Any, value: Any) -> bool:
    """Whether a value is accepted. Anything raised but a ValidationError fails the test."""
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def cpu_seconds(text: bytes) -> float:
    """Processor time to read a JSON number as a decimal and as a whole number, refused or not."""
    start = time.process_time()
    try:
        number = parse_json(text)
    except ValueError:
        return time.process_time() - start
    for parse in (parse_decimal, parse_whole):
        try:
            parse(number)
        except PydanticCustomError:
            continue
    return time.process_time() - start


@unhurried
@given(decimal_texts)
def test_a_decimal_string_is_read_exactly(text: str) -> None:
    number = parse_decimal(text)
    _, given_digits, exponent = Decimal(text).as_tuple()
    assert number == Decimal(text)
    if number:
        assert number.as_tuple() == (text.startswith("-"), given_digits, exponent)


@unhurried
@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 20))
def test_a_json_number_is_read_exactly(coefficient: int, places: int) -> None:
    text = format(Decimal(coefficient).scaleb(-places), "f")
    number = parse_decimal(parse_json(text.encode()))
    assert number * 10**places == coefficient


def test_a_json_number_keeps_the_decimals_that_a_float_would_lose() -> None:
    assert str(parse_decimal(parse_json(b"0.100000000000001"))) == "0.100000000000001"
    assert str(parse_json(b"[0.1234567890123456789]")[0]) == "0.1234567890123456789"


@pytest.mark.parametrize(
    "text", ["0.123456789012345", "123456789012.345", "1234567890123.40", "0.1234567890123450", "1e14"]
)
def test_a_json_number_may_have_15_significant_digits(text: str) -> None:
    assert parse_decimal(Decimal(text)) == Decimal(text)


_16_DIGITS = [
    "0.1234567890123456",
    "1.000000000000001",
    "123456789012.3451",
    "-1234567890.123456",
    "0.0001234567890123456",
]
# Decimal's default context would round these to a few digits.
_OVER_28_DIGITS = ["100000000.00000000000000000001", "123456789012345.00000000000000000001"]


@pytest.mark.parametrize("text", _16_DIGITS + _OVER_28_DIGITS)
def test_a_json_number_with_16_or_more_significant_digits_is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError, match="send it as a string") as refusal:
        parse_decimal(Decimal(text))
    assert refusal.value.type == "decimal_digits"
    assert parse_decimal(text) == Decimal(text)


@pytest.mark.parametrize("value", [10**15 - 1, -(10**15) + 1, Decimal("1E+14"), Decimal("-9E+14")])
def test_a_number_may_have_15_digits_before_the_point(value: Any) -> None:
    assert parse_decimal(value) == value
    assert parse_decimal(f"{value:f}" if isinstance(value, Decimal) else str(value)) == value


@pytest.mark.parametrize(
    "value", [10**15, -(10**15), 1_234_567_890_123_456, Decimal("1E+15"), Decimal("-1E+15"), 10**400]
)
def test_a_number_of_16_digits_before_the_point_is_refused(value: Any) -> None:
    with pytest.raises(PydanticCustomError, match="at most 15 digits before and 20 after"):
        parse_decimal(value)
    with pytest.raises(PydanticCustomError, match="at most 15 before and 20 after"):
        parse_decimal(f"{value:f}" if isinstance(value, Decimal) else str(value))


def test_a_number_may_have_20_digits_after_the_point_and_no_more() -> None:
    assert parse_decimal(Decimal("1E-20")) == parse_decimal("0.00000000000000000001") == Decimal("1E-20")
    for value in (Decimal("1E-21"), Decimal("0.000000000000000000001"), "0.000000000000000000001"):
        with pytest.raises(PydanticCustomError, match="20 after"):
            parse_decimal(value)


@pytest.mark.parametrize("text", ["1e2", "1E2", "1e+2", "1E+02", "100", "100.0", "1000e-1", "0.1e3"])
def test_a_json_number_may_have_an_exponent(text: str) -> None:
    assert parse_decimal(parse_json(text.encode())) == 100
    assert parse_whole(parse_json(text.encode())) == 100


_WITH_SPACES = ["", " 1", "1 ", "1\n", "\t1", "1 000", "1\u200b", "\ufeff1", "1\x00"]
_IN_OTHER_FORMS = ["1e2", "1E+5", "1_000", "1,000", "+1", "--1", "-", ".", ".5", "5.", "1.2.3", "0x10", "¹", "½"]
_IN_OTHER_SCRIPTS = ["១២៣", "1៣", "૧"]
_NOT_FINITE = ["NaN", "nan", "sNaN", "Infinity", "-inf"]


@pytest.mark.parametrize("text", _WITH_SPACES + _IN_OTHER_FORMS + _IN_OTHER_SCRIPTS + _NOT_FINITE)
def test_a_string_that_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError, match="must be a decimal such as") as refusal:
        parse_decimal(text)
    assert refusal.value.type == "decimal_text"


@pytest.mark.parametrize(
    "value", [True, False, 0.5, 1.0, float("nan"), None, [], {}, b"1", Decimal("NaN"), Decimal("-Infinity")]
)
def test_what_is_no_number_is_no_decimal(value: Any) -> None:
    with pytest.raises(PydanticCustomError) as refusal:
        parse_decimal(value)
    assert refusal.value.type == "decimal_type"


@pytest.mark.parametrize(
    "zero", ["-0", "-0.0", "-000.00", "0", "0.00", 0, Decimal("-0"), Decimal("-0.0"), Decimal("0E+999999")]
)
def test_every_zero_is_the_same_zero(zero: Any) -> None:
    assert str(parse_decimal(zero)) == "0"


@pytest.mark.parametrize("text", ["63", "63.0", "63.000", "6.3e1", "630e-1"])
def test_a_whole_number_may_be_written_with_a_point_or_an_exponent(text: str) -> None:
    number = parse_whole(parse_json(text.encode()))
    assert (number, type(number)) == (63, int)


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        "63",
        "៦៣",
        63.0,
        None,
        [],
        {},
        Decimal("63.5"),
        Decimal("1E-30"),
        Decimal("1E+15"),
        Decimal("Infinity"),
        Decimal("NaN"),
    ],
)
def test_what_is_no_whole_number_is_refused(value: Any) -> None:
    with pytest.raises(PydanticCustomError, match="must be a whole number"):
        parse_whole(value)


@pytest.mark.parametrize("value", [0, -1, 10**15 - 1, Decimal(-1), Decimal("9E+14"), Decimal("-999999999999999.0")])
def test_a_whole_number_is_read_exactly(value: Any) -> None:
    assert parse_whole(value) == value


_HUGE_EXPONENTS = (
    b"1e999999 -1e999999 1e1000000 1e999999999999999999 1e-999999 1e-999999999999 0e999999999 0e-999999999".split()
)
_BEYOND_DECIMAL = [b"1e99999999999999999999999", b"-1e-99999999999999999999999"]
_MANY_DIGITS = [b"9" * 60_000, b"0." + b"1" * 60_000, b"1" * 30_000 + b".5", b"1." + b"0" * 60_000]


@pytest.mark.parametrize("text", _HUGE_EXPONENTS + _BEYOND_DECIMAL + _MANY_DIGITS)
def test_a_huge_number_costs_nothing(text: bytes) -> None:
    cpu_seconds(text)  # whatever is set up once
    assert cpu_seconds(text) < 0.05


_TWICE = [b'{"a": 1, "a": 2}', b'{"a": 1, "a": 1}', b'[{"b": {"a": 1, "c": 2, "a": 3}}]', b'{"a": 1, "\\u0061": 2}']
_NO_NUMBERS = [
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"[NaN]",
    b'{"a": Infinity}',
    b"nan",
    b"01",
    b"1.",
    b".5",
    b"+1",
    b"1_0",
]
_NO_TEXT = [
    rb'"\ud800"',
    rb'"\udc00\ud800"',
    rb'{"\ud800": 1}',
    b'"\xed\xa0\x80"',
    b'"\xff"',
    b"\xff\xfe1\x00",
    b'"\n"',
]
_DEEP = [b"[" * 60_000, b'{"a":' * 12_000, b"[" * 300 + b"]" * 300]
_NO_JSON = [b"", b" ", b"1 2", b"'a'", b"[1,]", b'{"a"}', b"\xef\xbb\xbf1", b"//1"]


@pytest.mark.parametrize("text", _TWICE + _NO_NUMBERS + _NO_TEXT + _DEEP + _NO_JSON)
def test_what_is_not_strict_json_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=" at line "):
        parse_json(text)


def test_json_is_read_as_it_stands() -> None:
    text = rb' {"a": [1, -2.50, true, false, null, "x\u1781\ud83d\ude00"], "b": {}, "c": {"a": 1}} '
    parsed = parse_json(text)
    assert parsed == {"a": [1, Decimal("-2.50"), True, False, None, "xខ😀"], "b": {}, "c": {"a": 1}}
    assert str(parsed["a"][1]) == "-2.50"
    assert parse_json(b"[" * 150 + b"]" * 150)


def pattern_of(kind: Any) -> str:
    """The pattern of the schema's string form, without its anchors."""
    string, number = TypeAdapter(kind).json_schema()["anyOf"]
    assert (string["type"], number["type"]) == ("string", "number")
    pattern: str = string["pattern"]
    assert (pattern[0], pattern[-1]) == ("^", "$")
    return pattern[1:-1]


each_described_kind = pytest.mark.parametrize(
    "kind", [Rate, Percent, Multiple, Amount], ids=["rate", "percent", "multiple", "amount"]
)


@each_described_kind
@unhurried
@given(data=st.data())
def test_every_string_that_the_schema_describes_is_accepted(kind: Any, data: st.DataObject) -> None:
    assert accepts(kind, data.draw(st.from_regex(pattern_of(kind), fullmatch=True)))


near_decimals = decimal_texts | st.text("0123456789.-+eE_ \n១", max_size=40)


@each_described_kind
@unhurried
@given(text=near_decimals)
def test_every_string_that_is_accepted_is_described_by_the_schema(kind: Any, text: str) -> None:
    assert accepts(kind, text) is (re.fullmatch(pattern_of(kind), text) is not None)


@each_described_kind
def test_schema_and_validation_agree_on_strings_of_every_length(kind: Any) -> None:
    validator, pattern = TypeAdapter(kind).validator, re.compile(pattern_of(kind))
    wholes = [
        f"{sign}{'0' * zeros}{whole}"
        for sign in ("", "-")
        for zeros in range(17)
        for whole in ("0", "1", "9", "10", "100", "101", "9" * 12, "1" + "0" * 12)
    ]
    parts = ["", *(f".{digit * places}" for digit in "09" for places in range(23))]
    texts = [whole + part for whole in wholes for part in parts]
    assert [text for text in texts if validator.isinstance_python(text) is not bool(pattern.fullmatch(text))] == []


_TINY = Decimal("1E-20")


@pytest.mark.parametrize(
    ("kind", "inside", "outside"),
    [
        (Rate, ["0", "1", "1.000", 0, 1, Decimal("1.0"), "0.99999999999999999999"], ["-0.1", -1, 2, str(1 + _TINY)]),
        (Percent, ["0", "100", "100.0", 100, "99.99999999999999999999"], ["-0.1", 101, "100.00000000000000000001"]),
        (Multiple, ["0", "9.99999999999999999999", 9], ["10", 10, "-0.00000000000000000001", -1]),
        (Amount, ["0", "999999999999.99999999999999999999", 10**12 - 1], ["1000000000000", 10**12, "-0.01", -1]),
        (Lives, [str(f"{_TINY:f}"), 1, 10**12 - 1], ["0", 0, "-0.0", -1, 10**12]),
        (Age, [0, 120, Decimal("120.0")], [-1, 121, "63", True, Decimal("120.5")]),
        (Whole, [0, 1_000_000, Decimal("1E+6")], [-1, 1_000_001, 10**400, "1", True]),
    ],
    ids=["rate", "percent", "multiple", "amount", "lives", "age", "whole"],
)
def test_each_kind_of_number_is_bounded_on_both_sides(kind: Any, inside: list[Any], outside: list[Any]) -> None:
    assert [value for value in inside if not accepts(kind, value)] == []
    assert [value for value in outside if accepts(kind, value)] == []


@each_described_kind
def test_the_schema_states_the_bounds_of_numbers_that_validation_has(kind: Any) -> None:
    number = TypeAdapter(kind).json_schema()["anyOf"][1]
    low, high = number["minimum"], number.get("maximum", number.get("exclusiveMaximum"))
    assert accepts(kind, low)
    assert not accepts(kind, Decimal(low) - Decimal("0.00001"))
    assert accepts(kind, high) is ("maximum" in number)
    assert accepts(kind, Decimal(high) - 1)
    assert not accepts(kind, Decimal(high) + 1)
