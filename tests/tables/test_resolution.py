"""Which version answers a question: design.md, section 2, Resolution, on snapshots made by hand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.errors import DomainError
from tables.canonical import sha256
from tables.errors import DraftPinned, NoCoverage, OverrideInvalid, TableUnknown, VersionUnknown, WrongKind
from tables.kinds import DEFAULT_TABLES
from tables.resolution import Pin, resolve
from tables.snapshot import Snapshot, Table, Version, canonical_content
from tables.snapshot import snapshot as snapshot_of
from tests.tables.contents import shipped

_KIND, _CONTENT = shipped("mba-loadings@1")
_PUBLISHED = datetime(2020, 1, 1, tzinfo=UTC)


def day(text: str) -> date:
    """A date."""
    return date.fromisoformat(text)


def instant(text: str) -> datetime:
    """The beginning of a day in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def version(number: int, effective_from: str = "2009-01-01", effective_to: str | None = None, **fields: Any) -> Version:
    """Loadings whose equity value loading is their number in hundredths, published on the first day of 2020."""
    content, assumptions = canonical_content(_KIND, {**_CONTENT, "equity_value": f"0.{number:02}"})
    known: dict[str, Any] = {"table": "mba-loadings", "published_at": _PUBLISHED, "withdrawn_at": None, **fields}
    return Version(
        number=number,
        kind=_KIND,
        content=content,
        sha256=sha256(content),
        effective_from=day(effective_from),
        effective_to=None if effective_to is None else day(effective_to),
        author="author",
        publisher=None,
        provenance=(),
        assumptions=assumptions,
        **known,
    )


def made_table(name: str, versions: list[Version]) -> Table:
    """Loadings as they are loaded: of drafts there are only the numbers."""
    drafts = frozenset(each.number for each in versions if each.status == "draft")
    return Table(name, _KIND, "Loadings", tuple(each for each in versions if each.number not in drafts), drafts)


def tables(*versions: Version) -> Snapshot:
    """A snapshot of these loadings, and of a table of another kind."""
    names = sorted({"mba-loadings", *(version.table for version in versions)})
    made = [made_table(name, [v for v in versions if v.table == name]) for name in names]
    return snapshot_of([*made, Table("mba-packages", "packages", "Packages", ())])


def chosen(snapshot: Snapshot, on: str, known_at: datetime | None = None, pin: Pin | None = None) -> str:
    """Name of the version that plays `loadings`."""
    pins = None if pin is None else {"loadings": pin}
    return resolve(snapshot, ("loadings",), day(on), known_at, pins).versions["loadings"].name


def refusal(snapshot: Snapshot, on: str, known_at: datetime | None = None, pin: Pin | None = None) -> DomainError:
    """Why no version plays `loadings`."""
    with pytest.raises(DomainError) as refused:
        chosen(snapshot, on, known_at, pin)
    return refused.value


def test_validity_includes_its_first_day_and_not_its_last() -> None:
    snapshot = tables(version(1, "2009-01-01", "2011-01-01"))
    assert chosen(snapshot, "2009-01-01") == "mba-loadings@1"
    assert chosen(snapshot, "2010-12-31") == "mba-loadings@1"
    assert isinstance(refusal(snapshot, "2008-12-31"), NoCoverage)
    assert isinstance(refusal(snapshot, "2011-01-01"), NoCoverage)


def test_validity_without_an_end_lasts() -> None:
    assert chosen(tables(version(1)), "9999-12-31") == "mba-loadings@1"


def test_versions_that_follow_each_other_change_on_the_day() -> None:
    snapshot = tables(version(1, "2009-01-01", "2011-01-01"), version(2, "2011-01-01"))
    assert chosen(snapshot, "2010-12-31") == "mba-loadings@1"
    assert chosen(snapshot, "2011-01-01") == "mba-loadings@2"


def test_of_several_that_cover_a_date_the_one_published_last_holds() -> None:
    later = instant("2020-01-02")
    assert chosen(tables(version(1, published_at=later), version(2)), "2015-01-01") == "mba-loadings@1"
    assert chosen(tables(version(1), version(2, published_at=later)), "2015-01-01") == "mba-loadings@2"
    assert chosen(tables(version(1), version(2, "2015-01-02", published_at=later)), "2015-01-01") == "mba-loadings@1"


def test_of_several_published_at_once_the_highest_number_holds() -> None:
    assert chosen(tables(version(2), version(10), version(9)), "2015-01-01") == "mba-loadings@10"


