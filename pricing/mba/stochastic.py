"""The projection drawn at random: deaths, accidents, hospital stays and withdrawals (suan-2009 sections II and IV).

The one place where amounts are floats. Members, premiums and expenses of a year are those of the exact projection; what
is drawn is who leaves and what is claimed, so the mean of many paths is the exact projection itself. The draws come
from PCG64 through numpy's Generator, whose streams may change with numpy's version: the version is part of the lock.

Draws of a year, in order: withdrawals and then deaths of each cohort, the longest-standing first; then, for each kind
of insured person, whole persons, and for each group of cohorts that the treaty covers alike natural deaths, accidents
and hospital stays. The treaty is the exact one of pricing.mba.reinsurance, claim by claim.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pricing.arithmetic import ZERO
from pricing.mba.assumptions import Reinsurance
from pricing.mba.benefits import ACCIDENT, HOSPITALIZATION, NATURAL_DEATH
from pricing.mba.projection import ProjectedYear, Projection, equity_values
from pricing.mba.reinsurance import agreed_limit, ceded_premium
from pricing.mba.reinsured_projection import Covers, covered_by_years, recovery_of_claim
from pricing.mba.risks import InsuredRisk

Numbers = NDArray[np.int64]
Amounts = NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """Cohorts whose claims the treaty covers alike: members at the beginning of the year, and their deaths in it."""

    covers: Covers
    lives: Numbers
    deaths: Numbers


@dataclass(frozen=True)
class Claims:
    """Claims of one coverage of one kind of person in one group: how many on every path, and whether reinsured."""

    coverage: str
    risk: InsuredRisk
    covered: bool
    number: Numbers


@dataclass(frozen=True)
class Drawn:
    """One year on every path, before any fund: equity values paid and owed, claims, the reinsurer's part of them."""

    equity_paid: Amounts
    equity_reserve: Amounts
    claims: Amounts
    ceded: Amounts


@dataclass(frozen=True)
class SimulatedYear:
    """One year on every path.

    Attributes:
        year: from 1.
        fund_end, equity_reserve, contingency_reserve: by path.
        ruined: whether the fund was below zero in this year or before, in its middle or at its end.
    """

    year: int
    fund_end: Amounts
    equity_reserve: Amounts
    contingency_reserve: Amounts
    ruined: NDArray[np.bool_]


def simulate(
    projection: Projection,
    risks: Sequence[InsuredRisk],
    seed: int,
    paths: int,
    treaty: Reinsurance,
    annual_limit: Decimal | None = None,
) -> tuple[list[SimulatedYear], list[SimulatedYear]]:
    """Draw so many paths; the years without and with reinsurance, on the same draws.

    Args:
        projection: the exact one, whose members, premiums and expenses every path has.
        risks: of everybody that the plan insures, the member first.
        seed: of the stream.
        paths: how many.
        treaty: the reinsurance, the same in all years.
        annual_limit: as agreed between the treaty's minimum and maximum; None: the maximum.
    Raises: AnnualLimitOutOfRange.
    """
    limit = agreed_limit(annual_limit, treaty)
    generator = np.random.Generator(np.random.PCG64(seed))
    cohorts: list[Numbers] = []  # members still there on every path, the longest-standing cohort first
    values = np.array([float(value) for value in equity_values(projection.terms)])
    covers = covered_by_years(len(projection.years), treaty)
    drawn = [
        _draw(generator, cohorts, year, projection, risks, values, paths, covers, treaty) for year in projection.years
    ]
    reinsured = [
        reinsurer_pays(random.ceded, exact.premium_income, limit, treaty)
        for exact, random in zip(projection.years, drawn, strict=True)
    ]
    nothing = [(0.0, np.zeros(paths), np.zeros(paths)) for _ in drawn]
    return _funds(projection, drawn, nothing), _funds(projection, drawn, reinsured)


def _binomial(generator: np.random.Generator, numbers: Numbers, probability: float) -> Numbers:
    """Draws of as many as there are; a cohort below zero counts as it is, like in the exact projection."""
    drawn: Numbers = generator.binomial(np.abs(numbers), min(1.0, max(0.0, probability)))
    return np.sign(numbers) * drawn


