"""More work than there is room for is shed at once; probes are always answered."""

import asyncio
from pathlib import Path
from typing import Any

from api.application import Application, create_app
from api.settings import Settings

BODY = b'{"package":"A","plan_type":"single","as_of":"2026-12-01"}'


def _scope(method: str, path: str) -> dict[str, Any]:
    headers = [(b"content-type", b"application/json")]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }


async def _call(
    app: Application, method: str, path: str, body: "asyncio.Future[bytes]"
) -> tuple[int, dict[bytes, bytes]]:
    answered: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": await body, "more_body": False}

    async def send(message: Any) -> None:
        answered.append(message)

    await app(_scope(method, path), receive, send)
    return answered[0]["status"], dict(answered[0]["headers"])


def test_over_the_limit_work_is_shed_while_probes_answer_and_then_all_is_well(tmp_path: Path) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'store.db'}", max_concurrency=2))

    async def scenario() -> None:
        async with app.router.lifespan_context(app):
            loop = asyncio.get_running_loop()
            slow: asyncio.Future[bytes] = loop.create_future()
            ready: asyncio.Future[bytes] = loop.create_future()
            ready.set_result(BODY)
            working = [asyncio.create_task(_call(app, "POST", "/v1/mba/quotes", slow)) for _ in range(2)]
            await asyncio.sleep(0)
            status, headers = await _call(app, "POST", "/v1/mba/quotes", ready)
            assert status == 503
            assert headers[b"retry-after"] == b"1"
            assert headers[b"content-type"] == b"application/problem+json"
            for probe in ("/livez", "/readyz", "/metrics"):
                assert (await _call(app, "GET", probe, ready))[0] == 200
            slow.set_result(BODY)
            assert [status for status, _ in await asyncio.gather(*working)] == [200, 200]
            assert (await _call(app, "POST", "/v1/mba/quotes", ready))[0] == 200
            assert app.state.running.metrics.shed == 1

    asyncio.run(scenario())
