"""Figures of assumptions by path: they are the contents' own, and one changed leaves the others."""

from decimal import Decimal
from typing import Any

import pytest

from pricing.effects import largest_first
from pricing.leaves import Bounds, leaves, with_figures
from pricing.shi.sensitivity import Effect
from tables.snapshot import canonical_content
from tests.tables.contents import exact, is_decimal, is_whole, nodes, replaced, shipped

SHI = (
    "shi-nssf-basis@1",
    "shi-maternity-basis@1",
    "shi-sickness-basis@1",
    "shi-sickness-basis-corrected@1",
    "shi-nssfc-basis@1",
    "shi-nssfc-basis-corrected@1",
)


def assumptions(name: str, content: Any = None) -> Any:
    kind, published = shipped(name)
    return canonical_content(kind, published if content is None else content)[1]


@pytest.mark.parametrize("name", SHI)
def test_every_figure_of_a_table_has_its_path_in_the_content(name: str) -> None:
    _, content = shipped(name)
    figures = {path: leaf for path, leaf in nodes(content) if is_whole(leaf) or is_decimal(leaf)}
    found = dict(leaves(assumptions(name)))
    assert found == exact(figures)
    assert {path: type(figure) for path, figure in found.items()} == {
        path: int if is_whole(leaf) else Decimal for path, leaf in figures.items()
    }


@pytest.mark.parametrize("name", SHI)
def test_another_figure_is_what_another_content_makes(name: str) -> None:
    _, content = shipped(name)
    for path, figure in leaves(assumptions(name)):
        other = 7 if isinstance(figure, int) else Decimal("0.75")
        if path[-2:] == ("first", "mean") or path[-2:] == ("second", "mean"):
            other = Decimal("1.75")
        text = other if isinstance(figure, int) else str(other)
        by_content = assumptions(name, without_erratum(replaced(content, path, text)))
        assert with_figures(assumptions(name, without_erratum(content)), {path: other}) == by_content


def without_erratum(content: Any) -> Any:
    """An override takes the mark off its cell; here no cell has it."""
    if not isinstance(content, dict):
        return content
    return {key: without_erratum(value) for key, value in content.items() if key != "erratum"}


def test_figures_are_changed_together_and_the_rest_stays() -> None:
    table = assumptions("shi-nssf-basis@1")
    paths = [("options", "option_1", "add_on_rate"), ("options", "option_3", "add_on_rate"), ("insured", "male")]
    changed = with_figures(table, dict.fromkeys(paths, 2))
    before, after = dict(leaves(table)), dict(leaves(changed))
    assert {path for path in before if before[path] != after[path]} == set(paths)
    assert {after[path] for path in paths} == {2}


@pytest.mark.parametrize(
    ("figure", "taken", "open_"),
    [
        ("-0.1", "must be at least 0", "must be more than 0"),
        ("0", None, "must be more than 0"),
        ("0.5", None, None),
        ("1.5", None, "must be less than 1.5"),
        ("1.6", "must be at most 1.5", "must be less than 1.5"),
    ],
)
def test_bounds_say_why_they_refuse(figure: str, taken: str | None, open_: str | None) -> None:
    lower, upper = Decimal(0), Decimal("1.5")
    assert Bounds(lower, True, upper, True).refusal(Decimal(figure)) == taken
    assert Bounds(lower, False, upper, False).refusal(Decimal(figure)) == open_


def test_the_largest_effect_comes_first_whatever_its_sign() -> None:
    def effect(name: str, size: int) -> Effect:
        return Effect((name,), 1, 2, Decimal(1), Decimal(size))

    ordered = largest_first([effect("a", 1), effect("b", -3), effect("c", 2), effect("d", -1)])
    assert [each.path[0] for each in ordered] == ["b", "c", "a", "d"]
