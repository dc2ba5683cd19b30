"""What docs/nssf-branch.md says of the multipliers is so; run as a module, it prints the table."""

from datetime import date
from decimal import Decimal

import pytest

from pricing.life import LifeTable
from pricing.nssf.assumptions import Multipliers
from pricing.nssf.liabilities import (
    Liabilities,
    Pension,
    liabilities_by_life_table,
    liabilities_by_multipliers,
)
from tables.resolution import resolve
from tables.snapshot import Snapshot
from tests.docs.console import ROOT, rows

DOCUMENT = ROOT / "docs" / "nssf-branch.md"
AGES = (0, 1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 99)


def _valued(snapshot: Snapshot) -> tuple[Liabilities, Liabilities]:
    """A pension at every age of the document, by the multipliers and by the life table."""
    found = resolve(snapshot, ("multipliers", "life_table"), date(2026, 12, 1)).assumptions
    multipliers: Multipliers = found["multipliers"]
    life_table: LifeTable = found["life_table"]
    pensions = [Pension("disability", Decimal(1), age) for age in AGES]
    printed = liabilities_by_multipliers(pensions, multipliers, 12)
    unit, rate = multipliers.unit.per_year, multipliers.discount_rate
    return printed, liabilities_by_life_table(pensions, life_table, rate, unit, 12)


def table(snapshot: Snapshot) -> list[list[str]]:
    """The rows of the document's table."""
    return [
        [
            str(ours.pension.age),
            f"{ours.multiplier:,}",
            f"{who.multiplier:,.0f}",
            f"{100 * (who.multiplier / ours.multiplier - 1):+.1f}%",
            f"{ours.mortality:.4f}",
            f"{who.mortality:.4f}",
        ]
        for ours, who in zip(*(each.pensions for each in _valued(snapshot)), strict=True)
    ]


def test_the_multipliers_compare_with_the_life_table_as_the_document_says(snapshot: Snapshot) -> None:
    assert rows(DOCUMENT, "age") == table(snapshot)


def test_they_are_within_a_few_per_cent_of_it_from_5_to_80(snapshot: Snapshot) -> None:
    printed, who = _valued(snapshot)
    for ours, theirs in zip(printed.pensions, who.pensions, strict=True):
        if 5 <= ours.pension.age <= 80:
            assert theirs.multiplier / ours.multiplier == pytest.approx(Decimal(1), abs=Decimal("0.04"))


if __name__ == "__main__":
    from sqlmodel import SQLModel

    from tables.shipped import shipped_tables
    from tables.store import load, open_store, seed

    store = open_store("sqlite://")
    with store.begin() as connection:
        SQLModel.metadata.create_all(connection)
        seed(connection, shipped_tables())
    for row in table(load(store)):
        print("|", " | ".join(row), "|")  # noqa: T201  (for the document)
