"""What-ifs: a JSON merge patch on a version's content."""

import hashlib
import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tables.errors import OverrideInvalid
from tables.numbers import parse_json
from tables.overrides import _merge, overridden
from tables.snapshot import Snapshot, Version
from tests.tables.contents import shipped

_EXCEPTIONS = "hospitalization_rate_exceptions"


@pytest.fixture
def loadings(snapshot: Snapshot) -> Version:
    """mba-loadings@1."""
    return snapshot.tables["mba-loadings"].versions[0]


@pytest.fixture
def packages(snapshot: Snapshot) -> Version:
    """mba-packages@1."""
    return snapshot.tables["mba-packages"].versions[0]


@pytest.fixture
def basis(snapshot: Snapshot) -> Version:
    """mba-pricing-basis@1, which carries suan-2009-e1."""
    return snapshot.tables["mba-pricing-basis"].versions[0]


def what_if(version: Version, patch: str) -> Any:
    """The assumptions under a patch given as JSON text."""
    return overridden("role", version, parse_json(patch.encode()))[1]


def why_not(version: Version, patch: str) -> tuple[tuple[str, str], ...]:
    """Pointers and sentences of a refused patch."""
    with pytest.raises(OverrideInvalid) as refused:
        what_if(version, patch)
    assert refused.value.role == "role"
    assert str(refused.value).startswith("overrides.role does not give a valid table: ")
    return refused.value.reasons


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [  # RFC 7396, appendix A, but for the examples that hold a null
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, "bar", "bar"),
        # and what its text says besides
        ({"a": {"b": "c", "d": "e"}}, {"a": {"b": "x"}}, {"a": {"b": "x", "d": "e"}}),
        ({"a": "c"}, {"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 1}}}),
        ([1, 2], {"a": "b"}, {"a": "b"}),
        ({"a": {"b": 1}}, {}, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {"a": {}}, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {"a": False}, {"a": False}),
    ],
)
def test_patches_are_merged_as_rfc_7396_says(target: Any, patch: Any, result: Any) -> None:
    before = deepcopy((target, patch))
    assert _merge("role", target, patch, "") == result
    assert (target, patch) == before


plain = st.recursive(
    st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
)


@settings(deadline=None)
@given(plain, plain)
def test_a_patch_merged_twice_is_merged_once_and_all_of_it_is_there(target: Any, patch: Any) -> None:
    merged = _merge("role", target, patch, "")
    assert _merge("role", merged, patch, "") == merged
    assert _merge("role", patch, patch, "") == patch
    if isinstance(patch, dict):
        assert set(merged) == set(patch) | (set(target) if isinstance(target, dict) else set())
    else:
        assert merged == patch


def test_only_the_cells_of_the_patch_change(loadings: Version) -> None:
    changed = what_if(loadings, '{"contingency": 0.06, "insured": {"child": {"expense": "0.31"}}}')
    assert (changed.equity_value, changed.contingency) == (Decimal("0.35"), Decimal("0.06"))
    expected = {name: (loading.expense, loading.commission) for name, loading in loadings.assumptions.insured.items()}
    expected["child"] = (Decimal("0.31"), Decimal("0.15"))
    assert {name: (loading.expense, loading.commission) for name, loading in changed.insured.items()} == expected


def test_a_series_keyed_by_age_is_merged_age_by_age(snapshot: Snapshot) -> None:
    life_table = snapshot.tables["who-cambodia-2006"].versions[0]
    changed = what_if(life_table, '{"survivors": {"1": "93000", "43": 81000}}').survivors
    assert {age: changed[age] for age in (0, 1, 43, 45)} == {0: 100000, 1: 93000, 43: 81000, 45: 80528}
    assert len(changed) == 23


def test_a_list_is_replaced_whole(packages: Version) -> None:
    assert what_if(packages, '{"rules": {"death_exclusions": ["hunting"]}}').rules.death_exclusions == ("hunting",)
    assert what_if(packages, '{"rules": {"death_exclusions": []}}').rules.death_exclusions == ()


