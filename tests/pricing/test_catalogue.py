"""House rules, read off the code: formulas are documented and cited, figures stand in tables, pricing stands alone."""

import ast
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from dataclasses import is_dataclass
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from importlib import import_module
from pathlib import Path

import pytest

import pricing
from pricing.errors import DomainError
from pricing.trace import Formula, catalogue
from tables.sources import resolve_citation

ROOT = Path(pricing.__file__).parents[1]
ROOMS = [module.name for module in pkgutil.walk_packages(pricing.__path__, "pricing.")]
for room in ROOMS:
    import_module(room)
FORMULAS = [entry for entry in catalogue() if entry.room.startswith("pricing.")]

every_formula = pytest.mark.parametrize("entry", FORMULAS, ids=lambda entry: f"{entry.room}.{entry.name}")


def docstring(entry: Formula) -> list[str]:
    return (inspect.getdoc(getattr(import_module(entry.room), entry.name)) or "").splitlines()


def section(entry: Formula, title: str) -> str:
    """What stands on a docstring's line after its title."""
    found = [line.removeprefix(title).strip() for line in docstring(entry) if line.startswith(title)]
    return " ".join(found)


def tree_of(room: str) -> ast.Module:
    return ast.parse(inspect.getsource(import_module(room)))


def definition(entry: Formula) -> ast.FunctionDef:
    (found,) = [
        node for node in tree_of(entry.room).body if isinstance(node, ast.FunctionDef) and node.name == entry.name
    ]
    return found


