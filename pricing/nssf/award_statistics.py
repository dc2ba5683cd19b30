"""Which long-term benefits were awarded from 2008 to 2010 (giz-2012 Tables 3.9-3.13)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import MILLION_POWER, PERCENT_POWER, total
from pricing.nssf.assumptions import PermanentDisability, Provisions
from pricing.nssf.experience import DisabilityAwards, Experience, Pensioners, SurvivorPensions
from pricing.trace import formula


@dataclass(frozen=True)
class DegreeCounts:
    """Awards for permanent disability by class of loss of working capacity, and in all."""

    degrees: Mapping[str, int]
    total: int


@dataclass(frozen=True)
class LumpSumAverages:
    """Lump sums awarded: their mean in KHR, and what they make good of the earnings lost, percent."""

    awards: DisabilityAwards
    average_benefit: Decimal
    compensated_share: Decimal


@dataclass(frozen=True)
class PensionAverages:
    """Disability pensions awarded: their mean in KHR a month, and in percent of the reference wage."""

    awards: DisabilityAwards
    average_monthly_pension: Decimal
    wage_share: Decimal


@dataclass(frozen=True)
class PensionerCounts:
    """New pensioners of a class, or of all, by sex and in all."""

    male: int
    female: int
    total: int


@dataclass(frozen=True)
class SurvivorAverages:
    """Survivors' pensions of a class: their mean in KHR a month for each person."""

    awards: SurvivorPensions
    average_monthly_pension: Decimal


@dataclass(frozen=True)
class AwardsReport:
    """Awards of long-term benefits.

    Attributes:
        disability_degrees: by sex, with both as `total`.
        lump_sums, disability_pensions: averages.
        survivor_pensioners: by year, in all as None, then by class with all as `total`.
        survivor_pensions: averages by class.
        liabilities_millions, liabilities_usd: present value of the pensions awarded, million KHR and USD.
        errata: codes of the misprints among the figures.
    """

    disability_degrees: Mapping[str, DegreeCounts]
    lump_sums: LumpSumAverages
    disability_pensions: PensionAverages
    survivor_pensioners: Mapping[int | None, Mapping[str, PensionerCounts]]
    survivor_pensions: Mapping[str, SurvivorAverages]
    liabilities_millions: Decimal
    liabilities_usd: Decimal
    errata: tuple[str, ...]

    @property
    def shown(self) -> int:
        """Awards for permanent disability in all."""
        return self.disability_degrees[TOTAL].total


TOTAL = "total"


@formula("Σ awards", source="giz-2012 Table 3.9", unit="awards")
def total_awards(awards: dict[str, int]) -> int:
    """Awards of several groups together.

    Formula: Σ awards of a group
    Args:
        awards: by class of loss of working capacity.
    Returns: a number of awards.
    """
    return sum(awards.values())


@formula("liabilities / e", source="giz-2012 §3.8", unit="USD")
def liabilities_in_usd(liabilities_millions: Decimal, exchange_rate: Decimal) -> Decimal:
    """The present value of the pensions awarded, in USD.

    Formula: 1,000,000 · liabilities / e
    Args:
        liabilities_millions: million KHR.
        exchange_rate: e, KHR for one USD, > 0.
    Returns: USD, unrounded.
    """
    return liabilities_millions.scaleb(MILLION_POWER) / exchange_rate


@formula("KHR a case", source="giz-2012 Table 3.10", unit="KHR a case")
def average_lump_sum(amount: Decimal, cases: int) -> Decimal:
    """The mean lump sum.

    Formula: lump sums / cases
    Args:
        amount: KHR in all.
        cases: number of awards, > 0.
    Returns: KHR, unrounded.
    """
    return amount / cases


@formula("% of earnings lost", source="giz-2012 Table 3.10", unit="percent")
def compensated_share(replacement_rate: Decimal, lump_sum_factor: Decimal) -> Decimal:
    """What a lump sum makes good of the present value of the earnings lost, if they are lost by λ for life.

    Formula: 100 · (RWY · 0.7 · λ · 0.2 · PVM) / (RWY · λ · PVM) = 100 · 0.7 · 0.2
    Args:
        replacement_rate: 0.7 in the 2008 provisions.
        lump_sum_factor: 0.2 in the 2008 provisions.
    Returns: percent, the same for every case.
    """
    return (replacement_rate * lump_sum_factor).scaleb(PERCENT_POWER)


@formula("KHR a month", source="giz-2012 Table 3.11", unit="KHR a month")
def average_disability_pension(amount: Decimal, cases: int, months_per_year: int) -> Decimal:
    """The mean disability pension of a month.

    Formula: pensions of a year / 12 / cases
    Args:
        amount: KHR a year in all.
        cases: number of awards, > 0.
        months_per_year: payments of a year.
    Returns: KHR a month, unrounded.
    """
    return amount / (months_per_year * cases)


