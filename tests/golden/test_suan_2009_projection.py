"""The programme's projection: Tables 10-12, Appendices D and E of suan-2009, against the print."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

import pytest
from starlette.testclient import TestClient

from pricing.arithmetic import ZERO
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.enrolment import GrowthPlan, Programme, enrolled, federation_enrolment
from pricing.mba.expenses import annual_pay, equipment_cost, expenses_of_year, monthly_pay, personnel_cost
from pricing.mba.member_year import converted
from pricing.mba.premiums import tariff_premium
from pricing.mba.projection import Projection, financial_projection
from pricing.mba.projection_basis import ProjectionBasis
from pricing.rounding import CENTS, PERSONS, plain
from tests.golden.reader import Row, rows

SUAN = "suan-2009"
YEARS = ("1", "2", "3", "4", "5", "6")
LATER_YEARS = YEARS[1:]


def to_places(value: Decimal, like: str) -> str:
    """A value half up at the printed figure's number of decimals."""
    return format(value.quantize(Decimal(like).normalize() if like == "0" else Decimal(like), ROUND_HALF_UP), "f")


def by_row(table: str, key: str = "row") -> dict[str, Row]:
    return {row.pop(key): row for row in rows(SUAN, table)}


@pytest.fixture(scope="module")
def plan(projection_basis: ProjectionBasis) -> GrowthPlan:
    enrolment = projection_basis.enrolment
    federations = tuple((name, each.members) for name, each in enrolment.federations.items())
    return GrowthPlan(federations, enrolment.take_up_rate, tuple(enrolment.growth_rates.values()), 10**8)


Project = Callable[[ProjectionBasis], Projection]


@pytest.fixture(scope="module")
def project(published: MbaAssumptions, projection_basis: ProjectionBasis, plan: GrowthPlan) -> Project:
    programme = Programme(projection_basis.package, projection_basis.plan_type, plan)
    premium_of = partial(tariff_premium, assumptions=published)
    return lambda basis: financial_projection(programme, published, basis, premium_of)


@pytest.fixture(scope="module")
def projection(project: Project, projection_basis: ProjectionBasis) -> Projection:
    return project(projection_basis)


def agrees(printed: Mapping[str, str], recomputed: Mapping[str, Decimal]) -> None:
    """Every printed cell is the recomputed one at its own decimals; a cell that is not printed is not compared."""
    cells = {year: text for year, text in printed.items() if text}
    assert cells
    assert {year: to_places(recomputed[year], text) for year, text in cells.items()} == cells


def over_years(projection: Projection, name: str) -> dict[str, Decimal]:
    return {str(each.year): getattr(each, name) for each in projection.years}


# Table 10


def test_table_10_is_reproduced_federation_by_federation(plan: GrowthPlan, projection_basis: ProjectionBasis) -> None:
    printed = by_row("table_10", "federation")
    total = printed.pop("Total")
    assert len(printed) == 8
    basis = projection_basis.enrolment.federations
    recomputed = {
        name: {
            "affiliates": str(basis[name].affiliates),
            "total_members": str(members),
            **dict(zip(YEARS, map(plain, enrolment), strict=True)),
        }
        for (name, members), enrolment in zip(plan.federations, federation_enrolment(plan), strict=True)
    }
    assert recomputed == printed
    assert sum(int(row["affiliates"]) for row in printed.values()) == int(total["affiliates"])
    assert sum(int(row["total_members"]) for row in printed.values()) == int(total["total_members"])
    assert list(map(plain, enrolled(Programme("F", "single", plan)))) == [total[year] for year in YEARS]


def test_the_rows_of_table_10_do_not_add_up_to_its_totals_for_each_is_rounded_on_its_own(plan: GrowthPlan) -> None:
    sums = [sum(of_year) for of_year in zip(*federation_enrolment(plan), strict=True)]
    assert list(map(plain, sums)) == ["7332", "9532", "14297", "22876", "36600", "58560"]


# Tables 11 and 12


@pytest.mark.parametrize("row", by_row("table_11"))
def test_table_11_is_reproduced_to_the_cent(row: str, projection: Projection) -> None:
    if row == "fund_before":
        ends = over_years(projection, "fund_end")
        recomputed = {"1": projection.terms.initial_fund, **{year: ends[str(int(year) - 1)] for year in LATER_YEARS}}
    else:
        recomputed = over_years(projection, row)
    agrees(by_row("table_11")[row], recomputed)


