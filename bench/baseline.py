"""The yardstick: a bare Starlette route that validates the same bodies with the same pydantic model and dumps the very
answers that rielquote gives. It resolves nothing, prices nothing and explains nothing.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.mba.quotes import QUOTES
from api.requests import body_model

ANSWERS = "RIELQUOTE_BENCH_ANSWERS"


def bare_starlette(answers: Mapping[bytes, Any]) -> Starlette:
    """The baseline.

    Args:
        answers: parsed answer by request body.
    """
    model: type[BaseModel] = body_model(QUOTES.request, QUOTES.roles)
    validate = model.__pydantic_validator__.validate_json

    async def quote(request: Request) -> Response:
        body = await request.body()
        validate(body)
        return Response(orjson.dumps(answers[body]), media_type="application/json")

    return Starlette(routes=[Route(QUOTES.path, quote, methods=["POST"])])


def from_environment() -> Starlette:
    """The baseline for uvicorn: answers from the file that the environment names."""
    pairs = orjson.loads(Path(os.environ[ANSWERS]).read_bytes())
    return bare_starlette({body.encode(): answer for body, answer in pairs})
