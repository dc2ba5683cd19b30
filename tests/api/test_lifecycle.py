"""Tables changed over HTTP: who sees what when, every refusal, and what is answered from what has been published."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response
from openapi_schema_validator import OAS31Validator
from starlette.testclient import TestClient

from api.application import create_app
from api.settings import Settings
from tables import lifecycle
from tables.audit import page
from tables.store import open_store
from tests.api.desk import LOADINGS, VERSIONS, Desk, desk_in, version
from tests.api.support import QUOTES, answer, assert_problem, followed, pointers, post
from tests.tables.contents import shipped, without

QUOTE = {"package": "F", "plan_type": "single", "as_of": "2027-06-01"}
TAG = f'"{"0" * 64}"'
WHY = {"reason": "It was a mistake."}


@pytest.fixture
def desk(tmp_path: Any) -> Iterator[Desk]:
    with desk_in(tmp_path) as desk:
        yield desk


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One for tests that change nothing that another could notice."""
    with desk_in(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.fixture(scope="module")
def document() -> Any:
    return followed(create_app().openapi())


def documented(document: Any, response: Response, path: str) -> Any:
    """A good answer, which is what the contract says, headers too."""
    method = response.request.method.lower()
    said = document["paths"][path][method]["responses"][str(response.status_code)]
    for name in said["headers"]:
        assert name in response.headers, name
    if "content" not in said:
        assert response.content == b""
        return None
    schema = {**said["content"]["application/json"]["schema"], "components": document["components"]}
    assert [error.message for error in OAS31Validator(schema).iter_errors(response.json())] == []
    return response.json()


def premium(desk: Desk, **more: Any) -> str:
    paid: str = answer(post(desk.client, QUOTES, {**QUOTE, **more}))["monthly_premium"]
    return paid


class TestALife:
    def test_each_step_is_answered_as_the_contract_says(self, desk: Desk, document: Any) -> None:
        one = VERSIONS + "/{version}"
        made = desk.create()
        said = documented(document, made, VERSIONS)
        assert (made.headers["location"], said["name"], said["status"]) == (f"{LOADINGS}/2", "mba-loadings@2", "draft")
        address, tag = made.headers["location"], made.headers["etag"]
        whole = desk.ask("Bo", "GET", address)
        shown = documented(document, whole, one)
        assert (whole.headers["etag"], whole.headers["cache-control"]) == (tag, "no-store")
        assert (shown["content"], shown["draft"]) == (version()["content"], {})
        changed = desk.ask("Ann", "PUT", address, version("0.2"), tag)
        documented(document, changed, one)
        steps: list[tuple[str, str, Any]] = [
            ("Ann", "submit", None),
            ("Bo", "return", WHY),
            ("Ann", "submit", None),
            ("Bo", "publish", None),
            ("Bo", "withdraw", WHY),
        ]
        tag, states = changed.headers["etag"], []
        for who, step, body in steps:
            done = desk.ask(who, "POST", f"{address}/{step}", body, tag)
            said = documented(document, done, f"{one}/{step}")
            states.append((said["status"], said["submitted_at"] is not None))
            tag = done.headers["etag"]
            if step == "submit":
                assert "submitted_at" in desk.ask("Ann", "GET", address).json()["draft"]
                assert desk.ask("Ann", "GET", address).headers["etag"] == tag
        assert states == [
            *(("draft", True), ("draft", False), ("draft", True)),
            *(("published", True), ("withdrawn", True)),
        ]
        for reader in ("nobody", "Di", "Ann"):
            final = desk.ask(reader, "GET", address)
            assert (final.headers["etag"], "immutable" in final.headers["cache-control"]) == (tag, True)
            assert "draft" not in documented(document, final, one)
        listed = documented(document, desk.ask("Cy", "GET", "/v1/audit"), "/v1/audit")["records"]
        assert [each["operation"] for each in listed][:7] == [
            *("withdraw", "publish", "submit", "return", "submit", "replace", "create")
        ]
        assert (listed[0]["owner"], listed[0]["role"], listed[0]["reason"]) == ("Bo", "publish", WHY["reason"])
        assert desk.keys["Bo"].split("_")[1] == listed[0]["key"]

    def test_a_draft_is_nowhere_but_with_those_who_may_see_it(self, desk: Desk, document: Any) -> None:
        before = desk.client.get("/v1/tables").content, premium(desk)
        new = VERSIONS.format(name="other-loadings")
        desk.submit()
        desk.create(version(kind="loadings", title="Others"), path=new)
        assert (desk.client.get("/v1/tables").content, premium(desk)) == before
        for who in ("nobody", "Di"):
            assert_problem(desk.ask(who, "GET", f"{LOADINGS}/2"), 404, "not_found")
            assert_problem(desk.ask(who, "GET", new), 404, "not_found")
            assert_problem(desk.ask(who, "GET", f"{new}/1"), 404, "not_found")
        assert [each["version"] for each in desk.client.get(LOADINGS).json()["versions"]] == [1]
        listed = documented(document, desk.ask("Ann", "GET", "/v1/drafts"), "/v1/drafts")["drafts"]
        assert [each["name"] for each in listed] == ["mba-loadings@2", "other-loadings@1"]
        assert listed[0]["etag"] == desk.ask("Eve", "GET", f"{LOADINGS}/2").headers["etag"]
        pins = {
            "mba-loadings@2": "draft_pinned",
            "other-loadings@1": "table_unknown",
            "other-loadings": "table_unknown",
        }
        for pin, code in pins.items():
            refused = post(desk.client, QUOTES, {**QUOTE, "tables": {"loadings": pin}})
            assert_problem(refused, 409, code)

    def test_a_draft_that_is_removed_is_gone(self, desk: Desk, document: Any) -> None:
        made = desk.create()
        address = made.headers["location"]
        removed = desk.ask("Ann", "DELETE", address, tag=made.headers["etag"])
        documented(document, removed, VERSIONS + "/{version}")
        assert_problem(desk.ask("Ann", "GET", address), 404, "not_found")
        assert desk.ask("Ann", "GET", "/v1/drafts").json() == {"drafts": []}

    def test_the_same_draft_sent_twice_is_made_once(self, desk: Desk) -> None:
        first, again = (desk.ask("Ann", "POST", LOADINGS, version(), **{"idempotency-key": "once"}) for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 201)
        assert (first.headers["location"], first.content) == (again.headers["location"], again.content)
        other = desk.ask("Ann", "POST", LOADINGS, version("0.1"), **{"idempotency-key": "once"})
        assert_problem(other, 409, "idempotency_key_reused")


class TestAnswers:
    def test_the_publisher_s_next_quote_is_of_what_was_published(self, desk: Desk) -> None:
        before = post(desk.client, QUOTES, QUOTE)
        desk.publish(version("0.1"))
        after = answer(post(desk.client, QUOTES, QUOTE))
        assert after["receipt"]["tables"]["loadings"] == "mba-loadings@2"
        assert after["monthly_premium"] != before.json()["monthly_premium"]
        assert premium(desk, as_of="2026-12-31") == before.json()["monthly_premium"]
        receipt = before.json()["receipt"]
        replayed = {**QUOTE, **{name: receipt[name] for name in ("as_of", "known_at", "tables")}}
        assert post(desk.client, QUOTES, replayed).content == before.content

    def test_of_two_in_force_the_one_published_last_holds_until_it_is_withdrawn(self, desk: Desk) -> None:
        desk.publish(version("0.1"))
        address, tag = desk.publish(version("0.2"))
        second = answer(post(desk.client, QUOTES, {**QUOTE, "explain": True}))
        assert second["receipt"]["tables"]["loadings"] == "mba-loadings@3"
        assert second["explanation"]["value"].startswith(second["monthly_premium_exact"][:-1])
        known_at = desk.client.get(address).json()["published_at"]
        done = desk.ask("Bo", "POST", f"{address}/withdraw", WHY, tag)
        assert done.status_code == 200
        assert answer(post(desk.client, QUOTES, QUOTE))["receipt"]["tables"]["loadings"] == "mba-loadings@2"
        earlier = answer(post(desk.client, QUOTES, {**QUOTE, "known_at": known_at}))
        assert earlier["receipt"]["tables"]["loadings"] == "mba-loadings@3"
        assert premium(desk, tables={"loadings": "mba-loadings@3"}) == second["monthly_premium"]

    def test_a_new_table_plays_its_role_in_quotes_rolls_and_cards(self, desk: Desk) -> None:
        new = VERSIONS.format(name="federation-b-loadings")
        desk.publish(version("0.1", kind="loadings", title="Loadings of federation B"), path=new)
        pin = {"tables": {"loadings": "federation-b-loadings"}}
        alone = answer(post(desk.client, QUOTES, {**QUOTE, **pin}))
        assert alone["receipt"]["tables"]["loadings"] == "federation-b-loadings@1"
        assert alone["monthly_premium"] != premium(desk)
        rolled = post(
            desk.client,
            f"{QUOTES}/batch?loadings=federation-b-loadings&as_of=2027-06-01",
            [{"package": "F", "plan_type": "single"}],
        )
        assert answer(rolled)[0]["monthly_premium"] == alone["monthly_premium"]
        card = desk.client.get("/v1/mba/rate-card", params={"loadings": "federation-b-loadings", "as_of": "2027-06-01"})
        assert answer(card)["receipt"]["tables"]["loadings"] == "federation-b-loadings@1"
        assert_problem(post(desk.client, QUOTES, {**QUOTE, **pin, "as_of": "2026-12-31"}), 409, "no_coverage")

    def test_a_new_scheme_is_a_table_and_no_code(self, desk: Desk) -> None:
        kind, scale = shipped("tariff-vdrc@1")
        body = version(content=scale, kind=kind, title="Another scheme")
        desk.publish(body, path=VERSIONS.format(name="tariff-another"))
        assert "another" in [each["scheme"] for each in answer(desk.client.get("/v1/tariffs"))["schemes"]]

    def test_the_provisions_of_the_accident_as_known_at_the_decision_are_one_request(self, desk: Desk) -> None:
        """A decree that reaches back is published after a case was decided: each decision is found by its instant."""
        kind, provisions = shipped("nssf-provisions@1")
        provisions["temporary_disability"]["replacement_rate"] = "0.8"
        body = version(content=provisions, effective_from="2011-06-01", effective_to="2012-01-01")
        address, _ = desk.publish(body, path=VERSIONS.format(name="nssf-provisions"))
        decreed = desk.client.get(address).json()["published_at"]
        instant = datetime.fromisoformat(decreed) - timedelta(microseconds=1)
        before = instant.isoformat().replace("+00:00", "Z")
        case = {
            "monthly_reference_wage": 300_000,
            "age": 30,
            "date_of_injury": "2011-11-05",
            "absences": [{"first_day": "2011-11-07", "last_day": "2011-12-15"}],
        }
        assert kind == "provisions"
        for known_at, used in ((before, "nssf-provisions@1"), (decreed, "nssf-provisions@3")):
            found = answer(post(desk.client, "/v1/nssf/cases", {**case, "known_at": known_at}))
            assert found["receipt"]["tables"]["provisions"] in (used, [used])


class TestRefusals:
    @pytest.mark.parametrize("step", ["submit", "publish", "return", "withdraw"])
    def test_a_change_says_which_state_it_changes(self, shared: Desk, step: str) -> None:
        body = WHY if step in {"return", "withdraw"} else None
        for tag in (None, "*"):
            assert_problem(shared.ask("Cy", "POST", f"{LOADINGS}/1/{step}", body, tag), 428, "precondition_required")
        for tag in (f"W/{TAG}", "x", f"{TAG}, {TAG}"):
            assert_problem(shared.ask("Cy", "POST", f"{LOADINGS}/1/{step}", body, tag), 412, "precondition_failed")
        other = (412, "precondition_failed") if step == "withdraw" else (409, "version_status")
        assert_problem(shared.ask("Cy", "POST", f"{LOADINGS}/1/{step}", body, TAG), *other)
        assert_problem(shared.ask("Cy", "POST", f"{LOADINGS}/99/{step}", body, TAG), 404, "not_found")
        for number in ("0", "01", "x", "9" * 30):
            assert_problem(shared.ask("Cy", "POST", f"{LOADINGS}/{number}/{step}", body, TAG), 404, "not_found")

    @pytest.mark.parametrize("reason", ["", " ", "two\nlines", "a tab\t", "x" * 501])
    def test_a_reason_is_a_line_that_says_something(self, shared: Desk, reason: str) -> None:
        for step in ("return", "withdraw"):
            refused = shared.ask("Cy", "POST", f"{LOADINGS}/1/{step}", {"reason": reason}, TAG)
            assert pointers(assert_problem(refused, 422, "invalid_request")) == ["/reason"]

    def test_put_and_delete_do_too(self, shared: Desk) -> None:
        for method, body in (("PUT", version()), ("DELETE", None)):
            assert_problem(shared.ask("Ann", method, f"{LOADINGS}/1", body), 428, "precondition_required")
            for tag in (TAG, shared.client.get(f"{LOADINGS}/1").headers["etag"]):
                assert_problem(shared.ask("Ann", method, f"{LOADINGS}/1", body, tag), 409, "version_status")
            assert_problem(shared.ask("Ann", method, f"{LOADINGS}/99", body, TAG), 404, "not_found")

    def test_nobody_publishes_what_they_have_written_whatever_their_role(self, desk: Desk) -> None:
        made = desk.create(who="Cy")
        address = made.headers["location"]
        ready = desk.ask("Eve", "POST", f"{address}/submit", tag=made.headers["etag"])
        tag = ready.headers["etag"]
        assert_problem(desk.ask("Cy", "POST", f"{address}/publish", tag=tag), 403, "own_version")
        assert desk.ask("Eve", "POST", f"{address}/publish", tag=tag).status_code == 200

    def test_of_two_who_publish_the_second_is_told(self, desk: Desk) -> None:
        address, tag = desk.submit()
        first, second = (desk.ask(who, "POST", f"{address}/publish", tag=tag) for who in ("Bo", "Cy"))
        assert first.status_code == 200
        assert_problem(second, 409, "version_status")
        assert second.json()["detail"].endswith(" is published; this takes a submitted draft.")

    def test_every_fault_of_a_version_is_pointed_at(self, shared: Desk) -> None:
        faulty = version(
            content={**without(version()["content"], ("insured",)), "equity_value": "2"}, effective_to="2026-01-01"
        )
        errors = assert_problem(shared.ask("Ann", "POST", LOADINGS, faulty), 409, "version_invalid")
        assert pointers(errors) == ["/content/equity_value", "/content/insured", "/effective_to"]

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"effective_from": "2027-02-30"}, "/effective_from"),
            ({"effective_from": None}, "/effective_from"),
            ({"provenance": []}, "/provenance"),
            ({"provenance": [{"cells": ""}]}, "/provenance/0/source"),
            ({"content": []}, "/content"),
            ({"kind": "weather"}, "/kind"),
            ({"title": "a\nb"}, "/title"),
            ({"title": "a\u0000b"}, "/title"),
            ({"title": ""}, "/title"),
            ({"published_at": "2027-01-01T00:00:00Z"}, ""),
        ],
    )
    def test_a_body_of_another_form_is_refused(self, shared: Desk, change: Any, pointer: str) -> None:
        errors = assert_problem(shared.ask("Ann", "POST", LOADINGS, version(**change)), 422, "invalid_request")
        assert pointer in pointers(errors)

    @pytest.mark.parametrize("name", ["Upper", "a--b", "-a", "a_b", "a" * 65, "%E1%9E%80", "a@1"])
    def test_a_table_has_a_plain_name(self, shared: Desk, name: str) -> None:
        body = version(kind="loadings", title="x")
        assert_problem(shared.ask("Ann", "POST", VERSIONS.format(name=name), body), 422, "invalid_request")

    def test_what_a_table_is_said_to_be_must_be_so(self, shared: Desk) -> None:
        errors = assert_problem(shared.ask("Ann", "POST", LOADINGS, version(kind="packages")), 409, "table_conflict")
        assert pointers(errors) == ["/kind"]
        new = shared.ask("Ann", "POST", VERSIONS.format(name="new"), version(kind="loadings"))
        assert pointers(assert_problem(new, 409, "table_conflict")) == ["/title"]

    def test_bodies_are_bounded_and_are_json(self, shared: Desk) -> None:
        large = version(content={"a": "x" * 70_000})
        assert_problem(shared.ask("Ann", "POST", LOADINGS, large), 413, "body_too_large")
        key = {"authorization": f"Bearer {shared.keys['Ann']}", "if-match": TAG}
        for method, path in (("POST", LOADINGS), ("PUT", f"{LOADINGS}/1")):
            plain = shared.client.request(method, path, content=b"{}", headers={**key, "content-type": "text/plain"})
            assert_problem(plain, 415, "unsupported_media_type")
            broken = shared.client.request(
                method, path, content=b"{", headers={**key, "content-type": "application/json"}
            )
            assert_problem(broken, 400, "malformed_json")

    def test_what_takes_no_body_and_no_query_says_so(self, shared: Desk) -> None:
        """`{"at": …}` and `?force=true` would otherwise seem to have been heard."""
        for path, body in ((f"{LOADINGS}/1/publish", {"at": "2027-01-01"}), (f"{LOADINGS}/1/publish?force=true", None)):
            assert_problem(shared.ask("Cy", "POST", path, body, TAG), 422, "invalid_request")
        assert_problem(shared.ask("Cy", "GET", "/v1/drafts?table=x"), 422, "invalid_request")

    @pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "before=0", "before=-1", "table=A", "odd=1"])
    def test_a_page_that_there_cannot_be(self, shared: Desk, query: str) -> None:
        assert_problem(shared.ask("Cy", "GET", f"/v1/audit?{query}"), 422, "invalid_request")

    def test_methods_of_an_address_are_named_together(self, shared: Desk) -> None:
        for path, allowed in ((LOADINGS, "GET, HEAD, POST"), (f"{LOADINGS}/1", "GET, HEAD, DELETE, PUT")):
            refused = shared.ask("Cy", "PATCH", path)
            assert_problem(refused, 405, "method_not_allowed")
            assert refused.headers["allow"] == allowed


