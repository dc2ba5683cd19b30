"""Drafts, publication and withdrawal in the store, and what the database itself keeps."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from tables import lifecycle
from tables.audit import Actor, page, revision
from tables.drafts import Draft
from tables.errors import (
    CreatedOtherwise,
    OwnVersion,
    TableConflict,
    TagOutdated,
    VersionAbsent,
    VersionInvalid,
    WrongStatus,
)
from tables.keys import create_key, revoke_key
from tables.lifecycle import NewTable, Stored
from tables.shipped import shipped_tables
from tables.store import load, prepare
from tests.tables.changing import (
    BEGINNING,
    LOADINGS,
    PROVENANCE,
    author,
    by,
    content,
    draft,
    published,
    publisher,
    submitted,
)
from tests.tables.contents import NAMES, replaced, shipped, without
from tests.tables.racing import race

NEW = NewTable("loadings", "Loadings of another programme")


def operations(store: Engine, table: str = LOADINGS) -> list[str]:
    """What was done to a table since it was seeded, oldest first."""
    return [each.operation for each in reversed(page(store, None, 1000, table)) if each.operation != "seed"]


class TestALife:
    def test_a_version_is_written_submitted_published_and_withdrawn(self, store: Engine) -> None:
        made = lifecycle.create_draft(store, LOADINGS, draft("0.3"), author(1))
        assert (made.name, made.status, made.row.author) == ("mba-loadings@2", "a draft", "Ann")
        changed = lifecycle.replace_draft(store, LOADINGS, 2, made.tag, draft("0.2"), author(2))
        ready = lifecycle.submit(store, LOADINGS, 2, changed.tag, author(3))
        assert (ready.status, ready.row.submitted_at) == ("a submitted draft", BEGINNING + timedelta(minutes=3))
        done = lifecycle.publish(store, LOADINGS, 2, ready.tag, publisher(4))
        assert (done.status, done.row.publisher, done.tag) == ("published", "Bo", done.row.sha256)
        (_, version) = load(store).tables[LOADINGS].versions
        assert (version.author, version.publisher) == ("Ann", "Bo")
        assert (version.published_at, version.withdrawn_at) == (BEGINNING + timedelta(minutes=4), None)
        assert str(version.assumptions.equity_value) == "0.2"
        ended = lifecycle.withdraw(store, LOADINGS, 2, done.tag, publisher(5), "no reason")
        assert (ended.status, ended.row.withdrawn_at) == ("withdrawn", BEGINNING + timedelta(minutes=5))
        assert operations(store) == ["create", "replace", "submit", "publish", "withdraw"]

    def test_every_change_of_a_draft_changes_its_tag_and_no_other_does(self, store: Engine) -> None:
        one = lifecycle.create_draft(store, LOADINGS, draft(), author())
        two = lifecycle.create_draft(store, LOADINGS, draft(), author())
        tags = [one.tag, two.tag]
        same = lifecycle.replace_draft(store, LOADINGS, 2, one.tag, draft(), author())
        tags += [same.tag, lifecycle.submit(store, LOADINGS, 2, same.tag, author()).tag]
        assert lifecycle.find_version(store, LOADINGS, 2).tag == tags[-1]
        tags.append(lifecycle.return_to_author(store, LOADINGS, 2, tags[-1], publisher(), "not yet").tag)
        assert len(set(tags)) == len(tags)
        assert lifecycle.find_version(store, LOADINGS, 3).tag == two.tag

    def test_what_is_replaced_or_returned_is_to_be_submitted_anew(self, store: Engine) -> None:
        ready = submitted(store)
        again = lifecycle.replace_draft(store, LOADINGS, 2, ready.tag, draft("0.1"), author())
        with pytest.raises(WrongStatus, match="mba-loadings@2 is a draft; this takes a submitted draft"):
            lifecycle.publish(store, LOADINGS, 2, again.tag, publisher())
        ready = lifecycle.submit(store, LOADINGS, 2, again.tag, author())
        back = lifecycle.return_to_author(store, LOADINGS, 2, ready.tag, publisher(), "why")
        assert (back.status, page(store, None, 1)[0].reason) == ("a draft", "why")

    def test_a_table_begins_with_its_first_version(self, store: Engine) -> None:
        made = lifecycle.create_draft(store, "other-loadings", draft(), author(), table=NEW)
        assert made.name == "other-loadings@1"
        assert "other-loadings" not in load(store).tables
        done = published(store, draft("0.1"), table="other-loadings")
        table = load(store).tables["other-loadings"]
        assert (table.kind, table.title) == (NEW.kind, NEW.title)
        assert table.drafts == {1}
        assert [each.name for each in table.versions] == [done.name]

    @pytest.mark.parametrize("field", ["kind", "title"])
    def test_a_new_table_is_told_what_it_is_and_no_other_is_told_otherwise(self, store: Engine, field: str) -> None:
        half: Any = {"kind": NEW.kind, "title": NEW.title, field: None}
        with pytest.raises(TableConflict, match=f"{field} is needed"):
            lifecycle.create_draft(store, "other-loadings", draft(), author(), table=NewTable(**half))
        wrong: Any = {field: "packages"}
        with pytest.raises(TableConflict, match=f"{field} is another"):
            lifecycle.create_draft(store, LOADINGS, draft(), author(), table=NewTable(**wrong))
        same = NewTable("loadings", load(store).tables[LOADINGS].title)
        assert lifecycle.create_draft(store, LOADINGS, draft(), author(), table=same).name == "mba-loadings@2"

    def test_a_number_is_never_given_again(self, store: Engine) -> None:
        made = lifecycle.create_draft(store, LOADINGS, draft(), author())
        lifecycle.delete_draft(store, LOADINGS, 2, made.tag, author())
        assert lifecycle.create_draft(store, LOADINGS, draft(), author()).name == "mba-loadings@3"
        assert operations(store) == ["create", "delete", "create"]

    def test_a_table_goes_with_its_only_draft_and_not_with_another(self, store: Engine) -> None:
        made = [lifecycle.create_draft(store, "other", draft(), author(), table=NEW) for _ in range(2)]
        lifecycle.delete_draft(store, "other", 1, made[0].tag, author())
        assert lifecycle.find_version(store, "other", 2).name == "other@2"
        lifecycle.delete_draft(store, "other", 2, made[1].tag, author())
        with pytest.raises(TableConflict):
            lifecycle.create_draft(store, "other", draft(), author())
        assert lifecycle.create_draft(store, "other", draft(), author(), table=NEW).name == "other@3"

    def test_drafts_are_listed_those_first_that_wait(self, store: Engine) -> None:
        lifecycle.create_draft(store, LOADINGS, draft(), author())
        submitted(store, minute=2)
        submitted(store, minute=1)
        published(store)
        assert [each.name for each in lifecycle.drafts(store)] == ["mba-loadings@4", "mba-loadings@3", "mba-loadings@2"]

    def test_a_table_s_publications_are_in_their_order_whatever_the_clocks_say(self, store: Engine) -> None:
        """Two hosts' clocks differ: who publishes last still holds, and a withdrawal comes after it."""
        first, second = published(store, minute=9), published(store, minute=3)
        assert first.row.published_at is not None
        assert second.row.published_at is not None
        assert second.row.published_at > first.row.published_at
        ended = lifecycle.withdraw(store, LOADINGS, second.row.number, second.tag, publisher(1))
        assert ended.row.withdrawn_at is not None
        assert ended.row.withdrawn_at > second.row.published_at


