"""What every calculator's request has beside its own fields: date, knowledge, pins, what-ifs, explanation."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from tables.resolution import Pin

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|\+00:00)")
_TABLE = "[a-z0-9]+(?:-[a-z0-9]+)*"
_PIN = re.compile(rf"{_TABLE}(?:@[1-9][0-9]{{0,5}})?")
_EXACT_PIN = re.compile(rf"{_TABLE}@[1-9][0-9]{{0,5}}")
_MAX_CANDIDATES = 20
_MAX_NAME = 64


def _parse_date(value: Any) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("date", 'must be a date of the calendar as "YYYY-MM-DD"')


def _parse_instant(value: Any) -> datetime:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError:
            pass
    raise PydanticCustomError("instant", 'must be an instant in UTC as "2026-11-22T10:00:00Z"')


def _parse_pin(value: Any) -> Pin:
    if isinstance(value, str) and len(value) <= _MAX_NAME and _PIN.fullmatch(value):
        return value
    if isinstance(value, list) and 1 <= len(value) <= _MAX_CANDIDATES:
        candidates = tuple(value)
        if all(isinstance(each, str) and len(each) <= _MAX_NAME and _EXACT_PIN.fullmatch(each) for each in candidates):
            return candidates
    raise PydanticCustomError(
        "pin", 'must be a table "mba-packages", a version "mba-packages@1", or a list of 1 to 20 versions'
    )


Date = Annotated[
    date,
    BeforeValidator(_parse_date),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A date of the calendar, strictly `YYYY-MM-DD`."""

Instant = Annotated[
    datetime,
    BeforeValidator(_parse_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": f"^{_INSTANT.pattern}$"}),
]
"""An RFC 3339 instant in UTC."""

PinField = Annotated[
    Pin,
    BeforeValidator(_parse_pin),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": f"^{_PIN.pattern}$", "maxLength": _MAX_NAME},
                {
                    "type": "array",
                    "items": {"type": "string", "pattern": f"^{_EXACT_PIN.pattern}$", "maxLength": _MAX_NAME},
                    "minItems": 1,
                    "maxItems": _MAX_CANDIDATES,
                },
            ],
            "description": "`name@3` is that version, `name` that table at the date, a list lets the date choose.",
        }
    ),
]
"""Which table or version plays a role."""


class OwnFields(BaseModel):
    """A calculator's own fields; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid")


class CommonFields(BaseModel):
    """The fields that every calculator takes; all optional."""

    model_config = ConfigDict(extra="forbid")

    as_of: Date | None = Field(default=None, description="Date of the question; today in Phnom Penh by default.")
    known_at: Instant | None = Field(
        default=None, description="Answer as known at this instant: what was published later is not seen."
    )


class _Body(CommonFields):
    explain: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="Answer with the whole calculation, formula by formula."
    )


def body_model(own: type[OwnFields], roles: tuple[str, ...]) -> type[BaseModel]:
    """A POST calculator's request: its own fields, the common ones, and pins and overrides by role."""
    name = own.__name__
    pins: Any = dict.fromkeys(roles, (PinField | None, None))
    patches: Any = dict.fromkeys(roles, (dict[str, Any] | None, None))
    tables = create_model(f"{name}Tables", __config__=ConfigDict(extra="forbid"), **pins)
    overrides = create_model(f"{name}Overrides", __config__=ConfigDict(extra="forbid"), **patches)
    return create_model(
        name,
        __base__=(own, _Body),
        __doc__=own.__doc__,
        tables=(tables | None, Field(default=None, description="Pins: the table or version that plays a role.")),
        overrides=(
            overrides | None,
            Field(default=None, description="What-ifs: a JSON merge patch (RFC 7396) on a role's table."),
        ),
    )


def query_model(own: type[OwnFields], roles: tuple[str, ...]) -> type[BaseModel]:
    """A GET calculator's query: its own fields, the common ones, and a pin by role."""
    pins: Any = {
        role: (PinField | None, Field(default=None, description=f"Table or version for {role}.")) for role in roles
    }
    return create_model(own.__name__, __base__=(own, CommonFields), __doc__=own.__doc__, **pins)


def given(model: BaseModel | None) -> Mapping[str, Any]:
    """The fields of a model that are not None."""
    if model is None:
        return {}
    return {name: value for name, value in model.__dict__.items() if value is not None}
