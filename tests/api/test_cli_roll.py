"""`rielquote quote-roll`, as a process of its own on a store of its own."""

import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from api.cli import main
from tests.api.support import AS_OF, golden, sha256

BATCH = "/v1/mba/quotes/batch"
ROLL = "member_id,package,plan_type\nM-1,F,single\nM-2,A,couple\n"
REFUSED = ROLL + "M-3,G,single\n"
BROKEN = '[{"package": "F", "plan_type": "single"}, {"package": "A"'
_SECONDS = 60
_ROOT = Path(__file__).parents[2]

Done = subprocess.CompletedProcess[bytes]


@dataclass(frozen=True)
class Command:
    """The command in a folder with a store."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Its environment: a store, and messages in lines that are not broken."""
        url = f"sqlite:///{self.folder / 'store' / 'rielquote.db'}"
        plain = {"COLUMNS": "300", "NO_COLOR": "1", "TERM": "xterm"}
        return os.environ | plain | {"RIELQUOTE_DATABASE_URL": url, "PYTHONPATH": str(_ROOT)}

    def line(self, *arguments: str) -> list[str]:
        """What is run."""
        return [sys.executable, "-m", "api.cli", "quote-roll", "--as-of", AS_OF, *arguments]

    def __call__(self, *arguments: str, given: bytes = b"") -> Done:
        """Run it."""
        return subprocess.run(  # noqa: S603  (our own arguments)
            self.line(*arguments),
            cwd=self.folder,
            env=self.environment,
            input=given,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )

    def begin(self, *arguments: str, stderr: int = subprocess.PIPE) -> "subprocess.Popen[bytes]":
        """Start it, to be fed and read."""
        return subprocess.Popen(  # noqa: S603  (our own arguments)
            self.line(*arguments),
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            # A shell's background jobs ignore Ctrl+C, and so would what they start.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )

    def here(self, *arguments: str) -> Result:
        """Run it in this process, where it has nothing to write."""
        with chdir(self.folder):
            return CliRunner().invoke(main, self.line(*arguments)[3:], env=self.environment)

    def file(self, name: str, content: str) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    @property
    def files(self) -> set[str]:
        """Names of the files in the folder."""
        return {path.name for path in self.folder.iterdir() if path.is_file()}


@pytest.fixture
def command(tmp_path: Path) -> Command:
    (tmp_path / "store").mkdir()
    return Command(tmp_path)


def rows(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode())))


def published(plan_type: str, package: str) -> str:
    return next(row[package] for row in golden("table_9") if row["plan_type"] == plan_type)


def test_a_file_is_priced_into_a_file(command: Command) -> None:
    command.file("members.csv", ROLL)
    done = command("members.csv", "-o", "premiums.csv")
    assert (done.returncode, done.stdout) == (0, b"")
    priced = rows((command.folder / "premiums.csv").read_bytes())
    assert [row["monthly_premium"] for row in priced] == [published("single", "F"), published("couple", "A")]
    said = done.stderr.decode()
    assert said.startswith("premiums.csv: 2 rows, 2 priced, 0 refused.\nControl sum of 2 premiums: 2,614 riel a month")
    assert command.files == {"members.csv", "premiums.csv"}


@pytest.mark.parametrize("to", ["csv", "ndjson", "json", "arrow"])
def test_the_bytes_are_those_of_the_service(command: Command, client: TestClient, to: str) -> None:
    forms = {
        "csv": "text/csv",
        "ndjson": "application/x-ndjson",
        "json": "application/json",
        "arrow": "application/vnd.apache.arrow.stream",
    }
    headers = {"content-type": "text/csv", "accept": forms[to]}
    answer = client.post(f"{BATCH}?as_of={AS_OF}&components=true", content=REFUSED.encode(), headers=headers)
    done = command("-", "--from", "csv", "--to", to, "--components", given=REFUSED.encode())
    assert done.returncode == 3
    assert done.stdout == answer.content


def test_rows_that_are_refused_are_counted_by_code_and_told_by_the_exit_status(command: Command) -> None:
    command.file("members.csv", REFUSED)
    done = command("members.csv", "-o", "premiums.csv")
    assert done.returncode == 3
    assert "3 rows, 2 priced, 1 refused.\n  invalid_request: 1\n" in done.stderr.decode()
    assert len(rows((command.folder / "premiums.csv").read_bytes())) == 3


