"""Schemathesis against the running service: every operation, phase and check of schemathesis.toml, as a hard gate.

Once as it is by default, and once closed, where every request has a key. The contract says that a key is optional,
which is true of all services together; the closed one is held to a contract that says what is true of that one, so
that the check `ignored_auth` asks every operation without a key and with a wrong one.
"""

import copy
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from api.examples import is_keyed
from api.settings import Settings
from tests.contract.conftest import ROOT, running
from tests.contract.exact_numbers import exact
from tests.keys import made

PHASES = {
    "open": {"examples", "coverage", "fuzzing", "stateful"},
    "closed": {"examples", "fuzzing"},
}
FEW = "3"
"""Cases of each kind for each operation that a closed service is asked: who asks is decided before a body is read."""
_SECONDS = 600
_PATIENCE = "60"
"""Seconds for one answer, however busy the machine is."""
STEPS = ("submit", "return", "publish", "withdraw")

# The year of a treaty refuses any other `as_of`, and the treaty most annual limits that can be written. The experience
# has two years of all that can be written. The multipliers end at 105 and the life table at 99, ages at 120.
# Of all years few have figures of civil servants. What a scheme's scale depends on is known to its table alone, which
# refuses what it has no use for. A family may be nobody, a date of injury refuses any other `as_of`, and nearly all the
# statements of a scheme are asked with the same `as_of`, which is before the guide that they are judged by. Of the cost
# ratios that can be written few can be reached.
FAIR_SHARE = {
    "POST /v1/mba/reinsurance": 1 / 6,
    "POST /v1/nssf/injury-rates": 1 / 6,
    "POST /v1/nssf/expenditure": 1 / 6,
    "POST /v1/nssf/income-statement": 1 / 6,
    "POST /v1/nssf/liabilities": 1 / 4,
    "POST /v1/nssf/contributions": 1 / 5,
    "POST /v1/nssf/benefits/permanent-disability": 1 / 5,
    "POST /v1/nssf/benefits/survivors": 1 / 6,
    "POST /v1/monitoring/indicators": 1 / 40,
    "POST /v1/nssfc/benefits": 1 / 6,
    "POST /v1/shi/cost-ratios/solve": 1 / 8,
    "POST /v1/tariffs/{scheme}/quotes": 1 / 25,
    # Every change of a version leads here, and most that are tried are of versions that are not there.
    "GET /v1/tables/{name}/versions/{version}": 1 / 20,
    "GET /v1/tables/{name}/diff": 1 / 40,
    # A content that is of its kind, and a version's state, are not found by chance: tests/api/test_lifecycle has both.
    "POST /v1/tables/{name}/versions": 0,
    "PUT /v1/tables/{name}/versions/{version}": 0,
    "DELETE /v1/tables/{name}/versions/{version}": 0,
    **{f"POST /v1/tables/{{name}}/versions/{{version}}/{step}": 0 for step in STEPS},
}


@dataclass(frozen=True)
class Run:
    """A run of schemathesis: of which service, how it ended, what it said, every event."""

    kind: str
    status: int
    output: str
    events: list[tuple[str, Any]]

    def cases(self) -> Iterator[tuple[str, str, str, int]]:
        """Phase, operation, mode (positive or negative) and status of every case."""
        for kind, event in self.events:
            if kind == "ScenarioFinished" and "cases" in event["recorder"]:
                recorder = event["recorder"]
                for name, case in recorder["cases"].items():
                    interaction = recorder["interactions"].get(name)
                    if interaction is None or interaction["response"] is None:
                        continue  # made and never sent, or never answered: which fails the run
                    response = interaction["response"]
                    mode = case["value"]["meta"]["generation"]["mode"]
                    operation = f"{case['value']['method']} {case['value']['path']}"
                    yield event["phase"], operation, mode, response["status_code"]


