"""`POST /v1/mba/projections/stochastic`: its answer, its seed, its bounds."""

from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.support import AS_OF, PROJECTIONS, STOCHASTIC, answer, assert_problem, pointers, post

MEASURES = ("fund_end", "equity_reserve", "contingency_reserve")


def drawn(client: TestClient, **body: Any) -> Any:
    return answer(post(client, STOCHASTIC, {"as_of": AS_OF, "paths": 200, **body}))


def test_the_exact_projection_stands_beside_what_is_drawn(client: TestClient) -> None:
    shown = drawn(client, paths=2000)
    exact = answer(post(client, PROJECTIONS, {"as_of": AS_OF}))["years"]
    names = ("year", *MEASURES)
    assert shown["expected"] == [{name: year[name] for name in names} for year in exact]
    years = shown["without_reinsurance"]["years"]
    assert [(year["year"], year["members"]) for year in years] == [(year["year"], year["members"]) for year in exact]
    for year, expected in zip(years, exact, strict=True):
        for name in MEASURES:
            off = abs(Decimal(year["mean"][name]) - Decimal(expected[name]))
            assert off <= 4 * Decimal(year["standard_error"][name]) + Decimal("0.01")
    assert shown["receipt"]["tables"]["reinsurance"] == "mba-reinsurance@2"
    assert (shown["currency"], shown["paths"], shown["notes"]) == ("USD", 2000, [])


def test_percentiles_rise(client: TestClient) -> None:
    for year in drawn(client, members=[300, 400])["with_reinsurance"]["years"]:
        assert [each["percent"] for each in year["percentiles"]] == [1, 5, 25, 50, 75, 95, 99]
        for name in MEASURES:
            amounts = [Decimal(each[name]) for each in year["percentiles"]]
            assert amounts == sorted(amounts)


def test_no_seed_is_seed_0_and_the_same_seed_is_the_same_answer(client: TestClient) -> None:
    body = {"as_of": AS_OF, "paths": 100}
    unseeded, seeded, other = (post(client, STOCHASTIC, {**body, **more}) for more in ({}, {"seed": 0}, {"seed": 1}))
    assert unseeded.content == seeded.content
    assert unseeded.json()["seed"] == 0
    assert other.json()["seed"] == 1
    assert other.json()["without_reinsurance"] != unseeded.json()["without_reinsurance"]


def test_ruin_is_counted_on_the_paths(client: TestClient) -> None:
    shown = drawn(client, members=[50, 50, 50], paths=1000)["without_reinsurance"]
    ruin = [Decimal(year["ruin_probability"]) for year in shown["years"]]
    assert 0 < ruin[0] <= ruin[1] <= ruin[2] == Decimal(shown["ruin_probability"]) < 1
    for year in shown["years"]:
        assert Decimal(year["ruin_probability"]) * 1000 == int(Decimal(year["ruin_probability"]) * 1000)
        assert 0 < Decimal(year["shortfall_probability"]) < 1


def test_reinsurance_makes_the_fund_steadier(client: TestClient) -> None:
    shown = drawn(client, members=[400, 450, 500, 550], paths=2000)

    def spread(which: str) -> Decimal:
        last = shown[which]["years"][-1]["percentiles"]
        return Decimal(last[-1]["fund_end"]) - Decimal(last[0]["fund_end"])

    assert spread("with_reinsurance") < spread("without_reinsurance")
    reserves = [
        [year["percentiles"][3]["equity_reserve"] for year in shown[which]["years"]]
        for which in ("with_reinsurance", "without_reinsurance")
    ]
    assert reserves[0] == reserves[1]


@pytest.mark.parametrize("members", [[0], [0, 100, 0], [100_000_000, 1, 100_000_000]])
def test_the_edges(client: TestClient, members: list[int]) -> None:
    years = drawn(client, members=members, plan_type="couple_with_children", paths=100)["without_reinsurance"]["years"]
    assert len(years) == len(members)
    if members[0] == 0:
        assert years[0]["mean"]["fund_end"] == years[0]["standard_error"]["fund_end"] == "0.00"
        assert years[0]["ruin_probability"] == "0.000000000000"


@pytest.mark.parametrize("withdrawal", ["0", "0.99"])
def test_withdrawals_at_both_ends(client: TestClient, withdrawal: str) -> None:
    overrides = {"projection_basis": {"withdrawal_rate": withdrawal}}
    shown = drawn(client, members=[1000, 2000, 3000, 4000, 5000], paths=1000, overrides=overrides)
    for year, expected in zip(shown["without_reinsurance"]["years"], shown["expected"], strict=True):
        off = abs(Decimal(year["mean"]["equity_reserve"]) - Decimal(expected["equity_reserve"]))
        assert off <= 4 * Decimal(year["standard_error"]["equity_reserve"]) + Decimal("0.02")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"paths": 99}, "/paths"),
        ({"paths": 10_001}, "/paths"),
        ({"seed": -1}, "/seed"),
        ({"seed": 4_294_967_296}, "/seed"),
        ({"annual_limit": "-1"}, "/annual_limit"),
        ({"reinsurance": {"quota_share": "1"}}, ""),
        ({"members": [1] * 41}, "/members"),
    ],
)
def test_what_it_does_not_take_is_refused(client: TestClient, body: Any, pointer: str) -> None:
    assert pointers(assert_problem(post(client, STOCHASTIC, body), 422, "invalid_request"))[0] == pointer


def test_what_the_tables_refuse_is_refused(client: TestClient) -> None:
    body = {"overrides": {"projection_basis": {"withdrawal_rate": 1}}}
    assert_problem(post(client, STOCHASTIC, body), 409, "withdrawals_too_high")
    limit = post(client, STOCHASTIC, {"annual_limit": "37499.99"})
    assert pointers(assert_problem(limit, 409, "annual_limit_out_of_range")) == ["/annual_limit"]


def test_another_treaty_is_pinned_or_overridden_and_draws_the_same(client: TestClient) -> None:
    body = {"members": [400, 450, 500], "seed": 5}
    plain = drawn(client, **body)
    earlier = drawn(client, **body, tables={"reinsurance": "mba-reinsurance@1"})
    assert earlier["receipt"]["tables"]["reinsurance"] == "mba-reinsurance@1"
    none = {"quota_share": 0, "premium_rate": 0}
    nothing = drawn(client, **body, overrides={"reinsurance": none})
    limited = drawn(client, **body, annual_limit=37_500)
    assert plain["without_reinsurance"] == earlier["without_reinsurance"] == nothing["without_reinsurance"]
    assert nothing["with_reinsurance"] == nothing["without_reinsurance"]
    assert plain["with_reinsurance"] != earlier["with_reinsurance"] != nothing["with_reinsurance"]
    assert limited["with_reinsurance"] == plain["with_reinsurance"]  # so few members never reach the lower limit
