"""What the studies of sensitivity of all systems have in common."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol, TypeVar


class Sized(Protocol):
    """An effect: how large it is at most, without its sign."""

    @property
    def largest(self) -> Decimal: ...


E = TypeVar("E", bound=Sized)


def largest_first(effects: Iterable[E]) -> tuple[E, ...]:
    """Effects in order of size; equally large ones as they come."""
    return tuple(sorted(effects, key=lambda each: -each.largest))
