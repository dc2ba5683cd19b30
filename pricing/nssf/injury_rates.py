"""How often insured workers are killed or injured (giz-2012 Tables 3.1-3.5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import HUNDRED_THOUSAND_POWER, PERCENT_POWER
from pricing.nssf.experience import AccidentPlaces, Accidents, Experience, ForeignCountry, ForeignRates, of_year
from pricing.trace import formula


@dataclass(frozen=True)
class Counts:
    """Accidents by place and overall; None where the place is not known."""

    workplace: int | None
    commuting: int | None
    overall: int


@dataclass(frozen=True)
class Rates:
    """Rates by place and overall; None where the place is not known."""

    workplace: Decimal | None
    commuting: Decimal | None
    overall: Decimal


@dataclass(frozen=True)
class SectorRates:
    """A year in a sector, or in all of them.

    Attributes:
        workers: insured on average.
        reported, fatal, non_fatal: accidents, wherever they happened.
        deaths, injuries: accidents that were fatal, and that were not, by place.
        death_rate: per 100,000 workers a year.
        injury_rate: percent of workers a year.
    """

    workers: int
    reported: int
    fatal: int
    non_fatal: int
    deaths: Counts
    injuries: Counts
    death_rate: Rates
    injury_rate: Rates


@dataclass(frozen=True)
class InjuryReport:
    """A year by sector and in all, beside other countries' rates; codes of the misprints among its figures."""

    sectors: Mapping[str, SectorRates]
    total: SectorRates
    countries: Mapping[str, ForeignCountry]
    errata: tuple[str, ...]

    @property
    def shown(self) -> Decimal:
        """The death rate of all sectors and both places."""
        return self.total.death_rate.overall


@formula("non-fatal", source="giz-2012 Table 3.2", unit="accidents a year")
def non_fatal_accidents(reported: int, fatal: int) -> int:
    """Accidents that killed nobody.

    Formula: non-fatal = reported - fatal
    Args:
        reported: number of accidents.
        fatal: number of those that were fatal.
    Returns: a number of accidents.
    """
    return reported - fatal


@formula("workers", source="giz-2012 Table 3.1", unit="workers")
def all_workers(workers: dict[str, int]) -> int:
    """Workers insured in every sector.

    Formula: Σ workers of a sector
    Args:
        workers: by sector, annual average.
    Returns: a number of workers.
    """
    return sum(workers.values())


@formula("accidents", source="giz-2012 §3.5", unit="accidents a year")
def accidents_at_both_places(workplace: int, commuting: int) -> int:
    """Accidents of either place.

    Formula: workplace + commuting
    Args:
        workplace: number of accidents at the workplace.
        commuting: number of accidents on the way.
    Returns: a number of accidents.
    """
    return workplace + commuting


@formula("death rate", source="giz-2012 Table 3.3", unit="deaths per 100,000 workers a year")
def death_rate(deaths: int, workers: int) -> Decimal:
    """Deaths for every 100,000 insured workers.

    Formula: 100,000 · deaths / workers
    Args:
        deaths: number of fatal accidents of a year.
        workers: insured on average, > 0.
    Returns: a rate, unrounded.
    """
    return Decimal(deaths).scaleb(HUNDRED_THOUSAND_POWER) / workers


@formula("injury rate", source="giz-2012 Table 3.4", unit="percent of workers a year")
def injury_rate(injuries: int, workers: int) -> Decimal:
    """Injured in every hundred insured workers.

    Formula: 100 · injuries / workers
    Args:
        injuries: number of accidents of a year that were not fatal.
        workers: insured on average, > 0.
    Returns: percent, unrounded.
    """
    return Decimal(injuries).scaleb(PERCENT_POWER) / workers


@formula("overall", source="giz-2012 Table 3.5", unit="rate")
def overall_foreign_rate(workplace: Decimal, commuting: Decimal) -> Decimal:
    """A country's rate of both places.

    Formula: workplace + commuting
    Args:
        workplace: rate of accidents at the workplace.
        commuting: rate of accidents on the way.
    Returns: a rate in the same unit.
    """
    return workplace + commuting


@formula("rates of the year", source="giz-2012 §3.5", unit="deaths per 100,000 workers a year", shows="shown")
def injury_report(year: int, experience: Experience) -> InjuryReport:
    """Accidents and rates of a year, by sector and in all; the overall death rate is shown.

    Formula: accidents and rates of each sector, and of Σ accidents over Σ workers
    Args:
        year: of the experience.
        experience: workers and accidents by sector.
    Returns: numbers and rates, unrounded.
    """
    workers, accidents = of_year(experience.workers, year), of_year(experience.accidents, year)
    places = experience.places.get(year, {})
    return InjuryReport(
        sectors={name: _rates(workers[name], accidents[name], places.get(name)) for name in accidents},
        total=_rates(all_workers(dict(workers)), _all_accidents(accidents), _all_places(places)),
        countries={name: _country(each) for name, each in experience.international.items()},
        errata=experience.errata("injuries_by_place", year=year) if places else (),
    )


def _rates(workers: int, accidents: Accidents, places: AccidentPlaces | None) -> SectorRates:
    non_fatal = non_fatal_accidents(accidents.reported, accidents.fatal)
    deaths, injuries = _by_place(accidents.fatal), _by_place(non_fatal)
    if places is not None:
        deaths = _at_both_places(places.fatal_workplace, places.fatal_commuting)
        injuries = _at_both_places(places.injuries_workplace, places.injuries_commuting)
    return SectorRates(
        workers=workers,
        reported=accidents.reported,
        fatal=accidents.fatal,
        non_fatal=non_fatal,
        deaths=deaths,
        injuries=injuries,
        death_rate=_rate_by_place(deaths, death_rate, workers),
        injury_rate=_rate_by_place(injuries, injury_rate, workers),
    )


def _by_place(overall: int) -> Counts:
    return Counts(None, None, overall)


def _at_both_places(workplace: int, commuting: int) -> Counts:
    return Counts(workplace, commuting, accidents_at_both_places(workplace, commuting))


def _rate_by_place(counts: Counts, rate: Callable[[int, int], Decimal], workers: int) -> Rates:
    workplace, commuting = counts.workplace, counts.commuting
    return Rates(
        workplace=None if workplace is None else rate(workplace, workers),
        commuting=None if commuting is None else rate(commuting, workers),
        overall=rate(counts.overall, workers),
    )


def _all_accidents(accidents: Mapping[str, Accidents]) -> Accidents:
    every = accidents.values()
    return Accidents(sum(each.reported for each in every), sum(each.fatal for each in every))


def _all_places(places: Mapping[str, AccidentPlaces]) -> AccidentPlaces | None:
    if not places:
        return None
    every = places.values()
    return AccidentPlaces(
        fatal_workplace=sum(each.fatal_workplace for each in every),
        fatal_commuting=sum(each.fatal_commuting for each in every),
        injuries_workplace=sum(each.injuries_workplace for each in every),
        injuries_commuting=sum(each.injuries_commuting for each in every),
    )


def _country(country: ForeignCountry) -> ForeignCountry:
    return ForeignCountry(country.year, _foreign(country.deaths), _foreign(country.injuries))


def _foreign(rates: ForeignRates) -> ForeignRates:
    if rates.workplace is None or rates.commuting is None:
        return rates
    overall = overall_foreign_rate(rates.workplace, rates.commuting)
    return ForeignRates(overall, rates.workplace, rates.commuting)
