"""`POST /v1/monitoring/indicators`: totals, findings, indicators on both sides of their benchmarks, trends."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.monitoring.indicators import SECTIONS
from tables.sources import resolve_citation
from tests.api.support import AS_OF, INDICATORS, answer, assert_problem, pointers, post

INCOME: dict[str, Any] = {
    "premiums": "1050",
    "opening_unearned_premium_reserve": "150",
    "permanent_subsidies": "100",
    "investment_income": "-10",
    "membership_fees": "30",
    "ancillary_services_income": "5",
    "claims_paid": "760",
    "change_in_ibnr": "20",
    "change_in_rbnp": "-5",
    "reinsurance_expenses": "40",
    "salaries_and_benefits": "100",
    "rental_and_contractual_charges": "20",
    "depreciation": "10",
    "travel": "8",
    "office_supplies": "7",
    "miscellaneous_administrative_expenses": "5",
    "promotion": "15",
    "distribution": "25",
    "ancillary_services_expenses": "12",
    "miscellaneous_other_expenses": "3",
    "occasional_subsidies": "60",
}
"""C = 1050 + 150 - 200 = 1000, R = 1125, G = 815, H = 150, I = 40, J = 190, K = 15, X = 1020, Y = 105, Z = 165."""

BALANCE: dict[str, Any] = {
    "cash": "120",
    "accruals_and_prepayments": "30",
    "short_term_investments": "200",
    "long_term_investments": "100",
    "fixed_assets": "45",
    "intangible_fixed_assets": "5",
    "ibnr_reserve": "70",
    "rbnp_reserve": "20",
    "unearned_premium_reserve": "200",
    "actuarial_liabilities": "0",
    "short_term_liabilities": "80",
    "long_term_liabilities": "10",
    "paid_in_equity": "50",
    "grant_funds": "60",
    "retained_earnings": "10",
}
"""7 = 500, 14 = 380, 15 = 120, 19 = 500."""

MEMBERSHIP: dict[str, Any] = {
    "population": 20000,
    "target_population": 5000,
    "members_beginning": 1000,
    "new_members": 200,
    "lapses": 100,
    "average_members": "1050",
    "beneficiaries_beginning": 4000,
    "new_beneficiaries": 600,
    "beneficiary_lapses": 200,
    "average_beneficiaries": "4200",
    "voluntary_beneficiaries": 3300,
    "automatic_beneficiaries": 1100,
    "compulsory_beneficiaries": 0,
    "contracts_due": 1000,
    "contracts_renewed": 850,
}
"""1100 members, 4400 beneficiaries at the end."""

OPERATIONS: dict[str, Any] = {
    "premiums_received": "945",
    "hidden_costs": "80",
    "training_expenses": "9.5",
    "largest_holding": "50",
    "admitted_assets": "450",
    "monitoring_quality": "1",
    "services_used": 6300,
    "claims_reported": 400,
    "claims_rejected": 20,
    "claims_settled": 380,
    "claims_settled_in_time": 342,
    "settlement_days": 5700,
    "patients": 500,
    "patients_impoverished": 25,
}
WHOLE = {
    "income_statement": INCOME,
    "balance_sheet": BALANCE,
    "membership": MEMBERSHIP,
    "operations": OPERATIONS,
}


def report(client: TestClient, **body: Any) -> Any:
    return answer(post(client, INDICATORS, {"as_of": AS_OF, **body}))


def changed(section: str, **figures: Any) -> dict[str, Any]:
    """The whole accounts with some figures changed; None takes one out."""
    known = {**WHOLE[section], **figures}
    return {**WHOLE, section: {name: value for name, value in known.items() if value is not None}}


def found(reported: Any, name: str, kind: str = "indicators") -> Any:
    (only,) = (each for each in reported[kind] if each["indicator"] == name)
    return only


def short(value: str | None) -> str | None:
    """Without the zeros at the end."""
    return value and value.rstrip("0").rstrip(".")


def test_totals_are_those_of_the_accounts(client: TestClient) -> None:
    totals = {each["line"]: each for each in report(client, **WHOLE)["totals"] if each["statement"] != "membership"}
    assert {line: short(each["value"]) for line, each in totals.items()} == {
        "B": "-50", "C": "1000", "F": "35", "R": "1125", "g2": "20", "g3": "-5", "G": "815", "H": "150", "I": "40",
        "J": "190", "K": "15", "X": "1020", "Y": "105", "Z": "165", "7": "500", "14": "380", "15": "120", "19": "500",
    }  # fmt: skip
    assert {line for line, each in totals.items() if each["stated"] is not None} == {"g2", "g3"}
    assert all(each["missing"] == [] for each in totals.values())
    assert totals["Y"]["formula"] == "Y = R - X"


def test_accounts_that_add_up_have_no_findings(client: TestClient) -> None:
    reported = report(client, **WHOLE)
    assert (reported["findings"], reported["earlier_periods"], reported["trends"]) == ([], [], [])
    assert reported["period"] == "last"


@pytest.mark.parametrize(
    ("name", "value", "verdict", "short_by"),
    [
        ("monitoring_quality", "1", "meets", None),
        ("average_claim_cost", "2", "not_applicable", None),
        ("members_growth_rate", "0.1", "not_applicable", None),
        ("renewal_rate", "0.85", "meets", None),
        ("penetration_rate", "0.88", "meets", None),
        ("premium_collection_rate", "0.9", "not_applicable", None),
        ("average_settlement_days", "15", "not_applicable", None),
        ("quick_ratio", "4", "meets", None),
        ("equity_debt_ratio", "0.315789473684", "not_applicable", None),
        ("reserve_ratio", "0.147239263804", "not_applicable", None),
        ("operating_expense_ratio", "0.19", "meets", None),
        ("claims_ratio", "0.76", "meets", None),
        ("gross_operating_expense_ratio", "0.180952380952", "not_applicable", None),
        ("investment_concentration_ratio", "0.1", "meets", None),
        ("net_income", "105", "meets", None),
        ("self_financing_ratio", "1.004901960784", "not_applicable", None),
        ("full_cost_ratio", "1.1", "not_applicable", None),
        ("training_ratio", "0.05", "meets", None),
        ("utilization_rate", "1.5", "not_applicable", None),
        ("investment_yield", "-0.033333333333", "not_applicable", None),
        ("population_coverage_rate", "0.22", "not_applicable", None),
        ("impoverishment_rate", "0.05", "not_applicable", None),
        ("target_share", "0.25", "not_applicable", None),
        ("average_family_size", "4", "not_applicable", None),
        ("voluntary_share", "0.75", "not_applicable", None),
        ("automatic_share", "0.25", "not_applicable", None),
        ("compulsory_share", "0", "not_applicable", None),
    ],
)
def test_an_indicator_of_the_guide(
    client: TestClient, name: str, value: str, verdict: str, short_by: str | None
) -> None:
    indicator = found(report(client, **WHOLE), name)
    assert (short(indicator["value"]) or "0", indicator["verdict"], indicator["short_by"]) == (value, verdict, short_by)
    waiting = name in {"utilization_rate", "population_coverage_rate", "impoverishment_rate"}
    reason = "no_earlier_value" if waiting else "no_benchmark"
    assert indicator["reason"] == (reason if verdict == "not_applicable" else None)
    assert indicator["missing"] == []
    assert resolve_citation(indicator["source"])


def test_every_indicator_is_looked_at(client: TestClient) -> None:
    reported = report(client, **WHOLE)
    assert (len(reported["indicators"]), len(reported["network_indicators"])) == (27, 10)
    assert reported["verdict"] == "meets 9, short 0, not_applicable 18"
    assert all(each["meaning"].endswith(".") and each["formula"] for each in reported["indicators"])


def test_the_network_s_indicators_stand_apart(client: TestClient) -> None:
    """Claims without the reinsurance premium: 760 + 20 - 5 = 775; no benchmark goes with any."""
    listed = report(client, **WHOLE)["network_indicators"]
    assert {each["indicator"].removeprefix("network_"): short(each["value"]) for each in listed} == {
        "net_income_ratio": "0.105",
        "incurred_expense_ratio": "0.19",
        "incurred_claims_ratio": "0.775",
        "renewal_ratio": "0.85",
        "promptness": "0.9",
        "claims_rejection_ratio": "0.05",
        "growth_ratio": "0.1",
        "coverage_ratio": "0.88",
        "solvency_ratio": "1.184210526316",
        "liquidity_ratio": "4",
    }
    assert {(each["verdict"], each["reason"], each["source"]) for each in listed} == {
        ("not_applicable", "no_benchmark", "min-indicators-2010 Key indicators")
    }


@pytest.mark.parametrize(
    ("name", "section", "at", "beyond", "verdict_at", "short_by"),
    [
        ("renewal_rate", "membership", {"contracts_renewed": 800}, {"contracts_renewed": 799}, "meets", "0.001"),
        (
            "quick_ratio",
            "balance_sheet",
            {"short_term_liabilities": "319"},
            {"short_term_liabilities": "320"},
            "meets",
            "0",
        ),
        (
            "quick_ratio",
            "balance_sheet",
            {"short_term_liabilities": "319"},
            {"short_term_liabilities": "640"},
            "meets",
            "0.5",
        ),
        ("operating_expense_ratio", "income_statement", {"promotion": "24"}, {"promotion": "25"}, "meets", "0"),
        ("operating_expense_ratio", "income_statement", {"promotion": "24"}, {"promotion": "75"}, "meets", "0.05"),
        ("claims_ratio", "income_statement", {"claims_paid": "751"}, {"claims_paid": "750"}, "meets", "0"),
        ("claims_ratio", "income_statement", {"claims_paid": "751"}, {"claims_paid": "700"}, "meets", "0.05"),
        (
            "investment_concentration_ratio",
            "operations",
            {"largest_holding": "50"},
            {"largest_holding": "51"},
            "meets",
            "0.002",
        ),
        ("training_ratio", "operations", {"training_expenses": "5.71"}, {"training_expenses": "5.7"}, "meets", "0"),
        ("net_income", "income_statement", {"claims_paid": "865"}, {"claims_paid": "866"}, "meets", "1"),
        (
            "penetration_rate",
            "membership",
            {"target_population": 5500},
            {"target_population": 5501},
            "meets",
            "0.000145428",
        ),
        ("penetration_rate", "membership", {"target_population": 4400}, {"target_population": 4000}, "meets", "0.1"),
    ],
)
def test_both_sides_of_a_benchmark(
    client: TestClient, name: str, section: str, at: Any, beyond: Any, verdict_at: str, short_by: str
) -> None:
    within = found(report(client, **changed(section, **at)), name)
    assert (within["verdict"], within["short_by"]) == (verdict_at, None)
    outside = found(report(client, **changed(section, **beyond)), name)
    assert outside["verdict"] == "short"
    assert (short(outside["short_by"][:11]) or "0") == short_by


@pytest.mark.parametrize(
    ("name", "earlier", "verdict", "short_by"),
    [
        ("utilization_rate", {"operations": {"services_used": 6299}}, "meets", None),
        ("utilization_rate", {"operations": {"services_used": 6300}}, "short", "0"),
        ("utilization_rate", {"operations": {"services_used": 8400}}, "short", "0.5"),
        ("population_coverage_rate", {"membership": {"population": 22000}}, "meets", None),
        ("population_coverage_rate", {"membership": {"population": 17600}}, "short", "0.03"),
        ("impoverishment_rate", {"operations": {"patients_impoverished": 26}}, "meets", None),
        ("impoverishment_rate", {"operations": {"patients_impoverished": 20}}, "short", "0.01"),
        ("monitoring_quality", {"operations": {"monitoring_quality": "1"}}, "meets", None),
    ],
)
def test_a_direction_needs_the_period_before(
    client: TestClient, name: str, earlier: Any, verdict: str, short_by: str | None
) -> None:
    before = {section: {**WHOLE[section], **earlier.get(section, {})} for section in ("membership", "operations")}
    unsaid = {"new_beneficiaries", "beneficiaries_beginning"}
    membership = {name: value for name, value in MEMBERSHIP.items() if name not in unsaid}
    body = {"membership": {**membership, "beneficiaries_end": 4400}, "operations": OPERATIONS}
    reported = report(client, **body, earlier_periods=[{"period": "before", **before}])
    indicator = found(reported, name)
    assert indicator["verdict"] == verdict
    assert (indicator["short_by"] and (short(indicator["short_by"]) or "0")) == short_by


def test_a_formula_that_the_text_at_hand_does_not_give_says_so(client: TestClient) -> None:
    """Table 4 describes the first twelve but for the quick ratio; Tables 5 and 7 print the last two."""
    reported = report(client)
    assert {each["code"] for each in reported["indicators"] if each["defined_by"] == "source"} == {
        *("T.9", "M.2", "M.5", "F.4.1", "F.5", "F.7", "H.2", "E.1", "I.3", "Table 4", "Table 5.5", "Table 7 Y/X")
    }
    assert {each["defined_by"] for each in reported["network_indicators"]} == {"general_use"}


def test_monitoring_rises_until_it_is_whole(client: TestClient) -> None:
    before = [{"period": "2009", "operations": {"monitoring_quality": "0.6"}}]
    for now, verdict in (("0.7", "meets"), ("0.6", "short"), ("0.5", "short"), ("1", "meets")):
        reported = report(client, operations={"monitoring_quality": now}, earlier_periods=before)
        assert found(reported, "monitoring_quality")["verdict"] == verdict
    alone = found(report(client, operations={"monitoring_quality": "0.7"}), "monitoring_quality")
    assert (alone["verdict"], alone["reason"]) == ("not_applicable", "no_earlier_value")


def test_what_is_missing_is_named_and_never_guessed(client: TestClient) -> None:
    reported = report(client, **changed("income_statement", travel=None, premiums=None))
    totals = {each["line"]: each for each in reported["totals"] if each["statement"] != "membership"}
    assert (totals["C"]["value"], totals["C"]["missing"]) == (None, ["income_statement.premiums"])
    assert totals["J"]["missing"] == ["income_statement.travel"]
    assert totals["Y"]["missing"] == ["income_statement.premiums", "income_statement.travel"]
    ratio = found(reported, "operating_expense_ratio")
    assert (ratio["value"], ratio["verdict"], ratio["reason"]) == (None, "not_applicable", "missing_inputs")
    assert ratio["missing"] == ["income_statement.travel", "income_statement.premiums"]
    assert found(reported, "net_income")["reason"] == "missing_inputs"
    assert reported["notes"] == []


def test_a_stated_total_stands_for_lines_that_are_left_out(client: TestClient) -> None:
    without = dict.fromkeys(
        ("salaries_and_benefits", "rental_and_contractual_charges", "depreciation", "travel", "office_supplies",
         "miscellaneous_administrative_expenses", "promotion", "distribution"),
    )  # fmt: skip
    reported = report(client, **changed("income_statement", **without, operating_expenses="190"))
    assert found(reported, "operating_expense_ratio")["verdict"] == "meets"
    assert reported["findings"] == []


def test_nothing_asked_is_nothing_known(client: TestClient) -> None:
    reported = report(client)
    assert reported["verdict"] == "meets 0, short 0, not_applicable 27"
    for each in reported["indicators"] + reported["network_indicators"]:
        assert (each["value"], each["reason"]) == (None, "missing_inputs")
        assert each["missing"]


EARNED, CLAIMS_COST = "A B", "g1 g2 g3 g4"
EXPENSES = "h1 h2 h3 h4 h5 h6 i1 i2"
TOTAL_INCOME, TOTAL_EXPENSES = f"{EARNED} D E f1 f2", f"{CLAIMS_COST} {EXPENSES} k1 k2"
EQUITY, LIABILITIES = "16 17 18", "8 9 10 11 12 13"
NEEDED = {
    "monitoring_quality": "T.9",
    "average_claim_cost": "g1 claims_settled",
    "members_growth_rate": "members_end members_beginning",
    "renewal_rate": "contracts_renewed contracts_due",
    "penetration_rate": "beneficiaries_end target_population",
    "premium_collection_rate": "premiums_received A",
    "average_settlement_days": "settlement_days claims_settled",
    "quick_ratio": "1 3 12",
    "equity_debt_ratio": f"{EQUITY} {LIABILITIES}",
    "reserve_ratio": f"{EQUITY} {CLAIMS_COST}",
    "operating_expense_ratio": f"{EXPENSES} {EARNED}",
    "claims_ratio": f"g1 {EARNED}",
    "gross_operating_expense_ratio": f"{EXPENSES} A",
    "investment_concentration_ratio": "largest_holding 1 2 3 4 5 6",
    "net_income": f"{TOTAL_INCOME} {TOTAL_EXPENSES}",
    "self_financing_ratio": f"{TOTAL_INCOME} {TOTAL_EXPENSES}",
    "full_cost_ratio": f"{TOTAL_EXPENSES} hidden_costs {EARNED}",
    "training_ratio": f"training_expenses {EXPENSES}",
    "utilization_rate": "services_used average_beneficiaries",
    "investment_yield": "E 3 4",
    "population_coverage_rate": "beneficiaries_end population",
    "impoverishment_rate": "patients_impoverished patients",
    "target_share": "target_population population",
    "average_family_size": "average_beneficiaries average_members",
    "voluntary_share": "voluntary_beneficiaries beneficiaries_end",
    "automatic_share": "automatic_beneficiaries beneficiaries_end",
    "compulsory_share": "compulsory_beneficiaries beneficiaries_end",
    "network_net_income_ratio": f"{TOTAL_INCOME} {TOTAL_EXPENSES}",
    "network_incurred_expense_ratio": f"{EXPENSES} {EARNED}",
    "network_incurred_claims_ratio": f"g1 g2 g3 {EARNED}",
    "network_renewal_ratio": "contracts_renewed contracts_due",
    "network_promptness": "claims_settled_in_time claims_settled",
    "network_claims_rejection_ratio": "claims_rejected claims_reported",
    "network_growth_ratio": "beneficiaries_end beneficiaries_beginning",
    "network_coverage_ratio": "beneficiaries_end target_population",
    "network_solvency_ratio": f"admitted_assets {LIABILITIES}",
    "network_liquidity_ratio": "1 3 12",
}
"""What each indicator needs at last: rows of Tables 1 and 2 by their number, else fields."""


def row_of(path: str) -> str:
    """The row that the contract gives a field, where it is one of Table 1 or 2 or an indicator's own; else its name."""
    section, _, field = path.partition(".")
    row = re.search(r"\((\S+)\): ", SECTIONS[section].model_fields[field].description or "")
    return field if row is None or section == "membership" else row[1]


