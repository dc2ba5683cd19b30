"""Checks before publication: what a valid version can still have wrong with it.

What the model of a kind refuses (types, bounds, unknown keys, survivors that increase) never gets as far as here.
"""

from collections.abc import Iterable, Mapping
from decimal import localcontext
from types import MappingProxyType

from pricing.arithmetic import CONTEXT
from tables.lint import ages, history, mba, nssf, schemes, shi
from tables.lint.findings import RULES, Finding, Rule, Severity
from tables.lint.subject import Check, Limits, Subject, default_limits, version_before
from tables.snapshot import Version

OWN_CHECKS: Mapping[str, tuple[Check, ...]] = MappingProxyType(
    {
        "claim_terms": (mba.claim_terms,),
        "covenants": (mba.covenants,),
        "disability_schedule": (mba.disability_schedule,),
        "life_table": (ages.life_table_ages, ages.mortality),
        "loadings": (mba.loadings,),
        "packages": (mba.package_ages, mba.packages),
        "pricing_basis": (mba.pricing_basis,),
        "reinsurance": (mba.reinsurance,),
        "projection_basis": (mba.projection_basis,),
        "provisions": (nssf.survivor_shares,),
        "contributions": (nssf.contribution_rate,),
        "multipliers": (ages.multipliers,),
        "shi_basis": (shi.shi_basis,),
        "maternity_basis": (shi.maternity_basis,),
        "sickness_basis": (shi.sickness_basis,),
        "experience": (nssf.experience,),
        "employment": (nssf.employment,),
        "indicators": (nssf.indicators,),
        "nssfc_basis": (shi.nssfc_basis,),
        "nssfc_benefits": (shi.nssfc_benefits,),
        "hip_basis": (shi.hip_basis,),
        "benchmarks": (schemes.benchmarks,),
        "portfolio_terms": (schemes.portfolio_terms,),
        "tariff": (schemes.scale,),
    }
)
"""By kind, the checks of that kind alone; those of every kind come before them."""


def lint(version: Version, others: Iterable[Version], limits: Limits | None = None) -> tuple[Finding, ...]:
    """Everything that somebody should look at before a version is published, errors first.

    Args:
        version: the candidate; or a version that was published, as if it were not yet.
        others: versions of the same table; those that do not stand as published are left out.
        limits: what numbers are held against; those that ship by default.
    """
    published = tuple(each for each in others if each.standing(None) and each.number != version.number)
    subject = Subject(version, published, limits or default_limits())
    with localcontext(CONTEXT):
        checks = (*history.EVERY_KIND, *OWN_CHECKS[version.kind])
        found = [finding for check in checks for finding in check(subject)]
    return tuple(sorted(found, key=lambda finding: finding.severity != "error"))


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those for which a publication is refused."""
    return tuple(finding for finding in findings if finding.severity == "error")


__all__ = [
    "OWN_CHECKS",
    "RULES",
    "Finding",
    "Limits",
    "Rule",
    "Severity",
    "default_limits",
    "errors",
    "lint",
    "version_before",
]
