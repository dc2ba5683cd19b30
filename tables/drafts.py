"""What may become a version of a table: the text of a draft, held against its kind and canonicalised."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from tables.canonical import canonical_json, sha256
from tables.errors import CorruptTable, VersionInvalid
from tables.kinds import KINDS
from tables.numbers import parse_json
from tables.overrides import ERRATUM
from tables.snapshot import canonical_content
from tables.sources import errata, resolve_citation, sources
from tables.validation import MAX_REASONS, reasons


@dataclass(frozen=True)
class Draft:
    """What an author sends.

    Attributes:
        content: parsed JSON, decimals as text or kept as decimals.
        effective_from, effective_to: half-open validity; no end when `effective_to` is None.
        provenance: where its cells come from, each as `tables.shipped.Provenance` has it.
    """

    content: Any
    effective_from: date
    effective_to: date | None
    provenance: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Checked:
    """A draft as it is stored: canonical texts, and the content's hash."""

    content: str
    sha256: str
    effective_from: date
    effective_to: date | None
    provenance: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all of it."""
        end = self.effective_to and self.effective_to.isoformat()
        return sha256(canonical_json([self.sha256, self.effective_from.isoformat(), end, self.provenance]))


def checked(kind: str, draft: Draft) -> Checked:
    """A draft, valid and canonical exactly as what is shipped.

    A source that the release knows must have the place that is named; the release cannot know the others, such as a
    decision by which the figures change.

    Raises: VersionInvalid, with every fault.
    """
    found: list[tuple[str, str]] = []
    text = b"{}"
    try:
        text, _ = canonical_content(kind, draft.content)
    except ValidationError as error:
        given = [(f"/content{pointer}", sentence) for pointer, sentence in reasons(error, draft.content, KINDS[kind])]
        found.extend(given)
    else:
        found.extend(_unknown_errata(parse_json(text), "/content"))
    if draft.effective_to is not None and draft.effective_to <= draft.effective_from:
        found.append(("/effective_to", "must be later than effective_from"))
    found.extend(_provenance(draft))
    if found:
        raise VersionInvalid(tuple(found[:MAX_REASONS]))
    provenance = canonical_json([dict(entry) for entry in draft.provenance]).decode()
    return Checked(text.decode(), sha256(text), draft.effective_from, draft.effective_to, provenance)


def _unknown_errata(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Marks of published mistakes that no list knows: an answer could not say what they are."""
    if isinstance(value, list):
        for position, child in enumerate(value):
            yield from _unknown_errata(child, f"{pointer}/{position}")
    elif isinstance(value, dict):
        for key, child in value.items():
            if key == ERRATUM and child not in errata():
                yield f"{pointer}/{key}", "is no known mistake of a source: see GET /v1/errata"
            else:
                yield from _unknown_errata(child, f"{pointer}/{key}")


def _provenance(draft: Draft) -> Iterator[tuple[str, str]]:
    for position, entry in enumerate(draft.provenance):
        if not _is_there(draft.content, entry["cells"]):
            yield f"/provenance/{position}/cells", "points to nothing in the content"
        if entry["source"] in sources():
            try:
                resolve_citation(f"{entry['source']} {entry['place']}")
            except (CorruptTable, ValueError):
                yield f"/provenance/{position}/place", "is no known place of this source"


def _is_there(content: Any, pointer: str) -> bool:
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(content, dict) and key in content:
            content = content[key]
        elif isinstance(content, list) and key.isascii() and key.isdecimal() and int(key) < len(content):
            content = content[int(key)]
        else:
            return False
    return True