def test_every_line_that_an_indicator_needs_is_named(client: TestClient) -> None:
    reported = report(client)
    missing = {
        each["indicator"]: {row_of(path) for path in each["missing"]}
        for each in reported["indicators"] + reported["network_indicators"]
    }
    assert missing == {name: set(rows.split()) for name, rows in NEEDED.items()}


@pytest.mark.parametrize(
    ("name", "section", "figures", "divisors"),
    [
        ("quick_ratio", "balance_sheet", {"short_term_liabilities": "0"}, ["balance_sheet.short_term_liabilities"]),
        ("claims_ratio", "income_statement", {"premiums": "50"}, ["income_statement.earned_premium"]),
        ("claims_ratio", "income_statement", {"premiums": "40"}, ["income_statement.earned_premium"]),
        (
            "investment_yield",
            "balance_sheet",
            {"short_term_investments": "0", "long_term_investments": "0"},
            ["balance_sheet.short_term_investments", "balance_sheet.long_term_investments"],
        ),
    ],
)
def test_nothing_is_divided_by_nothing_or_by_less(
    client: TestClient, name: str, section: str, figures: Any, divisors: list[str]
) -> None:
    indicator = found(report(client, **changed(section, **figures)), name)
    assert (indicator["value"], indicator["verdict"]) == (None, "not_applicable")
    assert (indicator["reason"], indicator["missing"]) == ("nothing_to_divide_by", divisors)


