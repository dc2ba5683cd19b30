"""How long ten thousand paths of a projection take, on one core."""

import time
from datetime import date
from decimal import localcontext
from functools import partial
from statistics import median

from sqlmodel import SQLModel

from api.mba.programme import REINSURED_ROLES
from pricing.arithmetic import CONTEXT
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.enrolment import Programme
from pricing.mba.premiums import tariff_premium
from pricing.mba.projection import financial_projection
from pricing.mba.risks import insured_risks
from pricing.mba.stochastic import simulate
from tables.resolution import resolve
from tables.shipped import shipped_tables
from tables.store import load, open_store, seed

PATHS = 10_000
ROUNDS = 5
PUBLISHED = (7332, 9531, 14297, 22875, 36600, 58561)
LONGEST = tuple(range(1_000, 41_000, 1_000))


def paths_of_a_projection() -> None:
    """The six published years, and as many as a request may ask for."""
    store = open_store("sqlite://")
    with store.begin() as connection:
        SQLModel.metadata.create_all(connection)
        seed(connection, shipped_tables())
    tables = dict(resolve(load(store), REINSURED_ROLES, date(2026, 12, 1)).assumptions)
    store.dispose()
    basis = tables.pop("projection_basis")
    treaty = tables.pop("reinsurance")
    tariff = MbaAssumptions(**tables)
    for members in (PUBLISHED, LONGEST):
        programme = Programme("F", "single", members)
        with localcontext(CONTEXT):
            exact = financial_projection(programme, tariff, basis, partial(tariff_premium, assumptions=tariff))
            risks = insured_risks(programme, tariff, basis.exchange_rate)
        times = []
        for number in range(ROUNDS):
            started = time.perf_counter()
            simulate(exact, risks, number, PATHS, treaty)
            times.append(time.perf_counter() - started)
        print(f"{PATHS:,} paths of {len(members)} years: {median(times):.2f} s on one core")
