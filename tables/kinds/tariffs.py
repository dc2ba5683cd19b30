"""Premium scales of schemes: one kind for flat, banded and income-related premiums, of persons and of families."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from pricing.arithmetic import ONE
from pricing.tariffs import assumptions as tariffs
from tables.kinds.base import LEFT_OUT_OR_STATED, Content, ContentPart
from tables.numbers import Amount, Rate, Whole

MAX_PERSONS = 1000
"""The largest number of persons in a scale, and in a question to one."""

NAME_PATTERN = r"^[a-z][a-z0-9]+(_[a-z0-9]+)*$"
MAX_NAME = 40

_MONTHS_OF_A_YEAR = 12


def _divides_a_year(months: int) -> int:
    if _MONTHS_OF_A_YEAR % months:
        raise ValueError("must be a number of months that divides a year: 1, 2, 3, 4, 6 or 12")
    return months


Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=MAX_NAME)]
"""A class of members, or a payer: lower case, words joined by underscores."""

FamilySize = Annotated[str, StringConstraints(pattern=r"^([1-9][0-9]{0,2}|1000)$")]
PeriodMonths = Annotated[Whole, Field(ge=1, le=_MONTHS_OF_A_YEAR), AfterValidator(_divides_a_year)]
MonthNumber = Annotated[Whole, Field(ge=1, le=_MONTHS_OF_A_YEAR)]
DecimalPlaces = Annotated[Whole, Field(ge=0, le=4)]
LargestFamily = Annotated[Whole, Field(ge=1, le=MAX_PERSONS)]


class Subsidy(ContentPart):
    """What somebody gives so that the others pay less: a part of the premium, or an amount beside it."""

    payer: Name
    share_of_premium: Annotated[Rate | None, LEFT_OUT_OR_STATED] = None
    amount_beside_premium: Annotated[Amount | None, LEFT_OUT_OR_STATED] = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.share_of_premium is None) == (self.amount_beside_premium is None):
            raise ValueError("needs one of share_of_premium and amount_beside_premium")
        return self

    def assumptions(self) -> tariffs.Subsidy:
        """The subsidy as the formulas take it."""
        return tariffs.Subsidy(self.payer, self.share_of_premium, self.amount_beside_premium)


class MembershipClass(ContentPart):
    """The scale of one class of members."""

    premium: Annotated[Amount | None, LEFT_OUT_OR_STATED] = None
    premium_by_family_size: Annotated[
        dict[FamilySize, Amount] | None, Field(min_length=1, max_length=50), LEFT_OUT_OR_STATED
    ] = None
    rate: Annotated[Rate | None, LEFT_OUT_OR_STATED] = None
    largest_family: Annotated[LargestFamily | None, LEFT_OUT_OR_STATED] = None
    premium_for_each_further_person: Annotated[Amount | None, LEFT_OUT_OR_STATED] = None
    payers: Annotated[dict[Name, Rate] | None, Field(min_length=1, max_length=10), LEFT_OUT_OR_STATED] = None
    subsidy: Annotated[Subsidy | None, LEFT_OUT_OR_STATED] = None

    @field_validator("premium_by_family_size")
    @classmethod
    def _from_one_person_on(cls, given: Mapping[str, Decimal] | None) -> Mapping[str, Decimal] | None:
        if given is not None and "1" not in given:
            raise ValueError('needs an amount from 1 person on, with the key "1"')
        return given

    @field_validator("payers")
    @classmethod
    def _pay_all(cls, given: Mapping[str, Decimal] | None) -> Mapping[str, Decimal] | None:
        if given is not None and sum(given.values()) != ONE:
            raise ValueError("must have fractions that add up to 1")
        return given

    @model_validator(mode="after")
    def _one_scale(self) -> Self:
        scales = (self.premium, self.premium_by_family_size, self.rate)
        if sum(each is not None for each in scales) != 1:
            raise ValueError("needs one of premium, premium_by_family_size and rate")
        sizes = [int(size) for size in self.premium_by_family_size or ()]
        if self.largest_family is None:
            if self.premium_for_each_further_person is not None:
                raise ValueError("needs largest_family: premium_for_each_further_person is for those beyond it")
        elif self.rate is not None:
            raise ValueError("has a rate, which no number of persons limits: leave largest_family out")
        elif sizes and max(sizes) > self.largest_family:
            raise ValueError("has a band of premium_by_family_size that begins above largest_family")
        return self

    def assumptions(self) -> tariffs.MembershipClass:
        """The class as the formulas take it."""
        bands = self.premium_by_family_size
        return tariffs.MembershipClass(
            premium=self.premium,
            premium_by_family_size=None
            if bands is None
            else MappingProxyType({size: bands[str(size)] for size in sorted(map(int, bands))}),
            rate=self.rate,
            largest_family=self.largest_family,
            premium_for_each_further_person=self.premium_for_each_further_person,
            payers=None if self.payers is None else MappingProxyType(dict[str, Decimal](self.payers.items())),
            subsidy=None if self.subsidy is None else self.subsidy.assumptions(),
        )


class IncomeBounds(ContentPart):
    """Between which amounts an income counts."""

    lowest: Annotated[Amount | None, LEFT_OUT_OR_STATED] = None
    highest: Annotated[Amount | None, LEFT_OUT_OR_STATED] = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.lowest is not None and self.highest is not None and self.lowest > self.highest:
            raise ValueError("lowest must not be above highest")
        return self


class Proration(ContentPart):
    """What is divided by months where cover begins later in the scheme's own period."""

    of: Literal["premium", "earned_premium"]
    first_month: MonthNumber


class TariffContent(Content):
    """A scheme's premium scale, by class of members."""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    decimal_places: DecimalPlaces
    charged_for: Literal["person", "family", "income"]
    period_months: PeriodMonths
    classes: Annotated[dict[Name, MembershipClass], Field(min_length=1, max_length=50)]
    income: Annotated[IncomeBounds | None, LEFT_OUT_OR_STATED] = None
    proration: Annotated[Proration | None, LEFT_OUT_OR_STATED] = None

    @model_validator(mode="after")
    def _scales_of_what_is_charged_for(self) -> Self:
        on_income = self.charged_for == tariffs.INCOME
        for name, scale in self.classes.items():
            if (scale.rate is not None) != on_income:
                raise ValueError(f"classes/{name}: a rate is for what is charged for income, amounts for the rest")
            if scale.premium_for_each_further_person is not None and self.charged_for != tariffs.FAMILY:
                raise ValueError(f"classes/{name}: premium_for_each_further_person is for what is charged for a family")
        if self.income is not None and not on_income:
            raise ValueError("income has bounds only where the premium is charged for it")
        return self

    def assumptions(self) -> tariffs.Tariff:
        """The scale as the formulas take it."""
        classes = {name: scale.assumptions() for name, scale in self.classes.items()}
        return tariffs.Tariff(
            currency=self.currency,
            decimal_places=self.decimal_places,
            charged_for=self.charged_for,
            period_months=self.period_months,
            classes=MappingProxyType(classes),
            income=None if self.income is None else tariffs.IncomeBounds(self.income.lowest, self.income.highest),
            proration=None
            if self.proration is None
            else tariffs.Proration(self.proration.of, self.proration.first_month),
        )
