"""The cost of the employment injury branch: years, planned changes, liabilities, indexation, and what is refused."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.support import (
    AWARDS,
    COST_RATIOS,
    EXPENDITURE,
    INCOME_STATEMENT,
    INDEXATION,
    INJURY_RATES,
    LIABILITIES,
    answer,
    assert_problem,
    pointers,
    post,
)

AMOUNTS = {"insured_earnings": "1000", "benefit_expenditure": "4", "administration_cost": "2"}
PENSION = {"kind": "disability", "monthly_amount": "80557", "age": 32}
INDEXED = {"monthly_pension": "1000", "from_year": 2005, "years": 2}
BY_YEAR = (INJURY_RATES, EXPENDITURE, INCOME_STATEMENT, COST_RATIOS)
GOOD: dict[str, Any] = {
    **{path: {"year": 2010} for path in BY_YEAR},
    AWARDS: {},
    LIABILITIES: {"pensions": [PENSION]},
    INDEXATION: INDEXED,
}


def ask(client: TestClient, path: str, **body: Any) -> Any:
    return answer(post(client, path, {**body, "as_of": "2026-12-01"}))


def noted(result: Any) -> list[str]:
    return [note["code"].removeprefix("giz-2012-") for note in result["notes"]]


def refused(client: TestClient, path: str, code: str, **body: Any) -> list[str]:
    """Where a rule refuses a request."""
    return pointers(assert_problem(post(client, path, {**body, "as_of": "2026-12-01"}), 409, code))


class TestYears:
    @pytest.mark.parametrize("path", BY_YEAR)
    @pytest.mark.parametrize(("year", "covered"), [(2008, False), (2009, True), (2010, True), (2011, False)])
    def test_the_experience_has_two_years(self, client: TestClient, path: str, year: int, covered: bool) -> None:
        if covered:
            assert ask(client, path, year=year)["year"] == year
        else:
            assert refused(client, path, "year_not_covered", year=year) == ["/year"]

    @pytest.mark.parametrize("path", BY_YEAR)
    def test_a_year_that_is_added_is_covered(self, client: TestClient, path: str) -> None:
        served = answer(client.get("/v1/tables/nssf-experience/versions/1"))["content"]
        topics = ("workers", "accidents", "income_statements", "pension_liabilities", "funeral_grants_paid")
        later = {topic: {"2011": served[topic]["2010"]} for topic in topics}
        result = ask(client, path, year=2011, overrides={"experience": later})
        assert result["receipt"]["hypothetical"] is True
        assert noted(result) == [], "the misprints are of 2010"
        before = ask(client, path, year=2010)
        same = {"workers", "total_expenditure", "annual_balance", "terminal_funding"} & set(result)
        assert {name: result[name] for name in same} == {name: before[name] for name in same}

    @pytest.mark.parametrize(
        ("path", "year", "codes"),
        [
            (INJURY_RATES, 2009, []),
            (INJURY_RATES, 2010, ["e8"]),
            (EXPENDITURE, 2009, ["e11"]),
            (EXPENDITURE, 2010, []),
            (INCOME_STATEMENT, 2009, []),
            (INCOME_STATEMENT, 2010, ["e26", "e27", "e28"]),
            (COST_RATIOS, 2009, []),
            (COST_RATIOS, 2010, ["e12"]),
        ],
    )
    def test_a_note_where_the_print_of_the_year_is_wrong(
        self, client: TestClient, path: str, year: int, codes: list[str]
    ) -> None:
        assert sorted(noted(ask(client, path, year=year))) == codes

    def test_notes_of_what_has_no_year(self, client: TestClient) -> None:
        assert noted(ask(client, AWARDS)) == ["e2", "e13", "e1"]
        assert noted(ask(client, LIABILITIES, pensions=[PENSION])) == ["e15"]
        assert noted(ask(client, LIABILITIES, pensions=[PENSION], basis="life_table")) == []
        assert noted(ask(client, COST_RATIOS, amounts=AMOUNTS)) == []


class TestInjuryRates:
    def test_places_are_known_for_2010_alone(self, client: TestClient) -> None:
        total = ask(client, INJURY_RATES, year=2009)["total"]
        assert total["deaths"] == {"workplace": None, "commuting": None, "total": 15}
        assert total["injuries"] == {"workplace": None, "commuting": None, "total": 3886}
        # 15 of 321,908 and 3,886 of 321,908 workers
        assert total["deaths_per_100000"] == {"workplace": None, "commuting": None, "overall": "4.659716440722"}
        assert total["injuries_percent"] == {"workplace": None, "commuting": None, "overall": "1.207177205910"}

    def test_the_sectors_stand_in_the_order_of_the_source(self, client: TestClient) -> None:
        assert [each["sector"] for each in ask(client, INJURY_RATES, year=2010)["sectors"]] == [
            "garment_and_footwear",
            "manufacturing_other",
            "mining_and_construction",
            "transport_and_communications",
            "wholesale_and_retail",
            "services",
        ]

    def test_other_countries(self, client: TestClient) -> None:
        """Table 3.5."""
        found = {each["country"]: each for each in ask(client, INJURY_RATES, year=2010)["countries"]}
        assert {name: each["year"] for name, each in found.items()} == {"thailand": 2006, "eu": 2000, "usa": 2009}
        deaths = {name: list(each["deaths_per_100000"].values()) for name, each in found.items()}
        assert {name: [rate and float(rate) for rate in rates] for name, rates in deaths.items()} == {
            "thailand": [None, None, 10.11],
            "eu": [2.8, 1.8, 4.6],
            "usa": [1.4, 1.9, 3.3],
        }
        injuries = {name: list(each["injuries_percent"].values()) for name, each in found.items()}
        assert {name: [rate and float(rate) for rate in rates] for name, rates in injuries.items()} == {
            "thailand": [None, None, 2.56],
            "eu": [6.3, 0.4, 6.7],
            "usa": [None, None, 3.3],
        }


class TestExpenditure:
    def test_medical_claims_are_known_for_2010_alone(self, client: TestClient) -> None:
        assert ask(client, EXPENDITURE, year=2009)["medical"] is None
        hospitals = {each["hospital"]: each for each in ask(client, EXPENDITURE, year=2010)["medical"]["hospitals"]}
        assert len(hospitals) == 14
        assert hospitals["svay_rieng"] == {
            "hospital": "svay_rieng",
            "expenditure": "2.300000",
            "average_claim": None,
            "average_claim_usd": None,
        }

    def test_another_wage_is_another_share(self, client: TestClient) -> None:
        """giz-2012-e11: against the wage of 2009 the benefit of a day is 82.5 per cent."""
        wage = {"temporary_disability": {"2009": {"insured_monthly_wage": "359317"}}}
        result = ask(client, EXPENDITURE, year=2009, overrides={"experience": wage})
        assert result["temporary_disability"]["insured_wage_percent"].startswith("82.53")

    def test_a_year_without_claims_has_none(self, client: TestClient) -> None:
        statement = answer(client.get("/v1/tables/nssf-experience/versions/1"))["content"]["income_statements"]["2010"]
        result = ask(
            client, EXPENDITURE, year=2011, overrides={"experience": {"income_statements": {"2011": statement}}}
        )
        assert (result["medical"], result["temporary_disability"], noted(result)) == (None, None, [])


class TestIncomeStatement:
    def test_the_parts_add_up(self, client: TestClient) -> None:
        statement = ask(client, INCOME_STATEMENT, year=2010)
        income, expenditure = statement["income"], statement["expenditure"]
        assert Decimal(income["total"]) - Decimal(expenditure["total"]) == Decimal(statement["annual_balance"])
        parts = ("contributions", "investment_income", "in_kind_subsidies")
        assert sum(Decimal(income[part]) for part in parts) == Decimal(income["total"])
        assert statement["assets"]["total"] == "32890153198"

    def test_returns_need_the_year_before(self, client: TestClient) -> None:
        """giz-2012-e27: 1.88 per cent in 2010, and prices rose by 3.5 per cent."""
        first, second = (ask(client, INCOME_STATEMENT, year=year) for year in (2009, 2010))
        assert (first["return_on_reserve"], first["real_return"]) == (None, None)
        assert second["return_on_reserve"].startswith("0.0188")
        assert second["real_return"].startswith("-0.0156")

    def test_a_real_return_needs_the_prices_of_the_year(self, client: TestClient) -> None:
        served = answer(client.get("/v1/tables/nssf-experience/versions/1"))["content"]["income_statements"]["2010"]
        later = {"experience": {"income_statements": {"2011": served}}}
        result = ask(client, INCOME_STATEMENT, year=2011, overrides=later)
        assert result["return_on_reserve"].startswith("0.0135")  # 237,796,300 of 17,540,512,326
        assert result["real_return"] is None


class TestCostRatios:
    def test_what_the_rate_leaves(self, client: TestClient) -> None:
        """0.8 less 0.212 and 0.218 per cent."""
        margins = {year: ask(client, COST_RATIOS, year=year)["margin"] for year in (2009, 2010)}
        assert {year: round(100 * float(margin), 3) for year, margin in margins.items()} == {2009: 0.588, 2010: 0.582}

    @pytest.mark.parametrize(
        ("changes", "benefits", "liabilities"),
        [
            ({}, "2423.602911", "524.420000"),
            # 37 grants of 4 million in place of 1 million
            ({"funeral_grant": "4000000"}, "2534.602911", "524.420000"),
            ({"funeral_grant": "1000000"}, "2423.602911", "524.420000"),
            ({"funeral_grant": "0"}, "2386.602911", "524.420000"),
            # lump sums of 36.7406 million five times, pensions of 8.8539 and liabilities of 82.6 million 1.25 times
            ({"permanent_disability": "ilo_recommended"}, "2572.778786", "545.070000"),
            ({"funeral_grant": "4000000", "permanent_disability": "ilo_recommended"}, "2683.778786", "545.070000"),
        ],
    )
    def test_planned_changes(
        self, client: TestClient, changes: dict[str, str], benefits: str, liabilities: str
    ) -> None:
        result = ask(client, COST_RATIOS, year=2010, changes=changes)
        changed = result["changed"]
        assert (changed["benefit_expenditure"], changed["pension_liabilities"]) == (benefits, liabilities)
        assert (result["benefit_expenditure"], result["pension_liabilities"]) == ("2423.602911", "524.420000")
        effect = Decimal(changed["terminal_funding"]) - Decimal(result["terminal_funding"])
        assert abs(effect - Decimal(result["effect"])) <= Decimal("2e-12")
        assert (Decimal(result["effect"]) == 0) == (benefits == "2423.602911")

    def test_both_planned_changes_leave_the_rate_more_than_enough(self, client: TestClient) -> None:
        changes = {"funeral_grant": "4000000", "permanent_disability": "ilo_recommended"}
        changed = ask(client, COST_RATIOS, year=2010, changes=changes)["changed"]
        assert round(100 * float(changed["terminal_funding"]), 3) == 0.229
        assert round(100 * float(changed["margin"]), 3) == 0.571

    def test_without_changes_there_is_no_effect(self, client: TestClient) -> None:
        result = ask(client, COST_RATIOS, year=2010)
        assert (result["changed"], result["effect"]) == (None, "0.000000000000")

    def test_amounts_of_the_year_give_the_year_s_ratios(self, client: TestClient) -> None:
        amounts = {
            "contributions": "19903.217951",
            "benefit_expenditure": "2423.602911",
            "administration_cost": "2475.348146",
            "disability_pension_liabilities": "82.6",
            "survivor_pension_liabilities": "441.82",
            "funeral_grants": "37",
            "funeral_grants_paid": 37,
            "disability_lump_sums": "36.7406",
            "disability_pensions": "8.8539",
        }
        changes = {"funeral_grant": "4000000", "permanent_disability": "ilo_recommended"}
        by_year = ask(client, COST_RATIOS, year=2010, changes=changes)
        by_amounts = ask(client, COST_RATIOS, amounts=amounts, changes=changes)
        for left_out in ("receipt", "notes", "year"):
            del by_year[left_out], by_amounts[left_out]
        assert by_amounts == by_year

    def test_a_rate_that_is_not_enough(self, client: TestClient) -> None:
        result = ask(client, COST_RATIOS, amounts={**AMOUNTS, "benefit_expenditure": "7"})
        assert (result["terminal_funding"], result["margin"]) == ("0.009000000000", "-0.001000000000")

    def test_another_contribution_rate_is_a_what_if(self, client: TestClient) -> None:
        rate = {"contributions": {"rate": "0.01"}}
        result = ask(
            client, COST_RATIOS, amounts={**AMOUNTS, "insured_earnings": None, "contributions": 10}, overrides=rate
        )
        assert (result["insured_earnings"], result["contribution_rate"]) == ("1000.000000", "0.010000000000")

    @pytest.mark.parametrize(
        ("field", "body"),
        [
            ("/amounts/insured_earnings", {"amounts": {**AMOUNTS, "insured_earnings": 0}}),
            ("/amounts/contributions", {"amounts": {**AMOUNTS, "insured_earnings": None, "contributions": 0}}),
            (
                "/year",
                {
                    "year": 2010,
                    "overrides": {"contributions": {"rate": 0, "subsidy_rates": {"garment_and_footwear": 0}}},
                    "tables": {"contributions": "nssf-contributions@3"},
                },
            ),
            (
                "/amounts/contributions",
                {
                    "amounts": {**AMOUNTS, "insured_earnings": None, "contributions": 1},
                    "overrides": {"contributions": {"rate": 0}},
                    "tables": {"contributions": "nssf-contributions@3"},
                },
            ),
            (
                "/changes/permanent_disability",
                {
                    "year": 2010,
                    "changes": {"permanent_disability": "ilo_recommended"},
                    "overrides": {"provisions": {"permanent_disability": {"factors": {"lump_sum": 0}}}},
                },
            ),
            (
                "/changes/permanent_disability",
                {
                    "year": 2010,
                    "changes": {"permanent_disability": "ilo_recommended"},
                    "overrides": {"provisions": {"permanent_disability": {"factors": {"pension": 0}}}},
                },
            ),
        ],
    )
    def test_nothing_is_divided_by_0(self, client: TestClient, field: str, body: dict[str, Any]) -> None:
        assert refused(client, COST_RATIOS, "zero_divisor", **body) == [field]

    def test_parts_of_the_benefits_are_not_more_than_all_of_them(self, client: TestClient) -> None:
        parts = {"funeral_grants": "30", "disability_lump_sums": "40", "disability_pensions": "30"}
        amounts = {"insured_earnings": "1000", "administration_cost": "0", "benefit_expenditure": "100", **parts}
        assert ask(client, COST_RATIOS, amounts=amounts)["findings"] == []
        for each in parts:
            more = {**amounts, each: "40.000001"}
            (finding,) = ask(client, COST_RATIOS, amounts=more)["findings"]
            assert (finding["code"], finding["expected"]) == ("part_exceeds_whole", "100.000000")

    def test_what_is_0_is_named(self, client: TestClient) -> None:
        named: dict[str, dict[str, Any]] = {
            "insured earnings": {"amounts": {**AMOUNTS, "insured_earnings": 0}},
            "contribution rate": {
                "year": 2010,
                "overrides": {"contributions": {"rate": 0}},
                "tables": {"contributions": "nssf-contributions@3"},
            },
        }
        for divisor, body in named.items():
            detail = post(client, COST_RATIOS, {**body, "as_of": "2026-12-01"}).json()["detail"]
            assert detail == f"An amount would be divided by the {divisor}, which must be more than 0."


class TestLiabilities:
    @pytest.mark.parametrize(
        ("age", "multiplier", "value"), [(0, "12222", "401819"), (30, "9857", "324066"), (105, "0", "0")]
    )
    def test_a_pension_by_the_printed_multipliers(
        self, client: TestClient, age: int, multiplier: str, value: str
    ) -> None:
        """12 x 1,000 x 12,222 / 365 = 401,819.2 and so on."""
        (found,) = ask(client, LIABILITIES, pensions=[{**PENSION, "monthly_amount": 1000, "age": age}])["pensions"]
        assert (found["multiplier"], found["present_value"]) == (f"{multiplier}.000000000000", value)

    @pytest.mark.parametrize(("age", "mortality"), [(20, "0.0031"), (40, "0.0057"), (70, "0.042")])
    def test_the_mortality_that_the_multipliers_imply(self, client: TestClient, age: int, mortality: str) -> None:
        """Findings, section 2."""
        (found,) = ask(client, LIABILITIES, pensions=[{**PENSION, "age": age}])["pensions"]
        places = len(mortality) - 2
        assert round(Decimal(found["mortality_rate"]), places) == Decimal(mortality)

    def test_nobody_can_tell_the_mortality_of_the_last_age(self, client: TestClient) -> None:
        found = ask(client, LIABILITIES, pensions=[{**PENSION, "age": age} for age in (104, 105)])["pensions"]
        assert [each["mortality_rate"] is None for each in found] == [False, True]

    def test_pensions_by_kind_and_in_all(self, client: TestClient) -> None:
        kinds = ["spouse", "child", "spouse", "parent"]
        pensions = [{"kind": kind, "monthly_amount": 365, "age": 30} for kind in kinds]
        result = ask(client, LIABILITIES, pensions=pensions)
        assert [(each["kind"], each["pensions"], each["present_value"]) for each in result["kinds"]] == [
            ("spouse", 2, "236568"),
            ("child", 1, "118284"),
            ("parent", 1, "118284"),
        ]
        assert result["total"] == "473136"

    def test_no_pension_is_worth_nothing(self, client: TestClient) -> None:
        result = ask(client, LIABILITIES, pensions=[])
        assert (result["pensions"], result["kinds"], result["total"]) == ([], [], "0")

    def test_the_default_rate_is_that_of_the_multipliers(self, client: TestClient) -> None:
        stated = ask(client, LIABILITIES, pensions=[PENSION], basis="life_table", discount_rate="0.02")
        default = ask(client, LIABILITIES, pensions=[PENSION], basis="life_table")
        assert default["discount_rate"] == stated["discount_rate"] == "0.020000000000"
        assert default["pensions"] == stated["pensions"]

    def test_without_interest_a_year_is_worth_a_year(self, client: TestClient) -> None:
        """At 99 the table has 223 and 101 of 708 left at both ends: half the deaths' payments are lost."""
        pensions = [{**PENSION, "monthly_amount": 1000, "age": 99}]
        (found,) = ask(client, LIABILITIES, pensions=pensions, basis="life_table", discount_rate="0")["pensions"]
        l_99 = Decimal(4 * 101 + 708) / 5
        alive = (l_99 + 101) / 2 / l_99
        assert abs(Decimal(found["multiplier"]) - 365 * alive) < Decimal("1e-11")
        assert abs(Decimal(found["mortality_rate"]) - (1 - 101 / l_99)) < Decimal("1e-11")

    def test_a_higher_rate_makes_a_pension_cheaper(self, client: TestClient) -> None:
        values = [
            Decimal(ask(client, LIABILITIES, pensions=[PENSION], basis="life_table", discount_rate=rate)["total_exact"])
            for rate in ("0", "0.02", "0.05", "0.5", "1")
        ]
        assert values == sorted(values, reverse=True)
        assert len(set(values)) == 5

    @pytest.mark.parametrize(
        ("age", "basis", "code"),
        [
            (106, "multipliers", "age_outside_multipliers"),
            (120, "multipliers", "age_outside_multipliers"),
            (100, "life_table", "age_outside_life_table"),
        ],
    )
    def test_ages_that_the_tables_do_not_have(self, client: TestClient, age: int, basis: str, code: str) -> None:
        pointed = refused(client, LIABILITIES, code, pensions=[PENSION, {**PENSION, "age": age}], basis=basis)
        assert pointed == ["/pensions/1/age"]

    def test_an_age_beyond_the_life_table_can_be_valued_by_the_multipliers(self, client: TestClient) -> None:
        body = {"pensions": [{**PENSION, "age": 100}], "basis": "life_table", "as_of": "2026-12-01"}
        assert post(client, LIABILITIES, body).json()["detail"] == (
            "The life table gives mortality rates for ages 0 to 99 only. "
            "Use an age in that range, or value the pension by the multipliers."
        )

    @pytest.mark.parametrize(
        ("amount", "age", "rate", "value"),
        [
            (932666, 29, "0.00000000000000000001", "458226165.545310846182"),
            (932666, 29, "0.000000000000001", "458226165.545300253173"),
            (979490, 36, "0.0000000001", "411950236.704399185071"),
            (979490, 36, "0", "411950237.532391256660"),
        ],
    )
    def test_a_rate_close_to_0_loses_no_digits(
        self, client: TestClient, amount: int, age: int, rate: str, value: str
    ) -> None:
        """Values of another calculation, by the closed forms (1 - v) / δ and (ā_1 - v) / δ in 120 digits."""
        pension = {**PENSION, "monthly_amount": amount, "age": age}
        found = ask(client, LIABILITIES, pensions=[pension], basis="life_table", discount_rate=rate)
        assert found["total_exact"] == value

    def test_another_unit_is_another_value(self, client: TestClient) -> None:
        """Endnote 13 has the unit paid yearly."""
        unit = {"multipliers": {"unit": {"per_year": 1}}}
        (found,) = ask(client, LIABILITIES, pensions=[{**PENSION, "monthly_amount": 1}], overrides=unit)["pensions"]
        assert found["present_value"] == str(12 * 9596)


