"""Whole rolls: as fast as what merely reads and writes the same file, in memory that does not grow."""

import gc
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import IO, NamedTuple

from api.engine import Engine
from api.roll.forms import Form
from api.roll.order import Order
from api.roll.pricing import price_roll
from api.roll.source import FileSource
from bench import roll_sample
from bench.duplex import post
from bench.mix import AS_OF
from bench.peer import peer
from bench.processes import Service, service
from tables.shipped import shipped_tables
from tables.store import load, make_ready, open_store

ROWS = 1_000_000
ROUNDS = 7
_PIECE = 1 << 18


class Taken(NamedTuple):
    """Seconds that some work took, and seconds of processors that were busy with it."""

    seconds: float
    busy: float


def rolls_as_csv() -> None:
    """A million rows of CSV, priced in process and by the service, against polars reading and writing the file."""
    _against_polars(Form.CSV, "csv")


def rolls_as_arrow() -> None:
    """The same as an Arrow IPC stream."""
    _against_polars(Form.ARROW, "arrow")


def engine(folder: Path) -> Engine:
    """The shipped tables."""
    store = open_store(f"sqlite:///{folder / 'tables.db'}")
    make_ready(store, shipped_tables())
    found = Engine(load(store))
    store.dispose()
    return found


def _against_polars(form: Form, name: str) -> None:
    with (
        tempfile.TemporaryDirectory() as text,
        peer("bench.polars_peer") as polars,
        service(Path(text)) as running,
    ):
        folder = Path(text)
        roll = roll_sample.write(folder, ROWS)[form is Form.ARROW]
        tables = engine(folder)

        def theirs() -> Taken:
            return Taken(**polars.ask(name, roll, folder / "theirs"))

        def in_process() -> Taken:
            began, busy = time.perf_counter(), time.process_time()
            with roll.open("rb", buffering=0) as source, (folder / "ours").open("wb", buffering=0) as target:
                order = Order(form=form, answer=form, as_of=date.fromisoformat(AS_OF))
                summary = price_roll(order, tables, FileSource(source.read, _PIECE), lambda data: _put(target, data))
            assert summary["priced"] == ROWS, summary
            return Taken(time.perf_counter() - began, time.process_time() - busy)

        def served() -> Taken:
            return _served(running, form, roll)

        rounds = alternate(theirs, in_process, served)
    for where, ours in (("in process", 1), ("on a socket", 2)):
        ratios = sorted(each[0].seconds / each[ours].seconds for each in rounds)
        cores = median(each[ours].busy / each[ours].seconds for each in rounds)
        speed = ROWS / median(each[ours].seconds for each in rounds)
        print(
            f"rolls as {name} {where}: {speed:,.0f} rows/s, {median(ratios):.2f} of the speed at which polars "
            f"reads and writes it (from {ratios[0]:.2f} to {ratios[-1]:.2f} in {len(ratios)} rounds), "
            f"{cores:.2f} processors busy"
        )


def _put(file: IO[bytes], data: bytes | memoryview) -> None:
    file.write(data)


def _served(running: Service, form: Form, roll: Path) -> Taken:
    busy = running.busy()
    answer = post(running.port, form.value, roll)
    assert answer.summary["priced"] == ROWS, answer.summary
    return Taken(answer.seconds, running.busy() - busy)


def alternate(*contenders: Callable[[], Taken]) -> list[tuple[Taken, ...]]:
    """Rounds of all contenders, each in the other direction; the first, in which everything warms up, is left out."""
    rounds = []
    for number in range(ROUNDS + 1):
        gc.collect()
        turn = list(enumerate(contenders))[:: 1 if number % 2 else -1]
        taken = {place: contender() for place, contender in turn}
        rounds.append(tuple(taken[place] for place in range(len(contenders))))
    return rounds[1:]
