"""What tests of changes to tables share: people, drafts of loadings that can be told apart, a life from draft on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from tables import lifecycle
from tables.audit import Actor
from tables.drafts import Draft
from tables.lifecycle import Stored
from tests.tables.contents import replaced, shipped

LOADINGS = "mba-loadings"
BEGINNING = datetime(2027, 1, 1, tzinfo=UTC)
PROVENANCE: dict[str, str] = {
    "cells": "",
    "source": "board-resolution-4-2027",
    "place": "Item 3",
    "units": "fractions of the gross premium",
    "checked_by": "read twice",
}


def by(name: str, role: str, minute: int = 0) -> Actor:
    """A person of that name with a key of that name, some minutes after the beginning."""
    at = BEGINNING + timedelta(minutes=minute)
    return Actor(name, role, at, name.lower().ljust(12, "0")[:12], f"request-{minute}")


def author(minute: int = 0) -> Actor:
    """Who writes."""
    return by("Ann", "author", minute)


def publisher(minute: int = 0) -> Actor:
    """Who publishes."""
    return by("Bo", "publish", minute)


def content(equity_value: str = "0.3") -> Any:
    """Loadings that differ from the shipped ones, and from each other, in one figure."""
    return replaced(shipped("mba-loadings@1")[1], ("equity_value",), equity_value)


def draft(equity_value: str = "0.3", effective_from: str = "2027-01-01", effective_to: str | None = None) -> Draft:
    """A draft of loadings."""
    end = None if effective_to is None else date.fromisoformat(effective_to)
    return Draft(content(equity_value), date.fromisoformat(effective_from), end, [PROVENANCE])


def submitted(store: Engine, text: Draft | None = None, minute: int = 0, table: str = LOADINGS) -> Stored:
    """A draft that waits for its publisher."""
    made = lifecycle.create_draft(store, table, text or draft(), author(minute))
    return lifecycle.submit(store, table, made.row.number, made.tag, author(minute))


def published(store: Engine, text: Draft | None = None, minute: int = 0, table: str = LOADINGS) -> Stored:
    """A version that has just been published."""
    ready = submitted(store, text, minute, table)
    return lifecycle.publish(store, table, ready.row.number, ready.tag, publisher(minute))
