"""The programme's fund and reserves, year by year (suan-2009 sections II and IV, Tables 11 and 12).

Every member brings and costs the same in a year (`MemberYear`).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from pricing.arithmetic import ZERO, total
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.benefits import ACCIDENT, HOSPITALIZATION, NATURAL_DEATH
from pricing.mba.cohorts import by_years_in_force, cohorts_by_year, equity_paid, equity_reserve, staying_rate
from pricing.mba.enrolment import Programme, enrolled
from pricing.mba.equity_values import equity_value
from pricing.mba.expenses import YearExpenses, expenses_of_year, operating_expenses
from pricing.mba.fund import (
    commission,
    contingency_reserve,
    expected_claims,
    expense_allowance,
    fund_at_beginning,
    fund_in_the_middle,
    half_a_year_later,
    premium_income,
    subsidy,
    surplus,
)
from pricing.mba.member_year import MemberYear, member_year
from pricing.mba.plans import PRIMARY_MEMBER
from pricing.mba.premiums import insured_mortality_rate
from pricing.mba.projection_basis import ProjectionBasis
from pricing.mba.quotes import PremiumOf
from pricing.trace import formula


@dataclass(frozen=True)
class Terms:
    """Everything that a projection is calculated from, in scalars.

    Attributes:
        members: of each year.
        member: what one of them brings and costs.
        expenses: of each year.
        mortality_rate, withdrawal_rate: of the members, a year.
        interest_rate: effective annual rate.
        equity_value_loading: share of the equity premium that is refunded.
        equity_minimum_years: completed years from which on a member who withdraws is paid it.
        initial_fund: before the first year.
    """

    members: tuple[Decimal, ...]
    member: MemberYear
    expenses: tuple[YearExpenses, ...]
    mortality_rate: Decimal
    withdrawal_rate: Decimal
    interest_rate: Decimal
    equity_value_loading: Decimal
    equity_minimum_years: int
    initial_fund: Decimal


@dataclass(frozen=True)
class ProjectedYear:
    """One year, unrounded: a column of Tables 11 and 12, and of Appendix E."""

    year: int
    members: Decimal
    premium_income: Decimal
    expense_allowance: Decimal
    subsidy: Decimal
    operating_expenses: Decimal
    commission: Decimal
    equity_paid: Decimal
    fund_beginning: Decimal
    fund_before_claims: Decimal
    natural_death_claims: Decimal
    accident_claims: Decimal
    hospitalization_claims: Decimal
    fund_middle: Decimal
    fund_end: Decimal
    equity_reserve: Decimal
    equity_reserve_change: Decimal
    contingency_reserve: Decimal
    contingency_reserve_change: Decimal
    surplus: Decimal
    fund_before: Decimal
    expenses: YearExpenses


@dataclass(frozen=True)
class Projection:
    """A whole projection, unrounded.

    Attributes:
        terms: what it was calculated from.
        years: in order.
        errata: codes of the published mistakes whose cells were used.
    """

    terms: Terms
    years: tuple[ProjectedYear, ...]
    errata: tuple[str, ...] = ()

    @property
    def fund_end(self) -> Decimal:
        """The fund at the end of the last year."""
        return self.years[-1].fund_end

    @property
    def total_subsidy(self) -> Decimal:
        """Subsidies of all years."""
        return total(each.subsidy for each in self.years)

    @property
    def break_even_year(self) -> int | None:
        """The first year whose premiums carry its operating expenses, or None."""
        carried = (each.year for each in self.years if each.operating_expenses <= each.expense_allowance)
        return next(carried, None)


@formula("fund", source="suan-2009 Tables 10-12", unit="currency", shows="fund_end")
def financial_projection(
    programme: Programme, assumptions: MbaAssumptions, basis: ProjectionBasis, premium_of: PremiumOf
) -> Projection:
    """The programme's fund at the end of the last year, and all that leads to it.

    Formula: fund at the end of each year = ((A7 · (1+i)^(1/2)) - claims) · (1+i)^(1/2)
    Args:
        programme: plan and enrolment.
        assumptions: the tariff's tables.
        basis: enrolment, expenses, interest, withdrawals.
        premium_of: premium of one insured person by package and kind.
    Returns: every year, unrounded.
    Raises: LoadingsTooHigh, AccidentRateAboveMortality, AgeOutsideLifeTable, WithdrawalsTooHigh, EnrolmentTooLarge.
    """
    terms, errata = projection_terms(programme, assumptions, basis, premium_of)
    return replace(project(terms), errata=errata)


def projection_terms(
    programme: Programme, assumptions: MbaAssumptions, basis: ProjectionBasis, premium_of: PremiumOf
) -> tuple[Terms, tuple[str, ...]]:
    """What a projection is calculated from, with the errata of the cells used. Args and Raises as the projection's."""
    members = enrolled(programme)
    member, errata = member_year(programme, assumptions, basis.exchange_rate, premium_of)
    primary = assumptions.pricing_basis.insured[PRIMARY_MEMBER]
    terms = Terms(
        members=members,
        member=member,
        expenses=tuple(expenses_of_year(basis.expenses, position + 1) for position in range(len(members))),
        mortality_rate=insured_mortality_rate(primary, assumptions.life_table),
        withdrawal_rate=basis.withdrawal_rate,
        interest_rate=basis.interest_rate,
        equity_value_loading=assumptions.loadings.equity_value,
        equity_minimum_years=assumptions.packages.rules.equity_value_minimum_years,
        initial_fund=basis.initial_fund,
    )
    return terms, errata