@formula("% of wage", source="giz-2012 Table 3.11", unit="percent")
def share_of_reference_wage(monthly_pension: Decimal, reference_wage: Decimal) -> Decimal:
    """A pension against the wage that was lost.

    Formula: 100 · pension / reference wage
    Args:
        monthly_pension: KHR a month.
        reference_wage: KHR a month, > 0.
    Returns: percent, unrounded.
    """
    return monthly_pension.scaleb(PERCENT_POWER) / reference_wage


@formula("pensioners", source="giz-2012 Table 3.12", unit="persons")
def both_sexes(male: int, female: int) -> int:
    """New pensioners of both sexes.

    Formula: male + female
    Args:
        male: number of men.
        female: number of women.
    Returns: a number of persons.
    """
    return male + female


@formula("KHR a month each", source="giz-2012 Table 3.13", unit="KHR a month")
def average_survivor_pension(annual_amount: Decimal, pensioners: int, months_per_year: int) -> Decimal:
    """The mean pension of a survivor of a class.

    Formula: pensions of a year / 12 / pensioners
    Args:
        annual_amount: KHR a year in all.
        pensioners: number of them, > 0.
        months_per_year: payments of a year.
    Returns: KHR a month, unrounded.
    """
    return annual_amount / (months_per_year * pensioners)


@formula("awards", source="giz-2012 §3.6.4", unit="awards", shows="shown")
def awards_report(experience: Experience, provisions: Provisions) -> AwardsReport:
    """Permanent disability and survivors' benefits awarded; the awards for disability in all are shown.

    Formula: Σ awards by degree, sex and class; averages of the lump sums and pensions
    Args:
        experience: the awards.
        provisions: factor of the lump sum, payments of a year.
    Returns: numbers and averages, unrounded.
    """
    months = provisions.months_per_year
    each_year = experience.pension_liabilities.values()
    liabilities = total(each.disability_millions + each.survivors_millions for each in each_year)
    return AwardsReport(
        disability_degrees=_degrees(experience.disability_degrees),
        lump_sums=_lump_sums(experience.lump_sums, provisions.permanent_disability),
        disability_pensions=_pensions(experience.disability_pensions, months),
        survivor_pensioners=_pensioners(experience.survivor_pensioners),
        survivor_pensions={
            name: SurvivorAverages(each, average_survivor_pension(each.annual_amount, each.pensioners, months))
            for name, each in experience.survivor_pensions.items()
        },
        liabilities_millions=liabilities,
        liabilities_usd=liabilities_in_usd(liabilities, experience.exchange_rate),
        errata=experience.errata("disability_awards_by_sex", "compensated_share", "parents_average_pension"),
    )


def _degrees(by_sex: Mapping[str, Mapping[str, int]]) -> dict[str, DegreeCounts]:
    some = next(iter(by_sex.values()))
    both = {degree: total_awards({sex: awards[degree] for sex, awards in by_sex.items()}) for degree in some}
    rows = {**by_sex, TOTAL: both}
    return {name: DegreeCounts(awards, total_awards(dict(awards))) for name, awards in rows.items()}


def _lump_sums(awards: DisabilityAwards, terms: PermanentDisability) -> LumpSumAverages:
    share = compensated_share(terms.replacement_rate, terms.factors.lump_sum)
    return LumpSumAverages(awards, average_lump_sum(awards.amount, awards.cases), share)


def _pensions(awards: DisabilityAwards, months_per_year: int) -> PensionAverages:
    monthly = average_disability_pension(awards.amount, awards.cases, months_per_year)
    return PensionAverages(awards, monthly, share_of_reference_wage(monthly, awards.reference_wage))


def _pensioners(by_year: Mapping[int, Mapping[str, Pensioners]]) -> dict[int | None, dict[str, PensionerCounts]]:
    counts: dict[int | None, dict[str, PensionerCounts]] = {year: _classes(each) for year, each in by_year.items()}
    names = next(iter(by_year.values()))
    counts[None] = _classes({name: _together(each[name] for each in by_year.values()) for name in names})
    return counts


def _classes(classes: Mapping[str, Pensioners]) -> dict[str, PensionerCounts]:
    rows = {**classes, TOTAL: _together(classes.values())}
    return {
        name: PensionerCounts(each.male, each.female, both_sexes(each.male, each.female)) for name, each in rows.items()
    }


def _together(groups: Iterable[Pensioners]) -> Pensioners:
    every = tuple(groups)
    return Pensioners(sum(each.male for each in every), sum(each.female for each in every))
