"""Settings, from `RIELQUOTE_*` environment variables."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What may differ between deployments; every setting has a sane default.

    Attributes:
        database_url: SQLAlchemy URL of the store; by default a SQLite file in the working directory.
        max_body_bytes: the largest request body that is read.
        max_header_bytes: the largest request head (request line and headers) that is read.
        header_seconds: how long a client may take to send a request's head.
        body_seconds: how long a client may take to send a request's body.
        idle_seconds: how long a connection may stay open between requests.
        max_connections: connections open at once; more are refused.
        max_concurrency: requests worked on at once; more are shed with 503. Probes are always answered.
        shutdown_seconds: how long accepted requests may take to finish after SIGTERM.
        cors_origins: origins of browser applications that may call, separated by commas; `*` for any.
        log_level: least severe level that is logged.
        access_log: whether every request is logged (never its body or query).
        otel: whether requests are traced by OpenTelemetry; needs the extra `otel`.
    """

    model_config = SettingsConfigDict(env_prefix="RIELQUOTE_", frozen=True)

    database_url: str = "sqlite:///rielquote.db"
    max_body_bytes: int = Field(default=65_536, ge=1_024)
    max_header_bytes: int = Field(default=16_384, ge=1_024)
    header_seconds: float = Field(default=10, gt=0)
    body_seconds: float = Field(default=10, gt=0)
    idle_seconds: int = Field(default=15, ge=1)
    max_connections: int = Field(default=1_000, ge=1)
    max_concurrency: int = Field(default=200, ge=1)
    shutdown_seconds: int = Field(default=20, ge=1)
    cors_origins: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    access_log: bool = False
    otel: bool = False