def test_the_hash_is_that_of_the_merged_canonical_content(loadings: Version) -> None:
    _, content = shipped("mba-loadings@1")
    content["insured"]["child"]["expense"] = "0.31"
    expected = hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    for figure in ("0.31", "0.3100", Decimal("0.31"), Decimal("3.1E-1")):
        found, _ = overridden("loadings", loadings, {"insured": {"child": {"expense": figure}}})
        assert found == expected


def test_a_patch_that_changes_nothing_keeps_the_hash(loadings: Version) -> None:
    patches: list[Any] = [{}, {"insured": {}}, {"contingency": "0.050"}, parse_json(loadings.content)]
    for patch in patches:
        assert overridden("loadings", loadings, patch) == (loadings.sha256, loadings.assumptions)


def test_the_published_version_is_untouched(basis: Version) -> None:
    before = (basis.content, basis.sha256, deepcopy(parse_json(basis.content)), basis.assumptions.interest_rate)
    found, assumptions = overridden("pricing_basis", basis, {"interest_rate": "0.07"})
    assert assumptions.interest_rate == Decimal("0.07")
    assert found != basis.sha256
    assert (basis.content, basis.sha256, parse_json(basis.content), basis.assumptions.interest_rate) == before


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ("null", ""),
        ('{"interest_rate": null}', "/interest_rate"),
        ('{"insured": null}', "/insured"),
        ('{"insured": {"child": {"mortality_rate": null}}}', "/insured/child/mortality_rate"),
        (
            f'{{"insured": {{"additional_66_75": {{"{_EXCEPTIONS}": null}}}}}}',
            f"/insured/additional_66_75/{_EXCEPTIONS}",
        ),
        (
            f'{{"insured": {{"additional_66_75": {{"{_EXCEPTIONS}": {{"C": {{"rate": null}}}}}}}}}}',
            f"/insured/additional_66_75/{_EXCEPTIONS}/C/rate",
        ),
        ('{"secret": null}', ""),
        ('{"secret": {"interest_rate": {"secret": null}}}', ""),
        ('{"insured": {"child": {"secret": {"child": null}}}}', "/insured/child"),
        ('{"interest_rate": {"secret": null}}', "/interest_rate"),
    ],
)
def test_a_null_is_refused_wherever_it_is(basis: Version, patch: str, pointer: str) -> None:
    ((where, sentence),) = why_not(basis, patch)
    assert where == pointer
    assert sentence.startswith("holds a null, and nothing can be removed from a table")


def test_a_null_in_a_list_is_refused(packages: Version) -> None:
    ((where, _),) = why_not(packages, '{"rules": {"death_exclusions": ["hunting", null]}}')
    assert where == "/rules/death_exclusions/1"


@pytest.mark.parametrize(
    ("patch", "pointer", "sentence"),
    [
        ('{"equity_values": "0.3"}', "", "has an unknown field; its fields are contingency, equity_value, insured"),
        (
            '{"insured": {"child": {"expenses": 1}}}',
            "/insured/child",
            "has an unknown field; its fields are commission, expense",
        ),
        ('{"insured": {"children": {}}}', "/insured", "has an unknown key; its keys are 'primary_member'"),
        (
            '{"insured": {"children": {"expense": "x", "y": [1]}}}',
            "/insured",
            "has an unknown key; its keys are 'primary_member'",
        ),
        ('{"equity_value": "x"}', "/equity_value", "must be a decimal such as"),
        ('{"equity_value": true}', "/equity_value", "must be a decimal: "),
        ('{"equity_value": {"a": 1}}', "/equity_value", "must be a decimal: "),
        ('{"equity_value": 0.1234567890123456}', "/equity_value", "has more than 15 significant digits"),
        ('{"equity_value": "1.1"}', "/equity_value", "must be at most 1"),
        ('{"equity_value": -0.1}', "/equity_value", "must be at least 0"),
        ('{"insured": []}', "/insured", "must be an object"),
        ('{"insured": {"child": "x"}}', "/insured/child", "must be an object"),
        ("[]", "", "must be an object"),
        ('"x"', "", "must be an object"),
    ],
)
def test_a_patch_whose_result_is_no_valid_table_is_refused(
    loadings: Version, patch: str, pointer: str, sentence: str
) -> None:
    ((where, found),) = why_not(loadings, patch)
    assert where == pointer
    assert found.startswith(sentence)


