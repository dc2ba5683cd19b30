"""The stated mix of quote requests: every package with each of the four plan types, half of them with additional
persons, and one household for each package.
"""

from typing import Any

import orjson

AS_OF = "2026-12-01"
PACKAGES = "ABCDEF"
PLAN_TYPES = ("couple", "single_parent", "couple_with_children", "single")
HOUSEHOLD = [
    {"relation": "member", "age": 43},
    {"relation": "spouse", "birth_date": "1985-03-14"},
    {"relation": "child", "birth_date": "2015-07-01"},
    {"relation": "child", "age": 6},
    {"relation": "parent", "age": 70},
]


def requests() -> list[bytes]:
    """54 bodies: 24 plan types bare, 24 with additional persons, 6 households."""
    bodies: list[dict[str, Any]] = []
    for package in PACKAGES:
        for count, plan_type in enumerate(PLAN_TYPES):
            plain = {"package": package, "plan_type": plan_type, "as_of": AS_OF}
            bodies += [plain, plain | {"additional_persons": {"15-65": 1 + count, "66-75": count % 3}}]
        bodies.append({"package": package, "household": HOUSEHOLD, "as_of": AS_OF})
    return [orjson.dumps(body) for body in bodies]
