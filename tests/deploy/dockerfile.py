"""Reads the Dockerfile and .dockerignore, as much of their languages as ours use; anything else is refused."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

_STEPS = {"COPY", "ENV", "RUN", "WORKDIR", "VOLUME", "USER", "EXPOSE", "HEALTHCHECK", "CMD", "ENTRYPOINT"}


@dataclass(frozen=True)
class Step:
    """One instruction: its word, its `--options`, and the rest."""

    word: str
    options: dict[str, str]
    text: str

    @property
    def exec_form(self) -> list[str] | None:
        """The JSON list that the instruction holds, if it does; what follows CMD in a HEALTHCHECK."""
        text = self.text.removeprefix("CMD ") if self.word == "HEALTHCHECK" else self.text
        return [str(word) for word in json.loads(text)] if text.startswith("[") else None

    @property
    def words(self) -> list[str]:
        """The text in words, as a shell would have them."""
        return shlex.split(self.text)


@dataclass(frozen=True)
class Stage:
    """What begins with a FROM: an image or an earlier stage, and the steps on it."""

    base: str
    name: str | None
    steps: list[Step] = field(default_factory=list)

    def all(self, word: str) -> list[Step]:
        """The steps with this word."""
        return [step for step in self.steps if step.word == word]

    def one(self, word: str) -> Step:
        """The only step with this word."""
        (step,) = self.all(word)
        return step

    @property
    def env(self) -> dict[str, str]:
        """What its ENV steps set, together."""
        pairs = [word.partition("=") for step in self.all("ENV") for word in step.words]
        assert all(name and sign for name, sign, _ in pairs), "ENV is written NAME=value"
        return {name: value for name, _, value in pairs}


def read_dockerfile(text: str) -> list[Stage]:
    """The stages; each has the steps of the stage that it is built on, too."""
    stages: list[Stage] = []
    for word, rest in _instructions(text):
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            earlier = next((stage for stage in stages if stage.name == base), None)
            if earlier:
                stages.append(Stage(earlier.base, name or None, list(earlier.steps)))
            else:
                stages.append(Stage(base, name or None))
        else:
            assert word in _STEPS, f"{word} is an instruction that these tests do not know"
            assert "$" not in rest, f"{word} uses a variable, which these tests do not resolve"
            stages[-1].steps.append(_step(word, rest))
    return stages


def _step(word: str, text: str) -> Step:
    options: dict[str, str] = {}
    while match := re.match(r"--([a-z-]+)=(\S+)\s+", text):
        options[match[1]] = match[2]
        text = text[match.end() :]
    return Step(word, options, text)


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in re.sub(r"\s*\\\n\s*", " ", lines).splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word.upper(), rest.strip()


class Ignore:
    """.dockerignore: of the patterns that match a path or a folder above it, the last one decides."""

    def __init__(self, text: str) -> None:
        lines = [line.strip() for line in text.splitlines()]
        self._rules = [
            (not line.startswith("!"), _pattern(line.removeprefix("!")))
            for line in lines
            if line and not line.startswith("#")
        ]

    def hides(self, path: PurePosixPath) -> bool:
        """Whether a file stays out of the build."""
        above = [path, *path.parents][:-1]
        hidden = False
        for hides, pattern in self._rules:
            if any(pattern.fullmatch(str(part)) for part in above):
                hidden = hides
        return hidden

    def context(self, root: Path) -> Iterator[PurePosixPath]:
        """Every file that may enter the build, relative to the root."""
        for path in sorted(root.iterdir()):
            yield from self._below(root, path)

    def _below(self, root: Path, path: Path) -> Iterator[PurePosixPath]:
        relative = PurePosixPath(path.relative_to(root).as_posix())
        if path.is_dir():
            if len(relative.parts) > 1 or not self._hides_all_below(relative):
                for entry in sorted(path.iterdir()):
                    yield from self._below(root, entry)
        elif not self.hides(relative):
            yield relative

    def _hides_all_below(self, folder: PurePosixPath) -> bool:
        """Whether nothing in a top-level folder can be let in: large ones are not walked."""
        return self.hides(folder) and not any(
            not hides and pattern.pattern.startswith(re.escape(f"{folder}/")) for hides, pattern in self._rules
        )


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of filepath.Match, with `**` for any number of folders."""
    parts = re.split(r"(\*\*/|\*|\[[^]]*\])", text)
    translated = {"**/": "(?:[^/]+/)*", "*": "[^/]*"}
    return re.compile("".join(translated.get(part) or (part if part[:1] == "[" else re.escape(part)) for part in parts))
