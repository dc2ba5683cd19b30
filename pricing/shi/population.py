"""Who is covered: the insured, their spouses and their children (giz-2012 Table 4.1)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE
from pricing.shi.assumptions import BySex, DependencyRatios
from pricing.trace import formula


@dataclass(frozen=True)
class Population:
    """Insured persons and dependants by their own sex; averages, so not whole."""

    insured: BySex
    spouses: BySex
    children: BySex

    @property
    def dependants(self) -> BySex:
        """Spouses and children."""
        return self.spouses.plus(self.children)

    @property
    def total(self) -> BySex:
        """Everybody."""
        return self.insured.plus(self.dependants)


@dataclass(frozen=True)
class Dependency:
    """Dependants of one insured person on average: of a man, of a woman, and of both together."""

    male: Decimal
    female: Decimal
    total: Decimal


@formula("N_s", source="giz-2012 Table 4.1", unit="persons")
def spouses(insured: Decimal, spouse_ratio: Decimal) -> Decimal:
    """Spouses of the insured of one sex; they are of the other.

    Formula: N_s = n · d_s
    Args:
        insured: n, insured persons of one sex.
        spouse_ratio: d_s, spouses of one of them, on average.
    Returns: persons, an average.
    """
    return insured * spouse_ratio


@formula("N_c", source="giz-2012 Table 4.1", unit="persons")
def children(men: Decimal, women: Decimal, ratio_of_men: Decimal, ratio_of_women: Decimal) -> Decimal:
    """Children of the insured.

    Formula: N_c = n_m · d_m + n_f · d_f
    Args:
        men: n_m, insured men.
        women: n_f, insured women.
        ratio_of_men: d_m, children of an insured man, on average.
        ratio_of_women: d_f, children of an insured woman, on average.
    Returns: persons, an average.
    """
    return men * ratio_of_men + women * ratio_of_women


@formula("d", source="giz-2012 Table 4.1", unit="persons for each insured person")
def dependency_ratio(dependants: Decimal, insured: Decimal) -> Decimal:
    """Dependants of one insured person, on average.

    Formula: d = N / n
    Args:
        dependants: N, persons.
        insured: n, persons, not 0.
    Returns: a ratio, unrounded.
    """
    return dependants / insured


def population(insured: BySex, ratios: DependencyRatios, boys_share: Decimal) -> Population:
    """Insured persons with their dependants."""
    wives = spouses(insured.male, ratios.spouse.male)
    husbands = spouses(insured.female, ratios.spouse.female)
    total = children(insured.male, insured.female, ratios.child.male, ratios.child.female)
    return Population(insured, BySex(husbands, wives), BySex(total * boys_share, total * (ONE - boys_share)))


def dependency(ratios: BySex, dependants: BySex, insured: BySex) -> Dependency:
    """Dependants of one insured person: by the sex of that person as assumed, and of all as they turn out."""
    return Dependency(ratios.male, ratios.female, dependency_ratio(dependants.total, insured.total))
