"""A projection's parts fit together, year by year and member by member."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from pricing.arithmetic import total
from pricing.mba.assumptions import MbaAssumptions, Reinsurance
from pricing.mba.benefits import COVERAGES
from pricing.mba.cohorts import cohorts_by_year, equity_paid, equity_reserve
from pricing.mba.enrolment import Programme
from pricing.mba.equity_values import equity_entitlement
from pricing.mba.premiums import tariff_premium
from pricing.mba.projection import Projection, equity_values, financial_projection, project
from pricing.mba.projection_basis import ProjectionBasis
from pricing.mba.reinsured_projection import reinsured_years
from pricing.mba.risks import insured_risks
from pricing.rounding import CENTS


@pytest.fixture
def projection(published: MbaAssumptions, projection_basis: ProjectionBasis) -> Projection:
    """Plan 4F over two years."""
    premium_of = partial(tariff_premium, assumptions=published)
    return financial_projection(Programme("F", "single", (1000, 1500)), published, projection_basis, premium_of)


def test_a_total_is_a_decimal_also_of_nothing() -> None:
    assert isinstance(total([]), Decimal)
    assert total([Decimal("0.1"), Decimal("0.2")]) == Decimal("0.3")


def test_every_member_s_value_is_counted_and_none_is_left_out() -> None:
    members = {"two": Decimal(10), "one": Decimal(20)}
    values = {"two": Decimal(7), "one": Decimal(3)}
    assert equity_reserve(members, values) == 130
    assert equity_paid(Decimal("0.1"), members, values) == 13
    for few, many in ((members, {"two": Decimal(7)}), ({"two": Decimal(10)}, values)):
        with pytest.raises(ValueError, match="argument 2 is"):
            equity_reserve(few, many)


def test_the_youngest_cohort_is_who_is_not_of_the_older_ones() -> None:
    years = cohorts_by_year([Decimal(100), Decimal(150), Decimal(60)], Decimal("0.8"))
    assert list(years) == [[100], [80, 70], [64, 56, -60]]


def test_each_year_has_its_members_and_its_expenses(projection: Projection, treaty: Reinsurance) -> None:
    terms = projection.terms
    for members, expenses in ((terms.members[:1], terms.expenses), (terms.members, terms.expenses[:1])):
        with pytest.raises(ValueError, match="argument 2 is"):
            project(replace(terms, members=members, expenses=expenses))
    with pytest.raises(ValueError, match="argument 2 is"):
        reinsured_years(replace(projection, terms=replace(terms, members=terms.members[:1])), (), treaty, None)


def test_premiums_that_just_carry_the_expenses_break_even(projection: Projection) -> None:
    first, second = projection.years
    assert projection.break_even_year is None
    even = replace(second, operating_expenses=second.expense_allowance)
    assert replace(projection, years=(first, even)).break_even_year == 2
    above = replace(even, operating_expenses=even.operating_expenses + Decimal("1E-20"))
    assert replace(projection, years=(first, above)).break_even_year is None


def test_equity_values_go_from_no_year_to_the_last(projection: Projection) -> None:
    """0.35 (GAP)_ND of s-due, which is 0, 1.06, 1.06 + 1.06²."""
    none, *later = equity_values(projection.terms)
    share = Decimal("0.35") * projection.terms.member.equity_premium
    assert none == 0
    assert [CENTS.text(value) for value in later] == [
        CENTS.text(share * factor) for factor in (Decimal("1.06"), Decimal("2.1836"))
    ]


def test_a_value_that_asks_for_no_years_is_nothing_after_none(published: MbaAssumptions) -> None:
    """A what-if; the rules as published ask for three."""
    rules = replace(published.packages.rules, equity_value_minimum_years=0)
    asked = replace(published, packages=replace(published.packages, rules=rules))
    premium_of = partial(tariff_premium, assumptions=asked)
    found = equity_entitlement("F", {"primary_member": Decimal(1)}, 0, asked, premium_of)
    assert found.eligible
    assert isinstance(found.equity_value, Decimal)
    assert (found.equity_value == 0, found.schedule) == (True, {})


def test_the_risks_of_a_plan_are_those_of_everybody_it_insures(published: MbaAssumptions) -> None:
    """Tables 3-7 of package F at a unit exchange rate: children have no cover of accidents, and so no rate of them."""
    member, spouse, children = insured_risks(Programme("F", "couple_with_children", (1,)), published, Decimal(1))
    assert [each.persons for each in (member, spouse, children)] == [1, 1, Decimal("4.5")]
    for adult in (member, spouse):
        assert [adult.benefit(coverage) for coverage in COVERAGES] == [300_000, 600_000, 15 * 2_100]
        assert adult.accident_rate == Decimal("0.001")
    assert [children.benefit(coverage) for coverage in COVERAGES] == [60_000, 0, 15 * 2_100]
    assert children.accident_rate == 0
    assert (children.natural_death_rate, children.hospitalization_rate) == (Decimal("0.011"), Decimal("0.1"))
