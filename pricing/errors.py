"""The one base of every refusal that a rule or a table can give, and the refusal that all systems share."""

from dataclasses import dataclass


class DomainError(Exception):
    """Input that is well formed but that a rule or a table refuses.

    Subclasses are dataclasses: their fields say what was found and what would be right, `str()` says it in a sentence.
    They know nothing of HTTP. They cannot be frozen: Python notes the traceback on an exception as it passes.
    """


@dataclass(eq=False)
class YearNotCovered(DomainError):
    """The table has no figure of a year.

    Attributes:
        year: that was asked for.
        first_year, last_year: that the table has.
        field: of the request, that asks for the year.
    """

    year: int
    first_year: int
    last_year: int
    field: str = "year"

    def __str__(self) -> str:
        return f"The table has no such figures of {self.year}: it has those of {self.first_year} to {self.last_year}."
