"""What it takes for a year's premiums to carry its operating expenses."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing.arithmetic import ZERO
from pricing.errors import DomainError
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.enrolment import Programme
from pricing.mba.projection import Projection, Terms, financial_projection, project, projection_terms
from pricing.mba.projection_basis import ProjectionBasis
from pricing.mba.quotes import PremiumOf
from pricing.mba.sensitivity import scaled_premium
from pricing.rounding import PERSONS
from pricing.trace import formula, unrecorded

MEMBERS = "members"
ENROLMENT_FACTOR = "enrolment_factor"
PREMIUM_FACTOR = "premium_factor"


@dataclass(eq=False)
class YearNotProjected(DomainError):
    """The year lies after the last one of the projection."""

    years: int

    def __str__(self) -> str:
        return f"The projection ends with year {self.years}. Ask for a year in it, or send members of more years."


@dataclass(eq=False)
class NoSolution(DomainError):
    """Not even the largest value in question is enough."""

    unknown: str
    year: int
    most: int

    def __str__(self) -> str:
        what = self.unknown.replace("_", " ")
        return f"No {what} up to {self.most} makes the premiums of year {self.year} carry its operating expenses."


@dataclass(frozen=True)
class Search:
    """What is looked for.

    Attributes:
        unknown: members of the year, or a factor on the members of all years, or on the premium.
        year: that is to break even; None is the last one.
        step: the distance of the values tried, 1 or a power of ten below it.
        most: the largest value tried.
    """

    unknown: str
    year: int | None
    step: Decimal
    most: int


@dataclass(frozen=True)
class BreakEven:
    """The year, the smallest value that is enough for it, the value a step below that is not, and both projections.

    `value_below` and `below` are None where nothing smaller was in question.
    """

    year: int
    value: Decimal
    projection: Projection
    value_below: Decimal | None
    below: Projection | None
    errata: tuple[str, ...] = ()


@formula("x", source="suan-2009 §IV", unit="members, or a multiple", shows="value")
def break_even_value(
    programme: Programme, search: Search, assumptions: MbaAssumptions, basis: ProjectionBasis, premium_of: PremiumOf
) -> BreakEven:
    """The smallest value with which a year needs no subsidy.

    Formula: x = min {x : A4 of the year ≤ expense loading of the year's premiums}
    Args:
        programme: plan and enrolment.
        search: what is looked for.
        assumptions: the tariff's tables.
        basis: enrolment, expenses, interest, withdrawals.
        premium_of: premium of one insured person by package and kind.
    Returns: the value, exact; it is enough, and a step less is not.
    Raises: NoSolution, YearNotProjected, and what a projection raises.
    """
    financial_projection(programme, assumptions, basis, premium_of)  # what an explanation shows first, and its refusals
    with unrecorded():
        terms, errata = projection_terms(programme, assumptions, basis, premium_of)
        year = search.year or len(terms.members)
        if year > len(terms.members):
            raise YearNotProjected(len(terms.members))

        def is_enough(steps: int) -> bool:
            tried = project(with_value(terms, search.unknown, year, steps * search.step))
            return tried.years[year - 1].subsidy == ZERO

        steps = smallest(is_enough, int(search.most / search.step))
        if steps is None:
            raise NoSolution(search.unknown, year, search.most)
    value, value_below = steps * search.step, (steps - 1) * search.step if steps else None
    return BreakEven(
        year=year,
        value=value,
        projection=projection_with(terms, search.unknown, year, value),
        value_below=value_below,
        below=None if value_below is None else projection_with(terms, search.unknown, year, value_below),
        errata=errata,
    )


@formula("fund(x)", source="suan-2009 Tables 10-12", unit="currency", shows="fund_end")
def projection_with(terms: Terms, unknown: str, year: int, value: Decimal) -> Projection:
    """The fund at the end of the last year with a value in the place of the unknown.

    Formula: the projection with x members in the year, or with the members or the premium of all years times x
    Args:
        terms: what the projection is calculated from otherwise.
        unknown: members of the year, or a factor on the members of all years, or on the premium.
        year: that is to break even.
        value: x.
    Returns: every year, unrounded.
    """
    return project(with_value(terms, unknown, year, value))


def with_value(terms: Terms, unknown: str, year: int, value: Decimal) -> Terms:
    """A projection's terms with a value in the place of the unknown."""
    if unknown == PREMIUM_FACTOR:
        return scaled_premium(terms, value)
    if unknown == ENROLMENT_FACTOR:
        return replace(terms, members=tuple(PERSONS.round(value * number) for number in terms.members))
    members = list(terms.members)
    members[year - 1] = value
    return replace(terms, members=tuple(members))


def smallest(is_enough: Callable[[int], bool], most: int) -> int | None:
    """The smallest whole number from 0 to a limit that is enough, where all above it are too; None if none is."""
    return bisect_left(range(most), True, key=is_enough) if is_enough(most) else None
