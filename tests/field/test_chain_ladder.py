"""Chain ladder against chainladder, the field's own library, on its standard examples RAA, UKMotor and GenIns."""

from decimal import Decimal
from typing import Any

import pytest

from pricing.arithmetic import CONTEXT
from pricing.monitoring.development import Triangle, chain_ladder
from tests.field.asking import said

SAMPLES = ("raa", "ukmotor", "genins")
# What the literature prints for the reserves of all years: Mack (1993) GenIns 18,681 thousand, Mack (1994) RAA 52,135.
PRINTED = {"genins": ("18681", -3), "raa": ("52135", 0)}
_FLOAT = Decimal("1e-9")


@pytest.fixture(scope="module")
def library() -> Any:
    """What the library makes of each sample."""
    return said("chain_ladder", *SAMPLES)


def triangle(sample: Any) -> Triangle:
    return [[Decimal(int(cell)) for cell in row] for row in sample["claims"]]


@pytest.mark.parametrize("name", SAMPLES)
def test_factors_and_reserves_are_the_library_s(library: Any, name: str) -> None:
    """To the accuracy of its floats."""
    sample = library[name]
    ours = chain_ladder(triangle(sample), Decimal(1))
    assert len(ours.origins) == len(sample["claims"]) == len(sample["factors"]) + 1 > 6
    pairs = [
        *zip(ours.factors, sample["factors"], strict=True),
        *zip((each.ultimate for each in ours.origins), sample["ultimate"], strict=True),
        *zip((each.reserve for each in ours.origins), sample["reserves"], strict=True),
    ]
    assert [(own, its) for own, its in pairs if abs(own - Decimal(its)) > _FLOAT * max(abs(own), Decimal(1))] == []


@pytest.mark.parametrize("name", PRINTED)
def test_the_reserve_of_all_years_is_the_printed_one(library: Any, name: str) -> None:
    printed, scale = PRINTED[name]
    reserve = chain_ladder(triangle(library[name]), Decimal(1)).reserve
    assert abs(reserve.scaleb(scale, CONTEXT) - Decimal(printed)) <= Decimal("0.5")
