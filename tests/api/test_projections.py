"""`POST /v1/mba/projections`: compared with a projection of the tests' own, and at every edge."""

import csv
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from starlette.testclient import TestClient

from tests import reference
from tests.api.generators import broad
from tests.api.support import AS_OF, PROJECTIONS, answer, assert_problem, pointers, post
from tests.projection_reference import FEDERATIONS, GROWTH, Basis, members_by_growth, projection

MOST_MEMBERS = 100_000_000
MOST_YEARS = 40


def projected(client: TestClient, **body: Any) -> Any:
    return answer(post(client, PROJECTIONS, {"as_of": AS_OF, **body}))


def what_if(basis: Basis) -> Any:
    """The override that makes the service's basis this one."""
    plain = Basis()
    changed = {
        "interest_rate": (basis.interest, plain.interest),
        "withdrawal_rate": (basis.withdrawal, plain.withdrawal),
        "exchange_rate": (basis.exchange_rate, plain.exchange_rate),
        "initial_fund": (basis.initial_fund, plain.initial_fund),
    }
    expenses = {
        "inflation_rate": (basis.inflation, plain.inflation),
        "software": (basis.software, plain.software),
        "evaluation": (basis.evaluation, plain.evaluation),
    }
    patch: Any = {name: new for name, (new, old) in changed.items() if new != old}
    patched = {name: new for name, (new, old) in expenses.items() if new != old}
    return {"projection_basis": patch | ({"expenses": patched} if patched else {})}


def assert_same(shown: Any, expected: Any) -> None:
    """The answer's figures are the reference's, to the cent."""
    for ours, theirs in zip(shown["years"], expected["years"], strict=True):
        limits = [{name: limit[name] for name in ("covenant", "finding", "margin")} for limit in ours["covenants"]]
        assert {**{name: ours[name] for name in theirs}, "covenants": limits} == theirs
    assert (shown["break_even_year"], shown["total_subsidy"]) == (
        expected["break_even_year"],
        expected["total_subsidy"],
    )


def text(most: int, places: int) -> st.SearchStrategy[str]:
    """A decimal from 0 to a limit, as text."""
    return st.integers(0, most * 10**places).map(lambda units: format(Decimal(units).scaleb(-places), "f"))


@st.composite
def bases(draw: DrawFn) -> Basis:
    return Basis(
        interest=draw(st.sampled_from(["0", "0.06", "1"]) | text(1, 6)),
        withdrawal=draw(st.sampled_from(["0", "0.10", "0.9"]) | text(9, 4).map(lambda each: f"0.{each[0]}{each[2:]}")),
        exchange_rate=draw(st.sampled_from(["4116", "0.5", "1"]) | text(9999, 2).map(lambda each: f"1{each}")),
        inflation=draw(st.sampled_from(["0", "0.10"]) | text(1, 5)),
        initial_fund=draw(st.just("0") | text(10**6, 2)),
        software=draw(st.just("6000") | text(10**5, 3)),
        evaluation=draw(st.just("2500") | text(10**6, 3)),
    )


enrolments = st.lists(
    st.integers(0, 100_000) | st.sampled_from([0, 1, MOST_MEMBERS]), min_size=1, max_size=12
) | st.lists(st.integers(0, 5_000), min_size=MOST_YEARS - 1, max_size=MOST_YEARS)
plans = st.tuples(st.sampled_from("ABCDEF"), st.sampled_from(sorted(reference.PLANS)))


def test_the_reference_is_the_paper_s_table_11() -> None:
    assert members_by_growth(Basis()) == [7332, 9531, 14297, 22875, 36600, 58561]
    year = projection("F", "single", members_by_growth(Basis()), Basis())["years"][5]
    assert (year["fund_end"], year["equity_reserve"], year["surplus"]) == ("224258.45", "137244.54", "2462.84")


def test_any_plan_enrolment_and_basis_gives_the_reference_s_figures(client: TestClient) -> None:
    @broad
    @given(plans, enrolments, bases())
    def check(plan: tuple[str, str], members: list[int], basis: Basis) -> None:
        package, plan_type = plan
        shown = projected(client, package=package, plan_type=plan_type, members=members, overrides=what_if(basis))
        assert (shown["package"], shown["plan_type"], shown["enrolment"]) == (package, plan_type, [])
        assert_same(shown, projection(package, plan_type, members, basis))

    check()


