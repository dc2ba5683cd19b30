"""The life of a version as the contract shows it: lived in a store of its own, by two people, at fixed instants."""

from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Engine as Store

from api.audit import shown_page
from api.lifecycle import draft_of
from api.lifecycle_contract import NewVersionBody, ReasonBody, listed, state
from tables import lifecycle
from tables.audit import Actor, page
from tables.lifecycle import Stored
from tables.numbers import parse_json

_TABLE = "mba-loadings"
_AUTHOR, _PUBLISHER = ("Sok Dara", "author", "4f1c2a9be07d"), ("Chan Maly", "publish", "93d0b7e6a15c")
_REASON = {"reason": "Resolution 4/2027 was repealed before it came into force."}
_NOT_YET = {"reason": "The place in the minutes is missing."}


def _example(store: Store) -> dict[str, Any]:
    """Loadings with a lower share of expenses for the primary member."""
    content: Any = parse_json(lifecycle.find_version(store, _TABLE, 1).row.content.encode())
    content["insured"]["primary_member"]["expense"] = "0.25"
    source = {"source": "board-resolution-4-2027", "place": "Item 3", "units": "fractions of the gross premium"}
    return {
        "effective_from": "2028-01-01",
        "effective_to": "2029-01-01",
        "provenance": [{"cells": "", **source, "checked_by": "read twice by two people"}],
        "content": content,
    }


def _by(who: tuple[str, str, str], minute: int) -> Actor:
    name, role, key = who
    return Actor(name, role, datetime(2027, 11, 2, 3, minute, tzinfo=UTC), key, f"9d41f0c2b7a85e36-{minute:x}")


def lifecycle_examples(store: Store) -> dict[str, tuple[dict[str, Any] | None, Any]]:
    """By operation, what is sent, if anything is, and what comes back. Args: a store with the shipped tables."""
    sent = _example(store)
    changed = {**sent, "effective_from": "2028-02-01"}
    shown: dict[str, tuple[dict[str, Any] | None, Any]] = {}

    def note(operation: str, stored: Stored, body: dict[str, Any] | None = None) -> str:
        shown[operation] = (body, orjson.loads(orjson.dumps(state(stored))))
        return stored.tag

    text, other = (draft_of(NewVersionBody.model_validate(each)) for each in (sent, changed))
    tag = note("createTableVersion", lifecycle.create_draft(store, _TABLE, text, _by(_AUTHOR, 1)), sent)
    tag = note("replaceTableVersion", lifecycle.replace_draft(store, _TABLE, 2, tag, other, _by(_AUTHOR, 2)), changed)
    tag = lifecycle.submit(store, _TABLE, 2, tag, _by(_AUTHOR, 3)).tag
    reason = ReasonBody.model_validate(_NOT_YET).reason
    returned = lifecycle.return_to_author(store, _TABLE, 2, tag, _by(_PUBLISHER, 4), reason)
    tag = note("returnTableVersion", returned, _NOT_YET)
    tag = note("submitTableVersion", lifecycle.submit(store, _TABLE, 2, tag, _by(_AUTHOR, 5)))
    shown["listDrafts"] = (None, orjson.loads(orjson.dumps(listed(lifecycle.drafts(store)))))
    tag = note("publishTableVersion", lifecycle.publish(store, _TABLE, 2, tag, _by(_PUBLISHER, 6)))
    reason = ReasonBody.model_validate(_REASON).reason
    withdrawn = lifecycle.withdraw(store, _TABLE, 2, tag, _by(_PUBLISHER, 7), reason)
    note("withdrawTableVersion", withdrawn, _REASON)
    shown["listAudit"] = (None, orjson.loads(orjson.dumps(shown_page(page(store, None, 3, _TABLE), 2))))
    return shown
