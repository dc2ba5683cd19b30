"""`POST /v1/shi/cash-benefits/…`: against fractions, any waiting period, both readings of the wage."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from starlette.testclient import TestClient

from tests import shi_reference
from tests.api.shi import changed, content, few, own
from tests.api.support import AS_OF, MATERNITY, SICKNESS, answer, assert_problem, pointers, post

CORRECTED = {"sickness_basis": "shi-sickness-basis-corrected"}


def costs(found: Any) -> Any:
    """The fields that both benefits have."""
    return {name: found[name] for name in shi_reference.CASH}


def test_maternity_is_what_fractions_make_of_the_table(client: TestClient) -> None:
    @few
    @given(changed("shi-maternity-basis"))
    def compare(basis: Any) -> None:
        found = own(client, MATERNITY, overrides={"maternity_basis": basis})
        assert found == shi_reference.maternity(basis)

    compare()
    assert own(client, MATERNITY) == shi_reference.maternity(content("shi-maternity-basis"))


def test_sickness_is_what_fractions_make_of_the_table(client: TestClient) -> None:
    fixed = content("shi-sickness-basis")

    @few
    @given(changed("shi-sickness-basis"))
    def compare(basis: Any) -> None:
        basis["average_annual_wage"].pop("erratum")
        basis |= {name: fixed[name] for name in ("spells", "waiting_days", "sample")}
        found = own(client, SICKNESS, overrides={"sickness_basis": basis})
        assert costs(found) == shi_reference.sickness(basis)
        assert found["morbidity"] == {
            name: shi_reference.exact(Fraction(each["incidence_rate"]) * Fraction(each["days_per_spell"]))
            for name, each in basis["experience"].items()
        }

    compare()


@pytest.mark.parametrize(("pin", "notes"), [({}, ["giz-2012-e4"]), ({"tables": CORRECTED}, [])])
def test_the_published_wage_is_noted(client: TestClient, pin: Any, notes: list[str]) -> None:
    found = answer(post(client, SICKNESS, {"as_of": AS_OF, **pin}))
    assert [note["code"] for note in found["notes"]] == notes
    assert all(
        "pin tables.sickness_basis to shi-sickness-basis-corrected" in each["message"] for each in found["notes"]
    )
    assert answer(post(client, MATERNITY, {"as_of": AS_OF}))["notes"] == []


def test_another_wage_is_no_mistake(client: TestClient) -> None:
    wage = {"sickness_basis": {"average_annual_wage": {"amount": "5352264"}}}
    found = answer(post(client, SICKNESS, {"as_of": AS_OF, "overrides": wage}))
    assert found["notes"] == []
    assert found["payg_cost_ratio"] == own(client, SICKNESS, tables=CORRECTED)["payg_cost_ratio"]


def test_the_corrected_wage_costs_0_37_per_cent(client: TestClient) -> None:
    """giz-2012-e4: the report's own 446,022 KHR a month."""
    found = own(client, SICKNESS, tables=CORRECTED)
    assert (found["average_annual_wage"], found["payg_cost_ratio"][:7]) == ("5352264.000000000000", "0.00370")


def test_a_spell_s_first_days_without_a_waiting_period(client: TestClient) -> None:
    """Endnote 41: 1.33% of insured wages from the first day (giz-2012-e16: 1.23% with the corrected wage)."""
    found = own(client, SICKNESS, waiting_days=0)
    assert (found["qualifying_share"], found["benefit_days"]) == ("1.000000000000", found["spells"]["mean_days"])
    assert shi_reference.text(Fraction(found["payg_cost_ratio"]) * 100, 2) == "1.33"
    corrected = own(client, SICKNESS, waiting_days=0, tables=CORRECTED)
    assert shi_reference.text(Fraction(corrected["payg_cost_ratio"]) * 100, 2) == "1.23"


def test_at_15_days_the_distribution_gives_the_report_s_share_and_days(client: TestClient) -> None:
    assumed, fitted = own(client, SICKNESS), own(client, SICKNESS, waiting_days=15)
    assert (assumed["basis"], fitted["basis"], assumed["waiting_days"]) == ("assumed", "distribution", 15)
    assert (assumed["qualifying_share"], assumed["benefit_days"]) == ("0.150000000000", "20.000000000000")
    assert assumed["spells"] == fitted["spells"]
    assert 0.151 <= float(fitted["qualifying_share"]) <= 0.154
    assert 19.75 <= float(fitted["benefit_days"]) <= 19.85
    assert (fitted["spells"]["share_beyond"], fitted["spells"]["mean_excess"]) == (
        fitted["qualifying_share"],
        fitted["benefit_days"],
    )
    # Share and days are shown to 12 decimals, so what follows from them is the shown figure nearly.
    given_both = content("shi-sickness-basis") | {name: fitted[name] for name in ("qualifying_share", "benefit_days")}
    expected = Fraction(shi_reference.sickness(given_both)["total_expenditure"])
    assert abs(Fraction(fitted["total_expenditure"]) - expected) < Fraction(1, 10**5)


def test_the_longer_the_wait_the_less_is_paid(client: TestClient) -> None:
    found = [own(client, SICKNESS, waiting_days=days) for days in (0, 1, 3, 7, 14, 15, 16, 30, 90, 365)]
    for name in ("qualifying_share", "total_expenditure", "payg_cost_ratio"):
        figures = [Fraction(each[name]) for each in found]
        assert figures == sorted(figures, reverse=True)
        assert figures[-1] > 0
    # Between waits d and d + 1, who lasts longer than d is paid a day less.
    beyond = [own(client, SICKNESS, waiting_days=days) for days in (6, 7)]
    paid = [Fraction(each["qualifying_share"]) * Fraction(each["benefit_days"]) for each in beyond]
    assert abs(paid[0] - paid[1] - Fraction(beyond[0]["qualifying_share"])) < Fraction(1, 10**9)


@pytest.mark.parametrize("days", [-1, 366, "15", 1.5, True])
def test_a_waiting_period_is_a_number_of_days_of_a_year(client: TestClient, days: Any) -> None:
    problem = assert_problem(post(client, SICKNESS, {"waiting_days": days}), 422, "invalid_request")
    assert pointers(problem) == ["/waiting_days"]


def test_where_no_spell_lasts_longer_nothing_is_paid(client: TestClient) -> None:
    short = {"mean": "1", "size": "999"}
    basis = {"sickness_basis": {"spells": {"first": short, "second": short}}}
    found = own(client, SICKNESS, waiting_days=200, overrides=basis)
    assert {found[name] for name in ("qualifying_share", "benefit_days", "benefit_amount")} == {"0.000000000000"}
    assert found["payg_cost_ratio"] == "0.000000000000"


def test_the_erratum_s_size_is_computed(client: TestClient) -> None:
    (e4,) = (each for each in answer(client.get("/v1/errata"))["errata"] if each["code"] == "giz-2012-e4")
    assert e4["tables"] == {"published": "shi-sickness-basis", "corrected": "shi-sickness-basis-corrected"}
    figures = {each["pointer"]: each for each in e4["figures"] if each["address"] == SICKNESS}
    published, corrected = own(client, SICKNESS), own(client, SICKNESS, tables=CORRECTED)
    assert {pointer: (each["published"], each["corrected"]) for pointer, each in figures.items()} == {
        f"/{name}": (figure, corrected[name]) for name, figure in published.items() if figure != corrected[name]
    }
    assert {"/payg_cost_ratio", "/total_expenditure", "/average_annual_wage"} <= set(figures)
    assert {each["request"] for each in figures.values()} == {"{}"}
    assert e4["cells"] == []
