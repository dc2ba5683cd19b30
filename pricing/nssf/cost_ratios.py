"""What the branch costs against insured earnings, and what planned changes would add (giz-2012 Tables 3.14-3.16)."""

from dataclasses import dataclass, replace
from decimal import Decimal

from pricing.arithmetic import CONTEXT, ONE, ZERO
from pricing.errors import DomainError
from pricing.nssf.assumptions import PermanentDisability
from pricing.nssf.expenditure import in_millions
from pricing.nssf.experience import Experience, of_year
from pricing.nssf.income_statement import administration_of, benefits_paid, contribution_income
from pricing.trace import formula


@dataclass(frozen=True)
class BranchCost:
    """What a year cost, million KHR.

    Attributes:
        insured_earnings: on which contributions are due, > 0.
        benefit_expenditure: of every kind, those below included.
        administration_cost: of the year.
        disability_pension_liabilities, survivor_pension_liabilities: present value of the pensions awarded.
        funeral_grants: paid, a part of the benefits.
        funeral_grants_paid: number of them.
        disability_lump_sums, disability_pensions: paid, parts of the benefits.
    """

    insured_earnings: Decimal
    benefit_expenditure: Decimal
    administration_cost: Decimal
    disability_pension_liabilities: Decimal
    survivor_pension_liabilities: Decimal
    funeral_grants: Decimal
    funeral_grants_paid: int
    disability_lump_sums: Decimal
    disability_pensions: Decimal

    @property
    def named_parts(self) -> Decimal:
        """Those of the benefits that are known by name, million KHR."""
        return CONTEXT.add(self.funeral_grants, CONTEXT.add(self.disability_lump_sums, self.disability_pensions))

    @property
    def parts_exceed_whole(self) -> bool:
        """Whether they are more than all benefits, which is a mistake."""
        return self.named_parts > self.benefit_expenditure


@dataclass(frozen=True)
class Changes:
    """Planned changes: another funeral grant, KHR, or None; whether disability pays as the ILO recommended."""

    funeral_grant: Decimal | None
    is_ilo_recommended: bool


@dataclass(frozen=True)
class CostRatios:
    """A year's cost and its ratios; ratios are fractions of insured earnings.

    Attributes:
        cost: the amounts.
        operating_expenditure, pension_liabilities: million KHR.
        benefits, administration, disability_pensions, survivor_pensions: the parts of the ratios.
        payg: of operating expenditure.
        funding: of pension liabilities.
        terminal_funding: their sum.
        margin: what the contribution rate is above it; below 0 where it is not enough.
    """

    cost: BranchCost
    operating_expenditure: Decimal
    pension_liabilities: Decimal
    benefits: Decimal
    administration: Decimal
    disability_pensions: Decimal
    survivor_pensions: Decimal
    payg: Decimal
    funding: Decimal
    terminal_funding: Decimal
    margin: Decimal


@dataclass(frozen=True)
class CostReport:
    """Ratios as they were, and as they would be with the changes, or None without changes.

    Attributes:
        contribution_rate: a fraction of insured earnings.
        ratios, changed: without and with the changes.
        effect: of the changes on terminal funding, a fraction of insured earnings; 0 without changes.
        errata: codes of the mistakes whose figures were used.
    """

    contribution_rate: Decimal
    ratios: CostRatios
    changed: CostRatios | None
    effect: Decimal
    errata: tuple[str, ...]

    @property
    def shown(self) -> Decimal:
        """Terminal funding of what was asked: with the changes, if there are any."""
        return (self.changed or self.ratios).terminal_funding


@dataclass(eq=False)
class ZeroDivisor(DomainError):
    """Something is 0 that an amount is divided by.

    Attributes:
        divisor: what it is, as a part of a sentence.
        field: of the request, that says it or needs it.
    """

    divisor: str
    field: str

    def __str__(self) -> str:
        return f"An amount would be divided by the {self.divisor}, which must be more than 0."


@formula("insured earnings", source="giz-2012 Table 3.14", unit="million KHR a year")
def insured_earnings(contributions: Decimal, contribution_rate: Decimal) -> Decimal:
    """Earnings on which contributions of a year were due.

    Formula: contributions / 0.8%
    Args:
        contributions: million KHR, whoever paid them.
        contribution_rate: a fraction of insured earnings, > 0.
    Returns: million KHR, unrounded.
    """
    return contributions / contribution_rate


@formula("operating expenditure", source="giz-2012 Table 3.14", unit="million KHR a year")
def operating_expenditure(benefit_expenditure: Decimal, administration_cost: Decimal) -> Decimal:
    """Benefits and administration of a year.

    Formula: benefits + administration
    Args:
        benefit_expenditure: million KHR.
        administration_cost: million KHR.
    Returns: million KHR.
    """
    return benefit_expenditure + administration_cost


