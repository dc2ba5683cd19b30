"""The MBA tariff a second time, in exact fractions: what the service's answers are compared with.

Written from the paper (suan-2009) and the published contract alone; it imports nothing of the service. Every amount is
a rational multiple of √v, so it is rounded half up exactly, by an integer square root. Where the paper leaves a rate
unstated, it is the one that reproduces Tables 8 and 9 to the last digit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor, isqrt
from typing import Any

Body = Mapping[str, Any]

# Appendix B: survivors l_x at the first age of each group.
SURVIVORS = {
    0: 100000, 1: 93515, 5: 91775, 10: 91072, 15: 90620, 20: 89901, 25: 88574, 30: 86986, 35: 85212, 40: 83109,
    45: 80528, 50: 77247, 55: 72996, 60: 67295, 65: 59942, 70: 50146, 75: 37734, 80: 23920, 85: 11539, 90: 3534,
    95: 708, 100: 101,
}  # fmt: skip
BENEFITS = {  # packages A to F
    "natural_death": (90000, 100000, 150000, 200000, 250000, 300000),  # Table 3
    "accidental_death": (180000, 200000, 300000, 400000, 500000, 600000),  # Table 4
    "permanent_disability": (180000, 200000, 300000, 400000, 500000, 600000),  # Table 5
    "funeral_assistance_1_14": (18000, 20000, 30000, 40000, 50000, 60000),  # Table 6
    "funeral_assistance_66_75": (27000, 30000, 45000, 60000, 75000, 90000),  # Table 6
    "hospitalization_daily": (630, 700, 1050, 1400, 1750, 2100),  # Table 7
}
HOSPITAL_DAYS = 15  # Table 7
INTEREST = Fraction(6, 100)  # §III
MARGIN = Fraction(20, 100)  # unstated; on every incidence rate
ACCIDENT_RATE = Fraction(1, 1000)  # unstated; death and disability together
EQUITY_VALUE, CONTINGENCY = Fraction(35, 100), Fraction(5, 100)  # Appendix C
PRIMARY_LOADINGS, OTHER_LOADINGS = (Fraction(35, 100), Fraction(15, 100)), (Fraction(30, 100), Fraction(15, 100))
CHILDREN_PER_FAMILY = Fraction(45, 10)  # §III
CHILD_MORTALITY = Fraction(11, 1000)  # unstated (suan-2009-e8)
TARIFF_AGE, ELDER_AGES = 43, range(66, 76)  # §III; the average over 66-75 is unstated
HOSPITAL_RATE, HOSPITAL_RATE_CHILD_AND_ELDER = Fraction(8, 100), Fraction(10, 100)  # unstated
ERRATUM, ERRATUM_PACKAGES = "suan-2009-e1", "CDEF"  # Table 8 row 8, ages 66-75: printed at the adults' rate

PRIMARY, SECONDARY, CHILD, ADULT, ELDER = (
    "primary_member", "secondary_member", "child", "additional_15_65", "additional_66_75",
)  # fmt: skip
PLANS = {  # Table 9: with a secondary member, with children
    "couple": (True, False),
    "single_parent": (False, True),
    "couple_with_children": (True, True),
    "single": (False, False),
}
COVERED_FROM = date(2009, 1, 1)


@dataclass(frozen=True)
class Priced:
    """An answer's own fields as JSON (all but `quote_id`), and the errata whose cells it used."""

    fields: dict[str, Any]
    errata: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A refusal's code, and the positions of the persons it names (None: the household as a whole)."""

    code: str
    persons: frozenset[int | None] = frozenset()


@dataclass(frozen=True)
class Cell:
    """One coverage of one person: annual premiums as multiples of √v."""

    coverage: str
    net: Fraction
    gross: Fraction
    erratum: bool = False


def half_up(multiple: Fraction, v: Fraction, places: int) -> str:
    """multiple · √v rounded half up: floor(x + 1/2) is (floor(2x) + 1) // 2, and floor(√y) is isqrt(floor(y))."""
    doubled = 2 * multiple * 10**places
    units = (isqrt(floor(doubled * doubled * v)) + 1) // 2
    return f"{units // 10**places}.{units % 10**places:0{places}d}" if places else str(units)


def survivors(age: int) -> Fraction:
    """l_x; deaths are uniform within a group of Appendix B."""
    if age in SURVIVORS:
        return Fraction(SURVIVORS[age])
    first = max(x for x in SURVIVORS if x < age)
    end = min(x for x in SURVIVORS if x > age)
    n, t = end - first, age - first
    return Fraction((n - t) * SURVIVORS[first] + t * SURVIVORS[end], n)


