"""The `rielquote` command."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import orjson
import typer
from alembic.util import CommandError
from sqlalchemy import make_url

from api.application import create_app
from api.cli_keys import keys
from api.cli_roll import quote_roll
from api.cli_store import opened_store
from api.cli_tables import tables
from api.cli_verify import verify
from api.openapi import canonical
from api.server import serve as serve_until_stopped
from api.settings import Settings
from tables.shipped import shipped_tables
from tables.store import check_schema, prepare

main = typer.Typer(no_args_is_help=True, add_completion=False, help="Prices microinsurance, and proves every riel.")
db = typer.Typer(no_args_is_help=True, help="The store.")
openapi = typer.Typer(no_args_is_help=True, help="The contract.")
main.add_typer(db, name="db")
main.add_typer(keys, name="keys")
main.add_typer(openapi, name="openapi")
main.add_typer(tables, name="tables")
main.command("quote-roll")(quote_roll)
main.command()(verify)

FIRST_REQUEST = {"package": "F", "plan_type": "single", "as_of": "2026-12-01"}


@main.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes; the limits hold for each.")] = 1,
) -> None:
    """Serve until interrupted; prints a first request to copy."""
    settings = Settings()
    body = orjson.dumps(FIRST_REQUEST).decode()
    store = make_url(settings.database_url).render_as_string(hide_password=True)

    def announce(port: int) -> None:
        typer.echo(
            f"rielquote on http://{host}:{port}, store {store}. Once it is up, in another terminal:\n\n"
            f"  curl -s http://{host}:{port}/v1/mba/quotes -H 'Content-Type: application/json' \\\n    -d '{body}'\n"
        )

    serve_until_stopped(settings, host, port, workers, announce)


@db.command()
def upgrade() -> None:
    """Bring the store's schema up to date and add the shipped tables that it does not have."""
    with opened_store() as store:
        with suppress(CommandError):  # the store is a later release's, as the check says
            prepare(store, shipped_tables())
        check_schema(store)
    typer.echo("The store is up to date.")


@openapi.command()
def export(path: Annotated[Path, typer.Argument(help="File to write.")]) -> None:
    """Write the OpenAPI document; needs no store."""
    path.write_bytes(canonical(create_app().openapi()))


if __name__ == "__main__":
    main()
