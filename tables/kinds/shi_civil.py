"""The tables of civil servants and public pensioners (giz-2012 chapter 5, Annex E)."""

from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from pricing.shi import civil_servants as civil
from pricing.shi import nssfc_benefits as benefits
from tables.kinds.base import LEFT_OUT_OR_STATED, Content, ContentPart
from tables.kinds.mba import ErratumCode, every
from tables.kinds.shi import DependencyRatios, Fees, InsuredBySex, PositiveRate, Shares, Utilisation
from tables.numbers import Amount, Multiple, Persons, PositiveAmount, Rate, Whole

MAX_TRANSITION_YEARS = 40

BenefitKind = Literal[
    "maternity_grant",
    "work_injury",
    "pension",
    "lump_sum",
    "retirement_grant",
    "severance_pay",
    "pension_adjustment",
    "cost_of_living_allowance",
    "widow_of_civil_servant_or_age_pensioner",
    "widow_of_invalidity_pensioner",
    "orphan_of_civil_servant_or_age_pensioner",
    "orphan_of_invalidity_pensioner",
    "invalidity_pension",
    "invalidity_grant",
    "invalidity_pension_adjustment",
    "invalidity_cost_of_living_allowance",
]
YearKey = Annotated[str, Field(pattern=r"^20[0-9]{2}$")]


class CostedShare(ContentPart):
    """A share of national hospitals; `erratum` names the published mistake that it is."""

    share: Rate
    erratum: Annotated[ErratumCode | None, LEFT_OUT_OR_STATED] = None

    def assumptions(self) -> civil.CostedShare:
        """The same as the formulas take it."""
        return civil.CostedShare(self.share, self.erratum)


class CostedShares(ContentPart):
    """Shares that the costing uses in place of the stated ones."""

    outpatient: CostedShare
    inpatient: CostedShare

    def assumptions(self) -> civil.CostedShares:
        """The same as the formulas take it."""
        return civil.CostedShares(self.outpatient.assumptions(), self.inpatient.assumptions())


class BaseAmount(ContentPart):
    """A part of a contribution base; `erratum` names the published mistake that it is."""

    amount: PositiveAmount
    erratum: Annotated[ErratumCode | None, LEFT_OUT_OR_STATED] = None


class ContributionBase(ContentPart):
    """What contributions may be paid on, thousand USD."""

    basic_salaries: PositiveAmount
    pensions: BaseAmount
    full: PositiveAmount
    density: PositiveRate

    def assumptions(self) -> civil.ContributionBase:
        """The same as the formulas take it."""
        pensions = civil.BaseAmount(self.pensions.amount, self.pensions.erratum)
        return civil.ContributionBase(self.basic_salaries, pensions, self.full, self.density)


class NssfcBasisContent(Content):
    """Population, fees, utilisation and contribution bases of civil servants."""

    exchange_rate: PositiveAmount
    civil_servants: InsuredBySex
    age_pensioners: InsuredBySex
    invalidity_pensioners: InsuredBySex
    dependency_of_civil_servants: DependencyRatios
    dependency_of_pensioners: DependencyRatios
    boys_share: Rate
    utilisation_rates: Utilisation
    fees: Fees
    national_hospital_shares: Shares
    costed_shares: Annotated[CostedShares | None, LEFT_OUT_OR_STATED] = None
    add_on_rate: Multiple
    administration_rate: Multiple
    contribution_base: ContributionBase
    minimum_government_share: Rate

    def assumptions(self) -> civil.NssfcBasis:
        """The basis as the formulas take it."""
        return civil.NssfcBasis(
            exchange_rate=self.exchange_rate,
            civil_servants=self.civil_servants.assumptions(),
            age_pensioners=self.age_pensioners.assumptions(),
            invalidity_pensioners=self.invalidity_pensioners.assumptions(),
            dependency_of_civil_servants=self.dependency_of_civil_servants.assumptions(),
            dependency_of_pensioners=self.dependency_of_pensioners.assumptions(),
            boys_share=self.boys_share,
            utilisation_rates=self.utilisation_rates.assumptions(),
            fees=self.fees.assumptions(),
            national_hospital_shares=self.national_hospital_shares.assumptions(),
            costed_shares=None if self.costed_shares is None else self.costed_shares.assumptions(),
            add_on_rate=self.add_on_rate,
            administration_rate=self.administration_rate,
            contribution_base=self.contribution_base.assumptions(),
            minimum_government_share=self.minimum_government_share,
        )


class BenefitAmount(ContentPart):
    """What one beneficiary is paid, and how often a year."""

    amount: Amount
    payments_per_year: Whole


class BeneficiaryYear(ContentPart):
    """Beneficiaries of a year, and its death benefits in million KHR."""

    beneficiaries: Annotated[dict[BenefitKind, Persons], every(BenefitKind)]
    death_benefits: Amount


class NssfcBenefitsContent(Content):
    """Benefits of civil servants by year."""

    amounts: Annotated[dict[BenefitKind, BenefitAmount], every(BenefitKind)]
    years: dict[YearKey, BeneficiaryYear]

    def assumptions(self) -> benefits.NssfcBenefits:
        """The benefits as the formulas take them."""
        amounts: dict[str, benefits.BenefitAmount] = {
            kind: benefits.BenefitAmount(each.amount, each.payments_per_year) for kind, each in self.amounts.items()
        }
        years: dict[str, benefits.BeneficiaryYear] = {}
        for year, each in self.years.items():
            persons: dict[str, int] = dict(each.beneficiaries.items())
            years[year] = benefits.BeneficiaryYear(MappingProxyType(persons), each.death_benefits)
        return benefits.NssfcBenefits(MappingProxyType(amounts), MappingProxyType(years))
