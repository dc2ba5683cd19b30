"""A roll, answered block by block."""

from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from pricing.bulk.answers import RESULT_SCHEMA, Answers, Refused
from pricing.bulk.cells import Limits
from pricing.bulk.columns import Codes, Column, encoded
from pricing.bulk.persons import Persons
from pricing.bulk.plans import PLAN_COLUMNS, Plans
from pricing.bulk.tariff import TariffOn, Tariffs


class Roll:
    """Answers the rows of one roll, block by block."""

    def __init__(self, tariff_on: TariffOn, as_of: date, limits: Limits) -> None:
        """Args: the tariff by date, the date of rows that give none, what a row may hold."""
        tariffs = Tariffs(tariff_on)
        self._plans = Plans(tariffs, as_of, limits)
        self._persons = Persons(tariffs, as_of, limits)

    def plans(self, columns: Mapping[str, Column], rows: int) -> Answers:
        """Answer rows of one plan each.

        Args:
            columns: by name, those of `PLAN_COLUMNS` that there are.
            rows: how many.
        """
        return self._plans.answers(columns, rows)

    def persons(
        self, columns: Mapping[str, Column], rows: int, starts: Codes, unreadable: Mapping[int, Refused]
    ) -> Answers:
        """Answer rows of one person each.

        Args:
            columns: by name, those of `PERSON_COLUMNS` that there are.
            rows: how many.
            starts: the rows with which households begin; the rows of each stand together, and all of them are here.
            unreadable: rows that are refused already, and their households with them.
        """
        return self._persons.answers(columns, rows, starts, unreadable)


def quoted(batch: pa.RecordBatch, roll: Roll, first_row: int) -> pa.RecordBatch:
    """A record batch of plans with its premiums: its own columns and those of `RESULT_SCHEMA`."""
    columns = {name: encoded(batch.column(name)) for name in PLAN_COLUMNS if name in batch.schema.names}
    answers = roll.plans(columns, batch.num_rows)
    schema = pa.schema([*batch.schema, *RESULT_SCHEMA])
    return pa.record_batch([*batch.columns, *answers.columns(first_row)], schema=schema)
