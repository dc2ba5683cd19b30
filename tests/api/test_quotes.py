"""`POST /v1/mba/quotes`: published prices, households, defaults, notes."""

from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.support import AS_OF, QUOTES, answer, assert_problem, golden, pointers, post, quoted, rounded

PACKAGES = "ABCDEF"
BOTH = [{"relation": "member", "age": 30}, {"relation": "spouse", "age": 30}]
CORRECTED = {"pricing_basis": "mba-pricing-basis-corrected"}


def person(relation: str, age: int, **more: Any) -> dict[str, Any]:
    return {"relation": relation, "age": age, **more}


def refused(client: TestClient, *household: dict[str, Any], **more: Any) -> list[str]:
    """Where the household is refused, in order."""
    body = {"package": "A", "as_of": AS_OF, "household": household, **more}
    return pointers(assert_problem(post(client, QUOTES, body), 409, "not_eligible"))


def invalid(client: TestClient, **body: Any) -> list[str]:
    """Where the body is invalid."""
    return pointers(assert_problem(post(client, QUOTES, {"package": "A", **body}), 422, "invalid_request"))


class TestPublishedPrices:
    @pytest.mark.parametrize("package", PACKAGES)
    @pytest.mark.parametrize("row", golden("table_9")[:4], ids=lambda row: str(row["plan_type"]))
    def test_plans_cost_what_table_9_prints(self, client: TestClient, row: dict[str, str], package: str) -> None:
        quote = quoted(client, package=package, plan_type=row["plan_type"])
        assert quote["monthly_premium"] == row[package]
        assert (quote["package"], quote["plan_type"], quote["currency"]) == (package, row["plan_type"], "KHR")

    @pytest.mark.parametrize("package", PACKAGES)
    @pytest.mark.parametrize(("row", "ages"), [*zip(golden("table_9")[4:], ("15-65", "66-75"), strict=True)])
    def test_additional_persons_cost_what_table_9_prints(
        self, client: TestClient, row: dict[str, str], ages: str, package: str
    ) -> None:
        alone = quoted(client, package=package, plan_type="single")
        more = quoted(client, package=package, plan_type="single", additional_persons={ages: 1})
        cost = Decimal(more["monthly_premium_exact"]) - Decimal(alone["monthly_premium_exact"])
        assert rounded(cost, 0) == row[package]

    @pytest.mark.parametrize("package", PACKAGES)
    @pytest.mark.parametrize("plan_type", ["couple", "single_parent", "couple_with_children", "single"])
    def test_components_are_the_cells_of_table_8(self, client: TestClient, plan_type: str, package: str) -> None:
        additional = {"15-65": 1, "66-75": 1}
        quote = quoted(client, package=package, plan_type=plan_type, additional_persons=additional)
        components = quote["components"]
        natural = [each for each in components if each["coverage"] == "natural_death"]
        plan = [each for each in natural if not each["insured"].startswith("additional")]
        annual = sum((Decimal(each["persons"]) * Decimal(each["gross_annual_premium"]) for each in plan), Decimal(0))
        monthly = {(each["coverage"], each["insured"]): each["gross_monthly_premium"] for each in components}
        for row in golden("table_8"):
            if row["plan_type"] == plan_type:
                assert rounded(annual / 12, 2) == row[package]
            elif (row["coverage"], row["insured"]) in monthly:
                assert monthly.pop((row["coverage"], row["insured"])) == row[package]
        # What is left: the plan's own natural deaths above, and the riders printed in the secondary member's row.
        riders = {("accident", "additional_15_65"), ("hospitalization", "additional_15_65")}
        assert set(monthly) == riders | {("natural_death", each["insured"]) for each in plan}

    def test_the_payable_premium_is_rounded_once_from_the_unrounded_sum(self, client: TestClient) -> None:
        quote = quoted(client, plan_type="couple_with_children")
        assert quote["monthly_premium"] == rounded(quote["monthly_premium_exact"], 0) == "7236"
        whole = [Decimal(rounded(each["total_monthly_premium"], 0)) for each in quote["components"]]
        assert sum(whole) == 7238  # what rounding each of them first would ask
        twelfth = Decimal(quote["annual_premium_exact"]) / 12
        assert abs(twelfth - Decimal(quote["monthly_premium_exact"])) <= Decimal("1e-12")

    def test_each_premium_is_rounded_from_its_unrounded_value(self, client: TestClient) -> None:
        nothing = {"mortality_rate": 0, "hospitalization_rate": 1}
        basis = {"interest_rate": 0, "safety_margin": 0, "accident_rate": 0, "insured": {"primary_member": nothing}}
        loadings = {"contingency": 0, "equity_value": 0, "insured": {"primary_member": {"expense": 0, "commission": 0}}}
        benefits = {"hospitalization_daily": 1, "hospitalization_maximum_days": 1}
        packages = {"basic_benefit": {"F": "5.9999999999952"}, "benefits": benefits}  # a twelfth: 0.4999999999996
        overrides = {"pricing_basis": basis, "loadings": loadings, "packages": packages}
        quote = quoted(client, plan_type="single", overrides=overrides)
        assert (quote["monthly_premium"], quote["monthly_premium_exact"]) == ("0", "0.500000000000")
        assert quote["annual_premium_exact"] == "5.999999999995"

    @pytest.mark.parametrize("package", PACKAGES)
    def test_benefits_are_those_of_tables_3_to_7(self, client: TestClient, package: str) -> None:
        benefits = quoted(client, package=package, plan_type="single")["benefits"]
        rows = [row for number in range(3, 8) for row in golden(f"table_{number}")]
        assert {row["row"]: benefits[row["row"]] for row in rows} == {row["row"]: row[package] for row in rows}
        assert benefits["hospitalization_maximum"] == str(15 * int(benefits["hospitalization_daily"]))
        assert all(benefits[f"{row['row']}_exact"] == f"{row[package]}.000000000000" for row in rows)
        assert len(benefits) == 14