def every_import(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{node.level * '.'}{node.module or ''}"


# Formulas


def test_every_function_that_is_decorated_as_a_formula_is_in_the_catalogue() -> None:
    decorated = {
        (room, node.name)
        for room in ROOMS
        for node in ast.walk(tree_of(room))
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "formula"
    }
    assert {(entry.room, entry.name) for entry in FORMULAS} == decorated
    assert len(FORMULAS) == len(decorated) > 0


@every_formula
def test_a_formula_states_itself_what_it_returns_and_its_unit(entry: Formula) -> None:
    assert section(entry, "Formula:") == entry.text != ""
    assert section(entry, "Returns:")
    assert entry.summary.endswith(".")
    assert entry.symbol
    assert entry.unit


@every_formula
def test_a_formula_documents_each_argument_in_order(entry: Formula) -> None:
    lines = docstring(entry)
    documented = [
        found[1]
        for line in lines[lines.index("Args:") + 1 : lines.index(f"Returns: {section(entry, 'Returns:')}")]
        if (found := re.match(r" {4}(\w+): \S", line))
    ]
    assert documented == list(entry.inputs)


@every_formula
def test_a_formula_documents_what_it_refuses(entry: Formula) -> None:
    refusals = [node.exc for node in ast.walk(definition(entry)) if isinstance(node, ast.Raise)]
    raised = {
        ast.unparse(refusal.func if isinstance(refusal, ast.Call) else refusal) for refusal in refusals if refusal
    }
    assert raised <= set(re.findall(r"\w+", section(entry, "Raises:")))


@every_formula
def test_a_formula_cites_a_known_place_of_a_known_source(entry: Formula) -> None:
    source, places = resolve_citation(entry.source)
    assert entry.source.startswith(source.short_name)
    assert places


@every_formula
def test_a_formula_uses_every_argument(entry: Formula) -> None:
    body = definition(entry).body[1:]  # after the docstring
    used = {node.id for statement in body for node in ast.walk(statement) if isinstance(node, ast.Name)}
    assert set(entry.inputs) - used == set()


# Imports


@pytest.mark.parametrize("room", ["pricing", *ROOMS])
def test_pricing_imports_nothing_but_itself_and_the_standard_library(room: str) -> None:
    roots = {name.partition(".")[0] for name in every_import(tree_of(room))}
    assert roots - sys.stdlib_module_names - {"pricing"} == set()


# Values and refusals


def test_values_are_frozen_and_refusals_can_carry_a_traceback() -> None:
    classes = {
        value
        for room in ROOMS
        for value in vars(import_module(room)).values()
        if isinstance(value, type) and is_dataclass(value) and value.__module__ == room
    }
    refusals = {value for value in classes if issubclass(value, DomainError)}
    assert {value for value in classes if not value.__dataclass_params__.frozen} == refusals  # type: ignore[attr-defined]
    assert {value for value in classes if not value.__dataclass_params__.eq} == refusals  # type: ignore[attr-defined]
    assert refusals != set()


# Figures

# Numbers that count or index, and are no assumption in either room.
ORDINARY = {"pricing": {0, 1}, "api": {0, 1, 2}}

# The calls in which api/ speaks of HTTP statuses.
STATUS_CALLS = {"ProblemType", "problems", "respond", "Response"}

# Whatever else is a number in the code: where it stands, and why it is no figure of a table.
EXCEPTIONS = {
    "pricing.arithmetic.PRECISION": "digits of the one decimal context",
    "pricing.mba.plans._SENTENCES": "reasons that a refusal writes out",
    "pricing.rounding._WIDE": "digits that no rounding can run out of",
    "pricing.rounding._GUARDED": "digits of the context less the guard digits",
    "pricing.rounding.EXACT": "decimal places of a rounding policy",
    "pricing.rounding.MONTHLY": "decimal places of a rounding policy",
    "api.cli.serve": "a port",
    "api.edge.Edge": "bytes of a process's name, decimals of logged seconds",
    "api.engine._RESOLUTIONS": "size of a cache",
    "api.engine._RESULTS": "size of a cache",
    "api.engine._TABLE_SETS": "size of a cache",
    "api.examples": "the HTTP version and status of the documentation's examples",
    "api.http._quality.specificity": "order of media ranges",
    "api.mba.quotes.MAX_ADDITIONAL": "bound of the contract on a list",
    "api.mba.quotes.MAX_HOUSEHOLD": "bound of the contract on a list",
    "api.metrics._BOUNDS": "seconds, bounds of a histogram",
    "api.openapi": "the HTTP statuses by which the contract files answers",
    "api.requests._MAX_CANDIDATES": "bound of the contract on a list",
    "api.requests._MAX_NAME": "bound of the contract on a text",
    "api.server": "seconds and sizes of the HTTP server",
    "api.settings.Settings": "default limits of the server, in seconds, bytes and connections",
    "api.tables.Name": "bound of the contract on a text",
}


def parts(node: ast.AST, place: str) -> Iterator[tuple[str, ast.AST]]:
    """A node and everything in it, each with its dotted place: module, classes, functions, and the name assigned to."""
    if place.startswith("api.") and is_shown_or_sliced(node):
        return
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        place = f"{place}.{node.name}"
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        place = f"{place}.{target.id}" if isinstance(target, ast.Name) else place
    yield place, node
    for child in ast.iter_child_nodes(node):
        yield from parts(child, place)


def is_shown_or_sliced(node: ast.AST) -> bool:
    """Whether a node is an example of the documentation, or says how much of a sequence is kept."""
    name = node.arg if isinstance(node, ast.keyword) else ""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        name = node.target.id
    return isinstance(node, ast.Slice) or name in {"example", "examples"}


def number(node: ast.AST) -> Decimal | None:
    """The number that a literal is, in digits or in a string; None for anything else."""
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return None
    text = node.value.decode("latin-1") if isinstance(node.value, bytes) else str(node.value)
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def is_status_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in STATUS_CALLS


def figures(package: str) -> Iterator[tuple[str, Decimal]]:
    """Every number in a package's code that is neither ordinary nor an HTTP status, with its place."""
    for file in sorted((ROOT / package).rglob("*.py")):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        tree = ast.parse(file.read_text(encoding="utf-8"))
        statuses = {
            id(literal)
            for call in ast.walk(tree)
            if is_status_call(call)
            for literal in ast.walk(call)
            if number(literal) in set(HTTPStatus)
        }
        for place, node in parts(tree, module):
            value = number(node)
            if value is not None and value not in ORDINARY[package] and id(node) not in statuses:
                yield place, value


def exception(place: str) -> str | None:
    """The entry of `EXCEPTIONS` under which a place falls."""
    return next((name for name in EXCEPTIONS if f"{place}.".startswith(f"{name}.")), None)


@pytest.mark.parametrize("package", ["pricing", "api"])
def test_no_figure_stands_in_the_code(package: str) -> None:
    assert [f"{place}: {value}" for place, value in figures(package) if exception(place) is None] == []


def test_no_exception_outlives_its_reason() -> None:
    needed = {exception(place) for package in ORDINARY for place, _ in figures(package)}
    assert set(EXCEPTIONS) - needed == set()
