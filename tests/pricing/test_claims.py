"""Properties of claims, equity values, reinsurance and covenants, on the shipped tables."""

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.arithmetic import ONE, ZERO
from pricing.errors import DomainError
from pricing.interest import accumulated_annuity_due
from pricing.mba.assumptions import ClaimTerms, Covenants, DisabilitySchedule, Packages, Reinsurance
from pricing.mba.claims.death import DeathClaim, death_claim
from pricing.mba.claims.disability import DisabilityClaim, disability_claim, paired_losses
from pricing.mba.claims.hospitalization import HospitalizationClaim, hospitalization_claim, months_since_claims
from pricing.mba.claims.rulings import ImpossibleClaim
from pricing.mba.covenants import covenant_report
from pricing.mba.reinsurance import ReinsuredClaim, reinsurance_result
from tables.resolution import resolve
from tables.snapshot import Snapshot
from tests.pricing.exact import agree

PACKAGES = st.sampled_from("ABCDEF")
AGES = st.integers(0, 80)
MONTHS = st.integers(0, 40)
AMOUNTS = st.decimals(0, 700_000, places=2)


@pytest.fixture(scope="module")
def tables(snapshot: Snapshot) -> dict[str, Any]:
    """Assumptions by role."""
    roles = ("packages", "claim_terms", "disability_schedule", "reinsurance", "covenants")
    return dict(resolve(snapshot, roles, date(2026, 12, 1)).assumptions)


def death(tables: dict[str, Any], package: str, age: int, cause: str, months: int, paid: Decimal) -> DeathClaim:
    packages: Packages = tables["packages"]
    terms: ClaimTerms = tables["claim_terms"]
    return death_claim(package, age, cause, months, paid, None, packages, terms)


def disability(tables: dict[str, Any], losses: dict[str, int], package: str = "F", age: int = 30) -> DisabilityClaim:
    packages: Packages = tables["packages"]
    schedule: DisabilitySchedule = tables["disability_schedule"]
    return disability_claim(package, age, "accident", losses, packages, tables["claim_terms"], schedule)


def stay(tables: dict[str, Any], package: str, age: int, days: int, paid: int, regular: bool) -> HospitalizationClaim:
    return hospitalization_claim(
        package, age, days, 60, paid, regular, "illness", None, None, tables["packages"], tables["claim_terms"]
    )


def test_a_death_never_pays_more_than_the_full_benefit_nor_less_for_more_months(tables: dict[str, Any]) -> None:
    @given(PACKAGES, AGES, st.sampled_from(["natural", "accident"]), MONTHS, AMOUNTS)
    def check(package: str, age: int, cause: str, months: int, paid: Decimal) -> None:
        claim = death(tables, package, age, cause, months, paid)
        assert ZERO <= claim.benefit <= claim.full_benefit
        assert ZERO <= claim.proportion <= ONE
        assert claim.benefit <= death(tables, package, age, cause, months + 1, paid).benefit
        assert claim.benefit <= death(tables, package, age, cause, months, ZERO).benefit

    check()


def test_disability_and_death_by_one_accident_pay_the_accident_benefit_once(tables: dict[str, Any]) -> None:
    losses = st.sampled_from(["thumb", "eye", "both_eyes", "leg_or_foot", "spleen"])

    @given(PACKAGES, st.integers(15, 64), losses)
    def check(package: str, age: int, loss: str) -> None:
        before = disability(tables, {loss: 1}, package, age)
        after = death(tables, package, age, "accident", 0, before.benefit)
        assert before.benefit + after.benefit == 2 * tables["packages"].basic_benefit[package]

    check()


def test_losses_add_up_in_any_order_and_never_past_the_full_benefit(tables: dict[str, Any]) -> None:
    schedule: DisabilitySchedule = tables["disability_schedule"]
    possible = 0

    @given(st.lists(st.sampled_from(sorted(schedule.losses)), min_size=1, max_size=6), st.randoms())
    def check(losses: list[str], random: Any) -> None:
        nonlocal possible
        try:
            claim = disability(tables, dict(Counter(losses)))
        except ImpossibleClaim:
            return
        possible += 1
        shuffled = random.sample(losses, len(losses))
        assert disability(tables, dict(Counter(shuffled))).benefit == claim.benefit
        assert ZERO <= claim.loss_share <= ONE
        assert claim.benefit == claim.loss_share * claim.full_benefit
        assert claim.membership_ceases == (claim.loss_share == ONE)
        fewer = disability(tables, dict(Counter(losses[:-1]))).loss_share if losses[1:] else ZERO
        assert fewer <= claim.loss_share

    check()
    assert possible >= 20


def test_pairs_keep_what_is_lost(tables: dict[str, Any]) -> None:
    schedule: DisabilitySchedule = tables["disability_schedule"]
    assert paired_losses({"eye": 2, "hearing_one_ear": 1, "thumb": 2}, schedule) == {
        "both_eyes": 1,
        "hearing_one_ear": 1,
        "thumb": 2,
    }
    for loss, line in schedule.losses.items():
        if line.pair is not None:
            taken = {part: 2 * number for part, number in line.takes.items()}
            assert taken == schedule.losses[line.pair].takes, loss


def test_a_body_can_lose_each_line_and_all_of_its_parts(tables: dict[str, Any]) -> None:
    schedule: DisabilitySchedule = tables["disability_schedule"]
    for part in schedule.body:
        assert any(part in line.takes for line in schedule.losses.values())
    whole = {"arm_or_hand": 2, "leg_or_foot": 2, "both_eyes": 1, "hearing_both_ears": 1, "kidney": 2, "spleen": 1}
    whole |= {"smell_or_taste": 1, "incurable_brain_injury": 1}
    assert disability(tables, whole).loss_share == ONE
    for loss in schedule.losses:
        with pytest.raises(ImpossibleClaim, match="a person has"):
            disability(tables, whole | {loss: whole.get(loss, 0) + 1})


