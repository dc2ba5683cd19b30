"""`POST /v1/nssf/expenditure`: what the benefits of a year cost."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, OwnFields
from pricing.nssf.expenditure import (
    ExpenditureReport,
    MedicalCost,
    ProviderCost,
    TemporaryDisabilityAverages,
    expenditure_report,
)
from pricing.rounding import EXACT, MILLION_KHR
from tables.kinds.nssf_experience import Hospital
from tables.numbers import Year


class ExpenditureRequest(OwnFields):
    """A year of the experience."""

    examples: ClassVar[Mapping[str, Example]] = {
        "year_2010": Example("2010", {"year": 2010, "as_of": "2026-12-01"}),
        "year_2009": Example("2009, without medical claims by provider", {"year": 2009, "as_of": "2026-12-01"}),
    }

    year: Year = Field(description="Number of the year of the calendar that the benefits were incurred in.")


class BenefitCost(Part):
    """What one kind of benefit cost."""

    benefit: Literal[
        "medical", "nursing_allowance", "temporary_disability", "funeral", "permanent_disability", "survivors"
    ] = Field(description="The kind of benefit; permanent disability in both forms, lump sums and pensions.")
    expenditure: DecimalText = Field(description="What it cost in the year, million KHR.")


class ProviderClaims(Part):
    """Claims of some providers of medical care."""

    expenditure: DecimalText = Field(description="What was reimbursed in the year, million KHR.")
    average_claim: DecimalText | None = Field(description="What a claim cost, KHR; null where it is not known.")
    average_claim_usd: DecimalText | None = Field(description="The same in USD; null where it is not known.")


class HospitalClaims(ProviderClaims):
    """Claims of one contracted hospital."""

    hospital: Hospital = Field(description="The hospital.")


class MedicalAnswer(Part):
    """Medical claims by provider."""

    hospitals: list[HospitalClaims] = Field(description="Each contracted hospital.")
    contracted: ProviderClaims = Field(description="All contracted hospitals together.")
    non_contracted: ProviderClaims = Field(description="All other providers together.")
    total_expenditure: DecimalText = Field(description="What was reimbursed to all providers, million KHR.")


class TemporaryDisabilityExpenditure(Part):
    """Temporary disability benefits that were approved."""

    benefits: DecimalText = Field(description="Benefits approved in the year, million KHR.")
    claims: int = Field(description="Number of claims approved.")
    days: int = Field(description="Number of days compensated.")
    average_benefit: DecimalText = Field(description="Benefit of a claim, KHR.")
    average_days: DecimalText = Field(description="Days of a claim, a number of days.")
    average_daily_benefit: DecimalText = Field(description="Benefit of a day, KHR.")
    insured_wage_percent: DecimalText = Field(
        description="The benefit of a day for every hundred of the average insured daily wage, a number of KHR."
    )


class BranchExpenditureAnswer(Part):
    """Benefits of a year by kind, and two of them in detail."""

    year: int = Field(description="Number of the year of the calendar.")
    currency: str = Field(description="Currency of every amount that names no other, ISO 4217: KHR.")
    benefits: list[BenefitCost] = Field(description="Each kind of benefit.")
    total_expenditure: DecimalText = Field(description="All benefits of the year, million KHR.")
    medical: MedicalAnswer | None = Field(
        description="Medical claims by provider, as reimbursed; null in a year without them."
    )
    temporary_disability: TemporaryDisabilityExpenditure | None = Field(
        description="Temporary disability on average; null in a year without claims."
    )


def _report(request: ExpenditureRequest, basis: Basis) -> Answered[tuple[int, ExpenditureReport]]:
    report = expenditure_report(request.year, basis.assumptions["experience"], basis.assumptions["provisions"])
    return Answered((request.year, report), report.errata)


def _fields(result: tuple[int, ExpenditureReport], basis: Basis) -> dict[str, Any]:
    year, report = result
    return {
        "year": year,
        "currency": basis.assumptions["experience"].currency,
        "benefits": [
            {"benefit": name, "expenditure": MILLION_KHR.text(amount)} for name, amount in report.benefits.items()
        ],
        "total_expenditure": MILLION_KHR.text(report.total),
        "medical": None if report.medical is None else _medical(report.medical),
        "temporary_disability": None if report.temporary_disability is None else _averages(report.temporary_disability),
    }


def _medical(cost: MedicalCost) -> dict[str, Any]:
    return {
        "hospitals": [{"hospital": name, **_provider(each)} for name, each in cost.hospitals.items()],
        "contracted": _provider(cost.contracted),
        "non_contracted": _provider(cost.non_contracted),
        "total_expenditure": MILLION_KHR.text(cost.total_millions),
    }


def _provider(cost: ProviderCost) -> dict[str, str | None]:
    claim, in_usd = cost.average_claim, cost.average_claim_usd
    return {
        "expenditure": MILLION_KHR.text(cost.expenditure_millions),
        "average_claim": None if claim is None else EXACT.text(claim),
        "average_claim_usd": None if in_usd is None else EXACT.text(in_usd),
    }


def _averages(averages: TemporaryDisabilityAverages) -> dict[str, Any]:
    return {
        "benefits": MILLION_KHR.text(averages.benefits_millions),
        "claims": averages.claims,
        "days": averages.days,
        "average_benefit": EXACT.text(averages.average_benefit),
        "average_days": EXACT.text(averages.average_days),
        "average_daily_benefit": EXACT.text(averages.average_daily_benefit),
        "insured_wage_percent": EXACT.text(averages.wage_share),
    }


EXPENDITURE = Calculator(
    method="POST",
    path="/v1/nssf/expenditure",
    operation_id="createNssfExpenditure",
    summary="Find what benefits cost in a year",
    description=(
        "Benefit expenditure of the employment injury branch by kind, medical claims by provider, and temporary "
        "disability on average (giz-2012, Tables 3.6 to 3.8)."
    ),
    tag="nssf",
    request=ExpenditureRequest,
    answer=BranchExpenditureAnswer,
    roles=("experience", "provisions"),
    question=lambda request, _basis: request,
    formula=_report,
    fields=_fields,
)
