"""A draft with errors is not published."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tables.audit import Actor, page
from tables.drafts import Draft
from tables.errors import ChecksFailed
from tables.lifecycle import create_draft, find_version, publish, replace_draft, submit
from tables.shipped import shipped_tables
from tables.store import open_store, prepare
from tests.tables.candidates import PROVENANCE, changed
from tests.tables.contents import shipped

NOW = datetime(2026, 12, 1, tzinfo=UTC)
AUTHOR, PUBLISHER = Actor("Author", "author", NOW), Actor("Publisher", "publish", NOW)
TABLE = "mba-loadings"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{tmp_path / 'rielquote.db'}")
    prepare(engine, shipped_tables())
    yield engine
    engine.dispose()


def draft(changes: dict[str, Any]) -> Draft:
    """A draft of loadings."""
    content = changed(shipped(f"{TABLE}@1")[1], changes)
    return Draft(content, date(2027, 1, 1), None, [PROVENANCE | {"place": "Annex F"}])


def test_a_draft_with_errors_is_submitted_and_not_published_until_it_has_none(store: Engine) -> None:
    made = create_draft(store, TABLE, draft({"/equity_value": "0.6", "/contingency": "0.2"}), AUTHOR)
    ready = submit(store, TABLE, 2, made.tag, AUTHOR)
    records = len(page(store, None, 100))
    with pytest.raises(ChecksFailed) as refused:
        publish(store, TABLE, 2, ready.tag, PUBLISHER)
    assert {(code, pointer) for code, pointer, _ in refused.value.faults} == {
        ("loadings_of_one_or_more", f"/insured/{name}")
        for name in ("primary_member", "secondary_member", "child", "additional_15_65", "additional_66_75")
    }
    assert str(refused.value).startswith("mba-loadings@2 has errors, for which it cannot be published: /insured/")
    assert find_version(store, TABLE, 2).tag == ready.tag
    assert len(page(store, None, 100)) == records, "what is refused leaves no record"

    better = replace_draft(store, TABLE, 2, ready.tag, draft({"/contingency": "0.2"}), AUTHOR)
    ready = submit(store, TABLE, 2, better.tag, AUTHOR)
    assert publish(store, TABLE, 2, ready.tag, PUBLISHER).status == "published"


def test_warnings_do_not_stop_a_publication(store: Engine) -> None:
    made = create_draft(store, TABLE, draft({}), AUTHOR)  # nothing_changed
    assert publish(store, TABLE, 2, submit(store, TABLE, 2, made.tag, AUTHOR).tag, PUBLISHER).status == "published"


def test_errors_are_found_against_what_is_published(store: Engine) -> None:
    content = shipped("who-cambodia-2006@1")[1]
    del content["survivors"]["100"]
    short = Draft(content, date(2027, 1, 1), None, [PROVENANCE])
    made = create_draft(store, "who-cambodia-2006", short, AUTHOR)
    with pytest.raises(ChecksFailed, match="reaches to 0 and 100"):
        publish(store, "who-cambodia-2006", 2, submit(store, "who-cambodia-2006", 2, made.tag, AUTHOR).tag, PUBLISHER)
