"""Jobs in the store: who may change one, and when. On both kinds of database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from tables.jobs import FINISHED, Bounds, Claim, Job, Jobs, Lost, TooManyJobs, new_id
from tables.shipped import shipped_tables
from tables.store import load, migration_config, prepare

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
WIDE = Bounds(1_000, 1 << 40)


def later(seconds: float) -> datetime:
    """So many seconds from now."""
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def jobs(store: Engine) -> Jobs:
    return Jobs(store)


def coming(jobs: Jobs, key: str | None = None, owner: str = "") -> Job:
    """A job whose roll is coming."""
    job = Job(id=new_id(), owner=owner, idempotency_key=key, asked="{}", created_at=NOW, lease_until=later(10))
    jobs.begin(job.model_copy(), WIDE)
    return job


def waiting(jobs: Jobs, *pieces: bytes, key: str | None = None, at: float = 0) -> str:
    """The id of a job that waits to be run."""
    job = coming(jobs, key)
    for number, piece in enumerate(pieces):
        jobs.receive(job.id, number, piece, later(10))
    assert jobs.submit(job, "0" * 64, later(at))
    return job.id


def claimed(jobs: Jobs, at: float = 0, lease: float = 10) -> Claim:
    """The next job, taken."""
    job = jobs.claim("runner", later(at), later(at + lease))
    assert job is not None
    return Claim(job.id, job.attempt)


def count(store: Engine, table: str) -> int:
    """Rows of a table."""
    with store.connect() as connection:
        number: int = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608  (our own)
        return number


def cleared(jobs: Jobs) -> None:
    """Remove all that nobody needs."""
    while jobs.clear(1):
        pass


def test_ids_are_128_random_bits() -> None:
    assert len({new_id() for _ in range(1_000)}) == 1_000
    assert all(len(new_id()) == len("j_") + 128 // 4 for _ in range(10))


def test_jobs_are_claimed_in_the_order_in_which_they_came(jobs: Jobs) -> None:
    second, first = waiting(jobs, at=1), waiting(jobs, at=0)
    assert [claimed(jobs, 2).id, claimed(jobs, 2).id] == [first, second]
    assert jobs.claim("runner", later(3), later(13)) is None
    assert not jobs.claimable(later(3))


def test_of_many_that_claim_at_once_one_gets_the_job(jobs: Jobs) -> None:
    for _ in range(5):
        waiting(jobs)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: jobs.claim(f"r{n}", NOW, later(10)), range(40)))
    taken = [job.id for job in found if job is not None]
    assert len(taken) == len(set(taken)) <= 5
    while (job := jobs.claim("r", NOW, later(10))) is not None:
        taken.append(job.id)
    assert len(taken) == len(set(taken)) == 5


@pytest.mark.parametrize(("at", "is_claimed"), [(9.999, False), (10, True)])
def test_a_job_is_another_s_when_its_lease_has_ended(jobs: Jobs, at: float, is_claimed: bool) -> None:
    waiting(jobs)
    first = claimed(jobs)
    assert jobs.claimable(later(at)) == is_claimed
    job = jobs.claim("another", later(at), later(at + 10))
    assert (job is not None) == is_claimed
    if job is not None:
        assert (job.id, job.attempt, job.deaths, job.started_at) == (first.id, 2, 1, NOW)


def test_an_attempt_that_is_over_changes_nothing(jobs: Jobs, store: Engine) -> None:
    waiting(jobs, b"a")
    old = claimed(jobs)
    jobs.write(old, 0, b"old", 1, 1)
    new = claimed(jobs, at=10)
    jobs.write(new, 0, b"new", 1, 1)
    with pytest.raises(Lost):
        jobs.write(old, 1, b"late", 9, 9)
    with pytest.raises(Lost):
        jobs.renew(old, 9, 9, later(99))
    with pytest.raises(Lost):
        jobs.succeed(old, "{}", 9, later(11), later(99))
    with pytest.raises(Lost):
        jobs.fail(old, "internal_error", "x", later(11), later(99))
    jobs.died(old)
    job = jobs.find(new.id, later(11))
    assert job is not None
    assert (job.status, job.attempt, job.rows_done, job.result_pieces, job.deaths) == ("running", 2, 1, 1, 1)
    assert count(store, "job_output") == 2
    cleared(jobs)
    assert count(store, "job_output") == 1
    assert jobs.result_piece(new, 0) == b"new"


def test_a_lease_that_is_renewed_goes_on(jobs: Jobs) -> None:
    waiting(jobs)
    claim = claimed(jobs)
    jobs.renew(claim, 5, 3, later(15))
    assert not jobs.claimable(later(14))
    assert jobs.claimable(later(15))


def test_what_is_given_back_begins_afresh(jobs: Jobs, store: Engine) -> None:
    waiting(jobs, b"abc")
    claim = claimed(jobs)
    jobs.write(claim, 0, b"x", 3, 2)
    jobs.give_back("somebody else")
    assert not jobs.claimable(NOW)
    jobs.give_back("runner")
    job = jobs.find(claim.id, NOW)
    assert job is not None
    assert (job.status, job.rows_done, job.bytes_read, job.result_size, job.deaths) == ("queued", 0, 0, 0, 0)
    cleared(jobs)
    assert (count(store, "job_input"), count(store, "job_output")) == (1, 0)
    assert claimed(jobs).attempt == 2


@pytest.mark.parametrize("end", ["cancel", "succeed", "fail"])
def test_of_what_has_ended_only_what_is_needed_is_kept(jobs: Jobs, store: Engine, end: str) -> None:
    waiting(jobs, b"abc", b"d")
    other = waiting(jobs, b"stays", at=1)
    claim = claimed(jobs)
    jobs.write(claim, 0, b"answer", 4, 1)
    match end:
        case "cancel":
            assert jobs.cancel(claim.id, NOW, later(60))
        case "succeed":
            jobs.succeed(claim, "{}", 1, NOW, later(60))
        case _:
            jobs.fail(claim, "row_too_long", "x", NOW, later(60))
    cleared(jobs)
    assert (count(store, "job_input"), count(store, "job_output")) == (1, int(end == "succeed"))
    assert jobs.find(claim.id, later(59.999)) is not None
    assert jobs.find(claim.id, later(60)) is None
    jobs.expire(later(59.999))
    cleared(jobs)
    assert count(store, "job") == 2
    jobs.expire(later(60))
    cleared(jobs)
    assert (count(store, "job"), count(store, "job_output")) == (1, 0)
    assert jobs.find(other, later(10_000)) is not None, "what has not ended does not expire"


def test_a_roll_that_no_longer_comes_is_forgotten(jobs: Jobs, store: Engine) -> None:
    job = coming(jobs)
    jobs.receive(job.id, 0, b"abc", later(20))
    assert jobs.find(job.id, NOW) is None, "nobody knows it yet"
    assert not jobs.claimable(later(100))
    jobs.expire(later(19.999))
    jobs.receive(job.id, 1, b"", later(30))
    jobs.expire(later(30))
    with pytest.raises(Lost):
        jobs.receive(job.id, 1, b"late", later(40))
    with pytest.raises(Lost):
        jobs.submit(job, "0" * 64, later(31))
    cleared(jobs)
    assert (count(store, "job"), count(store, "job_input")) == (0, 0)


def test_two_jobs_never_have_the_same_key_of_one_owner(jobs: Jobs) -> None:
    first, second, another_s = coming(jobs, "k"), coming(jobs, "k"), coming(jobs, "k", owner="0123456789ab")
    assert jobs.submit(first, "1" * 64, NOW)
    assert not jobs.submit(second, "2" * 64, NOW)
    assert jobs.submit(another_s, "3" * 64, NOW)
    found = jobs.find_by_key("", "k", NOW)
    assert found is not None
    assert (found.id, found.fingerprint) == (first.id, "1" * 64)
    assert jobs.cancel(first.id, NOW, later(60))
    assert not jobs.submit(second, "2" * 64, later(59.999))
    assert jobs.submit(second, "2" * 64, later(60)), "the other has expired"


def test_bounds_hold_for_what_has_not_ended_and_for_all_bytes(jobs: Jobs) -> None:
    waiting(jobs, b"abc")
    coming(jobs)
    job = Job(id=new_id(), owner="", asked="{}", created_at=NOW)
    for bounds in (Bounds(2, 100), Bounds(3, 3)):
        with pytest.raises(TooManyJobs):
            jobs.begin(job.model_copy(), bounds)
    jobs.begin(job.model_copy(), Bounds(3, 4))
    assert jobs.counts() == {"queued": 1, "receiving": 2}


def test_a_job_that_has_ended_is_removed_when_it_is_cancelled(jobs: Jobs) -> None:
    claim = Claim(waiting(jobs), 1)
    claimed(jobs)
    jobs.succeed(claim, "{}", 0, NOW, later(60))
    assert not jobs.cancel(claim.id, NOW, later(60))
    assert jobs.find(claim.id, NOW) is None


def test_a_bad_status_is_refused_by_the_database(jobs: Jobs, store: Engine) -> None:
    waiting(jobs)
    with pytest.raises(IntegrityError, match="ck_job_status_known"), store.begin() as connection:
        connection.execute(text("UPDATE job SET status = 'other'"))
    assert set(FINISHED) == {"succeeded", "failed", "cancelled"}


def test_the_migration_goes_up_down_and_up_and_touches_nothing_else(store: Engine) -> None:
    prepare(store, shipped_tables())
    waiting(Jobs(store), b"abc")
    versions = sum(len(table.versions) for table in shipped_tables())
    with store.begin() as connection:
        config = migration_config(connection)
        command.downgrade(config, "0002")
        assert {"job", "job_input", "job_output"}.isdisjoint(inspect(connection).get_table_names())
        assert connection.execute(text("SELECT count(*) FROM assumption_version")).scalar_one() == versions
        command.upgrade(config, "head")
    assert Jobs(store).counts() == {}
    assert waiting(Jobs(store), b"abc")
    assert len(load(store).tables) == len(shipped_tables())
