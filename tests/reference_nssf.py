"""The employment injury branch a second time, in exact fractions, a case day by day: what the service is compared with.

Written from the report (giz-2012, chapter 3 and Annex C) and the published contract alone; it imports nothing of the
service.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from typing import Any, NamedTuple

from tests.golden.reader import rows

Body = Mapping[str, Any]

PVM = {int(row["age"]): int(row["pvm"].replace(",", "")) for row in rows("giz-2012", "table_c1")}
SHARES = {
    tuple(bool(int(row[each])) for each in ("spouse", "children", "parents")): tuple(
        Fraction(row[f"{each}_percent"]) / 100 for each in ("spouse", "children", "parents")
    )
    for row in rows("giz-2012", "section_3_6_5")
}
NEW_GRANT = date(2012, 1, 1)
DAY = timedelta(days=1)


class Loss(NamedTuple):
    """What a lasting loss pays: once, a month, a month for a caretaker, and what all of it is worth."""

    lump_sum: Fraction
    pension: Fraction
    caretaker: Fraction
    value: Fraction


def wage(body: Body) -> Fraction:
    """The reference wage: as stated, or the mean of the last twelve."""
    if body.get("monthly_reference_wage") is not None:
        return Fraction(str(body["monthly_reference_wage"]))
    last = [Fraction(str(each)) for each in body["monthly_wages"]][-12:]
    return sum(last, Fraction(0)) / len(last)


def contribution(monthly: Fraction, sector: str, period: str) -> tuple[Fraction, Fraction, Fraction]:
    """Insured wage, employer, government."""
    insured = sorted((Fraction(200_000), monthly, Fraction(1_000_000)))[1]
    subsidised = sector == "garment_and_footwear" and "2009-01" <= period <= "2010-12"
    government = insured * 3 / 1000 if subsidised else Fraction(0)
    return insured, insured * 8 / 1000 - government, government


def temporary(monthly: Fraction, days: int) -> tuple[int, Fraction, Fraction]:
    """Days paid, what a day pays, what the employer pays."""
    return len(range(4, days + 1)), monthly / 30 * 7 / 10, monthly / 30 * len(range(1, min(days, 3) + 1))


def loss(monthly: Fraction, percent: Fraction, age: int, *, ilo: bool) -> Loss:
    """What a lasting loss pays, in force or as the ILO recommended."""
    small, large = (Fraction(1), Fraction(1)) if ilo else (Fraction(1, 5), Fraction(4, 5))
    years = Fraction(PVM[age], 365)
    if percent < 20:
        lump_sum = 12 * monthly * 7 / 10 * percent / 100 * small * years
        return Loss(lump_sum, Fraction(0), Fraction(0), lump_sum)
    pension = monthly * 7 / 10 * percent / 100 * large
    caretaker = pension / 2 if percent == 100 else Fraction(0)
    return Loss(Fraction(0), pension, caretaker, (pension + caretaker) * 12 * years)


def shares(spouse: int, children: int, parents: int) -> tuple[Fraction, ...]:
    """Shares of the wage by class."""
    return SHARES[bool(spouse), bool(children), bool(parents)]


def grant(day: date) -> Fraction:
    """The funeral grant."""
    return Fraction(4_000_000 if day >= NEW_GRANT else 1_000_000)


def age_on(birth: date, day: date) -> int:
    """Completed years: the birthdays since birth; 29 February falls on 1 March of a common year."""
    years = 0
    while True:
        try:
            birthday = birth.replace(year=birth.year + years + 1)
        except ValueError:
            birthday = date(birth.year + years + 1, 3, 1)
        if birthday > day:
            return years
        years += 1


def schedule(body: Body, age: int) -> list[dict[str, Fraction]]:
    """Each month's payments by benefit: every day is asked what it is paid for."""
    begin, monthly = date.fromisoformat(body["date_of_injury"]), wage(body)
    absent = _paid_days(
        [(date.fromisoformat(a["first_day"]), date.fromisoformat(a["last_day"])) for a in body["absences"]]
    )
    lasting, death = body.get("permanent_disability"), body.get("death")
    lasts = date.fromisoformat(lasting["first_day"]) if lasting else date.max
    dies = date.fromisoformat(death["date_of_death"]) if death else date.max
    paid = loss(monthly, Fraction(lasting["loss_of_working_capacity_percent"]), age, ilo=False) if lasting else None
    ours, family = False, Fraction(0)
    if death is not None and death.get("work_related", True):
        ours = True
        family = sum(shares(*_family(death)), Fraction(0)) if any(_family(death)) else family
    months = []
    day = begin.replace(day=1)
    for _ in range(body["schedule_months"]):
        month: dict[str, Fraction] = {}
        number, days = day.month, []
        while day.month == number:
            days.append(day)
            day += DAY
        for each in days:
            if each in absent and each < min(lasts, dies):
                _add(month, "temporary_disability", monthly / 30 * 7 / 10)
            if paid and lasts <= each < dies:
                _add(month, "disability_pension", paid.pension / len(days))
                _add(month, "caretaker_benefit", paid.caretaker / len(days))
            if paid and each == lasts < dies:
                _add(month, "lump_sum", paid.lump_sum)
            if ours and each == dies:
                _add(month, "funeral_grant", grant(dies))
            if each >= dies:
                _add(month, "survivors_pensions", monthly * family / len(days))
        months.append({name: amount for name, amount in month.items() if amount})
    return months


def _family(death: Body) -> tuple[int, int, int]:
    return int(death.get("spouse") is not None), len(death.get("children", [])), len(death.get("parents", []))


def _paid_days(absences: Sequence[tuple[date, date]]) -> set[date]:
    """Days of absence but for the first three of each run."""
    days = sorted({first + n * DAY for first, last in absences for n in range((last - first).days + 1)})
    runs = [[day for _, day in run] for _, run in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0] * DAY)]
    return {day for run in runs for day in run[3:]}


def _add(month: dict[str, Fraction], benefit: str, amount: Fraction) -> None:
    month[benefit] = month.get(benefit, Fraction(0)) + amount