def test_any_growth_plan_gives_the_reference_s_members(client: TestClient) -> None:
    growth = st.lists(st.sampled_from(["-1", "0", "0.3"]) | text(2, 4), max_size=7)
    federations = st.dictionaries(st.sampled_from(sorted(FEDERATIONS)), st.integers(0, 60_000), min_size=1)

    @broad
    @given(federations, text(1, 4), growth)
    def check(members: dict[str, int], take_up: str, rates: list[str]) -> None:
        asked = {
            "federations": [{"federation": name, "members": number} for name, number in members.items()],
            "take_up_rate": take_up,
            "growth_rates": rates,
        }
        basis = Basis(federations=members, take_up=take_up, growth=rates)
        shown = projected(client, growth_plan=asked)
        assert_same(shown, projection("F", "single", members_by_growth(basis), basis))
        assert [each["federation"] for each in shown["enrolment"]] == list(members)
        for each in shown["enrolment"]:
            own = Basis(federations={"": members[each["federation"]]}, take_up=take_up, growth=rates)
            assert each["members"] == members_by_growth(own)

    check()


@pytest.mark.parametrize("given_plan", [{}, {"take_up_rate": "0.1"}, {"growth_rates": list(GROWTH)}, None])
def test_what_a_growth_plan_leaves_out_is_the_paper_s(client: TestClient, given_plan: Any) -> None:
    assert projected(client, growth_plan=given_plan)["years"] == projected(client)["years"]


def test_the_table_s_own_growth_and_plan_can_be_overridden(client: TestClient) -> None:
    enrolment = {
        "take_up_rate": "0.2",
        "growth_rates": {"6": "0", "7": "-0.5"},
        "federations": {"CICA": {"members": 0}},
    }
    overrides = {"projection_basis": {"package": "A", "plan_type": "couple", "enrolment": enrolment}}
    basis = Basis(take_up="0.2", growth=(*GROWTH[:4], "0", "-0.5"), federations={**FEDERATIONS, "CICA": 0})
    shown = projected(client, overrides=overrides)
    assert_same(shown, projection("A", "couple", members_by_growth(basis), basis))
    assert shown["receipt"]["hypothetical"] is True


@pytest.mark.parametrize(
    ("members", "basis"),
    [
        ([7332], Basis()),
        ([1] * MOST_YEARS, Basis()),
        ([MOST_MEMBERS] * MOST_YEARS, Basis(withdrawal="0")),
        ([0], Basis()),
        ([0, 0, 500, 0, 500], Basis()),
        ([1000, 0, 0, 0, 0], Basis(withdrawal="0")),
        ([500, 600, 700, 800, 900], Basis(withdrawal="0", interest="0", inflation="0")),
        ([500, 600, 700, 800], Basis(withdrawal="0.99", initial_fund="1000000")),
    ],
    ids=["one-year", "forty-years", "most-members", "nobody", "gaps", "closed", "nothing-grows", "everybody-leaves"],
)
def test_the_edges(client: TestClient, members: Sequence[int], basis: Basis) -> None:
    shown = projected(client, members=list(members), overrides=what_if(basis))
    assert_same(shown, projection("F", "single", members, basis))


def test_nobody_earns_and_costs_nothing_but_the_office(client: TestClient) -> None:
    (year,) = projected(client, members=[0])["years"]
    assert set(year.pop("reinsurance").values()) == {"0.00"}
    findings = {each["covenant"]: (each["finding"], each["missing"]) for each in year.pop("covenants")}
    assert findings == {
        "expense_ratio": ("not_assessed", ["premium_income"]),
        "commission_ratio": ("not_assessed", ["premium_income"]),
        "investment_yield": ("met", []),
        "withdrawal_rate": ("met", []),
    }
    nothing = set(year) - {"year", "members", "subsidy", "operating_expenses", "expenses"}
    assert {year[name] for name in nothing} == {"0.00"}
    assert year["subsidy"] == year["operating_expenses"] == "67964.00"


def test_withdrawals_and_deaths_may_not_exceed_the_members(client: TestClient) -> None:
    def ask(rate: str) -> Any:
        return post(client, PROJECTIONS, {"overrides": {"projection_basis": {"withdrawal_rate": rate}}})

    most = floor((1 - reference.mortality(43)) * 10**12)
    assert ask(f"0.{most}").status_code == 200
    assert_problem(ask(f"0.{most + 1}"), 409, "withdrawals_too_high")


