"""A receipt is enough to have the same bytes again, from any instance, cached or not; its hashes are what they say."""

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api import engine
from api.application import create_app
from api.settings import Settings
from tests.api.generators import Body, broad, common_fields, plans, premiums, quotes
from tests.api.support import AS_OF, PACKAGES, PREMIUMS, QUOTES, RATE_CARD, answer, canonical, post, quoted, sha256

COMMON = {"as_of", "known_at", "tables", "overrides", "explain"}
questions = st.tuples(st.just(QUOTES), quotes("plan") | quotes("household")) | st.tuples(st.just(PREMIUMS), premiums())


def plain(value: Any) -> Any:
    """Canonical JSON's values: decimals as strings without exponent or trailing zeros."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value


def expected_request_sha256(path: str, body: Body) -> str:
    """Of the own fields with their defaults filled, and the overrides."""
    own = {name: value for name, value in body.items() if name not in COMMON and value is not None}
    if path == QUOTES and "household" not in own:
        own["additional_persons"] = {"15-65": 0, "66-75": 0} | own.get("additional_persons", {})
    if path == PREMIUMS:
        counted = {"age", "insured"}
        own = {name: value if name in counted else plain(Decimal(value)) for name, value in own.items()}
        own.setdefault("insured", "primary_member")
    if body.get("overrides"):
        own["overrides"] = plain(body["overrides"])
    return sha256(canonical(own))


def expected_quote_id(receipt: dict[str, Any]) -> str:
    """Of the request, the date, the sorted hashes of the contents computed from, and the engine: one a line."""
    details = receipt["table_details"].values()
    hashes = sorted(each.get("override_sha256", each["sha256"]) for each in details)
    question = "\n".join([receipt["request_sha256"], receipt["as_of"], *hashes, receipt["engine"]])
    return "q_" + sha256(question.encode())[:32]


def replayed(body: Body, receipt: dict[str, Any]) -> Body:
    return {**body, **{name: receipt[name] for name in ("as_of", "known_at", "tables")}}


def test_the_receipt_gives_the_same_bytes_and_its_hashes_are_true(client: TestClient) -> None:
    answered = []

    @settings(broad, max_examples=300)
    @given(questions, common_fields())
    def replay(question: tuple[str, Body], common: Body) -> None:
        path, body = question[0], {**question[1], **common}
        first = post(client, path, body)
        if first.status_code != 200:
            assert post(client, path, body).content == first.content
            return
        receipt = first.json()["receipt"]
        assert post(client, path, replayed(body, receipt)).content == first.content
        assert receipt["request_sha256"] == expected_request_sha256(path, body)
        assert receipt["hypothetical"] == bool(body.get("overrides"))
        if path == QUOTES:
            assert first.json()["quote_id"] == expected_quote_id(receipt)
        answered.append(path)

    replay()
    assert min(answered.count(QUOTES), answered.count(PREMIUMS)) >= 40


def test_the_receipt_holds_when_the_tables_are_revised(revised: TestClient) -> None:
    for known_at in (None, "2026-12-01T12:00:00Z", "2026-12-02T12:00:00Z"):
        body = {"package": "F", "plan_type": "single", "as_of": "2021-01-01", "known_at": known_at}
        first = post(revised, QUOTES, body)
        assert post(revised, QUOTES, replayed(body, answer(first)["receipt"])).content == first.content


@pytest.mark.parametrize("path", [RATE_CARD, PACKAGES])
def test_the_receipt_works_in_a_query_too(client: TestClient, path: str) -> None:
    for query in ({}, {"known_at": "2026-12-01T00:00:00Z"}, {"packages": "mba-packages"}):
        first = client.get(path, params={"as_of": AS_OF, **query})
        receipt = answer(first)["receipt"]
        again = {"as_of": receipt["as_of"], **receipt["tables"]}
        if receipt["known_at"] is not None:
            again["known_at"] = receipt["known_at"]
        assert client.get(path, params=again).content == first.content
        assert receipt["request_sha256"] == sha256(b"{}")


def test_the_details_are_those_of_the_versions(client: TestClient) -> None:
    receipt = quoted(client, plan_type="single")["receipt"]
    assert set(receipt) == {
        "engine",
        "as_of",
        "known_at",
        "tables",
        "table_details",
        "request_sha256",
        "hypothetical",
    }
    assert receipt["tables"] == {
        "packages": "mba-packages@1",
        "loadings": "mba-loadings@1",
        "pricing_basis": "mba-pricing-basis@1",
        "life_table": "who-cambodia-2006@1",
    }
    for name, details in receipt["table_details"].items():
        version = answer(client.get(f"/v1/tables/{name.replace('@', '/versions/')}"))
        assert details == {each: version[each] for each in ("sha256", "effective_from", "effective_to")}
    assert receipt["engine"] == answer(client.get("/openapi.json"))["info"]["version"]
    assert receipt["as_of"] == AS_OF
    assert receipt["known_at"] is None


def test_without_as_of_the_date_is_today(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.pipeline.today", lambda: date(2031, 5, 6))
    for body in ({}, {"as_of": None}):
        first = post(client, QUOTES, {"package": "F", "plan_type": "single", **body})
        assert answer(first)["receipt"]["as_of"] == "2031-05-06"
    assert answer(client.get(RATE_CARD))["receipt"]["as_of"] == "2031-05-06"
    member = {"relation": "member", "birth_date": "2013-05-07"}
    assert post(client, QUOTES, {"package": "F", "household": [member]}).status_code == 409
    monkeypatch.setattr("api.pipeline.today", lambda: date(2031, 5, 7))
    assert post(client, QUOTES, {"package": "F", "household": [member]}).status_code == 200
    assert answer(first)["quote_id"] == quoted(client, plan_type="single", as_of="2031-05-06")["quote_id"]


@pytest.mark.parametrize(
    ("now", "today"),
    [("2026-12-31T16:59:59+00:00", date(2026, 12, 31)), ("2026-12-31T17:00:00+00:00", date(2027, 1, 1))],
)
def test_today_is_cambodia_s(monkeypatch: pytest.MonkeyPatch, now: str, today: date) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromisoformat(now).astimezone(tz or UTC)

    monkeypatch.setattr(engine, "datetime", Clock)
    assert engine.today() == today


def test_date_pins_knowledge_and_explanation_are_not_part_of_the_question(client: TestClient) -> None:
    beside: list[Body] = [
        {"as_of": "2020-02-02"},
        {"known_at": "2026-12-01T00:00:00Z"},
        {"tables": {"pricing_basis": "mba-pricing-basis-corrected"}},
        {"explain": True},
        {"overrides": {}},
    ]
    hashes = {quoted(client, **{"plan_type": "single", **each})["receipt"]["request_sha256"] for each in beside}
    assert hashes == {expected_request_sha256(QUOTES, {"package": "F", "plan_type": "single"})}
    overridden = quoted(client, plan_type="single", overrides={"packages": {}})["receipt"]
    assert overridden["request_sha256"] not in hashes
    assert overridden["hypothetical"]


def test_an_override_s_hash_is_that_of_the_merged_content(client: TestClient) -> None:
    content = answer(client.get("/v1/tables/mba-pricing-basis/versions/1"))["content"]
    content["interest_rate"] = "0.07"
    overrides = {"pricing_basis": {"interest_rate": Decimal("0.0700")}}
    details = quoted(client, plan_type="single", overrides=overrides)["receipt"]["table_details"]
    assert details["mba-pricing-basis@1"]["override_sha256"] == sha256(canonical(content))
    assert [name for name, each in details.items() if "override_sha256" in each] == ["mba-pricing-basis@1"]


class TestSameBytes:
    BODIES = (
        {"package": "F", "plan_type": "couple_with_children", "additional_persons": {"66-75": 2}},
        {"package": "A", "household": [{"relation": "member", "birth_date": "1990-01-01"}]},
        {"package": "F", "plan_type": "single", "overrides": {"loadings": {"equity_value": "0.2"}}},
    )

    def test_from_two_instances_on_two_stores(self, tmp_path: Path) -> None:
        answers: list[list[bytes]] = []
        for name in ("one", "other"):
            with TestClient(create_app(Settings(database_url=f"sqlite:///{tmp_path / name}.db"))) as fresh:
                got = [post(fresh, QUOTES, {"as_of": AS_OF, **body}) for body in self.BODIES]
                got += [fresh.get(path, params={"as_of": AS_OF}) for path in (RATE_CARD, PACKAGES)]
                got += [fresh.get(path) for path in ("/v1/tables", "/v1/formulas", "/v1/errata")]
                assert all(response.status_code == 200 for response in got)
                answers.append([response.content for response in got])
        assert answers[0] == answers[1]

    def test_cached_and_not(self, client: TestClient) -> None:
        @settings(broad, max_examples=150)
        @given(questions, common_fields())
        def compare(question: tuple[str, Body], common: Body) -> None:
            path, body = question[0], {**question[1], **common, "explain": False}
            cached = [post(client, path, body).content for _ in range(2)]
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(engine.Basis, "once", lambda _self, _key, compute: compute())
                uncached = post(client, path, body).content
            explained = post(client, path, {**body, "explain": True}).json()
            explained.pop("explanation", None)
            assert cached == [uncached] * 2 == [orjson.dumps(explained)] * 2

        compare()

    def test_when_the_cache_is_full(self, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
        @settings(broad, max_examples=20)
        @given(st.lists(plans(), min_size=4, max_size=8))
        def compare(bodies: list[Body]) -> None:
            before = [quoted(client, **body) for body in bodies]
            assert [quoted(client, **body) for body in bodies] == before

        monkeypatch.setattr(engine, "_RESULTS", 3)
        compare()

    def test_an_answer_for_other_tables_is_never_taken_from_the_cache(self, client: TestClient) -> None:
        body = {"plan_type": "single", "additional_persons": {"66-75": 1}}
        corrected: Body = {"tables": {"pricing_basis": "mba-pricing-basis-corrected"}}
        prices = [quoted(client, **body, **more)["monthly_premium"] for more in ({}, corrected, {}, corrected)]
        assert prices[:2] == prices[2:]
        assert prices[0] != prices[1]
