"""`POST /v1/monitoring/earned-premiums`: premium earned and unearned, by month of entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.monitoring.rows import (
    MAX_ROWS,
    ONE_FORM,
    ListRequest,
    Month,
    RefusedRow,
    csv_lines,
    month_number,
    read_rows,
    refused_rows,
)
from api.requests import Amount, Example, OwnFields
from pricing.monitoring.earned import EarnedPremium, Entry, EntryMonth, earned_by_entry_month
from pricing.rounding import EXACT
from tables.kinds.monitoring import Term

COLUMNS = (
    "entry_month",
    "term_months",
    "premium",
    "months_earned",
    "premiums",
    "opening_unearned_premium",
    "earned_premium",
    "closing_unearned_premium",
)


class PremiumRow(OwnFields):
    """Contracts that begin with a month."""

    entry_month: Month = Field(description="Month on whose first day they begin: a date, YYYY-MM.")
    premium: Amount = Field(description="What is billed for the whole term, KHR or any one currency.")
    term_months: Term | None = Field(
        default=None, description="Number of months that it covers; default: the table's premium_term_months."
    )


class EarnedPremiumsRequest(ListRequest):
    """Contracts by month of entry, and the period whose premium is asked."""

    model_config = ConfigDict(json_schema_extra=ONE_FORM)

    examples: ClassVar[Mapping[str, Example]] = {
        "brac": Example(
            "A year of monthly enrolment, as BRAC's",
            {
                "first_month": "2006-01",
                "months": 12,
                "rows": [
                    {"entry_month": "2006-01", "premium": "1200"},
                    {"entry_month": "2006-02", "premium": "1200"},
                    {"entry_month": "2006-12", "premium": "1200"},
                ],
                "as_of": "2026-12-01",
            },
        ),
        "csv": Example(
            "The same as CSV, with a row that is refused",
            {
                "first_month": "2006-01",
                "months": 12,
                "csv": "entry_month,premium\n2005-07,1200\n2006-13,1200\n",
                "as_of": "2026-12-01",
            },
        ),
    }

    first_month: Month = Field(description="First month of the period: a date, YYYY-MM.")
    months: Term = Field(description="Number of months of the period, from 1 to 120.")
    rows: Annotated[list[PremiumRow], Field(max_length=MAX_ROWS)] | None = Field(
        default=None, description=f"The contracts; at most {MAX_ROWS} rows."
    )


class EntryMonthAnswer(Part):
    """Contracts that begin with the same month, for the same term."""

    entry_month: str = Field(description="The month of entry: a date, YYYY-MM.")
    term_months: int = Field(description="Number of months of the term.")
    premium: DecimalText = Field(description="Billed for the whole term, KHR or the currency sent.")
    months_earned: int = Field(description="Number of months of the term within the period.")
    premiums: DecimalText = Field(
        description="The premium where the contracts begin within the period, else 0: KHR or the currency sent."
    )
    opening_unearned_premium: DecimalText = Field(
        description="Not yet earned at the beginning of the period, KHR or the currency sent."
    )
    earned_premium: DecimalText = Field(description="Earned within the period, KHR or the currency sent.")
    closing_unearned_premium: DecimalText = Field(
        description="Not yet earned at the end of the period, KHR or the currency sent."
    )


class EarnedPremiumsAnswer(Part):
    """A period's premium by month of entry, and the lines A to C of the income statement."""

    premiums: DecimalText = Field(description="A: billed in the period, KHR or the currency sent.")
    opening_unearned_premium_reserve: DecimalText = Field(
        description="Unearned at the beginning of the period, KHR or the currency sent."
    )
    closing_unearned_premium_reserve: DecimalText = Field(
        description="Unearned at its end, KHR or the currency sent: line 10 of the balance sheet."
    )
    change_in_unearned_premium_reserve: DecimalText = Field(
        description="B: opening less closing reserve, KHR or the currency sent."
    )
    earned_premium: DecimalText = Field(description="C = A + B, KHR or the currency sent.")
    entry_months: list[EntryMonthAnswer] = Field(description="The months of entry, in order.")
    refused_rows: list[RefusedRow] = Field(description="Rows that could not be used; empty where all could.")


@dataclass(frozen=True)
class _Question:
    entries: tuple[Entry, ...]
    first: int
    last: int
    names: Mapping[int, str]
    refused: Mapping[int, str]


@dataclass(frozen=True)
class _Earned:
    question: _Question
    result: EarnedPremium


def _question(request: EarnedPremiumsRequest, basis: Basis) -> _Question:
    read = read_rows(request.rows, request.csv, PremiumRow)
    first = month_number(request.first_month)
    after = first + request.months
    late = {
        number: "entry_month is after the period."
        for number, row in read.rows.items()
        if month_number(row.entry_month) >= after
    }
    read = read.without(late)
    default = basis.assumptions["portfolio_terms"].premium_term_months
    rows = read.rows.values()
    entries = tuple(Entry(month_number(row.entry_month), row.premium, row.term_months or default) for row in rows)
    names = {month_number(row.entry_month): row.entry_month for row in rows}
    return _Question(entries, first, after - 1, names, read.refused)


def _earned(question: _Question, _basis: Basis) -> Answered[_Earned]:
    return Answered(_Earned(question, earned_by_entry_month(question.entries, question.first, question.last)))


def _row(month: EntryMonth, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "entry_month": names[month.month],
        "term_months": month.term,
        "premium": EXACT.text(month.premium),
        "months_earned": month.months_earned,
        "premiums": EXACT.text(month.billed),
        "opening_unearned_premium": EXACT.text(month.opening),
        "earned_premium": EXACT.text(month.earned),
        "closing_unearned_premium": EXACT.text(month.closing),
    }


def _fields(earned: _Earned, _basis: Basis) -> dict[str, Any]:
    result, question = earned.result, earned.question
    return {
        "premiums": EXACT.text(result.billed),
        "opening_unearned_premium_reserve": EXACT.text(result.opening),
        "closing_unearned_premium_reserve": EXACT.text(result.closing),
        "change_in_unearned_premium_reserve": EXACT.text(result.change),
        "earned_premium": EXACT.text(result.earned),
        "entry_months": [_row(month, question.names) for month in result.months],
        "refused_rows": refused_rows(question.refused),
    }


def _csv(earned: _Earned, question: _Question) -> Sequence[Sequence[str]]:
    return csv_lines([_row(month, question.names) for month in earned.result.months], COLUMNS, question.refused)


EARNED_PREMIUMS = Calculator(
    method="POST",
    path="/v1/monitoring/earned-premiums",
    operation_id="createMonitoringEarnedPremiums",
    summary="Earned premium by month of entry",
    description=(
        "Premium earned in a period and unearned at its ends, by month of entry: of a premium of 12 months who entered "
        "with the second month of a year has earned 11 twelfths at its end (ilo-hmis-2007, Part I, section 4.1). Takes "
        "rows, CSV text, or CSV as the body itself; a bad row is refused, and the rest counted. "
        "Also as CSV, with `Accept: text/csv`."
    ),
    tag="monitoring",
    request=EarnedPremiumsRequest,
    answer=EarnedPremiumsAnswer,
    roles=("portfolio_terms",),
    question=_question,
    formula=_earned,
    fields=_fields,
    csv=_csv,
    takes_csv=True,
)
