"""What every calculator's request has beside its own fields: date, knowledge, pins, what-ifs, explanation."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from tables import numbers, resolution
from tables.kinds import DEFAULT_TABLES
from tables.names import MAX_NAME, NAME_PATTERN

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile("[12][0-9]{3}-(0[1-9]|1[0-2])")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?(?:Z|\+00:00)"
)
LIST_FORMS = ("rows", "csv")
"""The fields that say a list, of which a request has one."""

_WHOLE = re.compile("[0-9]{1,15}")
_PIN = re.compile(rf"{NAME_PATTERN}(?:@[1-9][0-9]{{0,5}})?")
_EXACT_PIN = re.compile(rf"{NAME_PATTERN}@[1-9][0-9]{{0,5}}")
_MAX_CANDIDATES = 20


def _parse_date(value: Any) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("date", 'must be a date of the calendar as "YYYY-MM-DD"')


def _parse_month(value: Any) -> str:
    if isinstance(value, str) and _MONTH.fullmatch(value):
        return value
    raise PydanticCustomError("month", 'must be a month of the calendar as "YYYY-MM"')


def _parse_instant(value: Any) -> datetime:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError:
            pass
    raise PydanticCustomError("instant", 'must be an instant in UTC as "2026-11-22T10:00:00Z"')


def _is_pin(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_NAME and _PIN.fullmatch(value) is not None


def _parse_pin_text(value: Any) -> Any:
    if _is_pin(value):
        return value
    raise PydanticCustomError("pin_text", 'must be a table "mba-packages" or a version "mba-packages@1"')


def _parse_pin(value: Any) -> Any:
    if _is_pin(value):
        return value
    if isinstance(value, list) and 1 <= len(value) <= _MAX_CANDIDATES:
        candidates = tuple(value)
        if all(isinstance(each, str) and len(each) <= MAX_NAME and _EXACT_PIN.fullmatch(each) for each in candidates):
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

Month = Annotated[
    str,
    BeforeValidator(_parse_month),
    WithJsonSchema({"type": "string", "pattern": f"^{_MONTH.pattern}$"}),
]
"""A month of the calendar, strictly `YYYY-MM`."""


def first_day(month: str) -> date:
    """The first day of a month that is `YYYY-MM`."""
    year, _, number = month.partition("-")
    return date(int(year), int(number), 1)


Instant = Annotated[
    datetime,
    BeforeValidator(_parse_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": f"^{_INSTANT.pattern}$"}),
]
"""An RFC 3339 instant in UTC."""

_PIN_SCHEMA = {"type": "string", "pattern": f"^{_PIN.pattern}$", "maxLength": MAX_NAME}
_CANDIDATES_SCHEMA = {
    "type": "array",
    "items": {"type": "string", "pattern": f"^{_EXACT_PIN.pattern}$", "maxLength": MAX_NAME},
    "minItems": 1,
    "maxItems": _MAX_CANDIDATES,
}

PinText = Annotated[str, BeforeValidator(_parse_pin_text), WithJsonSchema(_PIN_SCHEMA)]
"""Which table or version plays a role, where only text can be sent."""

Pin = TypeAliasType(
    "Pin",
    Annotated[
        resolution.Pin,
        BeforeValidator(_parse_pin),
        WithJsonSchema(
            {
                "anyOf": [_PIN_SCHEMA, _CANDIDATES_SCHEMA],
                "description": (
                    "Which table plays a role. `name` is that table, at the date of the question; `name@3` is exactly "
                    "that version; of a list of versions the date chooses one."
                ),
            }
        ),
    ],
)
"""Which table or version plays a role."""

# The contract names these, so that a client gets one type for each.
Amount = TypeAliasType("Amount", numbers.Amount)
Growth = TypeAliasType("Growth", numbers.Growth)
Multiple = TypeAliasType("Multiple", numbers.Multiple)
Percent = TypeAliasType("Percent", numbers.Percent)
Rate = TypeAliasType("Rate", numbers.Rate)
Share = TypeAliasType("Share", numbers.Share)
SignedAmount = TypeAliasType("SignedAmount", numbers.SignedAmount)
YearlyChange = TypeAliasType("YearlyChange", numbers.YearlyChange)
Years = TypeAliasType("Years", numbers.Years)
MergePatch = TypeAliasType(
    "MergePatch",
    Annotated[
        dict[str, Any],
        Field(
            description=(
                "A JSON merge patch (RFC 7396): objects are merged, everything else is replaced whole, null is refused."
            )
        ),
    ],
)


class Example(NamedTuple):
    """A request that the contract shows, with the answer that the service gives to it."""

    summary: str
    request: Mapping[str, Any]


class OwnFields(BaseModel):
    """A calculator's own fields; unknown ones are refused.

    Attributes:
        examples: what the contract shows, by name; the first is the first to try.
    """

    model_config = ConfigDict(extra="forbid")

    examples: ClassVar[Mapping[str, Example]] = {}


class CommonFields(BaseModel):
    """The fields that every calculator takes; all optional."""

    model_config = ConfigDict(extra="forbid")

    as_of: Date | None = Field(
        default=None,
        description="Date of the question, YYYY-MM-DD, which chooses the versions. Default: today in Phnom Penh.",
        examples=["2026-12-01"],
    )
    known_at: Instant | None = Field(
        default=None,
        description="Instant in UTC (RFC 3339): answer as known then, without what was published later.",
        examples=["2026-12-01T00:00:00Z"],
    )


class _Body(CommonFields):
    explain: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="Whether to answer with the whole calculation, formula by formula."
    )


def body_model(own: type[OwnFields], roles: tuple[str, ...]) -> type[BaseModel]:
    """A POST calculator's request: its own fields, the common ones, and pins and overrides by role."""
    name = own.__name__
    closed = ConfigDict(extra="forbid")
    pins: Any = {role: (Pin | None, _by_default_none(f"Table or version that plays {role}.")) for role in roles}
    patch = "Values to use in place of those in the content of the version that plays {role}."
    patches: Any = {role: (MergePatch, _by_default_none(patch.format(role=role))) for role in roles}
    tables = create_model(
        f"{name}Tables",
        __config__=closed,
        __doc__="Pins by role: which table or version plays it, in place of the default table at the date.",
        **pins,
    )
    overrides = create_model(
        f"{name}Overrides",
        __config__=closed,
        __doc__=(
            "What-ifs by role: changes to the content of a version, which `GET /v1/tables/{name}/versions/{version}` "
            "shows. The answer is then hypothetical."
        ),
        **patches,
    )
    return create_model(
        name,
        __base__=(own, _Body),
        __doc__=own.__doc__,
        tables=(tables | None, _by_default_none("Pins: the table or version that plays a role.")),
        overrides=(overrides | None, _by_default_none("What-ifs: values in place of those of a role's table.")),
    )


