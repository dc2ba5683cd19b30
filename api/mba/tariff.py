"""What the calculators of the MBA tariff share: their tables, and premiums computed once per set of tables."""

from api.calculator import Context
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.premiums import InsuredPremium, tariff_premium
from pricing.mba.quotes import PremiumOf

ROLES = ("packages", "loadings", "pricing_basis", "life_table")


def mba_assumptions(context: Context) -> MbaAssumptions:
    """The four tables of the tariff."""
    return context.basis.once("mba_assumptions", lambda: MbaAssumptions(**context.assumptions))


def premium_of(context: Context) -> PremiumOf:
    """Premium of one insured person by package and kind: the tariff's price rows."""
    assumptions = mba_assumptions(context)

    def price_row(package: str, insured: str) -> InsuredPremium:
        key = (tariff_premium, package, insured)
        return context.basis.once(key, lambda: tariff_premium(package, insured, assumptions))

    return price_row
