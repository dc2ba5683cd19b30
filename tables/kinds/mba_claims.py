"""The MBA's tables for claims: terms by age and event, table of disabilities (suan-2009)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from pricing.mba import assumptions as mba
from tables.kinds.base import LEFT_OUT_OR_STATED, Content, ContentPart
from tables.kinds.life import AgeKey
from tables.kinds.mba import AgeBand, ErratumCode, every
from tables.numbers import Rate, Whole

Band = Literal["child", "adult", "elder"]
HospitalEventName = Literal["illness", "accident", "pregnancy", "miscarriage"]
Loss = Literal[
    "arm_or_hand",
    "thumb",
    "index_finger",
    "other_finger",
    "leg_or_foot",
    "big_toe",
    "other_toe",
    "eye",
    "both_eyes",
    "hearing_one_ear",
    "hearing_both_ears",
    "smell_or_taste",
    "incurable_brain_injury",
    "kidney",
    "spleen",
]
BodyPart = Literal[
    "arm_or_hand",
    "thumb",
    "index_finger",
    "other_finger",
    "leg_or_foot",
    "big_toe",
    "other_toe",
    "eye",
    "ear",
    "smell_and_taste",
    "brain",
    "kidney",
    "spleen",
]


class ClaimAges(ContentPart):
    """Ages by what they are paid."""

    child: AgeBand
    adult: AgeBand
    elder: AgeBand
    hospitalization: AgeBand


class AgeReading(ContentPart):
    """The band that an age is read to be in, and the erratum that made a reading necessary."""

    band: Band
    erratum: Annotated[ErratumCode | None, LEFT_OUT_OR_STATED] = None


class HospitalEvent(ContentPart):
    """Whether a kind of event is paid, and whether the same one has to wait longer than another."""

    covered: bool = Field(strict=True)
    same_event_limit: bool = Field(strict=True)
    erratum: Annotated[ErratumCode | None, LEFT_OUT_OR_STATED] = None


class ClaimTermsContent(Content):
    """What is paid at which age, and how the events in hospital are treated."""

    ages: ClaimAges
    age_exceptions: dict[AgeKey, AgeReading]
    hospitalization_events: Annotated[dict[HospitalEventName, HospitalEvent], every(HospitalEventName)]

    def assumptions(self) -> mba.ClaimTerms:
        """The terms as the formulas take them."""
        events: Mapping[str, mba.HospitalEvent] = {
            name: mba.HospitalEvent(**event.model_dump()) for name, event in self.hospitalization_events.items()
        }
        return mba.ClaimTerms(
            ages=mba.ClaimAges(
                child=self.ages.child.assumptions(),
                adult=self.ages.adult.assumptions(),
                elder=self.ages.elder.assumptions(),
                hospitalization=self.ages.hospitalization.assumptions(),
            ),
            age_exceptions=MappingProxyType(
                {int(age): mba.AgeReading(**reading.model_dump()) for age, reading in self.age_exceptions.items()}
            ),
            hospitalization_events=MappingProxyType(dict(events)),
        )


class ScheduledLoss(ContentPart):
    """A line of the table of disabilities, with the parts of the body that it takes."""

    share: Rate
    takes: dict[BodyPart, Whole] = Field(min_length=1)
    pair: Annotated[Loss | None, LEFT_OUT_OR_STATED] = None


class DisabilityScheduleContent(Content):
    """The table of disabilities, and how many of each part a body has."""

    losses: Annotated[dict[Loss, ScheduledLoss], every(Loss)]
    body: Annotated[dict[BodyPart, Whole], every(BodyPart)]
    maximum_share: Rate
    ceasing_share: Rate

    def assumptions(self) -> mba.DisabilitySchedule:
        """The table as the formulas take it."""
        losses: dict[str, mba.ScheduledLoss] = {
            name: mba.ScheduledLoss(loss.share, MappingProxyType(dict[str, int](loss.takes.items())), loss.pair)
            for name, loss in self.losses.items()
        }
        body = MappingProxyType(dict[str, int](self.body.items()))
        return mba.DisabilitySchedule(MappingProxyType(losses), body, self.maximum_share, self.ceasing_share)
