"""Tables read anew while the service runs: what is taken over, what is refused, what is done again."""

import gc
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import Engine as Store
from sqlalchemy import text

import tables.snapshot
from api import refresh
from api.refresh import Refresh
from api.snapshots import Snapshots
from api.state import Running
from tables import lifecycle
from tables.canonical import sha256
from tables.keys import create_key
from tables.snapshot import Version
from tables.store import open_store
from tests.tables.changing import LOADINGS, author, draft, published, publisher
from tests.tables.contents import NAMES
from tests.tables.tampering import unprotected

PATIENCE = 20.0


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    engine = open_store(store_url)
    yield engine
    engine.dispose()


@pytest.fixture
def state(store: Store) -> Running:
    """What an application holds."""
    state = Running()
    state.snapshots = Snapshots(store, state.metrics, state.answer_from)
    return state


@pytest.fixture
def kept(state: Running, store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """The same, while a thread keeps it as the store, in a hurry."""
    monkeypatch.setattr(refresh, "REFRESH_SECONDS", 0.01)
    monkeypatch.setattr(refresh, "AGAIN_SECONDS", 0.03)
    assert state.snapshots is not None
    thread = Refresh(state, open_store(store_url), state.snapshots)
    thread.start()
    yield state
    thread.stop()
    thread._thread.join(PATIENCE)
    assert not thread._thread.is_alive()


def until(holds: Callable[[], Any]) -> None:
    """Wait until it does."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def loadings(state: Running) -> tuple[Version, ...]:
    """The versions of one table, as the application knows them."""
    return state.engine.snapshot.tables[LOADINGS].versions


def follow(state: Running) -> None:
    """Take what the store holds."""
    assert state.snapshots is not None
    state.snapshots.refresh()


def test_what_has_not_changed_is_not_read(state: Running) -> None:
    engine = state.engine
    follow(state)
    assert state.engine is engine


def test_only_what_is_new_is_parsed(state: Running, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    known = set(map(id, state.engine.snapshot.parsed().values()))
    published(store)
    parsed: list[str] = []
    checked: list[bytes] = []
    real_parse = tables.snapshot.canonical_content

    def parse(kind: str, content: Any) -> Any:
        parsed.append(kind)
        return real_parse(kind, content)

    def hashed(content: bytes) -> str:
        checked.append(content)
        return sha256(content)

    monkeypatch.setattr(tables.snapshot, "canonical_content", parse)
    monkeypatch.setattr(tables.snapshot, "sha256", hashed)
    follow(state)
    assert parsed == ["loadings"]
    assert len(checked) == len(NAMES) + 1, "every hash is checked, whatever is known"
    assert {id(each) for each in state.engine.snapshot.parsed().values()} - known == {
        id(loadings(state)[1].assumptions)
    }
    assert [str(each.assumptions.equity_value) for each in loadings(state)] == ["0.35", "0.3"]


def test_the_last_engine_goes_with_its_caches(state: Running, store: Store) -> None:
    last = weakref.ref(state.engine)
    published(store)
    follow(state)
    gc.collect()
    assert last() is None


def test_publication_withdrawal_and_drafts_are_followed(kept: Running, store: Store) -> None:
    found = published(store)
    until(lambda: [each.number for each in loadings(kept)] == [1, 2])
    lifecycle.withdraw(store, LOADINGS, 2, found.tag, publisher(), "wrong")
    until(lambda: [each.status for each in loadings(kept)] == ["published", "withdrawn"])
    lifecycle.create_draft(store, LOADINGS, draft("0.4"), author())
    until(lambda: kept.engine.snapshot.tables[LOADINGS].drafts == {3})
    assert len(loadings(kept)) == 2


def content(store: Store, change: str) -> None:
    """Change the content of a version behind the service's back."""
    with store.begin() as connection:
        unprotected(connection).execute(
            text(f"UPDATE assumption_version SET content = {change} WHERE table_name = 'mba-packages'")  # noqa: S608
        )


def test_a_corrupt_row_is_refused_and_the_last_tables_stay(
    kept: Running, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Mock()
    monkeypatch.setattr(refresh, "log", log)
    engine, metrics = kept.engine, kept.metrics
    content(store, "content || ' '")
    published(store)
    until(lambda: metrics.load_failures >= 2)
    assert kept.engine is engine
    assert metrics.snapshot_age is not None
    age = metrics.snapshot_age
    until(lambda: (metrics.snapshot_age or 0) > age)
    key, _ = create_key(store, "A partner", "read", None, author().at)
    until(lambda: key.split("_")[1] in (kept.known_keys or {}))
    content(store, "trim(content)")
    until(lambda: len(loadings(kept)) == 2)
    until(lambda: (metrics.snapshot_age or 1) < age + 0.1)
    (event,), facts = log.error.call_args
    assert (event, log.error.call_count) == ("tables not refreshed", 1)
    assert facts["reason"].startswith("mba-packages@1: the content's SHA-256 is ")
    until(lambda: log.info.called)
    log.info.assert_called_once_with("tables refreshed again")
