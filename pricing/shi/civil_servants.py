"""Social health insurance of civil servants and public pensioners (giz-2012 chapter 5, Annex F)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import MILLION, ONE, THOUSAND, ZERO
from pricing.errors import DomainError
from pricing.rounding import percent
from pricing.shi.assumptions import ByCare, BySex, DependencyRatios, Fees, PersonsBySex, Utilisation
from pricing.shi.care import Care, care_costs, service_volume, unit_costs
from pricing.shi.financing import employer_rate, payg_cost_ratio, worker_rate
from pricing.shi.population import Dependency, Population, dependency, dependency_ratio, population
from pricing.trace import formula


@dataclass(frozen=True)
class CostedShare:
    """A share of national hospitals that the costing uses in place of the stated one, and the mistake that it is."""

    share: Decimal
    erratum: str | None


@dataclass(frozen=True)
class CostedShares:
    """Both kinds of care."""

    outpatient: CostedShare
    inpatient: CostedShare


@dataclass(frozen=True)
class BaseAmount:
    """A part of a contribution base, thousand USD a year, and the published mistake that it is, if it is one."""

    amount: Decimal
    erratum: str | None


@dataclass(frozen=True)
class ContributionBase:
    """What contributions may be paid on, thousand USD a year.

    Attributes:
        basic_salaries, pensions: without allowances; both together are the first base.
        full: with all allowances, the second base.
        density: of contributions, a fraction.
    """

    basic_salaries: Decimal
    pensions: BaseAmount
    full: Decimal
    density: Decimal


@dataclass(frozen=True)
class NssfcBasis:
    """The basis of Tables 5.1-5.8."""

    exchange_rate: Decimal
    civil_servants: PersonsBySex
    age_pensioners: PersonsBySex
    invalidity_pensioners: PersonsBySex
    dependency_of_civil_servants: DependencyRatios
    dependency_of_pensioners: DependencyRatios
    boys_share: Decimal
    utilisation_rates: Utilisation
    fees: Fees
    national_hospital_shares: ByCare
    costed_shares: CostedShares | None
    add_on_rate: Decimal
    administration_rate: Decimal
    contribution_base: ContributionBase
    minimum_government_share: Decimal


@dataclass(frozen=True)
class Transition:
    """How the government's full subsidy of the members' share ends.

    Attributes:
        full_subsidy_years: years in which it pays everything.
        phase_out_years: years over which its part then falls to the agreed share.
    """

    full_subsidy_years: int
    phase_out_years: int


@dataclass(frozen=True)
class SharedYear:
    """Who pays in a year of the transition.

    Attributes:
        year: counted from 1.
        government_share: the government's fraction.
        government, members: million KHR, at the cost of the basis's year.
    """

    year: int
    government_share: Decimal
    government: Decimal
    members: Decimal


@dataclass(frozen=True)
class Sharing:
    """Who pays a total, once nothing is subsidised any more; rates are fractions of the base that is named."""

    government_share: Decimal
    government: Decimal
    members: Decimal
    government_rate_basic: Decimal
    members_rate_basic: Decimal
    government_rate_full: Decimal
    members_rate_full: Decimal


@dataclass(frozen=True)
class CivilServantCosts:
    """The scheme costed, unrounded.

    Attributes:
        civil_servants, pensioners: with their dependants.
        dependency_of_civil_servants, dependency_of_pensioners: dependants of one member, by sex and in all.
        overall_dependency: dependants of one member of either group.
        stated_unit_costs: by the stated shares of the providers, USD.
        unit_costs_khr, stated_unit_costs_khr: as costed and as stated, KHR.
        outpatient_services, inpatient_services: by sex.
        care: services and what they cost the scheme.
        co_payments: what patients pay themselves, million KHR.
        basic_base, full_base: contribution bases, thousand USD.
        basic_ratio, full_ratio: cost ratios on them.
        sharing: who pays.
        transition: the years until then.
        errata: codes of the published mistakes whose cells were used.
    """

    civil_servants: Population
    pensioners: Population
    dependency_of_civil_servants: Dependency
    dependency_of_pensioners: Dependency
    overall_dependency: Decimal
    stated_unit_costs: ByCare
    stated_unit_costs_khr: ByCare
    unit_costs_khr: ByCare
    outpatient_services: BySex
    inpatient_services: BySex
    care: Care
    co_payments: Decimal
    basic_base: Decimal
    full_base: Decimal
    basic_ratio: Decimal
    full_ratio: Decimal
    sharing: Sharing
    transition: tuple[SharedYear, ...]
    errata: tuple[str, ...]


@dataclass(eq=False)
class GovernmentShareTooLow(DomainError):
    """Less than the government must pay."""

    minimum: Decimal

    def __str__(self) -> str:
        return f"The government pays at least {percent(self.minimum)}% of the contribution."


@formula("W", source="giz-2012 Table 5.5", unit="thousand USD a year")
def basic_contribution_base(basic_salaries: Decimal, pensions: Decimal) -> Decimal:
    """What contributions are paid on by the draft sub-decree.

    Formula: W = basic salaries + pensions
    Args:
        basic_salaries: of civil servants, without allowances, thousand USD a year.
        pensions: without allowances, thousand USD a year.
    Returns: thousand USD a year.
    """
    return basic_salaries + pensions


@formula("W_KHR", source="giz-2012 Table 5.8", unit="million KHR a year")
def base_in_million_khr(base: Decimal, exchange_rate: Decimal) -> Decimal:
    """A contribution base in the currency of the expenditure.

    Formula: W_KHR = W · KHR for one USD / 1,000
    Args:
        base: W, thousand USD a year.
        exchange_rate: KHR for one USD.
    Returns: million KHR a year, unrounded.
    """
    return base * exchange_rate / THOUSAND


@formula("c_s", source="giz-2012 §5.2", unit="USD")
def cost_to_the_scheme(unit_cost: Decimal, co_payment_rate: Decimal) -> Decimal:
    """What the scheme pays of a service.

    Formula: c_s = c · (1 - co-payment)
    Args:
        unit_cost: c, of a service, USD.
        co_payment_rate: fraction of it that the patient pays.
    Returns: USD, unrounded.
    """
    return unit_cost * (ONE - co_payment_rate)


@formula("s_y", source="giz-2012 Annex F", unit="fraction")
def government_share_of_year(
    year: int, agreed_share: Decimal, full_subsidy_years: int, phase_out_years: int
) -> Decimal:
    """The government's part in a year of the transition: all of it at first, then falling in equal steps.

    Formula: s_y = 1 - (1 - s) · min(1, max(0, y - n) / m), and s from the year n + 1 on where m is 0
    Args:
        year: y, counted from 1.
        agreed_share: s, the government's part in the end.
        full_subsidy_years: n, years in which the government pays everything.
        phase_out_years: m, years over which its part then falls to s.
    Returns: a fraction, unrounded.
    """
    elapsed = max(0, year - full_subsidy_years)
    if not elapsed:
        return ONE
    if elapsed >= phase_out_years:
        return agreed_share
    return ONE - (ONE - agreed_share) * elapsed / phase_out_years


@formula("PAYG", source="giz-2012 Table 5.8", unit="fraction of basic salaries and pensions", shows="basic_ratio")
def civil_servant_costs(
    government_share: Decimal | None, co_payment_rates: ByCare, transition: Transition | None, basis: NssfcBasis
) -> CivilServantCosts:
    """What the scheme costs on both contribution bases, and who pays.

    Formula: PAYG = Σ u · c · (1 + add-on) · N · (1 + administration) / W
    Args:
        government_share: the government's part of the contribution in the end, or None: the least that it must pay.
        co_payment_rates: fractions of the unit costs that patients pay.
        transition: how the full subsidy ends, or None: there is none.
        basis: population, fees, utilisation, contribution bases.
    Returns: the scheme costed, unrounded.
    Raises: GovernmentShareTooLow.
    """
    share = basis.minimum_government_share if government_share is None else government_share
    if share < basis.minimum_government_share:
        raise GovernmentShareTooLow(basis.minimum_government_share)
    staff = population(basis.civil_servants.exact, basis.dependency_of_civil_servants, basis.boys_share)
    retired = population(
        basis.age_pensioners.exact.plus(basis.invalidity_pensioners.exact),
        basis.dependency_of_pensioners,
        basis.boys_share,
    )
    covered = staff.total.plus(retired.total)
    stated = unit_costs(basis.fees, basis.national_hospital_shares)
    costed = stated if basis.costed_shares is None else unit_costs(basis.fees, _shares(basis.costed_shares))
    care = _care(covered, _reduced(costed, co_payment_rates), basis)
    base = basis.contribution_base
    basic = basic_contribution_base(base.basic_salaries, base.pensions.amount)
    total = care.expenditure.total
    basic_ratio, full_ratio = (
        payg_cost_ratio(total, base_in_million_khr(each, basis.exchange_rate), base.density, ONE)
        for each in (basic, base.full)
    )
    return CivilServantCosts(
        civil_servants=staff,
        pensioners=retired,
        dependency_of_civil_servants=dependency(
            basis.dependency_of_civil_servants.both, staff.dependants, staff.insured
        ),
        dependency_of_pensioners=dependency(basis.dependency_of_pensioners.both, retired.dependants, retired.insured),
        overall_dependency=dependency_ratio(
            staff.dependants.total + retired.dependants.total, staff.insured.total + retired.insured.total
        ),
        stated_unit_costs=stated,
        stated_unit_costs_khr=_times(stated, basis.exchange_rate),
        unit_costs_khr=_times(costed, basis.exchange_rate),
        outpatient_services=_volumes(covered, basis.utilisation_rates.outpatient),
        inpatient_services=_volumes(covered, basis.utilisation_rates.inpatient),
        care=care,
        co_payments=_co_payments(care.services, costed, co_payment_rates, basis.exchange_rate),
        basic_base=basic,
        full_base=base.full,
        basic_ratio=basic_ratio,
        full_ratio=full_ratio,
        sharing=_sharing(share, total, basic_ratio, full_ratio),
        transition=() if transition is None else _years(transition, share, total),
        errata=_errata(basis),
    )


def _care(covered: BySex, costs: ByCare, basis: NssfcBasis) -> Care:
    return care_costs(
        covered,
        basis.utilisation_rates,
        costs,
        basis.add_on_rate,
        basis.administration_rate,
        basis.exchange_rate,
    )


def _co_payments(volumes: ByCare, costs: ByCare, rates: ByCare, exchange_rate: Decimal) -> Decimal:
    outpatient = volumes.outpatient * costs.outpatient * rates.outpatient
    inpatient = volumes.inpatient * costs.inpatient * rates.inpatient
    return (outpatient + inpatient) * exchange_rate / MILLION


def _sharing(share: Decimal, total: Decimal, basic_ratio: Decimal, full_ratio: Decimal) -> Sharing:
    return Sharing(
        government_share=share,
        government=total * share,
        members=total * (ONE - share),
        government_rate_basic=employer_rate(basic_ratio, share),
        members_rate_basic=worker_rate(basic_ratio, share),
        government_rate_full=employer_rate(full_ratio, share),
        members_rate_full=worker_rate(full_ratio, share),
    )


def _years(transition: Transition, agreed: Decimal, total: Decimal) -> tuple[SharedYear, ...]:
    full, phase_out = transition.full_subsidy_years, transition.phase_out_years
    years = range(1, full + max(1, phase_out) + 1)
    shares = [government_share_of_year(year, agreed, full, phase_out) for year in years]
    return tuple(
        SharedYear(year, share, total * share, total * (ONE - share)) for year, share in zip(years, shares, strict=True)
    )


def _errata(basis: NssfcBasis) -> tuple[str, ...]:
    costed = basis.costed_shares
    marks = [] if costed is None else [costed.outpatient.erratum, costed.inpatient.erratum]
    found = {each for each in (*marks, basis.contribution_base.pensions.erratum) if each is not None}
    return tuple(sorted(found, key=lambda code: (len(code), code)))


def _volumes(covered: BySex, rates: BySex) -> BySex:
    return BySex(service_volume(covered.male, rates.male), service_volume(covered.female, rates.female))


def _reduced(costs: ByCare, co_payment_rates: ByCare) -> ByCare:
    if co_payment_rates == ByCare(ZERO, ZERO):
        return costs
    return ByCare(
        cost_to_the_scheme(costs.outpatient, co_payment_rates.outpatient),
        cost_to_the_scheme(costs.inpatient, co_payment_rates.inpatient),
    )


def _shares(costed: CostedShares) -> ByCare:
    return ByCare(costed.outpatient.share, costed.inpatient.share)


def _times(costs: ByCare, factor: Decimal) -> ByCare:
    return ByCare(costs.outpatient * factor, costs.inpatient * factor)
