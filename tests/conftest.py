"""What the tests share: the shipped tables as a snapshot, and the real application on a store of its own."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.application import Application, create_app
from api.mba.tariff import ROLES
from api.settings import Settings
from pricing.mba.assumptions import MbaAssumptions
from tables.resolution import resolve
from tables.shipped import shipped_tables
from tables.snapshot import Snapshot
from tables.store import load, open_store, prepare


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The shipped tables, through a real SQLite file."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'rielquote.db'}")
    prepare(store, shipped_tables())
    shipped = load(store)
    store.dispose()
    return shipped


def mba_assumptions(snapshot: Snapshot, **pins: str) -> MbaAssumptions:
    """The MBA's tables, with pins by role."""
    return MbaAssumptions(**resolve(snapshot, ROLES, date(2026, 11, 22), pins=pins).assumptions)


@pytest.fixture(scope="session")
def published(snapshot: Snapshot) -> MbaAssumptions:
    """The tariff's tables as published."""
    return mba_assumptions(snapshot)


@pytest.fixture(scope="session")
def corrected(snapshot: Snapshot) -> MbaAssumptions:
    """The tariff's tables with suan-2009-e1 corrected."""
    return mba_assumptions(snapshot, pricing_basis="mba-pricing-basis-corrected")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Application:
    """The application on an embedded store of its own; started by `client`."""
    folder: Path = tmp_path_factory.mktemp("app")
    return create_app(Settings(database_url=f"sqlite:///{folder / 'rielquote.db'}"))


@pytest.fixture(scope="session")
def client(app: Application) -> Iterator[TestClient]:
    """A client of the started application."""
    with TestClient(app) as client:
        yield client