def mortality(age: int) -> Fraction:
    """q_x; 99 is the last age whose survivors a year later are known."""
    return 1 - survivors(age + 1) / survivors(age)


def tariff_mortality(insured: str) -> Fraction:
    """All causes, a year, as Table 8 prices each kind of person."""
    if insured == CHILD:
        return CHILD_MORTALITY
    if insured == ELDER:
        return sum((mortality(age) for age in ELDER_AGES), Fraction(0)) / len(ELDER_AGES)
    return mortality(TARIFF_AGE)


def tariff(package: str, insured: str, corrected: bool) -> Iterator[Cell]:
    """Table 8 for one person: `corrected` undoes suan-2009-e1."""
    column = "ABCDEF".index(package)
    expense, commission = PRIMARY_LOADINGS if insured == PRIMARY else OTHER_LOADINGS
    q = tariff_mortality(insured)
    adult = insured in (PRIMARY, SECONDARY, ADULT)
    death_benefit = {CHILD: "funeral_assistance_1_14", ELDER: "funeral_assistance_66_75"}.get(insured, "natural_death")
    rider = 1 - expense - commission - CONTINGENCY

    net = BENEFITS[death_benefit][column] * (q - ACCIDENT_RATE if adult else q) * (1 + MARGIN)
    yield Cell("natural_death", net, net / (1 - EQUITY_VALUE * (1 - q) - expense - commission))
    if adult:
        net = BENEFITS["accidental_death"][column] * ACCIDENT_RATE * (1 + MARGIN)
        yield Cell("accident", net, net / rider)
    erratum = insured == ELDER and package in ERRATUM_PACKAGES and not corrected
    rate = HOSPITAL_RATE if adult or erratum else HOSPITAL_RATE_CHILD_AND_ELDER
    net = HOSPITAL_DAYS * BENEFITS["hospitalization_daily"][column] * rate * (1 + MARGIN)
    yield Cell("hospitalization", net, net / rider, erratum)


def benefits(package: str) -> dict[str, str]:
    """What a package pays: Tables 3-7."""
    paid = {name: amounts["ABCDEF".index(package)] for name, amounts in BENEFITS.items()}
    paid["hospitalization_maximum"] = HOSPITAL_DAYS * paid["hospitalization_daily"]
    whole = {name: str(amount) for name, amount in paid.items()}
    return whole | {f"{name}_exact": f"{amount}.000000000000" for name, amount in paid.items()}


def quote(body: Body, *, corrected: bool = False) -> Priced | Refused:
    """`POST /v1/mba/quotes` for a valid body with an `as_of`."""
    as_of = date.fromisoformat(body["as_of"])
    if as_of < COVERED_FROM:
        return Refused("no_coverage")
    if body.get("household") is None:
        additional = body.get("additional_persons") or {}
        return _plan(body["package"], body["plan_type"], additional, corrected)
    household = [_person(person, as_of) for person in body["household"]]
    kinds = [_kind(*person) for person in household]
    refused: set[int | None] = {position for position, kind in enumerate(kinds) if kind is None}
    relations = [relation for relation, _, _ in household]
    if relations.count("member") != 1 or relations.count("spouse") > 1:
        refused.add(None)
    if refused:
        return Refused("not_eligible", frozenset(refused))
    form = (SECONDARY in kinds, CHILD in kinds)
    plan_type = next(name for name, plan in PLANS.items() if plan == form)
    additional = {"15-65": kinds.count(ADULT), "66-75": kinds.count(ELDER)}
    return _plan(body["package"], plan_type, additional, corrected)


def _plan(package: str, plan_type: str, additional: Mapping[str, Any], corrected: bool) -> Priced:
    secondary, children = PLANS[plan_type]
    persons = {
        PRIMARY: Fraction(1),
        SECONDARY: Fraction(secondary),
        CHILD: CHILDREN_PER_FAMILY * children,
        ADULT: Fraction(additional.get("15-65", 0)),
        ELDER: Fraction(additional.get("66-75", 0)),
    }
    v = 1 / (1 + INTEREST)
    components, annual, erratum = [], Fraction(0), False
    for insured, number in persons.items():
        for cell in tariff(package, insured, corrected) if number else ():
            annual += number * cell.gross
            erratum |= cell.erratum
            components.append(
                {
                    "coverage": cell.coverage,
                    "insured": insured,
                    "persons": str(float(number)).removesuffix(".0"),
                    "net_annual_premium": half_up(cell.net, v, 12),
                    "gross_annual_premium": half_up(cell.gross, v, 12),
                    "gross_monthly_premium": half_up(cell.gross / 12, v, 2),
                    "total_monthly_premium": half_up(number * cell.gross / 12, v, 2),
                }
            )
    fields = {
        "package": package,
        "plan_type": plan_type,
        "currency": "KHR",
        "monthly_premium": half_up(annual / 12, v, 0),
        "monthly_premium_exact": half_up(annual / 12, v, 12),
        "annual_premium_exact": half_up(annual, v, 12),
        "components": components,
        "benefits": benefits(package),
    }
    return Priced(fields, (ERRATUM,) if erratum else ())


