"""The linters: hadolint, kubernetes-validate and checkov, offline."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.files import CHECKOV_CONFIG, DOCKERFILE, ROOT, lint
from tests.deploy.overlays import Resource, read, write


@pytest.fixture(scope="module")
def manifests(rendered: dict[str, list[Resource]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every overlay as a cluster gets it."""
    folder = tmp_path_factory.mktemp("manifests")
    for name, resources in rendered.items():
        write(resources, folder / f"{name}.yaml")
    return folder


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    result = lint("hadolint", "--failure-threshold", "ignore", "--no-color", "--strict-labels", DOCKERFILE)
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_hadolint_reads_what_it_is_given(tmp_path: Path) -> None:
    worse = tmp_path / "Dockerfile"
    worse.write_text(re.sub(r"FROM python:\S+", "FROM python", DOCKERFILE.read_text(encoding="utf-8")))
    assert "DL3006" in lint("hadolint", worse).stdout


def test_hadolint_is_told_to_ignore_nothing() -> None:
    assert "hadolint ignore" not in DOCKERFILE.read_text(encoding="utf-8")
    assert not [*ROOT.glob(".hadolint.y*ml")]


def _validate(path: Path) -> tuple[int, list[str]]:
    """How many resources kubernetes-validate passed, and every line that says anything else."""
    lines = lint("kubernetes-validate", "--strict", path)
    passed = [
        line for line in lines.stdout.splitlines() if line.startswith("INFO ") and " passed for resource " in line
    ]
    rest = [line for line in (lines.stdout + lines.stderr).splitlines() if line not in passed]
    return len(passed), rest or ([f"exit code {lines.returncode}"] if lines.returncode else [])


def test_every_rendered_resource_fits_its_schema(manifests: Path, rendered: dict[str, list[Resource]]) -> None:
    for name, resources in rendered.items():
        assert _validate(manifests / f"{name}.yaml") == (len(resources), [])


def test_every_manifest_fits_its_schema_as_it_is_written() -> None:
    paths = [path for path in (ROOT / "k8s").rglob("*.yaml") if path.name != "kustomization.yaml"]
    assert len(paths) >= 10
    for path in paths:
        assert _validate(path) == (len(read(path)), []), path


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"portss": []}}, "portss"),
        ({"apiVersion": "rielquote/v1", "kind": "Quote", "metadata": {"name": "x"}}, "WARN"),  # exit code 0
    ],
)
def test_a_misspelt_field_and_an_unknown_kind_count_as_errors(
    document: Resource, complaint: str, tmp_path: Path
) -> None:
    write([document], tmp_path / "wrong.yaml")
    passed, complaints = _validate(tmp_path / "wrong.yaml")
    assert passed == 0
    assert complaint in "\n".join(complaints)


def _checkov(*arguments: str | Path) -> tuple[set[tuple[str, str]], dict[str, Any]]:
    """What checkov finds with nothing left out, by check and resource, and its summary."""
    result = lint("checkov", "--skip-download", "--quiet", "--output", "json", *arguments)
    assert result.returncode in {0, 1}, result.stderr
    report = json.loads(result.stdout)
    failed = {(check["check_id"], check["resource"]) for check in report["results"]["failed_checks"]}
    return failed, report["summary"]


def test_checkov_finds_nothing_in_the_dockerfile() -> None:
    failed, summary = _checkov("--framework", "dockerfile", "--file", DOCKERFILE)
    assert failed == set()
    assert summary["passed"] >= 20
    assert summary["skipped"] == summary["parsing_errors"] == 0


def test_checkov_finds_in_the_manifests_only_what_is_explained(
    manifests: Path, rendered: dict[str, list[Resource]]
) -> None:
    failed, summary = _checkov("--framework", "kubernetes", "--directory", manifests)
    explained = set(_explained())
    assert {finding for finding in failed if finding[0] not in explained} == set()
    assert explained == {check for check, _ in failed}, "an explanation that nothing needs any more"
    assert summary["passed"] >= 200
    assert summary["skipped"] == summary["parsing_errors"] == 0
    assert summary["resource_count"] >= sum(len(resources) for resources in rendered.values())


def test_every_check_that_is_left_out_has_a_reason() -> None:
    (config,) = read(CHECKOV_CONFIG)
    assert config.keys() == {"skip-check"}
    assert config["skip-check"] == [*_explained()]
    for check, reason in _explained().items():
        assert len(reason.split()) >= 15, f"{check}: {reason!r} explains little"


def test_no_file_leaves_out_checks_by_itself() -> None:
    for path in [DOCKERFILE, *(ROOT / "k8s").rglob("*")]:
        if path.is_file():
            assert not re.search(r"checkov[:.]\S*skip", path.read_text(encoding="utf-8")), path


def _explained() -> dict[str, str]:
    """The checks left out, each with the comment directly above it."""
    explained: dict[str, str] = {}
    comment: list[str] = []
    for line in CHECKOV_CONFIG.read_text(encoding="utf-8").partition("skip-check:")[2].splitlines():
        text = line.strip()
        if text.startswith("# "):
            comment.append(text.removeprefix("# "))
        elif text.startswith("- "):
            explained[text.removeprefix("- ")] = " ".join(comment)
            comment = []
    return explained