def test_a_stay_never_pays_more_than_fifteen_full_days_nor_less_for_more(tables: dict[str, Any]) -> None:
    @given(PACKAGES, st.integers(1, 75), st.integers(0, 30), st.integers(0, 11))
    def check(package: str, age: int, days: int, paid: int) -> None:
        claim, full = (stay(tables, package, age, days, paid, regular) for regular in (False, True))
        assert ZERO <= claim.benefit <= full.benefit <= 15 * full.daily_benefit
        assert claim.days_payable == full.days_payable == min(days, 15)
        assert claim.benefit <= stay(tables, package, age, days, paid + 1, False).benefit
        assert claim.benefit <= stay(tables, package, age, days + 1, paid, False).benefit

    check()


def test_a_claim_for_the_same_event_is_a_claim() -> None:
    months = st.none() | st.integers(0, 30)

    @given(months, st.none() | st.booleans(), months)
    def check(last: int | None, same_event: bool | None, same: int | None) -> None:
        try:
            any_event, this_event = months_since_claims(last, same_event, same)
        except ImpossibleClaim:
            return
        assert this_event is None or (any_event is not None and any_event <= this_event)
        assert (this_event is None) == (not same_event and same is None)

    check()


def test_an_annuity_grows_by_a_payment_and_a_year_s_interest() -> None:
    @given(st.decimals(0, 1, places=4), st.integers(0, 60))
    def check(interest: Decimal, years: int) -> None:
        now, next_year = (accumulated_annuity_due(interest, n) for n in (years, years + 1))
        growth = 1 + Fraction(interest)
        assert agree(Fraction(next_year), (Fraction(now) + 1) * growth, 4 * years + 4)
        if interest:
            closed = growth * (growth**years - 1) / Fraction(interest)
            assert agree(Fraction(now), closed, 4 * years + 4)
        else:
            assert now == years

    check()


def test_a_year_of_reinsurance_costs_no_more_than_its_premium_and_pays_no_more_than_its_limits(
    tables: dict[str, Any],
) -> None:
    treaty: Reinsurance = tables["reinsurance"]
    claims = st.lists(st.builds(ReinsuredClaim, st.decimals(0, 5000, places=2), st.sampled_from(sorted(treaty.events))))

    @given(AMOUNTS, claims)
    def check(gross: Decimal, made: list[ReinsuredClaim]) -> None:
        result = reinsurance_result(gross, made, None, treaty)
        assert result.net_cost <= result.ceded_premium <= gross
        assert ZERO <= result.recoveries <= treaty.annual_limit.maximum
        assert all(
            ZERO <= each.amount <= min(claim.amount, treaty.maximum_per_risk)
            for each, claim in zip(result.claims, made, strict=True)
        )
        assert ZERO <= result.experience_refund <= max(ZERO, result.ceded_premium - result.recoveries)
        assert result.net_cost + result.recoveries + result.experience_refund == result.ceded_premium
        more = reinsurance_result(gross, [*made, ReinsuredClaim(Decimal(100), "accidental_death")], None, treaty)
        assert more.recoveries >= result.recoveries
        assert more.net_cost <= result.net_cost

    check()


def test_without_membership_years_a_natural_death_is_not_covered(tables: dict[str, Any]) -> None:
    result = reinsurance_result(ONE, [ReinsuredClaim(ONE, "natural_death")], None, tables["reinsurance"])
    (claim,) = result.claims
    assert claim.covered is claim.limited is False
    assert (claim.amount, result.limit_applied) == (ZERO, "none")


def test_a_covenant_s_margin_says_whether_it_is_met(tables: dict[str, Any]) -> None:
    limits: Covenants = tables["covenants"]
    names = ("premium_income", "operating_expenses", "commission", "invested_funds", "investment_income", "members",
             "withdrawals", "dividend_rate", "long_term_deposit_rate")  # fmt: skip
    figures = st.dictionaries(st.sampled_from(names), st.decimals(0, 1000, places=2))

    @given(figures, st.none() | st.lists(st.decimals(0, 100, places=1), min_size=1, max_size=8))
    def check(known: dict[str, Decimal], shares: list[Decimal] | None) -> None:
        report = covenant_report(known, shares, limits)
        assert len({each.covenant for each in report.findings}) == 6
        for each in report.findings:
            assert (each.margin is None) == (each.finding == "not_assessed") == bool(each.missing)
            assert each.margin is None or (each.margin >= 0) == (each.finding == "met")
            assert all(not known.get(name) for name in each.missing)

    check()


@pytest.mark.parametrize(
    ("part", "whole", "met"), [("34.99", "100", True), ("35", "100", True), ("35.01", "100", False)]
)
def test_a_ratio_is_judged_unrounded(tables: dict[str, Any], part: str, whole: str, met: bool) -> None:
    figures = {"operating_expenses": Decimal(part), "premium_income": Decimal(whole)}
    (found,) = (each for each in covenant_report(figures, None, tables["covenants"]).findings if not each.missing)
    assert (found.finding == "met") is met


def test_refusals_say_what_contradicts(tables: dict[str, Any]) -> None:
    with pytest.raises(DomainError, match="3 of eye, and a person has 2"):
        disability(tables, {"eye": 3})
    with pytest.raises(ImpossibleClaim, match="of the last 12 months"):
        stay(tables, "A", 30, 3, 13, False)
