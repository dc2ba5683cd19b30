"""The claims listings by provider and service: numbers, costs, frequency (ilo-hmis-2007 Tables 8-10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ZERO, total
from pricing.trace import formula


@dataclass(frozen=True)
class ClaimsRow:
    """Claims of a month, for one service of one provider."""

    provider: str
    service: str
    month: str
    claims: int
    cost: Decimal


@dataclass(frozen=True)
class Line:
    """Claims that go together.

    Attributes:
        provider, service: of which; None where of all.
        claims: their number.
        cost: what they cost.
        share_of_claims, share_of_cost: of all claims; None where there are none.
        average_cost: of one; None where there are none.
        frequency: claims a beneficiary; None where the number of those is not known.
        months: number and cost by month.
    """

    provider: str | None
    service: str | None
    claims: int
    cost: Decimal
    share_of_claims: Decimal | None
    share_of_cost: Decimal | None
    average_cost: Decimal | None
    frequency: Decimal | None
    months: Mapping[str, tuple[int, Decimal]]


@dataclass(frozen=True)
class Listing:
    """Tables 8 to 10."""

    by_provider_and_service: tuple[Line, ...]
    by_service: tuple[Line, ...]
    by_provider: tuple[Line, ...]
    total: Line


@formula("% of total", source="ilo-hmis-2007 Table 9", unit="fraction")
def share_of_total(part: Decimal, total: Decimal) -> Decimal:
    """A number or a cost as a fraction of that of all claims.

    Formula: share = part / total
    Args:
        part: of some claims.
        total: of all, above 0.
    Returns: a fraction, unrounded.
    """
    return part / total


@formula("average cost", source="ilo-hmis-2007 Table 10", unit="currency of the costs")
def average_cost(cost: Decimal, claims: Decimal) -> Decimal:
    """What a claim costs on average.

    Formula: average cost = cost / number of claims
    Args:
        cost: of all of them.
        claims: their number, above 0.
    Returns: an amount, unrounded.
    """
    return cost / claims


@formula("frequency", source="ilo-hmis-2007 Part II §2.2", unit="claims a beneficiary")
def frequency(claims: Decimal, beneficiaries: Decimal) -> Decimal:
    """How often a beneficiary claims.

    Formula: frequency = number of claims / number of beneficiaries
    Args:
        claims: number of them in the period.
        beneficiaries: average number of them in it, above 0.
    Returns: claims a beneficiary, unrounded.
    """
    return claims / beneficiaries


@formula("claims listing", source="ilo-hmis-2007 Tables 8-10", unit="currency of the costs", shows="cost")
def claims_total(rows: Iterable[ClaimsRow], services: tuple[str, ...], beneficiaries: Decimal | None) -> "Claims":
    """Claims by provider and service, by service and by provider.

    Formula: shares of the total, averages, and frequencies of the claims that go together
    Args:
        rows: claims by month.
        services: the services in the order of the listing.
        beneficiaries: average number of them in the period, or None.
    Returns: the listing, and the cost of all claims.
    """
    given = sorted(rows, key=lambda row: (row.provider, services.index(row.service), row.month))
    number = sum(row.claims for row in given)
    cost = total(row.cost for row in given)

    pairs: dict[tuple[str, str], list[ClaimsRow]] = {}
    of_service: dict[str, list[ClaimsRow]] = {}
    of_provider: dict[str, list[ClaimsRow]] = {}
    for row in given:
        pairs.setdefault((row.provider, row.service), []).append(row)
        of_service.setdefault(row.service, []).append(row)
        of_provider.setdefault(row.provider, []).append(row)

    def line(provider: str | None, service: str | None, together: list[ClaimsRow]) -> Line:
        return _line(provider, service, together, number, cost, beneficiaries)

    listing = Listing(
        tuple(line(*pair, together) for pair, together in pairs.items()),
        tuple(line(None, service, of_service[service]) for service in services if service in of_service),
        tuple(line(provider, None, together) for provider, together in of_provider.items()),
        line(None, None, given),
    )
    return Claims(listing, cost)


@dataclass(frozen=True)
class Claims:
    """A listing, and the cost of all its claims."""

    listing: Listing
    cost: Decimal


def _line(
    provider: str | None,
    service: str | None,
    rows: list[ClaimsRow],
    number: int,
    cost_of_all: Decimal,
    beneficiaries: Decimal | None,
) -> Line:
    claims = sum(row.claims for row in rows)
    cost = total(row.cost for row in rows)
    months: dict[str, tuple[int, Decimal]] = {}
    for row in rows:
        before = months.get(row.month, (0, ZERO))
        months[row.month] = (before[0] + row.claims, before[1] + row.cost)
    return Line(
        provider,
        service,
        claims,
        cost,
        share_of_total(Decimal(claims), Decimal(number)) if number else None,
        share_of_total(cost, cost_of_all) if cost_of_all else None,
        average_cost(cost, Decimal(claims)) if claims else None,
        frequency(Decimal(claims), beneficiaries) if beneficiaries else None,
        dict(sorted(months.items())),
    )