def test_the_fund_is_the_reserves_and_the_surplus(client: TestClient) -> None:
    for year in projected(client, package="D", plan_type="couple_with_children")["years"]:
        parts = sum(Decimal(year[name]) for name in ("equity_reserve", "contingency_reserve", "surplus"))
        assert abs(parts - Decimal(year["fund_end"])) <= Decimal("0.02")
        items = sum(map(Decimal, year["expenses"].values()))
        assert abs(items - Decimal(year["operating_expenses"])) <= Decimal("0.04")


def test_more_withdrawals_never_leave_a_larger_reserve_to_those_who_enrol_alike(client: TestClient) -> None:
    def reserve(rate: str) -> Decimal:
        overrides = {"projection_basis": {"withdrawal_rate": rate}}
        return Decimal(projected(client, overrides=overrides)["years"][-1]["equity_reserve"])

    reserves = [reserve(rate) for rate in ("0", "0.05", "0.10", "0.20", "0.50", "0.90")]
    assert reserves == sorted(reserves, reverse=True)


def test_csv_has_the_same_figures_a_line_a_year(client: TestClient) -> None:
    body = {"as_of": AS_OF, "package": "B", "members": [10, 20, 30]}
    response = post(client, PROJECTIONS, body, accept="text/csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(response.text.splitlines()))
    years = projected(client, package="B", members=[10, 20, 30])["years"]
    flat = [
        {name: str(value) for name, value in year.items() if name not in ("expenses", "reinsurance", "covenants")}
        | {f"expenses_{item}": amount for item, amount in year["expenses"].items()}
        | {f"reinsurance_{item}": amount for item, amount in year["reinsurance"].items()}
        | {f"covenants_{limit['covenant']}": limit["finding"] for limit in year["covenants"]}
        for year in years
    ]
    assert lines == flat
    assert response.text.endswith("\r\n")
    assert_problem(post(client, PROJECTIONS, body, accept="text/html"), 406, "not_acceptable")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"members": []}, "/members"),
        ({"members": [1] * (MOST_YEARS + 1)}, "/members"),
        ({"members": [-1]}, "/members/0"),
        ({"members": [1, MOST_MEMBERS + 1]}, "/members/1"),
        ({"members": ["7"]}, "/members/0"),
        ({"members": [1], "growth_plan": {}}, ""),
        ({"growth_plan": {"growth_rates": ["0"] * MOST_YEARS}}, "/growth_plan/growth_rates"),
        ({"growth_plan": {"growth_rates": ["-1.01"]}}, "/growth_plan/growth_rates/0"),
        ({"growth_plan": {"take_up_rate": "1.1"}}, "/growth_plan/take_up_rate"),
        ({"growth_plan": {"federations": []}}, "/growth_plan/federations"),
        (
            {"growth_plan": {"federations": [{"federation": "=1+1", "members": 1}]}},
            "/growth_plan/federations/0/federation",
        ),
        ({"growth_plan": {"federations": [{"federation": "A"}]}}, "/growth_plan/federations/0/members"),
        ({"package": "G"}, "/package"),
        ({"horizon": 3}, ""),
    ],
)
def test_what_it_does_not_take_is_refused(client: TestClient, body: Any, pointer: str) -> None:
    assert pointers(assert_problem(post(client, PROJECTIONS, body), 422, "invalid_request")) == [pointer]


def test_the_longest_enrolments_are_taken(client: TestClient) -> None:
    assert len(projected(client, growth_plan={"growth_rates": ["0"] * (MOST_YEARS - 1)})["years"]) == MOST_YEARS

    def enrolled(members: int) -> Any:
        plan = {"federations": [{"federation": "A", "members": members}], "take_up_rate": 1, "growth_rates": ["0.5"]}
        return post(client, PROJECTIONS, {"growth_plan": plan})

    assert answer(enrolled(66_666_666))["years"][1]["members"] == 99_999_999
    assert_problem(enrolled(66_666_667), 409, "enrolment_too_large")


