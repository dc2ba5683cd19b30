"""The Dockerfile's steps, executed in an empty file system, and what they make: a service that runs."""

import http.client
import json
import re
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from tests.deploy.dockerfile import Stage, Step
from tests.deploy.files import ROOT
from tests.deploy.overlays import Resource
from tests.deploy.rootfs import Machine, build, fetch_wheels, may_chroot
from tests.deploy.test_manifests import MIGRATION, container, find

WAYS = ["moved", "chroot"] if may_chroot() else ["moved"]
SITE_PACKAGES = Path("opt/rielquote/lib/python3.11/site-packages")
QUOTE = b'{"package": "F", "plan_type": "single", "as_of": "2026-12-01"}'


@pytest.fixture(scope="module")
def wheels(stages: list[Stage], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages that the Dockerfile installs."""
    return fetch_wheels(stages, tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="module", params=WAYS)
def machine(
    request: pytest.FixtureRequest, stages: list[Stage], wheels: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machine]:
    """The image, made by the Dockerfile's steps; half a gigabyte, so pytest is not left to keep it."""
    folder = tmp_path_factory.mktemp("image")
    yield build(stages, wheels, folder, chroot=request.param == "chroot")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def running(machine: Machine, image: Stage, port: int) -> Iterator[Popen[str]]:
    """The image's own command, once it answers; ended by force if the test did not end it."""
    with machine.start(at(port, image.one("CMD"))) as process:
        try:
            deadline = time.monotonic() + 60
            while not _answers(port):
                assert process.poll() is None, process.stdout and process.stdout.read()
                assert time.monotonic() < deadline, "the service does not answer"
                time.sleep(0.1)
            yield process
        finally:
            process.kill()


def at(port: int, step: Step) -> list[str]:
    """A command of the image, on a port of this machine that is free."""
    return [word.replace("8000", str(port)) for word in step.exec_form or []]


def _answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/readyz")[0] == 200
    except ConnectionError:
        return False


def ask(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, Any]:
    """Ask the service: the status and the JSON answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        response = connection.getresponse()
        return response.status, json.load(response)
    finally:
        connection.close()


def test_the_image_serves_a_quote_checks_its_health_and_stops_when_told(
    machine: Machine, image: Stage, port: int
) -> None:
    health = at(port, image.one("HEALTHCHECK"))
    assert machine.run(health)[0] == 1
    with running(machine, image, port) as process:
        assert machine.run(health) == (0, "")
        status, quote = ask(port, "POST", "/v1/mba/quotes", QUOTE)
        assert (status, quote["monthly_premium"]) == (200, "1694")  # suan-2009 Table 9, code 4, package F
        assert (machine.folder / "data" / "rielquote.db").is_file()
        process.terminate()
        assert process.wait(timeout=10) in {0, -signal.SIGTERM}


def test_a_request_under_way_is_answered_after_the_signal(machine: Machine, image: Stage, port: int) -> None:
    with running(machine, image, port) as process, socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        head = (
            f"POST /v1/mba/quotes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(QUOTE)}"
        )
        client.sendall(f"{head}\r\n\r\n".encode() + QUOTE[:10])
        time.sleep(0.5)
        process.terminate()
        time.sleep(0.5)
        assert process.poll() is None
        client.sendall(QUOTE[10:])
        assert client.recv(65_536).startswith(b"HTTP/1.1 200 ")
        assert process.wait(timeout=10) in {0, -signal.SIGTERM}


def test_the_migration_of_production_is_a_command_of_the_image(
    machine: Machine, rendered: dict[str, list[Resource]]
) -> None:
    migration = container(find(rendered["production"], MIGRATION)["spec"]["template"])
    code, output = machine.run(migration["command"])
    assert (code, output) == (0, "The store is up to date.\n")


@pytest.mark.parametrize("machine", [way for way in WAYS if way == "chroot"], indirect=True)
def test_the_service_can_write_to_its_volume_and_tmp_alone(machine: Machine) -> None:
    script = """
import os, sys
print(os.getuid(), os.getgid(), os.getgroups())
for place in sys.argv[1:]:
    try:
        open(f"{place}/written", "w").close()
    except OSError:
        continue
    print(place)
"""
    code = "/opt/rielquote/lib/python3.11/site-packages/api"
    places = ["/", "/data", "/opt/rielquote", code, "/tmp", "/usr/local"]  # noqa: S108  (of the image)
    assert machine.run(["python", "-c", script, *places]) == (0, "10001 10001 []\n/data\n/tmp\n")


def test_the_image_has_every_file_of_the_project(machine: Machine) -> None:
    context = machine.folder.parent / "context"
    for package in ("api", "pricing", "tables"):
        assert _files(machine.folder / SITE_PACKAGES / package) == _files(context / package)


def _files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def test_the_image_has_what_is_locked_and_the_project(machine: Machine) -> None:
    packages = machine.folder / SITE_PACKAGES
    installed = {(found.name.lower().replace("_", "-"), found.version) for found in distributions(path=[str(packages)])}
    lock = (ROOT / "requirements" / "runtime.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE))
    project = {name for name, _ in installed - locked}
    assert project == {"rielquote"}
    assert {"fastapi", "uvicorn", "sqlalchemy"} <= {name for name, _ in installed}


def test_the_image_has_no_shell_no_installer_and_no_source(machine: Machine, stages: list[Stage]) -> None:
    assert {entry.name for entry in machine.folder.iterdir()} <= {"data", "lib", "lib64", "opt", "root", "tmp", "usr"}
    assert not [*machine.folder.glob("opt/rielquote/bin/pip*")]
    assert {entry.name for entry in (machine.folder / "opt").iterdir()} == {"rielquote"}
