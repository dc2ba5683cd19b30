"""`POST /v1/shi/civil-servants`: social health insurance of civil servants and public pensioners."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, OwnFields, Rate
from api.shi.answers import (
    ExpenditureAnswer,
    PerHeadAnswer,
    PersonsAnswer,
    UnitCostsAnswer,
    UtilisationAnswer,
    by_care,
    by_sex,
    expenditure_fields,
    per_head_fields,
)
from api.shi.medical_costs import DependencyAnswer
from pricing.arithmetic import ZERO
from pricing.rounding import EXACT, MILLION_KHR
from pricing.shi.assumptions import ByCare
from pricing.shi.civil_servants import CivilServantCosts, NssfcBasis, Transition, civil_servant_costs
from pricing.shi.population import Population
from tables.kinds.shi_civil import MAX_TRANSITION_YEARS
from tables.numbers import parse_whole

TransitionYears = Annotated[int, Field(ge=0, le=MAX_TRANSITION_YEARS), BeforeValidator(parse_whole)]


class CoPaymentRequest(OwnFields):
    """What patients pay themselves; nothing where it is left out."""

    outpatient: Rate = Field(
        default=ZERO, description="Fraction of what an outpatient contact costs.", validate_default=False
    )
    inpatient: Rate = Field(
        default=ZERO, description="Fraction of what an inpatient admission costs.", validate_default=False
    )


class TransitionRequest(OwnFields):
    """How the government's subsidy of the members' share ends."""

    full_subsidy_years: TransitionYears = Field(
        description="Number of years in which the government pays the whole contribution."
    )
    phase_out_years: TransitionYears = Field(
        description="Number of years over which its part then falls, in equal steps, to the agreed share."
    )


class CivilServantRequest(OwnFields):
    """Who pays; everything else is the table's, and can be overridden."""

    examples: ClassVar[Mapping[str, Example]] = {
        "published": Example("As published", {"as_of": "2026-12-01"}),
        "corrected": Example(
            "With the providers' shares corrected, and the subsidy phased out",
            {
                "government_share": "0.6",
                "transition": {"full_subsidy_years": 2, "phase_out_years": 4},
                "as_of": "2026-12-01",
                "tables": {"nssfc_basis": "shi-nssfc-basis-corrected"},
            },
        ),
        "co_payment": Example(
            "With a co-payment of a tenth for admissions",
            {"co_payment": {"inpatient": "0.1"}, "as_of": "2026-12-01"},
        ),
        "refused": Example(
            "Refused: less than the government must pay", {"government_share": "0.4", "as_of": "2026-12-01"}
        ),
    }

    government_share: Rate | None = Field(
        default=None,
        description=(
            "Fraction of the contribution that the government pays in the end. Default: the least that it must pay."
        ),
    )
    co_payment: CoPaymentRequest | None = Field(
        default=None, description="What patients pay of each service. Default: nothing."
    )
    transition: TransitionRequest | None = Field(
        default=None, description="The years until the members pay their share. Default: no such years."
    )


class GroupAnswer(Part):
    """Members of a group and their dependants."""

    members: PersonsAnswer = Field(description="Civil servants, or pensioners.")
    spouses: PersonsAnswer = Field(description="Their spouses, by the spouses' own sex.")
    children: PersonsAnswer = Field(description="Their children.")
    dependants: PersonsAnswer = Field(description="Spouses and children.")
    total: PersonsAnswer = Field(description="Everybody.")
    dependency: DependencyAnswer = Field(description="Dependants of one member.")


class PensionersAnswer(GroupAnswer):
    """Pensioners and their dependants."""

    age_pensioners: PersonsAnswer = Field(description="Those of age.")
    invalidity_pensioners: PersonsAnswer = Field(description="Those of invalidity.")


class UnitCostsKhrAnswer(Part):
    """What a service costs, on average over the providers."""

    outpatient: DecimalText = Field(description="Of an outpatient contact, KHR, 12 decimals.")
    inpatient: DecimalText = Field(description="Of an inpatient admission, KHR, 12 decimals.")


class ServicesBySexAnswer(Part):
    """Services of a year by the patients' sex."""

    outpatient: PersonsAnswer = Field(description="Outpatient contacts.")
    inpatient: PersonsAnswer = Field(description="Inpatient admissions.")


class ContributionBaseAnswer(Part):
    """What contributions may be paid on."""

    basic_salaries: DecimalText = Field(description="Salaries without allowances, thousand USD a year, 6 decimals.")
    pensions: DecimalText = Field(description="Pensions without allowances, thousand USD a year, 6 decimals.")
    basic: DecimalText = Field(description="Both: the base of the draft sub-decree, thousand USD a year, 6 decimals.")
    full: DecimalText = Field(description="Both with all allowances, thousand USD a year, 6 decimals.")


class RatiosAnswer(Part):
    """A rate on either contribution base."""

    basic: DecimalText = Field(description="A fraction of basic salaries and pensions, 12 decimals.")
    full: DecimalText = Field(description="A fraction of salaries and pensions with allowances, 12 decimals.")


class SharingAnswer(Part):
    """Who pays, once nothing is subsidised any more."""

    government_share: DecimalText = Field(description="The government's fraction of the contribution, 12 decimals.")
    government: DecimalText = Field(description="What the government pays, million KHR a year, 6 decimals.")
    members: DecimalText = Field(description="What members pay, million KHR a year, 6 decimals.")
    government_rate: RatiosAnswer = Field(description="The government's part of the cost ratio.")
    members_rate: RatiosAnswer = Field(description="The members' part of the cost ratio.")


