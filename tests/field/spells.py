"""The distribution of sickness spells in floats, and its fit to what the report prints.

`python -m tests.field.spells STARTS` prints a fit for each of the starts, JSON both.
"""

import json
import sys
from collections.abc import Sequence

PRINTED = (0.678, 0.183, 0.059, 10.0, 34.8)
"""giz-2012 Tables B.2 and B.3: shares of 0-7, 8-14, 15-21 days; mean of all spells and of those beyond 15 days."""
HALF_DIGITS = (0.0005, 0.0005, 0.0005, 0.05, 0.05)


def floats(parameters: Sequence[float]) -> tuple[list[float], float, float]:
    """What Tables B.2 and B.3 print, by a mixture in floats; and share and mean excess beyond 15 days."""
    weight, *rest = parameters
    masses = [0.0] * 1500
    for share, mean, size in ((weight, *rest[:2]), (1 - weight, *rest[2:])):
        odds = mean / (size + mean)
        mass = (1 - odds) ** size
        for day in range(len(masses)):
            mass *= (day - 1 + size) / day * odds if day else 1
            masses[day] += share * mass
    ill, long = sum(masses[1:]), sum(masses[16:])
    mean_of_all = sum(day * mass for day, mass in enumerate(masses)) / ill
    mean_of_long = sum(day * mass for day, mass in enumerate(masses) if day > 15) / long
    classes = [sum(masses[:8]), sum(masses[8:15]), sum(masses[15:22])]
    return [*classes, mean_of_all, mean_of_long], long / ill, mean_of_long - 15


def misses(parameters: Sequence[float]) -> list[float]:
    """By how many half digits each printed figure is missed."""
    found = floats(parameters)[0]
    return [(own - printed) / half for own, printed, half in zip(found, PRINTED, HALF_DIGITS, strict=True)]


def fitted(start: Sequence[float]) -> list[float]:
    """The parameters that reproduce the print, by least squares from a start."""
    from scipy.optimize import least_squares  # noqa: PLC0415  (the rest is asked where SciPy is not)

    found: list[float] = least_squares(misses, start, x_scale=start, bounds=(0, [1, *[100.0] * 4])).x.tolist()
    return found


if __name__ == "__main__":
    json.dump([fitted(start) for start in json.loads(sys.argv[1])], sys.stdout)
