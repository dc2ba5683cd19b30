"""What changes in the store while the service runs: tables and keys, read again and again by a thread of their own.

Requests never wait for it. Whatever it cannot read, the last that it could stays in force.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine as Store

from api.logs import log, where
from api.snapshots import Snapshots
from api.state import Running
from tables.errors import CorruptTable
from tables.keys import load_keys

REFRESH_SECONDS = 0.5
"""How long what is in memory may differ from the store, beside the time that it takes to read it."""
AGAIN_SECONDS = 5.0
"""How soon tables that could not be read whole are read again: that is some work, and somebody has to mend them."""


@dataclass
class _Part:
    """Something that is read by itself, and fails by itself.

    Attributes:
        name: of what, in the log.
        read: reads it; whether memory now is as the store.
        failed: counts a failure.
        is_failing: whether it has been said to.
    """

    name: str
    read: Callable[[], bool]
    failed: Callable[[], None]
    is_failing: bool = False

    def refresh(self) -> None:
        """Read it, and log when that begins to fail and when it works again."""
        try:
            is_read = self.read()
        except Exception as error:  # noqa: BLE001  (whatever it is, what was read last stays in force)
            self.failed()
            if not self.is_failing:
                # Of a corrupt table the message says which, and holds nothing of a request.
                reason = str(error) if isinstance(error, CorruptTable) else None
                log.error(f"{self.name} not refreshed", reason=reason, **where(error))
            self.is_failing = True
        else:
            if is_read and self.is_failing:
                log.info(f"{self.name} refreshed again")
                self.is_failing = False


class Refresh:
    """Keeps an application's tables and keys as they are in the store."""

    def __init__(self, running: Running, store: Store, snapshots: Snapshots) -> None:
        """Args: where to put the keys, where to read them, what reads the tables; the store is closed at the end."""
        self._running = running
        self._store = store
        self._snapshots = snapshots
        self._stopping = threading.Event()
        self._again_at = 0.0
        # A daemon: a store that does not answer keeps no process from ending.
        self._thread = threading.Thread(target=self._run, name="refresh", daemon=True)

    def start(self) -> None:
        """Begin, with what has just been read."""
        self._thread.start()

    def stop(self) -> None:
        """End, soon."""
        self._stopping.set()

    def _run(self) -> None:
        metrics = self._running.metrics
        parts = (
            _Part("keys", self._read_keys, metrics.key_refresh_failed),
            _Part("tables", self._read_tables, metrics.load_failed),
        )
        while not self._stopping.wait(REFRESH_SECONDS):
            for part in parts:
                part.refresh()
        self._store.dispose()

    def _read_keys(self) -> bool:
        self._running.known_keys = load_keys(self._store)
        self._running.metrics.keys_loaded()
        return True

    def _read_tables(self) -> bool:
        if time.monotonic() < self._again_at:
            return False
        try:
            self._snapshots.refresh()
        except CorruptTable:
            self._again_at = time.monotonic() + AGAIN_SECONDS
            raise
        return True
