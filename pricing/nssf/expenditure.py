"""What the benefits of a year cost (giz-2012 Tables 3.6-3.8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import MILLION_POWER, PERCENT_POWER, total
from pricing.nssf.assumptions import Provisions
from pricing.nssf.experience import (
    Experience,
    IncomeStatement,
    MedicalClaims,
    Provider,
    TemporaryDisabilityClaims,
    of_year,
)
from pricing.trace import formula


@dataclass(frozen=True)
class ProviderCost:
    """Claims of a provider: million KHR, and a claim in KHR and in USD, None where it is not known."""

    expenditure_millions: Decimal
    average_claim: Decimal | None
    average_claim_usd: Decimal | None


@dataclass(frozen=True)
class MedicalCost:
    """Claims by provider: of each contracted hospital, of all of them, of all others, and in all (million KHR)."""

    hospitals: Mapping[str, ProviderCost]
    contracted: ProviderCost
    non_contracted: ProviderCost
    total_millions: Decimal


@dataclass(frozen=True)
class TemporaryDisabilityAverages:
    """Temporary disability in a year.

    Attributes:
        benefits_millions: million KHR in all.
        claims, days: numbers.
        average_benefit: KHR a claim.
        average_days: days a claim.
        average_daily_benefit: KHR a day.
        wage_share: of the insured daily wage, percent.
    """

    benefits_millions: Decimal
    claims: int
    days: int
    average_benefit: Decimal
    average_days: Decimal
    average_daily_benefit: Decimal
    wage_share: Decimal


@dataclass(frozen=True)
class ExpenditureReport:
    """What benefits cost in a year.

    Attributes:
        benefits: by kind, million KHR.
        total: million KHR.
        medical, temporary_disability: None where the table has no claims of the year.
        errata: codes of the mistakes whose figures were used.
    """

    benefits: Mapping[str, Decimal]
    total: Decimal
    medical: MedicalCost | None
    temporary_disability: TemporaryDisabilityAverages | None
    errata: tuple[str, ...]


@formula("million", source="giz-2012 Table 3.6", unit="million KHR")
def in_millions(amount: Decimal) -> Decimal:
    """An amount in million.

    Formula: amount / 1,000,000
    Args:
        amount: KHR.
    Returns: million KHR, unrounded.
    """
    return amount.scaleb(-MILLION_POWER)


@formula("permanent disability", source="giz-2012 Table 3.6", unit="KHR a year")
def permanent_disability_benefits(lump_sums: Decimal, pensions: Decimal) -> Decimal:
    """Permanent disability benefits of both forms.

    Formula: lump sums + pensions
    Args:
        lump_sums: KHR of a year.
        pensions: KHR of a year.
    Returns: KHR of the year.
    """
    return lump_sums + pensions


@formula("Σ benefits", source="giz-2012 Table 3.6", unit="million KHR a year")
def total_benefits(benefits: dict[str, Decimal]) -> Decimal:
    """All benefits of a year.

    Formula: Σ benefits of a kind
    Args:
        benefits: by kind, million KHR.
    Returns: million KHR.
    """
    return total(benefits.values())


@formula("USD a claim", source="giz-2012 Table 3.7", unit="USD")
def claim_in_usd(average_claim: Decimal, exchange_rate: Decimal) -> Decimal:
    """An average claim in USD.

    Formula: KHR a claim / KHR for one USD
    Args:
        average_claim: KHR.
        exchange_rate: KHR for one USD, > 0.
    Returns: USD, unrounded.
    """
    return average_claim / exchange_rate


@formula("Σ contracted", source="giz-2012 Table 3.7", unit="million KHR a year")
def contracted_expenditure(hospitals: dict[str, Decimal]) -> Decimal:
    """Claims of all contracted hospitals.

    Formula: Σ claims of a hospital
    Args:
        hospitals: million KHR by hospital.
    Returns: million KHR.
    """
    return total(hospitals.values())


@formula("Σ providers", source="giz-2012 Table 3.7", unit="million KHR a year")
def medical_expenditure(contracted: Decimal, non_contracted: Decimal) -> Decimal:
    """Claims of all providers.

    Formula: contracted + non-contracted
    Args:
        contracted: million KHR.
        non_contracted: million KHR.
    Returns: million KHR.
    """
    return contracted + non_contracted


@formula("KHR a claim", source="giz-2012 Table 3.8", unit="KHR a claim")
def average_benefit(benefits_millions: Decimal, claims: int) -> Decimal:
    """What temporary disability pays for a claim.

    Formula: 1,000,000 · benefits / claims
    Args:
        benefits_millions: approved, million KHR.
        claims: number approved, > 0.
    Returns: KHR, unrounded.
    """
    return benefits_millions.scaleb(MILLION_POWER) / claims


@formula("days a claim", source="giz-2012 Table 3.8", unit="days a claim")
def average_days(days: int, claims: int) -> Decimal:
    """How long a temporary disability is compensated.

    Formula: days / claims
    Args:
        days: number compensated.
        claims: number approved, > 0.
    Returns: days, unrounded.
    """
    return Decimal(days) / claims


@formula("KHR a day", source="giz-2012 Table 3.8", unit="KHR a day")
def average_daily_benefit(benefits_millions: Decimal, days: int) -> Decimal:
    """What temporary disability pays for a day.

    Formula: 1,000,000 · benefits / days
    Args:
        benefits_millions: approved, million KHR.
        days: number compensated, > 0.
    Returns: KHR, unrounded.
    """
    return benefits_millions.scaleb(MILLION_POWER) / days


@formula("% of wage", source="giz-2012 Table 3.8", unit="percent")
def share_of_daily_wage(daily_benefit: Decimal, monthly_wage: Decimal, days_per_month: int) -> Decimal:
    """The benefit of a day against the insured wage of a day.

    Formula: 100 · benefit / (monthly wage / 30)
    Args:
        daily_benefit: KHR a day.
        monthly_wage: KHR a month, > 0.
        days_per_month: days by which a monthly wage is divided; 30 in the published rules.
    Returns: percent, unrounded.
    """
    return daily_benefit.scaleb(PERCENT_POWER) * days_per_month / monthly_wage


@formula("expenditure of the year", source="giz-2012 §3.6", unit="million KHR a year", shows="total")
def expenditure_report(year: int, experience: Experience, provisions: Provisions) -> ExpenditureReport:
    """Benefits of a year by kind, medical claims by provider, temporary disability on average.

    Formula: Σ benefits of a kind; claims by provider; averages a claim and a day
    Args:
        year: of the experience.
        experience: income statements and claims by year.
        provisions: say by how many days a monthly wage is divided.
    Returns: amounts, unrounded.
    """
    benefits = benefits_by_kind(of_year(experience.income_statements, year))
    medical, disability = experience.medical_claims.get(year), experience.temporary_disability.get(year)
    return ExpenditureReport(
        benefits=benefits,
        total=total_benefits(benefits),
        medical=None if medical is None else _medical(medical, experience.exchange_rate),
        temporary_disability=None if disability is None else _averages(disability, provisions),
        errata=() if disability is None or disability.erratum is None else (disability.erratum,),
    )


def benefits_by_kind(statement: IncomeStatement) -> dict[str, Decimal]:
    """Benefits of a year in million KHR, in the order of Table 3.6."""
    permanent = permanent_disability_benefits(statement.disability_lump_sums, statement.disability_pensions)
    return {
        "medical": in_millions(statement.medical_benefits),
        "nursing_allowance": in_millions(statement.nursing_allowance),
        "temporary_disability": in_millions(statement.temporary_disability_benefits),
        "funeral": in_millions(statement.funeral_grants),
        "permanent_disability": in_millions(permanent),
        "survivors": in_millions(statement.survivor_pensions),
    }


def _medical(claims: MedicalClaims, exchange_rate: Decimal) -> MedicalCost:
    hospitals = {name: _provider(each, exchange_rate) for name, each in claims.contracted.items()}
    contracted = contracted_expenditure({name: each.expenditure_millions for name, each in hospitals.items()})
    non_contracted = _provider(claims.non_contracted, exchange_rate)
    return MedicalCost(
        hospitals=hospitals,
        contracted=_provider(Provider(contracted, claims.contracted_average_claim), exchange_rate),
        non_contracted=non_contracted,
        total_millions=medical_expenditure(contracted, non_contracted.expenditure_millions),
    )


def _provider(provider: Provider, exchange_rate: Decimal) -> ProviderCost:
    claim = provider.average_claim
    in_usd = None if claim is None else claim_in_usd(claim, exchange_rate)
    return ProviderCost(provider.expenditure_millions, claim, in_usd)


def _averages(claims: TemporaryDisabilityClaims, provisions: Provisions) -> TemporaryDisabilityAverages:
    daily = average_daily_benefit(claims.benefits_millions, claims.days)
    return TemporaryDisabilityAverages(
        benefits_millions=claims.benefits_millions,
        claims=claims.claims,
        days=claims.days,
        average_benefit=average_benefit(claims.benefits_millions, claims.claims),
        average_days=average_days(claims.days, claims.claims),
        average_daily_benefit=daily,
        wage_share=share_of_daily_wage(
            daily, claims.insured_monthly_wage, provisions.temporary_disability.days_per_month
        ),
    )
