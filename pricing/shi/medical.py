"""Medical benefits of the private sector under one of the policy options (giz-2012 Tables 4.1-4.7)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.shi.assumptions import OPTION, Financing, ShiBasis
from pricing.shi.care import Care, care_costs, unit_costs
from pricing.shi.financing import payg_cost_ratio
from pricing.shi.population import Dependency, Population, dependency, population
from pricing.trace import formula


@dataclass(frozen=True)
class MedicalCosts:
    """An option costed, unrounded.

    Attributes:
        option: its number.
        population: the insured with their dependants, whether the option covers these or not.
        spouse_dependency, child_dependency, total_dependency: dependants of one insured person.
        care: services and what they cost.
        financing: what contributions are paid on.
        payg_cost_ratio: the contribution rate that just pays for a year.
    """

    option: int
    population: Population
    spouse_dependency: Dependency
    child_dependency: Dependency
    total_dependency: Dependency
    care: Care
    financing: Financing
    payg_cost_ratio: Decimal


@formula("PAYG_M", source="giz-2012 Table 4.7", unit="fraction of insured earnings", shows="payg_cost_ratio")
def medical_costs(option: int, basis: ShiBasis) -> MedicalCosts:
    """What medical benefits cost under a policy option.

    Formula: PAYG_M = Σ u · c · (1 + add-on) · N · (1 + administration) / (W · density · collection)
    Args:
        option: its number, 1 to 3.
        basis: population, fees, utilisation, options.
    Returns: the option costed, unrounded.
    """
    design, financing = basis.options[f"{OPTION}{option}"], basis.financing
    insured = basis.insured.exact
    people = population(insured, basis.dependency_ratios, basis.boys_share)
    care = care_costs(
        people.total if design.dependants else insured,
        basis.utilisation_rates,
        unit_costs(basis.fees, design.national_hospital_shares),
        design.add_on_rate,
        basis.administration_rate,
        basis.exchange_rate,
    )
    ratios = basis.dependency_ratios
    return MedicalCosts(
        option=option,
        population=people,
        spouse_dependency=dependency(ratios.spouse, people.spouses, insured),
        child_dependency=dependency(ratios.child, people.children, insured),
        total_dependency=dependency(ratios.both, people.dependants, insured),
        care=care,
        financing=financing,
        payg_cost_ratio=payg_cost_ratio(
            care.expenditure.total, financing.insured_earnings, financing.density, financing.collection_rate
        ),
    )
