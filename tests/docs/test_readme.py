"""The README is typed in, command by command, and must show what really comes out."""

import json
import os
import re
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from api.cli import FIRST_REQUEST
from tests.docs.conftest import Service, Shell
from tests.docs.console import GUIDES, README, ROLLS, ROOT, Command, commands, documents, prose, run_commands, same


def _asked(document: Path) -> list[Command]:
    return [command for command in run_commands(document) if "curl" in command.text]


@pytest.mark.parametrize(
    "command",
    [command for document in (README, ROLLS, *GUIDES) for command in run_commands(document)],
    ids=lambda command: f"line {command.line}",
)
def test_a_command_prints_what_the_readme_shows(command: Command, service: Service, shell: Shell) -> None:
    done = shell.run(command.at(service.address))
    assert done.returncode == 0, done.stderr
    assert same(done.stdout, command.output), f"line {command.line} prints now:\n{done.stdout}"


def test_every_request_says_its_date() -> None:
    undated = [
        command.line
        for command in _asked(README)
        if "/v1/mba/" in command.text
        and not re.search(r'"as_of": ?"2026-12-01"|as_of=2026-12-01|"year": ?20', command.text)
    ]
    assert undated == []


def test_the_first_request_is_the_one_that_the_service_prints(service: Service) -> None:
    printed = service.log.read_text(encoding="utf-8")
    offered = re.search(r"^  (curl .*?\n.*?)$", printed, re.MULTILINE)
    assert offered is not None, printed
    first = shlex.split(_asked(README)[0].at(service.address))
    assert first == shlex.split(offered[1])
    assert json.loads(first[-1]) == FIRST_REQUEST


def test_what_make_run_and_make_test_are_is_said_first() -> None:
    assert [command.text for command in commands(README)[1:3]] == ["make run", "make test"]


def test_make_knows_every_target_that_the_documents_name() -> None:
    helped = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    targets = set(re.findall(r"^  make (\w+)", helped.stdout, re.MULTILINE))
    named = {
        target
        for document in documents()
        for target in re.findall(r"`make (\w+)", prose(document))
        + [command.text.split()[1] for command in commands(document) if command.text.startswith("make ")]
    }
    assert {"run", "test"} <= named <= targets


def test_the_stand_in_for_curl_prints_the_same(service: Service, shell: Shell, curl_stand_in: Path) -> None:
    path = os.pathsep.join([str(curl_stand_in), shell.environment["PATH"]])
    without_curl = replace(shell, environment={**shell.environment, "PATH": path})
    for command in _asked(README):
        done = without_curl.run(command.at(service.address))
        assert (done.returncode, done.stderr) == (0, "")
        assert same(done.stdout, command.output), f"line {command.line}"