class TestTheRecord:
    def test_pages_lead_to_the_end(self, shared: Desk) -> None:
        shown, path = [], "/v1/audit?limit=13"
        while True:
            said = shared.ask("Cy", "GET", path).json()
            shown += [each["id"] for each in said["records"]]
            if "next" not in said:
                break
            path = f"/v1/audit?limit=13&before={said['next']}"
        assert shown == [each.id for each in page(shared.store, None, 10_000)]

    def test_a_request_is_named_as_in_the_log(self, desk: Desk) -> None:
        desk.ask("Ann", "POST", LOADINGS, version(), **{"x-request-id": "mine-1"})
        said = desk.ask("Cy", "GET", "/v1/audit?limit=1&table=mba-loadings").json()["records"]
        assert [(each["operation"], each["request_id"], each["version"]) for each in said] == [
            ("create", "mine-1", "mba-loadings@2")
        ]


class TestTheStore:
    @pytest.mark.parametrize(
        ("who", "method", "path", "body"),
        [
            ("Ann", "POST", LOADINGS, version()),
            ("Ann", "POST", f"{LOADINGS}/1/submit", None),
            ("Ann", "GET", f"{LOADINGS}/2", None),
            ("Ann", "GET", "/v1/drafts", None),
            ("Cy", "GET", "/v1/audit", None),
        ],
    )
    def test_where_it_cannot_be_reached_one_is_told_to_come_again_and_quotes_go_on(
        self, shared: Desk, monkeypatch: pytest.MonkeyPatch, who: str, method: str, path: str, body: Any
    ) -> None:
        nowhere = open_store("sqlite:////nowhere/at/all.db")
        monkeypatch.setattr(shared.app.state.running, "known_store", nowhere)
        response = shared.ask(who, method, path, body, TAG)
        assert_problem(response, 503, "store_unavailable")
        assert response.headers["retry-after"] == "1"
        assert "nowhere" not in response.text
        assert premium(shared)

    def test_before_the_start_there_is_none(self, shared: Desk) -> None:
        app = create_app(Settings())
        app.state.running.known_keys = shared.app.state.running.keys
        early = Desk(TestClient(app), shared.keys)
        assert_problem(early.ask("Ann", "GET", "/v1/drafts"), 503, "not_ready")

    def test_what_was_published_stands_though_the_tables_cannot_be_read_anew(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address, tag = desk.submit(version("0.1"))
        before = premium(desk)
        with monkeypatch.context() as patch:
            patch.setattr("api.snapshots.load", _fails)
            assert desk.ask("Bo", "POST", f"{address}/publish", tag=tag).status_code == 200
            assert premium(desk) == before
            assert "rielquote_snapshot_load_failures_total 1" in desk.client.get("/metrics").text
        desk.app.state.running.follow()
        assert premium(desk) != before

    def test_the_event_loop_does_not_wait_for_it(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        names: list[str] = []
        real = lifecycle.submit

        def noted(*arguments: Any) -> Any:
            names.append(threading.current_thread().name)
            return real(*arguments)

        monkeypatch.setattr(lifecycle, "submit", noted)
        desk.submit()
        assert ["AnyIO worker thread" in name for name in names] == [True]


def _fails(_store: Any) -> Any:
    raise OSError
