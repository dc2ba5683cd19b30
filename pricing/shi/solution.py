"""What it takes to reach a cost ratio: one factor on the figures of an assumption, exact.

A cost ratio is linear in each of these assumptions, or in what is left of 1 when it is divided by it. Two costings give
the line, and the line gives the factor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE, ZERO
from pricing.errors import DomainError
from pricing.leaves import BoundsOf, Figure, Path, leaves, with_figures
from pricing.rounding import EXACT, plain
from pricing.shi.assumptions import OPTION
from pricing.shi.cost_ratio import BASIC, FULL, Costed, PublicScheme, Scheme, ShiTables, costed, roles_of
from pricing.trace import formula, unrecorded

# How the paths of an assumption's figures begin, after the role. Options and contribution bases have their own.
UNKNOWNS: Mapping[str, tuple[str, ...]] = {
    "utilisation": ("utilisation_rates",),
    "unit_cost": ("fees",),
    "coverage": ("dependency_ratios", "dependency_of_civil_servants", "dependency_of_pensioners"),
    "incidence": ("incidence_rate",),
    "replacement_rate": ("replacement_rate",),
    "add_on_rate": ("add_on_rate",),
    "administration_rate": ("administration_rate",),
    "national_hospital_share": ("national_hospital_shares",),
    "wage": ("financing/insured_earnings", "average_annual_wage"),
    "density": ("financing/density", "contribution_base/density"),
    "collection_rate": ("financing/collection_rate",),
}
_BASES = {
    BASIC: ("contribution_base/basic_salaries", "contribution_base/pensions"),
    FULL: ("contribution_base/full",),
}
DIVISORS = ("wage", "density", "collection_rate")
_TWICE = ONE + ONE


@dataclass(eq=False)
class CostRatioOutOfReach(DomainError):
    """No value of the assumption leads to the ratio.

    Attributes:
        unknown: the assumption.
        target: the ratio.
        least, most: factors on the assumption within which the tables take it; None: the ratio does not depend on it.
        ratios: what it is with them, the lower first; the higher is None where it has no limit.
    """

    unknown: str
    target: Decimal
    least: Decimal | None = None
    most: Decimal | None = None
    ratios: tuple[Decimal, Decimal | None] | None = None

    def __str__(self) -> str:
        what = self.unknown.replace("_", " ")
        if self.least is None or self.most is None or self.ratios is None:
            return f"The cost ratio does not depend on {what}: no value of it leads to another one."
        low, high = self.ratios
        reach = f"above {_shown(low)}" if high is None else f"from {_shown(low)} to {_shown(high)}"
        return (
            f"No {what} that the tables would take leads to this cost ratio: from {_shown(self.least)} to "
            f"{_shown(self.most)} times theirs it is {reach}."
        )


def _shown(value: Decimal) -> str:
    return plain(EXACT.round(value))


@dataclass(frozen=True)
class Solved:
    """A factor on the figures of an assumption, and what it makes of them.

    Attributes:
        factor: the factor.
        figures: by path, before and after.
        before, after: the scheme costed.
    """

    factor: Decimal
    figures: Mapping[Path, tuple[Figure, Decimal]]
    before: Costed
    after: Costed


@formula("x", source="giz-2012 §4.3.5", unit="multiple", shows="factor")
def cost_ratio_solution(scheme: Scheme, unknown: str, target: Decimal, tables: ShiTables, bounds: BoundsOf) -> Solved:
    """The factor on an assumption with which a scheme has a given cost ratio.

    Formula: x = (PAYG* - a) / b, or b / (PAYG* - a) where x multiplies what contributions are paid on
    Args:
        scheme: whose cost ratio.
        unknown: the assumption.
        target: the cost ratio, a fraction.
        tables: what the ratio rests on.
        bounds: what a table takes at a path.
    Returns: the factor, unrounded.
    Raises: CostRatioOutOfReach, AmountTooLarge.
    """
    now = costed(scheme, tables)
    with unrecorded():
        figures = figures_of(scheme, unknown, tables)
        is_divisor = unknown in DIVISORS
        # PAYG = a + b · y, where y is the factor, or 1 divided by it.
        other = costed(scheme, _scaled(tables, figures, _TWICE)).payg_cost_ratio
        b = (now.payg_cost_ratio - other) * _TWICE if is_divisor else other - now.payg_cost_ratio
        a = now.payg_cost_ratio - b
        if not EXACT.round(b):
            raise CostRatioOutOfReach(unknown, target)
        y = (target - a) / b
        factor = (ONE / y if y > ZERO else ZERO) if is_divisor else y
        if any(bounds(path).refusal(figure * factor) for path, figure in figures.items()):
            least, most = _factors(figures, bounds)
            raise CostRatioOutOfReach(unknown, target, least, most, _reach(a, b, least, most, is_divisor=is_divisor))
        after = costed(scheme, _scaled(tables, figures, factor))
        return Solved(factor, {path: (figure, figure * factor) for path, figure in figures.items()}, now, after)


def figures_of(scheme: Scheme, unknown: str, tables: ShiTables) -> dict[Path, Figure]:
    """The figures of an assumption that a scheme's ratio rests on, by path."""
    begins = [tuple(each.split("/")) for each in _beginnings(scheme, unknown, tables)]
    return {
        path: figure
        for role in roles_of(scheme)
        for path, figure in leaves(getattr(tables, role), (role,))
        if any(path[1 : len(each) + 1] == each for each in begins)
    }


def _beginnings(scheme: Scheme, unknown: str, tables: ShiTables) -> tuple[str, ...]:
    own: dict[str, tuple[str, ...]]
    if isinstance(scheme, PublicScheme):
        own = {"wage": _BASES[scheme.contribution_base]}
        if tables.nssfc_basis.costed_shares is not None:
            own["national_hospital_share"] = ("costed_shares",)
    else:
        option = f"options/{OPTION}{scheme.medical_option}"
        own = {
            "add_on_rate": (f"{option}/add_on_rate",),
            "national_hospital_share": (f"{option}/national_hospital_shares",),
        }
    return own.get(unknown, UNKNOWNS[unknown])


def _scaled(tables: ShiTables, figures: Mapping[Path, Figure], factor: Decimal) -> ShiTables:
    return with_figures(tables, {path: figure * factor for path, figure in figures.items()})


def _factors(figures: Mapping[Path, Figure], bounds: BoundsOf) -> tuple[Decimal, Decimal]:
    """The factors between which a table takes all figures."""
    within = [(bounds(path), figure) for path, figure in figures.items() if figure]
    return max(each.lower / figure for each, figure in within), min(each.upper / figure for each, figure in within)


def _reach(
    a: Decimal, b: Decimal, least: Decimal, most: Decimal, *, is_divisor: bool
) -> tuple[Decimal, Decimal | None]:
    """The cost ratios with the smallest and with the largest factor, the lower one first."""
    if is_divisor:
        return a + b / most, a + b / least if least else None
    low, high = sorted((a + b * least, a + b * most))
    return low, high