def test_a_version_is_a_draft_then_published_then_withdrawn() -> None:
    assert version(1, published_at=None).status == "draft"
    assert version(1).status == "published"
    assert version(1, withdrawn_at=instant("2021-01-01")).status == "withdrawn"


def test_the_assumptions_are_those_of_the_version_and_the_hash_its_own() -> None:
    snapshot = tables(version(1, "2009-01-01", "2011-01-01"), version(2, "2011-01-01"))
    resolved = resolve(snapshot, ("loadings",), day("2010-01-01"))
    assert resolved.assumptions["loadings"].equity_value == Decimal("0.01")
    assert resolved.content_sha256 == (version(1).sha256,)
    assert resolved.override_sha256 == {}


_GAP = tables(version(1, "2009-01-01", "2010-01-01"), version(2, "2010-02-01", "2011-01-01"), version(3, "2020-01-01"))


@pytest.mark.parametrize(
    ("on", "nearest"),
    [
        ("2008-12-31", ["2009-01-01"]),
        ("1900-01-01", ["2009-01-01"]),
        ("2010-01-01", ["2009-12-31", "2010-02-01"]),
        ("2010-01-31", ["2009-12-31", "2010-02-01"]),
        ("2011-01-01", ["2010-12-31", "2020-01-01"]),
    ],
)
def test_a_date_outside_every_validity_is_refused_with_the_nearest_covered_dates(on: str, nearest: list[str]) -> None:
    refused = refusal(_GAP, on)
    assert isinstance(refused, NoCoverage)
    assert (refused.role, refused.tables, refused.on) == ("loadings", ("mba-loadings",), day(on))
    assert list(refused.nearest) == [day(each) for each in nearest]
    assert f"mba-loadings (loadings) is in force on {on}" in str(refused)
    assert f"the nearest covered date is {' and '.join(nearest)}. Ask for another date" in str(refused)
    assert [chosen(_GAP, each) for each in nearest]


def test_after_the_last_validity_only_the_day_before_is_named() -> None:
    refused = refusal(
        tables(version(1, "2009-01-01", "2011-01-01"), version(2, "2008-01-01", "2010-01-01")), "2012-06-30"
    )
    assert isinstance(refused, NoCoverage)
    assert refused.nearest == (day("2010-12-31"),)


def test_the_nearest_dates_are_those_of_versions_that_may_be_used() -> None:
    snapshot = tables(
        version(1, "2000-01-01", "2001-01-01"),
        version(2, "2001-01-01", "2002-01-01", published_at=None),
        version(3, "2002-01-01", "2003-01-01", withdrawn_at=instant("2021-01-01")),
        version(4, "2005-01-01", published_at=instant("2021-01-01")),
    )
    refused = refusal(snapshot, "2004-01-01")
    assert isinstance(refused, NoCoverage)
    assert refused.nearest == (day("2000-12-31"), day("2005-01-01"))
    earlier = refusal(snapshot, "2004-01-01", instant("2020-06-01"))
    assert isinstance(earlier, NoCoverage)
    assert earlier.nearest == (day("2002-12-31"),)


_MICROSECOND = timedelta(microseconds=1)


def test_known_at_sees_what_was_published_at_that_very_instant_and_nothing_later() -> None:
    later = instant("2020-06-01")
    snapshot = tables(version(1), version(2, published_at=later))
    assert chosen(snapshot, "2015-01-01", later) == "mba-loadings@2"
    assert chosen(snapshot, "2015-01-01", later - _MICROSECOND) == "mba-loadings@1"
    assert chosen(snapshot, "2015-01-01") == "mba-loadings@2"


def test_before_the_first_publication_nothing_is_known() -> None:
    refused = refusal(tables(version(1)), "2015-01-01", _PUBLISHED - _MICROSECOND)
    assert isinstance(refused, NoCoverage)
    assert refused.nearest == ()
    assert "none stands as published then. Send another known_at" in str(refused)


def test_a_withdrawal_holds_from_its_instant_on() -> None:
    withdrawn = instant("2021-01-01")
    snapshot = tables(version(1), version(2, withdrawn_at=withdrawn))
    assert chosen(snapshot, "2015-01-01") == "mba-loadings@1"
    assert chosen(snapshot, "2015-01-01", withdrawn) == "mba-loadings@1"
    assert chosen(snapshot, "2015-01-01", withdrawn - _MICROSECOND) == "mba-loadings@2"


def test_a_withdrawn_version_cannot_be_seen_before_it_was_published() -> None:
    snapshot = tables(version(1, withdrawn_at=instant("2021-01-01")))
    assert isinstance(refusal(snapshot, "2015-01-01", _PUBLISHED - _MICROSECOND), NoCoverage)


