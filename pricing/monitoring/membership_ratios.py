"""Ratios of membership, use and reach (ilo-hmis-2007 Table 4, Index of indicators)."""

from decimal import Decimal

from pricing.trace import formula


@formula("M.1", source="ilo-hmis-2007 Index of indicators", unit="fraction")
def members_growth_rate(members_end: Decimal, members_beginning: Decimal) -> Decimal:
    """Growth of the number of members.

    Formula: M.1 = (end - beginning) / beginning
    Args:
        members_end: members at the end of the period.
        members_beginning: at its beginning, above 0.
    Returns: a fraction, below 0 where members have left.
    """
    return (members_end - members_beginning) / members_beginning


@formula("M.2", source="ilo-hmis-2007 Table 4", unit="fraction")
def renewal_rate(contracts_renewed: Decimal, contracts_due: Decimal) -> Decimal:
    """Members who renewed, by the cohort covered before.

    Formula: M.2 = renewed / due
    Args:
        contracts_renewed: contracts that were renewed.
        contracts_due: those that were up for renewal, above 0.
    Returns: a fraction, unrounded.
    """
    return contracts_renewed / contracts_due


@formula("M.5", source="ilo-hmis-2007 Table 4", unit="fraction")
def penetration_rate(beneficiaries_end: Decimal, target_population: Decimal) -> Decimal:
    """Covered persons by the target population.

    Formula: M.5 = beneficiaries / P
    Args:
        beneficiaries_end: covered at the end of the period.
        target_population: P, above 0.
    Returns: a fraction, unrounded.
    """
    return beneficiaries_end / target_population


@formula("M.6", source="ilo-hmis-2007 Part I §4.1", unit="fraction")
def premium_collection_rate(premiums_received: Decimal, premiums: Decimal) -> Decimal:
    """Premiums received by premiums billed.

    Formula: M.6 = premiums received / A
    Args:
        premiums_received: received for the contracts in force.
        premiums: A, above 0.
    Returns: a fraction, unrounded.
    """
    return premiums_received / premiums


@formula("M.7", source="ilo-hmis-2007 Index of indicators", unit="days")
def average_settlement_days(settlement_days: Decimal, claims_settled: Decimal) -> Decimal:
    """Average time until a claim is paid.

    Formula: M.7 = days until payment, of all claims / claims settled
    Args:
        settlement_days: days from report to payment, added up over the claims.
        claims_settled: number of claims paid, above 0.
    Returns: days, unrounded.
    """
    return settlement_days / claims_settled


@formula("G.3", source="ilo-hmis-2007 Index of indicators", unit="currency of the statement")
def average_claim_cost(claims_paid: Decimal, claims_settled: Decimal) -> Decimal:
    """Average cost of a claim.

    Formula: G.3 = g1 / claims settled
    Args:
        claims_paid: g1.
        claims_settled: number of claims paid, above 0.
    Returns: an amount, unrounded.
    """
    return claims_paid / claims_settled


@formula("E.1", source="ilo-hmis-2007 Table 4", unit="times")
def utilization_rate(services_used: Decimal, average_beneficiaries: Decimal) -> Decimal:
    """How often a beneficiary uses a service.

    Formula: E.1 = services used / average number of beneficiaries
    Args:
        services_used: number of times that beneficiaries used the service.
        average_beneficiaries: number of them, above 0.
    Returns: times a period, unrounded.
    """
    return services_used / average_beneficiaries


@formula("I.3", source="ilo-hmis-2007 Table 4", unit="fraction")
def population_coverage_rate(beneficiaries_end: Decimal, population: Decimal) -> Decimal:
    """Covered persons by the whole population.

    Formula: I.3 = beneficiaries / X
    Args:
        beneficiaries_end: covered at the end of the period.
        population: X of Table 5, that of the area of operations, above 0.
    Returns: a fraction, unrounded.
    """
    return beneficiaries_end / population


@formula("Table 4", source="ilo-hmis-2007 Table 4", unit="fraction")
def impoverishment_rate(patients_impoverished: Decimal, patients: Decimal) -> Decimal:
    """Patients whom health care had made poor when they enrolled.

    Formula: impoverishment = patients impoverished / patients
    Args:
        patients_impoverished: those of them who were impoverished, or had a catastrophic expenditure.
        patients: number of patients, above 0.
    Returns: a fraction, unrounded.
    """
    return patients_impoverished / patients


@formula("Table 5.5", source="ilo-hmis-2007 Table 5", unit="fraction")
def target_share(target_population: Decimal, population: Decimal) -> Decimal:
    """The target population by the whole one.

    Formula: P / X
    Args:
        target_population: P of Table 5.
        population: X of Table 5, above 0.
    Returns: a fraction, unrounded.
    """
    return target_population / population


@formula("Y/X", source="ilo-hmis-2007 Table 7", unit="persons")
def average_family_size(average_beneficiaries: Decimal, average_members: Decimal) -> Decimal:
    """Beneficiaries a contributing member.

    Formula: Y / X
    Args:
        average_beneficiaries: Y, annual average.
        average_members: X, annual average of contributing members, above 0.
    Returns: persons, unrounded.
    """
    return average_beneficiaries / average_members


@formula("I.4", source="ilo-hmis-2007 Index of indicators", unit="fraction")
def category_share(of_the_type: Decimal, beneficiaries_end: Decimal) -> Decimal:
    """Beneficiaries of one type of membership, by all.

    Formula: I.4 = Z / Y
    Args:
        of_the_type: Z1, Z2 or Z3: voluntary, automatic or compulsory.
        beneficiaries_end: Y, above 0.
    Returns: a fraction, unrounded.
    """
    return of_the_type / beneficiaries_end
