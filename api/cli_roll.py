"""`rielquote quote-roll`: a whole roll priced here, from a file to a file, without a running service."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import IO, Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from api.asking import parsed
from api.cli_store import ready_store, stop
from api.engine import Engine, today
from api.mba.tariff import ROLES
from api.problems import Problem
from api.requests import OwnFields, body_model
from api.roll.files import STANDARD, Input, written
from api.roll.forms import Form, form_of
from api.roll.order import Order, Progress
from api.roll.source import Faulty, Put
from pricing.errors import DomainError
from tables.errors import NoCoverage
from tables.resolution import Pin
from tables.store import load

ONLY = "only"
REFUSED = 3
"""Exit status where some rows are refused."""
INTERRUPTED = 130
TERMINATED = 143

_FORMS = {form.name.lower(): form for form in Form}
_NAMES = ", ".join(_FORMS)

Pins = tuple[tuple[str, Pin], ...]


def quote_roll(
    roll: Annotated[Path, typer.Argument(help="The roll; - for standard input.", metavar="ROLL")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write; - for standard output.", metavar="FILE")
    ] = STANDARD,
    from_: Annotated[
        str | None, typer.Option("--from", help=f"The roll's form: {_NAMES}. By default as its name ends.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(help=f"The answer's form: {_NAMES}. By default as FILE's name ends, or the roll's.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Date of rows that give none; by default today.")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="As known then, in UTC, as 2026-12-01T00:00:00Z.")
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option(metavar="ROLE=NAME[@VERSION]", help="Which table plays a role. Several versions: give it again."),
    ] = None,
    components: Annotated[
        bool | None, typer.Option(help="Each premium's components; by default in json and ndjson.")
    ] = None,
    summary: Annotated[
        str | None,
        typer.Option(metavar="only|FILE", help="The summary in JSON: instead of the rows, or to a file as well."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Say the closing summary in JSON.")] = False,
) -> None:
    """Price every row of a roll, as POST /v1/mba/quotes/batch does, with the tables of the store.

    The rows go out in their order with their premium, or with the reason why they have none. A file stands under its
    name only once it is whole.

    Exit status: 0 if all rows are priced, 3 if some are refused, 1 if the work could not be done (standard error says
    why, and no file has been written), 2 after a mistake in the options, 130 after Ctrl+C.
    """
    form = _input_form(roll, from_)
    answer = None if summary == ONLY else _output_form(output, to, form)
    asked_of, asked_known_at, pins = _asked(as_of, known_at, table or [])
    order = Order(
        form=form,
        answer=answer,
        as_of=asked_of or today(),
        known_at=asked_known_at,
        pins=pins,
        components=components,
    )
    beside = None if summary in {None, ONLY} else Path(str(summary))
    if beside is not None and beside != STANDARD and beside.resolve() == output.resolve():
        raise typer.BadParameter("The summary and the rows cannot be one file.", param_hint="--summary")
    target = "standard output" if output == STANDARD else str(output)
    try:
        with _terminable():
            found = _priced(order, _engine(order), roll, output, beside)
    except KeyboardInterrupt:
        typer.echo(f"Stopped.{_unwritten(output)}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        raise typer.Exit(1) from None  # whoever read the rows has had enough
    except (Faulty, _BrokenOff) as fault:
        stop(f"{fault.detail}{_unwritten(output)}")
    except OSError as error:
        stop(f"{error.filename or target}: {error.strerror or error}.{_unwritten(output)}")
    typer.echo(orjson.dumps(found).decode() if as_json else _closing(target, found), err=True)
    if found["refused"]:
        raise typer.Exit(REFUSED)


class _BrokenOff(Exception):
    """A roll that could not be read to its end."""

    def __init__(self, summary: dict[str, Any]) -> None:
        super().__init__()
        self.detail = f"The roll broke off after {summary['rows']:,} rows: {summary['detail']}"


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends the work as tidily as Ctrl+C does."""

    def terminated(_signal: int, _frame: object) -> None:
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _input_form(roll: Path, given: str | None) -> Form:
    form = _form(given, "--from") or form_of(roll)
    if form is None:
        raise typer.BadParameter(f"The name of the roll does not say its form: give {_NAMES}.", param_hint="--from")
    return form


def _output_form(output: Path, given: str | None, of_roll: Form) -> Form:
    form = _form(given, "--to") or (of_roll if output == STANDARD else form_of(output))
    if form is None:
        raise typer.BadParameter(f"The name of FILE does not say its form: give {_NAMES}.", param_hint="--to")
    return form


