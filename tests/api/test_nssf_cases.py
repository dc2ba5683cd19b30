"""Whole cases: what each event ends and begins, which versions are used, what cannot have been."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.application import create_app
from api.settings import Settings
from tables.models import AssumptionVersion
from tables.shipped import shipped_tables
from tables.store import open_store, prepare
from tests.api.generators import Body
from tests.api.support import CASES, PERMANENT, answer, assert_problem, canonical, pointers, post, sha256

# 10,500 riel a day of absence; 100,800 a month at a loss of 40%; 189,000 and 126,000 for spouse and children.
INJURY = {"date_of_injury": "2011-11-07", "age": 30, "monthly_reference_wage": "450000", "schedule_months": 4}
ABSENT = [{"first_day": "2011-11-07", "last_day": "2011-12-31"}]
LASTS = {"first_day": "2011-12-16", "loss_of_working_capacity_percent": "40"}
FAMILY = {"spouse": {"age": 27}, "children": [{"age": 3}]}
DIED = {"date_of_death": "2012-01-11", **FAMILY}
BOTH = ["nssf-provisions@1", "nssf-provisions@2"]


def award(client: TestClient, **more: Any) -> Any:
    """The answer to the injury with what followed."""
    return answer(post(client, CASES, {**INJURY, **more}))


def paid(found: Any) -> dict[str, dict[str, str]]:
    """What each month pays, by benefit."""
    return {
        month["month"]: {each["benefit"]: each["amount"] for each in month["payments"]} for month in found["schedule"]
    }


def refused_at(client: TestClient, **more: Any) -> list[str]:
    """Where a case contradicts itself."""
    return pointers(assert_problem(post(client, CASES, {**INJURY, **more}), 409, "impossible_case"))


def test_each_day_belongs_to_one_benefit(client: TestClient) -> None:
    found = award(client, absences=ABSENT, permanent_disability=LASTS, death=DIED)
    assert paid(found) == {
        "2011-11": {"temporary_disability": "220500"},  # 10 to 30 November
        "2011-12": {"temporary_disability": "157500", "disability_pension": "52026"},  # 15 days, and 16 of 31
        "2012-01": {
            "disability_pension": "32516",  # 10 days of 31
            "funeral_grant": "4000000",
            "survivors_pensions": "213387",  # 21 days of 31
        },
        "2012-02": {"survivors_pensions": "315000"},
    }
    (absence,) = found["absences"]
    assert (absence["days_of_absence"], absence["days_paid"], absence["employer_days"]) == (39, 36, 3)
    assert found["total_paid"] == "4990929"


def test_with_nothing_that_followed_nothing_is_paid(client: TestClient) -> None:
    found = award(client)
    assert (found["absences"], found["permanent_disability"], found["death"], found["notes"]) == ([], None, None, [])
    assert paid(found) == {"2011-11": {}, "2011-12": {}, "2012-01": {}, "2012-02": {}}
    assert (found["total_paid"], found["present_value"]) == ("0", "0")


def test_the_schedule_has_two_years_unless_it_says_otherwise(client: TestClient) -> None:
    months = [{**INJURY, "schedule_months": None}, {**INJURY, "schedule_months": 1}, {**INJURY, "schedule_months": 120}]
    del months[0]["schedule_months"]
    assert [len(answer(post(client, CASES, body))["schedule"]) for body in months] == [24, 1, 120]
    for wrong in (0, 121, 1.5, None, "4"):
        errors = assert_problem(post(client, CASES, {**INJURY, "schedule_months": wrong}), 422, "invalid_request")
        assert pointers(errors) == ["/schedule_months"]


def test_a_loss_is_paid_as_the_benefit_alone_would_be(client: TestClient) -> None:
    for percent in ("19.99", "20", "100"):
        found = award(client, permanent_disability={**LASTS, "loss_of_working_capacity_percent": percent})
        body = {"monthly_reference_wage": "450000", "age": 30, "loss_of_working_capacity_percent": percent}
        alone = answer(post(client, PERMANENT, {**body, "date_of_injury": "2011-11-07"}))
        assert found["permanent_disability"] == {name: alone[name] for name in found["permanent_disability"]}
        assert [note["code"] for note in found["notes"]] == ["giz-2012-e15"]
        pension = alone["form"] == "pension"
        assert found["present_value_exact"] == (alone["present_value_exact"] if pension else "0.000000000000")
        assert ("lump_sum" in paid(found)["2011-12"]) is not pension
        assert ("disability_pension" in paid(found)["2012-01"]) is pension
        assert ("caretaker_benefit" in paid(found)["2012-01"]) is (percent == "100")


class TestAbsences:
    def test_without_a_day_between_they_are_one(self, client: TestClient) -> None:
        spells = [
            {"first_day": "2011-11-10", "last_day": "2011-11-11"},
            {"first_day": "2011-11-07", "last_day": "2011-11-09"},
            {"first_day": "2011-11-13", "last_day": "2011-11-16"},
        ]
        found = award(client, absences=spells)
        shown = [(each["first_day"], each["last_day"], each["days_paid"]) for each in found["absences"]]
        assert shown == [("2011-11-07", "2011-11-11", 2), ("2011-11-13", "2011-11-16", 1)]

    def test_after_the_loss_lasts_none_is_paid(self, client: TestClient) -> None:
        spells = [{"first_day": "2012-01-01", "last_day": "2012-01-31"}]
        (absence,) = award(client, absences=spells, permanent_disability=LASTS)["absences"]
        assert (absence["days_of_absence"], absence["days_paid"], absence["employer_days"]) == (0, 0, 0)

    def test_the_day_of_death_is_not_paid(self, client: TestClient) -> None:
        spells = [{"first_day": "2011-11-07", "last_day": "2011-11-30"}]
        found = award(client, absences=spells, death={"date_of_death": "2011-11-11", "work_related": False})
        assert [each["days_paid"] for each in found["absences"]] == [1]
        found = award(client, absences=spells, death={"date_of_death": "2011-11-07"})
        assert [each["days_of_absence"] for each in found["absences"]] == [0]

    @pytest.mark.parametrize(
        ("field", "spells"),
        [
            ("0/first_day", [("2011-11-06", "2011-11-08")]),
            ("0/last_day", [("2011-11-08", "2011-11-07")]),
            ("1/first_day", [("2011-11-07", "2011-11-09"), ("2011-11-09", "2011-11-10")]),
            ("0/first_day", [("2011-11-09", "2011-11-10"), ("2011-11-07", "2011-11-30")]),
            ("1/first_day", [("2011-11-07", "2011-11-30"), ("2012-01-12", "2012-01-13")]),
        ],
    )
    def test_what_cannot_have_been(self, client: TestClient, field: str, spells: list[tuple[str, str]]) -> None:
        absences = [{"first_day": first, "last_day": last} for first, last in spells]
        assert refused_at(client, absences=absences, death=DIED) == [f"/absences/{field}"]

    def test_to_the_last_day_of_the_calendar(self, client: TestClient) -> None:
        spells = [
            {"first_day": "9999-12-01", "last_day": "9999-12-31"},
            {"first_day": "2011-11-07", "last_day": "2011-11-10"},
        ]
        assert len(award(client, absences=spells)["absences"]) == 2
        late = {"date_of_injury": "9999-11-07", "absences": spells[:1], "overrides": {"provisions": {}}}
        assert [month["month"] for month in award(client, **late)["schedule"]] == ["9999-11"]


class TestDeath:
    def test_not_due_to_the_injury_it_only_ends_the_pension(self, client: TestClient) -> None:
        found = award(client, permanent_disability=LASTS, death={**DIED, "work_related": False})
        assert (found["death"], found["present_value"]) == (None, "0")
        assert paid(found)["2012-01"] == {"disability_pension": "32516"}
        assert paid(found)["2012-02"] == {}

    def test_without_a_family_there_is_the_grant_alone(self, client: TestClient) -> None:
        found = award(client, death={"date_of_death": "2012-01-11"})
        assert (found["death"]["funeral_grant"], found["death"]["survivors_pensions"]) == ("4000000", None)
        assert found["death"]["present_values"]["spouse"] == "0"
        assert (found["present_value"], found["notes"]) == ("0", [])

    def test_a_present_value_needs_every_age_of_its_class(self, client: TestClient) -> None:
        family = {"spouse": {"birth_date": "1984-01-12"}, "children": [{"age": 3}, {}]}
        found = award(client, death={"date_of_death": "2012-01-11", **family})
        values = found["death"]["present_values"]
        # 189,000 x 12 x 10,230 / 365 at age 27
        assert (values["spouse"], values["children"], values["parents"]) == ("63566137", None, "0")
        assert found["present_value"] is found["present_value_exact"] is None
        assert [note["code"] for note in found["notes"]] == ["giz-2012-e15"]
        unknown = award(client, death={"date_of_death": "2012-01-11", "spouse": {}})
        assert (unknown["present_value"], unknown["notes"]) == (None, [])

    def test_a_multiplier_of_nothing_is_used_too(self, client: TestClient) -> None:
        found = award(client, death={"date_of_death": "2012-01-11", "parents": [{"age": 105}]})
        assert found["present_value"] == "0"
        assert [note["code"] for note in found["notes"]] == ["giz-2012-e15"]

    @pytest.mark.parametrize(
        ("field", "family"),
        [
            ("spouse", {"spouse": {"age": 106}}),
            ("children/1", {"children": [{}, {"age": 120}]}),
            ("parents/0", {"parents": [{"birth_date": "1905-01-11"}]}),
        ],
    )
    def test_a_survivor_is_of_an_age_that_there_are_multipliers_for(
        self, client: TestClient, field: str, family: Body
    ) -> None:
        older = {"date_of_death": "2012-01-11", **family}
        response = post(client, CASES, {**INJURY, "death": older})
        assert pointers(assert_problem(response, 409, "age_outside_multipliers")) == [f"/death/{field}"]
        assert award(client, death={**older, "work_related": False})["death"] is None

    def test_on_the_day_from_which_the_loss_lasts_it_is_paid_alone(self, client: TestClient) -> None:
        lasts = {"first_day": "2012-01-11", "loss_of_working_capacity_percent": "19.99"}
        for percent in ("19.99", "20"):
            loss = {**lasts, "loss_of_working_capacity_percent": percent}
            found = award(client, permanent_disability=loss, death=DIED)
            assert paid(found)["2012-01"].keys() == {"funeral_grant", "survivors_pensions"}
        earlier = award(client, permanent_disability={**lasts, "first_day": "2012-01-10"}, death=DIED)
        assert "lump_sum" in paid(earlier)["2012-01"]

    def test_before_the_injury_is_refused(self, client: TestClient) -> None:
        assert refused_at(client, death={"date_of_death": "2011-11-06"}) == ["/death/date_of_death"]
        assert award(client, death={"date_of_death": "2011-11-07"})["total_paid"] == "1000000"

    @pytest.mark.parametrize(
        "wrong", [{"spouse": {"age": 3, "birth_date": "2001-01-01"}}, {"children": [{}] * 41}, {"work_related": 1}]
    )
    def test_what_is_no_family(self, client: TestClient, wrong: Body) -> None:
        response = post(client, CASES, {**INJURY, "death": {"date_of_death": "2012-01-11", **wrong}})
        assert_problem(response, 422, "invalid_request")


def test_a_loss_lasts_from_the_injury_to_death(client: TestClient) -> None:
    first, percent = "permanent_disability/first_day", "permanent_disability/loss_of_working_capacity_percent"
    assert refused_at(client, permanent_disability={**LASTS, "first_day": "2011-11-06"}) == [f"/{first}"]
    late = {**LASTS, "first_day": "2012-01-12"}
    assert refused_at(client, permanent_disability=late, death=DIED) == [f"/{first}"]
    none = {**LASTS, "loss_of_working_capacity_percent": "0"}
    assert refused_at(client, permanent_disability=none) == [f"/{percent}"]
    at_once = award(client, permanent_disability={**LASTS, "first_day": "2011-11-07"})
    assert paid(at_once)["2011-11"] == {"disability_pension": "80640"}  # 24 days of 30
    on_the_day = award(client, permanent_disability={**LASTS, "first_day": "2012-01-11"}, death=DIED)
    assert "disability_pension" not in paid(on_the_day)["2012-01"]


def test_nobody_is_born_after_the_day_on_which_the_age_counts(client: TestClient) -> None:
    assert refused_at(client, age=None, birth_date="2011-11-08") == ["/birth_date"]
    assert award(client, age=None, birth_date="2011-11-07")["age"] == 0
    children = [{"age": 3}, {"birth_date": "2012-01-12"}]
    assert refused_at(client, death={**DIED, "children": children}) == ["/death/children/1/birth_date"]
    for each in ("spouse", "parents"):
        born: Any = {"birth_date": "2012-01-12"}
        place = each if each == "spouse" else f"{each}/0"
        death = {**DIED, each: born if each == "spouse" else [born]}
        assert refused_at(client, death=death) == [f"/death/{place}/birth_date"]


def test_a_worker_is_of_an_age_that_there_are_multipliers_for(client: TestClient) -> None:
    for older in ({"age": 106}, {"age": None, "birth_date": "1905-11-07"}):
        response = post(client, CASES, {**INJURY, **older})
        field = "age" if older["age"] else "birth_date"
        assert pointers(assert_problem(response, 409, "age_outside_multipliers")) == [f"/{field}"]
    assert award(client, age=105)["age"] == 105


class TestVersions:
    def test_without_a_grant_the_day_of_death_chooses_nothing(self, client: TestClient) -> None:
        found = award(client, death={"date_of_death": "2012-01-11", "work_related": False})
        assert found["receipt"]["tables"]["provisions"] == "nssf-provisions@1"

    def test_the_grant_is_that_of_the_day_of_death(self, client: TestClient) -> None:
        for day, grant, versions in (
            ("2011-12-31", "1000000", "nssf-provisions@1"),
            ("2012-01-01", "4000000", BOTH),
        ):
            found = award(client, death={"date_of_death": day})
            assert found["death"]["funeral_grant"] == grant
            receipt = found["receipt"]
            assert (receipt["as_of"], receipt["tables"]["provisions"]) == ("2011-11-07", versions)
            details = {name for name in receipt["table_details"] if name.startswith("nssf-provisions")}
            assert details == ({versions} if isinstance(versions, str) else set(versions))

    @pytest.mark.parametrize("more", [{}, {"explain": True}, {"overrides": {"provisions": {"funeral_grant": "5"}}}])
    def test_the_receipt_gives_the_same_bytes(self, client: TestClient, more: Body) -> None:
        body = {**INJURY, "absences": ABSENT, "permanent_disability": LASTS, "death": DIED, **more}
        first = post(client, CASES, body)
        receipt = answer(first)["receipt"]
        assert receipt["tables"]["provisions"] == BOTH
        replayed = {**body, **{name: receipt[name] for name in ("as_of", "known_at", "tables")}}
        assert post(client, CASES, replayed).content == first.content

    def test_a_what_if_changes_both_versions(self, client: TestClient) -> None:
        found = award(client, death=DIED, overrides={"provisions": {"funeral_grant": "5"}})
        assert (found["death"]["funeral_grant"], found["receipt"]["hypothetical"]) == ("5", True)
        details = found["receipt"]["table_details"]
        hashes = {details[name]["override_sha256"] for name in BOTH}
        assert len(hashes) == 1, "they differ in the grant alone"

    def test_an_exact_pin_holds_for_both_days(self, client: TestClient) -> None:
        found = award(client, death=DIED, tables={"provisions": "nssf-provisions@1"})
        assert found["death"]["funeral_grant"] == "1000000"
        assert found["receipt"]["tables"]["provisions"] == "nssf-provisions@1"

    def test_the_refusal_names_the_day_that_is_not_covered(self, client: TestClient) -> None:
        one = {"tables": {"provisions": ["nssf-provisions@1"]}}
        response = post(client, CASES, {**INJURY, "death": DIED, **one})
        assert pointers(assert_problem(response, 409, "no_coverage")) == ["/death/date_of_death"]
        response = post(client, CASES, {**INJURY, "date_of_injury": "2008-10-31", "death": DIED})
        assert pointers(assert_problem(response, 409, "no_coverage")) == ["/date_of_injury"]
        response = post(client, CASES, {**INJURY, "death": DIED, "as_of": "2011-11-08"})
        assert pointers(assert_problem(response, 409, "date_conflict")) == ["/as_of"]

    def test_before_anything_was_published_there_is_nothing(self, client: TestClient) -> None:
        response = post(client, CASES, {**INJURY, "known_at": "2026-11-21T23:59:59Z"})
        assert pointers(assert_problem(response, 409, "no_coverage")) == ["/known_at"]


@pytest.fixture(scope="module")
def decreed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service whose provisions got a third version in December 2026, in force from 2011-06-01: 80%, not 70%."""
    url = f"sqlite:///{tmp_path_factory.mktemp('decreed') / 'rielquote.db'}"
    shipped = shipped_tables()
    store = open_store(url)
    prepare(store, shipped)
    (first,) = (
        version
        for table in shipped
        for version in table.versions
        if (version.table_name, version.number) == ("nssf-provisions", 1)
    )
    content: dict[str, Any] = orjson.loads(first.content)
    content["temporary_disability"]["replacement_rate"] = "0.8"
    text = canonical(content)
    changed: dict[str, Any] = {"number": 3, "content": text.decode(), "sha256": sha256(text)}
    changed |= {"effective_from": date(2011, 6, 1), "effective_to": date(2012, 1, 1)}
    changed |= {"published_at": datetime(2026, 12, 1, tzinfo=UTC)}
    with Session(store) as session:
        session.add(AssumptionVersion(**{**first.model_dump(), **changed}))
        session.commit()
    store.dispose()
    with TestClient(create_app(Settings(database_url=url))) as client:
        yield client


