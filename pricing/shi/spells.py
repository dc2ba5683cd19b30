"""How long sickness lasts: a mixture of two negative binomials on days 0, 1, 2, … (giz-2012 Annex B).

A spell is one of at least one day. What is cut off a probability by subtraction is worked out in more digits than a
formula carries, so that the digits of a formula are all left; of a tail below 10^-20 nothing is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

from pricing.arithmetic import CONTEXT, ONE, ZERO, total
from pricing.trace import formula

_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)
_NEGLIGIBLE = ONE.scaleb(-20)


@dataclass(frozen=True)
class NegativeBinomial:
    """Days with a mean; the smaller the size, the more they scatter."""

    mean: Decimal
    size: Decimal


@dataclass(frozen=True)
class SpellDistribution:
    """A mixture: the fraction `weight` of the first, the rest of the second."""

    weight: Decimal
    first: NegativeBinomial
    second: NegativeBinomial


@dataclass(frozen=True)
class SampleClass:
    """Spells of a sample from so many days on, up to the next class: their fraction of all."""

    first_day: int
    share: Decimal


@dataclass(frozen=True)
class SpellClass:
    """Days from the first to before the next class's first: in a sample, and by the distribution.

    Attributes:
        name: the class.
        first_day: its first day.
        sample, model: its fraction of all.
        sample_and_longer, model_and_longer: that of the class and all longer ones.
    """

    name: str
    first_day: int
    sample: Decimal
    model: Decimal
    sample_and_longer: Decimal
    model_and_longer: Decimal


@dataclass(frozen=True)
class SpellReport:
    """What a distribution says of spells and of a waiting period.

    Attributes:
        mean_days: of all spells.
        share_beyond: fraction of them that is longer than the waiting period.
        mean_excess: days beyond it of these.
        mean_days_beyond: days of these in all.
        classes: by length.
    """

    mean_days: Decimal
    share_beyond: Decimal
    mean_excess: Decimal
    mean_days_beyond: Decimal
    classes: tuple[SpellClass, ...]


@formula("P(X > d)", source="giz-2012 Table B.2", unit="fraction")
def days_beyond(days: int, mean: Decimal, size: Decimal) -> Decimal:
    """The probability of more than so many days, negative binomial.

    Formula: P(X > d) = 1 - Σ_{k=0}^{d} p_k, p_0 = (r / (r + m))^r, p_k = p_{k-1} · (k - 1 + r) / k · m / (r + m)
    Args:
        days: d, a whole number.
        mean: m, days, above 0.
        size: r, above 0.
    Returns: a fraction, unrounded; 0 below 10^-20.
    """
    with localcontext(_WIDE):
        tail = _tails(days, mean, size)[-1]
    return CONTEXT.plus(tail) if tail >= _NEGLIGIBLE else ZERO


@formula("E[(X - d)+]", source="giz-2012 Table B.3", unit="days")
def days_in_excess(days: int, mean: Decimal, size: Decimal) -> Decimal:
    """The days after the first so many, on average over all, negative binomial.

    Formula: E[(X - d)+] = m - Σ_{k=0}^{d-1} P(X > k)
    Args:
        days: d, a whole number.
        mean: m, days, above 0.
        size: r, above 0.
    Returns: days, unrounded.
    """
    with localcontext(_WIDE):
        excess = mean - total(_tails(days - 1, mean, size))
    return CONTEXT.plus(excess)


@formula("w · a + (1 - w) · b", source="giz-2012 Annex B", unit="as what is mixed")
def mixed(weight: Decimal, first: Decimal, second: Decimal) -> Decimal:
    """What a mixture makes of a figure of each of its parts.

    Formula: w · a + (1 - w) · b
    Args:
        weight: w, fraction of the first.
        first: a, its figure.
        second: b, that of the other.
    Returns: a figure as the two, unrounded.
    """
    return weight * first + (ONE - weight) * second


@formula("s_d", source="giz-2012 Table B.2", unit="fraction of the spells")
def share_of_spells_beyond(days: int, distribution: SpellDistribution) -> Decimal:
    """Which fraction of the spells lasts longer.

    Formula: s_d = P(X > d) / P(X > 0)
    Args:
        days: d, a whole number.
        distribution: of the days of a spell.
    Returns: a fraction, unrounded.
    """
    return probability_beyond(days, distribution) / probability_beyond(0, distribution)


@formula("e_d", source="giz-2012 Table B.3", unit="days")
def mean_excess(days: int, distribution: SpellDistribution) -> Decimal:
    """How many days more a spell lasts that lasts longer.

    Formula: e_d = E[(X - d)+] / P(X > d)
    Args:
        days: d, a whole number.
        distribution: of the days of a spell.
    Returns: days, unrounded; 0 where no spell lasts longer.
    """
    beyond = probability_beyond(days, distribution)
    if not beyond:
        return ZERO
    first, second = distribution.first, distribution.second
    excess = mixed(
        distribution.weight,
        days_in_excess(days, first.mean, first.size),
        days_in_excess(days, second.mean, second.size),
    )
    return excess / beyond


def probability_beyond(days: int, distribution: SpellDistribution) -> Decimal:
    """P(X > d), or 1 for the day before the first."""
    if days < 0:
        return ONE
    first, second = distribution.first, distribution.second
    return mixed(
        distribution.weight,
        days_beyond(days, first.mean, first.size),
        days_beyond(days, second.mean, second.size),
    )


def spell_report(waiting_days: int, distribution: SpellDistribution, sample: Mapping[str, SampleClass]) -> SpellReport:
    """Means and classes of a distribution of days, beside those of a sample."""
    excess = mean_excess(waiting_days, distribution)
    return SpellReport(
        mean_days=mean_excess(0, distribution),
        share_beyond=share_of_spells_beyond(waiting_days, distribution),
        mean_excess=excess,
        mean_days_beyond=waiting_days + excess,
        classes=_classes(distribution, sample),
    )


def _classes(distribution: SpellDistribution, sample: Mapping[str, SampleClass]) -> tuple[SpellClass, ...]:
    classes: list[SpellClass] = []
    sample_longer = model_longer = ZERO
    for name, each in sorted(sample.items(), key=lambda item: -item[1].first_day):
        sample_longer += each.share
        beyond = probability_beyond(each.first_day - 1, distribution)
        classes.insert(0, SpellClass(name, each.first_day, each.share, beyond - model_longer, sample_longer, beyond))
        model_longer = beyond
    return tuple(classes)


def _tails(days: int, mean: Decimal, size: Decimal) -> list[Decimal]:
    """P(X > k) for k = 0 … days, in the context of the caller."""
    odds = mean / (size + mean)
    probability = (ONE - odds) ** size
    tails = []
    tail = ONE
    for day in range(days + 1):
        if day:
            probability *= (day - 1 + size) / day * odds
        tail -= probability
        tails.append(tail)
    return tails