def test_an_exact_pin_ignores_validity_and_withdrawal() -> None:
    snapshot = tables(version(1, "2009-01-01", "2010-01-01", withdrawn_at=instant("2021-01-01")), version(2))
    for on in ("1999-01-01", "2009-06-01", "2030-01-01"):
        assert chosen(snapshot, on, pin="mba-loadings@1") == "mba-loadings@1"
    assert chosen(snapshot, "2030-01-01", instant("2022-01-01"), "mba-loadings@1") == "mba-loadings@1"


def test_an_exact_pin_cannot_see_past_known_at() -> None:
    snapshot = tables(version(1), version(2, published_at=instant("2020-06-01")), version(3, published_at=None))
    assert chosen(snapshot, "2015-01-01", instant("2020-06-01"), "mba-loadings@2") == "mba-loadings@2"
    refused = refusal(snapshot, "2015-01-01", instant("2020-06-01") - _MICROSECOND, "mba-loadings@2")
    assert isinstance(refused, VersionUnknown)
    assert (refused.role, refused.table, refused.known) == ("loadings", "mba-loadings", (1,))
    assert str(refused).endswith("Versions to choose from: mba-loadings@1.")


def test_a_version_that_does_not_exist_is_refused_with_those_that_do() -> None:
    snapshot = tables(version(1), version(3, withdrawn_at=instant("2021-01-01")), version(4, published_at=None))
    for number in (2, 5, 999_999):
        refused = refusal(snapshot, "2015-01-01", pin=f"mba-loadings@{number}")
        assert isinstance(refused, VersionUnknown)
        assert refused.known == (1, 3)
        assert str(refused).endswith("Versions to choose from: mba-loadings@1, mba-loadings@3.")


def test_where_no_version_was_known_yet_a_later_known_at_is_asked_for() -> None:
    refused = refusal(tables(version(1)), "2015-01-01", _PUBLISHED - _MICROSECOND, "mba-loadings@1")
    assert isinstance(refused, VersionUnknown)
    assert refused.known == ()
    assert "no version of mba-loadings was published then. Send a later known_at." in str(refused)


@pytest.mark.parametrize("pin", ["other", "other@1", ("other@1",), ("mba-loadings@1", "other@1")])
def test_a_table_that_does_not_exist_is_refused_with_those_of_the_role(pin: Pin) -> None:
    refused = refusal(tables(version(1), version(1, table="mine")), "2015-01-01", pin=pin)
    assert isinstance(refused, TableUnknown)
    assert (refused.role, refused.known) == ("loadings", ("mba-loadings", "mine"))
    assert str(refused).endswith("Tables for this role: mba-loadings, mine.")


@pytest.mark.parametrize("pin", ["mba-packages", "mba-packages@1", ("mba-loadings@1", "mba-packages@1")])
def test_a_table_of_another_kind_is_refused_with_those_of_the_role(pin: Pin) -> None:
    refused = refusal(tables(version(1)), "2015-01-01", pin=pin)
    assert isinstance(refused, WrongKind)
    assert (refused.table, refused.kind, refused.suitable) == ("mba-packages", "packages", ("mba-loadings",))
    assert str(refused) == ("loadings: mba-packages is a packages table. Tables that can play this role: mba-loadings.")


@pytest.mark.parametrize("pin", ["mba-loadings@2", ("mba-loadings@2",), ("mba-loadings@1", "mba-loadings@2")])
@pytest.mark.parametrize("known_at", [None, _PUBLISHED, _PUBLISHED - timedelta(days=1)])
def test_a_draft_cannot_be_pinned(pin: Pin, known_at: datetime | None) -> None:
    snapshot = tables(version(1, published_at=instant("2019-01-01")), version(2, published_at=None))
    refused = refusal(snapshot, "2015-01-01", known_at, pin)
    assert isinstance(refused, DraftPinned)
    assert str(refused) == ("loadings: mba-loadings@2 is a draft, and drafts cannot be used. Pin a published version.")


def test_a_draft_is_never_chosen_by_date() -> None:
    snapshot = tables(version(1, "2009-01-01", "2010-01-01"), version(2, published_at=None))
    assert chosen(snapshot, "2009-06-01") == "mba-loadings@1"
    assert isinstance(refusal(snapshot, "2015-01-01"), NoCoverage)


