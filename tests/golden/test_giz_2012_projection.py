"""A projection without growth has in every year the cost ratio that giz-2012 prints, and proposes the printed rate."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from tables.published import PublishedCell, published_tables
from tests.api.support import SHI_PROJECTIONS, answer, post

RATIOS: dict[tuple[str, str, str], dict[str, Any]] = {
    **{
        ("giz-2012-table-4.7", "PAYG cost ratio", f"Option {number}"): {"benefits": {"medical_option": number}}
        for number in (1, 2, 3)
    },
    **{("giz-2012-table-4.13", "TOTAL", f"Scenario {number}"): {"scenario": number} for number in (1, 2, 3)},
    ("giz-2012-table-5.8", "Contribution base 1 (basic salaries)", "Value"): {"civil_servants": {}},
    ("giz-2012-table-5.8", "Contribution base 2, (full salaries)", "Value"): {
        "civil_servants": {"contribution_base": "full"}
    },
}
"""The printed cost ratios by table, row and column, and what to project."""


def cell(table: str, row: str, column: str) -> PublishedCell:
    (found,) = (each for each in published_tables()[table].cells if (each.row, each.column) == (row, column))
    return found


def assert_is(printed: PublishedCell, value: str) -> None:
    """That a rate is the printed percentage, half up at its places."""
    text = printed.printed.removesuffix("%")
    step = Decimal(1).scaleb(-len(text.partition(".")[2]))
    assert (Decimal(value) * 100).quantize(step, ROUND_HALF_UP) == Decimal(text)


@pytest.mark.parametrize("place", RATIOS)
def test_every_year_has_the_printed_ratio(client: TestClient, place: tuple[str, str, str]) -> None:
    found = answer(post(client, SHI_PROJECTIONS, {"as_of": "2026-12-01", "years": 3, **RATIOS[place]}))
    for value in (found["level_contribution_rate"], *(year["payg_cost_ratio"] for year in found["years"])):
        assert_is(cell(*place), value)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_level_rate_is_proposed_as_printed(client: TestClient, number: int) -> None:
    found = answer(post(client, SHI_PROJECTIONS, {"as_of": "2026-12-01", "years": 5, "scenario": number}))
    printed = cell("giz-2012-table-4.13", "Contribution rate (proposed)", f"Scenario {number}")
    assert_is(printed, found["proposed_contribution_rate"])
