"""What a running application holds: the engine of the current snapshot, the keys, and its metrics."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine as Store
from starlette.requests import Request

from api.calculator import Calculator
from api.engine import Engine
from api.heavy import Pool
from api.metrics import Metrics
from api.problems import Problem
from api.snapshots import Snapshots
from tables.jobs import Jobs
from tables.keys import Key

IS_HEAD = "rielquote.head"
"""Where a request's scope says that it is HEAD, answered as GET."""


@dataclass
class Running:
    """State of one application.

    Attributes:
        calculators: every calculator by its path.
        current: the engine; None before the first snapshot.
        known_keys: the API keys by prefix; None before the first snapshot.
        known_jobs: the jobs in the store; None before the first snapshot.
        known_store: the store of the tables; None before the first snapshot.
        snapshots: reads the tables anew; None before the first snapshot.
        jobs_changed: wakes whoever runs jobs here.
        pool: works out heavy calculations; None where the application has not been started, and answers all by itself.
        metrics: counted by this process.
    """

    calculators: Mapping[str, Calculator[Any, Any, Any]] = field(default_factory=dict)
    current: Engine | None = None
    known_keys: Mapping[str, Key] | None = None
    pool: Pool | None = None
    known_jobs: Jobs | None = None
    known_store: Store | None = None
    snapshots: Snapshots | None = None
    jobs_changed: Callable[[], None] = lambda: None
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def engine(self) -> Engine:
        """The current engine. Raises: Problem (`not_ready`)."""
        if self.current is None:
            raise _not_ready()
        return self.current

    def answer_from(self, engine: Engine) -> None:
        """Put another engine in the place of the current one; what is being answered goes on with the one it has."""
        self.current = engine

    @property
    def keys(self) -> Mapping[str, Key]:
        """The API keys by prefix. Raises: Problem (`not_ready`)."""
        if self.known_keys is None:
            raise _not_ready()
        return self.known_keys

    @property
    def jobs(self) -> Jobs:
        """The jobs in the store. Raises: Problem (`not_ready`)."""
        if self.known_jobs is None:
            raise _not_ready()
        return self.known_jobs

    @property
    def store(self) -> Store:
        """The store of the tables. Raises: Problem (`not_ready`)."""
        if self.known_store is None:
            raise _not_ready()
        return self.known_store

    def follow(self) -> None:
        """Answer from what the store holds now; what has just been written here is found by the next request."""
        if self.snapshots is not None:
            self.snapshots.refresh_or_log()


def _not_ready() -> Problem:
    return Problem("not_ready", "The service is starting. Try again shortly.")


def running(request: Request) -> Running:
    """The state of the application that answers a request."""
    state: Running = request.app.state.running
    return state