class SharedYearAnswer(Part):
    """Who pays in a year of the transition."""

    year: int = Field(description="Number of the year, from 1; the last has the agreed share.")
    government_share: DecimalText = Field(description="The government's fraction of the contribution, 12 decimals.")
    government: DecimalText = Field(description="What the government pays, million KHR, 6 decimals.")
    members: DecimalText = Field(description="What members pay, million KHR, 6 decimals.")


class CivilServantAnswer(Part):
    """What the scheme costs on both contribution bases, and who pays."""

    civil_servants: GroupAnswer = Field(description="Civil servants with their dependants.")
    pensioners: PensionersAnswer = Field(description="Public pensioners with their dependants.")
    covered: PersonsAnswer = Field(description="All of them.")
    overall_dependency: DecimalText = Field(description="Number of dependants of one member, 12 decimals.")
    stated_unit_costs: UnitCostsAnswer = Field(description="Unit costs by the stated shares of the providers.")
    stated_unit_costs_khr: UnitCostsKhrAnswer = Field(description="The same in KHR.")
    unit_costs_khr: UnitCostsKhrAnswer = Field(
        description="Unit costs that the expenditure rests on; as published others than the stated ones."
    )
    utilisation: UtilisationAnswer = Field(description="Services of one covered person.")
    services: ServicesBySexAnswer = Field(description="Services of all covered persons.")
    per_head: PerHeadAnswer = Field(description="What one covered person costs the scheme.")
    expenditure: ExpenditureAnswer = Field(description="What all covered persons cost the scheme.")
    co_payments: DecimalText = Field(description="What patients pay themselves, million KHR a year, 6 decimals.")
    contribution_base: ContributionBaseAnswer = Field(description="Salaries and pensions.")
    payg_cost_ratio: RatiosAnswer = Field(description="The contribution rate that just pays for a year.")
    sharing: SharingAnswer = Field(description="Government and members.")
    transition: list[SharedYearAnswer] = Field(
        description="The years until the members pay their share, at the same cost; empty where none is asked for."
    )


def _costs(request: CivilServantRequest, basis: Basis) -> Answered[CivilServantCosts]:
    asked = request.co_payment or CoPaymentRequest()
    years = request.transition
    result = civil_servant_costs(
        request.government_share,
        ByCare(asked.outpatient, asked.inpatient),
        None if years is None else Transition(years.full_subsidy_years, years.phase_out_years),
        basis.assumptions["nssfc_basis"],
    )
    return Answered(result, result.errata)


def _fields(result: CivilServantCosts, basis: Basis) -> dict[str, Any]:
    table: NssfcBasis = basis.assumptions["nssfc_basis"]
    care, base, sharing = result.care, table.contribution_base, result.sharing
    return {
        "civil_servants": _group(result.civil_servants, result.dependency_of_civil_servants),
        "pensioners": {
            **_group(result.pensioners, result.dependency_of_pensioners),
            "age_pensioners": by_sex(table.age_pensioners.exact),
            "invalidity_pensioners": by_sex(table.invalidity_pensioners.exact),
        },
        "covered": by_sex(care.covered),
        "overall_dependency": EXACT.text(result.overall_dependency),
        "stated_unit_costs": by_care(result.stated_unit_costs),
        "stated_unit_costs_khr": by_care(result.stated_unit_costs_khr),
        "unit_costs_khr": by_care(result.unit_costs_khr),
        "utilisation": by_care(care.utilisation),
        "services": {
            "outpatient": by_sex(result.outpatient_services),
            "inpatient": by_sex(result.inpatient_services),
        },
        "per_head": per_head_fields(care.per_head),
        "expenditure": expenditure_fields(care.expenditure),
        "co_payments": MILLION_KHR.text(result.co_payments),
        "contribution_base": {
            "basic_salaries": MILLION_KHR.text(base.basic_salaries),
            "pensions": MILLION_KHR.text(base.pensions.amount),
            "basic": MILLION_KHR.text(result.basic_base),
            "full": MILLION_KHR.text(result.full_base),
        },
        "payg_cost_ratio": {"basic": EXACT.text(result.basic_ratio), "full": EXACT.text(result.full_ratio)},
        "sharing": {
            "government_share": EXACT.text(sharing.government_share),
            "government": MILLION_KHR.text(sharing.government),
            "members": MILLION_KHR.text(sharing.members),
            "government_rate": {
                "basic": EXACT.text(sharing.government_rate_basic),
                "full": EXACT.text(sharing.government_rate_full),
            },
            "members_rate": {
                "basic": EXACT.text(sharing.members_rate_basic),
                "full": EXACT.text(sharing.members_rate_full),
            },
        },
        "transition": [
            {
                "year": each.year,
                "government_share": EXACT.text(each.government_share),
                "government": MILLION_KHR.text(each.government),
                "members": MILLION_KHR.text(each.members),
            }
            for each in result.transition
        ],
    }


def _group(people: Population, dependency: Any) -> dict[str, Any]:
    return {
        "members": by_sex(people.insured),
        "spouses": by_sex(people.spouses),
        "children": by_sex(people.children),
        "dependants": by_sex(people.dependants),
        "total": by_sex(people.total),
        "dependency": by_sex(dependency),
    }


CIVIL_SERVANTS = Calculator(
    method="POST",
    path="/v1/shi/civil-servants",
    operation_id="createShiCivilServantCosts",
    summary="Cost medical benefits of civil servants",
    description=(
        "Population, services, expenditure and cost ratios on both contribution bases of social health insurance for "
        "civil servants and public pensioners, and who pays (giz-2012, Tables 5.1-5.8, Annex F)."
    ),
    tag="shi",
    request=CivilServantRequest,
    answer=CivilServantAnswer,
    roles=("nssfc_basis",),
    question=lambda request, _basis: request,
    formula=_costs,
    fields=_fields,
)