@formula("PV", source="giz-2012 Table 3.15", unit="million KHR")
def pension_liabilities(disability: Decimal, survivors: Decimal) -> Decimal:
    """Present value of the pensions awarded in a year.

    Formula: disability pensions + survivors' pensions
    Args:
        disability: million KHR.
        survivors: million KHR.
    Returns: million KHR.
    """
    return disability + survivors


@formula("cost ratio", source="giz-2012 Table 3.14", unit="fraction of insured earnings")
def cost_ratio(cost: Decimal, insured_earnings: Decimal) -> Decimal:
    """A cost against insured earnings.

    Formula: cost / insured earnings
    Args:
        cost: million KHR of a year.
        insured_earnings: million KHR of the same year, > 0.
    Returns: a fraction, unrounded.
    """
    return cost / insured_earnings


@formula("terminal funding", source="giz-2012 Table 3.16", unit="fraction of insured earnings")
def terminal_funding_ratio(payg: Decimal, funding: Decimal) -> Decimal:
    """The whole cost of a year: what it paid, and what its new pensions will.

    Formula: PAYG cost ratio + funding cost ratio
    Args:
        payg: a fraction of insured earnings.
        funding: a fraction of insured earnings.
    Returns: a fraction.
    """
    return payg + funding


@formula("margin", source="giz-2012 §3.8", unit="fraction of insured earnings")
def contribution_margin(contribution_rate: Decimal, terminal_funding: Decimal) -> Decimal:
    """What the contribution rate is above the cost.

    Formula: 0.8% - terminal funding
    Args:
        contribution_rate: a fraction of insured earnings.
        terminal_funding: a fraction of insured earnings.
    Returns: a fraction; below 0 where the rate is not enough.
    """
    return contribution_rate - terminal_funding


@formula("Δ funeral", source="giz-2012 §3.6.3", unit="million KHR a year")
def added_by_funeral_grant(grants_paid: int, funeral_grant: Decimal, funeral_grants: Decimal) -> Decimal:
    """What another funeral grant would have added to a year's benefits.

    Formula: grants paid · new grant - what was paid
    Args:
        grants_paid: number of grants.
        funeral_grant: the new one, KHR.
        funeral_grants: paid in the year, million KHR.
    Returns: million KHR; below 0 where the new grant is less.
    """
    return in_millions(grants_paid * funeral_grant) - funeral_grants


@formula("Δ disability", source="giz-2012 §3.6.4", unit="million KHR")
def added_by_factor(amount: Decimal, recommended_factor: Decimal, factor: Decimal) -> Decimal:
    """What the recommended formula would add to an amount that the reduced one gave.

    Formula: amount · (recommended factor / factor - 1)
    Args:
        amount: million KHR, of lump sums or of pensions.
        recommended_factor: 1 as the ILO recommended.
        factor: 0.2 for lump sums, 0.8 for pensions in the 2008 provisions; > 0.
    Returns: million KHR, unrounded.
    """
    return amount * (recommended_factor / factor - ONE)


@formula("effect", source="giz-2012 §3.8", unit="fraction of insured earnings")
def effect_of_changes(terminal_funding_changed: Decimal, terminal_funding: Decimal) -> Decimal:
    """What planned changes add to the whole cost of a year.

    Formula: terminal funding with the changes - without them
    Args:
        terminal_funding_changed: with the changes, a fraction of insured earnings.
        terminal_funding: without them.
    Returns: a fraction; below 0 where the changes save.
    """
    return terminal_funding_changed - terminal_funding


@formula("cost of the year", source="giz-2012 §3.8", unit="fraction of insured earnings", shows="shown")
def cost_of_year(
    year: int,
    changes: Changes | None,
    experience: Experience,
    contribution_rate: Decimal,
    terms: PermanentDisability,
) -> CostReport:
    """Cost ratios of a year of the experience, and what planned changes would make of them.

    Formula: PAYG = (benefits + administration) / earnings; funding = PV of new pensions / earnings; terminal = sum
    Args:
        year: of the experience.
        changes: that are planned, or None.
        experience: income statements and liabilities by year.
        contribution_rate: a fraction of insured earnings.
        terms: factors of the disability benefits, in force and recommended.
    Returns: fractions of insured earnings, unrounded; terminal funding is shown.
    Raises: YearNotCovered, ZeroDivisor.
    """
    _refuse_zero(contribution_rate, "contribution rate", "year")
    lines = of_year(experience.income_statements, year)
    liabilities = of_year(experience.pension_liabilities, year)
    contributions = contribution_income(lines.employer_contributions, lines.contribution_subsidy)
    *_, benefits = benefits_paid(lines)
    cost = BranchCost(
        insured_earnings=insured_earnings(in_millions(contributions), contribution_rate),
        benefit_expenditure=in_millions(benefits),
        administration_cost=in_millions(administration_of(lines)),
        disability_pension_liabilities=liabilities.disability_millions,
        survivor_pension_liabilities=liabilities.survivors_millions,
        funeral_grants=in_millions(lines.funeral_grants),
        funeral_grants_paid=of_year(experience.funeral_grants_paid, year),
        disability_lump_sums=in_millions(lines.disability_lump_sums),
        disability_pensions=in_millions(lines.disability_pensions),
    )
    return _report(cost, changes, contribution_rate, terms, experience.errata("insured_earnings", year=year))


