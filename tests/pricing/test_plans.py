"""Who a plan insures: every age threshold on both sides, and every reason to refuse."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pricing.ages import completed_years
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.plans import HouseholdPerson, NotEligible, Plan, household_plan, insured_persons

RELATIONS = ("spouse", "child", "parent", "sibling", "grandparent", "grandchild")
MEMBER = HouseholdPerson("member", 30)

AGES = (-1, 0, 1, 14, 15, 17, 18, 60, 61, 65, 66, 75, 76)
REFUSED, CHILD, SPOUSE, ADULT, ELDER = None, "child", "secondary_member", "additional_15_65", "additional_66_75"
INSURED_AS = {
    "spouse": (REFUSED, REFUSED, REFUSED, REFUSED, *[SPOUSE] * 6, ELDER, ELDER, REFUSED),
    "child": (REFUSED, REFUSED, CHILD, CHILD, *[ADULT] * 6, ELDER, ELDER, REFUSED),
} | dict.fromkeys(
    ("parent", "sibling", "grandparent", "grandchild"),
    (REFUSED, REFUSED, REFUSED, REFUSED, *[ADULT] * 6, ELDER, ELDER, REFUSED),
)

CHILD_AGES = "the age on the day of the quote must be 1-14, 15-65 or 66-75."
OTHER_AGES = (
    "the age on the day of the quote must be 15-65 or 66-75; only the member's own children are insured at 1-14."
)
NOT_ONE_MEMBER = (None, "A household has exactly one person with relation member.")
TWO_SPOUSES = (None, "A household has at most one person with relation spouse.")

persons = st.builds(HouseholdPerson, st.sampled_from(RELATIONS), st.integers(-1, 80))
households = st.lists(persons, max_size=6).map(lambda relatives: [MEMBER, *relatives])


def insured_besides_member(household: list[HouseholdPerson], assumptions: MbaAssumptions) -> dict[str, Decimal]:
    insured = insured_persons(household_plan(household, assumptions.packages), assumptions)
    assert insured.pop("primary_member") == 1
    return insured


def reasons(household: list[HouseholdPerson], assumptions: MbaAssumptions) -> list[tuple[int | None, str]]:
    """Why a household has no price: person and reason, one a refusal; nothing where it has one."""
    try:
        household_plan(household, assumptions.packages)
    except NotEligible as refusal:
        return [(each.person, each.reason) for each in refusal.refusals]
    return []


# Age


@pytest.mark.parametrize(
    ("birth_date", "on", "years"),
    [
        ("1990-06-15", "2026-06-14", 35),
        ("1990-06-15", "2026-06-15", 36),
        ("1990-06-15", "2026-06-16", 36),
        ("1990-06-15", "2026-05-30", 35),
        ("1990-06-15", "2026-07-01", 36),
        ("1990-12-31", "2026-01-01", 35),
        ("2026-06-15", "2026-06-15", 0),
        ("2026-06-16", "2026-06-15", -1),
        ("2027-06-15", "2026-06-15", -1),
        ("2027-06-16", "2026-06-15", -2),
    ],
)
def test_a_year_of_age_is_completed_on_the_birthday(birth_date: str, on: str, years: int) -> None:
    assert completed_years(date.fromisoformat(birth_date), date.fromisoformat(on)) == years


@pytest.mark.parametrize(
    ("on", "years"),
    [("2026-02-28", 1), ("2026-03-01", 2), ("2028-02-28", 3), ("2028-02-29", 4), ("2028-03-01", 4)],
)
def test_who_was_born_on_29_february_turns_on_1_march_of_common_years(on: str, years: int) -> None:
    assert completed_years(date(2024, 2, 29), date.fromisoformat(on)) == years


@given(st.dates(), st.dates())
def test_age_grows_by_one_a_year_and_never_shrinks(birth_date: date, on: date) -> None:
    age = completed_years(birth_date, on)
    assert age in {on.year - birth_date.year, on.year - birth_date.year - 1}
    assert (age >= 0) == (on >= birth_date)


# Each person


@pytest.mark.parametrize(
    ("relation", "age", "insured"),
    [(relation, age, kind) for relation, kinds in INSURED_AS.items() for age, kind in zip(AGES, kinds, strict=True)],
)
def test_relation_and_age_decide_what_a_person_is_insured_as(
    relation: str, age: int, insured: str | None, published: MbaAssumptions
) -> None:
    household = [MEMBER, HouseholdPerson(relation, age)]
    if insured is REFUSED:
        ages = CHILD_AGES if relation == "child" else OTHER_AGES
        assert reasons(household, published) == [(1, f"Person 2 ({relation}): {ages}")]
    else:
        assert set(insured_besides_member(household, published)) == {insured}


@pytest.mark.parametrize(
    ("age", "entry_age"),
    [(18, None), (18, 18), (30, 18), (30, 30), (60, None), (60, 60), (61, 18), (61, 60), (65, 60)],
)
def test_a_member_is_insured_up_to_65_who_joined_at_18_to_60(
    age: int, entry_age: int | None, published: MbaAssumptions
) -> None:
    assert insured_besides_member([HouseholdPerson("member", age, entry_age)], published) == {}


@pytest.mark.parametrize(
    ("age", "entry_age", "reason"),
    [
        (-1, None, "a member must be at least 18."),
        (0, None, "a member must be at least 18."),
        (14, None, "a member must be at least 18."),
        (17, None, "a member must be at least 18."),
        (17, 17, "a member must be at least 18."),
        (18, 17, "entry_age must be 18-60."),
        (18, 19, "entry_age cannot be above the age on the day of the quote."),
        (59, 60, "entry_age cannot be above the age on the day of the quote."),
        (60, 61, "entry_age must be 18-60."),
        (61, None, "a member over 60 needs an entry_age of 18-60."),
        (61, 61, "entry_age must be 18-60."),
        (65, None, "a member over 60 needs an entry_age of 18-60."),
        (65, 61, "entry_age must be 18-60."),
        (65, 17, "entry_age must be 18-60."),
        (66, None, "a member has a published price up to age 65."),
        (66, 60, "a member has a published price up to age 65."),
        (75, 60, "a member has a published price up to age 65."),
        (76, 60, "a member has a published price up to age 65."),
    ],
)
def test_any_other_member_is_refused(age: int, entry_age: int | None, reason: str, published: MbaAssumptions) -> None:
    household = [HouseholdPerson("member", age, entry_age)]
    assert reasons(household, published) == [(0, f"Person 1 (member): {reason}")]


# The household


@pytest.mark.parametrize(
    ("relatives", "plan_type"),
    [
        ([], "single"),
        ([("spouse", 28)], "couple"),
        ([("child", 5)], "single_parent"),
        ([("spouse", 28), ("child", 5)], "couple_with_children"),
        ([("spouse", 70)], "single"),
        ([("child", 20)], "single"),
        ([("spouse", 66), ("child", 14)], "single_parent"),
        ([("spouse", 65), ("child", 15)], "couple"),
        ([("parent", 60), ("sibling", 25), ("grandparent", 75)], "single"),
    ],
)
def test_spouse_and_children_decide_the_plan_type(
    relatives: list[tuple[str, int]], plan_type: str, published: MbaAssumptions
) -> None:
    household = [MEMBER, *(HouseholdPerson(*relative) for relative in relatives)]
    assert household_plan(household, published.packages).plan_type == plan_type


def test_a_household_without_relatives_is_a_plan_without_additional_persons(published: MbaAssumptions) -> None:
    assert household_plan([MEMBER], published.packages) == Plan("single") == Plan("single", 0, 0)


def test_a_large_household_is_counted_person_by_person(published: MbaAssumptions) -> None:
    relatives = [("parent", 65), ("parent", 66), ("spouse", 30), ("child", 3), ("child", 15), ("sibling", 40)]
    household = [*(HouseholdPerson(*relative) for relative in relatives), MEMBER]
    assert household_plan(household, published.packages) == Plan("couple_with_children", 3, 1)


@pytest.mark.parametrize("children", [1, 2, 9])
def test_children_count_as_the_average_family_whatever_their_number(children: int, published: MbaAssumptions) -> None:
    household = [MEMBER, *[HouseholdPerson("child", 7)] * children]
    assert insured_besides_member(household, published) == {CHILD: Decimal("4.5")}


@pytest.mark.parametrize(
    ("household", "refusals"),
    [
        ([], [NOT_ONE_MEMBER]),
        ([HouseholdPerson("spouse", 30)], [NOT_ONE_MEMBER]),
        ([MEMBER, MEMBER], [NOT_ONE_MEMBER]),
        ([MEMBER, HouseholdPerson("spouse", 30), HouseholdPerson("spouse", 31)], [TWO_SPOUSES]),
        ([MEMBER, HouseholdPerson("spouse", 30), HouseholdPerson("spouse", 70)], [TWO_SPOUSES]),
    ],
)
def test_a_household_has_one_member_and_at_most_one_spouse(
    household: list[HouseholdPerson], refusals: list[tuple[int | None, str]], published: MbaAssumptions
) -> None:
    assert reasons(household, published) == refusals


def test_every_reason_is_given_at_once_with_the_person_that_it_is_about(published: MbaAssumptions) -> None:
    household = [
        HouseholdPerson("spouse", 14),
        HouseholdPerson("child", 0),
        HouseholdPerson("parent", 60),
        HouseholdPerson("spouse", 76),
        HouseholdPerson("member", 17),
        HouseholdPerson("member", 66),
    ]
    assert reasons(household, published) == [
        NOT_ONE_MEMBER,
        TWO_SPOUSES,
        (0, f"Person 1 (spouse): {OTHER_AGES}"),
        (1, f"Person 2 (child): {CHILD_AGES}"),
        (3, f"Person 4 (spouse): {OTHER_AGES}"),
        (4, "Person 5 (member): a member must be at least 18."),
        (5, "Person 6 (member): a member has a published price up to age 65."),
    ]


@pytest.mark.parametrize(
    ("ages", "rest"),
    [
        ((0,), ""),
        ((0, 0, 0), ""),
        ((0, 0, 0, 0), " There is 1 more reason."),
        ((0, 0, 0, 0, 0), " There are 2 more reasons."),
    ],
)
def test_a_refusal_says_three_reasons_and_how_many_more_there_are(
    ages: tuple[int, ...], rest: str, published: MbaAssumptions
) -> None:
    household = [MEMBER, *(HouseholdPerson("child", age) for age in ages)]
    with pytest.raises(NotEligible) as refusal:
        household_plan(household, published.packages)
    said = " ".join(f"Person {position} (child): {CHILD_AGES}" for position, _ in enumerate(ages[:3], start=2))
    assert str(refusal.value) == f"The tariff has no published price for this household: {said}{rest}"


def outcome(household: list[HouseholdPerson], assumptions: MbaAssumptions) -> Plan | Counter[object]:
    """The plan, or the reasons with the persons themselves in place of their positions."""
    refusals = reasons(household, assumptions)
    if not refusals:
        return household_plan(household, assumptions.packages)
    return Counter(
        reason if position is None else (household[position], reason.partition(": ")[2])
        for position, reason in refusals
    )


@given(households.flatmap(lambda household: st.tuples(st.just(household), st.permutations(household))))
def test_the_order_of_a_household_does_not_matter(
    published: MbaAssumptions, orders: tuple[list[HouseholdPerson], list[HouseholdPerson]]
) -> None:
    one, other = orders
    assert outcome(one, published) == outcome(other, published)


@given(households)
def test_nobody_in_a_priced_household_is_left_out_or_counted_twice(
    published: MbaAssumptions, household: list[HouseholdPerson]
) -> None:
    assume(not reasons(household, published))
    insured = insured_besides_member(household, published)
    children = sum(person.relation == "child" and person.age <= 14 for person in household)
    assert insured.pop(CHILD, Decimal(0)) == (Decimal("4.5") if children else 0)
    assert sum(insured.values()) + children == len(household) - 1


# Plan types with additional persons


@pytest.mark.parametrize(
    ("plan_type", "insured"),
    [
        ("couple", {"primary_member": "1", SPOUSE: "1"}),
        ("single_parent", {"primary_member": "1", CHILD: "4.5"}),
        ("couple_with_children", {"primary_member": "1", SPOUSE: "1", CHILD: "4.5"}),
        ("single", {"primary_member": "1"}),
    ],
)
def test_a_plan_type_insures_whom_the_tariff_says(
    plan_type: str, insured: dict[str, str], published: MbaAssumptions
) -> None:
    expected = [(kind, Decimal(number)) for kind, number in insured.items()]
    assert list(insured_persons(Plan(plan_type), published).items()) == expected


def test_additional_persons_are_counted_after_the_plan_types_own(published: MbaAssumptions) -> None:
    insured = insured_persons(Plan("couple_with_children", additional_15_65=3, additional_66_75=2), published)
    assert list(insured.items()) == [
        ("primary_member", 1),
        (SPOUSE, 1),
        (CHILD, Decimal("4.5")),
        (ADULT, 3),
        (ELDER, 2),
    ]


def test_additional_persons_of_whom_there_are_none_are_left_out(published: MbaAssumptions) -> None:
    assert insured_persons(Plan("single", additional_66_75=1), published) == {"primary_member": 1, ELDER: 1}
