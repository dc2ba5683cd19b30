"""`GET /v1/mba/packages`: what each package pays, to whom and when (suan-2009 Tables 2-7)."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import OwnFields
from pricing.mba.assumptions import Packages
from pricing.mba.benefits import PackageBenefits, package_benefits
from pricing.rounding import EXACT, WHOLE_RIEL
from tables.kinds.mba import Package, PlanTypeName

BENEFITS = tuple(field.name for field in fields(PackageBenefits))


class BenefitsAnswer(Part):
    """Amounts in whole riel, the exact value beside each; `hospitalization_daily` is per day in hospital."""

    natural_death: DecimalText
    natural_death_exact: DecimalText
    accidental_death: DecimalText
    accidental_death_exact: DecimalText
    permanent_disability: DecimalText
    permanent_disability_exact: DecimalText
    funeral_assistance_1_14: DecimalText
    funeral_assistance_1_14_exact: DecimalText
    funeral_assistance_66_75: DecimalText
    funeral_assistance_66_75_exact: DecimalText
    hospitalization_daily: DecimalText
    hospitalization_daily_exact: DecimalText
    hospitalization_maximum: DecimalText
    hospitalization_maximum_exact: DecimalText


class PackageAnswer(Part):
    """One package."""

    package: Package
    benefits: BenefitsAnswer


class PlanTypeAnswer(Part):
    """A household form of the tariff."""

    plan_type: PlanTypeName
    household_code: int
    secondary_member: bool
    children: bool


class AgeBandAnswer(Part):
    """Completed years, both ends included."""

    first_age: int
    last_age: int


class AgeLimitsAnswer(Part):
    """Ages at entry of a member, and the bands that have a price."""

    entry: AgeBandAnswer
    child: AgeBandAnswer
    adult: AgeBandAnswer
    elder: AgeBandAnswer


class RulesAnswer(Part):
    """Conditions of claims."""

    full_benefit_months: int
    hospitalization_maximum_days: int
    hospitalization_minimum_hours: int
    hospitalization_waiting_months: int
    hospitalization_months_between_claims: int
    hospitalization_months_between_same_event: int
    hospitalization_proration_months: int
    equity_value_minimum_years: int
    death_exclusions: list[str]


class PackagesAnswer(Part):
    """Every package with its benefits, plan types, age limits and conditions."""

    currency: str
    packages: list[PackageAnswer]
    plan_types: list[PlanTypeAnswer]
    ages: AgeLimitsAnswer
    rules: RulesAnswer


class PackagesRequest(OwnFields):
    """The packages need no field of their own."""


def benefits_answer(benefits: PackageBenefits) -> dict[str, str]:
    """Benefits as they stand in an answer."""
    answer = {}
    for name in BENEFITS:
        value = getattr(benefits, name)
        answer[name] = WHOLE_RIEL.text(value)
        answer[f"{name}_exact"] = EXACT.text(value)
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
