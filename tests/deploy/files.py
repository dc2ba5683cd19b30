"""Where the files under test are, and the tools for them."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "Dockerfile"
OVERLAYS = ROOT / "k8s" / "overlays"
CHECKOV_CONFIG = Path(__file__).with_name("checkov.yaml")

# No tool may need the network: whatever asks for it meets a closed port.
_OFFLINE = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9")
# checkov forks workers by default; for a few files one process is faster, and waits for no other.
_ONE_PROCESS = {"CHECKOV_PARALLELIZATION_TYPE": "none"}
_TOOLS = Path(".venv-lint/bin")


def lint(tool: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a tool of .venv-lint from the repository's root."""
    assert (ROOT / _TOOLS / tool).exists(), f"{_TOOLS / tool} is missing: `make test` makes it"
    with (ROOT / _TOOLS / tool).open("rb") as program:
        is_script = program.read(2) == b"#!"
    # A script's first line cannot name a Python in a path with a space.
    command = [_TOOLS / "python", _TOOLS / tool] if is_script else [_TOOLS / tool]
    return subprocess.run(  # noqa: S603  (a tool of ours, with arguments of ours)
        [*command, *arguments],
        cwd=ROOT,
        env=os.environ | _OFFLINE | _ONE_PROCESS,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
