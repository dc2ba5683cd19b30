"""`POST /v1/mba/claims/…`: both sides of every age, month, day and limit, as the paper has them."""

from itertools import permutations
from typing import Any, get_args

import pytest
from starlette.testclient import TestClient

from tables.kinds.mba import DeathExclusion
from tables.sources import resolve_citation
from tests.api.support import (
    DEATH,
    DISABILITY,
    HOSPITALIZATION,
    answer,
    assert_problem,
    golden,
    pointers,
    post,
)

AS_OF = {"as_of": "2026-12-01"}
EXCLUSIONS = get_args(DeathExclusion)
PERCENT = {row["loss"]: int(row["percent"]) for row in golden("appendix_a")}
STAY = {"package": "F", "age": 30, "days": 4, "months_of_membership": 60, "months_paid": 12, "regular": True}


def death(client: TestClient, **body: Any) -> Any:
    """The answer to a natural death at 43 with 24 months paid, package F, unless the body says otherwise."""
    usual = {"package": "F", "age": 43, "cause": "natural", "months_paid": 24, **AS_OF}
    return answer(post(client, DEATH, usual | body))


def disability(client: TestClient, *losses: str, **body: Any) -> Any:
    return answer(post(client, DISABILITY, {"package": "F", "age": 30, "losses": losses, **AS_OF, **body}))


def stay(client: TestClient, **body: Any) -> Any:
    """The answer to a stay of four days that is paid, unless the body says otherwise."""
    return answer(post(client, HOSPITALIZATION, {**STAY, **AS_OF, **body}))


def notes(claim: Any) -> list[str]:
    return [note["code"] for note in claim["notes"]]


def decided(claim: Any) -> tuple[str, str, str]:
    return claim["decision"], claim["reason"], claim["benefit"]


