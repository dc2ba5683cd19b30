"""Liabilities, cost ratios and indexation of the employment injury branch a second time, in exact fractions.

Written from the report (giz-2012, Tables 2.1 and 3.14-3.16, sections 3.6 and 3.8, Annex C) and the published contract
alone; it imports nothing of the service.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any

from tests.reference import mortality

Body = Mapping[str, Any]

MULTIPLIERS = (  # Table C.1, ages 0 to 105
    12222, 12305, 12364, 12398, 12408, 12398, 12369, 12324, 12263, 12189, 12104, 12010, 11910, 11806, 11700, 11593,
    11485, 11376, 11266, 11156, 11045, 10932, 10818, 10704, 10587, 10470, 10351, 10230, 10108, 9983, 9857, 9728, 9596,
    9462, 9326, 9188, 9048, 8906, 8762, 8616, 8468, 8317, 8164, 8009, 7852, 7692, 7530, 7366, 7200, 7032, 6862, 6690,
    6516, 6341, 6164, 5986, 5807, 5627, 5447, 5265, 5083, 4900, 4717, 4534, 4350, 4169, 3990, 3817, 3648, 3481, 3316,
    3153, 2996, 2842, 2693, 2547, 2406, 2270, 2138, 2011, 1888, 1771, 1658, 1550, 1447, 1348, 1255, 1166, 1081, 1001,
    926, 854, 787, 723, 664, 608, 555, 505, 459, 415, 374, 333, 293, 246, 174, 0,
)  # fmt: skip
DISCOUNT_RATE = "0.02"  # note under Table C.1
DAYS, MONTHS = 365, 12
CONTRIBUTION_RATE = Fraction(8, 1000)  # section 3.4
LUMP_SUM_FACTOR, PENSION_FACTOR = Fraction(2, 10), Fraction(8, 10)  # section 3.6.4
CONSUMER_PRICES = dict(zip(range(2003, 2011), ("1.4", "5.4", "6.8", "4.7", "5.9", "9.0", "5.0", "3.5"), strict=True))
CURRENT = dict(zip(range(2003, 2011), (18535, 21438, 25754, 29849, 35042, 41977, 41138, 45246), strict=True))
CONSTANT = dict(zip(range(2003, 2011), (17613, 19434, 22009, 24380, 26870, 28668, 28094, 29429), strict=True))
_LN_TERMS = 60  # of the series below: more digits than any answer has, up to a rate of 1
_SMALLEST = 10**60
_LAST_AGE = 99  # the last at which Appendix B of suan-2009 has a rate


def shown(value: Fraction, places: int = 12) -> str:
    """A value half up, away from 0, with every place."""
    units = floor(abs(value) * 10**places + Fraction(1, 2))
    sign = "-" if value < 0 and units else ""
    text = f"{units:0{places + 1}d}"
    return f"{sign}{text[:-places]}.{text[-places:]}" if places else f"{sign}{text}"


# Liabilities


def log(growth: Fraction) -> Fraction:
    """ln(growth) = 2 artanh((growth - 1) / (growth + 1)), to 50 digits."""
    y = (growth - 1) / (growth + 1)
    total = sum((y ** (2 * k + 1) / (2 * k + 1) for k in range(_LN_TERMS)), start=Fraction(0))
    return Fraction(floor(2 * total * _SMALLEST), _SMALLEST)


@cache
def year(rate: Fraction) -> tuple[Fraction, Fraction]:
    """Of 1 paid evenly over a year: its present value, and what a death evenly spread over the year takes of it."""
    if not rate:
        return Fraction(1), Fraction(1, 2)
    v, force = 1 / (1 + rate), log(1 + rate)
    certain = (1 - v) / force
    return certain, (certain - v) / force


@cache
def annuities(rate: Fraction) -> dict[int, Fraction]:
    """Present value of 1 a year for life by age, from the last age down; nothing is paid from 100."""
    certain, lost = year(rate)
    found = {_LAST_AGE + 1: Fraction(0)}
    for age in range(_LAST_AGE, -1, -1):
        q = mortality(age)
        value = certain - q * lost + (1 - q) * found[age + 1] / (1 + rate)
        found[age] = Fraction(floor(value * _SMALLEST), _SMALLEST)
    return found


def implied_mortality(age: int) -> Fraction | None:
    """The one-year mortality between two multipliers."""
    if age == len(MULTIPLIERS) - 1:
        return None
    certain, lost = year(Fraction(DISCOUNT_RATE))
    now, later = Fraction(MULTIPLIERS[age], DAYS), Fraction(MULTIPLIERS[age + 1], DAYS) / (1 + Fraction(DISCOUNT_RATE))
    return (certain + later - now) / (lost + later)


def liabilities(body: Body) -> Any:
    """The answer's own fields but for the currency."""
    by_table = body.get("basis") == "life_table"
    rate = Fraction(str(body.get("discount_rate") or DISCOUNT_RATE))
    rows = []
    kinds: dict[str, tuple[int, Fraction]] = {}
    for pension in body["pensions"]:
        age, monthly = pension["age"], Fraction(str(pension["monthly_amount"]))
        q: Fraction | None
        if by_table:
            multiplier, q = DAYS * annuities(rate)[age], mortality(age)
        else:
            multiplier, q = Fraction(MULTIPLIERS[age]), implied_mortality(age)
        value = MONTHS * monthly * multiplier / DAYS
        number, together = kinds.get(pension["kind"], (0, Fraction(0)))
        kinds[pension["kind"]] = number + 1, together + value
        rows.append(
            {
                "kind": pension["kind"],
                "age": age,
                "monthly_amount": shown(monthly),
                "multiplier": shown(multiplier),
                "mortality_rate": None if q is None else shown(q),
                **riel("present_value", value),
            }
        )
    return {
        "basis": "life_table" if by_table else "multipliers",
        "discount_rate": shown(rate),
        "pensions": rows,
        "kinds": [
            {"kind": kind, "pensions": number, **riel("present_value", value)}
            for kind, (number, value) in kinds.items()
        ],
        **riel("total", sum((value for _, value in kinds.values()), start=Fraction(0))),
    }


