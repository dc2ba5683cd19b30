"""Jobs: rolls that are kept and priced after the request that brought them has been answered.

A job belongs to whoever claims it, for a while: until its lease ends, or another claims it with the next number of
attempt. Nothing is written for an attempt that is no longer the job's, so that two who believe they run the same job
never show. Every change is one short transaction; the pieces of a roll and of its answer are rows of their own.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Engine, LargeBinary, Text, UniqueConstraint, case, func, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import BigInteger
from sqlmodel import Field, Session, SQLModel, col, select

from tables.models import Instant
from tables.postgresql import Lock, alone

WAITING = ("receiving", "queued", "running")
"""What is still to be done: its roll is coming, it waits to be run, it is being run."""
FINISHED = ("succeeded", "failed", "cancelled")
MAX_KEY = 200
ID_BYTES = 16
"""Random bytes of an id: nobody guesses one."""


class Job(SQLModel, table=True):
    """A job. While `receiving` nobody knows its id; `deleted`, nobody finds it, and what it holds is being removed."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(
            "status IN ('receiving', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'deleted')",
            name="status_known",
        ),
        UniqueConstraint("owner", "idempotency_key"),
    )

    id: str = Field(primary_key=True, max_length=40)
    owner: str = Field(max_length=12)
    """Prefix of the API key that made it; empty if none did."""
    idempotency_key: str | None = Field(default=None, max_length=MAX_KEY)
    fingerprint: str = Field(default="", max_length=64)
    """SHA-256 of the request."""
    asked: str = Field(sa_type=Text)
    """What is asked of the roll, as JSON."""
    status: str = Field(default="receiving", max_length=16, index=True)
    size: int = Field(default=0, sa_type=BigInteger)
    pieces: int = 0
    bytes_read: int = Field(default=0, sa_type=BigInteger)
    rows_done: int = Field(default=0, sa_type=BigInteger)
    result_size: int = Field(default=0, sa_type=BigInteger)
    result_pieces: int = 0
    summary: str | None = Field(default=None, sa_type=Text)
    problem_code: str | None = Field(default=None, max_length=64)
    problem_detail: str | None = Field(default=None, sa_type=Text)
    attempt: int = 0
    deaths: int = 0
    """Attempts that ended without saying so."""
    runner: str | None = Field(default=None, max_length=64)
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)


class JobInput(SQLModel, table=True):
    """A piece of a job's roll."""

    __tablename__ = "job_input"

    job_id: str = Field(primary_key=True, foreign_key="job.id", max_length=40)
    number: int = Field(primary_key=True)
    data: bytes = Field(sa_type=LargeBinary)


class JobOutput(SQLModel, table=True):
    """A piece of what an attempt has answered."""

    __tablename__ = "job_output"

    job_id: str = Field(primary_key=True, foreign_key="job.id", max_length=40)
    attempt: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    data: bytes = Field(sa_type=LargeBinary)


class TooManyJobs(Exception):
    """The store has as many jobs, or as many bytes of them, as it may."""


class Lost(Exception):
    """The job is no longer this attempt's: cancelled, removed, or another's."""


@dataclass(frozen=True)
class Claim:
    """One attempt at a job."""

    id: str
    attempt: int


@dataclass(frozen=True)
class Bounds:
    """How much the store may hold: jobs not finished, bytes of rolls and answers of all jobs."""

    waiting: int
    stored_bytes: int


def new_id() -> str:
    """An id for a job."""
    return f"j_{secrets.token_hex(ID_BYTES)}"


