"""A scheme's accounts as a request sends them: the lines of the guide's Tables 1, 2 and 5-7."""

from typing import Annotated, Any

from pydantic import Field

from api.requests import Amount, OwnFields, Rate, SignedAmount
from tables.numbers import Persons

MAX_MONTHS = 12


def _amount(what: str, line: str = "") -> Any:
    return _line(what, line, "KHR or any one currency")


def _number(what: str, line: str = "") -> Any:
    return _line(what, line, "a number of persons or of things")


def _rate(what: str, line: str = "") -> Any:
    return _line(what, line, "a fraction")


def _line(what: str, line: str, unit: str) -> Any:
    named = f" ({line})" if line else ""
    return Field(default=None, description=f"{what}{named}: {unit}.")


class IncomeStatement(OwnFields):
    """Table 1. A line that the scheme does not have is 0; one that is left out is not known."""

    premiums: Amount | None = _amount("Premiums billed in the period, paid or not", "A")
    opening_unearned_premium_reserve: Amount | None = _amount(
        "Unearned premium reserve at the end of the period before"
    )
    change_in_unearned_premium_reserve: SignedAmount | None = _amount(
        "Opening less closing unearned premium reserve, below 0 where it has grown", "B"
    )
    earned_premium: SignedAmount | None = _amount("Earned premium", "C")
    permanent_subsidies: Amount | None = _amount("Permanent subsidies and grants", "D")
    investment_income: SignedAmount | None = _amount("Investment income, less what was lost", "E")
    membership_fees: Amount | None = _amount("Membership fees", "f1")
    ancillary_services_income: Amount | None = _amount("Income of ancillary services and other", "f2")
    other_income: Amount | None = _amount("Other income", "F")
    total_income: SignedAmount | None = _amount("Total income", "R")
    claims_paid: Amount | None = _amount("Claims paid, without the reinsurer's part", "g1")
    opening_ibnr_reserve: Amount | None = _amount(
        "Reserve for claims incurred but not reported at the end of the period before"
    )
    change_in_ibnr: SignedAmount | None = _amount(
        "Closing less opening reserve for claims incurred but not reported", "g2"
    )
    opening_rbnp_reserve: Amount | None = _amount(
        "Reserve for claims reported but not paid at the end of the period before"
    )
    change_in_rbnp: SignedAmount | None = _amount("Closing less opening reserve for claims reported but not paid", "g3")
    reinsurance_expenses: Amount | None = _amount("Premium paid to a reinsurer", "g4")
    incurred_claims: SignedAmount | None = _amount("Incurred claims", "G")
    salaries_and_benefits: Amount | None = _amount("Salaries and benefits", "h1")
    rental_and_contractual_charges: Amount | None = _amount("Rental and contractual charges", "h2")
    depreciation: Amount | None = _amount("Depreciation", "h3")
    travel: Amount | None = _amount("Travel", "h4")
    office_supplies: Amount | None = _amount("Office supplies", "h5")
    miscellaneous_administrative_expenses: Amount | None = _amount("All other administrative expenses", "h6")
    administrative_expenses: Amount | None = _amount("Administrative expenses", "H")
    promotion: Amount | None = _amount("Promotion", "i1")
    distribution: Amount | None = _amount("Distribution", "i2")
    distribution_and_communication_expenses: Amount | None = _amount("Distribution and communication expenses", "I")
    operating_expenses: Amount | None = _amount("Operating expenses", "J")
    ancillary_services_expenses: Amount | None = _amount("Expenses of ancillary health services", "k1")
    miscellaneous_other_expenses: Amount | None = _amount("Miscellaneous other expenses", "k2")
    other_expenses: Amount | None = _amount("Other expenses", "K")
    total_expenses: SignedAmount | None = _amount("Total expenses", "X")
    net_income_before_subsidies: SignedAmount | None = _amount("Net income before occasional subsidies and grants", "Y")
    occasional_subsidies: Amount | None = _amount("Occasional subsidies and grants received", "S")
    net_income_after_subsidies: SignedAmount | None = _amount("Net income after occasional subsidies and grants", "Z")


