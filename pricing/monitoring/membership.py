"""The beneficiaries monitoring sheet: balances and annual averages (ilo-hmis-2007 Table 7)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pricing.arithmetic import total
from pricing.trace import formula

_SHEET = "ilo-hmis-2007 Table 7"

Month = Mapping[str, Decimal]

# The columns of a month, and the names of what they come to in the year.
MEMBERS = ("members", "new_members", "lapses")
BENEFICIARIES = ("beneficiaries", "new_beneficiaries", "beneficiary_lapses")


@formula("X, Y", source=_SHEET, unit="persons")
def balance(beginning: Decimal, new: Decimal, lapses: Decimal) -> Decimal:
    """How many there are at the end.

    Formula: end = beginning + new - lapses
    Args:
        beginning: number at the beginning.
        new: X1 or Y1, who have come.
        lapses: X2 or Y2, who have gone.
    Returns: a number of persons.
    """
    return beginning + new - lapses


@formula("Ann. Av.", source=_SHEET, unit="persons")
def annual_average(total: Decimal, months: Decimal) -> Decimal:
    """The average of the months.

    Formula: Ann. Av. = Σ months / number of months
    Args:
        total: the months' numbers added up.
        months: how many months there are, above 0.
    Returns: a number of persons, unrounded.
    """
    return total / months


def from_months(months: Sequence[Month]) -> dict[str, Decimal]:
    """What the months say of the whole period; only of columns that every month has."""
    found: dict[str, Decimal] = {}
    for number, new, lapses in (MEMBERS, BENEFICIARIES):
        if not months or not all({number, new, lapses} <= set(month) for month in months):
            continue
        numbers = [month[number] for month in months]
        found[new] = total(month[new] for month in months)
        found[lapses] = total(month[lapses] for month in months)
        found[f"{number}_end"] = numbers[-1]
        found[f"{number}_beginning"] = numbers[0] - months[0][new] + months[0][lapses]
        found[f"average_{number}"] = annual_average(total(numbers), Decimal(len(months)))
    return found


def out_of_balance(months: Sequence[Month]) -> list[tuple[int, str, Decimal]]:
    """Months whose number is not the month's before with who came and went: position, column, what it should be."""
    found = []
    for position, month in enumerate(months[1:], start=1):
        for number, new, lapses in (MEMBERS, BENEFICIARIES):
            before = months[position - 1].get(number)
            if before is None or not {number, new, lapses} <= set(month):
                continue
            expected = before + month[new] - month[lapses]
            if month[number] != expected:
                found.append((position, number, expected))
    return found
