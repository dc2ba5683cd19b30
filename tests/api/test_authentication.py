"""The door to `/v1/`: every route, open and closed, with every kind of key and with none."""

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import iter_route_contexts
from httpx2 import Response
from starlette.testclient import TestClient

import api.authentication
from api import tables
from api.application import CALCULATORS, Application, create_app
from api.authentication import GRANTS
from api.engine import today
from api.openapi import _complete_security, needs, roles_needed
from api.settings import Settings
from tables.keys import ROLES
from tests.api.support import NAMED, QUOTES, assert_problem, post
from tests.keys import made

VALUES = {**NAMED, "id": "j_00000000000000000000000000000000"}
QUERIES = {"/v1/tables/{name}/diff": {"from": "1", "to": "1"}}
BODIES: dict[str, Any] = {
    **{each.path: next(iter(each.request.examples.values())).request for each in CALCULATORS if each.method == "POST"},
    f"{QUOTES}/batch": [{"package": "F", "plan_type": "single"}],
}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Door:
    """An open and a closed service on one store, and what was made in it."""

    open: TestClient
    closed: TestClient
    keys: dict[str, str]

    def credentials(self, kind: str) -> dict[str, str]:
        """The headers of a request with some kind of key."""
        return {} if kind == "none" else {"authorization": ODD[kind].format(**self.keys)}


ODD = {
    "valid": "Bearer {valid}",
    "lower case": "bearer {valid}",
    "spaces": "BEARER   {valid}",
    "last day": "Bearer {last_day}",
    "author": "Bearer {author}",
    "publish": "Bearer {publish}",
    "admin": "Bearer {admin}",
    "empty": "",
    "scheme only": "Bearer",
    "no scheme": "{valid}",
    "another scheme": "Basic {valid}",
    "word": "Bearer secret",
    "short": "Bearer {short}",
    "long": "Bearer {valid}0",
    "upper case": "Bearer {upper}",
    "two keys": "Bearer {valid} {valid}",
    "list": "Bearer {valid}, Bearer {valid}",
    "line": "Bearer {valid}\t",
    "unknown": "Bearer {unknown}",
    "wrong secret": "Bearer {wrong_secret}",
    "secret of another": "Bearer {mixed}",
    "expired": "Bearer {expired}",
    "revoked": "Bearer {revoked}",
}
GOOD = ("valid", "lower case", "spaces", "last day", "author", "publish", "admin")
BAD = tuple(kind for kind in ODD if kind not in GOOD)


def routes(app: Application) -> list[tuple[str, str]]:
    """Method and template of every route that the application has, HEAD wherever there is GET."""
    found = []
    for route in iter_route_contexts(app.routes):
        assert route.path is not None
        for method in sorted(route.methods or ()):
            found.append((method, route.path))
            if method == "GET":
                found.append(("HEAD", route.path))
    return found


