"""`POST /v1/monitoring/renewals`: renewals and lapses by cohort."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.monitoring.indicators import Verdict
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
from api.requests import Example, OwnFields
from pricing.monitoring.renewals import Cohort, RenewalRow, Renewals, renewals_by_cohort
from tables.numbers import Whole

COLUMNS = ("cohort", "contracts_due", "contracts_renewed", "contracts_lapsed", "renewal_rate", "lapse_rate")


class CohortRow(OwnFields):
    """Contracts that ended in a month; one of a promoter's list, or many."""

    cohort: Month = Field(description="Month in which they ended: a date, YYYY-MM.")
    promoter: Label | None = Field(default=None, description="Name of the promoter on whose list they are.")
    contracts_due: Whole = Field(description="Number of contracts that were up for renewal.")
    contracts_renewed: Whole = Field(description="Number of these that were renewed.")


class RenewalsRequest(ListRequest):
    """Renewal lists."""

    model_config = ConfigDict(json_schema_extra=ONE_FORM)

    examples: ClassVar[Mapping[str, Example]] = {
        "cohorts": Example(
            "Two months, two promoters",
            {
                "rows": [
                    {"cohort": "2010-01", "promoter": "North", "contracts_due": 120, "contracts_renewed": 96},
                    {"cohort": "2010-01", "promoter": "South", "contracts_due": 80, "contracts_renewed": 52},
                    {"cohort": "2010-02", "promoter": "North", "contracts_due": 60, "contracts_renewed": 54},
                ],
                "as_of": "2026-12-01",
            },
        ),
        "csv": Example(
            "As CSV, with a row that is refused",
            {
                "csv": "cohort,contracts_due,contracts_renewed\n2010-01,1,1\n2010-01,1,0\n2010-02,1,2\n",
                "as_of": "2026-12-01",
            },
        ),
    }

    rows: Annotated[list[CohortRow], Field(max_length=MAX_ROWS)] | None = Field(
        default=None, description=f"The contracts; at most {MAX_ROWS} rows."
    )


class RenewalCounts(Part):
    """Contracts that go together."""

    contracts_due: int = Field(description="Number of contracts that were up for renewal.")
    contracts_renewed: int = Field(description="Number of these that were renewed.")
    contracts_lapsed: int = Field(description="Number of these that were not.")
    renewal_rate: DecimalText | None = Field(description="Renewed, a fraction of those due; null where none was.")
    lapse_rate: DecimalText | None = Field(description="Lapsed, a fraction of those due; null where none was.")


class CohortRenewals(RenewalCounts):
    """A cohort."""

    cohort: str = Field(description="Month in which the contracts ended: a date, YYYY-MM.")


class PromoterRenewals(RenewalCounts):
    """A promoter's list."""

    promoter: str = Field(description="Name of the promoter.")


class RenewalsAnswer(Part):
    """Renewals and lapses."""

    cohorts: list[CohortRenewals] = Field(description="Cohorts, in order of their month.")
    promoters: list[PromoterRenewals] = Field(description="Promoters, where they are named, in order of their name.")
    total: RenewalCounts = Field(description="All contracts: what `contracts_due` of an indicators' report asks for.")
    verdict: Verdict = Field(description="Whether the renewal rate of all contracts meets the benchmark.")
    short_by: DecimalText | None = Field(description="How far it is below, a fraction; null unless `short`.")
    refused_rows: list[RefusedRow] = Field(description="Rows that could not be used; empty where all could.")


@dataclass(frozen=True)
class _Question:
    rows: tuple[RenewalRow, ...]
    refused: Mapping[int, str]


@dataclass(frozen=True)
class _Renewed:
    question: _Question
    result: Renewals


def _question(request: RenewalsRequest, _basis: Basis) -> _Question:
    read = read_rows(request.rows, request.csv, CohortRow)
    more = "contracts_renewed is more than contracts_due."
    read = read.without(
        {number: more for number, row in read.rows.items() if row.contracts_renewed > row.contracts_due}
    )
    rows = tuple(
        RenewalRow(row.cohort, row.promoter, row.contracts_due, row.contracts_renewed) for row in read.rows.values()
    )
    return _Question(rows, read.refused)


def _renewals(question: _Question, basis: Basis) -> Answered[_Renewed]:
    return Answered(_Renewed(question, renewals_by_cohort(question.rows, basis.assumptions["benchmarks"])))


def _counts(cohort: Cohort) -> dict[str, Any]:
    return {
        "contracts_due": cohort.due,
        "contracts_renewed": cohort.renewed,
        "contracts_lapsed": cohort.lapsed,
        "renewal_rate": exact_text(cohort.renewal),
        "lapse_rate": exact_text(cohort.lapse),
    }


def _fields(renewed: _Renewed, _basis: Basis) -> dict[str, Any]:
    result = renewed.result
    return {
        "cohorts": [{"cohort": each.cohort, **_counts(each)} for each in result.cohorts],
        "promoters": [{"promoter": each.promoter, **_counts(each)} for each in result.promoters],
        "total": _counts(result.total),
        "verdict": result.assessment.verdict,
        "short_by": exact_text(result.assessment.short_by),
        "refused_rows": refused_rows(renewed.question.refused),
    }


def _csv(renewed: _Renewed, question: _Question) -> Sequence[Sequence[str]]:
    rows = [{"cohort": each.cohort, **_counts(each)} for each in renewed.result.cohorts]
    return csv_lines(rows, COLUMNS, question.refused)


RENEWALS = Calculator(
    method="POST",
    path="/v1/monitoring/renewals",
    operation_id="createMonitoringRenewals",
    summary="Renewals and lapses by cohort",
    description=(
        "How many contracts of each month's cohort were renewed and how many lapsed, and the same by promoter "
        "(ilo-hmis-2007, Table 6). Takes rows, CSV text, or CSV as the body itself; a bad "
        "row is refused, and the rest counted. Also as CSV, "
        "with `Accept: text/csv`."
    ),
    tag="monitoring",
    request=RenewalsRequest,
    answer=RenewalsAnswer,
    roles=("benchmarks",),
    question=_question,
    formula=_renewals,
    fields=_fields,
    csv=_csv,
    takes_csv=True,
)
