"""The first year's budget, and the economy of the branch: what-ifs, and what the published tables do not show."""

from decimal import Decimal
from typing import Any

from starlette.testclient import TestClient

from tests.api.support import AS_OF, BUDGET, ECONOMY, PROJECTIONS, answer, post


def ask(client: TestClient, path: str, **body: Any) -> Any:
    return answer(post(client, path, {"as_of": AS_OF, **body}))


class TestBudget:
    def test_the_equipment_costs_what_the_text_says(self, client: TestClient) -> None:
        """§IV: "The total cost is USD 13,503 or KHR 55.6 million"."""
        assert ask(client, BUDGET)["total_equipment"] == {"amount": "13503.00", "amount_khr": "55578348.00"}

    def test_it_is_the_first_year_of_the_projection(self, client: TestClient) -> None:
        budget, first = ask(client, BUDGET), ask(client, PROJECTIONS)["years"][0]
        assert {each["item"]: each["amount"] for each in budget["expenses"]} == first["expenses"]
        assert budget["total_expenses"]["amount"] == first["operating_expenses"]

    def test_an_item_is_the_sum_of_its_parts(self, client: TestClient) -> None:
        divided = [each for each in ask(client, BUDGET)["expenses"] if each["of_which"]]
        assert [each["item"] for each in divided] == ["general_costs", "contracts", "training"]
        for each in divided:
            assert sum(Decimal(part["amount"]) for part in each["of_which"]) == Decimal(each["amount"])

    def test_another_rate_of_benefits_changes_pay_and_total(self, client: TestClient) -> None:
        """A month's salaries are 1,442, those of two account officers among them: 12 x 5% of that is 865.20 more."""
        changes = {"projection_basis": {"expenses": {"personnel": {"benefits_rate": "0.15"}}}}
        changed, published = ask(client, BUDGET, overrides=changes), ask(client, BUDGET)
        (manager,) = (each for each in changed["staff"]["positions"] if each["position"] == "general_manager")
        assert {name: manager[name] for name in ("monthly_benefits", "monthly_pay", "bonus", "annual_pay")} == {
            "monthly_benefits": "45.00",
            "monthly_pay": "345.00",
            "bonus": "300.00",
            "annual_pay": "4440.00",
        }
        more = [Decimal(each["total_expenses"]["amount"]) for each in (changed, published)]
        assert more[0] - more[1] == Decimal("865.20")


class TestEconomy:
    def test_enterprises_of_eight_or_more_follow_from_the_share_of_a_class(self, client: TestClient) -> None:
        none = {"employment": {"enterprises": {"5-9": {"with_eight_or_more": "0"}}}}
        found = ask(client, ECONOMY, overrides=none)["eight_or_more"]
        assert {name: Decimal(value) for name, value in found.items()} == {
            "enterprises": 8172 + 3512 + 747 + 478 + 108 + 106,
            "male": 66635 + 61092 + 29219 + 40539 + 12193 + 25144,
            "female": 38438 + 38339 + 19928 + 45975 + 61496 + 187418,
            "total": 234822 + 391594,
        }

    def test_the_insured_are_a_part_of_the_employed(self, client: TestClient) -> None:
        found = ask(client, ECONOMY, overrides={"employment": {"insured_workers": 1, "labour_force": {"employed": 8}}})
        assert (found["insured_workers"], found["employed"], found["insured_share"]) == (1, 8, "0.125000000000")
        assert ask(client, ECONOMY)["labour_force_millions"] == "6.96"

    def test_the_deflator_s_mistake_is_noted_where_it_is_used(self, client: TestClient) -> None:
        published = ask(client, ECONOMY)
        corrected = ask(client, ECONOMY, tables={"indicators": "cambodia-indicators-corrected"})
        assert [note["code"] for note in published["notes"]] == ["giz-2012-e31"]
        assert corrected["notes"] == []
        last = [each["growth"][-1] for each in (published, corrected)]
        assert [each["deflator_change"][:6] for each in last] == ["0.0523", "0.0499"]
        assert last[0]["real_growth"] == last[1]["real_growth"]
        assert [each["year"] for each in published["growth"]] == list(range(2004, 2011))
