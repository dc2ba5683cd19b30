"""What the calculators of the MBA tariff share: their tables, and premiums computed once per set of tables."""

from api.engine import Basis
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.premiums import InsuredPremium, tariff_premium
from pricing.mba.quotes import PremiumOf

ROLES = ("packages", "loadings", "pricing_basis", "life_table")


def mba_assumptions(basis: Basis) -> MbaAssumptions:
    """The four tables of the tariff."""
    return MbaAssumptions(**basis.assumptions)


def premium_of(basis: Basis) -> PremiumOf:
    """Premium of one insured person by package and kind: the tariff's price rows."""
    return price_rows(mba_assumptions(basis), basis)


def price_rows(assumptions: MbaAssumptions, basis: Basis) -> PremiumOf:
    """The same, where a calculator has more tables than the tariff's."""

    def price_row(package: str, insured: str) -> InsuredPremium:
        key = (tariff_premium, package, insured)
        return basis.once(key, lambda: tariff_premium(package, insured, assumptions))

    return price_row
