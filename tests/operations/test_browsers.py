"""Cross-origin requests are answered for the origins that a setting names, and for no other."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.application import create_app
from api.settings import Settings

PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
QUOTE = {"package": "A", "plan_type": "single", "as_of": "2026-12-01"}


def app_for(tmp_path: Path, origins: str) -> TestClient:
    return TestClient(create_app(Settings(database_url=f"sqlite:///{tmp_path / 'store.db'}", cors_origins=origins)))


def test_no_origin_is_allowed_by_default(client: TestClient) -> None:
    answer = client.post("/v1/mba/quotes", json=QUOTE, headers={"origin": "https://union.example"})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
    assert client.options("/v1/mba/quotes", headers=PREFLIGHT | {"origin": "https://union.example"}).status_code == 405


def test_a_named_origin_may_preflight_call_and_read_errors(tmp_path: Path) -> None:
    with app_for(tmp_path, "https://union.example, https://fund.example") as client:
        origin = {"origin": "https://fund.example"}
        assert client.options("/v1/mba/quotes", headers=PREFLIGHT | origin).status_code == 200
        for body in (QUOTE, {}):
            answer = client.post("/v1/mba/quotes", json=body, headers=origin)
            assert answer.headers["access-control-allow-origin"] == "https://fund.example"
            assert "x-request-id" in answer.headers["access-control-expose-headers"]


def test_a_page_may_send_a_key_and_read_that_it_is_wrong(tmp_path: Path) -> None:
    with app_for(tmp_path, "https://fund.example") as client:
        origin = {"origin": "https://fund.example"}
        asked = PREFLIGHT | origin | {"access-control-request-headers": "authorization, content-type"}
        assert client.options("/v1/mba/quotes", headers=asked).status_code == 200
        refused = client.post("/v1/mba/quotes", json=QUOTE, headers=origin | {"authorization": "Bearer wrong"})
        assert refused.status_code == 401
        assert refused.headers["access-control-allow-origin"] == "https://fund.example"


@pytest.mark.parametrize("origin", ["https://other.example", "http://fund.example", "null"])
def test_another_origin_may_not(tmp_path: Path, origin: str) -> None:
    with app_for(tmp_path, "https://fund.example") as client:
        answer = client.post("/v1/mba/quotes", json=QUOTE, headers={"origin": origin})
        assert "access-control-allow-origin" not in answer.headers


def test_a_refused_preflight_is_a_problem_like_any_other(tmp_path: Path) -> None:
    with app_for(tmp_path, "https://fund.example") as client:
        for asked in ({"origin": "https://evil.example"}, {"origin": "https://fund.example", "asks": "x-odd"}):
            headers = PREFLIGHT | {"origin": asked["origin"]}
            headers["access-control-request-headers"] = asked.get("asks", "content-type")
            answer = client.options("/v1/mba/quotes", headers=headers)
            assert answer.status_code == 400
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "preflight_refused"
            assert "x-request-id" in answer.headers


def test_a_page_can_read_that_the_service_is_busy(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'store.db'}"
    app = create_app(Settings(database_url=store, cors_origins="https://fund.example", max_concurrency=1))
    with TestClient(app) as client:
        app.edge._in_flight = 1
        answer = client.post("/v1/mba/quotes", json=QUOTE, headers={"origin": "https://fund.example"})
    assert answer.status_code == 503
    assert answer.headers["access-control-allow-origin"] == "https://fund.example"
