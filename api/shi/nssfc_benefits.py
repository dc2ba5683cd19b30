"""`POST /v1/nssfc/benefits`: what the benefits of civil servants and their families cost in a year."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Self, get_args

from pydantic import ConfigDict, Field, create_model, model_validator
from pydantic_core import PydanticCustomError

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Amount, Example, OwnFields
from pricing.arithmetic import ZERO
from pricing.rounding import MILLION_KHR
from pricing.shi.nssfc_benefits import (
    GROUPS,
    BeneficiaryYear,
    NssfcBenefits,
    NssfcExpenditure,
    figures_of_year,
    nssfc_expenditure,
)
from tables.kinds.shi_civil import BenefitKind
from tables.numbers import Persons, Year

KINDS: tuple[str, ...] = get_args(BenefitKind)
COUNTED_GROUPS = ("widow_pensions", "orphan_pensions")
TOTALS = ("death_benefits", *GROUPS, "survivor_benefits")


def _named(name: str) -> str:
    return name.replace("_", " ")


_beneficiaries: dict[str, Any] = {
    kind: (Persons, Field(default=0, description=f"Number of beneficiaries: {_named(kind)}.")) for kind in KINDS
}
BeneficiariesRequest = create_model(
    "BeneficiariesRequest",
    __base__=OwnFields,
    __doc__="Beneficiaries of a year by kind of benefit; nobody where a kind is left out.",
    **_beneficiaries,
)
_counted: dict[str, Any] = {
    name: (int, Field(description=f"Number of beneficiaries: {_named(name)}.")) for name in (*KINDS, *COUNTED_GROUPS)
}
BeneficiariesAnswer = create_model(
    "BeneficiariesAnswer",
    __base__=Part,
    __doc__="Beneficiaries by kind of benefit, and of both kinds of widow and orphan together.",
    **_counted,
)
_spent: dict[str, Any] = {
    name: (DecimalText, Field(description=f"Million KHR a year, 6 decimals: {_named(name)}."))
    for name in (*KINDS, *TOTALS, "total")
}
NssfcExpenditureAnswer = create_model(
    "NssfcExpenditureAnswer",
    __base__=Part,
    __doc__="Expenditure by kind of benefit, by group and in all.",
    **_spent,
)


class NssfcBenefitRequest(OwnFields):
    """A year of the table, or beneficiaries of one's own."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["year"], "properties": {"year": {"type": "number"}}},
            "then": {"properties": {"beneficiaries": {"type": "null"}, "death_benefits": {"type": "null"}}},
            "else": {"required": ["beneficiaries"], "properties": {"beneficiaries": {"type": "object"}}},
        }
    )

    examples: ClassVar[Mapping[str, Example]] = {
        "year_2009": Example("2009", {"year": 2009, "as_of": "2026-12-01"}),
        "beneficiaries": Example(
            "Beneficiaries of one's own",
            {
                "beneficiaries": {"pension": 30000, "cost_of_living_allowance": 30000, "maternity_grant": 700},
                "death_benefits": "6000",
                "as_of": "2026-12-01",
            },
        ),
        "refused": Example("Refused: a year without figures", {"year": 2011, "as_of": "2026-12-01"}),
    }

    year: Year | None = Field(
        default=None, description="Number of a year of the table; exactly one of this and `beneficiaries`."
    )
    beneficiaries: BeneficiariesRequest | None = Field(default=None, description="Beneficiaries, in place of a year's.")
    death_benefits: Amount | None = Field(
        default=None, description="Death benefits of the year, million KHR, with `beneficiaries`. Default: none."
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.year is None) == (self.beneficiaries is None):
            raise PydanticCustomError("year_or_beneficiaries", "needs either year or beneficiaries")
        if self.year is not None and self.death_benefits is not None:
            raise PydanticCustomError("death_benefits_of_a_year", "has a year's own death_benefits: leave them out")
        return self


class NssfcBenefitAnswer(Part):
    """What benefits cost in a year."""

    currency: str = Field(description="Currency of every amount, ISO 4217: KHR, in millions.")
    beneficiaries: BeneficiariesAnswer = Field(description="Beneficiaries by kind.")
    expenditure: NssfcExpenditureAnswer = Field(description="Expenditure by kind.")


def _given(request: NssfcBenefitRequest, basis: NssfcBenefits) -> BeneficiaryYear:
    if request.year is not None:
        return figures_of_year(request.year, basis)
    return BeneficiaryYear(MappingProxyType(dict(request.beneficiaries or ())), request.death_benefits or ZERO)


def _expenditure(request: NssfcBenefitRequest, basis: Basis) -> Answered[NssfcExpenditure]:
    tables: NssfcBenefits = basis.assumptions["nssfc_benefits"]
    return Answered(nssfc_expenditure(_given(request, tables), tables))


def _fields(result: NssfcExpenditure, _basis: Basis) -> dict[str, Any]:
    spent = {**result.by_kind, **result.by_group, "total": result.total}
    return {
        "currency": "KHR",
        "beneficiaries": {name: result.beneficiaries[name] for name in (*KINDS, *COUNTED_GROUPS)},
        "expenditure": {name: MILLION_KHR.text(spent[name]) for name in (*KINDS, *TOTALS, "total")},
    }


NSSFC_BENEFITS = Calculator(
    method="POST",
    path="/v1/nssfc/benefits",
    operation_id="createNssfcBenefits",
    summary="Add up benefits of civil servants",
    description=(
        "Expenditure by kind of benefit of the fund for civil servants (NSSFC) in a year of the report, or for "
        "beneficiaries of one's own (giz-2012, Annex E)."
    ),
    tag="shi",
    request=NssfcBenefitRequest,
    answer=NssfcBenefitAnswer,
    roles=("nssfc_benefits",),
    question=lambda request, _basis: request,
    formula=_expenditure,
    fields=_fields,
)
