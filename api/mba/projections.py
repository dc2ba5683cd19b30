"""`POST /v1/mba/projections`: the programme's fund and reserves, year by year."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from pydantic import Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.mba.covenants import FindingAnswer, finding_fields
from api.mba.programme import (
    REINSURED_ROLES,
    ReinsuredFields,
    premiums,
    programme,
    projection_basis,
    tariff,
    treaty,
)
from api.mba.vocabulary import Package, PlanType
from api.requests import Example
from pricing.mba.enrolment import GrowthPlan, Programme, federation_enrolment
from pricing.mba.expenses import YearExpenses
from pricing.mba.projection import ProjectedYear
from pricing.mba.projection_report import ProjectionReport, projection_report
from pricing.mba.reinsured_projection import ReinsuredYear
from pricing.rounding import CENTS, EXACT, PERSONS

COUNTED = ("year", "members")


class ProjectionRequest(ReinsuredFields):
    """A plan, and how many members have it in each year; what is left out is the projection basis's."""

    examples: ClassVar[Mapping[str, Example]] = {
        "published": Example("The published projection", {"as_of": "2026-12-01"}),
        "members": Example(
            "Another plan, with members of one's own",
            {
                "package": "C",
                "plan_type": "couple_with_children",
                "members": [2500, 4000, 6500],
                "as_of": "2026-12-01",
            },
        ),
        "growth_plan": Example(
            "Two federations that grow",
            {
                "growth_plan": {
                    "federations": [
                        {"federation": "CITA", "members": 1500},
                        {"federation": "CTSWF", "members": 2250},
                    ],
                    "take_up_rate": "0.25",
                    "growth_rates": ["0.4", "0.4", "-0.05"],
                },
                "as_of": "2026-12-01",
            },
        ),
        "what_if": Example(
            "With more withdrawals, less interest and a weaker riel",
            {
                "as_of": "2026-12-01",
                "overrides": {
                    "projection_basis": {"withdrawal_rate": "0.15", "interest_rate": "0.05", "exchange_rate": "4200"}
                },
            },
        ),
        "refused": Example(
            "Refused: more withdrawals than there are members",
            {
                "members": [100],
                "as_of": "2026-12-01",
                "overrides": {"projection_basis": {"withdrawal_rate": "1"}},
            },
        ),
    }


class YearExpensesAnswer(Part):
    """Operating expenses of a year, by item."""

    personnel: DecimalText = Field(description="Salaries with benefits and 13th month, USD.")
    general_costs: DecimalText = Field(description="Office, transport and communication, USD.")
    software: DecimalText = Field(description="The software bought in the first year, USD.")
    depreciation: DecimalText = Field(description="Of the equipment, USD.")
    contracts: DecimalText = Field(description="Contracts with third parties, USD.")
    training: DecimalText = Field(description="Training and meetings, USD.")
    evaluation: DecimalText = Field(description="Monitoring and evaluation, USD.")


class ReinsuredYearAnswer(Part):
    """A year with reinsurance, in it and in all years before: its expected claims go through the treaty."""

    ceded_premium: DecimalText = Field(description="What the mutual pays, at the beginning of the year, USD.")
    recoveries: DecimalText = Field(description="What the reinsurer pays on the expected claims, USD.")
    experience_refund: DecimalText = Field(
        description="What comes back, at the end of the year, of the premium that the recoveries left, USD."
    )
    net_cost: DecimalText = Field(description="Ceded premium less recoveries and refund, USD; below 0 it is a gain.")
    fund_end: DecimalText = Field(description="The fund at the end of the year, USD.")
    contingency_reserve: DecimalText = Field(description="What is left after equity reserve and surplus, USD.")


class ProjectedYearAnswer(Part):
    """One year of the projection."""

    year: int = Field(description="Number of the year, from 1.")
    members: int = Field(description="Number of members in the year.")
    premium_income: DecimalText = Field(description="Gross premiums, at the beginning of the year, USD.")
    expense_allowance: DecimalText = Field(description="The part of the premiums that is for expenses, USD.")
    subsidy: DecimalText = Field(description="What a donor pays of the operating expenses, USD.")
    operating_expenses: DecimalText = Field(description="All operating expenses, USD.")
    commission: DecimalText = Field(description="Agents' commissions, USD.")
    equity_paid: DecimalText = Field(description="Equity values paid to members who withdraw, USD.")
    fund_beginning: DecimalText = Field(description="The fund after all these, USD.")
    fund_before_claims: DecimalText = Field(description="The same with half a year's interest, USD.")
    natural_death_claims: DecimalText = Field(description="Claims of natural death, expected, USD.")
    accident_claims: DecimalText = Field(description="Claims of accidental death and disability, expected, USD.")
    hospitalization_claims: DecimalText = Field(description="Claims of hospitalization, expected, USD.")
    fund_middle: DecimalText = Field(description="The fund in the middle of the year, after claims, USD.")
    fund_end: DecimalText = Field(description="The fund at the end of the year, USD.")
    equity_reserve: DecimalText = Field(description="Equity values of all members at the end of the year, USD.")
    equity_reserve_change: DecimalText = Field(description="Its change since the year before, USD.")
    contingency_reserve: DecimalText = Field(
        description="What is left of the fund after equity reserve and surplus, USD; below 0 if the fund falls short."
    )
    contingency_reserve_change: DecimalText = Field(description="Its change since the year before, USD.")
    surplus: DecimalText = Field(
        description="What the year's expenses leave of their part of the premiums, with interest, USD."
    )
    fund_before: DecimalText = Field(
        description="The fund at the end of the year before; of the first, as it starts, USD."
    )
    expenses: YearExpensesAnswer = Field(description="The operating expenses by item.")
    reinsurance: ReinsuredYearAnswer = Field(description="The same year with reinsurance.")
    covenants: list[FindingAnswer] = Field(
        description=(
            "The limits on expenses, commission, yield and withdrawals, checked on the year's figures; yield and "
            "withdrawals are those that the projection basis assumes."
        )
    )


