"""Requests that the contract shows of `POST /v1/monitoring/indicators`."""

from collections.abc import Mapping

from api.requests import Example

_INCOME = {
    "premiums": "120000",
    "opening_unearned_premium_reserve": "20000",
    "permanent_subsidies": "10000",
    "investment_income": "1200",
    "membership_fees": "3000",
    "ancillary_services_income": "0",
    "claims_paid": "82000",
    "change_in_ibnr": "2500",
    "change_in_rbnp": "-500",
    "reinsurance_expenses": "4000",
    "operating_expenses": "21000",
    "ancillary_services_expenses": "1500",
    "miscellaneous_other_expenses": "500",
    "occasional_subsidies": "5000",
}

_BALANCE = {
    "cash": "14000",
    "accruals_and_prepayments": "2000",
    "short_term_investments": "26000",
    "long_term_investments": "12000",
    "fixed_assets": "9000",
    "intangible_fixed_assets": "1000",
    "ibnr_reserve": "7500",
    "rbnp_reserve": "3000",
    "unearned_premium_reserve": "24000",
    "actuarial_liabilities": "0",
    "short_term_liabilities": "6000",
    "long_term_liabilities": "0",
    "paid_in_equity": "10000",
    "grant_funds": "5000",
    "retained_earnings": "8500",
}

EXAMPLES: Mapping[str, Example] = {
    "one_year": Example(
        "A year of a scheme",
        {
            "period": "2010",
            "income_statement": _INCOME,
            "balance_sheet": _BALANCE,
            "membership": {"target_population": 9000, "contracts_due": 1200, "contracts_renewed": 930},
            "operations": {"training_expenses": "700", "largest_holding": "26000"},
            "as_of": "2026-12-01",
        },
    ),
    "two_years": Example(
        "Two years, with a trend",
        {
            "period": "2010",
            "membership": {"population": 40000, "beneficiaries_end": 5200},
            "earlier_periods": [{"period": "2009", "membership": {"population": 39000, "beneficiaries_end": 4300}}],
            "as_of": "2026-12-01",
        },
    ),
    "months": Example(
        "Membership by the month",
        {
            "membership": {
                "months": [
                    {"members": 1010, "new_members": 30, "lapses": 20},
                    {"members": 1035, "new_members": 40, "lapses": 15},
                ]
            },
            "as_of": "2026-12-01",
        },
    ),
    "too_early": Example("Refused: before the benchmarks", {"as_of": "2006-12-31"}),
}
