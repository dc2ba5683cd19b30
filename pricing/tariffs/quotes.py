"""What is due by a scheme's scale, who pays it, and what of it is earned (ilo-hmis-2007 Part I §4.1, §5.1)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ZERO
from pricing.tariffs.assumptions import PREMIUM, MembershipClass, Subsidy, Tariff
from pricing.tariffs.scale import Insured, class_of, full_premium, number_charged, premium_for_each
from pricing.trace import formula


@dataclass(frozen=True)
class Payment:
    """What one payer pays; `subsidy`: so that the others pay less."""

    payer: str
    amount: Decimal
    subsidy: bool


@dataclass(frozen=True)
class Earned:
    """A premium by the months of the scheme's period.

    Attributes:
        months: months of the period from that of enrolment on, this one included.
        earned: the part of the premium that they have earned when the period ends.
        unearned: the rest of it.
    """

    months: int
    earned: Decimal
    unearned: Decimal


@dataclass(frozen=True)
class TariffQuote:
    """A premium by a scheme's scale, unrounded.

    Attributes:
        membership_class: the class whose scale it is.
        premium: what is charged.
        subsidy: what of it somebody takes over, or gives beside it.
        total: what the scheme receives in all.
        payments: who pays what; empty where the scheme does not say.
        earned: what of the premium is earned, or None where nothing is divided by months.
    """

    membership_class: str
    premium: Decimal
    subsidy: Decimal
    total: Decimal
    payments: tuple[Payment, ...]
    earned: Earned | None


@formula("m", source="ilo-hmis-2007 Part I §4.1", unit="months")
def months_left(month: int, first_month: int, period_months: int) -> int:
    """Months of the scheme's period from that of enrolment on, this one included.

    Formula: m = N - ((k - k_0) mod N)
    Args:
        month: k, number of the month of enrolment in its year.
        first_month: k_0, number of the month with which a period begins.
        period_months: N, months of a period.
    Returns: a number from 1 to N.
    """
    return period_months - (month - first_month) % period_months


@formula("P_m", source="ilo-hmis-2007 Part I §4.1", unit="currency")
def premium_of_months(premium: Decimal, months: int, period_months: int) -> Decimal:
    """The part of a premium that falls on some of the months that it is for.

    Formula: P_m = P · m / N
    Args:
        premium: P, of the whole period.
        months: m, from 0 to N.
        period_months: N, months of a period.
    Returns: an amount, unrounded.
    """
    return premium * months / period_months


@formula("S", source="ilo-hmis-2007 Part I §4.1", unit="currency")
def subsidy_of_premium(premium: Decimal, share: Decimal) -> Decimal:
    """What a subsidy takes over of a premium.

    Formula: S = s · P
    Args:
        premium: P, what is charged.
        share: s, a fraction.
    Returns: an amount, unrounded.
    """
    return share * premium


@formula("D_k", source="ilo-hmis-2007 Part I §4.1", unit="currency")
def payment(due: Decimal, share: Decimal) -> Decimal:
    """What one of several payers pays.

    Formula: D_k = s_k · D
    Args:
        due: D, the premium less what a subsidy takes over of it.
        share: s_k, a fraction.
    Returns: an amount, unrounded.
    """
    return share * due


@formula("P", source="ilo-hmis-2007 Part I §4.1", unit="currency", shows="premium")
def tariff_quote(
    membership_class: str | None, persons: int | None, income: Decimal | None, month: int | None, tariff: Tariff
) -> TariffQuote:
    """What cover of a period costs by a scheme's scale, and who pays it.

    Formula: P = scale(class, persons or income), or its m / N where the scheme prorates it by months
    Args:
        membership_class: the class of members; None: the only one.
        persons: how many are insured together; None: not said.
        income: of a period; None: not said.
        month: number of the month of enrolment in its year; None: the first of a period.
        tariff: the scheme's scale.
    Returns: amounts, unrounded.
    Raises: NotInTariff.
    """
    insured = Insured(membership_class, persons, income)
    name = class_of(insured, tariff)
    scale = tariff.classes[name]
    premium = full_premium(insured, scale, tariff)
    beside = _subsidy_beside(insured, scale.subsidy, tariff)
    months = _months(month, tariff)
    if months is not None and tariff.proration is not None and tariff.proration.of == PREMIUM:
        premium = earned = premium_of_months(premium, months, tariff.period_months)
        beside = premium_of_months(beside, months, tariff.period_months) if beside else beside
    else:
        earned = premium if months is None else premium_of_months(premium, months, tariff.period_months)
    share = None if scale.subsidy is None else scale.subsidy.share_of_premium
    within = ZERO if share is None else subsidy_of_premium(premium, share)
    return TariffQuote(
        membership_class=name,
        premium=premium,
        subsidy=within + beside,
        total=premium + beside,
        payments=_payments(premium - within, within + beside, scale),
        earned=None if months is None else Earned(months, earned, premium - earned),
    )


def _months(month: int | None, tariff: Tariff) -> int | None:
    if month is None or tariff.proration is None:
        return None
    return months_left(month, tariff.proration.first_month, tariff.period_months)


def _subsidy_beside(insured: Insured, subsidy: Subsidy | None, tariff: Tariff) -> Decimal:
    if subsidy is None or subsidy.amount_beside_premium is None:
        return ZERO
    return premium_for_each(subsidy.amount_beside_premium, number_charged(insured, tariff))


def _payments(due: Decimal, subsidy: Decimal, scale: MembershipClass) -> tuple[Payment, ...]:
    paid = [Payment(payer, payment(due, share), subsidy=False) for payer, share in (scale.payers or {}).items()]
    if scale.subsidy is not None:
        paid.append(Payment(scale.subsidy.payer, subsidy, subsidy=True))
    return tuple(paid)
