"""The indicators: which there are, what they need, what they mean (ilo-hmis-2007 Table 4, Index of indicators).

The guide's text at hand defines those of Table 4, the quick ratio excepted, and those of Tables 5 and 7. Of the
others that are here it has the title; the Microinsurance Network's handbook is not at hand. Their formulas are those in
general use, and `is_defined` says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from pricing.monitoring import finance_ratios as finance
from pricing.monitoring import membership_ratios as members
from pricing.monitoring import network_ratios as network

GUIDE, NETWORK = "guide", "microinsurance_network"
NET_INCOME = "net_income"
MONITORING_QUALITY = "monitoring_quality"


@dataclass(frozen=True)
class Indicator:
    """An indicator.

    Attributes:
        name: its name, also in the benchmarks.
        code: the number that its source gives it.
        area: what it is about.
        ratio: its formula; None where it is a figure as it stands.
        inputs: the lines that the formula takes, in order.
        divisors: those that it divides by, added up.
        meaning: what it says.
        is_defined: whether the text at hand defines it, or only names it.
    """

    name: str
    code: str
    area: str
    ratio: Callable[..., Decimal] | None
    inputs: tuple[str, ...]
    divisors: tuple[str, ...]
    meaning: str
    is_defined: bool = True


_FINANCIAL, _ECONOMIC, _FUNCTIONAL = "financial_viability", "economic_viability", "functional_viability"
_TECHNICAL, _EFFECT, _IMPACT = "technical_viability", "effectiveness", "impact"

GUIDE_INDICATORS = (
    Indicator(
        MONITORING_QUALITY,
        "T.9",
        "administrative_viability",
        None,
        (MONITORING_QUALITY,),
        (),
        "The share of its operations that the scheme has procedures to monitor; it should grow to all of them.",
    ),
    Indicator(
        "average_claim_cost",
        "G.3",
        _TECHNICAL,
        members.average_claim_cost,
        ("claims_paid", "claims_settled"),
        ("claims_settled",),
        "What a claim costs; it should stay near what the premium was calculated with.",
        is_defined=False,
    ),
    Indicator(
        "members_growth_rate",
        "M.1",
        _FUNCTIONAL,
        members.members_growth_rate,
        ("members_end", "members_beginning"),
        ("members_beginning",),
        "Whether more people join than leave.",
        is_defined=False,
    ),
    Indicator(
        "renewal_rate",
        "M.2",
        _FUNCTIONAL,
        members.renewal_rate,
        ("contracts_renewed", "contracts_due"),
        ("contracts_due",),
        "Members who renew value the service, find the premium affordable and the services acceptable.",
    ),
    Indicator(
        "penetration_rate",
        "M.5",
        _EFFECT,
        members.penetration_rate,
        ("beneficiaries_end", "target_population"),
        ("target_population",),
        "How far the scheme reaches those for whom it was made.",
    ),
    Indicator(
        "premium_collection_rate",
        "M.6",
        _FUNCTIONAL,
        members.premium_collection_rate,
        ("premiums_received", "premiums"),
        ("premiums",),
        "How much of what was billed has been paid.",
        is_defined=False,
    ),
    Indicator(
        "average_settlement_days",
        "M.7",
        _FUNCTIONAL,
        members.average_settlement_days,
        ("settlement_days", "claims_settled"),
        ("claims_settled",),
        "How long members and providers wait for their money; a long wait makes members leave.",
        is_defined=False,
    ),
    Indicator(
        "quick_ratio",
        "F.1",
        _FINANCIAL,
        finance.quick_ratio,
        ("cash", "short_term_investments", "short_term_liabilities"),
        ("short_term_liabilities",),
        "Whether what is at hand pays what is soon due.",
        is_defined=False,
    ),
    Indicator(
        "equity_debt_ratio",
        "F.2",
        _FINANCIAL,
        finance.equity_debt_ratio,
        ("equity", "total_liabilities"),
        ("total_liabilities",),
        "How far the scheme stands on funds of its own.",
        is_defined=False,
    ),
    Indicator(
        "reserve_ratio",
        "F.3",
        _FINANCIAL,
        finance.reserve_ratio,
        ("equity", "incurred_claims"),
        ("incurred_claims",),
        "How many periods' claims own funds could pay.",
        is_defined=False,
    ),
    Indicator(
        "operating_expense_ratio",
        "F.4.1",
        _FINANCIAL,
        finance.operating_expense_ratio,
        ("operating_expenses", "earned_premium"),
        ("earned_premium",),
        "What running the scheme takes of the premium; the less, the more comes back to members.",
    ),
    Indicator(
        "claims_ratio",
        "F.5",
        _FINANCIAL,
        finance.claims_ratio,
        ("claims_paid", "earned_premium"),
        ("earned_premium",),
        "What comes back to members of the premium; if it is too little, they will not stay.",
    ),
    Indicator(
        "gross_operating_expense_ratio",
        "F.6",
        _FINANCIAL,
        finance.gross_operating_expense_ratio,
        ("operating_expenses", "premiums"),
        ("premiums",),
        "What running the scheme takes of what is billed.",
        is_defined=False,
    ),
    Indicator(
        "investment_concentration_ratio",
        "F.7",
        _FINANCIAL,
        finance.investment_concentration_ratio,
        ("largest_holding", "total_assets"),
        ("total_assets",),
        "How much would be lost with one institution; assets should be spread.",
    ),
    Indicator(
        NET_INCOME,
        "Table 4",
        _ECONOMIC,
        None,
        ("net_income_before_subsidies",),
        (),
        "Whether the scheme carries itself; break-even or a little above it can be sustained.",
    ),
    Indicator(
        "self_financing_ratio",
        "V.1",
        _ECONOMIC,
        finance.self_financing_ratio,
        ("total_income", "permanent_subsidies", "total_expenses"),
        ("total_expenses",),
        "How far the scheme would carry itself without any subsidy.",
        is_defined=False,
    ),
    Indicator(
        "full_cost_ratio",
        "V.2",
        _ECONOMIC,
        finance.full_cost_ratio,
        ("total_expenses", "hidden_costs", "earned_premium"),
        ("earned_premium",),
        "What the scheme really costs of its premium, with what others pay for it.",
        is_defined=False,
    ),
    Indicator(
        "training_ratio",
        "H.2",
        "institutional_viability",
        finance.training_ratio,
        ("training_expenses", "operating_expenses"),
        ("operating_expenses",),
        "Whether the scheme keeps improving the skills of its staff.",
    ),
    Indicator(
        "utilization_rate",
        "E.1",
        _EFFECT,
        members.utilization_rate,
        ("services_used", "average_beneficiaries"),
        ("average_beneficiaries",),
        "Whether beneficiaries use the services that they are covered for.",
    ),
    Indicator(
        "investment_yield",
        "C.1",
        "efficiency",
        finance.investment_yield,
        ("investment_income", "short_term_investments", "long_term_investments"),
        ("short_term_investments", "long_term_investments"),
        "What invested funds bring in.",
        is_defined=False,
    ),
    Indicator(
        "population_coverage_rate",
        "I.3",
        _IMPACT,
        members.population_coverage_rate,
        ("beneficiaries_end", "population"),
        ("population",),
        "The weight of the scheme in its area.",
    ),
    Indicator(
        "impoverishment_rate",
        "Table 4",
        _IMPACT,
        members.impoverishment_rate,
        ("patients_impoverished", "patients"),
        ("patients",),
        "Whether the scheme protects people from becoming poor by illness.",
    ),
    Indicator(
        "target_share",
        "Table 5.5",
        _IMPACT,
        members.target_share,
        ("target_population", "population"),
        ("population",),
        "How much of the population the scheme is made for.",
    ),
    Indicator(
        "average_family_size",
        "Table 7 Y/X",
        _TECHNICAL,
        members.average_family_size,
        ("average_beneficiaries", "average_members"),
        ("average_members",),
        "Beneficiaries a member; a rise without a reason shows that families are enrolled as they fall ill.",
    ),
    *(
        Indicator(
            f"{each}_share",
            "I.4",
            _IMPACT,
            members.category_share,
            (f"{each}_beneficiaries", "beneficiaries_end"),
            ("beneficiaries_end",),
            "The wider and the less chosen membership is, the lower is the risk that only the ill join.",
            is_defined=False,
        )
        for each in ("voluntary", "automatic", "compulsory")
    ),
)

_NETWORK_AREA = "key_indicators"

NETWORK_INDICATORS = (
    Indicator(
        "network_net_income_ratio",
        "KPI 1",
        _NETWORK_AREA,
        network.network_net_income_ratio,
        ("net_income_before_subsidies", "earned_premium"),
        ("earned_premium",),
        "Whether the product is viable.",
        is_defined=False,
    ),
    Indicator(
        "network_incurred_expense_ratio",
        "KPI 2",
        _NETWORK_AREA,
        network.network_incurred_expense_ratio,
        ("operating_expenses", "earned_premium"),
        ("earned_premium",),
        "Whether the service is delivered efficiently.",
        is_defined=False,
    ),
    Indicator(
        "network_incurred_claims_ratio",
        "KPI 3",
        _NETWORK_AREA,
        network.network_incurred_claims_ratio,
        ("claims_paid", "change_in_ibnr", "change_in_rbnp", "earned_premium"),
        ("earned_premium",),
        "How valuable the product is to those who are insured.",
        is_defined=False,
    ),
    Indicator(
        "network_renewal_ratio",
        "KPI 4",
        _NETWORK_AREA,
        network.network_renewal_ratio,
        ("contracts_renewed", "contracts_due"),
        ("contracts_due",),
        "Whether clients are satisfied enough to stay.",
        is_defined=False,
    ),
    Indicator(
        "network_promptness",
        "KPI 5",
        _NETWORK_AREA,
        network.network_promptness,
        ("claims_settled_in_time", "claims_settled"),
        ("claims_settled",),
        "Whether service is prompt when it is needed.",
        is_defined=False,
    ),
    Indicator(
        "network_claims_rejection_ratio",
        "KPI 6",
        _NETWORK_AREA,
        network.network_claims_rejection_ratio,
        ("claims_rejected", "claims_reported"),
        ("claims_reported",),
        "Whether clients know what they are covered for.",
        is_defined=False,
    ),
    Indicator(
        "network_growth_ratio",
        "KPI 7",
        _NETWORK_AREA,
        network.network_growth_ratio,
        ("beneficiaries_end", "beneficiaries_beginning"),
        ("beneficiaries_beginning",),
        "Whether the market wants the product.",
        is_defined=False,
    ),
    Indicator(
        "network_coverage_ratio",
        "KPI 8",
        _NETWORK_AREA,
        network.network_coverage_ratio,
        ("beneficiaries_end", "target_population"),
        ("target_population",),
        "How much of its market the scheme has reached.",
        is_defined=False,
    ),
    Indicator(
        "network_solvency_ratio",
        "KPI 9",
        _NETWORK_AREA,
        network.network_solvency_ratio,
        ("admitted_assets", "total_liabilities"),
        ("total_liabilities",),
        "Whether the scheme can meet all that it owes.",
        is_defined=False,
    ),
    Indicator(
        "network_liquidity_ratio",
        "KPI 10",
        _NETWORK_AREA,
        network.network_liquidity_ratio,
        ("cash", "short_term_investments", "short_term_liabilities"),
        ("short_term_liabilities",),
        "Whether the scheme can meet what is due soon.",
        is_defined=False,
    ),
)