class Jobs:
    """The jobs in a store. Every method is a short transaction, to be called from a thread."""

    def __init__(self, store: Engine) -> None:
        """Args: an engine on the store."""
        self._store = store
        self._reader = store.execution_options(reading=True)

    # The roll comes

    def begin(self, job: Job, bounds: Bounds) -> None:
        """Make room for a roll that is about to come; it takes its key when it is here. Raises: TooManyJobs."""
        waiting = select(func.count()).select_from(Job).where(col(Job.status).in_(WAITING))
        stored = select(func.coalesce(func.sum(Job.size + Job.result_size), 0))
        with Session(self._store) as session:
            alone(session, Lock.JOBS)
            if session.exec(waiting).one() >= bounds.waiting or session.exec(stored).one() >= bounds.stored_bytes:
                raise TooManyJobs
            session.add(Job(**job.model_dump(exclude={"idempotency_key"})))
            session.commit()

    def receive(self, job_id: str, number: int, data: bytes, lease_until: datetime) -> None:
        """Keep a piece of the roll; an empty one only says that more will come. Raises: Lost."""
        values = {"lease_until": lease_until, "size": Job.size + len(data), "pieces": number + bool(data)}
        with Session(self._store) as session:
            self._change(session, (col(Job.id) == job_id, col(Job.status) == "receiving"), values)
            if data:
                session.add(JobInput(job_id=job_id, number=number, data=data))
            session.commit()

    def submit(self, job: Job, fingerprint: str, now: datetime) -> bool:
        """The roll is here: the job waits to be run. False if another job of its owner's has its key. Raises: Lost."""
        key = job.idempotency_key
        values = {"status": "queued", "fingerprint": fingerprint, "created_at": now, "lease_until": None}
        with Session(self._store) as session:
            if key is not None:
                over = (col(Job.owner) == job.owner, col(Job.idempotency_key) == key, col(Job.expires_at) <= now)
                session.exec(update(Job).where(*over).values(**_DELETED))
            try:
                of = (col(Job.id) == job.id, col(Job.status) == "receiving")
                self._change(session, of, values | {"idempotency_key": key})
                session.commit()
            except IntegrityError:
                return False
        return True

    def abandon(self, job_id: str) -> None:
        """The roll will not come: forget the job."""
        with Session(self._store) as session:
            session.exec(
                update(Job).where(col(Job.id) == job_id, col(Job.status) == "receiving").values(status="deleted")
            )
            session.commit()

    # Asked for

    def find(self, job_id: str, now: datetime) -> Job | None:
        """A job, unless its roll is still coming or it has expired."""
        with Session(self._reader) as session:
            job = session.get(Job, job_id)
        return job if job is not None and _is_there(job, now) else None

    def find_by_key(self, owner: str, idempotency_key: str, now: datetime) -> Job | None:
        """The job that a key of its owner's stands for."""
        with Session(self._reader) as session:
            found = select(Job).where(Job.owner == owner, Job.idempotency_key == idempotency_key)
            job = session.exec(found).one_or_none()
        return job if job is not None and _is_there(job, now) else None

    def result_piece(self, claim: Claim, number: int) -> bytes:
        """A piece of the answer. Raises: Lost, if it has been removed."""
        with Session(self._reader) as session:
            piece = session.get(JobOutput, (claim.id, claim.attempt, number))
        if piece is None:
            raise Lost
        return piece.data

    def cancel(self, job_id: str, now: datetime, expires_at: datetime) -> bool:
        """Stop what is not finished, remove what is; whether it was not."""
        with Session(self._store) as session:
            done = session.exec(
                update(Job)
                .where(col(Job.id) == job_id, col(Job.status).in_(("queued", "running")))
                .values(status="cancelled", finished_at=now, expires_at=expires_at, runner=None, lease_until=None)
            )
            if not done.rowcount:
                session.exec(update(Job).where(col(Job.id) == job_id, col(Job.status).in_(FINISHED)).values(**_DELETED))
            session.commit()
        return bool(done.rowcount)

    # Run

    def claimable(self, now: datetime) -> bool:
        """Whether there is a job to run."""
        with Session(self._reader) as session:
            return session.exec(select(Job.id).where(_is_claimable(now)).limit(1)).first() is not None

    def claim(self, runner: str, now: datetime, lease_until: datetime) -> Job | None:
        """Take the job that has waited the longest, if there is one and nobody else is faster."""
        oldest = select(Job).where(_is_claimable(now)).order_by(col(Job.created_at), col(Job.id)).limit(1)
        oldest = oldest.with_for_update(skip_locked=True)  # another is taking it, or still writes: look at the next
        with Session(self._store, expire_on_commit=False) as session:
            job = session.exec(oldest).first()
            if job is None:
                return None
            taken = session.exec(
                update(Job)
                .where(col(Job.id) == job.id, col(Job.attempt) == job.attempt, _is_claimable(now))
                .values(
                    status="running",
                    attempt=Job.attempt + 1,
                    deaths=Job.deaths + case((col(Job.status) == "running", 1), else_=0),
                    runner=runner,
                    lease_until=lease_until,
                    started_at=job.started_at or now,
                    **_FROM_THE_START,
                )
                .execution_options(synchronize_session=False)
            )
            session.commit()
            if not taken.rowcount:
                return None
            session.refresh(job)
            return job

    def input_piece(self, claim: Claim, number: int) -> bytes:
        """A piece of the roll. Raises: Lost, if it has been removed."""
        with Session(self._reader) as session:
            piece = session.get(JobInput, (claim.id, number))
        if piece is None:
            raise Lost
        return piece.data

    def renew(self, claim: Claim, bytes_read: int, rows: int, lease_until: datetime) -> None:
        """Say how far an attempt has come, and that it goes on. Raises: Lost."""
        with Session(self._store) as session:
            values = {"bytes_read": bytes_read, "rows_done": rows, "lease_until": lease_until}
            self._change(session, _of(claim), values)
            session.commit()

    def write(self, claim: Claim, number: int, data: bytes, bytes_read: int, rows: int) -> None:
        """Keep a piece of the answer, and say how far it has come. Raises: Lost."""
        with Session(self._store) as session:
            values = {"result_size": Job.result_size + len(data), "result_pieces": number + 1}
            values |= {"bytes_read": bytes_read, "rows_done": rows}
            self._change(session, _of(claim), values)
            session.add(JobOutput(job_id=claim.id, attempt=claim.attempt, number=number, data=data))
            session.commit()

    def succeed(self, claim: Claim, summary: str, rows: int, now: datetime, expires_at: datetime) -> None:
        """The answer is complete. Raises: Lost."""
        self._finish(claim, "succeeded", now, expires_at, summary=summary, rows_done=rows, bytes_read=Job.size)

    def fail(self, claim: Claim, code: str, detail: str, now: datetime, expires_at: datetime) -> None:
        """There is no answer, and why. Raises: Lost."""
        self._finish(claim, "failed", now, expires_at, problem_code=code, problem_detail=detail)

    def _finish(self, claim: Claim, status: str, now: datetime, expires_at: datetime, **values: Any) -> None:
        ended = {"status": status, "finished_at": now, "expires_at": expires_at, "runner": None, "lease_until": None}
        with Session(self._store) as session:
            self._change(session, _of(claim), ended | values)
            session.commit()

    def give_back(self, runner: str) -> None:
        """Whatever a runner has claimed waits again, for anybody."""
        with Session(self._store) as session:
            mine = (col(Job.runner) == runner, col(Job.status) == "running")
            session.exec(update(Job).where(*mine).values(**_GIVEN_BACK))
            session.commit()

    def died(self, claim: Claim) -> None:
        """An attempt has gone wrong for no reason of the roll's: the job waits again."""
        with Session(self._store) as session:
            session.exec(update(Job).where(*_of(claim)).values(deaths=Job.deaths + 1, **_GIVEN_BACK))
            session.commit()

    def _change(self, session: Session, of: Sequence[Any], values: dict[str, Any]) -> None:
        if not session.exec(update(Job).where(*of).values(**values)).rowcount:
            raise Lost

    # Cleared away

    def expire(self, now: datetime) -> None:
        """Let go of what has expired, and of rolls that stopped coming with their process."""
        over = or_(
            col(Job.status).in_(FINISHED) & (col(Job.expires_at) <= now),
            (col(Job.status) == "receiving") & (col(Job.lease_until) <= now),
        )
        with Session(self._reader) as session:
            if session.exec(select(Job.id).where(over).limit(1)).first() is None:
                return
        with Session(self._store) as session:
            session.exec(update(Job).where(over).values(**_DELETED))
            session.commit()

    def clear(self, most: int) -> bool:
        """Remove some pieces that nobody needs, at most so many, or the jobs that have none left; whether any were."""
        finished = select(JobInput.job_id, JobInput.number).join(Job).where(col(Job.status).in_((*FINISHED, "deleted")))
        stale = (
            select(JobOutput.job_id, JobOutput.attempt, JobOutput.number)
            .join(Job)
            .where(or_(col(Job.status).not_in(("running", "succeeded")), col(JobOutput.attempt) != col(Job.attempt)))
        )
        pieces: tuple[tuple[type[SQLModel], Any], ...] = ((JobInput, finished), (JobOutput, stale))
        for model, unneeded in pieces:
            with Session(self._reader) as session:
                keys = session.exec(unneeded.limit(most)).all()
            if keys:
                with Session(self._store) as session:
                    for key in sorted(map(tuple, keys)):  # two who remove the same wait for each other in one order
                        _remove(session, model, key)
                    session.commit()
                return True
        with Session(self._reader) as session:
            gone = session.exec(select(Job.id).where(col(Job.status) == "deleted").limit(most)).all()
        if gone:
            with Session(self._store) as session:
                for job_id in sorted(gone):
                    _remove(session, Job, (job_id,))
                session.commit()
        return bool(gone)

    def counts(self) -> dict[str, int]:
        """How many jobs there are of each status."""
        with Session(self._reader) as session:
            return dict(session.exec(select(Job.status, func.count()).group_by(Job.status)).all())


_FROM_THE_START: dict[str, Any] = {"bytes_read": 0, "rows_done": 0, "result_size": 0, "result_pieces": 0}
_GIVEN_BACK: dict[str, Any] = {"status": "queued", "runner": None, "lease_until": None, **_FROM_THE_START}
_DELETED: dict[str, Any] = {"status": "deleted", "idempotency_key": None, "runner": None, "lease_until": None}


def _remove(session: Session, model: type[SQLModel], key: tuple[Any, ...]) -> None:
    table: Any = model.__table__  # type: ignore[attr-defined]
    columns = table.primary_key.columns
    session.exec(table.delete().where(*(column == part for column, part in zip(columns, key, strict=True))))


def _of(claim: Claim) -> tuple[Any, ...]:
    return col(Job.id) == claim.id, col(Job.attempt) == claim.attempt, col(Job.status) == "running"


def _is_claimable(now: datetime) -> Any:
    return or_(col(Job.status) == "queued", (col(Job.status) == "running") & (col(Job.lease_until) <= now))


def _is_there(job: Job, now: datetime) -> bool:
    is_over = job.expires_at is not None and job.expires_at <= now
    return job.status not in {"receiving", "deleted"} and not is_over
