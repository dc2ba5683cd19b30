"""Who a plan insures: the tariff's plan types with additional persons, and plans read off a household."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE
from pricing.errors import DomainError
from pricing.mba.assumptions import AgeLimits, MbaAssumptions, Packages

PRIMARY_MEMBER = "primary_member"
SECONDARY_MEMBER = "secondary_member"
CHILD = "child"
ADDITIONAL_15_65 = "additional_15_65"
ADDITIONAL_66_75 = "additional_66_75"
INSURED = (PRIMARY_MEMBER, SECONDARY_MEMBER, CHILD, ADDITIONAL_15_65, ADDITIONAL_66_75)
RELATIONS = ("member", "spouse", "child", "parent", "sibling", "grandparent", "grandchild")


@dataclass(frozen=True)
class Plan:
    """A plan type with its additional persons.

    Attributes:
        plan_type: a plan type of the packages table.
        additional_15_65, additional_66_75: number of additional persons by age.
    """

    plan_type: str
    additional_15_65: int = 0
    additional_66_75: int = 0


@dataclass(frozen=True)
class HouseholdPerson:
    """One person of a household.

    Attributes:
        relation: to the regular member, one of `RELATIONS`.
        age: completed years on the day of the quote; negative before birth.
        entry_age: completed years when a member joined, or None.
    """

    relation: str
    age: int
    entry_age: int | None = None


@dataclass(frozen=True)
class Refusal:
    """Why one person, or the household where `person` is None, has no price. `person` counts from 0."""

    person: int | None
    reason: str


_SENTENCES = 3


@dataclass(eq=False)
class NotEligible(DomainError):
    """The tariff has no price for this household; every reason is named."""

    refusals: tuple[Refusal, ...]

    def __str__(self) -> str:
        first = " ".join(refusal.reason for refusal in self.refusals[:_SENTENCES])
        more = len(self.refusals) - _SENTENCES
        count = "is 1 more reason" if more == 1 else f"are {more} more reasons"
        rest = f" There {count}." if more > 0 else ""
        return f"The tariff has no published price for this household: {first}{rest}"


def insured_persons(plan: Plan, assumptions: MbaAssumptions) -> dict[str, Decimal]:
    """Number of insured persons by kind, in the tariff's order; the kinds that a plan does not have are left out.

    Children count as the average family of the pricing basis, whatever their number.
    """
    plan_type = assumptions.packages.plan_types[plan.plan_type]
    persons = {PRIMARY_MEMBER: ONE}
    if plan_type.secondary_member:
        persons[SECONDARY_MEMBER] = ONE
    if plan_type.children:
        persons[CHILD] = assumptions.pricing_basis.children_per_family
    if plan.additional_15_65:
        persons[ADDITIONAL_15_65] = Decimal(plan.additional_15_65)
    if plan.additional_66_75:
        persons[ADDITIONAL_66_75] = Decimal(plan.additional_66_75)
    return persons


def household_plan(household: Sequence[HouseholdPerson], packages: Packages) -> Plan:
    """The plan that insures a household.

    Args:
        household: its persons, in any order.
        packages: age limits and plan types.
    Raises: NotEligible, with every reason.
    """
    ages = packages.ages
    refusals = _composition(household)
    kinds = []
    for position, person in enumerate(household):
        kind, reason = insured_kind(person, ages)
        if reason:
            refusals.append(Refusal(position, f"Person {position + 1} ({person.relation}): {reason}"))
        kinds.append(kind)
    if refusals:
        raise NotEligible(tuple(refusals))
    plan_type = next(
        name
        for name, form in packages.plan_types.items()
        if form.secondary_member == (SECONDARY_MEMBER in kinds) and form.children == (CHILD in kinds)
    )
    return Plan(plan_type, kinds.count(ADDITIONAL_15_65), kinds.count(ADDITIONAL_66_75))


def _composition(household: Sequence[HouseholdPerson]) -> list[Refusal]:
    relations = [person.relation for person in household]
    refusals = []
    if relations.count("member") != 1:
        refusals.append(Refusal(None, "A household has exactly one person with relation member."))
    if relations.count("spouse") > 1:
        refusals.append(Refusal(None, "A household has at most one person with relation spouse."))
    return refusals


def insured_kind(person: HouseholdPerson, ages: AgeLimits) -> tuple[str, str | None]:
    """The kind of insured person that somebody is, and why there is no price where there is a reason."""
    if person.relation == "member":
        return PRIMARY_MEMBER, _member_reason(person, ages)
    if person.relation == "child" and person.age in ages.child:
        return CHILD, None
    if person.age in ages.adult:
        return (SECONDARY_MEMBER if person.relation == "spouse" else ADDITIONAL_15_65), None
    if person.age in ages.elder:
        return ADDITIONAL_66_75, None
    if person.relation == "child":
        insurable = f"{ages.child}, {ages.adult} or {ages.elder}"
    else:
        insurable = f"{ages.adult} or {ages.elder}; only the member's own children are insured at {ages.child}"
    return "", f"the age on the day of the quote must be {insurable}."


def _member_reason(person: HouseholdPerson, ages: AgeLimits) -> str | None:
    entry, age = ages.entry, person.age
    if age > ages.adult.last_age:
        return f"a member has a published price up to age {ages.adult.last_age}."
    if age < entry.first_age:
        return f"a member must be at least {entry.first_age}."
    if person.entry_age is None:
        if age > entry.last_age:
            return f"a member over {entry.last_age} needs an entry_age of {entry}."
        return None
    if person.entry_age not in entry:
        return f"entry_age must be {entry}."
    if person.entry_age > age:
        return "entry_age cannot be above the age on the day of the quote."
    return None
