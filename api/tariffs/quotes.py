"""`POST /v1/tariffs/{scheme}/quotes`: what cover costs by a scheme's premium scale, and who pays it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator, EventDate
from api.engine import Basis
from api.requests import Amount, Example, Month, OwnFields
from api.tariffs.vocabulary import SCHEME, MembershipClass
from pricing.rounding import EXACT, Rounding
from pricing.tariffs.assumptions import Tariff
from pricing.tariffs.quotes import Earned, TariffQuote, tariff_quote
from tables.kinds.tariffs import MAX_PERSONS
from tables.numbers import parse_whole


class TariffQuoteRequest(OwnFields):
    """Who is to be insured: what the scheme's scale depends on, and nothing else."""

    examples: ClassVar[Mapping[str, Example]] = {
        "family": Example(
            "A family of six in a class of members",
            {"membership_class": "microfinance_member", "persons": 6, "as_of": "2026-12-01"},
        ),
        "enrolled_in_february": Example(
            "Enrolled in February: what of the premium is earned at the end of the year",
            {"membership_class": "other_member", "persons": 4, "enrolment_month": "2006-02"},
        ),
        "too_large": Example(
            "Refused: a family for which the scale has no premium",
            {"membership_class": "microfinance_member", "persons": 7, "as_of": "2026-12-01"},
        ),
        "no_such_class": Example(
            "Refused: a class that the scheme does not have",
            {"membership_class": "student", "persons": 2, "as_of": "2026-12-01"},
        ),
    }

    membership_class: MembershipClass | None = Field(
        default=None, description="The class of members. May be left out where the scheme has one alone."
    )
    persons: Annotated[int, Field(ge=1, le=MAX_PERSONS), BeforeValidator(parse_whole)] | None = Field(
        default=None,
        description="Number of persons who are insured together. Only where the premium is charged for persons or "
        "families.",
    )
    income: Amount | None = Field(
        default=None,
        description="Income of a period (`period_months`), a number of units of the scheme's currency. Only where the "
        "premium is charged for income.",
    )
    enrolment_month: Month | None = Field(
        default=None,
        description="Month in which cover begins, YYYY-MM. Its first day chooses the versions in place of `as_of`.",
    )


class PayerAnswer(Part):
    """What one payer pays."""

    payer: str = Field(description="Who pays, as the scheme's table calls it.")
    subsidy: bool = Field(description="Whether it is paid so that the others pay less.")
    amount: DecimalText = Field(description="What is paid, a number of units of `currency`.")
    amount_exact: DecimalText = Field(description="The same before it is rounded, a number of units of `currency`.")


class EarnedAnswer(Part):
    """The premium by the months of the scheme's period."""

    months: int = Field(description="Number of months of the period from that of enrolment on, this one included.")
    earned_premium: DecimalText = Field(
        description="The part of the premium that is earned when the period ends, a number of units of `currency`."
    )
    earned_premium_exact: DecimalText = Field(
        description="The same before it is rounded, a number of units of `currency`."
    )
    unearned_premium: DecimalText = Field(
        description="The rest of it, for cover after the period, a number of units of `currency`."
    )
    unearned_premium_exact: DecimalText = Field(
        description="The same before it is rounded, a number of units of `currency`."
    )


class TariffQuoteAnswer(Part):
    """What cover costs by the scheme's scale; amounts have the decimal places that its table says."""

    scheme: str = Field(description="The scheme.")
    membership_class: MembershipClass = Field(description="The class of members whose scale it is.")
    currency: str = Field(description="Currency of every amount, ISO 4217.")
    period_months: int = Field(description="Number of months of the scheme's period, for which its amounts are.")
    premium: DecimalText = Field(
        description="What is charged for the period, or for what is left of it where the scheme prorates premiums, a "
        "number of units of `currency`."
    )
    premium_exact: DecimalText = Field(description="The same before it is rounded, a number of units of `currency`.")
    subsidy: DecimalText = Field(
        description="What a subsidy takes over of the premium, or gives beside it, a number of units of `currency`."
    )
    subsidy_exact: DecimalText = Field(description="The same before it is rounded, a number of units of `currency`.")
    total: DecimalText = Field(description="What the scheme receives in all, a number of units of `currency`.")
    total_exact: DecimalText = Field(description="The same before it is rounded, a number of units of `currency`.")
    payers: list[PayerAnswer] = Field(description="Who pays what; empty where the scheme does not say who pays.")
    earned: EarnedAnswer | None = Field(
        description="What of the premium is earned in the scheme's period; null where the scheme divides nothing by "
        "months, or no month of enrolment is given."
    )


def _first_day(request: TariffQuoteRequest) -> date | None:
    if request.enrolment_month is None:
        return None
    year, _, month = request.enrolment_month.partition("-")
    return date(int(year), int(month), 1)


def _quote(request: TariffQuoteRequest, basis: Basis) -> Answered[TariffQuote]:
    first_day, tariff = _first_day(request), basis.assumptions[SCHEME.role]
    month = None if first_day is None else first_day.month
    return Answered(tariff_quote(request.membership_class, request.persons, request.income, month, tariff))


def _fields(quote: TariffQuote, basis: Basis) -> dict[str, Any]:
    tariff: Tariff = basis.assumptions[SCHEME.role]
    rounding = Rounding(tariff.decimal_places)
    return {
        "scheme": basis.resolved.versions[SCHEME.role].table.removeprefix(SCHEME.prefix),
        "membership_class": quote.membership_class,
        "currency": tariff.currency,
        "period_months": tariff.period_months,
        **_amount("premium", quote.premium, rounding),
        **_amount("subsidy", quote.subsidy, rounding),
        **_amount("total", quote.total, rounding),
        "payers": [
            {"payer": each.payer, "subsidy": each.subsidy, **_amount("amount", each.amount, rounding)}
            for each in quote.payments
        ],
        "earned": None if quote.earned is None else _earned(quote.earned, rounding),
    }


def _earned(earned: Earned, rounding: Rounding) -> dict[str, Any]:
    return {
        "months": earned.months,
        **_amount("earned_premium", earned.earned, rounding),
        **_amount("unearned_premium", earned.unearned, rounding),
    }


def _amount(name: str, value: Decimal, rounding: Rounding) -> dict[str, str]:
    return {name: rounding.text(value), f"{name}_exact": EXACT.text(value)}


TARIFF_QUOTES = Calculator(
    method="POST",
    path="/v1/tariffs/{scheme}/quotes",
    operation_id="createTariffQuote",
    summary="Price by a scheme's scale",
    description=(
        "What cover costs by the premium scale of a scheme: an amount for each person or family, by family size, by "
        "class of members, or a fraction of the income; what a subsidy takes over, who pays what, and what of the "
        "premium is earned by months. A question that the scale does not answer is refused with `not_in_tariff`. The "
        "scale is the table `tariff-` and the scheme's name, which a pin may name too."
    ),
    tag="tariffs",
    request=TariffQuoteRequest,
    answer=TariffQuoteAnswer,
    roles=(SCHEME.role,),
    question=lambda request, _basis: request,
    formula=_quote,
    fields=_fields,
    event_date=EventDate("enrolment_month", _first_day),
    named_table=SCHEME,
    identified=True,
)
