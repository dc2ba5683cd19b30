"""Present value of what is paid for life, by the branch's own multipliers (giz-2012 Annex C)."""

from decimal import Decimal

from pricing.nssf.assumptions import Multipliers
from pricing.nssf.refusals import AgeOutsideMultipliers
from pricing.trace import formula


@formula("PVM_x", source="giz-2012 Table C.1", unit="days")
def multiplier(age: int, multipliers: Multipliers) -> Decimal:
    """Present value of one unit paid daily for life: one cell of the table.

    Formula: PVM_x, read from the table
    Args:
        age: x, completed years.
        multipliers: by age.
    Returns: units, as many as days.
    Raises: AgeOutsideMultipliers.
    """
    found = multipliers.multipliers.get(age)
    if found is None:
        raise AgeOutsideMultipliers(multipliers, age)
    return found


@formula("PVM", source="giz-2012 Annex C", unit="years")
def multiplier_years(age: int, multipliers: Multipliers) -> Decimal:
    """Present value of one unit a year, paid for life.

    Formula: PVM = PVM_x / 365
    Args:
        age: x, completed years.
        multipliers: by age, with the number of units that the table pays a year.
    Returns: years.
    Raises: AgeOutsideMultipliers.
    """
    return multiplier(age, multipliers) / multipliers.unit.per_year


@formula("PV", source="giz-2012 Annex C", unit="KHR")
def pension_present_value(monthly_pension: Decimal, months_per_year: int, years: Decimal) -> Decimal:
    """Present value of a monthly pension for life.

    Formula: PV = monthly pension · 12 · PVM
    Args:
        monthly_pension: KHR a month.
        months_per_year: 12 in the 2008 provisions.
        years: PVM in years.
    Returns: KHR, unrounded.
    """
    return monthly_pension * months_per_year * years


def unit_errata(multipliers: Multipliers) -> tuple[str, ...]:
    """Codes of the published mistakes about the multipliers' unit, which every multiplier is read by."""
    return () if multipliers.unit.erratum is None else (multipliers.unit.erratum,)
