"""How a table may be called, so that a pin can name it."""

import re

NAME_PATTERN = "[a-z0-9]+(?:-[a-z0-9]+)*"
MAX_NAME = 64

_NAME = re.compile(NAME_PATTERN)

NAME_RULE = f"A table's name is of small letters, digits and single hyphens, at most {MAX_NAME} characters."


def is_name(text: str) -> bool:
    """Whether a table may be called so."""
    return len(text) <= MAX_NAME and _NAME.fullmatch(text) is not None
