"""`POST /v1/mba/quotes/batch`: rows in, rows out.

The answer begins while the roll is still coming. A small roll is priced here, in a thread; a larger one beside this
process, by a worker.
"""

import asyncio
import io
import json
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Literal

import orjson
from fastapi.routing import APIRoute
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from api.asking import parsed, query
from api.connections import TRAILERS
from api.engine import Engine, today
from api.http import (
    CSV_PARAMETERS,
    JSON,
    ClientGone,
    Headers,
    accepted,
    header,
    read_body,
    respond,
    respond_problem,
)
from api.mba.tariff import ROLES
from api.pipeline import declaration
from api.problems import Problem, refused
from api.requests import OwnFields, query_model
from api.roll.arriving import pieces, until
from api.roll.contract import RollAnswer, operation
from api.roll.courtesy import Courtesy
from api.roll.forms import INPUTS, OUTPUTS, Form
from api.roll.frames import Kind
from api.roll.job_contract import with_jobs
from api.roll.job_requests import Submissions, answer_job, idempotency_key, prefers_job
from api.roll.order import Order
from api.roll.samples import PATH
from api.roll.source import FIRST_PIECE, Faulty, FileSource, Put
from api.roll.spool import Spool
from api.roll.workers import Pricer, Pricers, tables_of
from api.settings import Settings
from api.state import Running
from api.store_gone import STORE_GONE, store_gone
from api.workers import Busy
from pricing.errors import DomainError
from tables.errors import NoCoverage
from tables.jobs import Job
from tables.kinds import DEFAULT_TABLES

SUMMARY = b"rielquote-summary"
SMALL = FIRST_PIECE
"""Bytes of a roll that is priced without a worker."""

_UNREAD = (
    "The answer has more bytes than are kept for a client that does not read. Read while you send, in HTTP/1.1, or "
    "send the roll in smaller batches."
)
_STORE: Headers = [(b"cache-control", b"no-store")]


class RollQuery(OwnFields):
    """What is asked of a whole roll, in the query."""

    summary: Literal["only"] | None = Field(
        default=None, description="`only`: answer with the closing summary alone, as JSON.", examples=["only"]
    )
    components: Literal["true", "false"] | None = Field(
        default=None,
        description=(
            "Whether each premium comes with its components; by default in JSON and NDJSON. In tables they are three "
            "more columns, one a coverage."
        ),
        examples=["true"],
    )


