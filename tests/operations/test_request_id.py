"""Every answer carries a request id: the caller's own where it is a sane one, else one of ours."""

import pytest
from starlette.testclient import TestClient

QUOTE = {"package": "A", "plan_type": "single", "as_of": "2026-12-01"}


def test_a_caller_gets_its_own_request_id_back(client: TestClient) -> None:
    for path in ("/v1/tables", "/v1/mba/rate-card", "/nothing", "/livez"):
        answer = client.get(path, headers={"x-request-id": "roll-2026.11_a"})
        assert answer.headers["x-request-id"] == "roll-2026.11_a"


def test_without_one_every_request_gets_another(client: TestClient) -> None:
    ids = {client.post("/v1/mba/quotes", json=QUOTE).headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


@pytest.mark.parametrize("given", [b"", b"a b", b"a" * 65, b"<script>", "លេខ".encode(), b"a\tb"])
def test_an_odd_request_id_is_replaced_and_never_repeated(client: TestClient, given: bytes) -> None:
    answer = client.get("/livez", headers={b"x-request-id": given})
    assert answer.headers["x-request-id"].encode() not in (given, b"")
    assert answer.headers["x-request-id"].isascii()


def test_the_request_id_is_in_no_body(client: TestClient) -> None:
    answer = client.post("/v1/mba/quotes", json=QUOTE, headers={"x-request-id": "in-the-header-only"})
    refused = client.post("/v1/mba/quotes", json={}, headers={"x-request-id": "in-the-header-only"})
    assert b"in-the-header-only" not in answer.content + refused.content
