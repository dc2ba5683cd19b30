"""`POST /v1/nssf/awards`: long-term benefits that were awarded."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, OwnFields
from pricing.nssf.award_statistics import AwardsReport, PensionerCounts, awards_report
from pricing.nssf.experience import DisabilityAwards
from pricing.rounding import EXACT, MILLION_KHR, percent
from tables.kinds.nssf_experience import Degree
from tables.kinds.nssf_provisions import SurvivorClass


class AwardsRequest(OwnFields):
    """All awards of the experience."""

    examples: ClassVar[Mapping[str, Example]] = {
        "awards": Example("What was awarded from 2008 to 2010", {"as_of": "2026-12-01"})
    }


class DegreeAwards(Part):
    """Awards in one class of loss of working capacity."""

    loss_percent: Degree = Field(description="The class of loss of working capacity, from and to in percent.")
    awards: int = Field(description="Number of awards.")


class SexAwards(Part):
    """Permanent disability awards of one sex, or of both."""

    sex: Literal["male", "female", "total"] = Field(description="The sex of the disabled worker; `total`: both.")
    degrees: list[DegreeAwards] = Field(description="Each class of loss of working capacity.")
    total: int = Field(description="Number of awards of every class.")


class DisabilityAverages(Part):
    """What awards of one form have in common."""

    cases: int = Field(description="Number of awards.")
    loss_percent: DecimalText = Field(
        description="Average loss of working capacity, a number of each hundred of the capacity."
    )
    reference_wage: DecimalText = Field(description="Average reference wage, KHR a month.")


class LumpSumAwards(DisabilityAverages):
    """Lump sums awarded."""

    total: DecimalText = Field(description="Lump sums awarded in all, KHR.")
    average_benefit: DecimalText = Field(description="Lump sum of a case on average, KHR.")
    compensated_percent: DecimalText = Field(
        description="What a lump sum makes good of every hundred KHR of earnings lost for life."
    )


class PensionAwards(DisabilityAverages):
    """Disability pensions awarded."""

    annual_total: DecimalText = Field(description="Pensions awarded in all, KHR a year.")
    average_pension: DecimalText = Field(description="Pension on average, KHR a month.")
    reference_wage_percent: DecimalText = Field(
        description="The average pension for every hundred KHR of the average reference wage."
    )


class SexCounts(Part):
    """Persons by sex."""

    male: int = Field(description="Number of men.")
    female: int = Field(description="Number of women.")
    total: int = Field(description="Number of both.")


class NewPensioners(Part):
    """New pensioners of a year, or of all years."""

    year: int | None = Field(description="Number of the year of the calendar; null: all years together.")
    spouse: SexCounts = Field(description="Widows and widowers.")
    children: SexCounts = Field(description="Orphans.")
    parents: SexCounts = Field(description="Surviving parents.")
    total: SexCounts = Field(description="All of them.")


class SurvivorAwards(Part):
    """Pensions awarded to one class of survivors."""

    survivors: SurvivorClass = Field(description="The class of survivors.")
    pensioners: int = Field(description="Number of persons.")
    annual_total: DecimalText = Field(description="Pensions awarded in all, KHR a year.")
    average_pension: DecimalText = Field(description="Pension of one person on average, KHR a month.")
    replacement_percent: DecimalText = Field(
        description="The average pension for every hundred KHR of the reference wage, as stated."
    )


class AwardLiabilities(Part):
    """Present value of pensions awarded."""

    total: DecimalText = Field(description="Million KHR.")
    total_usd: DecimalText = Field(description="The same in USD.")


class AwardsAnswer(Part):
    """Long-term benefits awarded from 2008 to 2010."""

    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    disability_awards: list[SexAwards] = Field(description="Permanent disability awards by sex and degree.")
    lump_sums: LumpSumAwards = Field(description="Those below the degree that earns a pension.")
    disability_pensions: PensionAwards = Field(description="Those of that degree and above.")
    survivor_pensioners: list[NewPensioners] = Field(description="New pensioners by year, and of all years.")
    survivor_pensions: list[SurvivorAwards] = Field(description="Survivors' pensions by class.")
    pension_liabilities: AwardLiabilities = Field(description="What all pensions awarded are worth, of every year.")


def _report(_request: AwardsRequest, basis: Basis) -> Answered[AwardsReport]:
    report = awards_report(basis.assumptions["experience"], basis.assumptions["provisions"])
    return Answered(report, report.errata)


def _fields(report: AwardsReport, basis: Basis) -> dict[str, Any]:
    lump_sums, pensions = report.lump_sums, report.disability_pensions
    return {
        "currency": basis.assumptions["experience"].currency,
        "disability_awards": [
            {
                "sex": name,
                "degrees": [{"loss_percent": degree, "awards": number} for degree, number in each.degrees.items()],
                "total": each.total,
            }
            for name, each in report.disability_degrees.items()
        ],
        "lump_sums": {
            **_averages(lump_sums.awards),
            "total": EXACT.text(lump_sums.awards.amount),
            "average_benefit": EXACT.text(lump_sums.average_benefit),
            "compensated_percent": EXACT.text(lump_sums.compensated_share),
        },
        "disability_pensions": {
            **_averages(pensions.awards),
            "annual_total": EXACT.text(pensions.awards.amount),
            "average_pension": EXACT.text(pensions.average_monthly_pension),
            "reference_wage_percent": EXACT.text(pensions.wage_share),
        },
        "survivor_pensioners": [
            {"year": year, **{name: _counts(each) for name, each in classes.items()}}
            for year, classes in report.survivor_pensioners.items()
        ],
        "survivor_pensions": [
            {
                "survivors": name,
                "pensioners": each.awards.pensioners,
                "annual_total": EXACT.text(each.awards.annual_amount),
                "average_pension": EXACT.text(each.average_monthly_pension),
                "replacement_percent": percent(each.awards.replacement_rate),
            }
            for name, each in report.survivor_pensions.items()
        ],
        "pension_liabilities": {
            "total": MILLION_KHR.text(report.liabilities_millions),
            "total_usd": EXACT.text(report.liabilities_usd),
        },
    }


def _averages(awards: DisabilityAwards) -> dict[str, Any]:
    return {
        "cases": awards.cases,
        "loss_percent": percent(awards.loss_of_working_capacity),
        "reference_wage": EXACT.text(awards.reference_wage),
    }


def _counts(counts: PensionerCounts) -> dict[str, int]:
    return {"male": counts.male, "female": counts.female, "total": counts.total}


AWARDS = Calculator(
    method="POST",
    path="/v1/nssf/awards",
    operation_id="createNssfAwards",
    summary="Find which pensions and lump sums were awarded",
    description=(
        "Benefits for permanent disability and to survivors that were awarded from 2008 to 2010, by degree, sex and "
        "class, with their averages (giz-2012, Tables 3.9 to 3.13)."
    ),
    tag="nssf",
    request=AwardsRequest,
    answer=AwardsAnswer,
    roles=("experience", "provisions"),
    question=lambda request, _basis: request,
    formula=_report,
    fields=_fields,
)
