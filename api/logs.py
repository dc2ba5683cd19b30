"""Structured logs: one JSON object a line on standard error. No body, query or header value is ever logged."""

import logging
import sys
import traceback
from typing import Any

import structlog

log: Any = structlog.get_logger("rielquote")


def configure_logging(level: str) -> None:
    """JSON lines for our own events and for the server's."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_values,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.getLogger("alembic").setLevel(logging.WARNING)


def where(error: BaseException) -> dict[str, str]:
    """What to log of an unexpected error: its type and its place, never its message, which may hold input."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "unknown"
    return {"error": type(error).__name__, "place": place}


def _without_values(_logger: Any, _name: str, event: Any) -> Any:
    """Replace a traceback that a library logs by the error's type and place."""
    information = event.pop("exc_info", None)
    if information:
        error = information[1] if isinstance(information, tuple) else sys.exc_info()[1]
        if error is not None:
            event |= where(error)
    return event
