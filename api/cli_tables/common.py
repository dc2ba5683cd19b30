"""What the commands on tables share: how a version is named and found."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Engine

from api.cli_store import refuse, stop
from pricing.errors import DomainError
from tables.errors import OwnVersion, VersionAbsent
from tables.lifecycle import Stored, drafts, find_version
from tables.snapshot import Snapshot, Table, Version
from tables.store import load

_NAME = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)(?:@([1-9][0-9]{0,5}))?")

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
NameOfVersion = Annotated[str, typer.Argument(metavar="NAME@N", help="A version, as mba-packages@1; drafts too.")]


def named(text: str, what: str = "a version") -> tuple[str, int | None]:
    """Table and number of a version's name; no number where it has none."""
    found = _NAME.fullmatch(text)
    if found is None:
        refuse(f"{text!r} is no name of {what}: it must look like mba-packages or mba-packages@1.")
    return found[1], None if found[2] is None else int(found[2])


def exactly(text: str) -> tuple[str, int]:
    """Table and number of a version's name, which must have one."""
    name, number = named(text)
    if number is None:
        refuse(f"Say which version of {name}: {name}@1, for example. See `rielquote tables show {name}`.")
    return name, number


def stored_version(store: Engine, text: str) -> Stored:
    """A version of the store, drafts too."""
    name, number = exactly(text)
    try:
        return find_version(store, name, number)
    except VersionAbsent:
        numbers = sorted(_numbers(store, load(store), name))
        if not numbers:
            stop(f"There is no table {name}. See `rielquote tables list`.")
        stop(f"{name} has no version {number}; it has {', '.join(map(str, numbers))}.")


def table_of(snapshot: Snapshot, name: str) -> Table:
    """A table with what was published of it; ends the command if there is none."""
    found = snapshot.tables.get(name)
    if found is None:
        stop(f"There is no table {name} with a published version. See `rielquote tables list`.")
    return found


def last_published(table: Table) -> Version:
    """The version that was published last, of those that stand if any does."""
    standing = [each for each in table.versions if each.standing(None)]
    return max(standing or table.versions, key=Version.precedence)


def published_of(snapshot: Snapshot, name: str) -> tuple[Version, ...]:
    """Published versions of a table; of one that has drafts alone there are none."""
    table = snapshot.tables.get(name)
    return () if table is None else table.versions


def _numbers(store: Engine, snapshot: Snapshot, name: str) -> set[int]:
    unpublished = {each.row.number for each in drafts(store) if each.row.table_name == name}
    return {each.number for each in published_of(snapshot, name)} | unpublished


@contextmanager
def refusals() -> Iterator[None]:
    """What a rule refuses ends the command with its sentence."""
    try:
        yield
    except OwnVersion as refusal:
        stop(f"{refusal.version} cannot be published by who has written at it. Another person has to: --by says who.")
    except DomainError as refusal:
        stop(str(refusal))
