"""`rielquote tables export`."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from api.cli_store import print_json, ready_store, stop
from api.cli_tables.common import AsJson, last_published, named, stored_version, table_of
from tables.exchange.columns import NotColumns
from tables.exchange.writing import as_csv, as_json, as_shipped
from tables.snapshot import Version
from tables.store import load

Form = Literal["toml", "json", "csv"]


def export(
    name: Annotated[str, typer.Argument(metavar="NAME[@N]", help="A version; of a table the one published last.")],
    to: Annotated[Form, typer.Option(help="toml is a folder as tables ship in; csv is the columns alone.")] = "toml",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="File to write, or for toml the folder in which to make one.", metavar="PATH"
        ),
    ] = None,
    as_json_: AsJson = False,
) -> None:
    """Write a version as files, which `rielquote tables import` reads back to the same content.

    json and csv go to standard output unless --output says where. Files that are there are not written over.
    """
    table_name, number = named(name, "a table or a version")
    with ready_store() as store:
        if number is None:
            table = table_of(load(store), table_name)
            version, title = last_published(table), table.title
        else:
            stored = stored_version(store, name)
            version, title = stored.version(), stored.table.title
    described: dict[str, Any] = {"version": version.name, "sha256": version.sha256}
    if to != "toml" and output is None:
        text = _text(version, title, to)
        if as_json_:
            print_json({**described, "files": [], "text": text})
        else:
            typer.echo(text, nl=False)
        return
    where = output or Path()
    files = _folder(version, title, where) if to == "toml" else _file(_text(version, title, to), where)
    if as_json_:
        print_json({**described, "files": [str(file) for file in files]})
    else:
        typer.echo(f"{version.name} is in {', '.join(map(str, files))}.", err=True)


def _text(version: Version, title: str, to: Form) -> str:
    try:
        return as_csv(version) if to == "csv" else as_json(version, title).decode()
    except NotColumns as error:
        stop(f"{version.name}: {error}.")


def _folder(version: Version, title: str, parent: Path) -> list[Path]:
    files = {parent / version.table / name: text for name, text in as_shipped(version, title).items()}
    there = [file for file in files if file.exists() and file.read_text(encoding="utf-8") != files[file]]
    if there:
        stop(f"{there[0]} is there already and says something else. Say with --output where to write.")
    for file, text in files.items():
        _write(file, text)
    return list(files)


def _file(text: str, output: Path) -> list[Path]:
    if output.exists():
        stop(f"{output} is there already. Say with --output where to write.")
    _write(output, text)
    return [output]


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        stop(f"{file} cannot be written: {error.strerror}.")
