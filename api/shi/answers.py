"""What the answers of social health insurance have in common."""

from decimal import Decimal
from typing import Protocol

from pydantic import Field

from api.answers import DecimalText, Part
from pricing.rounding import EXACT, MILLION_KHR
from pricing.shi.assumptions import ByCare, Financing
from pricing.shi.care import Expenditure, PerHead


class PersonsAnswer(Part):
    """Persons by sex; averages, so not whole."""

    male: DecimalText = Field(description="Number of men or boys, 12 decimals.")
    female: DecimalText = Field(description="Number of women or girls, 12 decimals.")
    total: DecimalText = Field(description="Number of all, 12 decimals.")


class UnitCostsAnswer(Part):
    """What a service costs, on average over the providers."""

    outpatient: DecimalText = Field(description="Of an outpatient contact, USD, 12 decimals.")
    inpatient: DecimalText = Field(description="Of an inpatient admission, USD, 12 decimals.")


class UtilisationAnswer(Part):
    """Services of one person in a year, on average over the covered persons."""

    outpatient: DecimalText = Field(description="Number of outpatient contacts a year, 12 decimals.")
    inpatient: DecimalText = Field(description="Number of inpatient admissions a year, 12 decimals.")


class ServicesAnswer(Part):
    """Services of all covered persons in a year."""

    outpatient: DecimalText = Field(description="Number of outpatient contacts a year, 12 decimals.")
    inpatient: DecimalText = Field(description="Number of inpatient admissions a year, 12 decimals.")


class PerHeadAnswer(Part):
    """What one covered person costs a year, without administration."""

    outpatient: DecimalText = Field(description="Outpatient care of the basic package, USD, 12 decimals.")
    inpatient: DecimalText = Field(description="Inpatient care of the basic package, USD, 12 decimals.")
    basic: DecimalText = Field(description="The basic package, USD, 12 decimals.")
    add_on: DecimalText = Field(description="Benefits beyond the basic package, USD, 12 decimals.")
    total: DecimalText = Field(description="All of it, USD, 12 decimals.")
    total_khr: DecimalText = Field(description="All of it, KHR, 12 decimals.")


class ExpenditureAnswer(Part):
    """What all covered persons cost a year."""

    outpatient: DecimalText = Field(description="Outpatient care of the basic package, million KHR, 6 decimals.")
    inpatient: DecimalText = Field(description="Inpatient care of the basic package, million KHR, 6 decimals.")
    basic: DecimalText = Field(description="The basic package, million KHR, 6 decimals.")
    add_on: DecimalText = Field(description="Benefits beyond the basic package, million KHR, 6 decimals.")
    benefits: DecimalText = Field(description="All benefits, million KHR, 6 decimals.")
    administration: DecimalText = Field(description="Administration of them, million KHR, 6 decimals.")
    total: DecimalText = Field(description="Benefits and administration, million KHR, 6 decimals.")


class FinancingAnswer(Part):
    """What contributions are paid on."""

    insured_earnings: DecimalText = Field(description="Insured earnings of a year, million KHR, 6 decimals.")
    density: DecimalText = Field(
        description="Contributory period as a fraction of the period of entitlement, 12 decimals."
    )
    collection_rate: DecimalText = Field(
        description="Fraction of the contributions due that is collected, 12 decimals."
    )


class _BySex(Protocol):
    @property
    def male(self) -> Decimal: ...
    @property
    def female(self) -> Decimal: ...
    @property
    def total(self) -> Decimal: ...


def by_sex(value: _BySex) -> dict[str, str]:
    """A figure for men, one for women, one for all."""
    return {name: EXACT.text(getattr(value, name)) for name in PersonsAnswer.model_fields}


def by_care(value: ByCare) -> dict[str, str]:
    """A figure for outpatient and one for inpatient care."""
    return {"outpatient": EXACT.text(value.outpatient), "inpatient": EXACT.text(value.inpatient)}


def per_head_fields(per_head: PerHead) -> dict[str, str]:
    """Costs of one person."""
    return {name: EXACT.text(getattr(per_head, name)) for name in PerHeadAnswer.model_fields}


def expenditure_fields(expenditure: Expenditure) -> dict[str, str]:
    """Costs of all persons."""
    return {name: MILLION_KHR.text(getattr(expenditure, name)) for name in ExpenditureAnswer.model_fields}


def financing_fields(financing: Financing) -> dict[str, str]:
    """What contributions are paid on."""
    return {
        "insured_earnings": MILLION_KHR.text(financing.insured_earnings),
        "density": EXACT.text(financing.density),
        "collection_rate": EXACT.text(financing.collection_rate),
    }