@pytest.mark.parametrize(
    ("section", "figures", "code", "first", "expected", "stated"),
    [
        (
            "income_statement",
            {"earned_premium": "1010"},
            "total_differs",
            "income_statement.earned_premium",
            "1000",
            "1010",
        ),
        (
            "income_statement",
            {"change_in_unearned_premium_reserve": "50"},
            "total_differs",
            "income_statement.change_in_unearned_premium_reserve",
            "-50",
            "50",
        ),
        (
            "balance_sheet",
            {"retained_earnings": "11"},
            "balance_sheet_unbalanced",
            "balance_sheet.total_assets",
            "500",
            "501",
        ),
        ("balance_sheet", {"total_assets": "499"}, "total_differs", "balance_sheet.total_assets", "500", "499"),
        ("membership", {"members_end": 1099}, "total_differs", "membership.members_end", "1100", "1099"),
        (
            "membership",
            {"contracts_renewed": 1001},
            "part_exceeds_whole",
            "membership.contracts_renewed",
            "1000",
            "1001",
        ),
        (
            "membership",
            {"automatic_beneficiaries": 1101},
            "types_differ",
            "membership.beneficiaries_end",
            "4401",
            "4400",
        ),
        ("operations", {"claims_rejected": 401}, "part_exceeds_whole", "operations.claims_rejected", "400", "401"),
        (
            "operations",
            {"claims_settled_in_time": 381},
            "part_exceeds_whole",
            "operations.claims_settled_in_time",
            "380",
            "381",
        ),
        (
            "operations",
            {"patients_impoverished": 501},
            "part_exceeds_whole",
            "operations.patients_impoverished",
            "500",
            "501",
        ),
        ("operations", {"largest_holding": "501"}, "part_exceeds_whole", "operations.largest_holding", "500", "501"),
        ("operations", {"admitted_assets": "501"}, "part_exceeds_whole", "operations.admitted_assets", "500", "501"),
        (
            "operations",
            {"training_expenses": "191"},
            "part_exceeds_whole",
            "operations.training_expenses",
            "190",
            "191",
        ),
    ],
)
def test_what_does_not_add_up_is_a_finding(
    client: TestClient, section: str, figures: Any, code: str, first: str, expected: str, stated: str
) -> None:
    (finding,) = report(client, **changed(section, **figures))["findings"]
    assert (finding["code"], finding["fields"][0]) == (code, first)
    assert (short(finding["expected"]), short(finding["stated"])) == (expected, stated)
    assert finding["detail"].endswith(".")


