"""Contributions and benefits of the employment injury branch: both sides of every limit, refusals, what-ifs."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.generators import Body
from tests.api.support import (
    CASES,
    CONTRIBUTIONS,
    FUNERAL,
    PERMANENT,
    SURVIVORS,
    TEMPORARY,
    answer,
    assert_problem,
    canonical,
    pointers,
    post,
    sha256,
)

WAGE = {"monthly_reference_wage": "450000", "as_of": "2010-06-15"}
LOSS = {**WAGE, "loss_of_working_capacity_percent": "30", "age": 30}
MONTH = {"monthly_wage": "500000", "sector": "garment_and_footwear", "period": "2010-06"}
E15 = ["giz-2012-e15"]
QUESTIONS: dict[str, tuple[Body, Body]] = {
    CONTRIBUTIONS: (MONTH, MONTH),
    TEMPORARY: (
        {"monthly_wages": [1.50, "2.0"], "days_of_absence": 4.0},
        {"days_of_absence": 4, "monthly_wages": ["1.5", "2"]},
    ),
    PERMANENT: (
        {"monthly_reference_wage": 9, "loss_of_working_capacity_percent": "20.0", "age": 30},
        {"age": 30, "loss_of_working_capacity_percent": "20", "monthly_reference_wage": "9"},
    ),
    SURVIVORS: (
        {"monthly_reference_wage": "9", "children": 2},
        {"children": 2, "monthly_reference_wage": "9", "parents": 0, "spouse": False},
    ),
    FUNERAL: ({"date_of_death": "2012-01-01"}, {"date_of_death": "2012-01-01"}),
}


def awarded(client: TestClient, path: str, body: Body, **more: Any) -> Any:
    """The answer to a request."""
    return answer(post(client, path, {**body, **more}))


@pytest.mark.parametrize("path", QUESTIONS)
def test_the_receipt_gives_the_same_bytes_and_hashes_the_question(client: TestClient, path: str) -> None:
    body, question = QUESTIONS[path]
    for more in ({}, {"explain": True}):
        first = post(client, path, {**body, **more})
        receipt = answer(first)["receipt"]
        replayed = {**body, **more, **{name: receipt[name] for name in ("as_of", "known_at", "tables")}}
        assert post(client, path, replayed).content == first.content
        assert receipt["request_sha256"] == sha256(canonical(question))
        assert receipt["hypothetical"] is False


class TestContributions:
    @pytest.mark.parametrize(
        ("wage", "insured"),
        [
            ("0", "200000"),
            ("199999.99", "200000"),
            ("200000", "200000"),
            ("200001", "200001"),
            ("999999", "999999"),
            ("1000000", "1000000"),
            ("1000000.01", "1000000"),
        ],
    )
    def test_the_insured_wage_has_a_floor_and_a_ceiling(self, client: TestClient, wage: str, insured: str) -> None:
        due = awarded(client, CONTRIBUTIONS, MONTH, monthly_wage=wage)
        assert due["insured_wage"] == insured
        assert due["insured_wage_exact"] == f"{insured}.000000000000"

    @pytest.mark.parametrize(
        ("period", "employer", "subsidy", "version"),
        [
            ("2008-11", "4000", "0", 1),
            ("2008-12", "4000", "0", 1),
            ("2009-01", "2500", "1500", 2),
            ("2010-12", "2500", "1500", 2),
            ("2011-01", "4000", "0", 3),
        ],
    )
    def test_the_subsidy_has_a_first_and_a_last_month(
        self, client: TestClient, period: str, employer: str, subsidy: str, version: int
    ) -> None:
        due = awarded(client, CONTRIBUTIONS, MONTH, period=period)
        assert (due["employer"], due["government_subsidy"], due["total"]) == (employer, subsidy, "4000")
        assert due["receipt"]["tables"] == {"contributions": f"nssf-contributions@{version}"}
        assert due["receipt"]["as_of"] == f"{period}-01"
        assert due["notes"] == []
        other = awarded(client, CONTRIBUTIONS, MONTH, period=period, sector="services")
        assert (other["employer"], other["government_subsidy"]) == ("4000", "0")

    def test_only_employers_of_eight_and_more_are_covered(self, client: TestClient) -> None:
        assert awarded(client, CONTRIBUTIONS, MONTH, workers=8)["employer"] == "2500"
        errors = assert_problem(post(client, CONTRIBUTIONS, {**MONTH, "workers": 7}), 409, "employer_not_covered")
        assert pointers(errors) == ["/workers"]
        lowered = {"overrides": {"contributions": {"minimum_workers": 5}}}
        assert awarded(client, CONTRIBUTIONS, MONTH, workers=5, **lowered)["receipt"]["hypothetical"]

    def test_before_the_branch_began_there_is_nothing(self, client: TestClient) -> None:
        errors = assert_problem(post(client, CONTRIBUTIONS, {**MONTH, "period": "2008-10"}), 409, "no_coverage")
        assert pointers(errors) == ["/period"]
        errors = assert_problem(post(client, CONTRIBUTIONS, {**MONTH, "as_of": "2010-06-02"}), 409, "date_conflict")
        assert pointers(errors) == ["/as_of"]

    @pytest.mark.parametrize("period", ["2010-13", "2010-00", "2010-1", "2010", "2010-06-01", "0999-01", 201006, None])
    def test_what_is_no_month(self, client: TestClient, period: Any) -> None:
        errors = assert_problem(post(client, CONTRIBUTIONS, {**MONTH, "period": period}), 422, "invalid_request")
        assert pointers(errors) == ["/period"]

    def test_what_if_the_government_still_paid(self, client: TestClient) -> None:
        patch = {"contributions": {"subsidy_rates": {"services": "0.008"}}}
        due = awarded(client, CONTRIBUTIONS, MONTH, sector="services", period="2026-01", overrides=patch)
        assert (due["employer"], due["government_subsidy"]) == ("0", "4000")
        assert due["receipt"]["hypothetical"] is True


class TestWages:
    def test_of_more_than_twelve_months_the_last_twelve_count(self, client: TestClient) -> None:
        wages = [str(100_000 + month) for month in range(14)]
        found = awarded(client, TEMPORARY, {"monthly_wages": wages, "days_of_absence": 33, "as_of": "2010-01-01"})
        assert found["reference_wage"] == {
            "monthly_amount": "100008",
            "monthly_amount_exact": "100007.500000000000",
            "wages_used": wages[2:],
        }
        assert found["benefit_exact"] == "70005.250000000000"

    def test_how_many_count_is_in_the_provisions(self, client: TestClient) -> None:
        body = {"monthly_wages": ["1", "2", "3", "4"], "days_of_absence": 4, "as_of": "2010-01-01"}
        patch = {"provisions": {"reference_wage": {"maximum_months": 3}}}
        assert awarded(client, TEMPORARY, body, overrides=patch)["reference_wage"]["wages_used"] == ["2", "3", "4"]

    @pytest.mark.parametrize(("wage", "held"), [("1", "200000"), ("200001", "200001"), ("1000001", "1000000")])
    def test_floor_and_ceiling_do_not_bind_unless_asked(self, client: TestClient, wage: str, held: str) -> None:
        body = {"monthly_reference_wage": wage, "days_of_absence": 33, "as_of": "2010-01-01"}
        assert awarded(client, TEMPORARY, body)["reference_wage"]["monthly_amount"] == wage
        patch = {"provisions": {"reference_wage": {"minimum": "200000", "maximum": "1000000"}}}
        assert awarded(client, TEMPORARY, body, overrides=patch)["reference_wage"]["monthly_amount"] == held

    @pytest.mark.parametrize("path", [TEMPORARY, PERMANENT, SURVIVORS, CASES])
    @pytest.mark.parametrize(
        "wages",
        [
            {},
            {"monthly_reference_wage": "1", "monthly_wages": ["1"]},
            {"monthly_reference_wage": None},
            {"monthly_wages": []},
            {"monthly_wages": ["1"] * 601},
            {"monthly_wages": "450000"},
            {"monthly_wages": [None]},
            {"monthly_reference_wage": "-1"},
            {"monthly_reference_wage": 10**12},
        ],
    )
    def test_what_is_no_wage(self, client: TestClient, path: str, wages: Body) -> None:
        own: dict[str, Body] = {
            TEMPORARY: {"days_of_absence": 4},
            PERMANENT: {"loss_of_working_capacity_percent": "30", "age": 30},
            SURVIVORS: {"children": 1},
            CASES: {"date_of_injury": "2010-06-15", "age": 30},
        }
        assert_problem(post(client, path, {**own[path], **wages}), 422, "invalid_request")


class TestTemporaryDisability:
    @pytest.mark.parametrize(
        ("days", "paid", "benefit", "employer"),
        [
            (0, 0, "0", "0"),
            (1, 0, "0", "15000"),
            (3, 0, "0", "45000"),
            (4, 1, "10500", "45000"),
            (5, 2, "21000", "45000"),
        ],
    )
    def test_it_is_paid_from_the_fourth_day(
        self, client: TestClient, days: int, paid: int, benefit: str, employer: str
    ) -> None:
        found = awarded(client, TEMPORARY, WAGE, days_of_absence=days)
        assert (found["days_paid"], found["benefit"]) == (paid, benefit)
        assert (found["employer_days"], found["employer_pay"]) == (min(days, 3), employer)
        assert (found["daily_benefit"], found["daily_benefit_exact"]) == ("10500", "10500.000000000000")
        assert (found["currency"], found["notes"]) == ("KHR", [])

    @pytest.mark.parametrize("days", [-1, 1.5, "4", True, None, 1_000_001])
    def test_what_are_no_days(self, client: TestClient, days: Any) -> None:
        errors = assert_problem(post(client, TEMPORARY, {**WAGE, "days_of_absence": days}), 422, "invalid_request")
        assert pointers(errors) == ["/days_of_absence"]

    def test_an_explanation_leads_from_the_wages_to_the_benefit(self, client: TestClient) -> None:
        body = {"monthly_wages": ["400000", "500000"], "days_of_absence": 10, "as_of": "2010-01-01", "explain": True}
        whole = awarded(client, TEMPORARY, body)["explanation"]
        assert (whole["symbol"], whole["value"], whole["unit"]) == ("TB", "73500", "KHR")
        wage, benefit = whole["steps"]
        assert (wage["symbol"], wage["value"], wage["steps"][0]["symbol"]) == ("RWM", "450000", "w̄")
        assert [step["symbol"] for step in benefit["steps"]] == ["RWD", "TB_d", "d", "W_e"]
        assert [step["value"] for step in benefit["steps"]] == ["15000", "10500", "7", "45000"]


class TestPermanentDisability:
    def test_below_twenty_percent_it_is_a_lump_sum_and_from_there_on_a_pension(self, client: TestClient) -> None:
        below = awarded(client, PERMANENT, LOSS, loss_of_working_capacity_percent="19.99")
        at = awarded(client, PERMANENT, LOSS, loss_of_working_capacity_percent="20")
        assert (below["form"], below["monthly_pension"], below["caretaker_benefit"]) == ("lump_sum", "0", "0")
        # 5,400,000 x 0.7 x 0.1999 x 0.2 x 9,857 / 365
        assert below["lump_sum"] == below["present_value"] == "4081187"
        assert (at["form"], at["lump_sum"], at["monthly_pension"]) == ("pension", "0", "50400")
        assert at["present_value_exact"] == "16332913.972602739726"
        assert below["notes"][0]["code"] == at["notes"][0]["code"] == "giz-2012-e15"

    def test_only_a_total_loss_has_a_caretaker(self, client: TestClient) -> None:
        almost = awarded(client, PERMANENT, LOSS, loss_of_working_capacity_percent="99.99")
        total = awarded(client, PERMANENT, LOSS, loss_of_working_capacity_percent="100")
        assert (almost["monthly_pension"], almost["caretaker_benefit"]) == ("251975", "0")
        assert (total["monthly_pension"], total["caretaker_benefit"]) == ("252000", "126000")
        assert total["ilo_recommended"]["caretaker_benefit"] == "157500"
        assert total["shortfall"]["caretaker_benefit"] == "31500"

    @pytest.mark.parametrize("percent", ["0", 0, "-0.0"])
    def test_without_a_loss_there_is_no_benefit(self, client: TestClient, percent: Any) -> None:
        response = post(client, PERMANENT, {**LOSS, "loss_of_working_capacity_percent": percent})
        errors = assert_problem(response, 409, "loss_of_working_capacity_out_of_range")
        assert pointers(errors) == ["/loss_of_working_capacity_percent"]

    @pytest.mark.parametrize("percent", ["-0.01", "100.01", 101, "1e1", None, "", "20%", True])
    def test_what_is_no_percentage(self, client: TestClient, percent: Any) -> None:
        response = post(client, PERMANENT, {**LOSS, "loss_of_working_capacity_percent": percent})
        assert pointers(assert_problem(response, 422, "invalid_request")) == ["/loss_of_working_capacity_percent"]

    @pytest.mark.parametrize(("age", "lump_sum"), [(0, "1265730"), (4, "1284993"), (104, "18020"), (105, "0")])
    def test_the_first_and_the_last_age(self, client: TestClient, age: int, lump_sum: str) -> None:
        found = awarded(client, PERMANENT, LOSS, age=age, loss_of_working_capacity_percent="5")
        assert (found["age"], found["lump_sum"]) == (age, lump_sum)

    def test_beyond_them_there_is_no_multiplier(self, client: TestClient) -> None:
        response = post(client, PERMANENT, {**LOSS, "age": 106})
        assert pointers(assert_problem(response, 409, "age_outside_multipliers")) == ["/age"]
        assert_problem(post(client, PERMANENT, {**LOSS, "age": -1}), 422, "invalid_request")
        assert_problem(post(client, PERMANENT, {**LOSS, "age": 121}), 422, "invalid_request")
        born = {**LOSS, "age": None, "date_of_injury": "2010-06-15"}
        response = post(client, PERMANENT, {**born, "birth_date": "1904-06-15"})
        assert pointers(assert_problem(response, 409, "age_outside_multipliers")) == ["/birth_date"]
        response = post(client, PERMANENT, {**born, "birth_date": "2010-06-16"})
        assert pointers(assert_problem(response, 409, "impossible_case")) == ["/birth_date"]
        assert awarded(client, PERMANENT, born, birth_date="1904-06-16")["age"] == 105
        assert awarded(client, PERMANENT, born, birth_date="2010-06-15")["age"] == 0

    @pytest.mark.parametrize(
        ("day", "age"), [("2011-02-28", 26), ("2011-03-01", 27), ("2012-02-28", 27), ("2012-02-29", 28)]
    )
    def test_who_was_born_on_29_february_is_older_on_1_march(self, client: TestClient, day: str, age: int) -> None:
        body = {**LOSS, "age": None, "as_of": None, "birth_date": "1984-02-29", "date_of_injury": day}
        found = awarded(client, PERMANENT, {name: value for name, value in body.items() if value is not None})
        by_age = awarded(client, PERMANENT, LOSS, age=age, as_of=day)
        assert (found["age"], found["present_value_exact"]) == (age, by_age["present_value_exact"])

    @pytest.mark.parametrize(
        "ages",
        [
            {"age": None},
            {"birth_date": "1980-01-01", "date_of_injury": "2010-06-15"},
            {"age": None, "birth_date": "1980-01-01"},
            {"age": None, "date_of_injury": "2010-06-15"},
            {"age": "30"},
            {"age": 30.5},
        ],
    )
    def test_exactly_one_way_to_say_the_age(self, client: TestClient, ages: Body) -> None:
        assert_problem(post(client, PERMANENT, {**LOSS, **ages}), 422, "invalid_request")

    def test_the_date_of_injury_chooses_the_versions(self, client: TestClient) -> None:
        body = {name: value for name, value in LOSS.items() if name != "as_of"}
        for day, version in (("2011-12-31", 1), ("2012-01-01", 2)):
            receipt = awarded(client, PERMANENT, body, date_of_injury=day)["receipt"]
            assert receipt["as_of"] == day
            assert receipt["tables"]["provisions"] == f"nssf-provisions@{version}"
        response = post(client, PERMANENT, {**body, "date_of_injury": "2008-10-31"})
        assert pointers(assert_problem(response, 409, "no_coverage")) == ["/date_of_injury"]
        response = post(client, PERMANENT, {**LOSS, "date_of_injury": "2010-06-16"})
        assert pointers(assert_problem(response, 409, "date_conflict")) == ["/as_of"]

    def test_what_the_reducing_factors_cost_is_explained(self, client: TestClient) -> None:
        """Beside the pension of 450,000 x 0.7 x 0.3 x 0.8 = 75,600, 94,500 is recommended."""
        body = {**LOSS, "monthly_reference_wage": "450000", "loss_of_working_capacity_percent": "30", "explain": True}
        (_, award) = awarded(client, PERMANENT, body)["explanation"]["steps"]
        costs = [step for step in award["steps"] if step["name"] == "shortfall"]
        assert [step["value"] for step in costs][:3] == ["0", "18900", "0"]
        assert costs[1]["inputs"] == {"recommended": "94500", "in_force": "75600"}

    def test_what_if_the_factors_were_the_ilo_s(self, client: TestClient) -> None:
        patch = {"provisions": {"permanent_disability": {"factors": {"lump_sum": "1", "pension": "1"}}}}
        found = awarded(client, PERMANENT, LOSS, overrides=patch)
        assert found["monthly_pension"] == found["ilo_recommended"]["monthly_pension"] == "94500"
        assert found["shortfall"]["present_value"] == "0"

    def test_a_multiplier_in_other_units_is_no_published_mistake(self, client: TestClient) -> None:
        found = awarded(client, PERMANENT, LOSS, overrides={"multipliers": {"unit": {"per_year": 1}}})
        # as endnote 13 would have it: 75,600 x 12 x 9,857
        assert (found["present_value"], found["notes"]) == ("8942270400", [])


class TestSurvivors:
    def test_nobody_is_refused(self, client: TestClient) -> None:
        assert pointers(assert_problem(post(client, SURVIVORS, WAGE), 409, "no_survivors")) == [""]
        body = {**WAGE, "spouse": False, "children": 0, "parents": 0}
        assert pointers(assert_problem(post(client, SURVIVORS, body), 409, "no_survivors")) == [""]

    def test_a_class_shares_in_equal_parts(self, client: TestClient) -> None:
        found = awarded(client, SURVIVORS, WAGE, spouse=True, children=4, parents=1)
        children = found["shares"]["children"]
        assert (children["monthly_amount"], children["monthly_amount_per_person"]) == ("113400", "28350")
        assert found["shares"]["parents"]["monthly_amount_per_person"] == "31500"
        assert (found["total_share"], found["total"]) == ("0.700000000000", "315000")

    def test_above_the_maximum_all_shares_are_cut_alike(self, client: TestClient) -> None:
        patch = {"provisions": {"survivors": {"maximum_share": "0.35"}}}
        found = awarded(client, SURVIVORS, WAGE, spouse=True, children=1, overrides=patch)
        assert (found["total_share"], found["total"]) == ("0.350000000000", "157500")
        assert found["shares"]["spouse"]["share"] == "0.210000000000"
        assert found["shares"]["children"]["monthly_amount"] == "63000"

    @pytest.mark.parametrize(
        ("field", "value"),
        [("spouse", 1), ("spouse", "true"), ("children", -1), ("children", 41), ("children", 1.5), ("parents", "1"),
         ("parents", 41), ("parents", True)],
    )  # fmt: skip
    def test_what_is_no_number_of_persons(self, client: TestClient, field: str, value: Any) -> None:
        response = post(client, SURVIVORS, {**WAGE, "spouse": True, field: value})
        assert pointers(assert_problem(response, 422, "invalid_request")) == [f"/{field}"]

    def test_forty_children_and_parents_are_taken(self, client: TestClient) -> None:
        assert awarded(client, SURVIVORS, WAGE, children=40, parents=40)["shares"]["parents"]["persons"] == 40


class TestFuneral:
    @pytest.mark.parametrize(
        ("day", "grant", "version"),
        [("2008-11-01", "1000000", 1), ("2011-12-31", "1000000", 1), ("2012-01-01", "4000000", 2)],
    )
    def test_the_grant_was_raised_in_2012(self, client: TestClient, day: str, grant: str, version: int) -> None:
        found = awarded(client, FUNERAL, {"date_of_death": day})
        assert (found["benefit"], found["benefit_exact"]) == (grant, f"{grant}.000000000000")
        assert found["receipt"]["tables"] == {"provisions": f"nssf-provisions@{version}"}
        assert found["notes"] == []

    def test_an_exact_pin_asks_what_the_other_version_would_pay(self, client: TestClient) -> None:
        body = {"date_of_death": "2011-06-01", "tables": {"provisions": "nssf-provisions@2"}}
        assert awarded(client, FUNERAL, body)["benefit"] == "4000000"
        either = {"provisions": ["nssf-provisions@2", "nssf-provisions@1"]}
        assert awarded(client, FUNERAL, {**body, "tables": either})["benefit"] == "1000000"
        wrong = {**body, "tables": {"provisions": "nssf-contributions@1"}}
        assert pointers(assert_problem(post(client, FUNERAL, wrong), 409, "wrong_kind")) == ["/tables/provisions"]

    @pytest.mark.parametrize("day", [None, "2012-02-30", "2012-1-1", 20120101, "today"])
    def test_what_is_no_date(self, client: TestClient, day: Any) -> None:
        errors = assert_problem(post(client, FUNERAL, {"date_of_death": day}), 422, "invalid_request")
        assert pointers(errors) == ["/date_of_death"]
