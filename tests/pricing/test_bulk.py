"""The kernel of rolls against exact decimals: every row's own amount, its place among the rows, the ends of all ranges.

The amounts are those of the independent implementation, or stated here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.bulk import columns, tariff
from pricing.bulk.answers import Answer, Answers, Included, Priced, Refused, coverage_premiums
from pricing.bulk.cells import Limits
from pricing.bulk.columns import Column, different
from pricing.bulk.roll import Roll, quoted
from pricing.bulk.tariff import Tariff
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.quotes import PlanPremium
from tests import reference
from tests.reference import PLANS

DAY = date(2026, 12, 1)
PACKAGES = "ABCDEF"
LIMITS = Limits(tuple(PACKAGES), tuple(PLANS), additional_persons=20, household=40, age=120)

some = settings(max_examples=60, derandomize=True, database=None, deadline=None)


@pytest.fixture(scope="module")
def roll(published: MbaAssumptions) -> Roll:
    shared = Tariff(published)
    return Roll(lambda _: shared, DAY, LIMITS)


def column(values: Sequence[Any]) -> Column:
    """A column in which every row has a value of its own."""
    return Column(np.arange(len(values), dtype=np.int64), values)


def answered(roll: Roll, rows: Sequence[Mapping[str, Any]]) -> list[Answer]:
    """Rows of plans, answered in one block."""
    names = {name for row in rows for name in row}
    found = roll.plans({name: column([row.get(name) for row in rows]) for name in names}, len(rows))
    return [found.different[each] for each in found.index.tolist()]


def amounts(answer: Answer) -> tuple[str, str]:
    assert isinstance(answer, Priced), answer
    return format(answer.monthly_premium, "f"), format(answer.monthly_premium_exact, "f")


def reference_amounts(package: str, plan_type: str, adults: int = 0, elders: int = 0) -> tuple[str, str]:
    body = {
        "package": package,
        "plan_type": plan_type,
        "additional_persons": {"15-65": adults, "66-75": elders},
        "as_of": DAY.isoformat(),
    }
    found = reference.quote(body)
    assert isinstance(found, reference.Priced)
    return found.fields["monthly_premium"], found.fields["monthly_premium_exact"]


def reason(answer: Answer) -> tuple[str, str | None]:
    assert isinstance(answer, Refused), answer
    return answer.code, answer.column


def test_every_package_and_plan(roll: Roll) -> None:
    asked = [(package, plan, adults, 20 - adults) for package in PACKAGES for plan in PLANS for adults in (0, 7, 20)]
    names = ("package", "plan_type", "additional_15_65", "additional_66_75")
    rows = [dict(zip(names, each, strict=True)) for each in asked]
    assert [amounts(each) for each in answered(roll, rows)] == [reference_amounts(*each) for each in asked]


WRITTEN = st.sampled_from([str, int, float, Decimal, lambda number: f" {number}.0 "])
PLAN = st.tuples(st.sampled_from(PACKAGES), st.sampled_from(sorted(PLANS)), st.integers(0, 20), st.integers(0, 20))


@some
@given(st.lists(st.tuples(PLAN, WRITTEN), min_size=1, max_size=30))
def test_random_rows_have_each_their_own_amount(roll: Roll, drawn: list[tuple[Any, Any]]) -> None:
    rows = [
        {"package": package, "plan_type": plan, "additional_15_65": form(adults), "additional_66_75": form(elders)}
        for (package, plan, adults, elders), form in drawn
    ]
    assert [amounts(each) for each in answered(roll, rows)] == [reference_amounts(*plan) for plan, _ in drawn]


# Ties and large amounts


@pytest.fixture
def at(published: MbaAssumptions, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The answer to a plan whose unrounded monthly premium is stated, and its row in Arrow."""

    def priced(amount: str) -> tuple[Answer, dict[str, Any]]:
        premium = PlanPremium({}, Decimal(0), Decimal(amount))
        monkeypatch.setattr(tariff, "plan_premium", lambda *_: premium)
        shared = Tariff(published)
        own = Roll(lambda _: shared, DAY, LIMITS)
        (row,) = quoted(pa.record_batch({"package": ["F"], "plan_type": ["single"]}), own, 1).to_pylist()
        return answered(own, [{"package": "F", "plan_type": "single"}])[0], row

    return priced


@pytest.mark.parametrize(
    ("amount", "riel", "exact"),
    [
        ("0.5", "1", "0.500000000000"),
        ("2.5", "3", "2.500000000000"),
        ("1693.5", "1694", "1693.500000000000"),
        ("1693.499999999999999", "1693", "1693.500000000000"),  # each from the unrounded value
        ("0.0000000000005", "0", "0.000000000001"),
        ("0.00000000000049999", "0", "0.000000000000"),
        ("999999999999999999.4", "999999999999999999", "999999999999999999.400000000000"),
    ],
)
def test_ties_round_up_and_every_digit_reaches_arrow(at: Any, amount: str, riel: str, exact: str) -> None:
    answer, row = at(amount)
    assert amounts(answer) == (riel, exact)
    assert (row["monthly_premium"], row["monthly_premium_exact"]) == (Decimal(riel), Decimal(exact))
    assert row["status"] == "priced"


@pytest.mark.parametrize("amount", ["1000000000000000000", "1e30"])
def test_an_amount_without_room_for_its_decimals_refuses_its_row(at: Any, amount: str) -> None:
    answer, row = at(amount)
    assert reason(answer) == ("amount_too_large", None)
    assert (row["status"], row["code"], row["monthly_premium"]) == ("refused", "amount_too_large", None)


