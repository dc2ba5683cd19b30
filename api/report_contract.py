"""What is asked and answered about a version before anybody depends on it: differences, findings, impact."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.answers import DateText, Part, Sha256
from api.requests import Date
from api.tables import ProvenanceAnswer, VersionStatus
from tables.lint import Severity

_NUMBER = "[1-9][0-9]{0,5}"
_TABLE = "[a-z0-9]+(-[a-z0-9]+)*"
_SHARE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")

NumberText = Annotated[str, Field(pattern=f"^{_NUMBER}$")]
OtherVersion = Annotated[str, Field(pattern=f"^({_NUMBER}|{_TABLE}@{_NUMBER})$", max_length=71)]


def _share(value: Any) -> Decimal:
    if isinstance(value, str) and _SHARE.fullmatch(value):
        return Decimal(value)
    raise PydanticCustomError("share", 'must be a fraction such as "0.25", with at most 6 decimals')


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DiffQuery(_Asked):
    """Which two versions."""

    from_: NumberText = Field(alias="from", description="The version to compare with.", examples=["2"])
    to: OtherVersion = Field(
        description="The version that is compared: its number, or the name of a version of another table of the kind.",
        examples=["3"],
    )


class LintQuery(_Asked):
    """By which limits."""

    movement: Annotated[
        Decimal | None,
        BeforeValidator(_share),
        WithJsonSchema({"type": "string", "pattern": f"^{_SHARE.pattern}$", "examples": ["0.5"]}),
    ] = Field(
        default=None,
        description="A number that moves by more than this part of the old one is pointed out; by default 0.25.",
    )


class ImpactQuery(_Asked):
    """What to compare with, and when."""

    against: NumberText | None = Field(
        default=None,
        description="Number of the version to compare with. Default: the one that it follows, if it follows one.",
        examples=["2"],
    )
    on: Date | None = Field(
        default=None,
        description="Date that is asked about, YYYY-MM-DD. Default: the first on which the version is in force.",
        examples=["2026-12-01"],
    )


Fact = Literal[
    "sha256", "effective_from", "effective_to", "status", "published_at", "withdrawn_at", "author", "publisher"
]


class CellChange(Part):
    """A cell that is not the same."""

    pointer: str = Field(description="Which cell: a JSON pointer into the content.")
    old: str | None = Field(description="What is there in the first, as text; null: nothing.")
    new: str | None = Field(description="What is there in the second, as text; null: nothing.")
    ratio: str | None = Field(
        description="The second by the first, 12 decimals; null where there are not two numbers, or the first is 0."
    )


class FactChange(Part):
    """A fact about the version that is not the same."""

    fact: Fact = Field(description="Which fact.")
    old: str | None = Field(description="What it is of the first.")
    new: str | None = Field(description="What it is of the second.")


class ProvenanceChange(Part):
    """Entries of provenance that are not the same."""

    cells: str = Field(description="The cells that they are about: a JSON pointer into the content.")
    old: list[ProvenanceAnswer] = Field(description="Those of the first.")
    new: list[ProvenanceAnswer] = Field(description="Those of the second.")


class DiffAnswer(Part):
    """What differs between two versions."""

    table: str = Field(description="Name of the first version's table.")
    from_: str = Field(alias="from", description="Name of the first version.")
    to: str = Field(description="Name of the second.")
    kind: str = Field(description="What both hold.")
    facts: list[FactChange] = Field(description="Validity, publication and authors, as far as they differ.")
    cells: list[CellChange] = Field(description="The cells that differ, in the order of the first, then new ones.")
    provenance: list[ProvenanceChange] = Field(description="Where the cells come from, as far as that differs.")


class CheckFinding(Part):
    """Something to look at before the version is published."""

    code: str = Field(description="What it is; a code keeps its meaning.")
    severity: Severity = Field(description="`error`: publication is refused. `warning`: somebody should look at it.")
    pointer: str = Field(description="Where: a JSON pointer into the content; empty: the version itself.")
    message: str = Field(description="What is wrong there, for people.")


class LintAnswer(Part):
    """What the checks before publication find."""

    version: str = Field(description="Name of the version.")
    table: str = Field(description="Name of its table.")
    status: VersionStatus = Field(description="Where it stands.")
    sha256: Sha256 = Field(description="SHA-256 of its canonical content.")
    errors: int = Field(description="Number of errors; with none it may be published.")
    warnings: int = Field(description="Number of warnings.")
    findings: list[CheckFinding] = Field(description="The findings, errors first.")


class ComparedVersion(Part):
    """A version that is put to the reference questions."""

    name: str = Field(description="Name of the version.")
    status: VersionStatus = Field(description="Where it stands.")
    sha256: Sha256 = Field(description="SHA-256 of its canonical content.")


class ReferenceFigureAnswer(Part):
    """A figure of an answer, from both versions."""

    reference: str = Field(description="The reference question.")
    path: str = Field(description="The calculator that is asked.")
    field: str = Field(description="Which figure: a JSON pointer into its answer.")
    before: str | None = Field(description="The figure from the first version; null: there is none.")
    after: str | None = Field(description="The figure from the second; null: there is none.")
    change: str | None = Field(description="The second less the first; null where there are not two.")
    ratio: str | None = Field(
        description="The second by the first, 12 decimals; null where there are not two, or the first is 0."
    )


class RefusalAnswer(Part):
    """A reference question that is not answered from a version."""

    reference: str = Field(description="The reference question.")
    path: str = Field(description="The calculator that is asked.")
    version: str = Field(description="From which version it is not answered.")
    code: str = Field(description="The error's code.")
    detail: str = Field(description="Why, for people.")


class ImpactAnswer(Part):
    """What a version changes in the answers to the reference questions."""

    table: str = Field(description="Name of the table.")
    engine: str = Field(description="Version of the service.")
    on: DateText = Field(description="Date that is asked about; the other tables are those in force on it.")
    before: ComparedVersion | None = Field(description="What it is compared with; null: it follows no version.")
    after: ComparedVersion = Field(description="The version whose impact it is, used as if it were published.")
    questions: int = Field(description="Number of reference questions that can use the table.")
    figures: int = Field(description="Number of figures that their answers have.")
    changed: int = Field(description="Number of these that change.")
    impact: list[ReferenceFigureAnswer] = Field(description="The figures, largest change first; what stays comes last.")
    refused: list[RefusalAnswer] = Field(description="Questions that are not answered.")
