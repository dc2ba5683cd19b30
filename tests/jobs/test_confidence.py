"""A job is for who made it."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.api.sockets import Service, serving
from tests.jobs.asking import ASYNC, ask, ended, send, submit
from tests.keys import made


class Closed(NamedTuple):
    """A service that needs a key, and keys of it."""

    service: Service
    first: str
    second: str


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    folder: Path = tmp_path_factory.mktemp("closed")
    url = f"sqlite:///{folder / 'rielquote.db'}"
    first, second = (f"Bearer {made(url, role)}" for role in ("read", "admin"))
    with serving(folder, job_min_bytes=1_000, require_key=True) as service:
        yield Closed(service, first, second)


def test_only_the_key_that_made_a_job_may_see_it(closed: Closed, roll: bytes) -> None:
    service, first, second = closed
    address = submit(service, roll, authorization=first)
    shown = ended(service, address, authorization=first)
    assert shown["status"] == "succeeded"
    for method, path in (("GET", address), ("GET", f"{address}/result"), ("DELETE", address)):
        refused = ask(service, method, path, authorization=second)
        absent = ask(service, method, path.replace(shown["id"], "j_" + "0" * 32), authorization=second)
        assert (refused.status, refused.json["code"]) == (404, "not_found")
        assert refused.json["detail"] == absent.json["detail"], "nothing says that it is there"
        assert ask(service, method, path).status == 401
    assert ask(service, "GET", f"{address}/result", authorization=first).status == 200
    assert ask(service, "DELETE", address, authorization=first).status == 204


def test_an_idempotency_key_is_its_owner_s(closed: Closed, roll: bytes) -> None:
    service, first, second = closed
    address = submit(service, roll, authorization=first, idempotency_key="mine")
    assert submit(service, roll, authorization=second, idempotency_key="mine") != address
    assert submit(service, roll, authorization=first, idempotency_key="mine") == address
    refused = send(service, roll, "", **ASYNC, authorization=second, idempotency_key="mine")
    assert (refused.status, refused.json["code"]) == (409, "idempotency_key_reused")


def test_a_key_that_is_sent_to_an_open_service_keeps_a_job_too(tmp_path: Path, roll: bytes) -> None:
    url = f"sqlite:///{tmp_path / 'rielquote.db'}"
    key = f"Bearer {made(url)}"
    with serving(tmp_path, job_min_bytes=1_000) as service:
        own, anybody_s = submit(service, roll, authorization=key), submit(service, roll)
        ended(service, anybody_s, authorization=key)
        assert ask(service, "GET", own).status == 404
        assert ended(service, own, authorization=key)["status"] == "succeeded"
