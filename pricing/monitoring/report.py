"""A scheme's accounts, period by period: totals, findings, indicators, trends (ilo-hmis-2007 Tables 1-7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.monitoring.assessment import MEETS, NOT_APPLICABLE, SHORT, Assessment, assessed
from pricing.monitoring.assumptions import AFTER_SUBSIDIES, Benchmarks
from pricing.monitoring.checks import carried_forward, findings, month_findings
from pricing.monitoring.indicators import GUIDE_INDICATORS, NET_INCOME, NETWORK_INDICATORS, Indicator
from pricing.monitoring.lines import AddedUp, Figures, Finding, added_up
from pricing.monitoring.membership import Month, from_months
from pricing.trace import formula

NET_INCOME_ERRATUM = "ilo-hmis-2007-e1"
"""Table 4's line of net income is not the one that it describes."""


@dataclass(frozen=True)
class Period:
    """What is known of a period: its figures by line, and the months of its beneficiaries monitoring sheet."""

    name: str
    figures: Figures
    months: Sequence[Month]


@dataclass(frozen=True)
class PeriodReport:
    """A period's totals, what does not add up, and its indicators, the guide's and the network's apart."""

    name: str
    totals: tuple[AddedUp, ...]
    findings: tuple[Finding, ...]
    indicators: tuple[Assessment, ...]
    network: tuple[Assessment, ...]


@dataclass(frozen=True)
class Report:
    """Every period, oldest first, and how the last one's indicators of the guide turned out.

    Attributes:
        periods: the periods.
        verdict: how many meet their benchmark, are short of it, or have none to meet.
        errata: the published mistakes whose cells were used.
    """

    periods: tuple[PeriodReport, ...]
    verdict: str
    errata: tuple[str, ...]


@formula("indicators", source="ilo-hmis-2007 Table 4", unit="verdicts", shows="verdict")
def monitoring_report(periods: Sequence[Period], benchmarks: Benchmarks) -> Report:
    """Totals, indicators and verdicts of each period.

    Formula: totals of Tables 1 and 2, ratios of them, each held against its benchmark of Table 4
    Args:
        periods: oldest first, at least one.
        benchmarks: what indicators are held against.
    Returns: a report of each period.
    """
    reports: list[PeriodReport] = []
    earlier: Figures = {}
    values: Mapping[str, Decimal | None] = {}
    for period in periods:
        known = {**from_months(period.months), **period.figures}
        known |= carried_forward(known, earlier)
        accounts = added_up(known, period.figures)
        figures = accounts.figures
        guide = tuple(_assessed(each, figures, benchmarks, values) for each in GUIDE_INDICATORS)
        network = tuple(assessed(each, figures, None, None) for each in NETWORK_INDICATORS)
        found = (
            *month_findings(period.figures, period.months),
            *accounts.findings,
            *findings(figures, earlier),
        )
        reports.append(PeriodReport(period.name, accounts.totals, found, guide, network))
        earlier, values = figures, {each.indicator.name: each.value for each in guide}
    last = reports[-1].indicators
    counted = {verdict: sum(each.verdict == verdict for each in last) for verdict in (MEETS, SHORT, NOT_APPLICABLE)}
    verdict = ", ".join(f"{name} {count}" for name, count in counted.items())
    used = any(each.indicator.name == NET_INCOME and each.verdict != NOT_APPLICABLE for each in last)
    return Report(tuple(reports), verdict, (NET_INCOME_ERRATUM,) if used else ())


def _assessed(
    indicator: Indicator, figures: Figures, benchmarks: Benchmarks, earlier: Mapping[str, Decimal | None]
) -> Assessment:
    benchmark = benchmarks.indicators.get(indicator.name)
    if indicator.name == NET_INCOME and benchmarks.net_income_line == AFTER_SUBSIDIES:
        indicator = _AFTER
    return assessed(indicator, figures, benchmark, earlier.get(indicator.name))


def _after_subsidies() -> Indicator:
    (found,) = (each for each in GUIDE_INDICATORS if each.name == NET_INCOME)
    return Indicator(
        found.name, found.code, found.area, None, ("net_income_after_subsidies",), (), found.meaning, found.is_defined
    )


_AFTER = _after_subsidies()
