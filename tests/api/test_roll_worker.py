"""What a worker says comes in small frames: the service passes each on between the quotes that it answers meanwhile."""

import asyncio
import pickle
from datetime import date

import orjson

from api.roll.forms import Form
from api.roll.frames import Kind
from api.roll.order import Order
from api.roll.workers import Pricers
from api.settings import Settings
from tables.snapshot import Snapshot
from tests.api.sockets import PATIENCE
from tests.api.support import AS_OF

ROWS = 50_000
LARGEST = 65_536
ROLL = b"package,plan_type\n" + b"F,single\n" * ROWS


async def said(snapshot: bytes, pricers: Pricers) -> list[tuple[Kind, bytes]]:
    """All that a worker says to a roll."""
    frames: list[tuple[Kind, bytes]] = []
    async with asyncio.timeout(PATIENCE), pricers.one() as pricer:
        await pricer.order(snapshot, Order(Form.CSV, Form.CSV, date.fromisoformat(AS_OF)))
        await pricer.send(ROLL)
        await pricer.end()
        while not frames or frames[-1][0] is not Kind.SUMMARY:
            frames.append(await pricer.said())
    return frames


def test_no_frame_is_large_and_the_next_roll_finds_the_same_worker(snapshot: Snapshot) -> None:
    async def scenario() -> None:
        pricers = Pricers(Settings())
        for _ in range(2):
            frames = await said(pickle.dumps(snapshot), pricers)
            answer = [content for kind, content in frames if kind is Kind.DATA]
            assert len(b"".join(answer).splitlines()) == 1 + ROWS
            assert max(len(content) for content in answer) <= LARGEST
            assert orjson.loads(frames[-1][1])["priced"] == ROWS
            assert len(pricers.workers._idle) == 1
        await pricers.workers.close()

    asyncio.run(scenario())