class TestIndexation:
    def test_by_consumer_prices(self, client: TestClient) -> None:
        """Table 2.1: 4.7 per cent in 2006 and 5.9 in 2007."""
        result = ask(client, INDEXATION, **INDEXED)
        rows = [(each["year"], each["basis"], each["indexed_pension_exact"]) for each in result["years"]]
        assert rows == [
            (2005, None, "1000.000000000000"),
            (2006, "consumer_prices", "1047.000000000000"),
            (2007, "consumer_prices", "1108.773000000000"),
        ]
        left = 1 / Fraction("1.108773")
        assert abs(Fraction(result["years"][2]["real_value_exact"]) - 1000 * left) <= Fraction(1, 2 * 10**12)
        assert abs(Fraction(result["years"][2]["loss"]) - (1 - left)) <= Fraction(1, 2 * 10**12)
        assert [each["shortfall"] for each in result["years"]] == ["0", "564", "1305"]
        assert (result["total_shortfall"], noted(result)) == ("1869", [])

    def test_by_the_deflator_as_published_and_corrected(self, client: TestClient) -> None:
        """29,849 / 25,754 and 24,380 / 22,009: their difference, and their ratio."""
        body = {**INDEXED, "years": 1, "index": "gdp_deflator"}
        published, corrected = (
            ask(client, INDEXATION, **body, tables={"indicators": table})
            for table in ("cambodia-indicators", "cambodia-indicators-corrected")
        )
        nominal, real = Decimal(29849) / 25754, Decimal(24380) / 22009
        change = {"published": nominal - real, "corrected": nominal / real - 1}
        for name, result in (("published", published), ("corrected", corrected)):
            assert abs(Decimal(result["years"][1]["price_change"]) - change[name]) < Decimal("1e-12")
        assert (noted(published), noted(corrected)) == (["e31"], [])

    def test_no_note_where_no_deflator_was_used(self, client: TestClient) -> None:
        body = {**INDEXED, "from_year": 2010, "later_price_change": "0.05", "index": "gdp_deflator"}
        assert noted(ask(client, INDEXATION, **body)) == []
        assert noted(ask(client, INDEXATION, **{**body, "from_year": 2009})) == ["e31"]

    @pytest.mark.parametrize(
        ("index", "from_year", "years", "pointer"),
        [
            ("consumer_prices", 2001, 1, "/from_year"),
            ("consumer_prices", 2002, 8, None),
            ("consumer_prices", 2002, 9, "/years"),
            ("consumer_prices", 2010, 0, None),
            ("consumer_prices", 2010, 1, "/years"),
            ("consumer_prices", 2050, 0, None),
            ("gdp_deflator", 2002, 1, "/from_year"),
            ("gdp_deflator", 2003, 7, None),
            ("gdp_deflator", 2003, 8, "/years"),
        ],
    )
    def test_prices_are_known_for_their_years_alone(
        self, client: TestClient, index: str, from_year: int, years: int, pointer: str | None
    ) -> None:
        body = {"monthly_pension": 1000, "from_year": from_year, "years": years, "index": index}
        if pointer is None:
            assert len(ask(client, INDEXATION, **body)["years"]) == years + 1
        else:
            assert refused(client, INDEXATION, "year_not_covered", **body) == [pointer]

    def test_later_years_need_an_assumption(self, client: TestClient) -> None:
        body = {**INDEXED, "from_year": 2009, "years": 3, "later_price_change": "0.1"}
        result = ask(client, INDEXATION, **body)
        assert [each["basis"] for each in result["years"]] == [None, "consumer_prices", "assumed", "assumed"]
        assert [each["indexed_pension_exact"] for each in result["years"]][1:] == [
            "1035.000000000000",
            "1138.500000000000",
            "1252.350000000000",
        ]

    def test_prices_may_fall_but_not_to_nothing(self, client: TestClient) -> None:
        body = {**INDEXED, "from_year": 2010, "years": 1}
        fallen = ask(client, INDEXATION, **body, later_price_change="-0.5")["years"][1]
        assert (fallen["real_value"], fallen["loss"], fallen["shortfall"]) == ("2000", "-1.000000000000", "-6000")
        assert refused(client, INDEXATION, "prices_vanish", **body, later_price_change="-1") == ["/later_price_change"]
        output = {"2006": {"gdp_current_billions": "1", "gdp_constant_billions": "40000"}}
        by_deflator = {**INDEXED, "index": "gdp_deflator", "overrides": {"indicators": {"years": output}}}
        assert refused(client, INDEXATION, "prices_vanish", **by_deflator) == ["/index"]


