"""What a roll comes to: the closing summary."""

from collections import Counter
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, localcontext
from typing import Any

import numpy as np

from api.roll.source import Faulty
from pricing.arithmetic import ZERO
from pricing.bulk.answers import Answers, Priced, Refused
from pricing.rounding import EXACT, WHOLE_RIEL

# Amounts are rounded already: their sums keep every digit, however many there are.
_SUMS = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
_WHOLE, _EXACT = WHOLE_RIEL.round(ZERO), EXACT.round(ZERO)


class Totals:
    """Counts and sums over the rows answered so far; exact."""

    def __init__(self) -> None:
        """No rows yet."""
        self.rows = 0
        self._refused: Counter[str] = Counter()
        # Rows by answer; a tariff gives one answer, the same object, to all that ask the same.
        self._priced: dict[int, tuple[Priced, int]] = {}

    def add(self, answers: Answers) -> None:
        """Add the rows of a block."""
        self.rows += len(answers.index)
        times = np.bincount(answers.index, minlength=len(answers.different)).tolist()
        for answer, number in zip(answers.different, times, strict=True):
            if isinstance(answer, Refused):
                self._refused[answer.code] += number
            elif isinstance(answer, Priced):
                _, before = self._priced.get(id(answer), (answer, 0))
                self._priced[id(answer)] = answer, before + number

    @property
    def errata(self) -> set[str]:
        """Codes of the published mistakes whose cells were used."""
        return {code for answer, number in self._priced.values() if number for code in answer.premium.errata}

    def summary(self, fault: Faulty | None) -> dict[str, Any]:
        """The summary, and whether the whole roll has been answered."""
        with localcontext(_SUMS):
            return self._summed_up(fault)

    def _summed_up(self, fault: Faulty | None) -> dict[str, Any]:
        premiums: Counter[tuple[str, str]] = Counter()
        monthly: dict[tuple[str, str], Decimal] = {}
        exact: dict[tuple[str, str], Decimal] = {}
        for answer, number in self._priced.values():
            key = answer.package, answer.plan_type
            premiums[key] += number
            monthly[key] = monthly.get(key, _WHOLE) + number * answer.monthly_premium
            exact[key] = exact.get(key, _EXACT) + number * answer.monthly_premium_exact
        refused = {code: number for code, number in sorted(self._refused.items()) if number}
        summary = {
            "complete": fault is None,
            "rows": self.rows,
            "priced": self.rows - sum(refused.values()),
            "refused": sum(refused.values()),
            "refused_by_code": refused,
            "premiums": sum(premiums.values()),
            "monthly_premium": format(sum(monthly.values(), start=_WHOLE), "f"),
            "monthly_premium_exact": format(sum(exact.values(), start=_EXACT), "f"),
            "totals": [
                {
                    "package": package,
                    "plan_type": plan_type,
                    "premiums": number,
                    "monthly_premium": format(monthly[package, plan_type], "f"),
                    "monthly_premium_exact": format(exact[package, plan_type], "f"),
                }
                for (package, plan_type), number in sorted(premiums.items())
                if number
            ],
        }
        if fault is not None:
            summary |= {"code": fault.code, "detail": fault.detail}
        return summary
