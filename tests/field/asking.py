"""What a script of this folder says, run where the libraries are."""

import json
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-field" / "bin" / "python"
_SECONDS = 120


def said(module: str, *arguments: str) -> Any:
    """What a module prints, from JSON. Args: its name in this folder, what it is told."""
    assert PYTHON.exists(), "`make test` makes .venv-field"
    command = [str(PYTHON), "-m", f"tests.field.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)
