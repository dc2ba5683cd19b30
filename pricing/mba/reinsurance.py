"""Quota-share reinsurance with an experience refund (suan-2009 Table 13, note 6).

The reinsurer takes its share of every covered claim, up to a maximum for each risk and to a limit for all claims of a
year. What the claims leave of its premium partly comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ZERO, total
from pricing.errors import DomainError
from pricing.mba.assumptions import AnnualLimit, Reinsurance
from pricing.trace import formula

NO_LIMIT = "none"
PER_RISK = "per_risk"
ANNUAL = "annual"
PER_RISK_AND_ANNUAL = "per_risk_and_annual"


@dataclass(frozen=True)
class ReinsuredClaim:
    """A claim that the mutual paid.

    Attributes:
        amount: what it paid.
        kind: the event: natural_death, accidental_death, permanent_disability, hospitalization.
        membership_years: how long the insured was a member, or None where it does not count.
    """

    amount: Decimal
    kind: str
    membership_years: Decimal | None = None


@dataclass(frozen=True)
class Recovery:
    """What one claim recovers, before the limit of the year.

    Attributes:
        covered: whether the treaty covers the claim.
        amount: the reinsurer's part.
        limited: whether the maximum per risk cut it.
    """

    covered: bool
    amount: Decimal
    limited: bool


@dataclass(frozen=True)
class ReinsuranceResult:
    """A year under a treaty, unrounded.

    Attributes:
        ceded_premium: what the mutual pays.
        claims: what each claim recovers before the limit of the year.
        recoveries: what the reinsurer pays in all.
        annual_limit: the limit of the year that was used.
        limit_applied: which limits cut the recoveries.
        experience_refund: what comes back of the premium.
        net_cost: premium less recoveries and refund; below 0 where the reinsurer paid more than it got.
    """

    ceded_premium: Decimal
    claims: tuple[Recovery, ...]
    recoveries: Decimal
    annual_limit: Decimal
    limit_applied: str
    experience_refund: Decimal
    net_cost: Decimal


@dataclass(eq=False)
class AnnualLimitOutOfRange(DomainError):
    """A limit of the year that the treaty does not offer."""

    limit: AnnualLimit

    def __str__(self) -> str:
        return f"The treaty's annual limit is between {self.limit.minimum:f} and {self.limit.maximum:f}."


@formula("P_re", source="suan-2009 Table 13", unit="currency a year")
def ceded_premium(gross_premium: Decimal, premium_rate: Decimal) -> Decimal:
    """What the mutual pays for reinsurance.

    Formula: P = gross premium · rate
    Args:
        gross_premium: of the year, an amount.
        premium_rate: fraction of it that is ceded.
    Returns: an amount, unrounded.
    """
    return gross_premium * premium_rate


@formula("R_k", source="suan-2009 Note 6", unit="currency")
def claim_recovery(amount: Decimal, quota_share: Decimal, maximum_per_risk: Decimal) -> Decimal:
    """What the reinsurer pays on one covered claim.

    Formula: R = min(amount · share, maximum per risk)
    Args:
        amount: what the mutual paid.
        quota_share: the reinsurer's share, a fraction.
        maximum_per_risk: the most that the reinsurer pays on one risk.
    Returns: an amount, unrounded.
    """
    return min(amount * quota_share, maximum_per_risk)


@formula("R", source="suan-2009 Table 13", unit="currency a year")
def annual_recoveries(claim_recoveries: Decimal, annual_limit: Decimal) -> Decimal:
    """What the reinsurer pays in a year.

    Formula: R = min(Σ R_k, annual limit)
    Args:
        claim_recoveries: sum of what the claims recover, each with its own maximum.
        annual_limit: the most that is paid in a year.
    Returns: an amount, unrounded.
    """
    return min(claim_recoveries, annual_limit)


@formula("E", source="suan-2009 Table 13", unit="currency a year")
def experience_refund(premium: Decimal, recoveries: Decimal, refund_rate: Decimal) -> Decimal:
    """What comes back of a premium that the claims did not use up.

    Formula: E = rate · max(0, P - R)
    Args:
        premium: P, the ceded premium.
        recoveries: R, what the reinsurer paid in the year.
        refund_rate: fraction of the positive balance that is refunded.
    Returns: an amount, unrounded, never below 0.
    """
    return refund_rate * max(ZERO, premium - recoveries)


@formula("C", source="suan-2009 Table 13", unit="currency a year", shows="net_cost")
def reinsurance_result(
    gross_premium: Decimal,
    claims: Sequence[ReinsuredClaim],
    annual_limit: Decimal | None,
    treaty: Reinsurance,
) -> ReinsuranceResult:
    """A year of premium and claims under a treaty.

    Formula: C = P - R - E
    Args:
        gross_premium: of the year, an amount.
        claims: what the mutual paid in the year.
        annual_limit: as agreed between the treaty's minimum and maximum; None: the maximum.
        treaty: the treaty of the year.
    Returns: amounts, unrounded.
    Raises: AnnualLimitOutOfRange.
    """
    limit = agreed_limit(annual_limit, treaty)
    premium = ceded_premium(gross_premium, treaty.premium_rate)
    recovered = tuple(_recovery(claim, treaty) for claim in claims)
    recoverable = total(each.amount for each in recovered)
    recoveries = annual_recoveries(recoverable, limit)
    refund = experience_refund(premium, recoveries, treaty.experience_refund_rate)
    return ReinsuranceResult(
        ceded_premium=premium,
        claims=recovered,
        recoveries=recoveries,
        annual_limit=limit,
        limit_applied=_limits(any(each.limited for each in recovered), recoverable > limit),
        experience_refund=refund,
        net_cost=premium - recoveries - refund,
    )


def agreed_limit(annual_limit: Decimal | None, treaty: Reinsurance) -> Decimal:
    """The limit of a year: as agreed, or the treaty's maximum. Raises: AnnualLimitOutOfRange."""
    offered = treaty.annual_limit
    limit = offered.maximum if annual_limit is None else annual_limit
    if not offered.minimum <= limit <= offered.maximum:
        raise AnnualLimitOutOfRange(offered)
    return limit


def is_covered(kind: str, membership_years: Decimal | None, treaty: Reinsurance) -> bool:
    """Whether the treaty covers an event, after so many years of membership."""
    event = treaty.events.get(kind)
    if event is None:
        return False
    if event.membership_years_above is None:
        return True
    return membership_years is not None and membership_years > event.membership_years_above


def _recovery(claim: ReinsuredClaim, treaty: Reinsurance) -> Recovery:
    if not is_covered(claim.kind, claim.membership_years, treaty):
        return Recovery(covered=False, amount=ZERO, limited=False)
    amount = claim_recovery(claim.amount, treaty.quota_share, treaty.maximum_per_risk)
    return Recovery(covered=True, amount=amount, limited=amount < claim.amount * treaty.quota_share)


def _limits(per_risk: bool, annual: bool) -> str:
    if per_risk and annual:
        return PER_RISK_AND_ANNUAL
    if per_risk:
        return PER_RISK
    return ANNUAL if annual else NO_LIMIT
