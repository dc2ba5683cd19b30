"""`POST /v1/monitoring/indicators`: a scheme's statements, its indicators and what they are worth."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.monitoring.examples import EXAMPLES
from api.monitoring.rows import exact_text
from api.monitoring.statements import BalanceSheet, IncomeStatement, Membership, Operations
from api.requests import Example, OwnFields
from pricing.monitoring.assessment import Assessment
from pricing.monitoring.indicators import GUIDE_INDICATORS, NETWORK_INDICATORS
from pricing.monitoring.lines import AddedUp, Finding
from pricing.monitoring.report import Period, PeriodReport, Report, monitoring_report
from pricing.trace import catalogue

MAX_EARLIER = 9
MAX_PERIOD_NAME = 40
LAST = "last"

SECTIONS: Mapping[str, type[OwnFields]] = {
    "income_statement": IncomeStatement,
    "balance_sheet": BalanceSheet,
    "membership": Membership,
    "operations": Operations,
}
_SECTION_OF = {name: section for section, model in SECTIONS.items() for name in model.model_fields}

Verdict = TypeAliasType(
    "Verdict",
    Annotated[
        Literal["meets", "short", "not_applicable"],
        Field(description="Whether a benchmark is met; `not_applicable` where that cannot be said."),
    ],
)

Reason = TypeAliasType(
    "Reason",
    Annotated[
        Literal["missing_inputs", "nothing_to_divide_by", "no_benchmark", "no_earlier_value"],
        Field(description="Why an indicator has no verdict."),
    ],
)

_Name = Annotated[str, Field(min_length=1, max_length=MAX_PERIOD_NAME, pattern="^[A-Za-z0-9][A-Za-z0-9 ./_-]*$")]


class AccountingPeriod(OwnFields):
    """What is known of one period, in one currency."""

    period: _Name = Field(default=LAST, description="Name of the period, such as 2010.")
    income_statement: IncomeStatement | None = Field(default=None, description="The income statement, Table 1.")
    balance_sheet: BalanceSheet | None = Field(default=None, description="The balance sheet at its end, Table 2.")
    membership: Membership | None = Field(default=None, description="Population and membership, Tables 5 to 7.")
    operations: Operations | None = Field(default=None, description="Other figures that some indicators need.")


class EarlierPeriod(AccountingPeriod):
    """A period before."""

    period: _Name = Field(description="Name of the period, such as 2009.")


class IndicatorsRequest(AccountingPeriod):
    """A period's accounts, and those of periods before it for trends; what is left out is not known."""

    examples: ClassVar[Mapping[str, Example]] = EXAMPLES

    earlier_periods: list[EarlierPeriod] = Field(
        default=[], max_length=MAX_EARLIER, description=f"Periods before it, oldest first; at most {MAX_EARLIER}."
    )


class TotalAnswer(Part):
    """A line that follows from others."""

    name: str = Field(description="The line's name in the request.")
    line: str = Field(description="The row or number that the guide gives it.")
    statement: Literal["income_statement", "balance_sheet", "membership"] = Field(description="Where it stands.")
    formula: str = Field(description="How it follows from other lines.")
    value: DecimalText | None = Field(
        description="The sum of its parts, else as stated; an amount in KHR or the statements' currency, or a number "
        "of persons; null where neither is known."
    )
    stated: DecimalText | None = Field(
        description="What the request says it is: KHR or the statements' currency, or a number of persons; or null."
    )
    missing: list[str] = Field(description="Fields of the request without which it is not known.")


class AccountFinding(Part):
    """Something that does not add up. Nothing is mended."""

    code: Literal[
        "total_differs",
        "balance_sheet_unbalanced",
        "not_carried_forward",
        "part_exceeds_whole",
        "retained_earnings_differ",
        "months_differ",
        "month_out_of_balance",
        "types_differ",
    ] = Field(description="What kind of thing.")
    fields: list[str] = Field(description="The fields of the request that it is about.")
    expected: DecimalText | None = Field(
        description="What it should be by the other fields: KHR or the statements' currency, or a number of persons."
    )
    stated: DecimalText | None = Field(
        description="What it is: KHR or the statements' currency, or a number of persons."
    )
    detail: str = Field(description="The same in a sentence, for people.")


