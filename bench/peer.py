"""What we compare with, in a process and an environment of its own: asked in turn, it does some work and times it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / ".venv-bench" / "bin" / "python"


@dataclass(frozen=True)
class Peer:
    """A running peer."""

    process: "subprocess.Popen[bytes]"

    def ask(self, *work: object) -> Any:
        """Have some work done. Returns: what it answers, its seconds among it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(orjson.dumps(work, default=str) + b"\n")
        self.process.stdin.flush()
        return orjson.loads(self.process.stdout.readline())


@contextmanager
def peer(module: str, python: Path = PYTHON) -> Iterator[Peer]:
    """A peer that runs a module of this folder."""
    if not python.exists():
        raise SystemExit("The benchmarks compare with what is in .venv-bench: run `make bench`.")
    command = [str(python), "-m", module]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603
        try:
            yield Peer(process)
        finally:
            process.kill()
