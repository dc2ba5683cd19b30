"""`rielquote tables list` and `show`."""

from typing import Annotated, Any

import typer

from api.cli_store import print_json, print_rows, ready_store, where
from api.cli_tables.common import AsJson, last_published, named, stored_version, table_of
from tables.kinds import DEFAULT_TABLES
from tables.lifecycle import drafts
from tables.numbers import parse_json
from tables.snapshot import Version
from tables.store import load


def list_(as_json: AsJson = False) -> None:
    """List every table with its versions, drafts too."""
    with ready_store() as store:
        snapshot, unpublished = load(store), drafts(store)
    found: dict[str, dict[str, Any]] = {
        table.name: {
            "name": table.name,
            "kind": table.kind,
            "title": table.title,
            "default": DEFAULT_TABLES.get(table.kind) == table.name,
            "versions": [each.number for each in table.versions],
            "drafts": [],
        }
        for table in snapshot.tables.values()
    }
    for draft in unpublished:
        table = draft.table
        new = {"name": table.name, "kind": table.kind, "title": table.title, "default": False, "versions": []}
        found.setdefault(table.name, {**new, "drafts": []})["drafts"].append(draft.row.number)
    listed = [found[name] | {"drafts": sorted(found[name]["drafts"])} for name in sorted(found)]
    if as_json:
        print_json({"tables": listed})
        return
    if not listed:
        typer.echo(f"There are no tables in the store {where()}.", err=True)
        return
    rows = [[each["name"], each["kind"], _numbers(each["versions"]), _numbers(each["drafts"])] for each in listed]
    print_rows([["name", "kind", "versions", "drafts"], *rows])


def _numbers(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def show(
    name: Annotated[str, typer.Argument(metavar="NAME[@N]", help="A table, or a version of it; drafts too.")],
    as_json: AsJson = False,
) -> None:
    """Show a table's versions, or one version with its content."""
    table_name, number = named(name, "a table or a version")
    with ready_store() as store:
        if number is not None:
            stored = stored_version(store, name)
            _show_version(stored.version(), stored.table.title, as_json=as_json)
            return
        table = table_of(load(store), table_name)
        waiting = [each.version() for each in drafts(store) if each.row.table_name == table_name]
    versions = sorted((*table.versions, *waiting), key=lambda version: version.number)
    if as_json:
        print_json(
            {"name": table.name, "kind": table.kind, "title": table.title, "versions": list(map(_facts, versions))}
        )
        return
    typer.echo(f"{table.name}: {table.title} ({table.kind}). Published last: {last_published(table).name}.")
    names = ("version", "status", "effective_from", "effective_to", "published_at", "author", "publisher")
    print_rows([list(names), *([_facts(each)[name] for name in names] for each in versions)])


def _facts(version: Version) -> dict[str, Any]:
    names = ("sha256", "effective_from", "effective_to", "published_at", "withdrawn_at", "author", "publisher")
    stated = {name: getattr(version, name) for name in names}
    return {"version": version.number, "status": version.status} | stated


def _show_version(version: Version, title: str, *, as_json: bool) -> None:
    facts, content = _facts(version), parse_json(version.content)
    provenance = [dict(entry) for entry in version.provenance]
    whole = {"name": version.name, "kind": version.kind, "title": title, **facts, "provenance": provenance}
    if as_json:
        print_json({**whole, "content": content})
        return
    typer.echo(f"{version.name}: {title} ({version.kind})")
    print_rows([[f"  {fact}", value] for fact, value in facts.items() if fact != "version"])
    for entry in provenance:
        cells = entry["cells"] or "all cells"
        typer.echo(f"  {cells}: {entry['source']} {entry['place']}; {entry['units']}; {entry['checked_by']}")
    print_json(content)
