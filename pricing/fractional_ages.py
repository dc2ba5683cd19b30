"""Survivors between two tabulated ages of an abridged life table, by the assumption that its user states.

No assumption is the right one by itself, so none is the default. Between the same two ages uniform deaths leave most
alive, Balducci's assumption fewest: the weighted arithmetic, geometric and harmonic mean.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType

from pricing.arithmetic import ONE
from pricing.trace import formula

UNIFORM = "uniform_distribution_of_deaths"
CONSTANT_FORCE = "constant_force"
BALDUCCI = "balducci"


@formula("l_{x+t}^U", source="bowers-1997 §3.6", unit="lives")
def survivors_by_uniform_deaths(l_x: Decimal, l_x_plus_n: Decimal, t: int, n: int) -> Decimal:
    """Survivors t years into a group of n, the same number dying in each year.

    Formula: l_{x+t} = ((n - t) · l_x + t · l_{x+n}) / n
    Args:
        l_x: survivors at the first age of the group, > 0.
        l_x_plus_n: survivors at the first age of the next group, > 0.
        t: years into the group, from 0 to n.
        n: years of the group, at least 1.
    Returns: lives, of the table's radix.
    """
    return ((n - t) * l_x + t * l_x_plus_n) / n


@formula("l_{x+t}^C", source="bowers-1997 §3.6", unit="lives")
def survivors_by_constant_force(l_x: Decimal, l_x_plus_n: Decimal, t: int, n: int) -> Decimal:
    """Survivors t years into a group of n, the force of mortality being the same throughout.

    Formula: l_{x+t} = l_x · (l_{x+n} / l_x)^(t/n)
    Args:
        l_x: survivors at the first age of the group, > 0.
        l_x_plus_n: survivors at the first age of the next group, > 0.
        t: years into the group, from 0 to n.
        n: years of the group, at least 1.
    Returns: lives, of the table's radix.
    """
    return l_x * (l_x_plus_n / l_x) ** (Decimal(t) / n)


@formula("l_{x+t}^B", source="bowers-1997 §3.6", unit="lives")
def survivors_by_balducci(l_x: Decimal, l_x_plus_n: Decimal, t: int, n: int) -> Decimal:
    """Survivors t years into a group of n by Balducci's assumption: their reciprocal is linear.

    Formula: l_{x+t} = n / ((n - t) / l_x + t / l_{x+n})
    Args:
        l_x: survivors at the first age of the group, > 0.
        l_x_plus_n: survivors at the first age of the next group, > 0.
        t: years into the group, from 0 to n.
        n: years of the group, at least 1.
    Returns: lives, of the table's radix.
    """
    return n * ONE / ((n - t) / l_x + t / l_x_plus_n)


Between = Callable[[Decimal, Decimal, int, int], Decimal]

ASSUMPTIONS: Mapping[str, Between] = MappingProxyType(
    {
        UNIFORM: survivors_by_uniform_deaths,
        CONSTANT_FORCE: survivors_by_constant_force,
        BALDUCCI: survivors_by_balducci,
    }
)
"""The assumptions by name."""


def every_age(survivors: Mapping[int, Decimal], assumption: str) -> dict[int, Decimal]:
    """Survivors at every age from the first to the last that are tabulated; those are as they were.

    Args:
        survivors: l_x by age.
        assumption: one of `ASSUMPTIONS`.
    Returns: lives by age, unrounded.
    """
    between = ASSUMPTIONS[assumption]
    tabulated = sorted(survivors)
    whole = {
        x + t: between(survivors[x], survivors[next_x], t, next_x - x) if t else survivors[x]
        for x, next_x in pairwise(tabulated)
        for t in range(next_x - x)
    }
    return whole | {tabulated[-1]: survivors[tabulated[-1]]}
