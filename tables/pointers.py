"""Places in JSON (RFC 6901)."""


def pointer(*steps: object) -> str:
    """The JSON pointer that takes these steps, names of fields and numbers of entries, one after another."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
