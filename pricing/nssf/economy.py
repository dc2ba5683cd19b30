"""The economy that the branch works in: growth and prices, who is employed and where (giz-2012 chapter 2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE, total
from pricing.nssf.indexation import Growth, Indicators, growth
from pricing.trace import formula

SIZES = ("1-4", "5-9", "10-19", "20-49", "50-99", "100-499", "500-999", "1000-and-more")
"""The classes of enterprises by the number of persons in one, smallest first."""


@dataclass(frozen=True)
class EnterprisesOfSize:
    """Enterprises of one class, the persons in them, and which fraction of the class has eight or more."""

    enterprises: int
    male: int
    female: int
    with_eight_or_more: Decimal


@dataclass(frozen=True)
class LabourForce:
    """The labour force, million persons, and those of it who are employed."""

    millions: Decimal
    employed: int


@dataclass(frozen=True)
class Employment:
    """Labour force, insured workers, and enterprises by class of size, smallest first."""

    labour_force: LabourForce
    insured_workers: int
    enterprises: Mapping[str, EnterprisesOfSize]


@dataclass(frozen=True)
class EnterpriseTotals:
    """Enterprises, and the men and women in them."""

    enterprises: Decimal
    male: Decimal
    female: Decimal

    @property
    def total(self) -> Decimal:
        """Men and women."""
        return self.male + self.female


@dataclass(frozen=True)
class Economy:
    """Growth by year; enterprises by class, all together, and those of eight or more; insured of the employed."""

    growth: Mapping[int, Growth]
    sizes: Mapping[str, EnterpriseTotals]
    every_size: EnterpriseTotals
    eight_or_more: EnterpriseTotals
    insured_share: Decimal
    errata: tuple[str, ...]

    @property
    def workers_of_eight_or_more(self) -> Decimal:
        """Persons in enterprises that must insure them."""
        return self.eight_or_more.total


@formula("insured share", source="giz-2012 §3.3", unit="fraction")
def insured_share(insured_workers: int, employed: int) -> Decimal:
    """Insured workers as a fraction of the employed.

    Formula: insured / employed
    Args:
        insured_workers: persons.
        employed: persons, > 0.
    Returns: a fraction, unrounded.
    """
    return Decimal(insured_workers) / employed


@formula("E_8+", source="giz-2012 Table 2.5", unit="persons", shows="workers_of_eight_or_more")
def economy(indicators: Indicators, employment: Employment) -> Economy:
    """Growth and prices by year, and employment by size of enterprise; persons in those of eight or more are shown.

    Formula: Σ fraction of a class with eight or more · persons in the class
    Args:
        indicators: prices and output by year.
        employment: labour force and enterprises.
    Returns: fractions and numbers, unrounded.
    """
    erratum = indicators.deflator.erratum
    return Economy(
        growth={year: growth(indicators, year) for year in list(indicators.years)[1:]},
        sizes={size: _totals([each], lambda _: ONE) for size, each in employment.enterprises.items()},
        every_size=_totals(list(employment.enterprises.values()), lambda _: ONE),
        eight_or_more=_totals(list(employment.enterprises.values()), lambda each: each.with_eight_or_more),
        insured_share=insured_share(employment.insured_workers, employment.labour_force.employed),
        errata=() if erratum is None else (erratum,),
    )


def _totals(classes: list[EnterprisesOfSize], fraction_of: Callable[[EnterprisesOfSize], Decimal]) -> EnterpriseTotals:
    return EnterpriseTotals(
        enterprises=total(fraction_of(each) * each.enterprises for each in classes),
        male=total(fraction_of(each) * each.male for each in classes),
        female=total(fraction_of(each) * each.female for each in classes),
    )
