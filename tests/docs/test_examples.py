"""The example programs against the running service, and against one that breaks its promise."""

import csv
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.docs.conftest import Service
from tests.docs.console import ROOT, documents

EXAMPLES = ROOT / "examples"
TABLE_9 = ROOT / "tests" / "golden" / "suan-2009" / "table_9.csv"


def _run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  (the examples are the project's own)
        [sys.executable, "-X", "utf8", "-I", *arguments],
        cwd=ROOT,
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=20,
        check=False,
    )


@contextmanager
def _answering(*answers: tuple[int, bytes]) -> Iterator[tuple[str, list[Any]]]:
    """A service that gives these answers, one after another; its address, and the list of what it was asked."""
    left = list(answers)
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, body = left.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def _answer(service: Service, path: str, body: dict[str, object]) -> bytes:
    connection = HTTPConnection(service.address, timeout=10)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse().read()
    connection.close()
    return answer


def _published(plan_type: str, package: str) -> str:
    lines = (line for line in TABLE_9.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return next(row[package] for row in csv.DictReader(lines) if row["plan_type"] == plan_type)


def test_every_example_is_in_the_documents() -> None:
    text = "".join(document.read_text(encoding="utf-8") for document in documents())
    unnamed = [file.name for file in EXAMPLES.iterdir() if file.is_file() and f"examples/{file.name}" not in text]
    assert unnamed == []


def test_the_first_quote_proves_itself(service: Service) -> None:
    done = _run("examples/first_quote.py", f"http://{service.address}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("asked again from its receipt: the same ")


def test_the_first_quote_asks_again_with_what_the_receipt_says(service: Service) -> None:
    body = {"package": "A", "plan_type": "single", "as_of": "2026-12-01", "known_at": "2026-11-30T00:00:00Z"}
    answer = _answer(service, "/v1/mba/quotes", dict(body))
    with _answering((200, answer), (200, answer)) as (keeper, asked):
        done = _run("examples/first_quote.py", keeper)
    first, second = asked
    receipt = json.loads(answer)["receipt"]
    assert done.returncode == 0
    assert second == {**first, **{name: receipt[name] for name in ("as_of", "known_at", "tables")}}


@pytest.mark.parametrize("change", [b" ", b"\n"])
def test_the_first_quote_notices_one_byte_of_difference(change: bytes, service: Service) -> None:
    answer = _answer(service, "/v1/mba/quotes", {"package": "A", "plan_type": "single", "as_of": "2026-12-01"})
    with _answering((200, answer), (200, answer + change)) as (liar, _):
        done = _run("examples/first_quote.py", liar)
    assert done.returncode == 1
    assert "different" in done.stderr


def test_the_first_quote_says_why_it_was_refused(service: Service) -> None:
    refusal = _answer(service, "/v1/mba/quotes", {"package": "A", "household": [], "as_of": "2026-12-01"})
    with _answering((409, refusal)) as (strict, _):
        done = _run("examples/first_quote.py", strict)
    assert done.returncode == 1
    assert "not_eligible: " in done.stderr


def test_the_roll_is_quoted_at_the_published_tariff(service: Service) -> None:
    done = _run("examples/quote_roll.py", "examples/households.csv", f"http://{service.address}")
    assert (done.returncode, done.stderr) == (0, "")
    quoted = list(csv.DictReader(io.StringIO(done.stdout)))
    first, family, _, refused = quoted
    assert first["monthly_premium"] == _published("single", "F")
    assert family["monthly_premium"] == _published("couple_with_children", "C")
    assert refused["monthly_premium"] == ""
    assert "up to age 65" in refused["problem"]


def test_the_roll_without_a_file_says_how_it_is_used() -> None:
    done = _run("examples/quote_roll.py")
    assert done.returncode == 1
    assert "python3 examples/quote_roll.py examples/households.csv" in done.stderr


def test_an_explanation_shows_every_formula_once(service: Service) -> None:
    body = {"package": "F", "plan_type": "couple", "as_of": "2026-12-01", "explain": True}
    answer = _answer(service, "/v1/mba/quotes", dict(body))
    done = _run("examples/explain.py", given=answer.decode())
    assert len(done.stdout.splitlines()) == answer.count(b'"symbol":')


def test_an_answer_without_explanation_is_told_apart(service: Service) -> None:
    answer = _answer(service, "/v1/mba/quotes", {"package": "F", "plan_type": "couple", "as_of": "2026-12-01"})
    done = _run("examples/explain.py", given=answer.decode())
    assert done.returncode == 1
    assert '"explain": true' in done.stderr
