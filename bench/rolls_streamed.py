"""A long roll from a client that makes it up as it goes: memory, the first byte, what single quotes notice of it."""

import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from api.roll.forms import Form
from bench import roll_sample
from bench.duplex import post
from bench.peer import peer
from bench.processes import service

ROWS = 5_000_000
SHARE = 0.2
"""Of the roll, after which memory should grow no more."""
ROUNDS = 5
SECONDS = 3.0
MEGABYTE = 1 << 20


def rolls_streamed() -> None:
    """Five million rows through the service: the memory of its processes, and when the answer begins."""
    with tempfile.TemporaryDirectory() as text, service(Path(text)) as running:
        pieces = _pieces()
        post(running.port, Form.CSV.value, iter(pieces[:1]))  # a worker is there
        early: dict[int, int] = {}
        whole = len(pieces[0]) * ROWS / roll_sample.BLOCK

        def watch(size: int) -> None:
            if not early and size > SHARE * whole:
                early.update({pid: most for pid, (_, most) in running.memory().items()})

        answer = post(running.port, Form.CSV.value, _repeated(pieces, ROWS), watch)
        assert answer.summary["priced"] == ROWS, answer.summary
        late = {pid: most for pid, (_, most) in running.memory().items()}
        server, *workers = (late[pid] / MEGABYTE for pid in running.family())
        growth = max(late[pid] / early[pid] for pid in early)
        print(
            f"rolls streamed: {ROWS:,} rows at {ROWS / answer.seconds:,.0f} rows/s, first byte after "
            f"{answer.first_byte / answer.seconds:.1%} of the time; at most {server:.0f} MB in the server and "
            f"{max(workers):.0f} MB in its worker, {growth:.2f} times what there was after {SHARE:.0%} of the roll"
        )


def quotes_beside_a_roll() -> None:
    """The slowest hundredth of single quotes while the service prices a roll, against that of an idle service."""
    with (
        tempfile.TemporaryDirectory() as text,
        service(Path(text)) as running,
        peer("bench.quotes_peer", Path(sys.executable)) as client,
    ):
        pieces = _pieces()
        post(running.port, Form.CSV.value, iter(pieces[:1]))
        client.ask(running.port, 1)
        rounds = []
        for _ in range(ROUNDS):
            idle = client.ask(running.port, SECONDS)["taken"]
            stop = threading.Event()
            rolls = threading.Thread(target=_price_until, args=(running.port, pieces, stop))
            rolls.start()
            busy = client.ask(running.port, SECONDS)["taken"]
            stop.set()
            rolls.join()
            rounds.append((_p99(idle), _p99(busy)))
    ratios = sorted(busy / idle for idle, busy in rounds)
    idle, busy = (median(each[side] for each in rounds) * 1e3 for side in (0, 1))
    print(
        f"quotes beside a roll: p99 {busy:.1f} ms, idle {idle:.1f} ms, ratio {median(ratios):.2f} "
        f"(from {ratios[0]:.2f} to {ratios[-1]:.2f} in {len(ratios)} rounds)"
    )


def _pieces() -> list[bytes]:
    """A roll's beginning, and some rows to go on with."""
    first, second = roll_sample.blocks(2 * roll_sample.BLOCK)
    return [roll_sample.csv_text(first, header=True), roll_sample.csv_text(second, header=False)]


def _repeated(pieces: list[bytes], rows: int) -> Iterator[bytes]:
    yield pieces[0]
    for _ in range(rows // roll_sample.BLOCK - 1):
        yield pieces[1]


def _price_until(port: int, pieces: list[bytes], stop: threading.Event) -> None:
    def roll() -> Iterator[bytes]:
        yield pieces[0]
        for _ in range(ROWS // roll_sample.BLOCK):
            if not stop.is_set():
                yield pieces[1]

    while not stop.is_set():
        post(port, Form.CSV.value, roll())


def _p99(taken: list[float]) -> float:
    return quantiles(taken, n=100)[-1]
