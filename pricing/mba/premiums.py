"""Net and gross annual premiums of one insured person (suan-2009 section II, recovered in full from Tables 8 and 9).

Every coverage follows the same three steps: incidence rate, net annual premium (NAP), gross annual premium (GAP).
Natural death carries the membership-equity-value (MEV) loading, the riders carry the contingency margin instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing.arithmetic import ONE, total
from pricing.errors import DomainError
from pricing.interest import mid_year_discount_factor
from pricing.life import LifeTable, mean_mortality_rate, mortality_rate
from pricing.mba.assumptions import InsuredIncidence, Loadings, MbaAssumptions, PricingBasis
from pricing.mba.benefits import ACCIDENT, HOSPITALIZATION, NATURAL_DEATH, coverage_benefits
from pricing.trace import formula

_OTHER_LOADING = ("contingencies", "equity value (counted times the survival probability)")


@dataclass(eq=False)
class LoadingsTooHigh(DomainError):
    """The loadings leave nothing of the gross premium to pay benefits with."""

    coverage: str
    total_loading: Decimal

    def __str__(self) -> str:
        return (
            f"The loadings on {self.coverage.replace('_', ' ')} come to 100% of the gross premium or more, "
            "so no gross premium can pay for the benefit. Lower the loadings for expenses, commission and "
            f"{_OTHER_LOADING[self.coverage == NATURAL_DEATH]} until their sum is below 1."
        )


@dataclass(eq=False)
class AccidentRateAboveMortality(DomainError):
    """Accidental deaths cannot outnumber all deaths."""

    def __str__(self) -> str:
        return (
            "The accident rate is above the mortality rate, which would make the rate of natural death negative. "
            "Give an accident rate at or below it, or the rate of natural death itself."
        )


@dataclass(frozen=True)
class RiskBasis:
    """Every rate that prices one insured person; fractions, a year.

    Attributes:
        mortality_rate: q_x, all causes, for survival in the MEV loading.
        natural_death_rate: incidence of natural death.
        accident_rate: incidence of accidental death and permanent disability.
        hospitalization_rate: incidence of a full hospital stay.
        interest_rate: i, effective annual rate.
        safety_margin: added to every incidence rate; 0.2 means times 1.2.
        expense_loading, commission_loading: shares of any gross premium.
        equity_value_loading: share of the gross natural-death premium refunded to survivors.
        contingency_loading: share of the riders' gross premium.
    """

    mortality_rate: Decimal
    natural_death_rate: Decimal
    accident_rate: Decimal
    hospitalization_rate: Decimal
    interest_rate: Decimal
    safety_margin: Decimal
    expense_loading: Decimal
    commission_loading: Decimal
    equity_value_loading: Decimal
    contingency_loading: Decimal


@dataclass(frozen=True)
class CoveragePremium:
    """Annual premiums of one coverage of one insured person, unrounded."""

    coverage: str
    net_annual_premium: Decimal
    gross_annual_premium: Decimal


@dataclass(frozen=True)
class InsuredPremium:
    """Annual premiums of one insured person, coverage by coverage, unrounded.

    Attributes:
        coverages: in the order natural death, accident, hospitalization.
        net_annual_premium, gross_annual_premium: their sums.
        errata: codes of the published mistakes whose cells were used.
    """

    coverages: tuple[CoveragePremium, ...]
    net_annual_premium: Decimal
    gross_annual_premium: Decimal
    errata: tuple[str, ...] = ()

    def of(self, coverage: str | None) -> Decimal:
        """GAP of one coverage, 0 where this person does not have it; of all of them for None."""
        if coverage is None:
            return self.gross_annual_premium
        return total(c.gross_annual_premium for c in self.coverages if c.coverage == coverage)


@formula("q^(n)", source="suan-2009 Table 8", unit="fraction a year")
def natural_death_rate(mortality_rate: Decimal, accident_rate: Decimal) -> Decimal:
    """Deaths by natural causes: all deaths less those that the accident cover pays.

    Formula: q^(n) = q_x - q^(a)
    Args:
        mortality_rate: q_x, all causes, a fraction.
        accident_rate: q^(a), a fraction.
    Returns: a fraction in [0, 1].
    Raises: AccidentRateAboveMortality.
    """
    if accident_rate > mortality_rate:
        raise AccidentRateAboveMortality
    return mortality_rate - accident_rate


@formula("NAP", source="suan-2009 §II Net Premiums", unit="currency a year")
def net_annual_premium(
    benefit: Decimal, incidence_rate: Decimal, safety_margin: Decimal, interest_rate: Decimal
) -> Decimal:
    """Annual premium for the bare benefit, claims falling in the middle of the year.

    Formula: NAP = B · v^(1/2) · q · (1 + m)
    Args:
        benefit: B, the amount paid.
        incidence_rate: q, probability of a claim within the year.
        safety_margin: m, added to the rate; 0.2 means times 1.2.
        interest_rate: i, effective annual rate.
    Returns: an amount a year, unrounded.
    """
    return benefit * mid_year_discount_factor(interest_rate) * incidence_rate * (ONE + safety_margin)


@formula("(GAP)_ND", source="suan-2009 §II Gross Premiums", unit="currency a year")
def gross_annual_premium_with_equity_value(
    net_annual_premium: Decimal,
    mortality_rate: Decimal,
    equity_value_loading: Decimal,
    expense_loading: Decimal,
    commission_loading: Decimal,
) -> Decimal:
    """Gross natural-death premium, which refunds a share of itself to every survivor.

    Formula: (GAP)_ND = (NAP)_ND / (1 - c̄ · p_x - c'), p_x = 1 - q_x, c' = expenses + commission
    Args:
        net_annual_premium: (NAP)_ND, an amount a year.
        mortality_rate: q_x, all causes, without the safety margin.
        equity_value_loading: c̄, share of the gross premium refunded to survivors.
        expense_loading: share of the gross premium.
        commission_loading: share of the gross premium.
    Returns: an amount a year, unrounded.
    Raises: LoadingsTooHigh.
    """
    survival_probability = ONE - mortality_rate
    total_loading = equity_value_loading * survival_probability + expense_loading + commission_loading
    if total_loading >= ONE:
        raise LoadingsTooHigh(NATURAL_DEATH, total_loading)
    return net_annual_premium / (ONE - total_loading)


@formula("(GAP)_rider", source="suan-2009 §II Gross Premiums", unit="currency a year")
def gross_annual_premium_of_rider(
    coverage: str,
    net_annual_premium: Decimal,
    expense_loading: Decimal,
    commission_loading: Decimal,
    contingency_loading: Decimal,
) -> Decimal:
    """Gross premium of accident or hospitalization cover, which has no equity value.

    Formula: GAP = NAP / (1 - c), c = expenses + commission + contingency
    Args:
        coverage: accident or hospitalization.
        net_annual_premium: NAP, an amount a year.
        expense_loading: share of the gross premium.
        commission_loading: share of the gross premium.
        contingency_loading: share of the gross premium.
    Returns: an amount a year, unrounded.
    Raises: LoadingsTooHigh.
    """
    total_loading = expense_loading + commission_loading + contingency_loading
    if total_loading >= ONE:
        raise LoadingsTooHigh(coverage, total_loading)
    return net_annual_premium / (ONE - total_loading)


@formula("P", source="suan-2009 Table 8", unit="currency a month")
def gross_monthly_premium(gross_annual_premium: Decimal, payments_per_year: int) -> Decimal:
    """One of the equal parts in which the annual premium is paid; no interest adjustment.

    Formula: P = GAP / 12
    Args:
        gross_annual_premium: GAP, an amount a year.
        payments_per_year: 12 in the published tariff.
    Returns: an amount a month, unrounded.
    """
    return gross_annual_premium / payments_per_year


def risk_basis(
    pricing_basis: PricingBasis,
    loadings: Loadings,
    insured: str,
    mortality_rate: Decimal,
    benefits: Mapping[str, Decimal],
    given: Mapping[str, Decimal],
) -> RiskBasis:
    """The rates that price one insured person: those given, the tables' own for the rest.

    Args:
        pricing_basis, loadings: the tables.
        insured: the kind of insured person, which picks hospitalization rate and loadings.
        mortality_rate: q_x, all causes.
        benefits: the coverages asked; where accidents are paid on their own they are no natural deaths.
        given: any field of `RiskBasis` by name, in place of the tables'.
    Raises: AccidentRateAboveMortality.
    """
    loading = loadings.insured[insured]
    accident_rate = given.get("accident_rate", pricing_basis.accident_rate)
    natural_deaths = mortality_rate
    if ACCIDENT in benefits and NATURAL_DEATH in benefits and "natural_death_rate" not in given:
        natural_deaths = natural_death_rate(mortality_rate, accident_rate)
    basis = RiskBasis(
        mortality_rate=mortality_rate,
        natural_death_rate=natural_deaths,
        accident_rate=accident_rate,
        hospitalization_rate=pricing_basis.insured[insured].hospitalization_rate,
        interest_rate=pricing_basis.interest_rate,
        safety_margin=pricing_basis.safety_margin,
        expense_loading=loading.expense,
        commission_loading=loading.commission,
        equity_value_loading=loadings.equity_value,
        contingency_loading=loadings.contingency,
    )
    return replace(basis, **given)


def natural_death_premium(benefit: Decimal, basis: RiskBasis) -> CoveragePremium:
    """Natural death: NAP, and GAP with the equity-value loading."""
    net = net_annual_premium(benefit, basis.natural_death_rate, basis.safety_margin, basis.interest_rate)
    gross = gross_annual_premium_with_equity_value(
        net, basis.mortality_rate, basis.equity_value_loading, basis.expense_loading, basis.commission_loading
    )
    return CoveragePremium(NATURAL_DEATH, net, gross)


def rider_premium(coverage: str, benefit: Decimal, incidence_rate: Decimal, basis: RiskBasis) -> CoveragePremium:
    """Accident or hospitalization: NAP, and GAP with the contingency margin."""
    net = net_annual_premium(benefit, incidence_rate, basis.safety_margin, basis.interest_rate)
    gross = gross_annual_premium_of_rider(
        coverage, net, basis.expense_loading, basis.commission_loading, basis.contingency_loading
    )
    return CoveragePremium(coverage, net, gross)


@formula("GAP", source="suan-2009 §II Gross Premiums", unit="currency a year", shows="gross_annual_premium")
def insured_premium(benefits: dict[str, Decimal], basis: RiskBasis) -> InsuredPremium:
    """Premiums of one insured person for the coverages asked, and their sum.

    Formula: GAP = (GAP)_ND + (GAP)_accident + (GAP)_hospitalization
    Args:
        benefits: amount by coverage; a coverage is priced only if it is there.
        basis: the rates.
    Returns: amounts a year, unrounded.
    Raises: LoadingsTooHigh.
    """
    coverages = []
    if NATURAL_DEATH in benefits:
        coverages.append(natural_death_premium(benefits[NATURAL_DEATH], basis))
    for coverage, rate in ((ACCIDENT, basis.accident_rate), (HOSPITALIZATION, basis.hospitalization_rate)):
        if coverage in benefits:
            coverages.append(rider_premium(coverage, benefits[coverage], rate, basis))
    return InsuredPremium(
        coverages=tuple(coverages),
        net_annual_premium=total(c.net_annual_premium for c in coverages),
        gross_annual_premium=total(c.gross_annual_premium for c in coverages),
    )


@formula("GAP", source="suan-2009 §II Gross Premiums", unit="currency a year", shows="gross_annual_premium")
def individual_premium(
    insured: str,
    risk: int | Decimal,
    benefits: dict[str, Decimal],
    given: dict[str, Decimal],
    assumptions: MbaAssumptions,
) -> InsuredPremium:
    """Premiums of one insured person for any benefits, at the tariff's rates or at others.

    Formula: GAP of the benefits asked at the rates given, the tariff's for the rest
    Args:
        insured: the kind of insured person, which picks hospitalization rate and loadings.
        risk: age in completed years (a whole number), or the mortality rate itself (a decimal fraction).
        benefits: amount by coverage; a coverage is priced only if it is there.
        given: rates by their name in `RiskBasis`, in place of the tables'.
        assumptions: the tables.
    Returns: amounts a year, unrounded.
    Raises: LoadingsTooHigh, AccidentRateAboveMortality, AgeOutsideLifeTable.
    """
    mortality = risk if isinstance(risk, Decimal) else mortality_rate(assumptions.life_table, risk)
    basis = risk_basis(assumptions.pricing_basis, assumptions.loadings, insured, mortality, benefits, given)
    return insured_premium(benefits, basis)


@formula("GAP", source="suan-2009 Table 8", unit="currency a year", shows="gross_annual_premium")
def tariff_premium(package: str, insured: str, assumptions: MbaAssumptions) -> InsuredPremium:
    """Premiums of one insured person under a package of the tariff.

    Formula: GAP of the package's benefits at the tariff's rates
    Args:
        package: a package of the packages table.
        insured: a kind of insured person.
        assumptions: the tables.
    Returns: amounts a year, unrounded.
    Raises: LoadingsTooHigh, AccidentRateAboveMortality, AgeOutsideLifeTable.
    """
    benefits, basis = tariff_risk(package, insured, assumptions)
    premium = insured_premium(benefits, basis)
    return replace(premium, errata=_errata(package, insured, assumptions))


def tariff_risk(package: str, insured: str, assumptions: MbaAssumptions) -> tuple[dict[str, Decimal], RiskBasis]:
    """What each coverage of an insured person pays, and the rates that the tariff prices it at."""
    incidence = assumptions.pricing_basis.insured[insured]
    mortality = insured_mortality_rate(incidence, assumptions.life_table)
    exception = incidence.hospitalization_rate_exceptions.get(package)
    given = {} if exception is None else {"hospitalization_rate": exception.rate}
    benefits = coverage_benefits(package, insured, assumptions.packages)
    return benefits, risk_basis(assumptions.pricing_basis, assumptions.loadings, insured, mortality, benefits, given)


def insured_mortality_rate(incidence: InsuredIncidence, life_table: LifeTable) -> Decimal:
    """Mortality of a kind of insured person: the basis's own rate, or the life table's over a band of ages."""
    mortality = incidence.mortality
    if isinstance(mortality, Decimal):
        return mortality
    return mean_mortality_rate(life_table, mortality.first_age, mortality.last_age)


def _errata(package: str, insured: str, assumptions: MbaAssumptions) -> tuple[str, ...]:
    exception = assumptions.pricing_basis.insured[insured].hospitalization_rate_exceptions.get(package)
    return (exception.erratum,) if exception is not None and exception.erratum is not None else ()
