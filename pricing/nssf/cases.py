"""A whole case: an accident with what followed, each benefit from its first day to the day that the next one begins.

Periods are half-open: a day belongs to one benefit alone. The day of death belongs to the survivors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pricing.arithmetic import ZERO, total
from pricing.nssf.assumptions import Multipliers, Provisions
from pricing.nssf.permanent_disability import PENSION, DisabilityAward, permanent_disability
from pricing.nssf.present_value import multiplier_years, pension_present_value
from pricing.nssf.refusals import ImpossibleCase, refuse_age
from pricing.nssf.schedule import Daily, Monthly, MonthOfPayments, Once, Stream, schedule
from pricing.nssf.survivors import (
    CHILDREN,
    CLASSES,
    PARENTS,
    SPOUSE,
    SurvivorsPensions,
    funeral_grant,
    survivors_pensions,
)
from pricing.nssf.temporary_disability import TemporaryDisabilityBenefit, temporary_disability_benefit
from pricing.nssf.wages import ReferenceWageUsed, reference_wage
from pricing.trace import formula

_DAY = timedelta(days=1)


def _after(day: date) -> date:
    """The next day; of the calendar's last day itself."""
    return day if day == date.max else day + _DAY


@dataclass(frozen=True)
class Absence:
    """Days of absence from work in a row, both ends included."""

    first_day: date
    last_day: date


@dataclass(frozen=True)
class LastingLoss:
    """A loss of working capacity, a fraction, and the day from which it is known to last."""

    first_day: date
    lwc: Decimal


@dataclass(frozen=True)
class Death:
    """A death.

    Attributes:
        day: on which it was.
        work_related: whether it is due to the injury.
        ages: of the survivors on that day by class, completed years; None where an age is not known.
    """

    day: date
    work_related: bool
    ages: dict[str, tuple[int | None, ...]]


@dataclass(frozen=True)
class Case:
    """An accident with what followed.

    Attributes:
        date_of_injury: first day of everything.
        age: completed years on that day.
        age_field: of the request, that says the age.
        wages: monthly wages, KHR, oldest first; one alone is the reference wage.
        absences: in any order.
        lasting_loss, death: where there is one.
        months: of the schedule.
    """

    date_of_injury: date
    age: int
    age_field: str
    wages: tuple[Decimal, ...]
    absences: tuple[Absence, ...]
    lasting_loss: LastingLoss | None
    death: Death | None
    months: int


@dataclass(frozen=True)
class PaidAbsence:
    """An absence with what it pays.

    Attributes:
        absence: as given; absences without a day between them are one.
        days_of_absence: that count: until the loss lasts, or until death.
        benefit: what they pay.
    """

    absence: Absence
    days_of_absence: int
    benefit: TemporaryDisabilityBenefit


@dataclass(frozen=True)
class DeathAward:
    """What a death by employment injury pays.

    Attributes:
        funeral_grant: once, KHR.
        pensions: of the family; None where nobody survives.
        present_values: of the pensions by class, on the day of death, KHR; None where an age is not known.
    """

    funeral_grant: Decimal
    pensions: SurvivorsPensions | None
    present_values: dict[str, Decimal | None]

    @property
    def present_value(self) -> Decimal | None:
        """Of all the family's pensions, KHR; None where an age is not known."""
        known = [value for value in self.present_values.values() if value is not None]
        return total(known) if len(known) == len(self.present_values) else None


@dataclass(frozen=True)
class CaseAward:
    """Every benefit of a case, KHR, unrounded.

    Attributes:
        wage: the reference wage.
        absences: what each pays.
        lasting_loss: what the permanent disability pays.
        death: what the death pays; None where there is none, or none by the injury.
        months: the schedule.
        paid: all payments of the schedule.
        present_value: of the pensions that go on after the last event; None where an age is not known.
    """

    wage: ReferenceWageUsed
    absences: tuple[PaidAbsence, ...]
    lasting_loss: DisabilityAward | None
    death: DeathAward | None
    months: tuple[MonthOfPayments, ...]
    paid: Decimal
    present_value: Decimal | None

    @property
    def uses_multipliers(self) -> bool:
        """Whether a figure depends on a present value multiplier."""
        if self.lasting_loss is not None:
            return True
        pensions = None if self.death is None else self.death.pensions
        if self.death is None or pensions is None:
            return False
        values = self.death.present_values
        return any(pensions.shares[each].persons and values[each] is not None for each in CLASSES)


