"""Jobs, run: one at a time in each process, by a worker, from the store into the store.

Every process on a store looks for jobs there. What a job comes to depends on nothing in the process that took it in, so
any of them may run it, and begin it again when another has died of it.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool

from api.engine import instant_text
from api.logs import log, where
from api.roll.arriving import until
from api.roll.courtesy import Courtesy
from api.roll.forms import Form
from api.roll.frames import Kind
from api.roll.order import Order
from api.roll.source import Faulty
from api.roll.spool import PIECE
from api.roll.workers import Pricer, Pricers, tables_of
from api.settings import Settings
from api.state import Running
from api.workers import Busy
from tables.jobs import Claim, Job, Jobs, Lost
from tables.kinds import DEFAULT_TABLES

LOOK_SECONDS = 1.0
"""How long a job may wait unseen that another process has taken in, or a cancellation there."""
MOST_DEATHS = 3
"""Attempts that may end without a word; after so many the job is no more tried."""
CLEARED_AT_ONCE = 16
"""Pieces removed in one transaction."""
STOP_SECONDS = 5.0
"""How long giving a job back may take when the process ends; its lease ends anyway."""


def now() -> datetime:
    """This instant."""
    return datetime.now(UTC)


def order_json(order: Order) -> str:
    """What is asked of a roll, to be kept."""
    known_at = order.known_at
    content = {
        "form": order.form.value,
        "answer": order.answer and order.answer.value,
        "as_of": order.as_of,
        "known_at": known_at and instant_text(known_at),
        "pins": order.pins,
        "components": order.components,
    }
    return orjson.dumps(content).decode()


def order_of(asked: str, settings: Settings) -> Order:
    """What has been kept, with today's limits."""
    kept: Any = orjson.loads(asked)
    return Order(
        form=Form(kept["form"]),
        answer=None if kept["answer"] is None else Form(kept["answer"]),
        as_of=date.fromisoformat(kept["as_of"]),
        known_at=None if kept["known_at"] is None else datetime.fromisoformat(kept["known_at"]),
        pins=tuple((role, pin if isinstance(pin, str) else tuple(pin)) for role, pin in kept["pins"]),
        components=kept["components"],
        max_bytes=settings.roll_max_bytes,
        max_rows=settings.roll_max_rows,
    )


class JobRunner:
    """Runs the jobs of a store, and clears away what has expired."""

    def __init__(self, running: Running, pricers: Pricers, settings: Settings) -> None:
        """Args: where the store and the tables are, the processes that price, how long things may take."""
        self._running = running
        self._pricers = pricers
        self._settings = settings
        self._name = secrets.token_hex(16)
        self._next, self._clearing, self._kept = (asyncio.Event() for _ in range(3))
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin."""
        self._running.jobs_changed = self._changed
        self._tasks.append(asyncio.create_task(self._again_and_again(self._run_next, self._next)))
        self._tasks.append(asyncio.create_task(self._again_and_again(self._clear, self._clearing)))

    async def stop(self) -> None:
        """Stop the work, and give the job back, soon."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(TimeoutError, Exception):
            async with asyncio.timeout(STOP_SECONDS):
                await run_in_threadpool(self._running.jobs.give_back, self._name)

    def _changed(self) -> None:
        for each in (self._next, self._clearing, self._kept):
            each.set()

    async def _again_and_again(self, work: Callable[[], Awaitable[bool]], changed: asyncio.Event) -> None:
        is_failing = False
        while True:
            try:
                is_busy = await work()
            except Exception as error:  # noqa: BLE001  (whatever it is, there are more jobs)
                if not is_failing:
                    log.error("jobs held up", **where(error))
                is_failing, is_busy = True, False
            else:
                is_failing = False
            if not is_busy:
                await self._change(changed)

    async def _change(self, changed: asyncio.Event) -> None:
        """Wait until something has changed here, or may have elsewhere."""
        with suppress(TimeoutError):
            async with asyncio.timeout(min(LOOK_SECONDS, self._settings.job_lease_seconds / 3)):
                await changed.wait()
        changed.clear()

    def _lease(self) -> datetime:
        return now() + timedelta(seconds=self._settings.job_lease_seconds)

    def _expiry(self) -> datetime:
        return now() + timedelta(seconds=self._settings.job_keep_seconds)

    async def _run_next(self) -> bool:
        """Run the next job; whether there was one."""
        jobs = self._running.jobs
        if not await run_in_threadpool(jobs.claimable, now()):
            return False
        try:
            async with self._pricers.one() as pricer:
                job = await run_in_threadpool(jobs.claim, self._name, now(), self._lease())
                if job is None:
                    return False
                await self._run(job, pricer)
        except Busy:
            return False
        except Lost:
            pass  # nobody wants it any more, or another has it
        return True

    async def _run(self, job: Job, pricer: Pricer) -> None:
        claim = Claim(job.id, job.attempt)
        jobs = self._running.jobs
        if job.deaths >= MOST_DEATHS:
            detail = "The fault is ours, not in the request. It has been logged."
            await self._end("failed", jobs.fail, claim, "internal_error", detail)
            return
        try:
            attempt = _Attempt(self, claim, job, pricer)
            order = order_of(job.asked, self._settings)
            snapshot = tables_of(self._running.engine.snapshot, order, DEFAULT_TABLES)
            await pricer.order(snapshot, order)
            summary = await attempt.summary(order)
        except Faulty as fault:
            await self._end("failed", jobs.fail, claim, fault.code, fault.detail)
        except Lost:
            raise
        except Exception as error:
            log.error("job broke off", attempt=job.attempt, **where(error))
            await run_in_threadpool(jobs.died, claim)
            raise
        else:
            await self._end("succeeded", jobs.succeed, claim, orjson.dumps(summary).decode(), summary["rows"])

    async def _end(self, status: str, finish: Callable[..., None], claim: Claim, *what: Any) -> None:
        await run_in_threadpool(finish, claim, *what, now(), self._expiry())
        self._running.metrics.job_event(status)

    async def _clear(self) -> bool:
        jobs = self._running.jobs
        await run_in_threadpool(jobs.expire, now())
        is_more = await run_in_threadpool(jobs.clear, CLEARED_AT_ONCE)
        self._running.metrics.jobs = await run_in_threadpool(jobs.counts)
        return is_more

    async def due(self) -> datetime:
        """Wait until an attempt must say that it goes on; until when it may go on then."""
        await self._change(self._kept)
        return self._lease()

    def courtesy(self) -> Courtesy:
        """How an attempt gives way to the requests that this process answers."""
        return Courtesy(self._running.metrics)

    @property
    def jobs(self) -> Jobs:
        """The store."""
        return self._running.jobs