class TestHouseholds:
    @pytest.mark.parametrize(
        ("household", "plan_type", "additional"),
        [
            ([person("member", 18)], "single", {}),
            ([person("member", 60)], "single", {}),
            ([person("member", 61, entry_age=60)], "single", {}),
            ([person("member", 65, entry_age=18)], "single", {}),
            ([person("member", 40, entry_age=40)], "single", {}),
            ([*BOTH], "couple", {}),
            ([person("member", 30), person("spouse", 15)], "couple", {}),
            ([person("member", 30), person("spouse", 65)], "couple", {}),
            ([person("member", 30), person("spouse", 66)], "single", {"66-75": 1}),
            ([person("member", 30), person("spouse", 75), person("child", 3)], "single_parent", {"66-75": 1}),
            ([person("member", 30), person("child", 1)], "single_parent", {}),
            ([*BOTH, person("child", 14)], "couple_with_children", {}),
            ([*BOTH, *[person("child", age) for age in range(1, 10)]], "couple_with_children", {}),
            ([person("member", 50), person("child", 15)], "single", {"15-65": 1}),
            ([person("member", 50), person("child", 14), person("child", 15)], "single_parent", {"15-65": 1}),
            ([person("member", 30), person("parent", 65), person("parent", 66)], "single", {"15-65": 1, "66-75": 1}),
            ([person("grandparent", 75), person("sibling", 15), person("member", 20)], "single",
             {"15-65": 1, "66-75": 1}),
            ([person("member", 60), person("grandchild", 15)], "single", {"15-65": 1}),
            ([person("member", 60), person("child", 66)], "single", {"66-75": 1}),
        ],
    )  # fmt: skip
    def test_a_household_is_priced_as_its_plan(
        self, client: TestClient, household: list[Any], plan_type: str, additional: dict[str, int]
    ) -> None:
        ours = quoted(client, household=household)
        plan = quoted(client, plan_type=plan_type, additional_persons=additional)
        assert ours["plan_type"] == plan_type
        own = ours.keys() - {"quote_id", "receipt"}
        assert {name: ours[name] for name in own} == {name: plan[name] for name in own}

    @pytest.mark.parametrize(
        "someone",
        [
            person("member", 17),
            person("member", 61),
            person("member", 66, entry_age=40),
            person("member", 61, entry_age=61),
            person("member", 40, entry_age=17),
            person("member", 40, entry_age=41),
        ],
    )
    def test_a_member_outside_the_ages_is_refused(self, client: TestClient, someone: dict[str, Any]) -> None:
        assert refused(client, someone) == ["/household/0"]

    @pytest.mark.parametrize(
        "someone",
        [
            *[person(relation, age) for relation in ("spouse", "parent", "sibling", "grandchild") for age in (14, 76)],
            person("grandparent", 1),
            *[person("child", age) for age in (0, 76)],
        ],
    )
    def test_a_relative_without_a_price_is_refused(self, client: TestClient, someone: dict[str, Any]) -> None:
        assert refused(client, person("member", 40), someone) == ["/household/1"]

    @pytest.mark.parametrize("household", [[], BOTH[1:], [BOTH[0], BOTH[0]], [*BOTH, BOTH[1]]])
    def test_a_household_has_one_member_and_at_most_one_spouse(self, client: TestClient, household: list[Any]) -> None:
        assert refused(client, *household) == ["/household"]

    def test_every_reason_is_named_up_to_twenty(self, client: TestClient) -> None:
        assert refused(client, person("member", 5), person("child", 7), person("sibling", 5)) == [
            "/household/0",
            "/household/2",
        ]
        assert refused(client, *[person("sibling", 5)] * 40) == [
            "/household",
            *[f"/household/{position}" for position in range(19)],
        ]
        household = [person("sibling", 5)] * 41
        assert invalid(client, household=household) == ["/household"]

    @pytest.mark.parametrize(
        ("born", "as_of", "is_member"),
        [
            ("2008-02-29", "2026-02-28", False),
            ("2008-02-29", "2026-03-01", True),
            ("2004-02-29", "2064-02-29", True),
            ("2004-02-29", "2065-02-28", True),
            ("2004-02-29", "2065-03-01", False),
            ("2008-12-02", "2026-12-01", False),
            ("2008-12-01", "2026-12-01", True),
        ],
    )
    def test_age_is_completed_years_at_as_of(
        self, client: TestClient, born: str, as_of: str, *, is_member: bool
    ) -> None:
        household = [{"relation": "member", "birth_date": born}]
        if is_member:
            assert quoted(client, household=household, as_of=as_of)["plan_type"] == "single"
        else:
            assert refused(client, *household, as_of=as_of) == ["/household/0"]

    def test_somebody_not_yet_born_is_refused(self, client: TestClient) -> None:
        unborn = {"relation": "child", "birth_date": "2026-12-02"}
        assert refused(client, person("member", 30), unborn) == ["/household/1"]


