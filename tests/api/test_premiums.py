"""`POST /v1/mba/premiums`: defaults, what each rate changes, limits, exact input."""

from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.support import AS_OF, PREMIUMS, answer, assert_problem, golden, pointers, post

BENEFITS = {"natural_death_benefit": 100000, "accident_benefit": 200000, "hospitalization_benefit": 10500}
TABLE_8 = {(row["coverage"], row["insured"] or row["plan_type"]): row["B"] for row in golden("table_8")}
COVERAGES = ("natural_death", "accident", "hospitalization")


def priced(client: TestClient, **body: Any) -> Any:
    """The answer for all three benefits at age 43, unless the body says otherwise."""
    risk = {} if "mortality_rate" in body else {"age": 43}
    return answer(post(client, PREMIUMS, {**risk, **BENEFITS, "as_of": AS_OF, **body}))


def gross(client: TestClient, **body: Any) -> dict[str, str]:
    """Gross annual premium by coverage."""
    return {each["coverage"]: each["gross_annual_premium"] for each in priced(client, **body)["components"]}


def refused(client: TestClient, code: str, **body: Any) -> None:
    assert assert_problem(post(client, PREMIUMS, {**BENEFITS, "as_of": AS_OF, **body}), 409, code) == []


def invalid(client: TestClient, **body: Any) -> list[str]:
    return pointers(assert_problem(post(client, PREMIUMS, body), 422, "invalid_request"))


class TestTariff:
    @pytest.mark.parametrize(
        ("body", "cells"),
        [
            ({}, [("natural_death", "single"), ("accident", "primary_member"), ("hospitalization", "primary_member")]),
            (
                {"insured": "secondary_member"},
                [
                    ("natural_death", "additional_15_65"),
                    ("accident", "secondary_member"),
                    ("hospitalization", "secondary_member"),
                ],
            ),
            (
                {"insured": "child", "mortality_rate": "0.011", "natural_death_benefit": 20000, "accident_benefit": 0},
                [None, None, ("hospitalization", "child")],
            ),
            (
                {"insured": "additional_66_75", "mortality_rate": "0.04922090684775864405", "accident_benefit": None}
                | {"natural_death_benefit": 30000},
                [("natural_death", "additional_66_75"), ("hospitalization", "additional_66_75")],
            ),
        ],
    )
    def test_the_defaults_are_those_of_table_8(
        self, client: TestClient, body: dict[str, Any], cells: list[Any]
    ) -> None:
        components = priced(client, **body)["components"]
        for component, cell in zip(components, cells, strict=True):
            assert cell is None or (component["coverage"], component["gross_monthly_premium"]) == (
                cell[0],
                TABLE_8[cell],
            )

    @pytest.mark.parametrize(
        ("insured", "defaults"),
        [
            ("primary_member", {"expense_loading": "0.35", "hospitalization_rate": "0.08"}),
            ("secondary_member", {"expense_loading": "0.3", "hospitalization_rate": "0.08"}),
            ("child", {"expense_loading": "0.3", "hospitalization_rate": "0.1"}),
            ("additional_15_65", {"expense_loading": "0.3", "hospitalization_rate": "0.08"}),
            ("additional_66_75", {"expense_loading": "0.3", "hospitalization_rate": "0.1"}),
        ],
    )
    def test_insured_picks_the_default_loadings_and_hospitalization_rate(
        self, client: TestClient, insured: str, defaults: dict[str, str]
    ) -> None:
        common = {
            "commission_loading": "0.15",
            "equity_value_loading": "0.35",
            "contingency_loading": "0.05",
            "interest_rate": "0.06",
            "safety_margin": "0.2",
            "accident_rate": "0.001",
        }
        assert gross(client, insured=insured) == gross(client, insured=insured, **common, **defaults)

    def test_insured_is_the_primary_member_by_default(self, client: TestClient) -> None:
        assert priced(client) == priced(client, insured="primary_member")
        assert gross(client) != gross(client, insured="secondary_member")

    def test_totals_are_the_unrounded_sums(self, client: TestClient) -> None:
        quote = priced(client)
        for name, places in (("net_annual_premium", 12), ("gross_annual_premium", 12), ("gross_monthly_premium", 2)):
            parts = sum(Decimal(each[name]) for each in quote["components"])
            assert abs(Decimal(quote["totals"][name]) - parts) <= 2 * Decimal(1).scaleb(-places)
        # 38.852..., 170.02..., 181.31...: the total rounds once, as the plan of Table 9 does.
        assert quote["totals"]["gross_monthly_premium"] == "564.52"
        assert quote["currency"] == "KHR"

    def test_no_note_whatever_the_insured(self, client: TestClient) -> None:
        assert all(priced(client, insured=each)["notes"] == [] for each in ("child", "additional_66_75"))


