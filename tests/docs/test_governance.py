"""docs/governance.md is typed in from beginning to end by two people with a service of their own."""

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
from tests.docs.console import ROOT, blocks, commands, quoted, rows, same

GOVERNANCE = ROOT / "docs" / "governance.md"
SECONDS = 55
NEXT = "-- the next command --"


def test_a_governed_change_is_carried_out_as_the_document_says(tmp_path: Path, shell: Shell) -> None:
    """All commands in one shell, whose variables go from one to the next. The keys come first, then the service."""
    url = f"sqlite:///{tmp_path / 'rielquote.db'}"
    with TestClient(create_app(Settings(database_url=url))):
        pass  # the store is there, as it is where the service runs
    own = replace(shell, environment={**shell.environment, "RIELQUOTE_DATABASE_URL": url})
    typed = commands(GOVERNANCE)
    keys = [command.text for command in typed if "keys create" in command.text]
    assert len(keys) == 3
    made = own.run("\n".join(keys) + '\necho "AUTHOR=$AUTHOR PUBLISHER=$PUBLISHER ADMIN=$ADMIN"', SECONDS)
    assert made.returncode == 0, made.stderr
    rest = [command for command in typed if command.text not in keys]
    ((_, audit),) = blocks(GOVERNANCE, "sh")
    with running(Settings(database_url=url)) as address:
        host = address.removeprefix("http://")
        lines = [f"export {made.stdout.strip()}"]
        for command in rest:
            text = command.at(host).replace("/tmp/rielquote-", f"{tmp_path}/")  # noqa: S108  (the document's, not ours)
            lines += [text, f"echo '{NEXT}'"]
        done = own.run("\n".join([*lines, audit.replace("127.0.0.1:8000", host)]), SECONDS)
    assert done.returncode == 0, done.stderr
    *printed, record = done.stdout.split(f"{NEXT}\n")
    assert len(printed) == len(rest)
    for command, output in zip(rest, printed, strict=True):
        assert same(output, command.output), f"line {command.line} prints now:\n{output}"
    assert [each["operation"] for each in json.loads(record)["records"]] == [
        *("withdraw", "publish", "submit", "create", "seed")
    ]


def test_every_role_is_told() -> None:
    assert [quoted(row[0])[0] for row in rows(GOVERNANCE, "role")] == list(get_args(Role))
