"""`GET /v1/mba/packages`: what each package pays, to whom and when (suan-2009 Tables 2-7)."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from pydantic import Field

from api.amounts import whole_riel
from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.mba.vocabulary import Package, PlanType
from api.requests import OwnFields
from pricing.mba.assumptions import Packages
from pricing.mba.benefits import PackageBenefits, package_benefits
from pricing.rounding import WHOLE_RIEL

BENEFITS = tuple(field.name for field in fields(PackageBenefits))


class BenefitsAnswer(Part):
    """What a package pays, by event: amounts in whole riel, the exact value beside each."""

    natural_death: DecimalText = Field(description="Paid on natural death at ages 15-65, KHR, whole riel.")
    natural_death_exact: DecimalText = Field(description="`natural_death` before it is rounded, KHR.")
    accidental_death: DecimalText = Field(description="Paid on accidental death at ages 15-65, KHR, whole riel.")
    accidental_death_exact: DecimalText = Field(description="`accidental_death` before it is rounded, KHR.")
    permanent_disability: DecimalText = Field(
        description="Paid on total permanent disability by an accident at ages 15-65, KHR, whole riel."
    )
    permanent_disability_exact: DecimalText = Field(description="`permanent_disability` before it is rounded, KHR.")
    funeral_assistance_1_14: DecimalText = Field(description="Paid on death at ages 1-14, KHR, whole riel.")
    funeral_assistance_1_14_exact: DecimalText = Field(
        description="`funeral_assistance_1_14` before it is rounded, KHR."
    )
    funeral_assistance_66_75: DecimalText = Field(description="Paid on death at ages 66-75, KHR, whole riel.")
    funeral_assistance_66_75_exact: DecimalText = Field(
        description="`funeral_assistance_66_75` before it is rounded, KHR."
    )
    hospitalization_daily: DecimalText = Field(description="Paid for each day in hospital, KHR, whole riel.")
    hospitalization_daily_exact: DecimalText = Field(description="`hospitalization_daily` before it is rounded, KHR.")
    hospitalization_maximum: DecimalText = Field(description="Paid for the longest stay in hospital, KHR, whole riel.")
    hospitalization_maximum_exact: DecimalText = Field(
        description="`hospitalization_maximum` before it is rounded, KHR."
    )


class PackageAnswer(Part):
    """One package."""

    package: Package = Field(description="The package.")
    benefits: BenefitsAnswer = Field(description="What it pays, by event.")


class PlanTypeAnswer(Part):
    """A household form of the tariff."""

    plan_type: PlanType = Field(description="The household form.")
    household_code: int = Field(description="The tariff's own code number of the household form.")
    secondary_member: bool = Field(description="Whether a spouse is insured.")
    children: bool = Field(description="Whether children are insured.")


class AgeBandAnswer(Part):
    """A band of ages in completed years, both ends included."""

    first_age: int = Field(description="Lowest age, completed years.")
    last_age: int = Field(description="Highest age, completed years.")


class AgeLimitsAnswer(Part):
    """The ages that the tariff insures."""

    entry: AgeBandAnswer = Field(description="Ages at which a member may join, completed years.")
    child: AgeBandAnswer = Field(description="Ages of insured children, completed years.")
    adult: AgeBandAnswer = Field(description="Ages of members, spouses and additional adults, completed years.")
    elder: AgeBandAnswer = Field(description="Ages of additional persons above the adults, completed years.")


class RulesAnswer(Part):
    """Conditions of claims."""

    full_benefit_months: int = Field(description="Consecutive months paid from which a natural death is paid in full.")
    hospitalization_maximum_days: int = Field(description="Days in hospital paid at most for one event.")
    hospitalization_minimum_hours: int = Field(description="Hours in hospital from which a stay is paid.")
    hospitalization_waiting_months: int = Field(description="Months of membership before the first stay is paid.")
    hospitalization_months_between_claims: int = Field(description="Months between two paid stays, whatever the event.")
    hospitalization_months_between_same_event: int = Field(
        description="Months between two paid stays for the same event, accidents excepted."
    )
    hospitalization_proration_months: int = Field(
        description="Months that the months paid are divided by, for the daily benefit of who has not paid regularly."
    )
    equity_value_minimum_years: int = Field(description="Consecutive years of payment that give an equity value.")
    death_exclusions: list[str] = Field(description="Circumstances in which a death is not paid.")


class PackagesAnswer(Part):
    """Every package with its benefits, plan types, age limits and conditions."""

    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    packages: list[PackageAnswer] = Field(description="The packages, A to F.")
    plan_types: list[PlanTypeAnswer] = Field(description="The household forms, by code.")
    ages: AgeLimitsAnswer = Field(description="The ages that are insured.")
    rules: RulesAnswer = Field(description="The conditions of claims.")


class PackagesRequest(OwnFields):
    """The packages need no field of their own."""


def benefits_answer(benefits: PackageBenefits) -> dict[str, str]:
    """Benefits as they stand in an answer."""
    answer: dict[str, str] = {}
    for name in BENEFITS:
        answer |= whole_riel(name, getattr(benefits, name))
    return answer


def _benefits(_question: None, basis: Basis) -> Answered[dict[str, PackageBenefits]]:
    packages: Packages = basis.assumptions["packages"]
    return Answered({package: package_benefits(package, packages) for package in sorted(packages.basic_benefit)})


def _fields(benefits: dict[str, PackageBenefits], basis: Basis) -> dict[str, Any]:
    packages: Packages = basis.assumptions["packages"]
    plan_types = sorted(packages.plan_types.items(), key=lambda item: item[1].household_code)
    rules = asdict(packages.rules)
    return {
        "currency": packages.currency,
        "packages": [{"package": name, "benefits": benefits_answer(each)} for name, each in benefits.items()],
        "plan_types": [{"plan_type": name, **asdict(form)} for name, form in plan_types],
        "ages": asdict(packages.ages),
        "rules": rules | {"hospitalization_maximum_days": packages.benefits.hospitalization_maximum_days},
    }


def _csv(benefits: dict[str, PackageBenefits], _question: None) -> Sequence[Sequence[str]]:
    header = ["package", *BENEFITS]
    return [
        header,
        *([name, *(WHOLE_RIEL.text(getattr(each, b)) for b in BENEFITS)] for name, each in benefits.items()),
    ]


PACKAGES = Calculator(
    method="GET",
    path="/v1/mba/packages",
    operation_id="getMbaPackages",
    summary="Packages and what they pay",
    description=(
        "Benefits of packages A-F by event, in riel, with plan types, age limits and the conditions of claims "
        "(suan-2009, Tables 2-7). Also as CSV, with `Accept: text/csv`."
    ),
    tag="mba",
    request=PackagesRequest,
    answer=PackagesAnswer,
    roles=("packages",),
    question=lambda _request, _basis: None,
    formula=_benefits,
    fields=_fields,
    csv=_csv,
    recurring=True,
)
