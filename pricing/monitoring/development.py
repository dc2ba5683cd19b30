"""Claims incurred but not reported, by chain ladder (mack-1993)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ZERO, total
from pricing.errors import DomainError
from pricing.trace import formula

_SOURCE = "mack-1993 §1"
_UNIT = "currency of the claims"

Triangle = Sequence[Sequence[Decimal]]
"""By origin period, oldest first, the cumulative claims at the end of each development period that is over."""


@dataclass(eq=False)
class NothingDeveloped(DomainError):
    """Claims of a development period add up to nothing, so that nothing can be multiplied into the next one."""

    development: int

    def __str__(self) -> str:
        return (
            f"The claims at the end of development period {self.development} add up to 0 over the origin periods that "
            "have a later one. Join development periods, or leave out origin periods without claims."
        )


@dataclass(frozen=True)
class Origin:
    """An origin period.

    Attributes:
        latest: claims so far.
        factor: what they still grow by.
        ultimate: claims in the end.
        reserve: what is still to come.
    """

    latest: Decimal
    factor: Decimal
    ultimate: Decimal
    reserve: Decimal


@dataclass(frozen=True)
class Development:
    """A triangle developed.

    Attributes:
        factors: from each development period to the next.
        to_ultimate: from the end of each development period to the end.
        origins: by origin period, oldest first.
        latest, ultimate, reserve: of all.
    """

    factors: tuple[Decimal, ...]
    to_ultimate: tuple[Decimal, ...]
    origins: tuple[Origin, ...]
    latest: Decimal
    ultimate: Decimal
    reserve: Decimal


@formula("f_k", source=_SOURCE, unit="multiple")
def development_factor(later: Decimal, earlier: Decimal) -> Decimal:
    """By what claims grow from one development period to the next, weighted by volume.

    Formula: f_k = Σ_i C_{i,k+1} / Σ_i C_{i,k}
    Args:
        later: cumulative claims at the end of the later period, of every origin period that has come to it.
        earlier: of the same origin periods, at the end of the one before; not 0.
    Returns: a multiple, unrounded.
    """
    return later / earlier


@formula("C_{i,n}", source=_SOURCE, unit=_UNIT)
def ultimate_claims(latest: Decimal, to_ultimate: Decimal) -> Decimal:
    """Claims of an origin period in the end.

    Formula: C_{i,n} = C_{i,k} · f_k · … · f_{n-1} · tail
    Args:
        latest: cumulative claims so far.
        to_ultimate: the factors that are still to come, multiplied, the tail too.
    Returns: an amount, unrounded.
    """
    return latest * to_ultimate


@formula("R_i", source=_SOURCE, unit=_UNIT)
def claims_reserve(ultimate: Decimal, latest: Decimal) -> Decimal:
    """Claims of an origin period that are still to come.

    Formula: R_i = C_{i,n} - C_{i,k}
    Args:
        ultimate: claims in the end.
        latest: claims so far.
    Returns: an amount, below 0 where claims are expected to be taken back.
    """
    return ultimate - latest


@formula("chain ladder", source=_SOURCE, unit=_UNIT, shows="reserve")
def chain_ladder(triangle: Triangle, tail: Decimal) -> Development:
    """Develop a triangle of cumulative claims to its end.

    Formula: R = Σ_i (C_{i,k} · f_k · … · f_{n-1} · tail - C_{i,k})
    Args:
        triangle: cumulative claims, at least one of each origin period. Rows may have any length.
        tail: what claims grow by after the last development period.
    Returns: factors, and ultimate claims and reserve by origin period.
    Raises: NothingDeveloped, where claims of a development period add up to nothing.
    """
    factors = []
    periods = max(map(len, triangle))
    for position in range(periods - 1):
        known = [row for row in triangle if len(row) > position + 1]
        earlier = total(row[position] for row in known)
        if not earlier:
            raise NothingDeveloped(position + 1)
        factors.append(development_factor(total(row[position + 1] for row in known), earlier))
    to_ultimate = [tail]
    for factor in reversed(factors):
        to_ultimate.append(to_ultimate[-1] * factor)
    origins = tuple(_origin(row[-1], to_ultimate[periods - len(row)]) for row in triangle)
    latest = total(each.latest for each in origins)
    ultimate = total(each.ultimate for each in origins)
    reserve = total(each.reserve for each in origins)
    return Development(tuple(factors), tuple(reversed(to_ultimate)), origins, latest, ultimate, reserve)


def _origin(latest: Decimal, to_ultimate: Decimal) -> Origin:
    ultimate = ultimate_claims(latest, to_ultimate)
    return Origin(latest, to_ultimate, ultimate, claims_reserve(ultimate, latest))


def accumulated(triangle: Triangle) -> tuple[tuple[Decimal, ...], ...]:
    """Claims of each development period added to those of the periods before it."""
    rows = []
    for row in triangle:
        total, sums = ZERO, []
        for amount in row:
            total += amount
            sums.append(total)
        rows.append(tuple(sums))
    return tuple(rows)


def is_regular(triangle: Triangle) -> bool:
    """Whether each origin period has one development period fewer than the one before it."""
    lengths = [len(row) for row in triangle]
    return lengths == list(range(lengths[0], lengths[0] - len(lengths), -1))
