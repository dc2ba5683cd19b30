"""`/livez` and `/readyz`: whether the process runs, and whether it has tables to answer from."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.answers import Part
from api.openapi import problems
from api.reading import answer
from api.state import engine_of

router = APIRouter(tags=["operations"])


class Live(Part):
    """The process runs."""

    status: str


class Ready(Part):
    """The service answers, from this many tables."""

    status: str
    tables: int


@router.get("/livez", operation_id="getLiveness", summary="Is the process alive?", response_model=Live)
def livez(request: Request) -> Response:
    """Says that the process runs; touches nothing else."""
    return answer(request, {"status": "alive"}, cache="no-store")


@router.get(
    "/readyz",
    operation_id="getReadiness",
    summary="Does the service answer?",
    response_model=Ready,
    responses=problems(503),
)
def readyz(request: Request) -> Response:
    """Says whether there are tables to answer from."""
    snapshot = engine_of(request.app).snapshot
    return answer(request, {"status": "ready", "tables": len(snapshot.tables)}, cache="no-store")
