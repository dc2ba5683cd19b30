"""The MBA's tables: packages, loadings, pricing basis (suan-2009)."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from pricing.mba import assumptions as mba
from tables.kinds.base import LEFT_OUT_OR_STATED, Content, ContentPart
from tables.numbers import Age, Amount, Multiple, Rate, Whole

Package = Literal["A", "B", "C", "D", "E", "F"]
PlanTypeName = Literal["couple", "single_parent", "couple_with_children", "single"]
Insured = Literal["primary_member", "secondary_member", "child", "additional_15_65", "additional_66_75"]
Additional = Literal["additional_15_65", "additional_66_75"]
DeathExclusion = Literal[
    "suicide",
    "hunting",
    "motor_race",
    "contagious_disease",
    "illegal_activity",
    "act_against_state",
    "wilful_accident",
]
ErratumCode = Annotated[str, Field(pattern=r"^[a-z0-9-]+-e[0-9]+$")]


def every(keys: Any) -> AfterValidator:
    """A mapping must hold every key of a Literal: the tariff prices all of them."""
    wanted = get_args(keys)

    def complete(given: Mapping[str, Any]) -> Mapping[str, Any]:
        missing = [key for key in wanted if key not in given]
        if missing:
            raise ValueError(f"needs a value for {', '.join(missing)} as well")
        return given

    return AfterValidator(complete)


class AgeBand(ContentPart):
    """Completed years, both ends included."""

    first_age: Age
    last_age: Age

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.first_age > self.last_age:
            raise ValueError("first_age must not be above last_age")
        return self

    def assumptions(self) -> mba.AgeBand:
        """The band as the formulas take it."""
        return mba.AgeBand(self.first_age, self.last_age)


class AgeLimits(ContentPart):
    """Ages at entry, and the bands that have a price."""

    entry: AgeBand
    child: AgeBand
    adult: AgeBand
    elder: AgeBand


class BenefitScale(ContentPart):
    """Benefits as multiples of the package's basic benefit."""

    natural_death: Multiple
    accidental_death: Multiple
    permanent_disability: Multiple
    funeral_assistance_1_14: Multiple
    funeral_assistance_66_75: Multiple
    hospitalization_daily: Multiple
    hospitalization_maximum_days: Whole


class InsuredCover(ContentPart):
    """What natural death pays, and whether accidents are covered."""

    death_benefit: Literal["natural_death", "funeral_assistance_1_14", "funeral_assistance_66_75"]
    accident: bool = Field(strict=True)


class PlanType(ContentPart):
    """A household form of the tariff."""

    household_code: Whole
    secondary_member: bool = Field(strict=True)
    children: bool = Field(strict=True)


class ClaimRules(ContentPart):
    """Conditions printed with Tables 2-7."""

    full_benefit_months: Whole
    hospitalization_minimum_hours: Whole
    hospitalization_waiting_months: Whole
    hospitalization_months_between_claims: Whole
    hospitalization_months_between_same_event: Whole
    hospitalization_proration_months: Whole
    equity_value_minimum_years: Whole
    death_exclusions: list[DeathExclusion] = Field(max_length=20)


