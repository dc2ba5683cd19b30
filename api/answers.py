"""What every calculator's answer has beside its own fields."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

DecimalText = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["1693.566177"])]
"""An exact decimal as text."""


class Part(BaseModel):
    """A part of an answer; nothing undocumented."""

    model_config = ConfigDict(extra="forbid")


class TableDetail(Part):
    """What identifies a version that was used."""

    sha256: str = Field(description="Of the version's canonical content.")
    effective_from: str
    effective_to: str | None
    override_sha256: str | None = Field(default=None, description="Of the merged content, where it was overridden.")


class Receipt(Part):
    """Everything needed to give the same answer again: send as_of, known_at and tables with the same body."""

    engine: str
    as_of: str
    known_at: str | None
    tables: dict[str, str | list[str]]
    table_details: dict[str, TableDetail]
    request_sha256: str
    hypothetical: bool = Field(description="Whether a table was overridden.")


class Note(Part):
    """A published mistake whose cell was used."""

    code: str
    message: str


class Step(Part):
    """One formula of an explanation, with the formulas that it called."""

    symbol: str
    name: str
    formula: str
    inputs: dict[str, str]
    value: str
    unit: str
    source: str
    steps: "list[Step]"


def answer_model(own: type[BaseModel], *, explainable: bool, identified: bool) -> type[BaseModel]:
    """A calculator's whole answer."""
    common: dict[str, Any] = {"receipt": (Receipt, ...), "notes": (list[Note], ...)}
    if identified:
        common["quote_id"] = (str, Field(pattern="^q_[0-9a-f]{32}$"))
    if explainable:
        common["explanation"] = (Step | None, Field(default=None, description="Only when asked for."))
    return create_model(own.__name__, __base__=own, __doc__=own.__doc__, **common)