class TestRefusals:
    @pytest.mark.parametrize("number", [0, 2, 99])
    def test_what_is_not_there(self, store: Engine, number: int) -> None:
        for table in (LOADINGS, "nothing"):
            with pytest.raises(VersionAbsent):
                lifecycle.submit(store, table, number, "0" * 64, author())
            with pytest.raises(VersionAbsent):
                lifecycle.find_version(store, table, number)

    def test_a_tag_of_another_state_changes_nothing(self, store: Engine) -> None:
        made = lifecycle.create_draft(store, LOADINGS, draft(), author())
        ready = lifecycle.submit(store, LOADINGS, 2, made.tag, author())
        before = revision(store), len(page(store, None, 1000))
        calls: tuple[Callable[[], object], ...] = (
            lambda: lifecycle.replace_draft(store, LOADINGS, 2, made.tag, draft(), author()),
            lambda: lifecycle.return_to_author(store, LOADINGS, 2, made.tag, publisher()),
            lambda: lifecycle.publish(store, LOADINGS, 2, made.tag, publisher()),
            lambda: lifecycle.delete_draft(store, LOADINGS, 2, made.tag, author()),
        )
        for call in calls:
            with pytest.raises(TagOutdated, match="now a submitted draft"):
                call()
        for late in (lifecycle.submit, lifecycle.withdraw):
            with pytest.raises(WrongStatus, match="is a submitted draft; this takes"):
                late(store, LOADINGS, 2, made.tag, author())
        assert lifecycle.find_version(store, LOADINGS, 2).tag == ready.tag
        assert (revision(store), len(page(store, None, 1000))) == before

    def test_what_is_published_is_withdrawn_and_nothing_else(self, store: Engine) -> None:
        done = published(store)
        for status in ("published", "withdrawn"):
            with pytest.raises(WrongStatus, match=f"mba-loadings@2 is {status}; this takes a draft"):
                lifecycle.replace_draft(store, LOADINGS, 2, done.tag, draft("0.1"), author())
            with pytest.raises(WrongStatus):
                lifecycle.submit(store, LOADINGS, 2, done.tag, author())
            with pytest.raises(WrongStatus):
                lifecycle.publish(store, LOADINGS, 2, done.tag, publisher())
            with pytest.raises(WrongStatus):
                lifecycle.delete_draft(store, LOADINGS, 2, done.tag, author())
            if status == "published":
                lifecycle.withdraw(store, LOADINGS, 2, done.tag, publisher())
        with pytest.raises(WrongStatus, match="is withdrawn; this takes a published version"):
            lifecycle.withdraw(store, LOADINGS, 2, done.tag, publisher())

    @pytest.mark.parametrize(
        "who",
        [
            author(),
            Actor("Another", "admin", BEGINNING, author().key),
            Actor("Ann", "admin", BEGINNING, "another00000"),
            Actor("  ANN ", "publish", BEGINNING, "another00000"),
            Actor("Ann", "operator", BEGINNING),
            by("Cy", "admin"),
        ],
        ids=["key and name", "key", "name", "name written otherwise", "name without a key", "who wrote before"],
    )
    def test_nobody_publishes_what_they_have_written(self, store: Engine, who: Actor) -> None:
        first = lifecycle.create_draft(store, LOADINGS, draft("0.2"), by("Cy", "admin"))
        second = lifecycle.replace_draft(store, LOADINGS, 2, first.tag, draft("0.3"), author())
        ready = lifecycle.submit(store, LOADINGS, 2, second.tag, by("Di", "author"))
        with pytest.raises(OwnVersion, match="mba-loadings@2"):
            lifecycle.publish(store, LOADINGS, 2, ready.tag, who)
        assert lifecycle.publish(store, LOADINGS, 2, ready.tag, by("Di", "admin")).status == "published"

    @pytest.mark.parametrize(
        ("changed", "pointers"),
        [
            ({"content": {}}, ["/content/equity_value", "/content/contingency", "/content/insured"]),
            ({"content": content("2")}, ["/content/equity_value"]),
            ({"content": content("0.3") | {"odd": 1}}, ["/content"]),
            ({"effective_to": draft().effective_from}, ["/effective_to"]),
            ({"provenance": [PROVENANCE, PROVENANCE | {"cells": "/nothing"}]}, ["/provenance/1/cells"]),
            ({"provenance": [PROVENANCE | {"source": "suan-2009", "place": "Table 99"}]}, ["/provenance/0/place"]),
            (
                {"content": {}, "effective_to": draft().effective_from, "provenance": [PROVENANCE | {"cells": "/a"}]},
                [
                    *("/content/equity_value", "/content/contingency", "/content/insured"),
                    *("/effective_to", "/provenance/0/cells"),
                ],
            ),
        ],
    )
    def test_what_is_no_valid_version_is_told_every_fault(
        self, store: Engine, changed: dict[str, Any], pointers: list[str]
    ) -> None:
        faulty = Draft(**{**vars(draft()), **changed})
        with pytest.raises(VersionInvalid) as refused:
            lifecycle.create_draft(store, LOADINGS, faulty, author())
        assert [pointer for pointer, _ in refused.value.reasons] == pointers
        made = lifecycle.create_draft(store, LOADINGS, draft(), author())
        with pytest.raises(VersionInvalid):
            lifecycle.replace_draft(store, LOADINGS, 2, made.tag, faulty, author())
        assert lifecycle.find_version(store, LOADINGS, 2).tag == made.tag

    def test_a_mistake_that_no_source_has_cannot_be_marked(self, store: Engine) -> None:
        """An answer that uses the cell could not say what is wrong with it."""
        name = next(each for each in NAMES if '"erratum"' in str(shipped(each)[1]).replace("'", '"'))
        kind, marked = shipped(name)
        path = next(path for path in _marks(marked))
        text = Draft(marked, draft().effective_from, None, [PROVENANCE])
        assert lifecycle.create_draft(store, "marked", text, author(), table=NewTable(kind, "x")).name == "marked@1"
        wrong = Draft(replaced(marked, path, "suan-2009-e999"), draft().effective_from, None, [PROVENANCE])
        with pytest.raises(VersionInvalid, match="no known mistake"):
            lifecycle.create_draft(store, "marked", wrong, author())

    def test_a_shipped_version_sent_again_has_the_hash_of_what_is_shipped(self, store: Engine) -> None:
        for name in NAMES:
            kind, as_shipped = shipped(name)
            text = Draft(as_shipped, draft().effective_from, None, [PROVENANCE])
            made = lifecycle.create_draft(store, "again", text, author(), table=NewTable(kind, "x"))
            number = int(name.partition("@")[2])
            assert made.row.sha256 == lifecycle.find_version(store, name.partition("@")[0], number).row.sha256
            lifecycle.delete_draft(store, "again", made.row.number, made.tag, author())

    def test_the_same_draft_with_the_same_key_is_made_once(self, store: Engine) -> None:
        first = lifecycle.create_draft(store, LOADINGS, draft(), author(), idempotency_key="k")
        ready = lifecycle.submit(store, LOADINGS, 2, first.tag, author())
        again = lifecycle.create_draft(store, LOADINGS, draft(), author(), idempotency_key="k")
        assert (again.name, again.status, again.tag) == ("mba-loadings@2", "a submitted draft", ready.tag)
        with pytest.raises(CreatedOtherwise):
            lifecycle.create_draft(store, LOADINGS, draft("0.1"), author(), idempotency_key="k")
        with pytest.raises(CreatedOtherwise):
            lifecycle.create_draft(store, "other", draft(), author(), table=NEW, idempotency_key="k")
        other = lifecycle.create_draft(store, LOADINGS, draft(), by("Di", "author"), idempotency_key="k")
        assert other.name == "mba-loadings@3"


