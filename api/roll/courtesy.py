"""Rolls give way: while other requests are answered, a roll comes in slowly."""

import asyncio

from api.metrics import Metrics

QUANTUM = 65_536
"""Bytes that pass without a pause."""
PAUSE_SECONDS = 0.004
"""How long a roll waits after so many, if another request has been answered meanwhile: it keeps some 16 MB a second."""


class Courtesy:
    """Lets a roll's bytes pass at once while nothing else is asked, and else in small portions."""

    def __init__(self, metrics: Metrics) -> None:
        """Args: where the requests that this process answers are counted."""
        self._metrics = metrics
        self._seen = metrics.answered
        self._passed = 0

    async def passed(self, size: int) -> None:
        """Wait, if others go first. Args: bytes that have passed."""
        portions, self._passed = divmod(self._passed + size, QUANTUM)
        if portions:
            if self._metrics.answered != self._seen:
                await asyncio.sleep(portions * PAUSE_SECONDS)
            self._seen = self._metrics.answered
