"""Every rule by which a claim is decided: its code, its sentence in full, and where it stands."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pricing.mba.claims.death import DeathClaim, death_claim, proportion_of_months_paid
from pricing.mba.claims.disability import DisabilityClaim, disability_claim
from pricing.mba.claims.hospitalization import (
    HospitalizationClaim,
    hospital_event,
    hospitalization_claim,
    months_since_claims,
    proportion_of_last_months_paid,
)
from pricing.mba.claims.rulings import ImpossibleClaim, Ruling, plural
from tables.resolution import resolve
from tables.snapshot import Snapshot

PAYABLE, EXCLUDED, NOT_COVERED = "payable", "excluded", "not_covered"


@pytest.fixture(scope="module")
def tables(snapshot: Snapshot) -> dict[str, Any]:
    """Assumptions by role."""
    return dict(resolve(snapshot, ("packages", "claim_terms", "disability_schedule"), date(2026, 12, 1)).assumptions)


def ruled(ruling: Ruling) -> tuple[str, str, str, str]:
    return ruling.decision, ruling.reason, ruling.text, ruling.source


def death(tables: dict[str, Any], **given: Any) -> DeathClaim:
    claim = {"package": "F", "age": 43, "cause": "natural", "months_paid": 24, "circumstance": None}
    claim |= {"disability_benefit_paid": Decimal(0), "packages": tables["packages"], "terms": tables["claim_terms"]}
    return death_claim(**{**claim, **given})


@pytest.mark.parametrize(
    ("claim", "decision", "reason", "text", "source"),
    [
        ({"age": 0}, NOT_COVERED, "age_not_insured", "Deaths are insured at ages 1 to 75.", "Table 2"),
        (
            {"circumstance": "hunting"},
            EXCLUDED,
            "excluded_circumstance",
            "No death benefit is paid for a death under this circumstance.",
            "Table 6",
        ),
        (
            {"cause": "accident", "months_paid": None},
            PAYABLE,
            "accidental_death",
            "An accidental death pays in full, however many months are paid.",
            "Table 4",
        ),
        (
            {"cause": "accident", "disability_benefit_paid": Decimal("0.01")},
            PAYABLE,
            "accidental_death_less_disability",
            "An accidental death pays in full, less the disability benefit already paid for the same accident.",
            "Table 4",
        ),
        (
            {},
            PAYABLE,
            "natural_death_in_full",
            "The benefit of a natural death is full from 24 consecutive months paid.",
            "Table 3",
        ),
        (
            {"months_paid": 23},
            PAYABLE,
            "natural_death_prorated",
            "The benefit of a natural death is prorated: 23 months paid of the 24 for the full benefit.",
            "Table 3",
        ),
        (
            {"months_paid": None},
            PAYABLE,
            "natural_death_prorated",
            "The benefit of a natural death is prorated: 0 months paid of the 24 for the full benefit.",
            "Table 3",
        ),
        (
            {"age": 70},
            PAYABLE,
            "funeral_assistance_in_full",
            "Funeral assistance is full from 24 consecutive months paid.",
            "Table 6",
        ),
        (
            {"age": 10, "months_paid": 1},
            PAYABLE,
            "funeral_assistance_prorated",
            "Funeral assistance is prorated: 1 month paid of the 24 for the full benefit.",
            "Table 6",
        ),
        (
            {"age": 70, "cause": "accident", "months_paid": 0},
            PAYABLE,
            "funeral_assistance_in_full",
            "Funeral assistance is paid in full after an accident, however many months are paid.",
            "Table 6",
        ),
    ],
)
def test_a_death_is_decided_by(
    tables: dict[str, Any], claim: dict[str, Any], decision: str, reason: str, text: str, source: str
) -> None:
    found = death(tables, **claim)
    assert ruled(found.ruling) == (decision, reason, text, f"suan-2009 {source}")
    if decision != PAYABLE:
        assert found.proportion == found.benefit == 0


def test_a_benefit_that_asks_for_no_months_is_full_from_the_first_day(tables: dict[str, Any]) -> None:
    """A what-if; the rules as published ask for 24 and for 12."""
    assert proportion_of_months_paid(0, 0) == proportion_of_last_months_paid(0, 0) == 1
    rules = replace(tables["packages"].rules, full_benefit_months=0, hospitalization_proration_months=0)
    packages = replace(tables["packages"], rules=rules)
    assert death(tables, months_paid=0, packages=packages).benefit == 300_000
    assert stay(tables, months_paid=0, regular=False, packages=packages).benefit == 6_300


def disability(tables: dict[str, Any], losses: dict[str, int], age: int = 30, **given: Any) -> DisabilityClaim:
    claim: dict[str, Any] = {"cause": "accident", "packages": tables["packages"], "terms": tables["claim_terms"]}
    return disability_claim("F", age, losses=losses, schedule=tables["disability_schedule"], **{**claim, **given})


@pytest.mark.parametrize(
    ("claim", "decision", "reason", "text", "source"),
    [
        (
            {"losses": {"thumb": 1}, "age": 14},
            NOT_COVERED,
            "age_not_insured",
            "Permanent disability is insured at ages 15-64.",
            "Table 5",
        ),
        (
            {"losses": {"thumb": 1}, "cause": "illness"},
            NOT_COVERED,
            "not_an_accident",
            "Permanent disability is insured when it is due to an accident.",
            "Table 5",
        ),
        (
            {"losses": {"arm_or_hand": 1, "kidney": 1}},
            PAYABLE,
            "partial_disability",
            "Each loss pays its percentage of the table of disabilities; the cover goes on while premiums are paid.",
            "Appendix A",
        ),
        (
            {"losses": {"both_eyes": 1}},
            PAYABLE,
            "total_disability",
            "The losses add up to total disability: it pays in full, and membership ceases with the payment.",
            "Table 5",
        ),
    ],
)
def test_a_disability_is_decided_by(
    tables: dict[str, Any], claim: dict[str, Any], decision: str, reason: str, text: str, source: str
) -> None:
    found = disability(tables, **claim)
    assert ruled(found.ruling) == (decision, reason, text, f"suan-2009 {source}")
    assert found.membership_ceases is (reason == "total_disability")
    if decision == NOT_COVERED:
        assert found.full_benefit == found.benefit == 0
        assert (found.losses, found.loss_share) == ({"thumb": 1}, Decimal("0.25"))


def stay(tables: dict[str, Any], **given: Any) -> HospitalizationClaim:
    claim = {"package": "F", "age": 30, "days": 3, "months_of_membership": 60, "months_paid": 12, "regular": True}
    claim |= {"event": "illness", "months_since_last_claim": None, "months_since_same_event": None}
    claim |= {"packages": tables["packages"], "terms": tables["claim_terms"]}
    return hospitalization_claim(**{**claim, **given})


@pytest.mark.parametrize(
    ("claim", "decision", "reason", "text", "source"),
    [
        ({"age": 76}, NOT_COVERED, "age_not_insured", "Stays in hospital are insured at ages 1-75.", "Table 7"),
        (
            {"event": "pregnancy"},
            NOT_COVERED,
            "event_not_insured",
            "A stay is paid for illness or accident only.",
            "Table 7",
        ),
        ({"days": 0}, NOT_COVERED, "stay_too_short", "A stay is paid from 24 hours in hospital.", "Note 3"),
        (
            {"months_of_membership": 5},
            NOT_COVERED,
            "waiting_period",
            "A stay can be claimed after 6 months of continuous membership.",
            "Table 7",
        ),
        ({"months_since_last_claim": 11}, NOT_COVERED, "claimed_recently", "One stay is paid in 12 months.", "Table 7"),
        (
            {"months_since_last_claim": 12, "months_since_same_event": 23},
            NOT_COVERED,
            "same_event_claimed_recently",
            "The same event is paid once in 24 months, unless it is an accident.",
            "Table 7",
        ),
        ({"days": 15}, PAYABLE, "hospitalization_in_full", "Each day pays the full daily benefit.", "Table 7"),
        (
            {"days": 16},
            PAYABLE,
            "hospitalization_in_full",
            "Each day pays the full daily benefit. 15 days are paid at most.",
            "Table 7",
        ),
        (
            {"regular": False, "months_paid": 1},
            PAYABLE,
            "hospitalization_prorated",
            "Premiums were not regular, so the daily benefit is prorated: 1 month paid of the last 12.",
            "Table 7",
        ),
        (
            {"regular": False, "months_paid": 11, "days": 16},
            PAYABLE,
            "hospitalization_prorated",
            (
                "Premiums were not regular, so the daily benefit is prorated: 11 months paid of the last 12. "
                "15 days are paid at most."
            ),
            "Table 7",
        ),
    ],
)
def test_a_stay_is_decided_by(
    tables: dict[str, Any], claim: dict[str, Any], decision: str, reason: str, text: str, source: str
) -> None:
    found = stay(tables, **claim)
    assert ruled(found.ruling) == (decision, reason, text, f"suan-2009 {source}")
    assert found.daily_benefit == 2_100
    if decision == NOT_COVERED:
        assert found.days_payable == found.proportion == found.benefit == 0
    else:
        assert (found.days_payable, found.proportion > 0, found.benefit > 0) == (
            min(claim.get("days", 3), 15),
            True,
            True,
        )


def test_what_a_claim_says_against_itself_is_named() -> None:
    cases: list[tuple[Any, str, str]] = [
        (
            lambda: hospital_event("illness", accident=True),
            "accident",
            "The claim contradicts itself: accident and event say different things.",
        ),
        (
            lambda: months_since_claims(None, False, 30),
            "months_since_same_event",
            "The claim contradicts itself: same_event is false, but months_since_same_event says when it was claimed.",
        ),
        (
            lambda: months_since_claims(None, True, None),
            "same_event",
            (
                "The claim contradicts itself: same_event is true, but neither months_since_same_event nor "
                "months_since_last_claim says when."
            ),
        ),
        (
            lambda: months_since_claims(30, None, 29),
            "months_since_same_event",
            (
                "The claim contradicts itself: the same event would be after the last claim: "
                "months_since_same_event is below months_since_last_claim."
            ),
        ),
    ]
    for claim, field, sentence in cases:
        with pytest.raises(ImpossibleClaim) as refused:
            claim()
        assert (refused.value.field, str(refused.value)) == (field, sentence)


def test_what_no_body_and_no_year_can_have_is_named(tables: dict[str, Any]) -> None:
    with pytest.raises(ImpossibleClaim) as refused:
        disability(tables, {"arm_or_hand": 1, "other_finger": 4})
    assert refused.value.field == "losses"
    assert str(refused.value) == (
        "The claim contradicts itself: the losses come to 7 of other finger, and a person has 6."
    )
    with pytest.raises(ImpossibleClaim) as refused:
        stay(tables, months_paid=13)
    assert refused.value.field == "months_paid"
    assert str(refused.value) == "The claim contradicts itself: months_paid is of the last 12 months, and is more."


@pytest.mark.parametrize(
    ("event", "accident", "kind"),
    [
        (None, None, "illness"),
        (None, False, "illness"),
        (None, True, "accident"),
        ("pregnancy", None, "pregnancy"),
        ("pregnancy", False, "pregnancy"),
        ("accident", True, "accident"),
    ],
)
def test_an_event_is_named_itself_or_only_as_an_accident_or_none(
    event: str | None, accident: bool | None, kind: str
) -> None:
    assert hospital_event(event, accident) == kind


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ((None, None, None), (None, None)),
        ((7, None, None), (7, None)),
        ((7, False, None), (7, None)),
        ((7, True, None), (7, 7)),
        ((None, True, 7), (7, 7)),
        ((None, None, 7), (7, 7)),
        ((7, True, 9), (7, 9)),
        ((7, True, 7), (7, 7)),
        ((0, True, None), (0, 0)),
        ((0, None, 0), (0, 0)),
    ],
)
def test_a_claim_for_the_same_event_stands_for_the_last_claim_and_the_reverse(said: Any, found: Any) -> None:
    assert months_since_claims(*said) == found


def test_one_thing_has_no_s() -> None:
    assert [plural(number, "month") for number in (0, 1, 2)] == ["0 months", "1 month", "2 months"]
