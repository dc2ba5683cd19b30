"""Survivors between two tabulated ages: textbook identities of the three assumptions."""

from decimal import Decimal, localcontext
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.arithmetic import CONTEXT
from pricing.fractional_ages import ASSUMPTIONS, BALDUCCI, CONSTANT_FORCE, UNIFORM, every_age
from pricing.life import LifeTable, survivors

TINY = Decimal("1e-25")
LIVES = st.decimals(min_value=1, max_value=100_000, places=3)
GROUPS = st.integers(2, 20).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n - 1)))


def close(one: Decimal, other: Decimal) -> bool:
    """Equal but for the last digits."""
    return abs(one - other) <= TINY * max(abs(one), abs(other))


@given(l_x=LIVES, share=st.decimals("0.01", 1, places=4), group=GROUPS)
def test_each_assumption_keeps_what_it_assumes(l_x: Decimal, share: Decimal, group: tuple[int, int]) -> None:
    n, t = group
    with localcontext(CONTEXT):
        end = l_x * share
        uniform, force, balducci = (ASSUMPTIONS[name](l_x, end, t, n) for name in (UNIFORM, CONSTANT_FORCE, BALDUCCI))
        s = Decimal(t) / n
        # Bowers et al. §3.6 for a group of n years, q being its mortality: tq = s q; tp = p^s; 1-s q_{x+s} = (1-s) q.
        q = 1 - share
        assert close(1 - uniform / l_x, s * q) or close(uniform, l_x * (1 - s * q))
        assert close((force / l_x) ** n, share**t)
        assert close(end / balducci, 1 - (1 - s) * q)
        # Means of the same two numbers, with the same weights.
        assert balducci <= force * (1 + TINY)
        assert force <= uniform * (1 + TINY)


def test_half_a_group_is_the_plain_mean_of_each_kind() -> None:
    # The means of 90 and 40: arithmetic 65, geometric 60, harmonic 720/13.
    with localcontext(CONTEXT):
        said = {name: between(Decimal(90), Decimal(40), 5, 10) for name, between in ASSUMPTIONS.items()}
        assert said[UNIFORM] == 65
        assert close(said[CONSTANT_FORCE], Decimal(60))
        assert close(said[BALDUCCI], Decimal(720) / 13)


@pytest.mark.parametrize("assumption", ASSUMPTIONS)
def test_the_ends_of_a_group_are_as_tabulated(assumption: str) -> None:
    with localcontext(CONTEXT):
        between = ASSUMPTIONS[assumption]
        assert close(between(Decimal(900), Decimal(400), 0, 7), Decimal(900))
        assert close(between(Decimal(900), Decimal(400), 7, 7), Decimal(400))


@pytest.mark.parametrize("assumption", ASSUMPTIONS)
def test_every_age_gets_survivors_that_never_increase_and_tabulated_ages_keep_theirs(assumption: str) -> None:
    tabulated = {0: Decimal(1000), 1: Decimal(930), 5: Decimal(900), 10: Decimal(900), 13: Decimal(1)}
    with localcontext(CONTEXT):
        whole = every_age(tabulated, assumption)
    assert list(whole) == list(range(14))
    assert {age: whole[age] for age in tabulated} == tabulated
    lives = list(whole.values())
    assert all(older <= younger * (1 + TINY) for younger, older in pairwise(lives))


def test_uniform_deaths_are_those_of_the_life_tables_own_formula() -> None:
    tabulated = {20: Decimal(90_000), 25: Decimal(88_123), 30: Decimal(85_000)}
    with localcontext(CONTEXT):
        whole = every_age(tabulated, UNIFORM)
        assert whole == {age: survivors(LifeTable(tabulated), age) for age in range(20, 31)}


def test_a_constant_force_gives_the_same_mortality_in_each_year_of_a_group() -> None:
    with localcontext(CONTEXT):
        whole = every_age({40: Decimal(1000), 45: Decimal(950)}, CONSTANT_FORCE)
        rates = [1 - whole[age + 1] / whole[age] for age in range(40, 45)]
    assert all(close(rate, rates[0]) for rate in rates)
