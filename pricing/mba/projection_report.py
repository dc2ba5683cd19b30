"""A projection with all that is said of it: the fund, reinsurance, and the limits of the programme."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE
from pricing.mba import covenants as limits
from pricing.mba.assumptions import Covenants, MbaAssumptions, Reinsurance
from pricing.mba.covenants import Finding, financial_findings
from pricing.mba.enrolment import Programme
from pricing.mba.projection import ProjectedYear, Projection, financial_projection
from pricing.mba.projection_basis import ProjectionBasis
from pricing.mba.quotes import PremiumOf
from pricing.mba.reinsured_projection import ReinsuredYear, reinsured_years
from pricing.mba.risks import insured_risks
from pricing.trace import formula


@dataclass(frozen=True)
class ProjectionReport:
    """A projection, unrounded, with its reinsurance and its findings, each by year."""

    projection: Projection
    reinsured: tuple[ReinsuredYear, ...]
    findings: tuple[tuple[Finding, ...], ...]

    @property
    def fund_end(self) -> Decimal:
        """The fund at the end of the last year, without reinsurance."""
        return self.projection.fund_end


@formula("report", source="suan-2009 Tables 10-13", unit="currency", shows="fund_end")
def projection_report(
    programme: Programme,
    assumptions: MbaAssumptions,
    basis: ProjectionBasis,
    premium_of: PremiumOf,
    treaty: Reinsurance,
    annual_limit: Decimal | None,
    covenants: Covenants,
) -> ProjectionReport:
    """The fund at the end of the last year, what reinsurance would change, and the limits of section VI by year.

    Formula: the projection; each year again with reinsurance; each year's figures against their limits
    Args:
        programme: plan and enrolment.
        assumptions: the tariff's tables.
        basis: enrolment, expenses, interest, withdrawals.
        premium_of: premium of one insured person by package and kind.
        treaty: the reinsurance.
        annual_limit: of what the reinsurer pays in a year; None: the treaty's maximum.
        covenants: the limits.
    Returns: every year, unrounded.
    Raises: as the projection does, and AnnualLimitOutOfRange.
    """
    projection = financial_projection(programme, assumptions, basis, premium_of)
    risks = insured_risks(programme, assumptions, basis.exchange_rate)
    return ProjectionReport(
        projection=projection,
        reinsured=reinsured_years(projection, risks, treaty, annual_limit),
        findings=tuple(financial_findings(_figures(year, projection), covenants) for year in projection.years),
    )


def _figures(year: ProjectedYear, projection: Projection) -> dict[str, Decimal]:
    """What the limits are set on: amounts of the year, and of one unit and one member what the basis assumes of all."""
    return {
        limits.PREMIUM_INCOME: year.premium_income,
        limits.OPERATING_EXPENSES: year.operating_expenses,
        limits.COMMISSION: year.commission,
        limits.INVESTED_FUNDS: ONE,
        limits.INVESTMENT_INCOME: projection.terms.interest_rate,
        limits.MEMBERS: ONE,
        limits.WITHDRAWALS: projection.terms.withdrawal_rate,
    }
