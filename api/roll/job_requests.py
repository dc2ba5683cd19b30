"""Rolls that come to be priced later: `Prefer: respond-async` (RFC 7240), and a key against doing it twice."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime, timedelta

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope, Send

from api.asking import query
from api.authentication import KEY_PREFIX
from api.http import JSON, respond
from api.problems import Problem
from api.roll.arriving import pieces
from api.roll.job_contract import JOBS, KEY_PATTERN, described, retry
from api.roll.jobs import now, order_json
from api.roll.order import Order
from api.roll.spool import PIECE, Spool
from api.settings import Settings
from api.state import Running
from tables.jobs import MAX_KEY, Bounds, Job, Lost, TooManyJobs, new_id

_KEY = re.compile(KEY_PATTERN.encode())
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"')


def prefers_job(scope: Scope) -> bool:
    """Whether the client would rather not wait."""
    stated = b",".join(value for name, value in scope["headers"] if name == b"prefer")
    names = (
        each.partition(b";")[0].partition(b"=")[0].strip().lower() for each in _QUOTED.sub(b"", stated).split(b",")
    )
    return b"respond-async" in names


class Submissions:
    """Takes rolls into the store."""

    def __init__(self, running: Running, settings: Settings) -> None:
        """Args: where the store is, the limits."""
        self._running = running
        self._settings = settings

    async def take(
        self, scope: Scope, receive: Receive, order: Order, key: str | None, declared: int | None
    ) -> Job | Receive:
        """The job that a roll has become, or where to read it again, for it has turned out too small for one.

        Args:
            scope, receive: the request.
            order: what is asked.
            key: `Idempotency-Key`.
            declared: how many bytes the roll has, if that is said.
        Raises: Problem, ClientGone.
        """
        arriving = pieces(receive, self._settings)
        if declared is None:
            # The temporary file never has more than what is too small for a job.
            spool = Spool(self._settings.roll_memory_bytes, self._settings.job_min_bytes, self._settings.idle_seconds)
            held = 0
            async for data in arriving:
                await spool.put(data)
                held += len(data)
                if held >= self._settings.job_min_bytes:
                    break
            spool.end()
            if held < self._settings.job_min_bytes:
                return _again(spool, receive)
            arriving = _both(spool, arriving)
        owner: str = scope.get(KEY_PREFIX, "")
        asked = [sorted(query(scope).items()), order.form.value, order.answer and order.answer.value]
        roll = _Roll(arriving, order.max_bytes, orjson.dumps(asked))
        if key is not None:
            known = await run_in_threadpool(self._running.jobs.find_by_key, owner, key, now())
            if known is not None:
                await roll.skip()
                return _same(known, roll.fingerprint)
        return await self._keep(
            roll,
            Job(
                id=new_id(),
                owner=owner,
                idempotency_key=key,
                asked=order_json(order),
                created_at=now(),
                lease_until=self._lease(),
            ),
        )

    async def _keep(self, roll: "_Roll", job: Job) -> Job:
        jobs, settings = self._running.jobs, self._settings
        clock = asyncio.get_running_loop().time
        try:
            bounds = Bounds(settings.job_max_waiting, settings.job_max_stored_bytes)
            await run_in_threadpool(jobs.begin, job, bounds)
        except TooManyJobs:
            detail = "Too many rolls wait to be priced, or too many answers to be fetched. Try again later."
            raise Problem("overloaded", detail) from None
        try:
            number, renewed = 0, clock()
            async for data in roll.pieces():
                is_late = clock() - renewed > settings.job_lease_seconds / 3
                if data or is_late:
                    await run_in_threadpool(jobs.receive, job.id, number, data, self._lease())
                    number += bool(data)
                    renewed = clock()
            known = await self._submit(job, roll.fingerprint)
        except BaseException as error:
            with suppress(Exception):
                await run_in_threadpool(jobs.abandon, job.id)
            if isinstance(error, Lost):
                raise Problem("overloaded", "The roll could not be kept in time. Try again later.") from None
            raise
        self._running.jobs_changed()
        return known

    async def _submit(self, job: Job, fingerprint: str) -> Job:
        """Let the job be run, or find the one that has come first with its key. Raises: Problem, Lost."""
        jobs = self._running.jobs
        if await run_in_threadpool(jobs.submit, job, fingerprint, now()):
            self._running.metrics.job_event("submitted")
            mine = await run_in_threadpool(jobs.find, job.id, now())
            if mine is None:
                raise Lost
            return mine
        await run_in_threadpool(jobs.abandon, job.id)
        known = await run_in_threadpool(jobs.find_by_key, job.owner, job.idempotency_key or "", now())
        if known is None:
            raise Lost
        return _same(known, fingerprint)

    def _lease(self) -> datetime:
        """Something comes at least every `body_seconds`."""
        return now() + timedelta(seconds=self._settings.job_lease_seconds + self._settings.body_seconds)


class _Roll:
    """A roll as it comes: measured, hashed together with what is asked of it, cut into pieces for the store."""

    def __init__(self, arriving: AsyncIterator[bytes], most: int, asked: bytes) -> None:
        self._arriving = arriving
        self._most = most
        self._asked = asked
        self._sha256 = hashlib.sha256()

    @property
    def fingerprint(self) -> str:
        """What tells this request from another."""
        return hashlib.sha256(self._asked + self._sha256.digest()).hexdigest()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Pieces of one size and a last one; an empty one whenever something has come. Raises: Problem, ClientGone."""
        size = 0
        waiting = bytearray()
        async for data in self._arriving:
            size += len(data)
            if size > self._most:
                detail = f"A roll may have at most {self._most} bytes."
                raise Problem("body_too_large", detail, headers=[(b"connection", b"close")])
            self._sha256.update(data)
            waiting += data
            while len(waiting) >= PIECE:
                yield bytes(waiting[:PIECE])
                del waiting[:PIECE]
            yield b""
        if waiting:
            yield bytes(waiting)

    async def skip(self) -> None:
        """Hear it to its end."""
        async for _ in self.pieces():
            pass


