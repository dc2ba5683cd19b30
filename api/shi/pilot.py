"""`POST /v1/shi/pilot`: the pilot scheme for garment workers, HIP."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, OwnFields
from api.shi.answers import PersonsAnswer, UnitCostsAnswer, by_care, by_sex
from pricing.rounding import EXACT
from pricing.shi.pilot import HipBasis, MembershipUse, PilotCosts, pilot_costs


class PilotRequest(OwnFields):
    """Nothing: everything is the table's, and can be overridden."""

    examples: ClassVar[Mapping[str, Example]] = {
        "published": Example("The pilot in 2010", {"as_of": "2026-12-01"}),
        "what_if": Example(
            "Dearer admissions",
            {
                "as_of": "2026-12-01",
                "overrides": {"hip_basis": {"fees": {"inpatient": {"national_hospital": "71"}}}},
            },
        ),
    }


class RatesAnswer(Part):
    """Services of one member in a year."""

    female: DecimalText = Field(description="Number of them of a woman, 12 decimals.")
    male: DecimalText = Field(description="Number of them of a man, 12 decimals.")
    total: DecimalText = Field(description="Number of them of a member, 12 decimals.")


class SelectionAnswer(Part):
    """What voluntary members use, as a multiple of what mandatory ones do."""

    female: DecimalText = Field(description="Of women, a multiple, 12 decimals.")
    male: DecimalText = Field(description="Of men, a multiple, 12 decimals.")
    total: DecimalText = Field(description="Of all, a multiple, 12 decimals.")


class MembershipAnswer(Part):
    """Members of one kind, and what they use."""

    contributors: PersonsAnswer = Field(description="Who contributes, on average over the year.")
    outpatient: RatesAnswer = Field(description="Outpatient contacts.")
    inpatient: RatesAnswer = Field(description="Inpatient admissions.")
    deliveries: DecimalText = Field(description="Number of deliveries of a woman a year, 12 decimals.")
    other_inpatient: DecimalText = Field(description="Number of other admissions of a woman a year, 12 decimals.")


class ReportedServicesAnswer(Part):
    """Services that were counted in the year."""

    outpatient: PersonsAnswer = Field(description="Outpatient contacts.")
    inpatient: PersonsAnswer = Field(description="Inpatient admissions.")
    total: PersonsAnswer = Field(description="Both.")


class ServicesByRatesAnswer(Part):
    """Services of a year as the rates of utilisation give them."""

    outpatient: PersonsAnswer = Field(description="Outpatient contacts.")
    inpatient: PersonsAnswer = Field(description="Inpatient admissions.")


class SelectionsAnswer(Part):
    """Adverse selection by kind of care."""

    outpatient: SelectionAnswer = Field(description="Outpatient contacts.")
    inpatient: SelectionAnswer = Field(description="Inpatient admissions.")


class CarePerHeadAnswer(Part):
    """What one member's care costs a year by utilisation and fees."""

    outpatient: DecimalText = Field(description="Outpatient care, USD, 12 decimals.")
    inpatient: DecimalText = Field(description="Inpatient care, USD, 12 decimals.")


class PilotAnswer(Part):
    """What the pilot paid, what its members use, and the premium that this asks for."""

    currency: str = Field(description="Currency of every amount, ISO 4217: USD.")
    voluntary: MembershipAnswer = Field(description="Members who chose to join.")
    mandatory: MembershipAnswer = Field(description="Members whose employer insures all workers.")
    everybody: MembershipAnswer = Field(description="All members.")
    services: ReportedServicesAnswer = Field(description="Services as they were counted.")
    services_by_rates: ServicesByRatesAnswer = Field(description="Services of all members, by their utilisation.")
    adverse_selection: SelectionsAnswer = Field(description="Voluntary beside mandatory members.")
    benefit_expenditure: DecimalText = Field(description="What was paid in the year, USD, 12 decimals.")
    claims_ratio: DecimalText = Field(description="The same as a fraction of the contributions, 12 decimals.")
    unit_costs: UnitCostsAnswer = Field(description="What a service costs.")
    care_per_head: CarePerHeadAnswer = Field(description="What one member's care costs.")
    other_per_head: DecimalText = Field(
        description="Drugs, supplies and transport as they were paid, USD a member a year, 12 decimals."
    )
    pure_premium: DecimalText = Field(description="What benefits cost, USD a month, 12 decimals.")
    loaded_premium: DecimalText = Field(description="The same with administration, USD a month, 12 decimals.")
    charged_premium: DecimalText = Field(description="What the pilot charges, USD a month, 12 decimals.")
    margin: DecimalText = Field(
        description="What the loaded premium leaves of the charged one, a fraction of it, 12 decimals; can be below 0."
    )


def _costs(_question: None, basis: Basis) -> Answered[PilotCosts]:
    table: HipBasis = basis.assumptions["hip_basis"]
    result = pilot_costs(table)
    return Answered(result, result.errata)


def _fields(result: PilotCosts, _basis: Basis) -> dict[str, Any]:
    memberships = ("voluntary", "mandatory", "everybody")
    amounts = (
        "benefit_expenditure",
        "claims_ratio",
        "other_per_head",
        "pure_premium",
        "loaded_premium",
        "charged_premium",
        "margin",
    )
    return {
        "currency": "USD",
        **{name: _membership(getattr(result, name)) for name in memberships},
        "services": {
            "outpatient": by_sex(result.outpatient_services),
            "inpatient": by_sex(result.inpatient_services),
            "total": by_sex(result.outpatient_services.plus(result.inpatient_services)),
        },
        "services_by_rates": {
            "outpatient": by_sex(result.outpatient_by_rates),
            "inpatient": by_sex(result.inpatient_by_rates),
        },
        "adverse_selection": {
            "outpatient": by_sex(result.selection_outpatient),
            "inpatient": by_sex(result.selection_inpatient),
        },
        "unit_costs": by_care(result.unit_costs),
        "care_per_head": by_care(result.care_per_head),
        **{name: EXACT.text(_amount(result, name)) for name in amounts},
    }


def _amount(result: PilotCosts, name: str) -> Decimal:
    found: Decimal = getattr(result, name)
    return found


def _membership(use: MembershipUse) -> dict[str, Any]:
    return {
        "contributors": by_sex(use.contributors),
        "outpatient": by_sex(use.outpatient),
        "inpatient": by_sex(use.inpatient),
        "deliveries": EXACT.text(use.deliveries),
        "other_inpatient": EXACT.text(use.other_inpatient),
    }


PILOT = Calculator(
    method="POST",
    path="/v1/shi/pilot",
    operation_id="createShiPilotCosts",
    summary="Judge the pilot scheme",
    description=(
        "Claims ratio, utilisation, adverse selection, and the pure and the loaded premium of the pilot for garment "
        "workers (HIP), beside the premium that it charges (giz-2012, Annex A)."
    ),
    tag="shi",
    request=PilotRequest,
    answer=PilotAnswer,
    roles=("hip_basis",),
    question=lambda _request, _basis: None,
    formula=_costs,
    fields=_fields,
    recurring=True,
)
