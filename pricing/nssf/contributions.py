"""What insurance against employment injury costs, and who pays it."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.nssf.assumptions import Contributions
from pricing.nssf.refusals import EmployerNotCovered
from pricing.trace import formula


@dataclass(frozen=True)
class Contribution:
    """A month's contribution for one worker, KHR, unrounded.

    Attributes:
        insured_wage: the wage between floor and ceiling.
        total: what is due.
        employer: the employer's part.
        government_subsidy: the government's part.
    """

    insured_wage: Decimal
    total: Decimal
    employer: Decimal
    government_subsidy: Decimal


@formula("IW", source="giz-2012 §3.8", unit="KHR a month")
def insured_wage(monthly_wage: Decimal, floor: Decimal, ceiling: Decimal) -> Decimal:
    """The part of a wage that is insured.

    Formula: IW = min(max(w, floor), ceiling)
    Args:
        monthly_wage: w, KHR a month.
        floor: the least wage that is insured, KHR a month.
        ceiling: the highest, KHR a month.
    Returns: KHR a month, unrounded.
    """
    return min(max(monthly_wage, floor), ceiling)


@formula("C_g", source="giz-2012 Endnote 16", unit="KHR a month")
def government_subsidy(insured: Decimal, subsidy_rate: Decimal) -> Decimal:
    """What the government pays of a contribution.

    Formula: C_g = IW · subsidy rate
    Args:
        insured: IW, KHR a month.
        subsidy_rate: of the sector in the month, a fraction of the insured wage.
    Returns: KHR a month, unrounded.
    """
    return insured * subsidy_rate


@formula("C_e", source="giz-2012 §3.4", unit="KHR a month")
def employer_contribution(insured: Decimal, rate: Decimal, subsidy_rate: Decimal) -> Decimal:
    """What the employer pays of a contribution.

    Formula: C_e = IW · (rate - subsidy rate)
    Args:
        insured: IW, KHR a month.
        rate: of the whole contribution, a fraction of the insured wage.
        subsidy_rate: the government's part of it, a fraction of the insured wage.
    Returns: KHR a month, unrounded.
    """
    return insured * (rate - subsidy_rate)


@formula("C", source="giz-2012 §3.4", unit="KHR a month", shows="total")
def contribution(monthly_wage: Decimal, sector: str, workers: int | None, terms: Contributions) -> Contribution:
    """A month's contribution for one worker.

    Formula: C = C_e + C_g
    Args:
        monthly_wage: KHR a month.
        sector: an economic sector of the table.
        workers: whom the employer employs, or None where it is known that the employer is covered.
        terms: floor, ceiling and rates of the month.
    Returns: KHR a month, unrounded.
    Raises: EmployerNotCovered.
    """
    if workers is not None and workers < terms.minimum_workers:
        raise EmployerNotCovered(terms.minimum_workers)
    insured = insured_wage(monthly_wage, terms.floor, terms.ceiling)
    employer = employer_contribution(insured, terms.rate, terms.subsidy_rates[sector])
    subsidy = government_subsidy(insured, terms.subsidy_rates[sector])
    return Contribution(insured, employer + subsidy, employer, subsidy)