def test_the_sum_of_the_lines_is_used_and_what_is_stated_is_shown(client: TestClient) -> None:
    reported = report(client, **changed("income_statement", earned_premium="500"))
    (earned,) = (each for each in reported["totals"] if each["line"] == "C")
    assert (short(earned["value"]), short(earned["stated"])) == ("1000", "500")
    assert short(found(reported, "claims_ratio")["value"]) == "0.76"


def test_two_years_are_held_against_each_other(client: TestClient) -> None:
    """Opening figures are last year's closing ones, net income goes to retained earnings; else it is a finding."""
    first = {"period": "2009", **WHOLE}
    unbroken: dict[str, Any] = {
        "period": "2010",
        "income_statement": {
            **INCOME,
            "opening_unearned_premium_reserve": "200",
            "claims_paid": "700",
            "change_in_ibnr": "0",
            "change_in_rbnp": "0",
        },
        "balance_sheet": {**BALANCE, "cash": "235", "retained_earnings": "125"},
        "membership": {"beneficiaries_end": 4620, "target_population": 5000},
        "earlier_periods": [first],
    }
    reported = report(client, **unbroken)
    # Y is 105 + 60 + 15 less claims + 50 more earned premium = 230, and 115 were kept.
    (finding,) = reported["findings"]
    assert (finding["code"], short(finding["expected"]), short(finding["stated"])) == (
        "retained_earnings_differ",
        "230",
        "115",
    )
    assert [each["period"] for each in reported["earlier_periods"]] == ["2009"]
    trend = next(each for each in reported["trends"] if each["indicator"] == "claims_ratio")
    assert [(each["period"], short(each["value"]), short(each["change"])) for each in trend["points"]] == [
        ("2009", "0.76", None),
        ("2010", "0.666666666667", "-0.093333333333"),
    ]
    assert len(reported["trends"]) == 37
    growth = found(reported, "network_growth_ratio", "network_indicators")
    assert short(growth["value"]) == "0.05", "4620 after the 4400 that 2009 ended with"
    broken = {**unbroken, "income_statement": {**INCOME, "opening_unearned_premium_reserve": "150"}}
    codes = {each["code"]: each for each in report(client, **broken)["findings"]}
    assert codes["not_carried_forward"]["fields"] == [
        "income_statement.opening_unearned_premium_reserve",
        "balance_sheet.unearned_premium_reserve",
    ]