@pytest.fixture(scope="module", params=["open", "closed"])
def run(request: pytest.FixtureRequest, document: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder: Path = tmp_path_factory.mktemp("schemathesis")
    url = f"sqlite:///{folder / 'rielquote.db'}"
    is_closed = request.param == "closed"
    with running(Settings(database_url=url, require_key=is_closed)) as service:
        admin = made(url, "admin")
        if is_closed:
            where = (str(closed(document, folder)), "--url", service, "--header", f"Authorization: Bearer {admin}")
            yield _run(request.param, folder, admin, *where, "--max-examples", FEW)
        else:
            contract = f"{service}/openapi.json"
            with urlopen(contract, timeout=_SECONDS) as made_once:  # noqa: S310  (it is made when it is first asked for)
                assert made_once.status == HTTPStatus.OK
            yield _run(request.param, folder, admin, contract)


def closed(document: Any, folder: Path) -> Path:
    """A file with the contract of a service that asks for a key under /v1/."""
    required = copy.deepcopy(document)
    for methods in required["paths"].values():
        for operation in methods.values():
            operation["security"] = [each for each in operation["security"] if each]
    file = folder / "openapi.json"
    file.write_text(json.dumps(required), encoding="utf-8")
    return file


def _run(kind: str, folder: Path, key: str, *where: str) -> Run:
    report = folder / "events.ndjson"
    phases = ["--phases", ",".join(sorted(PHASES[kind]))]
    command = ["run", *where, "--no-color", "--request-timeout", _PATIENCE, *phases, "--report", "ndjson"]
    done = subprocess.run(  # noqa: S603  (its own command)
        [sys.executable, "-m", "schemathesis.cli", *command, "--report-ndjson-path", report],
        cwd=ROOT,
        env={**os.environ, "NO_PROXY": "127.0.0.1", "PYTHONPATH": str(ROOT), "RIELQUOTE_TEST_KEY": key},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    events = [next(iter(json.loads(line).items())) for line in report.read_text("utf-8").splitlines()]
    return Run(kind, done.returncode, done.stdout + done.stderr, events)


def test_the_service_keeps_its_contract(run: Run) -> None:
    assert run.status == 0, run.output
    assert "No issues found" in run.output


def test_nothing_is_left_out(run: Run, document: Any) -> None:
    operations = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    (loaded,) = (event for kind, event in run.events if kind == "LoadingFinished")
    assert loaded["statistic"]["operations"] == {"total": len(operations), "selected": len(operations)}
    cases = list(run.cases())
    assert {phase for phase, *_ in cases} == PHASES[run.kind]
    for phase in PHASES[run.kind] & {"coverage", "fuzzing"}:
        assert operations <= {operation for each, operation, *_ in cases if each == phase}
    if "stateful" not in PHASES[run.kind]:
        return
    links = {operation for phase, operation, *_ in cases if phase == "stateful"}
    linked = {each for each in operations if " /v1/tables" in each or each == "GET /v1/drafts"}
    assert links == linked | {"POST /v1/mba/quotes/batch"}


def test_what_ships_stays_in_force(run: Run) -> None:
    """No link hands the state of a published version on to a withdrawal: nothing else would be answered after it."""
    withdrawals = {status for _, operation, _, status in run.cases() if operation.endswith("/withdraw")}
    assert 412 in withdrawals
    assert 200 not in withdrawals


def test_a_key_is_asked_for_where_one_is_needed(run: Run, document: Any) -> None:
    refused = {operation for _, operation, _, status in run.cases() if status == 401}
    asked = {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if operation["security"] and (run.kind == "closed" or is_keyed(operation))
    }
    if run.kind == "open":
        assert refused == asked
        return
    # What is good is asked again without a key. No job is there, and no change is one that can be made by chance:
    # tests/api/test_authentication.py asks for those.
    good = {each for each in asked if "/jobs/" not in each and each.partition(" ")[0] in {"GET", "POST"}}
    assert {each for each in good if FAIR_SHARE.get(each) != 0} <= refused <= asked


@pytest.mark.parametrize("run", ["open"], indirect=True)  # what is answered does not depend on who asks
def test_what_the_contract_allows_is_mostly_answered(run: Run) -> None:
    """409 is an allowed answer to valid requests, so a service that refused everything would pass without this."""
    statuses: dict[str, Counter[int]] = {}
    for _, operation, mode, status in run.cases():
        if mode == "positive" and " /v1/jobs/" not in operation:  # no job is there
            statuses.setdefault(operation, Counter())[status] += 1
    answered = {operation: (each[200] + each[201]) / each.total() for operation, each in statuses.items()}
    assert {operation: share for operation, share in answered.items() if share < FAIR_SHARE.get(operation, 1 / 3)} == {}


def test_the_hook_only_cuts_digits() -> None:
    body = {"a": [0.1, 8.999999999999998, 1e-30, 123456789012.34567, 5, "0.12345678901234567", True, None], "b": 1e300}
    assert exact(body) == {
        "a": [0.1, 8.99999999999999, 0.0, 123456789012.345, 5, "0.12345678901234567", True, None],
        "b": 1e300,
    }
