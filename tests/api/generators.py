"""Random requests. A Decimal stands for a JSON number with a point, a str for a decimal in a string."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.reference import PLANS

Body = dict[str, Any]

broad = settings(max_examples=400, derandomize=True, deadline=None, database=None)
"""Many examples, the same ones in every run."""

PACKAGES = st.sampled_from("ABCDEF")
RELATIONS = ("spouse", "child", "parent", "sibling", "grandparent", "grandchild")
INSURED = ("primary_member", "secondary_member", "child", "additional_15_65", "additional_66_75")
ROLES = ("packages", "loadings", "pricing_basis", "life_table")
OVERRIDES: list[Body] = [
    {"pricing_basis": {"interest_rate": "0.07", "safety_margin": Decimal("0.25")}},
    {"pricing_basis": {"insured": {"additional_66_75": {"hospitalization_rate_exceptions": {"F": {"rate": "0.09"}}}}}},
    {"loadings": {"insured": {"primary_member": {"expense": "0.30"}}}, "packages": {"basic_benefit": {"A": 95000}}},
    {"life_table": {"survivors": {"43": "82000.5", "44": 82000}}},
    {"packages": {"ages": {"entry": {"last_age": 65}}, "rules": {"death_exclusions": []}}},
    {"packages": {}},
]
EDGE_DATES = [date(2009, 1, 1), date(2024, 2, 29), date(2026, 2, 28), date(2026, 3, 1), date(2008, 12, 31)]
EDGE_AGES = [0, 1, 14, 15, 17, 18, 60, 61, 65, 66, 75, 76]
_JSON_NUMBER_DIGITS = 15


def days() -> SearchStrategy[date]:
    """Dates of a question, a few of them before the tariff."""
    return st.sampled_from(EDGE_DATES) | st.dates(date(2009, 1, 1), date(2040, 12, 31))


@st.composite
def decimals(draw: DrawFn, most: str, places: int) -> str | Decimal | int:
    """From 0 to a limit, with up to so many decimals, in any form that JSON can send exactly."""
    scale = draw(st.integers(0, places))
    units = draw(st.integers(0, int(Decimal(most) * 10**scale)))
    text = f"{units // 10**scale}.{units % 10**scale:0{scale}d}" if scale else str(units)
    forms: list[str | Decimal | int] = [text]
    if len(text.replace(".", "").strip("0")) <= _JSON_NUMBER_DIGITS:
        forms.append(Decimal(text))
    if scale == 0:
        forms.append(units)
    return draw(st.sampled_from(forms))


@st.composite
def plans(draw: DrawFn) -> Body:
    """A plan type, mostly with additional persons."""
    count = st.integers(0, 20)
    additional = draw(st.none() | st.fixed_dictionaries({}, optional={"15-65": count, "66-75": count}))
    body: Body = {"package": draw(PACKAGES), "plan_type": draw(st.sampled_from(sorted(PLANS)))}
    return body if additional is None else body | {"additional_persons": additional}


@st.composite
def _person(draw: DrawFn, relation: str, ages: SearchStrategy[int], on: date) -> Body:
    age = draw(ages)
    if draw(st.booleans()):
        return {"relation": relation, "age": age}
    birthday = date(on.year - age, on.month, 28 if (on.month, on.day) == (2, 29) else on.day)
    born = birthday + timedelta(days=draw(st.integers(-2, 2)))
    return {"relation": relation, "birth_date": born.isoformat()}


@st.composite
def households(draw: DrawFn, on: date) -> Body:
    """A package for a household: mostly an insurable one, but every rule is broken now and then."""
    sound = draw(st.integers(0, 3)) > 0
    any_age = st.integers(0, 80) | st.sampled_from(EDGE_AGES)
    members = 1 if sound else draw(st.integers(0, 2))
    people = []
    for _ in range(members):
        member = draw(_person("member", st.integers(19, 59) if sound else any_age, on))
        if draw(st.integers(0, 3)) == 0:
            member["entry_age"] = draw(st.integers(18, 19) if sound else any_age)
        people.append(member)
    for relation in draw(st.lists(st.sampled_from(RELATIONS), max_size=6)):
        if not (sound and relation == "spouse" and any(person["relation"] == "spouse" for person in people)):
            youngest = 2 if relation == "child" else 16
            people.append(draw(_person(relation, st.integers(youngest, 74) if sound else any_age, on)))
    return {"package": draw(PACKAGES), "household": draw(st.permutations(people))}


@st.composite
def quotes(draw: DrawFn, form: str) -> Body:
    """A quote in one of its two forms, on a date."""
    on = draw(days())
    body = draw(plans() if form == "plan" else households(on))
    return body | {"as_of": on.isoformat()}


@st.composite
def premiums(draw: DrawFn) -> Body:
    """A premium on any basis; now and then the rates contradict each other or the loadings are too high."""
    amount, rate, loading = decimals("1000000000", 18), decimals("1", 18), decimals("0.4", 4)
    interest = decimals("0.5", 18) | st.sampled_from(["0", "0.21", "0.44", "0.5625"])  # √v rational: ties happen
    wild = draw(st.integers(0, 4)) == 0
    if wild:
        loading = decimals("1", 4)
    risk = draw(st.fixed_dictionaries({"age": st.integers(0, 120 if wild else 99)}) | _only("mortality_rate", rate))
    benefits = ("natural_death_benefit", "accident_benefit", "hospitalization_benefit")
    asked = draw(st.sets(st.sampled_from(benefits), min_size=1))
    body = {**risk, **{name: draw(amount) for name in benefits if name in asked}, "as_of": draw(days()).isoformat()}
    optional = {
        "insured": st.sampled_from(INSURED),
        "natural_death_rate": rate,
        "accident_rate": rate if wild else decimals("0.001", 18),
        "hospitalization_rate": rate,
        "interest_rate": interest,
        "safety_margin": decimals("9.9", 18),
        "expense_loading": loading,
        "commission_loading": loading if wild else decimals("0.15", 4),
        "equity_value_loading": loading,
        "contingency_loading": loading if wild else decimals("0.1", 4),
    }
    return body | draw(st.fixed_dictionaries({}, optional=optional))


def _only(name: str, value: SearchStrategy[Any]) -> SearchStrategy[Body]:
    return st.fixed_dictionaries({name: value})


@st.composite
def common_fields(draw: DrawFn) -> Body:
    """Pins, knowledge, what-ifs and explanation, in any combination that the shipped tables allow."""
    basis = draw(st.sampled_from(["mba-pricing-basis", "mba-pricing-basis-corrected"]))
    pins = {
        role: draw(st.sampled_from([table, f"{table}@1", [f"{table}@1"], None]))
        for role, table in zip(ROLES, ("mba-packages", "mba-loadings", basis, "who-cambodia-2006"), strict=True)
    }
    fields: dict[str, SearchStrategy[Any]] = {
        "known_at": st.sampled_from([None, "2026-11-22T00:00:00Z", "2030-01-01T00:00:00.5+00:00"]),
        "tables": st.just({role: pin for role, pin in pins.items() if pin is not None}),
        "overrides": st.sampled_from([None, {}, *OVERRIDES]),
        "explain": st.booleans(),
    }
    return draw(st.fixed_dictionaries({}, optional=fields))