class PackagesContent(Content):
    """Packages A-F, their benefits, who may be insured, and the conditions of claims."""

    currency: Literal["KHR"]
    basic_benefit: Annotated[dict[Package, Amount], every(Package)]
    benefits: BenefitScale
    insured: Annotated[dict[Insured, InsuredCover], every(Insured)]
    plan_types: Annotated[dict[PlanTypeName, PlanType], every(PlanTypeName)]
    additional_codes: Annotated[dict[Additional, Whole], every(Additional)]
    ages: AgeLimits
    rules: ClaimRules

    @model_validator(mode="after")
    def _one_plan_type_for_each_household(self) -> Self:
        forms = {(form.secondary_member, form.children) for form in self.plan_types.values()}
        if len(forms) != len(self.plan_types):
            raise ValueError("plan_types must differ in secondary_member or children: a household has one plan type")
        return self

    def assumptions(self) -> mba.Packages:
        """The packages as the formulas take them."""
        rules = self.rules.model_dump(exclude={"death_exclusions"})
        return mba.Packages(
            currency=self.currency,
            basic_benefit=MappingProxyType(dict[str, Decimal](self.basic_benefit.items())),
            benefits=mba.BenefitScale(**self.benefits.model_dump()),
            insured=MappingProxyType({k: mba.InsuredCover(**v.model_dump()) for k, v in self.insured.items()}),
            plan_types=MappingProxyType({k: mba.PlanType(**v.model_dump()) for k, v in self.plan_types.items()}),
            additional_codes=MappingProxyType(dict[str, int](self.additional_codes.items())),
            ages=mba.AgeLimits(
                entry=self.ages.entry.assumptions(),
                child=self.ages.child.assumptions(),
                adult=self.ages.adult.assumptions(),
                elder=self.ages.elder.assumptions(),
            ),
            rules=mba.ClaimRules(**rules, death_exclusions=tuple(self.rules.death_exclusions)),
        )


class InsuredLoading(ContentPart):
    """Shares of the gross premium."""

    expense: Rate
    commission: Rate


class LoadingsContent(Content):
    """Loadings as fractions of the gross premium."""

    equity_value: Rate
    contingency: Rate
    insured: Annotated[dict[Insured, InsuredLoading], every(Insured)]

    def assumptions(self) -> mba.Loadings:
        """The loadings as the formulas take them."""
        insured: dict[str, mba.InsuredLoading] = {
            name: mba.InsuredLoading(**loading.model_dump()) for name, loading in self.insured.items()
        }
        return mba.Loadings(self.equity_value, self.contingency, MappingProxyType(insured))


class PackageRate(ContentPart):
    """A rate that one package has of its own, and the erratum that it is, if it is one."""

    rate: Rate
    erratum: Annotated[ErratumCode | None, LEFT_OUT_OR_STATED] = None


class InsuredIncidence(ContentPart):
    """Rates of one kind of insured person.

    Mortality is the life table's over `mortality_ages`, unless there is a `mortality_rate`, which stands in its place.
    """

    mortality_ages: Annotated[AgeBand | None, LEFT_OUT_OR_STATED] = None
    mortality_rate: Annotated[Rate | None, LEFT_OUT_OR_STATED] = None
    hospitalization_rate: Rate
    hospitalization_rate_exceptions: Annotated[dict[Package, PackageRate] | None, LEFT_OUT_OR_STATED] = None

    @model_validator(mode="after")
    def _some_mortality(self) -> Self:
        self._mortality()
        return self

    def _mortality(self) -> mba.AgeBand | Decimal:
        if self.mortality_rate is not None:
            return self.mortality_rate
        if self.mortality_ages is not None:
            return self.mortality_ages.assumptions()
        raise ValueError("needs mortality_ages or a mortality_rate")

    def assumptions(self) -> mba.InsuredIncidence:
        """The rates as the formulas take them."""
        exceptions = self.hospitalization_rate_exceptions or {}
        return mba.InsuredIncidence(
            mortality=self._mortality(),
            hospitalization_rate=self.hospitalization_rate,
            hospitalization_rate_exceptions=MappingProxyType(
                {package: mba.PackageRate(own.rate, own.erratum) for package, own in exceptions.items()}
            ),
        )


class PricingBasisContent(Content):
    """Interest, margin and incidence rates behind the tariff."""

    interest_rate: Rate
    safety_margin: Multiple
    accident_rate: Rate
    payments_per_year: Annotated[Whole, Field(ge=1)]
    children_per_family: Multiple
    insured: Annotated[dict[Insured, InsuredIncidence], every(Insured)]

    def assumptions(self) -> mba.PricingBasis:
        """The basis as the formulas take it."""
        return mba.PricingBasis(
            interest_rate=self.interest_rate,
            safety_margin=self.safety_margin,
            accident_rate=self.accident_rate,
            payments_per_year=self.payments_per_year,
            children_per_family=self.children_per_family,
            insured=MappingProxyType({name: rates.assumptions() for name, rates in self.insured.items()}),
        )
