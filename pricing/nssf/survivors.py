"""What a death by employment injury pays to the family: pensions by class, and the funeral grant (giz-2012 §3.6.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from pricing.arithmetic import ZERO, total
from pricing.nssf.assumptions import Provisions, Survivors
from pricing.nssf.refusals import NoSurvivors
from pricing.trace import formula

SPOUSE = "spouse"
CHILDREN = "children"
PARENTS = "parents"
CLASSES = (SPOUSE, CHILDREN, PARENTS)


@dataclass(frozen=True)
class ClassPension:
    """What one class of survivors is paid, unrounded.

    Attributes:
        share: of the reference wage, a fraction.
        monthly_amount: for all of the class, KHR a month.
        persons: number of persons.
        monthly_amount_per_person: in equal parts, KHR a month.
    """

    share: Decimal
    monthly_amount: Decimal
    persons: int
    monthly_amount_per_person: Decimal


@dataclass(frozen=True)
class SurvivorsPensions:
    """What a family is paid, unrounded.

    Attributes:
        shares: by class; a class of nobody is paid 0.
        total_share: of the reference wage, a fraction.
        total: KHR a month.
    """

    shares: Mapping[str, ClassPension]
    total_share: Decimal
    total: Decimal


@formula("s", source="giz-2012 §3.6.5", unit="fraction")
def class_share(share: Decimal, sum_of_shares: Decimal, maximum_share: Decimal) -> Decimal:
    """A class's share of the reference wage; all are cut alike where together they exceed the maximum.

    Formula: s = share · min(1, 70% / Σ shares)
    Args:
        share: of the class in this family, a fraction.
        sum_of_shares: of all classes of the family, a fraction.
        maximum_share: 0.7 in the 2008 provisions.
    Returns: a fraction.
    """
    return share if sum_of_shares <= maximum_share else share * maximum_share / sum_of_shares


@formula("SP", source="giz-2012 §3.6.5", unit="KHR a month")
def class_pension(monthly_wage: Decimal, share: Decimal) -> Decimal:
    """What a class of survivors is paid.

    Formula: SP = RWM · s
    Args:
        monthly_wage: RWM, KHR a month.
        share: s, a fraction.
    Returns: KHR a month, unrounded.
    """
    return monthly_wage * share


@formula("SP_1", source="giz-2012 Table 3.13", unit="KHR a month")
def pension_per_person(class_amount: Decimal, persons: int) -> Decimal:
    """What each person of a class is paid: equal parts.

    Formula: SP_1 = SP / persons
    Args:
        class_amount: SP, KHR a month.
        persons: of the class, at least 1.
    Returns: KHR a month, unrounded.
    """
    return class_amount / persons


@formula("ΣSP", source="giz-2012 §3.6.5", unit="KHR a month", shows="total")
def survivors_pensions(
    monthly_wage: Decimal, spouses: int, children: int, parents: int, terms: Survivors
) -> SurvivorsPensions:
    """What a family is paid, by class and by person.

    Formula: ΣSP = RWM · min(70%, Σ shares)
    Args:
        monthly_wage: RWM of the deceased, KHR a month.
        spouses: 0 or 1.
        children: surviving children.
        parents: surviving parents.
        terms: shares by composition of the family.
    Returns: KHR a month, unrounded.
    Raises: NoSurvivors.
    """
    family = {SPOUSE: spouses, CHILDREN: children, PARENTS: parents}
    composition = "_and_".join(each for each in CLASSES if family[each])
    if not composition:
        raise NoSurvivors
    stated = terms.shares[composition]
    all_shares = total(stated.values())
    shares = {
        each: _class_pension(monthly_wage, class_share(stated[each], all_shares, terms.maximum_share), family[each])
        if family[each]
        else ClassPension(ZERO, ZERO, 0, ZERO)
        for each in CLASSES
    }
    total_share = min(all_shares, terms.maximum_share)
    return SurvivorsPensions(MappingProxyType(shares), total_share, monthly_wage * total_share)


def _class_pension(monthly_wage: Decimal, share: Decimal, persons: int) -> ClassPension:
    amount = class_pension(monthly_wage, share)
    return ClassPension(share, amount, persons, pension_per_person(amount, persons))


@formula("FG", source="giz-2012 §3.6.3", unit="KHR")
def funeral_grant(provisions: Provisions) -> Decimal:
    """What is paid once for a death by employment injury.

    Formula: FG, read from the provisions
    Args:
        provisions: in force on the day of the death.
    Returns: KHR.
    """
    return provisions.funeral_grant
