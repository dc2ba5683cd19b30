"""The monitoring guide's Tables 1, 2 and 4 (ilo-hmis-2007): how its lines add up, and its benchmarks."""

import re
from datetime import date
from decimal import Decimal

import pytest

from pricing.monitoring.assumptions import Benchmarks, PortfolioTerms
from pricing.monitoring.earned import Entry, earned_by_entry_month
from pricing.monitoring.lines import TOTALS, added_up
from tables.resolution import resolve
from tables.snapshot import Snapshot
from tests.golden.reader import Row, rows

# The names that requests have for the rows of Table 1 and the numbers of Table 2.
INCOME = {
    "A": "premiums", "B": "change_in_unearned_premium_reserve", "C": "earned_premium", "D": "permanent_subsidies",
    "E": "investment_income", "f1": "membership_fees", "f2": "ancillary_services_income", "F": "other_income",
    "R": "total_income", "g1": "claims_paid", "g2": "change_in_ibnr", "g3": "change_in_rbnp",
    "g4": "reinsurance_expenses", "G": "incurred_claims", "h1": "salaries_and_benefits",
    "h2": "rental_and_contractual_charges", "h3": "depreciation", "h4": "travel", "h5": "office_supplies",
    "h6": "miscellaneous_administrative_expenses", "H": "administrative_expenses", "i1": "promotion",
    "i2": "distribution", "I": "distribution_and_communication_expenses", "J": "operating_expenses",
    "k1": "ancillary_services_expenses", "k2": "miscellaneous_other_expenses", "K": "other_expenses",
    "X": "total_expenses", "Y": "net_income_before_subsidies", "S": "occasional_subsidies",
    "Z": "net_income_after_subsidies",
}  # fmt: skip
BALANCE = {
    "1": "cash", "2": "accruals_and_prepayments", "3": "short_term_investments", "4": "long_term_investments",
    "5": "fixed_assets", "6": "intangible_fixed_assets", "7": "total_assets", "8": "ibnr_reserve", "9": "rbnp_reserve",
    "10": "unearned_premium_reserve", "11": "actuarial_liabilities", "12": "short_term_liabilities",
    "13": "long_term_liabilities", "14": "total_liabilities", "15": "equity", "16": "paid_in_equity",
    "17": "grant_funds", "18": "retained_earnings", "19": "total_liabilities_and_equity",
}  # fmt: skip
PRINTED = [
    *((INCOME, row) for row in rows("ilo-hmis-2007", "table_1")),
    *((BALANCE, row) for row in rows("ilo-hmis-2007", "table_2")),
]


@pytest.mark.parametrize(("names", "row"), PRINTED, ids=lambda value: value.get("line") if "line" in value else "")
def test_a_line_is_made_of_the_lines_that_are_printed(names: dict[str, str], row: Row) -> None:
    """Each part is another power of ten, so that the digits of the sum say which parts are in it, and how."""
    parts = re.findall(r"([+-]?)(\w+)", row["printed"])
    figures = {names[part]: Decimal(10) ** place for place, (_, part) in enumerate(parts)}
    expected = sum(Decimal(-1 if sign == "-" else 1) * figures[names[part]] for sign, part in parts)
    assert added_up(figures, figures).figures[names[row["line"]]] == expected


def test_no_line_is_added_up_that_the_tables_do_not_add_up() -> None:
    printed = {row["line"] for _, row in PRINTED}
    accounts = {total.line for total in TOTALS if total.statement != "membership"}
    assert accounts - printed == {"B", "g2", "g3"}, "changes of reserves, which follow from two balance sheets"
    assert printed <= accounts


def test_the_change_of_reserves_is_a_deduction_from_premiums_and_an_addition_to_claims() -> None:
    """Part I, section 5.1: what belongs to a later period leaves premiums; more claims outstanding are an expense."""
    figures = {
        "opening_unearned_premium_reserve": Decimal(300),
        "unearned_premium_reserve": Decimal(500),
        "opening_ibnr_reserve": Decimal(40),
        "ibnr_reserve": Decimal(70),
        "opening_rbnp_reserve": Decimal(9),
        "rbnp_reserve": Decimal(4),
    }
    found = added_up(figures, figures).figures
    assert found["change_in_unearned_premium_reserve"] == -200
    assert [found["change_in_ibnr"], found["change_in_rbnp"]] == [30, -5]


def test_the_benchmarks_are_those_of_table_4(snapshot: Snapshot) -> None:
    benchmarks: Benchmarks = resolve(snapshot, ("benchmarks",), date(2026, 11, 22)).assumptions["benchmarks"]

    def number(text: str) -> Decimal | None:
        return Decimal(text) if text else None

    printed = {
        row["indicator"]: (row["bound"], number(row["value"]), number(row["ceiling"]))
        for row in rows("ilo-hmis-2007", "table_4")
    }
    shipped = {name: (each.bound, each.value, each.ceiling) for name, each in benchmarks.indicators.items()}
    assert shipped == printed


@pytest.mark.parametrize("row", rows("ilo-hmis-2007", "section_4_1"), ids=lambda row: row["effective"])
def test_premium_is_earned_by_the_month_as_in_the_example_of_brac(row: Row) -> None:
    year, month = map(int, row["effective"].split("-"))
    january, term = 2006 * 12, int(row["of_months"])
    entry = Entry(year * 12 + month - 1, Decimal(1200), term)
    (found,) = earned_by_entry_month([entry], january, january + 11).months
    assert found.months_earned == int(row["months_earned"])
    assert found.earned == 1200 * int(row["months_earned"]) / term
    assert found.earned + found.closing == 1200


def test_a_premium_s_term_and_the_services_are_the_guide_s(snapshot: Snapshot) -> None:
    terms: PortfolioTerms = resolve(snapshot, ("portfolio_terms",), date(2026, 11, 22)).assumptions["portfolio_terms"]
    assert {str(terms.premium_term_months)} == {row["of_months"] for row in rows("ilo-hmis-2007", "section_4_1")}
    printed = [row["service"].lower().replace(" ", "_").replace("-", "_") for row in rows("ilo-hmis-2007", "table_8")]
    assert list(terms.services) == printed
