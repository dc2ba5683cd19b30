"""Candidates for publication made from shipped versions, for tests."""

from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

from tables.canonical import sha256
from tables.snapshot import Version, canonical_content, checked_version
from tests.tables.contents import SHIPPED, at, shipped

FIRST_DAY = date(2027, 1, 1)
PUBLISHED_AT = datetime(2026, 12, 1, tzinfo=UTC)
GONE = object()
"""In place of a value: the key is taken out."""
PROVENANCE = {"cells": "", "source": "giz-2012", "place": "Annex F", "units": "KHR", "checked_by": "nobody"}


def changed(content: Any, changes: dict[str, Any]) -> Any:
    """A copy of a content with other values at some JSON pointers."""
    copy = deepcopy(content)
    for where, value in changes.items():
        *path, last = where.strip("/").split("/")
        parent = at(copy, tuple(path))
        if value is GONE:
            del parent[last]
        else:
            parent[last] = value
    return copy


def candidate(name: str, changes: dict[str, Any] | None = None, number: int = 9, **facts: Any) -> Version:
    """A draft made from a shipped version. Args: that, changes by JSON pointer, its number, anything else about it."""
    kind, content = shipped(name)
    text, _ = canonical_content(kind, changed(content, changes or {}))
    stated: dict[str, Any] = {
        "table": name.partition("@")[0],
        "number": number,
        "effective_from": FIRST_DAY,
        "effective_to": None,
        "published_at": None,
        "withdrawn_at": None,
        "author": "Author",
        "publisher": None,
        "provenance": (PROVENANCE,),
    }
    return checked_version(kind=kind, content=text, stated_sha256=sha256(text), **(stated | facts))


def published(name: str, changes: dict[str, Any] | None = None, **facts: Any) -> Version:
    """A published version, made from a shipped one; as shipped where nothing is said."""
    number = int(name.partition("@")[2])
    shipped_row = SHIPPED[name][1]
    stated: dict[str, Any] = {
        "number": number,
        "effective_from": shipped_row.effective_from,
        "effective_to": shipped_row.effective_to,
        "published_at": PUBLISHED_AT,
        "publisher": "Publisher",
    }
    return candidate(name, changes, **(stated | facts))
