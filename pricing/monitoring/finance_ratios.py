"""Ratios of finance, economy and staff (ilo-hmis-2007 Table 4, Index of indicators)."""

from decimal import Decimal

from pricing.trace import formula


@formula("F.1", source="ilo-hmis-2007 Index of indicators", unit="multiple")
def quick_ratio(cash: Decimal, short_term_investments: Decimal, short_term_liabilities: Decimal) -> Decimal:
    """What can be paid at once, by what is soon due.

    Formula: F.1 = (1 + 3) / 12
    Args:
        cash: 1, cash and due from banks.
        short_term_investments: 3.
        short_term_liabilities: 12, above 0.
    Returns: a multiple, unrounded.
    """
    return (cash + short_term_investments) / short_term_liabilities


@formula("F.2", source="ilo-hmis-2007 Index of indicators", unit="multiple")
def equity_debt_ratio(equity: Decimal, total_liabilities: Decimal) -> Decimal:
    """Own funds by what is owed.

    Formula: F.2 = 15 / 14
    Args:
        equity: 15.
        total_liabilities: 14, above 0.
    Returns: a multiple, unrounded.
    """
    return equity / total_liabilities


@formula("F.3", source="ilo-hmis-2007 Index of indicators", unit="multiple")
def reserve_ratio(equity: Decimal, incurred_claims: Decimal) -> Decimal:
    """Own funds by a period's claims: the cover of claims.

    Formula: F.3 = 15 / G
    Args:
        equity: 15.
        incurred_claims: G, above 0.
    Returns: a multiple of the period's claims, unrounded.
    """
    return equity / incurred_claims


@formula("F.4.1", source="ilo-hmis-2007 Table 4", unit="fraction")
def operating_expense_ratio(operating_expenses: Decimal, earned_premium: Decimal) -> Decimal:
    """Operating expenses by earned premium.

    Formula: F.4.1 = J / C
    Args:
        operating_expenses: J.
        earned_premium: C, above 0.
    Returns: a fraction, unrounded.
    """
    return operating_expenses / earned_premium


@formula("F.5", source="ilo-hmis-2007 Table 4", unit="fraction")
def claims_ratio(claims_paid: Decimal, earned_premium: Decimal) -> Decimal:
    """Claims paid by earned premium.

    Formula: F.5 = g1 / C
    Args:
        claims_paid: g1.
        earned_premium: C, above 0.
    Returns: a fraction, unrounded.
    """
    return claims_paid / earned_premium


@formula("F.6", source="ilo-hmis-2007 Index of indicators", unit="fraction")
def gross_operating_expense_ratio(operating_expenses: Decimal, premiums: Decimal) -> Decimal:
    """Operating expenses by premiums billed.

    Formula: F.6 = J / A
    Args:
        operating_expenses: J.
        premiums: A, above 0.
    Returns: a fraction, unrounded.
    """
    return operating_expenses / premiums


@formula("F.7", source="ilo-hmis-2007 Table 4", unit="fraction")
def investment_concentration_ratio(largest_holding: Decimal, total_assets: Decimal) -> Decimal:
    """The most that one institution holds, by all assets.

    Formula: F.7 = largest holding / 7
    Args:
        largest_holding: assets with the one institution that has most of them.
        total_assets: 7, above 0.
    Returns: a fraction, unrounded.
    """
    return largest_holding / total_assets


@formula("V.1", source="ilo-hmis-2007 Index of indicators", unit="fraction")
def self_financing_ratio(total_income: Decimal, permanent_subsidies: Decimal, total_expenses: Decimal) -> Decimal:
    """Income without any subsidy, by expenses.

    Formula: V.1 = (R - D) / X
    Args:
        total_income: R.
        permanent_subsidies: D.
        total_expenses: X, above 0.
    Returns: a fraction, unrounded.
    """
    return (total_income - permanent_subsidies) / total_expenses


@formula("V.2", source="ilo-hmis-2007 Index of indicators", unit="fraction")
def full_cost_ratio(total_expenses: Decimal, hidden_costs: Decimal, earned_premium: Decimal) -> Decimal:
    """Expenses with those that others bear, by earned premium.

    Formula: V.2 = (X + hidden costs) / C
    Args:
        total_expenses: X.
        hidden_costs: what is used and not paid for.
        earned_premium: C, above 0.
    Returns: a fraction, unrounded.
    """
    return (total_expenses + hidden_costs) / earned_premium


@formula("H.2", source="ilo-hmis-2007 Table 4", unit="fraction")
def training_ratio(training_expenses: Decimal, operating_expenses: Decimal) -> Decimal:
    """Expenses of training by operating expenses.

    Formula: H.2 = training / J
    Args:
        training_expenses: what is spent on training the staff.
        operating_expenses: J, above 0.
    Returns: a fraction, unrounded.
    """
    return training_expenses / operating_expenses


@formula("C.1", source="ilo-hmis-2007 Index of indicators", unit="fraction")
def investment_yield(
    investment_income: Decimal, short_term_investments: Decimal, long_term_investments: Decimal
) -> Decimal:
    """Investment income by what is invested at the end.

    Formula: C.1 = E / (3 + 4)
    Args:
        investment_income: E.
        short_term_investments: 3.
        long_term_investments: 4; both together above 0.
    Returns: a fraction, unrounded.
    """
    return investment_income / (short_term_investments + long_term_investments)
