"""Jobs as a client sees them: taken in, shown, fetched, removed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from tests.api.sockets import Service, get
from tests.jobs.asking import ASYNC, BATCH, ask, csv_roll, ended, in_two, send, show, submit, until


def test_a_job_gives_the_bytes_that_the_roll_would_have_been_answered_with(service: Service, roll: bytes) -> None:
    taken = send(service, roll, prefer="respond-async")
    assert taken.status == 202
    assert taken.headers["preference-applied"] == "respond-async"
    assert taken.headers["cache-control"] == "no-store"
    assert taken.headers["retry-after"] == "1"
    assert taken.json["bytes"] == len(roll)
    assert taken.json["links"]["self"] == taken.headers["location"] == f"/v1/jobs/{taken.json['id']}"
    shown = ended(service, taken.headers["location"])
    assert (shown["status"], shown["progress_percent"], shown["rows"]) == ("succeeded", 100, 2_000)
    assert shown["created_at"] <= shown["started_at"] <= shown["finished_at"] < shown["expires_at"]
    assert "problem" not in shown
    result = ask(service, "GET", shown["links"]["result"])
    synchronous = send(service, roll)
    assert (result.status, result.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert result.body == synchronous.body
    assert result.headers["content-length"] == str(len(result.body))
    assert shown["summary"] == send(service, roll, "?as_of=2026-12-01&summary=only").json


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "application/x-ndjson",
        "application/vnd.apache.arrow.stream",
        "application/vnd.apache.parquet",
    ],
)
def test_the_answer_has_the_form_that_was_asked_with_the_roll(service: Service, roll: bytes, accept: str) -> None:
    address = submit(service, roll, accept=accept)
    ended(service, address)
    result = ask(service, "GET", f"{address}/result")
    assert result.headers["content-type"] == accept
    assert result.body == send(service, roll, accept=accept).body
    assert ask(service, "GET", f"{address}/result", accept=accept).status == 200
    refused = ask(service, "GET", f"{address}/result", accept="text/csv")
    assert (refused.status, refused.json["code"]) == (406, "not_acceptable")


def test_a_job_of_the_summary_alone_is_the_summary(service: Service, roll: bytes) -> None:
    query = "?as_of=2026-12-01&summary=only"
    address = submit(service, roll, query)
    shown = ended(service, address)
    result = ask(service, "GET", f"{address}/result")
    assert (result.headers["content-type"], result.body) == ("application/json", send(service, roll, query).body)
    assert result.json == shown["summary"]


def test_what_is_asked_of_the_roll_is_kept(service: Service, roll: bytes) -> None:
    query = (
        "?as_of=2026-11-30&known_at=2026-12-01T00:00:00Z&components=true&pricing_basis=mba-pricing-basis-corrected"
        "&packages=mba-packages@1"
    )
    address = submit(service, roll, query)
    receipt = ended(service, address)["summary"]["receipt"]
    assert (receipt["as_of"], receipt["known_at"]) == ("2026-11-30", "2026-12-01T00:00:00Z")
    assert receipt["tables"]["pricing_basis"] == "mba-pricing-basis-corrected@1"
    assert ask(service, "GET", f"{address}/result").body == send(service, roll, query).body


@pytest.mark.parametrize(
    "preference",
    [
        "respond-async",
        "Respond-Async",
        "wait=10, respond-async",
        "respond-async; foo=1, wait=1",
        'a="b,\\"", respond-async',
    ],
)
def test_a_preference_is_heard(service: Service, roll: bytes, preference: str) -> None:
    assert send(service, roll, prefer=preference).status == 202


@pytest.mark.parametrize(
    "preference", ["wait=10", "return=minimal", 'note="x, respond-async, y"', "respond-asynchronous"]
)
def test_another_preference_is_passed_over(service: Service, roll: bytes, preference: str) -> None:
    answer = send(service, roll, prefer=preference)
    assert (answer.status, answer.headers.get("preference-applied")) == (200, None)


def test_a_roll_one_byte_too_small_is_answered_at_once(service: Service) -> None:
    roll = csv_roll(100)[:1_000].ljust(1_000, b"1")
    assert send(service, roll, **ASYNC).status == 202
    answer = send(service, roll[:-1], **ASYNC)
    assert (answer.status, answer.headers.get("preference-applied")) == (200, None)
    assert answer.body == send(service, roll[:-1]).body


def test_a_roll_of_unknown_length_is_measured(service: Service, roll: bytes) -> None:
    small = csv_roll(20)
    answer = send(service, in_two(small), **ASYNC)
    assert (answer.status, answer.body) == (200, send(service, small).body)
    address = submit(service, in_two(roll))
    assert ended(service, address)["bytes"] == len(roll)
    assert ask(service, "GET", f"{address}/result").body == send(service, roll).body


def test_a_roll_that_breaks_off_has_the_answer_that_it_would_have_had(service: Service) -> None:
    roll = csv_roll(20_000) + b'"never ended' + b"x" * 2_000_000
    shown = ended(service, submit(service, roll))
    synchronous = send(service, roll)
    assert (shown["status"], shown["summary"]["complete"]) == ("succeeded", False)
    assert ask(service, "GET", shown["links"]["result"]).body == synchronous.body


def test_a_roll_that_cannot_be_read_fails_and_says_why(service: Service, roll: bytes) -> None:
    synchronous = send(service, b"{" * 2_000, content_type="application/json")
    address = submit(service, b"{" * 2_000, content_type="application/json")
    shown = ended(service, address)
    assert (shown["status"], shown["problem"]) == ("failed", synchronous.json)
    assert "result" not in shown["links"]
    refused = ask(service, "GET", f"{address}/result")
    assert (refused.status, refused.json["code"]) == (409, "job_failed")
    assert synchronous.json["detail"] in refused.json["detail"]
    assert ended(service, submit(service, roll))["status"] == "succeeded", "the worker goes on"


def test_what_is_wrong_with_the_request_is_said_at_once(service: Service, roll: bytes) -> None:
    for query, headers, status in (
        ("?as_off=2026-12-01", {}, 422),
        ("", {"accept": "image/png"}, 406),
        ("", {"content_type": "text/plain"}, 415),
        ("?packages=nothing", {}, 409),
        ("", {"idempotency_key": "a b"}, 422),
        ("", {"idempotency_key": "k" * 201}, 422),
        ("", {"idempotency_key": ""}, 422),
    ):
        assert send(service, roll, query, **ASYNC, **headers).status == status, (query, headers)


def test_progress_never_goes_back_and_comes_in_rows_and_percent(service: Service, long_roll: bytes) -> None:
    address = submit(service, long_roll)
    seen: list[Any] = []

    def is_over() -> bool:
        answer = ask(service, "GET", address)
        seen.append(answer.json)
        is_going = answer.json["status"] in {"queued", "running"}
        assert ("retry-after" in answer.headers) == is_going
        return not is_going

    until(is_over)
    for name in ("rows", "progress_percent"):
        found = [each[name] for each in seen]
        assert found == sorted(found)
        assert len(set(found)) > 3, found
    assert {each["bytes"] for each in seen} == {len(long_roll)}
    assert seen[-1]["rows"] == 600_000
    assert all(each["progress_percent"] < 100 for each in seen[:-1])


def test_a_job_that_goes_on_has_no_answer_yet(service: Service, long_roll: bytes) -> None:
    address = submit(service, long_roll)
    refused = ask(service, "GET", f"{address}/result")
    assert (refused.status, refused.json["code"]) == (409, "job_not_finished")
    ask(service, "DELETE", address)


def test_a_cancelled_job_stops_and_its_worker_with_it(service: Service, long_roll: bytes, roll: bytes) -> None:
    address = submit(service, long_roll)
    until(lambda: show(service, address)["rows"])
    removed = ask(service, "DELETE", address)
    assert (removed.status, removed.body) == (204, b"")
    shown = show(service, address)
    assert shown["status"] == "cancelled"
    assert shown["finished_at"] < shown["expires_at"]
    refused = ask(service, "GET", f"{address}/result")
    assert (refused.status, refused.json["code"]) == (404, "not_found")
    assert ended(service, submit(service, roll))["status"] == "succeeded"
    assert show(service, address)["rows"] == shown["rows"], "nothing more is written"
    assert ask(service, "DELETE", address).status == 204
    assert ask(service, "GET", address).status == 404


def test_a_finished_job_is_removed(service: Service, roll: bytes) -> None:
    address = submit(service, roll)
    ended(service, address)
    assert ask(service, "DELETE", address).status == 204
    for method, path in (("GET", address), ("GET", f"{address}/result"), ("DELETE", address)):
        refused = ask(service, method, path)
        assert (refused.status, refused.json["code"]) == (404, "not_found")


@pytest.mark.parametrize("name", ["j_" + "0" * 32, "x", "j_%27", "J_0", "j_" + "0" * 500])
def test_a_job_that_is_not_there_is_not_found(service: Service, name: str) -> None:
    for method, path in (("GET", name), ("GET", f"{name}/result"), ("DELETE", name)):
        assert ask(service, method, f"/v1/jobs/{path}").status == 404


def test_query_and_methods_that_it_does_not_take_are_refused(service: Service) -> None:
    assert ask(service, "GET", "/v1/jobs/x?a=1").status == 422
    assert ask(service, "PUT", "/v1/jobs/x", b"").status == 405
    assert ask(service, "GET", BATCH).status == 405


def test_head_says_what_get_would_without_the_answer(service: Service, roll: bytes) -> None:
    address = submit(service, roll)
    ended(service, address)
    shown, asked = (ask(service, method, f"{address}/result") for method in ("GET", "HEAD"))
    assert (asked.status, asked.body) == (200, b"")
    assert asked.headers["content-length"] == shown.headers["content-length"]
    assert asked.headers["content-type"] == shown.headers["content-type"]


def _again(roll: bytes) -> dict[str, Callable[[Service, str], int]]:
    return {
        "bytes": lambda service, key: send(service, roll + b"\n", **ASYNC, idempotency_key=key).status,
        "query": lambda service, key: send(service, roll, "?as_of=2026-12-02", **ASYNC, idempotency_key=key).status,
        "accept": lambda service, key: (
            send(service, roll, **ASYNC, idempotency_key=key, accept="application/json").status
        ),
        "type": lambda service, key: (
            send(
                service, roll, **ASYNC, idempotency_key=key, content_type="application/x-ndjson", accept="text/csv"
            ).status
        ),
    }


def test_the_same_request_with_the_same_key_is_the_same_job(service: Service, roll: bytes) -> None:
    address = submit(service, roll, idempotency_key="same-1")
    assert submit(service, roll, idempotency_key="same-1") == address
    ended(service, address)
    again = send(service, in_two(roll), **ASYNC, idempotency_key="same-1")
    assert (again.status, again.headers["location"], again.json["status"]) == (202, address, "succeeded")
    assert submit(service, roll, idempotency_key="same-2") != address
    assert submit(service, roll) != submit(service, roll)


@pytest.mark.parametrize("other", ["bytes", "query", "accept", "type"])
def test_another_request_with_the_same_key_is_refused(service: Service, roll: bytes, other: str) -> None:
    key = f"other-{other}"
    submit(service, roll, idempotency_key=key)
    assert _again(roll)[other](service, key) == 409


def test_a_request_that_says_no_date_is_the_same_on_every_day(service: Service, roll: bytes) -> None:
    address = submit(service, roll, "", idempotency_key="no-date")
    assert submit(service, roll, "", idempotency_key="no-date") == address
    refused = send(service, roll, "?as_of=2026-12-01", **ASYNC, idempotency_key="no-date")
    assert (refused.status, refused.json["code"]) == (409, "idempotency_key_reused")


def test_a_key_is_free_when_its_job_is_removed(service: Service, roll: bytes) -> None:
    address = submit(service, roll, idempotency_key="free")
    ended(service, address)
    ask(service, "DELETE", address)
    assert submit(service, roll, idempotency_key="free") != address


def test_jobs_are_counted(service: Service, roll: bytes) -> None:
    ended(service, submit(service, roll))
    text = service.ask(get("/metrics")).body.decode()
    assert 'rielquote_job_events_total{event="submitted"}' in text
    assert 'rielquote_job_events_total{event="succeeded"}' in text
    until(lambda: b'rielquote_jobs{status="succeeded"}' in service.ask(get("/metrics")).body)


def test_a_job_is_what_the_contract_says(service: Service, roll: bytes, long_roll: bytes) -> None:
    document = json.loads(service.ask(get("/openapi.json")).body)
    failing = submit(service, b"{" * 2_000, content_type="application/json")
    succeeding = submit(service, roll)
    cancelled = submit(service, long_roll)
    ask(service, "DELETE", cancelled)
    for address in (failing, succeeding, cancelled):
        ended(service, address)
    going = submit(service, long_roll)
    seen = [show(service, address) for address in (failing, succeeding, cancelled, going)]
    ask(service, "DELETE", going)
    assert {each["status"] for each in seen[:3]} == {"failed", "succeeded", "cancelled"}
    validator = OAS31Validator(
        {"$ref": "#/components/schemas/JobAnswer", "components": document["components"]},
        format_checker=oas31_format_checker,
    )
    assert [error.message for each in seen for error in validator.iter_errors(each)] == []
    documented = document["paths"]["/v1/jobs/{id}"]["get"]["responses"]["200"]
    assert {"Retry-After", "Cache-Control"} <= set(documented["headers"])