def query_model(own: type[OwnFields], roles: tuple[str, ...]) -> type[BaseModel]:
    """A GET calculator's query: its own fields, the common ones, and a pin by role."""
    pins: Any = {
        role: (
            PinText | None,
            Field(
                default=None,
                description=f"Which table plays {role}: `name` is that table at the date, `name@3` that version.",
                examples=[DEFAULT_TABLES[role]],
            ),
        )
        for role in roles
    }
    return create_model(own.__name__, __base__=(own, CommonFields), __doc__=own.__doc__, **pins)


def beside_csv_model(own: type[OwnFields], roles: tuple[str, ...]) -> type[BaseModel]:
    """The query beside a body of CSV: the own fields that no list is, the common ones, and a pin by role.

    None is required: a JSON body says all of it itself.
    """
    shown: dict[str, Any] = {}
    for example in reversed(list(own.examples.values())):
        shown |= example.request
    fields: Any = {
        name: (
            field.rebuild_annotation() | None,
            Field(default=None, description=field.description, examples=field.examples or [shown.get(name)]),
        )
        for name, field in own.model_fields.items()
        if name not in LIST_FORMS
    }
    beside = create_model(f"{own.__name__}Query", __base__=OwnFields, __doc__=own.__doc__, **fields)
    return query_model(beside, roles)


def with_whole_numbers(model: type[BaseModel], texts: Mapping[str, str]) -> dict[str, Any]:
    """Texts of a query or of cells by field; whole numbers where their field is one."""
    wholes = _wholes(model)
    return {name: int(text) if name in wholes and _WHOLE.fullmatch(text) else text for name, text in texts.items()}


@cache
def _wholes(model: type[BaseModel]) -> frozenset[str]:
    """The fields of whole numbers."""
    return frozenset(name for name, field in model.model_fields.items() if _is_whole(field.annotation))


def _is_whole(annotation: Any) -> bool:
    """Whether an annotation is of whole numbers, or may be None."""
    return annotation is int or any(map(_is_whole, get_args(annotation)))


def _by_default_none(description: str) -> Any:
    return Field(default=None, description=description)


def given(model: BaseModel | None) -> Mapping[str, Any]:
    """The fields of a model that are not None."""
    if model is None:
        return {}
    return {name: value for name, value in model.__dict__.items() if value is not None}
