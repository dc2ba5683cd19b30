"""What the contract says of jobs, and how a job is shown."""

from typing import Any, Literal

import orjson
from pydantic import Field

from api.answers import Absent, InstantText, Part
from api.engine import instant_text
from api.http import JSON, Headers
from api.openapi import ProblemDetails, header_reference
from api.problems import Problem
from api.roll.contract import RollSummary
from api.roll.forms import Form
from tables.jobs import FINISHED, MAX_KEY, Job

JOBS = "/v1/jobs"
KEY_PATTERN = rf"[!-~]{{1,{MAX_KEY}}}"
RETRY: Headers = [(b"retry-after", b"1")]
_ROLL = "/v1/mba/quotes/batch"

JobStatus = Literal["queued", "running", "succeeded", "failed", "cancelled"]


class JobLinks(Part):
    """Where to go from here."""

    self: str = Field(description="Address of the job.")
    result: str | Absent = Field(default=None, description="Address of its answer; only where there is one.")


class JobAnswer(Part):
    """A roll that is priced while nobody waits."""

    id: str = Field(
        description="The job's id. Whoever may ask and knows it can see the job.", pattern="^j_[0-9a-f]{32}$"
    )
    status: JobStatus = Field(
        description=(
            "Where it stands. `queued`: it waits. `running`: it is being priced. `succeeded`: the answer can be "
            "fetched. `failed`: there is no answer, and `problem` says why. `cancelled`: it was stopped."
        )
    )
    progress_percent: int = Field(
        description="How much of the roll has been read, as a whole number of percent; 100 when it has succeeded.",
        ge=0,
        le=100,
    )
    rows: int = Field(description="Number of rows answered so far.", ge=0)
    bytes: int = Field(description="Number of bytes of the roll.", ge=0)
    created_at: InstantText = Field(description="Instant at which the roll had come, in UTC.")
    started_at: InstantText | None = Field(description="Instant of the first attempt, in UTC; null: not yet.")
    finished_at: InstantText | None = Field(description="Instant at which it ended, in UTC; null: not yet.")
    expires_at: InstantText | None = Field(
        description="Instant in UTC from which nothing is left of it; null: it has not ended."
    )
    summary: RollSummary | Absent = Field(default=None, description="What the roll comes to; only where it succeeded.")
    problem: ProblemDetails | Absent = Field(default=None, description="Why there is no answer; only where it failed.")
    links: JobLinks = Field(description="Addresses of the job and of its answer.")


EXAMPLE: dict[str, Any] = {
    "id": "j_0b6c3f0e7d2a4c5b9e8f1a2b3c4d5e6f",
    "status": "failed",
    "progress_percent": 0,
    "rows": 0,
    "bytes": 41800000,
    "created_at": "2026-12-01T02:00:00Z",
    "started_at": "2026-12-01T02:00:01Z",
    "finished_at": "2026-12-01T02:00:02Z",
    "expires_at": "2026-12-02T02:00:02Z",
    "problem": orjson.loads(Problem("malformed_arrow", "The body is no Arrow IPC stream as it should be.").body(_ROLL)),
    "links": {"self": f"{JOBS}/j_0b6c3f0e7d2a4c5b9e8f1a2b3c4d5e6f"},
}
"""A failed one, for it has no null, which FastAPI would leave out of the document."""

_HEADERS = [
    {
        "name": "Prefer",
        "in": "header",
        "description": (
            "`respond-async` (RFC 7240): answer 202 with a job when the roll is here. It is followed where the roll is "
            "long enough; other preferences are passed over."
        ),
        "schema": {"type": "string", "examples": ["respond-async"]},
    },
    {
        "name": "Idempotency-Key",
        "in": "header",
        "description": (
            "A text of your choice that nobody guesses, such as a UUID. The same request with the same key is the same "
            "job, as long as the job is kept."
        ),
        "schema": {
            "type": "string",
            "pattern": f"^{KEY_PATTERN}$",
            "examples": ["9d2f7c1e-5b0a-4a3e-8f6d-0c1b2a394857"],
        },
    },
]


def with_jobs(operation: dict[str, Any]) -> dict[str, Any]:
    """What describes an operation, and that it may be answered with a job."""
    headers = {
        "Location": header_reference("Location"),
        "Preference-Applied": header_reference("Preference-Applied"),
        "Retry-After": header_reference("Retry-After-While-Going"),
    }
    taken = {202: {"model": JobAnswer, "headers": headers}}
    extra = operation["openapi_extra"] | {"parameters": _HEADERS}
    return operation | {"responses": operation["responses"] | taken, "openapi_extra": extra}


def described(job: Job) -> dict[str, Any]:
    """A job as it is shown."""
    answer: dict[str, Any] = {
        "id": job.id,
        "status": job.status,
        "progress_percent": percent(job),
        "rows": job.rows_done,
        "bytes": job.size,
        "created_at": instant_text(job.created_at),
    }
    for name in ("started_at", "finished_at", "expires_at"):
        instant = getattr(job, name)
        answer[name] = instant and instant_text(instant)
    links = {"self": f"{JOBS}/{job.id}"}
    if job.status == "succeeded" and job.summary is not None:
        answer["summary"] = orjson.Fragment(job.summary)
        links["result"] = f"{JOBS}/{job.id}/result"
    if job.status == "failed":
        answer["problem"] = orjson.Fragment(failure(job).body(_ROLL))
    return answer | {"links": links}


def percent(job: Job) -> int:
    """How far a job has come, in percent; it is complete only when it has succeeded."""
    if job.status == "succeeded":
        return 100
    return min(99, 100 * job.bytes_read // job.size) if job.size else 0


def failure(job: Job) -> Problem:
    """Why a job has no answer."""
    detail = job.problem_detail or ""
    return Problem(job.problem_code or "", detail, [("", detail)] if job.problem_code == "invalid_request" else ())


def media_type(job: Job) -> bytes:
    """The media type of a job's answer."""
    asked: Any = orjson.loads(job.asked)
    return JSON if asked["answer"] is None else Form(asked["answer"]).media_type


def retry(job: Job) -> Headers:
    """When to look again, while there is a reason to."""
    return [] if job.status in FINISHED else RETRY
