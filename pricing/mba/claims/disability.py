"""What permanent disability by an accident pays (suan-2009 Table 5, Appendix A)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ZERO, total
from pricing.mba.assumptions import ClaimTerms, DisabilitySchedule, Packages
from pricing.mba.benefits import benefit_amount
from pricing.mba.claims.rulings import (
    ACCIDENT,
    AGE_NOT_INSURED,
    NOT_COVERED,
    PAYABLE,
    ImpossibleClaim,
    Ruling,
    insured_age,
)
from pricing.trace import formula

NOT_AN_ACCIDENT = "not_an_accident"
PARTIAL_DISABILITY = "partial_disability"
TOTAL_DISABILITY = "total_disability"

_PAIR = 2


@dataclass(frozen=True)
class DisabilityClaim:
    """What a disability pays, unrounded.

    Attributes:
        ruling: the decision and its rule.
        losses: how many of each line of the table of disabilities are counted; two of a pair as the pair's line.
        loss_share: of the full benefit, a fraction.
        full_benefit: what total disability pays; 0 where the person is not covered.
        benefit: what is paid.
        membership_ceases: whether membership ends with the payment.
        errata: codes of the published mistakes whose cells were used.
    """

    ruling: Ruling
    losses: Mapping[str, int]
    loss_share: Decimal
    full_benefit: Decimal
    benefit: Decimal
    membership_ceases: bool
    errata: tuple[str, ...]


@formula("λ", source="suan-2009 Appendix A", unit="fraction")
def total_loss_share(losses: dict[str, int], schedule: DisabilitySchedule) -> Decimal:
    """Share of the disability benefit that all losses together are.

    Formula: λ = min(100%, Σ number · percent of the table of disabilities)
    Args:
        losses: how many of each line of the table.
        schedule: the table of disabilities.
    Returns: a fraction, exact.
    """
    shares = (number * schedule.losses[loss].share for loss, number in losses.items())
    return min(schedule.maximum_share, total(shares))


@formula("S_d", source="suan-2009 Table 5", unit="currency")
def disability_benefit(full_benefit: Decimal, loss_share: Decimal) -> Decimal:
    """What a permanent disability pays.

    Formula: D = S · λ
    Args:
        full_benefit: S, what total disability pays; 2B in the published packages.
        loss_share: λ, a fraction.
    Returns: an amount, unrounded.
    """
    return full_benefit * loss_share


@formula("D_d", source="suan-2009 Table 5", unit="currency", shows="benefit")
def disability_claim(
    package: str,
    age: int,
    cause: str,
    losses: dict[str, int],
    packages: Packages,
    terms: ClaimTerms,
    schedule: DisabilitySchedule,
) -> DisabilityClaim:
    """What permanent disability pays, by which rule, and whether membership ceases.

    Formula: D = S · min(100%, Σ percent of the table of disabilities)
    Args:
        package: a package of the table.
        age: completed years at the accident.
        cause: accident or illness.
        losses: how many of each line of the table of disabilities; at least one.
        packages: benefits and covers.
        terms: which age is paid what.
        schedule: the table of disabilities.
    Returns: amounts, unrounded.
    Raises: ImpossibleClaim.
    """
    refuse_impossible_losses(losses, schedule)
    counted = paired_losses(losses, schedule)
    share = total_loss_share(counted, schedule)
    insured = insured_age(age, packages, terms)
    if insured.cover is None or not insured.cover.accident:
        text = f"Permanent disability is insured at ages {terms.ages.adult}."
        ruling = Ruling(NOT_COVERED, AGE_NOT_INSURED, text, "suan-2009 Table 5")
        return DisabilityClaim(ruling, counted, share, ZERO, ZERO, membership_ceases=False, errata=insured.errata)
    if cause != ACCIDENT:
        text = "Permanent disability is insured when it is due to an accident."
        ruling = Ruling(NOT_COVERED, NOT_AN_ACCIDENT, text, "suan-2009 Table 5")
        return DisabilityClaim(ruling, counted, share, ZERO, ZERO, membership_ceases=False, errata=insured.errata)
    full = benefit_amount(packages.basic_benefit[package], packages.benefits.permanent_disability)
    is_total = share >= schedule.ceasing_share
    if is_total:
        text = "The losses add up to total disability: it pays in full, and membership ceases with the payment."
        ruling = Ruling(PAYABLE, TOTAL_DISABILITY, text, "suan-2009 Table 5")
    else:
        text = "Each loss pays its percentage of the table of disabilities; the cover goes on while premiums are paid."
        ruling = Ruling(PAYABLE, PARTIAL_DISABILITY, text, "suan-2009 Appendix A")
    benefit = disability_benefit(full, share)
    return DisabilityClaim(ruling, counted, share, full, benefit, membership_ceases=is_total, errata=insured.errata)


def paired_losses(losses: Mapping[str, int], schedule: DisabilitySchedule) -> dict[str, int]:
    """The lines of the table that the losses are: two of a pair, such as two eyes, are the pair's own line."""
    counted: Counter[str] = Counter()
    for loss, number in losses.items():
        pair = schedule.losses[loss].pair
        pairs, single = divmod(number, _PAIR)
        counted.update({loss: number} if pair is None else {loss: single, pair: pairs})
    return dict(+counted)  # the lines of which there are any


def refuse_impossible_losses(losses: Mapping[str, int], schedule: DisabilitySchedule) -> None:
    """Refuse the loss of more than a person has, such as an eye beside both eyes.

    Raises: ImpossibleClaim.
    """
    for part, there in schedule.body.items():
        lost = sum(number * schedule.losses[loss].takes.get(part, 0) for loss, number in losses.items())
        if lost > there:
            name = part.replace("_", " ")
            raise ImpossibleClaim("losses", f"the losses come to {lost} of {name}, and a person has {there}.")
