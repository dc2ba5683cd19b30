"""`POST /v1/mba/covenants`: whether figures keep within the limits of the programme."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Amount, Example, OwnFields, Rate
from pricing.mba.covenants import FEDERATION_SHARES, CovenantReport, Finding, covenant_report
from pricing.rounding import EXACT
from tables.numbers import Whole

MAX_FEDERATIONS = 100

FindingName = TypeAliasType(
    "FindingName",
    Annotated[
        Literal["met", "not_met", "not_assessed"],
        Field(description="Whether a limit is kept; `not_assessed` where a figure is missing."),
    ],
)


class CovenantRequest(OwnFields):
    """Figures of a year, actual or projected, in one currency; what is left out is not assessed."""

    examples: ClassVar[Mapping[str, Example]] = {
        "first_year": Example(
            "The first projected year, with the federations' capital",
            {
                "premium_income": "36201.83",
                "operating_expenses": "67964.00",
                "commission": "5430.27",
                "federation_shares": ["1500", "1500", "2000", "2000", "3000"],
                "as_of": "2026-12-01",
            },
        ),
        "all_figures": Example(
            "A year with every figure",
            {
                "premium_income": "289145.57",
                "operating_expenses": "98877.51",
                "commission": "43371.83",
                "invested_funds": "200000",
                "investment_income": "12500",
                "members": 58561,
                "withdrawals": 5800,
                "federation_shares": ["1000", "1000", "1000", "1000", "1000"],
                "dividend_rate": "0.07",
                "long_term_deposit_rate": "0.055",
                "as_of": "2026-12-01",
            },
        ),
    }

    premium_income: Amount | None = Field(default=None, description="Gross premiums of the year, KHR or USD.")
    operating_expenses: Amount | None = Field(
        default=None, description="Expenses of the year without commission, KHR or USD."
    )
    commission: Amount | None = Field(default=None, description="Commission of the year, KHR or USD.")
    invested_funds: Amount | None = Field(
        default=None, description="What was invested on average over the year, KHR or USD."
    )
    investment_income: Amount | None = Field(
        default=None, description="What the investments brought in the year, KHR or USD."
    )
    members: Whole | None = Field(default=None, description="Number of members at the beginning of the year.")
    withdrawals: Whole | None = Field(default=None, description="Number of members who left in the year.")
    federation_shares: Annotated[list[Amount], Field(min_length=1, max_length=MAX_FEDERATIONS)] | None = Field(
        default=None,
        description=f"Share capital of each federation, KHR or USD; at most {MAX_FEDERATIONS}.",
    )
    dividend_rate: Rate | None = Field(default=None, description="Dividend on the share capital, a fraction a year.")
    long_term_deposit_rate: Rate | None = Field(
        default=None, description="What banks pay on long-term deposits, a fraction a year."
    )


class FindingAnswer(Part):
    """One covenant checked."""

    covenant: Literal[
        "expense_ratio",
        "commission_ratio",
        "investment_yield",
        "withdrawal_rate",
        "federation_share",
        "dividend_rate",
    ] = Field(description="What is limited.")
    finding: FindingName = Field(description="Whether the limit is kept.")
    bound: Literal["at_most", "at_least"] = Field(description="On which side of the limit the figure must be.")
    actual: DecimalText | None = Field(description="The figure, a fraction; null where it is not known.")
    limit: DecimalText | None = Field(description="Its limit, a fraction; null where it is not known.")
    margin: DecimalText | None = Field(
        description="How far the figure is within the limit, a fraction; below 0 by how much it is beyond."
    )
    missing: list[str] = Field(
        description="Fields of the request that are missing, or that are 0 where a share is taken of them."
    )
    source: str = Field(description="Short name of the source document and the place of the covenant in it.")


class CovenantAnswer(Part):
    """Every covenant, and what they say together."""

    verdict: FindingName = Field(
        description="`not_met` if any is not met; else `not_assessed` if any is not assessed; else `met`."
    )
    findings: list[FindingAnswer] = Field(description="The covenants, one by one.")


def _report(request: CovenantRequest, basis: Basis) -> Answered[CovenantReport]:
    given = {name: getattr(request, name) for name in CovenantRequest.model_fields if name != FEDERATION_SHARES}
    figures = {name: Decimal(value) for name, value in given.items() if value is not None}
    return Answered(covenant_report(figures, request.federation_shares, basis.assumptions["covenants"]))


def _fields(report: CovenantReport, _basis: Basis) -> dict[str, Any]:
    return {"verdict": report.verdict, "findings": [finding_fields(each) for each in report.findings]}


def finding_fields(finding: Finding) -> dict[str, Any]:
    """One covenant as an answer shows it."""
    return {
        "covenant": finding.covenant,
        "finding": finding.finding,
        "bound": finding.bound,
        "actual": _text(finding.actual),
        "limit": _text(finding.limit),
        "margin": _text(finding.margin),
        "missing": list(finding.missing),
        "source": finding.source,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else EXACT.text(value)


COVENANTS = Calculator(
    method="POST",
    path="/v1/mba/covenants",
    operation_id="createMbaCovenantReport",
    summary="Check the limits of the programme",
    description=(
        "Whether figures, actual or projected, keep within the limits on which the programme's feasibility rests: "
        "expenses, commission, yield and withdrawals (suan-2009, section VI), a federation's share of the capital and "
        "the dividend (section V)."
    ),
    tag="mba",
    request=CovenantRequest,
    answer=CovenantAnswer,
    roles=("covenants",),
    question=lambda request, _basis: request,
    formula=_report,
    fields=_fields,
)