def equity_values(terms: Terms) -> tuple[Decimal, ...]:
    """One member's equity value after 0, 1, 2, … completed years, as far as the projection goes."""
    loading, premium = terms.equity_value_loading, terms.member.equity_premium
    return tuple(equity_value(premium, loading, terms.interest_rate, years) for years in range(len(terms.members) + 1))


def project(terms: Terms) -> Projection:
    """Run the years."""
    values = equity_values(terms)
    stay = staying_rate(terms.mortality_rate, terms.withdrawal_rate)
    years: list[ProjectedYear] = []
    for expenses, cohorts in zip(terms.expenses, cohorts_by_year(terms.members, stay), strict=True):
        longest = len(cohorts) - 1
        settled = cohorts[: max(0, len(cohorts) - terms.equity_minimum_years)]
        paid = equity_paid(terms.withdrawal_rate, *by_years_in_force(settled, values, longest))
        reserve = equity_reserve(*by_years_in_force([stay * number for number in cohorts], values, longest + 1))
        years.append(_year(terms, terms.members[longest], expenses, paid, reserve, years))
    return Projection(terms, tuple(years))


def _year(
    terms: Terms,
    members: Decimal,
    expenses: YearExpenses,
    paid: Decimal,
    reserve: Decimal,
    before: Sequence[ProjectedYear],
) -> ProjectedYear:
    member, interest_rate = terms.member, terms.interest_rate
    income, spent = premium_income(members, member.premium), operating_expenses(**asdict(expenses))
    allowance = expense_allowance(members, member.expense_allowance)
    agents = commission(members, member.commission)
    natural_deaths = expected_claims(NATURAL_DEATH, members, member.natural_death_claims)
    accidents = expected_claims(ACCIDENT, members, member.accident_claims)
    stays = expected_claims(HOSPITALIZATION, members, member.hospitalization_claims)
    support = subsidy(spent, allowance)
    fund_before = before[-1].fund_end if before else terms.initial_fund
    beginning = fund_at_beginning(fund_before, income, support, spent, agents, paid)
    with_interest = half_a_year_later(beginning, interest_rate)
    middle = fund_in_the_middle(with_interest, natural_deaths, accidents, stays)
    end = half_a_year_later(middle, interest_rate)
    left_over = surplus(allowance, spent, interest_rate)
    contingency = contingency_reserve(end, reserve, left_over)
    return ProjectedYear(
        year=len(before) + 1,
        members=members,
        premium_income=income,
        expense_allowance=allowance,
        subsidy=support,
        operating_expenses=spent,
        commission=agents,
        equity_paid=paid,
        fund_beginning=beginning,
        fund_before_claims=with_interest,
        natural_death_claims=natural_deaths,
        accident_claims=accidents,
        hospitalization_claims=stays,
        fund_middle=middle,
        fund_end=end,
        equity_reserve=reserve,
        equity_reserve_change=reserve - (before[-1].equity_reserve if before else ZERO),
        contingency_reserve=contingency,
        contingency_reserve_change=contingency - (before[-1].contingency_reserve if before else ZERO),
        surplus=left_over,
        fund_before=fund_before,
        expenses=expenses,
    )