@pytest.mark.parametrize("row", by_row("table_12"))
def test_table_12_is_reproduced_to_the_cent(row: str, projection: Projection) -> None:
    agrees(by_row("table_12")[row], over_years(projection, row))


def test_every_cell_of_the_tables_is_printed() -> None:
    assert [sum(map(bool, row.values())) for row in rows(SUAN, "table_11")] == [7] * 13
    assert [sum(map(bool, row.values())) for row in rows(SUAN, "table_12")] == [7, 6, 7, 6, 7, 7]


def test_the_text_s_own_figures(projection: Projection, projection_basis: ProjectionBasis) -> None:
    """§IV: USD 226,009 or KHR 930.25 million of subsidies, break-even in the 6th year, 2,323.44 x 1.06 of surplus."""
    assert to_places(projection.total_subsidy, "1") == "226009"
    assert to_places(projection.total_subsidy * projection_basis.exchange_rate / 10**6, "1.00") == "930.25"
    assert projection.break_even_year == 6
    last = projection.years[-1]
    assert to_places(last.expense_allowance - last.operating_expenses, "1.00") == "2323.44"


# Appendix D


def test_appendix_d_is_reproduced_in_both_currencies(projection_basis: ProjectionBasis) -> None:
    budget, rate = projection_basis.expenses, projection_basis.exchange_rate
    first = asdict(expenses_of_year(budget, 1))
    items: dict[tuple[str, str], Decimal] = {(group, ""): amount for group, amount in first.items()}
    for group in ("general_costs", "contracts", "training"):
        items |= {(group, item): amount for item, amount in getattr(budget, group).items()}
    items["total", ""] = sum(first.values(), start=ZERO)
    printed = {(row["group"], row["item"]): (row["usd"], row["khr"]) for row in rows(SUAN, "appendix_d")}
    assert len(printed) == 25
    assert {
        place: (to_places(items[place], usd), to_places(items[place] * rate, khr))
        for place, (usd, khr) in printed.items()
    } == printed
    assert set(items) == set(printed)
    assert converted(Decimal(279739824), rate) == 67964


def test_schedule_1_is_reproduced(projection_basis: ProjectionBasis) -> None:
    personnel = projection_basis.expenses.personnel
    rate, months, bonus = personnel.benefits_rate, personnel.paid_months, personnel.bonus_months
    printed = by_row("appendix_d_schedule_1", "position")
    total = printed.pop("total")
    recomputed: dict[str, dict[str, Decimal]] = {}
    for name, position in personnel.positions.items():
        salary = position.basic_monthly_salary
        pay = monthly_pay(salary, rate)
        recomputed[name] = {
            "basic_monthly_salary": salary,
            "benefits": pay - salary,
            "total_basic_monthly_pay": pay,
            "annual_basic_pay": annual_pay(salary, rate, months, 0, 1),
            "13th_month_pay": bonus * salary,
            "total_compensation_package": annual_pay(salary, rate, months, bonus, 1),
            "number": Decimal(position.number),
            "total_annual_cost": annual_pay(salary, rate, months, bonus, position.number),
        }
    assert {name: {k: to_places(v, printed[name][k]) for k, v in row.items()} for name, row in recomputed.items()} == (
        printed
    )
    assert str(sum(each.number for each in personnel.positions.values())) == total["number"]
    assert to_places(personnel_cost(personnel), "1.00") == total["total_annual_cost"]


def test_schedule_2_is_reproduced(projection_basis: ProjectionBasis) -> None:
    budget, rate = projection_basis.expenses, projection_basis.exchange_rate
    bought = {name: (item.units, item.cost) for name, item in budget.equipment.items.items()}
    bought["software"] = (1, budget.software)
    printed = {row["item"]: row for row in rows(SUAN, "appendix_d_schedule_2")}
    assert len(printed) == 19
    assert {
        name: {"item": name, "units": str(units), "khr": plain(cost * rate), "usd": plain(cost)}
        for name, (units, cost) in bought.items()
    } == printed
    # §IV: "The total cost is USD 13,503 or KHR 55.6 million", written off over 5 years.
    total = equipment_cost(budget.equipment) + budget.software
    assert (plain(total), to_places(total * rate / 10**6, "1.0")) == ("13503", "55.6")


# Appendix E


