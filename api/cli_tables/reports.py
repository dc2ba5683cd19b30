"""`rielquote tables diff`, `lint` and `impact`: what a change does before anybody depends on it."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from api.cli_store import day, print_json, print_rows, ready_store, refuse, stop
from api.cli_tables.common import AsJson, NameOfVersion, published_of, stored_version
from api.impact import comparison as compared
from api.reports import diff_answer, lint_answer
from tables.lint import default_limits, version_before
from tables.store import load

FOUND_ERRORS = 3
"""Exit status where the checks find errors."""


def diff(
    before: Annotated[str, typer.Argument(metavar="NAME@N", help="A version; drafts too.")],
    after: Annotated[str, typer.Argument(metavar="NAME@N", help="Another, or one of another table of the kind.")],
    as_json: AsJson = False,
) -> None:
    """Show what differs between two versions, cell by cell."""
    with ready_store() as store:
        one, other = (stored_version(store, name).version() for name in (before, after))
    if one.kind != other.kind:
        stop(f"{one.name} is a {one.kind} table and {other.name} a {other.kind}: compare two of one kind.")
    answer = diff_answer(one, other)
    if as_json:
        print_json(answer)
        return
    differing = [*answer["facts"], *answer["cells"]]
    if not differing:
        typer.echo(f"{one.name} and {other.name} say the same.")
        return
    rows = [[each["pointer"], each["old"], each["new"], each["ratio"]] for each in answer["cells"]]
    rows = [*([each["fact"], each["old"], each["new"], None] for each in answer["facts"]), *rows]
    print_rows([["what", one.name, other.name, "ratio"], *rows])
    if answer["provenance"]:
        typer.echo(f"The provenance differs in {len(answer['provenance'])} entries; --json shows them.")


def lint(
    version: NameOfVersion,
    movement: Annotated[
        str | None, typer.Option(metavar="SHARE", help="Point out numbers that move by more than this; 0.1 is a tenth.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run the checks before publication.

    Exit status: 0 without errors, warnings or not; 3 with errors, for which a publication is refused; 1 if the checks
    could not be run.
    """
    limits = default_limits()
    if movement is not None:
        limits = limits.model_copy(update={"movement_share": _share(movement)})
    with ready_store() as store:
        candidate = stored_version(store, version).version()
        others = published_of(load(store), candidate.table)
    answer = lint_answer(candidate, others, limits)
    if as_json:
        print_json(answer)
    elif not answer["findings"]:
        typer.echo(f"{candidate.name}: nothing to point out.")
    else:
        names = ("severity", "code", "pointer", "message")
        print_rows([list(names), *([each[name] for name in names] for each in answer["findings"])])
    if answer["errors"]:
        raise typer.Exit(FOUND_ERRORS)


def _share(text: str) -> Decimal:
    try:
        share = Decimal(text)
    except InvalidOperation:
        share = Decimal(-1)
    if not share.is_finite() or share < 0:
        refuse("--movement must be a fraction such as 0.25, not below 0.")
    return share


def impact(
    version: NameOfVersion,
    against: Annotated[
        str | None, typer.Option(metavar="NAME@N", help="What to compare with; by default the version before it.")
    ] = None,
    on: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day to ask about; by default its first day.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a version changes in the answers to the reference questions, largest change first."""
    asked_day = None if on is None else day(on, "--on")
    with ready_store() as store:
        snapshot = load(store)
        after = stored_version(store, version).version()
        if against is None:
            others = [each for each in published_of(snapshot, after.table) if each.number != after.number]
            before = version_before(after.effective_from, [each for each in others if each.standing(None)])
        else:
            before = stored_version(store, against).version()
            if before.table != after.table:
                stop(f"{before.name} is a version of another table. --against takes one of {after.table}.")
    console = Console(stderr=True)
    columns = (TextColumn("reference questions"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        asked = compared.comparison(snapshot, before, after, asked_day)
        answer = compared.impact(asked, lambda done, of: bar.update(task, completed=done, total=of))
    if as_json:
        print_json(answer)
    else:
        _print_impact(answer)


def _print_impact(answer: dict[str, Any]) -> None:
    before = "nothing" if answer["before"] is None else answer["before"]["name"]
    typer.echo(
        f"{answer['after']['name']} against {before} on {answer['on'].isoformat()}: {answer['changed']} of "
        f"{answer['figures']} figures change, in {answer['questions']} reference questions."
    )
    changed = [each for each in answer["impact"] if each["before"] != each["after"]]
    if changed:
        names = ("reference", "field", "before", "after", "change", "ratio")
        print_rows([list(names), *([each[name] for name in names] for each in changed)])
    if answer["refused"]:
        typer.echo("These are not answered:")
        print_rows([[f"  {each['reference']}", each["version"], each["detail"]] for each in answer["refused"]])
