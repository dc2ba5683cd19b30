"""`POST /v1/nssf/injury-rates`: accidents of a year and their rates by sector."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, OwnFields
from pricing.nssf.experience import ForeignRates
from pricing.nssf.injury_rates import Counts, InjuryReport, Rates, SectorRates, injury_report
from pricing.rounding import EXACT
from tables.kinds.nssf_contributions import Sector
from tables.kinds.nssf_experience import Country
from tables.numbers import Year


class InjuryRatesRequest(OwnFields):
    """A year of the experience."""

    examples: ClassVar[Mapping[str, Example]] = {
        "year_2010": Example("2010, by place", {"year": 2010, "as_of": "2026-12-01"}),
        "year_2009": Example("2009, whose accidents are not known by place", {"year": 2009, "as_of": "2026-12-01"}),
        "year_2011": Example("Refused: the experience ends in 2010", {"year": 2011, "as_of": "2026-12-01"}),
    }

    year: Year = Field(description="Number of the year of the calendar that the accidents happened in.")


class AccidentCounts(Part):
    """Accidents by place."""

    workplace: int | None = Field(description="Number at the workplace; null where the place is not known.")
    commuting: int | None = Field(description="Number on the way to or from work; null where the place is not known.")
    total: int = Field(description="Number at both.")


class AccidentRates(Part):
    """A rate by place."""

    workplace: DecimalText | None = Field(
        description="Of accidents at the workplace, a number of workers; null where the place is not known."
    )
    commuting: DecimalText | None = Field(
        description="Of accidents on the way, a number of workers; null where the place is not known."
    )
    overall: DecimalText | None = Field(
        description="Of accidents at both, a number of workers; null where it is not known."
    )


class AllSectors(Part):
    """Accidents and rates of a year."""

    workers: int = Field(description="Number of workers insured, annual average.")
    reported: int = Field(description="Number of accidents reported.")
    fatal: int = Field(description="Number of those that were fatal.")
    non_fatal: int = Field(description="Number of those that were not.")
    deaths: AccidentCounts = Field(description="The fatal accidents by place.")
    injuries: AccidentCounts = Field(description="The other accidents by place.")
    deaths_per_100000: AccidentRates = Field(description="Deaths for every 100,000 workers a year.")
    injuries_percent: AccidentRates = Field(description="Injured for every hundred workers a year.")


class SectorAccidents(AllSectors):
    """Accidents and rates of a year in one sector."""

    sector: Sector = Field(description="The economic sector.")


class CountryAccidents(Part):
    """Rates of another country, for comparison."""

    country: Country = Field(description="The country, or the European Union.")
    year: int = Field(description="Number of the year of the calendar.")
    deaths_per_100000: AccidentRates = Field(description="Deaths for every 100,000 workers a year.")
    injuries_percent: AccidentRates = Field(description="Injured for every hundred workers a year.")


class InjuryRatesAnswer(Part):
    """Accidents of a year, and how often they happened."""

    year: int = Field(description="Number of the year of the calendar.")
    sectors: list[SectorAccidents] = Field(description="Each economic sector.")
    total: AllSectors = Field(description="All sectors together.")
    countries: list[CountryAccidents] = Field(description="Other countries, in the years that the source compares.")


def _report(request: InjuryRatesRequest, basis: Basis) -> Answered[tuple[int, InjuryReport]]:
    report = injury_report(request.year, basis.assumptions["experience"])
    return Answered((request.year, report), report.errata)


def _fields(result: tuple[int, InjuryReport], _basis: Basis) -> dict[str, Any]:
    year, report = result
    return {
        "year": year,
        "sectors": [{"sector": name, **_sector(each)} for name, each in report.sectors.items()],
        "total": _sector(report.total),
        "countries": [
            {
                "country": name,
                "year": each.year,
                "deaths_per_100000": _rates(each.deaths),
                "injuries_percent": _rates(each.injuries),
            }
            for name, each in report.countries.items()
        ],
    }


def _sector(rates: SectorRates) -> dict[str, Any]:
    return {
        "workers": rates.workers,
        "reported": rates.reported,
        "fatal": rates.fatal,
        "non_fatal": rates.non_fatal,
        "deaths": _counts(rates.deaths),
        "injuries": _counts(rates.injuries),
        "deaths_per_100000": _rates(rates.death_rate),
        "injuries_percent": _rates(rates.injury_rate),
    }


def _counts(counts: Counts) -> dict[str, int | None]:
    return {"workplace": counts.workplace, "commuting": counts.commuting, "total": counts.overall}


def _rates(rates: Rates | ForeignRates) -> dict[str, str | None]:
    places = {"workplace": rates.workplace, "commuting": rates.commuting, "overall": rates.overall}
    return {place: None if rate is None else EXACT.text(rate) for place, rate in places.items()}


INJURY_RATES = Calculator(
    method="POST",
    path="/v1/nssf/injury-rates",
    operation_id="createNssfInjuryRates",
    summary="Find how often workers are injured",
    description=(
        "Occupational accidents of a year by sector, deaths per 100,000 workers and injuries in percent of workers "
        "(giz-2012, Tables 3.1 to 3.5). Where they happened is known for 2010."
    ),
    tag="nssf",
    request=InjuryRatesRequest,
    answer=InjuryRatesAnswer,
    roles=("experience",),
    question=lambda request, _basis: request,
    formula=_report,
    fields=_fields,
)
