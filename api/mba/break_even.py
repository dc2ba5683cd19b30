"""`POST /v1/mba/projections/solve`: what it takes for a year to break even."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import BeforeValidator, Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.mba.programme import ROLES, ProgrammeFields, premiums, programme, projection_basis, tariff
from api.requests import Example
from pricing.mba.break_even import MEMBERS, BreakEven, Search, break_even_value
from pricing.mba.enrolment import Programme
from pricing.mba.projection import Projection
from pricing.rounding import CENTS, plain
from tables.kinds.mba_projection import MAX_YEARS
from tables.numbers import MAX_PERSONS, parse_whole

MAX_PLACES = 6
MAX_FACTOR = 1000

Unknown = Literal["members", "enrolment_factor", "premium_factor"]


class SolveRequest(ProgrammeFields):
    """What is projected, what is looked for, and the year that is to break even."""

    examples: ClassVar[Mapping[str, Example]] = {
        "members": Example(
            "How many members the third year would need",
            {
                "solve_for": "members",
                "year": 3,
                "as_of": "2026-12-01",
            },
        ),
        "premium": Example(
            "How much dearer the plan would have to be",
            {
                "solve_for": "premium_factor",
                "year": 5,
                "places": 4,
                "as_of": "2026-12-01",
            },
        ),
        "refused": Example(
            "Refused: without members no premium is enough",
            {
                "solve_for": "premium_factor",
                "members": [0],
                "as_of": "2026-12-01",
            },
        ),
    }

    solve_for: Unknown = Field(
        description=(
            "What is looked for. `members`: those of the year. `enrolment_factor`: a factor on the members of all "
            "years, which stay whole. `premium_factor`: a factor on the premium and all its parts."
        )
    )
    year: Annotated[int, Field(ge=1, le=MAX_YEARS), BeforeValidator(parse_whole)] | None = Field(
        default=None, description="Number of the year that is to need no subsidy. Default: the last one."
    )
    places: Annotated[int, Field(ge=0, le=MAX_PLACES), BeforeValidator(parse_whole)] = Field(
        default=2, description="Number of decimal places to which a factor is looked for; members are whole."
    )


class SideAnswer(Part):
    """A value, and the year with it."""

    value: DecimalText = Field(description="The value: a number of members, or a multiple.")
    premium_income: DecimalText = Field(description="Gross premiums of the year, USD.")
    expense_allowance: DecimalText = Field(description="The part of them that is for expenses, USD.")
    operating_expenses: DecimalText = Field(description="All operating expenses of the year, USD.")
    subsidy: DecimalText = Field(description="What a donor pays of them, USD.")
    total_subsidy: DecimalText = Field(description="Subsidies of all years, USD.")


class SolveAnswer(Part):
    """The smallest value that is enough, and the value just below it, which is not."""

    currency: str = Field(description="Currency of every amount, ISO 4217: USD.")
    solve_for: Unknown = Field(description="What was looked for.")
    year: int = Field(description="Number of the year that breaks even.")
    value: DecimalText = Field(description="The smallest value that is enough: a number of members, or a multiple.")
    enough: SideAnswer = Field(description="The year with it.")
    not_enough: SideAnswer | None = Field(
        description="The year with the next smaller value, which is not enough; null: even 0 is."
    )


class _Question(NamedTuple):
    programme: Programme
    unknown: Unknown
    year: int | None
    places: int


class _Solved(NamedTuple):
    unknown: Unknown
    found: BreakEven


def _solve(question: _Question, basis: Basis) -> Answered[_Solved]:
    unknown, year = question.unknown, question.year
    if unknown == MEMBERS:
        search = Search(unknown, year, Decimal(1), MAX_PERSONS)
    else:
        search = Search(unknown, year, Decimal(1).scaleb(-question.places), MAX_FACTOR)
    found = break_even_value(question.programme, search, tariff(basis), projection_basis(basis), premiums(basis))
    return Answered(_Solved(unknown, found), found.errata)


def _side(value: Decimal, projection: Projection, year: int) -> dict[str, str]:
    shown = projection.years[year - 1]
    names = ("premium_income", "expense_allowance", "operating_expenses", "subsidy")
    amounts = {name: CENTS.text(getattr(shown, name)) for name in names}
    return {"value": plain(value)} | amounts | {"total_subsidy": CENTS.text(projection.total_subsidy)}


def _fields(solved: _Solved, basis: Basis) -> dict[str, Any]:
    found, below = solved.found, None
    if found.value_below is not None and found.below is not None:
        below = _side(found.value_below, found.below, found.year)
    return {
        "currency": projection_basis(basis).currency,
        "solve_for": solved.unknown,
        "year": found.year,
        "value": plain(found.value),
        "enough": _side(found.value, found.projection, found.year),
        "not_enough": below,
    }


SOLVE = Calculator(
    method="POST",
    path="/v1/mba/projections/solve",
    operation_id="createMbaProjectionSolution",
    summary="What it takes to break even",
    description=(
        "The smallest number of members, or the smallest factor on enrolment or premium, with which the premiums of a "
        "year carry its operating expenses. It is exact to the member, or to the decimal place asked: a step less is "
        "not enough."
    ),
    tag="mba",
    request=SolveRequest,
    answer=SolveAnswer,
    roles=ROLES,
    question=lambda request, basis: _Question(
        programme(request, basis), request.solve_for, request.year, request.places
    ),
    formula=_solve,
    fields=_fields,
    weight="heavy",
)