@pytest.mark.parametrize("kept", ["105", "165"])
def test_net_income_is_kept_with_or_without_occasional_subsidies(client: TestClient, kept: str) -> None:
    before = {"period": "2009", "balance_sheet": {"retained_earnings": "10"}}
    balance = {**BALANCE, "cash": str(120 + int(kept)), "retained_earnings": str(10 + int(kept))}
    reported = report(client, **{**WHOLE, "balance_sheet": balance}, earlier_periods=[before])
    assert reported["findings"] == []


MONTHS = [
    {
        "members": 110,
        "new_members": 15,
        "lapses": 5,
        "beneficiaries": 400,
        "new_beneficiaries": 50,
        "beneficiary_lapses": 10,
    },
    {
        "members": 120,
        "new_members": 12,
        "lapses": 2,
        "beneficiaries": 440,
        "new_beneficiaries": 45,
        "beneficiary_lapses": 5,
    },
    {
        "members": 118,
        "new_members": 0,
        "lapses": 2,
        "beneficiaries": 420,
        "new_beneficiaries": 0,
        "beneficiary_lapses": 20,
    },
]


def test_the_monthly_sheet_gives_the_period_s_figures(client: TestClient) -> None:
    """100 members before the first month, 118 after the last; averages 116 and 420."""
    reported = report(client, membership={"months": MONTHS, "target_population": 1000})
    assert short(found(reported, "members_growth_rate")["value"]) == "0.18"
    assert short(found(reported, "average_family_size")["value"]) == "3.620689655172"
    assert short(found(reported, "penetration_rate")["value"]) == "0.42"
    assert reported["findings"] == []
    (members,) = (each for each in reported["totals"] if each["name"] == "members_end")
    assert (short(members["value"]), members["stated"]) == ("118", None)


