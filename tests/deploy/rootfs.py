"""Executes the Dockerfile without Docker: its own steps, as parsed, in a file system that starts empty.

What cannot be had here is the base image. In its place comes the interpreter that runs the tests, the libraries that it
is linked to and, while building, pip, a shell and mkdir; the finished image gets none of those three. The wheels are
fetched beforehand, so that no step needs the network; pip still checks every hash.

Two ways, so that there is one everywhere:

* `chroot`: the file system really is the root, read-only where the image is, and the user is the image's.
* `moved`: on machines that do not allow it, every absolute path in a step gets the folder put before it, and PATH has
  nothing else. The user stays, and the interpreter is the machine's.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pip

from tests.deploy.dockerfile import Ignore, Stage, Step
from tests.deploy.enter import NOT_ALLOWED
from tests.deploy.files import ROOT

_ENTER = Path(__file__).with_name("enter.py")
_BUILD_TOOLS = ("sh", "mkdir")
# Beside what Python itself needs, the base image has what every manylinux wheel may expect.
_MANYLINUX = ("dl.so.2", "gcc_s.so.1", "m.so.6", "pthread.so.0", "resolv.so.2", "rt.so.1", "stdc++.so.6", "util.so.1")
_INTERPRETER = Path(os.path.realpath(Path(sys.base_prefix) / "bin" / "python3.11"))
_STDLIB = Path(sysconfig.get_path("stdlib"))
_BASE_PLACES = {"bin", "pip", "tmp", "usr", "wheels"}
_BASE_PATH = "/usr/local/bin:/usr/bin:/bin"
_SECONDS_PER_COMMAND = 120


@dataclass(frozen=True)
class Machine:
    """A file system and how to run something in it.

    Attributes:
        folder: where the file system is.
        chroot: whether it is the root for what runs in it; else absolute paths get the folder put before them.
        places: the top-level folders that the Dockerfile names, which are those that are put there.
        writable: what is not read-only; None is everything.
    """

    folder: Path
    chroot: bool
    places: frozenset[str]
    env: dict[str, str]
    cwd: str
    user: tuple[int, int]
    writable: list[str] | None

    def start(self, words: list[str], **env: str) -> subprocess.Popen[str]:
        """Start a command in it, with no other environment than its own and what is given."""
        return subprocess.Popen(  # noqa: S603  (words from our Dockerfile and manifests)
            self._enter(words) if self.chroot else [self._moved(word) for word in words],
            env={name: self._moved(value) for name, value in (self.env | env).items()},
            cwd=None if self.chroot else self._moved(self.cwd),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, words: list[str], **env: str) -> tuple[int, str]:
        """Run a command in it to its end: its exit code and what it wrote."""
        process = self.start(words, **env)
        try:
            output, _ = process.communicate(timeout=_SECONDS_PER_COMMAND)
        finally:
            process.kill()
        return process.returncode, output

    def _enter(self, words: list[str]) -> list[str]:
        return _enter(str(self.folder), self.user, self.cwd, self.writable, words)

    def _moved(self, text: str) -> str:
        if self.chroot:
            return text
        if text == "/":
            return str(self.folder)
        names = "|".join(sorted(self.places))
        return re.sub(rf"(?<![\w.-])/(?=(?:{names})(?![\w.-]))", f"{self.folder}/", text)


def _enter(root: str, user: tuple[int, int], cwd: str, writable: list[str] | None, words: list[str]) -> list[str]:
    order = {"root": root, "uid": user[0], "gid": user[1], "cwd": cwd, "writable": writable, "command": words}
    return [sys.executable, "-S", str(_ENTER), json.dumps(order)]


def may_chroot() -> bool:
    """Whether this machine lets the tests change the root."""
    if not sys.platform.startswith("linux"):
        return False
    command = _enter("/", (10001, 10001), "/", [], ["true"])
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603  (as above)
    assert result.returncode in {0, NOT_ALLOWED}, result.stderr
    return result.returncode == 0


def build(stages: list[Stage], wheels: Path, folder: Path, *, chroot: bool) -> Machine:
    """Execute every stage; the image, ready to run.

    Each stage is made at the same place and then moved aside, as its files may hold their own path.
    """
    before = os.umask(0o022)
    try:
        done = {"": _context(folder / "context")}
        for stage in stages[:-1]:
            if not stage.steps:
                continue  # a name for the base image
            machine = _execute(stage, stages, folder / "root", done, wheels, chroot=chroot)
            done[stage.name or ""] = machine.folder.rename(folder / f"stage-{stage.name}")
        return _execute(stages[-1], stages, folder / "root", done, None, chroot=chroot)
    finally:
        os.umask(before)


def _context(folder: Path) -> Path:
    """The files that .dockerignore lets into a build."""
    for path in Ignore((ROOT / ".dockerignore").read_text(encoding="utf-8")).context(ROOT):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    return folder


def fetch_wheels(stages: list[Stage], folder: Path) -> Path:
    """Fetch what the steps will ask for from the package index that pip is set up for."""
    locks = {lock for stage in stages for step in stage.all("RUN") for lock in re.findall(r"-r (\S+)", step.text)}
    for lock in sorted(locks):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
        command += ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", lock, "--dest", str(folder)]
        result = subprocess.run(  # noqa: S603  (as above)
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=_SECONDS_PER_COMMAND
        )
        assert result.returncode == 0, result.stderr
    return folder


def _execute(
    stage: Stage, stages: list[Stage], root: Path, done: dict[str, Path], wheels: Path | None, *, chroot: bool
) -> Machine:
    """Execute a stage's steps in an empty file system; with wheels if it is one that builds."""
    _put_base_image(root, chroot=chroot)
    if wheels:
        _put_build_tools(root, wheels, chroot=chroot)
    env = {"PATH": _BASE_PATH}
    cwd, user, volumes = "/", (0, 0), ["/tmp"]  # noqa: S108  (the image's, not this machine's)
    places = _places(stages)
    for step in stage.steps:
        if step.word == "ENV":
            env |= dict(word.split("=", 1) for word in step.words)
        elif step.word == "WORKDIR":
            cwd = step.text
            (root / cwd[1:]).mkdir(parents=True, exist_ok=True)
        elif step.word == "USER":
            uid, gid = step.text.split(":")
            user = int(uid), int(gid)
        elif step.word == "VOLUME":
            volumes += step.exec_form or []
        elif step.word == "COPY":
            _copy(step, done[step.options.get("from", "")], root, cwd)
        elif step.word == "RUN":
            _run(Machine(root, chroot, places, env, cwd, user, None), step)
    return Machine(root, chroot, places, env, cwd, user, volumes)


