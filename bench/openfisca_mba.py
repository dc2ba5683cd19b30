"""The tariff as an OpenFisca country package: the same formula from the same rates, vectorised by numpy floats."""

from typing import Any

from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

MEMBER = build_entity(key="member", plural="members", label="Member", is_person=True)
INSURED = ("primary_member", "secondary_member", "child", "additional_15_65", "additional_66_75")
SINCE = "2009-01-01"


class Package(Enum):  # type: ignore[misc]
    """Packages."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class PlanType(Enum):  # type: ignore[misc]
    """Household forms."""

    couple = "couple"
    single_parent = "single_parent"
    couple_with_children = "couple_with_children"
    single = "single"


class package(Variable):  # type: ignore[misc]  # noqa: N801  (OpenFisca's names)
    """The package."""

    value_type = Enum
    possible_values = Package
    default_value = Package.A
    entity = MEMBER
    definition_period = DateUnit.MONTH


class plan_type(Variable):  # type: ignore[misc]  # noqa: N801
    """The household form."""

    value_type = Enum
    possible_values = PlanType
    default_value = PlanType.single
    entity = MEMBER
    definition_period = DateUnit.MONTH


class additional_15_65(Variable):  # type: ignore[misc]  # noqa: N801
    """Additional persons aged 15-65."""

    value_type = int
    entity = MEMBER
    definition_period = DateUnit.MONTH


class additional_66_75(Variable):  # type: ignore[misc]  # noqa: N801
    """Additional persons aged 66-75."""

    value_type = int
    entity = MEMBER
    definition_period = DateUnit.MONTH


class basic_benefit(Variable):  # type: ignore[misc]  # noqa: N801
    """B of the package, looked up once for all that follows from it."""

    value_type = float
    entity = MEMBER
    definition_period = DateUnit.MONTH

    def formula(member: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        """B by package."""
        return parameters(period).basic_benefit[member("package", period)]


def _annual(insured: str) -> type:
    def formula(member: Any, period: Any, parameters: Any) -> Any:
        rates = parameters(period)
        own = rates.insured[insured]
        package = member("package", period)
        basic_benefit = member("basic_benefit", period)
        discounted = (1 + rates.interest_rate) ** -0.5 * (1 + rates.safety_margin)
        accident = rates.accident_rate * own.accident
        sales = own.expense + own.commission
        natural = basic_benefit * own.death * discounted * (own.mortality - accident)
        loading = rates.equity_value * (1 - own.mortality) + sales
        hospital = basic_benefit * rates.hospitalization * discounted * own.hospitalization_rate[package]
        riders = hospital + basic_benefit * rates.accident * discounted * accident
        return natural / (1 - loading) + riders / (1 - sales - rates.contingency)

    attributes = {"value_type": float, "entity": MEMBER, "definition_period": DateUnit.MONTH, "formula": formula}
    return type(f"annual_premium_{insured}", (Variable,), attributes)


class monthly_premium(Variable):  # type: ignore[misc]  # noqa: N801
    """What the plan costs a month."""

    value_type = float
    entity = MEMBER
    definition_period = DateUnit.MONTH

    def formula(member: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        """Sum over everybody whom the plan insures."""
        rates = parameters(period)
        form = member("plan_type", period)
        with_children = (form == PlanType.single_parent) + (form == PlanType.couple_with_children)
        persons = {
            "primary_member": 1,
            "secondary_member": (form == PlanType.couple) + (form == PlanType.couple_with_children),
            "child": rates.children_per_family * with_children,
            "additional_15_65": member("additional_15_65", period),
            "additional_66_75": member("additional_66_75", period),
        }
        annual = sum(number * member(f"annual_premium_{insured}", period) for insured, number in persons.items())
        return annual / rates.payments


def system(rates: dict[str, Any]) -> TaxBenefitSystem:
    """The package, with its rates as parameters."""
    found = TaxBenefitSystem([MEMBER])
    found.add_variables(package, plan_type, additional_15_65, additional_66_75, basic_benefit, monthly_premium)
    found.add_variables(*(_annual(insured) for insured in INSURED))
    found.parameters = ParameterNode("", data=_parameters(rates))
    return found


def _parameters(rates: Any) -> Any:
    if isinstance(rates, dict):
        return {name: _parameters(value) for name, value in rates.items()}
    return {"values": {SINCE: {"value": rates}}}