@formula("cost of amounts", source="giz-2012 §3.8", unit="fraction of insured earnings", shows="shown")
def cost_of_amounts(
    cost: BranchCost,
    contributions: Decimal | None,
    changes: Changes | None,
    contribution_rate: Decimal,
    terms: PermanentDisability,
) -> CostReport:
    """Cost ratios of amounts of one's own, and what planned changes would make of them.

    Formula: PAYG = (benefits + administration) / earnings; funding = PV of new pensions / earnings; terminal = sum
    Args:
        cost: amounts of a year.
        contributions: million KHR, from which insured earnings follow; None: they are in `cost`.
        changes: that are planned, or None.
        contribution_rate: a fraction of insured earnings.
        terms: factors of the disability benefits, in force and recommended.
    Returns: fractions of insured earnings, unrounded; terminal funding is shown.
    Raises: ZeroDivisor.
    """
    field = "amounts/insured_earnings"
    if contributions is not None:
        field = "amounts/contributions"
        _refuse_zero(contribution_rate, "contribution rate", field)
        cost = replace(cost, insured_earnings=insured_earnings(contributions, contribution_rate))
    _refuse_zero(cost.insured_earnings, "insured earnings", field)
    return _report(cost, changes, contribution_rate, terms, ())


def _report(
    cost: BranchCost,
    changes: Changes | None,
    contribution_rate: Decimal,
    terms: PermanentDisability,
    errata: tuple[str, ...],
) -> CostReport:
    ratios = cost_ratios(cost, contribution_rate)
    if changes is None:
        return CostReport(contribution_rate, ratios, None, ZERO, errata)
    changed = cost_ratios(_with_changes(cost, changes, terms), contribution_rate)
    effect = effect_of_changes(changed.terminal_funding, ratios.terminal_funding)
    return CostReport(contribution_rate, ratios, changed, effect, errata)


def _refuse_zero(divisor: Decimal, name: str, field: str) -> None:
    """Raises: ZeroDivisor."""
    if not divisor:
        raise ZeroDivisor(name, field)


def cost_ratios(cost: BranchCost, contribution_rate: Decimal) -> CostRatios:
    """The ratios of Tables 3.14 to 3.16, and what the contribution rate leaves."""
    operating = operating_expenditure(cost.benefit_expenditure, cost.administration_cost)
    liabilities = pension_liabilities(cost.disability_pension_liabilities, cost.survivor_pension_liabilities)
    earnings = cost.insured_earnings
    payg, funding = cost_ratio(operating, earnings), cost_ratio(liabilities, earnings)
    terminal = terminal_funding_ratio(payg, funding)
    return CostRatios(
        cost=cost,
        operating_expenditure=operating,
        pension_liabilities=liabilities,
        benefits=cost_ratio(cost.benefit_expenditure, earnings),
        administration=cost_ratio(cost.administration_cost, earnings),
        disability_pensions=cost_ratio(cost.disability_pension_liabilities, earnings),
        survivor_pensions=cost_ratio(cost.survivor_pension_liabilities, earnings),
        payg=payg,
        funding=funding,
        terminal_funding=terminal,
        margin=contribution_margin(contribution_rate, terminal),
    )


def _with_changes(cost: BranchCost, changes: Changes, terms: PermanentDisability) -> BranchCost:
    """The year's cost if the changes had been in force."""
    added, liabilities = ZERO, cost.disability_pension_liabilities
    if changes.funeral_grant is not None:
        added += added_by_funeral_grant(cost.funeral_grants_paid, changes.funeral_grant, cost.funeral_grants)
    if changes.is_ilo_recommended:
        now, recommended = terms.factors, terms.ilo_recommended
        for factor in (now.lump_sum, now.pension):
            _refuse_zero(factor, "factor of a disability benefit", "changes/permanent_disability")
        added += added_by_factor(cost.disability_lump_sums, recommended.lump_sum, now.lump_sum)
        added += added_by_factor(cost.disability_pensions, recommended.pension, now.pension)
        liabilities += added_by_factor(liabilities, recommended.pension, now.pension)
    return replace(
        cost,
        benefit_expenditure=cost.benefit_expenditure + added,
        disability_pension_liabilities=liabilities,
    )
