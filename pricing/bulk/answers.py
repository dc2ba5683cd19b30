"""Answers to the rows of a roll: a premium, a place in a household that has one, or why there is none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from pricing.arithmetic import ZERO
from pricing.bulk.columns import Codes
from pricing.errors import DomainError
from pricing.mba.benefits import COVERAGES
from pricing.mba.premiums import gross_monthly_premium
from pricing.mba.quotes import PlanPremium
from pricing.rounding import EXACT, MONTHLY, WHOLE_RIEL

RESULT_SCHEMA = pa.schema(
    {
        "row": pa.int64(),
        "status": pa.string(),
        "monthly_premium": pa.decimal128(38, WHOLE_RIEL.places),
        "monthly_premium_exact": pa.decimal128(38, EXACT.places),
        "code": pa.string(),
        "detail": pa.string(),
    }
)
"""What is added to every row."""


@dataclass(frozen=True)
class Priced:
    """The premium of a row.

    Attributes:
        package, plan_type: what is priced.
        premium: unrounded, with its parts.
        monthly_premium: payable, in whole units of the currency.
        monthly_premium_exact: at 12 decimals.
        persons: number of insured persons by kind.
        payments_per_year: 12 in the published tariff.
    """

    package: str
    plan_type: str
    premium: PlanPremium
    monthly_premium: Decimal
    monthly_premium_exact: Decimal
    persons: Mapping[str, Decimal]
    payments_per_year: int


@dataclass(frozen=True)
class Included:
    """A person of a priced household: the premium stands in the member's row."""


@dataclass(frozen=True)
class Refused:
    """Why a row has no premium."""

    code: str
    detail: str
    column: str | None = None


Answer = Priced | Included | Refused


@dataclass(frozen=True)
class Answers:
    """The answers to the rows of a block.

    Attributes:
        index: which of the answers each row has.
        different: the different answers.
    """

    index: Codes
    different: Sequence[Answer]

    def refusing(self, refused: Mapping[int, Refused]) -> "Answers":
        """The same, but for rows that are refused."""
        if not refused:
            return self
        index = self.index.copy()
        index[list(refused)] = np.arange(len(self.different), len(self.different) + len(refused))
        return Answers(index, [*self.different, *refused.values()])

    def columns(self, first_row: int) -> list[pa.Array]:
        """The columns of `RESULT_SCHEMA`, rows numbered from `first_row`."""
        index = pa.array(self.index)
        by_answer = [_cells(answer) for answer in self.different]
        _, *types = RESULT_SCHEMA.types
        numbers = pa.array(np.arange(first_row, first_row + len(index), dtype=np.int64))
        columns = zip(*by_answer, strict=True) if by_answer else [()] * len(types)
        return [numbers, *(pa.array(cells, type_).take(index) for cells, type_ in zip(columns, types, strict=True))]


def _cells(answer: Answer) -> tuple[Any, ...]:
    """What stands in a row of `RESULT_SCHEMA` after its number."""
    if isinstance(answer, Refused):
        return "refused", None, None, answer.code, answer.detail
    if isinstance(answer, Included):
        return "priced", None, None, None, None
    return "priced", answer.monthly_premium, answer.monthly_premium_exact, None, None


def refused(refusal: DomainError, column: str | None = None) -> Refused:
    """A rule's or a table's refusal as a row's answer; its code is its name."""
    code = re.sub(r"(?<!^)(?=[A-Z])", "_", type(refusal).__name__).lower()
    return Refused(code, str(refusal), column)


def invalid(column: str, reason: str) -> Refused:
    """The answer to a row that has something wrong in a column."""
    return Refused("invalid_request", f"{column} {reason}.", column)


def coverage_premiums(priced: Priced) -> dict[str, Decimal]:
    """What a month's premium is made of, by coverage, for everybody whom the plan insures; at 2 decimals."""
    annual = {
        coverage: sum(
            (number * priced.premium.insured[insured].of(coverage) for insured, number in priced.persons.items()),
            start=ZERO,
        )
        for coverage in COVERAGES
    }
    return {
        coverage: MONTHLY.round(gross_monthly_premium(amount, priced.payments_per_year))
        for coverage, amount in annual.items()
    }
