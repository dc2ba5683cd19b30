"""Premium scales of other schemes against the figures that the documents print."""

from datetime import date
from decimal import Decimal

import pytest

from pricing.rounding import percent
from pricing.tariffs.assumptions import Tariff
from pricing.tariffs.quotes import TariffQuote, tariff_quote
from tables.resolution import resolve_role
from tables.snapshot import Snapshot
from tests.golden.reader import Row, rows

HMIS, GIZ = "ilo-hmis-2007", "giz-2012"
SCALES = rows(HMIS, "premium_scales")


def tariff(snapshot: Snapshot, scheme: str) -> Tariff:
    found: Tariff = resolve_role(snapshot, "tariff", f"tariff-{scheme}", date(2026, 12, 1), None).assumptions
    return found


def quote(snapshot: Snapshot, scheme: str, member: str, persons: int, month: int | None = None) -> TariffQuote:
    return tariff_quote(member, persons, None, month, tariff(snapshot, scheme))


def sizes(row: Row) -> range:
    """Numbers of persons that a printed row is for; where it prints none, all up to the largest printed elsewhere."""
    if row["smallest"].startswith("above"):
        return range(int(row["smallest"].split()[1]) + 1, 31)
    return range(int(row["smallest"] or 1), int(row["largest"] or 6) + 1)


@pytest.mark.parametrize("row", SCALES, ids=lambda row: f"{row['scheme']} {row['membership_class']} {row['smallest']}")
def test_the_scales_are_the_printed_ones(snapshot: Snapshot, row: Row) -> None:
    assert len(SCALES) == 6
    for persons in sizes(row):
        times = persons if row["unit"] == "person" else 1
        found = quote(snapshot, row["scheme"], row["membership_class"], persons)
        assert found.premium == Decimal(row["premium"]) * times
        assert found.subsidy == Decimal(row["state"]) * times
        assert found.total == (Decimal(row["premium"]) + Decimal(row["state"])) * times
        by_payer = {each.payer: (each.amount, each.subsidy) for each in found.payments}
        assert by_payer.pop("member") == (found.premium, False)
        assert by_payer == ({"state": (found.subsidy, True)} if found.subsidy else {})


@pytest.mark.parametrize("row", rows(HMIS, "earned_premium"), ids=lambda row: row["effective"])
@pytest.mark.parametrize(("member", "premium"), [("microfinance_member", 100), ("other_member", 250)])
def test_earned_premium_is_as_in_the_example(snapshot: Snapshot, row: Row, member: str, premium: int) -> None:
    found = quote(snapshot, "brac", member, 4, date.fromisoformat(row["effective"]).month)
    assert found.earned is not None
    assert str(found.earned.months) == row["months"]
    assert abs(found.earned.earned * int(row["of"]) - premium * int(row["months"])) < Decimal("1e-28")
    assert found.earned.earned + found.earned.unearned == found.premium == premium


@pytest.mark.parametrize("row", rows(GIZ, "annex_a_premium"), ids=lambda row: row["membership_class"])
def test_hip_is_paid_by_the_employer_wholly_or_by_half(snapshot: Snapshot, row: Row) -> None:
    found = quote(snapshot, "hip", row["membership_class"], 1)
    assert found.premium == found.total == Decimal(row["premium"])
    assert found.subsidy == 0
    by_payer = {each.payer: each.amount for each in found.payments}
    assert by_payer["employer"] * 100 == Decimal(row["premium"]) * int(row["employer_percent"])
    assert sum(by_payer.values()) == found.premium
    assert tariff(snapshot, "hip").period_months == 1


def test_the_proposed_rates_are_the_printed_ones(snapshot: Snapshot) -> None:
    scale = tariff(snapshot, "nssf-shi")
    printed = {f"scenario_{row['scenario']}": Decimal(row["percent"]) for row in rows(GIZ, "table_4_13_proposed_rates")}
    found = {name: Decimal(percent(each.rate)) for name, each in scale.classes.items() if each.rate is not None}
    assert found == printed
    for name, rate in printed.items():
        assert tariff_quote(name, None, Decimal(500_000), None, scale).premium == rate * 5_000
    # Section 3.8: "a minimum amount (floor) of 200,000 KHR and a maximum amount (ceiling) of one million KHR".
    assert scale.income is not None
    assert scale.income.lowest == 200_000
    assert scale.income.highest == 1_000_000


def test_currencies_are_those_of_the_print(snapshot: Snapshot) -> None:
    currencies = {"vdrc": "NPR", "brac": "BDT", "yeshasvini": "INR", "hip": "USD", "nssf-shi": "KHR"}
    assert {scheme: tariff(snapshot, scheme).currency for scheme in currencies} == currencies
