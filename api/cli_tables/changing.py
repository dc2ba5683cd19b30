"""`rielquote tables import`, `submit`, `publish` and `withdraw`, with the rules and the record of any other change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from api.cli_store import day, one_line, print_json, ready_store, refuse, stop
from api.cli_tables.common import AsJson, NameOfVersion, exactly, refusals, stored_version
from pricing.fractional_ages import ASSUMPTIONS
from tables.audit import OPERATOR, Actor
from tables.drafts import Draft
from tables.exchange.columns import COLUMNS
from tables.exchange.reading import NotReadable, checked, read, with_columns, with_fractional_ages
from tables.exchange.stated import Read
from tables.keys import MAX_NAME
from tables.lifecycle import NewTable, Stored, create_draft
from tables.lifecycle import publish as published
from tables.lifecycle import submit as submitted
from tables.lifecycle import withdraw as withdrawn
from tables.numbers import parse_json

By = Annotated[str, typer.Option(help="Who does it: a person's name, for the audit record.")]
Reason = Annotated[str | None, typer.Option(help="Why, for the audit record.")]


def import_(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A folder or file as exported: .toml, .json or .csv.")],
    by: By,
    like: Annotated[
        str | None, typer.Option(metavar="NAME@N", help="For csv: the version whose other cells are taken over.")
    ] = None,
    effective_from: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="First day in force; by default as the file says.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="For csv: short name of the document that it is from.")] = None,
    place: Annotated[str | None, typer.Option(help="For csv: place in that document.")] = None,
    units: Annotated[str | None, typer.Option(help="For csv: units of its cells.")] = None,
    checked_by: Annotated[str | None, typer.Option(help="For csv: how the transcription was checked.")] = None,
    fractional_age: Annotated[
        str | None,
        typer.Option(
            metavar="|".join(ASSUMPTIONS), help="For a life table with gaps between ages: how people die in between."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read a version from files and add it as a draft, with the next number.

    Whoever has published it elsewhere, and when, does not count here: it is a draft until it is submitted and
    published.
    """
    first_day = None if effective_from is None else day(effective_from, "--effective-from")
    if fractional_age is not None and fractional_age not in ASSUMPTIONS:
        refuse(f"--fractional-age must be one of {', '.join(ASSUMPTIONS)}.")
    author = _actor(by)
    with ready_store() as store, refusals():
        try:
            if path.suffix == ".csv":
                stated = {"source": source, "place": place, "units": units, "checked_by": checked_by}
                given = _from_columns(store, path, like, stated, has_first_day=first_day is not None)
            else:
                given = read(path)
            found = checked(with_fractional_ages(given, fractional_age))
        except NotReadable as error:
            stop(str(error))
        found = replace(found, effective_from=first_day or found.effective_from)
        draft = Draft(found.content, found.effective_from, found.effective_to, found.provenance)
        made = create_draft(store, found.name, draft, author, table=NewTable(found.kind, found.title))
    _say(made, "is a draft", as_json=as_json)


def _from_columns(
    store: Engine, path: Path, like: str | None, stated: dict[str, str | None], *, has_first_day: bool
) -> Read:
    missing = [f"--{name.replace('_', '-')}" for name, value in stated.items() if value is None]
    if like is None or missing or not has_first_day:
        needed = [*(["--like"] if like is None else []), *([] if has_first_day else ["--effective-from"]), *missing]
        refuse(f"A csv file holds columns alone. Say the rest as well: {', '.join(needed)}.")
    base = stored_version(store, like)
    version = base.version()
    new = {"cells": "", **{name: value for name, value in stated.items() if value is not None}}
    whole = Read(
        version.table,
        version.kind,
        base.table.title,
        parse_json(version.content),
        version.effective_from,
        None,
        version.provenance,
    )
    found = with_columns(whole, path)
    cells = {f"/{column}" for column in COLUMNS[version.kind][1]}
    kept = [entry for entry in version.provenance if entry["cells"] not in cells]
    return replace(found, provenance=(*kept, *({**new, "cells": cell} for cell in sorted(cells))))


def submit(version: NameOfVersion, by: By, as_json: AsJson = False) -> None:
    """Say that a draft is ready for publication."""
    _change(version, by, submitted, "is submitted for publication", as_json=as_json)


def publish(version: NameOfVersion, by: By, reason: Reason = None, as_json: AsJson = False) -> None:
    """Publish a submitted draft; nobody publishes what they have written, and errors of the checks refuse it."""
    _change(version, by, published, "is published", as_json=as_json, reason=reason)


def withdraw(version: NameOfVersion, by: By, reason: Reason = None, as_json: AsJson = False) -> None:
    """Withdraw a published version: from now on it is chosen no more."""
    _change(version, by, withdrawn, "is withdrawn", as_json=as_json, reason=reason)


def _change(
    version: str, by: str, change: Callable[..., Stored], said: str, *, as_json: bool, **more: str | None
) -> None:
    name, number = exactly(version)
    actor = _actor(by)
    with ready_store() as store, refusals():
        seen = stored_version(store, version)
        done = change(store, name, number, seen.tag, actor, **more)
    _say(done, said, as_json=as_json)


def _actor(by: str) -> Actor:
    return Actor(one_line(by, "--by", MAX_NAME), OPERATOR, datetime.now(UTC))


def _say(stored: Stored, said: str, *, as_json: bool) -> None:
    row = stored.row
    facts: dict[str, Any] = {
        "version": stored.name,
        "status": stored.version().status,
        "submitted": row.submitted_at is not None,
        "sha256": row.sha256,
        "effective_from": row.effective_from,
        "effective_to": row.effective_to,
        "author": row.author,
        "publisher": row.publisher,
    }
    if as_json:
        print_json(facts)
    else:
        typer.echo(f"{stored.name} {said}, sha256 {row.sha256}.")