def test_the_summary_is_said_in_json_and_written_to_a_file(command: Command) -> None:
    command.file("members.csv", ROLL)
    done = command("members.csv", "-o", "premiums.ndjson", "--summary", "summary.json", "--json")
    said = json.loads(done.stderr)
    assert json.loads((command.folder / "summary.json").read_bytes()) == said
    assert (said["complete"], said["rows"], said["monthly_premium"]) == (True, 2, "2614")
    *priced, last = (command.folder / "premiums.ndjson").read_text().splitlines()
    assert [json.loads(line)["monthly_premium"] for line in priced] == ["1694", "920"]
    assert json.loads(last)["summary"] == said


def test_the_summary_alone(command: Command) -> None:
    done = command("-", "--from", "csv", "--summary", "only", given=ROLL.encode())
    assert done.returncode == 0
    assert json.loads(done.stdout)["monthly_premium"] == "2614"


def test_parquet_in_and_out(command: Command) -> None:
    roll = pa.table({"member_id": [7, 8], "package": ["F", "A"], "plan_type": ["single", "couple"]})
    pq.write_table(roll, command.folder / "members.parquet")
    done = command("members.parquet", "-o", "premiums.parquet", "--json")
    assert done.returncode == 0, done.stderr
    with pq.ParquetFile(command.folder / "premiums.parquet") as file:
        priced, metadata = file.read(), file.metadata.metadata
    assert priced.select(roll.schema.names).equals(roll)
    assert [int(each) for each in priced["monthly_premium"].to_pylist()] == [1694, 920]
    summary = json.loads(done.stderr)
    assert json.loads(metadata[b"summary"]) == summary
    assert summary["receipt"]["request_sha256"] == sha256((command.folder / "members.parquet").read_bytes())


def test_what_is_no_parquet_file_is_refused(command: Command) -> None:
    command.file("members.parquet", ROLL)
    done = command("members.parquet", "-o", "premiums.csv")
    assert (done.returncode, done.stderr) == (
        1,
        b"The roll is no Parquet file as it should be. premiums.csv was not written.\n",
    )


def test_pins_choose_the_tables(command: Command) -> None:
    roll = b"package,plan_type,additional_66_75\nF,single,1\n"
    published_, corrected = (
        command("-", "--from", "csv", "--json", *pins, given=roll)
        for pins in ((), ("--table", "pricing_basis=mba-pricing-basis-corrected@1"))
    )
    assert [rows(each.stdout)[0]["monthly_premium"] for each in (published_, corrected)] == ["4164", "4286"]
    notes, no_notes = (json.loads(each.stderr)["notes"] for each in (published_, corrected))
    assert [note["code"] for note in notes] == ["suan-2009-e1"]
    assert no_notes == []


def test_several_versions_of_a_role_are_candidates(command: Command) -> None:
    pins = ("--table", "loadings=mba-loadings@1", "--table", "loadings=mba-loadings@9")
    done = command("-", "--from", "csv", *pins, given=ROLL.encode())
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"Versions to choose from: mba-loadings@1." in done.stderr


