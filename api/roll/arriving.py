"""A roll on its way in, and tasks that wait for each other."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from starlette.types import Receive

from api.http import ClientGone
from api.problems import Problem
from api.settings import Settings


async def pieces(receive: Receive, settings: Settings) -> AsyncIterator[bytes]:
    """What comes of a body, as it comes. Raises: Problem (`request_timeout`), ClientGone."""
    clock = asyncio.get_running_loop().time
    received, waited = 0, 0.0
    more = True
    while more:
        seconds = min(settings.body_seconds, settings.body_seconds + received / settings.roll_bytes_per_second - waited)
        began = clock()
        try:
            async with asyncio.timeout(seconds):
                message = await receive()
        except TimeoutError:
            detail = (
                f"The roll stopped coming for {settings.body_seconds:g} seconds, or came at fewer than "
                f"{settings.roll_bytes_per_second} bytes a second."
            )
            raise Problem("request_timeout", detail, headers=[(b"connection", b"close")]) from None
        waited += clock() - began
        if message["type"] == "http.disconnect":
            raise ClientGone
        data = message.get("body", b"")
        received += len(data)
        if data:
            yield data
        more = message.get("more_body", False)


async def until(wanted: "asyncio.Task[Any]", *others: "asyncio.Task[Any]") -> None:
    """Wait for one task while others go on or end; raises what any of them raises."""
    going: set[asyncio.Task[Any]] = {wanted, *others}
    while not wanted.done():
        done, going = await asyncio.wait(going, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    wanted.result()
