"""What a rule refuses, on both sides of it, and the sentence that says what would work."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from pricing.errors import DomainError
from pricing.mba.assumptions import MbaAssumptions, Reinsurance
from pricing.mba.break_even import (
    ENROLMENT_FACTOR,
    MEMBERS,
    BreakEven,
    NoSolution,
    Search,
    YearNotProjected,
    break_even_value,
)
from pricing.mba.cohorts import WithdrawalsTooHigh, staying_rate
from pricing.mba.enrolment import EnrolmentTooLarge, Programme, members_by_year
from pricing.mba.premiums import tariff_premium
from pricing.mba.projection_basis import ProjectionBasis
from pricing.mba.reinsurance import AnnualLimitOutOfRange, agreed_limit

Solve = Callable[[Search], BreakEven]


def refusal(kind: type[DomainError], ask: Callable[[], Any]) -> tuple[dict[str, Any], str]:
    """The fields and the sentence with which a question is refused."""
    with pytest.raises(kind) as refused:
        ask()
    return vars(refused.value), str(refused.value)


def test_deaths_and_withdrawals_may_come_to_all_members_and_not_to_more() -> None:
    assert staying_rate(Decimal("0.4"), Decimal("0.6")) == 0
    fields, sentence = refusal(WithdrawalsTooHigh, lambda: staying_rate(Decimal("0.4"), Decimal("0.601")))
    assert fields == {"withdrawal_rate": Decimal("0.601")}
    assert sentence == (
        "Deaths and withdrawals together come to more than all members in a year. "
        "Lower the withdrawal rate until it and the mortality rate add up to 1 at most."
    )


def test_enrolment_may_reach_the_most_members_and_not_pass_it_in_any_year() -> None:
    def chain(*growth: str, most: int) -> list[int]:
        return [int(n) for n in members_by_year(Decimal(1000), Decimal("0.1"), tuple(map(Decimal, growth)), most)]

    assert chain(most=100) == [100]
    assert chain("0.1", "-0.5", most=110) == [100, 110, 55]
    assert refusal(EnrolmentTooLarge, lambda: chain(most=99))[0] == {"year": 1, "most_members": 99}
    assert refusal(EnrolmentTooLarge, lambda: chain("0.1", "0.5", most=110))[0] == {"year": 3, "most_members": 110}
    fields, sentence = refusal(EnrolmentTooLarge, lambda: chain("0.1", "-0.5", most=109))
    assert fields == {"year": 2, "most_members": 109}
    assert sentence == (
        "The growth plan leads to more than 109 members in year 2. "
        "Lower its growth rates, its take-up rate or its federations."
    )


def test_a_limit_of_the_year_is_one_that_the_treaty_offers(treaty: Reinsurance) -> None:
    """Table 13, 2006: minimum 37,500, maximum 205,000."""
    assert agreed_limit(None, treaty) == 205_000
    for offered in (37_500, 205_000):
        assert agreed_limit(Decimal(offered), treaty) == offered
    for beyond in ("37499.99", "205000.01"):
        fields, sentence = refusal(AnnualLimitOutOfRange, lambda limit=beyond: agreed_limit(Decimal(limit), treaty))  # type: ignore[misc]
        assert fields == {"limit": treaty.annual_limit}
        assert sentence == "The treaty's annual limit is between 37500 and 205000."


@pytest.fixture
def solve(published: MbaAssumptions, projection_basis: ProjectionBasis) -> Solve:
    """Plan 4F with 1,000 members in each of three years."""
    programme = Programme("F", "single", (1000, 1000, 1000))
    premium_of = partial(tariff_premium, assumptions=published)
    return lambda search: break_even_value(programme, search, published, projection_basis, premium_of)


def test_a_year_that_is_projected_can_break_even(solve: Solve) -> None:
    assert solve(Search(MEMBERS, 3, Decimal(1), 10**6)).year == 3
    assert solve(Search(MEMBERS, None, Decimal(1), 10**6)).year == 3
    fields, sentence = refusal(YearNotProjected, lambda: solve(Search(MEMBERS, 4, Decimal(1), 10**6)))
    assert fields == {"years": 3}
    assert sentence == "The projection ends with year 3. Ask for a year in it, or send members of more years."


def test_the_largest_value_may_be_the_one_that_is_enough(solve: Solve) -> None:
    found = solve(Search(MEMBERS, 3, Decimal(1), 10**6))
    most = int(found.value)
    assert solve(Search(MEMBERS, 3, Decimal(1), most)).value == most
    fields, _ = refusal(NoSolution, lambda: solve(Search(MEMBERS, 3, Decimal(1), most - 1)))
    assert fields == {"unknown": "members", "year": 3, "most": most - 1}
    _, sentence = refusal(NoSolution, lambda: solve(Search(ENROLMENT_FACTOR, 2, Decimal("0.1"), 2)))
    assert sentence == "No enrolment factor up to 2 makes the premiums of year 2 carry its operating expenses."


def test_nothing_is_tried_below_nothing(
    solve: Solve, published: MbaAssumptions, projection_basis: ProjectionBasis
) -> None:
    found = solve(Search(MEMBERS, 1, Decimal(1), 10**6))
    assert found.value_below == found.value - 1
    assert found.below is not None
    assert found.below.years[0].subsidy > 0 == found.projection.years[0].subsidy
    free = replace(projection_basis, expenses=replace(projection_basis.expenses, **nothing(projection_basis)))
    premium_of = partial(tariff_premium, assumptions=published)
    search = Search(MEMBERS, 1, Decimal(1), 10**6)
    solved = break_even_value(Programme("F", "single", (1000,)), search, published, free, premium_of)
    assert solved.value == 0
    assert (solved.value_below, solved.below) == (None, None)


def nothing(basis: ProjectionBasis) -> dict[str, Any]:
    """A budget of nothing."""
    budget = basis.expenses
    amounts = {"software": Decimal(0), "evaluation": Decimal(0), "general_costs": {}, "contracts": {}, "training": {}}
    return {
        **amounts,
        "personnel": replace(budget.personnel, positions={}),
        "equipment": replace(budget.equipment, items={}),
    }
