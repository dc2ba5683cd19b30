"""What the formulas know of a scheme's premium scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

PERSON = "person"
FAMILY = "family"
INCOME = "income"

PREMIUM = "premium"


@dataclass(frozen=True)
class Subsidy:
    """What somebody gives so that the others pay less; one of the two, the other is None.

    Attributes:
        payer: who gives it.
        share_of_premium: the fraction of the premium that it takes over.
        amount_beside_premium: an amount for each person or family, in addition to the premium.
    """

    payer: str
    share_of_premium: Decimal | None
    amount_beside_premium: Decimal | None


@dataclass(frozen=True)
class MembershipClass:
    """The scale of one class of members. One of `premium`, `premium_by_family_size` and `rate` is there.

    Attributes:
        premium: an amount for each person or family.
        premium_by_family_size: the same by the smallest number of persons to which it applies, ascending, from one on.
        rate: the premium as a fraction of the income.
        largest_family: the most persons that the amounts are for; None: any number.
        premium_for_each_further_person: an amount for each person beyond these; None: the scale does not say.
        payers: who pays the premium, each with a fraction; None: the scheme does not say.
        subsidy: who takes a part of it over, or gives something beside it; None: nobody.
    """

    premium: Decimal | None
    premium_by_family_size: Mapping[int, Decimal] | None
    rate: Decimal | None
    largest_family: int | None
    premium_for_each_further_person: Decimal | None
    payers: Mapping[str, Decimal] | None
    subsidy: Subsidy | None


@dataclass(frozen=True)
class IncomeBounds:
    """Between which amounts an income counts; None: no bound on that side."""

    lowest: Decimal | None
    highest: Decimal | None


@dataclass(frozen=True)
class Proration:
    """What is divided by months where cover begins later in the scheme's own period.

    Attributes:
        of: `premium`: cover ends with the period, and less is paid for it; `earned_premium`: the premium is paid in
            full, and what cover of later months costs is not earned yet when the period ends.
        first_month: number of the month of the calendar with which a period begins.
    """

    of: str
    first_month: int


@dataclass(frozen=True)
class Tariff:
    """A scheme's premium scale.

    Attributes:
        currency: of every amount.
        decimal_places: to which amounts payable are rounded.
        charged_for: `person`, `family` or `income`: what the premium is an amount or a fraction of.
        period_months: months that a premium is for.
        classes: the scale by class of members.
        income: bounds of an income; None: every income counts as it is.
        proration: None: nothing is divided by months.
    """

    currency: str
    decimal_places: int
    charged_for: str
    period_months: int
    classes: Mapping[str, MembershipClass]
    income: IncomeBounds | None
    proration: Proration | None
