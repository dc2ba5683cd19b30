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
class ClaimAges:
    """Ages by what they are paid (suan-2009 Tables 3-7), which are not quite the ages that they are priced as.

    Attributes:
        child, elder: the bands with funeral assistance.
        adult: the band with the benefits of natural death, accidental death and disability.
        hospitalization: the band whose hospital stays are paid.
    """

    child: AgeBand
    adult: AgeBand
    elder: AgeBand
    hospitalization: AgeBand


@dataclass(frozen=True)
class AgeReading:
    """The band that one age is read to be in, with the erratum that made a reading necessary."""

    band: str
    erratum: str | None


@dataclass(frozen=True)
class HospitalEvent:
    """How the stays for one kind of event are treated (suan-2009 Table 7).

    Attributes:
        covered: whether a stay is paid at all.
        same_event_limit: whether the same event has to wait longer than another one.
        erratum: code of the published mistake that this is a reading of, or None.
    """

    covered: bool
    same_event_limit: bool
    erratum: str | None


@dataclass(frozen=True)
class ClaimTerms:
    """What a claim is decided by beside the packages' own conditions.

    Attributes:
        ages: who is paid what.
        age_exceptions: by age, where the bands leave it open.
        hospitalization_events: by kind of event.
    """

    ages: ClaimAges
    age_exceptions: Mapping[int, AgeReading]
    hospitalization_events: Mapping[str, HospitalEvent]


@dataclass(frozen=True)
class ScheduledLoss:
    """One line of the table of disabilities (suan-2009 Appendix A).

    Attributes:
        share: of the disability benefit, a fraction.
        takes: the parts of the body that are lost with it, by name.
        pair: the line that two of this loss are, or None.
    """

    share: Decimal
    takes: Mapping[str, int]
    pair: str | None


@dataclass(frozen=True)
class DisabilitySchedule:
    """The table of disabilities (suan-2009 Appendix A).

    Attributes:
        losses: its lines, by name.
        body: how many of each part a person has.
        maximum_share: of the benefit, whatever is lost.
        ceasing_share: the loss with which membership ceases.
    """

    losses: Mapping[str, ScheduledLoss]
    body: Mapping[str, int]
    maximum_share: Decimal
    ceasing_share: Decimal


@dataclass(frozen=True)
class AnnualLimit:
    """Between which amounts the most that the reinsurer pays in a year may be agreed."""

    minimum: Decimal
    maximum: Decimal


@dataclass(frozen=True)
class ReinsuredEvent:
    """A reinsured event; with `membership_years_above`, only of who was a member for longer than that."""

    membership_years_above: Decimal | None


@dataclass(frozen=True)
class Reinsurance:
    """A quota-share treaty (suan-2009 Table 13).

    Attributes:
        currency: ISO 4217 code of every amount.
        quota_share: the reinsurer's share of every risk, a fraction.
        maximum_per_risk: the most that the reinsurer pays on one risk.
        annual_limit: on what it pays in a year.
        premium_rate: fraction of the gross premium that is ceded.
        experience_refund_rate: fraction of what the claims leave of the ceded premium that comes back.
        events: what is reinsured, by name.
    """

    currency: str
    quota_share: Decimal
    maximum_per_risk: Decimal
    annual_limit: AnnualLimit
    premium_rate: Decimal
    experience_refund_rate: Decimal
    events: Mapping[str, ReinsuredEvent]


@dataclass(frozen=True)
class Covenants:
    """Limits within which the programme is said to be feasible (suan-2009 §V and §VI); fractions.

    Attributes:
        maximum_expense_ratio, maximum_commission_ratio: of the premium income.
        minimum_investment_yield: a year.
        maximum_withdrawal_rate: of the members, a year.
        maximum_federation_share: of the share capital, for one federation.
        dividend_margin: how far the dividend may be above the rate of long-term deposits.
    """

    maximum_expense_ratio: Decimal
    maximum_commission_ratio: Decimal
    minimum_investment_yield: Decimal
    maximum_withdrawal_rate: Decimal
    maximum_federation_share: Decimal
    dividend_margin: Decimal


@dataclass(frozen=True)
class MbaAssumptions:
    """The four tables of the MBA tariff, by role."""

    packages: Packages
    loadings: Loadings
    pricing_basis: PricingBasis
    life_table: LifeTable
