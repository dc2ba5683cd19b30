"""What a roll's worker and its parent say to each other."""

from enum import Enum


class Kind(Enum):
    """Kinds of frames: what is asked, bytes of the roll or of its answer, their end, and how it went."""

    ORDER = b"O"
    DATA = b"D"
    END = b"E"
    PROGRESS = b"P"
    SUMMARY = b"S"
    FAULT = b"F"
