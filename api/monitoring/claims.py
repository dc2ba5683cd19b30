"""`POST /v1/monitoring/claims`: the claims listings by provider and service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.monitoring.rows import (
    MAX_ROWS,
    ONE_FORM,
    Label,
    ListRequest,
    Month,
    RefusedRow,
    csv_lines,
    exact_text,
    read_rows,
    refused_rows,
)
from api.requests import Amount, Example, OwnFields
from pricing.monitoring.claims import Claims, ClaimsRow, Line, claims_total
from pricing.rounding import EXACT
from tables.numbers import Persons, Whole

BY_PAIR, BY_SERVICE, BY_PROVIDER = "by_provider_and_service", "by_service", "by_provider"
COLUMNS = ("provider", "service", "claims", "share_of_claims", "cost", "share_of_cost", "average_cost", "frequency")


ClaimsTable = TypeAliasType(
    "ClaimsTable",
    Annotated[
        Literal["by_provider_and_service", "by_service", "by_provider"],
        Field(description="One of the tables of a claims listing."),
    ],
)


class ClaimRow(OwnFields):
    """Claims of a month, for one service of one provider."""

    provider: Label = Field(description="Name of the provider.")
    service: Label = Field(description="The service: one of the table's, such as outpatient_care.")
    month: Month = Field(description="Month of the claims: a date, YYYY-MM.")
    claims: Whole = Field(description="Number of claims.")
    cost: Amount = Field(description="What they cost the scheme, KHR or any one currency.")


class ClaimsRequest(ListRequest):
    """A claims listing."""

    model_config = ConfigDict(json_schema_extra=ONE_FORM)

    examples: ClassVar[Mapping[str, Example]] = {
        "listing": Example(
            "Two providers",
            {
                "beneficiaries": 4200,
                "rows": [
                    {
                        "provider": "Health Centre",
                        "service": "outpatient_care",
                        "month": "2010-01",
                        "claims": 310,
                        "cost": "930",
                    },
                    {
                        "provider": "Health Centre",
                        "service": "medicines",
                        "month": "2010-01",
                        "claims": 90,
                        "cost": "180",
                    },
                    {
                        "provider": "Hospital",
                        "service": "programmed_hospitalizations",
                        "month": "2010-02",
                        "claims": 12,
                        "cost": "768",
                    },
                ],
                "as_of": "2026-12-01",
            },
        ),
        "csv": Example(
            "As CSV, with a row that is refused",
            {
                "csv": "provider,service,month,claims,cost\nHospital,medicines,2010-01,4,9.5\n,medicines,2010-01,1,3",
                "as_of": "2026-12-01",
            },
        ),
    }

    beneficiaries: Persons | None = Field(
        default=None, description="Average number of beneficiaries in the period, for the frequencies."
    )
    table: ClaimsTable | None = Field(
        default=None,
        description="Which table to answer as CSV. Naming one asks for CSV, unless `Accept` asks for JSON. Default: "
        "by_provider_and_service.",
        examples=["by_service"],
    )
    rows: Annotated[list[ClaimRow], Field(max_length=MAX_ROWS)] | None = Field(
        default=None, description=f"The claims; at most {MAX_ROWS} rows."
    )


class MonthClaims(Part):
    """Claims of one month."""

    month: str = Field(description="The month: a date, YYYY-MM.")
    claims: int = Field(description="Number of claims.")
    cost: DecimalText = Field(description="Their cost, KHR or the currency sent.")


class ClaimsLine(Part):
    """Claims that go together: Tables 8, 9 and 10 side by side."""

    provider: str | None = Field(description="The provider; null: all.")
    service: str | None = Field(description="The service; null: all.")
    claims: int = Field(description="Number of claims.")
    share_of_claims: DecimalText | None = Field(description="Of all claims, a fraction; null where there are none.")
    cost: DecimalText = Field(description="Their cost, KHR or the currency sent.")
    share_of_cost: DecimalText | None = Field(
        description="Of the cost of all claims, a fraction; null where there is none."
    )
    average_cost: DecimalText | None = Field(
        description="Cost of one, KHR or the currency sent; null where there are none."
    )
    frequency: DecimalText | None = Field(
        description="Number of claims a beneficiary; null where `beneficiaries` is not sent, or 0."
    )
    months: list[MonthClaims] = Field(description="The months, in order.")


class ClaimsAnswer(Part):
    """The claims listings."""

    by_provider_and_service: list[ClaimsLine] = Field(description="Table 8: each provider's services.")
    by_service: list[ClaimsLine] = Field(description="Tables 9 and 10: services of all providers.")
    by_provider: list[ClaimsLine] = Field(description="Providers, all services together.")
    total: ClaimsLine = Field(description="All claims.")
    refused_rows: list[RefusedRow] = Field(description="Rows that could not be used; empty where all could.")


@dataclass(frozen=True)
class _Question:
    rows: tuple[ClaimsRow, ...]
    refused: Mapping[int, str]
    beneficiaries: Decimal | None
    table: str


def _question(request: ClaimsRequest, basis: Basis) -> _Question:
    services = basis.assumptions["portfolio_terms"].services
    read = read_rows(request.rows, request.csv, ClaimRow)
    unknown = f"service must be one of {', '.join(services)}."
    read = read.without({number: unknown for number, row in read.rows.items() if row.service not in services})
    rows = tuple(ClaimsRow(row.provider, row.service, row.month, row.claims, row.cost) for row in read.rows.values())
    beneficiaries = None if request.beneficiaries is None else Decimal(request.beneficiaries)
    return _Question(rows, read.refused, beneficiaries, request.table or BY_PAIR)


@dataclass(frozen=True)
class _Listed:
    question: _Question
    result: Claims


def _listed(question: _Question, basis: Basis) -> Answered[_Listed]:
    services = basis.assumptions["portfolio_terms"].services
    return Answered(_Listed(question, claims_total(question.rows, services, question.beneficiaries)))


def _line(line: Line) -> dict[str, Any]:
    return {
        "provider": line.provider,
        "service": line.service,
        "claims": line.claims,
        "share_of_claims": exact_text(line.share_of_claims),
        "cost": EXACT.text(line.cost),
        "share_of_cost": exact_text(line.share_of_cost),
        "average_cost": exact_text(line.average_cost),
        "frequency": exact_text(line.frequency),
        "months": [
            {"month": month, "claims": claims, "cost": EXACT.text(cost)}
            for month, (claims, cost) in line.months.items()
        ],
    }


def _fields(listed: _Listed, _basis: Basis) -> dict[str, Any]:
    listing = listed.result.listing
    return {
        BY_PAIR: [_line(each) for each in listing.by_provider_and_service],
        BY_SERVICE: [_line(each) for each in listing.by_service],
        BY_PROVIDER: [_line(each) for each in listing.by_provider],
        "total": _line(listing.total),
        "refused_rows": refused_rows(listed.question.refused),
    }


def _csv(listed: _Listed, question: _Question) -> Sequence[Sequence[str]]:
    lines = getattr(listed.result.listing, question.table)
    return csv_lines([_line(each) for each in lines], COLUMNS, question.refused)


CLAIMS = Calculator(
    method="POST",
    path="/v1/monitoring/claims",
    operation_id="createMonitoringClaimsListing",
    summary="Claims by provider and service",
    description=(
        "The claims listings of ilo-hmis-2007 (Tables 8 to 10): number and cost of claims by provider, service and "
        "month, shares of the total, average cost, and frequency a beneficiary. Takes rows, CSV text, or CSV as the "
        "body itself; a bad row is refused, and the rest counted. Also as CSV, with `Accept: text/csv`."
    ),
    tag="monitoring",
    request=ClaimsRequest,
    answer=ClaimsAnswer,
    roles=("portfolio_terms",),
    question=_question,
    formula=_listed,
    fields=_fields,
    csv=_csv,
    takes_csv=True,
)
