"""A store in which one table has a history."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.application import create_app
from api.settings import Settings
from tables.models import AssumptionVersion
from tables.shipped import shipped_tables
from tables.store import open_store, prepare
from tests.api.support import canonical, sha256


@dataclass(frozen=True)
class Revision:
    """A version of `mba-loadings` that differs in the primary member's expense loading."""

    number: int
    expense: str
    published_at: datetime | None
    withdrawn_at: datetime | None = None
    effective_to: date | None = None

    def row(self, first: AssumptionVersion) -> AssumptionVersion:
        """The version as it is stored; all are in force from 2020."""
        content: dict[str, Any] = json.loads(first.content)
        content["insured"]["primary_member"]["expense"] = self.expense
        text = canonical(content)
        changed = {"number": self.number, "content": text.decode(), "sha256": sha256(text)}
        dates = {"published_at": self.published_at, "withdrawn_at": self.withdrawn_at}
        validity = {"effective_from": date(2020, 1, 1), "effective_to": self.effective_to}
        return AssumptionVersion(**{**first.model_dump(), **changed, **dates, **validity})


def _day(number: int) -> datetime:
    return datetime(2026, 12, number, tzinfo=UTC)


REVISIONS = (
    Revision(2, "0.25", _day(1)),
    Revision(3, "0.2", _day(2), withdrawn_at=_day(4)),
    Revision(4, "0.1", _day(3), effective_to=date(2022, 1, 1)),
    Revision(5, "0.05", None),
)
"""Of `mba-loadings`, after the shipped version 1: 3 was withdrawn, 4 ended in 2022, 5 is a draft."""


@pytest.fixture(scope="session")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of an application whose `mba-loadings` has the `REVISIONS`."""
    folder: Path = tmp_path_factory.mktemp("revised")
    url = f"sqlite:///{folder / 'rielquote.db'}"
    shipped = shipped_tables()
    store = open_store(url)
    prepare(store, shipped)
    (first,) = (version for table in shipped for version in table.versions if version.table_name == "mba-loadings")
    with Session(store) as session:
        session.add_all(revision.row(first) for revision in REVISIONS)
        session.commit()
    store.dispose()
    with TestClient(create_app(Settings(database_url=url))) as client:
        yield client
