"""Reading on while earlier blocks of a roll are worked on."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from api.roll.reading import Reader
from api.roll.source import Metered

SILENCE = object()
"""What there is to read where nothing has come for a moment."""
_SILENCE_SECONDS = 0.005


class Ahead:
    """Reads on while earlier blocks are worked on."""

    def __init__(self, reader: Reader, source: Metered, threads: ThreadPoolExecutor, blocks: int) -> None:
        """Args: what reads blocks of the source, in which threads, and how many of them wait."""
        self._blocks: queue.Queue[Any] = queue.Queue(blocks)
        self._source = source
        self._thread = threading.Thread(target=self._read, args=(reader, threads), daemon=True)
        self._thread.start()

    def next(self, *, wait: bool) -> Any:
        """The next block, as a future; None at the end; SILENCE if there is none yet. Raises: Faulty."""
        try:
            found = self._blocks.get(timeout=None if wait else _SILENCE_SECONDS)
        except queue.Empty:
            return SILENCE
        if isinstance(found, Exception):
            raise found
        return found

    def stop(self) -> None:
        """Read no more; afterwards nobody reads."""
        self._source.stop()
        while self._thread.is_alive():
            with suppress(queue.Empty):
                self._blocks.get(timeout=_SILENCE_SECONDS)

    def _read(self, reader: Reader, threads: ThreadPoolExecutor) -> None:
        try:
            for piece in reader.pieces(self._source):
                if piece is not None:
                    self._blocks.put(threads.submit(reader.block, piece))
            self._blocks.put(None)
        except Exception as error:  # noqa: BLE001  (raised again where the blocks are taken)
            self._blocks.put(error)
