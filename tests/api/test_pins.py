"""Which version answers: dates, pins, what was known when, what-ifs. On a table with a history."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.support import QUOTES, answer, assert_problem, canonical, pointers, post, sha256

LOADINGS = "/tables/loadings"


def ask(client: TestClient, as_of: str, **more: Any) -> Any:
    return post(client, QUOTES, {"package": "F", "plan_type": "single", "as_of": as_of, **more})


def used(client: TestClient, as_of: str, **more: Any) -> Any:
    """The version of mba-loadings that answered."""
    return answer(ask(client, as_of, **more))["receipt"]["tables"]["loadings"]


def pin(loadings: Any) -> dict[str, Any]:
    return {"tables": {"loadings": loadings}}


@pytest.mark.parametrize(
    ("as_of", "known_at", "version"),
    [
        ("2019-12-31", None, 1),
        ("2020-01-01", None, 4),
        ("2021-12-31", None, 4),
        ("2022-01-01", None, 2),
        ("2021-01-01", "2026-11-30T23:59:59.999999Z", 1),
        ("2021-01-01", "2026-12-01T00:00:00Z", 2),
        ("2021-01-01", "2026-12-02T00:00:00+00:00", 3),
        ("2021-01-01", "2026-12-03T00:00:00Z", 4),
        ("2023-01-01", "2026-12-03T23:59:59Z", 3),
        ("2023-01-01", "2026-12-04T00:00:00Z", 2),
    ],
)
def test_of_the_versions_in_force_and_known_the_one_published_last_answers(
    revised: TestClient, as_of: str, known_at: str | None, version: int
) -> None:
    assert used(revised, as_of, known_at=known_at) == f"mba-loadings@{version}"
    assert used(revised, as_of, known_at=known_at, **pin("mba-loadings")) == f"mba-loadings@{version}"


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_an_exact_pin_is_that_version_whatever_its_dates(revised: TestClient, number: int) -> None:
    version = f"mba-loadings@{number}"
    assert used(revised, "2010-01-01", **pin(version)) == version


@pytest.mark.parametrize(
    ("candidates", "as_of", "version"),
    [
        ([1, 2], "2019-12-31", 1),
        ([1, 2], "2020-01-01", 2),
        ([2, 1], "2020-01-01", 2),
        ([4, 1], "2021-12-31", 4),
        ([4, 1], "2022-01-01", 1),
        ([3, 2], "2022-01-01", 3),
        ([3], "2020-01-01", 3),
    ],
)
def test_of_a_list_the_date_chooses(revised: TestClient, candidates: list[int], as_of: str, version: int) -> None:
    names = [f"mba-loadings@{number}" for number in candidates]
    assert used(revised, as_of, **pin(names)) == f"mba-loadings@{version}"


@pytest.mark.parametrize(
    ("loadings", "known_at", "code"),
    [
        ("mba-loadings@5", None, "draft_pinned"),
        (["mba-loadings@1", "mba-loadings@5"], None, "draft_pinned"),
        ("mba-loadings@6", None, "version_unknown"),
        ("mba-loadings@2", "2026-11-30T00:00:00Z", "version_unknown"),
        ("mba-loading", None, "table_unknown"),
        ("mba-packages", None, "wrong_kind"),
        ("mba-packages@1", None, "wrong_kind"),
    ],
)
def test_what_cannot_be_pinned(revised: TestClient, loadings: Any, known_at: str | None, code: str) -> None:
    response = ask(revised, "2026-12-10", known_at=known_at, **pin(loadings))
    assert pointers(assert_problem(response, 409, code)) == [LOADINGS]


def test_no_coverage_names_the_nearest_covered_dates(revised: TestClient) -> None:
    before = ask(revised, "2008-12-31")
    assert pointers(assert_problem(before, 409, "no_coverage")) == ["/as_of"]
    assert "2009-01-01" in before.json()["detail"]
    after = ask(revised, "2022-01-01", **pin(["mba-loadings@4"]))
    assert_problem(after, 409, "no_coverage")
    assert "2021-12-31" in after.json()["detail"]
    unknown = ask(revised, "2026-12-10", known_at="2026-11-21T23:59:59Z")
    assert_problem(unknown, 409, "no_coverage")


@pytest.mark.parametrize(
    "loadings", ["mba-loadings@0", "mba-loadings@01", "mba-loadings@", "MBA", "", [], ["mba-loadings"], 1, {"a": 1}]
)
def test_what_is_no_pin(revised: TestClient, loadings: Any) -> None:
    assert pointers(assert_problem(ask(revised, "2026-12-10", **pin(loadings)), 422, "invalid_request")) == [LOADINGS]


def test_up_to_twenty_candidates(revised: TestClient) -> None:
    version = "mba-loadings@1"
    assert used(revised, "2026-12-10", **pin([version] * 20)) == version
    response = ask(revised, "2026-12-10", **pin([version] * 21))
    assert pointers(assert_problem(response, 422, "invalid_request")) == [LOADINGS]


def test_each_version_has_its_own_price(revised: TestClient) -> None:
    exact = [
        answer(ask(revised, "2021-01-01", **pin(f"mba-loadings@{n}")))["monthly_premium_exact"] for n in (4, 3, 2, 1)
    ]
    assert exact == sorted(exact, key=float)
    assert len(set(exact)) == 4
    assert answer(ask(revised, "2021-01-01"))["monthly_premium_exact"] == exact[0]


def test_an_override_is_merged_after_the_pin(revised: TestClient) -> None:
    patch = {"loadings": {"insured": {"primary_member": {"commission": "0.1"}}}}
    merged = answer(ask(revised, "2021-01-01", **pin("mba-loadings@2"), overrides=patch))
    served = answer(revised.get("/v1/tables/mba-loadings/versions/2"))
    content = served["content"]
    content["insured"]["primary_member"]["commission"] = "0.1"
    assert merged["receipt"]["table_details"]["mba-loadings@2"] == {
        "sha256": served["sha256"],
        "effective_from": "2020-01-01",
        "effective_to": None,
        "override_sha256": sha256(canonical(content)),
    }
    expected = {"expense_loading": "0.25", "commission_loading": "0.1", "natural_death_benefit": 300000}
    body = {"age": 43, "accident_benefit": 600000, "hospitalization_benefit": 31500, "as_of": "2021-01-01", **expected}
    premium = answer(post(revised, "/v1/mba/premiums", body))
    assert premium["totals"]["gross_annual_premium"] == merged["annual_premium_exact"]


@pytest.mark.parametrize(
    ("overrides", "pointer"),
    [
        ({"loadings": {"contingency": None}}, "/overrides/loadings/contingency"),
        ({"loadings": {"insured": {"child": {"expense": None}}}}, "/overrides/loadings/insured/child/expense"),
        ({"loadings": {"contingency": "1.5"}}, "/overrides/loadings/contingency"),
        ({"loadings": {"contingency": {}}}, "/overrides/loadings/contingency"),
        ({"loadings": {"insured": []}}, "/overrides/loadings/insured"),
        ({"loadings": {"unknown": 1}}, "/overrides/loadings"),
        ({"packages": {"rules": {"unknown": 1}}}, "/overrides/packages/rules"),
        ({"life_table": {"survivors": {"44": 1}}}, "/overrides/life_table/survivors"),
        ({"life_table": {"survivors": {"121": 1}}}, "/overrides/life_table/survivors"),
    ],
)
def test_an_override_must_give_a_valid_table(revised: TestClient, overrides: dict[str, Any], pointer: str) -> None:
    response = ask(revised, "2026-12-10", overrides=overrides)
    assert pointers(assert_problem(response, 409, "override_invalid")) == [pointer]


def test_an_override_replaces_lists_whole_and_adds_keys(revised: TestClient) -> None:
    suicide = ["suicide"]
    patch = {"packages": {"rules": {"death_exclusions": suicide}}, "life_table": {"survivors": {"43": "82000"}}}
    details = answer(ask(revised, "2026-12-10", overrides=patch))["receipt"]["table_details"]
    for table, keys, value in (
        ("mba-packages", ("rules", "death_exclusions"), suicide),
        ("who-cambodia-2006", ("survivors", "43"), "82000"),
    ):
        content = json.loads(canonical(answer(revised.get(f"/v1/tables/{table}/versions/1"))["content"]))
        content[keys[0]][keys[1]] = value
        assert details[f"{table}@1"]["override_sha256"] == sha256(canonical(content))
