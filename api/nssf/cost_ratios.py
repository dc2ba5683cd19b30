"""`POST /v1/nssf/cost-ratios`: the branch's cost against insured earnings, and what planned changes would add."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.choices import AMOUNT, Choice, ExactlyOne
from api.engine import Basis
from api.requests import Amount, Example, OwnFields
from pricing.arithmetic import ZERO
from pricing.nssf.assumptions import Contributions, Provisions
from pricing.nssf.cost_ratios import (
    BranchCost,
    Changes,
    CostRatios,
    CostReport,
    cost_of_amounts,
    cost_of_year,
)
from pricing.rounding import EXACT, MILLION_KHR
from tables.numbers import Whole, Year

_BASIS = ExactlyOne(Choice("insured_earnings", AMOUNT), Choice("contributions", AMOUNT))
_PARTS_OF_BENEFITS = ("funeral_grants", "disability_lump_sums", "disability_pensions")
_SOURCE = ExactlyOne(Choice("year", "integer"), Choice("amounts", "object"))


class CostAmounts(OwnFields):
    """Amounts of a year, million KHR."""

    model_config = ConfigDict(json_schema_extra=_BASIS.schema())

    insured_earnings: Amount | None = Field(
        default=None,
        description="Earnings on which contributions are due, million KHR. Exactly one of these and `contributions`.",
    )
    contributions: Amount | None = Field(
        default=None, description="Contributions of the year, whoever paid them, million KHR; in place of earnings."
    )
    benefit_expenditure: Amount = Field(description="All benefits of the year, million KHR.")
    administration_cost: Amount = Field(description="Cost of administration, million KHR.")
    disability_pension_liabilities: Amount = Field(
        default=ZERO, description="Present value of the disability pensions awarded in the year, million KHR."
    )
    survivor_pension_liabilities: Amount = Field(
        default=ZERO, description="Present value of the survivors' pensions awarded in the year, million KHR."
    )
    funeral_grants: Amount = Field(
        default=ZERO, description="Funeral grants paid, a part of the benefits, million KHR; for a change of the grant."
    )
    funeral_grants_paid: Whole = Field(
        default=0, description="Number of funeral grants paid; for a change of the grant."
    )
    disability_lump_sums: Amount = Field(
        default=ZERO,
        description="Lump sums for permanent disability, a part of the benefits, million KHR; for a change of formula.",
    )
    disability_pensions: Amount = Field(
        default=ZERO,
        description="Pensions for permanent disability, a part of the benefits, million KHR; for a change of formula.",
    )

    @model_validator(mode="after")
    def _one_basis(self) -> Self:
        _BASIS.check(self)
        return self


class PlannedChanges(OwnFields):
    """Changes to benefits; what is left out stays as it was."""

    funeral_grant: Amount | None = Field(default=None, description="The new funeral grant, KHR.")
    permanent_disability: Literal["ilo_recommended"] | None = Field(
        default=None,
        description="`ilo_recommended`: lump sums and pensions by the formulas without the reducing factors.",
    )


class CostRatiosRequest(OwnFields):
    """A year of the experience, or amounts of any year, with planned changes."""

    model_config = ConfigDict(json_schema_extra=_SOURCE.schema())

    examples: ClassVar[Mapping[str, Example]] = {
        "year_2010": Example("2010", {"year": 2010, "as_of": "2026-12-01"}),
        "planned_changes": Example(
            "2010, had both planned changes been in force",
            {
                "year": 2010,
                "changes": {"funeral_grant": "4000000", "permanent_disability": "ilo_recommended"},
                "as_of": "2026-12-01",
            },
        ),
        "amounts": Example(
            "A year of one's own",
            {
                "amounts": {
                    "contributions": "25000",
                    "benefit_expenditure": "3600.5",
                    "administration_cost": "2900",
                    "disability_pension_liabilities": "150",
                    "survivor_pension_liabilities": "610",
                    "funeral_grants": "52",
                    "funeral_grants_paid": 52,
                },
                "changes": {"funeral_grant": "4000000"},
                "as_of": "2026-12-01",
            },
        ),
        "year_2012": Example("Refused: the experience ends in 2010", {"year": 2012, "as_of": "2026-12-01"}),
    }

    year: Year | None = Field(
        default=None,
        description="Number of the year of the calendar, of the experience. Exactly one of `year` and `amounts`.",
    )
    amounts: CostAmounts | None = Field(default=None, description="Amounts of any year; in place of a year.")
    changes: PlannedChanges | None = Field(default=None, description="Planned changes, to see their effect.")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        _SOURCE.check(self)
        return self


class RatioParts(Part):
    """What the ratios are made of."""

    benefit_expenditure: DecimalText = Field(description="Benefits, a fraction of insured earnings.")
    administration_cost: DecimalText = Field(description="Administration, a fraction of insured earnings.")
    disability_pensions: DecimalText = Field(
        description="Liabilities of disability pensions, a fraction of insured earnings."
    )
    survivor_pensions: DecimalText = Field(
        description="Liabilities of survivors' pensions, a fraction of insured earnings."
    )


class Ratios(Part):
    """Amounts of a year and their ratios."""

    insured_earnings: DecimalText = Field(description="Earnings on which contributions are due, million KHR.")
    operating_expenditure: DecimalText = Field(description="Benefits and administration, million KHR.")
    benefit_expenditure: DecimalText = Field(description="All benefits, million KHR.")
    administration_cost: DecimalText = Field(description="Cost of administration, million KHR.")
    pension_liabilities: DecimalText = Field(
        description="Present value of the pensions awarded in the year, million KHR."
    )
    disability_pension_liabilities: DecimalText = Field(description="That of disability pensions, million KHR.")
    survivor_pension_liabilities: DecimalText = Field(description="That of survivors' pensions, million KHR.")
    payg: DecimalText = Field(description="Operating expenditure, a fraction of insured earnings.")
    funding: DecimalText = Field(description="Pension liabilities, a fraction of insured earnings.")
    terminal_funding: DecimalText = Field(description="Both together, a fraction of insured earnings.")
    parts: RatioParts = Field(description="What they are made of.")
    margin: DecimalText = Field(
        description="Contribution rate less terminal funding, a fraction; below 0 the rate is not enough."
    )


class CostFinding(Part):
    """Something that does not add up in the amounts sent. Nothing is mended."""

    code: Literal["part_exceeds_whole"] = Field(description="What kind of thing.")
    fields: list[str] = Field(description="The fields of the request that it is about.")
    expected: DecimalText = Field(description="What it is at most, by the other fields, million KHR.")
    stated: DecimalText = Field(description="What it is, million KHR.")
    detail: str = Field(description="The same in a sentence, for people.")


class CostRatiosAnswer(Ratios):
    """The branch's cost against what it takes in."""

    year: int | None = Field(description="Number of the year of the calendar; null where amounts were sent.")
    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    contribution_rate: DecimalText = Field(description="Of employer and government, a fraction of insured earnings.")
    changed: Ratios | None = Field(description="The same with the planned changes; null where none were sent.")
    effect: DecimalText = Field(
        description="What the changes add to terminal funding, a fraction of insured earnings; 0 without changes."
    )
    findings: list[CostFinding] = Field(description="What does not add up; empty where all does.")


