"""A figure beside the one that a document prints: the same, the same as far as the print goes, or another."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from pricing.arithmetic import CONTEXT, ONE

PERCENT_SIGN = "%"
THOUSANDS = ","

Agreement = Literal["equal", "within_print_precision", "different"]


@dataclass(frozen=True)
class PrintedFigure:
    """A printed figure: its value, and how many decimals of it are printed."""

    value: Decimal
    places: int


def printed_figure(text: str) -> PrintedFigure:
    """What a print says: `1,234.5` is 1234.5 to one decimal; `7.2%` is 7.2 to one decimal.

    Args:
        text: digits, with commas at the thousands, a point and a percent sign if need be.
    """
    digits = text.removesuffix(PERCENT_SIGN).replace(THOUSANDS, "")
    return PrintedFigure(Decimal(digits), len(digits.partition(".")[-1]))


def in_print_unit(value: Decimal, shift: int) -> Decimal:
    """A value in the unit of a print.

    Args:
        value: of the service, exact.
        shift: places that the point is moved by: 2 for percent, -6 for millions.
    """
    return value.scaleb(shift, CONTEXT)


def as_printed(value: Decimal, like: PrintedFigure, shift: int) -> Decimal:
    """A value as a print would show it, half up.

    Args:
        value: of the service, exact.
        like: the print, whose decimals are kept.
        shift: as `in_print_unit`.
    """
    unit = ONE.scaleb(-like.places, CONTEXT)
    return in_print_unit(value, shift).quantize(unit, ROUND_HALF_UP, CONTEXT)


def agreement(value: Decimal, printed: PrintedFigure, shift: int) -> Agreement:
    """How a value agrees with a print.

    Args: as `as_printed`.
    Returns: `equal`: it is the printed figure; `within_print_precision`: it has more decimals, and is the printed one
        rounded half up to those printed; `different`: neither.
    """
    if in_print_unit(value, shift) == printed.value:
        return "equal"
    return "within_print_precision" if as_printed(value, printed, shift) == printed.value else "different"


def effect(printed: PrintedFigure, recomputed: Decimal) -> Decimal:
    """What a mistake takes from a figure, or adds to it: the figure as it should be printed less the printed one.

    Args:
        printed: the mistake.
        recomputed: what should be printed, at as many decimals.
    """
    return CONTEXT.subtract(recomputed, printed.value)


def relative_effect(printed: PrintedFigure, recomputed: Decimal) -> Decimal | None:
    """The effect as a fraction of the printed figure, unrounded; None where that is 0.

    Args: as `effect`.
    """
    return CONTEXT.divide(effect(printed, recomputed), printed.value) if printed.value else None
