"""Claims, reinsurance and equity value a second time, in exact fractions: what the service is compared with.

Written from the paper (suan-2009, Tables 2-7 and 13, Appendix A, notes) and the published contract alone; it imports
nothing of the service.
"""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from tests.reference import BENEFITS

Body = Mapping[str, Any]

PERCENT = {  # Appendix A
    "arm_or_hand": 75, "thumb": 25, "index_finger": 15, "other_finger": 10, "leg_or_foot": 70, "big_toe": 10,
    "other_toe": 3, "eye": 35, "both_eyes": 100, "hearing_one_ear": 25, "hearing_both_ears": 60, "smell_or_taste": 10,
    "incurable_brain_injury": 100, "kidney": 20, "spleen": 5,
}  # fmt: skip


class Decided(NamedTuple):
    """Decision, reason, exact benefit, codes of the notes."""

    decision: str
    reason: str
    benefit: Fraction
    notes: tuple[str, ...] = ()


IMPOSSIBLE = Decided("impossible_claim", "", Fraction(0))


def riel(value: Fraction) -> str:
    """Whole riel, half up."""
    return str(floor(value + Fraction(1, 2)))


def benefit(package: str, event: str) -> Fraction:
    """A figure of Tables 3-7."""
    return Fraction(BENEFITS[event]["ABCDEF".index(package)])


def death(body: Body) -> Decided:
    """Tables 3, 4 and 6."""
    age, package = body["age"], body["package"]
    notes = ("suan-2009-e4",) if age == 65 else ()
    if age == 0 or age > 75:
        return Decided("not_covered", "age_not_insured", Fraction(0))
    if body.get("circumstance") is not None:
        return Decided("excluded", "excluded_circumstance", Fraction(0), notes)
    adult = 15 <= age < 65
    if body["cause"] == "accident" and adult:
        paid = Fraction(body.get("disability_benefit_paid", 0))
        left = max(Fraction(0), benefit(package, "accidental_death") - paid)
        return Decided("payable", "accidental_death_less_disability" if paid else "accidental_death", left)
    kind = "natural_death" if adult else f"funeral_assistance_{'1_14' if age < 15 else '66_75'}"
    code = "natural_death" if adult else "funeral_assistance"
    full = benefit(package, kind)
    if body["cause"] == "accident" or body["months_paid"] >= 24:
        return Decided("payable", f"{code}_in_full", full, notes)
    return Decided("payable", f"{code}_prorated", full * body["months_paid"] / 24, notes)


def fits_a_body(losses: Counter[str]) -> bool:
    """Whether one person can lose all that."""
    hands, feet = 2 - losses["arm_or_hand"], 2 - losses["leg_or_foot"]
    left = {
        "arm_or_hand": 2, "thumb": hands, "index_finger": hands, "other_finger": 3 * hands, "leg_or_foot": 2,
        "big_toe": feet, "other_toe": 4 * feet, "smell_or_taste": 1, "incurable_brain_injury": 1, "kidney": 2,
        "spleen": 1, "eye": 2 - 2 * losses["both_eyes"], "hearing_one_ear": 2 - 2 * losses["hearing_both_ears"],
        "both_eyes": 1, "hearing_both_ears": 1,
    }  # fmt: skip
    return all(losses[loss] <= max(number, 0) for loss, number in left.items())


def loss_percent(losses: Counter[str]) -> int:
    """Appendix A, two eyes as both eyes, two ears as both ears, at most 100."""
    pairs = {"eye": "both_eyes", "hearing_one_ear": "hearing_both_ears"}
    total = 0
    for loss, number in losses.items():
        total += PERCENT[pairs[loss]] if number == 2 and loss in pairs else number * PERCENT[loss]
    return min(total, 100)


def disability(body: Body) -> Decided:
    """Table 5 and Appendix A."""
    losses, age = Counter[str](body["losses"]), body["age"]
    if not fits_a_body(losses):
        return IMPOSSIBLE
    notes = ("suan-2009-e4",) if age == 65 else ()
    if not 15 <= age < 65:
        return Decided("not_covered", "age_not_insured", Fraction(0), notes)
    if body.get("cause", "accident") != "accident":
        return Decided("not_covered", "not_an_accident", Fraction(0))
    share = loss_percent(losses)
    paid = benefit(body["package"], "permanent_disability") * share / 100
    return Decided("payable", "total_disability" if share == 100 else "partial_disability", paid)


def contradicts_itself(body: Body) -> bool:
    """Whether the history of a stay cannot be true."""
    last, same = body.get("months_since_last_claim"), body.get("months_since_same_event")
    event, accident, again = body.get("event"), body.get("accident"), body.get("same_event")
    return any(
        (
            body["months_paid"] > 12,
            again is False and same is not None,
            again is True and last is None and same is None,
            last is not None and same is not None and same < last,
            event is not None and accident is not None and accident != (event == "accident"),
        )
    )


def hospitalization(body: Body) -> Decided:
    """Table 7 and note 3."""
    if contradicts_itself(body):
        return IMPOSSIBLE
    last, same = body.get("months_since_last_claim"), body.get("months_since_same_event")
    event = body.get("event") or ("accident" if body.get("accident") else "illness")
    if body.get("same_event") and same is None:
        same = last
    since_any = min((each for each in (last, same) if each is not None), default=None)
    conditions = (
        ("age_not_insured", 1 <= body["age"] <= 75),
        ("event_not_insured", event in ("illness", "accident")),
        ("stay_too_short", body["days"] >= 1),
        ("waiting_period", body["months_of_membership"] >= 6),
        ("claimed_recently", since_any is None or since_any >= 12),
        ("same_event_claimed_recently", event == "accident" or same is None or same >= 24),
    )
    failed = [reason for reason, kept in conditions if not kept]
    if failed:
        notes = () if event in ("illness", "accident") or failed[0] == "age_not_insured" else ("suan-2009-e9",)
        return Decided("not_covered", failed[0], Fraction(0), notes)
    full = benefit(body["package"], "hospitalization_daily") * min(body["days"], 15)
    if body["regular"] or body["months_paid"] == 12:
        return Decided("payable", "hospitalization_in_full", full)
    return Decided("payable", "hospitalization_prorated", full * body["months_paid"] / 12)


class Year(NamedTuple):
    """A year of reinsurance, exact."""

    ceded: Fraction
    recovered: Fraction
    refund: Fraction
    limit: str


def reinsurance(body: Body) -> Year:
    """Table 13 and note 6."""
    early = body["year"] < 2006
    share, rate, back = (Fraction(1), Fraction(20, 100), Fraction(95, 100))
    if not early:
        share, rate, back = (Fraction(90, 100), Fraction(30, 100), Fraction(70, 100))
    most = Fraction(body.get("annual_limit") or (112500 if early else 205000))
    shares = [
        share * Fraction(claim["amount"])
        for claim in body["claims"]
        if claim["kind"] in ("accidental_death", "permanent_disability")
        or (claim["kind"] == "natural_death" and Fraction(claim["membership_years"]) > 2)
    ]
    total = sum((min(each, Fraction(3000)) for each in shares), start=Fraction(0))
    limits = [name for name, cut in (("per_risk", any(s > 3000 for s in shares)), ("annual", total > most)) if cut]
    ceded = Fraction(body["gross_premium"]) * rate
    recovered = min(total, most)
    return Year(ceded, recovered, back * max(Fraction(0), ceded - recovered), "_and_".join(limits) or "none")
