"""`POST /v1/nssf/cases`: an employment injury with what followed, every benefit, and when it is paid."""

from typing import Any

from pydantic import Field

from api.amounts import whole_riel
from api.answers import DateText, DecimalText, MonthText, Part
from api.calculator import Answered, Calculator, EventDate, LaterDate
from api.engine import Basis
from api.nssf.case_requests import CaseRequest
from api.nssf.permanent_disability import DisabilityAwardAnswer, award_answer
from api.nssf.survivors import FamilyPensionsAnswer, pensions_answer
from api.nssf.temporary_disability import AbsencePay, absence_pay
from api.nssf.vocabulary import CaseBenefit
from api.nssf.wages import WageAnswer, wage_answer
from pricing.nssf.cases import CaseAward, DeathAward, PaidAbsence, case_award
from pricing.nssf.present_value import unit_errata
from pricing.nssf.schedule import MonthOfPayments


class AbsenceAnswer(AbsencePay):
    """An absence with what it pays."""

    first_day: DateText = Field(description="Date of the first day of absence.")
    last_day: DateText = Field(description="Date of the last day of absence, as given.")
    days_of_absence: int = Field(
        description="Number of days that count: until the loss lasts, or until death, if that comes first."
    )


class PresentValuesAnswer(Part):
    """Present value of the survivors' pensions on the day of death, by class; null: an age is not known."""

    spouse: DecimalText | None = Field(description="Of the spouse, KHR, whole riel.")
    spouse_exact: DecimalText | None = Field(description="The same before it is rounded, KHR.")
    children: DecimalText | None = Field(description="Of the children, each for life, KHR, whole riel.")
    children_exact: DecimalText | None = Field(description="The same before it is rounded, KHR.")
    parents: DecimalText | None = Field(description="Of the parents, KHR, whole riel.")
    parents_exact: DecimalText | None = Field(description="The same before it is rounded, KHR.")


class DeathAnswer(Part):
    """What a death by the injury pays."""

    funeral_grant: DecimalText = Field(description="Paid once, KHR, whole riel.")
    funeral_grant_exact: DecimalText = Field(description="The same before it is rounded, KHR.")
    survivors_pensions: FamilyPensionsAnswer | None = Field(description="The family's pensions; null: nobody survives.")
    present_values: PresentValuesAnswer = Field(description="What the pensions are worth on the day of death.")


class PaymentAnswer(Part):
    """What a benefit pays in a month."""

    benefit: CaseBenefit = Field(description="The benefit.")
    days: int | None = Field(
        description="Number of days of the month that it pays for; null: it is paid once, whatever the days."
    )
    amount: DecimalText = Field(description="KHR, whole riel.")
    amount_exact: DecimalText = Field(description="The same before it is rounded, KHR.")


class MonthAnswer(Part):
    """A month of the schedule."""

    month: MonthText = Field(description="The month, YYYY-MM.")
    payments: list[PaymentAnswer] = Field(description="What is paid for it; empty: nothing.")
    total: DecimalText = Field(description="All of it, KHR, whole riel.")
    total_exact: DecimalText = Field(description="The same before it is rounded, KHR.")


class CaseAnswer(WageAnswer):
    """Every benefit of a case, and when it is paid."""

    age: int = Field(description="Age in completed years at the injury.")
    absences: list[AbsenceAnswer] = Field(description="What each absence pays, in order of time.")
    permanent_disability: DisabilityAwardAnswer | None = Field(description="What the lasting loss pays; null: none.")
    death: DeathAnswer | None = Field(description="What the death pays; null: none, or not due to the injury.")
    schedule: list[MonthAnswer] = Field(description="Payments by month, from that of the injury on.")
    total_paid: DecimalText = Field(description="All payments of the schedule, KHR, whole riel.")
    total_paid_exact: DecimalText = Field(description="The same before it is rounded, KHR.")
    present_value: DecimalText | None = Field(
        description=(
            "Of the pensions that go on after the last event, KHR, whole riel: those of the survivors by their ages at "
            "death, or that of the worker by the age at the injury. 0 where there is none; null where a survivor's age "
            "is not known."
        )
    )
    present_value_exact: DecimalText | None = Field(description="The same before it is rounded, KHR.")


def _award(request: CaseRequest, basis: Basis) -> Answered[tuple[int, CaseAward]]:
    case, multipliers = request.case(), basis.assumptions["multipliers"]
    award = case_award(case, basis.assumptions["provisions"], basis.assumptions_later("provisions"), multipliers)
    return Answered((case.age, award), unit_errata(multipliers) if award.uses_multipliers else ())


def _fields(found: tuple[int, CaseAward], basis: Basis) -> dict[str, Any]:
    age, award = found
    return {
        **wage_answer(award.wage, basis),
        "age": age,
        "absences": [_absence(each) for each in award.absences],
        "permanent_disability": None if award.lasting_loss is None else award_answer(award.lasting_loss),
        "death": None if award.death is None else _death(award.death),
        "schedule": [_month(each) for each in award.months],
        **whole_riel("total_paid", award.paid),
        **_known("present_value", award.present_value),
    }


def _absence(paid: PaidAbsence) -> dict[str, Any]:
    return {
        "first_day": paid.absence.first_day,
        "last_day": paid.absence.last_day,
        "days_of_absence": paid.days_of_absence,
        **absence_pay(paid.benefit),
    }


def _death(paid: DeathAward) -> dict[str, Any]:
    values: dict[str, str | None] = {}
    for each, value in paid.present_values.items():
        values |= _known(each, value)
    return {
        **whole_riel("funeral_grant", paid.funeral_grant),
        "survivors_pensions": None if paid.pensions is None else pensions_answer(paid.pensions),
        "present_values": values,
    }


def _month(month: MonthOfPayments) -> dict[str, Any]:
    return {
        "month": month.first_day.isoformat()[: len("YYYY-MM")],
        "payments": [
            {"benefit": each.benefit, "days": each.days, **whole_riel("amount", each.amount)} for each in month.payments
        ],
        **whole_riel("total", month.total),
    }


def _known(name: str, value: Any) -> dict[str, str | None]:
    return {name: None, f"{name}_exact": None} if value is None else {**whole_riel(name, value)}


CASES = Calculator(
    method="POST",
    path="/v1/nssf/cases",
    operation_id="createNssfCase",
    summary="Award a whole case",
    description=(
        "An employment injury with what followed: absences, a lasting loss of working capacity, death. Each benefit is "
        "paid by the provisions in force on its own date: that of the injury for what follows from the wage, that of "
        "death for the funeral grant. No day is paid twice: the benefit for absence ends where the loss lasts, the "
        "worker's pension ends with death, on which the survivors' begin. A month that a pension does not fill is paid "
        "in proportion to its days."
    ),
    tag="nssf",
    request=CaseRequest,
    answer=CaseAnswer,
    roles=("provisions", "multipliers"),
    question=lambda request, _basis: request,
    formula=_award,
    fields=_fields,
    event_date=EventDate("date_of_injury", lambda request: request.date_of_injury),
    later_date=LaterDate(
        "death/date_of_death",
        lambda request: request.date_of_grant(),
        ("provisions",),
    ),
)
