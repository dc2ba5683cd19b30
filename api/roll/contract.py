"""What the contract says of whole rolls: forms, answers, examples."""

from typing import Any

from pydantic import ConfigDict, Field, RootModel

from api.answers import Absent, DecimalText, Note, Part, Receipt
from api.mba.quotes import ComponentAnswer
from api.mba.vocabulary import Package, PlanType
from api.openapi import problems
from api.roll.forms import INPUTS, OUTPUTS, Form

_PLANS = [
    {"member_id": "M-001", "package": "F", "plan_type": "couple_with_children", "additional_66_75": 1},
    {"member_id": "M-002", "package": "A", "plan_type": "single", "as_of": "2026-11-01"},
    {"member_id": "M-003", "package": "G", "plan_type": "single"},
    {
        "member_id": "M-004",
        "package": "C",
        "household": [{"relation": "member", "age": 34}, {"relation": "child", "age": 5}],
    },
]
_CSV = """\
member_id,package,plan_type,additional_15_65,additional_66_75
M-001,F,couple_with_children,0,1
M-002,A,single,,
"""
_NDJSON = """\
{"package": "F", "plan_type": "single"}
{"package": "A", "plan_type": "couple"}
"""

_EXAMPLES: dict[Form, dict[str, Any]] = {
    Form.JSON: {"examples": {"plans": {"summary": "A roll of plans and households", "value": _PLANS}}},
    Form.CSV: {"examples": {"plans": {"summary": "A roll of plans", "value": _CSV}}},
    Form.NDJSON: {"examples": {"plans": {"summary": "A roll of plans", "value": _NDJSON}}},
    Form.ARROW: {},
}

DESCRIPTION = """\
Prices every row of a roll: rows in, rows out, in their order. The answer begins before the roll has come to its end.

**Rows.** Either a plan a row: `package`, `plan_type`, `additional_15_65`, `additional_66_75`. Or a person a row, the
rows of a household together: `household_id`, `package`, `relation`, `age` or `birth_date`, for the member `entry_age`.
Both may give `as_of`; the query's, or today, holds for the rest. A JSON row may have the fields of
`POST /v1/mba/quotes`, `additional_persons` and `household` among them. Any other column is carried through as it is.

**Added to each row.** `row` (from 1), `status` (`priced` or `refused`), `monthly_premium`, `monthly_premium_exact`,
and for a refused row `code` and `detail`. Of a household the member's row has the premium. No row stops another.

**Summary.** The trailer `Rielquote-Summary`, the last NDJSON line, metadata of Arrow's last batch and of Parquet; or
the whole answer, with `summary=only`. Its `complete` is false if the roll broke off: then the last row says why.

**Later.** With `Prefer: respond-async` a long roll becomes a job: the answer is 202, and `Location` says where to look.
"""


class RollRow(Part):
    """A row's own fields, not named here, with what the answer adds."""

    model_config = ConfigDict(extra="allow")

    row: int = Field(description="The number of the row, from 1; blank lines do not count.")
    status: str = Field(description="`priced` or `refused`.", pattern="^(priced|refused)$")
    monthly_premium: DecimalText | None = Field(
        default=None, description="Payable, KHR a month, whole riel; null for who is insured with the member."
    )
    monthly_premium_exact: DecimalText | None = Field(
        default=None, description="The same before it is rounded, KHR a month."
    )
    components: list[ComponentAnswer] | Absent = Field(default=None, description="What the premium is made of.")
    code: str | Absent = Field(default=None, description="Why the row is refused, for programs.")
    column: str | None = Field(default=None, description="The column at fault, where it is one.")
    detail: str | Absent = Field(default=None, description="Why the row is refused, for people.")


class RollTotal(Part):
    """What one package comes to for one plan type."""

    package: Package = Field(description="The package.")
    plan_type: PlanType = Field(description="The household form.")
    premiums: int = Field(description="Number of premiums.")
    monthly_premium: DecimalText = Field(description="Sum of the payable premiums, KHR a month.")
    monthly_premium_exact: DecimalText = Field(description="Sum of the exact premiums, KHR a month.")


class RollSummary(Part):
    """What a roll comes to."""

    complete: bool = Field(description="Whether every row has been answered.")
    rows: int = Field(description="Number of rows answered.")
    priced: int = Field(description="Number of rows that are priced, or insured with a household's member.")
    refused: int = Field(description="Number of rows that are refused.")
    refused_by_code: dict[str, int] = Field(description="Number of refused rows, by code.")
    premiums: int = Field(description="Number of premiums: plans, or households.")
    monthly_premium: DecimalText = Field(description="Control sum of the payable premiums, KHR a month.")
    monthly_premium_exact: DecimalText = Field(description="Control sum of the exact premiums, KHR a month.")
    totals: list[RollTotal] = Field(description="By package and plan type.")
    code: str | Absent = Field(default=None, description="Why the roll broke off; only where it did.")
    detail: str | Absent = Field(default=None, description="The same for people.")
    receipt: Receipt = Field(description="What was calculated from; `request_sha256` is of the roll's bytes.")
    notes: list[Note] = Field(description="The mistakes of the source documents whose figures were used.")


class RollAnswer(RootModel[list[RollRow] | RollSummary]):
    """Every row with its premium or its problem; or, if only that is asked, the summary."""


def operation() -> dict[str, Any]:
    """Arguments of the FastAPI route that describe it."""
    schemas: dict[Form, dict[str, Any]] = {
        Form.JSON: {"type": "array", "items": {}, "description": "The rows; what is no row is refused as one."},
        Form.CSV: {"type": "string", "description": "Header row in any order; `,`, `;` or tab; UTF-8."},
        Form.NDJSON: {"description": "A JSON object a line; what is none is refused as a row."},
        Form.ARROW: {"type": "string", "description": "An Arrow IPC stream."},
    }
    content = {form.value: {"schema": schemas[form], **_EXAMPLES[form]} for form in INPUTS}
    tables = {form.value: {"schema": {"type": "string"}} for form in OUTPUTS if form is not Form.JSON}
    return {
        "operation_id": "createMbaQuoteBatch",
        "summary": "Quote premiums for a whole roll",
        "description": DESCRIPTION,
        "tags": ["mba"],
        "responses": {200: {"content": tables}} | problems(409, 413, 415, 422),
        "openapi_extra": {"requestBody": {"required": True, "content": content}},
    }
