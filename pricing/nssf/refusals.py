"""What the employment injury branch refuses."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.ages import completed_years
from pricing.errors import DomainError
from pricing.nssf.assumptions import Multipliers


@dataclass(eq=False)
class AgeOutsideMultipliers(DomainError):
    """There is no present value multiplier for this age.

    Attributes:
        multipliers: by age.
        age: that they do not have.
        field: of the request, that says the age.
    """

    multipliers: Multipliers
    age: int
    field: str = "age"

    def __str__(self) -> str:
        first, last = self.multipliers.first_age, self.multipliers.last_age
        return f"There are present value multipliers for ages {first} to {last} in completed years, not for {self.age}."


@dataclass(eq=False)
class LossOfWorkingCapacityOutOfRange(DomainError):
    """A loss of working capacity that no benefit is for."""

    lwc: Decimal

    def __str__(self) -> str:
        return "A permanent disability is a loss of working capacity above 0 and of at most 100 per cent."


@dataclass(eq=False)
class NoSurvivors(DomainError):
    """Nobody survives whom a pension is for."""

    def __str__(self) -> str:
        return "A survivors' pension is paid to a spouse, children or parents: at least one of them must survive."


@dataclass(eq=False)
class EmployerNotCovered(DomainError):
    """An employer who is too small to be covered."""

    minimum_workers: int

    def __str__(self) -> str:
        return f"The branch covers employers with {self.minimum_workers} or more workers."


@dataclass(eq=False)
class ImpossibleCase(DomainError):
    """What a case says cannot be true together.

    Attributes:
        field: JSON pointer without its first slash.
        reason: why, as the rest of a sentence.
    """

    field: str
    reason: str

    def __str__(self) -> str:
        return f"The case contradicts itself: {self.reason}"


def refuse_age(age: int, multipliers: Multipliers, field: str) -> None:
    """Refuse an age that the multipliers do not have.

    Args:
        age: completed years, of the worker or of who is paid.
        multipliers: by age.
        field: of the request, that says the age.
    Raises: AgeOutsideMultipliers.
    """
    if age not in multipliers.multipliers:
        raise AgeOutsideMultipliers(multipliers, age, field)


def age_at(birth_date: date, day: date, field: str) -> int:
    """Completed years on the day of an event.

    Args:
        birth_date: of who was injured or survives.
        day: of the injury or the death.
        field: of the request, that says the date of birth.
    Raises: ImpossibleCase, for who was born later.
    """
    if birth_date > day:
        raise ImpossibleCase(field, "nobody is born after the day on which the age counts.")
    return completed_years(birth_date, day)
