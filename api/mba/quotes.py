"""`POST /v1/mba/quotes`: what a plan, or a household, pays each month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.choices import Choice, ExactlyOne, both
from api.engine import Basis
from api.mba.packages import BenefitsAnswer, benefits_answer
from api.mba.tariff import ROLES, mba_assumptions, premium_of
from api.mba.vocabulary import Coverage, Insured, Package, PlanType
from api.requests import Date, Example, OwnFields
from pricing.ages import completed_years
from pricing.mba.benefits import package_benefits
from pricing.mba.plans import (
    HouseholdPerson,
    Plan,
    household_plan,
    insured_persons,
)
from pricing.mba.premiums import InsuredPremium, gross_monthly_premium
from pricing.mba.quotes import PlanPremium, component_monthly_premium, plan_premium
from pricing.rounding import EXACT, MONTHLY, WHOLE_RIEL, plain
from tables.numbers import Age, parse_whole

MAX_ADDITIONAL = 20
MAX_HOUSEHOLD = 40

AdditionalCount = Annotated[int, Field(ge=0, le=MAX_ADDITIONAL), BeforeValidator(parse_whole)]
Relation = Literal["member", "spouse", "child", "parent", "sibling", "grandparent", "grandchild"]


class AdditionalPersons(OwnFields):
    """Numbers of additional persons by age."""

    aged_15_65: AdditionalCount = Field(default=0, alias="15-65", description="Number of persons aged 15-65.")
    aged_66_75: AdditionalCount = Field(default=0, alias="66-75", description="Number of persons aged 66-75.")


_NOBODY = AdditionalPersons()
_AGE = ExactlyOne(Choice("age", "integer"), Choice("birth_date", "string"))
_FORM = ExactlyOne(Choice("plan_type", "string"), Choice("household", "array"), not_with_second=("additional_persons",))


class Person(OwnFields):
    """One person of a household, with either an age or a birth date."""

    model_config = ConfigDict(
        json_schema_extra=both(
            _AGE.schema(),
            {
                "if": {"properties": {"relation": {"const": "member"}}},
                "else": {"properties": {"entry_age": {"type": "null"}}},
            },
        )
    )

    relation: Relation = Field(description="What the person is to the member; relatives to the second degree.")
    age: Age | None = Field(
        default=None,
        description="Age in completed years at `as_of`. Exactly one of `age` and `birth_date`.",
    )
    birth_date: Date | None = Field(
        default=None, description="Date of birth, YYYY-MM-DD; who was born on 29 February is a year older on 1 March."
    )
    entry_age: Age | None = Field(
        default=None,
        description="Age in completed years at which the member joined. Only for the member, if now above entry age.",
    )

    @model_validator(mode="after")
    def _one_age(self) -> Self:
        _AGE.check(self)
        if self.entry_age is not None and self.relation != "member":
            raise PydanticCustomError("entry_age", "has an entry_age, which only the member has")
        return self

    def age_on(self, day: date) -> int:
        """Completed years on a day."""
        if self.birth_date is not None:
            return completed_years(self.birth_date, day)
        return self.age or 0


class QuoteRequest(OwnFields):
    """A package for either a plan type, with additional persons, or a household."""

    model_config = ConfigDict(json_schema_extra=_FORM.schema())

    examples: ClassVar[Mapping[str, Example]] = {
        "plan_type": Example(
            "A family with a grandparent, by plan type",
            {
                "package": "F",
                "plan_type": "couple_with_children",
                "additional_persons": {"66-75": 1},
                "as_of": "2026-12-01",
            },
        ),
        "household": Example(
            "A household, by birth dates and ages",
            {
                "package": "C",
                "household": [
                    {"relation": "member", "birth_date": "1985-03-14"},
                    {"relation": "spouse", "age": 39},
                    {"relation": "child", "age": 11},
                    {"relation": "grandparent", "age": 70},
                ],
                "as_of": "2026-12-01",
            },
        ),
        "what_if": Example(
            "On the corrected table, at another interest rate",
            {
                "package": "F",
                "plan_type": "single",
                "additional_persons": {"66-75": 1},
                "as_of": "2026-12-01",
                "tables": {"pricing_basis": "mba-pricing-basis-corrected"},
                "overrides": {"pricing_basis": {"interest_rate": "0.05"}},
            },
        ),
        "not_eligible": Example(
            "Refused: a household that the tariff has no price for",
            {
                "package": "A",
                "household": [{"relation": "member", "age": 67}, {"relation": "grandchild", "age": 9}],
                "as_of": "2026-12-01",
            },
        ),
    }

    package: Package = Field(description="The package.")
    plan_type: PlanType | None = Field(
        default=None, description="The household form. Exactly one of `plan_type` and `household`."
    )
    additional_persons: AdditionalPersons | None = Field(
        default=None, description=f"Insured with the plan type, at most {MAX_ADDITIONAL} of each age."
    )
    household: Annotated[list[Person], Field(max_length=MAX_HOUSEHOLD)] | None = Field(
        default=None,
        description=(
            "The persons to insure: exactly one member, at most one spouse, relatives to the second degree. The plan "
            "type follows from them."
        ),
    )

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        _FORM.check(self)
        if self.plan_type is None:
            if self.additional_persons is not None:
                raise PydanticCustomError(
                    "additional_persons", "has additional_persons beside a household: list them in the household"
                )
        elif self.additional_persons is None:
            self.additional_persons = _NOBODY
        return self


class ComponentAnswer(Part):
    """One coverage of one kind of insured person."""

    coverage: Coverage = Field(description="What is insured.")
    insured: Insured = Field(description="The kind of person.")
    persons: DecimalText = Field(description="Number of persons; children count as the tariff's average family.")
    net_annual_premium: DecimalText = Field(description="For one person, without loadings, KHR a year.")
    gross_annual_premium: DecimalText = Field(description="For one person, with loadings, KHR a year.")
    gross_monthly_premium: DecimalText = Field(description="For one person, KHR a month, two decimals.")
    total_monthly_premium: DecimalText = Field(description="For all of these persons, KHR a month, two decimals.")


class QuoteAnswer(Part):
    """The premium of a plan, coverage by coverage, and what the package pays."""

    package: Package = Field(description="The package.")
    plan_type: PlanType = Field(description="The household form, as asked or as it follows from the household.")
    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    monthly_premium: DecimalText = Field(description="Payable, KHR a month, whole riel.")
    monthly_premium_exact: DecimalText = Field(description="The same before it is rounded, KHR a month.")
    annual_premium_exact: DecimalText = Field(description="The same by year, KHR a year.")
    components: list[ComponentAnswer] = Field(description="What the premium is made of.")
    benefits: BenefitsAnswer = Field(description="What the package pays, by event.")


class _Question(NamedTuple):
    package: str
    plan: Plan


@dataclass(frozen=True)
class _Quote:
    package: str
    plan_type: str
    persons: dict[str, Decimal]
    premium: PlanPremium


def _question(request: QuoteRequest, basis: Basis) -> _Question:
    if request.household is not None:
        people = [
            HouseholdPerson(each.relation, each.age_on(basis.as_of), each.entry_age) for each in request.household
        ]
        return _Question(request.package, household_plan(people, basis.assumptions["packages"]))
    additional = request.additional_persons or _NOBODY
    return _Question(request.package, Plan(request.plan_type or "", additional.aged_15_65, additional.aged_66_75))


def _quote(question: _Question, basis: Basis) -> Answered[_Quote]:
    package, plan = question
    assumptions = mba_assumptions(basis)
    persons = insured_persons(plan, assumptions)
    payments = assumptions.pricing_basis.payments_per_year
    premium = plan_premium(package, persons, payments, premium_of(basis))
    return Answered(_Quote(package, plan.plan_type, persons, premium), premium.errata)


def component_answers(
    persons: Mapping[str, Decimal], premium: PlanPremium, payments_per_year: int
) -> list[dict[str, str]]:
    """What the premium of a plan is made of."""
    return [
        component
        for insured, number in persons.items()
        for component in _components(insured, number, premium.insured[insured], payments_per_year)
    ]


def _components(insured: str, number: Decimal, premium: InsuredPremium, payments_per_year: int) -> list[dict[str, str]]:
    persons = plain(number)
    components = []
    for each in premium.coverages:
        monthly = gross_monthly_premium(each.gross_annual_premium, payments_per_year)
        total = component_monthly_premium(number, each.gross_annual_premium, payments_per_year)
        components.append(
            {
                "coverage": each.coverage,
                "insured": insured,
                "persons": persons,
                "net_annual_premium": EXACT.text(each.net_annual_premium),
                "gross_annual_premium": EXACT.text(each.gross_annual_premium),
                "gross_monthly_premium": MONTHLY.text(monthly),
                "total_monthly_premium": MONTHLY.text(total),
            }
        )
    return components


def _fields(quote: _Quote, basis: Basis) -> dict[str, Any]:
    assumptions, premium = mba_assumptions(basis), quote.premium
    payments = assumptions.pricing_basis.payments_per_year
    return {
        "package": quote.package,
        "plan_type": quote.plan_type,
        "currency": assumptions.packages.currency,
        "monthly_premium": WHOLE_RIEL.text(premium.gross_monthly_premium),
        "monthly_premium_exact": EXACT.text(premium.gross_monthly_premium),
        "annual_premium_exact": EXACT.text(premium.gross_annual_premium),
        "components": component_answers(quote.persons, premium, payments),
        "benefits": benefits_answer(package_benefits(quote.package, assumptions.packages)),
    }


QUOTES = Calculator(
    method="POST",
    path="/v1/mba/quotes",
    operation_id="createMbaQuote",
    summary="Quote a premium",
    description=(
        "Monthly premium of a package for a plan type with additional persons, or for a household whose plan type "
        "follows from its members (suan-2009, Tables 8 and 9). The payable premium is the unrounded sum in whole riel."
    ),
    tag="mba",
    request=QuoteRequest,
    answer=QuoteAnswer,
    roles=ROLES,
    question=_question,
    formula=_quote,
    fields=_fields,
    recurring=True,
    identified=True,
)
