"""`POST /v1/shi/medical-costs`: medical benefits of the private sector under a policy option."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field
from typing_extensions import TypeAliasType

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, OwnFields
from api.shi.answers import (
    ExpenditureAnswer,
    FinancingAnswer,
    PerHeadAnswer,
    PersonsAnswer,
    ServicesAnswer,
    UnitCostsAnswer,
    UtilisationAnswer,
    by_care,
    by_sex,
    expenditure_fields,
    financing_fields,
    per_head_fields,
)
from pricing.rounding import EXACT
from pricing.shi.assumptions import ShiBasis
from pricing.shi.medical import MedicalCosts, medical_costs
from tables.kinds.shi import LAST_OPTION
from tables.numbers import parse_whole

OptionNumber = TypeAliasType(
    "OptionNumber",
    Annotated[
        int,
        Field(
            ge=1,
            le=LAST_OPTION,
            description=(
                "Number of a design of the medical benefits. 1: the insured alone, free choice of provider. 2: "
                "with dependants, strict referral, the basic package. 3: with dependants, partial referral."
            ),
        ),
        BeforeValidator(parse_whole),
    ],
)


class MedicalCostRequest(OwnFields):
    """A policy option; everything else is the table's, and can be overridden."""

    examples: ClassVar[Mapping[str, Example]] = {
        "option_1": Example("The insured alone", {"option": 1, "as_of": "2026-12-01"}),
        "option_3": Example("With dependants", {"option": 3, "as_of": "2026-12-01"}),
        "what_if": Example(
            "With dependants, more admissions and dearer hospitals",
            {
                "option": 2,
                "as_of": "2026-12-01",
                "overrides": {
                    "shi_basis": {
                        "utilisation_rates": {"inpatient": {"female": "0.12"}},
                        "fees": {"inpatient": {"national_hospital": "80"}},
                    }
                },
            },
        ),
    }

    option: OptionNumber = Field(description="Number of the policy option, 1 to 3.")


class DependencyAnswer(Part):
    """Dependants of one insured person, on average."""

    male: DecimalText = Field(description="Number of them for an insured man, 12 decimals.")
    female: DecimalText = Field(description="Number of them for an insured woman, 12 decimals.")
    total: DecimalText = Field(description="Number of them for an insured person, 12 decimals.")


class PopulationAnswer(Part):
    """The insured and their dependants, whether the option covers these or not."""

    insured: PersonsAnswer = Field(description="Insured persons.")
    spouses: PersonsAnswer = Field(description="Their spouses, by the spouses' own sex.")
    children: PersonsAnswer = Field(description="Their children.")
    total: PersonsAnswer = Field(description="Everybody.")
    spouse_dependency: DependencyAnswer = Field(description="Spouses of one insured person.")
    child_dependency: DependencyAnswer = Field(description="Children of one insured person.")
    total_dependency: DependencyAnswer = Field(description="Spouses and children of one insured person.")


class MedicalCostAnswer(Part):
    """What medical benefits cost under a policy option."""

    option: OptionNumber = Field(description="Number of the policy option.")
    currency: str = Field(description="Currency of the fees, ISO 4217: USD; amounts in KHR say so.")
    population: PopulationAnswer = Field(description="The insured and their dependants.")
    covered: PersonsAnswer = Field(description="Who is covered under the option.")
    unit_costs: UnitCostsAnswer = Field(description="What a service costs.")
    utilisation: UtilisationAnswer = Field(description="Services of one covered person.")
    services: ServicesAnswer = Field(description="Services of all covered persons.")
    per_head: PerHeadAnswer = Field(description="What one covered person costs.")
    expenditure: ExpenditureAnswer = Field(description="What all covered persons cost.")
    financing: FinancingAnswer = Field(description="Insured earnings, density, collection.")
    payg_cost_ratio: DecimalText = Field(
        description="The contribution rate that just pays for a year, a fraction of insured earnings, 12 decimals."
    )


def _costs(option: int, basis: Basis) -> Answered[MedicalCosts]:
    tables: ShiBasis = basis.assumptions["shi_basis"]
    return Answered(medical_costs(option, tables))


def _fields(result: MedicalCosts, _basis: Basis) -> dict[str, Any]:
    people, care = result.population, result.care
    dependency = ("spouse_dependency", "child_dependency", "total_dependency")
    return {
        "option": result.option,
        "currency": "USD",
        "population": {
            "insured": by_sex(people.insured),
            "spouses": by_sex(people.spouses),
            "children": by_sex(people.children),
            "total": by_sex(people.total),
            **{name: by_sex(getattr(result, name)) for name in dependency},
        },
        "covered": by_sex(care.covered),
        "unit_costs": by_care(care.unit_costs),
        "utilisation": by_care(care.utilisation),
        "services": by_care(care.services),
        "per_head": per_head_fields(care.per_head),
        "expenditure": expenditure_fields(care.expenditure),
        "financing": financing_fields(result.financing),
        "payg_cost_ratio": EXACT.text(result.payg_cost_ratio),
    }


MEDICAL_COSTS = Calculator(
    method="POST",
    path="/v1/shi/medical-costs",
    operation_id="createShiMedicalCosts",
    summary="Cost medical benefits of the private sector",
    description=(
        "Population, unit costs, utilisation, cost per head, expenditure and pay-as-you-go cost ratio of the medical "
        "benefits of social health insurance for NSSF members, under a policy option (giz-2012, Tables 4.1-4.7)."
    ),
    tag="shi",
    request=MedicalCostRequest,
    answer=MedicalCostAnswer,
    roles=("shi_basis",),
    question=lambda request, _basis: request.option,
    formula=_costs,
    fields=_fields,
    recurring=True,
)
