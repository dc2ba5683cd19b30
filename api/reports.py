"""What is said of a version before anybody depends on it: differences and findings as answers show them."""

from collections.abc import Iterable
from typing import Any

from api.engine import instant_text
from tables.canonical import canonical_json
from tables.cells import Change, compared
from tables.lint import Finding, Limits, errors, lint
from tables.snapshot import Version

_FACTS = ("sha256", "effective_from", "effective_to", "status", "published_at", "withdrawn_at", "author", "publisher")
_INSTANTS = ("published_at", "withdrawn_at")


def diff_answer(before: Version, after: Version) -> dict[str, Any]:
    """What differs between two versions of one kind: cells, facts such as the validity, and provenance."""
    facts = ((fact, _fact(before, fact), _fact(after, fact)) for fact in _FACTS)
    return {
        "table": before.table,
        "from": before.name,
        "to": after.name,
        "kind": after.kind,
        "facts": [{"fact": fact, "old": old, "new": new} for fact, old, new in facts if old != new],
        "cells": [_cell(change) for change in compared(before.content, after.content)],
        "provenance": _provenance(before, after),
    }


def _fact(version: Version, fact: str) -> str | None:
    value = getattr(version, fact)
    if value is None or isinstance(value, str):
        return value
    return instant_text(value) if fact in _INSTANTS else value.isoformat()


def _cell(change: Change) -> dict[str, Any]:
    return {
        "pointer": change.pointer,
        "old": _text(change.old),
        "new": _text(change.new),
        "ratio": change.ratio_text,
    }


def _text(cell: Any) -> str | None:
    """A cell as text; what is no text itself as JSON."""
    return cell if cell is None or isinstance(cell, str) else canonical_json(cell).decode()


def _provenance(before: Version, after: Version) -> list[dict[str, Any]]:
    """Entries that are not the same in both, by the cells that they are about."""
    old, new = ([dict(entry) for entry in version.provenance] for version in (before, after))
    cells = dict.fromkeys(entry["cells"] for entry in (*old, *new))
    sides = ((each, [[entry for entry in side if entry["cells"] == each] for side in (old, new)]) for each in cells)
    return [{"cells": each, "old": was, "new": is_now} for each, (was, is_now) in sides if was != is_now]


def lint_answer(version: Version, others: Iterable[Version], limits: Limits) -> dict[str, Any]:
    """What the checks before publication find in a version."""
    findings = lint(version, others, limits)
    return {
        "version": version.name,
        "table": version.table,
        "status": version.status,
        "sha256": version.sha256,
        "errors": len(errors(findings)),
        "warnings": len(findings) - len(errors(findings)),
        "findings": [_finding(each) for each in findings],
    }


def _finding(finding: Finding) -> dict[str, str]:
    found = {"code": finding.code, "severity": finding.severity, "pointer": finding.pointer}
    return {**found, "message": finding.message}
