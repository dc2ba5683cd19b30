"""The trade-union MBA beside its premiums: disabilities, equity value, reinsurance and limits against the print."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from pricing.mba.assumptions import Covenants, DisabilitySchedule, MbaAssumptions, Reinsurance
from pricing.mba.benefits import NATURAL_DEATH
from pricing.mba.claims.disability import total_loss_share
from pricing.mba.equity_values import equity_value
from pricing.mba.plans import PRIMARY_MEMBER
from pricing.mba.premiums import insured_mortality_rate, tariff_premium
from pricing.rounding import CENTS, percent
from tables.resolution import resolve_role
from tables.snapshot import Snapshot
from tests.golden.reader import rows

SUAN = "suan-2009"
TREATIES = {"2002-2005": (date(2002, 1, 1), date(2005, 12, 31)), "2006": (date(2006, 1, 1), date(2026, 12, 1))}


def assumptions(snapshot: Snapshot, role: str, table: str, on: date = date(2026, 12, 1)) -> Any:
    return resolve_role(snapshot, role, table, on, None).assumptions


def test_the_table_of_disabilities_is_the_printed_one(snapshot: Snapshot) -> None:
    schedule: DisabilitySchedule = assumptions(snapshot, "disability_schedule", "mba-disability-schedule")
    printed = {row["loss"]: row["percent"] for row in rows(SUAN, "appendix_a")}
    assert len(printed) == 15
    assert {loss: percent(total_loss_share({loss: 1}, schedule)) for loss in schedule.losses} == printed


@pytest.mark.parametrize("column", TREATIES)
def test_the_treaties_are_the_printed_ones(snapshot: Snapshot, column: str) -> None:
    printed = {row["row"]: row[column] for row in rows(SUAN, "table_13")}
    for on in TREATIES[column]:
        treaty: Reinsurance = assumptions(snapshot, "reinsurance", "mba-reinsurance", on)
        assert {
            "quota_share_percent": percent(treaty.quota_share),
            "maximum_per_risk": str(treaty.maximum_per_risk),
            "annual_limit_minimum": str(treaty.annual_limit.minimum),
            "annual_limit_maximum": str(treaty.annual_limit.maximum),
            "premium_percent_of_gross_premium": percent(treaty.premium_rate),
            "experience_refund_percent_of_positive_balance": percent(treaty.experience_refund_rate),
            "natural_death_more_than_years": str(treaty.events["natural_death"].membership_years_above),
        } == printed
        assert treaty.currency == "USD"
        assert set(treaty.events) == {"natural_death", "accidental_death", "permanent_disability"}
        others = (treaty.events[kind].membership_years_above for kind in ("accidental_death", "permanent_disability"))
        assert set(others) == {None}


def test_the_limits_are_those_of_the_text(snapshot: Snapshot) -> None:
    limits: Covenants = assumptions(snapshot, "covenants", "mba-covenants")
    # "no higher than 35% of premium contributions exclusive of commission level of not more than 15%", "no lower than
    # 6%", "around 10%" (§VI); "no federation shall own or hold more than 20%", "not more than 2% on the rate" (§V).
    assert limits == Covenants(*map(Decimal, ("0.35", "0.15", "0.06", "0.1", "0.2", "0.02")))


def test_the_equity_values_give_the_equity_reserves_of_table_12(published: MbaAssumptions) -> None:
    """Cohorts of Plan 4F, whose members leave by death (q_43) and withdrawal (10%), at 4,116 KHR a USD (§IV)."""
    premium = partial(tariff_premium, assumptions=published)("F", PRIMARY_MEMBER).of(NATURAL_DEATH)
    basis, loading = published.pricing_basis, published.loadings.equity_value
    incidence = basis.insured[PRIMARY_MEMBER]
    staying = 1 - insured_mortality_rate(incidence, published.life_table) - Decimal("0.10")
    (total,) = (row for row in rows(SUAN, "table_10") if row["federation"] == "Total")
    (printed,) = (row for row in rows(SUAN, "table_12") if row["row"] == "equity_reserve")
    cohorts: list[Decimal] = []
    reserves = {"row": "equity_reserve"}
    for year in list(printed)[1:]:
        cohorts.append(int(total[year]) - sum(cohorts, start=Decimal(0)))
        cohorts = [members * staying for members in cohorts]
        values = (equity_value(premium, loading, basis.interest_rate, len(cohorts) - k) for k in range(len(cohorts)))
        reserve = sum((members * value for members, value in zip(cohorts, values, strict=True)), start=Decimal(0))
        reserves[year] = CENTS.text(reserve / 4116)
    assert reserves == printed
