"""Kinds of table: what is refused, what is kept, and that nothing of a content goes unused."""

import dataclasses
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import ValidationError

from tables.kinds import DEFAULT_TABLES, KINDS
from tables.snapshot import canonical_content
from tests.tables.contents import (
    NAMES,
    SHIPPED,
    Path,
    exact,
    is_decimal,
    is_whole,
    mapped,
    nodes,
    pointer,
    renamed,
    replaced,
    shipped,
    without,
)

each_shipped_version = pytest.mark.parametrize("name", NAMES)

_EXCEPTIONS = "/insured/additional_66_75/hospitalization_rate_exceptions"
_LIFE = "who-cambodia-2006@1"

MAY_BE_ABSENT = {
    # An abridged table may have any ages.
    _LIFE: {pointer(path) for path, _ in nodes(shipped(_LIFE)[1]) if len(path) == 2},
    "mba-pricing-basis@1": {_EXCEPTIONS}
    | {f"{_EXCEPTIONS}/{package}" for package in "CDEF"}
    | {f"{_EXCEPTIONS}/{package}/erratum" for package in "CDEF"},
}

NEVER_A_DECIMAL: list[Any] = [
    *(True, 0.5, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), None, [], {}),
    *["០.៥", "០", "0_1", "1E-1", "1e0", "+0.5", "--1", "0,5", ".5", "5.", "0x1", "1/2", "NaN", "Infinity", "abc"],
    *("", " 0.5", "0.5 ", "0.5\n"),
]
NEVER_WHOLE = [True, 1.0, "1", "១", "1_0", " 1", Decimal("1.5"), Decimal("Infinity"), None, [], {}]
NEVER_A_BOOL = [0, 1, "true", "false", "yes", Decimal(1), None, [], {}]
NEVER_A_NAME = ["", "x", 1, True, None, [], {}]
NEVER_AN_OBJECT: list[Any] = [None, "x", 1, True, [], [{}]]
NEVER_A_LIST = [None, "suicide", 1, {}, {"0": "suicide"}]


def valid(kind: str, content: Any) -> bool:
    """Whether content is accepted. Anything raised but a ValidationError fails the test."""
    try:
        canonical_content(kind, content)
    except ValidationError:
        return False
    return True


def assumptions(kind: str, content: Any) -> Any:
    """What the formulas take."""
    return canonical_content(kind, content)[1]


def keys(content: Any) -> Iterator[Path]:
    """Paths of every key of every object."""
    return (path for path, _ in nodes(content) if path and isinstance(path[-1], str))


def test_every_kind_is_shipped_and_has_a_default_table_of_its_own() -> None:
    assert {kind for kind, _ in SHIPPED.values()} == set(KINDS) == set(DEFAULT_TABLES)
    assert {SHIPPED[f"{table}@1"][0]: table for table in DEFAULT_TABLES.values()} == dict(DEFAULT_TABLES)


@each_shipped_version
def test_content_keeps_its_canonical_form(name: str) -> None:
    kind, content = shipped(name)
    assert canonical_content(kind, content)[0].decode() == SHIPPED[name][1].content


@each_shipped_version
def test_one_content_has_one_canonical_form_however_it_is_spelt(name: str) -> None:
    kind, content = shipped(name)
    canonical = canonical_content(kind, content)[0]
    with_zeros = mapped(
        content, lambda leaf: f"{Decimal(leaf):f}{'0' if '.' in leaf else '.0'}" if is_decimal(leaf) else leaf
    )
    as_numbers = mapped(exact(content), lambda leaf: Decimal(f"{leaf}.0") if is_whole(leaf) else leaf)
    assert with_zeros != content
    assert canonical_content(kind, with_zeros)[0] == canonical
    assert canonical_content(kind, as_numbers)[0] == canonical


def misspellings(key: str) -> set[str]:
    """A key with a letter too many, in the other case, with a space, with a zero in front."""
    return {f"{key}x", f" {key}", f"0{key}", key.swapcase()} - {key}


