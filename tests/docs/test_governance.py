"""docs/governance.md and a section of the README, each typed in from beginning to end by two people."""

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

from starlette.testclient import TestClient

from api.application import create_app
from api.settings import Settings
from tables.keys import Role
from tests.contract.conftest import running
from tests.docs.conftest import Shell
from tests.docs.console import GOVERNED, README, ROOT, Command, blocks, commands, quoted, rows, same, section

GOVERNANCE = ROOT / "docs" / "governance.md"
SECONDS = 55
NEXT = "-- the next command --"


def typed_in(typed: list[Command], tmp_path: Path, shell: Shell, unshown: Command | None = None) -> str:
    """Type commands into one shell, and hold what they print against what is shown; the last one's output.

    Variables go from one command to the next. The keys come first, then the service. Of `unshown` the document shows no
    output.
    """
    url = f"sqlite:///{tmp_path / 'rielquote.db'}"
    with TestClient(create_app(Settings(database_url=url))):
        pass  # the store is there, as it is where the service runs
    own = replace(shell, environment={**shell.environment, "RIELQUOTE_DATABASE_URL": url})
    keys = [command.text for command in typed if "keys create" in command.text]
    names = [text.partition("=")[0] for text in keys]
    said = "\n".join(f'echo "export {name}=${name}"' for name in names)
    made = own.run("\n".join([*keys, said]), SECONDS)
    assert made.returncode == 0, made.stderr
    rest = [command for command in typed if command.text not in keys]
    with running(Settings(database_url=url)) as address:
        lines = [made.stdout]
        for command in rest:
            text = command.at(address.removeprefix("http://"))
            lines += [text.replace("/tmp/rielquote-", f"{tmp_path}/"), f"echo '{NEXT}'"]  # noqa: S108  (not ours)
        done = own.run("\n".join(lines), SECONDS)
    assert done.returncode == 0, done.stderr
    printed = done.stdout.split(f"{NEXT}\n")[:-1]
    assert len(printed) == len(rest)
    for command, output in zip(rest, printed, strict=True):
        assert command is unshown or same(output, command.output), f"line {command.line} prints now:\n{output}"
    return printed[-1]


def test_a_governed_change_is_carried_out_as_the_document_says(tmp_path: Path, shell: Shell) -> None:
    ((line, audit),) = blocks(GOVERNANCE, "sh")
    typed = commands(GOVERNANCE)
    assert len([command for command in typed if "keys create" in command.text]) == 3
    last = Command(line, audit, "")
    record = typed_in([*typed, last], tmp_path, shell, unshown=last)
    assert [each["operation"] for each in json.loads(record)["records"]] == [
        *("withdraw", "publish", "submit", "create", "seed")
    ]


def test_a_governed_change_is_carried_out_from_nothing_but_the_readme(tmp_path: Path, shell: Shell) -> None:
    inside = section(README, GOVERNED)
    typed = [command for command in commands(README) if command.line in inside]
    assert len([command for command in typed if "keys create" in command.text]) == 2
    assert typed_in(typed, tmp_path, shell) == "5000000\n"


def test_every_role_is_told() -> None:
    assert [quoted(row[0])[0] for row in rows(GOVERNANCE, "role")] == list(get_args(Role))
