"""The one base of every refusal that a rule or a table can give."""


class DomainError(Exception):
    """Input that is well formed but that a rule or a table refuses.

    Subclasses are dataclasses: their fields say what was found and what would be right, `str()` says it in a sentence.
    They know nothing of HTTP. They cannot be frozen: Python notes the traceback on an exception as it passes.
    """
