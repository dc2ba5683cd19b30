"""What a version does to the answers to the reference questions."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.application import CALCULATORS
from api.impact.comparison import comparison, impact, relevant
from api.impact.references import references
from tables.kinds import DEFAULT_TABLES, KINDS
from tables.snapshot import Snapshot, Version
from tests.api.support import QUOTES, answer, post
from tests.tables.candidates import candidate

DAY = date(2027, 1, 1)


def version(snapshot: Snapshot, name: str) -> Version:
    """A shipped version."""
    table, _, number = name.partition("@")
    found = snapshot.tables[table].version(int(number))
    assert found is not None
    return found


def changed(snapshot: Snapshot, name: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The impact of a draft that is a shipped version with some changes, against that version."""
    draft = candidate(name, dict(changes))
    return impact(comparison(snapshot, version(snapshot, name), draft, DAY))


def test_every_reference_question_is_dated_answered_and_gives_each_of_its_figures(snapshot: Snapshot) -> None:
    names = [reference.name for reference in references()]
    assert len(set(names)) == len(names) > 100
    assert all(reference.is_dated for reference in references())
    asked = set()
    for table in snapshot.tables.values():
        for each in table.versions:
            found = impact(comparison(snapshot, each, each, max(each.effective_from, date(2012, 1, 1))))
            assert found["refused"] == [], each.name
            assert found["changed"] == 0
            assert found["questions"] > 0, f"nothing is asked about {table.name}"
            figures = {(row["reference"], row["field"]) for row in found["impact"]}
            for reference in relevant(each):
                asked.add(reference.name)
                seen = [field for name, field in figures if name == reference.name]
                for field in reference.fields:
                    one = [pointer for pointer in seen if type(reference)("", "", "", (field,), {}).looks_at(pointer)]
                    assert one, f"{reference.name} has no figure {field}"
    assert asked == set(names)


def test_every_calculator_that_uses_a_table_and_is_not_heavy_is_asked() -> None:
    asked = {reference.path for reference in references()}
    light = {each.path for each in CALCULATORS if each.weight == "inline" and each.roles}
    assert asked == light
    assert set(DEFAULT_TABLES) | {"tariff"} == set(KINDS)


def test_a_draft_of_the_packages_changes_every_quote_of_the_package(snapshot: Snapshot) -> None:
    found = changed(snapshot, "mba-packages@1", {"/basic_benefit/F": "330000"})
    assert (found["before"]["name"], found["after"]["name"]) == ("mba-packages@1", "mba-packages@9")
    assert (found["after"]["status"], found["on"]) == ("draft", DAY)
    quotes = {
        row["reference"]: row
        for row in found["impact"]
        if row["path"] == QUOTES and row["field"] == "/monthly_premium_exact" and row["before"] != row["after"]
    }
    assert {name for name in quotes if "relatives" not in name} == {
        f"quote package=F plan_type={plan}" for plan in ("couple", "single_parent", "couple_with_children", "single")
    }
    # A premium is proportional to the basic benefit.
    assert {row["ratio"] for row in quotes.values()} == {"1.100000000000"}
    single = quotes["quote package=F plan_type=single"]
    assert single["before"] == "1693.566177428997"
    assert Decimal(single["change"]) == Decimal(single["after"]) - Decimal(single["before"])


def test_what_a_draft_says_is_what_the_same_override_says(snapshot: Snapshot, client: TestClient) -> None:
    found = changed(snapshot, "mba-pricing-basis@1", {"/interest_rate": "0.05", "/safety_margin": "0.3"})
    said = {row["reference"]: row["after"] for row in found["impact"] if row["field"] == "/monthly_premium_exact"}
    for package in "ACF":
        override = {"pricing_basis": {"interest_rate": "0.05", "safety_margin": "0.3"}}
        body = {"package": package, "plan_type": "couple", "as_of": "2027-01-01", "overrides": override}
        quote = answer(post(client, QUOTES, body))
        assert said[f"quote package={package} plan_type=couple"] == quote["monthly_premium_exact"]


