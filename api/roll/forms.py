"""The forms of a roll: what each is called in HTTP and in file names."""

from enum import Enum
from pathlib import PurePath

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""What spreadsheets put before UTF-8."""


class Form(Enum):
    """A form of a roll, by media type."""

    JSON = "application/json"
    NDJSON = "application/x-ndjson"
    CSV = "text/csv"
    ARROW = "application/vnd.apache.arrow.stream"
    PARQUET = "application/vnd.apache.parquet"

    @property
    def media_type(self) -> bytes:
        """The Content-Type of an answer in this form."""
        return self.value.encode() + (b"; charset=utf-8" if self is Form.CSV else b"")


INPUTS = (Form.JSON, Form.NDJSON, Form.CSV, Form.ARROW)
OUTPUTS = tuple(Form)

SUFFIXES = {
    ".json": Form.JSON,
    ".ndjson": Form.NDJSON,
    ".jsonl": Form.NDJSON,
    ".csv": Form.CSV,
    ".arrow": Form.ARROW,
    ".arrows": Form.ARROW,
    ".parquet": Form.PARQUET,
}


def form_of(path: PurePath) -> Form | None:
    """The form that a file's name states."""
    return SUFFIXES.get(path.suffix.lower())
