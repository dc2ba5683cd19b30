"""What the commands share: the store, how options are read and answers printed, and how a command ends that cannot."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NoReturn

import orjson
import typer
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from api.settings import Settings
from tables.errors import CorruptTable
from tables.shipped import shipped_tables
from tables.store import SchemaOutOfDate, make_ready, open_store

MISTAKE = 2
_CONTROL = {"Cc", "Cs", "Zl", "Zp"}


@contextmanager
def ready_store() -> Iterator[Engine]:
    """The store, ready; whatever is wrong with it ends the command with a sentence."""
    with opened_store() as store:
        make_ready(store, shipped_tables())
        yield store


@contextmanager
def opened_store() -> Iterator[Engine]:
    """The store as it is; whatever goes wrong with it ends the command with a sentence."""
    try:
        store = open_store(Settings().database_url)
        try:
            yield store
        finally:
            store.dispose()
    except (SchemaOutOfDate, CorruptTable) as error:
        stop(f"The store {where()} cannot be used: {error}.")
    except ModuleNotFoundError as error:
        stop(f"The store needs the package {error.name}, which is not installed.")
    except SQLAlchemyError as error:
        # The message of a database may hold its address with the password.
        stop(f"The store cannot be reached ({type(error).__name__}). RIELQUOTE_DATABASE_URL says where it is.")


def where() -> str:
    """The store's address, without its password."""
    return make_url(Settings().database_url).render_as_string(hide_password=True)


def stop(reason: str) -> NoReturn:
    """End the command with a sentence."""
    typer.echo(reason, err=True)
    raise typer.Exit(1)


def refuse(reason: str) -> NoReturn:
    """End the command with a sentence about how it was typed, with the status of any mistake in the options."""
    typer.echo(reason, err=True)
    raise typer.Exit(MISTAKE)


def day(text: str, option: str) -> date:
    """A date of the calendar."""
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        found = None
    if found is None:
        refuse(f"{option} must be a date of the calendar, as 2027-12-31.")
    return found


def one_line(text: str, option: str, most: int) -> str:
    """A text for people, in one line."""
    line = text.strip()
    if not 1 <= len(line) <= most or any(unicodedata.category(sign) in _CONTROL for sign in line):
        refuse(f"{option} must have 1 to {most} characters in one line.")
    return line


def print_json(content: Any) -> None:
    """An answer in JSON."""
    typer.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z).decode())


def print_rows(rows: list[list[Any]]) -> None:
    """Rows in columns; nothing is a dash."""
    texts = [["-" if cell in (None, "") else _text(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in texts) for column in range(len(texts[0]))]
    for row in texts:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _text(cell: Any) -> str:
    return cell.isoformat().replace("+00:00", "Z") if isinstance(cell, date | datetime) else str(cell)