def test_a_month_that_does_not_follow_from_the_one_before_is_a_finding(client: TestClient) -> None:
    months = [MONTHS[0], {**MONTHS[1], "members": 121}, {**MONTHS[2], "members": 119}]
    findings = report(client, membership={"months": months})["findings"]
    (finding,) = findings
    assert (finding["code"], short(finding["expected"]), short(finding["stated"])) == (
        "month_out_of_balance",
        "120",
        "121",
    )
    assert finding["detail"].startswith("Month 2: members")
    assert finding["fields"] == ["membership.months.members"]


def test_months_and_stated_numbers_must_agree(client: TestClient) -> None:
    (finding,) = report(client, membership={"months": MONTHS, "lapses": 10})["findings"][:1]
    assert (finding["code"], finding["fields"]) == ("months_differ", ["membership.lapses"])
    assert (short(finding["expected"]), finding["stated"]) == ("9", "10.000000000000")


@pytest.mark.parametrize("stated", ["116.67", "116.7", "117", 117, "116.666666666667", "116.66666666666666667"])
def test_an_average_may_be_stated_as_it_is_rounded(client: TestClient, stated: str | int) -> None:
    members = (110, 120, 120)
    months = [{**month, "members": number} for month, number in zip(MONTHS, members, strict=True)]
    reported = report(client, membership={"months": months, "average_members": stated})
    assert [each["fields"] for each in reported["findings"] if each["code"] == "months_differ"] == []


