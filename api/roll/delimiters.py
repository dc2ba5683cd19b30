"""What stands between the cells of a CSV file, as people's spreadsheets write it."""

import re

DELIMITERS = (",", ";", "\t")

_QUOTED = re.compile('"[^"]*"')
_STATED = re.compile(r'"?sep=(.)"?[ ;,\t]*\r?', re.IGNORECASE)
"""Excel's own first line, which says it."""


def stated_delimiter(line: str) -> str | None:
    """What a line `sep=` says, whether it is one of ours or not; None if the line is another."""
    stated = _STATED.fullmatch(line)
    return stated[1] if stated else None


def delimiter_of(header: str) -> str:
    """The one of ours that a header has most of, outside of quotes."""
    return max(DELIMITERS, key=_QUOTED.sub("", header).count)
