"""From a roll's bytes to its premiums' bytes: read, price, write, a few blocks at the same time, rows in order."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import localcontext
from typing import Any, cast

import numpy as np
import pyarrow as pa

from api.engine import Engine
from api.pipeline import note
from api.roll.ahead import SILENCE, Ahead
from api.roll.blocks import Block
from api.roll.choosing import reader_of, writer_of
from api.roll.forms import Form
from api.roll.households import Households
from api.roll.limits import LIMITS
from api.roll.order import Order, Progress
from api.roll.source import Faulty, Hashed, Metered, Put, Source
from api.roll.summary import Totals
from api.roll.tariffs import RollTariffs
from pricing.arithmetic import CONTEXT
from pricing.bulk.answers import Answers, Refused
from pricing.bulk.columns import Codes
from pricing.bulk.persons import PERSON_COLUMNS
from pricing.bulk.plans import PLAN_COLUMNS
from pricing.bulk.roll import Roll

THREADS = 2
BLOCKS_AT_ONCE = 4
"""Blocks read, priced or written at the same time."""
MOST_UNCLEAR = 10_000
"""Rows that wait for one that says whether rows are plans or persons."""

_ARROW_ERRORS = (pa.ArrowException, ValueError, TypeError, ArithmeticError, LookupError, RecursionError)


def price_roll(
    order: Order, engine: Engine, source: Source, put: Put, progress: Callable[[Progress], None] = lambda _: None
) -> dict[str, Any]:
    """Price a roll.

    Args:
        order: what is asked.
        engine: the tables.
        source: the roll.
        put: takes the answer, piece by piece.
        progress: is told after every block how far the roll has come.
    Returns: the summary.
    Raises: Faulty, where no row has been answered; a fault after that is the last row, and the summary incomplete.
    """
    return _Run(order, engine, source, put, progress).run()


class _Run:
    """One roll on its way through."""

    def __init__(
        self, order: Order, engine: Engine, source: Source, put: Put, progress: Callable[[Progress], None]
    ) -> None:
        self.names: tuple[str, ...] = ()
        self.reader = reader_of(order)
        self._order = order
        self._tariffs = RollTariffs(engine, order)
        self._roll = Roll(self._tariffs.on, order.as_of, LIMITS)
        self._hashed = Hashed(source)
        self._source = Metered(self._hashed, order.max_bytes)
        self._writer = writer_of(order, put, lambda: self.names, self.reader.dialect)
        self._progress = progress
        self._totals = Totals()
        self._households: Households | None = None
        self._rows = 0
        self._begun = False
        self._unclear: Block | None = None
        self._answering: deque[Future[tuple[Answers, Any]]] = deque()

    def run(self) -> dict[str, Any]:
        fault: Faulty | None = None
        with localcontext(CONTEXT), ThreadPoolExecutor(THREADS) as threads:
            blocks = Ahead(self.reader, self._source, threads, BLOCKS_AT_ONCE)
            try:
                self._answer_blocks(blocks, threads)
            except Exception as error:  # noqa: BLE001  (raised again, unless the roll is to blame)
                fault = self._blamed(error)
            finally:
                blocks.stop()
            try:
                while self._answering:
                    self._take()
            except Exception as error:  # noqa: BLE001
                fault = self._blamed(error)
            if fault is not None:
                self._end_early(fault)
        summary = self._totals.summary(fault)
        summary["receipt"] = self._tariffs.receipt(self._hashed.sha256.hexdigest())
        summary["notes"] = [note(code, pins="") for code in sorted(self._totals.errata)]
        if self._writer is not None:
            self._writer.finish(summary)
        return summary

    def _answer_blocks(self, blocks: Ahead, threads: ThreadPoolExecutor) -> None:
        """Answer blocks as they come; where none comes for a moment, finish those that have."""
        while (found := blocks.next(wait=not self._answering)) is not None:
            if isinstance(found, Future):
                self._accept(found.result(), threads)
            while self._answering and (found is SILENCE or len(self._answering) >= BLOCKS_AT_ONCE):
                self._take()
                found = None
        self._rest(threads)

    def _blamed(self, error: Exception) -> Faulty:
        """The fault of the roll that an error comes from. Raises: the error, if it is no roll's."""
        if isinstance(error, Faulty):
            return error
        if isinstance(error, MemoryError):
            return Faulty("body_too_large", "The roll takes more memory than it may: send it in smaller batches.")
        if self._order.form is Form.ARROW and isinstance(error, _ARROW_ERRORS):
            return Faulty("malformed_arrow", "A column has a type or a value that cannot be read, or not be answered.")
        raise error

    def _accept(self, block: Block, threads: ThreadPoolExecutor) -> None:
        """Send a block to be answered, but for a household that may go on."""
        if not self._begun:
            if self._unclear is not None:
                block = block.after(cast(Any, self._unclear))
            self._unclear = block
            if not len(block) or (not block.speaks and len(block) < MOST_UNCLEAR):
                return
            self._begin(block)
        if self._households is not None:
            self._answer_all(*self._households.complete(block), threads)
        else:
            self._answer_all(block, None, threads)

    def _begin(self, block: Block) -> None:
        """The first rows say what the roll is made of."""
        self._begun = True
        self.names = block.column_names()
        if block.by_person:
            self._households = Households()

    def _rest(self, threads: ThreadPoolExecutor) -> None:
        if not self._begun and self._unclear is not None and len(self._unclear):
            self._begin(self._unclear)
            self._answer_all(self._unclear, None, threads)
        if self._households is not None:
            self._answer_all(*self._households.rest(), threads)
        if not self._rows:
            self.names = self.reader.empty().column_names()
            self._answering.append(threads.submit(self._answer, self._empty(), None, 1))

    def _empty(self) -> Block:
        """No rows, of what the writer takes."""
        empty = self.reader.empty()
        return empty.table(self.names) if self._writer is not None and self._writer.by_columns else empty

    def _answer_all(self, block: Block, starts: Codes | None, threads: ThreadPoolExecutor) -> None:
        most = self._order.max_rows - self._rows
        if len(block) and most:
            self._answering.append(threads.submit(self._answer, block.slice(0, most), starts, self._rows + 1))
        self._rows += min(len(block), most)
        if len(block) > most:
            raise Faulty("body_too_large", f"A roll may have at most {self._order.max_rows} rows.")

    def _answer(self, block: Block, starts: Codes | None, first_row: int) -> tuple[Answers, Any]:
        with localcontext(CONTEXT):
            shown = block.table(self.names) if self._writer is not None and self._writer.by_columns else block
            if starts is None:
                answers = self._roll.plans(block.columns(PLAN_COLUMNS), len(block)).refusing(shown.refused)
            else:
                starts = starts[starts < len(block)]
                answers = self._roll.persons(block.columns(PERSON_COLUMNS), len(block), starts, shown.refused)
            return answers, self._writer and self._writer.encode(shown, answers, first_row)

    def _take(self) -> None:
        """Write the block that has been worked on the longest."""
        try:
            answers, encoded = self._answering.popleft().result()
            if self._writer is not None:
                self._writer.put(encoded)
        except BaseException:
            self._answering.clear()  # no row after one that is missing
            raise
        self._totals.add(answers)
        self._progress(Progress(self._source.bytes_read, self._totals.rows))

    def _end_early(self, fault: Faulty) -> None:
        """Say in a last row why there are no more."""
        if not self._totals.rows:
            raise fault
        if self._writer is not None:
            last = self._empty().one_empty_row()
            answers = Answers(np.zeros(1, dtype=np.int64), [Refused(fault.code, f"No row after this: {fault.detail}")])
            self._writer.put(self._writer.encode(last, answers, self._totals.rows + 1))