def test_a_pinned_name_is_that_table_resolved_at_the_date() -> None:
    snapshot = tables(
        version(1),
        version(1, "2009-01-01", "2011-01-01", table="mine"),
        version(2, "2011-01-01", "2012-01-01", table="mine"),
    )
    assert chosen(snapshot, "2010-12-31") == "mba-loadings@1"
    assert chosen(snapshot, "2010-12-31", pin="mine") == "mine@1"
    assert chosen(snapshot, "2011-01-01", pin="mine") == "mine@2"
    refused = refusal(snapshot, "2012-01-01", pin="mine")
    assert isinstance(refused, NoCoverage)
    assert (refused.tables, refused.nearest) == (("mine",), (day("2011-12-31"),))


def test_a_pinned_name_respects_known_at_and_withdrawal() -> None:
    later = instant("2021-01-01")
    snapshot = tables(
        version(1, table="mine"),
        version(2, table="mine", published_at=later),
        version(3, table="mine", withdrawn_at=later),
    )
    assert chosen(snapshot, "2015-01-01", pin="mine") == "mine@2"
    assert chosen(snapshot, "2015-01-01", later - _MICROSECOND, "mine") == "mine@3"


def test_of_pinned_versions_the_date_chooses() -> None:
    snapshot = tables(
        version(1, "2009-01-01", "2011-01-01"),
        version(2, "2011-01-01", "2013-01-01"),
        version(3, "2009-01-01", published_at=instant("2025-01-01")),
    )
    pin = ("mba-loadings@1", "mba-loadings@2")
    assert chosen(snapshot, "2010-12-31") == "mba-loadings@3"
    assert chosen(snapshot, "2010-12-31", pin=pin) == "mba-loadings@1"
    assert chosen(snapshot, "2011-01-01", pin=pin[::-1]) == "mba-loadings@2"
    refused = refusal(snapshot, "2013-01-01", pin=pin)
    assert isinstance(refused, NoCoverage)
    assert (refused.tables, refused.nearest) == (pin, (day("2012-12-31"),))
    assert "No version of mba-loadings@1 or mba-loadings@2 (loadings) is in force on 2013-01-01" in str(refused)


def test_pinned_versions_may_be_of_several_tables_withdrawn_and_overlapping() -> None:
    later = instant("2021-01-01")
    snapshot = tables(version(1, withdrawn_at=later), version(1, table="mine", published_at=later))
    pin = ("mine@1", "mba-loadings@1")
    assert chosen(snapshot, "2015-01-01", pin=pin) == "mine@1"
    assert chosen(snapshot, "2015-01-01", pin=pin[1:]) == "mba-loadings@1"
    assert isinstance(refusal(snapshot, "2015-01-01", later - _MICROSECOND, pin), VersionUnknown)


def test_each_role_is_resolved_by_itself_from_its_own_pin_or_its_default_table(snapshot: Snapshot) -> None:
    on, basis = day("2015-01-01"), "mba-pricing-basis-corrected"
    by_default = resolve(snapshot, DEFAULT_TABLES, on)
    assert {role: found.table for role, found in by_default.versions.items()} == dict(DEFAULT_TABLES)
    pinned = resolve(snapshot, DEFAULT_TABLES, on, pins={"pricing_basis": basis})
    assert {role: found.table for role, found in pinned.versions.items()} == {**DEFAULT_TABLES, "pricing_basis": basis}
    assert pinned.content_sha256 == tuple(sorted(found.sha256 for found in pinned.versions.values()))
    assert list(resolve(snapshot, ("packages",), on).versions) == ["packages"]


def test_an_override_is_merged_after_pins_into_the_resolved_version() -> None:
    snapshot = tables(version(1), version(2, published_at=instant("2021-01-01")))
    patch = {"contingency": "0.5"}
    resolved = resolve(
        snapshot, ("loadings",), day("2015-01-01"), None, {"loadings": "mba-loadings@1"}, {"loadings": patch}
    )
    assumptions = resolved.assumptions["loadings"]
    assert (assumptions.equity_value, assumptions.contingency) == (Decimal("0.01"), Decimal("0.5"))
    assert resolved.versions["loadings"] == version(1)
    assert resolved.content_sha256 == (resolved.override_sha256["loadings"],) != (version(1).sha256,)


def test_an_override_of_one_role_leaves_the_others(snapshot: Snapshot) -> None:
    plain = resolve(snapshot, DEFAULT_TABLES, day("2015-01-01"))
    what_if = resolve(snapshot, DEFAULT_TABLES, day("2015-01-01"), overrides={"loadings": {"contingency": "0.5"}})
    changed = {role for role in DEFAULT_TABLES if what_if.assumptions[role] != plain.assumptions[role]}
    assert changed == set(what_if.override_sha256) == {"loadings"}
    assert len(set(what_if.content_sha256) - set(plain.content_sha256)) == 1
    with pytest.raises(OverrideInvalid, match=r"^overrides\.loadings "):
        resolve(snapshot, DEFAULT_TABLES, day("2015-01-01"), overrides={"loadings": {"contingency": "x"}})


