"""Premium scales: both sides of every limit, who pays, months, and any table against fractions."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from pricing.arithmetic import CONTEXT
from pricing.tariffs.assumptions import Tariff
from pricing.tariffs.quotes import TariffQuote, months_left, premium_of_months, tariff_quote
from pricing.tariffs.scale import NotInTariff
from pricing.trace import recording
from tables.resolution import resolve_role
from tables.snapshot import Snapshot, canonical_content
from tests.pricing.exact import agree
from tests.reference_tariffs import Refused
from tests.reference_tariffs import quote as reference

Content = dict[str, Any]
MEMBER: Content = {"premium": "100", "payers": {"member": "1"}}


def tariff(snapshot: Snapshot, scheme: str) -> Tariff:
    found: Tariff = resolve_role(snapshot, "tariff", f"tariff-{scheme}", date(2026, 12, 1), None).assumptions
    return found


def made(member: Content | None = None, **more: Any) -> Tariff:
    """A scale with one class, of families and a year unless it is said otherwise."""
    content = {
        "currency": "KHR",
        "decimal_places": 0,
        "charged_for": "family",
        "period_months": 12,
        "classes": {"member": MEMBER if member is None else member},
    }
    found: Tariff = canonical_content("tariff", content | more)[1]
    return found


def ask(
    scale: Tariff,
    persons: int | None = None,
    income: int | str | None = None,
    month: int | None = None,
    member: str | None = None,
) -> TariffQuote:
    return tariff_quote(member, persons, None if income is None else Decimal(income), month, scale)


def whole(*amounts: Decimal) -> tuple[int, ...]:
    """Amounts that are whole, and not only nearly so."""
    found = tuple(map(int, amounts))
    assert [Decimal(each) for each in found] == list(amounts)
    return found


def due(found: TariffQuote) -> tuple[int, ...]:
    """Premium, subsidy, and what the scheme receives."""
    return whole(found.premium, found.subsidy, found.total)


def refusal(scale: Tariff, **question: Any) -> tuple[str, str]:
    """Field and reason of a refusal."""
    with pytest.raises(NotInTariff) as refused:
        ask(scale, **question)
    assert str(refused.value) == f"The scheme's scale does not say: {refused.value.reason}"
    return refused.value.field, refused.value.reason


@pytest.mark.parametrize(
    ("persons", "premium"),
    [(1, 325), (5, 1625), (6, 1800), (10, 3000), (11, 3025), (12, 3300), (1000, 275_000)],
)
def test_vdrc_s_bands_begin_at_6_and_at_11(snapshot: Snapshot, persons: int, premium: int) -> None:
    assert ask(tariff(snapshot, "vdrc"), persons).premium == premium


@pytest.mark.parametrize("member", ["microfinance_member", "other_member"])
def test_brac_s_families_end_at_six(snapshot: Snapshot, member: str) -> None:
    scale = tariff(snapshot, "brac")
    premiums = {ask(scale, persons, member=member).premium for persons in range(1, 7)}
    assert premiums == {Decimal(100 if member == "microfinance_member" else 250)}
    assert refusal(scale, persons=7, member=member) == (
        "persons",
        "it ends at 6 persons, and has no premium for a larger family.",
    )


@pytest.mark.parametrize(
    ("income", "counted"),
    [("0", 200_000), ("199999.99", 200_000), ("200000", 200_000), ("200001", 200_001), ("446022", 446_022),
     ("999999", 999_999), ("1000000", 1_000_000), ("1000000.01", 1_000_000)],
)  # fmt: skip
def test_income_counts_between_floor_and_ceiling(snapshot: Snapshot, income: str, counted: int) -> None:
    assert ask(tariff(snapshot, "nssf-shi"), income=income, member="scenario_2").premium == counted * Decimal("0.034")


@pytest.mark.parametrize(
    ("bounds", "premium"),
    [({}, 5), ({"lowest": "60"}, 6), ({"lowest": "40"}, 5), ({"highest": "40"}, 4), ({"highest": "60"}, 5), (None, 5)],
)
def test_a_bound_that_is_left_out_bounds_nothing(bounds: Content | None, premium: int) -> None:
    more = {} if bounds is None else {"income": bounds}
    scale = made({"rate": "0.1"}, charged_for="income", **more)
    assert ask(scale, income="50").premium == premium


class TestWhoIsAsked:
    def test_a_class_is_needed_where_there_are_several(self, snapshot: Snapshot) -> None:
        scale = tariff(snapshot, "brac")
        classes = "the classes are microfinance_member, other_member."
        assert refusal(scale, persons=1) == ("membership_class", f"membership_class is needed; {classes}")
        assert refusal(scale, persons=1, member="member") == (
            "membership_class",
            f"membership_class has no such class; {classes}",
        )

    def test_the_only_class_need_not_be_named_and_no_other_may(self) -> None:
        assert ask(made(), member=None) == ask(made(), member="member")
        assert ask(made()).membership_class == "member"
        assert refusal(made(), member="guest")[0] == "membership_class"

    def test_persons_are_needed_where_the_premium_depends_on_them(self) -> None:
        assert ask(made()).premium == ask(made(), 9).premium == 100
        each = "the premium is for each person, and persons is left out."
        assert refusal(made(charged_for="person")) == ("persons", each)
        banded = {"premium_by_family_size": {"1": "5"}}
        depends = "the premium depends on the number of persons, and persons is left out."
        for member in ({**MEMBER, "largest_family": 3}, banded):
            assert refusal(made(member)) == ("persons", depends)
        assert refusal(made(banded, charged_for="person")) == ("persons", depends)

    def test_what_the_scale_does_not_depend_on_is_refused(self) -> None:
        on_income = made({"rate": "0.1"}, charged_for="income")
        assert refusal(on_income, income=5, persons=1) == (
            "persons",
            "the premium does not depend on the number of persons. Leave it out.",
        )
        assert refusal(on_income) == ("income", "the premium depends on income, and income is left out.")
        assert refusal(made(), income=0) == ("income", "the premium does not depend on income. Leave it out.")


class TestFamilies:
    @pytest.mark.parametrize(("persons", "premium"), [(1, 10), (3, 10), (4, 17), (6, 31)])
    def test_further_persons(self, persons: int, premium: int) -> None:
        further = {"premium": "10", "largest_family": 3, "premium_for_each_further_person": "7"}
        assert ask(made(further), persons).premium == premium

    @pytest.mark.parametrize(("persons", "premium"), [(1, 10), (2, 16), (3, 16), (4, 18), (5, 20)])
    def test_bands_of_whole_families_with_further_persons(self, persons: int, premium: int) -> None:
        bands = {"premium_by_family_size": {"2": "16", "1": "10"}, "largest_family": 3}
        assert ask(made(bands | {"premium_for_each_further_person": "2"}), persons).premium == premium

    def test_an_explanation_says_nothing_of_further_persons_who_are_not_there(self) -> None:
        further = {"premium": "10", "largest_family": 3, "premium_for_each_further_person": "7"}
        with recording() as roots:
            ask(made(further), 3)
        assert [each["name"] for each in roots[0]["steps"]] == ["premium_for_each"]

    @pytest.mark.parametrize(("persons", "premium"), [(9, 27), (10, 20), (99, 198), (100, 100)])
    def test_sizes_are_ordered_as_numbers(self, persons: int, premium: int) -> None:
        bands = {"premium_by_family_size": {"100": "1", "10": "2", "1": "3"}}
        assert ask(made(bands, charged_for="person"), persons).premium == premium

    def test_a_cap_of_persons_who_are_charged_each(self) -> None:
        scale = made({**MEMBER, "largest_family": 4}, charged_for="person")
        assert ask(scale, 4).premium == 400
        assert refusal(scale, persons=5)[0] == "persons"


def test_a_subsidy_takes_over_a_share_or_stands_beside() -> None:
    payers = {"payers": {"worker": "0.25", "employer": "0.75"}}
    within = made({**MEMBER, **payers, "subsidy": {"payer": "state", "share_of_premium": "0.4"}})
    found = ask(within)
    assert due(found) == (100, 40, 100)
    assert [(each.payer, int(each.amount), each.subsidy) for each in found.payments] == [
        ("worker", 15, False), ("employer", 45, False), ("state", 40, True),
    ]  # fmt: skip
    beside: Content = {**MEMBER, **payers, "subsidy": {"payer": "state", "amount_beside_premium": "40"}}
    found = ask(made(beside))
    assert due(found) == (100, 40, 140)
    assert [(each.payer, int(each.amount)) for each in found.payments] == [
        ("worker", 25),
        ("employer", 75),
        ("state", 40),
    ]
    for_each = ask(made(beside, charged_for="person"), 3)
    assert due(for_each) == (300, 120, 420)


def test_who_pays_is_not_made_up() -> None:
    assert ask(made({"premium": "1"})).payments == ()


class TestMonths:
    @pytest.mark.parametrize(("month", "months"), [(1, 12), (2, 11), (6, 7), (7, 6), (11, 2), (12, 1)])
    def test_of_a_year_that_begins_in_january(self, month: int, months: int) -> None:
        assert months_left(month, 1, 12) == months

    @pytest.mark.parametrize(("month", "months"), [(6, 1), (7, 12), (8, 11), (12, 7), (1, 6), (5, 2)])
    def test_of_a_year_that_begins_in_july(self, month: int, months: int) -> None:
        assert months_left(month, 7, 12) == months

    @pytest.mark.parametrize(("month", "months"), [(1, 2), (2, 1), (3, 3), (4, 2), (5, 1), (6, 3), (12, 3)])
    def test_of_quarters(self, month: int, months: int) -> None:
        assert months_left(month, 3, 3) == months

    @pytest.mark.parametrize("months", range(13))
    def test_a_premium_of_months(self, months: int) -> None:
        part = premium_of_months(Decimal(120), months, 12)
        assert part == 10 * months
        with recording() as roots:
            premium_of_months(Decimal(100), months, 12)
        assert roots[0]["inputs"] == {"premium": "100", "months": str(months), "period_months": "12"}

    def test_where_the_premium_is_prorated_less_is_paid_and_all_of_it_is_earned(self) -> None:
        subsidy = {"payer": "state", "amount_beside_premium": "24"}
        scale = made({**MEMBER, "premium": "120", "subsidy": subsidy}, proration={"of": "premium", "first_month": 1})
        found = ask(scale, month=10)
        assert due(found) == (30, 6, 36)
        assert [int(each.amount) for each in found.payments] == [30, 6]
        assert found.earned is not None
        assert whole(Decimal(found.earned.months), found.earned.earned, found.earned.unearned) == (3, 30, 0)
        full = ask(scale)
        assert due(full) == (120, 24, 144)
        assert full.earned is None
        share = {**MEMBER, "premium": "120", "subsidy": {"payer": "state", "share_of_premium": "0.5"}}
        found = ask(made(share, proration={"of": "premium", "first_month": 1}), month=12)
        assert due(found) == (10, 5, 10)

    def test_where_it_is_earned_by_months_it_is_paid_in_full(self) -> None:
        subsidy = {"payer": "state", "amount_beside_premium": "24"}
        scale = made({**MEMBER, "premium": "120", "subsidy": subsidy},
                     proration={"of": "earned_premium", "first_month": 1})  # fmt: skip
        found = ask(scale, month=10)
        assert due(found) == (120, 24, 144)
        assert found.earned is not None
        assert whole(Decimal(found.earned.months), found.earned.earned, found.earned.unearned) == (3, 30, 90)
        assert ask(scale).earned is None

    def test_an_explanation_says_nothing_of_a_subsidy_that_there_is_not(self) -> None:
        scale = made(proration={"of": "premium", "first_month": 1})
        with recording() as roots:
            ask(scale, month=10)
        steps = [each["name"] for each in roots[0]["steps"]]
        assert steps == ["premium_for_each", "months_left", "premium_of_months", "payment"]

    def test_without_proration_a_month_changes_nothing(self) -> None:
        assert ask(made(), month=10) == ask(made())


AMOUNTS = st.decimals(0, 10**6, places=2).map(lambda amount: format(amount, "f"))
FRACTIONS = st.decimals(0, 1, places=3).map(lambda part: format(part, "f"))
NAMES = st.sampled_from(["member", "guest", "farmer_2"])


@st.composite
def classes(draw: DrawFn, charged_for: str) -> Content:
    """A class of any form that a table may have."""
    found: Content = {}
    if charged_for == "income":
        found["rate"] = draw(FRACTIONS)
    elif draw(st.booleans()):
        found["premium"] = draw(AMOUNTS)
    else:
        sizes = draw(st.sets(st.integers(2, 12), max_size=3)) | {1}
        found["premium_by_family_size"] = {str(size): draw(AMOUNTS) for size in sizes}
    if charged_for != "income" and draw(st.booleans()):
        found["largest_family"] = draw(st.integers(12, 15))
        if charged_for == "family" and draw(st.booleans()):
            found["premium_for_each_further_person"] = draw(AMOUNTS)
    if draw(st.booleans()):
        part = draw(st.integers(0, 100))
        found["payers"] = {"worker": f"0.{part:02d}" if part < 100 else "1", "owner": str(1 - Decimal(part) / 100)}
    if draw(st.booleans()):
        share = draw(st.booleans())
        key, value = ("share_of_premium", FRACTIONS) if share else ("amount_beside_premium", AMOUNTS)
        found["subsidy"] = {"payer": "state", key: draw(value)}
    return found


@st.composite
def contents(draw: DrawFn) -> Content:
    """A table of any form."""
    charged_for = draw(st.sampled_from(["person", "family", "income"]))
    period = draw(st.sampled_from([1, 2, 3, 4, 6, 12]))
    content: Content = {
        "currency": "KHR",
        "decimal_places": draw(st.integers(0, 4)),
        "charged_for": charged_for,
        "period_months": period,
        "classes": draw(st.dictionaries(NAMES, classes(charged_for), min_size=1, max_size=2)),
    }
    if charged_for == "income" and draw(st.booleans()):
        low, high = sorted(draw(st.tuples(st.integers(0, 10**5), st.integers(0, 10**5))))
        content["income"] = draw(st.sampled_from([{"lowest": str(low)}, {"highest": str(high)}, {}]))
        content["income"] |= {"lowest": str(low), "highest": str(high)} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        of = draw(st.sampled_from(["premium", "earned_premium"]))
        content["proration"] = {"of": of, "first_month": draw(st.integers(1, 12))}
    return content


QUESTIONS = st.fixed_dictionaries(
    {},
    optional={
        "membership_class": NAMES,
        "persons": st.integers(1, 20),
        "income": st.integers(0, 10**5).map(str),
        "enrolment_month": st.integers(1, 12).map(lambda month: f"2026-{month:02d}"),
    },
)


def exact(value: Decimal) -> Fraction:
    return Fraction(*value.as_integer_ratio())


@settings(max_examples=300, derandomize=True, database=None)
@given(contents(), QUESTIONS)
def test_any_scale_prices_as_fractions_do(content: Content, body: Content) -> None:
    scale: Tariff = canonical_content("tariff", content)[1]
    month = body.get("enrolment_month")
    income = None if "income" not in body else Decimal(body["income"])
    question = (body.get("membership_class"), body.get("persons"), income, None if month is None else int(month[5:]))
    expected = reference(content, body)
    if isinstance(expected, Refused):
        with pytest.raises(NotInTariff) as refused:
            tariff_quote(*question, scale)
        assert refused.value.field == expected.field
        return
    found = tariff_quote(*question, scale)
    for value, right in (
        (found.premium, expected.premium),
        (found.subsidy, expected.subsidy),
        (found.total, expected.total),
    ):
        assert agree(exact(value), right, 5)
    assert [(each.payer, each.subsidy) for each in found.payments] == [each[:2] for each in expected.payers]
    assert all(
        agree(exact(each.amount), right, 6) for each, (_, _, right) in zip(found.payments, expected.payers, strict=True)
    )
    assert (found.earned is None) == (expected.earned is None)
    if found.earned is not None and expected.earned is not None:
        assert found.earned.months == expected.earned[0]
        assert agree(exact(found.earned.earned), expected.earned[1], 5)
        assert abs(CONTEXT.add(found.earned.earned, found.earned.unearned) - found.premium) < Decimal("1e-20")


@settings(max_examples=100, derandomize=True, database=None)
@given(contents(), st.integers(1, 12), st.integers(1, 20), AMOUNTS)
def test_everything_that_is_paid_is_received(content: Content, month: int, persons: int, income: str) -> None:
    for scale in content["classes"].values():
        scale.setdefault("payers", {"worker": "0.4", "owner": "0.6"})
        scale.pop("largest_family", None)
        scale.pop("premium_for_each_further_person", None)
    tariff: Tariff = canonical_content("tariff", content)[1]
    on_income = content["charged_for"] == "income"
    for name in content["classes"]:
        found = tariff_quote(
            name, None if on_income else persons, Decimal(income) if on_income else None, month, tariff
        )
        assert abs(sum(each.amount for each in found.payments) - found.total) < Decimal("1e-20")
        assert 0 <= found.premium <= found.total
        if found.earned is not None:
            assert 1 <= found.earned.months <= content["period_months"]
            assert 0 <= found.earned.earned <= found.premium
