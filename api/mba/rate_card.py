"""`GET /v1/mba/rate-card`: the tariff as the paper prints it (suan-2009 Tables 8 and 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.mba.tariff import ROLES, mba_assumptions, premium_of
from api.mba.vocabulary import Coverage, Insured, Package, PlanType
from api.requests import OwnFields
from pricing.mba.plans import INSURED
from pricing.mba.rate_card import RateCardRow, by_decrement, by_plan
from pricing.rounding import MONTHLY, WHOLE_RIEL, Rounding
from tables.kinds import mba


class RateCardRequest(OwnFields):
    """The rate card's own query parameter."""

    table: Literal["by_decrement", "by_plan"] | None = Field(
        default=None,
        description=(
            "Which table to answer as CSV: `by_decrement`, premiums by coverage, or `by_plan`, premiums of whole "
            "plans. Naming one asks for CSV, unless `Accept` asks for JSON. Default: by_plan."
        ),
        examples=["by_plan"],
    )


class PlanRowAnswer(Part):
    """A row of Table 9: the premium of a household form, or of one additional person."""

    code: int = Field(description="The tariff's own code number of the row.")
    plan_type: PlanType | None = Field(description="The household form; null in the row of a person.")
    insured: Insured | None = Field(description="The kind of person; null in the row of a household form.")
    monthly_premiums: dict[Package, DecimalText] = Field(
        description="Gross monthly premium in each package, by package, KHR a month.",
        min_length=len(get_args(mba.Package)),
    )


class DecrementRowAnswer(PlanRowAnswer):
    """A row of Table 8: the part of the premium that is for one coverage."""

    coverage: Coverage = Field(description="What the part is for.")


class RateCardAnswer(Part):
    """The whole tariff."""

    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    by_decrement: list[DecrementRowAnswer] = Field(
        description="Table 8: premiums by coverage, KHR a month with two decimals."
    )
    by_plan: list[PlanRowAnswer] = Field(description="Table 9: premiums of whole plans, KHR a month in whole riel.")


Table = Literal["by_decrement", "by_plan"]


@dataclass(frozen=True)
class _RateCard:
    currency: str
    by_decrement: list[RateCardRow]
    by_plan: list[RateCardRow]


def _rate_card(_table: Table, basis: Basis) -> Answered[_RateCard]:
    assumptions, price_row = mba_assumptions(basis), premium_of(basis)
    currency = assumptions.packages.currency
    card = _RateCard(currency, by_decrement(assumptions, price_row), by_plan(assumptions, price_row))
    packages = sorted(assumptions.packages.basic_benefit)
    used = [code for package in packages for insured in INSURED for code in price_row(package, insured).errata]
    return Answered(card, tuple(dict.fromkeys(used)))


def _row(row: RateCardRow, rounding: Rounding) -> dict[str, Any]:
    premiums = {package: rounding.text(row.monthly_premiums[package]) for package in sorted(row.monthly_premiums)}
    named = {"code": row.code, "plan_type": row.plan_type, "insured": row.insured, "monthly_premiums": premiums}
    return named if row.coverage is None else {"coverage": row.coverage, **named}


def _fields(card: _RateCard, _basis: Basis | None = None) -> dict[str, Any]:
    return {
        "currency": card.currency,
        "by_decrement": [_row(row, MONTHLY) for row in card.by_decrement],
        "by_plan": [_row(row, WHOLE_RIEL) for row in card.by_plan],
    }


def _csv(card: _RateCard, table: Table) -> Sequence[Sequence[str]]:
    rows = _fields(card)[table]
    names = [name for name in rows[0] if name != "monthly_premiums"]
    packages = list(rows[0]["monthly_premiums"])
    lines = [[str(row[name] or "") for name in names] + list(row["monthly_premiums"].values()) for row in rows]
    return [names + packages, *lines]


RATE_CARD = Calculator(
    method="GET",
    path="/v1/mba/rate-card",
    operation_id="getMbaRateCard",
    summary="The published tariff",
    description=(
        "Gross monthly premiums by coverage (Table 8, two decimals) and by plan (Table 9, whole riel), as "
        "suan-2009 publishes them. Also as CSV, one table at a time: `?table=by_decrement` or `?table=by_plan`."
    ),
    tag="mba",
    request=RateCardRequest,
    answer=RateCardAnswer,
    roles=ROLES,
    question=lambda request, _basis: request.table or "by_plan",
    formula=_rate_card,
    fields=_fields,
    csv=_csv,
    recurring=True,
)