KEYED: dict[tuple[str, str], frozenset[str]] = {
    ("POST", "/v1/tables/{name}/versions"): frozenset({"author", "admin"}),
    ("PUT", "/v1/tables/{name}/versions/{version}"): frozenset({"author", "admin"}),
    ("DELETE", "/v1/tables/{name}/versions/{version}"): frozenset({"author", "admin"}),
    ("POST", "/v1/tables/{name}/versions/{version}/submit"): frozenset({"author", "admin"}),
    ("POST", "/v1/tables/{name}/versions/{version}/return"): frozenset({"publish", "admin"}),
    ("POST", "/v1/tables/{name}/versions/{version}/publish"): frozenset({"publish", "admin"}),
    ("POST", "/v1/tables/{name}/versions/{version}/withdraw"): frozenset({"publish", "admin"}),
    ("GET", "/v1/drafts"): frozenset({"author", "publish", "admin"}),
    ("HEAD", "/v1/drafts"): frozenset({"author", "publish", "admin"}),
    ("GET", "/v1/audit"): frozenset({"admin"}),
    ("HEAD", "/v1/audit"): frozenset({"admin"}),
}
"""Who may do what only some keys may; everything else under /v1/ reads, or calculates, which every role may."""
V1 = [(method, path) for method, path in routes(create_app()) if path.startswith("/v1/")]
READING = [each for each in V1 if each not in KEYED]
CHANGING_NOTHING = {("POST", path) for path in BODIES} | {("DELETE", "/v1/jobs/{id}")}
"""What is no GET, and yet writes no table: calculators, rolls, and the end of a job, which is who made it's own."""
OPEN = [(method, path) for method, path in routes(create_app()) if not path.startswith("/v1/")]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder: Path = tmp_path_factory.mktemp("door")
    url = f"sqlite:///{folder / 'rielquote.db'}"
    keys: dict[str, str] = {
        "valid": made(url),
        "last_day": made(url, expires_on=today()),
        "expired": made(url, expires_on=today() - DAY),
        "revoked": made(url, revoked=True),
        "other": made(url),
        **{role: made(url, role) for role in ROLES if role != "read"},
    }
    start, prefix, secret = keys["valid"].split("_")
    keys["unknown"] = f"{start}_{'0' * len(prefix)}_{secret}"
    keys["wrong_secret"] = f"{start}_{prefix}_{'0' * len(secret)}"
    keys["mixed"] = f"{start}_{prefix}_{keys['other'].split('_')[2]}"
    keys["short"], keys["upper"] = keys["valid"][:-1], keys["valid"].upper()
    with (
        TestClient(create_app(Settings(database_url=url))) as open_,
        TestClient(create_app(Settings(database_url=url, require_key=True))) as closed,
    ):
        yield Door(open_, closed, keys)


def ask(client: TestClient, method: str, path: str, headers: dict[str, str]) -> Response:
    address = path.format(**VALUES)
    return client.request(method, address, json=BODIES.get(path), params=QUERIES.get(path), headers=headers)


def refused(response: Response) -> str:
    """Assert that a request was refused for its key, or for having none; what it was told."""
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["cache-control"] == "no-store"
    if response.request.method == "HEAD":
        assert response.content == b""
        return ""
    assert_problem(response, 401, "unauthenticated")
    detail: str = response.json()["detail"]
    return detail


def let_in(path: str) -> int:
    """What who is let in gets: there are no jobs."""
    return 404 if path.startswith("/v1/jobs/") else 200


class TestEveryRoute:
    def test_all_are_here(self, client: TestClient) -> None:
        documented = {
            (method.upper(), path)
            for path, methods in client.get("/openapi.json").json()["paths"].items()
            for method in methods
        }
        assert documented <= {*V1, *OPEN}
        assert {path for _, path in V1} == {path for _, path in documented if path.startswith("/v1/")}
        assert {path for _, path in OPEN} == {"/livez", "/readyz", "/metrics", "/docs", "/docs/{name}", "/openapi.json"}

    @pytest.mark.parametrize(("method", "path"), READING)
    @pytest.mark.parametrize("kind", GOOD)
    def test_a_good_key_passes(self, door: Door, method: str, path: str, kind: str) -> None:
        headers = door.credentials(kind)
        assert ask(door.closed, method, path, headers).status_code == let_in(path)
        assert ask(door.open, method, path, headers).status_code == let_in(path)

    @pytest.mark.parametrize(("method", "path"), V1)
    @pytest.mark.parametrize("kind", BAD)
    def test_a_wrong_key_never_passes(self, door: Door, method: str, path: str, kind: str) -> None:
        headers = door.credentials(kind)
        assert refused(ask(door.closed, method, path, headers)) == refused(ask(door.open, method, path, headers))

    @pytest.mark.parametrize(("method", "path"), READING)
    def test_without_a_key_only_the_open_service_answers(self, door: Door, method: str, path: str) -> None:
        assert ask(door.open, method, path, {}).status_code == let_in(path)
        refused(ask(door.closed, method, path, {}))

    @pytest.mark.parametrize(("method", "path"), OPEN)
    @pytest.mark.parametrize("kind", ["none", "valid", "word"])
    def test_what_is_not_under_v1_asks_for_no_key(self, door: Door, method: str, path: str, kind: str) -> None:
        address = path.format(name="page.css")
        assert door.closed.request(method, address, headers=door.credentials(kind)).status_code == 200

    @pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "ODD"])
    @pytest.mark.parametrize("path", ["/v1/", "/v1/nothing", "/v1/mba/quotes/", "/v1/tables/none", "/v1//x", "/%761/x"])
    def test_what_is_there_and_what_is_not_is_not_told_either(self, door: Door, method: str, path: str) -> None:
        refused(door.closed.request(method, path))
        assert door.closed.request(method, path, headers=door.credentials("valid")).status_code in {404, 405}

    def test_behind_a_root_path_too(self, door: Door) -> None:
        for root in ("/api", "/v1", "/a/v1"):
            client = TestClient(door.closed.app, root_path=root)
            refused(client.get(f"{root}/v1/tables"))
            refused(client.post(f"{root}{QUOTES}", json=BODIES[QUOTES]))
            assert client.get(f"{root}/livez").status_code == 200
            assert client.get(f"{root}/v1/tables", headers=door.credentials("valid")).status_code == 200


