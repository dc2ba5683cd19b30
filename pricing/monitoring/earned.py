"""Premium earned by the month, by month of entry (ilo-hmis-2007 Part I §4.1, the example of BRAC)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ZERO, total
from pricing.monitoring.statements import earned_premium, upr_change
from pricing.trace import formula

_EARNED = "ilo-hmis-2007 Part I §4.1"
_UNIT = "currency of the premiums"

Month = int
"""Months counted from a fixed one; only differences matter."""


@dataclass(frozen=True)
class Entry:
    """Contracts that begin with the same month.

    Attributes:
        month: on whose first day they begin.
        premium: what is billed for the whole term.
        term: months of the term.
    """

    month: Month
    premium: Decimal
    term: int


@dataclass(frozen=True)
class EntryMonth:
    """What contracts that begin with one month, for one term, come to in a period.

    Attributes:
        month, term: as in `Entry`.
        premium: billed for the whole term.
        months_earned: months of the term within the period.
        billed: the premium where the contracts begin within the period, else 0.
        opening: unearned at the beginning of the period.
        earned: earned within it.
        closing: unearned at its end.
    """

    month: Month
    term: int
    premium: Decimal
    months_earned: int
    billed: Decimal
    opening: Decimal
    earned: Decimal
    closing: Decimal


@dataclass(frozen=True)
class EarnedPremium:
    """A period's earned premium, by month of entry, and the lines of the income statement that it gives."""

    months: tuple[EntryMonth, ...]
    billed: Decimal
    opening: Decimal
    closing: Decimal
    change: Decimal
    earned: Decimal


@formula("earned", source=_EARNED, unit=_UNIT)
def premium_earned(premium: Decimal, months: int, term: int) -> Decimal:
    """The part of a premium that some months of its term have earned.

    Formula: earned = premium · months / term
    Args:
        premium: billed for the whole term.
        months: how many of its months.
        term: months of the term, above 0.
    Returns: an amount, unrounded.
    """
    return premium * months / term


@formula("C", source=_EARNED, unit=_UNIT, shows="earned")
def earned_by_entry_month(entries: Iterable[Entry], first: Month, last: Month) -> EarnedPremium:
    """Earned and unearned premium of a period.

    Formula: C = A + opening UPR - closing UPR, each month of entry earning premium · months in the period / term
    Args:
        entries: contracts by the month of entry, none after the period.
        first: first month of the period.
        last: its last month.
    Returns: the months of entry in order, and the totals.
    """
    together: dict[tuple[Month, int], Decimal] = {}
    for entry in entries:
        key = (entry.month, entry.term)
        together[key] = together.get(key, ZERO) + entry.premium
    months = tuple(
        _entry_month(Entry(month, premium, term), first, last) for (month, term), premium in sorted(together.items())
    )
    billed = total(each.billed for each in months)
    opening = total(each.opening for each in months)
    closing = total(each.closing for each in months)
    change = upr_change(opening, closing)
    return EarnedPremium(months, billed, opening, closing, change, earned_premium(billed, change))


def _entry_month(entry: Entry, first: Month, last: Month) -> EntryMonth:
    before = _months(entry, first)
    until = _months(entry, last + 1)
    is_new = entry.month >= first
    return EntryMonth(
        entry.month,
        entry.term,
        entry.premium,
        until - before,
        entry.premium if is_new else ZERO,
        ZERO if is_new else premium_earned(entry.premium, entry.term - before, entry.term),
        premium_earned(entry.premium, until - before, entry.term),
        premium_earned(entry.premium, entry.term - until, entry.term),
    )


def _months(entry: Entry, until: Month) -> int:
    """Months of the term that have passed when a month begins."""
    return max(0, min(until - entry.month, entry.term))
