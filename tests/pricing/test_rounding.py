"""Rounding: half up, once, and text without exponent."""

from decimal import ROUND_UP, Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.life import LifeTable, mortality_rate
from pricing.mba.premiums import gross_annual_premium_of_rider, net_annual_premium
from pricing.mba.quotes import component_monthly_premium
from pricing.rounding import EXACT, MONTHLY, WHOLE_RIEL, AmountTooLarge, Rounding, fraction, percent, plain

policies = st.sampled_from([EXACT, MONTHLY, WHOLE_RIEL])
# At most 30 digits, so that no value lies within the guard digits of a tie without being one.
amounts = st.decimals(0, 10**12, places=17)


@pytest.mark.parametrize(
    ("rounding", "value", "text"),
    [
        (WHOLE_RIEL, "0.5", "1"),
        (WHOLE_RIEL, "1.5", "2"),
        (WHOLE_RIEL, "2.5", "3"),
        (WHOLE_RIEL, "2.4999999999999999999", "2"),
        (WHOLE_RIEL, "2.5000000000000000001", "3"),
        (MONTHLY, "0.005", "0.01"),
        (MONTHLY, "0.015", "0.02"),
        (MONTHLY, "0.0149999999999999999", "0.01"),
        (EXACT, "0.0000000000005", "0.000000000001"),
        (EXACT, "0.0000000000025", "0.000000000003"),
        (EXACT, "0.00000000000049999999", "0.000000000000"),
        (EXACT, "1693.5661774999995", "1693.566177500000"),
    ],
)
def test_a_tie_goes_up_and_anything_below_it_down(rounding: Rounding, value: str, text: str) -> None:
    assert rounding.text(Decimal(value)) == text


@pytest.mark.parametrize(
    ("rounding", "value", "text"),
    [
        (WHOLE_RIEL, "7236", "7236"),
        (MONTHLY, "5", "5.00"),
        (MONTHLY, "7.1E+3", "7100.00"),
        (EXACT, "4.5", "4.500000000000"),
        (EXACT, "1E-20", "0.000000000000"),
    ],
)
def test_every_decimal_place_is_shown_without_exponent(rounding: Rounding, value: str, text: str) -> None:
    assert rounding.text(Decimal(value)) == text


@pytest.mark.parametrize("rounding", [EXACT, MONTHLY, WHOLE_RIEL])
@pytest.mark.parametrize("zero", ["0", "-0", "-0.00", "0E+9", "-0E-40"])
def test_zero_has_no_sign_and_no_exponent(rounding: Rounding, zero: str) -> None:
    assert rounding.text(Decimal(zero)) == rounding.text(Decimal(0))
    assert plain(Decimal(zero)) == "0"


@pytest.mark.parametrize(
    ("rounding", "value", "text"),
    [
        (EXACT, "9999999999999.9999999999995", "10000000000000.000000000000"),
        (EXACT, "999999999999999999.999999999999", "999999999999999999.999999999999"),
        (EXACT, "123456789012345678.1234567890121", "123456789012345678.123456789012"),
        (MONTHLY, "9999999999999999999999999999.99", "9999999999999999999999999999.99"),
        (WHOLE_RIEL, "999999999999999999999999999999", "999999999999999999999999999999"),
    ],
)
def test_every_place_of_the_largest_values_is_theirs(rounding: Rounding, value: str, text: str) -> None:
    assert rounding.text(Decimal(value)) == text


@pytest.mark.parametrize(
    ("rounding", "value"),
    [
        (EXACT, "1E+18"),
        (EXACT, "1234567890123456789.123456789012"),
        (EXACT, "-1E+18"),
        (EXACT, "1E+100"),
        (MONTHLY, "1E+28"),
        (WHOLE_RIEL, "1E+30"),
        (WHOLE_RIEL, "9.99E+6143"),
    ],
)
def test_a_value_that_its_digits_cannot_show_is_refused(rounding: Rounding, value: str) -> None:
    with pytest.raises(AmountTooLarge) as refusal:
        rounding.text(Decimal(value))
    assert "too large" in str(refusal.value)


@given(policies, amounts)
def test_rounding_moves_a_value_by_half_a_unit_at_most(rounding: Rounding, value: Decimal) -> None:
    half_unit = Decimal(5).scaleb(-rounding.places - 1)
    with localcontext(Context(prec=60)):
        assert -half_unit < rounding.round(value) - value <= half_unit


