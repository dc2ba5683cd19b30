"""`POST /v1/nssf/liabilities`: what pensions in payment are worth."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from api.amounts import whole_riel
from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Amount, Example, OwnFields, Rate
from pricing.life import LifeTable
from pricing.nssf.assumptions import Multipliers, Provisions
from pricing.nssf.liabilities import (
    Liabilities,
    Pension,
    Valued,
    liabilities_by_life_table,
    liabilities_by_multipliers,
)
from pricing.rounding import EXACT
from tables.numbers import Age

MAX_PENSIONS = 500

PensionKind = TypeAliasType(
    "PensionKind",
    Annotated[
        Literal["disability", "spouse", "child", "parent"],
        Field(description="Who is paid: a disabled worker, or a surviving spouse, child or parent."),
    ],
)


class PensionInPayment(OwnFields):
    """One pension."""

    kind: PensionKind = Field(description="Who is paid.")
    monthly_amount: Amount = Field(description="The pension, KHR a month.")
    age: Age = Field(description="Age of who is paid, in completed years.")


class LiabilitiesRequest(OwnFields):
    """Pensions to be valued, by the printed multipliers or by a life table."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["discount_rate"], "properties": {"discount_rate": {"type": ["string", "number"]}}},
            "then": {"required": ["basis"], "properties": {"basis": {"const": "life_table"}}},
        }
    )

    examples: ClassVar[Mapping[str, Example]] = {
        "multipliers": Example(
            "A disabled worker and a family, by the printed multipliers",
            {
                "pensions": [
                    {"kind": "disability", "monthly_amount": "80557", "age": 32},
                    {"kind": "spouse", "monthly_amount": "138833", "age": 29},
                    {"kind": "child", "monthly_amount": "67083", "age": 4},
                ],
                "as_of": "2026-12-01",
            },
        ),
        "life_table": Example(
            "The same worker, by the WHO's life table at 5 per cent",
            {
                "pensions": [{"kind": "disability", "monthly_amount": "80557", "age": 32}],
                "basis": "life_table",
                "discount_rate": "0.05",
                "as_of": "2026-12-01",
            },
        ),
        "too_old": Example(
            "Refused: the multipliers end at 105",
            {"pensions": [{"kind": "parent", "monthly_amount": "1", "age": 106}], "as_of": "2026-12-01"},
        ),
    }

    pensions: Annotated[list[PensionInPayment], Field(max_length=MAX_PENSIONS)] = Field(
        description=f"The pensions, at most {MAX_PENSIONS}."
    )
    basis: Literal["multipliers", "life_table"] = Field(
        default="multipliers",
        description="`multipliers`: those printed. `life_table`: a unit paid daily for life by the role `life_table`.",
    )
    discount_rate: Rate | None = Field(
        default=None,
        description="Interest a year with a life table, a fraction. Default: that of the multipliers.",
    )

    @model_validator(mode="after")
    def _rate_of_a_life_table(self) -> Self:
        if self.discount_rate is not None and self.basis != "life_table":
            raise PydanticCustomError("discount_rate", "takes a discount_rate with the basis life_table only")
        return self


class ValuedPension(Part):
    """A pension and its value."""

    kind: PensionKind = Field(description="Who is paid.")
    age: int = Field(description="Age in completed years.")
    monthly_amount: DecimalText = Field(description="The pension, KHR a month.")
    multiplier: DecimalText = Field(description="Present value of 1 paid daily for life, a number of days.")
    mortality_rate: DecimalText | None = Field(
        description=(
            "Deaths within a year at this age, a fraction: the life table's, or that which the multiplier and the next "
            "imply, which may be above 1 at the very end; null where there is no next."
        )
    )
    present_value: DecimalText = Field(description="What the pension is worth, KHR, whole riel.")
    present_value_exact: DecimalText = Field(description="The same before it is rounded, KHR.")


class KindTotal(Part):
    """The pensions of one kind together."""

    kind: PensionKind = Field(description="Who is paid.")
    pensions: int = Field(description="Number of pensions.")
    present_value: DecimalText = Field(description="What they are worth, KHR, whole riel.")
    present_value_exact: DecimalText = Field(description="The same before it is rounded, KHR.")


class LiabilitiesAnswer(Part):
    """What the pensions are worth."""

    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    basis: Literal["multipliers", "life_table"] = Field(description="What the multipliers come from.")
    discount_rate: DecimalText = Field(description="Interest of the multipliers a year, a fraction.")
    pensions: list[ValuedPension] = Field(description="Each pension, in the order of the request.")
    kinds: list[KindTotal] = Field(description="The pensions by kind; a kind without pensions is left out.")
    total: DecimalText = Field(description="What all are worth, KHR, whole riel.")
    total_exact: DecimalText = Field(description="The same before it is rounded, KHR.")


Result = tuple[LiabilitiesRequest, Liabilities]


def _liabilities(request: LiabilitiesRequest, basis: Basis) -> Answered[Result]:
    pensions = [Pension(each.kind, each.monthly_amount, each.age) for each in request.pensions]
    multipliers: Multipliers = basis.assumptions["multipliers"]
    provisions: Provisions = basis.assumptions["provisions"]
    if request.basis == "multipliers":
        found = liabilities_by_multipliers(pensions, multipliers, provisions.months_per_year)
    else:
        life_table: LifeTable = basis.assumptions["life_table"]
        rate = multipliers.discount_rate if request.discount_rate is None else request.discount_rate
        unit = multipliers.unit.per_year
        found = liabilities_by_life_table(pensions, life_table, rate, unit, provisions.months_per_year)
    return Answered((request, found), found.errata)


def _fields(result: Result, basis: Basis) -> dict[str, Any]:
    request, found = result
    multipliers: Multipliers = basis.assumptions["multipliers"]
    rate = multipliers.discount_rate if request.discount_rate is None else request.discount_rate
    return {
        "currency": basis.assumptions["provisions"].currency,
        "basis": request.basis,
        "discount_rate": EXACT.text(rate),
        "pensions": [_valued(each) for each in found.pensions],
        "kinds": [
            {"kind": kind, "pensions": number, **whole_riel("present_value", value)}
            for kind, (number, value) in found.by_kind().items()
        ],
        **whole_riel("total", found.total),
    }


def _valued(valued: Valued) -> dict[str, Any]:
    return {
        "kind": valued.pension.kind,
        "age": valued.pension.age,
        "monthly_amount": EXACT.text(valued.pension.monthly_amount),
        "multiplier": EXACT.text(valued.multiplier),
        "mortality_rate": None if valued.mortality is None else EXACT.text(valued.mortality),
        **whole_riel("present_value", valued.present_value),
    }


LIABILITIES = Calculator(
    method="POST",
    path="/v1/nssf/liabilities",
    operation_id="createNssfLiabilities",
    summary="Value pensions",
    description=(
        "Present value of pensions in payment, each, by kind and in all, by the printed present value multipliers "
        "(giz-2012, Table C.1) or by a life table and a rate of interest, with the mortality of either. Every pension "
        "is valued for life."
    ),
    tag="nssf",
    request=LiabilitiesRequest,
    answer=LiabilitiesAnswer,
    roles=("multipliers", "life_table", "provisions"),
    question=lambda request, _basis: request,
    formula=_liabilities,
    fields=_fields,
)
