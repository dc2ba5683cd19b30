"""What a package pays, event by event (suan-2009 Tables 3-7)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.mba.assumptions import Packages
from pricing.trace import formula

NATURAL_DEATH = "natural_death"
ACCIDENT = "accident"
HOSPITALIZATION = "hospitalization"
COVERAGES = (NATURAL_DEATH, ACCIDENT, HOSPITALIZATION)


@dataclass(frozen=True)
class PackageBenefits:
    """Amounts of one package, unrounded; `hospitalization_daily` is per day in hospital."""

    natural_death: Decimal
    accidental_death: Decimal
    permanent_disability: Decimal
    funeral_assistance_1_14: Decimal
    funeral_assistance_66_75: Decimal
    hospitalization_daily: Decimal
    hospitalization_maximum: Decimal


@formula("S", source="suan-2009 Tables 3-7", unit="currency")
def benefit_amount(basic_benefit: Decimal, multiple: Decimal) -> Decimal:
    """A package's benefit from its basic benefit.

    Formula: S = B · multiple
    Args:
        basic_benefit: B, what the package pays for an adult's natural death, an amount.
        multiple: of B, e.g. 2 for an accident.
    Returns: an amount, unrounded.
    """
    return basic_benefit * multiple


@formula("S_H", source="suan-2009 Table 7", unit="currency")
def hospitalization_maximum(basic_benefit: Decimal, daily_multiple: Decimal, maximum_days: int) -> Decimal:
    """What the longest hospital stay pays, and what every stay is priced as.

    Formula: S = B · daily multiple · days
    Args:
        basic_benefit: B, an amount.
        daily_multiple: of B, a day in hospital.
        maximum_days: days paid at most.
    Returns: an amount, unrounded.
    """
    return basic_benefit * daily_multiple * maximum_days


def package_benefits(package: str, packages: Packages) -> PackageBenefits:
    """Every benefit of a package.

    Args:
        package: a package of the table.
        packages: basic benefits and their multiples.
    """
    scale, basic = packages.benefits, packages.basic_benefit[package]
    return PackageBenefits(
        natural_death=benefit_amount(basic, scale.natural_death),
        accidental_death=benefit_amount(basic, scale.accidental_death),
        permanent_disability=benefit_amount(basic, scale.permanent_disability),
        funeral_assistance_1_14=benefit_amount(basic, scale.funeral_assistance_1_14),
        funeral_assistance_66_75=benefit_amount(basic, scale.funeral_assistance_66_75),
        hospitalization_daily=benefit_amount(basic, scale.hospitalization_daily),
        hospitalization_maximum=hospitalization_maximum(
            basic, scale.hospitalization_daily, scale.hospitalization_maximum_days
        ),
    )


def coverage_benefits(package: str, insured: str, packages: Packages) -> dict[str, Decimal]:
    """What each coverage of an insured person is priced to pay.

    Args:
        package: a package of the table.
        insured: a kind of insured person.
        packages: basic benefits, their multiples and who has which.
    """
    scale, basic, cover = packages.benefits, packages.basic_benefit[package], packages.insured[insured]
    benefits = {NATURAL_DEATH: benefit_amount(basic, getattr(scale, cover.death_benefit))}
    if cover.accident:
        benefits[ACCIDENT] = benefit_amount(basic, scale.accidental_death)
    benefits[HOSPITALIZATION] = hospitalization_maximum(
        basic, scale.hospitalization_daily, scale.hospitalization_maximum_days
    )
    return benefits
