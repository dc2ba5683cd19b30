"""What the tests share: the shipped tables as a snapshot, stores of both kinds, and the real application."""

import shutil
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.application import Application, create_app
from api.mba.tariff import ROLES
from api.settings import Settings
from pricing.mba.assumptions import Covenants, MbaAssumptions, Reinsurance
from pricing.mba.projection_basis import ProjectionBasis
from tables.resolution import resolve
from tables.shipped import shipped_tables
from tables.snapshot import Snapshot
from tables.store import load, open_store, prepare
from tests.postgres import Databases, databases

# A run in the background has these ignored, and so would have every process that a test starts.
for _number, _usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _usual)

# The files that take seconds, longest first, so that all processes end at about the same time.
LONG = (
    "contract/test_schemathesis.py",
    "operations/test_outage.py",
    "operations/test_replicas.py",
    "api/test_rolls_sockets.py",
    "jobs/test_survival.py",
    "api/test_shutdown.py",
    "api/test_socket.py",
    "docs/test_roll_on_ray.py",
    "deploy/test_rootfs.py",
    "api/test_key_refresh.py",
    "field/test_chain_ladder.py",
    "api/test_cli_roll.py",
    "api/test_cli_keys.py",
    "operations/test_heavy.py",
    "jobs/test_jobs.py",
    "api/test_limits.py",
    "deploy/test_lint.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the quick tests first."""
    order = {Path(__file__).parent / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.path, -1))


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The shipped tables, through a real SQLite file."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'rielquote.db'}")
    prepare(store, shipped_tables())
    shipped = load(store)
    store.dispose()
    return shipped


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """Databases on a real PostgreSQL server, started when the first test needs it."""
    with databases() as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a store without a schema, on each kind of database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'rielquote.db'}"
        return
    found: Databases = request.getfixturevalue("postgres")
    with found.empty() as url:
        yield url


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the shipped tables, to be copied."""
    file = tmp_path_factory.mktemp("prepared") / "rielquote.db"
    store = open_store(f"sqlite:///{file}")
    prepare(store, shipped_tables())
    store.dispose()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a store of one's own with the shipped tables, on each kind of database."""
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("prepared_file"), tmp_path / "rielquote.db")
        yield f"sqlite:///{file}"
        return
    found: Databases = request.getfixturevalue("postgres")
    with found.prepared() as url:
        yield url


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
def projection_basis(snapshot: Snapshot) -> ProjectionBasis:
    """The projection's own table."""
    found: ProjectionBasis = resolve(snapshot, ("projection_basis",), date(2026, 11, 22)).assumptions[
        "projection_basis"
    ]
    return found


@pytest.fixture(scope="session")
def treaty(snapshot: Snapshot) -> Reinsurance:
    """The reinsurance treaty of 2006."""
    found: Reinsurance = resolve(snapshot, ("reinsurance",), date(2026, 11, 22)).assumptions["reinsurance"]
    return found


@pytest.fixture(scope="session")
def covenants(snapshot: Snapshot) -> Covenants:
    """The limits of the programme."""
    found: Covenants = resolve(snapshot, ("covenants",), date(2026, 11, 22)).assumptions["covenants"]
    return found


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