class TestForms:
    def test_exactly_one_of_plan_type_and_household(self, client: TestClient) -> None:
        assert invalid(client) == [""]
        assert invalid(client, plan_type="single", household=BOTH) == [""]
        assert invalid(client, plan_type=None, household=None) == [""]
        assert invalid(client, household=BOTH, additional_persons={}) == [""]

    def test_exactly_one_of_age_and_birth_date(self, client: TestClient) -> None:
        neither, both = {"relation": "member"}, person("member", 30, birth_date="1996-01-01")
        assert invalid(client, household=[neither]) == invalid(client, household=[both]) == ["/household/0"]

    def test_only_the_member_has_an_entry_age(self, client: TestClient) -> None:
        household = [person("member", 30), person("spouse", 30, entry_age=20)]
        assert invalid(client, household=household) == ["/household/1"]

    @pytest.mark.parametrize(("ages", "number"), [("15-65", 0), ("15-65", 20), ("66-75", 0), ("66-75", 20)])
    def test_up_to_twenty_additional_persons_of_each_age(self, client: TestClient, ages: str, number: int) -> None:
        components = quoted(client, plan_type="single", additional_persons={ages: number})["components"]
        insured = f"additional_{ages.replace('-', '_')}"
        persons = {each["persons"] for each in components if each["insured"] == insured}
        assert persons == ({str(number)} if number else set())

    @pytest.mark.parametrize(("ages", "number"), [("15-65", 21), ("66-75", 21), ("15-65", -1), ("66-75", "2")])
    def test_no_other_number_of_additional_persons(self, client: TestClient, ages: str, number: Any) -> None:
        assert invalid(client, plan_type="single", additional_persons={ages: number}) == [f"/additional_persons/{ages}"]

    def test_unknown_fields_are_refused_where_they_stand(self, client: TestClient) -> None:
        assert invalid(client, plan_type="single", plan="single") == [""]
        assert invalid(client, plan_type="single", additional_persons={"0-14": 1}) == ["/additional_persons"]
        assert invalid(client, household=[person("member", 30, name="x")]) == ["/household/0"]
        assert invalid(client, plan_type="single", tables={"benchmarks": "x"}) == ["/tables"]