@pytest.mark.parametrize("row", [row for row in by_row("appendix_e") if row not in {"total", "management_fee"}])
def test_appendix_e_is_reproduced(row: str, projection: Projection) -> None:
    expenses = {str(each.year): asdict(each.expenses) for each in projection.years}
    if row == "policies":
        recomputed = over_years(projection, "members")
    elif row == "plan":  # suan-2009-e11: shown as 4.94, while the income uses 4.93751
        recomputed = dict.fromkeys(YEARS, projection.terms.member.premium)
    elif row == "income":
        recomputed = over_years(projection, "expense_allowance")
    else:
        recomputed = {year: expenses[year][row] for year in YEARS}
    agrees(by_row("appendix_e")[row], recomputed)
    if row == "software":
        assert [expenses[year][row] for year in LATER_YEARS] == [0] * 5


def test_the_management_fee_is_the_members_expense_loading(published: MbaAssumptions) -> None:
    printed = set(by_row("appendix_e")["management_fee"].values())
    assert printed == {str(published.loadings.insured["primary_member"].expense)}


def test_the_totals_of_appendix_e_are_those_of_salaries_without_cents(
    projection: Projection, project: Project, projection_basis: ProjectionBasis
) -> None:
    """Erratum suan-2009-e5: Table 11 works from salaries of 20,476.40, Appendix E from 20,476."""
    budget = projection_basis.expenses
    manager = budget.personnel.positions["general_manager"]
    months = budget.personnel.paid_months * (1 + budget.personnel.benefits_rate) + budget.personnel.bonus_months
    without_cents = replace(manager, basic_monthly_salary=manager.basic_monthly_salary - Decimal("0.40") / months)
    positions = {**budget.personnel.positions, "general_manager": without_cents}
    expenses = replace(budget, personnel=replace(budget.personnel, positions=positions))
    assert to_places(personnel_cost(expenses.personnel), "1.00") == "20476.00"
    printed = by_row("appendix_e")["total"]
    agrees(printed, over_years(project(replace(projection_basis, expenses=expenses)), "operating_expenses"))
    ours = over_years(projection, "operating_expenses")
    differences = {year: Decimal(CENTS.text(ours[year])) - Decimal(printed[year]) for year in YEARS}
    assert list(map(str, differences.values())) == ["0.40", "0.44", "0.48", "0.54", "0.58", "0.64"]


def test_claims_with_the_safety_margin_are_not_those_of_table_11(
    projection: Projection, published: MbaAssumptions
) -> None:
    """Erratum suan-2009-e10: N x NAP x (1+i)^(1/2) would be 20% more."""
    premium = tariff_premium("F", "primary_member", published).coverages[0]
    root = (1 + published.pricing_basis.interest_rate).sqrt()
    by_the_text = converted(7332 * premium.net_annual_premium * root, Decimal(4116))
    assert to_places(by_the_text / projection.years[0].natural_death_claims, "1.0000000000") == "1.2000000000"


# The service


def test_an_empty_request_is_answered_with_the_published_projection(client: TestClient) -> None:
    answer: Any = client.post("/v1/mba/projections", json={"as_of": "2026-12-01"}).json()
    years = answer["years"]
    for table in ("table_11", "table_12"):
        for row, printed in by_row(table).items():
            if row != "fund_before":
                cells = [text for text in printed.values() if text]
                shown = [year[row] for year in years][-len(cells) :]
                assert shown == ["0.00" if text == "0" else text for text in cells], row
    assert [str(year["members"]) for year in years] == list(by_row("appendix_e")["policies"].values())
    assert (answer["annual_premium"], answer["annual_premium_exact"][:8]) == ("4.94", "4.937510")
    assert (answer["currency"], answer["break_even_year"], answer["total_subsidy"]) == ("USD", 6, "226009.15")
    shown_10 = {each["federation"]: [str(number) for number in each["members"]] for each in answer["enrolment"]}
    assert shown_10 == {
        name: [row[year] for year in YEARS] for name, row in by_row("table_10", "federation").items() if name != "Total"
    }
    assert answer["notes"] == []
    assert answer["receipt"]["hypothetical"] is False


def test_whole_persons_are_rounded_half_up() -> None:
    assert [PERSONS.text(Decimal(text)) for text in ("17.5", "7331.8", "22.4999")] == ["18", "7332", "22"]