class BalanceSheet(OwnFields):
    """Table 2, at the end of the period. A line that the scheme does not have is 0."""

    cash: Amount | None = _amount("Cash and due from banks", "1")
    accruals_and_prepayments: Amount | None = _amount("Accruals and prepayments", "2")
    short_term_investments: Amount | None = _amount("Short-term investments in market instruments", "3")
    long_term_investments: Amount | None = _amount("Long-term investments", "4")
    fixed_assets: Amount | None = _amount("Fixed assets less depreciation", "5")
    intangible_fixed_assets: Amount | None = _amount("Intangible fixed assets", "6")
    total_assets: Amount | None = _amount("Total assets", "7")
    ibnr_reserve: Amount | None = _amount("Reserve for claims incurred but not reported", "8")
    rbnp_reserve: Amount | None = _amount("Reserve for claims reported but not paid", "9")
    unearned_premium_reserve: Amount | None = _amount("Unearned premium reserve", "10")
    actuarial_liabilities: Amount | None = _amount("Actuarial liabilities of long-term benefits", "11")
    short_term_liabilities: Amount | None = _amount("Short-term liabilities", "12")
    long_term_liabilities: Amount | None = _amount("Long-term liabilities", "13")
    total_liabilities: Amount | None = _amount("Total liabilities without equity", "14")
    equity: SignedAmount | None = _amount("Equity", "15")
    paid_in_equity: Amount | None = _amount("Paid-in equity, members' shares too", "16")
    grant_funds: Amount | None = _amount("Occasional grants", "17")
    retained_earnings: SignedAmount | None = _amount("Retained earnings, below 0 for accumulated losses", "18")
    total_liabilities_and_equity: SignedAmount | None = _amount("Total liabilities with equity", "19")


class MembershipMonth(OwnFields):
    """A month of the beneficiaries monitoring sheet (Table 7)."""

    members: Persons | None = _number("Contributing members at the end of the month", "X")
    new_members: Persons | None = _number("Members who joined", "X1")
    lapses: Persons | None = _number("Members who left", "X2")
    beneficiaries: Persons | None = _number("Beneficiaries at the end of the month", "Y")
    new_beneficiaries: Persons | None = _number("Beneficiaries who came", "Y1")
    beneficiary_lapses: Persons | None = _number("Beneficiaries who went", "Y2")


class Membership(OwnFields):
    """Tables 5 to 7."""

    population: Persons | None = _number("Persons in the area of operations", "X of Table 5")
    target_population: Persons | None = _number("Persons who may become beneficiaries", "P of Table 5")
    members_beginning: Persons | None = _number("Contributing members at the beginning of the period")
    new_members: Persons | None = _number("Members who joined", "X1 of Table 7")
    lapses: Persons | None = _number("Members who left", "X2 of Table 7")
    members_end: Persons | None = _number("Contributing members at the end of the period", "X of Table 7")
    average_members: Amount | None = _number("Contributing members, annual average", "X of Table 7")
    beneficiaries_beginning: Persons | None = _number("Beneficiaries at the beginning of the period")
    new_beneficiaries: Persons | None = _number("Beneficiaries who came", "Y1 of Table 7")
    beneficiary_lapses: Persons | None = _number("Beneficiaries who went", "Y2 of Table 7")
    beneficiaries_end: Persons | None = _number(
        "Beneficiaries, members with dependents, at the end of the period", "Y of Table 7"
    )
    average_beneficiaries: Amount | None = _number("Beneficiaries, annual average", "Y of Table 7")
    voluntary_beneficiaries: Persons | None = _number(
        "Beneficiaries by voluntary membership, at the end", "Z1 of Table 7"
    )
    automatic_beneficiaries: Persons | None = _number(
        "Beneficiaries by automatic membership, at the end", "Z2 of Table 7"
    )
    compulsory_beneficiaries: Persons | None = _number(
        "Beneficiaries by compulsory membership, at the end", "Z3 of Table 7"
    )
    contracts_due: Persons | None = _number("Contracts that were up for renewal", "Table 6")
    contracts_renewed: Persons | None = _number("Contracts of these that were renewed", "Table 6")
    months: Annotated[list[MembershipMonth], Field(min_length=1, max_length=MAX_MONTHS)] | None = Field(
        default=None,
        description="The months of Table 7 in order; averages and numbers of the period follow from them.",
    )


class Operations(OwnFields):
    """Figures that stand in none of the guide's first seven tables."""

    premiums_received: Amount | None = _amount("Premiums received in the period")
    hidden_costs: Amount | None = _amount("What the scheme uses and others pay for")
    training_expenses: Amount | None = _amount("Training of the staff, part of the operating expenses")
    largest_holding: Amount | None = _amount("Assets with the one institution that has most of them")
    admitted_assets: Amount | None = _amount("Assets that count as cover of liabilities")
    monitoring_quality: Rate | None = _rate("The operations that are monitored, of all", "T.9")
    services_used: Persons | None = _number("Times that beneficiaries used the service")
    claims_reported: Persons | None = _number("Claims that came in")
    claims_rejected: Persons | None = _number("Claims of these that were rejected")
    claims_settled: Persons | None = _number("Claims that were paid")
    claims_settled_in_time: Persons | None = _number("Claims of these that were paid within the time promised")
    settlement_days: Persons | None = _number("Days from report to payment, added up over the claims paid")
    patients: Persons | None = _number("Patients")
    patients_impoverished: Persons | None = _number(
        "Patients impoverished, or with a catastrophic expenditure, when they enrolled"
    )
