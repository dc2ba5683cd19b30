"""What of a period's figures does not agree with the rest; nothing is mended."""

from collections.abc import Sequence
from decimal import Decimal

from pricing.arithmetic import ZERO
from pricing.monitoring.lines import BY_NAME, OPENING, Figures, Finding
from pricing.monitoring.membership import Month, from_months, out_of_balance
from pricing.rounding import EXACT, Rounding

UNBALANCED = "balance_sheet_unbalanced"
CARRIED = "not_carried_forward"
EXCEEDS = "part_exceeds_whole"
RETAINED = "retained_earnings_differ"
MONTHS_DIFFER = "months_differ"
MONTH_OUT = "month_out_of_balance"
TYPES_DIFFER = "types_differ"

_ASSETS, _FUNDS = "total_assets", "total_liabilities_and_equity"
_PERSONS = "beneficiaries_end"
_TYPES = ("voluntary_beneficiaries", "automatic_beneficiaries", "compulsory_beneficiaries")

_PARTS = (
    ("contracts_renewed", "contracts_due"),
    ("claims_rejected", "claims_reported"),
    ("claims_settled_in_time", "claims_settled"),
    ("patients_impoverished", "patients"),
    ("largest_holding", _ASSETS),
    ("admitted_assets", _ASSETS),
    ("training_expenses", "operating_expenses"),
    ("target_population", "population"),
    (_PERSONS, "target_population"),
    (_PERSONS, "population"),
    ("members_end", _PERSONS),
)
"""A part, and what it cannot be more than."""

_SUMS = (
    "other_income",
    "administrative_expenses",
    "distribution_and_communication_expenses",
    "operating_expenses",
    "other_expenses",
    _ASSETS,
    "total_liabilities",
)
"""Totals no line of which can be below 0: those that are known cannot be more than it."""

_CARRIED = {
    **OPENING,
    "members_beginning": "members_end",
    "beneficiaries_beginning": _PERSONS,
}
"""The line that a period begins with, and that which the period before ends with."""


def carried_forward(given: Figures, earlier: Figures) -> dict[str, Decimal]:
    """What the period before says of the beginning of this one, where this one does not say it."""
    return {
        opening: earlier[closing]
        for opening, closing in _CARRIED.items()
        if opening not in given and closing in earlier
    }


def findings(figures: Figures, earlier: Figures) -> list[Finding]:
    """What does not agree within a period, and with the end of the one before."""
    return [
        *_balance(figures),
        *_parts(figures),
        *_sums(figures),
        *_types(figures),
        *_carried(figures, earlier),
        *_retained(figures, earlier),
    ]


def _balance(figures: Figures) -> list[Finding]:
    if not {_ASSETS, _FUNDS} <= set(figures) or figures[_ASSETS] == figures[_FUNDS]:
        return []
    detail = "Total assets (7) are not total liabilities with equity (19)."
    return [Finding(UNBALANCED, (_ASSETS, _FUNDS), figures[_ASSETS], figures[_FUNDS], detail)]


def _parts(figures: Figures) -> list[Finding]:
    return [
        Finding(EXCEEDS, (part, whole), figures[whole], figures[part], f"{part} is more than {whole}.")
        for part, whole in _PARTS
        if {part, whole} <= set(figures) and figures[part] > figures[whole]
    ]


def _sums(figures: Figures) -> list[Finding]:
    """Totals that are stated, and less than the lines of theirs that are known."""
    found = []
    for name in _SUMS:
        lines = _known_lines(name, figures)
        known = sum((figures[line] for line in lines), start=ZERO)
        if name in figures and known > figures[name]:
            detail = f"{' and '.join(lines)} {'is' if len(lines) == 1 else 'are together'} more than {name}."
            found.append(Finding(EXCEEDS, (*lines, name), figures[name], known, detail))
    return found


def _known_lines(total: str, figures: Figures) -> list[str]:
    """The lines of a total that are known, for a part that is not those of its own."""
    lines = []
    for part in BY_NAME[total].parts:
        if part in figures:
            lines.append(part)
        elif part in _SUMS:
            lines += _known_lines(part, figures)
    return lines


def _types(figures: Figures) -> list[Finding]:
    if not {_PERSONS, *_TYPES} <= set(figures):
        return []
    first, *others = (figures[name] for name in _TYPES)
    total = sum(others, start=first)
    if total == figures[_PERSONS]:
        return []
    detail = "The beneficiaries by type of membership do not add up to all of them."
    return [Finding(TYPES_DIFFER, (_PERSONS, *_TYPES), total, figures[_PERSONS], detail)]


def _carried(figures: Figures, earlier: Figures) -> list[Finding]:
    return [
        Finding(
            CARRIED,
            (opening, closing),
            earlier[closing],
            figures[opening],
            f"{opening} is not {closing} of the period before.",
        )
        for opening, closing in _CARRIED.items()
        if opening in figures and closing in earlier and figures[opening] != earlier[closing]
    ]


def _retained(figures: Figures, earlier: Figures) -> list[Finding]:
    """Retained earnings are net income, accumulated: without occasional grants (line 17 has those), or with them."""
    retained, before, after = "retained_earnings", "net_income_before_subsidies", "net_income_after_subsidies"
    if retained not in earlier or not {retained, before, after} <= set(figures):
        return []
    change = figures[retained] - earlier[retained]
    if change in (figures[before], figures[after]):
        return []
    detail = "Retained earnings have changed by another amount than net income, before or after occasional subsidies."
    return [Finding(RETAINED, (retained, before, after), figures[before], change, detail)]


def month_findings(given: Figures, months: Sequence[Month]) -> list[Finding]:
    """Where the months' sheet does not agree with itself, or with what is stated of the whole period."""
    found = [
        Finding(MONTHS_DIFFER, (name,), value, given[name], f"{name} is stated otherwise than the months say.")
        for name, value in from_months(months).items()
        if name in given and not _is_rounded(given[name], value)
    ]
    for position, column, expected in out_of_balance(months):
        detail = f"Month {position + 1}: {column} are not the month's before with those who came and went."
        found.append(Finding(MONTH_OUT, (column,), expected, months[position][column], detail))
    return found


def _is_rounded(stated: Decimal, value: Decimal) -> bool:
    """Whether a figure is a value at as many decimal places as it is stated with, as an average has to be."""
    places = min(max(0, -int(stated.as_tuple().exponent)), EXACT.places)
    return Rounding(places).round(value) == Rounding(places).round(stated)