def test_a_premium_basis_changes_premiums_and_claims_and_not_the_fund_s_interest(client: TestClient) -> None:
    plain = projected(client)["years"][0]
    margin = projected(client, overrides={"pricing_basis": {"safety_margin": "0.44"}})["years"][0]
    assert margin["natural_death_claims"] == plain["natural_death_claims"]
    ratio = Decimal(margin["premium_income"]) / Decimal(plain["premium_income"])
    assert abs(ratio - Decimal("1.2")) < Decimal("1e-6")


def test_its_receipt_gives_the_same_bytes_again(client: TestClient) -> None:
    body = {"as_of": AS_OF, "package": "C", "plan_type": "couple", "members": [10, 20]}
    first = post(client, PROJECTIONS, body)
    receipt = first.json()["receipt"]
    assert receipt["tables"]["projection_basis"] == "mba-projection-basis@1"
    again = {**body, **{name: receipt[name] for name in ("as_of", "known_at", "tables")}}
    assert post(client, PROJECTIONS, again).content == first.content
    explained = answer(post(client, PROJECTIONS, {**body, "explain": True}))
    root = explained.pop("explanation")
    assert explained == first.json()
    assert root["steps"][0]["name"] == "financial_projection"
    assert (root["name"], root["symbol"]) == ("projection_report", "report")
    assert Decimal(root["value"]).quantize(Decimal("0.01")) == Decimal(explained["years"][-1]["fund_end"])


AMOUNTS_OF_A_YEAR = {
    "expense_allowance": ("expense_allowance",),
    "commission": ("commission",),
    "expected_claims": ("natural_death_claims", "accident_claims", "hospitalization_claims"),
    "contingency_reserve": ("contingency_reserve",),
}


def test_every_amount_of_a_year_is_explained(client: TestClient) -> None:
    """What one formula is given is a figure of a table or what another has found."""
    body = {
        "as_of": AS_OF,
        "plan_type": "couple_with_children",
        "members": [900, 1000, 700, 1200, 1500],
        "explain": True,
    }
    found = answer(post(client, PROJECTIONS, body))
    steps = found["explanation"]["steps"][0]["steps"]

    def values(name: str) -> list[str]:
        return [step["value"] for step in steps if step["name"] == name]

    for name, fields in AMOUNTS_OF_A_YEAR.items():
        shown = [year[field] for year in found["years"] for field in fields]
        assert [f"{Decimal(value).quantize(Decimal('0.01'), ROUND_HALF_UP)}" for value in values(name)] == shown
    for name in ("premium_income", "subsidy", "operating_expenses", "commission", "equity_paid"):
        given = [step["inputs"][name] for step in steps if step["name"] == "fund_at_beginning"]
        assert given == values(name)
    in_cents = [
        [step["inputs"][f"{each}_claims"] for each in ("natural_death", "accident", "hospitalization")]
        for step in steps
        if step["name"] == "fund_in_the_middle"
    ]
    assert [value for year in in_cents for value in year] == values("expected_claims")
    per_member = {step["inputs"]["allowance_of_member"] for step in steps if step["name"] == "expense_allowance"}
    assert per_member <= set(values("converted"))
    joined, (stay,) = values("new_members"), values("staying_rate")
    reserves = [step["inputs"] for step in steps if step["name"] == "equity_reserve"]
    for new, reserve in zip(joined, reserves, strict=True):
        assert abs(Decimal(reserve["members_of_1_years"]) - Decimal(new) * Decimal(stay)) < Decimal("1e-20")


def test_the_limits_are_checked_on_each_year_of_the_published_projection(client: TestClient) -> None:
    """Table 11: 67,964.00 of 36,201.83 in year 1, 98,877.51 of 289,145.57 in year 6."""
    years = projected(client)["years"]
    ratios = [year["covenants"][0] for year in years]
    assert [each["finding"] for each in ratios] == ["not_met"] * 5 + ["met"]
    assert abs(Decimal(ratios[0]["actual"]) - Decimal("67964.00") / Decimal("36201.83")) < Decimal("1e-6")
    assert abs(Decimal(ratios[5]["margin"]) - (Decimal("0.35") - Decimal("98877.51") / Decimal("289145.57"))) < Decimal(
        "1e-6"
    )
    for year in years:
        others = [(each["covenant"], each["finding"], each["actual"], each["margin"]) for each in year["covenants"][1:]]
        assert others == [
            ("commission_ratio", "met", "0.150000000000", "0.000000000000"),
            ("investment_yield", "met", "0.060000000000", "0.000000000000"),
            ("withdrawal_rate", "met", "0.100000000000", "0.000000000000"),
        ]