def test_large_benefits_refuse_a_row_as_they_refuse_a_quote(published: MbaAssumptions) -> None:
    packages = replace(published.packages, basic_benefit={**published.packages.basic_benefit, "A": Decimal("1e24")})
    shared = Tariff(replace(published, packages=packages))
    rows = [{"package": each, "plan_type": "single"} for each in "AF"]
    first, second = answered(Roll(lambda _: shared, DAY, LIMITS), rows)
    assert reason(first) == ("amount_too_large", None)
    assert amounts(second) == reference_amounts("F", "single")


def test_components_are_the_coverages_of_everybody(roll: Roll) -> None:
    (answer,) = answered(roll, [{"package": "F", "plan_type": "couple", "additional_66_75": 3}])
    assert isinstance(answer, Priced)
    assert abs(sum(coverage_premiums(answer).values()) - answer.monthly_premium_exact) < Decimal("0.02")


# Ranges

NO_COUNTS = [21, -1, 1.5, "1.5", "1e1", 10**15, 2**63, float("inf"), True, Decimal("1e999999"), "២", ()]


@pytest.mark.parametrize("name", ["additional_15_65", "additional_66_75"])
@pytest.mark.parametrize("value", NO_COUNTS)
def test_what_is_no_count_refuses_its_row_alone(roll: Roll, name: str, value: Any) -> None:
    plan = {"package": "F", "plan_type": "single"}
    before, refused, after = answered(roll, [plan, {**plan, name: value}, plan])
    assert amounts(before) == amounts(after) == reference_amounts("F", "single")
    assert reason(refused) == ("invalid_request", name)


def household(roll: Roll, persons: Sequence[tuple[str, Any]]) -> list[Answer]:
    found = roll.persons(
        {
            "package": column(["F"] * len(persons)),
            "relation": column([relation for relation, _ in persons]),
            "age": column([age for _, age in persons]),
        },
        len(persons),
        np.array([0], dtype=np.int64),
        {},
    )
    return [found.different[each] for each in found.index.tolist()]


def test_a_household_of_forty_is_priced_and_one_of_forty_one_is_not(roll: Roll) -> None:
    forty = [("member", 40), ("spouse", 38), *[("child", 1 + each % 14) for each in range(38)]]
    member, *others = household(roll, forty)
    assert amounts(member) == reference_amounts("F", "couple_with_children")
    assert others == [Included()] * 39
    assert {reason(each) for each in household(roll, [*forty, ("child", 3)])} == {("invalid_request", "household_id")}


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        ({"member": 18}, ("F", "single", 0, 0)),
        ({"member": 60, "child": 1}, ("F", "single_parent", 0, 0)),
        ({"member": 30, "spouse": 65, "child": 14}, ("F", "couple_with_children", 0, 0)),
        ({"member": 30, "spouse": 66, "parent": 75}, ("F", "single", 0, 2)),
        ({"member": 30, "parent": 65, "child": 15}, ("F", "single", 2, 0)),
    ],
)
def test_both_sides_of_every_age(roll: Roll, ages: dict[str, int], expected: tuple[str, str, int, int]) -> None:
    assert amounts(household(roll, list(ages.items()))[0]) == reference_amounts(*expected)


@pytest.mark.parametrize("age", [17, 61, 66, 120])
def test_a_member_too_young_or_too_old_refuses_the_household(roll: Roll, age: int) -> None:
    assert {reason(each)[0] for each in household(roll, [("member", age), ("child", 5)])} == {"not_eligible"}


@pytest.mark.parametrize("age", [121, -1, "40.5", 2**63, "x"])
def test_what_is_no_age_refuses_the_household(roll: Roll, age: Any) -> None:
    found = household(roll, [("member", 40), ("child", age)])
    assert [each.code for each in found if isinstance(each, Refused)] == ["invalid_request"] * 2


# Numbering rows by what they ask

MOST_ROWS = 12
SIZES = st.sampled_from([1, 2, 3, 100, 2**20, 2**31, 2**53, (2**63 - 1) // MOST_ROWS])


class Many(Sequence[Any]):
    """So many values, of which nobody looks at one."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: Any) -> Any:
        raise AssertionError(place)


@st.composite
def coded(draw: st.DrawFn) -> tuple[list[Column], int]:
    """Columns of few rows and up to any number of values."""
    rows = draw(st.integers(1, MOST_ROWS))
    found = []
    for size in draw(st.lists(SIZES, min_size=1, max_size=6)):
        ends = st.sampled_from(sorted({0, size // 2, size - 1}))
        codes = draw(st.lists(ends | st.integers(0, size - 1), min_size=rows, max_size=rows))
        found.append(Column(np.array(codes, dtype=np.int64), Many(size)))
    return found, rows


@settings(some, max_examples=300)
@given(coded(), st.sampled_from([0, columns._FEW_KEYS]))
def test_combinations_of_any_number_are_told_apart(drawn: tuple[list[Column], int], few: int) -> None:
    asked, rows = drawn
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "_FEW_KEYS", few)
        index, firsts = different(asked, rows)
    combinations = list(zip(*(each.codes.tolist() for each in asked), strict=True))
    assert [combinations[first] for first in firsts[index].tolist()] == combinations
    assert len(firsts) == len(set(combinations))
    assert all(combinations.index(combinations[first]) == first for first in firsts.tolist())


def test_rows_that_could_not_be_read_are_refused_whatever_they_would_have_been() -> None:
    one, other, unreadable = Included(), Refused("not_eligible", "Too old."), Refused("malformed_row", "Cut off.")
    answers = Answers(np.array([0, 1, 0]), [one, other])
    refusing = answers.refusing({2: unreadable, 1: unreadable})
    assert [refusing.different[which] for which in refusing.index] == [one, unreadable, unreadable]
    assert answers.index.tolist() == [0, 1, 0]
    assert answers.refusing({}) is answers
    assert unreadable.column is None
