"""Rolls with a person a row, the rows of a household together."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from pricing.ages import completed_years
from pricing.bulk.answers import Answer, Answers, Included, Refused, invalid, refused
from pricing.bulk.cells import Limits, day, day_or, is_blank, whole, word
from pricing.bulk.columns import Codes, Column, column_of, different
from pricing.bulk.tariff import Tariff, Tariffs
from pricing.mba.plans import RELATIONS, HouseholdPerson, NotEligible, household_plan, insured_kind

PERSON_COLUMNS = ("package", "relation", "age", "birth_date", "entry_age", "as_of")

_MOST_MET = 100_000
"""Persons or households that are remembered: the longest roll takes no more memory than this."""


@dataclass(frozen=True)
class Person:
    """A person as far as the price goes; of persons with one `key` any stands for all."""

    package: str
    day: date
    tariff: Tariff
    person: HouseholdPerson
    key: tuple[Any, ...]


class Persons:
    """Answers rows of one person each; persons and households met before are remembered."""

    def __init__(self, tariffs: Tariffs, as_of: date, limits: Limits) -> None:
        """Args: the tariffs, the date of rows that give none, what a row and a household may hold."""
        self._tariffs = tariffs
        self._as_of = as_of
        self._limits = limits
        # A person as far as the price goes, and a household of such persons, each met before; one block at a time.
        self._meeting = threading.Lock()
        self._numbers: dict[Any, int] = {}
        self._met: list[Person | Refused] = []
        self._households: dict[bytes, list[Answer]] = {}

    def answers(
        self, columns: Mapping[str, Column], rows: int, starts: Codes, unreadable: Mapping[int, Refused]
    ) -> Answers:
        """Args: as `Roll.persons`."""
        with self._meeting:
            if max(len(self._met), len(self._households)) > _MOST_MET:
                self._numbers, self._met, self._households = {}, [], {}
            met = self._meet([column_of(columns, name, rows) for name in PERSON_COLUMNS], rows)
            for row, refusal in unreadable.items():
                met[row] = self._number(refusal, refusal)
            return self._by_household(met, starts)

    def _by_household(self, met: Codes, starts: Codes) -> Answers:
        index = np.empty(len(met), dtype=np.int64)
        different: list[Answer] = []
        positions: dict[bytes, Codes] = {}
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(met)], strict=True):
            key = met[start:end].tobytes()
            found = positions.get(key)
            if found is None:
                if key not in self._households:
                    self._households[key] = self._household([self._met[each] for each in met[start:end].tolist()])
                found = positions[key] = np.arange(len(different), len(different) + end - start)
                different += self._households[key]
            index[start:end] = found
        return Answers(index, different)

    def _meet(self, asked: Sequence[Column], rows: int) -> Codes:
        """Number each row's person, alike for persons that no price tells apart."""
        package, relation, age, birth_date, entry_age, as_of = asked
        days = [day_or(self._as_of, value) for value in as_of.values]
        aged = self._aged(age, birth_date, as_of, days, rows)
        parsed = (
            [word(value, "package", self._limits.packages) for value in package.values],
            [word(value, "relation", RELATIONS) for value in relation.values],
            aged.values,
            [self._years(value, "entry_age") for value in entry_age.values],
            days,
        )
        priced_by = (package, relation, aged, entry_age, as_of)
        index, firsts = different(priced_by, rows)
        codes = [column.codes[firsts].tolist() for column in priced_by]
        numbered = [
            self._person(*(values[code] for values, code in zip(parsed, row, strict=True)))
            for row in zip(*codes, strict=True)
        ]
        return np.array(numbered, dtype=np.int64)[index]

    def _aged(self, age: Column, birth_date: Column, as_of: Column, days: Sequence[Any], rows: int) -> Column:
        """Every row's completed years."""
        births = [day(value, "birth_date") for value in birth_date.values]
        given = [self._years(value, "age") for value in age.values]
        asked = (age, birth_date, as_of)
        index, firsts = different(asked, rows)
        ages = [
            _age_on(given[a], births[b], days[d])
            for a, b, d in zip(*(each.codes[firsts].tolist() for each in asked), strict=True)
        ]
        numbers: dict[Any, int] = {}
        codes = np.array([numbers.setdefault(each, len(numbers)) for each in ages], dtype=np.int64)
        return Column(codes[index], list(numbers))

    def _years(self, value: Any, column: str) -> int | Refused | None:
        return None if is_blank(value) else whole(value, column, self._limits.age)

    def _person(self, *parsed: Any) -> int:
        """The number of a person as far as the price goes."""
        person = self._parsed(*parsed)
        return self._number(person if isinstance(person, Refused) else person.key, person)

    def _number(self, key: Any, person: Person | Refused) -> int:
        number = self._numbers.setdefault(key, len(self._met))
        if number == len(self._met):
            self._met.append(person)
        return number

    def _parsed(self, package: Any, relation: Any, age: Any, entry_age: Any, on: Any) -> Person | Refused:
        for each in (package, relation, age, entry_age, on):
            if isinstance(each, Refused):
                return each
        if entry_age is not None and relation != RELATIONS[0]:
            return invalid("entry_age", f"is only for the {RELATIONS[0]}")
        tariff = self._tariffs.on(on)
        if isinstance(tariff, Refused):
            return tariff
        person = HouseholdPerson(relation, age, entry_age)
        kind = insured_kind(person, tariff.assumptions.packages.ages)
        return Person(package, on, tariff, person, (package, on, relation, *kind))

    def _household(self, persons: list[Person | Refused]) -> list[Answer]:
        """The answers to the rows of one household."""
        if len(persons) > self._limits.household:
            too_many = invalid("household_id", f"has more than {self._limits.household} persons")
            return [too_many for _ in persons]
        reasons = [each for each in persons if isinstance(each, Refused)]
        if reasons:
            rest = Refused(reasons[0].code, f"Another row of the household is refused: {reasons[0].detail}")
            return [each if isinstance(each, Refused) else rest for each in persons]
        people = [each for each in persons if isinstance(each, Person)]
        first = people[0]
        for name, differs in (
            ("package", any(each.package != first.package for each in people)),
            ("as_of", any(each.day != first.day for each in people)),
        ):
            if differs:
                return [invalid(name, "must be the same in every row of a household")] * len(people)
        try:
            plan = household_plan([each.person for each in people], first.tariff.assumptions.packages)
        except NotEligible as refusal:
            return [refused(refusal)] * len(people)
        answer = first.tariff.answer(first.package, plan)
        if isinstance(answer, Refused):
            return [answer] * len(people)
        return [answer if each.person.relation == RELATIONS[0] else Included() for each in people]


def _age_on(age: Any, birth_date: Any, on: Any) -> Any:
    """Completed years of one row's person."""
    for each in (age, birth_date, on):
        if isinstance(each, Refused):
            return each
    if (age is None) == (birth_date is None):
        return invalid("age", "or birth_date must be given, and not both")
    return completed_years(birth_date, on) if age is None else age
