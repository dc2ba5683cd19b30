"""Random awards and cases of the employment injury branch against an independent implementation in exact fractions."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from starlette.testclient import TestClient

from tests import reference_nssf as reference
from tests.api.generators import Body, decimals
from tests.api.support import CASES, CONTRIBUTIONS, PERMANENT, SURVIVORS, TEMPORARY, answer, post
from tests.reference import half_up

many = settings(max_examples=150, derandomize=True, deadline=None, database=None)
few = settings(max_examples=100, derandomize=True, deadline=None, database=None)

SECTORS = ("garment_and_footwear", "manufacturing_other", "mining_and_construction", "transport_and_communications",
           "wholesale_and_retail", "services")  # fmt: skip
PERIODS = ("2008-11", "2008-12", "2009-01", "2010-12", "2011-01", "2026-11")
AMOUNTS = decimals("3000000", 4)
WAGES = st.one_of(
    st.fixed_dictionaries({"monthly_reference_wage": AMOUNTS}),
    st.fixed_dictionaries({"monthly_wages": st.lists(AMOUNTS, min_size=1, max_size=15)}),
)
PERCENTS = st.sampled_from(["0.01", "19.99", "20", "99.99", "100"]) | st.decimals("0.01", "100", places=2).map(str)
AGES = st.sampled_from([0, 105]) | st.integers(0, 105)
RELATIVES = st.fixed_dictionaries({}, optional={"age": AGES}) | st.fixed_dictionaries({"birth_date": st.dates(
    date(1930, 1, 1), date(2008, 1, 1)).map(str)})  # fmt: skip


def shown(found: Body, name: str, exact: Fraction) -> None:
    """Assert an amount to its last digit, and in whole riel."""
    assert found[f"{name}_exact"] == half_up(exact, Fraction(1), 12)
    assert found[name] == half_up(exact, Fraction(1), 0)


def test_contributions(client: TestClient) -> None:
    @many
    @given(AMOUNTS, st.sampled_from(SECTORS), st.sampled_from(PERIODS))
    def compare(monthly: Any, sector: str, period: str) -> None:
        due = answer(post(client, CONTRIBUTIONS, {"monthly_wage": monthly, "sector": sector, "period": period}))
        insured, employer, government = reference.contribution(Fraction(str(monthly)), sector, period)
        shown(due, "insured_wage", insured)
        shown(due, "employer", employer)
        shown(due, "government_subsidy", government)
        shown(due, "total", employer + government)

    compare()


def test_absences(client: TestClient) -> None:
    @many
    @given(WAGES, st.integers(0, 6) | st.integers(0, 400))
    def compare(wages: Body, days: int) -> None:
        found = answer(post(client, TEMPORARY, {**wages, "days_of_absence": days, "as_of": "2010-05-05"}))
        monthly = reference.wage(wages)
        paid, a_day, by_employer = reference.temporary(monthly, days)
        shown(found["reference_wage"], "monthly_amount", monthly)
        assert (found["days_paid"], found["employer_days"]) == (paid, days - paid)
        shown(found, "daily_benefit", a_day)
        shown(found, "benefit", a_day * paid)
        shown(found, "employer_pay", by_employer)

    compare()


def same_loss(found: Body, monthly: Fraction, percent: str, age: int) -> str:
    """Assert an award of permanent disability; its form."""
    in_force, ilo = (reference.loss(monthly, Fraction(percent), age, ilo=each) for each in (False, True))
    names = ("lump_sum", "monthly_pension", "caretaker_benefit", "present_value")
    for name, paid, recommended in zip(names, in_force, ilo, strict=True):
        shown(found, name, paid)
        shown(found["ilo_recommended"], name, recommended)
        shown(found["shortfall"], name, recommended - paid)
    assert found["form"] == ("lump_sum" if Fraction(percent) < 20 else "pension")
    return str(found["form"])


def test_lasting_losses(client: TestClient) -> None:
    seen: Counter[str] = Counter()

    @many
    @given(WAGES, PERCENTS, AGES, st.dates(date(2008, 11, 1), date(2015, 1, 1)), st.integers(0, 364))
    def compare(wages: Body, percent: str, age: int, day: date, since: int) -> None:
        body = {**wages, "loss_of_working_capacity_percent": percent}
        found = answer(post(client, PERMANENT, {**body, "age": age, "date_of_injury": str(day)}))
        seen[same_loss(found, reference.wage(wages), percent, age)] += 1
        birth = day.replace(year=day.year - age, day=1) - timedelta(days=since)
        real = reference.age_on(birth, day)
        if real in reference.PVM:
            again = answer(post(client, PERMANENT, {**body, "birth_date": str(birth), "date_of_injury": str(day)}))
            assert again["age"] == real
            same_loss(again, reference.wage(wages), percent, real)

    compare()
    assert seen.keys() == {"lump_sum", "pension"}


def test_families(client: TestClient) -> None:
    seen: Counter[tuple[bool, ...]] = Counter()

    @many
    @given(WAGES, st.booleans(), st.integers(0, 3), st.integers(0, 2))
    def compare(wages: Body, spouse: bool, children: int, parents: int) -> None:
        if not (spouse or children or parents):
            return
        body = {**wages, "spouse": spouse, "children": children, "parents": parents, "as_of": "2010-05-05"}
        found = answer(post(client, SURVIVORS, body))
        same_family(found, reference.wage(wages), (int(spouse), children, parents))
        seen[spouse, bool(children), bool(parents)] += 1

    compare()
    assert len(seen) == 7


def same_family(found: Body, monthly: Fraction, family: tuple[int, int, int]) -> None:
    """Assert the pensions of a family."""
    shares = reference.shares(*family)
    for each, share, persons in zip(("spouse", "children", "parents"), shares, family, strict=True):
        part = found["shares"][each]
        assert (part["share"], part["persons"]) == (half_up(share, Fraction(1), 12), persons)
        shown(part, "monthly_amount", monthly * share)
        shown(part, "monthly_amount_per_person", monthly * share / max(persons, 1))
    assert found["total_share"] == half_up(sum(shares, Fraction(0)), Fraction(1), 12)
    shown(found, "total", monthly * sum(shares, Fraction(0)))


@st.composite
def cases(draw: DrawFn) -> Body:
    """Cases that can be: absences in order, a loss that lasts, a death."""
    day = draw(st.dates(date(2008, 11, 1), date(2012, 6, 1)))
    gaps = st.sampled_from([0, 0, 1, 2, 40]) | st.integers(0, 90)
    absences, at = [], day
    for _ in range(draw(st.integers(0, 3))):
        first = at + timedelta(days=draw(gaps))
        last = first + timedelta(days=draw(st.integers(0, 5) | st.integers(0, 120)))
        absences.append({"first_day": str(first), "last_day": str(last)})
        at = last + timedelta(days=1)
    months = draw(st.integers(1, 14) | st.integers(8, 14))
    body: Body = {**draw(WAGES), "date_of_injury": str(day), "age": draw(AGES), "schedule_months": months}
    body["absences"] = draw(st.permutations(absences))
    begins = [date.fromisoformat(each["first_day"]) for each in absences]
    lasts = day + timedelta(days=draw(st.integers(0, 200)))
    if draw(st.sampled_from([True, True, False])):
        body["permanent_disability"] = {"first_day": str(lasts), "loss_of_working_capacity_percent": draw(PERCENTS)}
    if draw(st.sampled_from([True, False])):
        dies = max([lasts, day, *begins]) + timedelta(days=draw(st.integers(0, 3) | st.integers(0, 200)))
        body["death"] = {"date_of_death": str(dies), **draw(st.fixed_dictionaries(
            {},
            optional={
                "work_related": st.booleans(),
                "spouse": RELATIVES,
                "children": st.lists(RELATIVES, max_size=3),
                "parents": st.lists(RELATIVES, max_size=2),
            },
        ))}  # fmt: skip
    return body


def ages(persons: list[Body], day: date) -> list[int] | None:
    """Ages on a day; None where one is not said."""
    found = [
        reference.age_on(date.fromisoformat(each["birth_date"]), day) if "birth_date" in each else each.get("age")
        for each in persons
    ]
    return None if None in found else [age for age in found if age is not None]


def value_of_family(found: Body, monthly: Fraction, death: Body) -> Fraction | None:
    """Assert the present values of a family's pensions; their sum, None where an age is not said."""
    day = date.fromisoformat(death["date_of_death"])
    family = {
        "spouse": [death["spouse"]] if "spouse" in death else [],
        "children": death.get("children", []),
        "parents": death.get("parents", []),
    }
    shares = reference.shares(*map(len, family.values())) if any(family.values()) else (Fraction(0),) * 3
    total: Fraction | None = Fraction(0)
    for (each, persons), share in zip(family.items(), shares, strict=True):
        known = ages(persons, day)
        if known is None:
            assert found["present_values"][each] is found["present_values"][f"{each}_exact"] is None
            total = None
            continue
        value = sum((monthly * share / len(known) * 12 * reference.PVM[age] / 365 for age in known), Fraction(0))
        shown(found["present_values"], each, value)
        total = None if total is None else total + value
    return total


