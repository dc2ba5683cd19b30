"""Totals of the guide's income statement and balance sheet, one formula a line (ilo-hmis-2007 Tables 1 and 2)."""

from decimal import Decimal

from pricing.trace import formula

_UNIT = "currency of the statement"


@formula("B", source="ilo-hmis-2007 Part I §5.1", unit=_UNIT)
def upr_change(opening_reserve: Decimal, closing_reserve: Decimal) -> Decimal:
    """Change in the unearned premium reserve, as it goes into earned premium.

    Formula: B = opening UPR - closing UPR
    Args:
        opening_reserve: unearned premium at the end of the period before.
        closing_reserve: unearned premium at the end of the period.
    Returns: an amount, below 0 where the reserve has grown.
    """
    return opening_reserve - closing_reserve


@formula("g2, g3", source="ilo-hmis-2007 Part I §5.1", unit=_UNIT)
def claims_reserve_change(opening_reserve: Decimal, closing_reserve: Decimal) -> Decimal:
    """Change in a claims reserve, as it goes into incurred claims.

    Formula: g = closing reserve - opening reserve
    Args:
        opening_reserve: the reserve (IBNR or RBNP) at the end of the period before.
        closing_reserve: the same at the end of the period.
    Returns: an amount, above 0 where the reserve has grown.
    """
    return closing_reserve - opening_reserve


@formula("C", source="ilo-hmis-2007 Table 1", unit=_UNIT)
def earned_premium(premiums: Decimal, change: Decimal) -> Decimal:
    """Earned premium.

    Formula: C = A + B
    Args:
        premiums: A, billed in the period.
        change: B, change in the unearned premium reserve.
    Returns: an amount.
    """
    return premiums + change


@formula("F", source="ilo-hmis-2007 Table 1", unit=_UNIT)
def other_income(membership_fees: Decimal, ancillary_income: Decimal) -> Decimal:
    """Other income.

    Formula: F = f1 + f2
    Args:
        membership_fees: f1, not refundable.
        ancillary_income: f2, of ancillary services and other.
    Returns: an amount.
    """
    return membership_fees + ancillary_income


@formula("R", source="ilo-hmis-2007 Table 1", unit=_UNIT)
def total_income(earned: Decimal, permanent_subsidies: Decimal, investment: Decimal, other: Decimal) -> Decimal:
    """Total income.

    Formula: R = C + D + E + F
    Args:
        earned: C, earned premium.
        permanent_subsidies: D, permanent subsidies and grants.
        investment: E, investment income.
        other: F, other income.
    Returns: an amount.
    """
    return earned + permanent_subsidies + investment + other


@formula("G", source="ilo-hmis-2007 Table 1", unit=_UNIT)
def incurred_claims(paid: Decimal, ibnr_change: Decimal, rbnp_change: Decimal, reinsurance: Decimal) -> Decimal:
    """Incurred claims, with the reinsurance premium, as the guide has them.

    Formula: G = g1 + g2 + g3 + g4
    Args:
        paid: g1, claims paid.
        ibnr_change: g2, change in claims incurred but not reported.
        rbnp_change: g3, change in claims reported but not paid.
        reinsurance: g4, premium paid to a reinsurer.
    Returns: an amount.
    """
    return paid + ibnr_change + rbnp_change + reinsurance


@formula("H", source="ilo-hmis-2007 Table 1", unit=_UNIT)
def administrative_expenses(
    salaries: Decimal,
    rental: Decimal,
    depreciation: Decimal,
    travel: Decimal,
    supplies: Decimal,
    miscellaneous: Decimal,
) -> Decimal:
    """Administrative expenses.

    Formula: H = h1 + h2 + h3 + h4 + h5 + h6
    Args:
        salaries: h1, salaries and benefits.
        rental: h2, rental and contractual charges.
        depreciation: h3.
        travel: h4.
        supplies: h5, office supplies.
        miscellaneous: h6.
    Returns: an amount.
    """
    return salaries + rental + depreciation + travel + supplies + miscellaneous


@formula("I", source="ilo-hmis-2007 Table 1", unit=_UNIT)
def distribution_and_communication_expenses(promotion: Decimal, distribution: Decimal) -> Decimal:
    """Distribution and communication expenses.

    Formula: I = i1 + i2
    Args:
        promotion: i1.
        distribution: i2.
    Returns: an amount.
    """
    return promotion + distribution