@formula("PV_c", source="giz-2012 Annex C", unit="KHR")
def class_present_value(
    monthly_amount_per_person: Decimal, ages: tuple[int, ...], months_per_year: int, multipliers: Multipliers
) -> Decimal:
    """Present value of what a class of survivors is paid, each for life.

    Formula: PV_c = Σ over persons of monthly pension · 12 · PVM
    Args:
        monthly_amount_per_person: KHR a month.
        ages: completed years of each person on the day of death.
        months_per_year: 12 in the 2008 provisions.
        multipliers: by age.
    Returns: KHR, unrounded.
    Raises: AgeOutsideMultipliers.
    """
    values = (
        pension_present_value(monthly_amount_per_person, months_per_year, multiplier_years(age, multipliers))
        for age in ages
    )
    return total(values)


@formula("case", source="giz-2012 §3.6", unit="KHR", shows="paid")
def case_award(case: Case, provisions: Provisions, at_death: Provisions, multipliers: Multipliers) -> CaseAward:
    """Every benefit of a case, and when it is paid.

    Formula: temporary disability until the loss lasts; then lump sum or pension; from death on the survivors' pensions
    Args:
        case: the accident with what followed.
        provisions: in force on the day of the injury, for all that follows from the wage.
        at_death: in force on the day of death, for the funeral grant.
        multipliers: by age.
    Returns: KHR, unrounded; the value shown is all that the schedule pays.
    Raises: ImpossibleCase, AgeOutsideMultipliers.
    """
    refuse_impossible(case)
    refuse_age(case.age, multipliers, case.age_field)
    wage = reference_wage(case.wages, provisions.reference_wage)
    absences = tuple(_paid_absence(each, case, wage.monthly, provisions) for each in joined(case.absences))
    loss, death, lasting, dead = case.lasting_loss, case.death, None, None
    if loss is not None:
        lasting = permanent_disability(wage.monthly, loss.lwc, case.age, provisions, multipliers)
    if death is not None and death.work_related:
        dead = _death_award(death, wage.monthly, provisions, at_death, multipliers)
    streams = _streams(case, absences, lasting, dead, provisions.temporary_disability.waiting_days)
    months = schedule(case.date_of_injury, case.months, streams)
    return CaseAward(
        wage=wage,
        absences=absences,
        lasting_loss=lasting,
        death=dead,
        months=months,
        paid=total(month.total for month in months),
        present_value=_present_value(case, lasting, dead),
    )


def refuse_impossible(case: Case) -> None:
    """Refuse what cannot have been. Raises: ImpossibleCase."""
    loss, death = case.lasting_loss, case.death
    absences = sorted(enumerate(case.absences), key=lambda placed: placed[1].first_day)
    previous = None
    for place, each in absences:
        first, last = f"absences/{place}/first_day", f"absences/{place}/last_day"
        if each.last_day < each.first_day:
            raise ImpossibleCase(last, "an absence ends before it begins.")
        if each.first_day < case.date_of_injury:
            raise ImpossibleCase(first, "an absence begins before the injury.")
        if previous is not None and each.first_day <= previous.last_day:
            raise ImpossibleCase(first, "two absences have a day in common.")
        if death is not None and each.first_day > death.day:
            raise ImpossibleCase(first, "an absence begins after the death.")
        previous = each
    if loss is not None and loss.first_day < case.date_of_injury:
        raise ImpossibleCase("permanent_disability/first_day", "the disability lasts from before the injury.")
    if loss is not None and not loss.lwc:
        field = "permanent_disability/loss_of_working_capacity_percent"
        raise ImpossibleCase(field, "a permanent disability is a loss of working capacity above 0 per cent.")
    if death is not None and death.day < case.date_of_injury:
        raise ImpossibleCase("death/date_of_death", "the death is before the injury.")
    if death is not None and loss is not None and loss.first_day > death.day:
        raise ImpossibleCase("permanent_disability/first_day", "the disability lasts from after the death.")


