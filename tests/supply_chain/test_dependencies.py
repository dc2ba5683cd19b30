"""What the service is made of: dependencies locked by hash, in a bill of materials, and freely licensed."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
# A package may be locked twice, for this Python and for later ones.
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]++)(?! ; python_full_version >= '3\.12')", re.MULTILINE)

# Licences that let anybody run the service and change it. Another one is a decision to take, not a line to add.
FREE = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MPL-2.0", "PSF-2.0", "Zlib"}
# What may be used as it is, by those who name it here: psycopg, unchanged, is a library that anybody may replace.
LENDING = {"LGPL-3.0-only": {"psycopg", "psycopg-binary"}}
CLASSIFIERS = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
# What the bill of materials leaves out: protobuf's "3-Clause BSD License" is no identifier that the tool knows.
UNSTATED = {"protobuf": ["BSD-3-Clause"]}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(lock: Path) -> dict[str, str]:
    return {normal(name): version for name, version in PINNED.findall(lock.read_text())}


@pytest.fixture(scope="module")
def materials(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The CycloneDX bill of materials of this environment, validated against its schema by the tool."""
    file = tmp_path_factory.mktemp("sbom") / "sbom.json"
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--validate"]
    command += ["--pyproject", str(ROOT / "pyproject.toml"), "--output-format", "JSON", "--output-file", str(file)]
    subprocess.run([*command, sys.executable], check=True, capture_output=True)  # noqa: S603  (our own arguments)
    bill: dict[str, Any] = json.loads(file.read_text())
    return {normal(component["name"]): component for component in bill["components"]}


def test_every_runtime_dependency_is_in_the_bill_of_materials_at_its_locked_version(materials: dict[str, Any]) -> None:
    locked = {
        name: version for name, version in pinned(ROOT / "requirements/runtime.lock").items() if name in materials
    }
    assert len(locked) >= 25
    assert {name: materials[name]["version"] for name in locked} == locked


def test_every_runtime_dependency_has_a_free_licence(materials: dict[str, Any]) -> None:
    for name in pinned(ROOT / "requirements/runtime.lock"):
        if name not in materials:
            continue  # for another platform: it is locked, and not installed here
        stated = [licence(entry) for entry in materials[name].get("licenses", [])] or UNSTATED.get(name, [])
        assert stated, f"{name} states no licence"
        words = set(re.findall(r"[A-Za-z0-9.-]+", " ".join(stated))) - {"AND", "OR"}
        lent = {licence for licence, names in LENDING.items() if name in names}
        assert words <= FREE | lent, f"{name}: {stated}"


def licence(entry: dict[str, Any]) -> str:
    stated = entry.get("expression") or entry["license"].get("id") or entry["license"]["name"]
    return CLASSIFIERS.get(stated, str(stated))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_locks_hold_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.split("\n", 1)[1] if text.startswith("#") else text)
    for block in blocks:
        if "==" in block.partition("\n")[0]:
            assert "--hash=sha256:" in block, block.partition("\n")[0]


def test_the_development_lock_holds_the_runtime_at_the_same_versions() -> None:
    runtime, development = (pinned(ROOT / f"requirements/{name}.lock") for name in ("runtime", "dev"))
    assert {name: development.get(name) for name in runtime} == runtime
