"""What sickness and maternity cash benefits cost (giz-2012 Tables 4.8-4.11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import MILLION
from pricing.shi.assumptions import Financing
from pricing.shi.financing import administration_cost, payg_cost_ratio
from pricing.shi.spells import (
    SampleClass,
    SpellDistribution,
    SpellReport,
    mean_excess,
    share_of_spells_beyond,
    spell_report,
)
from pricing.trace import formula, unrecorded

ASSUMED = "assumed"
DISTRIBUTION = "distribution"


@dataclass(frozen=True)
class Wage:
    """An average insured wage of a year, and the published mistake that it is, if it is one."""

    amount: Decimal
    erratum: str | None


@dataclass(frozen=True)
class MaternityBasis:
    """The basis of Tables 4.10 and 4.11."""

    insured_women: int
    average_annual_wage: Decimal
    days_per_year: int
    replacement_rate: Decimal
    benefit_days: Decimal
    incidence_rate: Decimal
    qualifying_share: Decimal
    administration_rate: Decimal
    financing: Financing


@dataclass(frozen=True)
class SicknessExperience:
    """What a scheme observed: spells a year, and days per spell."""

    incidence_rate: Decimal
    days_per_spell: Decimal


@dataclass(frozen=True)
class SicknessBasis:
    """The basis of Tables 4.8 and 4.9, and of Annex B."""

    insured: int
    average_annual_wage: Wage
    days_per_year: int
    replacement_rate: Decimal
    waiting_days: int
    qualifying_share: Decimal
    benefit_days: Decimal
    incidence_rate: Decimal
    administration_rate: Decimal
    financing: Financing
    spells: SpellDistribution
    sample: Mapping[str, SampleClass]
    experience: Mapping[str, SicknessExperience]


@dataclass(frozen=True)
class CashCosts:
    """A cash benefit costed, unrounded.

    Attributes:
        insured: who can claim.
        average_annual_wage, daily_wage: KHR.
        benefit_days: paid for one case.
        benefit_amount: of one case, KHR.
        incidence_rate: cases of one insured person a year.
        qualifying_share: fraction of them that is paid.
        benefit_incidence_rate: benefits of one insured person a year.
        benefits: of all, a year.
        benefit_expenditure, administration, total_expenditure: million KHR a year.
        financing: what contributions are paid on.
        payg_cost_ratio: the contribution rate that just pays for a year.
        errata: codes of the published mistakes whose cells were used.
    """

    insured: int
    average_annual_wage: Decimal
    daily_wage: Decimal
    benefit_days: Decimal
    benefit_amount: Decimal
    incidence_rate: Decimal
    qualifying_share: Decimal
    benefit_incidence_rate: Decimal
    benefits: Decimal
    benefit_expenditure: Decimal
    administration: Decimal
    total_expenditure: Decimal
    financing: Financing
    payg_cost_ratio: Decimal
    errata: tuple[str, ...] = ()


@dataclass(frozen=True)
class SicknessCosts:
    """Sickness benefits after a waiting period.

    Attributes:
        waiting_days: days of a spell before the first that is paid.
        basis: where share and days come from: assumed, or the distribution.
        costs: the benefit costed.
        spells: what the distribution says of them, whether the costs rest on it or not.
        morbidity: days of sickness of one person in a year, by the scheme that observed them.
    """

    waiting_days: int
    basis: str
    costs: CashCosts
    spells: SpellReport
    morbidity: Mapping[str, Decimal]

    @property
    def payg_cost_ratio(self) -> Decimal:
        """The contribution rate that just pays for a year."""
        return self.costs.payg_cost_ratio


@formula("w_d", source="giz-2012 Table 4.8", unit="KHR a day")
def daily_wage(annual_wage: Decimal, days_per_year: int) -> Decimal:
    """A wage of a day.

    Formula: w_d = w / 365
    Args:
        annual_wage: w, KHR a year.
        days_per_year: 365 in the report.
    Returns: KHR a day, unrounded.
    """
    return annual_wage / days_per_year


@formula("b", source="giz-2012 Table 4.8", unit="KHR")
def cash_benefit(daily_wage: Decimal, benefit_days: Decimal, replacement_rate: Decimal) -> Decimal:
    """What one case is paid, on average.

    Formula: b = w_d · days · 70%
    Args:
        daily_wage: w_d, KHR a day.
        benefit_days: days paid.
        replacement_rate: fraction of the wage that is paid.
    Returns: KHR, unrounded.
    """
    return daily_wage * benefit_days * replacement_rate


@formula("f", source="giz-2012 Table 4.8", unit="benefits a person a year")
def benefit_incidence(incidence_rate: Decimal, qualifying_share: Decimal) -> Decimal:
    """How many benefits one insured person gets in a year.

    Formula: f = incidence · qualifying share
    Args:
        incidence_rate: cases a person a year.
        qualifying_share: fraction of them that is paid.
    Returns: benefits a person a year, unrounded.
    """
    return incidence_rate * qualifying_share


@formula("F", source="giz-2012 Table 4.10", unit="benefits a year")
def number_of_benefits(insured: int, benefit_incidence_rate: Decimal) -> Decimal:
    """How many benefits are paid in a year.

    Formula: F = n · f
    Args:
        insured: n, persons.
        benefit_incidence_rate: f, benefits a person a year.
    Returns: benefits a year, an average.
    """
    return insured * benefit_incidence_rate


@formula("G", source="giz-2012 Table 4.10", unit="million KHR a year")
def cash_expenditure(benefits: Decimal, benefit_amount: Decimal) -> Decimal:
    """What all benefits of a year come to.

    Formula: G = F · b / 1,000,000
    Args:
        benefits: F, a year.
        benefit_amount: b, KHR.
    Returns: million KHR a year, unrounded.
    """
    return benefits * benefit_amount / MILLION


@formula("d_m", source="giz-2012 Table B.1", unit="days a person a year")
def morbidity_rate(incidence_rate: Decimal, days_per_spell: Decimal) -> Decimal:
    """Days of sickness of one person in a year.

    Formula: d_m = incidence · days per spell
    Args:
        incidence_rate: spells a person a year.
        days_per_spell: days, on average.
    Returns: days a person a year, unrounded.
    """
    return incidence_rate * days_per_spell


@formula("PAYG_P", source="giz-2012 Table 4.11", unit="fraction of insured earnings", shows="payg_cost_ratio")
def maternity_costs(basis: MaternityBasis) -> CashCosts:
    """What maternity benefits cost.

    Formula: PAYG_P = n · f · b · (1 + administration) / (W · density · collection)
    Args:
        basis: insured women, wage, incidence, rules of the benefit.
    Returns: the benefit costed, unrounded.
    """
    return _cash_costs(
        basis, basis.insured_women, basis.average_annual_wage, basis.benefit_days, basis.qualifying_share
    )


@formula("PAYG_S", source="giz-2012 Table 4.9", unit="fraction of insured earnings", shows="payg_cost_ratio")
def sickness_costs(waiting_days: int | None, basis: SicknessBasis) -> SicknessCosts:
    """What sickness benefits cost after a waiting period.

    Formula: PAYG_S = n · f · b · (1 + administration) / (W · density · collection)
    Args:
        waiting_days: days of a spell before the first that is paid; share of the spells and days paid then follow from
            the distribution of the days. None: the basis's own waiting period, with the share and days assumed for it.
        basis: insured persons, wage, incidence, distribution, rules of the benefit.
    Returns: the benefit costed, unrounded.
    """
    if waiting_days is None:
        wait, source, share, days = basis.waiting_days, ASSUMED, basis.qualifying_share, basis.benefit_days
    else:
        wait, source = waiting_days, DISTRIBUTION
        share, days = share_of_spells_beyond(wait, basis.spells), mean_excess(wait, basis.spells)
    wage = basis.average_annual_wage
    errata = () if wage.erratum is None else (wage.erratum,)
    costs = _cash_costs(basis, basis.insured, wage.amount, days, share, errata)
    with unrecorded():
        report = spell_report(wait, basis.spells, basis.sample)
        morbidity = {
            name: morbidity_rate(each.incidence_rate, each.days_per_spell) for name, each in basis.experience.items()
        }
    return SicknessCosts(wait, source, costs, report, morbidity)


def _cash_costs(
    basis: MaternityBasis | SicknessBasis,
    insured: int,
    annual_wage: Decimal,
    days: Decimal,
    share: Decimal,
    errata: tuple[str, ...] = (),
) -> CashCosts:
    financing = basis.financing
    wage_of_a_day = daily_wage(annual_wage, basis.days_per_year)
    amount = cash_benefit(wage_of_a_day, days, basis.replacement_rate)
    frequency = benefit_incidence(basis.incidence_rate, share)
    benefits = number_of_benefits(insured, frequency)
    expenditure = cash_expenditure(benefits, amount)
    administration = administration_cost(expenditure, basis.administration_rate)
    total = expenditure + administration
    return CashCosts(
        insured=insured,
        average_annual_wage=annual_wage,
        daily_wage=wage_of_a_day,
        benefit_days=days,
        benefit_amount=amount,
        incidence_rate=basis.incidence_rate,
        qualifying_share=share,
        benefit_incidence_rate=frequency,
        benefits=benefits,
        benefit_expenditure=expenditure,
        administration=administration,
        total_expenditure=total,
        financing=financing,
        payg_cost_ratio=payg_cost_ratio(
            total, financing.insured_earnings, financing.density, financing.collection_rate
        ),
        errata=errata,
    )
