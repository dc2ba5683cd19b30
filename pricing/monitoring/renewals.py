"""Renewals and lapses by cohort, the month in which contracts ended (ilo-hmis-2007 Table 6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pricing.monitoring.assessment import Assessment, assessed
from pricing.monitoring.assumptions import Benchmarks
from pricing.monitoring.indicators import GUIDE_INDICATORS
from pricing.monitoring.membership_ratios import renewal_rate
from pricing.trace import formula


@dataclass(frozen=True)
class RenewalRow:
    """Contracts that ended in a month, in one promoter's list."""

    cohort: str
    promoter: str | None
    due: int
    renewed: int


@dataclass(frozen=True)
class Cohort:
    """Contracts that go together; the rates are None where none was due."""

    cohort: str | None
    promoter: str | None
    due: int
    renewed: int
    lapsed: int
    renewal: Decimal | None
    lapse: Decimal | None


@dataclass(frozen=True)
class Renewals:
    """Every cohort, every promoter, all together, and how all together stand to the benchmark."""

    cohorts: tuple[Cohort, ...]
    promoters: tuple[Cohort, ...]
    total: Cohort
    assessment: Assessment

    @property
    def shown(self) -> str:
        """The verdict on all together."""
        return self.assessment.verdict


@formula("lapse rate", source="ilo-hmis-2007 Table 6", unit="fraction")
def lapse_rate(lapsed: Decimal, due: Decimal) -> Decimal:
    """Contracts that were not renewed, by those up for renewal.

    Formula: lapse rate = (due - renewed) / due
    Args:
        lapsed: those due less those renewed.
        due: number that was up for renewal, above 0.
    Returns: a fraction, unrounded.
    """
    return lapsed / due


@formula("renewals", source="ilo-hmis-2007 Table 6", unit="verdict", shows="shown")
def renewals_by_cohort(rows: Iterable[RenewalRow], benchmarks: Benchmarks) -> Renewals:
    """Renewal and lapse of each cohort, each promoter's contracts, and all.

    Formula: renewal rate = renewed / due, lapse rate = (due - renewed) / due
    Args:
        rows: contracts due and renewed, renewed at most as many as due.
        benchmarks: what the renewal rate of all is held against.
    Returns: cohorts in order of their month.
    """
    given = list(rows)
    cohorts: dict[str, list[RenewalRow]] = {}
    promoters: dict[str, list[RenewalRow]] = {}
    for row in given:
        cohorts.setdefault(row.cohort, []).append(row)
        if row.promoter is not None:
            promoters.setdefault(row.promoter, []).append(row)
    total = _cohort(None, None, given)
    return Renewals(
        tuple(_cohort(each, None, together) for each, together in sorted(cohorts.items())),
        tuple(_cohort(None, each, together) for each, together in sorted(promoters.items())),
        total,
        assessed(
            _RATE,
            {"contracts_due": Decimal(total.due), "contracts_renewed": Decimal(total.renewed)},
            benchmarks.indicators.get(_RATE.name),
            None,
        ),
    )


(_RATE,) = (each for each in GUIDE_INDICATORS if each.ratio is renewal_rate)


def _cohort(cohort: str | None, promoter: str | None, rows: list[RenewalRow]) -> Cohort:
    due, renewed = sum(row.due for row in rows), sum(row.renewed for row in rows)
    lapsed = due - renewed
    if not due:
        return Cohort(cohort, promoter, due, renewed, lapsed, None, None)
    renewal = renewal_rate(Decimal(renewed), Decimal(due))
    return Cohort(cohort, promoter, due, renewed, lapsed, renewal, lapse_rate(Decimal(lapsed), Decimal(due)))
