"""What the formulas of the employment injury branch need to know: frozen, unit-bearing views of its tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ReferenceWage:
    """How a history of monthly wages becomes the reference wage.

    Attributes:
        maximum_months: months of the history that count, the last ones.
        minimum, maximum: KHR a month, bounds of the reference wage; None: not bounded.
    """

    maximum_months: int
    minimum: Decimal | None
    maximum: Decimal | None


@dataclass(frozen=True)
class TemporaryDisability:
    """What absence from work pays (giz-2012 §3.6.2).

    Attributes:
        replacement_rate: fraction of the daily reference wage.
        waiting_days: first days of an absence, which the employer pays.
        employer_rate: fraction of the daily wage that the employer pays for them.
        days_per_month: days by which a monthly wage is divided.
    """

    replacement_rate: Decimal
    waiting_days: int
    employer_rate: Decimal
    days_per_month: int


@dataclass(frozen=True)
class DisabilityFactors:
    """The factor of the lump sum and of the pension, in one of the two forms of the formulas (giz-2012 §3.6.4)."""

    lump_sum: Decimal
    pension: Decimal


@dataclass(frozen=True)
class PermanentDisability:
    """What a loss of working capacity pays (giz-2012 §3.6.4).

    Attributes:
        replacement_rate: fraction of the reference wage at a total loss, before the factor.
        pension_from: least loss, a fraction, that pays a pension and no lump sum.
        factors: as in force.
        ilo_recommended: as the ILO recommended.
        caretaker_from: least loss, a fraction, that pays a caretaker as well.
        caretaker_rate: fraction of the pension.
    """

    replacement_rate: Decimal
    pension_from: Decimal
    factors: DisabilityFactors
    ilo_recommended: DisabilityFactors
    caretaker_from: Decimal
    caretaker_rate: Decimal


@dataclass(frozen=True)
class Survivors:
    """What a death pays to the family (giz-2012 §3.6.5).

    Attributes:
        maximum_share: of all survivors together, a fraction of the reference wage.
        shares: by composition of the family (`spouse_and_children`), then by class (`spouse`): fraction of the wage.
    """

    maximum_share: Decimal
    shares: Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True)
class Provisions:
    """Benefits in cash of the employment injury branch.

    Attributes:
        currency: ISO 4217 code of every amount.
        months_per_year: monthly payments of a year.
        funeral_grant: for a death, an amount.
    """

    currency: str
    months_per_year: int
    reference_wage: ReferenceWage
    temporary_disability: TemporaryDisability
    permanent_disability: PermanentDisability
    survivors: Survivors
    funeral_grant: Decimal


@dataclass(frozen=True)
class Contributions:
    """What insurance costs, and who pays it (giz-2012 §3.4, §3.8 and Endnote 16).

    Attributes:
        currency: ISO 4217 code of every amount.
        minimum_workers: of an employer who is covered.
        floor, ceiling: KHR a month, between which a wage is insured.
        rate: fraction of the insured wage, whoever pays it.
        subsidy_rates: by sector, the part of `rate` that the government pays; the employer pays the rest.
    """

    currency: str
    minimum_workers: int
    floor: Decimal
    ceiling: Decimal
    rate: Decimal
    subsidy_rates: Mapping[str, Decimal]


@dataclass(frozen=True)
class MultiplierUnit:
    """How often a year the unit is paid that a multiplier values, and the erratum about it."""

    per_year: int
    erratum: str | None


@dataclass(frozen=True)
class Multipliers:
    """Present value of one unit paid for life, by age (giz-2012 Table C.1).

    Attributes:
        discount_rate: a year, real.
        unit: how often the unit is paid.
        multipliers: by age, completed years, ascending without a gap.
    """

    discount_rate: Decimal
    unit: MultiplierUnit
    multipliers: Mapping[int, Decimal]

    @property
    def first_age(self) -> int:
        """The youngest age that has a multiplier."""
        return min(self.multipliers)

    @property
    def last_age(self) -> int:
        """The oldest age that has a multiplier."""
        return max(self.multipliers)