@formula("J", source="ilo-hmis-2007 Table 1", unit=_UNIT)
def operating_expenses(administrative: Decimal, distribution_and_communication: Decimal) -> Decimal:
    """Operating expenses.

    Formula: J = H + I
    Args:
        administrative: H.
        distribution_and_communication: I.
    Returns: an amount.
    """
    return administrative + distribution_and_communication


@formula("K", source="ilo-hmis-2007 Table 1", unit=_UNIT)
def other_expenses(ancillary_services: Decimal, miscellaneous: Decimal) -> Decimal:
    """Other expenses.

    Formula: K = k1 + k2
    Args:
        ancillary_services: k1, expenses of ancillary health services.
        miscellaneous: k2.
    Returns: an amount.
    """
    return ancillary_services + miscellaneous


@formula("X", source="ilo-hmis-2007 Table 1", unit=_UNIT)
def total_expenses(incurred: Decimal, operating: Decimal, other: Decimal) -> Decimal:
    """Total expenses.

    Formula: X = G + J + K
    Args:
        incurred: G, incurred claims.
        operating: J, operating expenses.
        other: K, other expenses.
    Returns: an amount.
    """
    return incurred + operating + other


@formula("Y", source="ilo-hmis-2007 Table 1", unit=_UNIT)
def net_income_before_subsidies(income: Decimal, expenses: Decimal) -> Decimal:
    """Net income before occasional subsidies and grants.

    Formula: Y = R - X
    Args:
        income: R, total income.
        expenses: X, total expenses.
    Returns: an amount, below 0 for a loss.
    """
    return income - expenses


@formula("Z", source="ilo-hmis-2007 Table 1", unit=_UNIT)
def net_income_after_subsidies(before: Decimal, occasional_subsidies: Decimal) -> Decimal:
    """Net income after occasional subsidies and grants.

    Formula: Z = Y + S
    Args:
        before: Y, net income before them.
        occasional_subsidies: S.
    Returns: an amount, below 0 for a loss.
    """
    return before + occasional_subsidies


@formula("line 7", source="ilo-hmis-2007 Table 2", unit=_UNIT)
def total_assets(
    cash: Decimal,
    accruals: Decimal,
    short_term_investments: Decimal,
    long_term_investments: Decimal,
    fixed: Decimal,
    intangible: Decimal,
) -> Decimal:
    """Total assets.

    Formula: 7 = 1 + 2 + 3 + 4 + 5 + 6
    Args:
        cash: 1, cash and due from banks.
        accruals: 2, accruals and prepayments.
        short_term_investments: 3.
        long_term_investments: 4.
        fixed: 5, fixed assets.
        intangible: 6, intangible fixed assets.
    Returns: an amount.
    """
    return cash + accruals + short_term_investments + long_term_investments + fixed + intangible


@formula("line 14", source="ilo-hmis-2007 Table 2", unit=_UNIT)
def total_liabilities(
    ibnr: Decimal, rbnp: Decimal, upr: Decimal, actuarial: Decimal, short_term: Decimal, long_term: Decimal
) -> Decimal:
    """Total liabilities, without equity.

    Formula: 14 = 8 + 9 + 10 + 11 + 12 + 13
    Args:
        ibnr: 8, reserve for claims incurred but not reported.
        rbnp: 9, reserve for claims reported but not paid.
        upr: 10, unearned premium reserve.
        actuarial: 11, actuarial liabilities.
        short_term: 12, short-term liabilities.
        long_term: 13, long-term liabilities.
    Returns: an amount.
    """
    return ibnr + rbnp + upr + actuarial + short_term + long_term


@formula("line 15", source="ilo-hmis-2007 Table 2", unit=_UNIT)
def equity(paid_in: Decimal, grant_funds: Decimal, retained: Decimal) -> Decimal:
    """Equity.

    Formula: 15 = 16 + 17 + 18
    Args:
        paid_in: 16, paid-in equity.
        grant_funds: 17, occasional grants.
        retained: 18, retained earnings, below 0 where losses have accumulated.
    Returns: an amount.
    """
    return paid_in + grant_funds + retained


@formula("line 19", source="ilo-hmis-2007 Table 2", unit=_UNIT)
def total_liabilities_and_equity(liabilities: Decimal, equity_total: Decimal) -> Decimal:
    """Total liabilities with equity.

    Formula: 19 = 14 + 15
    Args:
        liabilities: 14.
        equity_total: 15.
    Returns: an amount.
    """
    return liabilities + equity_total
