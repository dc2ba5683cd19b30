"""The tables of sickness and maternity cash benefits (giz-2012 Tables 4.8-4.11, Annex B)."""

from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from pricing.shi import cash
from pricing.shi import spells as shi
from tables.kinds.base import LEFT_OUT_OR_STATED, Content, ContentPart
from tables.kinds.mba import ErratumCode, every
from tables.kinds.shi import Financing, Insured
from tables.numbers import Amount, Multiple, Rate, parse_decimal, parse_whole

MAX_WAITING_DAYS = 365

SampleName = Literal["days_1_7", "days_8_14", "days_15_21", "days_22_and_more"]
Scheme = Literal["cyprus", "india", "ilo_staff", "luxembourg", "finland", "cambodia"]

Days = Annotated[Decimal, Field(ge=0, lt=1000), BeforeValidator(parse_decimal)]
"""A number of days, on average."""

SpellDays = Annotated[Decimal, Field(ge=1, lt=1000), BeforeValidator(parse_decimal)]
"""A number of days, on average, that is not too small to divide by what is left of it."""

Size = Annotated[Decimal, Field(ge=Decimal("0.01"), lt=1000), BeforeValidator(parse_decimal)]
"""The size of a negative binomial, for the same reason not too small."""

WaitingDays = Annotated[int, Field(ge=0, le=MAX_WAITING_DAYS), BeforeValidator(parse_whole)]
"""Days of a spell before the first that is paid."""

DaysPerYear = Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(parse_whole)]


class MaternityBasisContent(Content):
    """What maternity benefits rest on."""

    insured_women: Insured
    average_annual_wage: Amount
    days_per_year: DaysPerYear
    replacement_rate: Multiple
    benefit_days: Days
    incidence_rate: Multiple
    qualifying_share: Rate
    administration_rate: Multiple
    financing: Financing

    def assumptions(self) -> cash.MaternityBasis:
        """The basis as the formulas take it."""
        return cash.MaternityBasis(
            insured_women=self.insured_women,
            average_annual_wage=self.average_annual_wage,
            days_per_year=self.days_per_year,
            replacement_rate=self.replacement_rate,
            benefit_days=self.benefit_days,
            incidence_rate=self.incidence_rate,
            qualifying_share=self.qualifying_share,
            administration_rate=self.administration_rate,
            financing=self.financing.assumptions(),
        )


class Wage(ContentPart):
    """An average wage of a year; `erratum` names the published mistake that it is."""

    amount: Amount
    erratum: Annotated[ErratumCode | None, LEFT_OUT_OR_STATED] = None


class NegativeBinomial(ContentPart):
    """Days with a mean; the smaller the size, the more they scatter."""

    mean: SpellDays
    size: Size

    def assumptions(self) -> shi.NegativeBinomial:
        """The same as the formulas take it."""
        return shi.NegativeBinomial(self.mean, self.size)


class SpellDistribution(ContentPart):
    """A mixture of two."""

    weight: Rate
    first: NegativeBinomial
    second: NegativeBinomial

    def assumptions(self) -> shi.SpellDistribution:
        """The same as the formulas take it."""
        return shi.SpellDistribution(self.weight, self.first.assumptions(), self.second.assumptions())


class SampleClass(ContentPart):
    """Spells of a sample from so many days on, up to the next class."""

    first_day: WaitingDays
    share: Rate


class SicknessExperience(ContentPart):
    """What a scheme observed."""

    incidence_rate: Multiple
    days_per_spell: Days


class SicknessBasisContent(Content):
    """What sickness benefits rest on."""

    insured: Insured
    average_annual_wage: Wage
    days_per_year: DaysPerYear
    replacement_rate: Multiple
    waiting_days: WaitingDays
    qualifying_share: Rate
    benefit_days: Days
    incidence_rate: Multiple
    administration_rate: Multiple
    financing: Financing
    spells: SpellDistribution
    sample: Annotated[dict[SampleName, SampleClass], every(SampleName)]
    experience: Annotated[dict[Scheme, SicknessExperience], every(Scheme)]

    def assumptions(self) -> cash.SicknessBasis:
        """The basis as the formulas take it."""
        wage = self.average_annual_wage
        sample: dict[str, shi.SampleClass] = {
            name: shi.SampleClass(each.first_day, each.share) for name, each in self.sample.items()
        }
        experience: dict[str, cash.SicknessExperience] = {
            name: cash.SicknessExperience(each.incidence_rate, each.days_per_spell)
            for name, each in self.experience.items()
        }
        return cash.SicknessBasis(
            insured=self.insured,
            average_annual_wage=cash.Wage(wage.amount, wage.erratum),
            days_per_year=self.days_per_year,
            replacement_rate=self.replacement_rate,
            waiting_days=self.waiting_days,
            qualifying_share=self.qualifying_share,
            benefit_days=self.benefit_days,
            incidence_rate=self.incidence_rate,
            administration_rate=self.administration_rate,
            financing=self.financing.assumptions(),
            spells=self.spells.assumptions(),
            sample=MappingProxyType(sample),
            experience=MappingProxyType(experience),
        )
