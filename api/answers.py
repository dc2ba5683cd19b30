"""What every calculator's answer has beside its own fields."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, create_model
from pydantic.json_schema import SkipJsonSchema

DecimalText = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
"""An exact decimal as text."""

DateText = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
"""A date of the calendar, `YYYY-MM-DD`."""

MonthText = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
"""A month of the calendar, `YYYY-MM`."""

InstantText = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
"""An instant in UTC, RFC 3339."""

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
"""A SHA-256 in hexadecimal digits."""

Absent = SkipJsonSchema[None]
"""The other half of a field's type where the field may be left out but is never null."""


class Part(BaseModel):
    """A part of an answer; nothing undocumented."""

    model_config = ConfigDict(extra="forbid")


class TableDetail(Part):
    """What identifies a version that was used."""

    sha256: Sha256 = Field(description="SHA-256 of the version's canonical content.")
    effective_from: DateText = Field(description="First date on which the version is in force.")
    effective_to: DateText | None = Field(
        description="First date on which it is in force no more; null: it has no end date."
    )
    override_sha256: Sha256 | Absent = Field(
        default=None, description="SHA-256 of the merged content; only where the version was overridden."
    )


class Receipt(Part):
    """What gives the same answer again: the same request with this `as_of`, `known_at` and `tables`."""

    engine: str = Field(description="Version of the service that calculated.")
    as_of: DateText = Field(description="Date of the question.")
    known_at: InstantText | None = Field(
        description="Instant in UTC as known at which the question was answered; null: with all that is published."
    )
    tables: dict[str, str | list[str]] = Field(
        description="The version that played each role, by role, in the form of a request's `tables`."
    )
    table_details: dict[str, TableDetail] = Field(description="Hash and dates of each version, by the version's name.")
    request_sha256: Sha256 = Field(
        description="SHA-256 of the question: the canonical JSON of the request's own fields, defaults filled in, and "
        "its overrides."
    )
    hypothetical: bool = Field(description="Whether a table was overridden: then this is no real price.")


class Note(Part):
    """A published mistake whose figure was used."""

    code: str = Field(description="The mistake's code in `GET /v1/errata`.")
    message: str = Field(description="What is wrong, and how to get the corrected figure, for people.")


class Step(Part):
    """One formula of an explanation, with the formulas that it used."""

    symbol: str = Field(description="Symbol of the value in actuarial notation.")
    name: str = Field(description="Name of the formula in `GET /v1/formulas`.")
    formula: str = Field(description="The formula in actuarial notation.")
    inputs: dict[str, str] = Field(description="What went in, by name; decimals as text.")
    value: str = Field(description="What came out, unrounded; a decimal as text.")
    unit: str = Field(description="Unit of the value.")
    source: str = Field(description="Short name of the source document and the place in it.")
    steps: "list[Step]" = Field(description="The formulas that this one used, in order.")


def answer_model(own: type[BaseModel], *, explainable: bool, identified: bool) -> type[BaseModel]:
    """A calculator's whole answer."""
    notes = "The mistakes of the source documents whose figures were used; empty where there are none."
    common: dict[str, Any] = {
        "receipt": (Receipt, Field(description="What was calculated from.")),
        "notes": (list[Note], Field(description=notes)),
    }
    if identified:
        same = "The same question on the same tables has the same id, for ever."
        common["quote_id"] = (str, Field(pattern="^q_[0-9a-f]{32}$", description=same))
    if explainable:
        whole = "The whole calculation, formula by formula; only where the request says `explain`."
        common["explanation"] = (Step | Absent, Field(default=None, description=whole))
    return create_model(own.__name__, __base__=own, __doc__=own.__doc__, **common)
