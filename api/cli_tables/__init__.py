"""`rielquote tables`: the tables of the store that RIELQUOTE_DATABASE_URL names, read and changed by command."""

import typer

from api.cli_tables.changing import import_, publish, submit, withdraw
from api.cli_tables.exporting import export
from api.cli_tables.reports import diff, impact, lint
from api.cli_tables.showing import list_, show

tables = typer.Typer(no_args_is_help=True, help="Tables of assumptions: what is there, and what changes in them.")
tables.command("list")(list_)
tables.command()(show)
tables.command()(diff)
tables.command()(lint)
tables.command()(impact)
tables.command()(export)
tables.command("import")(import_)
tables.command()(submit)
tables.command()(publish)
tables.command()(withdraw)

__all__ = ["tables"]
