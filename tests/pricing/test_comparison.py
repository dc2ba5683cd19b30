"""Two readings of the tariff side by side; which cells differ, tests/golden says from the print."""

from dataclasses import replace
from functools import partial

import pytest

from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.comparison import Tariff, tariff_differences
from pricing.mba.premiums import tariff_premium


def tariff(assumptions: MbaAssumptions) -> Tariff:
    return assumptions, partial(tariff_premium, assumptions=assumptions)


def test_a_tariff_does_not_differ_from_itself(published: MbaAssumptions) -> None:
    assert tariff_differences(tariff(published), tariff(published)) == []


def test_tariffs_that_do_not_have_the_same_rows_are_not_compared_as_far_as_they_go(published: MbaAssumptions) -> None:
    couples = {"couple": published.packages.plan_types["couple"]}
    fewer = replace(published, packages=replace(published.packages, plan_types=couples, additional_codes={}))
    with pytest.raises(ValueError, match="shorter"):
        tariff_differences(tariff(published), tariff(fewer))