def _marks(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        if key == "erratum":
            yield (*path, key)
        else:
            yield from _marks(child, (*path, key))


class TestTheDatabase:
    """Nothing here goes through the service: who writes to the database itself is refused too."""

    def execute(self, store: Engine, statement: str) -> None:
        with store.begin() as connection:
            connection.execute(text(statement))

    @pytest.mark.parametrize(
        "change",
        [
            *("table_name = 'mba-packages'", "number = 7", "content = '{}'", "effective_from = '2001-01-01'"),
            *("effective_to = '2031-01-01'", "published_at = NULL", "published_at = '2027-02-01'", "author = 'x'"),
            *("publisher = 'x'", "provenance = '[]'", "revision = 9", "submitted_at = NULL", "author_key = 'x'"),
            *("publisher_key = 'x'", "creator_key = 'x'", "idempotency_key = 'x'", "fingerprint = 'x'"),
            *("withdrawn_at = '2027-02-01', author = 'x'", "withdrawn_at = NULL", "author = author"),
            f"sha256 = '{'0' * 64}'",
        ],
    )
    def test_a_published_version_never_changes(self, store: Engine, change: str) -> None:
        published(store)
        with pytest.raises(IntegrityError, match="never changes"):
            self.execute(store, f"UPDATE assumption_version SET {change} WHERE table_name = 'mba-loadings'")  # noqa: S608  (our own text)

    def test_it_is_withdrawn_once(self, store: Engine) -> None:
        published(store)
        where = "WHERE table_name = 'mba-loadings' AND number = 2"
        self.execute(store, f"UPDATE assumption_version SET withdrawn_at = '2027-02-01 00:00:00' {where}")  # noqa: S608  (our own text)
        for instant in ("NULL", "'2027-03-01 00:00:00'"):
            with pytest.raises(IntegrityError, match="never changes"):
                self.execute(store, f"UPDATE assumption_version SET withdrawn_at = {instant} {where}")  # noqa: S608  (our own text)

    def test_it_is_never_removed_and_its_table_stays_what_it_is(self, store: Engine) -> None:
        published(store)
        for statement in (
            "DELETE FROM assumption_version WHERE table_name = 'mba-loadings' AND number = 2",
            "UPDATE assumption_table SET kind = 'packages' WHERE name = 'mba-loadings'",
        ):
            with pytest.raises(IntegrityError, match="never changes"):
                self.execute(store, statement)

    def test_a_draft_may_change_and_go(self, store: Engine) -> None:
        submitted(store)
        self.execute(store, "UPDATE assumption_version SET content = '{}' WHERE number = 2 AND published_at IS NULL")
        self.execute(store, "DELETE FROM assumption_version WHERE number = 2 AND published_at IS NULL")

    @pytest.mark.parametrize("statement", ["UPDATE audit_record SET owner = 'x'", "DELETE FROM audit_record"])
    def test_the_audit_record_is_only_added_to(self, store: Engine, statement: str) -> None:
        with pytest.raises(IntegrityError, match="only added to"):
            self.execute(store, statement)

    def test_author_and_publisher_have_different_keys(self, store: Engine) -> None:
        submitted(store)
        with pytest.raises(IntegrityError, match="published_by_another"):
            self.execute(
                store,
                "UPDATE assumption_version SET published_at = '2027-02-01 00:00:00', publisher_key = author_key "
                "WHERE number = 2 AND table_name = 'mba-loadings'",
            )

    @pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
    def test_sqlite_replaces_neither(self, store: Engine) -> None:
        """`INSERT OR REPLACE` removes a row without a word to the trigger on DELETE."""
        for table, where in (("assumption_version", "number = 1"), ("audit_record", "id = 1")):
            with pytest.raises(IntegrityError, match=r"never changes|only added to"):
                self.execute(store, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE {where}")  # noqa: S608  (our own text)


class TestTheRecord:
    def test_it_says_who_did_what_to_which_text(self, store: Engine) -> None:
        done = published(store, minute=5)
        (record,) = page(store, None, 1)
        assert record.model_dump(exclude={"id"}) == {
            "at": BEGINNING + timedelta(minutes=5),
            "operation": "publish",
            "table_name": LOADINGS,
            "number": 2,
            "subject_key": None,
            "key_prefix": publisher().key,
            "owner": "Bo",
            "role": "publish",
            "before_sha256": done.row.sha256,
            "after_sha256": done.row.sha256,
            "request_id": "request-5",
            "reason": None,
        }

    def test_a_replaced_text_is_named_by_both_hashes(self, store: Engine) -> None:
        made = lifecycle.create_draft(store, LOADINGS, draft("0.2"), author())
        changed = lifecycle.replace_draft(store, LOADINGS, 2, made.tag, draft("0.1"), author())
        replaced_, created = page(store, None, 2)
        assert (created.before_sha256, created.after_sha256) == (None, replaced_.before_sha256)
        assert replaced_.after_sha256 == changed.row.sha256 != replaced_.before_sha256

    def test_it_begins_with_what_ships(self, store: Engine) -> None:
        seeded = list(reversed(page(store, None, 1000)))
        assert [(each.id, f"{each.table_name}@{each.number}") for each in seeded] == list(enumerate(NAMES, 1))
        assert {(each.operation, each.role) for each in seeded} == {("seed", "release")}

    def test_keys_are_in_it_and_never_what_makes_one(self, store: Engine) -> None:
        key, stored = create_key(store, "Partner", "read", date(2030, 1, 31), BEGINNING)
        revoke_key(store, stored.prefix, BEGINNING)
        revoke_key(store, stored.prefix, BEGINNING)
        revoke_key(store, "0" * 12, BEGINNING)
        revoked, created, last = page(store, None, 3)
        assert (created.operation, revoked.operation, last.operation) == ("create_key", "revoke_key", "seed")
        assert {created.subject_key, revoked.subject_key} == {stored.prefix}
        assert {created.role, created.owner} == {"operator"}
        assert created.reason == "read: Partner, until 2030-01-31"
        assert key.split("_")[2] not in str([created, revoked])

    def test_it_is_read_page_by_page(self, store: Engine) -> None:
        published(store)
        whole = [each.id for each in page(store, None, 1000)]
        assert whole == list(range(len(whole), 0, -1))
        pages, before = [], None
        while found := page(store, before, 7):
            pages += [each.id for each in found]
            before = found[-1].id
        assert pages == whole
        assert [each.operation for each in page(store, None, 2, LOADINGS)] == ["publish", "submit"]

    def test_the_revision_rises_with_what_a_snapshot_holds(self, store: Engine) -> None:
        seen = [revision(store)]

        def risen() -> bool:
            seen.append(revision(store))
            return seen[-1] > seen[-2]

        made = lifecycle.create_draft(store, LOADINGS, draft(), author())
        assert risen()
        ready = lifecycle.submit(store, LOADINGS, 2, made.tag, author())
        assert not risen()
        done = lifecycle.publish(store, LOADINGS, 2, ready.tag, publisher())
        assert risen()
        lifecycle.withdraw(store, LOADINGS, 2, done.tag, publisher())
        assert risen()
        create_key(store, "Partner", "read", None, BEGINNING)
        prepare(store, shipped_tables())
        assert not risen()
        assert load(store).revision == seen[-1]

    def test_what_is_refused_leaves_no_trace(self, store: Engine) -> None:
        before = revision(store), page(store, None, 1)[0].id
        with pytest.raises(VersionInvalid):
            lifecycle.create_draft(
                store,
                "new",
                Draft(without(content(), ("insured",)), draft().effective_from, None, []),
                author(),
                table=NEW,
            )
        assert (revision(store), page(store, None, 1)[0].id) == before
        with pytest.raises(TableConflict):
            lifecycle.create_draft(store, "new", draft(), author())


class TestRaces:
    def test_of_threads_that_publish_one_version_one_does(self, store: Engine) -> None:
        ready = submitted(store)
        at_once = Barrier(4)

        def attempt(number: int) -> str:
            at_once.wait(30)
            try:
                return lifecycle.publish(store, LOADINGS, 2, ready.tag, by(f"Publisher {number}", "publish")).status
            except WrongStatus:
                return "too late"

        with ThreadPoolExecutor(4) as threads:
            ended = sorted(threads.map(attempt, range(4)))
        assert ended == ["published", "too late", "too late", "too late"]
        assert operations(store) == ["create", "submit", "publish"]

    def test_threads_that_write_drafts_at_once_get_a_number_each(self, store: Engine) -> None:
        at_once = Barrier(4)

        def attempt(number: int) -> Stored:
            at_once.wait(30)
            return lifecycle.create_draft(store, "new", draft(), by(f"Author {number}", "author"), table=NEW)

        with ThreadPoolExecutor(4) as threads:
            made = list(threads.map(attempt, range(4)))
        assert sorted(each.row.number for each in made) == [1, 2, 3, 4]
        assert [each.id for each in page(store, None, 4)] == [len(NAMES) + number for number in (4, 3, 2, 1)]

    def test_of_processes_that_publish_one_version_one_does(self, store: Engine, store_url: str) -> None:
        ready = submitted(store)
        spawn = multiprocessing.get_context("spawn")
        barrier, answers = spawn.Barrier(2), spawn.Queue()
        processes = [
            spawn.Process(target=race, args=(store_url, ready.tag, name, barrier, answers), daemon=True)
            for name in ("Bo", "Cy")
        ]
        for process in processes:
            process.start()
        found = sorted(answers.get(timeout=55) for _ in processes)
        for process in processes:
            process.join(timeout=10)
        assert found == ["WrongStatus", "published"]
        assert operations(store) == ["create", "submit", "publish"]
