"""`POST /v1/nssf/income-statement`: income, expenditure and assets of the fund in a year."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, OwnFields
from pricing.nssf.income_statement import StatementReport, income_statement
from pricing.rounding import EXACT, WHOLE_RIEL
from tables.numbers import Year


class IncomeStatementRequest(OwnFields):
    """A year of the experience."""

    examples: ClassVar[Mapping[str, Example]] = {
        "year_2010": Example("2010", {"year": 2010, "as_of": "2026-12-01"}),
        "what_if": Example(
            "2010, had the reserve earned 6 per cent",
            {
                "year": 2010,
                "overrides": {"experience": {"income_statements": {"2010": {"investment_income": "757464681.54"}}}},
                "as_of": "2026-12-01",
            },
        ),
    }

    year: Year = Field(description="Number of the year of the calendar that the statement is of.")


class Income(Part):
    """Where a year's money came from."""

    employer_contributions: DecimalText = Field(description="Contributions of employers, KHR.")
    contribution_subsidy: DecimalText = Field(description="The government's part of contributions, KHR.")
    contributions: DecimalText = Field(description="Contributions of both, KHR.")
    investment_income: DecimalText = Field(description="Interest and the like, KHR.")
    in_kind_subsidies: DecimalText = Field(description="Other subsidies of the government, in kind, KHR.")
    total: DecimalText = Field(description="All income of the year, KHR.")


class Expenditure(Part):
    """Where a year's money went."""

    medical_benefits: DecimalText = Field(description="Medical benefits, KHR.")
    nursing_allowance: DecimalText = Field(description="Nursing allowance, KHR.")
    temporary_disability_benefits: DecimalText = Field(description="Benefits for temporary disability, KHR.")
    funeral_grants: DecimalText = Field(description="Funeral grants, KHR.")
    disability_lump_sums: DecimalText = Field(description="Lump sums for permanent disability, KHR.")
    short_term_benefits: DecimalText = Field(description="The benefits above together, KHR.")
    disability_pensions: DecimalText = Field(description="Pensions for permanent disability, KHR.")
    survivor_pensions: DecimalText = Field(description="Survivors' pensions, KHR.")
    long_term_benefits: DecimalText = Field(description="Both kinds of pension, KHR.")
    benefits: DecimalText = Field(description="All benefits, KHR.")
    salaries: DecimalText = Field(description="Salaries of the administration, KHR.")
    missions: DecimalText = Field(description="Cost of missions, KHR.")
    recurrent_administration: DecimalText = Field(description="Recurrent cost of administration, KHR.")
    administration: DecimalText = Field(description="All cost of administration, KHR.")
    depreciation: DecimalText = Field(description="Cost of investment, KHR.")
    total: DecimalText = Field(description="All expenditure of the year, KHR.")


class Assets(Part):
    """What the fund had at the end of a year."""

    fixed_assets: DecimalText = Field(description="Fixed assets, KHR.")
    inventory: DecimalText = Field(description="Inventory, KHR.")
    accounts_receivable: DecimalText = Field(description="Accounts receivable, KHR.")
    reserve: DecimalText = Field(description="Cash and bank deposits, KHR.")
    total: DecimalText = Field(description="All assets, KHR.")


class IncomeStatementAnswer(Part):
    """A year of the fund."""

    year: int = Field(description="Number of the year of the calendar.")
    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    income: Income = Field(description="Income of the year.")
    expenditure: Expenditure = Field(description="Expenditure of the year.")
    annual_balance: DecimalText = Field(description="Income less expenditure, KHR; below 0 it is a deficit.")
    assets: Assets = Field(description="Assets at the end of the year.")
    administration_share: DecimalText = Field(description="Administration as a fraction of contributions.")
    return_on_reserve: DecimalText | None = Field(
        description="Investment income, a fraction of the mean reserve; null where that of the year before is unknown."
    )
    real_return: DecimalText | None = Field(
        description="The same after the change of consumer prices, a fraction; null where either is unknown."
    )


def _report(request: IncomeStatementRequest, basis: Basis) -> Answered[tuple[int, StatementReport]]:
    report = income_statement(request.year, basis.assumptions["experience"], basis.assumptions["indicators"])
    return Answered((request.year, report), report.errata)


def _fields(result: tuple[int, StatementReport], basis: Basis) -> dict[str, Any]:
    year, report = result
    lines = {each.name: WHOLE_RIEL.text(getattr(report.lines, each.name)) for each in fields(report.lines)}
    sums = {
        name: WHOLE_RIEL.text(getattr(report, name))
        for name in ("contributions", "short_term_benefits", "long_term_benefits", "benefits", "administration")
    }

    def part(model: type[Part], total: Decimal) -> dict[str, str]:
        known = {**lines, **sums, "total": WHOLE_RIEL.text(total)}
        return {name: known[name] for name in model.model_fields}

    return {
        "year": year,
        "currency": basis.assumptions["experience"].currency,
        "income": part(Income, report.income),
        "expenditure": part(Expenditure, report.expenditure),
        "annual_balance": WHOLE_RIEL.text(report.annual_balance),
        "assets": part(Assets, report.assets),
        "administration_share": EXACT.text(report.administration_share),
        "return_on_reserve": _fraction(report.return_on_reserve),
        "real_return": _fraction(report.real_return),
    }


def _fraction(value: Decimal | None) -> str | None:
    return None if value is None else EXACT.text(value)


INCOME_STATEMENT = Calculator(
    method="POST",
    path="/v1/nssf/income-statement",
    operation_id="createNssfIncomeStatement",
    summary="Show income, expenditure and assets",
    description=(
        "The fund's income statement of a year with every sum, its assets, and the share of administration and the "
        "return on the reserve that follow from it (giz-2012, Annex D and section 3.7)."
    ),
    tag="nssf",
    request=IncomeStatementRequest,
    answer=IncomeStatementAnswer,
    roles=("experience", "indicators"),
    question=lambda request, _basis: request,
    formula=_report,
    fields=_fields,
)
