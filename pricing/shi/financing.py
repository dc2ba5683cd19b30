"""From what benefits cost to what must be contributed (giz-2012 Tables 4.7, 4.9, 4.11, 4.13)."""

from decimal import Decimal

from pricing.arithmetic import ONE
from pricing.rounding import PROPOSED_RATE
from pricing.trace import formula


@formula("A", source="giz-2012 Table 4.7", unit="million KHR a year")
def administration_cost(benefit_expenditure: Decimal, administration_rate: Decimal) -> Decimal:
    """What it costs to administer benefits.

    Formula: A = B · a
    Args:
        benefit_expenditure: B, million KHR a year.
        administration_rate: a, fraction of the benefits.
    Returns: million KHR a year, unrounded.
    """
    return benefit_expenditure * administration_rate


@formula("PAYG", source="giz-2012 Table 4.7", unit="fraction of insured earnings")
def payg_cost_ratio(
    total_expenditure: Decimal, insured_earnings: Decimal, density: Decimal, collection_rate: Decimal
) -> Decimal:
    """The contribution rate that just pays for a year.

    Formula: PAYG = E / (W · density · collection)
    Args:
        total_expenditure: E, benefits and administration, million KHR a year.
        insured_earnings: W, million KHR a year, above 0.
        density: contributory period as a fraction of the period of entitlement, above 0.
        collection_rate: fraction of the contributions due that is collected, above 0.
    Returns: a fraction, unrounded.
    """
    return total_expenditure / (insured_earnings * density * collection_rate)


@formula("c", source="giz-2012 Table 4.13", unit="fraction of insured earnings")
def proposed_contribution_rate(total_cost_ratio: Decimal) -> Decimal:
    """The contribution rate to propose: the cost ratio, up to the next tenth of a per cent.

    Formula: c = PAYG rounded up to three decimals
    Args:
        total_cost_ratio: PAYG of all benefits, a fraction.
    Returns: a fraction; the cost ratio itself where that has no more than three decimals.
    Raises: AmountTooLarge.
    """
    return PROPOSED_RATE.round(total_cost_ratio)


@formula("c_e", source="giz-2012 §4.3.5", unit="fraction of insured earnings")
def employer_rate(contribution_rate: Decimal, employer_share: Decimal) -> Decimal:
    """The employer's part of a contribution rate.

    Formula: c_e = c · s
    Args:
        contribution_rate: c, a fraction of insured earnings.
        employer_share: s, fraction of it that the employer pays.
    Returns: a fraction of insured earnings, unrounded.
    """
    return contribution_rate * employer_share


@formula("c_w", source="giz-2012 §4.3.5", unit="fraction of insured earnings")
def worker_rate(contribution_rate: Decimal, employer_share: Decimal) -> Decimal:
    """The worker's part of a contribution rate.

    Formula: c_w = c · (1 - s)
    Args:
        contribution_rate: c, a fraction of insured earnings.
        employer_share: s, fraction of it that the employer pays.
    Returns: a fraction of insured earnings, unrounded.
    """
    return contribution_rate * (ONE - employer_share)