def _person(person: Body, as_of: date) -> tuple[str, int, int | None]:
    """Relation, completed years and entry age. Who was born on 29 February turns on 1 March."""
    age = person.get("age")
    if age is None:
        born = date.fromisoformat(person["birth_date"])
        age = as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))
    entry_age = person.get("entry_age")
    return person["relation"], int(age), None if entry_age is None else int(entry_age)


def _kind(relation: str, age: int, entry_age: int | None) -> str | None:
    """What a person is priced as; None where the tariff has no price for them."""
    if relation == "member":
        joined = entry_age if entry_age is not None else age
        return PRIMARY if 18 <= age <= 65 and 18 <= joined <= 60 and joined <= age else None
    if relation == "child" and 1 <= age <= 14:
        return CHILD
    if 15 <= age <= 65:
        return SECONDARY if relation == "spouse" else ADULT
    return ELDER if 66 <= age <= 75 else None


def premium(body: Body) -> Priced | Refused:
    """`POST /v1/mba/premiums` for a valid body with an `as_of`."""
    if date.fromisoformat(body["as_of"]) < COVERED_FROM:
        return Refused("no_coverage")
    asked = [name for name in ("natural_death", "accident", "hospitalization") if _given(body, f"{name}_benefit")]
    insured = body.get("insured") or PRIMARY
    expense, commission = PRIMARY_LOADINGS if insured == PRIMARY else OTHER_LOADINGS
    default_hospital_rate = HOSPITAL_RATE_CHILD_AND_ELDER if insured in (CHILD, ELDER) else HOSPITAL_RATE

    if _given(body, "mortality_rate"):
        q = Fraction(body["mortality_rate"])
    elif body["age"] >= max(SURVIVORS):
        return Refused("age_outside_life_table")
    else:
        q = mortality(body["age"])
    accident_rate = _rate(body, "accident_rate", ACCIDENT_RATE)
    rates = {
        "natural_death": _rate(body, "natural_death_rate", q - accident_rate if "accident" in asked else q),
        "accident": accident_rate,
        "hospitalization": _rate(body, "hospitalization_rate", default_hospital_rate),
    }
    if "natural_death" in asked and rates["natural_death"] < 0:
        return Refused("accident_rate_above_mortality")

    loadings = _rate(body, "expense_loading", expense) + _rate(body, "commission_loading", commission)
    rider = 1 - loadings - _rate(body, "contingency_loading", CONTINGENCY)
    natural = 1 - loadings - _rate(body, "equity_value_loading", EQUITY_VALUE) * (1 - q)
    left = {"natural_death": natural, "accident": rider, "hospitalization": rider}
    if any(left[coverage] <= 0 for coverage in asked):
        return Refused("loadings_too_high")

    margin, v = 1 + _rate(body, "safety_margin", MARGIN), 1 / (1 + _rate(body, "interest_rate", INTEREST))
    nets = {coverage: Fraction(body[f"{coverage}_benefit"]) * rates[coverage] * margin for coverage in asked}
    cells = [Cell(coverage, net, net / left[coverage]) for coverage, net in nets.items()]
    total = Cell("", sum((cell.net for cell in cells), Fraction(0)), sum((cell.gross for cell in cells), Fraction(0)))
    components = [{"coverage": cell.coverage, **_amounts(cell, v)} for cell in cells]
    return Priced({"currency": "KHR", "components": components, "totals": _amounts(total, v)})


def _amounts(cell: Cell, v: Fraction) -> dict[str, str]:
    return {
        "net_annual_premium": half_up(cell.net, v, 12),
        "gross_annual_premium": half_up(cell.gross, v, 12),
        "gross_monthly_premium": half_up(cell.gross / 12, v, 2),
    }


def _given(body: Body, name: str) -> bool:
    return body.get(name) is not None


def _rate(body: Body, name: str, default: Fraction) -> Fraction:
    return Fraction(body[name]) if _given(body, name) else default
