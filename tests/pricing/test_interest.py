"""Discounting at compound interest."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.interest import discount_factor, mid_year_discount_factor
from tests.pricing.exact import agree, nearest

interest_rates = st.decimals(0, 10, places=6)


@pytest.mark.parametrize(
    ("interest_rate", "v", "mid_year"),
    [("0", "1", "1"), ("0.25", "0.8", None), ("0.5625", "0.64", "0.8"), ("3", "0.25", "0.5")],
)
def test_known_discount_factors(interest_rate: str, v: str, mid_year: str | None) -> None:
    assert discount_factor(Decimal(interest_rate)) == Decimal(v)
    if mid_year is not None:
        assert mid_year_discount_factor(Decimal(interest_rate)) == Decimal(mid_year)


def test_at_6_percent_the_factors_are_the_nearest_of_34_digits() -> None:
    assert discount_factor(Decimal("0.06")) == Decimal("0.9433962264150943396226415094339623")
    assert mid_year_discount_factor(Decimal("0.06")) == Decimal("0.9712858623572641807356008928488255")


@given(interest_rates)
def test_a_years_discount_is_exact_to_the_last_of_34_digits(interest_rate: Decimal) -> None:
    assert discount_factor(interest_rate) == nearest(1 / (1 + Fraction(interest_rate)))


@given(interest_rates, interest_rates)
def test_more_interest_discounts_more(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert (discount_factor(low) > discount_factor(high)) == (low < high)
    assert (mid_year_discount_factor(low) > mid_year_discount_factor(high)) == (low < high)


@given(interest_rates)
def test_half_a_year_twice_is_a_year(interest_rate: Decimal) -> None:
    half_a_year = Fraction(mid_year_discount_factor(interest_rate))
    assert agree(half_a_year**2, Fraction(discount_factor(interest_rate)), roundings=2)


@given(interest_rates)
def test_the_middle_of_the_year_is_discounted_less_than_its_end(interest_rate: Decimal) -> None:
    v = discount_factor(interest_rate)
    assert 0 < v <= mid_year_discount_factor(interest_rate) <= 1