@pytest.mark.parametrize("stated", ["116.66", "116.6", "116", "118"])
def test_an_average_that_is_no_rounding_of_the_months_is_a_finding(client: TestClient, stated: str) -> None:
    months = [{**month, "members": number} for month, number in zip(MONTHS, (110, 120, 120), strict=True)]
    reported = report(client, membership={"months": months, "average_members": stated})
    (finding,) = (each for each in reported["findings"] if each["code"] == "months_differ")
    assert finding["fields"] == ["membership.average_members"]
    assert finding["expected"] == "116.666666666667"


@pytest.mark.parametrize(
    ("section", "figures", "lines", "known"),
    [
        ("income_statement", {"operating_expenses": "100", "travel": "101"}, ["travel"], "101"),
        ("income_statement", {"operating_expenses": "100", "travel": "60", "promotion": "41"}, None, "101"),
        ("income_statement", {"administrative_expenses": "9", "travel": "5", "depreciation": "5"}, None, "10"),
        ("income_statement", {"other_income": "9", "membership_fees": "10"}, ["membership_fees"], "10"),
        ("balance_sheet", {"total_assets": "9", "cash": "5", "fixed_assets": "5"}, ["cash", "fixed_assets"], "10"),
        ("balance_sheet", {"total_liabilities": "9", "ibnr_reserve": "10"}, ["ibnr_reserve"], "10"),
    ],
)
def test_known_lines_of_a_stated_total_cannot_be_more_than_it(
    client: TestClient, section: str, figures: dict[str, str], lines: list[str] | None, known: str
) -> None:
    total, *rest = figures
    (finding,) = report(client, **{section: figures})["findings"]
    assert finding["code"] == "part_exceeds_whole"
    assert sorted(finding["fields"]) == sorted(f"{section}.{name}" for name in (total, *(lines or rest)))
    assert (short(finding["expected"]), short(finding["stated"])) == (figures[total], known)
    assert report(client, **{section: {**figures, total: known}})["findings"] == []


