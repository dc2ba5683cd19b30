"""`rielquote verify`: the proof sheet, and an exit status that says whether every figure is explained."""

from typing import Annotated

import orjson
import typer

from api.application import CALCULATORS
from api.cli_store import ready_store, stop
from api.engine import Engine
from api.proof import ProvedTable, counts, not_shipped, prove
from api.published_tables import TABLES, cell_fields, sheet_fields
from tables.published import published_tables
from tables.store import load

WIDTH = max(map(len, TABLES))


def verify(
    table: Annotated[str, typer.Option(help="One table alone, by its id. Default: all of them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="All figures as JSON, as /v1/published-tables has.")] = False,
) -> None:
    """Compare every published figure with the service's own; fails if one differs and nobody knows why."""
    if table and table not in TABLES:
        stop(f"There is no such table. Tables: {', '.join(TABLES)}.")
    asked = [published_tables()[each] for each in TABLES if table in {"", each}]
    with ready_store() as store:
        sheet = prove(Engine(load(store)), {each.path: each for each in CALCULATORS}, asked).tables
    if as_json:
        typer.echo(orjson.dumps(sheet_fields([*sheet]), option=orjson.OPT_INDENT_2))
    else:
        for proved in sheet:
            _show(proved)
        typer.echo(_line("all", counts(sheet)))
        for version in not_shipped(sheet):
            typer.echo(f"  {version} does not ship with this release: its figures may differ for that reason")
    if counts(sheet)["unexplained"]:
        raise typer.Exit(1)


def _show(proved: ProvedTable) -> None:
    typer.echo(_line(proved.table.id, counts([proved])))
    for cell in map(cell_fields, proved.cells):
        if cell["result"] == "unexplained":
            place = f"{cell['row']}, {cell['column']}"
            typer.echo(f"  unexplained: {place}: printed {cell['printed']}, computed {cell['value']}")


def _line(name: str, found: dict[str, int]) -> str:
    shown = ", ".join(f"{found[each]} {each}" for each in ("equal", "within_print_precision", "erratum", "unexplained"))
    return f"{name:<{WIDTH}}  {found['cells']:>3} cells: {shown}"