class BenchmarkAnswer(Part):
    """What an indicator is held against."""

    bound: Literal["above", "below", "at_least", "at_most", "rising", "falling"] = Field(
        description="On which side of the value the indicator must be, or which way it must go between two periods."
    )
    value: DecimalText | None = Field(
        description="The limit, in the indicator's unit: a fraction, or a multiple; of a rising indicator where it may "
        "stop; null: there is none."
    )
    ceiling: DecimalText | None = Field(
        description="The upper end of a range, in the indicator's unit: a fraction, or a multiple; null: there is none."
    )


class IndicatorAnswer(Part):
    """An indicator of the period."""

    indicator: str = Field(description="Its name.")
    code: str = Field(description="The number that its source gives it.")
    area: str = Field(description="What it is about.")
    value: DecimalText | None = Field(
        description="Its value in its unit: a fraction, a multiple or another; null where it is not known."
    )
    unit: str = Field(description="Unit of the value.")
    formula: str = Field(description="How it is calculated.")
    benchmark: BenchmarkAnswer | None = Field(description="What it is held against; null: nothing.")
    verdict: Verdict = Field(description="Whether it meets the benchmark.")
    short_by: DecimalText | None = Field(
        description="How far it is on the wrong side, in its unit: a fraction, a multiple or another; null unless "
        "`short`."
    )
    reason: Reason | None = Field(description="Why the verdict is `not_applicable`, else null.")
    missing: list[str] = Field(
        description="Fields of the request that are missing, or that add up to nothing where it divides by them."
    )
    meaning: str = Field(description="What it says of a scheme.")
    defined_by: Literal["source", "general_use"] = Field(
        description="Whether the source's text at hand defines it; else the formula is the one in general use."
    )
    source: str = Field(description="Short name of the source document and the place in it.")


class EarlierAnswer(Part):
    """Totals of a period before, and what does not add up in it."""

    period: str = Field(description="Name of the period.")
    totals: list[TotalAnswer] = Field(description="Lines that follow from others.")
    findings: list[AccountFinding] = Field(description="What does not add up.")


class TrendPoint(Part):
    """An indicator in one period."""

    period: str = Field(description="Name of the period.")
    value: DecimalText | None = Field(
        description="Its value in its unit: a fraction, a multiple or another; null where it is not known."
    )
    change: DecimalText | None = Field(
        description="Value less that of the period before, in its unit: a fraction, a multiple or another; null where "
        "one is not known."
    )


class TrendAnswer(Part):
    """An indicator over the periods."""

    indicator: str = Field(description="Its name.")
    points: list[TrendPoint] = Field(description="The periods, oldest first.")


class IndicatorsAnswer(Part):
    """Totals, indicators and trends of a scheme's accounts."""

    period: str = Field(description="Name of the period.")
    totals: list[TotalAnswer] = Field(description="Lines that follow from others.")
    findings: list[AccountFinding] = Field(description="What does not add up; empty where all does.")
    verdict: str = Field(description="How many indicators of the guide meet their benchmark, are short, have none.")
    indicators: list[IndicatorAnswer] = Field(description="The guide's indicators (ilo-hmis-2007).")
    network_indicators: list[IndicatorAnswer] = Field(
        description="The Microinsurance Network's key indicators (min-indicators-2010): not the guide's, and without "
        "benchmarks."
    )
    earlier_periods: list[EarlierAnswer] = Field(description="The periods before it, oldest first.")
    trends: list[TrendAnswer] = Field(
        description="Each indicator, the guide's and the network's, over the periods; empty where there is one alone."
    )


def _question(request: IndicatorsRequest, _basis: Basis) -> tuple[Period, ...]:
    return tuple(_period(each) for each in (*request.earlier_periods, request))


def _period(given: AccountingPeriod) -> Period:
    figures: dict[str, Decimal] = {}
    months: list[dict[str, Decimal]] = []
    for section in SECTIONS:
        part = getattr(given, section)
        if part is not None:
            figures |= _figures(part)
    if given.membership is not None:
        months = [_figures(month) for month in given.membership.months or ()]
    return Period(given.period, figures, months)