@each_shipped_version
def test_a_misspelt_key_is_refused_wherever_it_is(name: str) -> None:
    kind, content = shipped(name)
    misspelt = [(path, key) for path in keys(content) for key in misspellings(str(path[-1]))]
    assert len(misspelt) >= 3 * len(list(keys(content))) > 0
    assert [each for each in misspelt if valid(kind, renamed(content, *each))] == []


@each_shipped_version
def test_a_surplus_key_is_refused_in_every_object(name: str) -> None:
    kind, content = shipped(name)
    objects = [path for path, node in nodes(content) if isinstance(node, dict)]
    assert [pointer(path) for path in objects if valid(kind, replaced(content, (*path, "surplus"), "1"))] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_object_that_a_kind_describes_is_closed(kind: str) -> None:
    described = [node for _, node in nodes(KINDS[kind].model_json_schema()) if isinstance(node, dict)]
    objects = [node for node in described if node.get("type") == "object"]
    assert objects
    for node in objects:
        assert node.get("additionalProperties") is False or "propertyNames" in node or "patternProperties" in node, node


@each_shipped_version
def test_every_key_is_required_but_the_listed_ones(name: str) -> None:
    kind, content = shipped(name)
    optional = {pointer(path) for path in keys(content) if valid(kind, without(content, path))}
    assert optional == MAY_BE_ABSENT.get(name, set())


