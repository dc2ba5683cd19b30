"""The table of the pilot scheme for garment workers, HIP (giz-2012 Annex A)."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from pricing.shi import pilot as shi
from pricing.shi.assumptions import BySex
from tables.kinds.base import LEFT_OUT_OR_STATED, Content, ContentPart
from tables.kinds.mba import ErratumCode
from tables.kinds.shi import Fees, InsuredBySex, Shares
from tables.numbers import Amount, Multiple, PositiveAmount, parse_decimal, parse_whole

PositiveMultiple = Annotated[Decimal, Field(gt=0, lt=10), BeforeValidator(parse_decimal)]
"""A multiple above 0: what is divided by."""

Months = Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(parse_whole)]


class PositiveBySex(ContentPart):
    """A rate of men and of women."""

    male: PositiveMultiple
    female: PositiveMultiple

    def assumptions(self) -> BySex:
        """The same as the formulas take it."""
        return BySex(self.male, self.female)


class Membership(ContentPart):
    """Members of one kind: how many contribute, and their services a year."""

    contributors: InsuredBySex
    outpatient: PositiveBySex
    inpatient: PositiveBySex
    deliveries: Multiple

    def assumptions(self) -> shi.Membership:
        """The same as the formulas take it."""
        return shi.Membership(
            self.contributors.assumptions(),
            self.outpatient.assumptions(),
            self.inpatient.assumptions(),
            self.deliveries,
        )


class CountedServices(ContentPart):
    """Services that were counted in a year; `erratum` names the published mistake that they are."""

    outpatient: InsuredBySex
    inpatient: InsuredBySex
    erratum: Annotated[ErratumCode | None, LEFT_OUT_OR_STATED] = None


class Experience(ContentPart):
    """A year of the scheme, USD."""

    services: CountedServices

    contribution_income: PositiveAmount
    medical_benefits: Amount
    drugs_and_supplies: Amount
    transport: Amount


class HipBasisContent(Content):
    """Members, utilisation, experience and fees of the pilot."""

    monthly_premium: PositiveAmount
    months_per_year: Months
    voluntary: Membership
    mandatory: Membership
    experience: Experience
    fees: Fees
    national_hospital_shares: Shares
    administration_rate: Multiple

    def assumptions(self) -> shi.HipBasis:
        """The basis as the formulas take it."""
        paid, counted = self.experience, self.experience.services
        return shi.HipBasis(
            monthly_premium=self.monthly_premium,
            months_per_year=self.months_per_year,
            voluntary=self.voluntary.assumptions(),
            mandatory=self.mandatory.assumptions(),
            experience=shi.Experience(
                services=shi.CountedServices(
                    counted.outpatient.assumptions(), counted.inpatient.assumptions(), counted.erratum
                ),
                contribution_income=paid.contribution_income,
                medical_benefits=paid.medical_benefits,
                drugs_and_supplies=paid.drugs_and_supplies,
                transport=paid.transport,
            ),
            fees=self.fees.assumptions(),
            national_hospital_shares=self.national_hospital_shares.assumptions(),
            administration_rate=self.administration_rate,
        )
