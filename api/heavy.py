"""Heavy calculations: simulations and solvers, each worked out by a worker process within a deadline.

A worker is given a question with its assumptions and gives back the finished part of an answer.
"""

import asyncio
import copyreg
import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

from api.logs import log, where
from api.problems import Problem, fault
from api.settings import Settings
from api.worker import Channel
from api.workers import Busy, Work, Workers

_JOB, _ANSWER, _PROBLEM, _FAULT = b"J", b"A", b"P", b"F"


@dataclass(frozen=True)
class Job:
    """One calculation: the calculator, its question and assumptions, and what is wanted of the answer."""

    path: str
    question: Any
    as_of: date
    assumptions: dict[str, Any]
    explain: bool
    csv: bool


@dataclass(frozen=True)
class Task:
    """Other work that takes long: a function of a module, and what it is given. It answers with JSON."""

    function: Callable[..., bytes]
    given: tuple[Any, ...]


# Assumptions hold frozen mappings, which pickle does not know.
copyreg.pickle(MappingProxyType, lambda frozen: (_frozen, (dict(frozen),)))


def _frozen(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


class Pool:
    """At most so many workers, at most so many requests waiting for one, and a deadline for each."""

    def __init__(self, settings: Settings) -> None:
        """Args: the limits."""
        self._seconds = settings.heavy_seconds
        work = Work(
            module=__name__,
            most=settings.heavy_workers,
            memory=settings.heavy_worker_bytes,
            queue=settings.heavy_queue,
            log_level=settings.log_level,
        )
        self.workers = Workers(work)

    async def solve(self, job: Job | Task) -> bytes:
        """What a worker answers: JSON, or CSV if that was asked.

        Raises: Problem (`overloaded`, `deadline_passed`, `internal_error`, or what the calculator refuses).
        """
        try:
            async with asyncio.timeout(self._seconds), self.workers.one() as worker:
                await worker.loaded()
                await worker.say(_JOB, pickle.dumps(job))
                kind, content = await worker.said()
        except Busy:
            detail = (
                "All processes for long calculations are busy, and enough requests wait for them. Try again shortly."
            )
            raise Problem("overloaded", detail) from None
        except TimeoutError:
            detail = f"The calculation took longer than {self._seconds:g} seconds. Ask for less, or try again later."
            raise Problem("deadline_passed", detail) from None
        except (OSError, EOFError) as error:
            log.error("worker died", **where(error))
            raise fault() from None
        return _result(kind, content)


def _result(kind: bytes, content: bytes) -> bytes:
    if kind == _ANSWER:
        return content
    if kind == _PROBLEM:
        code, detail, reasons = json.loads(content)
        raise Problem(code, detail, [(pointer, reason) for pointer, reason in reasons])
    raise fault()


# In the worker


def work(channel: Channel) -> None:
    """Answer jobs."""
    from api.application import CALCULATORS  # noqa: PLC0415  (the application imports this module)
    from api.pipeline import work_out  # noqa: PLC0415

    calculators = {calculator.path: calculator for calculator in CALCULATORS}

    def calculate(job: Job) -> bytes:
        return work_out(calculators[job.path], job)

    channel.ready()
    while True:
        _, asked = channel.read()
        job: Job | Task = pickle.loads(asked)  # noqa: S301  (from the parent alone)
        if isinstance(job, Task):
            channel.say(*_answer(partial(job.function, *job.given)))
        else:
            channel.say(*_answer(partial(calculate, job)))


def _answer(solve: Callable[[], bytes]) -> tuple[bytes, bytes]:
    try:
        return _ANSWER, solve()
    except Problem as problem:
        return _PROBLEM, json.dumps([problem.code, problem.detail, list(problem.reasons)]).encode()
    except Exception as error:  # noqa: BLE001  (the parent answers that something went wrong, the log says where)
        log.error("calculation failed", **where(error))
        return _FAULT, b""
