"""A roll in memory, priced by us in exact decimals and by OpenFisca in floats, on an equal formula."""

import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa

from api.mba.tariff import ROLES, mba_assumptions
from api.roll.limits import LIMITS
from bench import roll_sample
from bench.mix import AS_OF, PACKAGES
from bench.peer import peer
from bench.rolls import ROWS, Taken, alternate, engine
from pricing.bulk.roll import Roll, quoted
from pricing.bulk.tariff import Tariff
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.plans import INSURED
from pricing.mba.premiums import insured_mortality_rate


def rolls_against_openfisca() -> None:
    """A million plans in memory, one thread each."""
    with tempfile.TemporaryDirectory() as text, peer("bench.openfisca_peer") as openfisca:
        folder = Path(text)
        _, roll = roll_sample.write(folder, ROWS)
        tables = engine(folder)
        assumptions = mba_assumptions(tables.basis(ROLES, date.fromisoformat(AS_OF), None, (), {}))
        openfisca.ask(roll, _rates(assumptions), folder / "theirs.npy")
        batches = list(roll_sample.blocks(ROWS))
        found: list[Any] = []

        def theirs() -> Taken:
            return Taken(**openfisca.ask("price"))

        def ours() -> Taken:
            began, busy = time.perf_counter(), time.process_time()
            tariff = Tariff(assumptions)
            priced = Roll(lambda _: tariff, date.fromisoformat(AS_OF), LIMITS)
            found[:] = [quoted(batch, priced, 1)["monthly_premium"] for batch in batches]
            return Taken(time.perf_counter() - began, time.process_time() - busy)

        rounds = alternate(theirs, ours)
        exact = pa.concat_arrays(found).cast(pa.int64()).to_numpy()
        floats = np.load(folder / "theirs.npy").astype(np.float64)
    ratios = sorted(each[0].seconds / each[1].seconds for each in rounds)
    apart = np.abs(floats - exact)
    assert apart.max() < 1, "the formulas are equal"
    print(
        f"rolls against OpenFisca: {median(ratios):.1f} times its speed (from {ratios[0]:.1f} to {ratios[-1]:.1f} in "
        f"{len(ratios)} rounds), {np.count_nonzero(np.floor(floats + 0.5) != exact):,} of its premiums a riel off"
    )


def _rates(assumptions: MbaAssumptions) -> dict[str, Any]:
    """The rates of the tariff as OpenFisca's parameters."""
    packages, loadings, basis = assumptions.packages, assumptions.loadings, assumptions.pricing_basis

    def insured(kind: str) -> dict[str, Any]:
        incidence = basis.insured[kind]
        exceptions = incidence.hospitalization_rate_exceptions
        rates = {
            package: exceptions[package].rate if package in exceptions else incidence.hospitalization_rate
            for package in PACKAGES
        }
        return {
            "mortality": float(insured_mortality_rate(incidence, assumptions.life_table)),
            "death": float(getattr(packages.benefits, packages.insured[kind].death_benefit)),
            "accident": int(packages.insured[kind].accident),
            "expense": float(loadings.insured[kind].expense),
            "commission": float(loadings.insured[kind].commission),
            "hospitalization_rate": {package: float(rate) for package, rate in rates.items()},
        }

    scale = packages.benefits
    return {
        "basic_benefit": {package: float(packages.basic_benefit[package]) for package in PACKAGES},
        "interest_rate": float(basis.interest_rate),
        "safety_margin": float(basis.safety_margin),
        "accident_rate": float(basis.accident_rate),
        "payments": basis.payments_per_year,
        "children_per_family": float(basis.children_per_family),
        "equity_value": float(loadings.equity_value),
        "contingency": float(loadings.contingency),
        "accident": float(scale.accidental_death),
        "hospitalization": float(scale.hospitalization_daily * scale.hospitalization_maximum_days),
        "insured": {kind: insured(kind) for kind in INSURED},
    }