class TestWhatEachRateChanges:
    @pytest.mark.parametrize(
        ("name", "value", "changed"),
        [
            ("interest_rate", "0.07", COVERAGES),
            ("safety_margin", "0.3", COVERAGES),
            ("expense_loading", "0.2", COVERAGES),
            ("commission_loading", "0.2", COVERAGES),
            ("equity_value_loading", "0.2", ("natural_death",)),
            ("contingency_loading", "0.2", ("accident", "hospitalization")),
            ("natural_death_rate", "0.003", ("natural_death",)),
            ("accident_rate", "0.002", ("natural_death", "accident")),
            ("hospitalization_rate", "0.2", ("hospitalization",)),
        ],
    )
    def test_a_rate_changes_its_own_coverages(
        self, client: TestClient, name: str, value: str, changed: tuple[str, ...]
    ) -> None:
        before, after = gross(client), gross(client, **{name: value})
        assert tuple(coverage for coverage in COVERAGES if before[coverage] != after[coverage]) == changed

    def test_natural_deaths_leave_out_accidents_only_where_they_are_covered(self, client: TestClient) -> None:
        rate = {"mortality_rate": "0.006"}
        alone = gross(client, **rate, accident_benefit=None)["natural_death"]
        assert alone == gross(client, **rate, natural_death_rate="0.006")["natural_death"]
        covered = gross(client, **rate, accident_rate="0.002")["natural_death"]
        assert covered == gross(client, **rate, natural_death_rate="0.004")["natural_death"]

    def test_survival_is_always_one_less_all_mortality(self, client: TestClient) -> None:
        # 100,000 · 0.5 · 1 / (1 - 0.5 · (1 - 0.2)), whatever the natural death rate is said to be.
        plain = dict.fromkeys(("interest_rate", "safety_margin", "expense_loading", "commission_loading"), 0)
        rates = {"mortality_rate": "0.2", "natural_death_rate": "0.5", "equity_value_loading": "0.5"}
        assert gross(client, **plain, **rates)["natural_death"] == "83333.333333333333"

    def test_a_coverage_is_priced_only_if_its_benefit_is_given(self, client: TestClient) -> None:
        assert list(gross(client, natural_death_benefit=None)) == ["accident", "hospitalization"]
        assert list(gross(client, accident_benefit=None, hospitalization_benefit=None)) == ["natural_death"]
        assert gross(client, natural_death_benefit=0)["natural_death"] == "0.000000000000"