def riel(name: str, value: Fraction) -> dict[str, str]:
    """An amount in whole riel, and exactly."""
    return {name: shown(value, 0), f"{name}_exact": shown(value)}


# Cost ratios


def cost_ratios(body: Body) -> Any:
    """The answer's own fields to amounts of one's own, but for year and currency."""
    amounts = {name: Fraction(str(value)) for name, value in body["amounts"].items() if value is not None}
    given = amounts.get("insured_earnings")
    earnings = amounts["contributions"] / CONTRIBUTION_RATE if given is None else given
    benefits, administration = amounts["benefit_expenditure"], amounts["administration_cost"]
    disability = amounts.get("disability_pension_liabilities", Fraction(0))
    survivors = amounts.get("survivor_pension_liabilities", Fraction(0))
    now = _ratios(earnings, benefits, administration, disability, survivors)
    changes = body.get("changes")
    changed: dict[str, Any] | None = None
    effect = Fraction(0)
    if changes is not None:
        if changes.get("funeral_grant") is not None:
            paid = amounts.get("funeral_grants_paid", 0) * Fraction(str(changes["funeral_grant"])) / 10**6
            benefits += paid - amounts.get("funeral_grants", 0)
        if changes.get("permanent_disability"):
            benefits += amounts.get("disability_lump_sums", 0) * (1 / LUMP_SUM_FACTOR - 1)
            benefits += amounts.get("disability_pensions", 0) * (1 / PENSION_FACTOR - 1)
            disability /= PENSION_FACTOR
        changed = _ratios(earnings, benefits, administration, disability, survivors)
        effect = changed["terminal_funding"] - now["terminal_funding"]
    return {
        "contribution_rate": shown(CONTRIBUTION_RATE),
        **_shown(now),
        "changed": None if changed is None else _shown(changed),
        "effect": shown(effect),
    }


def cost_findings(body: Body) -> list[str]:
    """Codes of what does not add up in amounts of one's own."""
    amounts = {name: Fraction(str(value)) for name, value in body["amounts"].items()}
    parts = sum(amounts.get(name, 0) for name in ("funeral_grants", "disability_lump_sums", "disability_pensions"))
    return ["part_exceeds_whole"] if parts > amounts["benefit_expenditure"] else []


def _ratios(
    earnings: Fraction, benefits: Fraction, administration: Fraction, disability: Fraction, survivors: Fraction
) -> dict[str, Any]:
    payg, funding = (benefits + administration) / earnings, (disability + survivors) / earnings
    return {
        "insured_earnings": earnings,
        "operating_expenditure": benefits + administration,
        "benefit_expenditure": benefits,
        "administration_cost": administration,
        "pension_liabilities": disability + survivors,
        "disability_pension_liabilities": disability,
        "survivor_pension_liabilities": survivors,
        "payg": payg,
        "funding": funding,
        "terminal_funding": payg + funding,
        "parts": {
            "benefit_expenditure": benefits / earnings,
            "administration_cost": administration / earnings,
            "disability_pensions": disability / earnings,
            "survivor_pensions": survivors / earnings,
        },
        "margin": CONTRIBUTION_RATE - payg - funding,
    }


def _shown(ratios: Body) -> dict[str, Any]:
    fractions = {"payg", "funding", "terminal_funding", "margin"}
    parts = {name: shown(value) for name, value in ratios["parts"].items()}
    others = {name: value for name, value in ratios.items() if name != "parts"}
    return {name: shown(value, 12 if name in fractions else 6) for name, value in others.items()} | {"parts": parts}


# Indexation


def indexation(body: Body) -> Any:
    """The answer's own fields but for the currency."""
    pension, index, total, rows = Fraction(str(body["monthly_pension"])), Fraction(1), Fraction(0), []
    for number, (change, basis) in enumerate(_changes(body)):
        index *= 1 + change
        shortfall = MONTHS * (pension * index - pension)
        total += shortfall
        rows.append(
            {
                "year": body["from_year"] + number,
                "basis": basis,
                "price_change": shown(change),
                "price_index": shown(index),
                **riel("indexed_pension", pension * index),
                **riel("real_value", pension / index),
                "loss": shown(1 - 1 / index),
                **riel("shortfall", shortfall),
            }
        )
    return {"years": rows, **riel("total_shortfall", total)}


def _changes(body: Body) -> Iterator[tuple[Fraction, str | None]]:
    name, later = body.get("index") or "consumer_prices", body.get("later_price_change")
    yield Fraction(0), None
    for of in range(body["from_year"] + 1, body["from_year"] + body["years"] + 1):
        if of > max(CURRENT):
            yield Fraction(str(later)), "assumed"
        elif name == "consumer_prices":
            yield Fraction(CONSUMER_PRICES[of]) / 100, name
        else:  # as published: nominal less real growth (giz-2012-e31)
            yield Fraction(CURRENT[of], CURRENT[of - 1]) - Fraction(CONSTANT[of], CONSTANT[of - 1]), name
