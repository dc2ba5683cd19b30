"""What the MBA formulas need to know: frozen, unit-bearing views of the assumption tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.life import LifeTable


@dataclass(frozen=True)
class AgeBand:
    """Completed years, both ends included."""

    first_age: int
    last_age: int

    def __contains__(self, age: int) -> bool:
        return self.first_age <= age <= self.last_age

    def __str__(self) -> str:
        return f"{self.first_age}-{self.last_age}"


@dataclass(frozen=True)
class AgeLimits:
    """Who may be insured as what (suan-2009 Tables 2-7).

    Attributes:
        entry: ages at which a regular member may join.
        child, adult, elder: the bands that have a published price.
    """

    entry: AgeBand
    child: AgeBand
    adult: AgeBand
    elder: AgeBand


@dataclass(frozen=True)
class BenefitScale:
    """Every benefit as a multiple of a package's basic benefit B (suan-2009 Tables 3-7).

    `hospitalization_daily` is per day in hospital, for at most `hospitalization_maximum_days`.
    """

    natural_death: Decimal
    accidental_death: Decimal
    permanent_disability: Decimal
    funeral_assistance_1_14: Decimal
    funeral_assistance_66_75: Decimal
    hospitalization_daily: Decimal
    hospitalization_maximum_days: int


@dataclass(frozen=True)
class InsuredCover:
    """What the package covers for one kind of insured person.

    Attributes:
        death_benefit: the name in `BenefitScale` of what natural death pays.
        accident: whether accidental death and permanent disability are covered.
    """

    death_benefit: str
    accident: bool


@dataclass(frozen=True)
class PlanType:
    """A household form of the tariff.

    Attributes:
        household_code: the code of Tables 8 and 9.
        secondary_member: whether a second adult is covered.
        children: whether the family's children are covered.
    """

    household_code: int
    secondary_member: bool
    children: bool


@dataclass(frozen=True)
class ClaimRules:
    """The conditions printed with Tables 2-7, in months, days, hours and years."""

    full_benefit_months: int
    hospitalization_minimum_hours: int
    hospitalization_waiting_months: int
    hospitalization_months_between_claims: int
    hospitalization_months_between_same_event: int
    hospitalization_proration_months: int
    equity_value_minimum_years: int
    death_exclusions: tuple[str, ...]


@dataclass(frozen=True)
class Packages:
    """Packages, their benefits and who may be insured.

    Attributes:
        currency: ISO 4217 code of every amount.
        basic_benefit: B by package, an amount.
        benefits: benefits as multiples of B.
        insured: cover by kind of insured person.
        plan_types: household forms by name.
        additional_codes: the tariff's codes of the kinds of additional person.
        ages: age limits.
        rules: claim conditions.
    """

    currency: str
    basic_benefit: Mapping[str, Decimal]
    benefits: BenefitScale
    insured: Mapping[str, InsuredCover]
    plan_types: Mapping[str, PlanType]
    additional_codes: Mapping[str, int]
    ages: AgeLimits
    rules: ClaimRules


@dataclass(frozen=True)
class InsuredLoading:
    """Shares of the gross premium of one kind of insured person (suan-2009 Appendix C)."""

    expense: Decimal
    commission: Decimal


@dataclass(frozen=True)
class Loadings:
    """Loadings as fractions of the gross premium (suan-2009 Appendix C).

    Attributes:
        equity_value: refund of the gross natural-death premium to whoever survives the year.
        contingency: margin on the accident and hospitalization riders.
        insured: expense and commission loading by kind of insured person.
    """

    equity_value: Decimal
    contingency: Decimal
    insured: Mapping[str, InsuredLoading]


@dataclass(frozen=True)
class PackageRate:
    """A rate that holds for one package only, with the erratum that it is, if it is one."""

    rate: Decimal
    erratum: str | None


@dataclass(frozen=True)
class InsuredIncidence:
    """Rates of one kind of insured person, before the safety margin.

    Attributes:
        mortality: ages of the life table whose average mortality is used, or a rate that stands in its place.
        hospitalization_rate: rate of a full stay, a year.
        hospitalization_rate_exceptions: by package, where the tariff departs from it.
    """

    mortality: AgeBand | Decimal
    hospitalization_rate: Decimal
    hospitalization_rate_exceptions: Mapping[str, PackageRate]


@dataclass(frozen=True)
class PricingBasis:
    """The basis of Tables 8 and 9.

    Attributes:
        interest_rate: effective annual rate, a fraction.
        safety_margin: added to every incidence rate; 0.2 means rates times 1.2.
        accident_rate: accidental death and permanent disability, one combined rate a year.
        payments_per_year: gross premiums are paid in this many equal parts.
        children_per_family: average number of insured children.
        insured: rates by kind of insured person.
    """

    interest_rate: Decimal
    safety_margin: Decimal
    accident_rate: Decimal
    payments_per_year: int
    children_per_family: Decimal
    insured: Mapping[str, InsuredIncidence]


@dataclass(frozen=True)
class MbaAssumptions:
    """The four tables of the MBA tariff, by role."""

    packages: Packages
    loadings: Loadings
    pricing_basis: PricingBasis
    life_table: LifeTable