class FederationEnrolmentAnswer(Part):
    """The enrolment of one federation."""

    federation: str = Field(description="Its name.")
    total_members: int = Field(description="Number of persons in it.")
    members: list[int] = Field(description="Number of them enrolled in each year; each rounded on its own.")


class ProjectionAnswer(Part):
    """The programme's fund and reserves, year by year."""

    package: Package = Field(description="The package that every member has.")
    plan_type: PlanType = Field(description="The household form that every member has.")
    currency: str = Field(description="Currency of every amount, ISO 4217: USD.")
    annual_premium: DecimalText = Field(description="Gross premium of one member, USD a year, two decimals.")
    annual_premium_exact: DecimalText = Field(description="The same before it is rounded, USD a year.")
    years: list[ProjectedYearAnswer] = Field(description="The years, in order.")
    break_even_year: int | None = Field(
        description="Number of the first year whose premiums carry its operating expenses; null: none does."
    )
    total_subsidy: DecimalText = Field(description="Subsidies of all years, USD.")
    enrolment: list[FederationEnrolmentAnswer] = Field(
        description="Enrolment by federation; empty where `members` was given."
    )


class _Question(NamedTuple):
    programme: Programme
    annual_limit: Decimal | None


@dataclass(frozen=True)
class _Projected:
    programme: Programme
    report: ProjectionReport


def _projection(question: _Question, basis: Basis) -> Answered[_Projected]:
    asked, covenants = question.programme, basis.assumptions["covenants"]
    report = projection_report(
        asked, tariff(basis), projection_basis(basis), premiums(basis), treaty(basis), question.annual_limit, covenants
    )
    return Answered(_Projected(asked, report), report.projection.errata)


def _year(year: ProjectedYear) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for field in fields(year):
        value = getattr(year, field.name)
        if field.name in COUNTED:
            answer[field.name] = int(value)
        elif field.name != "expenses":
            answer[field.name] = CENTS.text(value)
    return answer | {"expenses": _amounts(year.expenses)}


def _amounts(part: YearExpenses | ReinsuredYear) -> dict[str, str]:
    return {name: CENTS.text(amount) for name, amount in asdict(part).items()}


def _enrolment(enrolment: tuple[int, ...] | GrowthPlan) -> list[dict[str, Any]]:
    if not isinstance(enrolment, GrowthPlan):
        return []
    by_year = federation_enrolment(enrolment)
    return [
        {"federation": name, "total_members": total, "members": [int(PERSONS.round(number)) for number in members]}
        for (name, total), members in zip(enrolment.federations, by_year, strict=True)
    ]


def _fields(result: _Projected, basis: Basis) -> dict[str, Any]:
    asked, report = result.programme, result.report
    projection = report.projection
    premium = projection.terms.member.premium
    return {
        "package": asked.package,
        "plan_type": asked.plan_type,
        "currency": projection_basis(basis).currency,
        "annual_premium": CENTS.text(premium),
        "annual_premium_exact": EXACT.text(premium),
        "years": [
            _year(year)
            | {"reinsurance": _amounts(reinsured), "covenants": [finding_fields(finding) for finding in findings]}
            for year, reinsured, findings in zip(projection.years, report.reinsured, report.findings, strict=True)
        ],
        "break_even_year": projection.break_even_year,
        "total_subsidy": CENTS.text(projection.total_subsidy),
        "enrolment": _enrolment(asked.enrolment),
    }


def _csv(result: _Projected, _question: _Question) -> Sequence[Sequence[str]]:
    report = result.report
    lines = []
    for year, reinsured, findings in zip(report.projection.years, report.reinsured, report.findings, strict=True):
        line = _year(year)
        items = line.pop("expenses").items()
        line |= {f"expenses_{item}": amount for item, amount in items}
        line |= {f"reinsurance_{item}": amount for item, amount in _amounts(reinsured).items()}
        lines.append(line | {f"covenants_{each.covenant}": each.finding for each in findings})
    return [list(lines[0]), *(list(map(str, line.values())) for line in lines)]


PROJECTIONS = Calculator(
    method="POST",
    path="/v1/mba/projections",
    operation_id="createMbaProjection",
    summary="Project the programme",
    description=(
        "Premiums, expenses, subsidies, claims, fund and reserves of the programme, for up to 40 years (suan-2009, "
        "Tables 10-12, Appendices D and E), each year also with reinsurance (Table 13) and against the limits of "
        "section VI. An empty request is the published projection. Also as CSV, with `Accept: text/csv`."
    ),
    tag="mba",
    request=ProjectionRequest,
    answer=ProjectionAnswer,
    roles=(*REINSURED_ROLES, "covenants"),
    question=lambda request, basis: _Question(programme(request, basis), request.annual_limit),
    formula=_projection,
    fields=_fields,
    csv=_csv,
)
