"""`/v1/jobs/{id}`: how far a job has come, its answer, its end."""

from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.authentication import KEY_PREFIX
from api.http import JSON, accepted
from api.openapi import header_reference, problems
from api.problems import Problem
from api.reading import NO_STORE, no_query, response
from api.roll.contract import RollAnswer
from api.roll.forms import OUTPUTS, Form
from api.roll.job_contract import EXAMPLE, JOBS, JobAnswer, described, media_type, retry
from api.roll.jobs import now
from api.settings import Settings
from api.state import IS_HEAD, running
from tables.jobs import Claim, Job, Jobs

# The pattern is said to clients and not checked: what has no such id is not found, whatever its form.
JobId = Annotated[
    str,
    Path(
        alias="id",
        description="A job's id, from `Location`.",
        json_schema_extra={"pattern": "^j_[0-9a-f]{32}$"},
        examples=[EXAMPLE["id"]],
    ),
]
_SHOWN: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"application/json": {"example": EXAMPLE}},
        "headers": {"Retry-After": header_reference("Retry-After-While-Going")},
    }
}
_FORMS: dict[int | str, dict[str, Any]] = {
    200: {"content": {form.value: {"schema": {"type": "string"}} for form in OUTPUTS if form is not Form.JSON}}
}


def job_router(settings: Settings) -> APIRouter:
    """The routes. Args: how long what has been cancelled is still shown."""
    router = APIRouter(tags=["jobs"], dependencies=[Depends(no_query)])

    @router.get(
        JOBS + "/{id}",
        operation_id="getJob",
        summary="How far a job has come",
        response_model=JobAnswer,
        responses=_SHOWN | problems(404, 422),
    )
    async def get_job(request: Request, job_id: JobId) -> Response:
        """Status and progress of a job; when it has ended, its summary or its problem."""
        job = await _found(request, job_id)
        accepted(request.scope, (JSON,))
        headers = [(b"cache-control", NO_STORE.encode()), *retry(job)]
        return response(HTTPStatus.OK, JSON, orjson.dumps(described(job)), headers)

    @router.get(
        JOBS + "/{id}/result",
        operation_id="getJobResult",
        summary="A job's answer",
        response_model=RollAnswer,
        responses=_FORMS | problems(404, 409, 422),
    )
    async def get_result(request: Request, job_id: JobId) -> Response:
        """The bytes that the roll would have been answered with, in the form that was asked with the roll."""
        job = await _found(request, job_id)
        if job.status == "cancelled":
            raise Problem("not_found", "The job was cancelled, so it has no answer.")
        if job.status == "failed":
            raise Problem("job_failed", f"The job has failed: {job.problem_detail}")
        if job.status != "succeeded":
            raise Problem("job_not_finished", "The job has no answer yet. Ask the job how far it has come.")
        form = accepted(request.scope, (media_type(job),))
        headers = {
            "content-type": form.decode(),
            "content-length": str(job.result_size),
            "cache-control": NO_STORE,
        }
        if request.scope.get(IS_HEAD):
            return Response(headers=headers)
        return StreamingResponse(_pieces(running(request).jobs, job), headers=headers)

    @router.delete(
        JOBS + "/{id}",
        operation_id="deleteJob",
        summary="Cancel or remove a job",
        status_code=HTTPStatus.NO_CONTENT,
        response_description="It is stopped, or removed.",
        response_class=Response,
        responses=problems(404, 422),
    )
    async def delete_job(request: Request, job_id: JobId) -> Response:
        """Stops a job that has not ended, and removes one that has; either way roll and answer are removed."""
        job = await _found(request, job_id)
        state = running(request)
        expires_at = now() + timedelta(seconds=settings.job_keep_seconds)
        if await run_in_threadpool(state.jobs.cancel, job.id, now(), expires_at):
            state.metrics.job_event("cancelled")
        state.jobs_changed()
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"cache-control": NO_STORE})

    return router


async def _found(request: Request, job_id: str) -> Job:
    """A job that the request may see: one that no key has made, or its own. Raises: Problem (`not_found`)."""
    job = await run_in_threadpool(running(request).jobs.find, job_id, now())
    if job is None or job.owner not in {"", request.scope.get(KEY_PREFIX)}:
        raise Problem("not_found", "There is no such job: it never was, has expired, was removed, or is another's.")
    return job


async def _pieces(jobs: Jobs, job: Job) -> AsyncIterator[bytes]:
    """A job's answer. Raises: Lost, if it goes meanwhile, so that the client sees its answer cut off."""
    for number in range(job.result_pieces):
        yield await run_in_threadpool(jobs.result_piece, Claim(job.id, job.attempt), number)
