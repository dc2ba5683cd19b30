"""The figures of assumptions one by one, each with its path; and the same assumptions with others in their place."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeVar, cast

from pricing.rounding import plain

Path = tuple[str, ...]
Figure = Decimal | int

T = TypeVar("T")


@dataclass(frozen=True)
class Bounds:
    """Between which figures a table takes one, and whether it takes the bounds themselves."""

    lower: Decimal
    takes_lower: bool
    upper: Decimal
    takes_upper: bool

    def refusal(self, figure: Figure) -> str | None:
        """Why the table would not take a figure; None: it would."""
        if figure < self.lower or (figure == self.lower and not self.takes_lower):
            return f"must be {'at least' if self.takes_lower else 'more than'} {plain(self.lower)}"
        if figure > self.upper or (figure == self.upper and not self.takes_upper):
            return f"must be {'at most' if self.takes_upper else 'less than'} {plain(self.upper)}"
        return None


BoundsOf = Callable[[Path], Bounds]
"""Bounds of the figure at a path."""


def leaves(assumptions: Any, path: Path = ()) -> Iterator[tuple[Path, Figure]]:
    """Every figure in frozen dataclasses and mappings, with its path, in order; names and flags are none."""
    if isinstance(assumptions, Decimal | int):
        if not isinstance(assumptions, bool):
            yield path, assumptions
        return
    for name, part in _parts(assumptions).items():
        yield from leaves(part, (*path, name))


def with_figures(assumptions: T, figures: Mapping[Path, Figure]) -> T:
    """The same with other figures at some paths, which must be there."""
    inside: dict[str, dict[Path, Figure]] = {}
    for (name, *rest), figure in figures.items():
        inside.setdefault(name, {})[tuple(rest)] = figure
    now = _parts(assumptions)
    parts = {name: each[()] if () in each else with_figures(now[name], each) for name, each in inside.items()}
    if isinstance(assumptions, Mapping):
        return cast(T, MappingProxyType({**assumptions, **parts}))
    return cast(T, replace(cast(Any, assumptions), **parts))


def _parts(assumptions: Any) -> Mapping[str, Any]:
    if isinstance(assumptions, Mapping):
        return assumptions
    if is_dataclass(assumptions):
        return {field.name: getattr(assumptions, field.name) for field in fields(assumptions)}
    return {}
