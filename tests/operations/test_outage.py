"""The database dies while the service is asked: prices go on, what needs the database says so, all heals by itself."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from api.problems import PROBLEMS
from tables.store import open_store
from tests.api.sockets import QUOTE, Answer, Service, assert_quoted, get, quote, serving
from tests.jobs.asking import ASYNC, ask, csv_roll, ended, send, submit
from tests.keys import made
from tests.postgres import ADMIN, Databases, new_server
from tests.tables.changing import PROVENANCE, content, published

PATIENCE = 20.0
WITHIN = 2.0
LEASE = 1
MIN_BYTES = 1_000
DRAFTS = "/v1/tables/mba-loadings/versions"


@contextmanager
def asked(service: Service) -> Iterator[Counter[int]]:
    """Quotes asked of a service all the while; how often it answered with which status."""
    statuses: Counter[int] = Counter()
    stopping = threading.Event()

    def go_on() -> None:
        with service.connect() as connection:
            while not stopping.is_set():
                answer = connection.send(quote(body=QUOTE)).answer()
                statuses[0 if answer is None else answer.status] += 1

    threads = [threading.Thread(target=go_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    yield statuses
    stopping.set()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def until(holds: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Wait until it does."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def assert_unavailable(status: int, headers: dict[str, str], body: bytes) -> None:
    """Assert that an answer says that the store is gone, and when to come again."""
    assert (status, headers["content-type"]) == (503, "application/problem+json"), body
    assert headers["retry-after"] == "1"
    problem = json.loads(body)
    assert (problem["code"], problem["title"]) == ("store_unavailable", PROBLEMS["store_unavailable"].title)


def ready(service: Service) -> Any:
    """What the service says of its tables."""
    answer: Answer = service.ask(get("/readyz"))
    assert answer.status == 200
    return answer.json


def test_a_database_that_dies_and_comes_back(tmp_path: Path) -> None:
    with new_server() as server, closing(Databases(server.url(ADMIN))) as databases, databases.prepared() as url:
        key = {"authorization": f"Bearer {made(url, 'author')}"}
        sent_as = {"content_type": "application/json", **key}
        said = {"content": content(), "effective_from": "2027-01-01", "provenance": [PROVENANCE]}
        running = serving(tmp_path, database_url=url, job_min_bytes=MIN_BYTES, job_lease_seconds=LEASE)
        with running as service:
            roll = csv_roll(2_000)
            finished = submit(service, roll)
            ended(service, finished)
            open_job = submit(service, csv_roll(100_000))
            before = ready(service)

            with asked(service) as statuses:
                server.kill()
                until(lambda: ready(service)["snapshot_age_seconds"] >= 1)
                assert_quoted(service.ask(quote("Authorization: " + key["authorization"])))
                assert send(service, roll).status == 200
                for answer in (
                    send(service, roll, **ASYNC),
                    ask(service, "GET", finished),
                    ask(service, "DELETE", finished),
                    ask(service, "POST", DRAFTS, json.dumps(said).encode(), **sent_as),
                ):
                    assert_unavailable(*answer)
                now = ready(service)
                assert (now["tables"], now["revision"]) == (before["tables"], before["revision"])
                server.start()
                until(lambda: ready(service)["snapshot_age_seconds"] == 0)
            assert statuses.keys() == {200}
            assert statuses[200] > 100

            assert send(service, roll, **ASYNC).status == 202
            assert ask(service, "DELETE", finished).status == 204
            store = open_store(url)
            published(store)
            store.dispose()
            until(lambda: ready(service)["revision"] > before["revision"], WITHIN)
            shown = ended(service, open_job)
            assert (shown["status"], shown["rows"]) == ("succeeded", 100_000)
    events = [json.loads(line)["event"] for line in (tmp_path / "log").read_text().splitlines() if line.startswith("{")]
    for part in ("keys", "tables"):
        assert [each for each in events if each.startswith(part) and "refreshed" in each] == [
            f"{part} not refreshed",
            f"{part} refreshed again",
        ]
