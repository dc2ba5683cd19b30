"""The documents as a reader has them: their text, their tables, and the commands that they show with the output."""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
CONTRACT = ROOT / "docs" / "contract.md"
CLAIMS = ROOT / "docs" / "claims.md"
EMPLOYMENT_INJURY = ROOT / "docs" / "employment-injury.md"
BRANCH = ROOT / "docs" / "nssf-branch.md"
PROJECTIONS = ROOT / "docs" / "projections.md"
ROLLS = ROOT / "docs" / "rolls.md"
SETTINGS = ROOT / "docs" / "settings.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
HEALTH = ROOT / "docs" / "social-health-insurance.md"
TABLES = ROOT / "docs" / "tables.md"
MONITORING = ROOT / "docs" / "monitoring.md"
TARIFFS = ROOT / "docs" / "tariffs.md"
GUIDES = (CLAIMS, PROJECTIONS, EMPLOYMENT_INJURY, BRANCH, HEALTH, MONITORING, TARIFFS, TABLES)
"""A guide for each system, and for the tables."""
ADDRESS = "127.0.0.1:8000"

GOVERNED = "Change an assumption while the service runs"
"""The README's section that two people type into a shell and a service of their own."""

# The reader's own business: fetching the code, and the service that the tests have started already.
NOT_RUN = ("make ", "git clone ")

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Command:
    """A command of a document, the line it stands in, and the output shown under it."""

    line: int
    text: str
    output: str

    def at(self, address: str) -> str:
        """The command for a service at another address."""
        return self.text.replace(ADDRESS, address)


def documents() -> list[Path]:
    """The README and everything written in docs/."""
    return [README, *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(document: Path, language: str) -> list[tuple[int, str]]:
    """Code blocks in a language, with the line that each begins in."""
    text = document.read_text(encoding="utf-8")
    return [
        (text.count("\n", 0, match.start(2)) + 1, match[2]) for match in _BLOCK.finditer(text) if match[1] == language
    ]


def prose(document: Path) -> str:
    """The text without its code blocks."""
    return _BLOCK.sub("", document.read_text(encoding="utf-8"))


def commands(document: Path) -> list[Command]:
    """Every command of the console blocks; one that is not complete goes on in the next line, as in a shell."""
    found: list[Command] = []
    for first_line, block in blocks(document, "console"):
        lines = block.splitlines()
        position = 0
        while position < len(lines):
            start = position
            assert lines[start].startswith("$ "), f"line {first_line + start} is neither a command nor its output"
            text = lines[start].removeprefix("$ ")
            while not _complete(text):
                position += 1
                text += "\n" + lines[position]
            position += 1
            shown = position
            while position < len(lines) and not lines[position].startswith("$ "):
                position += 1
            found.append(Command(first_line + start, text, "\n".join(lines[shown:position])))
    return found


def run_commands(document: Path) -> list[Command]:
    """The commands that the tests run, each in a shell of its own."""
    together = section(document, GOVERNED)
    return [
        command
        for command in commands(document)
        if not command.text.startswith(NOT_RUN) and command.line not in together
    ]


def section(document: Path, heading: str) -> range:
    """The lines of a section with its subsections; none, if the document has no such section."""
    lines = document.read_text(encoding="utf-8").splitlines()
    if f"## {heading}" not in lines:
        return range(0)
    first = lines.index(f"## {heading}") + 1
    following = [number for number, line in enumerate(lines[first:], first + 1) if line.startswith("## ")]
    return range(first, following[0] if following else len(lines) + 1)


def same(actual: str, shown: str) -> bool:
    """Whether an output is the one shown: as JSON where that is shown (fields in order), else line by line."""
    equal: bool = _normal(actual) == _normal(shown)
    return equal


def rows(document: Path, first_heading: str) -> list[list[str]]:
    """The rows of the table whose first column is headed so, cells stripped."""
    lines = iter(document.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line.startswith(f"| {first_heading} |"):
            next(lines)
            break
    found = []
    for line in lines:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split(" | ")])
    assert found, f"{document.name} has no table headed {first_heading}"
    return found


def quoted(text: str) -> list[str]:
    """Everything between single backticks."""
    return re.findall(r"`([^`\n]+)`", text)


def _complete(text: str) -> bool:
    try:
        shlex.split(text)
    except ValueError:
        return False
    return True


def _normal(output: str) -> Any:
    text = output.replace("\r\n", "\n").rstrip("\n")
    try:
        return json.loads(text, object_pairs_hook=tuple)
    except ValueError:
        return text
