"""The employment injury branch: what giz-2012 prints of its benefits, against the formulas."""

from datetime import date
from decimal import Decimal

import pytest

from pricing.nssf.assumptions import Contributions, Multipliers, Provisions
from pricing.nssf.contributions import contribution
from pricing.nssf.permanent_disability import permanent_disability
from pricing.nssf.survivors import funeral_grant, survivors_pensions
from pricing.nssf.temporary_disability import temporary_disability_benefit
from pricing.rounding import EXACT
from tables.resolution import resolve
from tables.snapshot import Snapshot
from tests.golden.reader import Row, rows

GIZ = "giz-2012"
HUNDRED = Decimal(100)


def nssf(snapshot: Snapshot, role: str, on: date) -> object:
    return resolve(snapshot, (role,), on).assumptions[role]


@pytest.fixture
def provisions(snapshot: Snapshot) -> Provisions:
    found = nssf(snapshot, "provisions", date(2010, 6, 1))
    assert isinstance(found, Provisions)
    return found


@pytest.fixture
def multipliers(snapshot: Snapshot) -> Multipliers:
    found = nssf(snapshot, "multipliers", date(2010, 6, 1))
    assert isinstance(found, Multipliers)
    return found


def test_table_c1(multipliers: Multipliers) -> None:
    printed = {int(row["age"]): Decimal(row["pvm"].replace(",", "")) for row in rows(GIZ, "table_c1")}
    assert list(multipliers.multipliers.items()) == list(printed.items())
    assert list(printed) == list(range(106))
    assert (multipliers.discount_rate, multipliers.unit.per_year) == (Decimal("0.02"), 365)


@pytest.mark.parametrize("row", rows(GIZ, "section_3_6_5"), ids=lambda row: "".join(list(row.values())[:3]))
def test_section_3_6_5(row: Row, provisions: Provisions) -> None:
    spouse, children, parents = (int(row[each]) for each in ("spouse", "children", "parents"))
    paid = survivors_pensions(HUNDRED, spouse, children, parents, provisions.survivors)
    assert {each: pension.monthly_amount for each, pension in paid.shares.items()} == {
        each: Decimal(row[f"{each}_percent"]) for each in ("spouse", "children", "parents")
    }
    assert paid.total == Decimal(row["total_percent"])
    assert paid.total <= HUNDRED * provisions.survivors.maximum_share == 70


def test_section_3_6_4_a_caretaker_gets_28_percent_of_the_wage(
    provisions: Provisions, multipliers: Multipliers
) -> None:
    total = permanent_disability(HUNDRED, Decimal(1), 30, provisions, multipliers)
    assert total.in_force.caretaker_benefit == 28
    assert total.in_force.monthly_pension == 56


def test_section_3_6_4_the_benefits_are_a_fifth_and_four_fifths_of_what_the_ilo_recommended(
    provisions: Provisions, multipliers: Multipliers
) -> None:
    small = permanent_disability(HUNDRED, Decimal("0.1"), 30, provisions, multipliers)
    large = permanent_disability(HUNDRED, Decimal("0.5"), 30, provisions, multipliers)
    assert EXACT.round(small.in_force.lump_sum * 5) == EXACT.round(small.ilo_recommended.lump_sum)
    assert large.in_force.monthly_pension * 5 == large.ilo_recommended.monthly_pension * 4


def test_section_3_6_5_a_disability_of_95_percent_pays_53_2_percent_of_the_wage(
    provisions: Provisions, multipliers: Multipliers
) -> None:
    award = permanent_disability(HUNDRED, Decimal("0.95"), 30, provisions, multipliers)
    assert award.in_force.monthly_pension == Decimal("53.2")


def test_table_3_10_the_average_lump_sum_is_that_of_ages_32_to_33(
    provisions: Provisions, multipliers: Multipliers
) -> None:
    average, wage, loss = Decimal(1_591_273), Decimal(416_954), Decimal("0.087")
    at_32, at_33 = (permanent_disability(wage, loss, age, provisions, multipliers) for age in (32, 33))
    assert at_33.in_force.lump_sum < average < at_32.in_force.lump_sum


@pytest.mark.parametrize(
    ("deaths", "day", "millions"),
    # Table 3.6 with the deaths of section 3.6.3, and the grant planned from 2012.
    [(15, date(2009, 12, 31), "15.0"), (37, date(2010, 12, 31), "37.0"), (1, date(2012, 1, 1), "4")],
)
def test_section_3_6_3(snapshot: Snapshot, deaths: int, day: date, millions: str) -> None:
    provisions = nssf(snapshot, "provisions", day)
    assert isinstance(provisions, Provisions)
    assert deaths * funeral_grant(provisions) == Decimal(millions) * 10**6


def test_section_3_6_2_the_fourth_day_is_the_first_that_is_paid(provisions: Provisions) -> None:
    a_month = Decimal(3000)
    days = [temporary_disability_benefit(a_month, days, provisions.temporary_disability) for days in (3, 4)]
    assert [each.days_paid for each in days] == [0, 1]
    assert [each.benefit for each in days] == [Decimal(0), Decimal(70)]
    assert [each.employer_pay for each in days] == [Decimal(300), Decimal(300)]


@pytest.mark.parametrize(
    ("day", "employer", "government"),
    # Endnote 16: 0.5 and 0.3 per cent in 2009 and 2010; section 3.4: 0.8 per cent.
    [
        (date(2008, 12, 1), "0.8", "0"),
        (date(2009, 1, 1), "0.5", "0.3"),
        (date(2010, 12, 1), "0.5", "0.3"),
        (date(2011, 1, 1), "0.8", "0"),
    ],
)
def test_endnote_16(snapshot: Snapshot, day: date, employer: str, government: str) -> None:
    terms = nssf(snapshot, "contributions", day)
    assert isinstance(terms, Contributions)
    due = contribution(Decimal(500_000), "garment_and_footwear", None, terms)
    assert (due.employer / 5000, due.government_subsidy / 5000) == (Decimal(employer), Decimal(government))
    assert (terms.floor, terms.ceiling) == (Decimal(200_000), Decimal(1_000_000))
    assert due.total / 5000 == Decimal("0.8")
