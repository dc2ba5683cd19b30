"""Nothing that a caller sends reaches logs, metrics, traces or errors: a canary planted everywhere never comes out."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.application import create_app
from api.cli import main
from api.edge import Edge
from api.logs import configure_logging
from api.settings import Settings
from api.tracing import server_spans

CANARY = "kanary7413"

HOSTILE: list[tuple[str, str, bytes]] = [
    ("POST", "/v1/mba/quotes", orjson.dumps({"package": CANARY, "plan_type": "single"})),
    ("POST", "/v1/mba/quotes", orjson.dumps({CANARY: 1, "package": "A", "plan_type": "single"})),
    ("POST", "/v1/mba/quotes", orjson.dumps({"package": "A", "household": [{"relation": CANARY, CANARY: CANARY}]})),
    ("POST", "/v1/mba/quotes", orjson.dumps({"package": "A", "plan_type": "single", "tables": {CANARY: "x"}})),
    ("POST", "/v1/mba/quotes", orjson.dumps({"package": "A", "plan_type": "single", "tables": {"packages": CANARY}})),
    (
        "POST",
        "/v1/mba/quotes",
        orjson.dumps({"package": "A", "plan_type": "single", "overrides": {"packages": {CANARY: {CANARY: None}}}}),
    ),
    (
        "POST",
        "/v1/mba/quotes",
        orjson.dumps({"package": "A", "plan_type": "single", "overrides": {"packages": {"ages": {CANARY: CANARY}}}}),
    ),
    ("POST", "/v1/mba/quotes", b'{"' + CANARY.encode() + b'":1,"' + CANARY.encode() + b'":2}'),
    ("POST", "/v1/mba/quotes", CANARY.encode()),
    ("POST", "/v1/mba/premiums", orjson.dumps({"age": CANARY, "natural_death_benefit": CANARY})),
    ("GET", f"/v1/mba/rate-card?{CANARY}={CANARY}", b""),
    ("GET", f"/v1/mba/rate-card?table={CANARY}", b""),
    ("GET", f"/v1/mba/packages?packages={CANARY}", b""),
    ("GET", f"/v1/tables?{CANARY}", b""),
    ("GET", f"/nothing?{CANARY}={CANARY}", b""),
]


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, as the entry point configures it, down to debug."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure_logging("debug")
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the client's own log is not the service's
    stream = io.StringIO()
    for handler in root.handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(stream)
    yield stream
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_a_planted_canary_never_comes_out(tmp_path: Path, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'store.db'}", access_log=True)
    app = create_app(settings)
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    app.edge = Edge(app.dispatch, settings, app.state.running.metrics, server_spans(provider))
    with TestClient(app, raise_server_exceptions=False) as client:
        answers = [_send(client, *request) for request in HOSTILE]

        def broken(*_: object, **__: object) -> None:
            raise ValueError(CANARY)

        monkeypatch.setattr("api.mba.quotes.plan_premium", broken)
        fault = _send(client, "POST", "/v1/mba/quotes", orjson.dumps({"package": "A", "plan_type": "couple"}))
        monkeypatch.setattr("api.tables._table", broken)
        fault_elsewhere = _send(client, "GET", "/v1/tables", b"")
        metrics = client.get("/metrics").content
    assert [status for status, _ in answers].count(200) == 1  # a query that /v1/tables has no use for
    assert fault[0] == fault_elsewhere[0] == 500
    assert all(orjson.loads(content)["code"] == "internal_error" for _, content in (fault, fault_elsewhere))
    assert all(CANARY.encode() not in content for _, content in [*answers, fault, fault_elsewhere])
    log = logged.getvalue()
    assert log.count('"event": "request failed"') == 2
    assert "ValueError" in log
    assert len(log.splitlines()) > len(HOSTILE)
    assert CANARY not in log
    assert CANARY.encode() not in metrics
    exported = spans.get_finished_spans()
    assert len(exported) == len(HOSTILE) + 3
    assert all(CANARY not in span.to_json() for span in exported)


def _send(client: TestClient, method: str, path: str, body: bytes) -> tuple[int, bytes]:
    headers = {"content-type": "application/json", "x-canary": CANARY}
    answer = client.request(method, path, content=body, headers=headers)
    return answer.status_code, answer.content


def test_the_password_of_the_store_is_not_shown_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIELQUOTE_DATABASE_URL", f"postgresql://rielquote:{CANARY}@127.0.0.1:1/rielquote")
    monkeypatch.setattr("api.cli.serve_until_stopped", lambda *_: None)
    shown = CliRunner().invoke(main, ["serve"])
    assert shown.exit_code == 0
    assert "postgresql://rielquote:***@127.0.0.1:1/rielquote" in shown.output
    assert CANARY not in shown.output