def test_rules_that_span_cells_hold_for_the_result_too(snapshot: Snapshot, packages: Version) -> None:
    life_table = snapshot.tables["who-cambodia-2006"].versions[0]
    ((where, sentence),) = why_not(life_table, '{"survivors": {"43": "90000"}}')
    assert (where, sentence) == ("/survivors", "survivors at age 43 exceed those at age 40: they can never increase")
    ((where, sentence),) = why_not(packages, '{"ages": {"child": {"first_age": 15}}}')
    assert (where, sentence) == ("/ages/child", "first_age must not be above last_age")


_KEY, _VALUE = "Sok-Dara-1985", "012-345-678"


@settings(deadline=None)
@given(st.data())
def test_a_refusal_never_repeats_what_was_sent(snapshot: Snapshot, data: st.DataObject) -> None:
    version = snapshot.tables[data.draw(st.sampled_from(sorted(snapshot.tables)))].versions[0]
    patch: Any = data.draw(st.sampled_from([_VALUE, None, [None], [_VALUE], {_KEY: None}, {_KEY: _VALUE}, {}]))
    known = sorted({key for key in json.dumps(parse_json(version.content)).split('"') if key.strip(" :,{}[]")})
    for key in data.draw(st.lists(st.sampled_from([_KEY, *known]), min_size=1, max_size=4)):
        patch = {key: patch}
    try:
        overridden("role", version, patch)
        message = ""
    except OverrideInvalid as refused:
        message = str(refused)
    assert _KEY not in message
    assert _VALUE not in message


def marks(assumptions: Any) -> dict[str, str | None]:
    """Erratum by package."""
    exceptions = assumptions.insured["additional_66_75"].hospitalization_rate_exceptions
    return {package: rate.erratum for package, rate in exceptions.items()}


_ALL_MARKED = dict.fromkeys("CDEF", "suan-2009-e1")


def exceptions_patch(patch: Any) -> dict[str, Any]:
    """A patch on the cells that carry the erratum."""
    return {"insured": {"additional_66_75": {_EXCEPTIONS: patch}}}


def test_a_cell_that_is_overridden_no_longer_carries_its_erratum(basis: Version) -> None:
    assert marks(basis.assumptions) == _ALL_MARKED
    _, changed = overridden("pricing_basis", basis, exceptions_patch({"D": {"rate": "0.09"}}))
    assert marks(changed) == {**_ALL_MARKED, "D": None}
    rates = changed.insured["additional_66_75"].hospitalization_rate_exceptions
    assert (rates["C"].rate, rates["D"].rate) == (Decimal("0.08"), Decimal("0.09"))


@pytest.mark.parametrize(
    "patch",
    [
        {"interest_rate": "0.07"},
        {"insured": {"additional_66_75": {"hospitalization_rate": "0.11"}}},
        {"insured": {"child": {"mortality_rate": "0.01"}}},
        exceptions_patch({"A": {"rate": "0.1"}}),
        exceptions_patch({}),
        exceptions_patch({"C": {}, "D": {}}),
    ],
)
def test_other_cells_keep_their_erratum(basis: Version, patch: dict[str, Any]) -> None:
    _, changed = overridden("pricing_basis", basis, patch)
    found = marks(changed)
    assert {package: found[package] for package in "CDEF"} == _ALL_MARKED
    assert found.get("A") is None


@pytest.mark.parametrize(
    "patch", [{"erratum": "suan-2009-e1"}, {"erratum": "nobody-e99"}, {"rate": "0.09", "erratum": ""}]
)
def test_an_override_cannot_carry_an_erratum(basis: Version, patch: dict[str, Any]) -> None:
    for package in ("A", "C"):
        with pytest.raises(OverrideInvalid, match="only a published cell is one"):
            overridden("pricing_basis", basis, exceptions_patch({package: patch}))