def joined(absences: Sequence[Absence]) -> list[Absence]:
    """Absences in order; those without a day between them are one, so that no first days are waited for twice."""
    found: list[Absence] = []
    for each in sorted(absences, key=lambda absence: absence.first_day):
        if found and each.first_day == _after(found[-1].last_day):
            found[-1] = Absence(found[-1].first_day, each.last_day)
        else:
            found.append(each)
    return found


def _paid_absence(absence: Absence, case: Case, monthly_wage: Decimal, provisions: Provisions) -> PaidAbsence:
    ends = [_after(absence.last_day)]
    if case.lasting_loss is not None:
        ends.append(case.lasting_loss.first_day)
    if case.death is not None:
        ends.append(case.death.day)
    days = max(0, (min(ends) - absence.first_day).days)
    benefit = temporary_disability_benefit(monthly_wage, days, provisions.temporary_disability)
    return PaidAbsence(absence, days, benefit)


def _death_award(
    death: Death, monthly_wage: Decimal, provisions: Provisions, at_death: Provisions, multipliers: Multipliers
) -> DeathAward:
    grant = funeral_grant(at_death)
    if not any(death.ages.values()):
        return DeathAward(grant, None, dict.fromkeys(CLASSES, ZERO))
    spouses, children, parents = (len(death.ages[each]) for each in (SPOUSE, CHILDREN, PARENTS))
    pensions = survivors_pensions(monthly_wage, spouses, children, parents, provisions.survivors)
    values: dict[str, Decimal | None] = {}
    for each in CLASSES:
        for place, age in enumerate(death.ages[each]):
            if age is not None:
                refuse_age(age, multipliers, f"death/{each}" if each == SPOUSE else f"death/{each}/{place}")
        known = tuple(age for age in death.ages[each] if age is not None)
        per_person = pensions.shares[each].monthly_amount_per_person
        value = class_present_value(per_person, known, provisions.months_per_year, multipliers)
        values[each] = value if len(known) == len(death.ages[each]) else None
    return DeathAward(grant, pensions, values)


def _streams(
    case: Case,
    absences: Sequence[PaidAbsence],
    lasting: DisabilityAward | None,
    dead: DeathAward | None,
    waiting_days: int,
) -> list[Stream]:
    streams: list[Stream] = []
    for each in absences:
        if not each.benefit.days_paid:
            continue
        first = each.absence.first_day + waiting_days * _DAY
        end = first + each.benefit.days_paid * _DAY
        streams.append(Daily("temporary_disability", each.benefit.daily_benefit, first, end))
    end_of_pension = None if case.death is None else case.death.day
    if case.lasting_loss is not None and lasting is not None:
        first, paid = case.lasting_loss.first_day, lasting.in_force
        if end_of_pension is None or first < end_of_pension:  # the day of death belongs to the survivors
            streams.append(Once("lump_sum", paid.lump_sum, first))
        streams.append(Monthly("disability_pension", paid.monthly_pension, first, end_of_pension))
        streams.append(Monthly("caretaker_benefit", paid.caretaker_benefit, first, end_of_pension))
    if case.death is not None and dead is not None:
        streams.append(Once("funeral_grant", dead.funeral_grant, case.death.day))
        if dead.pensions is not None:
            streams.append(Monthly("survivors_pensions", dead.pensions.total, case.death.day, None))
    return streams


def _present_value(case: Case, lasting: DisabilityAward | None, dead: DeathAward | None) -> Decimal | None:
    if case.death is not None:
        return ZERO if dead is None else dead.present_value
    return ZERO if lasting is None or lasting.form != PENSION else lasting.present_value
