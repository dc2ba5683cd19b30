"""The MBA's tables for its own finances: reinsurance treaties, limits of the programme (suan-2009 §V, §VI)."""

from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import model_validator

from pricing.mba import assumptions as mba
from tables.kinds.base import LEFT_OUT_OR_STATED, Content, ContentPart
from tables.numbers import Amount, Rate, Years

ReinsuredKind = Literal["natural_death", "accidental_death", "permanent_disability", "hospitalization"]


class AnnualLimit(ContentPart):
    """Between which amounts the limit of a year may be agreed."""

    minimum: Amount
    maximum: Amount

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.minimum > self.maximum:
            raise ValueError("minimum must not be above maximum")
        return self


class ReinsuredEvent(ContentPart):
    """A reinsured event, of everybody or of who was a member for longer than some years."""

    membership_years_above: Annotated[Years | None, LEFT_OUT_OR_STATED] = None


class ReinsuranceContent(Content):
    """A quota-share treaty."""

    currency: Literal["USD"]
    quota_share: Rate
    maximum_per_risk: Amount
    annual_limit: AnnualLimit
    premium_rate: Rate
    experience_refund_rate: Rate
    events: dict[ReinsuredKind, ReinsuredEvent]

    def assumptions(self) -> mba.Reinsurance:
        """The treaty as the formulas take it."""
        events: dict[str, mba.ReinsuredEvent] = {
            kind: mba.ReinsuredEvent(event.membership_years_above) for kind, event in self.events.items()
        }
        return mba.Reinsurance(
            currency=self.currency,
            quota_share=self.quota_share,
            maximum_per_risk=self.maximum_per_risk,
            annual_limit=mba.AnnualLimit(self.annual_limit.minimum, self.annual_limit.maximum),
            premium_rate=self.premium_rate,
            experience_refund_rate=self.experience_refund_rate,
            events=MappingProxyType(events),
        )


class CovenantsContent(Content):
    """Limits within which the programme is said to be feasible."""

    maximum_expense_ratio: Rate
    maximum_commission_ratio: Rate
    minimum_investment_yield: Rate
    maximum_withdrawal_rate: Rate
    maximum_federation_share: Rate
    dividend_margin: Rate

    def assumptions(self) -> mba.Covenants:
        """The limits as the formulas take them."""
        return mba.Covenants(**self.model_dump())
