"""Formulas explain themselves: the same value inside a recording, and a tree that reaches the tables' cells."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import ROUND_UP, Context, Decimal, Inexact, getcontext, localcontext
from functools import partial

import pytest

from pricing import trace
from pricing.interest import discount_factor
from pricing.life import LifeTable, mean_mortality_rate
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.benefits import benefit_amount, coverage_benefits, package_benefits
from pricing.mba.plans import INSURED
from pricing.mba.premiums import (
    AccidentRateAboveMortality,
    individual_premium,
    natural_death_rate,
    net_annual_premium,
    tariff_premium,
)
from pricing.mba.quotes import component_monthly_premium, plan_premium
from pricing.rounding import plain
from pricing.trace import Node, formula, recording

QUARTER = Decimal("0.25")
DISCOUNT_AT_A_QUARTER = {
    "symbol": "v",
    "name": "discount_factor",
    "formula": "v = 1 / (1 + i)",
    "inputs": {"interest_rate": "0.25"},
    "value": "0.8",
    "unit": "fraction",
    "source": "suan-2009 Table 1",
    "steps": [],
}


@pytest.fixture
def _own_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Formulas that a test makes are not listed beside the service's."""
    monkeypatch.setattr(trace, "_catalogue", {})


def names(steps: list[Node]) -> list[object]:
    """Names of formulas, each followed by the list of those that it called, where it called any."""
    listed: list[object] = []
    for node in steps:
        listed += [node["name"], names(node["steps"])] if node["steps"] else [node["name"]]
    return listed


def every_node(steps: list[Node]) -> Iterator[Node]:
    for node in steps:
        yield node
        yield from every_node(node["steps"])


# What is recorded


def test_a_node_says_all_about_its_formula() -> None:
    with recording() as roots:
        discount_factor(QUARTER)
    assert roots == [DISCOUNT_AT_A_QUARTER]


def test_formulas_are_recorded_under_the_one_that_called_them() -> None:
    with recording() as roots:
        benefit_amount(Decimal(2), Decimal(3))
        net_annual_premium(Decimal(1000), Decimal("0.01"), Decimal(0), QUARTER)
        discount_factor(QUARTER)
    assert names(roots) == [
        "benefit_amount",
        "net_annual_premium",
        ["mid_year_discount_factor", ["discount_factor"]],
        "discount_factor",
    ]


def test_every_call_is_recorded_in_order() -> None:
    life_table = LifeTable({0: Decimal(100), 1: Decimal(90), 2: Decimal(45)})
    with recording() as roots:
        mean_mortality_rate(life_table, 0, 1)
    cell = ["survivors", ["tabulated_survivors"]]
    assert names(roots) == ["mean_mortality_rate", ["mortality_rate", cell + cell, "mortality_rate", cell + cell]]
    cells = [node["value"] for node in every_node(roots) if node["symbol"] == "l_x"]
    assert cells == ["90", "100", "45", "90"]


def test_inputs_are_named_alike_by_position_and_by_keyword() -> None:
    with recording() as roots:
        natural_death_rate(Decimal("0.02"), Decimal("0.001"))
        natural_death_rate(accident_rate=Decimal("0.001"), mortality_rate=Decimal("0.02"))
    assert roots[0]["inputs"] == roots[1]["inputs"] == {"mortality_rate": "0.02", "accident_rate": "0.001"}


def test_tables_are_no_inputs_to_show(published: MbaAssumptions) -> None:
    with recording() as roots:
        premium = tariff_premium("C", "child", published)
    (root,) = roots
    assert root["inputs"] == {"package": "C", "insured": "child"}
    assert root["value"] == plain(premium.gross_annual_premium)
    assert root["steps"][-1]["name"] == "insured_premium"
    assert root["steps"][-1]["inputs"] == {"natural_death": "30000", "hospitalization": "15750"}


def test_every_benefit_is_explained_from_the_basic_benefit(published: MbaAssumptions) -> None:
    with recording() as roots:
        package_benefits("C", published.packages)
        for insured in INSURED:
            coverage_benefits("C", insured, published.packages)
    assert {node["inputs"]["basic_benefit"] for node in roots} == {"150000"}
    assert {node["inputs"]["maximum_days"] for node in roots if node["symbol"] == "S_H"} == {"15"}


@pytest.mark.usefixtures("_own_catalogue")
def test_whole_numbers_truth_values_and_text_are_shown_as_json_writes_them() -> None:
    @formula("y", source="suan-2009 Table 1", unit="none")
    def anything(number: int, yes: bool, text: str, nothing: None, function: Callable[[], None]) -> bool:
        """Whatever it is given.

        Formula: y
        """
        return yes

    with recording() as roots:
        anything(43, True, "child", None, lambda: None)
    assert roots[0]["inputs"] == {"number": "43", "yes": "true", "text": "child"}
    assert roots[0]["value"] == "true"