def _figures(part: BaseModel) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in part if isinstance(value, Decimal | int)}


def _report(periods: tuple[Period, ...], basis: Basis) -> Answered[Report]:
    report = monitoring_report(periods, basis.assumptions["benchmarks"])
    return Answered(report, report.errata)


def _fields(report: Report, _basis: Basis) -> dict[str, Any]:
    *earlier, last = report.periods
    return {
        **_accounts(last),
        "verdict": report.verdict,
        "indicators": [_indicator(each) for each in last.indicators],
        "network_indicators": [_indicator(each) for each in last.network],
        "earlier_periods": [_accounts(each) for each in earlier],
        "trends": _trends(report) if earlier else [],
    }


def _accounts(period: PeriodReport) -> dict[str, Any]:
    return {
        "period": period.name,
        "totals": [_total(each) for each in period.totals],
        "findings": [_finding(each) for each in period.findings],
    }


def _total(added: AddedUp) -> dict[str, Any]:
    total = added.total
    return {
        "name": total.name,
        "line": total.line,
        "statement": total.statement,
        "formula": _TEXTS[_place(total.add)].text,
        "value": exact_text(added.value),
        "stated": exact_text(added.stated),
        "missing": [_field(line) for line in added.missing],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "fields": [_field(line) for line in finding.lines],
        "expected": exact_text(finding.expected),
        "stated": exact_text(finding.stated),
        "detail": finding.detail,
    }


def _indicator(found: Assessment) -> dict[str, Any]:
    indicator, benchmark = found.indicator, found.benchmark
    by_formula = indicator.ratio is not None and _TEXTS[_place(indicator.ratio)]
    (line,) = indicator.inputs if not by_formula else ("",)
    return {
        "indicator": indicator.name,
        "code": indicator.code,
        "area": indicator.area,
        "value": exact_text(found.value),
        "unit": by_formula.unit if by_formula else _UNITS[indicator.name],
        "formula": by_formula.text if by_formula else line,
        "benchmark": benchmark
        and {"bound": benchmark.bound, "value": exact_text(benchmark.value), "ceiling": exact_text(benchmark.ceiling)},
        "verdict": found.verdict,
        "short_by": exact_text(found.short_by),
        "reason": found.reason,
        "missing": [_field(line) for line in found.missing],
        "meaning": indicator.meaning,
        "defined_by": "source" if indicator.is_defined else "general_use",
        "source": by_formula.source if by_formula else "ilo-hmis-2007 Table 4",
    }


def _trends(report: Report) -> list[dict[str, Any]]:
    trends = []
    for position, indicator in enumerate((*GUIDE_INDICATORS, *NETWORK_INDICATORS)):
        points: list[dict[str, Any]] = []
        before: Decimal | None = None
        for period in report.periods:
            value = (*period.indicators, *period.network)[position].value
            change = None if value is None or before is None else value - before
            points.append({"period": period.name, "value": exact_text(value), "change": exact_text(change)})
            before = value
        trends.append({"indicator": indicator.name, "points": points})
    return trends


_TEXTS = {f"{entry.room}.{entry.name}": entry for entry in catalogue()}
_UNITS = {"net_income": "currency of the statement", "monitoring_quality": "fraction"}


def _place(formula: Any) -> str:
    return f"{formula.__module__}.{formula.__name__}"


def _field(line: str) -> str:
    return f"{_SECTION_OF[line]}.{line}" if line in _SECTION_OF else f"membership.months.{line}"


INDICATORS = Calculator(
    method="POST",
    path="/v1/monitoring/indicators",
    operation_id="createMonitoringReport",
    summary="Indicators of a scheme",
    description=(
        "Totals of a health microinsurance scheme's income statement and balance sheet, what in them does not add up, "
        "and every indicator that they give, against the benchmarks of a sustainable scheme (ilo-hmis-2007, Tables 1, "
        "2, 4-7). The Microinsurance Network's key indicators stand apart. With earlier periods also trends."
    ),
    tag="monitoring",
    request=IndicatorsRequest,
    answer=IndicatorsAnswer,
    roles=("benchmarks",),
    question=_question,
    formula=_report,
    fields=_fields,
)
