"""How many members the programme has, year by year (suan-2009 Table 10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE, total
from pricing.errors import DomainError
from pricing.rounding import PERSONS
from pricing.trace import formula


@dataclass(eq=False)
class EnrolmentTooLarge(DomainError):
    """The growth plan leads to more members than a year may have."""

    year: int
    most_members: int

    def __str__(self) -> str:
        return (
            f"The growth plan leads to more than {self.most_members} members in year {self.year}. "
            "Lower its growth rates, its take-up rate or its federations."
        )


@dataclass(frozen=True)
class GrowthPlan:
    """How the membership grows.

    Attributes:
        federations: name of each, and the persons in it.
        take_up_rate: fraction of them that enrols in the first year.
        growth_rates: growth over the year before, from the second year on.
        most_members: that a year may have.
    """

    federations: tuple[tuple[str, int], ...]
    take_up_rate: Decimal
    growth_rates: tuple[Decimal, ...]
    most_members: int


@dataclass(frozen=True)
class Programme:
    """What is projected.

    Attributes:
        package, plan_type: the plan that every member has.
        enrolment: members by year, or the growth plan that they follow from.
    """

    package: str
    plan_type: str
    enrolment: tuple[int, ...] | GrowthPlan


@formula("E_1", source="suan-2009 Table 10", unit="persons")
def first_year_enrolment(federation_members: Decimal, take_up_rate: Decimal) -> Decimal:
    """Who enrols in the first year.

    Formula: E_1 = M · take-up rate
    Args:
        federation_members: M, persons in the federations.
        take_up_rate: fraction of them that enrols.
    Returns: persons, unrounded.
    """
    return federation_members * take_up_rate


@formula("E_y", source="suan-2009 Table 10", unit="persons")
def next_year_enrolment(enrolment: Decimal, growth_rate: Decimal) -> Decimal:
    """Enrolment a year later, from the unrounded one.

    Formula: E_{y+1} = E_y · (1 + g)
    Args:
        enrolment: E_y, persons, unrounded.
        growth_rate: g, growth over the year before as a fraction.
    Returns: persons, unrounded.
    """
    return enrolment * (ONE + growth_rate)


def members_by_year(
    federation_members: Decimal, take_up_rate: Decimal, growth_rates: Sequence[Decimal], most_members: int
) -> tuple[Decimal, ...]:
    """Members of each year: the unrounded chain, each of its links in whole persons, half up.

    Args:
        federation_members: persons who could enrol.
        take_up_rate: fraction of them that enrols in the first year.
        growth_rates: growth over the year before, from the second year on.
        most_members: that a year may have.
    Raises: EnrolmentTooLarge.
    """
    chain = [first_year_enrolment(federation_members, take_up_rate)]
    _check(chain[0], 1, most_members)
    for growth_rate in growth_rates:
        chain.append(next_year_enrolment(chain[-1], growth_rate))
        _check(chain[-1], len(chain), most_members)
    return tuple(PERSONS.round(enrolment) for enrolment in chain)


def _check(enrolment: Decimal, year: int, most_members: int) -> None:
    if enrolment > most_members:
        raise EnrolmentTooLarge(year, most_members)


def enrolled(programme: Programme) -> tuple[Decimal, ...]:
    """Members of each year."""
    plan = programme.enrolment
    if isinstance(plan, GrowthPlan):
        persons = total(Decimal(members) for _, members in plan.federations)
        return members_by_year(persons, plan.take_up_rate, plan.growth_rates, plan.most_members)
    return tuple(map(Decimal, plan))


def federation_enrolment(plan: GrowthPlan) -> list[tuple[Decimal, ...]]:
    """Members of each year by federation (Table 10): each runs the chain on its own, so they need not add up."""
    return [
        members_by_year(Decimal(members), plan.take_up_rate, plan.growth_rates, plan.most_members)
        for _, members in plan.federations
    ]
