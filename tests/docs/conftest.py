"""The service as a reader starts it, and a shell to type the documents' commands into."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.docs.console import ROOT

START_SECONDS = 25
STOP_SECONDS = 10
COMMAND_SECONDS = 60


@dataclass(frozen=True)
class Service:
    """A running service: its address, and the file with everything that it printed."""

    address: str
    log: Path


@dataclass(frozen=True)
class Shell:
    """A shell at the root of the checkout."""

    environment: dict[str, str]

    def run(self, command: str, seconds: float = COMMAND_SECONDS) -> subprocess.CompletedProcess[str]:
        """Run a command as a careful reader's shell does: any failing part fails it."""
        return subprocess.run(  # noqa: S603  (the commands are the documents' own)
            ["bash", "-euo", "pipefail", "-c", command],  # noqa: S607  (whichever bash the reader has)
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
            check=False,
        )


@pytest.fixture(scope="session")
def shell(curl_stand_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A shell that has `python3` and a store of its own, and the stand-in for curl only where there is no curl."""
    environment = _environment()
    path = [str(ROOT / ".venv" / "bin"), environment.get("PATH", os.defpath)]
    if shutil.which("curl") is None:
        print("There is no curl here: the documents' commands run with tests/docs/curl.py in its place.")  # noqa: T201
        path.insert(0, str(curl_stand_in))
    return Shell(
        {
            **environment,
            "PATH": os.pathsep.join(path),
            "NO_PROXY": "*",
            "no_proxy": "*",
            "PYTHONUTF8": "1",
            "RIELQUOTE_DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('shell') / 'rielquote.db'}",
        }
    )


@pytest.fixture(scope="session")
def curl_stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a `curl` that is tests/docs/curl.py."""
    folder = tmp_path_factory.mktemp("curl")
    script = folder / "curl"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT / "tests" / "docs" / "curl.py"}" "$@"\n')
    script.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """`make run PORT=…` in the checkout, on a store of its own; its whole process group is stopped at the end."""
    stale = subprocess.run(["make", "--question", "setup"], cwd=ROOT, env=_environment(), check=False)  # noqa: S607
    if stale.returncode:
        pytest.fail("The .venv is out of date, and `make run` would make it anew under the tests: run `make setup`.")
    folder = tmp_path_factory.mktemp("service")
    port = _free_port()
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  (nothing in it is given)
            ["make", "run", f"PORT={port}"],  # noqa: S607  (whichever make the reader has)
            cwd=ROOT,
            env={**_environment(), "RIELQUOTE_DATABASE_URL": f"sqlite:///{folder / 'rielquote.db'}"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_ready(process, port, log)
        yield Service(f"127.0.0.1:{port}", log)
    finally:
        _stop(process)


def _environment() -> dict[str, str]:
    """The environment without what this run was given: `make test` passes its own variables on to a make inside."""
    ours = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PORT"}
    return {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("RIELQUOTE_")}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == HTTPStatus.OK:
                return
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.05)
    pytest.fail(f"`make run PORT={port}` did not get ready in {START_SECONDS} s. It printed:\n{log.read_text()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        break
