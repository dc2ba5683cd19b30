"""What the employment injury branch experienced (giz-2012 chapter 3, Annex D)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import AfterValidator, Field, model_validator

from pricing.nssf import experience as nssf
from tables.kinds.base import LEFT_OUT_OR_STATED, Content, ContentPart
from tables.kinds.mba import ErratumCode, every
from tables.kinds.nssf_contributions import Sector
from tables.kinds.nssf_provisions import SurvivorClass
from tables.numbers import Amount, Persons, PositiveAmount, Rate, Year

Hospital = Literal[
    "calmette",
    "kossamak",
    "khmer_soviet",
    "chey_chomneach",
    "kompong_speu",
    "bak_chan",
    "chy_pho",
    "svay_rieng",
    "siem_reap",
    "sihanoukville",
    "kompong_chhnang",
    "kompong_tralach",
    "doung",
    "banteay_meanchey",
]
Country = Literal["thailand", "eu", "usa"]
Sex = Literal["male", "female"]
Degree = Literal["1-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-100"]
MisprintedFigure = Literal[
    "injuries_by_place",
    "disability_awards_by_sex",
    "compensated_share",
    "parents_average_pension",
    "insured_earnings",
    "administration_share",
    "return_on_reserve",
    "assets",
]

PartT = TypeVar("PartT", bound=ContentPart)
FromT = TypeVar("FromT")
ToT = TypeVar("ToT")

YearKey = Annotated[str, Field(pattern="^(19|20)[0-9]{2}$")]
Counted = Annotated[Persons, Field(ge=1)]
"""A number that something is divided by."""
PerHundredThousand = Annotated[Amount, Field(le=100_000)]
Percent = Annotated[Amount, Field(le=100)]


def _without_a_gap(by_year: Mapping[str, FromT]) -> Mapping[str, FromT]:
    years = sorted(map(int, by_year))
    if years[-1] - years[0] >= len(years):
        raise ValueError("must have no gap between the first year and the last")
    return by_year


YEARS = (Field(min_length=1), AfterValidator(_without_a_gap))
"""Of a mapping by year: it has one, and every one between the first and the last."""


class Accidents(ContentPart):
    """Accidents of a sector, and how many of them were fatal."""

    reported: Persons
    fatal: Persons

    @model_validator(mode="after")
    def _some_of_those_reported(self) -> Self:
        if self.fatal > self.reported:
            raise ValueError("fatal must not be above reported")
        return self


class AccidentPlaces(ContentPart):
    """Accidents of a sector by place."""

    fatal_workplace: Persons
    fatal_commuting: Persons
    injuries_workplace: Persons
    injuries_commuting: Persons


class _ForeignRates(ContentPart):
    @model_validator(mode="after")
    def _whole_or_parts(self) -> Self:
        stated = [name for name in ("overall", "workplace", "commuting") if getattr(self, name) is not None]
        if stated not in (["overall"], ["workplace", "commuting"]):
            raise ValueError("has either overall, or workplace and commuting, of which overall is the sum")
        return self


class DeathRates(_ForeignRates):
    """Deaths per 100,000 workers."""

    overall: Annotated[PerHundredThousand | None, LEFT_OUT_OR_STATED] = None
    workplace: Annotated[PerHundredThousand | None, LEFT_OUT_OR_STATED] = None
    commuting: Annotated[PerHundredThousand | None, LEFT_OUT_OR_STATED] = None


class InjuryRates(_ForeignRates):
    """Percent of workers injured."""

    overall: Annotated[Percent | None, LEFT_OUT_OR_STATED] = None
    workplace: Annotated[Percent | None, LEFT_OUT_OR_STATED] = None
    commuting: Annotated[Percent | None, LEFT_OUT_OR_STATED] = None


class ForeignCountry(ContentPart):
    """Rates of another country."""

    year: Year
    deaths: DeathRates
    injuries: InjuryRates

    def assumptions(self) -> nssf.ForeignCountry:
        """The rates as the formulas take them."""
        deaths, injuries = (nssf.ForeignRates(**each.model_dump()) for each in (self.deaths, self.injuries))
        return nssf.ForeignCountry(self.year, deaths, injuries)


class Provider(ContentPart):
    """Claims reimbursed to a provider."""

    expenditure_millions: Amount
    average_claim: Annotated[Amount | None, LEFT_OUT_OR_STATED] = None


class MedicalClaims(ContentPart):
    """Claims reimbursed in a year."""

    contracted: Annotated[dict[Hospital, Provider], every(Hospital)]
    contracted_average_claim: Amount
    non_contracted: Provider

    def assumptions(self) -> nssf.MedicalClaims:
        """The claims as the formulas take them."""
        return nssf.MedicalClaims(
            contracted=_mapped(self.contracted, nssf.Provider, Hospital),
            contracted_average_claim=self.contracted_average_claim,
            non_contracted=nssf.Provider(**self.non_contracted.model_dump()),
        )


class TemporaryDisabilityClaims(ContentPart):
    """Claims approved in a year, and the wage that they are compared with."""

    benefits_millions: Amount
    claims: Counted
    days: Counted
    insured_monthly_wage: PositiveAmount
    erratum: Annotated[ErratumCode | None, LEFT_OUT_OR_STATED] = None


class DisabilityAwards(ContentPart):
    """Awards of lump sums or of pensions."""

    cases: Counted
    amount: Amount
    loss_of_working_capacity: Rate
    reference_wage: PositiveAmount


class Pensioners(ContentPart):
    """New pensioners by sex."""

    male: Persons
    female: Persons


class SurvivorPensions(ContentPart):
    """Pensions awarded to a class of survivors."""

    pensioners: Counted
    annual_amount: Amount
    replacement_rate: Rate


class IncomeStatement(ContentPart):
    """Lines of Annex D that are no sums."""

    employer_contributions: PositiveAmount
    contribution_subsidy: Amount
    investment_income: Amount
    in_kind_subsidies: Amount
    medical_benefits: Amount
    nursing_allowance: Amount
    temporary_disability_benefits: Amount
    funeral_grants: Amount
    disability_lump_sums: Amount
    disability_pensions: Amount
    survivor_pensions: Amount
    salaries: Amount
    missions: Amount
    recurrent_administration: Amount
    depreciation: Amount
    fixed_assets: Amount
    inventory: Amount
    accounts_receivable: Amount
    reserve: PositiveAmount


class PensionLiabilities(ContentPart):
    """Present value of the pensions awarded in a year."""

    disability_millions: Amount
    survivors_millions: Amount


class Misprint(ContentPart):
    """A figure whose print is wrong, in a year if it has one."""

    year: Annotated[Year | None, LEFT_OUT_OR_STATED] = None
    erratum: ErratumCode


class ExperienceContent(Content):
    """Experience of the branch by subject, and by year where it has years."""

    currency: Literal["KHR"]
    exchange_rate: PositiveAmount
    workers: Annotated[dict[YearKey, Annotated[dict[Sector, Counted], every(Sector)]], *YEARS]
    accidents: Annotated[dict[YearKey, Annotated[dict[Sector, Accidents], every(Sector)]], *YEARS]
    places: Annotated[dict[YearKey, Annotated[dict[Sector, AccidentPlaces], every(Sector)]], *YEARS]
    international: dict[Country, ForeignCountry]
    medical_claims: Annotated[dict[YearKey, MedicalClaims], *YEARS]
    temporary_disability: Annotated[dict[YearKey, TemporaryDisabilityClaims], *YEARS]
    funeral_grants_paid: Annotated[dict[YearKey, Persons], *YEARS]
    disability_degrees: Annotated[dict[Sex, Annotated[dict[Degree, Persons], every(Degree)]], every(Sex)]
    lump_sums: DisabilityAwards
    disability_pensions: DisabilityAwards
    survivor_pensioners: Annotated[
        dict[YearKey, Annotated[dict[SurvivorClass, Pensioners], every(SurvivorClass)]], *YEARS
    ]
    survivor_pensions: Annotated[dict[SurvivorClass, SurvivorPensions], every(SurvivorClass)]
    income_statements: Annotated[dict[YearKey, IncomeStatement], *YEARS]
    pension_liabilities: Annotated[dict[YearKey, PensionLiabilities], *YEARS]
    misprints: dict[MisprintedFigure, Misprint]

    def assumptions(self) -> nssf.Experience:
        """The experience as the formulas take it."""
        return nssf.Experience(
            currency=self.currency,
            exchange_rate=self.exchange_rate,
            workers=_by_year(self.workers, lambda sectors: _in_order(sectors, Sector)),
            accidents=_by_year(self.accidents, lambda sectors: _mapped(sectors, nssf.Accidents, Sector)),
            places=_by_year(self.places, lambda sectors: _mapped(sectors, nssf.AccidentPlaces, Sector)),
            international=_converted(self.international, ForeignCountry.assumptions, Country),
            medical_claims=_by_year(self.medical_claims, MedicalClaims.assumptions),
            temporary_disability=_by_year(
                self.temporary_disability, lambda claims: nssf.TemporaryDisabilityClaims(**claims.model_dump())
            ),
            funeral_grants_paid=_by_year(self.funeral_grants_paid, int),
            disability_degrees=_converted(self.disability_degrees, lambda awards: _in_order(awards, Degree), Sex),
            lump_sums=nssf.DisabilityAwards(**self.lump_sums.model_dump()),
            disability_pensions=nssf.DisabilityAwards(**self.disability_pensions.model_dump()),
            survivor_pensioners=_by_year(
                self.survivor_pensioners, lambda classes: _mapped(classes, nssf.Pensioners, SurvivorClass)
            ),
            survivor_pensions=_mapped(self.survivor_pensions, nssf.SurvivorPensions, SurvivorClass),
            income_statements=_by_year(
                self.income_statements, lambda statement: nssf.IncomeStatement(**statement.model_dump())
            ),
            pension_liabilities=_by_year(
                self.pension_liabilities, lambda liabilities: nssf.PensionLiabilities(**liabilities.model_dump())
            ),
            misprints=_mapped(self.misprints, nssf.Misprint, MisprintedFigure),
        )


def _by_year(by_year: Mapping[str, FromT], convert: Callable[[FromT], ToT]) -> Mapping[int, ToT]:
    return MappingProxyType({int(year): convert(by_year[year]) for year in sorted(by_year)})


def _in_order(by_name: Mapping[Any, FromT], names: Any) -> Mapping[str, FromT]:
    """A mapping in the order of the source, which is that of the names."""
    return MappingProxyType({name: by_name[name] for name in get_args(names) if name in by_name})


def _converted(by_name: Mapping[Any, FromT], convert: Callable[[FromT], ToT], names: Any) -> Mapping[str, ToT]:
    return MappingProxyType({name: convert(each) for name, each in _in_order(by_name, names).items()})


def _mapped(parts: Mapping[Any, PartT], convert: Callable[..., ToT], names: Any) -> Mapping[str, ToT]:
    return _converted(parts, lambda part: convert(**part.model_dump()), names)
