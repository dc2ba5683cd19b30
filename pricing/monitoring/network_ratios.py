"""The Microinsurance Network's key indicators, as far as a year's statements give them (min-indicators-2010).

They are not the guide's: claims are without the reinsurance premium, and no benchmark goes with them.
"""

from decimal import Decimal

from pricing.trace import formula


@formula("net income ratio", source="min-indicators-2010 Key indicators", unit="fraction")
def network_net_income_ratio(net_income: Decimal, earned_premium: Decimal) -> Decimal:
    """Net income by earned premium.

    Formula: net income / earned premium
    Args:
        net_income: without occasional subsidies, Y.
        earned_premium: C, above 0.
    Returns: a fraction, unrounded.
    """
    return net_income / earned_premium


@formula("incurred expense ratio", source="min-indicators-2010 Key indicators", unit="fraction")
def network_incurred_expense_ratio(operating_expenses: Decimal, earned_premium: Decimal) -> Decimal:
    """Expenses of running the scheme by earned premium.

    Formula: incurred expenses / earned premium
    Args:
        operating_expenses: J.
        earned_premium: C, above 0.
    Returns: a fraction, unrounded.
    """
    return operating_expenses / earned_premium


@formula("incurred claims ratio", source="min-indicators-2010 Key indicators", unit="fraction")
def network_incurred_claims_ratio(
    claims_paid: Decimal, change_in_ibnr: Decimal, change_in_rbnp: Decimal, earned_premium: Decimal
) -> Decimal:
    """Claims with the change of their reserves, by earned premium.

    Formula: (g1 + g2 + g3) / C
    Args:
        claims_paid: g1.
        change_in_ibnr: g2.
        change_in_rbnp: g3.
        earned_premium: C, above 0.
    Returns: a fraction, unrounded.
    """
    return (claims_paid + change_in_ibnr + change_in_rbnp) / earned_premium


@formula("renewal ratio", source="min-indicators-2010 Key indicators", unit="fraction")
def network_renewal_ratio(contracts_renewed: Decimal, contracts_due: Decimal) -> Decimal:
    """Renewals by potential renewals.

    Formula: renewals / potential renewals
    Args:
        contracts_renewed: contracts that were renewed.
        contracts_due: those that could be, above 0.
    Returns: a fraction, unrounded.
    """
    return contracts_renewed / contracts_due


@formula("promptness of claims settlement", source="min-indicators-2010 Key indicators", unit="fraction")
def network_promptness(claims_settled_in_time: Decimal, claims_settled: Decimal) -> Decimal:
    """Claims paid within the time that the scheme promises.

    Formula: claims settled in time / claims settled
    Args:
        claims_settled_in_time: number of claims paid in time.
        claims_settled: number of claims paid, above 0.
    Returns: a fraction, unrounded.
    """
    return claims_settled_in_time / claims_settled


@formula("claims rejection ratio", source="min-indicators-2010 Key indicators", unit="fraction")
def network_claims_rejection_ratio(claims_rejected: Decimal, claims_reported: Decimal) -> Decimal:
    """Claims rejected by claims reported.

    Formula: claims rejected / claims reported
    Args:
        claims_rejected: number of claims that were rejected.
        claims_reported: number of claims that came in, above 0.
    Returns: a fraction, unrounded.
    """
    return claims_rejected / claims_reported


@formula("growth ratio", source="min-indicators-2010 Key indicators", unit="fraction")
def network_growth_ratio(beneficiaries_end: Decimal, beneficiaries_beginning: Decimal) -> Decimal:
    """Growth of the number of insured persons.

    Formula: (end - beginning) / beginning
    Args:
        beneficiaries_end: insured at the end of the period.
        beneficiaries_beginning: at its beginning, above 0.
    Returns: a fraction, unrounded.
    """
    return (beneficiaries_end - beneficiaries_beginning) / beneficiaries_beginning


@formula("coverage ratio", source="min-indicators-2010 Key indicators", unit="fraction")
def network_coverage_ratio(beneficiaries_end: Decimal, target_population: Decimal) -> Decimal:
    """Insured persons by the target population.

    Formula: insured persons / target population
    Args:
        beneficiaries_end: insured at the end of the period.
        target_population: P, above 0.
    Returns: a fraction, unrounded.
    """
    return beneficiaries_end / target_population


@formula("solvency ratio", source="min-indicators-2010 Key indicators", unit="multiple")
def network_solvency_ratio(admitted_assets: Decimal, total_liabilities: Decimal) -> Decimal:
    """Admitted assets by liabilities.

    Formula: admitted assets / liabilities
    Args:
        admitted_assets: assets that count as cover.
        total_liabilities: 14, above 0.
    Returns: a multiple, unrounded.
    """
    return admitted_assets / total_liabilities


@formula("liquidity ratio", source="min-indicators-2010 Key indicators", unit="multiple")
def network_liquidity_ratio(cash: Decimal, short_term_investments: Decimal, short_term_liabilities: Decimal) -> Decimal:
    """Cash and what is as good, by what is soon due.

    Formula: (1 + 3) / 12
    Args:
        cash: 1.
        short_term_investments: 3.
        short_term_liabilities: 12, above 0.
    Returns: a multiple, unrounded.
    """
    return (cash + short_term_investments) / short_term_liabilities
