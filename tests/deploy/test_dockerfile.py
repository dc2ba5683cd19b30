"""What the Dockerfile says: pinned, locked, without root, without a shell."""

import re
import tomllib
from pathlib import Path, PurePosixPath

import pytest
import typer.main

from api.application import create_app
from api.cli import main
from tests.deploy.dockerfile import Ignore, Stage
from tests.deploy.files import ROOT


@pytest.fixture(scope="module")
def ignore() -> Ignore:
    """The rules of .dockerignore."""
    return Ignore((ROOT / ".dockerignore").read_text(encoding="utf-8"))


def test_every_stage_is_the_same_exact_version_of_python(stages: list[Stage]) -> None:
    (base,) = {stage.base for stage in stages}
    match = re.fullmatch(r"python:(3\.11\.\d+)-slim-[a-z]+", base)
    assert match, f"{base} is not pinned"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11,<3.12"


def test_nothing_is_installed_but_what_is_locked_or_built_from_here(stages: list[Stage]) -> None:
    commands = [
        command.split()
        for stage in stages
        for step in stage.all("RUN")
        for command in step.text.split("&&")
        if " pip " in command
    ]
    assert len(commands) == 4
    for command in commands:
        locked = {"--require-hashes", "--only-binary", ":all:", "-r"} <= set(command)
        offline = {"--no-index", "--no-deps"} <= set(command)
        assert locked != offline, " ".join(command)


def test_the_image_only_receives_the_environment_and_the_empty_volume(image: Stage) -> None:
    assert not image.all("RUN")
    copies = [(step.options["from"], step.words) for step in image.all("COPY")]
    assert copies == [("build", ["/opt/rielquote"] * 2), ("build", ["/data"] * 2)]


def test_the_image_needs_no_shell(image: Stage) -> None:
    for step in (image.one("CMD"), image.one("HEALTHCHECK")):
        assert step.exec_form, f"{step.word} in shell form"
        assert not {"sh", "bash", "/bin/sh"} & set(step.exec_form)


def test_the_image_runs_as_a_numbered_user_that_is_not_root(image: Stage) -> None:
    user, group = image.one("USER").text.split(":")
    assert int(user) >= 10_000
    assert int(group) >= 10_000
    (volume,) = [step for step in image.all("COPY") if "chown" in step.options]
    assert volume.options["chown"] == f"{user}:{group}"


def test_the_command_serves_the_application(image: Stage) -> None:
    command = image.one("CMD").exec_form or []
    assert command[:2] == ["rielquote", "serve"]
    serve = typer.main.get_command(main).commands["serve"]  # type: ignore[attr-defined]  # a group of commands
    options = serve.make_context("serve", command[2:]).params
    assert options["host"] == "0.0.0.0"  # noqa: S104  (a pod does not know its own address)
    assert str(options["port"]) == image.one("EXPOSE").text


def test_the_health_check_asks_whether_the_process_is_alive(image: Stage) -> None:
    program, flag, script = image.one("HEALTHCHECK").exec_form or []
    assert (program, flag) == ("python", "-c")
    assert f"'http://127.0.0.1:{image.one('EXPOSE').text}/livez'" in script
    assert "get" in create_app().openapi()["paths"]["/livez"]


def test_the_build_sees_what_it_copies_and_nothing_else(stages: list[Stage], ignore: Ignore) -> None:
    copied = {
        PurePosixPath(source)
        for stage in stages
        for step in stage.all("COPY")
        if "from" not in step.options
        for source in step.words[:-1]
    }
    seen = set(ignore.context(ROOT))
    for path in seen:
        assert copied & {path, *path.parents}, f"{path} is let in for nothing"
        assert path.suffix != ".pyc"
    for source in copied:
        assert any(source in {path, *path.parents} for path in seen), f"{source} is kept out"


def test_the_build_has_every_file_that_the_project_is_described_in(ignore: Ignore) -> None:
    described = re.findall(r"requirements/[a-z]+\.in", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "requirements/runtime.in" in described
    for path in described:  # setuptools only warns of one that is not there
        assert not ignore.hides(PurePosixPath(path)), path


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("pyproject.toml", False),
        ("api/mba/quotes.py", False),
        ("tables/data/mba-packages/1.toml", False),
        ("requirements/runtime.lock", False),
        ("requirements/dev.lock", True),
        ("api/__pycache__/main.cpython-311.pyc", True),
        ("api/.env", True),
        ("tables/rielquote.db", True),
        ("tables/rielquote.db-wal", True),
        (".git/config", True),
        (".venv/pyvenv.cfg", True),
        ("tests/conftest.py", True),
        ("apiary/x.py", True),
    ],
)
def test_caches_databases_and_secrets_stay_out(path: str, hidden: bool, ignore: Ignore) -> None:
    assert ignore.hides(PurePosixPath(path)) is hidden


def test_the_context_is_what_the_rules_let_in(ignore: Ignore, tmp_path: Path) -> None:
    for name in ("api/main.py", "api/__pycache__/main.pyc", "requirements/dev.lock", "requirements/build.lock", ".env"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [str(path) for path in ignore.context(tmp_path)] == ["api/main.py", "requirements/build.lock"]