class TestLimits:
    def test_exactly_one_of_age_and_mortality_rate(self, client: TestClient) -> None:
        assert invalid(client, **BENEFITS) == [""]
        assert invalid(client, **BENEFITS, age=43, mortality_rate="0.01") == [""]
        assert invalid(client, **BENEFITS, age=None, mortality_rate=None) == [""]
        assert priced(client, age=None, mortality_rate="0.01")["components"]

    def test_at_least_one_benefit(self, client: TestClient) -> None:
        assert invalid(client, age=43) == [""]
        assert invalid(client, age=43, **dict.fromkeys(BENEFITS)) == [""]

    def test_ages_of_the_life_table_and_no_others(self, client: TestClient) -> None:
        alone = {"accident_benefit": None, "hospitalization_benefit": None}
        assert gross(client, age=0, **alone)
        assert gross(client, age=99, **alone)
        refused(client, "age_outside_life_table", age=100)
        refused(client, "age_outside_life_table", age=120)
        assert invalid(client, **BENEFITS, age=121) == invalid(client, **BENEFITS, age=-1) == ["/age"]

    @pytest.mark.parametrize(
        ("enough", "too_much"),
        [
            ({"expense_loading": "0.7999"}, {"expense_loading": "0.8"}),  # 0.8 + 0.15 + 0.05
            ({"commission_loading": "0.5999"}, {"commission_loading": "0.6"}),
            ({"contingency_loading": "0.4999"}, {"contingency_loading": "0.5"}),
            ({"equity_value_loading": "0.5031"}, {"equity_value_loading": "0.5032"}),  # times 0.99367
        ],
    )
    def test_loadings_leave_something_for_benefits(
        self, client: TestClient, enough: dict[str, str], too_much: dict[str, str]
    ) -> None:
        low = {} if "equity_value_loading" in enough else {"equity_value_loading": 0}
        assert all(Decimal(premium) > 0 for premium in gross(client, **low, **enough).values())
        refused(client, "loadings_too_high", age=43, **low, **too_much)

    def test_loadings_of_a_coverage_that_is_not_asked_do_not_matter(self, client: TestClient) -> None:
        assert gross(client, natural_death_benefit=None, equity_value_loading=1)
        alone = {"accident_benefit": None, "hospitalization_benefit": None}
        assert gross(client, contingency_loading=1, **alone)

    def test_accidents_cannot_outnumber_deaths(self, client: TestClient) -> None:
        refused(client, "accident_rate_above_mortality", mortality_rate="0.001", accident_rate="0.0010001")
        refused(client, "accident_rate_above_mortality", age=12)
        assert gross(client, mortality_rate="0.001")["natural_death"] == "0.000000000000"
        assert gross(client, age=12, natural_death_rate="0.001")
        assert gross(client, age=12, natural_death_benefit=None)

    @pytest.mark.parametrize(
        ("field", "good", "bad"),
        [
            *[(f"{name}_rate", ["0", "1"], ["-0.1", "1.1"]) for name in ("natural_death", "accident", "interest")],
            ("hospitalization_rate", [0, 1], [-1, 2, "1.00000000000000000001"]),
            ("safety_margin", ["0", "9.99999999999999999999"], ["10", "-0.00000000000000000001"]),
            ("hospitalization_benefit", ["0", "999999999999.99999999999999999999"], ["1000000000000", -1]),
            ("insured", ["child"], ["parent", 1, ["child"]]),
        ],
    )
    def test_bounds_both_sides(self, client: TestClient, field: str, good: list[Any], bad: list[Any]) -> None:
        alone = {"natural_death_benefit": None}
        assert all(priced(client, **{**alone, field: value})["components"] for value in good)
        assert all(invalid(client, age=43, **{**BENEFITS, field: value}) == [f"/{field}"] for value in bad)


