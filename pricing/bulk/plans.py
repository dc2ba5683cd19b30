"""Rolls with a plan a row, or a whole household in one cell of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pricing.ages import completed_years
from pricing.bulk.answers import Answer, Answers, Priced, Refused, refused
from pricing.bulk.cells import Limits, day_or, is_blank, whole, word
from pricing.bulk.columns import Column, column_of, different
from pricing.bulk.tariff import Tariffs
from pricing.mba.plans import HouseholdPerson, NotEligible, Plan, household_plan

PLAN_COLUMNS = ("package", "plan_type", "additional_15_65", "additional_66_75", "as_of")

_MOST_PLANS = 1 << 16
"""Plans that are remembered."""


@dataclass(frozen=True)
class Household:
    """A household in one cell of `plan_type`, in place of the plan that follows from it.

    Attributes:
        persons: relation, age or birth date, and entry age of each.
    """

    persons: tuple[tuple[str, int | date, int | None], ...]

    def on(self, day: date) -> list[HouseholdPerson]:
        """Its persons as old as they are on a day."""
        return [
            HouseholdPerson(relation, completed_years(age, day) if isinstance(age, date) else age, entry_age)
            for relation, age, entry_age in self.persons
        ]


class Plans:
    """Answers rows of one plan each; plans met before are remembered."""

    def __init__(self, tariffs: Tariffs, as_of: date, limits: Limits) -> None:
        """Args: the tariffs, the date of rows that give none, what a row may hold."""
        self._tariffs = tariffs
        self._as_of = as_of
        self._limits = limits
        self._met: dict[tuple[Any, ...], Answer] = {}

    def answers(self, columns: Mapping[str, Column], rows: int) -> Answers:
        """Args: by name, those of `PLAN_COLUMNS` that there are; how many rows."""
        asked = [column_of(columns, name, rows) for name in PLAN_COLUMNS]
        package, plan_type, adults, elders, as_of = asked
        parsed: tuple[list[Any], ...] = (
            [word(value, "package", self._limits.packages) for value in package.values],
            [self._plan_type(value) for value in plan_type.values],
            [self._count(value, "additional_15_65") for value in adults.values],
            [self._count(value, "additional_66_75") for value in elders.values],
            [day_or(self._as_of, value) for value in as_of.values],
        )
        index, firsts = different(asked, rows)
        codes = [column.codes[firsts].tolist() for column in asked]
        questions = zip(
            *([values[code] for code in each] for values, each in zip(parsed, codes, strict=True)), strict=True
        )
        return Answers(index, [self._met.get(question) or self._answer(question) for question in questions])

    def _plan_type(self, value: Any) -> Household | str | Refused:
        return value if isinstance(value, Household) else word(value, "plan_type", self._limits.plan_types)

    def _count(self, value: Any, column: str) -> int | Refused:
        return 0 if is_blank(value) else whole(value, column, self._limits.additional_persons)

    def _answer(self, question: tuple[Any, ...]) -> Answer:
        answer = self._priced(*question)
        if isinstance(answer, Priced) and len(self._met) < _MOST_PLANS:
            self._met[question] = answer
        return answer

    def _priced(self, package: Any, plan_type: Any, adults: Any, elders: Any, day: Any) -> Answer:
        for each in (package, plan_type, adults, elders, day):
            if isinstance(each, Refused):
                return each
        tariff = self._tariffs.on(day)
        if isinstance(tariff, Refused):
            return tariff
        if isinstance(plan_type, Household):
            try:
                plan = household_plan(plan_type.on(day), tariff.assumptions.packages)
            except NotEligible as refusal:
                return refused(refusal, "household")
        else:
            plan = Plan(plan_type, adults, elders)
        answer: Answer = tariff.answer(package, plan)
        return answer