_INSURED = "primary_member secondary_member child additional_15_65 additional_66_75"
_CIRCUMSTANCES = "suicide hunting motor_race contagious_disease illegal_activity act_against_state wilful_accident"
NAMES_IN = {
    "life_table": {"uniform_distribution_of_deaths", "both female male"},
    "loadings": {_INSURED},
    "packages": {
        "KHR",
        "A B C D E F",
        _INSURED,
        "additional_15_65 additional_66_75",
        "couple single_parent couple_with_children single",
        "natural_death funeral_assistance_1_14 funeral_assistance_66_75",
        _CIRCUMSTANCES,
    },
    "pricing_basis": {_INSURED, "A B C D E F"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_names_that_a_kind_knows_are_these(kind: str) -> None:
    described = [node for _, node in nodes(KINDS[kind].model_json_schema()) if isinstance(node, dict)]
    known = {" ".join(node.get("enum", [node.get("const")])) for node in described if {"enum", "const"} & set(node)}
    assert known == NAMES_IN[kind]


def wrong_values(leaf: Any) -> list[Any]:
    """What can stand in no place of this type."""
    if isinstance(leaf, bool):
        return NEVER_A_BOOL
    if isinstance(leaf, int):
        return NEVER_WHOLE
    if isinstance(leaf, dict):
        return NEVER_AN_OBJECT
    if isinstance(leaf, list):
        return NEVER_A_LIST
    return NEVER_A_DECIMAL if is_decimal(leaf) else NEVER_A_NAME


@each_shipped_version
def test_a_value_of_the_wrong_type_is_refused_wherever_it_is(name: str) -> None:
    kind, content = shipped(name)
    accepted = [
        (pointer(path), wrong)
        for path, node in nodes(content)
        for wrong in wrong_values(node)
        if not (wrong is None and path[-1:] in {("erratum",), ("hospitalization_rate_exceptions",)})
        if valid(kind, replaced(content, path, wrong))
    ]
    assert accepted == []


_TINY = "0.00000000000000000001"
_NINES = "99999999999999999999"
_RATE = (["0", "1", "1.0", _TINY], ["-0.1", f"-{_TINY}", "1.00000000000000000001", "2"])
_MULTIPLE = (["0", _TINY, f"9.{_NINES}"], [f"-{_TINY}", "10", "10.5"])
_AMOUNT = (["0", _TINY, f"999999999999.{_NINES}"], [f"-{_TINY}", "1000000000000"])
_WHOLE: tuple[list[Any], list[Any]] = ([0, 1_000_000], [-1, 1_000_001])
_AGES: tuple[list[Any], list[Any]] = (
    [{"first_age": 0, "last_age": 0}, {"first_age": 120, "last_age": 120}, {"first_age": 0, "last_age": 120}],
    [{"first_age": -1, "last_age": 5}, {"first_age": 120, "last_age": 121}, {"first_age": 6, "last_age": 5}],
)

# By kind and the beginning of a pointer; the first that fits holds.
BOUNDS: dict[str, dict[str, tuple[list[Any], list[Any]]]] = {
    "loadings": {"/": _RATE},
    "packages": {
        "/basic_benefit/": _AMOUNT,
        "/benefits/hospitalization_maximum_days": _WHOLE,
        "/benefits/": _MULTIPLE,
        "/plan_types/": _WHOLE,
        "/additional_codes/": _WHOLE,
        "/rules/": _WHOLE,
    },
    "pricing_basis": {
        "/safety_margin": _MULTIPLE,
        "/children_per_family": _MULTIPLE,
        "/payments_per_year": ([1, 1_000_000], [0, -1, 1_000_001]),
        "/": _RATE,
    },
    "life_table": {
        "/survivors/0": ([f"999999999999.{_NINES}", "93515"], ["1000000000000", "93514.99"]),
        "/survivors/100": ([_TINY, "708"], ["0", "-1", "708.00000000000000000001"]),
    },
}


@each_shipped_version
def test_every_figure_is_bounded_on_both_sides(name: str) -> None:
    kind, content = shipped(name)
    inner_survivors = {f"/survivors/{age}" for age in content.get("survivors", {}) if age not in {"0", "100"}}
    unbounded = set()
    for path, node in nodes(content):
        bands = isinstance(node, dict) and "first_age" in node
        within_band = path[-1:] in {("first_age",), ("last_age",)}
        if not (bands or is_decimal(node) or is_whole(node)) or within_band:
            continue
        found = next((bounds for start, bounds in BOUNDS[kind].items() if pointer(path).startswith(start)), None)
        if bands:
            found = _AGES
        if found is None:
            unbounded.add(pointer(path))
            continue
        inside, outside = found
        assert [each for each in inside if not valid(kind, replaced(content, path, each))] == [], path
        assert [each for each in outside if valid(kind, replaced(content, path, each))] == [], path
    assert unbounded == inner_survivors


def test_survivors_may_stay_equal_and_never_increase() -> None:
    kind, content = shipped(_LIFE)
    ages = sorted(content["survivors"], key=int)
    for younger, older in pairwise(ages):
        level = content["survivors"][younger]
        assert valid(kind, replaced(content, ("survivors", older), level))
        assert not valid(kind, replaced(content, ("survivors", older), f"{level}.00000000000000000001"))


@pytest.mark.parametrize(
    ("survivors", "accepted"),
    [
        ({}, False),
        ({"0": "2"}, False),
        ({"0": "2", "1": "1"}, True),
        ({"119": "2", "120": "1"}, True),
        ({"0": "3", "1": "2", "121": "1"}, False),
        ({"0": "3", "-1": "4", "1": "2"}, False),
        ({"0": "3", "01": "2"}, False),
        ({"0": "3", "1.0": "2"}, False),
        ({"0": "3", "១": "2"}, False),
        ({"0": "3", "1\n": "2"}, False),
        ({"9": "1", "10": "2"}, False),
        ({"10": "1", "9": "2"}, True),
    ],
)
def test_survivors_are_keyed_by_two_or_more_ages_from_0_to_120(survivors: dict[str, str], *, accepted: bool) -> None:
    kind, content = shipped(_LIFE)
    assert valid(kind, replaced(content, ("survivors",), survivors)) is accepted


def test_ages_are_ordered_as_numbers() -> None:
    kind, content = shipped(_LIFE)
    table = assumptions(kind, replaced(content, ("survivors",), {"100": "1", "9": "3", "10": "2"}))
    assert list(table.survivors.items()) == [(9, Decimal(3)), (10, Decimal(2)), (100, Decimal(1))]


def test_two_plan_types_for_one_household_are_refused() -> None:
    kind, content = shipped("mba-packages@1")
    for flag in ("secondary_member", "children"):
        form = content["plan_types"]["single"]
        assert not valid(kind, replaced(content, ("plan_types", "single"), {**form, flag: True}))


def test_mortality_is_a_band_of_ages_or_a_rate_and_the_rate_stands_first() -> None:
    kind, content = shipped("mba-pricing-basis@1")
    band, rate = {"first_age": 43, "last_age": 44}, "0.011"
    child = ("insured", "child")
    neither = {"hospitalization_rate": "0.1"}
    both = {**neither, "mortality_ages": band, "mortality_rate": rate}
    assert not valid(kind, replaced(content, child, neither))
    assert assumptions(kind, replaced(content, child, both)).insured["child"].mortality == Decimal(rate)
    zero = {**both, "mortality_rate": "0"}
    assert assumptions(kind, replaced(content, child, zero)).insured["child"].mortality == 0


@pytest.mark.parametrize(
    ("code", "accepted"),
    [("suan-2009-e1", True), ("suan-2009-e10", True), ("suan-2009", False), ("suan-2009-e", False), ("-E1", False)],
)
def test_an_erratum_is_named_by_its_code(code: str, *, accepted: bool) -> None:
    kind, content = shipped("mba-pricing-basis@1")
    path = ("insured", "additional_66_75", "hospitalization_rate_exceptions", "C", "erratum")
    assert valid(kind, replaced(content, path, code)) is accepted


def another(path: Path, leaf: Any) -> Any:
    """Another value that can stand in the same place."""
    if isinstance(leaf, bool):
        return not leaf
    if is_decimal(leaf):
        return str(Decimal(leaf) - Decimal(_TINY))
    return leaf - 1 if path[-1] == "first_age" else leaf + 1


@each_shipped_version
def test_every_number_and_flag_is_used(name: str) -> None:
    kind, content = shipped(name)
    before = assumptions(kind, content)
    changed = [
        (pointer(path), replaced(content, path, another(path, leaf)))
        for path, leaf in nodes(content)
        if is_decimal(leaf) or is_whole(leaf) or (isinstance(leaf, bool) and path[0] != "plan_types")
    ]
    assert changed
    assert [where for where, content in changed if assumptions(kind, content) == before] == []


@pytest.mark.parametrize("flag", ["secondary_member", "children"])
def test_flags_of_plan_types_are_used(flag: str) -> None:
    kind, content = shipped("mba-packages@1")
    forms = {name: {**form, flag: not form[flag]} for name, form in content["plan_types"].items()}
    after = assumptions(kind, replaced(content, ("plan_types",), forms)).plan_types
    assert {name: getattr(form, flag) for name, form in after.items()} == {n: form[flag] for n, form in forms.items()}


def as_formulas_see(kind: str, content: Any) -> Any:
    """Content as its assumptions should spell it: less what no formula uses, with the formulas' own names."""
    expected = exact(content)
    if kind == "life_table":
        return {"survivors": expected["survivors"]}
    if kind == "pricing_basis":
        for rates in expected["insured"].values():
            rates["mortality"] = (
                rates.pop("mortality_rate") if "mortality_rate" in rates else rates.pop("mortality_ages")
            )
            rates.setdefault("hospitalization_rate_exceptions", {})
    return expected


def spelt(assumption: Any) -> Any:
    """Frozen assumptions as plain objects, keys as text."""
    if dataclasses.is_dataclass(assumption):
        return {field.name: spelt(getattr(assumption, field.name)) for field in dataclasses.fields(assumption)}
    if isinstance(assumption, Mapping):
        return {str(key): spelt(value) for key, value in assumption.items()}
    return list(assumption) if isinstance(assumption, tuple) else assumption


@each_shipped_version
def test_assumptions_say_what_the_content_says(name: str) -> None:
    kind, content = shipped(name)
    assert spelt(assumptions(kind, content)) == as_formulas_see(kind, content)


def parts(assumption: Any) -> Iterator[Any]:
    """An assumption and all that it holds."""
    yield assumption
    if dataclasses.is_dataclass(assumption):
        for field in dataclasses.fields(assumption):
            yield from parts(getattr(assumption, field.name))
    elif isinstance(assumption, Mapping):
        for value in assumption.values():
            yield from parts(value)


@each_shipped_version
def test_assumptions_cannot_be_changed(name: str) -> None:
    for part in parts(assumptions(*shipped(name))):
        if dataclasses.is_dataclass(part):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(part, dataclasses.fields(part)[0].name, None)
        else:
            assert isinstance(part, Decimal | int | str | tuple | MappingProxyType) or part is None