class TestExactInput:
    def test_numbers_and_strings_are_the_same_question(self, client: TestClient) -> None:
        forms = ('"0.05"', "0.05", "0.050", '"0.0500"', "5e-2", "0.5E-1", '"00.05"')
        body = '{"mortality_rate":%s,"accident_benefit":%s,"as_of":"2026-12-01"}'
        answers = {post(client, PREMIUMS, (body % (form, "100")).encode()).content for form in forms}
        answers |= {post(client, PREMIUMS, (body % ("0.05", form)).encode()).content for form in ('"100.0"', "1e2")}
        assert len(answers) == 1

    def test_fifteen_significant_digits_of_a_number_and_no_more(self, client: TestClient) -> None:
        risk = {"mortality_rate": "0.5"}
        fifteen, sixteen = Decimal("0.123456789012345"), Decimal("0.1234567890123456")
        assert priced(client, **risk, accident_benefit=fifteen) == priced(client, **risk, accident_benefit=str(fifteen))
        assert invalid(client, **risk, accident_benefit=sixteen) == ["/accident_benefit"]
        assert priced(client, **risk, accident_benefit=str(sixteen))
        assert priced(client, **risk, accident_benefit=123456789012) == priced(
            client, **risk, accident_benefit="123456789012"
        )

    NO_DECIMALS = (
        *(
            "",
            " ",
            "1_000",
            "1,5",
            "1 000",
            " 1",
            "1 ",
            "1\n",
            "+1",
            "1.",
            ".5",
            "1e3",
            "1E3",
            "0x10",
            "NaN",
            "Infinity",
        ),
        *("១២៣", "\uff11", "½", "1.0.0", "--1", "1" * 16, "0." + "1" * 21),
    )

    @pytest.mark.parametrize("text", NO_DECIMALS)
    def test_a_decimal_in_a_string_has_western_digits_and_a_point(self, client: TestClient, text: str) -> None:
        assert invalid(client, age=43, accident_benefit=text) == ["/accident_benefit"]

    @pytest.mark.parametrize("value", [True, False, [], ["1"], {}, {"value": "1"}])
    def test_a_decimal_is_a_number_or_a_string(self, client: TestClient, value: Any) -> None:
        assert invalid(client, age=43, accident_benefit=value) == ["/accident_benefit"]

    @pytest.mark.parametrize("age", [True, "43", "៤៣", Decimal("43.5"), [], {}])
    def test_an_age_is_a_whole_number(self, client: TestClient, age: Any) -> None:
        assert invalid(client, age=age, accident_benefit=1) == ["/age"]

    def test_digits_beyond_a_float_are_kept(self, client: TestClient) -> None:
        one = {"interest_rate": 0, "safety_margin": 0, "expense_loading": 0, "commission_loading": 0}
        body = {"natural_death_benefit": None, "hospitalization_benefit": None, "contingency_loading": 0}
        exact = gross(client, **one, **body, accident_rate=1, accident_benefit="123456789012.123456789012")
        assert exact == {"accident": "123456789012.123456789012"}

    def test_ties_are_rounded_up(self, client: TestClient) -> None:
        one = {"interest_rate": 0, "safety_margin": 0, "expense_loading": 0, "commission_loading": 0}
        body = {"natural_death_benefit": None, "hospitalization_benefit": None, "contingency_loading": 0}
        quote = priced(client, **one, **body, accident_rate=1, accident_benefit="0.0600000000005")
        assert quote["totals"] == {
            "net_annual_premium": "0.060000000001",
            "gross_annual_premium": "0.060000000001",
            "gross_monthly_premium": "0.01",
        }

    def test_the_monthly_premium_is_rounded_from_the_unrounded_annual_one(self, client: TestClient) -> None:
        one = {"interest_rate": 0, "safety_margin": 0, "expense_loading": 0, "commission_loading": 0}
        body = {"natural_death_benefit": None, "hospitalization_benefit": None, "contingency_loading": 0}
        quote = priced(client, **one, **body, accident_rate=1, accident_benefit="0.0599999999999994")
        for amounts in (quote["totals"], quote["components"][0]):
            assert (amounts["gross_annual_premium"], amounts["gross_monthly_premium"]) == ("0.060000000000", "0.00")

    def test_minus_zero_is_zero(self, client: TestClient) -> None:
        zero = priced(client, accident_rate="0")
        assert priced(client, accident_rate="-0") == zero == priced(client, accident_rate=Decimal("-0.0"))