class TestDeath:
    @pytest.mark.parametrize("cause", ["natural", "accident"])
    @pytest.mark.parametrize(
        ("age", "natural", "accident", "codes"),
        [
            (0, "0", "0", []),
            (1, "60000", "60000", []),
            (14, "60000", "60000", []),
            (15, "300000", "600000", []),
            (64, "300000", "600000", []),
            (65, "90000", "90000", ["suan-2009-e4"]),
            (66, "90000", "90000", []),
            (75, "90000", "90000", []),
            (76, "0", "0", []),
            (120, "0", "0", []),
        ],
    )
    def test_what_each_age_is_paid(
        self, client: TestClient, age: int, cause: str, natural: str, accident: str, codes: list[str]
    ) -> None:
        claim = death(client, age=age, cause=cause)
        benefit = natural if cause == "natural" else accident
        assert (claim["benefit"], claim["full_benefit"], notes(claim)) == (benefit, benefit, codes)
        assert claim["decision"] == ("payable" if benefit != "0" else "not_covered")
        assert (claim["reason"] == "age_not_insured") == (benefit == "0")

    @pytest.mark.parametrize(
        ("age", "months", "benefit", "proportion", "reason"),
        [
            (43, 0, "0", "0.000000000000", "natural_death_prorated"),
            (43, 1, "12500", "0.041666666667", "natural_death_prorated"),
            (43, 23, "287500", "0.958333333333", "natural_death_prorated"),
            (43, 24, "300000", "1.000000000000", "natural_death_in_full"),
            (43, 25, "300000", "1.000000000000", "natural_death_in_full"),
            (10, 23, "57500", "0.958333333333", "funeral_assistance_prorated"),
            (10, 24, "60000", "1.000000000000", "funeral_assistance_in_full"),
            (70, 23, "86250", "0.958333333333", "funeral_assistance_prorated"),
            (70, 24, "90000", "1.000000000000", "funeral_assistance_in_full"),
        ],
    )
    def test_natural_causes_are_prorated_until_24_months_are_paid(
        self, client: TestClient, age: int, months: int, benefit: str, proportion: str, reason: str
    ) -> None:
        claim = death(client, age=age, months_paid=months)
        assert decided(claim) == ("payable", reason, benefit)
        assert claim["proportion"] == proportion

    @pytest.mark.parametrize("months", [{"months_paid": 0}, {"months_paid": 1}, {"months_paid": None}])
    @pytest.mark.parametrize(("age", "benefit"), [(14, "60000"), (15, "600000"), (65, "90000")])
    def test_an_accident_is_never_prorated(
        self, client: TestClient, age: int, benefit: str, months: dict[str, Any]
    ) -> None:
        claim = death(client, age=age, cause="accident", **months)
        assert (claim["benefit"], claim["proportion"]) == (benefit, "1.000000000000")

    @pytest.mark.parametrize("package", "ABCDEF")
    def test_every_package_pays_what_its_tables_print(self, client: TestClient, package: str) -> None:
        printed = {row["row"]: row[package] for number in range(3, 7) for row in golden(f"table_{number}")}
        for age, cause, event in (
            (43, "natural", "natural_death"),
            (43, "accident", "accidental_death"),
            (8, "natural", "funeral_assistance_1_14"),
            (70, "accident", "funeral_assistance_66_75"),
        ):
            assert death(client, package=package, age=age, cause=cause)["benefit"] == printed[event]

    @pytest.mark.parametrize(
        ("paid", "benefit", "reason"),
        [
            ("0", "600000", "accidental_death"),
            ("0.5", "600000", "accidental_death_less_disability"),
            ("0.51", "599999", "accidental_death_less_disability"),
            ("599999", "1", "accidental_death_less_disability"),
            ("600000", "0", "accidental_death_less_disability"),
            ("600001", "0", "accidental_death_less_disability"),
        ],
    )
    def test_disability_paid_for_the_same_accident_is_deducted(
        self, client: TestClient, paid: str, benefit: str, reason: str
    ) -> None:
        claim = death(client, cause="accident", disability_benefit_paid=paid)
        assert decided(claim) == ("payable", reason, benefit)
        assert claim["full_benefit"] == "600000"

    def test_disability_is_deducted_from_an_accidental_death_alone(self, client: TestClient) -> None:
        paid = "150000"
        assert death(client, disability_benefit_paid=paid)["benefit"] == "300000"
        assert death(client, age=65, cause="accident", disability_benefit_paid=paid)["benefit"] == "90000"

    @pytest.mark.parametrize("circumstance", EXCLUSIONS)
    @pytest.mark.parametrize("age", [1, 43, 75])
    @pytest.mark.parametrize("cause", ["natural", "accident"])
    def test_exclusions_hold_at_every_age(self, client: TestClient, circumstance: str, age: int, cause: str) -> None:
        claim = death(client, circumstance=circumstance, age=age, cause=cause)
        assert decided(claim) == ("excluded", "excluded_circumstance", "0")
        assert claim["proportion"] == "0.000000000000"
        assert claim["full_benefit"] == death(client, age=age, cause=cause)["full_benefit"]

    def test_who_is_not_insured_is_not_excluded(self, client: TestClient) -> None:
        assert death(client, age=76, circumstance="suicide")["decision"] == "not_covered"
        assert notes(death(client, age=65, circumstance="suicide")) == ["suan-2009-e4"]

    def test_the_exclusions_are_the_table_s(self, client: TestClient) -> None:
        without = {"packages": {"rules": {"death_exclusions": ["suicide"]}}}
        claim = death(client, circumstance="hunting", cause="accident", overrides=without)
        assert decided(claim) == ("payable", "accidental_death", "600000")
        assert claim["receipt"]["hypothetical"] is True
        assert death(client, circumstance="suicide", overrides=without)["decision"] == "excluded"

    def test_half_a_riel_is_a_riel(self, client: TestClient) -> None:
        odd = {"packages": {"basic_benefit": {"F": "300012"}}}
        claim = death(client, months_paid=1, overrides=odd)
        assert (claim["benefit"], claim["benefit_exact"]) == ("12501", "12500.500000000000")
        assert claim["full_benefit_exact"] == "300012.000000000000"

    def test_another_reading_of_65_is_a_what_if_without_the_note(self, client: TestClient) -> None:
        claim = death(client, age=65, overrides={"claim_terms": {"age_exceptions": {"65": {"band": "adult"}}}})
        assert (claim["benefit"], notes(claim)) == ("300000", [])

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"months_paid": None}, ""),
            ({"months_paid": -1}, "/months_paid"),
            ({"months_paid": 1.5}, "/months_paid"),
            ({"age": 121}, "/age"),
            ({"age": -1}, "/age"),
            ({"cause": "illness"}, "/cause"),
            ({"cause": None}, "/cause"),
            ({"circumstance": "skiing"}, "/circumstance"),
            ({"disability_benefit_paid": "-1"}, "/disability_benefit_paid"),
            ({"package": "G"}, "/package"),
            ({"days": 1}, ""),
        ],
    )
    def test_what_is_no_claim(self, client: TestClient, body: dict[str, Any], pointer: str) -> None:
        usual = {"package": "F", "age": 43, "cause": "natural", "months_paid": 24}
        assert pointers(assert_problem(post(client, DEATH, usual | body), 422, "invalid_request")) == [pointer]