class _Attempt:
    """One attempt at a job: the roll goes to the worker, what it answers to the store."""

    def __init__(self, runner: JobRunner, claim: Claim, job: Job, pricer: Pricer) -> None:
        self._runner = runner
        self._claim = claim
        self._pieces = job.pieces
        self._pricer = pricer
        self._progress = {"bytes_read": 0, "rows": 0}
        self._answer = bytearray()
        self._written = 0
        self._telling = asyncio.Lock()
        """Held by who tells the store how far the attempt has come, so that it never goes back there."""

    async def summary(self, order: Order) -> dict[str, Any]:
        """Price the roll. Raises: Faulty, Lost."""
        feeding = asyncio.create_task(self._feed())
        taking = asyncio.create_task(self._take(order))
        keeping = asyncio.create_task(self._keep())
        fault: Faulty | None = None
        try:
            await until(taking, feeding, keeping)
        except Faulty as found:
            fault = found
        finally:
            for task in (feeding, taking, keeping):
                task.cancel()
            await asyncio.gather(feeding, taking, keeping, return_exceptions=True)
        await self._pricer.end()  # it can take another roll when it has read the rest of this one
        if fault is not None:
            raise fault
        return taking.result()

    async def _feed(self) -> None:
        courtesy = self._runner.courtesy()
        for number in range(self._pieces):
            piece = await run_in_threadpool(self._runner.jobs.input_piece, self._claim, number)
            await self._pricer.send(piece)
            await courtesy.passed(len(piece))
        await self._pricer.end()

    async def _keep(self) -> None:
        while True:
            lease_until = await self._runner.due()
            async with self._telling:
                jobs = self._runner.jobs
                await run_in_threadpool(
                    jobs.renew, self._claim, self._progress["bytes_read"], self._progress["rows"], lease_until
                )

    async def _take(self, order: Order) -> dict[str, Any]:
        while True:
            kind, payload = await self._pricer.said()
            match kind:
                case Kind.DATA:
                    self._answer += payload
                    await self._write(PIECE)
                case Kind.PROGRESS:
                    self._progress |= orjson.loads(payload)
                case Kind.SUMMARY:
                    summary: dict[str, Any] = orjson.loads(payload)
                    if order.answer is None:
                        self._answer += orjson.dumps(summary)
                    await self._write(1)
                    return summary
                case Kind.FAULT:
                    raise Faulty(**orjson.loads(payload))

    async def _write(self, least: int) -> None:
        """Keep what there is of the answer, in pieces of bounded size, if there is so much."""
        while len(self._answer) >= least:
            data = bytes(self._answer[:PIECE])
            del self._answer[:PIECE]
            async with self._telling:
                write = self._runner.jobs.write
                await run_in_threadpool(write, self._claim, self._written, data, *self._progress.values())
            self._written += 1
