"""The pilot scheme for garment workers, HIP: what it paid and what its cover should cost (giz-2012 Annex A)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.shi.assumptions import ByCare, BySex, Fees, PersonsBySex
from pricing.shi.care import average_utilisation, cost_per_head, service_volume, unit_costs
from pricing.trace import formula, unrecorded


@dataclass(frozen=True)
class Membership:
    """Members of one kind: how many contribute, and their services a year.

    Attributes:
        contributors: on average over the year.
        outpatient: contacts of one person a year.
        inpatient: admissions of one person a year.
        deliveries: of them, of women.
    """

    contributors: PersonsBySex
    outpatient: BySex
    inpatient: BySex
    deliveries: Decimal


@dataclass(frozen=True)
class CountedServices:
    """Services that were counted in a year, and the published mistake that the counts are, if they are one."""

    outpatient: PersonsBySex
    inpatient: PersonsBySex
    erratum: str | None


@dataclass(frozen=True)
class Experience:
    """A year of the scheme, USD: contributions, and what was paid for care, drugs and transport; services."""

    services: CountedServices

    contribution_income: Decimal
    medical_benefits: Decimal
    drugs_and_supplies: Decimal
    transport: Decimal


@dataclass(frozen=True)
class HipBasis:
    """The basis of Tables A.1, A.2 and A.4."""

    monthly_premium: Decimal
    months_per_year: int
    voluntary: Membership
    mandatory: Membership
    experience: Experience
    fees: Fees
    national_hospital_shares: ByCare
    administration_rate: Decimal


@dataclass(frozen=True)
class Rates:
    """Services of one person a year: of women, of men, and of both together."""

    female: Decimal
    male: Decimal
    total: Decimal


@dataclass(frozen=True)
class MembershipUse:
    """What members of one kind use."""

    contributors: BySex
    outpatient: Rates
    inpatient: Rates
    deliveries: Decimal

    @property
    def other_inpatient(self) -> Decimal:
        """Admissions of a woman but for deliveries."""
        return self.inpatient.female - self.deliveries

    def services(self, rates: Rates) -> BySex:
        """Services of a year, as one of the rates of utilisation gives them."""
        return BySex(self.contributors.male * rates.male, self.contributors.female * rates.female)


@dataclass(frozen=True)
class PilotCosts:
    """The pilot, unrounded.

    Attributes:
        voluntary, mandatory, everybody: by membership.
        outpatient_services, inpatient_services: as they were counted.
        outpatient_by_rates, inpatient_by_rates: the same as the rates of utilisation give them.
        selection_outpatient, selection_inpatient: what voluntary members use, as a multiple of what mandatory ones do.
        benefit_expenditure, claims_ratio: what was paid, USD, and as a fraction of the contributions.
        unit_costs: of a contact and of an admission, USD.
        care_per_head: by utilisation and fees, USD a year.
        other_per_head: drugs and transport as they were paid, USD a year.
        pure_premium, loaded_premium: a month, USD, without and with administration.
        charged_premium: a month, USD.
        margin: of the charged premium over the loaded one, as a fraction of the charged one.
        errata: codes of the published mistakes whose cells were used.
    """

    voluntary: MembershipUse
    mandatory: MembershipUse
    everybody: MembershipUse
    outpatient_services: BySex
    inpatient_services: BySex
    outpatient_by_rates: BySex
    inpatient_by_rates: BySex
    selection_outpatient: Rates
    selection_inpatient: Rates
    benefit_expenditure: Decimal
    claims_ratio: Decimal
    unit_costs: ByCare
    care_per_head: ByCare
    other_per_head: Decimal
    pure_premium: Decimal
    loaded_premium: Decimal
    charged_premium: Decimal
    margin: Decimal
    errata: tuple[str, ...]


@formula("claims ratio", source="giz-2012 Table A.2", unit="fraction of the contributions")
def claims_ratio(benefit_expenditure: Decimal, contribution_income: Decimal) -> Decimal:
    """What was paid, as a fraction of the contributions.

    Formula: claims ratio = benefits / contributions
    Args:
        benefit_expenditure: USD a year.
        contribution_income: USD a year, above 0.
    Returns: a fraction, unrounded.
    """
    return benefit_expenditure / contribution_income


@formula("selection", source="giz-2012 Table A.4", unit="multiple")
def adverse_selection(voluntary_rate: Decimal, mandatory_rate: Decimal) -> Decimal:
    """What voluntary members use, as a multiple of what mandatory ones do.

    Formula: selection = u_v / u_m
    Args:
        voluntary_rate: u_v, services of a voluntary member a year.
        mandatory_rate: u_m, services of a mandatory one, above 0.
    Returns: a multiple, unrounded; above 1 who chooses to join uses more.
    """
    return voluntary_rate / mandatory_rate


@formula("P", source="giz-2012 Annex A", unit="USD a month")
def pure_premium(care_per_head: Decimal, other_per_head: Decimal, months_per_year: int) -> Decimal:
    """What the benefits of one member cost in a month.

    Formula: P = (care + drugs and transport) / 12
    Args:
        care_per_head: by utilisation and provider fees, USD a year.
        other_per_head: drugs, supplies and transport, USD a year.
        months_per_year: 12.
    Returns: USD a month, unrounded.
    """
    return (care_per_head + other_per_head) / months_per_year


@formula("P_l", source="giz-2012 §4.3.3", unit="USD a month")
def loaded_premium(pure_premium: Decimal, administration_rate: Decimal) -> Decimal:
    """The premium that carries administration too.

    Formula: P_l = P · (1 + a)
    Args:
        pure_premium: P, USD a month.
        administration_rate: a, fraction of the benefits.
    Returns: USD a month, unrounded.
    """
    return pure_premium + pure_premium * administration_rate


@formula("margin", source="giz-2012 Annex A", unit="fraction of the premium charged", shows="margin")
def pilot_costs(basis: HipBasis) -> PilotCosts:
    """What the pilot paid, what its members use, and the premium that this asks for.

    Formula: margin = (charged - P_l) / charged
    Args:
        basis: members, utilisation, a year's experience, fees.
    Returns: the pilot costed, unrounded.
    """
    voluntary, mandatory = _use(basis.voluntary), _use(basis.mandatory)
    everybody = _together(voluntary, mandatory)
    paid = basis.experience
    benefits = paid.medical_benefits + paid.drugs_and_supplies + paid.transport
    costs = unit_costs(basis.fees, basis.national_hospital_shares)
    care = ByCare(
        cost_per_head(everybody.outpatient.total, costs.outpatient),
        cost_per_head(everybody.inpatient.total, costs.inpatient),
    )
    other = (paid.drugs_and_supplies + paid.transport) / everybody.contributors.total
    pure = pure_premium(care.outpatient + care.inpatient, other, basis.months_per_year)
    loaded = loaded_premium(pure, basis.administration_rate)
    return PilotCosts(
        voluntary=voluntary,
        mandatory=mandatory,
        everybody=everybody,
        outpatient_services=paid.services.outpatient.exact,
        inpatient_services=paid.services.inpatient.exact,
        outpatient_by_rates=everybody.services(everybody.outpatient),
        inpatient_by_rates=everybody.services(everybody.inpatient),
        selection_outpatient=_selection(voluntary.outpatient, mandatory.outpatient),
        selection_inpatient=_selection(voluntary.inpatient, mandatory.inpatient),
        benefit_expenditure=benefits,
        claims_ratio=claims_ratio(benefits, paid.contribution_income),
        unit_costs=costs,
        care_per_head=care,
        other_per_head=other,
        pure_premium=pure,
        loaded_premium=loaded,
        charged_premium=basis.monthly_premium,
        margin=(basis.monthly_premium - loaded) / basis.monthly_premium,
        errata=() if paid.services.erratum is None else (paid.services.erratum,),
    )


def _use(members: Membership) -> MembershipUse:
    persons = members.contributors.exact
    return MembershipUse(
        persons, _rates(persons, members.outpatient), _rates(persons, members.inpatient), members.deliveries
    )


def _rates(persons: BySex, rates: BySex) -> Rates:
    return Rates(rates.female, rates.male, average_utilisation(persons.male, persons.female, rates.male, rates.female))


def _together(left: MembershipUse, right: MembershipUse) -> MembershipUse:
    """Both kinds of members, each weighted by its number."""
    persons = left.contributors.plus(right.contributors)

    def average(first: Rates, second: Rates) -> Rates:
        volumes = (
            service_volume(left.contributors.female, first.female)
            + service_volume(right.contributors.female, second.female),
            service_volume(left.contributors.male, first.male) + service_volume(right.contributors.male, second.male),
        )
        women, men = volumes[0] / persons.female, volumes[1] / persons.male
        return Rates(women, men, average_utilisation(persons.male, persons.female, men, women))

    with unrecorded():
        deliveries = service_volume(left.contributors.female, left.deliveries)
        deliveries += service_volume(right.contributors.female, right.deliveries)
    return MembershipUse(
        persons,
        average(left.outpatient, right.outpatient),
        average(left.inpatient, right.inpatient),
        deliveries / persons.female,
    )


def _selection(voluntary: Rates, mandatory: Rates) -> Rates:
    return Rates(
        adverse_selection(voluntary.female, mandatory.female),
        adverse_selection(voluntary.male, mandatory.male),
        adverse_selection(voluntary.total, mandatory.total),
    )
