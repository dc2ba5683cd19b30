"""Optional OpenTelemetry: one server span a request, by route template, without query or body. Off by default."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from starlette.types import Scope

from api.edge import route_template


class TracingNotInstalled(Exception):
    """Tracing is switched on, but its packages are not installed."""

    def __str__(self) -> str:
        return "RIELQUOTE_OTEL is on, but OpenTelemetry is not installed: install rielquote[otel], or switch it off."


def server_spans(provider: Any = None) -> Callable[[Scope], AbstractContextManager[Any]]:
    """A span around each request, child of the caller's where it sends `traceparent`.

    Args:
        provider: a tracer provider; by default one that exports by OTLP as the `OTEL_*` variables say.
    Raises: TracingNotInstalled.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 (optional)
        from opentelemetry.propagate import extract  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415
    except ImportError as error:
        raise TracingNotInstalled from error
    if provider is None:
        provider = TracerProvider()
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    tracer = provider.get_tracer("rielquote")

    @contextmanager
    def span(scope: Scope) -> Iterator[None]:
        carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        with tracer.start_as_current_span(
            scope["method"],
            context=extract(carrier),
            kind=SpanKind.SERVER,
            record_exception=False,  # an error's message may hold input
            set_status_on_exception=False,
        ) as current:
            try:
                yield
            except Exception:
                current.set_status(StatusCode.ERROR)
                raise
            finally:
                route = route_template(scope)
                current.update_name(f"{scope['method']} {route}")
                current.set_attribute("http.request.method", scope["method"])
                current.set_attribute("http.route", route)

    return span
