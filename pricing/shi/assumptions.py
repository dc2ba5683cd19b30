"""What the costing of social health insurance rests on, as the tables hold it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

# How options and scenarios are named: their number follows.
OPTION = "option_"
SCENARIO = "scenario_"


@dataclass(frozen=True)
class BySex:
    """A figure for men and one for women."""

    male: Decimal
    female: Decimal

    @property
    def total(self) -> Decimal:
        """Both together, where they count something."""
        return self.male + self.female

    def plus(self, other: "BySex") -> "BySex":
        """Both figures of two added up, each for its sex."""
        return BySex(self.male + other.male, self.female + other.female)


@dataclass(frozen=True)
class PersonsBySex:
    """How many men, and how many women."""

    male: int
    female: int

    @property
    def exact(self) -> BySex:
        """The same as decimals, to calculate with."""
        return BySex(Decimal(self.male), Decimal(self.female))


@dataclass(frozen=True)
class ByCare:
    """A figure for outpatient contacts and one for inpatient admissions."""

    outpatient: Decimal
    inpatient: Decimal


@dataclass(frozen=True)
class DependencyRatios:
    """Dependants of one insured man and of one insured woman, on average."""

    spouse: BySex
    child: BySex

    @property
    def both(self) -> BySex:
        """Spouses and children."""
        return self.spouse.plus(self.child)


@dataclass(frozen=True)
class Utilisation:
    """Contacts and admissions of one person in a year, by sex."""

    outpatient: BySex
    inpatient: BySex


@dataclass(frozen=True)
class ProviderFees:
    """What a contact or an admission costs, by type of provider, USD."""

    health_centre: Decimal
    national_hospital: Decimal


@dataclass(frozen=True)
class Fees:
    """What providers are paid."""

    outpatient: ProviderFees
    inpatient: ProviderFees


@dataclass(frozen=True)
class Financing:
    """What contributions are paid on.

    Attributes:
        insured_earnings: earnings of a year on which contributions are due, million KHR.
        density: contributory period as a fraction of the period of entitlement.
        collection_rate: fraction of the contributions due that is collected.
    """

    insured_earnings: Decimal
    density: Decimal
    collection_rate: Decimal


@dataclass(frozen=True)
class MedicalOption:
    """A design of the medical benefits.

    Attributes:
        dependants: whether spouses and children are covered.
        national_hospital_shares: fraction of the services that national hospitals give; health centres and referral
            hospitals give the rest.
        add_on_rate: benefits beyond the basic package, as a fraction of it.
    """

    dependants: bool
    national_hospital_shares: ByCare
    add_on_rate: Decimal


@dataclass(frozen=True)
class PolicyScenario:
    """Which benefits are combined."""

    medical_option: str
    maternity: bool
    sickness: bool


@dataclass(frozen=True)
class ShiBasis:
    """The basis of Tables 4.1-4.7 and 4.12; options and scenarios by name: `option_1`, `scenario_1`."""

    exchange_rate: Decimal
    insured: PersonsBySex
    dependency_ratios: DependencyRatios
    boys_share: Decimal
    utilisation_rates: Utilisation
    fees: Fees
    administration_rate: Decimal
    financing: Financing
    options: Mapping[str, MedicalOption]
    scenarios: Mapping[str, PolicyScenario]
