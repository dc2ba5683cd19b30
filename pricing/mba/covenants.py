"""Limits within which the programme is said to be feasible, checked on actual or projected figures (suan-2009 §VI).

A figure that is missing leaves its covenant unassessed; it is never taken to be met.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ZERO, total
from pricing.mba.assumptions import Covenants
from pricing.rounding import without_guard_digits
from pricing.trace import formula

MET = "met"
NOT_MET = "not_met"
NOT_ASSESSED = "not_assessed"

AT_MOST = "at_most"
AT_LEAST = "at_least"

PREMIUM_INCOME = "premium_income"
OPERATING_EXPENSES = "operating_expenses"
COMMISSION = "commission"
INVESTED_FUNDS = "invested_funds"
INVESTMENT_INCOME = "investment_income"
MEMBERS = "members"
WITHDRAWALS = "withdrawals"
DIVIDEND_RATE = "dividend_rate"
LONG_TERM_DEPOSIT_RATE = "long_term_deposit_rate"
FEDERATION_SHARES = "federation_shares"

_FINANCE, _CAPITAL = "suan-2009 §VI", "suan-2009 §V Capitalization"


@dataclass(frozen=True)
class Finding:
    """One covenant checked.

    Attributes:
        covenant: its name.
        finding: met, not_met or not_assessed.
        bound: at_most or at_least.
        actual: the figure that is bounded, or None where it is not known.
        limit: its bound, or None where that is not known.
        margin: how far the figure is on the right side of the limit; below 0 how far it is beyond.
        missing: names of the figures that are missing, or that are zero where a share is taken of them.
        source: where the covenant stands.
    """

    covenant: str
    finding: str
    bound: str
    actual: Decimal | None
    limit: Decimal | None
    margin: Decimal | None
    missing: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class CovenantReport:
    """Every covenant, and what they say together: not_met before not_assessed before met."""

    verdict: str
    findings: tuple[Finding, ...]


@formula("part/whole", source="suan-2009 §VI", unit="fraction")
def ratio(part: Decimal, whole: Decimal) -> Decimal:
    """A figure as a fraction of another.

    Formula: part / whole
    Args:
        part: an amount or a number.
        whole: of the same kind, not 0.
    Returns: a fraction, unrounded.
    """
    return part / whole


@formula("max share", source="suan-2009 §V Capitalization", unit="fraction")
def largest_share(largest: Decimal, total: Decimal) -> Decimal:
    """The largest holder's fraction of a capital.

    Formula: max share = largest / Σ shares
    Args:
        largest: the most that one federation holds.
        total: what all hold, not 0.
    Returns: a fraction, unrounded.
    """
    return largest / total


@formula("dividend limit", source="suan-2009 §V Capitalization", unit="fraction a year")
def dividend_limit(long_term_deposit_rate: Decimal, dividend_margin: Decimal) -> Decimal:
    """The highest dividend.

    Formula: limit = rate of long-term deposits + margin
    Args:
        long_term_deposit_rate: what banks pay, a fraction a year.
        dividend_margin: how far the dividend may be above it, a fraction.
    Returns: a fraction a year.
    """
    return long_term_deposit_rate + dividend_margin


@formula("covenants", source="suan-2009 §VI", unit="finding", shows="verdict")
def covenant_report(
    figures: dict[str, Decimal], federation_shares: Sequence[Decimal] | None, covenants: Covenants
) -> CovenantReport:
    """Check every covenant on the figures that there are.

    Formula: expenses ≤ 35%, commission ≤ 15%, yield ≥ 6%, withdrawals ≤ 10%, share ≤ 20%, dividend ≤ deposits + 2%
    Args:
        figures: by name, those that are known: amounts of one currency and one year, numbers of members, rates.
        federation_shares: share capital of each federation, or None where it is not known.
        covenants: the limits.
    Returns: a finding for each covenant.
    """
    findings = (
        *financial_findings(figures, covenants),
        _federation_share(federation_shares, covenants.maximum_federation_share),
        _dividend(figures, covenants.dividend_margin),
    )
    found = {each.finding for each in findings}
    verdict = next(each for each in (NOT_MET, NOT_ASSESSED, MET) if each in found)
    return CovenantReport(verdict, findings)


def financial_findings(figures: Mapping[str, Decimal], covenants: Covenants) -> tuple[Finding, ...]:
    """The covenants that a projection can be checked against: those of section VI. Args as the report's."""
    return (
        _ratio("expense_ratio", AT_MOST, OPERATING_EXPENSES, PREMIUM_INCOME, covenants.maximum_expense_ratio, figures),
        _ratio("commission_ratio", AT_MOST, COMMISSION, PREMIUM_INCOME, covenants.maximum_commission_ratio, figures),
        _ratio(
            "investment_yield",
            AT_LEAST,
            INVESTMENT_INCOME,
            INVESTED_FUNDS,
            covenants.minimum_investment_yield,
            figures,
        ),
        _ratio("withdrawal_rate", AT_MOST, WITHDRAWALS, MEMBERS, covenants.maximum_withdrawal_rate, figures),
    )


def _ratio(covenant: str, bound: str, part: str, whole: str, limit: Decimal, figures: Mapping[str, Decimal]) -> Finding:
    missing = [name for name in (part, whole) if name not in figures]
    if not missing and not figures[whole]:
        missing = [whole]  # a share of nothing says nothing
    if missing:
        return _unassessed(covenant, bound, limit, missing, _FINANCE)
    return _finding(covenant, bound, ratio(figures[part], figures[whole]), limit, _FINANCE)


def _federation_share(shares: Sequence[Decimal] | None, limit: Decimal) -> Finding:
    capital = total(shares or ())
    if not shares or not capital:
        return _unassessed("federation_share", AT_MOST, limit, [FEDERATION_SHARES], _CAPITAL)
    return _finding("federation_share", AT_MOST, largest_share(max(shares), capital), limit, _CAPITAL)


def _dividend(figures: Mapping[str, Decimal], margin: Decimal) -> Finding:
    missing = [name for name in (DIVIDEND_RATE, LONG_TERM_DEPOSIT_RATE) if name not in figures]
    limit = None
    if LONG_TERM_DEPOSIT_RATE in figures:
        limit = dividend_limit(figures[LONG_TERM_DEPOSIT_RATE], margin)
    if limit is None or missing:
        return _unassessed("dividend_rate", AT_MOST, limit, missing, _CAPITAL)
    return _finding("dividend_rate", AT_MOST, figures[DIVIDEND_RATE], limit, _CAPITAL)


def _finding(covenant: str, bound: str, actual: Decimal, limit: Decimal, source: str) -> Finding:
    # Without its guard digits, a commission of 15% of unrounded premiums is 15%, and not a hair above.
    figure = without_guard_digits(actual)
    margin = limit - figure if bound == AT_MOST else figure - limit
    return Finding(covenant, NOT_MET if margin < ZERO else MET, bound, actual, limit, margin, (), source)


def _unassessed(covenant: str, bound: str, limit: Decimal | None, missing: Sequence[str], source: str) -> Finding:
    return Finding(covenant, NOT_ASSESSED, bound, None, limit, None, tuple(missing), source)
