"""The risks of one member's plan, person by person: what a simulation draws."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ZERO
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.benefits import ACCIDENT, HOSPITALIZATION, NATURAL_DEATH
from pricing.mba.enrolment import Programme
from pricing.mba.plans import Plan, insured_persons
from pricing.mba.premiums import tariff_risk


@dataclass(frozen=True)
class InsuredRisk:
    """Rates, a year and unmargined, and benefits of one kind of insured person.

    Attributes:
        persons: of the kind, for each member.
        natural_death_rate, accident_rate, hospitalization_rate: 0 where the kind has no such cover.
        natural_death_benefit, accident_benefit, hospitalization_benefit: in the projection's currency.
    """

    persons: Decimal
    natural_death_rate: Decimal
    accident_rate: Decimal
    hospitalization_rate: Decimal
    natural_death_benefit: Decimal
    accident_benefit: Decimal
    hospitalization_benefit: Decimal

    def rate(self, coverage: str) -> Decimal:
        """The rate of a coverage's claims."""
        return getattr(self, f"{coverage}_rate")  # type: ignore[no-any-return]

    def benefit(self, coverage: str) -> Decimal:
        """What a claim of a coverage pays."""
        return getattr(self, f"{coverage}_benefit")  # type: ignore[no-any-return]


def insured_risks(programme: Programme, assumptions: MbaAssumptions, exchange_rate: Decimal) -> tuple[InsuredRisk, ...]:
    """The risks of everybody that the plan insures, the member first."""
    risks = []
    for insured, persons in insured_persons(Plan(programme.plan_type), assumptions).items():
        benefits, basis = tariff_risk(programme.package, insured, assumptions)
        amounts = {coverage: amount / exchange_rate for coverage, amount in benefits.items()}
        risks.append(
            InsuredRisk(
                persons=persons,
                natural_death_rate=basis.natural_death_rate,
                accident_rate=basis.accident_rate if ACCIDENT in amounts else ZERO,
                hospitalization_rate=basis.hospitalization_rate,
                natural_death_benefit=amounts[NATURAL_DEATH],
                accident_benefit=amounts.get(ACCIDENT, ZERO),
                hospitalization_benefit=amounts[HOSPITALIZATION],
            )
        )
    return tuple(risks)