def test_the_largest_change_comes_first_and_what_stays_last(snapshot: Snapshot) -> None:
    found = impact(comparison(snapshot, version(snapshot, "mba-reinsurance@1"), version(snapshot, "mba-reinsurance@2")))
    assert found["on"] == date(2006, 1, 1)
    moved = [abs(Decimal(row["ratio"]) - 1) for row in found["impact"] if row["ratio"] is not None]
    assert moved == sorted(moved, reverse=True)
    treaty = {
        row["field"]: (row["before"], row["after"]) for row in found["impact"] if row["path"].endswith("/reinsurance")
    }
    # suan-2009 Table 13: 20% of the premium ceded, then 30%; the limit of a year 112,500, then 205,000.
    assert treaty["/ceded_premium"] == ("8000.00", "12000.00")
    assert treaty["/annual_limit"] == ("112500.00", "205000.00")


def test_the_planned_funeral_grant_changes_nothing_else(snapshot: Snapshot) -> None:
    before, after = (version(snapshot, f"nssf-provisions@{number}") for number in (1, 2))
    found = impact(comparison(snapshot, before, after))
    grants = [row for row in found["impact"] if row["before"] != row["after"]]
    assert found["changed"] == len(grants) == 2
    assert {(row["before"], row["after"], row["ratio"]) for row in grants} == {
        ("1000000.000000000000", "4000000.000000000000", "4.000000000000")
    }


def test_without_a_version_before_there_is_nothing_to_compare_with(snapshot: Snapshot) -> None:
    found = impact(comparison(snapshot, None, candidate("mba-loadings@1"), DAY))
    assert found["before"] is None
    assert {(row["before"], row["change"], row["ratio"]) for row in found["impact"]} == {(None, None, None)}


def test_a_question_that_cannot_be_answered_any_more_is_named_with_its_reason(snapshot: Snapshot) -> None:
    found = changed(snapshot, "mba-loadings@1", {"/insured/primary_member/expense": "0.9"})
    refused = {(each["version"], each["code"]) for each in found["refused"]}
    assert refused == {("mba-loadings@9", "loadings_too_high")}
    gone = [row for row in found["impact"] if row["after"] is None]
    assert {row["ratio"] for row in gone} == {None}
    assert found["impact"][: len(gone)] == gone


def test_a_day_on_which_the_other_tables_are_not_in_force_refuses_the_questions(snapshot: Snapshot) -> None:
    life = version(snapshot, "who-cambodia-2006@1")
    found = impact(comparison(snapshot, life, life))
    assert found["on"] == date(2006, 1, 1)
    assert {each["code"] for each in found["refused"]} == {"no_coverage"}


def test_only_the_scales_own_questions_are_put_to_a_tariff(snapshot: Snapshot) -> None:
    found = changed(snapshot, "tariff-brac@1", {"/classes/other_member/premium": "300"})
    assert {row["path"] for row in found["impact"]} == {"/v1/tariffs/{scheme}/quotes"}
    assert all("of brac" in row["reference"] for row in found["impact"])
    assert found["changed"] == 2


def test_progress_is_said_from_nothing_to_all(snapshot: Snapshot) -> None:
    heard: list[tuple[int, int]] = []
    version_2 = version(snapshot, "nssf-contributions@2")
    impact(comparison(snapshot, None, version_2), lambda done, of: heard.append((done, of)))
    assert heard == [(done, len(relevant(version_2))) for done in range(len(relevant(version_2)) + 1)]


@pytest.mark.parametrize("name", ["mba-packages@1", "nssf-provisions@2"])
def test_impact_is_the_same_however_often_it_is_asked(snapshot: Snapshot, name: str) -> None:
    first, second = (changed(snapshot, name, {}) for _ in range(2))
    assert first == second
