"""The MBA's projection basis: enrolment, expense budget, interest, withdrawals (suan-2009 section IV)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

from pydantic import Field, field_validator

from pricing.mba import projection_basis as mba
from tables.kinds.base import Content, ContentPart
from tables.kinds.mba import Package, PlanTypeName, every
from tables.numbers import Amount, Growth, Multiple, Persons, PositiveAmount, Rate, Whole

T = TypeVar("T")

FIRST_GROWTH_YEAR = 2
MAX_YEARS = 40
"""The longest projection."""

FederationName = Literal["CCTUF", "CFBW", "CCAWDU", "FTUWKC", "CITA", "IDEA", "CICA", "CTSWF"]
PositionName = Literal[
    "general_manager",
    "finance_and_administrative_officer",
    "membership_account_officer",
    "marketing_and_claims_specialist",
    "bookkeeper_secretary",
    "general_utility_clerk",
]
GeneralCost = Literal[
    "representation_and_transportation",
    "office_supplies",
    "postage_telephone_and_internet",
    "utilities",
    "rent",
    "repairs_and_maintenance",
    "taxes_and_licenses",
    "books_and_periodicals",
    "bank_charges",
]
EquipmentName = Literal[
    "desktop",
    "server",
    "networking",
    "wireless_router",
    "network_laser_printers",
    "photocopying_machine",
    "ring_binder",
    "bundy_clock",
    "telephone",
    "fax_machine",
    "digital_camera",
    "multimedia_projector",
    "paper_cutter",
    "desks_and_chairs",
    "conference_table_and_chairs",
    "bookshelves",
    "steel_cabinets",
    "air_conditioner",
]
Contract = Literal["external_audit", "actuarial_advisor", "software_support", "others"]
Training = Literal[
    "board_meetings_and_consultations", "general_assembly", "seminars_and_workshops", "staff_development"
]
GrowthYear = Annotated[str, Field(pattern=r"^([2-9]|[1-3][0-9]|40)$")]


class Federation(ContentPart):
    """A federation's affiliated unions, and the persons in them."""

    affiliates: Whole
    members: Persons


class Enrolment(ContentPart):
    """Who enrols in the first year, and how many more in each year after it."""

    take_up_rate: Rate
    growth_rates: dict[GrowthYear, Growth]
    federations: Annotated[dict[FederationName, Federation], every(FederationName)]

    @field_validator("growth_rates")
    @classmethod
    def _without_a_gap(cls, growth_rates: dict[str, Decimal]) -> dict[str, Decimal]:
        years = sorted(map(int, growth_rates))
        if years != list(range(FIRST_GROWTH_YEAR, FIRST_GROWTH_YEAR + len(years))):
            raise ValueError("needs a rate for every year from 2 up to its last one")
        return growth_rates

    def assumptions(self) -> mba.Enrolment:
        """The enrolment as the formulas take it."""
        years = sorted(map(int, self.growth_rates))
        return mba.Enrolment(
            take_up_rate=self.take_up_rate,
            growth_rates=MappingProxyType({year: self.growth_rates[str(year)] for year in years}),
            federations=_frozen((k, mba.Federation(**v.model_dump())) for k, v in self.federations.items()),
        )


class Position(ContentPart):
    """A post: its basic salary a month, and how many hold it."""

    basic_monthly_salary: Amount
    number: Whole


class Personnel(ContentPart):
    """The staff, its benefits and its 13th month."""

    benefits_rate: Multiple
    paid_months: Whole
    bonus_months: Whole
    positions: Annotated[dict[PositionName, Position], every(PositionName)]


class EquipmentItem(ContentPart):
    """How many of something, and what they cost together."""

    units: Whole
    cost: Amount


class Equipment(ContentPart):
    """What is bought at the start, and over how many years it is written off."""

    useful_years: Annotated[Whole, Field(ge=1)]
    items: Annotated[dict[EquipmentName, EquipmentItem], every(EquipmentName)]


class ExpenseBudget(ContentPart):
    """Operating expenses of the first year, and how they grow."""

    inflation_rate: Multiple
    software: Amount
    evaluation: Amount
    personnel: Personnel
    general_costs: Annotated[dict[GeneralCost, Amount], every(GeneralCost)]
    equipment: Equipment
    contracts: Annotated[dict[Contract, Amount], every(Contract)]
    training: Annotated[dict[Training, Amount], every(Training)]

    def assumptions(self) -> mba.ExpenseBudget:
        """The budget as the formulas take it."""
        positions = ((name, mba.Position(**each.model_dump())) for name, each in self.personnel.positions.items())
        items = ((name, mba.EquipmentItem(**each.model_dump())) for name, each in self.equipment.items.items())
        return mba.ExpenseBudget(
            inflation_rate=self.inflation_rate,
            software=self.software,
            evaluation=self.evaluation,
            personnel=mba.Personnel(
                benefits_rate=self.personnel.benefits_rate,
                paid_months=self.personnel.paid_months,
                bonus_months=self.personnel.bonus_months,
                positions=_frozen(positions),
            ),
            general_costs=_frozen(self.general_costs.items()),
            equipment=mba.Equipment(self.equipment.useful_years, _frozen(items)),
            contracts=_frozen(self.contracts.items()),
            training=_frozen(self.training.items()),
        )


class ProjectionBasisContent(Content):
    """What the projections of Tables 10-12 rest on beside the tariff."""

    package: Package
    plan_type: PlanTypeName
    currency: Literal["USD"]
    exchange_rate: PositiveAmount
    interest_rate: Rate
    withdrawal_rate: Rate
    initial_fund: Amount
    enrolment: Enrolment
    expenses: ExpenseBudget

    def assumptions(self) -> mba.ProjectionBasis:
        """The basis as the formulas take it."""
        return mba.ProjectionBasis(
            package=self.package,
            plan_type=self.plan_type,
            currency=self.currency,
            exchange_rate=self.exchange_rate,
            interest_rate=self.interest_rate,
            withdrawal_rate=self.withdrawal_rate,
            initial_fund=self.initial_fund,
            enrolment=self.enrolment.assumptions(),
            expenses=self.expenses.assumptions(),
        )


def _frozen(items: Iterable[tuple[str, T]]) -> Mapping[str, T]:
    return MappingProxyType(dict(items))
