"""The snapshot that a process answers from, read anew when its store holds another."""

import threading
from collections.abc import Callable

from sqlalchemy import Engine as Store

from api.engine import Engine
from api.logs import log, where
from api.metrics import Metrics
from tables.audit import revision
from tables.store import load


class Snapshots:
    """Reads the tables, one thread at a time, so that a later snapshot never gives way to an earlier one."""

    def __init__(self, store: Store, metrics: Metrics, put: Callable[[Engine], None]) -> None:
        """Read the tables. Args: where they are, where to count, what to do with the engine of each new snapshot.

        Raises: CorruptTable, SQLAlchemyError.
        """
        self._store = store
        self._metrics = metrics
        self._put = put
        self._lock = threading.Lock()
        self._snapshot = load(store)
        self._take()

    def refresh(self) -> None:
        """Take what the store holds now in the place of what it held: whole, after every hash has been checked.

        Raises: CorruptTable, SQLAlchemyError; the last snapshot stays in force.
        """
        with self._lock:
            if revision(self._store) == self._snapshot.revision:
                self._metrics.snapshot_current(self._snapshot)
                return
            self._snapshot = load(self._store, self._snapshot)
            self._take()

    def refresh_or_log(self) -> None:
        """The same, where what has changed stands, whether it can be read now or not."""
        try:
            self.refresh()
        except Exception as error:  # noqa: BLE001  (whatever it is, the last tables stay in force)
            self._metrics.load_failed()
            log.error("tables not read anew", **where(error))

    def _take(self) -> None:
        held = self._snapshot
        self._put(Engine(held))  # with caches of its own: those of the last one go with it
        self._metrics.snapshot_current(held)
        log.info("tables loaded", tables=len(held.tables), revision=held.revision)
