"""The awards that are asked for one at a time: from a wage, or a history of wages, to what is paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.nssf.assumptions import Multipliers, Provisions
from pricing.nssf.permanent_disability import DisabilityAward, permanent_disability
from pricing.nssf.survivors import SurvivorsPensions, survivors_pensions
from pricing.nssf.temporary_disability import TemporaryDisabilityBenefit, temporary_disability_benefit
from pricing.nssf.wages import ReferenceWageUsed, reference_wage
from pricing.trace import formula


@dataclass(frozen=True)
class TemporaryDisabilityAward:
    """What an absence pays, and by which wage; `benefit` in KHR, unrounded."""

    wage: ReferenceWageUsed
    paid: TemporaryDisabilityBenefit
    benefit: Decimal


@dataclass(frozen=True)
class PermanentDisabilityAward:
    """What a lasting loss of working capacity pays, and by which wage; `present_value` in KHR, unrounded."""

    wage: ReferenceWageUsed
    paid: DisabilityAward
    present_value: Decimal


@dataclass(frozen=True)
class SurvivorsAward:
    """What a family is paid, and by which wage; `total` in KHR a month, unrounded."""

    wage: ReferenceWageUsed
    paid: SurvivorsPensions
    total: Decimal


@formula("TB", source="giz-2012 §3.6.2", unit="KHR", shows="benefit")
def temporary_disability_award(
    wages: Sequence[Decimal], days_of_absence: int, provisions: Provisions
) -> TemporaryDisabilityAward:
    """What one absence pays, from the wages on.

    Formula: TB = RWM / 30 · 0.7 · (days of absence - 3)
    Args:
        wages: monthly wages, KHR, oldest first; one alone is the reference wage.
        days_of_absence: in a row, the first day included.
        provisions: in force on the day of the injury.
    Returns: KHR, unrounded.
    """
    wage = reference_wage(wages, provisions.reference_wage)
    paid = temporary_disability_benefit(wage.monthly, days_of_absence, provisions.temporary_disability)
    return TemporaryDisabilityAward(wage, paid, paid.benefit)


@formula("PD", source="giz-2012 §3.6.4", unit="KHR", shows="present_value")
def permanent_disability_award(
    wages: Sequence[Decimal], lwc: Decimal, age: int, provisions: Provisions, multipliers: Multipliers
) -> PermanentDisabilityAward:
    """What a lasting loss of working capacity pays, from the wages on.

    Formula: PD = LS where λ < 20%; else the present value of PM, and of CM where λ = 100%
    Args:
        wages: monthly wages, KHR, oldest first; one alone is the reference wage.
        lwc: λ, fraction, above 0 and at most 1.
        age: completed years at the injury.
        provisions: in force on the day of the injury.
        multipliers: present value multipliers.
    Returns: KHR, unrounded.
    Raises: LossOfWorkingCapacityOutOfRange, AgeOutsideMultipliers.
    """
    wage = reference_wage(wages, provisions.reference_wage)
    paid = permanent_disability(wage.monthly, lwc, age, provisions, multipliers)
    return PermanentDisabilityAward(wage, paid, paid.present_value)


@formula("ΣSP", source="giz-2012 §3.6.5", unit="KHR a month", shows="total")
def survivors_award(
    wages: Sequence[Decimal], spouses: int, children: int, parents: int, provisions: Provisions
) -> SurvivorsAward:
    """What a family is paid, from the wages on.

    Formula: ΣSP = RWM · min(70%, Σ shares)
    Args:
        wages: monthly wages of the deceased, KHR, oldest first; one alone is the reference wage.
        spouses: 0 or 1.
        children: surviving children.
        parents: surviving parents.
        provisions: in force on the day of the injury.
    Returns: KHR a month, unrounded.
    Raises: NoSurvivors.
    """
    wage = reference_wage(wages, provisions.reference_wage)
    paid = survivors_pensions(wage.monthly, spouses, children, parents, provisions.survivors)
    return SurvivorsAward(wage, paid, paid.total)