def _draw(
    generator: np.random.Generator,
    cohorts: list[Numbers],
    year: ProjectedYear,
    projection: Projection,
    risks: Sequence[InsuredRisk],
    values: Amounts,
    paths: int,
    covers: Sequence[Covers],
    treaty: Reinsurance,
) -> Drawn:
    terms, members = projection.terms, int(year.members)
    withdrawal, mortality = float(terms.withdrawal_rate), float(terms.mortality_rate)
    stay = 1 - withdrawal
    settled = sum(cohorts, start=np.zeros(paths, dtype=np.int64))
    cohorts.append(members - settled)
    longest = len(cohorts) - 1
    paid = reserve = np.zeros(paths)
    groups: list[Group] = []
    for position, lives in enumerate(cohorts):
        completed = longest - position
        withdrawn = _binomial(generator, lives, withdrawal)
        died = _binomial(generator, lives - withdrawn, mortality / stay if stay else 0.0)
        cohorts[position] = left = lives - withdrawn - died
        if completed >= terms.equity_minimum_years:
            paid = paid + withdrawn * values[completed]
        reserve = reserve + left * values[completed + 1]
        if groups and groups[-1].covers == covers[completed]:
            alike = groups.pop()
            groups.append(Group(alike.covers, alike.lives + lives, alike.deaths + died))
        else:
            groups.append(Group(covers[completed], lives, died))
    amounts = ceded = np.zeros(paths)
    for claims in drawn_claims(generator, risks, members, groups, mortality):
        amounts = amounts + claims.number * float(claims.risk.benefit(claims.coverage))
        ceded = ceded + reinsurer_s_part(claims, treaty)
    return Drawn(paid, reserve, amounts, ceded)


def drawn_claims(
    generator: np.random.Generator,
    risks: Sequence[InsuredRisk],
    members: int,
    groups: Sequence[Group],
    mortality: float,
) -> Iterator[Claims]:
    """All claims of a year, coverage by coverage.

    Args:
        generator: the stream.
        risks: of everybody that the plan insures, the member first.
        members: of the year.
        groups: all of them, those who have been members longest first; the members' deaths are already drawn.
        mortality: of the members, all causes.
    """
    for position, risk in enumerate(risks):
        rest = _whole(generator, float(risk.persons) * np.full(len(groups[0].lives), members))
        for group in groups:
            persons = np.floor(float(risk.persons) * group.lives).astype(np.int64) if group is not groups[-1] else rest
            rest = rest - persons
            if position == 0:
                share = float(risk.natural_death_rate) / mortality if mortality else 0.0
                natural = _binomial(generator, group.deaths, share)
                accidents = group.deaths - natural if risk.accident_rate else np.zeros_like(natural)
            else:
                natural = _binomial(generator, persons, float(risk.natural_death_rate))
                accidents = _binomial(generator, persons, float(risk.accident_rate))
            stays = _binomial(generator, persons, float(risk.hospitalization_rate))
            for coverage, number in ((NATURAL_DEATH, natural), (ACCIDENT, accidents), (HOSPITALIZATION, stays)):
                yield Claims(coverage, risk, group.covers[coverage], number)


def _whole(generator: np.random.Generator, persons: Amounts) -> Numbers:
    """Whole persons whose mean is the number: 4.5 children are four, or five, for each half of the paths."""
    below = np.floor(persons)
    return (below + (generator.random(len(persons)) < persons - below)).astype(np.int64)


def reinsurer_s_part(claims: Claims, treaty: Reinsurance) -> Amounts:
    """The reinsurer's part of claims before the limit of the year, by path."""
    each = recovery_of_claim(claims.coverage, claims.risk, treaty) if claims.covered else ZERO
    return np.multiply(claims.number, float(each), dtype=np.float64)


def reinsurer_pays(
    ceded: Amounts, gross_premium: Decimal, annual_limit: Decimal, treaty: Reinsurance
) -> tuple[float, Amounts, Amounts]:
    """The premium of a year, its recoveries and its refund: pricing.mba.reinsurance on every path at once.

    Args:
        ceded: the reinsurer's part of the covered claims, by path.
        gross_premium: of the year.
        annual_limit: that was agreed.
        treaty: the treaty.
    """
    premium = float(ceded_premium(gross_premium, treaty.premium_rate))
    recoveries = np.minimum(ceded, float(annual_limit))
    return premium, recoveries, float(treaty.experience_refund_rate) * np.maximum(0.0, premium - recoveries)


def _funds(
    projection: Projection, drawn: Sequence[Drawn], reinsured: Sequence[tuple[float, Amounts, Amounts]]
) -> list[SimulatedYear]:
    half_a_year = sqrt(1 + float(projection.terms.interest_rate))
    fund: Any = float(projection.terms.initial_fund)
    ruined: Any = False
    years = []
    for exact, random, (premium, recoveries, refund) in zip(projection.years, drawn, reinsured, strict=True):
        level = exact.premium_income + exact.subsidy - exact.operating_expenses - exact.commission
        beginning = fund + float(level) - random.equity_paid - premium
        middle = beginning * half_a_year - random.claims + recoveries
        fund = middle * half_a_year + refund
        ruined = ruined | (middle < 0) | (fund < 0)
        contingency = fund - random.equity_reserve - float(exact.surplus)
        years.append(SimulatedYear(exact.year, fund, random.equity_reserve, contingency, ruined))
    return years


def percentile(amounts: Amounts, percent: int) -> float:
    """The smallest of the amounts that so many of a hundred do not exceed: always one that was drawn."""
    return float(np.percentile(amounts, percent, method="inverted_cdf"))


def standard_error(amounts: Amounts) -> float:
    """Standard deviation of the average."""
    return float(amounts.std(ddof=1) / sqrt(len(amounts)))
