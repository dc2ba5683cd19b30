"""Life tables: survivors and mortality between the ages that a table prints."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.life import (
    AgeOutsideLifeTable,
    LifeTable,
    mean_mortality_rate,
    mortality_rate,
    survivors,
    tabulated_survivors,
)
from tests.pricing.exact import nearest

LAST_DIGIT = Fraction(1, 10**34)
"""A unit in the last of the 34 decimals of a fraction: q_x rounds twice, by at most half of it each time."""

CAMBODIA = LifeTable({40: Decimal(83109), 45: Decimal(80528), 50: Decimal(77247)})


@st.composite
def life_tables(draw: st.DrawFn) -> LifeTable:
    ages = sorted(draw(st.sets(st.integers(0, 110), min_size=2, max_size=12)))
    lives = draw(st.lists(st.integers(1, 1_000_000), min_size=len(ages), max_size=len(ages)))
    return LifeTable(dict(zip(ages, map(Decimal, sorted(lives, reverse=True)), strict=True)))


def rated_ages(life_table: LifeTable) -> range:
    return range(life_table.first_age, life_table.last_age + 1)


def every_age(life_table: LifeTable) -> range:
    return range(min(life_table.survivors), max(life_table.survivors) + 1)


@pytest.mark.parametrize(
    ("age", "lives"), [(40, "83109"), (43, "81560.4"), (44, "81044.2"), (45, "80528"), (47, "79215.6"), (50, "77247")]
)
def test_known_survivors(age: int, lives: str) -> None:
    assert survivors(CAMBODIA, age) == Decimal(lives)


def test_known_mortality() -> None:
    q_43 = Fraction("516.2") / Fraction("81560.4")
    assert abs(Fraction(mortality_rate(CAMBODIA, 43)) - q_43) <= LAST_DIGIT


@given(life_tables())
def test_survivors_never_increase_with_age(life_table: LifeTable) -> None:
    lives = [survivors(life_table, age) for age in every_age(life_table)]
    assert lives == sorted(lives, reverse=True)


@given(life_tables())
def test_survivors_lie_between_those_of_the_neighbouring_printed_ages(life_table: LifeTable) -> None:
    for (x, l_x), (next_x, l_next) in pairwise(life_table.survivors.items()):
        assert all(l_next <= survivors(life_table, age) <= l_x for age in range(x, next_x + 1))


@given(life_tables())
def test_survivors_at_a_printed_age_are_the_printed_ones(life_table: LifeTable) -> None:
    for age, lives in life_table.survivors.items():
        assert survivors(life_table, age) == tabulated_survivors(life_table, age) == lives


@given(life_tables())
def test_as_many_die_in_every_year_of_a_group(life_table: LifeTable) -> None:
    for (x, l_x), (next_x, l_next) in pairwise(life_table.survivors.items()):
        deaths_a_year = Fraction(l_x - l_next) / (next_x - x)
        for t in range(next_x - x):
            assert survivors(life_table, x + t) == nearest(Fraction(l_x) - t * deaths_a_year)


@given(life_tables())
def test_whoever_does_not_survive_the_year_dies_in_it(life_table: LifeTable) -> None:
    for age in rated_ages(life_table):
        q_x = mortality_rate(life_table, age)
        p_x = Fraction(survivors(life_table, age + 1)) / Fraction(survivors(life_table, age))
        assert 0 <= q_x <= 1
        assert abs(p_x + Fraction(q_x) - 1) <= LAST_DIGIT


@given(life_tables())
def test_surviving_year_after_year_is_surviving_them_all(life_table: LifeTable) -> None:
    years = rated_ages(life_table)
    p = prod(1 - Fraction(mortality_rate(life_table, age)) for age in years)
    survived = Fraction(life_table.survivors[years.stop]) / Fraction(life_table.survivors[years.start])
    assert abs(p - survived) <= len(years) * LAST_DIGIT


@given(life_tables())
def test_the_mean_of_one_age_is_its_own_rate(life_table: LifeTable) -> None:
    for age in rated_ages(life_table):
        assert mean_mortality_rate(life_table, age, age) == mortality_rate(life_table, age)


@given(life_tables())
def test_the_mean_of_a_band_lies_among_its_rates(life_table: LifeTable) -> None:
    rates = [mortality_rate(life_table, age) for age in rated_ages(life_table)]
    mean = mean_mortality_rate(life_table, life_table.first_age, life_table.last_age)
    assert min(rates) <= mean <= max(rates)


def test_the_mean_counts_every_age_of_the_band_once() -> None:
    life_table = LifeTable({0: Decimal(100), 1: Decimal(90), 2: Decimal(45), 3: Decimal(18)})
    assert mean_mortality_rate(life_table, 0, 1) == Decimal("0.3")
    assert mean_mortality_rate(life_table, 1, 2) == Decimal("0.55")


@pytest.mark.parametrize("age", [39, 51])
def test_survivors_outside_the_table_are_refused_with_the_ages_that_have_mortality(age: int) -> None:
    with pytest.raises(AgeOutsideLifeTable) as refusal:
        survivors(CAMBODIA, age)
    assert (refusal.value.first_age, refusal.value.last_age) == (40, 49)


@pytest.mark.parametrize("age", [40, 49])
def test_mortality_reaches_to_the_last_age_whose_next_year_is_known(age: int) -> None:
    assert 0 < mortality_rate(CAMBODIA, age) < 1


@pytest.mark.parametrize("age", [39, 50])
def test_mortality_outside_the_table_is_refused_with_the_ages_that_it_has(age: int) -> None:
    with pytest.raises(AgeOutsideLifeTable) as refusal:
        mortality_rate(CAMBODIA, age)
    assert (refusal.value.first_age, refusal.value.last_age) == (40, 49)
    assert str(refusal.value) == (
        "The life table gives mortality rates for ages 40 to 49 only. "
        "Use an age in that range, or give the mortality rate in its place."
    )


def test_a_band_that_leaves_the_table_is_refused() -> None:
    with pytest.raises(AgeOutsideLifeTable):
        mean_mortality_rate(CAMBODIA, 48, 50)
