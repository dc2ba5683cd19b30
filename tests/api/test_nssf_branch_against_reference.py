"""Random liabilities, costs and indexations against an independent implementation in exact fractions."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests import reference_branch as reference
from tests.api.generators import Body, decimals
from tests.api.support import COST_RATIOS, INDEXATION, LIABILITIES, answer, post

COMMON = {"receipt", "notes", "currency"}
KINDS = st.sampled_from(["disability", "spouse", "child", "parent"])
FEW = settings(max_examples=40)


def pensions(ages: st.SearchStrategy[int]) -> st.SearchStrategy[list[Body]]:
    one = st.fixed_dictionaries({"kind": KINDS, "monthly_amount": decimals("2000000", 3), "age": ages})
    return st.lists(one, max_size=6)


by_multipliers = st.fixed_dictionaries({"pensions": pensions(st.integers(0, 105) | st.sampled_from([0, 104, 105]))})
by_life_table = st.fixed_dictionaries(
    {"pensions": pensions(st.integers(0, 99) | st.sampled_from([0, 98, 99])), "basis": st.just("life_table")},
    optional={"discount_rate": st.sampled_from(["0", "0.02", "0.035", "0.1", "1"])},
)
amounts = st.fixed_dictionaries(
    {"benefit_expenditure": decimals("90000", 4), "administration_cost": decimals("90000", 4)},
    optional={
        "disability_pension_liabilities": decimals("9000", 3),
        "survivor_pension_liabilities": decimals("9000", 3),
        "funeral_grants": decimals("90", 2),
        "funeral_grants_paid": st.integers(0, 1000),
        "disability_lump_sums": decimals("90", 2),
        "disability_pensions": decimals("90", 2),
    },
)
changes = st.fixed_dictionaries(
    {}, optional={"funeral_grant": decimals("5000000", 2), "permanent_disability": st.just("ilo_recommended")}
)


def own(result: Body, *left_out: str) -> Body:
    """An answer's own fields."""
    return {name: value for name, value in result.items() if name not in COMMON | set(left_out)}


@given(body=by_multipliers | by_life_table)
@FEW
def test_liabilities(client: TestClient, body: Body) -> None:
    assert own(answer(post(client, LIABILITIES, body))) == reference.liabilities(body)


@given(amounts=amounts, earnings=decimals("5000000", 2), is_contributions=st.booleans(), changes=st.none() | changes)
@FEW
def test_cost_ratios(
    client: TestClient, amounts: dict[str, Any], earnings: Any, *, is_contributions: bool, changes: Body | None
) -> None:
    basis = "contributions" if is_contributions else "insured_earnings"
    body = {"amounts": {**amounts, basis: earnings if float(earnings) else "0.5"}, "changes": changes}
    result = answer(post(client, COST_RATIOS, body))
    assert own(result, "year", "findings") == reference.cost_ratios(body)
    assert result["year"] is None
    assert [each["code"] for each in result["findings"]] == reference.cost_findings(body)


@given(
    body=st.fixed_dictionaries(
        {
            "monthly_pension": decimals("2000000", 3),
            "from_year": st.integers(2003, 2014),
            "years": st.integers(0, 12),
            "later_price_change": st.sampled_from(["-0.05", "0", "0.031", 1]),
        },
        optional={"index": st.sampled_from(["consumer_prices", "gdp_deflator"])},
    )
)
@FEW
def test_indexation(client: TestClient, body: Body) -> None:
    assert own(answer(post(client, INDEXATION, body))) == reference.indexation(body)
