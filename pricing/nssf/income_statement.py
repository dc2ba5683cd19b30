"""Income, expenditure and assets of the fund (giz-2012 Annex D, §3.7)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE
from pricing.nssf.experience import Experience, IncomeStatement, of_year
from pricing.nssf.indexation import Indicators
from pricing.trace import formula


@dataclass(frozen=True)
class StatementReport:
    """A year of the fund, KHR, and what section 3.7 derives from it.

    Attributes:
        lines: as the table has them.
        contributions, income: of employers and government, and with all other income.
        short_term_benefits, long_term_benefits, benefits: paid.
        administration: its cost.
        expenditure, annual_balance: benefits, administration and depreciation; what income leaves over them.
        assets: at the end of the year.
        administration_share: of the contributions, a fraction.
        return_on_reserve: nominal, a fraction; None where the reserve of the year before is not known.
        real_return: after prices, a fraction; None where the nominal one or the change of prices is not known.
        errata: codes of the misprints among the figures.
    """

    lines: IncomeStatement
    contributions: Decimal
    income: Decimal
    short_term_benefits: Decimal
    long_term_benefits: Decimal
    benefits: Decimal
    administration: Decimal
    expenditure: Decimal
    annual_balance: Decimal
    assets: Decimal
    administration_share: Decimal
    return_on_reserve: Decimal | None
    real_return: Decimal | None
    errata: tuple[str, ...]


@formula("contributions", source="giz-2012 Annex D", unit="KHR a year")
def contribution_income(employer_contributions: Decimal, contribution_subsidy: Decimal) -> Decimal:
    """Contributions of a year, whoever paid them.

    Formula: employers + government
    Args:
        employer_contributions: KHR.
        contribution_subsidy: KHR, the government's part.
    Returns: KHR.
    """
    return employer_contributions + contribution_subsidy


@formula("income", source="giz-2012 Annex D", unit="KHR a year")
def total_income(contributions: Decimal, investment_income: Decimal, in_kind_subsidies: Decimal) -> Decimal:
    """Income of a year.

    Formula: contributions + investment income + other subsidies
    Args:
        contributions: KHR.
        investment_income: KHR.
        in_kind_subsidies: KHR, other subsidies of the government.
    Returns: KHR.
    """
    return contributions + investment_income + in_kind_subsidies


@formula("short-term benefits", source="giz-2012 Annex D", unit="KHR a year")
def short_term_benefits(
    medical: Decimal, nursing: Decimal, temporary_disability: Decimal, funeral: Decimal, lump_sums: Decimal
) -> Decimal:
    """Benefits that are paid once or for a time.

    Formula: medical + nursing + temporary disability + funeral + lump sums
    Args:
        medical: KHR.
        nursing: KHR.
        temporary_disability: KHR.
        funeral: KHR.
        lump_sums: KHR, for permanent disability.
    Returns: KHR.
    """
    return medical + nursing + temporary_disability + funeral + lump_sums


@formula("long-term benefits", source="giz-2012 Annex D", unit="KHR a year")
def long_term_benefits(disability_pensions: Decimal, survivor_pensions: Decimal) -> Decimal:
    """Pensions.

    Formula: disability pensions + survivors' pensions
    Args:
        disability_pensions: KHR.
        survivor_pensions: KHR.
    Returns: KHR.
    """
    return disability_pensions + survivor_pensions


@formula("benefits", source="giz-2012 Annex D", unit="KHR a year")
def all_benefits(short_term: Decimal, long_term: Decimal) -> Decimal:
    """Benefits of a year.

    Formula: short-term + long-term
    Args:
        short_term: KHR.
        long_term: KHR.
    Returns: KHR.
    """
    return short_term + long_term


@formula("administration", source="giz-2012 Annex D", unit="KHR a year")
def administration_cost(salaries: Decimal, missions: Decimal, recurrent: Decimal) -> Decimal:
    """Cost of administration.

    Formula: salaries + missions + recurrent
    Args:
        salaries: KHR.
        missions: KHR.
        recurrent: KHR.
    Returns: KHR.
    """
    return salaries + missions + recurrent


@formula("expenditure", source="giz-2012 Annex D", unit="KHR a year")
def total_expenditure(benefits: Decimal, administration: Decimal, depreciation: Decimal) -> Decimal:
    """Expenditure of a year.

    Formula: benefits + administration + depreciation
    Args:
        benefits: KHR.
        administration: KHR.
        depreciation: KHR, cost of investment.
    Returns: KHR.
    """
    return benefits + administration + depreciation


@formula("balance", source="giz-2012 Annex D", unit="KHR a year")
def annual_balance(income: Decimal, expenditure: Decimal) -> Decimal:
    """What income leaves over expenditure.

    Formula: income - expenditure
    Args:
        income: KHR.
        expenditure: KHR.
    Returns: KHR; below 0 it is a deficit.
    """
    return income - expenditure


@formula("assets", source="giz-2012 Annex D", unit="KHR")
def total_assets(fixed_assets: Decimal, inventory: Decimal, accounts_receivable: Decimal, reserve: Decimal) -> Decimal:
    """Assets and reserve at the end of a year.

    Formula: fixed assets + inventory + receivable + reserve
    Args:
        fixed_assets: KHR.
        inventory: KHR.
        accounts_receivable: KHR.
        reserve: KHR, cash and deposits.
    Returns: KHR.
    """
    return fixed_assets + inventory + accounts_receivable + reserve


@formula("administration / contributions", source="giz-2012 §3.7.1", unit="fraction")
def administration_share(administration: Decimal, contributions: Decimal) -> Decimal:
    """Administration against the income from operations.

    Formula: administration / contributions
    Args:
        administration: KHR.
        contributions: KHR, > 0.
    Returns: a fraction, unrounded.
    """
    return administration / contributions


@formula("i", source="giz-2012 Endnote 19", unit="fraction a year")
def return_on_reserve(investment_income: Decimal, reserve_before: Decimal, reserve: Decimal) -> Decimal:
    """Nominal return, on the mean of the reserve at both ends of the year.

    Formula: i = interest earned / ((reserve_{t-1} + reserve_t) / 2)
    Args:
        investment_income: KHR of the year.
        reserve_before: KHR at the end of the year before.
        reserve: KHR at the end of the year, > 0.
    Returns: a fraction, unrounded.
    """
    return (investment_income + investment_income) / (reserve_before + reserve)


@formula("real return", source="giz-2012 Endnote 19", unit="fraction a year")
def real_return(nominal_return: Decimal, price_change: Decimal) -> Decimal:
    """Return after prices have changed.

    Formula: (1 + i) / (1 + change of prices) - 1
    Args:
        nominal_return: i, a fraction.
        price_change: of consumer prices in the year, a fraction > -1.
    Returns: a fraction, unrounded.
    """
    return (ONE + nominal_return) / (ONE + price_change) - ONE


@formula("statement", source="giz-2012 Annex D", unit="KHR a year", shows="annual_balance")
def income_statement(year: int, experience: Experience, indicators: Indicators) -> StatementReport:
    """The fund's year: income, expenditure, balance, assets; the balance is shown.

    Formula: sums of Annex D; administration / contributions and return on reserve of §3.7
    Args:
        year: of the experience.
        experience: lines by year.
        indicators: consumer prices by year, for the real return.
    Returns: amounts and fractions, unrounded.
    """
    lines = of_year(experience.income_statements, year)
    contributions = contribution_income(lines.employer_contributions, lines.contribution_subsidy)
    income = total_income(contributions, lines.investment_income, lines.in_kind_subsidies)
    short_term, long_term, benefits = benefits_paid(lines)
    administration = administration_of(lines)
    expenditure = total_expenditure(benefits, administration, lines.depreciation)
    nominal, real = _returns(year, experience, indicators)
    return StatementReport(
        lines=lines,
        contributions=contributions,
        income=income,
        short_term_benefits=short_term,
        long_term_benefits=long_term,
        benefits=benefits,
        administration=administration,
        expenditure=expenditure,
        annual_balance=annual_balance(income, expenditure),
        assets=total_assets(lines.fixed_assets, lines.inventory, lines.accounts_receivable, lines.reserve),
        administration_share=administration_share(administration, contributions),
        return_on_reserve=nominal,
        real_return=real,
        errata=experience.errata("assets", "return_on_reserve", "administration_share", year=year),
    )


def benefits_paid(lines: IncomeStatement) -> tuple[Decimal, Decimal, Decimal]:
    """Short-term, long-term and all benefits of a statement, KHR."""
    short_term = short_term_benefits(
        lines.medical_benefits,
        lines.nursing_allowance,
        lines.temporary_disability_benefits,
        lines.funeral_grants,
        lines.disability_lump_sums,
    )
    long_term = long_term_benefits(lines.disability_pensions, lines.survivor_pensions)
    return short_term, long_term, all_benefits(short_term, long_term)


def administration_of(lines: IncomeStatement) -> Decimal:
    """Cost of administration of a statement, KHR."""
    return administration_cost(lines.salaries, lines.missions, lines.recurrent_administration)


def _returns(year: int, experience: Experience, indicators: Indicators) -> tuple[Decimal | None, Decimal | None]:
    lines, before = experience.income_statements[year], experience.income_statements.get(year - 1)
    if before is None:
        return None, None
    nominal = return_on_reserve(lines.investment_income, before.reserve, lines.reserve)
    prices = indicators.years.get(year)
    return nominal, None if prices is None else real_return(nominal, prices.consumer_price_change)