def _places(stages: list[Stage]) -> frozenset[str]:
    """The top-level folders that the stages name or the base image has."""
    words = [
        word for stage in stages for step in stage.steps if step.word in {"COPY", "WORKDIR"} for word in step.words
    ]
    return frozenset(word.split("/")[1] for word in words if word.startswith("/")) | _BASE_PLACES


def _copy(step: Step, source_root: Path, root: Path, cwd: str) -> None:
    *sources, target = step.words
    into = root / (target if target.startswith("/") else f"{cwd}/{target}").lstrip("/")
    for source in sources:
        path = source_root / source.lstrip("/")
        if path.is_dir():
            shutil.copytree(path, into, symlinks=True, dirs_exist_ok=True)
        else:
            place = into / path.name if target.endswith("/") else into
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)
    if "chown" in step.options and os.getuid() == 0:
        uid, gid = (int(number) for number in step.options["chown"].split(":"))
        for path in (into, *into.rglob("*")):
            os.chown(path, uid, gid, follow_symlinks=False)


def _run(machine: Machine, step: Step) -> None:
    # The wheels are on the spot, and pip is no part of the interpreter's own packages.
    settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels", "PIP_CONFIG_FILE": os.devnull, "PYTHONPATH": "/pip"}
    code, output = machine.run(step.exec_form or ["/bin/sh", "-c", step.text], **settings)
    assert code == 0, f"RUN {step.text}\n{output}"


def _put_base_image(root: Path, *, chroot: bool) -> None:
    """What stands in for the base image: this interpreter and the libraries that it is linked to."""
    programs = root / "usr" / "local" / "bin"
    stdlib = root / "usr" / "local" / _STDLIB.relative_to(sys.base_prefix)
    for folder in (programs, stdlib.parent, root / "tmp"):
        folder.mkdir(parents=True)
    (root / "tmp").chmod(0o1777)
    for name in ("python3", "python"):
        (programs / name).symlink_to("python3.11")
    if not chroot:
        (programs / "python3.11").symlink_to(_INTERPRETER)
        stdlib.symlink_to(_STDLIB)
        return
    shutil.copy(_INTERPRETER, programs / "python3.11")
    left_out = shutil.ignore_patterns("*-packages", "*.opt-?.pyc", "_tkinter*", "config-*", "idlelib", "test", "tests")
    shutil.copytree(_STDLIB, stdlib, ignore=left_out, ignore_dangling_symlinks=True)
    _put_libraries(root, [_INTERPRETER, *(stdlib / "lib-dynload").glob("*.so")])


def _put_build_tools(root: Path, wheels: Path, *, chroot: bool) -> None:
    """What only a stage that builds has: pip, a shell, mkdir and the wheels."""
    shutil.copytree(Path(pip.__file__).parent, root / "pip" / "pip")
    shutil.copytree(wheels, root / "wheels")
    (root / "bin").mkdir(exist_ok=True)
    for tool in _BUILD_TOOLS:
        path = Path(os.path.realpath(shutil.which(tool) or tool))
        if chroot:
            shutil.copy(path, root / "bin" / tool)
            _put_libraries(root, [path])
        else:
            (root / "bin" / tool).symlink_to(path)


def _put_libraries(root: Path, programs: Iterable[Path]) -> None:
    """The shared libraries of programs, and those for wheels, where they are on this machine."""
    listed = subprocess.run(  # noqa: S603  (paths of ours)
        ["ldd", *programs],  # noqa: S607  (where a Linux has it)
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    ).stdout
    found = {Path(path) for path in re.findall(r"(?:=> |^\s+)(/\S+) \(0x", listed, re.MULTILINE)}
    assert found, "ldd names no libraries"
    (libc,) = [path for path in found if path.name.startswith("libc.so")]
    found |= {libc.with_name(f"lib{name}") for name in _MANYLINUX}
    for path in found:
        if path.exists() and not (root / str(path)[1:]).exists():
            (root / str(path)[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, root / str(path)[1:])
