"""What is asked of a roll, and how far it has come."""

from dataclasses import dataclass
from datetime import date, datetime

from api.roll.forms import Form
from tables.resolution import Pin


@dataclass(frozen=True)
class Order:
    """What is asked of a roll.

    Attributes:
        form: of the roll.
        answer: form of the answer; None for the summary alone.
        as_of: date of rows that give none.
        known_at, pins: as for a quote.
        components: whether premiums come with their components; by default in JSON alone.
        max_bytes, max_rows: of a roll.
    """

    form: Form
    answer: Form | None
    as_of: date
    known_at: datetime | None = None
    pins: tuple[tuple[str, Pin], ...] = ()
    components: bool | None = None
    max_bytes: int = 1 << 40
    max_rows: int = 1 << 40


@dataclass(frozen=True)
class Progress:
    """How far a roll has come."""

    bytes_read: int
    rows: int
