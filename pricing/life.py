"""Life tables: survivors and mortality at every age from a table that may be abridged."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE, total
from pricing.errors import DomainError
from pricing.trace import formula


@dataclass(frozen=True)
class LifeTable:
    """Survivors at the first age of each age group.

    Attributes:
        survivors: l_x by age, ages ascending, survivors never increasing.
    Between two tabulated ages deaths are uniform: the only assumption the published tables need.
    """

    survivors: Mapping[int, Decimal]

    @property
    def first_age(self) -> int:
        """The youngest age that has a mortality rate."""
        return min(self.survivors)

    @property
    def last_age(self) -> int:
        """The oldest age that has a mortality rate: the table must know the survivors a year later."""
        return max(self.survivors) - 1


@dataclass(eq=False)
class AgeOutsideLifeTable(DomainError):
    """The life table has no mortality rate at this age.

    Attributes:
        first_age, last_age: that it has one at.
        field: of the request, that says the age, where that is known.
        way_out: what else can be done, as the end of a sentence.
    """

    first_age: int
    last_age: int
    field: str | None = None
    way_out: str = "give the mortality rate in its place"

    def __str__(self) -> str:
        return (
            f"The life table gives mortality rates for ages {self.first_age} to {self.last_age} only. "
            f"Use an age in that range, or {self.way_out}."
        )


@formula("l_x", source="suan-2009 Appendix B", unit="lives")
def tabulated_survivors(life_table: LifeTable, age: int) -> Decimal:
    """Survivors at an age that the life table prints: one cell of it.

    Formula: l_x, read from the life table
    Args:
        life_table: survivors by age.
        age: x, an age at which a group of the table begins.
    Returns: lives, of the table's radix.
    """
    return life_table.survivors[age]


@formula("l_{x+t}", source="suan-2009 §III Gross Premiums", unit="lives")
def survivors(life_table: LifeTable, age: int) -> Decimal:
    """Survivors at any age, deaths being uniform within an age group of the table.

    Formula: l_{x+t} = ((n - t) · l_x + t · l_{x+n}) / n
    Args:
        life_table: survivors by age.
        age: x + t, completed years.
    Returns: lives, of the table's radix.
    Raises: AgeOutsideLifeTable.
    """
    if age in life_table.survivors:
        return tabulated_survivors(life_table, age)
    below = [x for x in life_table.survivors if x < age]
    above = [x for x in life_table.survivors if x > age]
    if not below or not above:
        raise AgeOutsideLifeTable(life_table.first_age, life_table.last_age)
    x, next_x = max(below), min(above)
    n, t = next_x - x, age - x
    l_x, l_x_plus_n = tabulated_survivors(life_table, x), tabulated_survivors(life_table, next_x)
    return ((n - t) * l_x + t * l_x_plus_n) / n


@formula("q_x", source="suan-2009 Table 1", unit="fraction a year")
def mortality_rate(life_table: LifeTable, age: int) -> Decimal:
    """Probability of dying within a year.

    Formula: q_x = 1 - l_{x+1} / l_x
    Args:
        life_table: survivors by age.
        age: x, completed years.
    Returns: a fraction in [0, 1].
    Raises: AgeOutsideLifeTable.
    """
    if not life_table.first_age <= age <= life_table.last_age:
        raise AgeOutsideLifeTable(life_table.first_age, life_table.last_age)
    return ONE - survivors(life_table, age + 1) / survivors(life_table, age)


@formula("q̄", source="suan-2009 Table 8", unit="fraction a year")
def mean_mortality_rate(life_table: LifeTable, first_age: int, last_age: int) -> Decimal:
    """Mortality of a band of ages: the plain average of the one-year rates.

    Formula: q̄ = (q_a + … + q_b) / (b - a + 1)
    Args:
        life_table: survivors by age.
        first_age: a, completed years.
        last_age: b, completed years, at least a.
    Returns: a fraction in [0, 1].
    Raises: AgeOutsideLifeTable.
    """
    rates = [mortality_rate(life_table, age) for age in range(first_age, last_age + 1)]
    return total(rates) / len(rates)
