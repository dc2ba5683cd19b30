"""OpenFisca pricing a roll: `python -m bench.openfisca_peer`, spoken to by `bench.peer`.

The first line asks to read a roll and to build the package from rates; each one after that to price the roll. What the
rows ask is in numpy arrays of OpenFisca's own types before the time is taken.
"""

import json
import sys
import time

import numpy as np
import polars
from openfisca_core.simulations import SimulationBuilder

from bench.openfisca_mba import Package, PlanType, system

PERIOD = "2026-12"


def main() -> None:
    """Answer each line."""
    roll, rates, target = json.loads(sys.stdin.readline())
    rows = polars.read_ipc_stream(roll)
    inputs = {
        "package": Package.encode(rows["package"].to_numpy().astype(str)),
        "plan_type": PlanType.encode(rows["plan_type"].to_numpy().astype(str)),
        "additional_15_65": rows["additional_15_65"].to_numpy(),
        "additional_66_75": rows["additional_66_75"].to_numpy(),
    }
    country = system(rates)
    print(json.dumps({}), flush=True)
    for _ in sys.stdin:
        began, busy = time.perf_counter(), time.process_time()
        simulation = SimulationBuilder().build_default_simulation(country, len(rows))
        for name, values in inputs.items():
            simulation.set_input(name, PERIOD, values)
        premiums = simulation.calculate("monthly_premium", PERIOD)
        taken = {"seconds": time.perf_counter() - began, "busy": time.process_time() - busy}
        np.save(target, premiums)
        print(json.dumps(taken), flush=True)


if __name__ == "__main__":
    main()
