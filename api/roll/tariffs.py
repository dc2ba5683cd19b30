"""The tariffs that a roll is priced by, and their part of its receipt."""

from datetime import date
from typing import Any

from api.engine import ENGINE_VERSION, Engine, instant_text
from api.mba.tariff import ROLES, mba_assumptions
from api.roll.order import Order
from pricing.bulk.tariff import Tariff
from tables.snapshot import Version


class RollTariffs:
    """The tariffs that a roll's dates come to, and the versions that they rest on."""

    def __init__(self, engine: Engine, order: Order) -> None:
        """Args: the tables, what is asked."""
        self._engine = engine
        self._order = order
        self._tariffs: dict[tuple[str, ...], Tariff] = {}
        self._versions: dict[str, dict[str, Version]] = {role: {} for role in ROLES}

    def on(self, day: date) -> Tariff:
        """The tariff on a date. Raises: DomainError."""
        basis = self._engine.basis(ROLES, day, self._order.known_at, self._order.pins, {})
        for role, version in basis.resolved.versions.items():
            self._versions[role][version.name] = version
        return self._tariffs.setdefault(basis.resolved.content_sha256, Tariff(mba_assumptions(basis)))

    def receipt(self, request_sha256: str) -> dict[str, Any]:
        """What gives the same answer again to the same bytes."""
        known_at = self._order.known_at
        names = {role: sorted(versions) for role, versions in self._versions.items() if versions}
        used = {name: version for versions in self._versions.values() for name, version in versions.items()}
        return {
            "engine": ENGINE_VERSION,
            "as_of": self._order.as_of.isoformat(),
            "known_at": known_at and instant_text(known_at),
            "tables": {role: each if len(each) > 1 else each[0] for role, each in names.items()},
            "table_details": {
                name: {
                    "sha256": version.sha256,
                    "effective_from": version.effective_from,
                    "effective_to": version.effective_to,
                }
                for name, version in sorted(used.items())
            },
            "request_sha256": request_sha256,
            "hypothetical": False,
        }