def _form(name: str | None, option: str) -> Form | None:
    if name is not None and name not in _FORMS:
        raise typer.BadParameter(f"must be one of {_NAMES}.", param_hint=option)
    return None if name is None else _FORMS[name]


def _asked(as_of: str | None, known_at: str | None, table: list[str]) -> tuple[date | None, datetime | None, Pins]:
    """Dates and pins, checked as those of a request."""
    by_role: dict[str, list[str]] = {}
    for each in table:
        role, is_pin, name = each.partition("=")
        if role not in ROLES or not is_pin:
            raise typer.BadParameter(f"must be ROLE=NAME; the roles are {', '.join(ROLES)}.", param_hint="--table")
        by_role.setdefault(role, []).append(name)
    tables = {role: names if len(names) > 1 else names[0] for role, names in by_role.items()}
    try:
        asked: Any = parsed(_MODEL, {"as_of": as_of, "known_at": known_at, "tables": tables})
    except Problem as problem:
        (pointer, reason), *_ = problem.reasons
        option = "--" + pointer[1:].partition("/")[0].removesuffix("s").replace("_", "-")
        raise typer.BadParameter(f"{reason}.", param_hint=option) from None
    given = asked.tables.__dict__
    return asked.as_of, asked.known_at, tuple((role, pin) for role in ROLES if (pin := given.get(role)) is not None)


_MODEL = body_model(OwnFields, ROLES)


def _engine(order: Order) -> Engine:
    """The tables; pins that cannot be end the command."""
    with ready_store() as store:
        engine = Engine(load(store))
    try:
        with suppress(NoCoverage):  # a row may give another date
            engine.basis(ROLES, order.as_of, order.known_at, order.pins, {})
    except DomainError as refusal:
        stop(str(refusal))
    return engine


def _priced(order: Order, engine: Engine, roll: Path, output: Path, beside: Path | None) -> dict[str, Any]:
    """The summary; rows and summary are written where they belong, or nothing is.

    Raises: OSError, Faulty, _BrokenOff.
    """
    with closing(Input(roll)) as source:
        return _priced_from(source, order, engine, output, beside)


def _priced_from(source: Input, order: Order, engine: Engine, output: Path, beside: Path | None) -> dict[str, Any]:
    from api.roll.pricing import price_roll  # noqa: PLC0415  (numpy and Arrow: no other command waits for them)

    for each in (output, beside):
        if each is not None and each != STANDARD and source.is_also(each):
            raise typer.BadParameter(f"{each} is the roll itself, which is never written over.", param_hint="--output")
    with ExitStack() as files:
        summary_file = None if beside is None else files.enter_context(written(beside))
        rows = files.enter_context(written(output))
        with _progress(source.size, shown=not (output == STANDARD and rows.isatty())) as progress:
            summary = price_roll(order, engine, source, _putting(rows), progress)
        if not summary["complete"]:
            raise _BrokenOff(summary)
        text = orjson.dumps(summary, option=orjson.OPT_INDENT_2) + b"\n"
        if order.answer is None:
            rows.write(text)
        if summary_file is not None:
            summary_file.write(text)
    return summary


def _putting(file: IO[bytes]) -> Put:
    def put(data: bytes | memoryview) -> None:
        file.write(data)
        file.flush()

    return put


@contextmanager
def _progress(size: int | None, *, shown: bool) -> Iterator[Callable[[Progress], None]]:
    """A bar on standard error, if that is a terminal; per cent of the roll's bytes, where they are known."""
    console = Console(stderr=True)
    if not (shown and console.is_terminal):
        yield lambda _: None
        return
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]:,} rows"), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=size, rows=0)

        def tell(progress: Progress) -> None:
            bar.update(task, completed=progress.bytes_read, rows=progress.rows)

        yield tell


def _unwritten(output: Path) -> str:
    return "" if output == STANDARD else f" {output} was not written."


def _closing(target: str, summary: dict[str, Any]) -> str:
    """The summary for people."""
    refused = "".join(f"\n  {code}: {number:,}" for code, number in summary["refused_by_code"].items())
    notes = "".join(f"\nNote {note['code']}: {note['message']}" for note in summary["notes"])
    return (
        f"{target}: {summary['rows']:,} rows, {summary['priced']:,} priced, {summary['refused']:,} refused.{refused}\n"
        f"Control sum of {summary['premiums']:,} premiums: {int(summary['monthly_premium']):,} riel a month, "
        f"exactly {summary['monthly_premium_exact']}.{notes}"
    )
