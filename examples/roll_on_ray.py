"""Price a roll of plans on Ray, without the service: each worker has the shipped tables and prices record batches.

    .venv-ray/bin/python examples/roll_on_ray.py examples/members.csv FOLDER 2026-12-01

Writes Parquet files into FOLDER and prints the control sum, which is the service's. Needs Ray and rielquote on every
machine; `make .venv-ray/.dependencies` installs both here. Runs on the cluster of RAY_ADDRESS, else on this machine.
"""

import logging
import os
import sys
from datetime import date
from decimal import Decimal

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would report its use to its makers

import pyarrow as pa
import pyarrow.compute as pc
import ray
from pyarrow import csv

from api.mba.tariff import ROLES
from api.roll.limits import LIMITS
from pricing.bulk.plans import PLAN_COLUMNS
from pricing.bulk.roll import Roll, quoted
from pricing.bulk.tariff import Tariff
from pricing.mba.assumptions import MbaAssumptions
from tables.resolution import resolve
from tables.shipped import shipped_tables
from tables.store import load, open_store, prepare

ROWS = 32_768
WORKERS = 2


class Pricer:
    """One worker: the tables once, then batch after batch."""

    def __init__(self, as_of: date) -> None:
        """Args: the date of rows that give none."""
        store = open_store("sqlite://")  # in memory: the tables come with the package
        prepare(store, shipped_tables())
        snapshot = load(store)

        def tariff_on(day: date) -> Tariff:
            return Tariff(MbaAssumptions(**resolve(snapshot, ROLES, day, None).assumptions))

        self._roll = Roll(tariff_on, as_of, LIMITS)

    def __call__(self, table: pa.Table) -> pa.Table:
        """A batch with its premiums; its rows have no number, for nobody knows how many came before."""
        batches = [quoted(batch, self._roll, 1) for batch in table.combine_chunks().to_batches()]
        return pa.Table.from_batches(batches).drop_columns("row")


def control_sums(table: pa.Table) -> pa.Table:
    """What a batch comes to: rows, refused rows, and the sums of the premiums, all exact."""
    refused = pc.sum(pc.equal(table["status"], "refused"))
    sums = {name: [str(pc.sum(table[name]).as_py() or 0)] for name in ("monthly_premium", "monthly_premium_exact")}
    return pa.table({"rows": [table.num_rows], "refused": [refused.as_py()], **sums})


def main() -> None:
    """Read, price and write, batch by batch on all workers; then add up."""
    roll, folder, as_of = sys.argv[1:] if len(sys.argv) == 4 else sys.exit(__doc__)  # noqa: PLR2004  (three arguments)
    if "RAY_ADDRESS" in os.environ:
        ray.init(log_to_driver=False)
    else:
        ray.init(num_cpus=WORKERS + 1, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    ray.data.DataContext.get_current().enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    as_text = csv.ConvertOptions(column_types=dict.fromkeys(PLAN_COLUMNS, pa.string()))
    priced = ray.data.read_csv(roll, convert_options=as_text).map_batches(
        Pricer,
        fn_constructor_args=[date.fromisoformat(as_of)],
        batch_format="pyarrow",
        batch_size=ROWS,
        compute=ray.data.ActorPoolStrategy(size=WORKERS),
    )
    priced.write_parquet(folder)
    parts = ray.data.read_parquet(folder).map_batches(control_sums, batch_format="pyarrow").take_all()
    rows, refused = (sum(part[name] for part in parts) for name in ("rows", "refused"))
    riel, exact = (sum(Decimal(part[name]) for part in parts) for name in ("monthly_premium", "monthly_premium_exact"))
    sys.stdout.write(f"{rows} rows, {refused} refused, control sum {riel} riel a month, exactly {exact}\n")


if __name__ == "__main__":
    main()
