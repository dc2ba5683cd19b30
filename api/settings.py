"""Settings, from `RIELQUOTE_*` environment variables."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What may differ between deployments; every setting has a sane default.

    Attributes:
        database_url: URL of the store, `sqlite:///…` or `postgresql://…`; by default a SQLite file in the working
            directory.
        max_body_bytes: the largest request body that is read.
        max_header_bytes: the largest request head (request line and headers) that is read.
        header_seconds: how long a client may take to send a request's head.
        body_seconds: how long a client may take to send a request's body.
        idle_seconds: how long a connection may stay open between requests.
        max_connections: connections open at once; more are refused.
        max_concurrency: requests worked on at once; more are shed with 503. Probes are always answered.
        heavy_workers: processes for long calculations; each is started when it is first needed.
        heavy_queue: long calculations that may wait for one of them; more are shed with 503.
        heavy_seconds: how long a long calculation may take, its waiting included.
        heavy_worker_bytes: memory that each of those processes may take.
        roll_max_bytes, roll_max_rows: the largest roll that is priced in one request.
        roll_bytes_per_second: how slowly a roll may come; `body_seconds` is how long it may stop coming.
        roll_workers: processes that price rolls, each one at a time; the first is started soon, others when needed.
        roll_wait_seconds: how long a roll waits for such a process before it is shed with 503.
        roll_worker_bytes: memory that each of them may take.
        roll_memory_bytes: how much of a roll's answer waits in memory for a client that does not read it yet.
        roll_spool_bytes: how much of it waits at all, beyond that in a temporary file.
        job_min_bytes: the smallest roll that becomes a job for who prefers that; a smaller one is answered at once.
        job_keep_seconds: how long a job that has ended is kept, with its answer.
        job_lease_seconds: how long a job waits for the process that runs it to show itself, before another may run it.
        job_max_waiting: jobs in the store that have not ended; more are shed with 503.
        job_max_stored_bytes: bytes of rolls and answers in the store; while there are more, new jobs are shed with 503.
        shutdown_seconds: how long accepted requests may take to finish after SIGTERM.
        require_key: whether everything under `/v1/` needs an API key.
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
    heavy_workers: int = Field(default=1, ge=1)
    heavy_queue: int = Field(default=8, ge=0)
    heavy_seconds: float = Field(default=15, gt=0)
    heavy_worker_bytes: int = Field(default=1_073_741_824, ge=268_435_456)
    roll_max_bytes: int = Field(default=1_073_741_824, ge=1_024)
    roll_max_rows: int = Field(default=10_000_000, ge=1)
    roll_bytes_per_second: int = Field(default=1_000, ge=1)
    roll_workers: int = Field(default=2, ge=1)
    roll_wait_seconds: float = Field(default=10, gt=0)
    roll_worker_bytes: int = Field(default=2_147_483_648, ge=268_435_456)
    roll_memory_bytes: int = Field(default=4_194_304, ge=0)
    roll_spool_bytes: int = Field(default=4_294_967_296, ge=0)
    job_min_bytes: int = Field(default=1_048_576, ge=1)
    job_keep_seconds: int = Field(default=86_400, ge=1)
    job_lease_seconds: int = Field(default=30, ge=1)
    job_max_waiting: int = Field(default=20, ge=1)
    job_max_stored_bytes: int = Field(default=536_870_912, ge=1)
    shutdown_seconds: int = Field(default=20, ge=1)
    require_key: bool = False
    cors_origins: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    access_log: bool = False
    otel: bool = False
