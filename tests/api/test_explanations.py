"""`explain`: the whole calculation as a tree, from the answer down to the cells of the tables."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tables.sources import resolve_citation
from tests.api.generators import Body, broad, plans, premiums
from tests.api.support import (
    COVENANTS,
    DEATH,
    DISABILITY,
    EQUITY_VALUES,
    HOSPITALIZATION,
    MATERNITY,
    MEDICAL_COSTS,
    PACKAGES,
    PILOT,
    PREMIUMS,
    QUOTES,
    RATE_CARD,
    REINSURANCE,
    SCENARIOS,
    SICKNESS,
    answer,
    assert_problem,
    post,
    quoted,
    rounded,
)
from tests.reference import half_up

Node = dict[str, Any]
EIGHT_KEYS = ["symbol", "name", "formula", "inputs", "value", "unit", "source", "steps"]
WHOLE = {"plan_type": "couple_with_children", "additional_persons": {"15-65": 2, "66-75": 1}}
RELATIVE_ERROR = Fraction(1, 10**30)


def walk(node: Node) -> Iterator[Node]:
    yield node
    for step in node["steps"]:
        yield from walk(step)


def explained(client: TestClient, **body: Any) -> Any:
    return quoted(client, **{**WHOLE, **body, "explain": True})


def named(root: Node, name: str) -> list[Node]:
    return [node for node in walk(root) if node["name"] == name]


def test_every_node_has_the_eight_keys_all_texts(client: TestClient) -> None:
    for node in walk(explained(client)["explanation"]):
        assert list(node) == EIGHT_KEYS
        assert all(isinstance(node[key], str) and node[key] for key in EIGHT_KEYS if key not in ("inputs", "steps"))
        assert all(isinstance(value, str) and value for value in node["inputs"].values())
        assert "E" not in node["value"]


def test_every_node_is_in_the_catalogue_with_the_same_words(client: TestClient) -> None:
    catalogue = {entry["name"]: entry for entry in answer(client.get("/v1/formulas"))["formulas"]}
    premium = answer(post(client, PREMIUMS, {"age": 43, "natural_death_benefit": 1, "explain": True}))
    for root in (explained(client)["explanation"], premium["explanation"]):
        for node in walk(root):
            entry = catalogue[node["name"]]
            same = ("symbol", "unit", "source")
            assert [node[key] for key in same] == [entry[key] for key in same]
            assert node["formula"] == entry["text"]
            assert entry["summary"].endswith(".")


def test_the_catalogue_lists_every_formula_once_in_order(client: TestClient) -> None:
    entries = answer(client.get("/v1/formulas"))["formulas"]
    order = [(entry["room"], entry["name"]) for entry in entries]
    assert order == sorted(set(order))
    assert {room for room, _ in order} >= {"pricing.interest", "pricing.life", "pricing.mba.premiums"}
    assert {"symbol", "name", "room", "text", "summary", "source", "unit", "inputs"} == set(entries[0])


def test_every_source_resolves(client: TestClient) -> None:
    for node in walk(explained(client)["explanation"]):
        source, places = resolve_citation(node["source"])
        assert source.short_name == "suan-2009"
        assert places


def test_it_reaches_the_cells_of_the_life_table(client: TestClient) -> None:
    cells = named(explained(client, **WHOLE)["explanation"], "tabulated_survivors")
    lives = {int(node["inputs"]["age"]): node["value"] for node in cells}
    assert lives == {40: "83109", 45: "80528", 65: "59942", 70: "50146", 75: "37734", 80: "23920"}
    assert all(node["source"] == "suan-2009 Appendix B" and node["steps"] == [] for node in cells)


def test_the_nodes_are_the_answer_s_own_figures(client: TestClient) -> None:
    @settings(broad, max_examples=60)
    @given(plans(), st.sampled_from(["mba-pricing-basis", "mba-pricing-basis-corrected"]))
    def check(body: Body, basis: str) -> None:
        quote = explained(client, **body, tables={"pricing_basis": basis})
        root = quote["explanation"]
        assert rounded(root["value"], 12) == quote["monthly_premium_exact"]
        assert rounded(root["value"], 0) == quote["monthly_premium"]
        persons = {step["inputs"]["insured"]: step for step in root["steps"] if step["name"] == "tariff_premium"}
        for component in quote["components"]:
            node = persons[component["insured"]]
            nets = {rounded(each["value"], 12) for each in named(node, "net_annual_premium")}
            gross = named(node, "gross_annual_premium_with_equity_value") + named(node, "gross_annual_premium_of_rider")
            assert component["net_annual_premium"] in nets
            assert component["gross_annual_premium"] in {rounded(each["value"], 12) for each in gross}
            assert root["inputs"][component["insured"]] == component["persons"]
        assert set(persons) == {component["insured"] for component in quote["components"]}

    check()


def test_a_premium_s_root_is_its_total(client: TestClient) -> None:
    priced = []

    @settings(broad, max_examples=60)
    @given(premiums())
    def check(body: Body) -> None:
        response = post(client, PREMIUMS, {**body, "explain": True})
        if response.status_code == 200:
            premium = response.json()
            root = premium["explanation"]
            assert half_up(Fraction(root["value"]), Fraction(1), 12) == premium["totals"]["gross_annual_premium"]
            nets = [half_up(Fraction(node["value"]), Fraction(1), 12) for node in named(root, "net_annual_premium")]
            assert nets == [component["net_annual_premium"] for component in premium["components"]]
            priced.append(root)

    check()
    assert len(priced) >= 20


def number(node: Node, name: str) -> Fraction:
    return Fraction(node["inputs"][name])


def below(node: Node, name: str) -> list[Fraction]:
    return [Fraction(step["value"]) for step in node["steps"] if step["name"] == name]


def _margined(node: Node) -> Fraction:
    (root_v,) = below(node, "mid_year_discount_factor")
    return number(node, "benefit") * root_v * number(node, "incidence_rate") * (1 + number(node, "safety_margin"))


def _with_equity_value(node: Node) -> Fraction:
    survival = 1 - number(node, "mortality_rate")
    loadings = number(node, "expense_loading") + number(node, "commission_loading")
    return number(node, "net_annual_premium") / (1 - number(node, "equity_value_loading") * survival - loadings)


def _rider(node: Node) -> Fraction:
    loadings = ("expense_loading", "commission_loading", "contingency_loading")
    return number(node, "net_annual_premium") / (1 - sum(number(node, name) for name in loadings))


def _mortality(node: Node) -> Fraction:
    later, now = below(node, "survivors")
    return 1 - later / now


def _mean(node: Node) -> Fraction:
    rates = below(node, "mortality_rate")
    return sum(rates, Fraction(0)) / len(rates)


def _survivors(node: Node) -> Fraction:
    cells = {int(step["inputs"]["age"]): Fraction(step["value"]) for step in node["steps"]}
    age = int(node["inputs"]["age"])
    if age in cells:
        return cells[age]
    first, end = sorted(cells)
    return ((end - age) * cells[first] + (age - first) * cells[end]) / (end - first)


BY_HAND: dict[str, Callable[[Node], Fraction]] = {
    "discount_factor": lambda node: 1 / (1 + number(node, "interest_rate")),
    "natural_death_rate": lambda node: number(node, "mortality_rate") - number(node, "accident_rate"),
    "benefit_amount": lambda node: number(node, "basic_benefit") * number(node, "multiple"),
    "hospitalization_maximum": lambda node: (
        number(node, "basic_benefit") * number(node, "daily_multiple") * number(node, "maximum_days")
    ),
    "gross_monthly_premium": lambda node: number(node, "gross_annual_premium") / number(node, "payments_per_year"),
    "net_annual_premium": _margined,
    "gross_annual_premium_with_equity_value": _with_equity_value,
    "gross_annual_premium_of_rider": _rider,
    "mortality_rate": _mortality,
    "mean_mortality_rate": _mean,
    "survivors": _survivors,
}


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_a_node_s_value_is_its_formula_of_what_it_shows(client: TestClient, name: str) -> None:
    nodes = named(explained(client)["explanation"], name)
    assert nodes
    for node in nodes:
        by_hand = BY_HAND[name](node)
        assert abs(Fraction(node["value"]) - by_hand) <= abs(by_hand) * RELATIVE_ERROR


def test_the_mid_year_factor_is_a_square_root(client: TestClient) -> None:
    for node in named(explained(client)["explanation"], "mid_year_discount_factor"):
        (v,) = below(node, "discount_factor")
        assert abs(Fraction(node["value"]) ** 2 - v) <= RELATIVE_ERROR


def test_the_sum_over_the_coverages_and_persons(client: TestClient) -> None:
    root = explained(client)["explanation"]
    gross = ("gross_annual_premium_with_equity_value", "gross_annual_premium_of_rider")
    annual = Decimal(0)
    for person in (step for step in root["steps"] if step["name"] == "tariff_premium"):
        (total,) = named(person, "insured_premium")
        parts = sum(Decimal(step["value"]) for step in total["steps"] if step["name"] in gross)
        assert abs(parts - Decimal(total["value"])) < Decimal("1e-20")
        assert total["value"] == person["value"]
        annual += Decimal(root["inputs"][person["inputs"]["insured"]]) * Decimal(person["value"])
    assert abs(annual / 12 - Decimal(root["value"])) < Decimal("1e-20")


def test_an_override_s_figures_are_in_the_tree(client: TestClient) -> None:
    overrides = {"life_table": {"survivors": {"43": "82000.5"}}, "pricing_basis": {"interest_rate": "0.07"}}
    root = explained(client, overrides=overrides)["explanation"]
    assert "82000.5" in {node["value"] for node in named(root, "tabulated_survivors")}
    assert {node["inputs"]["interest_rate"] for node in named(root, "discount_factor")} == {"0.07"}


def test_an_explanation_only_when_asked(client: TestClient) -> None:
    for body in ({}, {"explain": False}):
        assert "explanation" not in quoted(client, **WHOLE, **body)
        premium = post(client, PREMIUMS, {"age": 43, "accident_benefit": 1, **body})
        assert "explanation" not in answer(premium)
    assert list(explained(client))[-1] == "explanation"


OTHERS: dict[str, tuple[Body, str, int]] = {
    DEATH: ({"package": "F", "age": 43, "cause": "natural", "months_paid": 7}, "benefit_exact", 12),
    DISABILITY: ({"package": "F", "age": 30, "losses": ["eye", "thumb"]}, "benefit_exact", 12),
    HOSPITALIZATION: (
        {"package": "A", "age": 30, "days": 3, "months_of_membership": 9, "months_paid": 5, "regular": False},
        "benefit_exact",
        12,
    ),
    EQUITY_VALUES: ({"package": "F", "years_completed": 4, "plan_type": "couple"}, "equity_value_exact", 12),
    REINSURANCE: (
        {"year": 2006, "gross_premium": "40001.11", "claims": [{"amount": 99, "kind": "accidental_death"}]},
        "net_cost",
        2,
    ),
    MEDICAL_COSTS: ({"option": 2}, "payg_cost_ratio", 12),
    PILOT: ({}, "margin", 12),
    SCENARIOS: ({"scenario": 2, "employer_share": "0.4"}, "payg_cost_ratio", 12),
    MATERNITY: ({}, "payg_cost_ratio", 12),
    SICKNESS: ({"waiting_days": 3}, "payg_cost_ratio", 12),
}


@pytest.mark.parametrize("path", OTHERS)
def test_every_calculator_explains_its_answer(client: TestClient, path: str) -> None:
    body, field, places = OTHERS[path]
    result = answer(post(client, path, {**body, "explain": True}))
    catalogue = {entry["name"]: entry for entry in answer(client.get("/v1/formulas"))["formulas"]}
    root = result["explanation"]
    assert rounded(root["value"], places) == result[field]
    assert root["steps"]
    for node in walk(root):
        assert node["formula"] == catalogue[node["name"]]["text"]
        assert resolve_citation(node["source"])


def test_the_explanation_of_covenants_is_their_verdict(client: TestClient) -> None:
    body = {"premium_income": 100, "operating_expenses": 36, "explain": True}
    result = answer(post(client, COVENANTS, body))
    assert result["explanation"]["value"] == result["verdict"] == "not_met"
    (node,) = result["explanation"]["steps"]
    assert (node["name"], node["value"], node["inputs"]) == ("ratio", "0.36", {"part": "36", "whole": "100"})


@pytest.mark.parametrize("explain", ["true", 1, 0, None, []])
def test_explain_is_true_or_false_and_nothing_else(client: TestClient, explain: Any) -> None:
    response = post(client, QUOTES, {"package": "F", "plan_type": "single", "explain": explain})
    assert assert_problem(response, 422, "invalid_request")[0]["pointer"] == "/explain"


@pytest.mark.parametrize("path", [RATE_CARD, PACKAGES])
def test_the_queries_do_not_explain(client: TestClient, path: str) -> None:
    assert_problem(client.get(path, params={"explain": "true"}), 422, "invalid_request")


def test_one_request_s_explanation_is_not_in_another_s(client: TestClient) -> None:
    first = explained(client)["explanation"]
    bad = {"package": "F", "plan_type": "single", "explain": True, "overrides": {"loadings": {"equity_value": 1}}}
    assert_problem(post(client, QUOTES, bad), 409, "loadings_too_high")
    quoted(client, **WHOLE)
    assert explained(client)["explanation"] == first
