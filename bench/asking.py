"""One request to an application, in process."""

from typing import Any

from starlette.types import ASGIApp


def sent(app: ASGIApp, path: str, body: bytes) -> list[Any]:
    """The messages that an application sends to a POST of JSON; without an event loop, for the body is there at once.

    Raises: RuntimeError, if the application waits for anything.
    """
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
    }

    async def asked() -> None:
        await app(scope, receive, send)

    try:
        asked().send(None)
    except StopIteration:
        return messages
    raise RuntimeError("the application waits for something")
