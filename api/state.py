"""The running application's state: the engine of the current snapshot."""

from fastapi import FastAPI

from api.engine import Engine
from api.problems import Problem


def engine_or_none(app: FastAPI) -> Engine | None:
    """The current engine, or None before the first snapshot."""
    return getattr(app.state, "engine", None)


def engine_of(app: FastAPI) -> Engine:
    """The current engine. Raises: Problem (`not_ready`)."""
    engine = engine_or_none(app)
    if engine is None:
        raise Problem("not_ready", "The service is starting. Try again shortly.", headers=[(b"retry-after", b"1")])
    return engine
