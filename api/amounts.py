"""How amounts in riel stand in answers."""

from decimal import Decimal

from pricing.rounding import EXACT, WHOLE_RIEL


def whole_riel(name: str, value: Decimal) -> dict[str, str]:
    """An amount in whole riel, with the exact value beside it."""
    return {name: WHOLE_RIEL.text(value), f"{name}_exact": EXACT.text(value)}
