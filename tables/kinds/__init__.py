"""The kinds of table, by name; a kind is also the role that its tables play in a calculator."""

from collections.abc import Mapping
from types import MappingProxyType

from tables.kinds.base import Content
from tables.kinds.life import LifeTableContent
from tables.kinds.mba import LoadingsContent, PackagesContent, PricingBasisContent

KINDS: Mapping[str, type[Content]] = MappingProxyType(
    {
        "life_table": LifeTableContent,
        "loadings": LoadingsContent,
        "packages": PackagesContent,
        "pricing_basis": PricingBasisContent,
    }
)

# The table that plays a role when a request pins none.
DEFAULT_TABLES: Mapping[str, str] = MappingProxyType(
    {
        "life_table": "who-cambodia-2006",
        "loadings": "mba-loadings",
        "packages": "mba-packages",
        "pricing_basis": "mba-pricing-basis",
    }
)

__all__ = ["DEFAULT_TABLES", "KINDS", "Content"]
