"""`POST /v1/nssf/economy`: growth, prices and employment."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, OwnFields
from pricing.nssf.economy import Economy, Employment, EnterpriseTotals, economy
from pricing.nssf.indexation import Growth
from pricing.rounding import EXACT, plain
from tables.kinds.employment import EnterpriseSize


class EconomyRequest(OwnFields):
    """The economy needs no field of its own."""

    examples: ClassVar[Mapping[str, Example]] = {
        "published": Example("As published", {"as_of": "2026-12-01"}),
        "corrected": Example(
            "With the deflator as it follows from output",
            {"as_of": "2026-12-01", "tables": {"indicators": "cambodia-indicators-corrected"}},
        ),
    }


class GrowthAnswer(Part):
    """Changes of a year from the one before."""

    year: int = Field(description="Number of the year of the calendar.")
    nominal_growth: DecimalText = Field(description="Growth of output in current prices, a fraction.")
    real_growth: DecimalText = Field(description="Growth of output in constant prices, a fraction.")
    deflator_change: DecimalText = Field(description="Change of the deflator of output, a fraction.")


class EnterprisesAnswer(Part):
    """Enterprises, and the persons in them; where a class is taken in part, so are these."""

    enterprises: DecimalText = Field(description="Number of enterprises, 12 decimals.")
    male: DecimalText = Field(description="Number of men in them, 12 decimals.")
    female: DecimalText = Field(description="Number of women in them, 12 decimals.")
    total: DecimalText = Field(description="Number of both, 12 decimals.")


class EnterprisesOfSizeAnswer(EnterprisesAnswer):
    """Enterprises of one class."""

    size: EnterpriseSize = Field(description="The class, by the number of persons in one enterprise.")


class EconomyAnswer(Part):
    """Growth, prices and employment."""

    growth: list[GrowthAnswer] = Field(description="Each year that has one before it.")
    labour_force_millions: DecimalText = Field(description="The labour force, a number of million persons.")
    employed: int = Field(description="Number of persons employed.")
    insured_workers: int = Field(description="Number of persons insured with the NSSF.")
    insured_share: DecimalText = Field(description="The insured, a fraction of the employed.")
    sizes: list[EnterprisesOfSizeAnswer] = Field(description="Enterprises by size, smallest first.")
    every_size: EnterprisesAnswer = Field(description="All of them.")
    eight_or_more: EnterprisesAnswer = Field(
        description="Those that must insure their workers, with eight persons or more; an estimate."
    )


def _economy(_request: EconomyRequest, basis: Basis) -> Answered[Economy]:
    found = economy(basis.assumptions["indicators"], basis.assumptions["employment"])
    return Answered(found, found.errata)


def _fields(found: Economy, basis: Basis) -> dict[str, Any]:
    employment: Employment = basis.assumptions["employment"]
    return {
        "growth": [_growth(year, each) for year, each in found.growth.items()],
        "labour_force_millions": plain(employment.labour_force.millions),
        "employed": employment.labour_force.employed,
        "insured_workers": employment.insured_workers,
        "insured_share": EXACT.text(found.insured_share),
        "sizes": [{"size": size, **_enterprises(each)} for size, each in found.sizes.items()],
        "every_size": _enterprises(found.every_size),
        "eight_or_more": _enterprises(found.eight_or_more),
    }


def _growth(year: int, each: Growth) -> dict[str, Any]:
    return {
        "year": year,
        "nominal_growth": EXACT.text(each.nominal),
        "real_growth": EXACT.text(each.real),
        "deflator_change": EXACT.text(each.deflator),
    }


def _enterprises(each: EnterpriseTotals) -> dict[str, str]:
    return {name: EXACT.text(getattr(each, name)) for name in EnterprisesAnswer.model_fields}


ECONOMY = Calculator(
    method="POST",
    path="/v1/nssf/economy",
    operation_id="createNssfEconomy",
    summary="Show growth, prices and employment",
    description=(
        "Growth of output and change of its deflator by year, the labour force, and enterprises by size with those "
        "that must insure their workers (giz-2012, Tables 2.1 and 2.5)."
    ),
    tag="nssf",
    request=EconomyRequest,
    answer=EconomyAnswer,
    roles=("indicators", "employment"),
    question=lambda request, _basis: request,
    formula=_economy,
    fields=_fields,
)
