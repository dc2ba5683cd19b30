"""What the contract says of changes to tables: what is sent, what comes back, and an example of each."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from api.answers import InstantText, Part
from api.engine import instant_text
from api.requests import Date
from api.roll.job_contract import KEY_PATTERN
from api.tables import VersionSummary
from tables.kinds import KINDS
from tables.lifecycle import Stored

MAX_REASON = 500
_MAX_PROVENANCE = 50
_LINE = r"^[^\u0000-\u001F\u007F]*[^\u0000- \u007F][^\u0000-\u001F\u007F]*$"


def _line(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(_LINE, value):
        raise PydanticCustomError("line", "must be one line of text, and not blank")
    return value


_Line = Annotated[str, Field(min_length=1, max_length=MAX_REASON, pattern=_LINE), BeforeValidator(_line)]


def _kind(value: Any) -> Any:
    if isinstance(value, str) and value in KINDS:
        return value
    raise PydanticCustomError("kind", f"must be one of {', '.join(KINDS)}")


TableKind = TypeAliasType(
    "TableKind",
    Annotated[
        str,
        BeforeValidator(_kind),
        WithJsonSchema(
            {
                "type": "string",
                "enum": list(KINDS),
                "description": "What a table holds: the role that it can play in a calculator.",
            }
        ),
    ],
)


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CellsSource(_Sent):
    """Where some cells come from."""

    cells: str = Field(
        description="Which cells: a JSON pointer into the content; empty for all.",
        pattern=r"^(/[^/\u0000-\u001F\u007F]+)*$",
        max_length=MAX_REASON,
    )
    source: _Line = Field(
        description="Short name of the source document, or what else they come from, such as a decision."
    )
    place: _Line = Field(description="Place in the source document.")
    units: _Line = Field(description="Units of the cells.")
    checked_by: _Line = Field(description="How the transcription was checked.")
    remark: _Line | None = Field(default=None, description="What else to know.")


class VersionBody(_Sent):
    """What a version says. Its content is held against its kind, and stored in canonical form."""

    effective_from: Date = Field(description="First date on which it is to be in force.")
    effective_to: Date | None = Field(
        default=None, description="First date on which it is to be in force no more. Default: it has no end date."
    )
    provenance: list[CellsSource] = Field(
        description="Where its cells come from.", min_length=1, max_length=_MAX_PROVENANCE
    )
    content: dict[str, Any] = Field(
        description="The assumptions, whole; their form is that of the other versions of the kind."
    )


class NewVersionBody(VersionBody):
    """A draft, of a table that is there or of a new one."""

    kind: TableKind | None = Field(
        default=None, description="What the table holds. Needed for a new table; of another it says what it is."
    )
    title: Annotated[str, Field(min_length=1, max_length=200, pattern=_LINE), BeforeValidator(_line)] | None = Field(
        default=None,
        description="What the table is, for people. Needed for a new table; of another it says what it is.",
    )


class ReasonBody(_Sent):
    """Why it is done."""

    reason: _Line = Field(description="Why, for the audit record.")


class VersionState(VersionSummary):
    """Where a version stands, without its content."""

    kind: str = Field(description="What its table holds: the role that it can play in a calculator.")
    submitted_at: InstantText | None = Field(
        description="Instant of submission, in UTC; null: it is not submitted for publication."
    )
    etag: str = Field(
        description="ETag of the version, to be sent in `If-Match` by who changes it.", pattern='^"[0-9a-f]{64}"$'
    )


class DraftsAnswer(Part):
    """Every draft."""

    drafts: list[VersionState] = Field(
        description="Those that are submitted first, longest waiting first; then the others by name."
    )


IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": (
        "A text of your choice that nobody guesses, such as a UUID. The same draft sent again with the same key is not "
        "made twice: the answer is the first one as it now stands."
    ),
    "schema": {"type": "string", "pattern": f"^{KEY_PATTERN}$"},
    "example": "9d2f7c1e-5b0a-4a3e-8f6d-0c1b2a394857",
}


def state(stored: Stored) -> dict[str, Any]:
    """Where a version stands, as it is shown."""
    row = stored.row
    submitted, published, withdrawn = (
        instant and instant_text(instant) for instant in (row.submitted_at, row.published_at, row.withdrawn_at)
    )
    return {
        "name": stored.name,
        "version": row.number,
        "kind": stored.table.kind,
        "status": stored.version_status,
        "sha256": row.sha256,
        "effective_from": row.effective_from,
        "effective_to": row.effective_to,
        "submitted_at": submitted,
        "published_at": published,
        "withdrawn_at": withdrawn,
        "author": row.author,
        "publisher": row.publisher,
        "etag": f'"{stored.tag}"',
    }


def listed(drafts: Sequence[Stored]) -> dict[str, Any]:
    """Drafts, as they are shown."""
    return {"drafts": [state(each) for each in drafts]}
