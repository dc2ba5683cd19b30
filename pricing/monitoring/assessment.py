"""An indicator's value, and whether it meets its benchmark."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ZERO, total
from pricing.monitoring.assumptions import ABOVE, AT_LEAST, AT_MOST, BELOW, FALLING, RISING, Benchmark
from pricing.monitoring.indicators import Indicator
from pricing.monitoring.lines import Figures, missing_lines
from pricing.rounding import without_guard_digits

MEETS, SHORT, NOT_APPLICABLE = "meets", "short", "not_applicable"

MISSING_INPUTS = "missing_inputs"
NOTHING_TO_DIVIDE_BY = "nothing_to_divide_by"
NO_BENCHMARK = "no_benchmark"
NO_EARLIER_VALUE = "no_earlier_value"


@dataclass(frozen=True)
class Assessment:
    """An indicator of one period.

    Attributes:
        indicator: which.
        value: None where it cannot be calculated.
        benchmark: None where there is none.
        verdict: meets, short or not_applicable.
        short_by: how far the value is on the wrong side, from 0 up; None unless it is short.
        reason: why the verdict is not_applicable, or None.
        missing: lines that are missing, or that are not above 0 where the indicator divides by them.
    """

    indicator: Indicator
    value: Decimal | None
    benchmark: Benchmark | None
    verdict: str
    short_by: Decimal | None
    reason: str | None
    missing: tuple[str, ...]


def assessed(
    indicator: Indicator, figures: Figures, benchmark: Benchmark | None, earlier: Decimal | None
) -> Assessment:
    """An indicator's value on a period's figures, against its benchmark and its value in the period before."""
    lines = tuple(dict.fromkeys(line for name in indicator.inputs for line in missing_lines(name, figures)))
    if lines:
        return _open(indicator, None, benchmark, MISSING_INPUTS, lines)
    if indicator.divisors and total(figures[name] for name in indicator.divisors) <= ZERO:
        return _open(indicator, None, benchmark, NOTHING_TO_DIVIDE_BY, indicator.divisors)
    inputs = [figures[name] for name in indicator.inputs]
    value = inputs[0] if indicator.ratio is None else indicator.ratio(*inputs)
    if benchmark is None:
        return _open(indicator, value, None, NO_BENCHMARK)
    # Without its guard digits, a third of three is one, and not a hair below.
    distance = shortfall(without_guard_digits(value), benchmark, earlier)
    if distance is None:
        return _open(indicator, value, benchmark, NO_EARLIER_VALUE)
    if distance.is_met:
        return Assessment(indicator, value, benchmark, MEETS, None, None, ())
    return Assessment(indicator, value, benchmark, SHORT, distance.by, None, ())


@dataclass(frozen=True)
class Shortfall:
    """Whether a benchmark is met, and how far a value is on its wrong side."""

    is_met: bool
    by: Decimal


def shortfall(value: Decimal, benchmark: Benchmark, earlier: Decimal | None) -> Shortfall | None:
    """How a value stands to a benchmark; None where that takes an earlier value and there is none."""
    limit = benchmark.value
    if benchmark.bound in (RISING, FALLING):
        if limit is not None and value == limit:
            return Shortfall(is_met=True, by=ZERO)  # it has come to where it should
        if earlier is None:
            return None
        limit = without_guard_digits(earlier)
    assert limit is not None  # noqa: S101  (the table's kind sees to it)
    by = _BEYOND[benchmark.bound] * (value - limit)
    is_met = by < ZERO if benchmark.bound in _STRICT else by <= ZERO
    if is_met and benchmark.ceiling is not None and value > benchmark.ceiling:
        return Shortfall(is_met=False, by=value - benchmark.ceiling)
    return Shortfall(is_met, by)


_STRICT = (ABOVE, BELOW, RISING, FALLING)
_UP, _DOWN = Decimal(1), Decimal(-1)
_BEYOND: Mapping[str, Decimal] = {
    ABOVE: _DOWN,
    AT_LEAST: _DOWN,
    RISING: _DOWN,
    BELOW: _UP,
    AT_MOST: _UP,
    FALLING: _UP,
}


def _open(
    indicator: Indicator,
    value: Decimal | None,
    benchmark: Benchmark | None,
    reason: str,
    missing: tuple[str, ...] = (),
) -> Assessment:
    return Assessment(indicator, value, benchmark, NOT_APPLICABLE, None, reason, missing)
