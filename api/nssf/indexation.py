"""`POST /v1/nssf/indexation`: what prices make of a pension."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field
from typing_extensions import TypeAliasType

from api.amounts import whole_riel
from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Amount, Example, Growth, OwnFields
from pricing.nssf.assumptions import Provisions
from pricing.nssf.indexation import Indexation, IndexedYear, indexation
from pricing.rounding import EXACT
from tables.numbers import Year, parse_whole

MAX_YEARS = 50

PriceBasis = TypeAliasType(
    "PriceBasis",
    Annotated[
        Literal["consumer_prices", "gdp_deflator", "assumed"],
        Field(description="Where a change of prices comes from; `assumed` is the request's own."),
    ],
)
YearsLater = Annotated[int, Field(ge=0, le=MAX_YEARS), BeforeValidator(parse_whole)]


class IndexationRequest(OwnFields):
    """A pension, the year in whose prices it is awarded, and how far to look."""

    examples: ClassVar[Mapping[str, Example]] = {
        "consumer_prices": Example(
            "An average disability pension of 2005, five years later",
            {"monthly_pension": "80557", "from_year": 2005, "years": 5, "as_of": "2026-12-01"},
        ),
        "with_an_assumption": Example(
            "From 2008, with 5 per cent a year after 2010",
            {
                "monthly_pension": "80557",
                "from_year": 2008,
                "years": 6,
                "later_price_change": "0.05",
                "as_of": "2026-12-01",
            },
        ),
        "gdp_deflator": Example(
            "By the deflator as published",
            {
                "monthly_pension": "80557",
                "from_year": 2005,
                "years": 3,
                "index": "gdp_deflator",
                "as_of": "2026-12-01",
            },
        ),
        "too_late": Example(
            "Refused: the indicators end in 2010",
            {"monthly_pension": "80557", "from_year": 2008, "years": 3, "as_of": "2026-12-01"},
        ),
    }

    monthly_pension: Amount = Field(description="The pension awarded, KHR a month.")
    from_year: Year = Field(description="Number of the year of the calendar that the pension is awarded in.")
    years: YearsLater = Field(description="Number of years after it to look at.")
    index: Literal["consumer_prices", "gdp_deflator"] = Field(
        default="consumer_prices", description="The prices that the pension is compared with."
    )
    later_price_change: Growth | None = Field(
        default=None,
        description=(
            "Change of prices in each year after the last of the indicators, a fraction. Without it such a year is "
            "refused."
        ),
    )


class PensionOfYear(Part):
    """The pension in one year."""

    year: int = Field(description="Number of the year of the calendar.")
    basis: PriceBasis | None = Field(
        description="Where the change of prices comes from; null in the first year, which has none."
    )
    price_change: DecimalText = Field(description="Change of prices from the year before, a fraction.")
    price_index: DecimalText = Field(description="Prices as a multiple of those of the first year.")
    indexed_pension: DecimalText = Field(
        description="The pension if it is indexed, KHR a month at the year's prices, whole riel."
    )
    indexed_pension_exact: DecimalText = Field(description="The same before it is rounded, KHR a month.")
    real_value: DecimalText = Field(
        description="The pension if it is not, KHR a month at the first year's prices, whole riel."
    )
    real_value_exact: DecimalText = Field(description="The same before it is rounded, KHR a month.")
    loss: DecimalText = Field(description="What it has lost of its real value, a fraction; below 0 it has gained.")
    shortfall: DecimalText = Field(
        description="By how much a year of it is below the indexed one, KHR, whole riel; below 0 it is above."
    )
    shortfall_exact: DecimalText = Field(description="The same before it is rounded, KHR.")


class IndexationAnswer(Part):
    """A pension over the years, indexed and not."""

    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    years: list[PensionOfYear] = Field(description="Each year, the first included.")
    total_shortfall: DecimalText = Field(description="The shortfall of all years together, KHR, whole riel.")
    total_shortfall_exact: DecimalText = Field(description="The same before it is rounded, KHR.")


def _indexation(request: IndexationRequest, basis: Basis) -> Answered[Indexation]:
    provisions: Provisions = basis.assumptions["provisions"]
    found = indexation(
        request.monthly_pension,
        request.from_year,
        request.years,
        request.index,
        request.later_price_change,
        basis.assumptions["indicators"],
        provisions.months_per_year,
    )
    return Answered(found, found.errata)


def _fields(found: Indexation, basis: Basis) -> dict[str, Any]:
    return {
        "currency": basis.assumptions["indicators"].currency,
        "years": [_year(each) for each in found.years],
        **whole_riel("total_shortfall", found.total_shortfall),
    }


def _year(row: IndexedYear) -> dict[str, Any]:
    return {
        "year": row.year,
        "basis": row.basis,
        "price_change": EXACT.text(row.price_change),
        "price_index": EXACT.text(row.price_index),
        **whole_riel("indexed_pension", row.indexed_pension),
        **whole_riel("real_value", row.real_value),
        "loss": EXACT.text(row.loss),
        **whole_riel("shortfall", row.shortfall),
    }


INDEXATION = Calculator(
    method="POST",
    path="/v1/nssf/indexation",
    operation_id="createNssfIndexation",
    summary="Compare a pension with prices",
    description=(
        "A pension over the years if it is indexed by prices (giz-2012, Table 2.1), and what it still buys if it is "
        "not, as the provisions of 2008 have it (section 3.6.4)."
    ),
    tag="nssf",
    request=IndexationRequest,
    answer=IndexationAnswer,
    roles=("indicators", "provisions"),
    question=lambda request, _basis: request,
    formula=_indexation,
    fields=_fields,
)
