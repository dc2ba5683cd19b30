"""Benefits combined, and the contribution rate to propose for them (giz-2012 Tables 4.12-4.14)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import total
from pricing.errors import DomainError
from pricing.shi.assumptions import OPTION, SCENARIO, ShiBasis
from pricing.shi.care import Care
from pricing.shi.cash import CashCosts, MaternityBasis, SicknessBasis, maternity_costs, sickness_costs
from pricing.shi.financing import employer_rate, proposed_contribution_rate, worker_rate
from pricing.shi.medical import medical_costs
from pricing.trace import formula

MEDICAL = "medical"
MATERNITY = "maternity"
SICKNESS = "sickness"


@dataclass(eq=False)
class NoBenefits(DomainError):
    """Benefits are to be combined, and none is named."""

    def __str__(self) -> str:
        return "No benefit is asked for: a medical option, maternity or sickness must be part."


@dataclass(frozen=True)
class Combination:
    """Which benefits are combined, at least one.

    Attributes:
        medical_option: number of a policy option, or None without medical benefits.
        maternity, sickness: whether these cash benefits are part of it.
        waiting_days: of sickness benefits; None: the basis's own, with the share and days assumed for it.
    Raises: NoBenefits.
    """

    medical_option: int | None
    maternity: bool
    sickness: bool
    waiting_days: int | None = None

    def __post_init__(self) -> None:
        if self.medical_option is None and not (self.maternity or self.sickness):
            raise NoBenefits


@dataclass(frozen=True)
class BenefitPart:
    """One benefit of a combination; million KHR a year, unrounded."""

    benefit: str
    benefit_expenditure: Decimal
    administration: Decimal
    total_expenditure: Decimal
    payg_cost_ratio: Decimal


@dataclass(frozen=True)
class ScenarioCosts:
    """A combination costed, unrounded.

    Attributes:
        parts: benefit by benefit.
        care: the medical benefits, or None without them.
        benefit_expenditure, administration, total_expenditure: of all parts, million KHR a year.
        payg_cost_ratio: of all parts.
        contribution_rate: that to propose.
        employer_rate, worker_rate: its parts, or None where nobody asks.
        errata: codes of the published mistakes whose cells were used.
    """

    parts: tuple[BenefitPart, ...]
    care: Care | None
    benefit_expenditure: Decimal
    administration: Decimal
    total_expenditure: Decimal
    payg_cost_ratio: Decimal
    contribution_rate: Decimal
    employer_rate: Decimal | None
    worker_rate: Decimal | None
    errata: tuple[str, ...]


def policy_scenario(number: int, basis: ShiBasis) -> Combination:
    """One of the report's own combinations (Table 4.12)."""
    chosen = basis.scenarios[f"{SCENARIO}{number}"]
    return Combination(int(chosen.medical_option.removeprefix(OPTION)), chosen.maternity, chosen.sickness)


@formula("PAYG", source="giz-2012 Table 4.13", unit="fraction of insured earnings", shows="payg_cost_ratio")
def scenario_costs(
    combination: Combination,
    employer_share: Decimal | None,
    basis: ShiBasis,
    maternity_basis: MaternityBasis,
    sickness_basis: SicknessBasis,
) -> ScenarioCosts:
    """What several benefits cost together.

    Formula: PAYG = PAYG_M + PAYG_P + PAYG_S
    Args:
        combination: which benefits.
        employer_share: fraction of the contribution that the employer pays, or None.
        basis: of the medical benefits.
        maternity_basis: of maternity benefits.
        sickness_basis: of sickness benefits.
    Returns: the combination costed, unrounded but for the proposed rate.
    Raises: AmountTooLarge.
    """
    parts: list[BenefitPart] = []
    care: Care | None = None
    errata: tuple[str, ...] = ()
    if combination.medical_option is not None:
        medical = medical_costs(combination.medical_option, basis)
        care = medical.care
        spent = care.expenditure
        parts.append(BenefitPart(MEDICAL, spent.benefits, spent.administration, spent.total, medical.payg_cost_ratio))
    if combination.maternity:
        parts.append(_part(MATERNITY, maternity_costs(maternity_basis)))
    if combination.sickness:
        sickness = sickness_costs(combination.waiting_days, sickness_basis)
        parts.append(_part(SICKNESS, sickness.costs))
        errata = sickness.costs.errata
    total_ratio = total(each.payg_cost_ratio for each in parts)
    rate = proposed_contribution_rate(total_ratio)
    return ScenarioCosts(
        parts=tuple(parts),
        care=care,
        benefit_expenditure=total(each.benefit_expenditure for each in parts),
        administration=total(each.administration for each in parts),
        total_expenditure=total(each.total_expenditure for each in parts),
        payg_cost_ratio=total_ratio,
        contribution_rate=rate,
        employer_rate=None if employer_share is None else employer_rate(rate, employer_share),
        worker_rate=None if employer_share is None else worker_rate(rate, employer_share),
        errata=errata,
    )


def _part(benefit: str, costs: CashCosts) -> BenefitPart:
    return BenefitPart(
        benefit, costs.benefit_expenditure, costs.administration, costs.total_expenditure, costs.payg_cost_ratio
    )
