"""`POST /v1/nssf/benefits/survivors` and `/funeral`: what a death by employment injury pays."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field

from api.amounts import whole_riel
from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator, EventDate
from api.engine import Basis
from api.nssf.wages import WAGE_RULE, WageAnswer, WageFields, wage_answer
from api.requests import Date, Example, OwnFields
from pricing.nssf.benefits import SurvivorsAward, survivors_award
from pricing.nssf.survivors import ClassPension, SurvivorsPensions, funeral_grant
from pricing.rounding import EXACT
from tables.numbers import parse_whole

MAX_PERSONS = 40

PersonCount = Annotated[int, Field(ge=0, le=MAX_PERSONS), BeforeValidator(parse_whole)]


class SurvivorsRequest(WageFields):
    """The family of a worker who died of an employment injury."""

    model_config = ConfigDict(json_schema_extra=WAGE_RULE)

    examples: ClassVar[Mapping[str, Example]] = {
        "whole_family": Example(
            "A spouse, three children and two parents",
            {
                "monthly_reference_wage": "446022",
                "spouse": True,
                "children": 3,
                "parents": 2,
                "date_of_injury": "2010-06-15",
            },
        ),
        "nobody": Example(
            "Refused: nobody survives",
            {"monthly_reference_wage": "446022", "date_of_injury": "2010-06-15"},
        ),
    }

    spouse: Annotated[bool, Field(strict=True)] = Field(default=False, description="Whether a spouse survives.")
    children: PersonCount = Field(default=0, description="Number of surviving children.")
    parents: PersonCount = Field(default=0, description="Number of surviving parents.")
    date_of_injury: Date | None = Field(
        default=None, description="Date of the injury, YYYY-MM-DD, which chooses the versions in place of `as_of`."
    )


class ClassPensionAnswer(Part):
    """What a class of survivors is paid; a class of nobody is paid 0."""

    share: DecimalText = Field(description="Share of the reference wage, a fraction, twelve decimals.")
    monthly_amount: DecimalText = Field(description="For all of the class, KHR a month, whole riel.")
    monthly_amount_exact: DecimalText = Field(description="The same before it is rounded, KHR a month.")
    persons: int = Field(description="Number of persons.")
    monthly_amount_per_person: DecimalText = Field(description="In equal parts, KHR a month, whole riel.")
    monthly_amount_per_person_exact: DecimalText = Field(description="The same before it is rounded, KHR a month.")


class SharesAnswer(Part):
    """What each class of survivors is paid."""

    spouse: ClassPensionAnswer = Field(description="The surviving spouse.")
    children: ClassPensionAnswer = Field(description="The surviving children together.")
    parents: ClassPensionAnswer = Field(description="The surviving parents together.")


class FamilyPensionsAnswer(Part):
    """What a family is paid, by class and by person."""

    shares: SharesAnswer = Field(description="By class.")
    total_share: DecimalText = Field(description="Share of the reference wage, a fraction, twelve decimals.")
    total: DecimalText = Field(description="For the whole family, KHR a month, whole riel.")
    total_exact: DecimalText = Field(description="The same before it is rounded, KHR a month.")


class SurvivorsAnswer(FamilyPensionsAnswer, WageAnswer):
    """What a family is paid, by class and by person, and by which wage."""


def pensions_answer(paid: SurvivorsPensions) -> dict[str, Any]:
    """The fields of what a family is paid."""
    return {
        "shares": {each: _class_answer(pension) for each, pension in paid.shares.items()},
        "total_share": EXACT.text(paid.total_share),
        **whole_riel("total", paid.total),
    }


def _class_answer(pension: ClassPension) -> dict[str, Any]:
    return {
        "share": EXACT.text(pension.share),
        **whole_riel("monthly_amount", pension.monthly_amount),
        "persons": pension.persons,
        **whole_riel("monthly_amount_per_person", pension.monthly_amount_per_person),
    }


def _award(request: SurvivorsRequest, basis: Basis) -> Answered[SurvivorsAward]:
    provisions = basis.assumptions["provisions"]
    return Answered(
        survivors_award(request.wages(), int(request.spouse), request.children, request.parents, provisions)
    )


SURVIVORS = Calculator(
    method="POST",
    path="/v1/nssf/benefits/survivors",
    operation_id="createNssfSurvivorsBenefit",
    summary="Award survivors' pensions",
    description=(
        "Pensions of spouse, children and parents of a worker who died of an employment injury, by the composition of "
        "the family: at most 70% of the reference wage in all (giz-2012, section 3.6.5). Children, and parents, share "
        "theirs in equal parts."
    ),
    tag="nssf",
    request=SurvivorsRequest,
    answer=SurvivorsAnswer,
    roles=("provisions",),
    question=lambda request, _basis: request,
    formula=_award,
    fields=lambda award, basis: {**wage_answer(award.wage, basis), **pensions_answer(award.paid)},
    event_date=EventDate("date_of_injury", lambda request: request.date_of_injury),
)


class FuneralRequest(OwnFields):
    """A death by employment injury."""

    examples: ClassVar[Mapping[str, Example]] = {
        "in_2011": Example("The last day of the old grant", {"date_of_death": "2011-12-31"}),
        "in_2012": Example("The first day of the new grant", {"date_of_death": "2012-01-01"}),
        "too_early": Example("Refused: before the branch began", {"date_of_death": "2008-10-31"}),
    }

    date_of_death: Date = Field(description="Date of the death, YYYY-MM-DD; the grant in force on it is paid.")


class FuneralAnswer(Part):
    """The funeral grant."""

    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    benefit: DecimalText = Field(description="Paid once, KHR, whole riel.")
    benefit_exact: DecimalText = Field(description="The same before it is rounded, KHR.")


def _funeral_fields(grant: Decimal, basis: Basis) -> dict[str, Any]:
    return {"currency": basis.assumptions["provisions"].currency, **whole_riel("benefit", grant)}


FUNERAL = Calculator(
    method="POST",
    path="/v1/nssf/benefits/funeral",
    operation_id="createNssfFuneralBenefit",
    summary="Award a funeral grant",
    description=(
        "Paid once for a death by employment injury: 1,000,000 riel; 4,000,000 from 1 January 2012 on, as was planned "
        "(giz-2012, section 3.6.3)."
    ),
    tag="nssf",
    request=FuneralRequest,
    answer=FuneralAnswer,
    roles=("provisions",),
    question=lambda request, _basis: request,
    formula=lambda _request, basis: Answered(funeral_grant(basis.assumptions["provisions"])),
    fields=_funeral_fields,
    event_date=EventDate("date_of_death", lambda request: request.date_of_death),
)
