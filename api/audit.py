"""`GET /v1/audit`: who has changed what, and when."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.answers import Absent, InstantText, Part, Sha256
from api.engine import instant_text
from api.keyed import Keyed
from api.reading import NO_STORE, answer
from api.state import running
from tables import audit
from tables.models import AuditRecord
from tables.names import MAX_NAME, NAME_PATTERN

MOST = 200
_DIGITS = re.compile("[1-9][0-9]{0,8}")


def _number(value: Any) -> Any:
    if isinstance(value, int):
        return value
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    raise PydanticCustomError("number", "must be a whole number from 1, in digits")


class AuditQuery(BaseModel):
    """Which records."""

    model_config = ConfigDict(extra="forbid")

    before: Annotated[
        int | None,
        BeforeValidator(_number),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 999_999_999, "examples": [7]}),
    ] = Field(default=None, description="Only records with smaller numbers: `next` of the page before.")
    limit: Annotated[
        int,
        BeforeValidator(_number),
        Field(ge=1, le=MOST),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST, "examples": [2]}),
    ] = Field(default=50, description="At most so many records.")
    table: Annotated[str, Field(pattern=f"^{NAME_PATTERN}$", max_length=MAX_NAME)] | None = Field(
        default=None, description="Only records of this table.", examples=["mba-loadings"]
    )


class AuditEntry(Part):
    """Something that was done."""

    id: int = Field(description="Number of the record: 1, 2, 3 and so on, without a gap.")
    at: InstantText = Field(
        description="Instant at which it was done, in UTC; of what ships with the service, published."
    )
    operation: audit.Operation = Field(description="What was done.")
    version: str | Absent = Field(default=None, description="Name of the version that it was done to.")
    subject_key: str | Absent = Field(default=None, description="Prefix of the API key that it was done to.")
    key: str | Absent = Field(default=None, description="Prefix of the API key by which it was done.")
    owner: str = Field(description="Who has that key, or who published what ships with the service.")
    role: str = Field(
        description="Role of that key; `operator` on the command line, `release` of what ships with the service."
    )
    before_sha256: Sha256 | Absent = Field(default=None, description="SHA-256 of the content before.")
    after_sha256: Sha256 | Absent = Field(default=None, description="SHA-256 of the content after.")
    request_id: str | Absent = Field(default=None, description="Id of the request, as the service's log has it.")
    reason: str | Absent = Field(
        default=None,
        description="Why, in the words of who did it; of a key that was made, its role, its owner and its last day.",
    )


class AuditAnswer(Part):
    """Records, newest first."""

    records: list[AuditEntry] = Field(description="The records, newest first.")
    next: int | Absent = Field(
        default=None, description="A record's number, to be sent as `before` for the next page; only if there is one."
    )


async def _list(request: Request, asked: AuditQuery) -> Response:
    store = running(request).store
    found = await run_in_threadpool(audit.page, store, asked.before, asked.limit + 1, asked.table)
    return answer(request, shown_page(found, asked.limit), cache=NO_STORE)


def shown_page(found: Sequence[AuditRecord], limit: int) -> dict[str, Any]:
    """A page of records. Args: one more than the page has, if there is one; how many the page has."""
    shown: dict[str, Any] = {"records": [_entry(each) for each in found[:limit]]}
    if len(found) > limit:
        shown["next"] = found[limit - 1].id
    return shown


def _entry(record: AuditRecord) -> dict[str, Any]:
    name = None if record.table_name is None else f"{record.table_name}@{record.number}"
    entry = {
        "id": record.id,
        "at": instant_text(record.at),
        "operation": record.operation,
        "version": name,
        "subject_key": record.subject_key,
        "key": record.key_prefix,
        "owner": record.owner,
        "role": record.role,
        "before_sha256": record.before_sha256,
        "after_sha256": record.after_sha256,
        "request_id": record.request_id,
        "reason": record.reason,
    }
    return {name: value for name, value in entry.items() if value is not None}


def _asked(query: Annotated[AuditQuery, Query()]) -> None:
    raise NotImplementedError


AUDIT = Keyed(
    "GET",
    "/v1/audit",
    "listAudit",
    "The audit record",
    "Every write to tables and keys, newest first. The record is only ever added to, in the transaction of the write.",
    "audit",
    ("admin",),
    _list,
    _asked,
    query=AuditQuery,
    answer=AuditAnswer,
    statuses=(403, 422),
)
