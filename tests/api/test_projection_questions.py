"""`/sensitivity` and `/solve`: every figure against the tests' own projection."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.api.generators import broad
from tests.api.support import AS_OF, PROJECTIONS, SENSITIVITY, SOLVE, answer, assert_problem, pointers, post
from tests.projection_reference import Basis, members_by_growth, projection

MEMBERS = members_by_growth(Basis())


def solved(client: TestClient, **body: Any) -> Any:
    return answer(post(client, SOLVE, {"as_of": AS_OF, **body}))


def effects(client: TestClient, **body: Any) -> Any:
    found = answer(post(client, SENSITIVITY, {"as_of": AS_OF, **body}))
    return found["unchanged"], {each["assumption"]: each for each in found["effects"]}, found["effects"]


def cents(value: str) -> str:
    rounded = Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{rounded or abs(rounded)}"


def outcome(members: list[int], basis: Basis, package: str = "F", plan_type: str = "single") -> dict[str, Any]:
    expected = projection(package, plan_type, members, basis)
    return {
        "fund_end": expected["years"][-1]["fund_end"],
        "total_subsidy": expected["total_subsidy"],
        "break_even_year": expected["break_even_year"],
    }


class TestSensitivity:
    @pytest.mark.parametrize(
        ("assumption", "lower", "higher"),
        [
            ("interest_rate", Basis(interest="0.048"), Basis(interest="0.072")),
            ("withdrawal_rate", Basis(withdrawal="0.08"), Basis(withdrawal="0.12")),
            ("inflation_rate", Basis(inflation="0.08"), Basis(inflation="0.12")),
            ("exchange_rate", Basis(exchange_rate="3292.8"), Basis(exchange_rate="4939.2")),
        ],
    )
    def test_an_item_of_the_basis_is_changed_as_an_override_would(
        self, client: TestClient, assumption: str, lower: Basis, higher: Basis
    ) -> None:
        unchanged, by_name, _ = effects(client, share="0.2")
        assert unchanged == outcome(MEMBERS, Basis())
        for side, basis, factor in (("lower", lower, "0.8"), ("higher", higher, "1.2")):
            shown, expected = by_name[assumption][side], outcome(MEMBERS, basis)
            assert {name: shown[name] for name in expected} == expected
            assert Decimal(shown["factor"]) == Decimal(factor)
            for name in ("fund_end", "total_subsidy"):
                change = Decimal(expected[name]) - Decimal(unchanged[name])
                assert abs(Decimal(shown[f"{name}_change"]) - change) <= Decimal("0.01")

    def test_members_are_changed_in_every_year(self, client: TestClient) -> None:
        _, by_name, _ = effects(client, share="0.5", members=[1000, 2000, 3000])
        assert by_name["members"]["lower"]["fund_end"] == outcome([500, 1000, 1500], Basis())["fund_end"]
        assert by_name["members"]["higher"]["fund_end"] == outcome([1500, 3000, 4500], Basis())["fund_end"]

    def test_claims_change_by_their_share(self, client: TestClient) -> None:
        year = projection("F", "single", [9000], Basis())["years"][0]
        _, by_name, _ = effects(client, share="0.25", members=[9000])
        for name in ("natural_death_claims", "accident_claims", "hospitalization_claims"):
            lost = Decimal(year[name]) * Decimal("0.25") * Decimal("1.06").sqrt()
            assert abs(Decimal(by_name[name]["higher"]["fund_end_change"]) + lost) <= Decimal("0.02")
            assert abs(Decimal(by_name[name]["lower"]["fund_end_change"]) - lost) <= Decimal("0.02")

    def test_a_dearer_premium_changes_what_is_paid_and_not_the_claims(self, client: TestClient) -> None:
        year = projection("F", "single", [9000], Basis())["years"][0]
        _, by_name, _ = effects(client, share="0.1", members=[9000])
        # Half of the premium is for expenses and commission; the subsidy falls by what the expenses get.
        gained = Decimal(year["premium_income"]) * Decimal("0.1") * Decimal("0.5") * Decimal("1.06")
        assert abs(Decimal(by_name["premium"]["higher"]["fund_end_change"]) - gained) <= Decimal("0.02")
        subsidy = Decimal(by_name["premium"]["higher"]["total_subsidy_change"])
        assert abs(subsidy + Decimal(year["premium_income"]) * Decimal("0.035")) <= Decimal("0.02")

    @pytest.mark.parametrize("measure", ["fund_end", "total_subsidy"])
    def test_the_largest_effect_comes_first(self, client: TestClient, measure: str) -> None:
        _, by_name, in_order = effects(client, share="0.1", measure=measure)
        sizes = [
            max(abs(Decimal(each[side][f"{measure}_change"])) for side in ("lower", "higher")) for each in in_order
        ]
        assert sizes == sorted(sizes, reverse=True)
        assert len(by_name) == len(in_order) == 11

    def test_no_change_has_no_effect(self, client: TestClient) -> None:
        unchanged, _, in_order = effects(client, share=0)
        for each in in_order:
            for side in ("lower", "higher"):
                assert {name: each[side][name] for name in unchanged} == unchanged
                assert each[side]["fund_end_change"] == each[side]["total_subsidy_change"] == "0.00"

    def test_a_change_that_ends_in_half_a_cent_is_rounded_half_up(self, client: TestClient) -> None:
        # Both years are subsidised, so the change is a quarter of their expenses: 0.25 x 135,974.34 = 33,993.585.
        growth = {"take_up_rate": "0.14", "growth_rates": ["0.39878"]}
        _, by_name, _ = effects(client, share="0.25", package="D", growth_plan=growth)
        expenses = by_name["operating_expenses"]
        assert expenses["higher"]["total_subsidy_change"] == "33993.59"
        assert expenses["lower"]["total_subsidy_change"] == "-33993.59"

    @pytest.mark.parametrize("members", [[500, 700], None])
    def test_its_explanation_is_the_unchanged_projection_s(self, client: TestClient, members: list[int] | None) -> None:
        body = {"as_of": AS_OF, "members": members, "explain": True}
        whole = answer(post(client, SENSITIVITY, {**body, "share": "0.1"}))["explanation"]
        assert whole["steps"][0] == answer(post(client, PROJECTIONS, body))["explanation"]["steps"][0]

    @pytest.mark.parametrize("measure", ["fund_end", "total_subsidy"])
    def test_its_explanation_says_what_each_assumption_changes(self, client: TestClient, measure: str) -> None:
        body = {"as_of": AS_OF, "members": [500, 700], "share": "0.1", "measure": measure, "explain": True}
        found = answer(post(client, SENSITIVITY, body))
        changes = found["explanation"]["steps"][1:]
        assert {step["name"] for step in changes} == {"effect_of_change"}
        explained = {(step["inputs"]["assumption"], Decimal(step["inputs"]["factor"])): step for step in changes}
        for effect in found["effects"]:
            for side, factor in (("lower", "0.9"), ("higher", "1.1")):
                step = explained.pop((effect["assumption"], Decimal(factor)))
                shown = (step["value"], step["inputs"]["changed"])
                assert [cents(value) for value in shown] == [effect[side][f"{measure}_change"], effect[side][measure]]
        assert not explained
        largest = max(Decimal(step["value"]).copy_abs() for step in changes)
        assert Decimal(found["explanation"]["value"]) == largest

    @pytest.mark.parametrize(
        ("body", "pointer"), [({}, "/share"), ({"share": 1}, "/share"), ({"share": "-0.1"}, "/share")]
    )
    def test_what_it_does_not_take_is_refused(self, client: TestClient, body: Any, pointer: str) -> None:
        assert pointers(assert_problem(post(client, SENSITIVITY, body), 422, "invalid_request")) == [pointer]

    def test_a_change_that_contradicts_itself_is_refused(self, client: TestClient) -> None:
        body = {"share": "0.5", "overrides": {"projection_basis": {"withdrawal_rate": "0.7"}}}
        assert_problem(post(client, SENSITIVITY, body), 409, "withdrawals_too_high")


class TestSolve:
    def test_members_are_enough_and_one_fewer_is_not(self, client: TestClient) -> None:
        @settings(broad, max_examples=60)
        @given(st.sampled_from("ABCDEF"), st.sampled_from(["single", "couple_with_children"]), st.integers(1, 6))
        def check(package: str, plan_type: str, year: int) -> None:
            found = solved(client, solve_for="members", package=package, plan_type=plan_type, year=year)
            number = int(found["value"])
            for side, tried in (("enough", number), ("not_enough", number - 1)):
                members = [*MEMBERS[: year - 1], tried, *MEMBERS[year:]]
                expected = projection(package, plan_type, members, Basis())
                shown, of_year = found[side], expected["years"][year - 1]
                assert shown["value"] == str(tried)
                names = ("premium_income", "expense_allowance", "operating_expenses", "subsidy")
                assert {name: shown[name] for name in names} == {name: of_year[name] for name in names}
                assert shown["total_subsidy"] == expected["total_subsidy"]
            assert Decimal(found["enough"]["subsidy"]) == 0 <= Decimal(found["not_enough"]["subsidy"])

        check()

    @pytest.mark.parametrize("places", range(7))
    def test_a_premium_factor_is_exact_to_the_place_asked(self, client: TestClient, places: int) -> None:
        found = solved(client, solve_for="premium_factor", year=4, places=places)
        year = projection("F", "single", MEMBERS, Basis())["years"][3]
        exact = Fraction(year["operating_expenses"]) / Fraction(year["expense_allowance"])  # of cents: near enough
        assert Fraction(found["value"]) == Fraction(ceil(exact * 10**places), 10**places)
        assert Fraction(found["value"]) - Fraction(found["not_enough"]["value"]) == Fraction(1, 10**places)

    def test_an_enrolment_factor_leaves_members_whole(self, client: TestClient) -> None:
        found = solved(client, solve_for="enrolment_factor", year=5, places=3)

        def allowance(factor: str) -> str:
            members = [int(2 * Fraction(factor) * number + 1) // 2 for number in MEMBERS]
            year = projection("F", "single", members, Basis())["years"][4]
            return str(year["expense_allowance"])

        for side in ("enough", "not_enough"):
            assert found[side]["expense_allowance"] == allowance(found[side]["value"])

    def test_what_needs_no_subsidy_anyway_has_no_lower_side(self, client: TestClient) -> None:
        budget = answer(client.get("/v1/tables/mba-projection-basis/versions/1"))["content"]["expenses"]
        nothing: Any = {
            name: dict.fromkeys(budget[name], "0") for name in ("general_costs", "contracts", "training")
        } | {
            "evaluation": "0",
            "software": "0",
            "personnel": {"positions": {key: {"number": 0} for key in budget["personnel"]["positions"]}},
            "equipment": {"items": {key: {"cost": "0"} for key in budget["equipment"]["items"]}},
        }
        found = solved(client, solve_for="members", overrides={"projection_basis": {"expenses": nothing}})
        assert (found["value"], found["not_enough"]) == ("0", None)
        assert found["enough"]["subsidy"] == "0.00"

    def test_the_last_year_is_the_one_unless_another_is_named(self, client: TestClient) -> None:
        assert solved(client, solve_for="members")["year"] == 6
        assert solved(client, solve_for="members", members=[1, 2])["year"] == 2

    @pytest.mark.parametrize("unknown", ["premium_factor", "enrolment_factor"])
    def test_nothing_is_enough_for_nobody(self, client: TestClient, unknown: str) -> None:
        assert_problem(post(client, SOLVE, {"solve_for": unknown, "members": [0, 5], "year": 1}), 409, "no_solution")

    def test_no_premium_part_for_expenses_is_never_enough(self, client: TestClient) -> None:
        overrides = {"loadings": {"insured": {"primary_member": {"expense": "0"}}}}
        assert_problem(post(client, SOLVE, {"solve_for": "members", "overrides": overrides}), 409, "no_solution")

    def test_a_year_after_the_last_is_refused(self, client: TestClient) -> None:
        response = post(client, SOLVE, {"solve_for": "members", "year": 7})
        assert pointers(assert_problem(response, 409, "year_not_projected")) == ["/year"]

    @pytest.mark.parametrize("members", [[500, 700], None])
    def test_its_explanation_leads_from_the_value_to_the_projection_as_asked(
        self, client: TestClient, members: list[int] | None
    ) -> None:
        body = {"as_of": AS_OF, "members": members, "explain": True}
        found = answer(post(client, SOLVE, {**body, "solve_for": "members"}))
        assert found["explanation"]["value"] == found["value"]
        asked, *tried = found["explanation"]["steps"]
        assert asked == answer(post(client, PROJECTIONS, body))["explanation"]["steps"][0]
        assert [step["name"] for step in tried] == ["projection_with", "projection_with"]
        for step, side in zip(tried, (found["enough"], found["not_enough"]), strict=True):
            assert step["inputs"]["value"] == side["value"]
            subsidies = [each["value"] for each in step["steps"] if each["name"] == "subsidy"]
            assert cents(subsidies[found["year"] - 1]) == side["subsidy"]

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({}, "/solve_for"),
            ({"solve_for": "interest"}, "/solve_for"),
            ({"solve_for": "members", "year": 0}, "/year"),
            ({"solve_for": "members", "year": 41}, "/year"),
            ({"solve_for": "members", "places": 7}, "/places"),
        ],
    )
    def test_what_it_does_not_take_is_refused(self, client: TestClient, body: Any, pointer: str) -> None:
        assert pointers(assert_problem(post(client, SOLVE, body), 422, "invalid_request")) == [pointer]