def test_the_tree_of_a_premium_reaches_the_cells_of_the_life_table(published: MbaAssumptions) -> None:
    with recording() as roots:
        tariff_premium("F", "primary_member", published)
    cells = {node["inputs"]["age"]: node["value"] for node in every_node(roots) if node["symbol"] == "l_x"}
    assert cells == {"40": "83109", "45": "80528"}
    (q_43,) = [node for node in every_node(roots) if node["symbol"] == "q_x"]
    assert q_43["inputs"] == {"age": "43"}
    assert names(roots) == [
        "tariff_premium",
        [
            "mean_mortality_rate",
            ["mortality_rate", 2 * ["survivors", 2 * ["tabulated_survivors"]]],
            "benefit_amount",
            "benefit_amount",
            "hospitalization_maximum",
            "natural_death_rate",
            "insured_premium",
            [
                *["net_annual_premium", ["mid_year_discount_factor", ["discount_factor"]]],
                "gross_annual_premium_with_equity_value",
                *2
                * [
                    *["net_annual_premium", ["mid_year_discount_factor", ["discount_factor"]]],
                    "gross_annual_premium_of_rider",
                ],
            ],
        ],
    ]


def test_the_tree_of_a_premium_shows_every_rate_under_its_own_name(published: MbaAssumptions) -> None:
    with recording() as roots:
        tariff_premium("C", "child", published)
    net_of_death, gross_of_death, net_of_stay, gross_of_stay = [
        node for node in every_node(roots) if node["symbol"] in {"NAP", "(GAP)_ND", "(GAP)_rider"}
    ]
    basis = {"safety_margin": "0.2", "interest_rate": "0.06"}
    loadings = {"expense_loading": "0.3", "commission_loading": "0.15"}
    assert net_of_death["inputs"] == {"benefit": "30000", "incidence_rate": "0.011", **basis}
    assert net_of_stay["inputs"] == {"benefit": "15750", "incidence_rate": "0.1", **basis}
    assert gross_of_death["inputs"] == {
        "net_annual_premium": net_of_death["value"],
        "mortality_rate": "0.011",
        "equity_value_loading": "0.35",
        **loadings,
    }
    assert gross_of_stay["inputs"] == {
        "coverage": "hospitalization",
        "net_annual_premium": net_of_stay["value"],
        "contingency_loading": "0.05",
        **loadings,
    }


def test_the_tree_of_a_plan_shows_its_persons_and_their_premiums(published: MbaAssumptions) -> None:
    persons = {"primary_member": Decimal(1), "child": Decimal("4.5")}
    with recording() as roots:
        plan = plan_premium("C", persons, 12, partial(tariff_premium, assumptions=published))
    (root,) = roots
    assert root["inputs"] == {"package": "C", "primary_member": "1", "child": "4.5", "payments_per_year": "12"}
    assert root["value"] == plain(plan.gross_monthly_premium)
    assert [step["name"] for step in root["steps"]] == ["tariff_premium", "tariff_premium", "gross_monthly_premium"]
    assert root["steps"][-1]["inputs"] == {
        "gross_annual_premium": plain(plan.gross_annual_premium),
        "payments_per_year": "12",
    }


def test_the_tree_of_a_premium_on_any_basis_shows_what_was_given(published: MbaAssumptions) -> None:
    benefits, rates = {"accident": Decimal(600000)}, {"accident_rate": Decimal("0.0020")}
    with recording() as roots:
        premium = individual_premium("primary_member", 43, benefits, rates, published)
    (root,) = roots
    assert root["name"] == "individual_premium"
    assert root["inputs"] == {"insured": "primary_member", "risk": "43", "accident": "600000", "accident_rate": "0.002"}
    assert root["value"] == plain(premium.gross_annual_premium)


def test_the_tree_of_a_component_shows_its_persons() -> None:
    with recording() as roots:
        component_monthly_premium(Decimal("4.5"), Decimal(648), 12)
    (root,) = roots
    assert root["inputs"] == {"persons": "4.5", "gross_annual_premium": "648", "payments_per_year": "12"}
    assert root["steps"][0]["inputs"] == {"gross_annual_premium": "2916", "payments_per_year": "12"}


# What recording leaves alone


@pytest.mark.parametrize("insured", INSURED)
@pytest.mark.parametrize("package", ["A", "F"])
def test_a_premium_is_the_same_recorded_or_not(package: str, insured: str, published: MbaAssumptions) -> None:
    plainly = tariff_premium(package, insured, published)
    with recording() as roots:
        recorded = tariff_premium(package, insured, published)
    assert recorded == plainly
    assert str(recorded.gross_annual_premium) == str(plainly.gross_annual_premium)
    assert roots[0]["value"] == plain(plainly.gross_annual_premium)


