"""What a stay in hospital pays (suan-2009 Table 7, note 3)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE, ZERO
from pricing.mba.assumptions import ClaimTerms, Packages
from pricing.mba.benefits import benefit_amount
from pricing.mba.claims.rulings import (
    ACCIDENT,
    AGE_NOT_INSURED,
    ILLNESS,
    NOT_COVERED,
    PAYABLE,
    ImpossibleClaim,
    Ruling,
    plural,
)
from pricing.trace import formula

EVENT_NOT_INSURED = "event_not_insured"
STAY_TOO_SHORT = "stay_too_short"
WAITING_PERIOD = "waiting_period"
CLAIMED_RECENTLY = "claimed_recently"
SAME_EVENT_CLAIMED_RECENTLY = "same_event_claimed_recently"
HOSPITALIZATION_IN_FULL = "hospitalization_in_full"
HOSPITALIZATION_PRORATED = "hospitalization_prorated"

_HOURS_PER_DAY = 24
_TABLE_7 = "suan-2009 Table 7"


@dataclass(frozen=True)
class _Stay:
    """A stay and what came before it, as `hospitalization_claim` is told it."""

    days: int
    months_of_membership: int
    months_paid: int
    event: str
    months_since_last_claim: int | None
    months_since_same_event: int | None


@dataclass(frozen=True)
class HospitalizationClaim:
    """What a stay pays, unrounded.

    Attributes:
        ruling: the decision and its rule.
        days_payable: days that are paid.
        daily_benefit: what the package pays for a day.
        proportion: the share of it that the months paid have earned; 0 where nothing is due.
        benefit: what is paid.
        errata: codes of the published mistakes whose cells were used.
    """

    ruling: Ruling
    days_payable: int
    daily_benefit: Decimal
    proportion: Decimal
    benefit: Decimal
    errata: tuple[str, ...]


@formula("m/12", source="suan-2009 Table 7", unit="fraction")
def proportion_of_last_months_paid(months_paid: int, proration_months: int) -> Decimal:
    """Share of the daily benefit that is left to who has not paid regularly.

    Formula: min(1, months paid / 12)
    Args:
        months_paid: months paid of the last 12.
        proration_months: 12 in the published rules.
    Returns: a fraction in [0, 1], unrounded.
    """
    return ONE if months_paid >= proration_months else Decimal(months_paid) / proration_months


@formula("days", source="suan-2009 Table 7", unit="days")
def days_payable(days: int, maximum_days: int) -> int:
    """Days of a stay that are paid.

    Formula: min(days, 15)
    Args:
        days: whole days in hospital.
        maximum_days: 15 in the published rules.
    Returns: a whole number of days.
    """
    return min(days, maximum_days)


@formula("H", source="suan-2009 Table 7", unit="currency")
def hospitalization_benefit(daily_benefit: Decimal, proportion: Decimal, days: int) -> Decimal:
    """What the paid days of a stay come to.

    Formula: H = daily benefit · proportion · days
    Args:
        daily_benefit: what the package pays for a day.
        proportion: that the months paid have earned, a fraction.
        days: days that are paid.
    Returns: an amount, unrounded.
    """
    return daily_benefit * days * proportion


@formula("D_h", source="suan-2009 Table 7", unit="currency", shows="benefit")
def hospitalization_claim(
    package: str,
    age: int,
    days: int,
    months_of_membership: int,
    months_paid: int,
    regular: bool,
    event: str,
    months_since_last_claim: int | None,
    months_since_same_event: int | None,
    packages: Packages,
    terms: ClaimTerms,
) -> HospitalizationClaim:
    """What a stay in hospital pays, and by which rule.

    Formula: H = daily benefit · min(days, 15), · months paid / 12 where premiums were not regular
    Args:
        package: a package of the table.
        age: completed years on admission.
        days: whole days in hospital; 0 is a stay of less than 24 hours.
        months_of_membership: completed months of continuous membership.
        months_paid: of the last 12; counts only where premiums were not paid regularly.
        regular: whether premiums were paid regularly and consecutively.
        event: illness, accident, pregnancy or miscarriage.
        months_since_last_claim: completed months since the last paid stay, or None.
        months_since_same_event: completed months since the last paid stay for the same event, or None.
        packages: benefits and conditions.
        terms: ages and events.
    Returns: amounts, unrounded.
    Raises: ImpossibleClaim.
    """
    rules = packages.rules
    if months_paid > rules.hospitalization_proration_months:
        raise ImpossibleClaim(
            "months_paid", f"months_paid is of the last {rules.hospitalization_proration_months} months, and is more."
        )
    daily = benefit_amount(packages.basic_benefit[package], packages.benefits.hospitalization_daily)
    if age not in terms.ages.hospitalization:
        return HospitalizationClaim(_age_refusal(terms), 0, daily, ZERO, ZERO, ())
    erratum = terms.hospitalization_events[event].erratum
    errata = () if erratum is None else (erratum,)
    stay = _Stay(days, months_of_membership, months_paid, event, months_since_last_claim, months_since_same_event)
    refusal = _refusal(stay, packages, terms)
    if refusal is not None:
        return HospitalizationClaim(refusal, 0, daily, ZERO, ZERO, errata)
    proportion = ONE if regular else proportion_of_last_months_paid(months_paid, rules.hospitalization_proration_months)
    paid_days = days_payable(days, packages.benefits.hospitalization_maximum_days)
    benefit = hospitalization_benefit(daily, proportion, paid_days)
    ruling = _payable(stay, paid_days, proportion, rules.hospitalization_proration_months)
    return HospitalizationClaim(ruling, paid_days, daily, proportion, benefit, errata)


def hospital_event(event: str | None, accident: bool | None) -> str:
    """The kind of event, named itself or only as an accident or none.

    Raises: ImpossibleClaim.
    """
    if event is None:
        return ACCIDENT if accident else ILLNESS
    if accident is not None and accident != (event == ACCIDENT):
        raise ImpossibleClaim("accident", "accident and event say different things.")
    return event


def months_since_claims(
    months_since_last_claim: int | None, same_event: bool | None, months_since_same_event: int | None
) -> tuple[int | None, int | None]:
    """Months since the last paid stay and since the last one for the same event, as far as there were any.

    A claim for the same event is a claim: where only one of the two is given, it stands for both.
    Raises: ImpossibleClaim.
    """
    if same_event is False and months_since_same_event is not None:
        raise ImpossibleClaim(
            "months_since_same_event", "same_event is false, but months_since_same_event says when it was claimed."
        )
    if same_event and months_since_same_event is None:
        if months_since_last_claim is None:
            raise ImpossibleClaim(
                "same_event",
                "same_event is true, but neither months_since_same_event nor months_since_last_claim says when.",
            )
        months_since_same_event = months_since_last_claim
    if months_since_same_event is None:
        return months_since_last_claim, None
    if months_since_last_claim is None:
        months_since_last_claim = months_since_same_event
    if months_since_same_event < months_since_last_claim:
        raise ImpossibleClaim(
            "months_since_same_event",
            "the same event would be after the last claim: months_since_same_event is below months_since_last_claim.",
        )
    return months_since_last_claim, months_since_same_event


def _age_refusal(terms: ClaimTerms) -> Ruling:
    text = f"Stays in hospital are insured at ages {terms.ages.hospitalization}."
    return Ruling(NOT_COVERED, AGE_NOT_INSURED, text, _TABLE_7)


def _refusal(stay: _Stay, packages: Packages, terms: ClaimTerms) -> Ruling | None:
    """The first rule by which a stay is not paid, in the order in which a claim is looked at."""
    rules, event = packages.rules, terms.hospitalization_events[stay.event]
    if not event.covered:
        text = "A stay is paid for illness or accident only."
        return Ruling(NOT_COVERED, EVENT_NOT_INSURED, text, _TABLE_7)
    if stay.days * _HOURS_PER_DAY < rules.hospitalization_minimum_hours:
        text = f"A stay is paid from {plural(rules.hospitalization_minimum_hours, 'hour')} in hospital."
        return Ruling(NOT_COVERED, STAY_TOO_SHORT, text, "suan-2009 Note 3")
    waiting = rules.hospitalization_waiting_months
    if stay.months_of_membership < waiting:
        text = f"A stay can be claimed after {plural(waiting, 'month')} of continuous membership."
        return Ruling(NOT_COVERED, WAITING_PERIOD, text, _TABLE_7)
    between = rules.hospitalization_months_between_claims
    if stay.months_since_last_claim is not None and stay.months_since_last_claim < between:
        text = f"One stay is paid in {plural(between, 'month')}."
        return Ruling(NOT_COVERED, CLAIMED_RECENTLY, text, _TABLE_7)
    between = rules.hospitalization_months_between_same_event
    since = stay.months_since_same_event
    if event.same_event_limit and since is not None and since < between:
        text = f"The same event is paid once in {plural(between, 'month')}, unless it is an accident."
        return Ruling(NOT_COVERED, SAME_EVENT_CLAIMED_RECENTLY, text, _TABLE_7)
    return None


def _payable(stay: _Stay, days: int, proportion: Decimal, proration_months: int) -> Ruling:
    capped = f" {plural(days, 'day')} are paid at most." if days < stay.days else ""
    if proportion < ONE:
        paid = f"{plural(stay.months_paid, 'month')} paid of the last {proration_months}"
        text = f"Premiums were not regular, so the daily benefit is prorated: {paid}.{capped}"
        return Ruling(PAYABLE, HOSPITALIZATION_PRORATED, text, _TABLE_7)
    return Ruling(PAYABLE, HOSPITALIZATION_IN_FULL, f"Each day pays the full daily benefit.{capped}", _TABLE_7)