# Random histories: days and instants are small numbers, so that they often meet.


class Entry(NamedTuple):
    """What one version's history comes down to."""

    number: int
    effective_from: int
    effective_to: int | None
    published: int | None
    withdrawn: int | None


_FIRST_DAY, _FIRST_INSTANT = day("2000-01-01"), instant("2020-01-01")
_small = st.integers(0, 6)
_maybe = st.none() | _small


@st.composite
def histories(draw: st.DrawFn) -> list[Entry]:
    """Up to six versions with any validity, publication and withdrawal."""
    entries = []
    for number in range(1, draw(st.integers(0, 6)) + 1):
        first, length, published, withdrawn = draw(_small), draw(_maybe), draw(_maybe), draw(_maybe)
        to = None if length is None else first + 1 + length
        entries.append(Entry(number, first, to, published, withdrawn if published is not None else None))
    return entries


def built(history: Sequence[Entry]) -> Snapshot:
    """The history as a snapshot."""

    def at(hour: int | None) -> datetime | None:
        return None if hour is None else _FIRST_INSTANT + timedelta(hours=hour)

    def on(days: int) -> str:
        return (_FIRST_DAY + timedelta(days=days)).isoformat()

    return tables(
        *(
            version(
                entry.number,
                on(entry.effective_from),
                None if entry.effective_to is None else on(entry.effective_to),
                published_at=at(entry.published),
                withdrawn_at=at(entry.withdrawn),
            )
            for entry in history
        )
    )


def model(history: Sequence[Entry], on: int, now: int) -> int | None:
    """The rule, once more: number of the version that answers on a day, as known at an instant."""
    best: tuple[int, int] | None = None
    for entry in history:
        if entry.published is None or entry.published > now or (entry.withdrawn is not None and entry.withdrawn <= now):
            continue
        if on < entry.effective_from or (entry.effective_to is not None and on >= entry.effective_to):
            continue
        if best is None or (entry.published, entry.number) > best:
            best = (entry.published, entry.number)
    return None if best is None else best[1]


@settings(deadline=None, max_examples=300)
@given(histories(), st.integers(-1, 15), st.integers(-1, 7) | st.none())
def test_any_history_is_resolved_as_the_rule_says(history: list[Entry], on: int, known: int | None) -> None:
    snapshot, date_asked = built(history), _FIRST_DAY + timedelta(days=on)
    now = 99 if known is None else known
    known_at = None if known is None else _FIRST_INSTANT + timedelta(hours=known)
    expected = model(history, on, now)
    if expected is None:
        refused = refusal(snapshot, date_asked.isoformat(), known_at)
        assert isinstance(refused, NoCoverage)
        before = [each for each in range(on - 1, -20, -1) if model(history, each, now)][:1]
        after = [each for each in range(on + 1, 30) if model(history, each, now)][:1]
        assert [(each - _FIRST_DAY).days for each in refused.nearest] == before + after
        return
    assert chosen(snapshot, date_asked.isoformat(), known_at) == f"mba-loadings@{expected}"
    # The receipt's form gives the same version, alone or in a list, at the receipt's date and known_at.
    for pin in (f"mba-loadings@{expected}", (f"mba-loadings@{expected}",)):
        assert chosen(snapshot, date_asked.isoformat(), known_at, pin) == f"mba-loadings@{expected}"


@settings(deadline=None)
@given(histories(), st.sets(st.integers(1, 6), min_size=1), st.integers(-1, 15))
def test_of_any_pinned_versions_the_rule_chooses_withdrawn_or_not(
    history: list[Entry], numbers: set[int], on: int
) -> None:
    pinned = [
        entry._replace(withdrawn=None) for entry in history if entry.number in numbers and entry.published is not None
    ]
    if not pinned:
        return
    pin = tuple(f"mba-loadings@{entry.number}" for entry in pinned)
    date_asked, expected = (_FIRST_DAY + timedelta(days=on)).isoformat(), model(pinned, on, 99)
    if expected is None:
        assert isinstance(refusal(built(history), date_asked, pin=pin), NoCoverage)
    else:
        assert chosen(built(history), date_asked, pin=pin) == f"mba-loadings@{expected}"
