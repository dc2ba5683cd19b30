"""What medical benefits cost: services times unit costs, add-on benefits, administration (giz-2012 Tables 4.4-4.7)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import MILLION, ONE
from pricing.shi.assumptions import ByCare, BySex, Fees, ProviderFees, Utilisation
from pricing.shi.financing import administration_cost
from pricing.trace import formula


@dataclass(frozen=True)
class PerHead:
    """What one covered person costs a year, in the fees' currency, and in all also in KHR; without administration."""

    outpatient: Decimal
    inpatient: Decimal
    basic: Decimal
    add_on: Decimal
    total: Decimal
    total_khr: Decimal


@dataclass(frozen=True)
class Expenditure:
    """What all covered persons cost a year, million KHR.

    Attributes:
        outpatient, inpatient, basic: the basic package.
        add_on: benefits beyond it.
        benefits: both.
        administration: of the benefits.
        total: benefits and administration.
    """

    outpatient: Decimal
    inpatient: Decimal
    basic: Decimal
    add_on: Decimal
    benefits: Decimal
    administration: Decimal
    total: Decimal


@dataclass(frozen=True)
class Care:
    """Medical benefits of a population, unrounded.

    Attributes:
        covered: who is covered, by sex.
        unit_costs: of a contact and of an admission, USD.
        utilisation: contacts and admissions of one person.
        services: contacts and admissions of all.
        per_head, expenditure: what they cost.
    """

    covered: BySex
    unit_costs: ByCare
    utilisation: ByCare
    services: ByCare
    per_head: PerHead
    expenditure: Expenditure


@formula("c", source="giz-2012 Table 4.4", unit="USD")
def unit_cost(health_centre_fee: Decimal, national_hospital_fee: Decimal, national_hospital_share: Decimal) -> Decimal:
    """What a contact or an admission costs, on average over the providers.

    Formula: c = (1 - s) · f_1 + s · f_2
    Args:
        health_centre_fee: f_1, of health centres and referral hospitals, USD.
        national_hospital_fee: f_2, of national hospitals, USD.
        national_hospital_share: s, fraction of the services that national hospitals give.
    Returns: USD, unrounded.
    """
    return (ONE - national_hospital_share) * health_centre_fee + national_hospital_share * national_hospital_fee


@formula("u", source="giz-2012 Table 4.5", unit="services a person a year")
def average_utilisation(men: Decimal, women: Decimal, rate_of_men: Decimal, rate_of_women: Decimal) -> Decimal:
    """Contacts or admissions of one person, by the composition of who is covered.

    Formula: u = (n_m · u_m + n_f · u_f) / (n_m + n_f)
    Args:
        men: n_m, covered persons.
        women: n_f, covered persons.
        rate_of_men: u_m, services of a man in a year.
        rate_of_women: u_f, services of a woman in a year.
    Returns: services a person a year, unrounded.
    """
    return (men * rate_of_men + women * rate_of_women) / (men + women)


@formula("V", source="giz-2012 Table 5.6", unit="services a year")
def service_volume(persons: Decimal, utilisation_rate: Decimal) -> Decimal:
    """Contacts or admissions of all persons.

    Formula: V = N · u
    Args:
        persons: N, covered.
        utilisation_rate: u, services a person a year.
    Returns: services a year, an average.
    """
    return persons * utilisation_rate


@formula("h", source="giz-2012 Table 4.6", unit="USD a person a year")
def cost_per_head(utilisation_rate: Decimal, unit_cost: Decimal) -> Decimal:
    """What one kind of care costs for one person.

    Formula: h = u · c
    Args:
        utilisation_rate: u, services a person a year.
        unit_cost: c, USD a service.
    Returns: USD a person a year, unrounded.
    """
    return utilisation_rate * unit_cost


@formula("h_+", source="giz-2012 Table 4.6", unit="USD a person a year")
def add_on_cost(basic_cost: Decimal, add_on_rate: Decimal) -> Decimal:
    """An allowance for benefits beyond the basic package.

    Formula: h_+ = h · r
    Args:
        basic_cost: h, the basic package, USD a person a year.
        add_on_rate: r, a fraction of it.
    Returns: USD a person a year, unrounded.
    """
    return basic_cost * add_on_rate


@formula("E", source="giz-2012 Table 4.7", unit="million KHR a year")
def expenditure_of_all(cost_per_head: Decimal, persons: Decimal, exchange_rate: Decimal) -> Decimal:
    """What a cost per head comes to for everybody.

    Formula: E = h · N · KHR for one USD / 1,000,000
    Args:
        cost_per_head: h, USD a person a year.
        persons: N, covered.
        exchange_rate: KHR for one USD.
    Returns: million KHR a year, unrounded.
    """
    return cost_per_head * persons * exchange_rate / MILLION


def unit_costs(fees: Fees, national_hospital_shares: ByCare) -> ByCare:
    """Unit costs of both kinds of care."""

    def of(kind: ProviderFees, share: Decimal) -> Decimal:
        return unit_cost(kind.health_centre, kind.national_hospital, share)

    return ByCare(
        of(fees.outpatient, national_hospital_shares.outpatient),
        of(fees.inpatient, national_hospital_shares.inpatient),
    )


def care_costs(
    covered: BySex,
    rates: Utilisation,
    costs: ByCare,
    add_on_rate: Decimal,
    administration_rate: Decimal,
    exchange_rate: Decimal,
) -> Care:
    """Medical benefits of a population. Args as the formulas', of both kinds of care."""
    persons = covered.total

    def average(by_sex: BySex) -> Decimal:
        return average_utilisation(covered.male, covered.female, by_sex.male, by_sex.female)

    utilisation = ByCare(average(rates.outpatient), average(rates.inpatient))
    outpatient = cost_per_head(utilisation.outpatient, costs.outpatient)
    inpatient = cost_per_head(utilisation.inpatient, costs.inpatient)
    basic = outpatient + inpatient
    add_on = add_on_cost(basic, add_on_rate)
    total = basic + add_on
    benefits = expenditure_of_all(total, persons, exchange_rate)
    administration = administration_cost(benefits, administration_rate)
    return Care(
        covered=covered,
        unit_costs=costs,
        utilisation=utilisation,
        services=ByCare(
            service_volume(persons, utilisation.outpatient), service_volume(persons, utilisation.inpatient)
        ),
        per_head=PerHead(outpatient, inpatient, basic, add_on, total, total * exchange_rate),
        expenditure=Expenditure(
            outpatient=expenditure_of_all(outpatient, persons, exchange_rate),
            inpatient=expenditure_of_all(inpatient, persons, exchange_rate),
            basic=expenditure_of_all(basic, persons, exchange_rate),
            add_on=expenditure_of_all(add_on, persons, exchange_rate),
            benefits=benefits,
            administration=administration,
            total=benefits + administration,
        ),
    )
