"""Differences, findings and impact over HTTP: of what is published for anybody, of drafts for who may see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api.application import create_app
from api.settings import Settings
from tables.keys import create_key
from tables.store import open_store
from tests.api.support import answer, assert_problem, pointers, post
from tests.keys import made
from tests.tables.candidates import PROVENANCE, changed
from tests.tables.contents import shipped

DIFF, VERSION = "/v1/tables/{}/diff", "/v1/tables/{}/versions/{}"
CONTRIBUTIONS = "nssf-contributions"


@dataclass(frozen=True)
class Office:
    """A service with a draft in it, and the keys of who works there."""

    client: TestClient
    keys: dict[str, str]

    def get(self, path: str, role: str | None = None, **query: str) -> Response:
        """Ask, with a key of a role."""
        headers = {} if role is None else {"authorization": f"Bearer {self.keys[role]}"}
        return self.client.get(path, params=query, headers=headers)

    def send(self, role: str, path: str, body: Any = b"", **headers: str) -> Response:
        """Send with a key of a role."""
        return post(self.client, path, body, authorization=f"Bearer {self.keys[role]}", **headers)

    def draft(self, name: str, changes: dict[str, Any]) -> Response:
        """A new draft, made from a shipped version."""
        body = {
            "effective_from": "2027-01-01",
            "provenance": [PROVENANCE],
            "content": changed(shipped(name)[1], changes),
        }
        made_draft = self.send("author", f"/v1/tables/{name.partition('@')[0]}/versions", body)
        assert made_draft.status_code == 201, made_draft.text
        return made_draft


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    url = f"sqlite:///{tmp_path_factory.mktemp('office') / 'rielquote.db'}"
    keys = {role: made(url, role) for role in ("read", "author", "admin")}
    store = open_store(url)
    keys["publish"], _ = create_key(store, "Another partner", "publish", None, datetime.now(UTC))
    store.dispose()
    with TestClient(create_app(Settings(database_url=url))) as client:
        office = Office(client, keys)
        office.draft("mba-packages@1", {"/basic_benefit/F": "420000"})
        yield office


def test_a_diff_says_each_cell_that_differs_with_its_ratio(client: TestClient) -> None:
    diff = answer(client.get(DIFF.format("nssf-provisions"), params={"from": "1", "to": "2"}))
    # giz-2012 §3.6.3: one million, planned to be four.
    assert diff["cells"] == [
        {"pointer": "/funeral_grant", "old": "1000000", "new": "4000000", "ratio": "4.000000000000"}
    ]
    assert {(each["fact"], each["old"], each["new"]) for each in diff["facts"] if each["fact"] != "sha256"} == {
        ("effective_from", "2008-11-01", "2012-01-01"),
        ("effective_to", "2012-01-01", None),
    }
    assert [each["cells"] for each in diff["provenance"]] == ["/funeral_grant"]


def test_a_diff_goes_to_another_table_of_the_kind_and_to_no_other(client: TestClient) -> None:
    path = DIFF.format("mba-pricing-basis")
    diff = answer(client.get(path, params={"from": "1", "to": "mba-pricing-basis-corrected@1"}))
    assert (diff["from"], diff["to"]) == ("mba-pricing-basis@1", "mba-pricing-basis-corrected@1")
    assert {(cell["old"], cell["new"]) for cell in diff["cells"]} == {("suan-2009-e1", None), ("0.08", None)}
    errors = assert_problem(client.get(path, params={"from": "1", "to": "mba-loadings@1"}), 409, "wrong_kind")
    assert pointers(errors) == ["/to"]


@pytest.mark.parametrize(
    "query", [{}, {"from": "1"}, {"from": "0", "to": "1"}, {"from": "1", "to": "x"}, {"from": "1", "to": "1", "x": "1"}]
)
def test_a_diff_is_between_two_versions(query: dict[str, str], client: TestClient) -> None:
    assert_problem(client.get(DIFF.format("mba-loadings"), params=query), 422, "invalid_request")


@pytest.mark.parametrize(
    "path",
    [
        DIFF.format("mba-loadings") + "?from=1&to=7",
        DIFF.format("mba-loadings") + "?from=1&to=nothing@1",
        DIFF.format("nothing") + "?from=1&to=1",
        VERSION.format("mba-loadings", 7) + "/lint",
        VERSION.format("nothing", 1) + "/impact",
        VERSION.format("mba-loadings", 1) + "/impact?against=7",
    ],
)
def test_what_is_not_there_is_not_found(path: str, client: TestClient) -> None:
    assert_problem(client.get(path), 404, "not_found")


def test_the_checks_are_run_by_the_limits_that_are_asked(client: TestClient) -> None:
    path = VERSION.format("mba-reinsurance", 2) + "/lint"
    found = answer(client.get(path))
    assert (found["version"], found["errors"], found["warnings"]) == ("mba-reinsurance@2", 0, 3)
    # suan-2009 Table 13: the limit of a year rises from 112,500 to 205,000, by 82 per cent.
    assert [each["pointer"] for each in answer(client.get(path, params={"movement": "0.6"}))["findings"]] == [
        "/annual_limit/maximum"
    ]
    for share in ("-1", "x", "0.1234567", "\u0661"):
        assert_problem(client.get(path, params={"movement": share}), 422, "invalid_request")


def test_impact_is_worked_out_by_a_worker_and_is_what_the_calculators_answer(client: TestClient) -> None:
    found = answer(client.get(VERSION.format(CONTRIBUTIONS, 3) + "/impact"))
    assert (found["before"]["name"], found["on"], found["refused"]) == ("nssf-contributions@2", "2011-01-01", [])
    subsidy = "/government_subsidy_exact"
    named = "contribution monthly_wage=446022 sector=garment_and_footwear"
    (figure,) = (each for each in found["impact"] if (each["reference"], each["field"]) == (named, subsidy))
    # giz-2012 §3.4: the government paid 0.3% for garment workers until the end of 2010.
    assert (figure["before"], figure["after"], figure["change"]) == ("1338.066000000000", "0.000000000000", "-1338.066")
    assert found["changed"] == 6


def test_impact_against_another_version_on_another_day(client: TestClient) -> None:
    path = VERSION.format(CONTRIBUTIONS, 3) + "/impact"
    found = answer(client.get(path, params={"against": "1", "on": "2026-12-01"}))
    assert (found["before"]["name"], found["on"], found["changed"]) == ("nssf-contributions@1", "2026-12-01", 0)
    assert_problem(client.get(path, params={"on": "1.1.2027"}), 422, "invalid_request")


@pytest.mark.parametrize("report", ["lint", "impact"])
def test_drafts_are_for_those_who_may_see_them(report: str, office: Office) -> None:
    path = VERSION.format("mba-packages", 2) + f"/{report}"
    for role in (None, "read"):
        assert_problem(office.get(path, role), 404, "not_found")
    for role in ("author", "publish", "admin"):
        response = office.get(path, role)
        assert answer(response)["table"] == "mba-packages"
        assert response.headers["cache-control"] == "no-store"


def test_a_draft_is_compared_for_those_who_may_see_it(office: Office) -> None:
    path = DIFF.format("mba-packages")
    assert_problem(office.get(path, "read", **{"from": "1", "to": "2"}), 404, "not_found")
    assert_problem(office.get(path, **{"from": "2", "to": "1"}), 404, "not_found")
    diff = answer(office.get(path, "author", **{"from": "1", "to": "2"}))
    assert [(cell["pointer"], cell["ratio"]) for cell in diff["cells"]] == [("/basic_benefit/F", "1.400000000000")]
    assert {"fact": "status", "old": "published", "new": "draft"} in diff["facts"]


def test_the_impact_of_a_draft_is_what_it_would_change(office: Office) -> None:
    found = answer(office.get(VERSION.format("mba-packages", 2) + "/impact", "author"))
    assert (found["before"]["name"], found["after"]["status"], found["on"]) == ("mba-packages@1", "draft", "2027-01-01")
    premium, single = "/monthly_premium_exact", "quote package=F plan_type=single"
    (figure,) = (each for each in found["impact"] if (each["reference"], each["field"]) == (single, premium))
    assert (figure["before"], figure["ratio"]) == ("1693.566177428997", "1.400000000000")
    assert found["changed"] > 20
    moved = answer(office.get(VERSION.format("mba-packages", 2) + "/lint", "author"))["findings"]
    assert [(each["code"], each["pointer"]) for each in moved] == [("moved", "/basic_benefit/F")]


def test_a_draft_with_errors_is_not_published(office: Office) -> None:
    drafted = office.draft("mba-loadings@1", {"/contingency": "0.7"})
    address, etag = drafted.headers["location"], drafted.headers["etag"]
    submitted = office.send("author", f"{address}/submit", **{"if-match": etag})
    assert answer(office.get(f"{address}/lint", "publish"))["errors"] == 5
    refused = office.send("publish", f"{address}/publish", **{"if-match": submitted.headers["etag"]})
    faults = assert_problem(refused, 409, "checks_failed")
    assert len(faults) == 5
    assert faults[0]["pointer"].startswith("/content/insured/")
    assert "/insured/child has expense and commission that with contingency are 1.15" in refused.json()["detail"]


def test_impact_is_never_worked_out_where_requests_are_answered(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any) -> NoReturn:
        raise AssertionError

    monkeypatch.setattr("api.impact.comparison.impact", fails)  # here, and in no other process
    assert answer(client.get(VERSION.format("mba-packages", 1) + "/impact"))["before"] is None