class RollRoute(APIRoute):
    """The route of whole rolls: declared to FastAPI, handled here."""

    def __init__(self, running: Running, settings: Settings) -> None:
        """Args: where to find the tables, the limits."""
        self._running = running
        self._settings = settings
        self._model = query_model(RollQuery, ROLES)
        self._submissions = Submissions(running, settings)
        self.pricers = Pricers(settings)
        super().__init__(
            PATH,
            declaration(self._model, is_query=True),
            methods=["POST"],
            response_model=RollAnswer,
            **with_jobs(operation()),
        )

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer = _Answer(scope, send)
        try:
            await self._answer(scope, receive, send, answer)
        except Problem as problem:
            await answer.problem(problem)
        except Faulty as fault:
            await answer.problem(_problem(fault))
        except DomainError as refusal:
            await answer.problem(refused(refusal, pins=""))
        except Busy:
            detail = "Every worker is busy with another roll. Try again shortly."
            await answer.problem(Problem("overloaded", detail))
        except STORE_GONE as error:
            await answer.problem(store_gone(error))
        except ClientGone:
            return

    async def _answer(self, scope: Scope, receive: Receive, send: Send, answer: "_Answer") -> None:
        if scope["method"] != "POST":
            raise Problem("method_not_allowed", "Use POST.", headers=[(b"allow", b"POST")])
        order = self._order(scope)
        key = idempotency_key(scope)
        declared = _length(scope)
        if declared is not None and declared > order.max_bytes:
            raise _too_large(order.max_bytes)
        if prefers_job(scope) and (declared is None or declared >= self._settings.job_min_bytes):
            taken = await self._submissions.take(scope, receive, order, key, declared)
            if isinstance(taken, Job):
                await answer_job(send, taken)
                return
            receive = taken
        if declared is not None and declared <= SMALL and order.form is not Form.ARROW:
            await self._here(order, receive, answer)
        else:
            await self._beside(order, receive, answer)

    def _order(self, scope: Scope) -> Order:
        """What is asked. Raises: Problem, DomainError."""
        engine = self._running.engine
        asked: Any = parsed(self._model, query(scope))
        form = _input_form(scope)
        only = asked.summary == "only"
        media_type = accepted(scope, (JSON,) if only else _offers(form))
        pins = tuple((role, pin) for role in ROLES if (pin := getattr(asked, role)) is not None)
        as_of = asked.as_of or today()
        with suppress(NoCoverage):  # a row may give another date
            engine.basis(ROLES, as_of, asked.known_at, pins, {})
        return Order(
            form=form,
            answer=None if only else Form(media_type.partition(b";")[0].decode()),
            as_of=as_of,
            known_at=asked.known_at,
            pins=pins,
            components=None if asked.components is None else asked.components == "true",
            max_bytes=self._settings.roll_max_bytes,
            max_rows=self._settings.roll_max_rows,
        )

    async def _here(self, order: Order, receive: Receive, answer: "_Answer") -> None:
        body = await read_body(receive, SMALL, self._settings.body_seconds)
        engine = self._running.engine
        found: list[bytes | memoryview] = []
        summary = await run_in_threadpool(_price_small, order, engine, body, found.append)
        if order.answer is not None:
            whole = b"".join(found)
            await answer.begin(order, len(whole))
            await answer.body(whole)
        await answer.finish(order, summary)

    async def _beside(self, order: Order, receive: Receive, answer: "_Answer") -> None:
        snapshot = tables_of(self._running.engine.snapshot, order, DEFAULT_TABLES)
        settings = self._settings
        spool = Spool(settings.roll_memory_bytes, settings.roll_spool_bytes, settings.idle_seconds)
        tasks: list[asyncio.Task[Any]] = []
        try:
            async with self.pricers.one() as pricer:
                await pricer.order(snapshot, order)
                sent = asyncio.Event()
                courtesy = Courtesy(self._running.metrics)
                upload = asyncio.create_task(_upload(receive, pricer, settings, courtesy, sent))
                download = asyncio.create_task(_download(pricer, spool))
                passing = asyncio.create_task(_pass_on(spool, order, answer))
                tasks += upload, download, passing
                fault = None
                try:
                    await until(download, upload, passing)
                except Faulty as found:
                    fault = found
                if not sent.is_set():  # the rest of the roll is for nobody; the worker takes another one
                    upload.cancel()
                    await asyncio.wait({upload})
                    await pricer.end()
                    upload = asyncio.create_task(_watch(receive))
                    tasks.append(upload)
            if fault is not None:
                raise fault
            spool.end()
            await until(passing, upload)
            await answer.finish(order, download.result())
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            spool.close()


async def _upload(
    receive: Receive, pricer: Pricer, settings: Settings, courtesy: Courtesy, sent: asyncio.Event
) -> None:
    """Pass on what comes, then watch for the client to go. Raises: Problem (`request_timeout`), ClientGone."""
    async for data in pieces(receive, settings):
        await pricer.send(data)
        await courtesy.passed(len(data))
    sent.set()
    await pricer.end()
    await _watch(receive)


async def _watch(receive: Receive) -> None:
    """Read what nobody needs: who sends may not read before all is sent. Raises: ClientGone, when the client has."""
    while (await receive())["type"] != "http.disconnect":
        pass
    raise ClientGone


async def _download(pricer: Pricer, spool: Spool) -> Any:
    """Take what the worker answers; the summary.

    Raises: Faulty; Problem, if it has died (`overloaded`), or nobody reads what it answers (`body_too_large`).
    """
    while True:
        try:
            kind, payload = await pricer.said()
        except (OSError, EOFError):
            raise Problem("overloaded", "The process that priced the roll has ended. Send the roll again.") from None
        match kind:
            case Kind.DATA:
                try:
                    await spool.put(payload)
                except TimeoutError:  # the worker is for others
                    raise Problem("body_too_large", _UNREAD) from None
            case Kind.SUMMARY:
                return orjson.loads(payload)
            case Kind.FAULT:
                raise Faulty(**orjson.loads(payload))