class TestRefusals:
    @pytest.mark.parametrize("path", GOOD)
    def test_before_the_tables_begin_there_is_no_answer(self, client: TestClient, path: str) -> None:
        response = post(client, path, {**GOOD[path], "as_of": "2002-12-31"})
        assert pointers(assert_problem(response, 409, "no_coverage")) == ["/as_of"]

    @pytest.mark.parametrize("path", GOOD)
    def test_what_is_not_known_is_refused(self, client: TestClient, path: str) -> None:
        assert pointers(assert_problem(post(client, path, {**GOOD[path], "yaer": 1}), 422, "invalid_request")) == [""]
        assert_problem(post(client, path, b"{"), 400, "malformed_json")
        assert_problem(client.get(path), 405, "method_not_allowed")
        assert_problem(
            client.post(path, content=b"{}", headers={"content-type": "text/csv"}), 415, "unsupported_media_type"
        )
        assert_problem(post(client, path, GOOD[path], accept="image/png"), 406, "not_acceptable")
        assert_problem(post(client, path, b" " * 65_537), 413, "body_too_large")
        assert_problem(post(client, path, {**GOOD[path], "tables": {"x": "y"}}), 422, "invalid_request")

    @pytest.mark.parametrize(
        ("path", "body", "pointer"),
        [
            *((path, {}, "/year") for path in (INJURY_RATES, EXPENDITURE, INCOME_STATEMENT)),
            *((path, {"year": "2010"}, "/year") for path in BY_YEAR),
            *((path, {"year": 1899}, "/year") for path in BY_YEAR),
            (COST_RATIOS, {}, ""),
            (COST_RATIOS, {"year": 2010, "amounts": AMOUNTS}, ""),
            (COST_RATIOS, {"amounts": {**AMOUNTS, "contributions": 1}}, "/amounts"),
            (COST_RATIOS, {"amounts": {"benefit_expenditure": 1, "administration_cost": 1}}, "/amounts"),
            (COST_RATIOS, {"amounts": {**AMOUNTS, "benefit_expenditure": "-1"}}, "/amounts/benefit_expenditure"),
            (COST_RATIOS, {"amounts": {**AMOUNTS, "funeral_grants_paid": 1.5}}, "/amounts/funeral_grants_paid"),
            (COST_RATIOS, {"year": 2010, "changes": {"funeral_grant": -1}}, "/changes/funeral_grant"),
            (COST_RATIOS, {"year": 2010, "changes": {"permanent_disability": "x"}}, "/changes/permanent_disability"),
            (LIABILITIES, {}, "/pensions"),
            (LIABILITIES, {"pensions": [PENSION] * 501}, "/pensions"),
            (LIABILITIES, {"pensions": [{**PENSION, "kind": "orphan"}]}, "/pensions/0/kind"),
            (LIABILITIES, {"pensions": [{**PENSION, "age": -1}]}, "/pensions/0/age"),
            (LIABILITIES, {"pensions": [{**PENSION, "age": 121}]}, "/pensions/0/age"),
            (LIABILITIES, {"pensions": [{**PENSION, "monthly_amount": "x"}]}, "/pensions/0/monthly_amount"),
            (LIABILITIES, {"pensions": [], "basis": "x"}, "/basis"),
            (LIABILITIES, {"pensions": [], "discount_rate": "0.02"}, ""),
            (LIABILITIES, {"pensions": [], "basis": "multipliers", "discount_rate": "0.02"}, ""),
            (LIABILITIES, {"pensions": [], "basis": "life_table", "discount_rate": "1.1"}, "/discount_rate"),
            (INDEXATION, {**INDEXED, "years": -1}, "/years"),
            (INDEXATION, {**INDEXED, "years": 51}, "/years"),
            (INDEXATION, {**INDEXED, "index": "wages"}, "/index"),
            (INDEXATION, {**INDEXED, "monthly_pension": "-1"}, "/monthly_pension"),
            (INDEXATION, {**INDEXED, "later_price_change": "-1.1"}, "/later_price_change"),
            (INDEXATION, {**INDEXED, "later_price_change": "10"}, "/later_price_change"),
        ],
    )
    def test_what_is_no_question(self, client: TestClient, path: str, body: dict[str, Any], pointer: str) -> None:
        assert pointers(assert_problem(post(client, path, body), 422, "invalid_request")) == [pointer]

    @pytest.mark.parametrize("path", GOOD)
    def test_the_most_that_can_be_asked(self, client: TestClient, path: str) -> None:
        most = {
            LIABILITIES: {"pensions": [{**PENSION, "monthly_amount": "999999999999"}] * 500},
            INDEXATION: {**INDEXED, "years": 50, "later_price_change": "0.5"},
        }
        assert post(client, path, most.get(path, GOOD[path])).status_code == 200

    def test_what_is_too_large_to_be_exact(self, client: TestClient) -> None:
        body = {**INDEXED, "years": 50, "later_price_change": "9.9"}
        assert refused(client, INDEXATION, "amount_too_large", **body) == []


