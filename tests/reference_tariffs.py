"""Premium scales a second time, in exact fractions: what the service is compared with.

Written from the published contract and from a table's content as `GET /v1/tables` shows it; it imports nothing of the
service.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

Content = Mapping[str, Any]


class Quoted(NamedTuple):
    """Exact amounts: premium, subsidy, what the scheme receives, by payer; earned, or None: nothing is divided."""

    premium: Fraction
    subsidy: Fraction
    total: Fraction
    payers: list[tuple[str, bool, Fraction]]
    earned: tuple[int, Fraction] | None


class Refused(NamedTuple):
    """The field of the question that the scale has no answer to."""

    field: str


def text(value: Fraction, places: int) -> str:
    """A value as it stands in an answer, half up."""
    units = floor(value * 10**places + Fraction(1, 2))
    whole, rest = divmod(units, 10**places)
    return f"{whole}.{rest:0{places}d}" if places else str(whole)


def quote(content: Content, body: Mapping[str, Any]) -> Quoted | Refused:
    """The answer to a question, from a table's content."""
    name = body.get("membership_class")
    if name is None and len(content["classes"]) == 1:
        (name,) = content["classes"]
    if name not in content["classes"]:
        return Refused("membership_class")
    scale = content["classes"][name]
    persons, income = body.get("persons"), body.get("income")
    full = _on_income(content, scale, persons, income) if "rate" in scale else _amount(content, scale, persons, income)
    if isinstance(full, Refused):
        return full
    given = scale.get("subsidy", {})
    number = int(persons or 0) if content["charged_for"] == "person" else 1
    beside = Fraction(given.get("amount_beside_premium", 0)) * number
    proration, earned = content.get("proration"), None
    if proration is not None and body.get("enrolment_month") is not None:
        term, month = content["period_months"], int(body["enrolment_month"][5:])
        begun = [each for each in range(month, month + term) if (each - proration["first_month"]) % term == 0]
        months = term if month in begun else begun[0] - month
        share = Fraction(months, term)
        if proration["of"] == "premium":
            full, beside = full * share, beside * share
        earned = months, full * (share if proration["of"] == "earned_premium" else 1)
    within = full * Fraction(given.get("share_of_premium", 0))
    payers = [(payer, False, (full - within) * Fraction(part)) for payer, part in scale.get("payers", {}).items()]
    if given:
        payers.append((given["payer"], True, within + beside))
    return Quoted(full, within + beside, full + beside, payers, earned)


def _on_income(content: Content, scale: Content, persons: int | None, income: str | None) -> Fraction | Refused:
    if persons is not None:
        return Refused("persons")
    if income is None:
        return Refused("income")
    bounds = content.get("income", {})
    counted = Fraction(income)
    if "lowest" in bounds and counted < Fraction(bounds["lowest"]):
        counted = Fraction(bounds["lowest"])
    if "highest" in bounds and counted > Fraction(bounds["highest"]):
        counted = Fraction(bounds["highest"])
    return counted * Fraction(scale["rate"])


def _amount(content: Content, scale: Content, persons: int | None, income: str | None) -> Fraction | Refused:
    if income is not None:
        return Refused("income")
    by_size, largest = scale.get("premium_by_family_size"), scale.get("largest_family")
    is_each = content["charged_for"] == "person"
    if persons is None:
        return Refused("persons") if is_each or by_size or largest else Fraction(scale["premium"])
    further = persons - largest if largest is not None and persons > largest else 0
    if further and "premium_for_each_further_person" not in scale:
        return Refused("persons")
    amount = Fraction(scale["premium"]) if by_size is None else None
    for size, each in sorted((by_size or {}).items(), key=lambda band: int(band[0])):
        amount = Fraction(each) if int(size) <= persons else amount
    assert amount is not None
    return amount * (persons if is_each else 1) + further * Fraction(scale.get("premium_for_each_further_person", 0))