def test_as_known_before_anything_was_published(command: Command) -> None:
    done = command("-", "--from", "csv", "--known-at", "2000-01-01T00:00:00Z", "--json", given=ROLL.encode())
    assert done.returncode == 3
    assert json.loads(done.stderr)["refused_by_code"] == {"no_coverage": 2}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("members.txt",), "The name of the roll does not say its form"),
        (("members.csv", "-o", "premiums.txt"), "The name of FILE does not say its form"),
        (("members.csv", "--from", "xls"), "must be one of json, ndjson, csv, arrow, parquet"),
        (("members.csv", "--to", "xls"), "must be one of json, ndjson, csv, arrow, parquet"),
        (("members.csv", "--as-of", ""), 'must be a date of the calendar as "YYYY-MM-DD"'),
        (("members.csv", "--known-at", "yesterday"), "must be an instant in UTC"),
        (("members.csv", "--table", "x=mba-packages"), "the roles are packages, loadings, pricing_basis, life_table"),
        (("members.csv", "--table", "packages=MBA"), 'must be a table "mba-packages"'),
        (("members.csv", "-o", "members.csv"), "members.csv is the roll itself, which is never written over"),
        (("members.csv", "-o", "linked.csv"), "linked.csv is the roll itself, which is never written over"),
        (("members.csv", "-o", "x.csv", "--summary", "members.csv"), "members.csv is the roll itself"),
        (("members.csv", "-o", "x.json", "--summary", "x.json"), "cannot be one file"),
    ],
)
def test_mistakes_in_the_options_are_said_and_nothing_is_written(
    command: Command, arguments: tuple[str, ...], said: str
) -> None:
    roll = command.file("members.csv", ROLL)
    (command.folder / "linked.csv").symlink_to(roll)
    done = command.here(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())
    assert command.files == {"members.csv", "linked.csv"}
    assert roll.read_text() == ROLL


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing.csv", "-o", "x.csv"), "nothing.csv: No such file or directory. x.csv was not written."),
        (("members.csv", "-o", "nowhere/x.csv"), "No such file or directory. nowhere/x.csv was not written."),
        (("members.csv", "-o", "store", "--to", "csv"), "Is a directory. store was not written."),
        (("members.csv", "-o", "/dev/full", "--to", "csv"), "/dev/full: No space left on device."),
        (("members.csv", "--table", "loadings=mba-x"), "Tables for this role: mba-loadings."),
        (("broken.json", "-o", "x.json"), "The roll broke off after 1 rows: The body is no JSON array of rows"),
        (("empty.csv", "-o", "x.csv"), "The roll is empty: it needs a header row. x.csv was not written."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_and_nothing_is_written(
    command: Command, arguments: tuple[str, ...], said: str
) -> None:
    names = {"members.csv": ROLL, "broken.json": BROKEN, "empty.csv": ""}
    for name, content in names.items():
        command.file(name, content)
    done = command.here(*arguments, "--summary", "summary.json")
    assert (done.exit_code, done.stdout) == (1, "")
    (sentence,) = done.stderr.splitlines()
    assert said in sentence
    assert command.files == set(names)


def test_a_roll_that_breaks_off_leaves_the_earlier_file_as_it_was(command: Command) -> None:
    command.file("broken.json", BROKEN)
    earlier = command.file("premiums.json", "earlier")
    assert command("broken.json", "-o", "premiums.json").returncode == 1
    assert earlier.read_text() == "earlier"


def test_an_earlier_file_is_replaced_with_its_mode_and_behind_its_link(command: Command) -> None:
    command.file("members.csv", ROLL)
    earlier = command.file("real.csv", "earlier")
    earlier.chmod(0o640)
    link = command.folder / "premiums.csv"
    link.symlink_to(earlier)
    assert command("members.csv", "-o", "premiums.csv").returncode == 0
    assert link.is_symlink()
    assert len(rows(earlier.read_bytes())) == 2
    assert earlier.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(("sign", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_in_the_middle_it_leaves_nothing_behind(command: Command, sign: signal.Signals, status: int) -> None:
    with command.begin("-", "--from", "csv", "--summary", "summary.json") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(ROLL.encode())
        process.stdin.flush()
        first = [process.stdout.readline() for _ in range(3)]  # rows come out while the roll is not at its end
        assert first[2].startswith(b"M-2,A,couple,2,priced,920,")
        assert len(command.files) == 1, "the summary, beside its place"
        process.send_signal(sign)
        assert process.wait(_SECONDS) == status
        said = process.stderr.read()
    assert b"Traceback" not in said
    assert said == (b"Stopped.\n" if sign == signal.SIGINT else b"")
    assert command.files == set()


def test_a_reader_that_has_had_enough_ends_it_quietly(command: Command) -> None:
    roll = command.file("members.csv", ROLL + "M-9,A,couple\n" * 200_000)
    with command.begin(str(roll)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(_SECONDS) == 1


def _on_a_terminal(command: Command, *arguments: str) -> str:
    """What it prints on a terminal."""
    reading, terminal = pty.openpty()
    with command.begin(*arguments, stderr=terminal) as process:
        os.close(terminal)
        assert process.stdin is not None
        process.stdin.close()
        found = bytearray()
        try:
            while data := os.read(reading, 65_536):
                found += data
        except OSError:  # how a terminal says that it is closed
            pass
        os.close(reading)
        assert process.wait(_SECONDS) == 0
    return found.decode()


def test_a_terminal_shows_how_far_it_is(command: Command) -> None:
    command.file("members.csv", ROLL + "M-9,A,couple\n" * 500_000)
    shown = _on_a_terminal(command, "members.csv", "-o", "premiums.csv")
    assert "%" in shown
    assert "rows" in shown.partition("premiums.csv:")[0]
    assert "premiums.csv: 500,002 rows, 500,002 priced" in shown


def test_what_is_no_terminal_gets_the_summary_alone(command: Command) -> None:
    command.file("members.csv", ROLL)
    said: Any = command("members.csv", "-o", "premiums.csv").stderr.decode()
    assert len(said.splitlines()) == 2
    assert "\x1b" not in said
