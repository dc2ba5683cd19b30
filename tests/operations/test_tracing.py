"""Traces are off by default; on, a request is one span under the caller's, named by its route template."""

from pathlib import Path

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

from api.application import create_app
from api.edge import Edge
from api.settings import Settings
from api.tracing import server_spans

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_request_is_a_span_under_its_caller(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'store.db'}")
    app = create_app(settings)
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    app.edge = Edge(app.dispatch, settings, app.state.running.metrics, server_spans(provider))
    with TestClient(app) as client:
        client.get("/v1/tables/mba-packages", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
    (span,) = spans.get_finished_spans()
    assert span.name == "GET /v1/tables/{name}"
    assert f"{span.context.trace_id:x}" == TRACE
    assert dict(span.attributes or {}) == {"http.request.method": "GET", "http.route": "/v1/tables/{name}"}


def test_tracing_is_off_by_default_and_on_by_setting() -> None:
    assert create_app(Settings()).edge._span is None
    assert create_app(Settings(otel=True)).edge._span is not None
