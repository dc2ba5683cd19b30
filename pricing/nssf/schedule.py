"""Payments by month: what is paid once, by day, or by month, in the months of the calendar.

A month that a pension does not fill is paid in proportion to its days.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pricing.arithmetic import total
from pricing.trace import formula


@dataclass(frozen=True)
class Once:
    """An amount that is paid on a day."""

    benefit: str
    amount: Decimal
    day: date


@dataclass(frozen=True)
class Daily:
    """An amount for each day from `first` to the day before `end`."""

    benefit: str
    amount: Decimal
    first: date
    end: date


@dataclass(frozen=True)
class Monthly:
    """An amount for each month from the day `first` to the day before `end`; None: for life."""

    benefit: str
    amount: Decimal
    first: date
    end: date | None


Stream = Once | Daily | Monthly


@dataclass(frozen=True)
class Payment:
    """What one benefit pays in a month.

    Attributes:
        benefit: which.
        days: of the month that it pays for; None where it is paid once.
        amount: KHR, unrounded.
    """

    benefit: str
    days: int | None
    amount: Decimal


@dataclass(frozen=True)
class MonthOfPayments:
    """A month of the calendar, by its first day, with what is paid in it."""

    first_day: date
    payments: tuple[Payment, ...]

    @property
    def total(self) -> Decimal:
        """All payments, KHR."""
        return total(payment.amount for payment in self.payments)


@formula("PM_t", source="giz-2012 §3.6.4", unit="KHR")
def month_of_pension(monthly_amount: Decimal, days: int, days_of_month: int) -> Decimal:
    """What a pension pays in a month, which it may not fill.

    Formula: PM_t = PM · days / days of the month
    Args:
        monthly_amount: PM, KHR a month.
        days: of the month that the pension is for.
        days_of_month: 28 to 31.
    Returns: KHR, unrounded.
    """
    return monthly_amount if days == days_of_month else monthly_amount * days / days_of_month


@formula("TB_t", source="giz-2012 §3.6.2", unit="KHR")
def month_of_days(daily_amount: Decimal, days: int) -> Decimal:
    """What a benefit by the day pays in a month.

    Formula: TB_t = daily benefit · days
    Args:
        daily_amount: KHR a day.
        days: of the month that it is paid for.
    Returns: KHR, unrounded.
    """
    return daily_amount * days


def schedule(first_day: date, months: int, streams: Sequence[Stream]) -> tuple[MonthOfPayments, ...]:
    """Payments of each month, from the month of a day on; a month without any has none.

    Args:
        first_day: a day of the first month.
        months: number of months.
        streams: what is paid.
    """
    found = []
    begins = first_day.replace(day=1)
    for _ in range(months):
        if (begins.year, begins.month) == (date.max.year, date.max.month):
            break  # no day after it would end it
        ends = begins + timedelta(days=monthrange(begins.year, begins.month)[1])
        payments = (_payment(stream, begins, ends) for stream in streams)
        found.append(MonthOfPayments(begins, tuple(each for each in payments if each is not None and each.amount)))
        begins = ends
    return tuple(found)


def _payment(stream: Stream, begins: date, ends: date) -> Payment | None:
    if isinstance(stream, Once):
        return Payment(stream.benefit, None, stream.amount) if begins <= stream.day < ends else None
    last = ends if stream.end is None else min(ends, stream.end)
    days = (last - max(begins, stream.first)).days
    if days <= 0:
        return None
    if isinstance(stream, Daily):
        return Payment(stream.benefit, days, month_of_days(stream.amount, days))
    return Payment(stream.benefit, days, month_of_pension(stream.amount, days, (ends - begins).days))