async def answer_job(send: Send, job: Job) -> None:
    """202: the roll is here."""
    headers = [
        (b"location", f"{JOBS}/{job.id}".encode()),
        (b"preference-applied", b"respond-async"),
        (b"cache-control", b"no-store"),
        *retry(job),
    ]
    await respond(send, 202, JSON, orjson.dumps(described(job)), headers)


def _same(known: Job, fingerprint: str) -> Job:
    if known.fingerprint != fingerprint:
        detail = "This Idempotency-Key was sent with another request: other bytes, query or forms. Make a new one."
        raise Problem("idempotency_key_reused", detail)
    return known


def idempotency_key(scope: Scope) -> str | None:
    """The key that was sent. Raises: Problem (`invalid_request`)."""
    sent = [value for name, value in scope["headers"] if name == b"idempotency-key"]
    if not sent:
        return None
    if len(sent) > 1 or not _KEY.fullmatch(sent[0]):
        detail = f"An Idempotency-Key is one header of 1 to {MAX_KEY} visible ASCII characters."
        raise Problem("invalid_request", detail, [("", detail)])
    key: str = sent[0].decode()
    return key


async def _both(spool: Spool, arriving: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """What has come, and what comes."""
    while data := await spool.take():
        yield data
    spool.close()
    async for data in arriving:
        yield data


def _again(spool: Spool, receive: Receive) -> Receive:
    """A body that has come whole, to be received once more; then whatever follows it."""
    ended = False

    async def received() -> Message:
        nonlocal ended
        if ended:
            return await receive()
        data = await spool.take()
        if not data:
            ended = True
            spool.close()
        return {"type": "http.request", "body": data, "more_body": not ended}

    return received