@pytest.mark.parametrize(
    ("overrides", "covenant", "margin"),
    [
        ({"projection_basis": {"withdrawal_rate": "0.10000000000000000001"}}, 3, "0.000000000000"),
        ({"projection_basis": {"withdrawal_rate": "0.15"}}, 3, "-0.050000000000"),
        ({"projection_basis": {"interest_rate": "0.05"}}, 2, "-0.010000000000"),
        ({"loadings": {"insured": {"primary_member": {"commission": "0.16"}}}}, 1, "-0.010000000000"),
        ({"covenants": {"maximum_commission_ratio": "0.14"}}, 1, "-0.010000000000"),
    ],
)
def test_a_basis_beyond_a_limit_shows_it_in_every_year(
    client: TestClient, overrides: Any, covenant: int, margin: str
) -> None:
    for year in projected(client, overrides=overrides)["years"]:
        found = year["covenants"][covenant]
        assert (found["finding"], found["margin"]) == ("not_met", margin)


@pytest.mark.parametrize("plan_type", sorted(reference.PLANS))
@pytest.mark.parametrize("package", "ABCDEF")
def test_a_commission_of_15_percent_is_met_whatever_the_plan(client: TestClient, package: str, plan_type: str) -> None:
    """Premiums are not rounded: what is 15% of them to thirty digits is 15%."""
    for year in projected(client, package=package, plan_type=plan_type)["years"]:
        assert (year["covenants"][1]["finding"], year["covenants"][1]["actual"]) == ("met", "0.150000000000")


def test_the_treaty_is_pinned_overridden_and_limited(client: TestClient) -> None:
    def reinsured(**body: Any) -> Any:
        return projected(client, members=[1000, 1200, 1500, 1600], **body)["years"][3]["reinsurance"]

    plain = projected(client, members=[1000, 1200, 1500, 1600])
    assert plain["receipt"]["tables"]["reinsurance"] == "mba-reinsurance@2"
    premium = Decimal(plain["years"][3]["premium_income"])
    earlier = reinsured(tables={"reinsurance": "mba-reinsurance@1"})
    for shown, share in ((plain["years"][3]["reinsurance"], "0.3"), (earlier, "0.2")):
        assert abs(Decimal(shown["ceded_premium"]) - premium * Decimal(share)) < Decimal("0.01")
    assert Decimal(earlier["recoveries"]) > Decimal(plain["years"][3]["reinsurance"]["recoveries"])
    limits = {"annual_limit": {"minimum": "0", "maximum": "1"}}
    assert reinsured(overrides={"reinsurance": limits})["recoveries"] == "1.00"
    assert reinsured(overrides={"reinsurance": limits}, annual_limit="0.5")["recoveries"] == "0.50"
    problem = post(client, PROJECTIONS, {"as_of": AS_OF, "annual_limit": "205000.01"})
    assert pointers(assert_problem(problem, 409, "annual_limit_out_of_range")) == ["/annual_limit"]


def test_natural_death_is_reinsured_from_the_third_year_of_membership_on(client: TestClient) -> None:
    """More than two years: who has completed two is past them when claims fall, in the middle of the year."""

    def recoveries(events: Any) -> list[str]:
        override = {"events": events, "quota_share": "1"}
        years = projected(client, members=[1000] * 5, overrides={"reinsurance": override})["years"]
        return [year["reinsurance"]["recoveries"] for year in years]

    # An override adds to what is covered: accidents are left out by their own waiting years.
    late = {"accidental_death": {"membership_years_above": "99"}}
    natural = recoveries(late)
    assert natural[:2] == ["0.00", "0.00"]
    assert [amount != "0.00" for amount in natural[2:]] == [True] * 3
    at_once = recoveries({**late, "natural_death": {"membership_years_above": "0.49"}})
    year = projected(client, members=[1000] * 5)["years"][0]
    assert at_once == [year["natural_death_claims"]] * 5
    assert recoveries({**late, "natural_death": {"membership_years_above": "0.5"}})[0] == "0.00"
