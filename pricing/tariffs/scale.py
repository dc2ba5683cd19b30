"""What a scale says: amounts by persons, fractions of an income (ilo-hmis-2007 Part I §4.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.errors import DomainError
from pricing.tariffs.assumptions import PERSON, IncomeBounds, MembershipClass, Tariff
from pricing.trace import formula


@dataclass(frozen=True)
class Insured:
    """Who is to be insured, as far as it is known.

    Attributes:
        membership_class: the class of members, or None: the only one.
        persons: how many are insured together, or None.
        income: of a period, or None.
    """

    membership_class: str | None
    persons: int | None
    income: Decimal | None


@dataclass(eq=False)
class NotInTariff(DomainError):
    """The scheme's scale says nothing of this."""

    field: str
    reason: str

    def __str__(self) -> str:
        return f"The scheme's scale does not say: {self.reason}"


@formula("P", source="ilo-hmis-2007 Part I §4.1", unit="currency a period")
def premium_for_each(amount: Decimal, number: int) -> Decimal:
    """A premium that is charged for each person, or for a family as a whole.

    Formula: P = a · n
    Args:
        amount: a, for one person or family.
        number: n, persons; 1 for a family.
    Returns: an amount, unrounded.
    """
    return amount * number


@formula("a_n", source="ilo-hmis-2007 Part I §4.1", unit="currency a period")
def amount_by_family_size(persons: int, premium_by_family_size: Mapping[int, Decimal]) -> Decimal:
    """The amount of the band that a family's size falls into.

    Formula: a_n = a_k, k = max{j : j ≤ n}
    Args:
        persons: n, the family's size, at least 1.
        premium_by_family_size: a_j by the smallest size j of each band, from 1 on.
    Returns: an amount.
    """
    return premium_by_family_size[max(size for size in premium_by_family_size if size <= persons)]


@formula("P", source="ilo-hmis-2007 Part I §4.1", unit="currency a period")
def premium_with_further_persons(premium: Decimal, amount: Decimal, further_persons: int) -> Decimal:
    """The premium of a family that is larger than the one its premium is for.

    Formula: P = F + a · (n - n_max)
    Args:
        premium: F, of the largest family that the scale has an amount for.
        amount: a, for each further person.
        further_persons: n - n_max, above 0.
    Returns: an amount, unrounded.
    """
    return premium + amount * further_persons


@formula("W", source="giz-2012 §3.8", unit="currency a period")
def assessed_income(income: Decimal, bounds: IncomeBounds) -> Decimal:
    """The income that counts.

    Formula: W = min(max(I, lowest), highest)
    Args:
        income: I, of a period.
        bounds: the lowest and the highest that count, as far as there are such.
    Returns: an amount.
    """
    floored = income if bounds.lowest is None else max(income, bounds.lowest)
    return floored if bounds.highest is None else min(floored, bounds.highest)


@formula("P", source="ilo-hmis-2007 Part I §4.1", unit="currency a period")
def premium_on_income(income: Decimal, rate: Decimal) -> Decimal:
    """A premium that depends on income.

    Formula: P = r · W
    Args:
        income: W, as far as it counts.
        rate: r, a fraction.
    Returns: an amount, unrounded.
    """
    return rate * income


def class_of(insured: Insured, tariff: Tariff) -> str:
    """The class of members. Raises: NotInTariff."""
    said, known = insured.membership_class, tuple(tariff.classes)
    if said is None and len(known) == 1:
        return known[0]
    if said in known:
        return said
    what = "is needed" if said is None else "has no such class"
    raise NotInTariff("membership_class", f"membership_class {what}; the classes are {', '.join(known)}.")


def number_charged(insured: Insured, tariff: Tariff) -> int:
    """How many times an amount is charged: for each person, else once."""
    if tariff.charged_for != PERSON:
        return 1
    if insured.persons is None:
        raise NotInTariff("persons", "the premium is for each person, and persons is left out.")
    return insured.persons


def full_premium(insured: Insured, scale: MembershipClass, tariff: Tariff) -> Decimal:
    """The premium of a whole period. Raises: NotInTariff."""
    if scale.rate is not None:
        return _premium_on_income(insured, scale.rate, tariff)
    if insured.income is not None:
        raise NotInTariff("income", "the premium does not depend on income. Leave it out.")
    persons, largest = insured.persons, scale.largest_family
    if persons is None and largest is not None:
        raise _persons_needed()
    premium = premium_for_each(_amount(persons, scale), number_charged(insured, tariff))
    if persons is None or largest is None or persons <= largest:
        return premium
    if scale.premium_for_each_further_person is None:
        raise NotInTariff("persons", f"it ends at {largest} persons, and has no premium for a larger family.")
    return premium_with_further_persons(premium, scale.premium_for_each_further_person, persons - largest)


def _amount(persons: int | None, scale: MembershipClass) -> Decimal:
    if scale.premium is not None:
        return scale.premium
    if persons is None or scale.premium_by_family_size is None:
        raise _persons_needed()
    return amount_by_family_size(persons, scale.premium_by_family_size)


def _persons_needed() -> NotInTariff:
    return NotInTariff("persons", "the premium depends on the number of persons, and persons is left out.")


def _premium_on_income(insured: Insured, rate: Decimal, tariff: Tariff) -> Decimal:
    if insured.persons is not None:
        raise NotInTariff("persons", "the premium does not depend on the number of persons. Leave it out.")
    if insured.income is None:
        raise NotInTariff("income", "the premium depends on income, and income is left out.")
    income = insured.income if tariff.income is None else assessed_income(insured.income, tariff.income)
    return premium_on_income(income, rate)
