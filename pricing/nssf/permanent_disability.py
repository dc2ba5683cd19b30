"""What a lasting loss of working capacity pays (giz-2012 §3.6.4): as in force, and as the ILO recommended."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE, ZERO
from pricing.nssf.assumptions import DisabilityFactors, Multipliers, PermanentDisability, Provisions
from pricing.nssf.present_value import multiplier_years, pension_present_value
from pricing.nssf.refusals import LossOfWorkingCapacityOutOfRange
from pricing.nssf.wages import annual_wage
from pricing.trace import formula

LUMP_SUM = "lump_sum"
PENSION = "pension"


@dataclass(frozen=True)
class DisabilityBenefits:
    """What is paid, KHR, unrounded; what is not paid is 0.

    Attributes:
        lump_sum: once.
        monthly_pension: a month, without the caretaker's benefit.
        caretaker_benefit: a month, beside the pension.
        present_value: of all of it.
    """

    lump_sum: Decimal
    monthly_pension: Decimal
    caretaker_benefit: Decimal
    present_value: Decimal


@dataclass(frozen=True)
class DisabilityAward:
    """What a loss of working capacity pays.

    Attributes:
        form: lump_sum or pension.
        in_force: by the formulas in force.
        ilo_recommended: by the formulas that the ILO recommended.
        shortfall: what the second pays more than the first.
        present_value: of what is in force.
    """

    form: str
    in_force: DisabilityBenefits
    ilo_recommended: DisabilityBenefits
    shortfall: DisabilityBenefits

    @property
    def present_value(self) -> Decimal:
        """Of what is in force, KHR."""
        return self.in_force.present_value


@formula("LS", source="giz-2012 §3.6.4", unit="KHR")
def permanent_disability_lump_sum(
    wage: Decimal, lwc: Decimal, replacement_rate: Decimal, lump_sum_factor: Decimal, years: Decimal
) -> Decimal:
    """Lump sum for a loss of working capacity below the pension's threshold.

    Formula: LS = RWY · 0.7 · λ · 0.2 · PVM
    Args:
        wage: RWY, annualised reference wage, KHR a year.
        lwc: λ, fraction.
        replacement_rate: 0.7 in the 2008 provisions.
        lump_sum_factor: 0.2 in the 2008 provisions; 1 as the ILO recommends.
        years: PVM in years.
    Returns: KHR, unrounded.
    """
    return wage * replacement_rate * lwc * lump_sum_factor * years


@formula("PM", source="giz-2012 §3.6.4", unit="KHR a month")
def permanent_disability_pension(
    monthly_wage: Decimal, lwc: Decimal, replacement_rate: Decimal, pension_factor: Decimal
) -> Decimal:
    """Monthly pension for a loss of working capacity from the threshold on.

    Formula: PM = RWM · 0.7 · λ · 0.8
    Args:
        monthly_wage: RWM, KHR a month.
        lwc: λ, fraction.
        replacement_rate: 0.7 in the 2008 provisions.
        pension_factor: 0.8 in the 2008 provisions; 1 as the ILO recommends.
    Returns: KHR a month, unrounded.
    """
    return monthly_wage * replacement_rate * lwc * pension_factor


@formula("CM", source="giz-2012 §3.6.4", unit="KHR a month")
def caretaker_benefit(monthly_pension: Decimal, caretaker_rate: Decimal) -> Decimal:
    """What is paid beside the pension at a total loss of working capacity.

    Formula: CM = 0.5 · PM
    Args:
        monthly_pension: PM, KHR a month.
        caretaker_rate: 0.5 in the 2008 provisions.
    Returns: KHR a month, unrounded.
    """
    return caretaker_rate * monthly_pension


@formula("B", source="giz-2012 §3.6.4", unit="KHR", shows="present_value")
def disability_benefits(
    monthly_wage: Decimal,
    lwc: Decimal,
    years: Decimal,
    months_per_year: int,
    terms: PermanentDisability,
    factors: DisabilityFactors,
) -> DisabilityBenefits:
    """What a loss of working capacity pays, by one of the two forms of the formulas.

    Formula: B = LS where λ < 20%; else the present value of PM, and of CM where λ = 100%
    Args:
        monthly_wage: RWM, KHR a month.
        lwc: λ, fraction.
        years: PVM in years.
        months_per_year: 12 in the 2008 provisions.
        terms: rates and thresholds of the provisions.
        factors: of the lump sum and of the pension.
    Returns: KHR, unrounded.
    """
    rate = terms.replacement_rate
    if lwc < terms.pension_from:
        wage = annual_wage(monthly_wage, months_per_year)
        lump_sum = permanent_disability_lump_sum(wage, lwc, rate, factors.lump_sum, years)
        return DisabilityBenefits(lump_sum, ZERO, ZERO, lump_sum)
    pension = permanent_disability_pension(monthly_wage, lwc, rate, factors.pension)
    caretaker = caretaker_benefit(pension, terms.caretaker_rate) if lwc >= terms.caretaker_from else ZERO
    present_value = pension_present_value(pension + caretaker, months_per_year, years)
    return DisabilityBenefits(ZERO, pension, caretaker, present_value)


@formula("shortfall", source="giz-2012 §3.6.4", unit="KHR, of a pension KHR a month")
def shortfall(recommended: Decimal, in_force: Decimal) -> Decimal:
    """What the reducing factors cost the worker.

    Formula: as the ILO recommended - as in force
    Args:
        recommended: a benefit or a present value without the reducing factors, KHR.
        in_force: the same with them, KHR.
    Returns: KHR, unrounded.
    """
    return recommended - in_force


@formula("PD", source="giz-2012 §3.6.4", unit="KHR", shows="present_value")
def permanent_disability(
    monthly_wage: Decimal, lwc: Decimal, age: int, provisions: Provisions, multipliers: Multipliers
) -> DisabilityAward:
    """What a loss of working capacity pays, beside what the ILO recommended.

    Formula: PD = B by the factors 0.2 and 0.8; as recommended, B by the factor 1
    Args:
        monthly_wage: RWM, KHR a month.
        lwc: λ, fraction, above 0 and at most 1.
        age: completed years at the injury.
        provisions: in force on the day of the injury.
        multipliers: present value multipliers.
    Returns: KHR, unrounded.
    Raises: LossOfWorkingCapacityOutOfRange, AgeOutsideMultipliers.
    """
    if not ZERO < lwc <= ONE:
        raise LossOfWorkingCapacityOutOfRange(lwc)
    terms, months = provisions.permanent_disability, provisions.months_per_year
    years = multiplier_years(age, multipliers)
    in_force = disability_benefits(monthly_wage, lwc, years, months, terms, terms.factors)
    recommended = disability_benefits(monthly_wage, lwc, years, months, terms, terms.ilo_recommended)
    form = LUMP_SUM if lwc < terms.pension_from else PENSION
    return DisabilityAward(form, in_force, recommended, _shortfall(in_force, recommended))


def _shortfall(in_force: DisabilityBenefits, recommended: DisabilityBenefits) -> DisabilityBenefits:
    return DisabilityBenefits(
        lump_sum=shortfall(recommended.lump_sum, in_force.lump_sum),
        monthly_pension=shortfall(recommended.monthly_pension, in_force.monthly_pension),
        caretaker_benefit=shortfall(recommended.caretaker_benefit, in_force.caretaker_benefit),
        present_value=shortfall(recommended.present_value, in_force.present_value),
    )