@pytest.mark.parametrize("whole", ["target_population", "population"])
def test_beneficiaries_are_part_of_those_who_may_become_it(client: TestClient, whole: str) -> None:
    (finding,) = report(client, membership={"beneficiaries_end": 101, whole: 100})["findings"]
    assert (finding["code"], finding["fields"]) == (
        "part_exceeds_whole",
        ["membership.beneficiaries_end", f"membership.{whole}"],
    )
    assert report(client, membership={"beneficiaries_end": 100, whole: 100})["findings"] == []


def test_a_column_that_a_month_lacks_says_nothing_of_the_period(client: TestClient) -> None:
    months = [MONTHS[0], {"members": 120, "new_members": 12}]
    reported = report(client, membership={"months": months})
    assert found(reported, "members_growth_rate")["reason"] == "missing_inputs"
    assert short(found(reported, "network_growth_ratio", "network_indicators")["value"]) is None


def test_net_income_is_read_as_table_4_describes_it_and_says_so(client: TestClient) -> None:
    """Line Y: a loss of 1 that an occasional subsidy of 60 turns into 59."""
    loss = changed("income_statement", claims_paid="866")
    reported = report(client, **loss)
    assert found(reported, "net_income")["verdict"] == "short"
    assert [note["code"] for note in reported["notes"]] == ["ilo-hmis-2007-e1"]
    labelled = report(client, **loss, overrides={"benchmarks": {"net_income_line": "after_subsidies"}})
    income = found(labelled, "net_income")
    assert (short(income["value"]), income["verdict"], income["formula"]) == (
        "59",
        "meets",
        "net_income_after_subsidies",
    )


def test_the_benchmarks_are_the_table_s(client: TestClient) -> None:
    strict = {"benchmarks": {"indicators": {"renewal_rate": {"value": "0.9"}, "claims_ratio": {"value": "0.8"}}}}
    reported = report(client, **WHOLE, overrides=strict)
    assert short(found(reported, "renewal_rate")["short_by"]) == "0.05"
    assert short(found(reported, "claims_ratio")["short_by"]) == "0.04"
    assert reported["receipt"]["hypothetical"] is True
    assert reported["receipt"]["tables"] == {"benchmarks": "hmis-benchmarks@1"}


@pytest.mark.parametrize(("as_of", "status"), [("2007-01-01", 200), ("2006-12-31", 409)])
def test_there_are_benchmarks_from_2007_on(client: TestClient, as_of: str, status: int) -> None:
    assert post(client, INDICATORS, {"as_of": as_of}).status_code == status


def test_the_calculation_is_explained(client: TestClient) -> None:
    reported = report(client, **WHOLE, explain=True)
    root = reported["explanation"]
    assert root["value"] == reported["verdict"]
    steps = {each["name"]: each for each in root["steps"]}
    assert steps["earned_premium"]["inputs"] == {"premiums": "1050", "change": "-50"}
    assert (steps["quick_ratio"]["value"], steps["quick_ratio"]["formula"]) == ("4", "F.1 = (1 + 3) / 12")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"income_statement": {"premiums": "-1"}}, "/income_statement/premiums"),
        ({"income_statement": {"A": "1"}}, "/income_statement"),
        ({"balance_sheet": {"cash": "1e3"}}, "/balance_sheet/cash"),
        ({"membership": {"lapses": 1.5}}, "/membership/lapses"),
        ({"membership": {"months": []}}, "/membership/months"),
        ({"membership": {"months": [{}] * 13}}, "/membership/months"),
        ({"operations": {"monitoring_quality": "1.1"}}, "/operations/monitoring_quality"),
        ({"period": ""}, "/period"),
        ({"earlier_periods": [{}]}, "/earlier_periods/0/period"),
        ({"earlier_periods": [{"period": "a"}] * 10}, "/earlier_periods"),
    ],
)
def test_what_are_no_accounts(client: TestClient, body: Any, pointer: str) -> None:
    assert pointers(assert_problem(post(client, INDICATORS, body), 422, "invalid_request")) == [pointer]