def shown(node: Any) -> list[tuple[str, str]]:
    """Every node of an explanation, with its value."""
    return [(node["name"], node["value"]), *(each for step in node["steps"] for each in shown(step))]


@pytest.mark.parametrize(
    ("path", "root", "field", "inside"),
    [
        (INJURY_RATES, "injury_report", lambda result: result["total"]["deaths_per_100000"]["overall"], "death_rate"),
        (EXPENDITURE, "expenditure_report", lambda result: result["total_expenditure"], "claim_in_usd"),
        (AWARDS, "awards_report", lambda result: result["disability_awards"][2]["total"], "compensated_share"),
        (INCOME_STATEMENT, "income_statement", lambda result: result["annual_balance"], "return_on_reserve"),
        (COST_RATIOS, "cost_of_year", lambda result: result["terminal_funding"], "insured_earnings"),
        (LIABILITIES, "liabilities_by_multipliers", lambda result: result["total_exact"], "multiplier"),
        (INDEXATION, "indexation", lambda result: result["total_shortfall_exact"], "next_index"),
    ],
)
def test_every_answer_explains_itself(client: TestClient, path: str, root: str, field: Any, inside: str) -> None:
    result = ask(client, path, **GOOD[path], explain=True)
    explanation = result["explanation"]
    assert explanation["name"] == root
    value, stated = Decimal(explanation["value"]), Decimal(field(result))
    assert abs(value - stated) <= Decimal("1e-6")
    assert inside in dict(shown(explanation))
    assert "explanation" not in ask(client, path, **GOOD[path])


def test_what_changes_add_is_explained(client: TestClient) -> None:
    """37 grants of 3 million more, against 19,903,217,951 / 0.8%."""
    found = ask(client, COST_RATIOS, year=2010, changes={"funeral_grant": "4000000"}, explain=True)
    effect = dict(shown(found["explanation"]))["effect_of_changes"]
    expected = Fraction(37 * 3_000_000) / (19_903_217_951 / Fraction("0.008"))
    assert abs(Fraction(effect) - expected) < Fraction(1, 10**30)