async def _pass_on(spool: Spool, order: Order, answer: "_Answer") -> None:
    """Send the client what there is, as fast as it reads; before the end only to one that knows chunks."""
    if not answer.in_chunks:
        await answer.begin(order, await spool.whole())
    while data := await spool.take():
        await answer.begin(order)
        await answer.body(data)


class _Answer:
    """The answer to one request, begun as late as possible: until then it may still become a problem."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._begun = False
        self.in_chunks = scope["http_version"] == "1.1"
        self._trail = scope.get("extensions", {}).get(TRAILERS) if self.in_chunks else None

    async def begin(self, order: Order, length: int = 0) -> None:
        """Send the head, once; with the length of the body to a client of HTTP/1.0, which knows no chunks."""
        if self._begun or order.answer is None:
            return
        self._begun = True
        headers = [(b"content-type", order.answer.media_type), *_STORE, (b"vary", b"accept")]
        if self._trail is not None:
            headers.append((b"trailer", SUMMARY))
        if not self.in_chunks:
            headers.append((b"content-length", str(length).encode()))
        await self._send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": headers})

    async def body(self, data: bytes) -> None:
        """Send some of the body."""
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def finish(self, order: Order, summary: dict[str, Any]) -> None:
        """Send the summary, as the answer or after it."""
        if order.answer is None:
            await respond(self._send, HTTPStatus.OK, JSON, orjson.dumps(summary), _STORE)
            return
        if self._trail is not None:
            value = json.dumps(summary, separators=(",", ":"), default=str).encode()  # a header's text is ASCII
            self._trail([(SUMMARY, value)])
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def problem(self, problem: Problem) -> None:
        """Send a problem; if the answer has begun nothing, so that the server cuts it off for all to see."""
        if not self._begun:
            await respond_problem(self._scope, self._send, problem)


def _price_small(order: Order, engine: Engine, body: bytes, put: Put) -> dict[str, Any]:
    from api.roll.pricing import price_roll  # noqa: PLC0415  (numpy and Arrow: the start does not wait for them)

    return price_roll(order, engine, FileSource(io.BytesIO(body).read, SMALL), put)


def _input_form(scope: Scope) -> Form:
    """The form that the one Content-Type states. Raises: Problem (`unsupported_media_type`)."""
    stated = [value.lower() for name, value in scope["headers"] if name == b"content-type"]
    encoding = (header(scope, b"content-encoding") or b"identity").lower()
    if len(stated) == 1 and encoding == b"identity":
        media_type, _, parameters = stated[0].partition(b";")
        if parameters.replace(b" ", b"").replace(b'"', b"") in CSV_PARAMETERS:
            for form in INPUTS:
                if form.value.encode() == media_type.strip():
                    return form
    forms = ", ".join(each.value for each in INPUTS)
    raise Problem("unsupported_media_type", f"Send the roll uncompressed and in UTF-8, as one of {forms}.")


def _offers(form: Form) -> tuple[bytes, ...]:
    """The forms of an answer, the roll's own first."""
    return tuple(each.media_type for each in (form, *(other for other in OUTPUTS if other is not form)))


def _length(scope: Scope) -> int | None:
    declared = header(scope, b"content-length")
    return int(declared[:20]) if declared is not None and declared.isdigit() else None


def _problem(fault: Faulty) -> Problem:
    reasons = [("", fault.detail)] if fault.code == "invalid_request" else ()
    headers = [(b"connection", b"close")] if fault.code == "body_too_large" else ()
    return Problem(fault.code, fault.detail, reasons, headers)


def _too_large(limit: int) -> Problem:
    return _problem(Faulty("body_too_large", f"A roll may have at most {limit} bytes."))
