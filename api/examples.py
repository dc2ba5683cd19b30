"""The answers that the contract shows: the service's own, from the shipped tables, to the requests that it shows."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import FastAPI
from sqlalchemy import Engine as Store
from sqlmodel import SQLModel
from starlette.types import Message, Scope

from api.engine import Engine
from tables.shipped import shipped_tables
from tables.store import load, open_store, seed

Document = dict[str, Any]
Lived = Callable[[Store], Mapping[str, tuple[Any, Any]]]


def is_keyed(operation: Document) -> bool:
    """Whether an operation always needs a key."""
    return bool(operation["security"]) and all(operation["security"])


def answer_examples(document: Document, app: FastAPI, lived: Lived) -> None:
    """Answer every example request of a document, and show the answer beside it.

    A request body has its examples by name; the examples of an operation's parameters make one request together.

    Args:
        document: an OpenAPI document; it gets the answers.
        app: an application of its own, not started.
        lived: carries out, in the store that the examples are answered from, what only keys may ask: by operation,
            what is sent, if anything is, and what comes back.
    """
    store = open_store("sqlite://")
    try:
        with store.begin() as connection:
            SQLModel.metadata.create_all(connection)  # no migrations: Alembic's are not for several threads
            seed(connection, shipped_tables())
        app.state.running.current = Engine(load(store))
        _show(document, lived(store))
    finally:
        store.dispose()
    asyncio.run(_answer(document, app))


def _show(document: Document, shown: Mapping[str, tuple[Any, Any]]) -> None:
    """Put examples of what only keys may ask into the document."""
    for methods in document["paths"].values():
        for operation in methods.values():
            if operation["operationId"] in shown:
                body, came = shown[operation["operationId"]]
                (answer,) = (
                    content
                    for status, each in operation["responses"].items()
                    if status.startswith("2")
                    for content in each["content"].values()
                )
                if body is None:
                    answer["example"] = came
                else:
                    asked = operation["requestBody"]["content"]["application/json"]
                    named = {"summary": operation["summary"]}
                    asked["examples"] = {"example": named | {"value": body}}
                    answer["examples"] = {"example": named | {"value": came}}


async def _answer(document: Document, app: FastAPI) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation["tags"] == ["jobs"] or is_keyed(operation):
                continue  # no job is there before a roll has come, and who has no key hears nothing
            await (_answer_bodies if method == "post" else _answer_parameters)(app, path, operation)


async def _answer_bodies(app: FastAPI, path: str, operation: Document) -> None:
    address = path.format(**dict(_parameters(operation, "path")))
    for name, shown in operation["requestBody"]["content"]["application/json"]["examples"].items():
        status, body = await _ask(app, "POST", address, body=orjson.dumps(shown["value"]))
        # A good answer may come in other forms too; its examples are shown as JSON.
        contents = operation["responses"][str(status)]["content"]
        content = contents.get("application/json") or contents["application/problem+json"]
        answer = {"summary": shown["summary"], "value": orjson.loads(body)}
        content.setdefault("examples", {})[name] = answer


async def _answer_parameters(app: FastAPI, path: str, operation: Document) -> None:
    examples = {name: dict(_parameters(operation, name)) for name in ("path", "query")}
    address = path.format(**examples["path"])
    for media_type, content in operation["responses"]["200"]["content"].items():
        _, body = await _ask(app, "GET", address, examples["query"], media_type)
        content["example"] = body.decode() if media_type == "text/csv" else orjson.loads(body)


def _parameters(operation: Document, where: str) -> Iterator[tuple[str, Any]]:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == where:
            yield parameter["name"], parameter["example"]


async def _ask(
    app: FastAPI,
    method: str,
    path: str,
    query: Mapping[str, str] | None = None,
    accept: str = "*/*",
    body: bytes = b"",
) -> tuple[int, bytes]:
    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": urlencode(query or {}).encode(),
        "headers": [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"accept", accept.encode()),
        ],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)