def test_cases(client: TestClient) -> None:
    seen: Counter[str] = Counter()

    @few
    @given(cases())
    def compare(body: Body) -> None:
        found = answer(post(client, CASES, body))
        monthly = reference.wage(body)
        months = reference.schedule(body, body["age"])
        assert len(found["schedule"]) == len(months)
        for month, expected in zip(found["schedule"], months, strict=True):
            paid: dict[str, Fraction] = {}
            for each in month["payments"]:
                paid[each["benefit"]] = paid.get(each["benefit"], Fraction(0)) + Fraction(each["amount_exact"])
                seen[each["benefit"]] += 1
            assert paid.keys() == expected.keys()
            shown(month, "total", sum(expected.values(), Fraction(0)))
            for name, amount in expected.items():
                assert abs(paid[name] - amount) < Fraction(3, 10**12), name
        shown(found, "total_paid", sum((sum(each.values(), Fraction(0)) for each in months), Fraction(0)))
        loss, death = body.get("permanent_disability"), body.get("death")
        value: Fraction | None = Fraction(0)
        if loss is not None:
            percent = loss["loss_of_working_capacity_percent"]
            form = same_loss(found["permanent_disability"], monthly, percent, body["age"])
            value = (
                reference.loss(monthly, Fraction(percent), body["age"], ilo=False).value if form == "pension" else value
            )
        if death is not None:
            value = Fraction(0)
            if death.get("work_related", True):
                value = value_of_family(found["death"], monthly, death)
                shown(found["death"], "funeral_grant", reference.grant(date.fromisoformat(death["date_of_death"])))
            else:
                assert found["death"] is None
        if value is None:
            assert found["present_value"] is found["present_value_exact"] is None
        else:
            shown(found, "present_value", value)
        assert sum(each["days_paid"] for each in found["absences"]) >= sum(
            each["days"] for month in found["schedule"] for each in month["payments"]
            if each["benefit"] == "temporary_disability"
        )  # fmt: skip

    compare()
    assert len(seen) == 6
