"""Processes under measurement: the service as it is run, processor time and memory of it and its workers (Linux)."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

STARTUP_SECONDS = 30
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Service:
    """A running service."""

    port: int
    pid: int

    def family(self) -> list[int]:
        """Its process and those that it has started."""
        return _family(self.pid)

    def busy(self) -> float:
        """Seconds, user and system, that its processes have had a processor."""
        return sum(_busy(pid) for pid in self.family())

    def memory(self) -> dict[int, tuple[int, int]]:
        """By process: bytes of memory now, and the most that there were."""
        return {pid: _memory(pid) for pid in self.family()}


@contextmanager
def service(folder: Path, **settings: str) -> Iterator[Service]:
    """`rielquote serve` on a store of its own."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    environment: Mapping[str, str] = os.environ | {
        "RIELQUOTE_DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
        "RIELQUOTE_LOG_LEVEL": "warning",
        **settings,
    }
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603  (our own arguments)
    try:
        deadline = time.monotonic() + STARTUP_SECONDS
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError("the service did not start")
            time.sleep(0.05)
        yield Service(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STARTUP_SECONDS)


def _family(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").iterdir()  # a child is its thread's, whichever started it
    children = [int(child) for each in threads for child in (each / "children").read_text(encoding="ascii").split()]
    return [pid, *(each for child in children for each in _family(child))]


def _busy(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _memory(pid: int) -> tuple[int, int]:
    found = {"VmRSS": 0, "VmHWM": 0}
    with suppress(FileNotFoundError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name in found:
                found[name] = int(value.split()[0]) * 1024
    return found["VmRSS"], found["VmHWM"]
