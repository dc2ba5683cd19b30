"""Households of a roll with a person a row: whole before they are priced, and met only once."""

from typing import Any, cast

import numpy as np
import numpy.typing as npt

from api.roll.blocks import HOUSEHOLD, Block
from pricing.bulk.answers import Refused, invalid
from pricing.bulk.cells import is_blank
from pricing.bulk.columns import Codes

MOST_HELD = 10_000
"""Rows of one household that are kept waiting for more."""

_AGAIN = invalid(HOUSEHOLD, "stands in rows that are not together: sort the roll by household_id")
_BLANK = invalid(HOUSEHOLD, "must be given in every row")


class Households:
    """Keeps back the last household of a block, which may go on in the next; knows every household that it has met."""

    def __init__(self) -> None:
        """None met yet."""
        self._held: Block | None = None
        self._met = _Met()

    def complete(self, block: Block) -> tuple[Block, Codes]:
        """The rows of households that are complete, and where each begins."""
        if self._held is not None:
            block = block.after(cast(Any, self._held))  # one roll's blocks are all of one kind
        starts = _starts(block)
        if not len(starts):
            return block, starts
        last = int(starts[-1])
        if len(block) - last > MOST_HELD:
            last = len(block)
        self._held = block.slice(last, len(block))
        starts = starts[starts < last]
        return self._checked(block.slice(0, last), starts), starts

    def rest(self) -> tuple[Block, Codes]:
        """What was kept back, when no more rows come."""
        assert self._held is not None  # noqa: S101  (blocks came before)
        starts = _starts(self._held)
        return self._checked(self._held, starts), starts

    def _checked(self, block: Block, starts: Codes) -> Block:
        """Refuse the rows of households that have no name, or were met before."""
        if not len(starts):
            return block
        household = block.columns([HOUSEHOLD])[HOUSEHOLD]
        values = [household.values[code] for code in household.codes[starts].tolist()]
        again = self._met.add(np.array([hash(str(value).strip()) for value in values], dtype=np.int64))
        refused: dict[int, Refused] = {}
        ends = [*starts[1:].tolist(), len(block)]
        for start, end, value, is_again in zip(starts.tolist(), ends, values, again.tolist(), strict=True):
            if is_again or is_blank(value):
                refusal = _BLANK if is_blank(value) else _AGAIN
                refused.update({row: refusal for row in range(start, end) if row not in block.refused})
        return block.refusing(refused) if refused else block


def _starts(block: Block) -> Codes:
    """The rows with which a household begins."""
    codes = block.columns([HOUSEHOLD])[HOUSEHOLD].codes.copy()
    for row in sorted(block.refused):
        # Whose household a row belongs to that cannot be read is not known: it spoils the one before it.
        around = codes[max(row - 1, 0) : row + 2]
        if row and (around == codes[row]).sum() == 1:
            codes[row] = codes[row - 1]
    return np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]])[: len(codes)]).astype(np.int64)


class _Met:
    """Numbers met before, 8 bytes each, in sorted runs of doubling length."""

    def __init__(self) -> None:
        self._runs: list[npt.NDArray[np.int64]] = []

    def add(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Note some numbers; which of them had been met."""
        again = np.zeros(len(numbers), dtype=bool)
        for run in self._runs:
            places = np.minimum(np.searchsorted(run, numbers), len(run) - 1)
            again |= run[places] == numbers
        different, firsts = np.unique(numbers, return_index=True)
        later = np.ones(len(numbers), dtype=bool)
        later[firsts] = False
        if len(different):
            self._runs.append(different)
        while len(self._runs) > 1 and len(self._runs[-1]) * 2 > len(self._runs[-2]):
            self._runs[-2:] = [np.sort(np.concatenate(self._runs[-2:]), kind="stable")]
        return again | later