class TestRefusals:
    def test_all_that_are_not_valid_are_told_the_same(self, door: Door) -> None:
        kinds = ("unknown", "wrong secret", "secret of another", "expired", "revoked")
        assert {refused(door.closed.get("/v1/tables", headers=door.credentials(kind))) for kind in kinds} == {
            "The API key is not valid: it is unknown, has expired or was revoked."
        }

    def test_two_keys_are_one_too_many(self, door: Door) -> None:
        twice = [("authorization", f"Bearer {door.keys['valid']}")] * 2
        for client in (door.open, door.closed):
            refused(client.get("/v1/tables", headers=twice))

    def test_the_body_of_a_stranger_is_not_read(self, door: Door) -> None:
        refused(post(door.closed, QUOTES, b"{" * 100_000))

    def test_an_etag_does_not_pass_for_a_key(self, door: Door) -> None:
        known = door.open.get("/v1/tables").headers["etag"]
        refused(door.closed.get("/v1/tables", headers={"if-none-match": known}))
        headers = {"if-none-match": known, **door.credentials("valid")}
        assert door.closed.get("/v1/tables", headers=headers).status_code == 304

    @pytest.mark.parametrize(("method", "path"), READING)
    def test_no_shared_cache_may_keep_an_answer_to_a_key(self, door: Door, method: str, path: str) -> None:
        """RFC 9111, 3.5: it may not unless the answer says one of these."""
        rule = ask(door.closed, method, path, door.credentials("valid")).headers["cache-control"]
        assert not {"public", "must-revalidate"} & set(re.split(r"[,\s]+", rule))
        assert "s-maxage" not in rule

    def test_the_last_day_ends_in_phnom_penh(self, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
        headers = door.credentials("last day")
        assert door.closed.get("/v1/tables", headers=headers).status_code == 200
        tomorrow = today() + DAY
        monkeypatch.setattr(api.authentication, "today", lambda: tomorrow)
        refused(door.closed.get("/v1/tables", headers=headers))
        assert door.closed.get("/v1/tables", headers=door.credentials("valid")).status_code == 200

    def test_hashes_are_compared_in_constant_time(self, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
        compared = []

        def compare(given: bytes, known: bytes) -> bool:
            compared.append((given, known))
            return False

        monkeypatch.setattr(hmac, "compare_digest", compare)
        refused(door.closed.get("/v1/tables", headers=door.credentials("valid")))
        sha256 = hashlib.sha256(door.keys["valid"].encode()).digest()
        assert compared == [(sha256, sha256)]

    def test_before_the_start_a_key_cannot_be_checked(self, door: Door) -> None:
        for require_key in (False, True):
            client = TestClient(create_app(Settings(require_key=require_key)))
            assert_problem(client.get("/v1/tables", headers=door.credentials("valid")), 503, "not_ready")
        refused(client.get("/v1/tables"))


WRITES = "/v1/tables/{name}/writes"


@pytest.fixture
def writable(door: Door, monkeypatch: pytest.MonkeyPatch) -> tuple[TestClient, TestClient]:
    """An open and a closed service with a route that only keys of the role `publish` may call."""
    router = APIRouter(tags=["tables"])
    router.include_router(tables.router)

    @router.post(WRITES, openapi_extra=needs("publish"), responses={200: {"description": "Written."}})
    async def write(name: str) -> None:
        """Write."""

    @router.get(WRITES, openapi_extra=needs("admin"))
    async def read(name: str) -> None:
        """Read."""

    monkeypatch.setattr(tables, "router", router)
    return made_app(door.open), made_app(door.closed)


def made_app(like: TestClient) -> TestClient:
    """Another application in the same state."""
    original = like.app
    assert isinstance(original, Application)
    app = create_app(Settings(require_key=not original.guard._is_open))
    app.state.running.current, app.state.running.known_keys = (
        original.state.running.engine,
        original.state.running.keys,
    )
    return TestClient(app)


class TestRoles:
    def test_every_role_reads_and_admin_does_all(self) -> None:
        assert GRANTS.keys() == set(ROLES)
        assert all({"read", role} <= granted for role, granted in GRANTS.items())
        assert GRANTS["admin"] == set(ROLES)
        assert "publish" not in GRANTS["author"]
        assert "author" not in GRANTS["publish"]

    def test_every_operation_is_one_that_is_known_to_read_or_says_whom_it_lets_in(self) -> None:
        """A new operation fails this until it is put into `KEYED`, or is a GET or a calculator."""
        declared = {
            (method, route.path)
            for route in iter_route_contexts(create_app().routes)
            for method in [*(route.methods or ()), *(["HEAD"] if "GET" in (route.methods or ()) else [])]
            if roles_needed(route) != {"read"}
        }
        assert declared == KEYED.keys()
        assert {each for each in READING if each[0] not in {"GET", "HEAD"}} == CHANGING_NOTHING

    @pytest.mark.parametrize(("method", "path"), KEYED)
    def test_a_keyed_operation_lets_in_the_roles_that_it_is_for_and_no_others(
        self, door: Door, method: str, path: str
    ) -> None:
        """Who is let in is for the most part told that the request is not whole."""
        for client in (door.open, door.closed):
            refused(ask(client, method, path, {}))
            for role in ROLES:
                kind = "valid" if role == "read" else role
                response = ask(client, method, path, door.credentials(kind))
                assert response.headers["cache-control"] == "no-store"
                if role in KEYED[method, path]:
                    assert response.status_code in {200, 415, 428}, role
                elif method == "HEAD":
                    assert response.status_code == 403, role
                else:
                    assert_problem(response, 403, "forbidden")

    def test_a_route_that_declares_a_role_takes_no_other(
        self, door: Door, writable: tuple[TestClient, TestClient]
    ) -> None:
        path = WRITES.format(name="x")
        for client in writable:
            refused(client.post(path))
            for role, status in (("valid", 403), ("author", 403), ("publish", 200), ("admin", 200)):
                response = client.post(path, headers=door.credentials(role))
                assert response.status_code == status, role
                if status == 403:
                    assert_problem(response, 403, "forbidden")
                    assert "www-authenticate" not in response.headers
            for method in ("GET", "HEAD"):
                refused(client.request(method, path))
                assert client.request(method, path, headers=door.credentials("publish")).status_code == 403
                assert client.request(method, path, headers=door.credentials("admin")).status_code == 200
            assert client.get("/v1/tables", headers=door.credentials("valid")).status_code == 200

    def test_the_contract_says_which(self) -> None:
        described: dict[str, Any] = {**needs("publish"), "responses": {}}
        _complete_security(described, is_guarded=True)
        assert described["security"] == [{"bearer": ["publish"]}]
        assert {"401", "403"} <= described["responses"].keys()
        assert "`forbidden`" in described["responses"]["403"]["description"]
