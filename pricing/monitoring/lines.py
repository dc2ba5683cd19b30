"""The lines of a scheme's accounts and membership, added up; what is missing or does not add up is said, never mended.

Line names are those of requests. A total that is left out is added up from its parts. Where it is stated too and
differs, that is a finding, and the sum of the parts is used.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pricing.monitoring import membership, statements

Figures = Mapping[str, Decimal]

TOTAL_DIFFERS = "total_differs"


@dataclass(frozen=True)
class Total:
    """A line that follows from others.

    Attributes:
        name: its name.
        line: the row or number that the guide gives it.
        statement: where it stands.
        add: the formula.
        parts: the lines that the formula takes, in order.
        is_line: whether the guide has it as a line of its own: then it is what is missing, and not its parts.
    """

    name: str
    line: str
    statement: str
    add: Callable[..., Decimal]
    parts: tuple[str, ...]
    is_line: bool = False


INCOME, BALANCE, MEMBERSHIP = "income_statement", "balance_sheet", "membership"

_UPR, _IBNR, _RBNP = "unearned_premium_reserve", "ibnr_reserve", "rbnp_reserve"
OPENING = {"opening_unearned_premium_reserve": _UPR, "opening_ibnr_reserve": _IBNR, "opening_rbnp_reserve": _RBNP}
"""What the period before leaves at its end is what a period begins with."""

TOTALS = (
    Total(
        "change_in_unearned_premium_reserve",
        "B",
        INCOME,
        statements.upr_change,
        ("opening_unearned_premium_reserve", _UPR),
        is_line=True,
    ),
    Total(
        "earned_premium",
        "C",
        INCOME,
        statements.earned_premium,
        ("premiums", "change_in_unearned_premium_reserve"),
    ),
    Total("other_income", "F", INCOME, statements.other_income, ("membership_fees", "ancillary_services_income")),
    Total(
        "total_income",
        "R",
        INCOME,
        statements.total_income,
        ("earned_premium", "permanent_subsidies", "investment_income", "other_income"),
    ),
    Total(
        "change_in_ibnr",
        "g2",
        INCOME,
        statements.claims_reserve_change,
        ("opening_ibnr_reserve", _IBNR),
        is_line=True,
    ),
    Total(
        "change_in_rbnp",
        "g3",
        INCOME,
        statements.claims_reserve_change,
        ("opening_rbnp_reserve", _RBNP),
        is_line=True,
    ),
    Total(
        "incurred_claims",
        "G",
        INCOME,
        statements.incurred_claims,
        ("claims_paid", "change_in_ibnr", "change_in_rbnp", "reinsurance_expenses"),
    ),
    Total(
        "administrative_expenses",
        "H",
        INCOME,
        statements.administrative_expenses,
        (
            "salaries_and_benefits",
            "rental_and_contractual_charges",
            "depreciation",
            "travel",
            "office_supplies",
            "miscellaneous_administrative_expenses",
        ),
    ),
    Total(
        "distribution_and_communication_expenses",
        "I",
        INCOME,
        statements.distribution_and_communication_expenses,
        ("promotion", "distribution"),
    ),
    Total(
        "operating_expenses",
        "J",
        INCOME,
        statements.operating_expenses,
        ("administrative_expenses", "distribution_and_communication_expenses"),
    ),
    Total(
        "other_expenses",
        "K",
        INCOME,
        statements.other_expenses,
        ("ancillary_services_expenses", "miscellaneous_other_expenses"),
    ),
    Total(
        "total_expenses",
        "X",
        INCOME,
        statements.total_expenses,
        ("incurred_claims", "operating_expenses", "other_expenses"),
    ),
    Total(
        "net_income_before_subsidies",
        "Y",
        INCOME,
        statements.net_income_before_subsidies,
        ("total_income", "total_expenses"),
    ),
    Total(
        "net_income_after_subsidies",
        "Z",
        INCOME,
        statements.net_income_after_subsidies,
        ("net_income_before_subsidies", "occasional_subsidies"),
    ),
    Total(
        "total_assets",
        "7",
        BALANCE,
        statements.total_assets,
        (
            "cash",
            "accruals_and_prepayments",
            "short_term_investments",
            "long_term_investments",
            "fixed_assets",
            "intangible_fixed_assets",
        ),
    ),
    Total(
        "total_liabilities",
        "14",
        BALANCE,
        statements.total_liabilities,
        (_IBNR, _RBNP, _UPR, "actuarial_liabilities", "short_term_liabilities", "long_term_liabilities"),
    ),
    Total("equity", "15", BALANCE, statements.equity, ("paid_in_equity", "grant_funds", "retained_earnings")),
    Total(
        "total_liabilities_and_equity",
        "19",
        BALANCE,
        statements.total_liabilities_and_equity,
        ("total_liabilities", "equity"),
    ),
    Total(
        "members_end",
        "X",
        MEMBERSHIP,
        membership.balance,
        ("members_beginning", "new_members", "lapses"),
        is_line=True,
    ),
    Total(
        "beneficiaries_end",
        "Y",
        MEMBERSHIP,
        membership.balance,
        ("beneficiaries_beginning", "new_beneficiaries", "beneficiary_lapses"),
        is_line=True,
    ),
)

BY_NAME = {total.name: total for total in TOTALS}


@dataclass(frozen=True)
class AddedUp:
    """A total of one period.

    Attributes:
        total: which.
        value: the sum of its parts, else what is stated, or None where neither is known.
        stated: what the request says it is, or None.
        missing: the lines without which it cannot be added up; empty where its value is known.
    """

    total: Total
    value: Decimal | None
    stated: Decimal | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """Something that does not add up.

    Attributes:
        code: what kind of thing.
        lines: the lines that it is about.
        expected: what it should be by the others, or None.
        stated: what it is, or None.
        detail: the same in a sentence.
    """

    code: str
    lines: tuple[str, ...]
    expected: Decimal | None
    stated: Decimal | None
    detail: str


@dataclass(frozen=True)
class Accounts:
    """One period's figures, with the totals that follow.

    Attributes:
        figures: every line that is known, totals too.
        totals: the totals, in the order of the statements.
        findings: where a stated total is not the sum of its parts.
    """

    figures: Figures
    totals: tuple[AddedUp, ...]
    findings: tuple[Finding, ...]


def added_up(known: Figures, given: Figures) -> Accounts:
    """A period's totals, from the lines that are known; what is `given` is what its accounts state themselves."""
    figures = dict(known)
    totals, findings = [], []
    for total in TOTALS:
        stated = given.get(total.name)
        if all(part in figures for part in total.parts):
            value = total.add(*(figures[part] for part in total.parts))
            figures[total.name] = value
            if stated is not None and stated != value:
                parts = ", ".join(total.parts)
                detail = f"{total.name} (line {total.line}) is stated otherwise than it follows from {parts}."
                findings.append(Finding(TOTAL_DIFFERS, (total.name, *total.parts), value, stated, detail))
        missing = missing_lines(total.name, figures)
        totals.append(AddedUp(total, figures.get(total.name), stated, missing))
    return Accounts(figures, tuple(totals), tuple(findings))


def missing_lines(name: str, figures: Mapping[str, Any]) -> tuple[str, ...]:
    """The lines that would make a line known; none where it is."""
    if name in figures:
        return ()
    total = BY_NAME.get(name)
    if total is None or total.is_line:
        return (name,)
    return tuple(dict.fromkeys(line for part in total.parts for line in missing_lines(part, figures)))
