"""Which assumption matters most for a cost ratio: each figure of the tables is changed alone, by the same share."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE, ZERO
from pricing.effects import largest_first
from pricing.errors import DomainError
from pricing.leaves import BoundsOf, Figure, Path, leaves, with_figures
from pricing.rounding import EXACT, PERSONS
from pricing.shi.cost_ratio import Costed, Scheme, ShiTables, costed, roles_of
from pricing.trace import formula, unrecorded

TOO_SMALL_A_CHANGE = "is a whole number, and the change is less than half of one"


@dataclass(eq=False)
class NoChange(DomainError):
    """Figures are to be changed, and by nothing."""

    def __str__(self) -> str:
        return "A change of 0 leaves every figure as it is, and so says nothing of any."


@dataclass(frozen=True)
class Effect:
    """A cost ratio with one figure changed.

    Attributes:
        path: role of the table, then the way to the figure in it.
        before, after: the figure.
        payg_cost_ratio: with the figure changed.
        effect: how it differs from the unchanged one.
    """

    path: Path
    before: Figure
    after: Figure
    payg_cost_ratio: Decimal
    effect: Decimal

    @property
    def largest(self) -> Decimal:
        """The effect without its sign."""
        return abs(self.effect)


@dataclass(frozen=True)
class Refused:
    """A figure that is not changed, and why."""

    path: Path
    before: Figure
    after: Decimal
    reason: str


@dataclass(frozen=True)
class Sensitivity:
    """A scheme costed, and what becomes of its cost ratio.

    Attributes:
        unchanged: without any change.
        effects: of the figures on which the ratio depends, the largest first.
        without_effect: paths of those that leave every decimal place of it as it is.
        refused: what the tables would not take.
    """

    unchanged: Costed
    effects: tuple[Effect, ...]
    without_effect: tuple[Path, ...]
    refused: tuple[Refused, ...]

    @property
    def largest(self) -> Decimal:
        """The largest effect."""
        return self.effects[0].largest if self.effects else ZERO


@formula("max |Δ|", source="giz-2012 §4.3.5", unit="fraction of insured earnings", shows="largest")
def cost_ratio_sensitivity(scheme: Scheme, change: Decimal, tables: ShiTables, bounds: BoundsOf) -> Sensitivity:
    """The largest effect that a change of one figure has on a cost ratio, and those of all others.

    Formula: max over the figures of |PAYG(figure · (1 + change)) - PAYG|
    Args:
        scheme: whose cost ratio.
        change: of each figure, a fraction of it, not 0; whole numbers stay whole, half up.
        tables: what the ratio rests on.
        bounds: what a table takes at a path.
    Returns: the effects, unrounded.
    Raises: NoChange, AmountTooLarge.
    """
    if not change:
        raise NoChange
    unchanged = costed(scheme, tables)
    effects: list[Effect] = []
    without_effect: list[Path] = []
    refused: list[Refused] = []
    with unrecorded():
        for role in roles_of(scheme):
            for path, before in leaves(getattr(tables, role), (role,)):
                exact = before * (ONE + change)
                after = int(PERSONS.round(exact)) if isinstance(before, int) else exact
                reason = TOO_SMALL_A_CHANGE if after == before != exact else bounds(path).refusal(after)
                if reason is not None:
                    refused.append(Refused(path, before, exact, reason))
                    continue
                ratio = costed(scheme, with_figures(tables, {path: after})).payg_cost_ratio
                effect = ratio - unchanged.payg_cost_ratio
                if EXACT.round(effect):
                    effects.append(Effect(path, before, after, ratio, effect))
                else:
                    without_effect.append(path)
    return Sensitivity(unchanged, largest_first(effects), tuple(without_effect), tuple(refused))
