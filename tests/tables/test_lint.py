"""Checks before publication: each is seen red on a candidate that deserves it, and none is red on what ships."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tables.kinds import KINDS
from tables.lint import OWN_CHECKS, RULES, default_limits, errors, lint, version_before
from tables.snapshot import Snapshot, Version
from tables.sources import resolve_citation
from tests.tables.candidates import GONE, PROVENANCE, candidate, published
from tests.tables.contents import shipped

LIFE, PVM, PACKAGES, BASIS = (
    "who-cambodia-2006@1",
    "nssf-present-value-multipliers@1",
    "mba-packages@1",
    "mba-pricing-basis@1",
)
TERMS, SCHEDULE, REINSURANCE = "mba-claim-terms@1", "mba-disability-schedule@1", "mba-reinsurance@2"
PROVISIONS, EXPERIENCE, SICKNESS = "nssf-provisions@2", "nssf-experience@1", "shi-sickness-basis@1"
CIVIL, HIP, SHI = "shi-nssfc-basis@1", "hip-basis@1", "shi-nssf-basis@1"
AGE_OF = shipped(LIFE)[1]["survivors"]

# A shipped version, what is changed in it, and the finding that this must give: code and pointer.
OF_ITSELF: tuple[tuple[str, Mapping[str, Any], str, str], ...] = (
    (LIFE, {"/survivors/0": GONE}, "starts_late", "/survivors"),
    (LIFE, {"/survivors/45": GONE}, "wide_age_group", "/survivors/50"),
    (LIFE, {"/survivors/45": AGE_OF["40"]}, "nobody_dies", "/survivors/45"),
    (LIFE, {"/survivors/65": AGE_OF["60"]}, "mortality_falls", "/survivors/65"),
    (PVM, {"/multipliers/20": "18616"}, "multiplier_above_perpetuity", "/multipliers/20"),
    (PVM, {"/multipliers/40": "9000"}, "multiplier_rises", "/multipliers/40"),
    ("mba-loadings@1", {"/insured/child/expense": "0.5"}, "loadings_of_one_or_more", "/insured/child"),
    ("mba-loadings@1", {"/contingency": "0.5"}, "loadings_of_one_or_more", "/insured/primary_member"),
    (PACKAGES, {"/ages/adult/first_age": 14}, "ages_overlap", "/ages/adult"),
    (PACKAGES, {"/ages/elder/first_age": 68}, "ages_gap", "/ages/elder"),
    (PACKAGES, {"/ages/entry/last_age": 76}, "entry_without_price", "/ages/entry"),
    (PACKAGES, {"/basic_benefit/B": "89999"}, "package_benefit_falls", "/basic_benefit/B"),
    (PACKAGES, {"/additional_codes/additional_15_65": 4}, "household_code_twice", "/plan_types/single/household_code"),
    (PACKAGES, {"/additional_codes/additional_15_65": 6}, "household_code_twice", "/additional_codes/additional_66_75"),
    (BASIS, {"/accident_rate": "0.0111"}, "accident_rate_above_mortality", "/insured/child/mortality_rate"),
    (BASIS, {"/insured/child/hospitalization_rate": "0.84"}, "rate_over_one", "/insured/child/hospitalization_rate"),
    (BASIS, {"/accident_rate": "0.9"}, "rate_over_one", "/accident_rate"),
    (TERMS, {"/ages/elder/first_age": 64}, "ages_overlap", "/ages/elder"),
    (TERMS, {"/age_exceptions/65": GONE}, "ages_gap", "/ages/elder"),
    (TERMS, {"/age_exceptions/66": {"band": "elder"}}, "exception_repeats", "/age_exceptions/66"),
    (SCHEDULE, {"/maximum_share": "0.9", "/ceasing_share": "0.9"}, "share_over_maximum", "/losses/both_eyes/share"),
    (SCHEDULE, {"/body/eye": 1}, "more_than_the_body_has", "/losses/both_eyes/takes/eye"),
    (SCHEDULE, {"/maximum_share": "0.99"}, "never_ceases", "/ceasing_share"),
    (REINSURANCE, {"/maximum_per_risk": "205001"}, "risk_above_annual_limit", "/maximum_per_risk"),
    (REINSURANCE, {"/premium_rate": "0.91"}, "premium_rate_above_share", "/premium_rate"),
    ("mba-covenants@1", {"/maximum_expense_ratio": "0.85"}, "ratios_of_one_or_more", "/maximum_expense_ratio"),
    ("mba-projection-basis@1", {"/withdrawal_rate": "1"}, "nobody_stays", "/withdrawal_rate"),
    (PROVISIONS, {"/survivors/maximum_share": "0.699"}, "share_over_maximum", "/survivors/shares/spouse_and_children"),
    (
        PROVISIONS,
        {"/survivors/shares/spouse_and_parents/parents": "0.1"},
        "bigger_family_gets_less",
        "/survivors/shares/spouse_and_parents",
    ),
    (EXPERIENCE, {"/workers/2009": GONE}, "year_without_workers", "/accidents/2009"),
    (
        EXPERIENCE,
        {"/places/2010/services/injuries_workplace": 386},
        "parts_differ_from_whole",
        "/places/2010/services",
    ),
    (
        "cambodia-indicators@1",
        {"/years/2004/gdp_current_billions": "99999"},
        "leap_between_years",
        "/years/2004/gdp_current_billions",
    ),
    (
        SHI,
        {"/utilisation_rates/inpatient/male": "1.31"},
        "inpatient_above_outpatient",
        "/utilisation_rates/inpatient/male",
    ),
    (SHI, {"/fees/inpatient/national_hospital": "29"}, "hospital_cheaper", "/fees/inpatient/national_hospital"),
    (
        SHI,
        {"/scenarios/scenario_2": shipped(SHI)[1]["scenarios"]["scenario_1"]},
        "scenarios_alike",
        "/scenarios/scenario_2",
    ),
    ("shi-maternity-basis@1", {"/benefit_days": "366"}, "more_than_a_year", "/benefit_days"),
    ("shi-maternity-basis@1", {"/incidence_rate": "1.26"}, "rate_over_one", "/incidence_rate"),
    (SICKNESS, {"/benefit_days": "351"}, "more_than_a_year", "/benefit_days"),
    (SICKNESS, {"/sample/days_8_14/first_day": 0}, "sample_classes", "/sample/days_8_14/first_day"),
    (SICKNESS, {"/sample/days_1_7/share": "0.678"}, "parts_differ_from_whole", "/sample"),
    (
        CIVIL,
        {"/utilisation_rates/inpatient/female": "2.1"},
        "inpatient_above_outpatient",
        "/utilisation_rates/inpatient/female",
    ),
    (CIVIL, {"/fees/outpatient/national_hospital": "0.1"}, "hospital_cheaper", "/fees/outpatient/national_hospital"),
    (CIVIL, {"/contribution_base/full": "103672"}, "base_below_its_parts", "/contribution_base/full"),
    ("cambodia-employment@1", {"/labour_force/employed": 6960001}, "part_above_whole", "/labour_force/employed"),
    ("cambodia-employment@1", {"/insured_workers": 6840796}, "part_above_whole", "/insured_workers"),
    ("nssfc-benefits@1", {"/years/2008": GONE}, "years_missing", "/years/2009"),
    ("nssfc-benefits@1", {"/amounts/pension/payments_per_year": 0}, "paid_never", "/amounts/pension/payments_per_year"),
    (HIP, {"/mandatory/inpatient/male": "1.01"}, "inpatient_above_outpatient", "/mandatory/inpatient/male"),
    (HIP, {"/fees/inpatient/national_hospital": "29"}, "hospital_cheaper", "/fees/inpatient/national_hospital"),
    (HIP, {"/experience/transport": "16409"}, "spent_above_income", "/experience/contribution_income"),
    ("hmis-benchmarks@1", {"/indicators": {}}, "no_benchmarks", "/indicators"),
    (
        "tariff-vdrc@1",
        {"/classes/member/premium_by_family_size/6": "270"},
        "larger_family_pays_less",
        "/classes/member/premium_by_family_size/6",
    ),
    (
        "tariff-yeshasvini@1",
        {"/classes/member/subsidy": {"payer": "state", "share_of_premium": "1"}},
        "subsidy_pays_all",
        "/classes/member/subsidy/share_of_premium",
    ),
)

# The same against a version that was published before: the shipped one.
AGAINST_THE_VERSION_BEFORE: tuple[tuple[str, Mapping[str, Any], str, str], ...] = (
    (LIFE, {"/survivors/100": GONE}, "ages_missing", "/survivors"),
    (PVM, {"/multipliers/0": GONE}, "ages_missing", "/multipliers"),
    (PACKAGES, {}, "nothing_changed", ""),
    (PACKAGES, {"/basic_benefit/F": "375001"}, "moved", "/basic_benefit/F"),
    (PACKAGES, {"/basic_benefit/F": "224999"}, "moved", "/basic_benefit/F"),
    ("nssf-contributions@3", {"/subsidy_rates/services": "0.001"}, "moved", "/subsidy_rates/services"),
    (LIFE, {"/survivors/95": GONE}, "number_removed", "/survivors/95"),
    ("hmis-benchmarks@1", {"/indicators/quick_ratio": GONE}, "benchmark_dropped", "/indicators"),
    ("hmis-portfolio-terms@1", {"/services": ["surgery"]}, "service_dropped", "/services"),
    ("tariff-brac@1", {"/classes/other_member": GONE}, "class_dropped", "/classes"),
)


def found(version: Version, *others: Version) -> list[tuple[str, str]]:
    """Codes and pointers of what is found."""
    return [(finding.code, finding.pointer) for finding in lint(version, others)]


@pytest.mark.parametrize(("name", "changes", "code", "where"), OF_ITSELF, ids=lambda value: str(value)[:30])
def test_a_candidate_is_faulted_for_what_it_says(name: str, changes: dict[str, Any], code: str, where: str) -> None:
    assert (code, where) in found(candidate(name, changes))
    assert (code, where) not in found(candidate(name))


@pytest.mark.parametrize(
    ("name", "changes", "code", "where"), AGAINST_THE_VERSION_BEFORE, ids=lambda value: str(value)[:30]
)
def test_a_candidate_is_faulted_for_what_it_changes(name: str, changes: dict[str, Any], code: str, where: str) -> None:
    assert (code, where) in found(candidate(name, changes), published(name))
    assert (code, where) not in found(candidate(name, changes))


def test_every_kind_has_checks_of_its_own_and_each_is_seen_red() -> None:
    assert set(OWN_CHECKS) == set(KINDS)
    assert all(OWN_CHECKS.values())
    red = {
        check
        for name, changes, code, where in (*OF_ITSELF, *AGAINST_THE_VERSION_BEFORE)
        for check in OWN_CHECKS[shipped(name)[0]]
        if (code, where) in red_in(check, name, changes)
    }
    in_time = set(OWN_CHECKS["contributions"])  # seen in the tests of rates that change again
    assert {check for checks in OWN_CHECKS.values() for check in checks} == red | in_time


def red_in(check: Any, name: str, changes: Mapping[str, Any]) -> set[tuple[str, str]]:
    """What one check finds."""
    from tables.lint.subject import Subject  # noqa: PLC0415

    subject = Subject(candidate(name, dict(changes)), (published(name),), default_limits())
    return {(finding.code, finding.pointer) for finding in check(subject)}


def test_every_code_is_seen_red() -> None:
    here = {code for _, _, code, _ in (*OF_ITSELF, *AGAINST_THE_VERSION_BEFORE)}
    in_time = {"gap", "overlap", "rate_changed_again", "provenance_missing", "source_unknown"}
    assert here | in_time == set(RULES)
    assert here & in_time == set()


def test_no_shipped_version_has_an_error(snapshot: Snapshot) -> None:
    for table in snapshot.tables.values():
        for version in table.versions:
            assert errors(lint(version, table.versions)) == (), version.name


def test_errors_come_first() -> None:
    findings = lint(candidate(SCHEDULE, {"/maximum_share": "0.5"}), [published(SCHEDULE)])
    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities)
    assert set(severities) == {"error", "warning"}
    assert [finding.severity for finding in errors(findings)] == ["error"] * severities.count("error")


# Time


def test_a_version_that_begins_before_another_ends_takes_its_days_over() -> None:
    before = published("nssf-provisions@1", effective_to=date(2027, 1, 1))
    assert ("overlap", "") not in found(candidate("nssf-provisions@2"), before)
    (finding,) = [
        each
        for each in lint(candidate("nssf-provisions@2", effective_from=date(2026, 12, 31)), [before])
        if each.code == "overlap"
    ]
    assert "from 2026-12-31 to 2026-12-31 as nssf-provisions@1" in finding.message


def test_a_version_without_an_end_may_succeed_another_but_not_stand_in_its_place() -> None:
    before = published("nssf-provisions@2")
    assert ("overlap", "") not in found(candidate("nssf-provisions@2"), before)
    assert ("overlap", "") in found(candidate("nssf-provisions@2", effective_from=before.effective_from), before)
    assert ("overlap", "") in found(candidate("nssf-provisions@2", effective_to=date(2028, 1, 1)), before)


def test_days_without_a_version_are_a_gap_on_either_side() -> None:
    before = published("nssf-provisions@1", effective_to=date(2026, 12, 30))
    after = published("nssf-provisions@2", effective_from=date(2028, 1, 1))
    said = [
        finding.message.partition(" without")[0]
        for finding in lint(candidate("nssf-provisions@2", effective_to=date(2027, 12, 31)), [before, after])
        if finding.code == "gap"
    ]
    assert said == ["leaves 2026-12-30 to 2026-12-31", "leaves 2027-12-31 to 2027-12-31"]


def test_what_another_version_covers_is_no_gap() -> None:
    before = published("nssf-provisions@1", effective_to=date(2026, 12, 30))
    always = published("nssf-provisions@2", effective_from=date(2020, 1, 1))
    assert "gap" not in {code for code, _ in found(candidate("nssf-provisions@2"), before, always)}


def test_withdrawn_versions_and_drafts_count_for_nothing() -> None:
    gone = published(PACKAGES, withdrawn_at=datetime(2026, 12, 2, tzinfo=UTC))
    assert found(candidate(PACKAGES), gone, candidate(PACKAGES, number=8)) == []


def test_the_version_before_is_the_one_that_holds_on_the_first_day_or_did_last() -> None:
    old = published("mba-reinsurance@1")
    new = published("mba-reinsurance@2")
    correction = published("mba-reinsurance@2", number=3, published_at=datetime(2026, 12, 2, tzinfo=UTC))
    three = [correction, old, new]
    assert version_before(date(2001, 12, 31), three) is None
    assert version_before(date(2002, 1, 1), three) is old
    assert version_before(date(2005, 12, 31), three) is old
    assert version_before(date(2006, 1, 1), three) is correction
    assert version_before(date(2006, 1, 1), [old]) is old
    assert version_before(date(2016, 1, 1), [old]) is old


# Numbers


def test_a_number_may_move_as_far_as_the_limit_and_no_further() -> None:
    assert default_limits().movement_share.as_tuple() == (0, (2, 5), -2)
    exactly = candidate(PACKAGES, {"/basic_benefit/F": "375000", "/basic_benefit/A": "67500"})
    assert found(exactly, published(PACKAGES)) == []
    narrow = default_limits().model_copy(update={"movement_share": default_limits().movement_share / 2})
    codes = [finding.pointer for finding in lint(exactly, [published(PACKAGES)], narrow)]
    assert codes == ["/basic_benefit/A", "/basic_benefit/F"]


@pytest.mark.parametrize(
    ("name", "where", "old", "new"),
    [
        ("nssf-contributions@3", "/rate", "0.008", "0.009"),
        ("tariff-nssf-shi@1", "/classes/scenario_1/rate", "0.032", "0.033"),
    ],
)
def test_a_contribution_rate_stands_for_two_years(name: str, where: str, old: str, new: str) -> None:
    first = published(name, number=1, effective_from=date(2020, 1, 1), effective_to=date(2024, 7, 1))
    second = published(name, {where: new}, number=2, effective_from=date(2024, 7, 1))
    again = {"rate_changed_again": where}.items()
    soon = candidate(name, {where: old}, effective_from=date(2026, 6, 30))
    assert set(again) <= set(found(soon, first, second))
    assert not set(again) & set(found(candidate(name, {where: old}, effective_from=date(2026, 7, 1)), first, second))
    assert not set(again) & set(found(candidate(name, {where: new}, effective_from=date(2026, 6, 30)), first, second))
    assert not set(again) & set(found(candidate(name, {where: new}, effective_from=date(2024, 6, 30)), first))


def test_two_years_after_the_29th_of_february_are_over_on_the_1st_of_march() -> None:
    name = "nssf-contributions@3"
    first = published(name, {"/rate": "0.007"}, number=1, effective_from=date(2020, 1, 1))
    second = published(name, number=2, effective_from=date(2024, 2, 29))
    for day, is_soon in ((date(2026, 2, 28), True), (date(2026, 3, 1), False)):
        codes = {code for code, _ in found(candidate(name, {"/rate": "0.007"}, effective_from=day), first, second)}
        assert ("rate_changed_again" in codes) is is_soon


def test_the_rule_of_two_years_cites_its_source() -> None:
    source, places = resolve_citation(default_limits().rate_change_source)
    assert (source.short_name, places, default_limits().rate_change_years) == ("giz-2012", ("Annex F",), 2)


# Provenance


def test_a_part_without_a_stated_source_is_pointed_out() -> None:
    stated = ({**PROVENANCE, "cells": "/basic_benefit/A"}, {**PROVENANCE, "cells": "/benefit"})
    missing = {where for code, where in found(candidate(PACKAGES, provenance=stated)) if code == "provenance_missing"}
    assert missing == {f"/{key}" for key in shipped(PACKAGES)[1]} - {"/basic_benefit"}


def test_a_source_that_is_not_listed_is_pointed_out() -> None:
    stated = (PROVENANCE, {**PROVENANCE, "cells": "/ages", "place": "Annex Z"})
    assert found(candidate(PACKAGES, provenance=stated)) == [("source_unknown", "/ages")]
