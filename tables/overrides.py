"""What-ifs: a JSON merge patch (RFC 7396) on a version's content."""

from typing import Any

from pydantic import ValidationError

from tables.canonical import sha256
from tables.errors import OverrideInvalid
from tables.kinds import KINDS
from tables.numbers import parse_json
from tables.snapshot import Version, canonical_content
from tables.validation import reasons

MAX_KEYS = 200
"""More keys than any object of a table has; what costs time to refuse is refused first."""

ERRATUM = "erratum"
"""The key by which a cell says that it is a published mistake."""


def overridden(role: str, version: Version, patch: Any) -> tuple[str, Any]:
    """The SHA-256 of the merged content, and its assumptions.

    Args:
        role: the role that the version plays.
        version: the resolved version.
        patch: parsed JSON, decimals kept as decimals.
    Raises: OverrideInvalid.
    """
    merged = _merge(role, parse_json(version.content), patch, "")
    try:
        text, assumptions = canonical_content(version.kind, merged)
    except ValidationError as error:
        raise OverrideInvalid(role, tuple(reasons(error, merged, KINDS[version.kind]))) from error
    return sha256(text), assumptions


def _merge(role: str, target: Any, patch: Any, pointer: str) -> Any:
    if patch is None:
        reason = "holds a null, and nothing can be removed from a table: send the value to use in its place"
        raise OverrideInvalid(role, ((pointer, reason),))
    if not isinstance(patch, dict):
        return patch
    if len(patch) > MAX_KEYS:
        raise OverrideInvalid(role, ((pointer, f"has more than {MAX_KEYS} keys, which no table has"),))
    if ERRATUM in patch:
        raise OverrideInvalid(role, ((pointer, "marks a published mistake, and only a published cell is one"),))
    merged = dict(target) if isinstance(target, dict) else {}
    if patch:
        # A cell that is overridden is no longer the published one, so it no longer carries the published mistake.
        merged.pop(ERRATUM, None)
    for key, value in patch.items():
        # A pointer names only keys that the table has, so that no input comes back in a message.
        merged[key] = _merge(role, merged.get(key), value, f"{pointer}/{key}" if key in merged else pointer)
    return merged
