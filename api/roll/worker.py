"""A worker that prices rolls, one after another, so that no roll keeps the process waiting that answers requests.

The parent sends an order, then the roll's bytes and their end; the answer's bytes come back, then the summary, or the
fault that left nothing to answer.
"""

import os
import pickle
from typing import Any

import orjson

from api.engine import Engine
from api.logs import log, where
from api.roll.frames import Kind
from api.roll.order import Order, Progress
from api.roll.pricing import price_roll
from api.roll.source import Faulty
from api.worker import Channel, ParentGone, give_way

_SILENCE_SECONDS = 0.02
_LARGEST_FRAME = 1 << 16
"""Bytes of the answer in one frame: little, for the parent passes frames on between the quotes that it answers."""
_MOST_PIECES = 64
"""Pieces of memory that one frame is put together from."""


class _Parent:
    """The parent: a `Source` of the roll that it sends, and who the answer is for."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._ended = True
        self._unsent: list[memoryview] = []
        self._size = 0

    def next_order(self) -> tuple[bytes, Order]:
        """The next order: pickled tables, and what is asked."""
        while not self._ended:
            self.read(wait=True)  # what is left of a roll that could not be read
        _, content = self._channel.read()
        self._ended = False
        snapshot, order = pickle.loads(content)  # noqa: S301  (our own parent's)
        return snapshot, order

    def read(self, *, wait: bool) -> bytes | bytearray | None:
        """The roll's next bytes."""
        if self._ended:
            return b""
        if not wait and self._channel.is_silent(_SILENCE_SECONDS):
            return None
        kind, content = self._channel.read()
        self._ended = kind == Kind.END.value
        return content

    def say(self, kind: Kind, content: Any) -> None:
        """Something as JSON, after what there is of the answer."""
        self._send()
        self._channel.say(kind.value, orjson.dumps(content))

    def answer(self, data: bytes | memoryview) -> None:
        """Some of the answer; little of it waits for more, until something else is said."""
        left = memoryview(data)
        while left:
            piece = left[: _LARGEST_FRAME - self._size]
            self._unsent.append(piece)
            self._size += len(piece)
            left = left[len(piece) :]
            if self._size == _LARGEST_FRAME or len(self._unsent) == _MOST_PIECES:
                self._send()

    def _send(self) -> None:
        if self._unsent:
            self._channel.say(Kind.DATA.value, *self._unsent)
            self._unsent.clear()
            self._size = 0

    def tell(self, progress: Progress) -> None:
        """How far the roll has come."""
        self.say(Kind.PROGRESS, {"bytes_read": progress.bytes_read, "rows": progress.rows})


def work(channel: Channel) -> None:
    """Price rolls, while nobody waits for a single quote."""
    give_way()
    parent = _Parent(channel)
    engines: dict[bytes, Engine] = {}
    while True:
        snapshot, order = parent.next_order()
        if snapshot not in engines:
            engines = {snapshot: Engine(pickle.loads(snapshot))}  # noqa: S301
        try:
            summary = price_roll(order, engines[snapshot], parent, parent.answer, parent.tell)
        except Faulty as fault:
            parent.say(Kind.FAULT, {"code": fault.code, "detail": fault.detail})
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001  (its message may hold a row)
            log.error("roll not priced", **where(error))
            os._exit(1)
        else:
            parent.say(Kind.SUMMARY, summary)
