"""What prices make of a pension: kept up with by an index, or not (giz-2012 Table 2.1, §3.6.4 and §3.6.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE, ZERO, total
from pricing.errors import DomainError, YearNotCovered
from pricing.trace import formula

CONSUMER_PRICES = "consumer_prices"
GDP_DEFLATOR = "gdp_deflator"
ASSUMED = "assumed"

DIFFERENCE_OF_GROWTH = "difference_of_growth"


@dataclass(frozen=True)
class IndicatorsOfYear:
    """Output in current and in constant prices, billion KHR; change of consumer prices from the year before."""

    gdp_current_billions: Decimal
    gdp_constant_billions: Decimal
    consumer_price_change: Decimal


@dataclass(frozen=True)
class Deflator:
    """How the change of the deflator is found, and the code of the mistake that this is, or None."""

    method: str
    erratum: str | None


@dataclass(frozen=True)
class Indicators:
    """Economic indicators by year, ascending and without a gap; the currency is an ISO 4217 code."""

    currency: str
    deflator: Deflator
    years: Mapping[int, IndicatorsOfYear]


@dataclass(frozen=True)
class Growth:
    """Changes of a year from the one before, fractions (Table 2.1)."""

    nominal: Decimal
    real: Decimal
    deflator: Decimal


@dataclass(frozen=True)
class IndexedYear:
    """A pension in one year.

    Attributes:
        year: of the calendar.
        price_change: from the year before, a fraction; 0 in the first year.
        basis: the index that the change is of, or that it is assumed; None in the first year.
        price_index: prices as a multiple of the first year's.
        indexed_pension: KHR a month, if it keeps up with prices.
        real_value: KHR a month at the first year's prices, if it does not.
        loss: of the real value, a fraction; below 0 where prices have fallen.
        shortfall: KHR a year by which the pension is below the indexed one.
    """

    year: int
    price_change: Decimal
    basis: str | None
    price_index: Decimal
    indexed_pension: Decimal
    real_value: Decimal
    loss: Decimal
    shortfall: Decimal


@dataclass(frozen=True)
class Indexation:
    """A pension over the years; shortfall of all of them, KHR; codes of the mistakes whose figures were used."""

    years: tuple[IndexedYear, ...]
    total_shortfall: Decimal
    errata: tuple[str, ...]


@dataclass(eq=False)
class PricesVanish(DomainError):
    """Prices would fall to nothing, or below: there is no index then.

    Attributes:
        year: in which they would.
        field: of the request, that the change of prices comes from.
    """

    year: int
    field: str

    def __str__(self) -> str:
        return f"Prices would fall to nothing in {self.year}: their change must be above -1."


@formula("g", source="giz-2012 Table 2.1", unit="fraction a year")
def growth_rate(output: Decimal, output_before: Decimal) -> Decimal:
    """Growth of output, nominal in current prices or real in constant ones.

    Formula: g = GDP_t / GDP_{t-1} - 1
    Args:
        output: of the year, billion KHR.
        output_before: of the year before, > 0.
    Returns: a fraction, unrounded.
    """
    return output / output_before - ONE


@formula("Δ deflator", source="giz-2012 Table 2.1", unit="fraction a year")
def deflator_change_as_published(nominal_growth: Decimal, real_growth: Decimal) -> Decimal:
    """Change of the deflator as the source calculates it (giz-2012-e31).

    Formula: nominal growth - real growth
    Args:
        nominal_growth: of output in current prices, a fraction.
        real_growth: of output in constant prices, a fraction.
    Returns: a fraction, unrounded.
    """
    return nominal_growth - real_growth


@formula("Δ deflator", source="giz-2012 Table 2.1", unit="fraction a year")
def deflator_change(nominal_growth: Decimal, real_growth: Decimal) -> Decimal:
    """Change of the deflator, the ratio of output in current to output in constant prices.

    Formula: (1 + nominal growth) / (1 + real growth) - 1
    Args:
        nominal_growth: of output in current prices, a fraction.
        real_growth: of output in constant prices, a fraction > -1.
    Returns: a fraction, unrounded.
    """
    return (ONE + nominal_growth) / (ONE + real_growth) - ONE


@formula("I_t", source="giz-2012 Table 2.1", unit="multiple")
def next_index(price_index: Decimal, price_change: Decimal) -> Decimal:
    """Prices a year later as a multiple of the first year's.

    Formula: I_t = I_{t-1} · (1 + change of prices)
    Args:
        price_index: I_{t-1}.
        price_change: from t-1 to t, a fraction > -1.
    Returns: a multiple, unrounded.
    """
    return price_index * (ONE + price_change)


@formula("P · I_t", source="giz-2012 §3.6.4", unit="KHR a month")
def indexed_pension(monthly_pension: Decimal, price_index: Decimal) -> Decimal:
    """The pension that keeps its real value.

    Formula: P · I_t
    Args:
        monthly_pension: P, KHR a month in the first year.
        price_index: I_t, a multiple of the first year's prices.
    Returns: KHR a month, unrounded.
    """
    return monthly_pension * price_index


@formula("P / I_t", source="giz-2012 §3.6.5", unit="KHR a month")
def real_value(monthly_pension: Decimal, price_index: Decimal) -> Decimal:
    """What an unindexed pension still buys, at the first year's prices.

    Formula: P / I_t
    Args:
        monthly_pension: P, KHR a month, the same in every year.
        price_index: I_t, a multiple of the first year's prices, > 0.
    Returns: KHR a month, unrounded.
    """
    return monthly_pension / price_index


@formula("loss", source="giz-2012 §3.6.5", unit="fraction")
def loss_of_real_value(price_index: Decimal) -> Decimal:
    """What an unindexed pension has lost of its real value.

    Formula: 1 - 1 / I_t
    Args:
        price_index: I_t, a multiple of the first year's prices, > 0.
    Returns: a fraction; below 0 where prices have fallen.
    """
    return ONE - ONE / price_index


@formula("shortfall", source="giz-2012 §3.6.4", unit="KHR a year")
def annual_shortfall(monthly_pension: Decimal, indexed_pension: Decimal, months_per_year: int) -> Decimal:
    """By how much a year of an unindexed pension is below the indexed one.

    Formula: 12 · (P · I_t - P)
    Args:
        monthly_pension: P, KHR a month.
        indexed_pension: P · I_t, KHR a month.
        months_per_year: payments of a year.
    Returns: KHR a year; below 0 where prices have fallen.
    """
    return months_per_year * (indexed_pension - monthly_pension)


@formula("Σ shortfall", source="giz-2012 §3.6.4", unit="KHR", shows="total_shortfall")
def indexation(
    monthly_pension: Decimal,
    from_year: int,
    years: int,
    index: str,
    later_price_change: Decimal | None,
    indicators: Indicators,
    months_per_year: int,
) -> Indexation:
    """A pension over the years, with and without indexation; what is lost in all is shown.

    Formula: Σ 12 · (P · I_t - P)
    Args:
        monthly_pension: P, KHR a month in the first year.
        from_year: the year whose prices the pension is awarded in.
        years: number of years that follow.
        index: consumer_prices or gdp_deflator.
        later_price_change: of each year after the last of the indicators, a fraction; None: there is none.
        indicators: prices and output by year.
        months_per_year: payments of a year.
    Returns: amounts by year, unrounded.
    Raises: YearNotCovered, PricesVanish.
    """
    price_index, rows = ONE, []
    for year in range(from_year, from_year + years + 1):
        change, basis = ZERO, None
        if year > from_year:
            change, basis = _change(indicators, index, year, later_price_change)
            if change <= -ONE:
                raise PricesVanish(year, "later_price_change" if basis == ASSUMED else "index")
        price_index = next_index(price_index, change)
        rows.append(_row(year, change, basis, price_index, monthly_pension, months_per_year))
    used = indicators.deflator.erratum if any(row.basis == GDP_DEFLATOR for row in rows) else None
    return Indexation(tuple(rows), total(row.shortfall for row in rows), () if used is None else (used,))


def growth(indicators: Indicators, year: int) -> Growth:
    """Changes of a year from the one before; the indicators have both."""
    of, before = indicators.years[year], indicators.years[year - 1]
    nominal = growth_rate(of.gdp_current_billions, before.gdp_current_billions)
    real = growth_rate(of.gdp_constant_billions, before.gdp_constant_billions)
    is_published = indicators.deflator.method == DIFFERENCE_OF_GROWTH
    return Growth(nominal, real, (deflator_change_as_published if is_published else deflator_change)(nominal, real))


def _change(indicators: Indicators, index: str, year: int, later_price_change: Decimal | None) -> tuple[Decimal, str]:
    first, last = min(indicators.years), max(indicators.years)
    if index == GDP_DEFLATOR:
        first += 1  # a change needs the year before as well
    if year > last and later_price_change is not None:
        return later_price_change, ASSUMED
    if year < first:
        raise YearNotCovered(year, first, last, "from_year")
    if year > last:
        raise YearNotCovered(year, first, last, "years")
    if index == CONSUMER_PRICES:
        return indicators.years[year].consumer_price_change, index
    return growth(indicators, year).deflator, index


def _row(
    year: int, change: Decimal, basis: str | None, price_index: Decimal, monthly_pension: Decimal, months_per_year: int
) -> IndexedYear:
    indexed = indexed_pension(monthly_pension, price_index)
    return IndexedYear(
        year=year,
        price_change=change,
        basis=basis,
        price_index=price_index,
        indexed_pension=indexed,
        real_value=real_value(monthly_pension, price_index),
        loss=loss_of_real_value(price_index),
        shortfall=annual_shortfall(monthly_pension, indexed, months_per_year),
    )
