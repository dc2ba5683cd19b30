"""`POST /v1/shi/cost-ratios/sensitivity`: which figure of the tables matters most for a cost ratio."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from pydantic import Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, Growth
from api.shi.schemes import ROLES, ChangedFigureAnswer, FigureAnswer, SchemeFields, figure, scheme, tables
from pricing.rounding import EXACT, plain
from pricing.shi.cost_ratio import Scheme
from pricing.shi.sensitivity import Effect, Refused, Sensitivity, cost_ratio_sensitivity
from tables.bounds import bounds

DEFAULT_CHANGE = Decimal("0.1")


class CostRatioSensitivityRequest(SchemeFields):
    """Whose cost ratio, and by how much each figure is changed."""

    examples: ClassVar[Mapping[str, Example]] = {
        "option": Example(
            "Medical benefits with dependants, each figure a tenth higher",
            {"benefits": {"medical_option": 2}, "as_of": "2026-12-01"},
        ),
        "maternity": Example(
            "Maternity benefits alone, each figure a twentieth lower",
            {"benefits": {"maternity": True}, "change": "-0.05", "as_of": "2026-12-01"},
        ),
    }

    change: Growth = Field(
        default=DEFAULT_CHANGE, description="By which fraction each figure is changed.", validate_default=False
    )


class CostRatioEffectAnswer(ChangedFigureAnswer):
    """A figure on which the cost ratio depends."""

    payg_cost_ratio: DecimalText = Field(
        description="The cost ratio with the figure changed, a fraction of insured earnings, 12 decimals."
    )
    effect: DecimalText = Field(
        description="How it differs from the unchanged one, a fraction of insured earnings, 12 decimals."
    )


class RefusedFigureAnswer(ChangedFigureAnswer):
    """A figure that the table would not take if it were changed so; it is left as it is."""

    reason: str = Field(description="Why not, for people.")


class CostRatioSensitivityAnswer(Part):
    """A cost ratio, and what each figure of its tables does to it, changed alone."""

    payg_cost_ratio: DecimalText = Field(
        description="The cost ratio without any change, a fraction of insured earnings, 12 decimals."
    )
    change: DecimalText = Field(description="The change of each figure, a fraction of it, 12 decimals.")
    effects: list[CostRatioEffectAnswer] = Field(
        description="The figures on which the cost ratio depends, the largest effect first; whole numbers stay whole."
    )
    without_effect: list[FigureAnswer] = Field(
        description="The other figures of the tables: they change no decimal place of it."
    )
    refused: list[RefusedFigureAnswer] = Field(
        description="The figures that cannot be changed so; the cost ratio may depend on them."
    )


class _Question(NamedTuple):
    scheme: Scheme
    change: Decimal


def _sensitivity(question: _Question, basis: Basis) -> Answered[tuple[Decimal, Sensitivity]]:
    found = cost_ratio_sensitivity(question.scheme, question.change, tables(basis), bounds)
    return Answered((question.change, found), found.unchanged.errata)


def _changed(each: Effect | Refused) -> dict[str, str]:
    return {**figure(each.path), "before": plain(Decimal(each.before)), "after": plain(Decimal(each.after))}


def _fields(result: tuple[Decimal, Sensitivity], _basis: Basis) -> dict[str, Any]:
    change, found = result
    return {
        "payg_cost_ratio": EXACT.text(found.unchanged.payg_cost_ratio),
        "change": EXACT.text(change),
        "effects": [
            _changed(each) | {"payg_cost_ratio": EXACT.text(each.payg_cost_ratio), "effect": EXACT.text(each.effect)}
            for each in found.effects
        ],
        "without_effect": [figure(path) for path in found.without_effect],
        "refused": [_changed(each) | {"reason": each.reason} for each in found.refused],
    }


SHI_SENSITIVITY = Calculator(
    method="POST",
    path="/v1/shi/cost-ratios/sensitivity",
    operation_id="createShiCostRatioSensitivity",
    summary="What a cost ratio depends on",
    description=(
        "The cost ratio of benefits of the private sector, or of civil servants, again with one figure of its tables "
        "after the other changed by the same share, the largest effect first."
    ),
    tag="shi",
    request=CostRatioSensitivityRequest,
    answer=CostRatioSensitivityAnswer,
    roles=ROLES,
    question=lambda request, basis: _Question(scheme(request, basis), request.change),
    formula=_sensitivity,
    fields=_fields,
    weight="heavy",
)
