"""The kinds of table, by name; a kind is also the role that its tables play in a calculator."""

from collections.abc import Mapping
from types import MappingProxyType

from tables.kinds.base import Content
from tables.kinds.employment import EmploymentContent
from tables.kinds.indicators import IndicatorsContent
from tables.kinds.life import LifeTableContent
from tables.kinds.mba import LoadingsContent, PackagesContent, PricingBasisContent
from tables.kinds.mba_claims import ClaimTermsContent, DisabilityScheduleContent
from tables.kinds.mba_finance import CovenantsContent, ReinsuranceContent
from tables.kinds.mba_projection import ProjectionBasisContent
from tables.kinds.monitoring import BenchmarksContent, PortfolioTermsContent
from tables.kinds.nssf_contributions import ContributionsContent
from tables.kinds.nssf_experience import ExperienceContent
from tables.kinds.nssf_multipliers import MultipliersContent
from tables.kinds.nssf_provisions import ProvisionsContent
from tables.kinds.shi import ShiBasisContent
from tables.kinds.shi_cash import MaternityBasisContent, SicknessBasisContent
from tables.kinds.shi_civil import NssfcBasisContent, NssfcBenefitsContent
from tables.kinds.shi_pilot import HipBasisContent
from tables.kinds.tariffs import TariffContent

KINDS: Mapping[str, type[Content]] = MappingProxyType(
    {
        "claim_terms": ClaimTermsContent,
        "covenants": CovenantsContent,
        "disability_schedule": DisabilityScheduleContent,
        "life_table": LifeTableContent,
        "loadings": LoadingsContent,
        "packages": PackagesContent,
        "pricing_basis": PricingBasisContent,
        "reinsurance": ReinsuranceContent,
        "projection_basis": ProjectionBasisContent,
        "provisions": ProvisionsContent,
        "contributions": ContributionsContent,
        "multipliers": MultipliersContent,
        "shi_basis": ShiBasisContent,
        "maternity_basis": MaternityBasisContent,
        "sickness_basis": SicknessBasisContent,
        "experience": ExperienceContent,
        "indicators": IndicatorsContent,
        "employment": EmploymentContent,
        "nssfc_basis": NssfcBasisContent,
        "nssfc_benefits": NssfcBenefitsContent,
        "hip_basis": HipBasisContent,
        "benchmarks": BenchmarksContent,
        "portfolio_terms": PortfolioTermsContent,
        "tariff": TariffContent,
    }
)

# The table that plays a role when a request pins none. A tariff has none: the address of a request names it.
DEFAULT_TABLES: Mapping[str, str] = MappingProxyType(
    {
        "claim_terms": "mba-claim-terms",
        "covenants": "mba-covenants",
        "disability_schedule": "mba-disability-schedule",
        "life_table": "who-cambodia-2006",
        "loadings": "mba-loadings",
        "packages": "mba-packages",
        "pricing_basis": "mba-pricing-basis",
        "reinsurance": "mba-reinsurance",
        "projection_basis": "mba-projection-basis",
        "provisions": "nssf-provisions",
        "contributions": "nssf-contributions",
        "multipliers": "nssf-present-value-multipliers",
        "shi_basis": "shi-nssf-basis",
        "maternity_basis": "shi-maternity-basis",
        "sickness_basis": "shi-sickness-basis",
        "experience": "nssf-experience",
        "indicators": "cambodia-indicators",
        "employment": "cambodia-employment",
        "nssfc_basis": "shi-nssfc-basis",
        "nssfc_benefits": "nssfc-benefits",
        "hip_basis": "hip-basis",
        "benchmarks": "hmis-benchmarks",
        "portfolio_terms": "hmis-portfolio-terms",
    }
)

__all__ = ["DEFAULT_TABLES", "KINDS", "Content"]
