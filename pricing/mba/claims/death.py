"""What a death pays (suan-2009 Tables 3, 4 and 6)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE, ZERO
from pricing.mba.assumptions import ClaimTerms, InsuredCover, Packages
from pricing.mba.benefits import benefit_amount
from pricing.mba.claims.rulings import (
    ACCIDENT,
    AGE_NOT_INSURED,
    EXCLUDED,
    NOT_COVERED,
    PAYABLE,
    Ruling,
    insured_age,
    plural,
)
from pricing.trace import formula

EXCLUDED_CIRCUMSTANCE = "excluded_circumstance"
ACCIDENTAL_DEATH = "accidental_death"
ACCIDENTAL_DEATH_LESS_DISABILITY = "accidental_death_less_disability"
NATURAL_DEATH_IN_FULL = "natural_death_in_full"
NATURAL_DEATH_PRORATED = "natural_death_prorated"
FUNERAL_ASSISTANCE_IN_FULL = "funeral_assistance_in_full"
FUNERAL_ASSISTANCE_PRORATED = "funeral_assistance_prorated"

_NATURAL_DEATH = "natural_death"


@dataclass(frozen=True)
class DeathClaim:
    """What a death pays, unrounded.

    Attributes:
        ruling: the decision and its rule.
        full_benefit: what the package pays at most for such a death.
        proportion: the share of it that the months paid have earned; 0 where nothing is due.
        benefit: what is paid.
        errata: codes of the published mistakes whose cells were used.
    """

    ruling: Ruling
    full_benefit: Decimal
    proportion: Decimal
    benefit: Decimal
    errata: tuple[str, ...]


@formula("m/24", source="suan-2009 Tables 3-6", unit="fraction")
def proportion_of_months_paid(months_paid: int, full_benefit_months: int) -> Decimal:
    """Share of the full benefit that consecutive monthly premiums have earned.

    Formula: min(1, months paid / 24)
    Args:
        months_paid: consecutive months whose premiums are paid.
        full_benefit_months: months from which the benefit is full; 24 in the published rules.
    Returns: a fraction in [0, 1], unrounded.
    """
    return ONE if months_paid >= full_benefit_months else Decimal(months_paid) / full_benefit_months


@formula("D_a", source="suan-2009 Table 4", unit="currency")
def benefit_less_disability(accident_benefit: Decimal, disability_benefit_paid: Decimal) -> Decimal:
    """Accidental death pays what disability by the same accident has not paid already.

    Formula: D = max(0, S - disability benefit paid)
    Args:
        accident_benefit: S, 2B in the published packages.
        disability_benefit_paid: for the same accident, an amount.
    Returns: an amount, unrounded, never below 0.
    """
    return max(ZERO, accident_benefit - disability_benefit_paid)


@formula("D", source="suan-2009 Tables 3-6", unit="currency", shows="benefit")
def death_claim(
    package: str,
    age: int,
    cause: str,
    months_paid: int | None,
    disability_benefit_paid: Decimal,
    circumstance: str | None,
    packages: Packages,
    terms: ClaimTerms,
) -> DeathClaim:
    """What a death pays, and by which rule.

    Formula: D = S · min(1, months paid / 24) by a natural cause, S by an accident, less disability paid where S = 2B
    Args:
        package: a package of the table.
        age: completed years at death.
        cause: natural or accident.
        months_paid: consecutive months paid; may be None for an accident, which is not prorated.
        disability_benefit_paid: for the same accident, an amount.
        circumstance: an exclusion that the death falls under, or None.
        packages: benefits, covers and exclusions.
        terms: which age is paid what.
    Returns: amounts, unrounded.
    """
    insured = insured_age(age, packages, terms)
    if insured.cover is None:
        ages = terms.ages
        text = f"Deaths are insured at ages {ages.child.first_age} to {ages.elder.last_age}."
        ruling = Ruling(NOT_COVERED, AGE_NOT_INSURED, text, "suan-2009 Table 2")
        return DeathClaim(ruling, ZERO, ZERO, ZERO, insured.errata)
    is_accidental_death = cause == ACCIDENT and insured.cover.accident
    event = ACCIDENTAL_DEATH if is_accidental_death else insured.cover.death_benefit
    full = benefit_amount(packages.basic_benefit[package], getattr(packages.benefits, event))
    if circumstance in packages.rules.death_exclusions:
        text = "No death benefit is paid for a death under this circumstance."
        ruling = Ruling(EXCLUDED, EXCLUDED_CIRCUMSTANCE, text, "suan-2009 Table 6")
        return DeathClaim(ruling, full, ZERO, ZERO, insured.errata)
    if is_accidental_death:
        benefit = benefit_less_disability(full, disability_benefit_paid)
        return DeathClaim(_accidental(disability_benefit_paid), full, ONE, benefit, insured.errata)
    proportion = ONE
    if cause != ACCIDENT:
        proportion = proportion_of_months_paid(months_paid or 0, packages.rules.full_benefit_months)
    ruling = _natural(insured.cover, cause, proportion, months_paid or 0, packages.rules.full_benefit_months)
    return DeathClaim(ruling, full, proportion, full * proportion, insured.errata)


def _accidental(disability_benefit_paid: Decimal) -> Ruling:
    if disability_benefit_paid:
        text = "An accidental death pays in full, less the disability benefit already paid for the same accident."
        return Ruling(PAYABLE, ACCIDENTAL_DEATH_LESS_DISABILITY, text, "suan-2009 Table 4")
    text = "An accidental death pays in full, however many months are paid."
    return Ruling(PAYABLE, ACCIDENTAL_DEATH, text, "suan-2009 Table 4")


def _natural(cover: InsuredCover, cause: str, proportion: Decimal, months_paid: int, full_months: int) -> Ruling:
    is_funeral = cover.death_benefit != _NATURAL_DEATH
    source = "suan-2009 Table 6" if is_funeral else "suan-2009 Table 3"
    what = "Funeral assistance" if is_funeral else "The benefit of a natural death"
    if proportion < ONE:
        code = FUNERAL_ASSISTANCE_PRORATED if is_funeral else NATURAL_DEATH_PRORATED
        text = f"{what} is prorated: {plural(months_paid, 'month')} paid of the {full_months} for the full benefit."
        return Ruling(PAYABLE, code, text, source)
    code = FUNERAL_ASSISTANCE_IN_FULL if is_funeral else NATURAL_DEATH_IN_FULL
    if cause == ACCIDENT:
        return Ruling(PAYABLE, code, f"{what} is paid in full after an accident, however many months are paid.", source)
    return Ruling(PAYABLE, code, f"{what} is full from {full_months} consecutive months paid.", source)