class TestDates:
    NO_DATES = (
        *("20261201", "2026-12-1", "2026-W49-2", "2026-335", "26-12-01", "2026-02-29", "2026-13-01", "0000-01-01"),
        *("2026-12-01T00:00:00Z", " 2026-12-01", "2026-12-01\n", "01/12/2026", "២០២៦-១២-០១", "", 0, 1796083200, True),
    )
    NO_INSTANTS = (
        *(
            "2026-12-01",
            "2026-12-01T10:00:00",
            "2026-12-01T10:00Z",
            "2026-12-01 10:00:00Z",
            "2026-12-01T10:00:00+07:00",
        ),
        *("2026-12-01t10:00:00z", "2026-12-01T24:00:00Z", "2026-12-01T10:00:60Z", "2026-12-01T10:00:00.1234567Z"),
        *("2026-02-29T10:00:00Z", 0),
    )

    @pytest.mark.parametrize("value", NO_DATES)
    def test_a_date_is_year_month_day(self, client: TestClient, value: Any) -> None:
        assert invalid(client, plan_type="single", as_of=value) == ["/as_of"]
        household = [{"relation": "member", "birth_date": value}]
        assert invalid(client, household=household) == ["/household/0/birth_date"]

    @pytest.mark.parametrize("value", NO_INSTANTS)
    def test_an_instant_is_in_utc(self, client: TestClient, value: Any) -> None:
        assert invalid(client, plan_type="single", known_at=value) == ["/known_at"]

    def test_instants_are_told_in_one_form(self, client: TestClient) -> None:
        for given in ("2026-12-01T00:00:00Z", "2026-12-01T00:00:00+00:00", "2026-12-01T00:00:00.000Z"):
            receipt = quoted(client, plan_type="single", known_at=given)["receipt"]
            assert receipt["known_at"] == "2026-12-01T00:00:00Z"
        fraction = quoted(client, plan_type="single", known_at="2026-12-01T00:00:00.5Z")["receipt"]["known_at"]
        assert fraction == "2026-12-01T00:00:00.500000Z"


class TestSameQuestion:
    def test_null_is_the_same_as_absent(self, client: TestClient) -> None:
        absent = {"package": "F", "plan_type": "single", "as_of": AS_OF}
        nulls = dict.fromkeys(("household", "additional_persons", "known_at", "tables", "overrides"))
        pins = {"tables": dict.fromkeys(("packages", "loadings", "pricing_basis", "life_table"))}
        expected = post(client, QUOTES, absent).content
        assert post(client, QUOTES, absent | nulls).content == expected
        assert post(client, QUOTES, absent | pins).content == expected
        household = [person("member", 30) | dict.fromkeys(("birth_date", "entry_age"))]
        assert quoted(client, household=household) == quoted(client, household=[person("member", 30)])

    def test_defaults_are_filled(self, client: TestClient) -> None:
        questions: list[dict[str, Any]] = [
            {},
            {"additional_persons": {}},
            {"additional_persons": {"15-65": 0}},
            {"additional_persons": {"66-75": 0, "15-65": 0}},
        ]
        quotes = [quoted(client, plan_type="single", **question) for question in questions]
        assert all(quote == quotes[0] for quote in quotes)
        one = quoted(client, plan_type="single", additional_persons={"15-65": 1})
        assert one["quote_id"] != quotes[0]["quote_id"]

    def test_whole_numbers_may_have_a_point(self, client: TestClient) -> None:
        body = '{"package":"F","plan_type":"single","as_of":"2026-12-01","additional_persons":{"15-65":%s}}'
        answers = {post(client, QUOTES, (body % number).encode()).content for number in ("2", "2.0", "2e0", "0.2E1")}
        assert len(answers) == 1

    def test_the_quote_id_names_the_question_the_date_and_the_tables(self, client: TestClient) -> None:
        base: dict[str, Any] = {"plan_type": "single"}
        quote_id = quoted(client, **base)["quote_id"]
        same: list[dict[str, Any]] = [{"explain": True}, {"known_at": "2026-11-30T00:00:00Z"}]
        same += [{"tables": {"packages": "mba-packages@1"}}]
        other: list[dict[str, Any]] = [{"as_of": "2026-12-02"}, {"package": "E"}, {"tables": CORRECTED}]
        other += [{"overrides": {"packages": {}}}]
        assert {quoted(client, **base, **more)["quote_id"] for more in same} == {quote_id}
        assert quote_id not in {quoted(client, **{**base, **more})["quote_id"] for more in other}