def _report(request: CostRatiosRequest, basis: Basis) -> Answered[tuple[int | None, CostReport]]:
    contributions: Contributions = basis.assumptions["contributions"]
    provisions: Provisions = basis.assumptions["provisions"]
    rate, terms, changes = contributions.rate, provisions.permanent_disability, _changes(request.changes)
    if request.amounts is None:
        assert request.year is not None  # noqa: S101  (the request has one of them)
        report = cost_of_year(request.year, changes, basis.assumptions["experience"], rate, terms)
    else:
        amounts = dict(request.amounts)
        contributed, earnings = amounts.pop("contributions"), amounts.pop("insured_earnings")
        cost = BranchCost(insured_earnings=earnings or ZERO, **amounts)
        report = cost_of_amounts(cost, contributed, changes, rate, terms)
    return Answered((request.year, report), report.errata)


def _changes(changes: PlannedChanges | None) -> Changes | None:
    if changes is None:
        return None
    return Changes(changes.funeral_grant, changes.permanent_disability is not None)


def _fields(result: tuple[int | None, CostReport], basis: Basis) -> dict[str, Any]:
    year, report = result
    return {
        "year": year,
        "currency": basis.assumptions["experience"].currency,
        "contribution_rate": EXACT.text(report.contribution_rate),
        **_ratios(report.ratios),
        "changed": None if report.changed is None else _ratios(report.changed),
        "effect": EXACT.text(report.effect),
        "findings": _findings(report.ratios.cost),
    }


def _findings(cost: BranchCost) -> list[dict[str, Any]]:
    if not cost.parts_exceed_whole:
        return []
    return [
        {
            "code": "part_exceeds_whole",
            "fields": [f"amounts.{name}" for name in (*_PARTS_OF_BENEFITS, "benefit_expenditure")],
            "expected": MILLION_KHR.text(cost.benefit_expenditure),
            "stated": MILLION_KHR.text(cost.named_parts),
            "detail": "Funeral grants, lump sums and pensions for permanent disability are more than all benefits.",
        }
    ]


def _ratios(ratios: CostRatios) -> dict[str, Any]:
    cost = ratios.cost
    return {
        "insured_earnings": MILLION_KHR.text(cost.insured_earnings),
        "operating_expenditure": MILLION_KHR.text(ratios.operating_expenditure),
        "benefit_expenditure": MILLION_KHR.text(cost.benefit_expenditure),
        "administration_cost": MILLION_KHR.text(cost.administration_cost),
        "pension_liabilities": MILLION_KHR.text(ratios.pension_liabilities),
        "disability_pension_liabilities": MILLION_KHR.text(cost.disability_pension_liabilities),
        "survivor_pension_liabilities": MILLION_KHR.text(cost.survivor_pension_liabilities),
        "payg": EXACT.text(ratios.payg),
        "funding": EXACT.text(ratios.funding),
        "terminal_funding": EXACT.text(ratios.terminal_funding),
        "parts": {
            "benefit_expenditure": EXACT.text(ratios.benefits),
            "administration_cost": EXACT.text(ratios.administration),
            "disability_pensions": EXACT.text(ratios.disability_pensions),
            "survivor_pensions": EXACT.text(ratios.survivor_pensions),
        },
        "margin": EXACT.text(ratios.margin),
    }


COST_RATIOS = Calculator(
    method="POST",
    path="/v1/nssf/cost-ratios",
    operation_id="createNssfCostRatios",
    summary="Find what the branch costs",
    description=(
        "PAYG, funding and terminal funding cost ratios of the employment injury branch against insured earnings, "
        "with their parts and what the contribution rate leaves (giz-2012, Tables 3.14 to 3.16), of a year of the "
        "experience or of amounts of one's own; and the effect of another funeral grant or of the ILO's formulas."
    ),
    tag="nssf",
    request=CostRatiosRequest,
    answer=CostRatiosAnswer,
    roles=("experience", "contributions", "provisions"),
    question=lambda request, _basis: request,
    formula=_report,
    fields=_fields,
)
