"""Two processes of the service on one store: what is published is everybody's within two seconds."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tables import lifecycle
from tables.keys import create_key, revoke_key
from tables.store import open_store
from tests.api.sockets import QUOTE, Service, get, quote, serving
from tests.keys import prefix_of
from tests.tables.changing import LOADINGS, author, draft, published, publisher

WITHIN = 2.0


@pytest.fixture
def store(store_url: str) -> Iterator[Engine]:
    engine = open_store(store_url)
    yield engine
    engine.dispose()


@pytest.fixture
def replicas(tmp_path: Path, store_url: str) -> Iterator[tuple[Service, Service]]:
    """Both of them."""
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    with serving(folders[0], database_url=store_url) as one, serving(folders[1], database_url=store_url) as other:
        yield one, other


def soon(holds: Callable[[], bool], since: float) -> None:
    """Wait until it does, at most two seconds."""
    while not holds():
        assert time.monotonic() < since + WITHIN
        time.sleep(0.01)


def used(service: Service) -> str:
    """The version of the loadings that a quote is computed from."""
    found: str = service.ask(quote(body=QUOTE)).json["receipt"]["tables"]["loadings"]
    return found


def status(service: Service, key: str) -> int:
    """How the service answers a key."""
    return service.ask(get("/v1/tables", f"Authorization: Bearer {key}")).status


def test_both_answer_from_what_is_published_within_two_seconds(
    replicas: tuple[Service, Service], store: Engine
) -> None:
    answers = {service.ask(quote(body=QUOTE)).body for service in replicas}
    assert len(answers) == 1
    found = published(store, draft(effective_from="2009-01-01"))
    since = time.monotonic()
    soon(lambda: all(used(service) == "mba-loadings@2" for service in replicas), since)
    assert len({service.ask(quote(body=QUOTE)).body for service in replicas} | answers) == 2
    ready = [service.ask(get("/readyz")).json for service in replicas]
    assert ready[0]["revision"] == ready[1]["revision"] > 1

    lifecycle.withdraw(store, LOADINGS, 2, found.tag, publisher(), "wrong")
    since = time.monotonic()
    soon(lambda: all(used(service) == "mba-loadings@1" for service in replicas), since)
    assert {service.ask(quote(body=QUOTE)).body for service in replicas} == answers

    key, _ = create_key(store, "A partner", "read", None, author().at)
    since = time.monotonic()
    soon(lambda: all(status(service, key) == 200 for service in replicas), since)
    revoke_key(store, prefix_of(key), author().at)
    since = time.monotonic()
    soon(lambda: all(status(service, key) == 401 for service in replicas), since)