class TestErratumNote:
    @pytest.mark.parametrize(
        ("package", "more", "noted"),
        [
            *[(package, {}, package in "CDEF") for package in PACKAGES],
            *[(package, {"tables": CORRECTED}, False) for package in PACKAGES],
            ("F", {"additional_persons": {"66-75": 0, "15-65": 20}}, False),
            ("F", {"additional_persons": {"66-75": 20}}, True),
        ],
    )
    def test_the_note_is_there_if_and_only_if_the_cell_was_used(
        self, client: TestClient, package: str, more: dict[str, Any], *, noted: bool
    ) -> None:
        body = {"package": package, "plan_type": "single", "additional_persons": {"66-75": 1}, **more}
        notes = quoted(client, **body)["notes"]
        assert [note["code"] for note in notes] == (["suan-2009-e1"] if noted else [])
        assert all(set(note) == {"code", "message"} and "corrected" in note["message"] for note in notes)

    def test_a_household_has_the_note_too(self, client: TestClient) -> None:
        notes = quoted(client, household=[person("member", 30), person("parent", 70)])["notes"]
        assert [note["code"] for note in notes] == ["suan-2009-e1"]

    @pytest.mark.parametrize(
        ("patch", "noted"),
        [
            ({"hospitalization_rate_exceptions": {"F": {"rate": "0.1"}}}, False),
            ({"hospitalization_rate_exceptions": {"E": {"rate": "0.1"}}}, True),
            ({"hospitalization_rate": "0.2"}, True),
            ({"mortality_rate": "0.05"}, True),
            ({"hospitalization_rate_exceptions": {"F": {}}}, True),
        ],
    )
    def test_an_override_of_the_cell_takes_the_note_away(
        self, client: TestClient, patch: dict[str, Any], *, noted: bool
    ) -> None:
        overrides = {"pricing_basis": {"insured": {"additional_66_75": patch}}}
        quote = quoted(client, plan_type="single", additional_persons={"66-75": 1}, overrides=overrides)
        assert [note["code"] for note in quote["notes"]] == (["suan-2009-e1"] if noted else [])

    def test_the_overridden_cell_has_the_corrected_price(self, client: TestClient) -> None:
        rate = {"F": {"rate": "0.1"}}
        overrides = {"pricing_basis": {"insured": {"additional_66_75": {"hospitalization_rate_exceptions": rate}}}}
        body: dict[str, Any] = {"plan_type": "single", "additional_persons": {"66-75": 1}}
        overridden, corrected = quoted(client, **body, overrides=overrides), quoted(client, **body, tables=CORRECTED)
        assert overridden["components"] == corrected["components"]
        assert overridden["receipt"]["hypothetical"]
        assert not corrected["receipt"]["hypothetical"]

    @pytest.mark.parametrize("erratum", ["suan-2009-e1", "suan-2009-e8", "suan-2009-e99"])
    def test_an_override_cannot_forge_a_note(self, client: TestClient, erratum: str) -> None:
        rate = {"F": {"rate": "0.1", "erratum": erratum}}
        overrides = {"pricing_basis": {"insured": {"additional_66_75": {"hospitalization_rate_exceptions": rate}}}}
        body = {"package": "F", "plan_type": "single", "additional_persons": {"66-75": 1}, "overrides": overrides}
        response = post(client, QUOTES, body)
        assert response.status_code == 409 or answer(response)["notes"] == []
