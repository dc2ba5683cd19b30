"""The tables of social health insurance (giz-2012 chapters 4 and 5)."""

from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field

from pricing.shi import assumptions as shi
from tables.kinds.base import Content, ContentPart
from tables.kinds.mba import every
from tables.numbers import MAX_PERSONS, Amount, Multiple, PositiveAmount, Rate, parse_decimal, parse_whole

OptionName = Literal["option_1", "option_2", "option_3"]
ScenarioName = Literal["scenario_1", "scenario_2", "scenario_3"]
LAST_OPTION = len(get_args(OptionName))
LAST_SCENARIO = len(get_args(ScenarioName))

Insured = Annotated[int, Field(ge=1, le=MAX_PERSONS), BeforeValidator(parse_whole)]
"""A number of persons of whom averages are taken, so at least one."""

PositiveRate = Annotated[Decimal, Field(gt=0, le=1), BeforeValidator(parse_decimal)]
"""A fraction above 0, up to 1: what is divided by."""


class InsuredBySex(ContentPart):
    """How many men, and how many women."""

    male: Insured
    female: Insured

    def assumptions(self) -> shi.PersonsBySex:
        """The same as the formulas take it."""
        return shi.PersonsBySex(self.male, self.female)


class MultiplesBySex(ContentPart):
    """A rate above 1 too, of men and of women."""

    male: Multiple
    female: Multiple

    def assumptions(self) -> shi.BySex:
        """The same as the formulas take it."""
        return shi.BySex(self.male, self.female)


class DependencyRatios(ContentPart):
    """Dependants of one insured person, by the sex of that person."""

    spouse: MultiplesBySex
    child: MultiplesBySex

    def assumptions(self) -> shi.DependencyRatios:
        """The same as the formulas take it."""
        return shi.DependencyRatios(self.spouse.assumptions(), self.child.assumptions())


class Utilisation(ContentPart):
    """Services of one person in a year."""

    outpatient: MultiplesBySex
    inpatient: MultiplesBySex

    def assumptions(self) -> shi.Utilisation:
        """The same as the formulas take it."""
        return shi.Utilisation(self.outpatient.assumptions(), self.inpatient.assumptions())


class ProviderFees(ContentPart):
    """What a service costs, by type of provider."""

    health_centre: Amount
    national_hospital: Amount


class Fees(ContentPart):
    """What providers are paid."""

    outpatient: ProviderFees
    inpatient: ProviderFees

    def assumptions(self) -> shi.Fees:
        """The same as the formulas take it."""
        return shi.Fees(
            outpatient=shi.ProviderFees(self.outpatient.health_centre, self.outpatient.national_hospital),
            inpatient=shi.ProviderFees(self.inpatient.health_centre, self.inpatient.national_hospital),
        )


class Shares(ContentPart):
    """Fractions of the contacts and of the admissions."""

    outpatient: Rate
    inpatient: Rate

    def assumptions(self) -> shi.ByCare:
        """The same as the formulas take it."""
        return shi.ByCare(self.outpatient, self.inpatient)


class Financing(ContentPart):
    """What contributions are paid on."""

    insured_earnings: PositiveAmount
    density: PositiveRate
    collection_rate: PositiveRate

    def assumptions(self) -> shi.Financing:
        """The same as the formulas take it."""
        return shi.Financing(self.insured_earnings, self.density, self.collection_rate)


class MedicalOption(ContentPart):
    """A design of the medical benefits."""

    dependants: bool = Field(strict=True)
    national_hospital_shares: Shares
    add_on_rate: Multiple

    def assumptions(self) -> shi.MedicalOption:
        """The same as the formulas take it."""
        return shi.MedicalOption(self.dependants, self.national_hospital_shares.assumptions(), self.add_on_rate)


class PolicyScenario(ContentPart):
    """Which benefits are combined."""

    medical_option: OptionName
    maternity: bool = Field(strict=True)
    sickness: bool = Field(strict=True)

    def assumptions(self) -> shi.PolicyScenario:
        """The same as the formulas take it."""
        return shi.PolicyScenario(self.medical_option, self.maternity, self.sickness)


class ShiBasisContent(Content):
    """Population, fees, utilisation and options of the private sector."""

    exchange_rate: PositiveAmount
    insured: InsuredBySex
    dependency_ratios: DependencyRatios
    boys_share: Rate
    utilisation_rates: Utilisation
    fees: Fees
    administration_rate: Multiple
    financing: Financing
    options: Annotated[dict[OptionName, MedicalOption], every(OptionName)]
    scenarios: Annotated[dict[ScenarioName, PolicyScenario], every(ScenarioName)]

    def assumptions(self) -> shi.ShiBasis:
        """The basis as the formulas take it."""
        options: dict[str, shi.MedicalOption] = {key: each.assumptions() for key, each in self.options.items()}
        scenarios: dict[str, shi.PolicyScenario] = {key: each.assumptions() for key, each in self.scenarios.items()}
        return shi.ShiBasis(
            exchange_rate=self.exchange_rate,
            insured=self.insured.assumptions(),
            dependency_ratios=self.dependency_ratios.assumptions(),
            boys_share=self.boys_share,
            utilisation_rates=self.utilisation_rates.assumptions(),
            fees=self.fees.assumptions(),
            administration_rate=self.administration_rate,
            financing=self.financing.assumptions(),
            options=MappingProxyType(options),
            scenarios=MappingProxyType(scenarios),
        )
