"""Two contents cell by cell."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.canonical import canonical_json
from tables.cells import cells, compared, number
from tests.tables.contents import NAMES, is_decimal, is_whole, nodes, pointer, replaced, shipped

DECIMALS = st.decimals(min_value=0, max_value=10**9, places=6)


def text(content: object) -> bytes:
    """Canonical JSON."""
    return canonical_json(content)


@pytest.mark.parametrize("name", NAMES)
def test_the_cells_of_a_content_are_its_leaves(name: str) -> None:
    _, content = shipped(name)
    leaves = {
        pointer(path): node
        for path, node in nodes(content)
        if path and (node in ({}, []) or not isinstance(node, dict | list))
    }
    assert dict(cells(text(content))) == leaves
    assert compared(text(content), text(content)) == ()


@pytest.mark.parametrize("name", ["mba-packages@1", "nssf-provisions@1"])
def test_one_changed_number_is_one_change(name: str) -> None:
    _, content = shipped(name)
    numbers = [(path, leaf) for path, leaf in nodes(content) if is_decimal(leaf) or is_whole(leaf)]
    assert len(numbers) > 20
    for path, leaf in numbers:
        new = leaf + 1 if is_whole(leaf) else str(Decimal(leaf) * 2 + 1)
        (change,) = compared(text(content), text(replaced(content, path, new)))
        assert (change.pointer, change.old, change.new) == (pointer(path), leaf, new)
        assert change.difference == Decimal(new) - Decimal(leaf)


def test_what_is_new_and_what_is_gone_have_no_ratio() -> None:
    gone, new = compared(b'{"a":{"x":"1"},"b":"2"}', b'{"b":"2","c":true}')
    assert (gone.pointer, gone.old, gone.new, gone.removed) == ("/a/x", "1", None, True)
    assert (new.pointer, new.old, new.new, new.removed) == ("/c", None, True, False)
    assert {gone.ratio_text, new.ratio_text, gone.difference, new.difference, gone.moved_by} == {None}


def test_a_ratio_has_twelve_places_and_nothing_is_divided_by_nothing() -> None:
    ratios = {
        change.pointer: change.ratio_text
        for change in compared(b'{"a":"3","b":"0","c":"x"}', b'{"a":"2","b":"1","c":"y"}')
    }
    assert ratios == {"/a": "0.666666666667", "/b": None, "/c": None}


@given(old=DECIMALS, new=DECIMALS)
def test_a_number_moves_by_the_part_of_the_old_one_that_it_gains_or_loses(old: Decimal, new: Decimal) -> None:
    changes = compared(text({"x": old}), text({"x": new}))
    assert bool(changes) == (old != new)
    for change in changes:
        assert change.moved_by is not None
        if old:
            assert abs(change.moved_by * old - abs(new - old)) < Decimal("1e-15")
        else:
            assert change.moved_by.is_infinite()


@pytest.mark.parametrize("cell", ["A", "", "1e3", "१", True, None, "1.", ".5", []])
def test_what_is_no_number_is_none(cell: object) -> None:
    assert number(cell) is None


def test_keys_with_slashes_are_escaped() -> None:
    assert list(cells(b'{"a/b":{"c~d":1},"e":[],"f":{}}')) == ["/a~1b/c~0d", "/e", "/f"]