def test_nothing_is_recorded_outside() -> None:
    discount_factor(QUARTER)
    with recording() as roots:
        pass
    discount_factor(QUARTER)
    assert roots == []


def test_a_recording_inside_another_takes_its_own_calls_alone() -> None:
    with recording() as outer:
        discount_factor(Decimal(0))
        with recording() as inner:
            discount_factor(QUARTER)
        discount_factor(Decimal(1))
    assert [node["value"] for node in outer] == ["1", "0.5"]
    assert inner == [DISCOUNT_AT_A_QUARTER]


def test_another_threads_calls_are_not_recorded() -> None:
    with recording() as roots, ThreadPoolExecutor(1) as pool:
        assert pool.submit(discount_factor, QUARTER).result() == Decimal("0.8")
    assert roots == []


def test_a_formula_that_refuses_leaves_the_recording_usable() -> None:
    with recording() as roots:
        with pytest.raises(AccidentRateAboveMortality):
            natural_death_rate(Decimal(0), Decimal(1))
        discount_factor(QUARTER)
    assert roots == [DISCOUNT_AT_A_QUARTER]


@pytest.mark.usefixtures("_own_catalogue")
def test_a_refusal_deep_inside_leaves_the_recording_at_its_own_level() -> None:
    @formula("y", source="suan-2009 Table 1", unit="fraction")
    def forgiving(interest_rate: Decimal) -> Decimal:
        """A discount factor, after a refusal.

        Formula: y = v
        """
        with pytest.raises(AccidentRateAboveMortality):
            natural_death_rate(Decimal(0), Decimal(1))
        return discount_factor(interest_rate)

    with recording() as roots:
        forgiving(QUARTER)
    assert names(roots) == ["forgiving", ["discount_factor"]]


def test_a_refusal_ends_the_recording_that_it_leaves() -> None:
    with pytest.raises(AccidentRateAboveMortality), recording() as roots:
        natural_death_rate(Decimal(0), Decimal(1))
    discount_factor(QUARTER)
    assert roots == []


# Arithmetic


@pytest.mark.parametrize(
    "context",
    [
        Context(prec=6),
        Context(prec=28, rounding=ROUND_UP),
        Context(prec=50, rounding=ROUND_UP),
        Context(prec=28, traps=[Inexact]),
        Context(prec=28, Emin=-1, Emax=1),
    ],
    ids=["fewer digits", "rounding up", "more digits", "exact or nothing", "no exponents"],
)
def test_formulas_run_in_34_digits_half_even_whatever_the_callers_context(context: Context) -> None:
    with localcontext(context) as callers:
        assert str(discount_factor(Decimal(2))) == "0." + 34 * "3"
        with recording() as roots:
            assert str(discount_factor(Decimal("0.5"))) == "0." + 33 * "6" + "7"
        assert roots[0]["value"] == "0." + 33 * "6" + "7"
        assert getcontext() is callers


def test_a_refusal_gives_the_caller_its_context_back() -> None:
    with localcontext(Context(prec=6)) as callers:
        with pytest.raises(AccidentRateAboveMortality):
            natural_death_rate(Decimal(0), Decimal(1))
        assert getcontext() is callers


# What a formula is


def test_a_formula_keeps_its_name_and_docstring() -> None:
    assert discount_factor.__name__ == "discount_factor"
    assert (discount_factor.__doc__ or "").startswith("Present value of 1 due at the end of a year.")


@pytest.mark.usefixtures("_own_catalogue")
def test_a_formula_is_listed_with_what_its_docstring_says() -> None:
    @formula("y", source="suan-2009 Table 1", unit="lives", shows="real")
    def unchanged(x: int) -> int:
        """What it was given.

        Formula: y = x
        """
        return x

    assert unchanged(1) == 1
    assert trace.catalogue() == (
        trace.Formula("y", "unchanged", __name__, "y = x", "What it was given.", "suan-2009 Table 1", "lives", ("x",)),
    )


@pytest.mark.usefixtures("_own_catalogue")
@pytest.mark.parametrize("docstring", [None, "What it was given.", "What it was given.\n\nFormula:"])
def test_a_function_that_states_no_formula_is_refused(docstring: str | None) -> None:
    def unexplained(x: int) -> int:
        return x

    unexplained.__doc__ = docstring
    with pytest.raises(TypeError, match=r"unexplained has no 'Formula:' line in its docstring"):
        formula("y", source="suan-2009 Table 1", unit="lives")(unexplained)
    assert trace.catalogue() == ()
