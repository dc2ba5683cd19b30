"""What was in force on a day as known at an instant: histories of publications through the store, against ten lines."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tables import lifecycle
from tables.errors import NoCoverage
from tables.resolution import resolve_role
from tables.store import load, open_store
from tests.tables.changing import BEGINNING, LOADINGS, draft, published, publisher

FIRST = date(2030, 1, 1)
DAYS = 6


@dataclass(frozen=True)
class Event:
    """A publication, or the withdrawal of one of those before: which, in what days it is in force, after how long."""

    withdraws: int | None
    begins: int
    lasts: int | None
    minutes: int


@dataclass
class Publication:
    """What the model knows of a version."""

    number: int
    begins: int
    ends: int
    published: datetime
    withdrawn: datetime | None = None


EVENTS = st.lists(
    st.builds(
        Event,
        withdraws=st.none() | st.integers(0, 3),
        begins=st.integers(0, DAYS - 1),
        lasts=st.none() | st.integers(1, DAYS),
        minutes=st.integers(1, 3),
    ),
    min_size=1,
    max_size=7,
)


def in_force(history: list[Publication], day: int, known_at: datetime) -> int | None:
    """The number of the version that the rules choose; they are these, in the words of the documents."""
    found = None
    for each in history:  # in the order of publication: the one published last holds
        known = each.published <= known_at
        standing = known and (each.withdrawn is None or known_at < each.withdrawn)
        if standing and each.begins <= day < each.ends:
            found = each.number
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_every_history_is_resolved_as_the_rules_say(
    events: list[Event], prepared_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = open_store(f"sqlite:///{shutil.copy(prepared_file, tmp_path_factory.mktemp('history') / 'rielquote.db')}")
    history: list[Publication] = []
    minute = 0
    for event in events:
        minute += event.minutes
        at = BEGINNING + timedelta(minutes=minute)
        standing = [each for each in history if each.withdrawn is None]
        if event.withdraws is not None and standing:
            gone = standing[event.withdraws % len(standing)]
            tag = lifecycle.find_version(store, LOADINGS, gone.number).tag
            lifecycle.withdraw(store, LOADINGS, gone.number, tag, publisher(minute))
            gone.withdrawn = at
            continue
        ends = 10_000 if event.lasts is None else event.begins + event.lasts
        end = None if event.lasts is None else (FIRST + timedelta(days=ends)).isoformat()
        text = draft(effective_from=(FIRST + timedelta(days=event.begins)).isoformat(), effective_to=end)
        number = published(store, text, minute).row.number
        history.append(Publication(number, event.begins, ends, at))
    snapshot = load(store)
    store.dispose()
    for tick in range(-1, minute + 2):
        known_at = BEGINNING + timedelta(minutes=tick)
        for day in range(-1, DAYS + 1):
            chosen = resolve_role(snapshot, "loadings", LOADINGS, FIRST + timedelta(days=day), known_at).number
            # Version 1 is shipped: published before all this, in force ever since.
            assert chosen == (in_force(history, day, known_at) or 1), (day, tick)
        now = resolve_role(snapshot, "loadings", LOADINGS, FIRST, None).number
        assert now == (in_force(history, 0, BEGINNING + timedelta(minutes=minute)) or 1)


def test_a_table_all_of_whose_versions_are_withdrawn_covers_nothing(store_url: str) -> None:
    store = open_store(store_url)
    tag = lifecycle.find_version(store, LOADINGS, 1).tag
    lifecycle.withdraw(store, LOADINGS, 1, tag, publisher())
    snapshot = load(store)
    store.dispose()
    with pytest.raises(NoCoverage):
        resolve_role(snapshot, "loadings", LOADINGS, FIRST, None)
    assert resolve_role(snapshot, "loadings", LOADINGS, FIRST, BEGINNING - timedelta(seconds=1)).number == 1
    assert resolve_role(snapshot, "loadings", f"{LOADINGS}@1", FIRST, None).number == 1
