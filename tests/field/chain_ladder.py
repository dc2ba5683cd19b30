"""Each sample named, and what the library chainladder makes of it: `python -m tests.field.chain_ladder raa …`."""

import json
import sys
from math import isnan
from typing import Any

import chainladder


def developed(sample: str) -> dict[str, Any]:
    """Cumulative claims by origin; factors by volume-weighted averages, ultimate claims and reserves from them."""
    triangle = chainladder.load_sample(sample)
    development = chainladder.Development(average="volume").fit_transform(triangle)
    model = chainladder.Chainladder().fit(development)
    return {
        "claims": [[cell for cell in row if not isnan(cell)] for row in triangle.values[0, 0].tolist()],
        "factors": development.ldf_.values[0, 0, 0].tolist(),
        "ultimate": model.ultimate_.values[0, 0, :, 0].tolist(),
        "reserves": [0.0 if isnan(cell) else cell for cell in model.ibnr_.values[0, 0, :, 0].tolist()],
    }


if __name__ == "__main__":
    json.dump({sample: developed(sample) for sample in sys.argv[1:]}, sys.stdout)
