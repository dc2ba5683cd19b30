"""An abridged life table with every age."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import localcontext

from pricing.arithmetic import CONTEXT
from pricing.fractional_ages import every_age
from pricing.rounding import EXACT, plain
from tables.exchange.stated import Read
from tables.numbers import parse_decimal


def expanded(version: Read, column: str, assumption: str) -> Read:
    """A version whose survivors are there at every age, to twelve places; its provenance says by which assumption.

    A number that cannot be read stays for the validation to refuse.
    """
    try:
        lives = {int(age): parse_decimal(cell) for age, cell in version.content[column].items()}
    except ValueError:
        return version
    if any(number <= 0 for number in lives.values()):
        return version
    with localcontext(CONTEXT):
        whole = every_age(lives, assumption)
    cells = {str(age): plain(lives[age] if age in lives else EXACT.round(value)) for age, value in whole.items()}
    said = f"The ages between those of the source are worked out by the assumption {assumption}."
    provenance = tuple(_remarked(entry, said) if _covers(entry, column) else entry for entry in version.provenance)
    return replace(version, content={**version.content, column: cells}, provenance=provenance)


def _covers(entry: Mapping[str, str], column: str) -> bool:
    return entry["cells"] in ("", f"/{column}")


def _remarked(entry: Mapping[str, str], said: str) -> dict[str, str]:
    return {**entry, "remark": f"{entry['remark']} {said}" if "remark" in entry else said}
