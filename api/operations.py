"""`/livez`, `/readyz`, `/metrics`, `/openapi.json`: for those who run the service and those who call it."""

from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from api import metrics
from api.answers import Part
from api.http import accepted
from api.openapi import problems
from api.reading import NO_STORE, answer, response
from api.state import running

router = APIRouter(tags=["operations"])


class Live(Part):
    """The process runs."""

    status: Literal["alive"] = Field(description="Always `alive`.")


class Ready(Part):
    """The service answers."""

    status: Literal["ready"] = Field(description="Always `ready`; a service that is not answers 503.")
    tables: int = Field(description="Number of tables that it answers from.")
    revision: int = Field(description="Number of the store's revision that they are of; it rises with every change.")
    snapshot_age_seconds: int = Field(
        description="Number of seconds since they were last seen to be as the store. Their age changes no answer."
    )


@router.get(
    "/livez",
    operation_id="getLiveness",
    summary="Is the process alive?",
    response_model=Live,
    responses=problems(),
)
async def livez(request: Request) -> Response:
    """Says that the process runs; touches nothing else."""
    return answer(request, {"status": "alive"}, cache=NO_STORE)


@router.get(
    "/readyz",
    operation_id="getReadiness",
    summary="Does the service answer?",
    response_model=Ready,
    responses=problems(),
)
async def readyz(request: Request) -> Response:
    """Says whether there are tables to answer from, and how old they are; a store that is gone changes neither."""
    state = running(request)
    snapshot = state.engine.snapshot
    facts = {"tables": len(snapshot.tables), "revision": snapshot.revision}
    age = int(state.metrics.snapshot_age or 0)
    return answer(request, {"status": "ready", **facts, "snapshot_age_seconds": age}, cache=NO_STORE)


@router.get("/metrics", include_in_schema=False)
async def get_metrics(request: Request) -> Response:
    """Prometheus metrics of this process."""
    media_type = accepted(request.scope, (metrics.MEDIA_TYPE,))
    headers = [(b"cache-control", NO_STORE.encode())]
    return response(HTTPStatus.OK, media_type, running(request).metrics.exposition(), headers)


@router.get("/openapi.json", include_in_schema=False)
def get_openapi(request: Request) -> Response:
    """The contract."""
    # In a thread, for the first answer is work: it prices the examples, and waits for them.
    return answer(request, request.app.openapi())
