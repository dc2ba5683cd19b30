"""The premiums of one set of tables, each computed once, and the tables of each date."""

from collections.abc import Callable
from datetime import date
from typing import Any

from pricing.bulk.answers import Answer, Priced, Refused, refused
from pricing.errors import DomainError
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.plans import Plan, insured_persons
from pricing.mba.premiums import InsuredPremium, tariff_premium
from pricing.mba.quotes import plan_premium
from pricing.rounding import EXACT, WHOLE_RIEL

_MOST_DATES = 100_000
"""Dates that are remembered."""


class Tariff:
    """The premiums of one set of tables, each computed once."""

    def __init__(self, assumptions: MbaAssumptions) -> None:
        """Args: the tables."""
        self.assumptions = assumptions
        self._answers: dict[tuple[str, Plan], Answer] = {}
        self._price_rows: dict[tuple[str, str], InsuredPremium] = {}

    def answer(self, package: str, plan: Plan) -> Answer:
        """The premium of a package for a plan, as a single quote has it; or the rule that refuses it."""
        key = package, plan
        if key not in self._answers:
            try:
                self._answers[key] = self._priced(package, plan)
            except DomainError as refusal:
                self._answers[key] = refused(refusal)
        return self._answers[key]

    def _priced(self, package: str, plan: Plan) -> Priced:
        persons = insured_persons(plan, self.assumptions)
        payments = self.assumptions.pricing_basis.payments_per_year
        premium = plan_premium(package, persons, payments, self._price_row)
        monthly = premium.gross_monthly_premium
        return Priced(
            package,
            plan.plan_type,
            premium,
            WHOLE_RIEL.round(monthly),
            EXACT.round(monthly),
            persons,
            payments,
        )

    def _price_row(self, package: str, insured: str) -> InsuredPremium:
        key = package, insured
        if key not in self._price_rows:
            self._price_rows[key] = tariff_premium(package, insured, self.assumptions)
        return self._price_rows[key]


TariffOn = Callable[[date], Tariff]
"""The tariff on a date. Raises: DomainError."""


class Tariffs:
    """The tariffs of a roll's dates."""

    def __init__(self, tariff_on: TariffOn) -> None:
        """Args: the tariff by date."""
        self._tariff_on = tariff_on
        self._by_day: dict[date, Tariff | Refused] = {}

    def on(self, day: Any) -> Any:
        """The tariff on a row's date, or why there is none."""
        if isinstance(day, Refused):
            return day
        tariff = self._by_day.get(day)
        if tariff is None:
            try:
                tariff = self._tariff_on(day)
            except DomainError as refusal:
                tariff = refused(refusal, "as_of")
            if len(self._by_day) >= _MOST_DATES:
                self._by_day.clear()
            self._by_day[day] = tariff
        return tariff
