"""What files say of a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Read:
    """What some files say of a version.

    Attributes:
        name, kind, title: of its table.
        content: parsed, decimals as text.
        effective_from, effective_to: its validity.
        provenance: where its cells come from.
        sha256: of the content, as stated; None where nothing is.
    """

    name: str
    kind: str
    title: str
    content: dict[str, Any]
    effective_from: date
    effective_to: date | None
    provenance: tuple[Mapping[str, str], ...]
    sha256: str | None = None