def test_a_case_is_decided_as_known_on_the_day_of_the_decision(decreed: TestClient) -> None:
    for known_at, benefit, version in (
        ("2026-11-30T23:59:59Z", "378000", "nssf-provisions@1"),
        ("2026-12-01T00:00:00Z", "432000", "nssf-provisions@3"),
    ):
        body = {**INJURY, "absences": [{"first_day": "2011-11-07", "last_day": "2011-12-15"}], "death": DIED}
        first = post(decreed, CASES, {**body, "known_at": known_at})
        found = answer(first)
        assert found["absences"][0]["benefit"] == benefit
        receipt = found["receipt"]
        assert receipt["tables"]["provisions"] == [version, "nssf-provisions@2"]
        replayed = {**body, **{name: receipt[name] for name in ("as_of", "known_at", "tables")}}
        assert post(decreed, CASES, replayed).content == first.content


def test_an_explanation_shows_every_benefit(client: TestClient) -> None:
    whole = award(client, absences=ABSENT, permanent_disability=LASTS, death=DIED, explain=True)["explanation"]
    assert (whole["name"], whole["unit"]) == ("case_award", "KHR")
    assert whole["value"].startswith("4990929.0")
    names = [step["name"] for step in whole["steps"]]
    assert names[:4] == ["reference_wage", "temporary_disability_benefit", "permanent_disability", "funeral_grant"]
    assert {"survivors_pensions", "class_present_value", "month_of_pension", "month_of_days"} <= set(names)
