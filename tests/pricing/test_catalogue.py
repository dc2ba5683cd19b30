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

# Whole columns are numpy's and Arrow's, and money in them stays decimal; only what is drawn at random is a float.
OTHER_IMPORTS = {
    "pricing.bulk.answers": {"numpy", "pyarrow"},
    "pricing.bulk.columns": {"numpy", "pyarrow"},
    "pricing.bulk.persons": {"numpy"},
    "pricing.bulk.roll": {"pyarrow"},
    "pricing.mba.stochastic": {"numpy"},
}


@pytest.mark.parametrize("room", ["pricing", *ROOMS])
def test_pricing_imports_nothing_but_itself_and_the_standard_library(room: str) -> None:
    roots = {name.partition(".")[0] for name in every_import(tree_of(room))}
    assert roots - sys.stdlib_module_names - {"pricing"} == OTHER_IMPORTS.get(room, set())


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
    "pricing.bulk.answers.RESULT_SCHEMA": "digits of a decimal column",
    "pricing.bulk.persons._MOST_MET": "size of a cache",
    "pricing.bulk.tariff._MOST_DATES": "size of a cache",
    "pricing.bulk.cells._whole": "digits that a count may have",
    "pricing.bulk.columns._FEW_KEYS": "size of a list of combinations",
    "pricing.bulk.plans._MOST_PLANS": "size of a cache",
    "pricing.arithmetic.HUNDRED_THOUSAND_POWER": "deaths are counted for 100,000 workers, a unit",
    "pricing.arithmetic.MILLION": "a million, a unit",
    "pricing.arithmetic.MILLION_POWER": "a million, a unit",
    "pricing.arithmetic.PERCENT_POWER": "a percent is a hundredth, a unit",
    "pricing.arithmetic.THOUSAND": "a thousand, a unit",
    "pricing.arithmetic.PRECISION": "digits of the one decimal context",
    "pricing.mba.claims.disability._PAIR": "a pair is two",
    "pricing.mba.claims.hospitalization._HOURS_PER_DAY": "hours of a day, a unit",
    "pricing.mba.plans._SENTENCES": "reasons that a refusal writes out",
    "pricing.monitoring.lines.TOTALS": "numbers that the guide gives to lines",
    "pricing.rounding._GUARDED": "digits of the context less the guard digits",
    "pricing.rounding.EXACT": "decimal places of a rounding policy",
    "pricing.rounding.MONTHLY": "decimal places of a rounding policy",
    "pricing.rounding.MILLION_KHR": "decimal places of a rounding policy",
    "pricing.rounding.PROPOSED_RATE": "decimal places of a rounding policy",
    "pricing.shi.spells._NEGLIGIBLE": "digits of a tail that is none",
    "pricing.shi.spells._WIDE": "digits of a decimal context",
    "pricing.shi.projection.MONTHS_PER_YEAR": "months of a year, a unit",
    "api.refresh.REFRESH_SECONDS": "seconds between two readings of the store",
    "api.refresh.AGAIN_SECONDS": "seconds between two readings of tables that could not be read",
    "pricing.rounding.CENTS": "decimal places of a rounding policy",
    "api.cli.serve": "a port",
    "api.cli_roll": "exit statuses",
    "api.cli_tables.reports.FOUND_ERRORS": "an exit status",
    "api.edge.Edge": "bytes of a process's name, decimals of logged seconds",
    "api.engine._RESOLUTIONS": "size of a cache",
    "api.engine._RESULTS": "size of a cache",
    "api.engine._TABLE_SETS": "size of a cache",
    "api.examples": "the HTTP version and status of the documentation's examples",
    "api.application.WARM_SECONDS": "seconds after the start",
    "api.http._quality.specificity": "order of media ranges",
    "api.mba.break_even.MAX_FACTOR": "bound of the contract on a factor",
    "api.mba.break_even.MAX_PLACES": "bound of the contract on decimal places",
    "api.mba.programme.MAX_FEDERATIONS": "bound of the contract on a list",
    "api.mba.programme.FederationRequest.federation": "bound of the contract on a text",
    "api.mba.stochastic.DEFAULT_PATHS": "a number of draws, not of the tariff",
    "api.mba.stochastic.MAX_PATHS": "bound of the contract on a number of draws",
    "api.mba.stochastic.MAX_SEED": "bound of the contract on a seed",
    "api.mba.stochastic.MIN_PATHS": "bound of the contract on a number of draws",
    "api.nssf.indexation.MAX_YEARS": "bound of the contract on a number of years",
    "api.nssf.liabilities.MAX_PENSIONS": "bound of the contract on a list",
    "api.mba.stochastic.PERCENTS": "percentiles that an answer shows",
    "api.mba.quotes.MAX_ADDITIONAL": "bound of the contract on a list",
    "api.mba.quotes.MAX_HOUSEHOLD": "bound of the contract on a list",
    "api.mba.claims.disability.MAX_LOSSES": "bound of the contract on a list",
    "api.mba.covenants.MAX_FEDERATIONS": "bound of the contract on a list",
    "api.mba.reinsurance.MAX_CLAIMS": "bound of the contract on a list",
    "api.nssf.case_requests.DEFAULT_SCHEDULE": "a number of months that an answer shows",
    "api.nssf.case_requests.MAX_ABSENCES": "bound of the contract on a list",
    "api.nssf.case_requests.MAX_SCHEDULE": "bound of the contract on a number of months",
    "api.nssf.survivors.MAX_PERSONS": "bound of the contract on a number of persons",
    "api.nssf.wages.MAX_MONTHS": "bound of the contract on a list",
    "api.metrics._BOUNDS": "seconds, bounds of a histogram",
    "api.openapi": "the HTTP statuses by which the contract files answers",
    "api.audit": "bounds of the contract on a page, and the HTTP statuses by which it files answers",
    "api.keyed.IF_MATCH": "an example of the contract",
    "api.lifecycle": "the HTTP statuses by which the contract files answers",
    "api.lifecycle_contract": "bounds of the contract on lists and texts",
    "api.lifecycle_examples": "examples of the contract",
    "api.monitoring.development.MAX_PERIODS": "bound of the contract on a list",
    "api.monitoring.examples": "examples of the contract",
    "api.monitoring.indicators.MAX_EARLIER": "bound of the contract on a list",
    "api.monitoring.indicators.MAX_PERIOD_NAME": "bound of the contract on a text",
    "api.monitoring.rows": "bounds of the contract on a list and its texts, the months of a year",
    "api.monitoring.statements": "numbers that the guide gives to lines, and the months of a year",
    "api.requests._MAX_CANDIDATES": "bound of the contract on a list",
    "api.edge": "bytes of a process's name",
    "api.connections": "seconds and numbers of the HTTP server's connections",
    "api.protocol": "seconds and numbers of the HTTP server's requests",
    "api.roll.arrow_reading": "bytes and rows of a piece of a roll",
    "api.roll.contract": "examples of a roll, and the HTTP status of its answer",
    "api.roll.courtesy": "bytes between a roll's pauses, and their seconds",
    "api.roll.csv_text": "values of a byte",
    "api.roll.households": "rows that wait for the rest of their household",
    "api.roll.job_contract": "examples of a job, percents, and the HTTP statuses of its answers",
    "api.roll.job_requests": "seconds of a store that is busy",
    "api.roll.job_routes": "the HTTP status by which the contract files answers",
    "api.roll.jobs": "deaths of a job, jobs cleared at once, seconds between looks",
    "api.roll.json_reading": "elements of a piece of a roll",
    "api.roll.order": "limits that are none",
    "api.roll.ahead": "seconds of silence",
    "api.roll.pricing": "blocks and rows that wait",
    "api.roll.route": "the HTTP version that has trailers",
    "api.roll.source": "bytes of a piece of a roll and of a row",
    "api.roll.spool": "bytes of a piece of an answer",
    "api.roll.worker": "seconds of silence, bytes of a piece of an answer",
    "api.roll.writing": "digits of a decimal column",
    "api.roll.files": "bytes and seconds of reading, length of a name",
    "api.server": "seconds of the HTTP server's end",
    "api.settings.Settings": "default limits of the server, in seconds, bytes and connections",
    "api.worker._NICE": "how low a priority",
    "api.workers._BUFFER": "bytes that wait to be read",
    "api.tables.NAME_FORM": "bound of the contract on a text",
    "api.report_contract": "bound of the contract on a text, and an example",
    "api.table_reports": "the HTTP statuses by which the contract files answers",
    "api.shi.projections.MAX_RESERVE_MONTHS": "bound of the contract on a number of months",
    "api.shi.projections.MAX_YEARS": "bound of the contract on a number of years",
    "api.shi.sensitivity.DEFAULT_CHANGE": "a change that is tried, not of a table",
    "api.published_tables.list_published_tables": "the HTTP status by which the contract files answers",
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
