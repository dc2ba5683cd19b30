"""Bodies that nobody thought of: libFuzzer (atheris) changes requests, and keeps those that reach code that none before
them has reached. Every answer must be 200 or a problem, must not repeat what was sent, and must be there at once.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from api.application import Application, create_app
from api.settings import Settings
from bench.asking import sent

SECONDS = 20.0
CPU_SECONDS = 0.05
"""What any request may take, the largest too."""
RUNS = 5
"""A slow request is sent so often, and its shortest time counts."""

_COVERAGE = re.compile(r"cov: ([0-9]+) ft: ([0-9]+)")


def bodies_fuzzed() -> None:
    """So many seconds of it, or as many as the environment's FUZZ_SECONDS says."""
    if find_spec("atheris") is None:
        print("bodies fuzzed: not here, atheris is for Linux on x86-64")
        return
    seconds = float(os.environ.get("FUZZ_SECONDS", SECONDS))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "bench.fuzz_target", str(seconds), name]
        run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (our own arguments)
        if run.returncode:
            sys.exit(f"{run.stderr[-4_000:]}\nbodies fuzzed: FAILED: {run.stdout}")
        slowest = asyncio.run(_slowest(folder))
    first, *_, last = _COVERAGE.findall(run.stderr)
    print(
        f"bodies fuzzed: {run.stdout.strip()}; coverage from {first[0]} branches by the seeds to {last[0]} "
        f"(features {first[1]} to {last[1]}); slowest {slowest * 1_000:.1f} ms"
    )


async def _slowest(folder: Path) -> float:
    """The longest processor time of the requests that took the target longest, without its instrumentation."""
    app = create_app(Settings(database_url=f"sqlite:///{folder}/bench.db"))
    async with app.router.lifespan_context(app):
        pass  # the tables stay when the application's life ends
    slowest = 0.0
    for file in sorted((folder / "slow").iterdir()):
        path, _, body = file.read_bytes().partition(b"\n")
        seconds = min(_seconds(app, path.decode(), body) for _ in range(RUNS))
        if seconds > CPU_SECONDS:
            sys.exit(f"bodies fuzzed: FAILED: {seconds * 1_000:.1f} ms of processor time: {path.decode()}, {body!r}")
        slowest = max(slowest, seconds)
    return slowest


def _seconds(app: Application, path: str, body: bytes) -> float:
    started = time.process_time()
    sent(app, path, body)
    return time.process_time() - started
