"""What the employment injury branch experienced: frozen, unit-bearing views of its table (giz-2012 chapter 3, Annex D).

A figure that is kept by year has the years that the source prints, which are not the same for all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from pricing.errors import YearNotCovered

T = TypeVar("T")


@dataclass(frozen=True)
class Accidents:
    """Accidents of a year in a sector, as reported, and how many of them were fatal (Table 3.2)."""

    reported: int
    fatal: int


@dataclass(frozen=True)
class AccidentPlaces:
    """Where the accidents of a year happened: at the workplace or commuting (Tables 3.3 and 3.4)."""

    fatal_workplace: int
    fatal_commuting: int
    injuries_workplace: int
    injuries_commuting: int


@dataclass(frozen=True)
class ForeignRates:
    """A rate of another country: as a whole, or of workplace and commuting accidents (Table 3.5); None: not known."""

    overall: Decimal | None
    workplace: Decimal | None
    commuting: Decimal | None


@dataclass(frozen=True)
class ForeignCountry:
    """Rates of another country in a year: deaths per 100,000 workers, percent of workers injured (Table 3.5)."""

    year: int
    deaths: ForeignRates
    injuries: ForeignRates


@dataclass(frozen=True)
class Provider:
    """Claims reimbursed to a provider: million KHR, and KHR a claim or None where that is not known (Table 3.7)."""

    expenditure_millions: Decimal
    average_claim: Decimal | None


@dataclass(frozen=True)
class MedicalClaims:
    """Claims reimbursed in a year by provider (Table 3.7).

    Attributes:
        contracted: by hospital.
        contracted_average_claim: KHR a claim of all contracted hospitals.
        non_contracted: all others together.
    """

    contracted: Mapping[str, Provider]
    contracted_average_claim: Decimal
    non_contracted: Provider


@dataclass(frozen=True)
class TemporaryDisabilityClaims:
    """Temporary disability claims of a year (Table 3.8).

    Attributes:
        benefits_millions: approved, million KHR.
        claims: number approved.
        days: number compensated.
        insured_monthly_wage: KHR a month that the benefit of a day is compared with.
        erratum: code of the mistake that the wage is, or None.
    """

    benefits_millions: Decimal
    claims: int
    days: int
    insured_monthly_wage: Decimal
    erratum: str | None


@dataclass(frozen=True)
class DisabilityAwards:
    """Awards of one form of permanent disability benefit (Tables 3.10 and 3.11).

    Attributes:
        cases: number of awards.
        amount: KHR in all: of lump sums, or of pensions a year.
        loss_of_working_capacity: on average, a fraction.
        reference_wage: on average, KHR a month.
    """

    cases: int
    amount: Decimal
    loss_of_working_capacity: Decimal
    reference_wage: Decimal


@dataclass(frozen=True)
class Pensioners:
    """Numbers of new pensioners by sex."""

    male: int
    female: int


@dataclass(frozen=True)
class SurvivorPensions:
    """Pensions awarded to a class of survivors (Table 3.13): number, KHR a year in all, mean share of the wage."""

    pensioners: int
    annual_amount: Decimal
    replacement_rate: Decimal


@dataclass(frozen=True)
class IncomeStatement:
    """Lines of Annex D that are no sums, KHR."""

    employer_contributions: Decimal
    contribution_subsidy: Decimal
    investment_income: Decimal
    in_kind_subsidies: Decimal
    medical_benefits: Decimal
    nursing_allowance: Decimal
    temporary_disability_benefits: Decimal
    funeral_grants: Decimal
    disability_lump_sums: Decimal
    disability_pensions: Decimal
    survivor_pensions: Decimal
    salaries: Decimal
    missions: Decimal
    recurrent_administration: Decimal
    depreciation: Decimal
    fixed_assets: Decimal
    inventory: Decimal
    accounts_receivable: Decimal
    reserve: Decimal


@dataclass(frozen=True)
class PensionLiabilities:
    """Present value of the pensions awarded in a year, million KHR (Table 3.15)."""

    disability_millions: Decimal
    survivors_millions: Decimal


@dataclass(frozen=True)
class Misprint:
    """A figure that the source prints otherwise than its own inputs give it; in a year, if it has one."""

    year: int | None
    erratum: str


@dataclass(frozen=True)
class Experience:
    """What the branch experienced from 2008 to 2010.

    Attributes:
        currency: ISO 4217 code of every amount but those in USD.
        exchange_rate: KHR for one USD.
        workers: insured on average, by year and sector.
        accidents, places: by year and sector.
        international: by country.
        medical_claims, temporary_disability, funeral_grants_paid: by year.
        disability_degrees: awards by sex and class of loss of working capacity in percent.
        lump_sums, disability_pensions: awards of 2008 to 2010.
        survivor_pensioners: new ones by year and class.
        survivor_pensions: awarded, by class.
        income_statements, pension_liabilities: by year.
        misprints: figures whose print is wrong, by name.
    """

    currency: str
    exchange_rate: Decimal
    workers: Mapping[int, Mapping[str, int]]
    accidents: Mapping[int, Mapping[str, Accidents]]
    places: Mapping[int, Mapping[str, AccidentPlaces]]
    international: Mapping[str, ForeignCountry]
    medical_claims: Mapping[int, MedicalClaims]
    temporary_disability: Mapping[int, TemporaryDisabilityClaims]
    funeral_grants_paid: Mapping[int, int]
    disability_degrees: Mapping[str, Mapping[str, int]]
    lump_sums: DisabilityAwards
    disability_pensions: DisabilityAwards
    survivor_pensioners: Mapping[int, Mapping[str, Pensioners]]
    survivor_pensions: Mapping[str, SurvivorPensions]
    income_statements: Mapping[int, IncomeStatement]
    pension_liabilities: Mapping[int, PensionLiabilities]
    misprints: Mapping[str, Misprint]

    def errata(self, *names: str, year: int | None = None) -> tuple[str, ...]:
        """Codes of the misprints among some figures; one of a year counts in that year alone."""
        marks = [self.misprints[name] for name in names if name in self.misprints]
        return tuple(mark.erratum for mark in marks if mark.year in (None, year))


def of_year(figures: Mapping[int, T], year: int, field: str = "year") -> T:
    """What is kept by year, in one of them.

    Args:
        figures: by year, without a gap.
        year: that is asked for.
        field: of the request, that asks for it.
    Raises: YearNotCovered.
    """
    if year not in figures:
        raise YearNotCovered(year, min(figures), max(figures), field)
    return figures[year]
