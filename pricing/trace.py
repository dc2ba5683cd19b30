"""Formulas that can show their work: one formula = one function = one node of an explanation.

`@formula` leaves a function as it is until somebody asks for an explanation. Inside `recording()` every call notes its
scalar inputs, its value and the formulas it called in turn.
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal, getcontext, localcontext
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from pricing.arithmetic import CONTEXT, PRECISION
from pricing.rounding import plain

P = ParamSpec("P")
R = TypeVar("R")
Node = dict[str, Any]


@dataclass(frozen=True)
class Formula:
    """A catalogue entry.

    Attributes:
        symbol: actuarial notation of the value, e.g. `(GAP)_ND`.
        name: the function's name, in the field's words.
        room: the module it stands in.
        text: the formula itself, from the docstring's `Formula:` line.
        summary: the docstring's first line.
        source: short name of a source and a place in it.
        unit: unit of the value.
        inputs: names of the arguments.
    """

    symbol: str
    name: str
    room: str
    text: str
    summary: str
    source: str
    unit: str
    inputs: tuple[str, ...]


_catalogue: dict[str, Formula] = {}
_steps: ContextVar[list[Node] | None] = ContextVar("explanation_steps", default=None)


def catalogue() -> tuple[Formula, ...]:
    """Every formula imported so far, in order of module and definition."""
    return tuple(_catalogue.values())


def formula(
    symbol: str, *, source: str, unit: str, shows: str | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function a formula: run it in the fixed decimal context, list it, and let it explain itself.

    Args:
        symbol: actuarial notation of the value.
        source: short name of a source and a place in it, e.g. `suan-2009 §II`.
        unit: unit of the value.
        shows: for a function that returns a dataclass, the attribute that its node shows as the value.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        entry = _describe(function, symbol, source, unit)
        _catalogue[f"{entry.room}.{entry.name}"] = entry
        bind = inspect.signature(function).bind

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            if getcontext().prec != PRECISION:
                with localcontext(CONTEXT):
                    return call(*args, **kwargs)
            siblings = _steps.get()
            if siblings is None:
                return function(*args, **kwargs)
            steps: list[Node] = []
            token = _steps.set(steps)
            try:
                result = function(*args, **kwargs)
            finally:
                _steps.reset(token)
            value = getattr(result, shows) if shows else result
            inputs = {name: _scalar(given) for name, given in _flat(bind(*args, **kwargs).arguments)}
            siblings.append(
                {
                    "symbol": entry.symbol,
                    "name": entry.name,
                    "formula": entry.text,
                    "inputs": inputs,
                    "value": _scalar(value),
                    "unit": entry.unit,
                    "source": entry.source,
                    "steps": steps,
                }
            )
            return result

        return call

    return decorate


@contextmanager
def recording() -> Iterator[list[Node]]:
    """Record the formulas called inside; yields the list that fills with the outermost nodes."""
    roots: list[Node] = []
    token = _steps.set(roots)
    try:
        yield roots
    finally:
        _steps.reset(token)


@contextmanager
def unrecorded() -> Iterator[None]:
    """Call formulas inside without noting them: a search tries values that nobody wants explained."""
    token = _steps.set(None)
    try:
        yield
    finally:
        _steps.reset(token)


def _describe(function: Callable[..., Any], symbol: str, source: str, unit: str) -> Formula:
    doc = inspect.getdoc(function) or ""
    lines = doc.splitlines()
    text = next((line.removeprefix("Formula:").strip() for line in lines if line.startswith("Formula:")), "")
    if not text:
        raise TypeError(f"{function.__qualname__} has no 'Formula:' line in its docstring")
    inputs = tuple(inspect.signature(function).parameters)
    return Formula(symbol, function.__name__, function.__module__, text, lines[0], source, unit, inputs)


def _flat(arguments: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Scalars as they are, mappings to scalars one by one; tables and functions are not inputs to show."""
    for name, given in arguments.items():
        if isinstance(given, Decimal | int | str):
            yield name, given
        elif isinstance(given, dict):
            yield from _flat(cast(dict[str, Any], given))


def _scalar(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
