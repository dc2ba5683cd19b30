"""Canonical JSON: one text for one content."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tables.canonical import canonical_json, sha256
from tables.numbers import parse_json

unhurried = settings(deadline=None)

texts = st.text(st.characters(exclude_categories=["Cs"]))
without_decimals = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
decimals = st.builds(
    lambda coefficient, exponent: Decimal(coefficient).scaleb(exponent),
    st.integers(-(10**20), 10**20),
    st.integers(-20, 15),
)


def test_a_known_content_has_its_known_text_and_hash() -> None:
    content = {
        "rate": Decimal("0.0600"),
        "amounts": {"B": Decimal("1E+5"), "A": Decimal("90000.00"), "a": Decimal("-0.0")},
        "ខ្មែរ": "រៀល",
        "é": ["b", "a", 12, True, None, {}, []],
        "quoted": 'a "b"\n\\/',
        "10": Decimal("0.000000000001"),
        "9": Decimal("123456789012345.12345678901234567890"),
    }
    text = (
        '{"10":"0.000000000001","9":"123456789012345.1234567890123456789","amounts":{"A":"90000","B":"100000","a":"0"},'
        '"quoted":"a \\"b\\"\\n\\\\/","rate":"0.06","é":["b","a",12,true,null,{},[]],"ខ្មែរ":"រៀល"}'
    ).encode()
    assert canonical_json(content) == text
    assert sha256(canonical_json(content)) == hashlib.sha256(text).hexdigest()


@unhurried
@given(without_decimals)
def test_keys_are_sorted_and_nothing_is_escaped_or_spaced(value: Any) -> None:
    expected = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert canonical_json(value) == expected.encode()


@unhurried
@given(without_decimals)
def test_canonical_text_read_again_is_its_own_canonical_text(value: Any) -> None:
    text = canonical_json(value)
    assert canonical_json(parse_json(text)) == text


@unhurried
@given(st.dictionaries(texts, st.integers(0, 9) | texts, min_size=2))
def test_the_order_of_keys_in_does_not_matter(value: dict[str, Any]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


@unhurried
@given(decimals, st.integers(0, 5))
def test_a_decimal_has_one_plain_and_exact_text(value: Decimal, zeros: int) -> None:
    text = canonical_json(value).decode().strip('"')
    assert Decimal(text) == value
    assert "e" not in text.lower()
    assert not ("." in text and text.endswith(("0", ".")))
    assert text != "-0"
    respelt = Decimal(f"{value:f}{'' if '.' in f'{value:f}' else '.'}{'0' * zeros}")
    assert canonical_json(respelt).decode().strip('"') == text


@pytest.mark.parametrize(
    "value",
    [{1, 2}, object(), b"bytes", 1 + 2j, {"a": [Decimal(1), {2}]}, {1: "a key that is no string"}, "\ud800", 2**64],
)
def test_what_json_does_not_have_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)