@given(policies, amounts)
def test_rounding_twice_is_rounding_once(rounding: Rounding, value: Decimal) -> None:
    once = rounding.round(value)
    assert rounding.round(once) == once


@given(policies, amounts, amounts)
def test_rounding_keeps_the_order(rounding: Rounding, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert rounding.round(low) <= rounding.round(high)


@given(policies, amounts)
def test_the_text_has_exactly_the_policys_decimals(rounding: Rounding, value: Decimal) -> None:
    whole, _, decimals = rounding.text(value).partition(".")
    assert whole.isdigit()
    assert len(decimals) == rounding.places


@given(policies, amounts)
def test_rounding_does_not_depend_on_the_callers_context(rounding: Rounding, value: Decimal) -> None:
    expected = rounding.text(value)
    with localcontext(Context(prec=3, rounding=ROUND_UP)):
        assert rounding.text(value) == expected


def test_a_tie_is_recovered_after_an_inexact_discount_factor() -> None:
    """At 44% interest v^(1/2) is 1 / 1.2, which has no end in decimals; 130 · 6E-14 / 1.2 is 6.5E-12 exactly."""
    premium = net_annual_premium(Decimal(130), Decimal("6E-14"), Decimal(0), Decimal("0.44"))
    assert premium < Decimal("6.5E-12")
    assert EXACT.text(premium) == "0.000000000007"


def test_a_tie_is_recovered_after_an_inexact_gross_premium() -> None:
    """0.51 / (1 - 0.55) has no end in decimals; 4.5 of it in twelve parts are 0.425 exactly."""
    gross = gross_annual_premium_of_rider(
        "hospitalization", Decimal("0.51"), Decimal("0.35"), Decimal("0.15"), Decimal("0.05")
    )
    monthly = component_monthly_premium(Decimal("4.5"), gross, 12)
    assert monthly < Decimal("0.425")
    assert MONTHLY.text(monthly) == "0.43"


def test_a_tie_is_recovered_after_an_inexact_mortality_rate() -> None:
    """One in 300 has no end in decimals; 150 of it are a half exactly."""
    q_x = mortality_rate(LifeTable({40: Decimal(300), 41: Decimal(299)}), 40)
    premium = net_annual_premium(Decimal(150), q_x, Decimal(0), Decimal(0))
    assert premium < Decimal("0.5")
    assert WHOLE_RIEL.text(premium) == "1"


@pytest.mark.parametrize(("digits", "rounded"), [(34, "3"), (31, "3"), (29, "2")])
def test_only_the_guard_digits_are_forgiven(digits: int, rounded: str) -> None:
    one_short = Decimal("2.4" + "9" * (digits - 2))
    assert WHOLE_RIEL.text(one_short) == rounded


@pytest.mark.parametrize(
    ("value", "text"),
    [("4.50", "4.5"), ("9E+4", "90000"), ("90000", "90000"), ("100", "100"), ("1E-7", "0.0000001"), ("-2.50", "-2.5")],
)
def test_plain_shows_a_decimal_as_people_write_it(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_plain_says_the_same_number_without_exponent_or_trailing_zeros(value: Decimal) -> None:
    text = plain(value)
    assert Decimal(text) == value
    assert set(text) <= set("-.0123456789")
    assert not ("." in text and text.endswith(("0", ".")))


@pytest.mark.parametrize("percentage", ["0", "0.01", "19.99", "20", "100", "33.33333333333333333333"])
def test_a_fraction_is_a_percentage_and_back(percentage: str) -> None:
    part = fraction(Decimal(percentage))
    assert part * 100 == Decimal(percentage)
    assert percent(part) == percentage


def test_a_percentage_keeps_its_digits_in_any_context() -> None:
    with localcontext(Context(prec=5)):
        assert percent(Decimal("0.123456789")) == "12.3456789"


def test_an_amount_too_large_says_what_would_make_it_smaller() -> None:
    assert MONTHLY.text(Decimal(10) ** 27) == f"{10**27}.00"
    with pytest.raises(AmountTooLarge) as refused:
        MONTHLY.text(Decimal(10) ** 28)
    assert str(refused.value) == (
        "An amount of the answer is too large to be exact to its last decimal place. "
        "Send smaller amounts, or less extreme rates."
    )
