"""Schemathesis against the running service: every operation, phase and check of schemathesis.toml, as a hard gate."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.contract.conftest import ROOT
from tests.contract.exact_numbers import exact

PHASES = {"examples", "coverage", "fuzzing", "stateful"}
_SECONDS = 600


@dataclass(frozen=True)
class Run:
    """A run of schemathesis: how it ended, what it said, every event."""

    status: int
    output: str
    events: list[tuple[str, Any]]

    def cases(self) -> Iterator[tuple[str, str, str, int]]:
        """Phase, operation, mode (positive or negative) and status of every case."""
        for kind, event in self.events:
            if kind == "ScenarioFinished" and "cases" in event["recorder"]:
                recorder = event["recorder"]
                for name, case in recorder["cases"].items():
                    response = recorder["interactions"][name]["response"]
                    mode = case["value"]["meta"]["generation"]["mode"]
                    operation = f"{case['value']['method']} {case['value']['path']}"
                    yield event["phase"], operation, mode, response["status_code"]


@pytest.fixture(scope="module")
def run(service: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("schemathesis")
    report = folder / "events.ndjson"
    command = ["run", f"{service}/openapi.json", "--no-color", "--report", "ndjson"]
    done = subprocess.run(  # noqa: S603  (its own command)
        [sys.executable, "-m", "schemathesis.cli", *command, "--report-ndjson-path", report],
        cwd=ROOT,
        env={**os.environ, "NO_PROXY": "127.0.0.1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    events = [next(iter(json.loads(line).items())) for line in report.read_text("utf-8").splitlines()]
    return Run(done.returncode, done.stdout + done.stderr, events)


def test_the_service_keeps_its_contract(run: Run) -> None:
    assert run.status == 0, run.output
    assert "No issues found" in run.output


def test_nothing_is_left_out(run: Run, document: Any) -> None:
    operations = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    (loaded,) = (event for kind, event in run.events if kind == "LoadingFinished")
    assert loaded["statistic"]["operations"] == {"total": len(operations), "selected": len(operations)}
    cases = list(run.cases())
    assert {phase for phase, *_ in cases} == PHASES
    for phase in ("coverage", "fuzzing"):
        assert operations <= {operation for each, operation, *_ in cases if each == phase}
    links = {operation for phase, operation, *_ in cases if phase == "stateful"}
    assert links == {operation for operation in operations if " /v1/tables" in operation}


def test_what_the_contract_allows_is_mostly_answered(run: Run) -> None:
    """409 is an allowed answer to valid requests, so a service that refused everything would pass without this."""
    statuses: dict[str, Counter[int]] = {}
    for _, operation, mode, status in run.cases():
        if mode == "positive":
            statuses.setdefault(operation, Counter())[status] += 1
    answered = {operation: each[200] / each.total() for operation, each in statuses.items()}
    assert {operation: share for operation, share in answered.items() if share < 1 / 3} == {}


def test_the_hook_only_cuts_digits() -> None:
    body = {"a": [0.1, 8.999999999999998, 1e-30, 123456789012.34567, 5, "0.12345678901234567", True, None], "b": 1e300}
    assert exact(body) == {
        "a": [0.1, 8.99999999999999, 0.0, 123456789012.345, 5, "0.12345678901234567", True, None],
        "b": 1e300,
    }