class TestDisability:
    @pytest.mark.parametrize("loss", PERCENT)
    def test_one_loss_pays_its_percentage(self, client: TestClient, loss: str) -> None:
        claim = disability(client, loss)
        percent = PERCENT[loss]
        assert claim["decision"] == "payable"
        assert (claim["loss_percent"], claim["benefit"]) == (str(percent), str(600000 * percent // 100))
        assert claim["membership_ceases"] is (percent == 100)
        assert claim["losses"] == [{"loss": loss, "times": 1, "loss_percent": str(percent)}]

    @pytest.mark.parametrize(
        ("losses", "percent", "ceases"),
        [
            (["arm_or_hand", "index_finger"], "90", False),
            (["arm_or_hand", "kidney"], "95", False),
            (["leg_or_foot", "hearing_one_ear", "spleen"], "100", True),
            (["arm_or_hand", "thumb"], "100", True),
            (["arm_or_hand", "leg_or_foot"], "100", True),
            (["arm_or_hand", "arm_or_hand"], "100", True),
            (["thumb", "thumb"], "50", False),
            (["other_finger"] * 6, "60", False),
            (["other_toe"] * 8, "24", False),
            (["big_toe", "other_toe", "other_toe"], "16", False),
            (["kidney", "kidney", "spleen"], "45", False),
            (["eye", "hearing_one_ear"], "60", False),
            (["both_eyes", "incurable_brain_injury"], "100", True),
        ],
    )
    def test_several_losses_add_up_to_100_at_most(
        self, client: TestClient, losses: list[str], percent: str, ceases: bool
    ) -> None:
        claim = disability(client, *losses)
        assert (claim["loss_percent"], claim["membership_ceases"]) == (percent, ceases)
        assert claim["benefit"] == str(6000 * int(percent))
        assert claim["reason"] == ("total_disability" if ceases else "partial_disability")

    @pytest.mark.parametrize(
        ("single", "pair", "percent"), [("eye", "both_eyes", "100"), ("hearing_one_ear", "hearing_both_ears", "60")]
    )
    def test_two_of_a_pair_are_the_pair(self, client: TestClient, single: str, pair: str, percent: str) -> None:
        for losses in ([single, single], [pair]):
            claim = disability(client, *losses)
            assert claim["loss_percent"] == percent
            assert claim["losses"] == [{"loss": pair, "times": 1, "loss_percent": percent}]

    def test_the_order_of_losses_does_not_matter(self, client: TestClient) -> None:
        claims = [disability(client, *order) for order in permutations(["eye", "thumb", "eye", "spleen"])]
        assert len({str([claim["loss_percent"], claim["losses"], claim["benefit"]]) for claim in claims}) == 1

    @pytest.mark.parametrize(
        "losses",
        [
            ["both_eyes", "eye"],
            ["eye"] * 3,
            ["both_eyes"] * 2,
            ["hearing_both_ears", "hearing_one_ear"],
            ["hearing_one_ear"] * 3,
            ["thumb"] * 3,
            ["arm_or_hand"] * 3,
            ["arm_or_hand", "thumb", "thumb"],
            ["arm_or_hand", "arm_or_hand", "index_finger"],
            ["arm_or_hand"] + ["other_finger"] * 4,
            ["leg_or_foot", "big_toe", "big_toe"],
            ["leg_or_foot"] + ["other_toe"] * 5,
            ["other_finger"] * 7,
            ["other_toe"] * 9,
            ["kidney"] * 3,
            ["spleen"] * 2,
            ["smell_or_taste"] * 2,
            ["incurable_brain_injury"] * 2,
        ],
    )
    def test_nobody_loses_more_than_a_body_has(self, client: TestClient, losses: list[str]) -> None:
        response = post(client, DISABILITY, {"package": "F", "age": 30, "losses": losses})
        assert pointers(assert_problem(response, 409, "impossible_claim")) == ["/losses"]

    @pytest.mark.parametrize(
        ("age", "covered", "codes"),
        [
            (0, False, []),
            (14, False, []),
            (15, True, []),
            (64, True, []),
            (65, False, ["suan-2009-e4"]),
            (66, False, []),
        ],
    )
    def test_from_15_and_before_65(self, client: TestClient, age: int, covered: bool, codes: list[str]) -> None:
        claim = disability(client, "both_eyes", age=age)
        assert claim["decision"] == ("payable" if covered else "not_covered")
        assert (claim["benefit"], claim["membership_ceases"]) == (("600000", True) if covered else ("0", False))
        assert (claim["loss_percent"], notes(claim)) == ("100", codes)

    def test_an_illness_is_not_insured(self, client: TestClient) -> None:
        claim = disability(client, "both_eyes", cause="illness")
        assert decided(claim) == ("not_covered", "not_an_accident", "0")
        assert claim["membership_ceases"] is False
        assert disability(client, "both_eyes", cause="accident")["decision"] == "payable"

    def test_a_what_if_changes_the_schedule(self, client: TestClient) -> None:
        schedule = {"losses": {"thumb": {"share": "0.333"}}, "maximum_share": "0.6"}
        claim = disability(client, "thumb", "thumb", overrides={"disability_schedule": schedule})
        assert (claim["loss_percent"], claim["membership_ceases"]) == ("60", False)
        assert disability(client, "thumb", overrides={"disability_schedule": schedule})["loss_percent"] == "33.3"

    @pytest.mark.parametrize("losses", [[], ["nose"], "thumb", None, ["thumb"] * 41, [["thumb"]]])
    def test_what_is_no_list_of_losses(self, client: TestClient, losses: Any) -> None:
        response = post(client, DISABILITY, {"package": "F", "age": 30, "losses": losses})
        assert_problem(response, 422, "invalid_request")


class TestHospitalization:
    @pytest.mark.parametrize(
        ("days", "payable", "benefit"),
        [(0, 0, "0"), (1, 1, "2100"), (14, 14, "29400"), (15, 15, "31500"), (16, 15, "31500"), (400, 15, "31500")],
    )
    def test_from_a_day_to_fifteen(self, client: TestClient, days: int, payable: int, benefit: str) -> None:
        claim = stay(client, days=days)
        assert (claim["days_payable"], claim["benefit"]) == (payable, benefit)
        assert claim["reason"] == ("stay_too_short" if days == 0 else "hospitalization_in_full")
        assert (claim["source"] == "suan-2009 Note 3") == (days == 0)

    @pytest.mark.parametrize(
        ("age", "decision"), [(0, "not_covered"), (1, "payable"), (65, "payable"), (75, "payable"), (76, "not_covered")]
    )
    def test_from_1_to_75(self, client: TestClient, age: int, decision: str) -> None:
        claim = stay(client, age=age)
        assert (claim["decision"], notes(claim)) == (decision, [])

    @pytest.mark.parametrize(("months", "decision"), [(0, "not_covered"), (5, "not_covered"), (6, "payable")])
    def test_after_six_months_of_membership(self, client: TestClient, months: int, decision: str) -> None:
        claim = stay(client, months_of_membership=months)
        assert (claim["decision"], claim["reason"] == "waiting_period") == (decision, decision == "not_covered")

    @pytest.mark.parametrize("accident", [False, True])
    @pytest.mark.parametrize(("months", "decision"), [(0, "not_covered"), (11, "not_covered"), (12, "payable")])
    def test_one_event_in_twelve_months_accidents_included(
        self, client: TestClient, months: int, decision: str, accident: bool
    ) -> None:
        claim = stay(client, months_since_last_claim=months, same_event=False, accident=accident)
        assert (claim["decision"], claim["reason"] == "claimed_recently") == (decision, decision == "not_covered")

    @pytest.mark.parametrize(
        ("history", "accident", "reason"),
        [
            ({"same_event": True, "months_since_same_event": 23}, False, "same_event_claimed_recently"),
            ({"same_event": True, "months_since_same_event": 24}, False, "hospitalization_in_full"),
            ({"same_event": True, "months_since_same_event": 12}, True, "hospitalization_in_full"),
            ({"same_event": True, "months_since_same_event": 11}, True, "claimed_recently"),
            ({"same_event": True, "months_since_last_claim": 23}, False, "same_event_claimed_recently"),
            ({"same_event": True, "months_since_last_claim": 24}, False, "hospitalization_in_full"),
            ({"months_since_same_event": 23}, False, "same_event_claimed_recently"),
            ({"months_since_last_claim": 12, "months_since_same_event": 24}, False, "hospitalization_in_full"),
            ({"months_since_last_claim": 11, "months_since_same_event": 24}, False, "claimed_recently"),
            ({"months_since_last_claim": 12, "months_since_same_event": 23}, False, "same_event_claimed_recently"),
            ({"months_since_last_claim": 13, "same_event": False}, False, "hospitalization_in_full"),
        ],
    )
    def test_the_same_event_once_in_two_years_but_for_accidents(
        self, client: TestClient, history: dict[str, Any], accident: bool, reason: str
    ) -> None:
        for kind in ({"accident": accident}, {"event": "accident" if accident else "illness"}):
            assert stay(client, **history, **kind)["reason"] == reason

    @pytest.mark.parametrize(
        ("paid", "benefit", "exact", "reason"),
        [
            (0, "0", "0.000000000000", "hospitalization_prorated"),
            (5, "788", "787.500000000000", "hospitalization_prorated"),
            (11, "1733", "1732.500000000000", "hospitalization_prorated"),
            (12, "1890", "1890.000000000000", "hospitalization_in_full"),
        ],
    )
    def test_irregular_premiums_are_prorated_by_twelve_months(
        self, client: TestClient, paid: int, benefit: str, exact: str, reason: str
    ) -> None:
        claim = stay(client, package="A", days=3, regular=False, months_paid=paid)
        assert decided(claim) == ("payable", reason, benefit)
        assert (claim["benefit_exact"], claim["daily_benefit"]) == (exact, "630")
        regular = stay(client, package="A", days=3, regular=True, months_paid=paid)
        assert (regular["benefit"], regular["proportion"]) == ("1890", "1.000000000000")

    @pytest.mark.parametrize(
        ("event", "decision", "codes"),
        [
            ("illness", "payable", []),
            ("accident", "payable", []),
            ("pregnancy", "not_covered", ["suan-2009-e9"]),
            ("miscarriage", "not_covered", ["suan-2009-e9"]),
        ],
    )
    def test_events(self, client: TestClient, event: str, decision: str, codes: list[str]) -> None:
        claim = stay(client, event=event)
        assert (claim["decision"], notes(claim)) == (decision, codes)
        assert notes(stay(client, event=event, age=76)) == []

    def test_another_reading_of_pregnancy_is_a_what_if_without_the_note(self, client: TestClient) -> None:
        paid = {"claim_terms": {"hospitalization_events": {"pregnancy": {"covered": True}}}}
        claim = stay(client, event="pregnancy", overrides=paid)
        assert (claim["decision"], notes(claim)) == ("payable", [])

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"months_paid": 13}, "/months_paid"),
            ({"same_event": True}, "/same_event"),
            ({"same_event": False, "months_since_same_event": 30}, "/months_since_same_event"),
            ({"months_since_last_claim": 30, "months_since_same_event": 29}, "/months_since_same_event"),
            ({"accident": True, "event": "illness"}, "/accident"),
            ({"accident": False, "event": "accident"}, "/accident"),
        ],
    )
    def test_what_cannot_be(self, client: TestClient, body: dict[str, Any], pointer: str) -> None:
        response = post(client, HOSPITALIZATION, {**STAY, **body})
        assert pointers(assert_problem(response, 409, "impossible_claim")) == [pointer]

    @pytest.mark.parametrize(
        ("field", "value"),
        [("days", -1), ("days", "3"), ("regular", "yes"), ("regular", None), ("months_paid", None), ("event", "flu")],
    )
    def test_what_is_no_stay(self, client: TestClient, field: str, value: Any) -> None:
        response = post(client, HOSPITALIZATION, {**STAY, field: value})
        assert pointers(assert_problem(response, 422, "invalid_request")) == [f"/{field}"]

    def test_every_condition_is_the_table_s(self, client: TestClient) -> None:
        rules = {
            "hospitalization_minimum_hours": 25,
            "hospitalization_waiting_months": 61,
            "hospitalization_proration_months": 24,
        }
        assert stay(client, days=1, overrides={"packages": {"rules": rules}})["reason"] == "stay_too_short"
        assert stay(client, days=2, overrides={"packages": {"rules": rules}})["reason"] == "waiting_period"
        del rules["hospitalization_waiting_months"]
        claim = stay(client, regular=False, overrides={"packages": {"rules": rules}})
        assert claim["proportion"] == "0.500000000000"
        between = {"hospitalization_months_between_claims": 3, "hospitalization_months_between_same_event": 4}
        for months, reason in ((2, "claimed_recently"), (3, "same_event_claimed_recently")):
            claim = stay(client, months_since_same_event=months, overrides={"packages": {"rules": between}})
            assert claim["reason"] == reason


class TestReasons:
    def test_every_reason_says_where_it_stands(self, client: TestClient) -> None:
        claims = [
            death(client),
            death(client, months_paid=3),
            death(client, age=70),
            death(client, age=0),
            death(client, circumstance="suicide"),
            death(client, cause="accident"),
            disability(client, "thumb"),
            disability(client, "both_eyes"),
            disability(client, "thumb", age=3),
            stay(client),
            stay(client, days=0),
            stay(client, age=0),
            stay(client, months_since_last_claim=3),
        ]
        for claim in claims:
            source, places = resolve_citation(claim["source"])
            assert (source.short_name, len(places)) == ("suan-2009", 1)
            assert claim["reason_text"].endswith(".")
            assert claim["currency"] == "KHR"

    def test_the_sentence_has_the_claim_s_figures(self, client: TestClient) -> None:
        assert "9 months paid of the 24" in death(client, months_paid=9)["reason_text"]
        assert "1 month paid of the 24" in death(client, months_paid=1)["reason_text"]
        assert (
            "5 months paid of the last 12. 15 days are paid at most."
            in stay(client, days=20, regular=False, months_paid=5)["reason_text"]
        )
        assert "ages 15-64" in disability(client, "thumb", age=14)["reason_text"]
