"""The processes that price rolls, as the application sees them."""

import pickle
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

from api.roll.frames import Kind
from api.roll.order import Order
from api.settings import Settings
from api.workers import Work, Worker, Workers
from tables.snapshot import Snapshot


class Pricer:
    """A worker with one roll: an order, the roll's bytes, their end; and what it says meanwhile."""

    def __init__(self, worker: Worker) -> None:
        """Args: a worker that has nothing to do."""
        self._worker = worker
        self._ended = False

    async def order(self, snapshot: bytes, order: Order) -> None:
        """Begin the roll. Args: the pickled tables, what is asked."""
        await self._say(Kind.ORDER, pickle.dumps((snapshot, order)))

    async def send(self, data: bytes) -> None:
        """Some of the roll."""
        await self._say(Kind.DATA, data)

    async def end(self) -> None:
        """No more of it; to say so twice would be heard as an order."""
        if not self._ended:
            self._ended = True
            await self._say(Kind.END)

    async def _say(self, kind: Kind, content: bytes = b"") -> None:
        with suppress(ConnectionError):  # the end of what it says tells why
            await self._worker.say(kind.value, content)

    async def said(self) -> tuple[Kind, bytes]:
        """What it says next. Raises: ConnectionError or EOFError, if it has died."""
        kind, content = await self._worker.said()
        return Kind(kind), content


class Pricers:
    """At most so many of them."""

    def __init__(self, settings: Settings) -> None:
        """Args: the limits."""
        work = Work(
            module="api.roll.worker",  # which is not imported here: it needs what the server does not
            most=settings.roll_workers,
            memory=settings.roll_worker_bytes,
            patience=settings.roll_wait_seconds,
            log_level=settings.log_level,
        )
        self.workers = Workers(work)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Pricer]:
        """One for one roll, which it must be told the end of. Raises: Busy."""
        async with self.workers.one() as worker:
            yield Pricer(worker)


def tables_of(snapshot: Snapshot, order: Order, defaults: Mapping[str, str]) -> bytes:
    """The tables that a roll can need, for another process."""
    pinned = dict(order.pins)
    names: set[str] = set()
    for role, default in defaults.items():
        pin = pinned.get(role, default)
        names.update(each.partition("@")[0] for each in ((pin,) if isinstance(pin, str) else pin))
    return pickle.dumps(snapshot.only(names))
