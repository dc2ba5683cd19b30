"""What a request says of a whole case: the injury, and what followed."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.choices import both
from api.nssf.survivors import MAX_PERSONS
from api.nssf.wages import WAGE_RULE
from api.nssf.worker import AGE_RULE, WorkerFields
from api.requests import Date, Example, OwnFields, Percent
from pricing.nssf.cases import Absence, Case, Death, LastingLoss
from pricing.nssf.refusals import age_at
from pricing.nssf.survivors import CHILDREN, PARENTS, SPOUSE
from pricing.rounding import fraction
from tables.numbers import Age, parse_whole

MAX_ABSENCES = 40
MAX_SCHEDULE = 120
DEFAULT_SCHEDULE = 24


class AbsenceRequest(OwnFields):
    """Days of absence from work in a row."""

    first_day: Date = Field(description="Date of the first day of absence, YYYY-MM-DD.")
    last_day: Date = Field(description="Date of the last day of absence, YYYY-MM-DD.")


class LastingDisabilityRequest(OwnFields):
    """A lasting loss of working capacity."""

    first_day: Date = Field(
        description="Date from which the loss is found to last, YYYY-MM-DD; what is paid for absence ends before it."
    )
    loss_of_working_capacity_percent: Percent = Field(
        description="Degree of the loss, a number of percent above 0 and at most 100."
    )


class RelativeRequest(OwnFields):
    """A survivor; the age is needed for the present value alone."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["age"], "properties": {"age": {"type": "integer"}}},
            "then": {"properties": {"birth_date": {"type": "null"}}},
        }
    )

    age: Age | None = Field(default=None, description="Age in completed years on the day of death, up to 105.")
    birth_date: Date | None = Field(default=None, description="Date of birth, YYYY-MM-DD, in place of an age.")

    @model_validator(mode="after")
    def _at_most_one_age(self) -> Self:
        if self.age is not None and self.birth_date is not None:
            raise PydanticCustomError("age_or_birth_date", "needs at most one of age and birth_date")
        return self

    def age_on(self, day: date, field: str) -> int | None:
        """Completed years on a day, as far as they are known, of who stands in a field of the request."""
        return self.age if self.birth_date is None else age_at(self.birth_date, day, f"{field}/birth_date")


Relatives = Annotated[list[RelativeRequest], Field(max_length=MAX_PERSONS)]


class DeathRequest(OwnFields):
    """The worker's death, and the family."""

    date_of_death: Date = Field(description="Date of the death, YYYY-MM-DD; the funeral grant in force on it is paid.")
    work_related: Annotated[bool, Field(strict=True)] = Field(
        default=True, description="Whether it is due to the injury. If not, pensions end and nothing else is paid."
    )
    spouse: RelativeRequest | None = Field(default=None, description="The surviving spouse.")
    children: Relatives = Field(default=[], description=f"The surviving children, at most {MAX_PERSONS}.")
    parents: Relatives = Field(default=[], description=f"The surviving parents, at most {MAX_PERSONS}.")

    def death(self) -> Death:
        """The death as the formulas take it."""
        on = self.date_of_death
        ages = {
            SPOUSE: () if self.spouse is None else (self.spouse.age_on(on, "death/spouse"),),
            CHILDREN: tuple(each.age_on(on, f"death/children/{place}") for place, each in enumerate(self.children)),
            PARENTS: tuple(each.age_on(on, f"death/parents/{place}") for place, each in enumerate(self.parents)),
        }
        return Death(on, self.work_related, ages)


class CaseRequest(WorkerFields):
    """An employment injury, and what followed."""

    model_config = ConfigDict(json_schema_extra=both(WAGE_RULE, AGE_RULE))

    examples: ClassVar[Mapping[str, Example]] = {
        "disability_and_death": Example(
            "A commuting accident: months of absence, a disability of 40%, and death in the year after",
            {
                "date_of_injury": "2011-03-14",
                "birth_date": "1985-06-02",
                "monthly_wages": ["430000", "445000", "463066"],
                "absences": [{"first_day": "2011-03-14", "last_day": "2011-06-30"}],
                "permanent_disability": {"first_day": "2011-06-16", "loss_of_working_capacity_percent": "40"},
                "death": {
                    "date_of_death": "2012-01-11",
                    "spouse": {"age": 27},
                    "children": [{"birth_date": "2008-09-01"}, {"birth_date": "2010-02-20"}],
                    "parents": [{"age": 55}],
                },
                "schedule_months": 12,
            },
        ),
        "lump_sum": Example(
            "Two absences, and a small loss that lasts",
            {
                "date_of_injury": "2010-05-03",
                "age": 24,
                "monthly_reference_wage": "416954",
                "absences": [
                    {"first_day": "2010-05-03", "last_day": "2010-05-20"},
                    {"first_day": "2010-06-07", "last_day": "2010-06-09"},
                ],
                "permanent_disability": {"first_day": "2010-07-01", "loss_of_working_capacity_percent": "8.7"},
                "schedule_months": 3,
            },
        ),
        "impossible": Example(
            "Refused: dead before the injury",
            {
                "date_of_injury": "2011-03-14",
                "age": 25,
                "monthly_reference_wage": "416954",
                "death": {"date_of_death": "2011-03-13"},
            },
        ),
    }

    date_of_injury: Date = Field(
        description=(
            "Date of the injury, YYYY-MM-DD. The provisions in force on it hold for all that follows from the wage."
        )
    )
    absences: Annotated[list[AbsenceRequest], Field(max_length=MAX_ABSENCES)] = Field(
        default=[],
        description=(
            f"Absences from work, at most {MAX_ABSENCES}. Those without a day between them are one; each other one "
            "waits for its own fourth day."
        ),
    )
    permanent_disability: LastingDisabilityRequest | None = Field(
        default=None, description="A lasting loss of working capacity."
    )
    death: DeathRequest | None = Field(default=None, description="The worker's death.")
    schedule_months: Annotated[int, Field(ge=1, le=MAX_SCHEDULE), BeforeValidator(parse_whole)] = Field(
        default=DEFAULT_SCHEDULE,
        description="Number of months of the schedule, from that of the injury on.",
    )

    def date_of_grant(self) -> date | None:
        """The day by which a funeral grant is looked up; None: none is due."""
        return None if self.death is None or not self.death.work_related else self.death.date_of_death

    def case(self) -> Case:
        """The case as the formulas take it."""
        lasting = self.permanent_disability
        return Case(
            date_of_injury=self.date_of_injury,
            age=self.age_at_injury(),
            age_field=self.age_field,
            wages=self.wages(),
            absences=tuple(Absence(each.first_day, each.last_day) for each in self.absences),
            lasting_loss=None
            if lasting is None
            else LastingLoss(lasting.first_day, fraction(lasting.loss_of_working_capacity_percent)),
            death=None if self.death is None else self.death.death(),
            months=self.schedule_months,
        )
