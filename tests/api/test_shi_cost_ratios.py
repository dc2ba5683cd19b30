"""`/v1/shi/cost-ratios/sensitivity` and `/solve`: every figure of every table, every assumption; against fractions."""

from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.shi.solutions import CostRatioUnknown
from pricing.shi.solution import UNKNOWNS
from tests import shi_reference
from tests.api.shi import content, few, own
from tests.api.support import (
    AS_OF,
    SCENARIOS,
    SHI_PROJECTIONS,
    SHI_SENSITIVITY,
    SHI_SOLVE,
    answer,
    assert_problem,
    pointers,
    post,
    rounded,
)
from tests.tables.contents import at, is_decimal, is_whole, nodes, pointer, replaced

CONTENTS = {
    "shi_basis": content("shi-nssf-basis"),
    "maternity_basis": content("shi-maternity-basis"),
    "sickness_basis": content("shi-sickness-basis"),
    "nssfc_basis": content("shi-nssfc-basis"),
}
CASH = ["shi_basis", "maternity_basis", "sickness_basis"]
SCHEMES: list[tuple[dict[str, Any], list[str]]] = [
    *(({"benefits": {"medical_option": number}}, ["shi_basis"]) for number in (1, 2, 3)),
    *(({"scenario": number}, CASH) for number in (1, 2, 3)),
    ({"benefits": {"maternity": True}}, ["maternity_basis"]),
    ({"civil_servants": {}}, ["nssfc_basis"]),
    ({"civil_servants": {"contribution_base": "full", "co_payment": {"inpatient": "0.2"}}}, ["nssfc_basis"]),
]
each_scheme = pytest.mark.parametrize(("body", "roles"), SCHEMES)
HAIR = Fraction(1, 10**12)


def path_of(figure: dict[str, str]) -> tuple[str, ...]:
    return tuple(figure["pointer"].split("/")[1:])


def changed(figure: dict[str, str], value: Fraction | int) -> dict[str, Any]:
    """The contents with another figure, which a fraction may be."""
    role = figure["role"]
    return CONTENTS | {role: replaced(CONTENTS[role], path_of(figure), value)}


class TestSensitivity:
    @pytest.mark.parametrize(
        ("body", "roles", "change"),
        [*((*each, "0.1") for each in SCHEMES), *((*each, "-0.05") for each in SCHEMES[1::6])],
    )
    def test_each_figure_has_the_effect_that_fractions_say(
        self, client: TestClient, body: dict[str, Any], roles: list[str], change: str
    ) -> None:
        found = own(client, SHI_SENSITIVITY, **body, change=change)
        before = shi_reference.cost_ratio(body, CONTENTS)
        assert found["payg_cost_ratio"] == shi_reference.exact(before)
        for each in found["effects"]:
            assert str(at(CONTENTS[each["role"]], path_of(each))) == each["before"]
            after: Any = Fraction(each["before"]) * (1 + Fraction(change))
            if is_whole(at(CONTENTS[each["role"]], path_of(each))):
                after = int(after + Fraction(1, 2))
            assert Fraction(each["after"]) == after
            ratio = shi_reference.cost_ratio(body, changed(each, after))
            assert each["payg_cost_ratio"] == shi_reference.exact(ratio)
            assert abs(Fraction(each["effect"]) - (ratio - before)) <= HAIR / 2
        for each in found["without_effect"]:
            value = at(CONTENTS[each["role"]], path_of(each))
            after = value + 1 if is_whole(value) else Fraction(value) * (1 + Fraction(change))
            if each["pointer"] != "/exchange_rate":  # which is in both of a ratio's parts
                assert shi_reference.cost_ratio(body, changed(each, after)) == before
        sizes = [abs(Fraction(each["effect"])) for each in found["effects"]]
        assert sizes == sorted(sizes, reverse=True)
        assert all(sizes)
        listed = [
            (each["role"], each["pointer"]) for name in ("effects", "without_effect", "refused") for each in found[name]
        ]
        figures = {
            (role, pointer(path))
            for role in roles
            for path, leaf in nodes(CONTENTS[role])
            if is_whole(leaf) or is_decimal(leaf)
        }
        assert len(listed) == len(figures)
        assert set(listed) == figures

    def test_a_figure_is_changed_as_an_override_would(self, client: TestClient) -> None:
        body: dict[str, Any] = {"scenario": 2}
        effect = own(client, SHI_SENSITIVITY, **body)["effects"][3]
        patch: Any = effect["after"] if "." in effect["after"] else int(effect["after"])
        for step in reversed(path_of(effect)):
            patch = {step: patch}
        overridden = own(client, SHI_SENSITIVITY, **body, overrides={effect["role"]: patch})
        assert overridden["payg_cost_ratio"] == effect["payg_cost_ratio"]

    def test_what_a_table_would_refuse_is_said_and_not_cut_off(self, client: TestClient) -> None:
        assert own(client, SHI_SENSITIVITY, benefits={"medical_option": 1})["refused"] == [
            {
                "role": "shi_basis",
                "pointer": "/financing/collection_rate",
                "before": "0.95",
                "after": "1.045",
                "reason": "must be at most 1",
            }
        ]
        refused = own(client, SHI_SENSITIVITY, benefits={"medical_option": 1}, change=-1)["refused"]
        assert {each["pointer"]: each["reason"] for each in refused} == {
            "/exchange_rate": "must be more than 0",
            "/insured/male": "must be at least 1",
            "/insured/female": "must be at least 1",
            "/financing/insured_earnings": "must be more than 0",
            "/financing/density": "must be more than 0",
            "/financing/collection_rate": "must be more than 0",
        }

    def test_whole_numbers_stay_whole(self, client: TestClient) -> None:
        found = own(client, SHI_SENSITIVITY, benefits={"maternity": True}, change="0.001")
        assert [(each["pointer"], each["before"], each["after"], each["reason"]) for each in found["refused"]] == [
            ("/days_per_year", "365", "365.365", "is a whole number, and the change is less than half of one")
        ]

    @pytest.mark.parametrize(
        ("body", "notes"),
        [
            ({"scenario": 1}, ["giz-2012-e4"]),
            ({"benefits": {"medical_option": 1, "maternity": True}}, []),
            ({"civil_servants": {}}, ["giz-2012-e7", "giz-2012-e21"]),
            ({"civil_servants": {"contribution_base": "full"}}, ["giz-2012-e7"]),
            ({"scenario": 1, "tables": {"sickness_basis": "shi-sickness-basis-corrected"}}, []),
        ],
    )
    def test_a_published_mistake_is_noted_where_it_is_used(
        self, client: TestClient, body: dict[str, Any], notes: list[str]
    ) -> None:
        found = answer(post(client, SHI_SENSITIVITY, {"as_of": AS_OF, **body}))
        assert [each["code"] for each in found["notes"]] == notes

    def test_an_effect_that_no_decimal_place_shows_is_none(self, client: TestClient) -> None:
        def listed(change: str) -> tuple[set[str], set[str]]:
            found = own(client, SHI_SENSITIVITY, benefits={"medical_option": 2}, change=change)
            assert all(Fraction(each["effect"]) for each in found["effects"])
            shown, hidden = ({each["pointer"] for each in found[name]} for name in ("effects", "without_effect"))
            return shown, hidden

        (with_effect, _), (shown, hidden) = listed("-0.1"), listed("-0.0000000001")
        assert shown & with_effect
        assert hidden & with_effect

    def test_its_explanation_is_the_unchanged_cost_ratio_s(self, client: TestClient) -> None:
        found = answer(post(client, SHI_SENSITIVITY, {"as_of": AS_OF, "scenario": 1, "explain": True}))
        (step,) = found["explanation"]["steps"]
        assert (step["name"], rounded(step["value"], 12)) == ("scenario_costs", found["payg_cost_ratio"])


def exactly(body: dict[str, Any], unknown: str, target: Fraction, contents: dict[str, Any]) -> Fraction | None:
    """The factor by another way: what the ratio's parts without the assumption leave of the target."""
    parts = shi_reference.scheme(body, contents)
    care = sum((cost / base for is_care, cost, base in parts if is_care), Fraction(0))
    cash = sum((cost / base for is_care, cost, base in parts if not is_care), Fraction(0))
    if unknown in {"utilisation", "unit_cost"}:
        return (target - cash) / care if care else None
    if unknown in {"incidence", "replacement_rate"}:
        return (target - care) / cash if cash else None
    if unknown == "wage":
        return care / (target - cash) if care else None
    return (care + cash) / target


class TestSolve:
    @each_scheme
    @pytest.mark.parametrize("unknown", list(get_args(CostRatioUnknown)))
    def test_the_cost_ratio_is_reached_or_what_can_be_is_said(
        self, client: TestClient, body: dict[str, Any], roles: list[str], unknown: str
    ) -> None:
        before = shi_reference.cost_ratio(body, CONTENTS)
        target = shi_reference.exact(before * Fraction(99, 100))
        response = post(client, SHI_SOLVE, {"as_of": AS_OF, **body, "solve_for": unknown, "target": target})
        if response.status_code != 200:
            (error,) = assert_problem(response, 409, "cost_ratio_out_of_reach")
            assert error["pointer"] == "/target"
            return
        found = answer(response)
        assert found["payg_cost_ratio_before"] == shi_reference.exact(before)
        assert found["payg_cost_ratio"] == target
        contents = dict(CONTENTS)
        assert found["figures"]
        for each in found["figures"]:
            role = each["role"]
            assert role in roles
            value = at(CONTENTS[role], path_of(each))
            assert str(value) == each["before"]
            assert (
                abs(Fraction(each["after"]) - Fraction(value) * Fraction(found["factor"]))
                < Fraction(value) * HAIR + HAIR
            )
            contents[role] = replaced(contents[role], path_of(each), Fraction(each["after"]))
        # The figures are shown with 12 decimals, which is as near as they come.
        assert abs(shi_reference.cost_ratio(body, contents) - Fraction(target)) < Fraction(1, 10**10)

    @pytest.mark.parametrize(
        ("body", "unknowns"),
        [
            ({"benefits": {"medical_option": 1}}, set(UNKNOWNS) - {"coverage", "incidence", "replacement_rate"}),
            ({"scenario": 2}, set(UNKNOWNS)),
            (
                {"benefits": {"sickness": True}},
                {"incidence", "replacement_rate", "administration_rate", "density", "collection_rate"},
            ),
            (
                {"civil_servants": {}},
                set(UNKNOWNS) - {"incidence", "replacement_rate", "collection_rate"},
            ),
        ],
    )
    def test_what_a_scheme_does_not_depend_on_solves_nothing(
        self, client: TestClient, body: dict[str, Any], unknowns: set[str]
    ) -> None:
        target = shi_reference.exact(shi_reference.cost_ratio(body, CONTENTS) + HAIR)
        without = set()
        for unknown in UNKNOWNS:
            request = {"as_of": AS_OF, **body, "solve_for": unknown, "target": target}
            response = post(client, SHI_SOLVE, request)
            if response.status_code != 200:
                (error,) = assert_problem(response, 409, "cost_ratio_out_of_reach")
                assert error["detail"].startswith("The cost ratio does not depend on ")
                without.add(unknown)
        assert without == set(UNKNOWNS) - unknowns

    def test_the_factor_is_exact(self, client: TestClient) -> None:
        closed = ["utilisation", "unit_cost", "incidence", "replacement_rate", "wage", "density", "collection_rate"]

        @few
        @given(st.integers(1, 3), st.sampled_from(closed), st.integers(900, 999))
        def check(scenario: int, unknown: str, thousandths: int) -> None:
            body = {"scenario": scenario}
            target = Fraction(shi_reference.exact(shi_reference.cost_ratio(body, CONTENTS) * thousandths / 1000))
            expected = exactly(body, unknown, target, CONTENTS)
            request = {**body, "solve_for": unknown, "target": shi_reference.exact(target), "as_of": AS_OF}
            response = post(client, SHI_SOLVE, request)
            if unknown in {"density", "collection_rate"}:
                most = {"density": Fraction(10, 9), "collection_rate": Fraction(20, 19)}[unknown]
                assert (response.status_code == 200) == (expected is not None and expected <= most)
            if response.status_code == 200:
                assert expected is not None
                assert answer(response)["factor"] == shi_reference.exact(expected)
            else:
                assert unknown in {"density", "collection_rate", "incidence", "replacement_rate"}

        check()

    def test_which_utilisation_unit_cost_or_coverage_gives_three_per_cent(self, client: TestClient) -> None:
        found = {
            unknown: own(client, SHI_SOLVE, scenario=2, solve_for=unknown, target="0.03")
            for unknown in ("utilisation", "unit_cost", "coverage")
        }
        assert {each["payg_cost_ratio"] for each in found.values()} == {"0.030000000000"}
        assert found["utilisation"]["factor"] == found["unit_cost"]["factor"]
        assert [each["pointer"] for each in found["coverage"]["figures"]] == [
            "/dependency_ratios/spouse/male",
            "/dependency_ratios/spouse/female",
            "/dependency_ratios/child/male",
            "/dependency_ratios/child/female",
        ]

    @pytest.mark.parametrize(
        ("body", "unknown", "figures"),
        [
            ({"scenario": 1}, "add_on_rate", ["/options/option_1/add_on_rate"]),
            (
                {"scenario": 1},
                "wage",
                [
                    *("/financing/insured_earnings", "/average_annual_wage", "/financing/insured_earnings"),
                    *("/average_annual_wage/amount", "/financing/insured_earnings"),
                ],
            ),
            (
                {"civil_servants": {}},
                "wage",
                ["/contribution_base/basic_salaries", "/contribution_base/pensions/amount"],
            ),
            ({"civil_servants": {"contribution_base": "full"}}, "wage", ["/contribution_base/full"]),
            (
                {"civil_servants": {}},
                "national_hospital_share",
                ["/costed_shares/outpatient/share", "/costed_shares/inpatient/share"],
            ),
            (
                {"civil_servants": {}, "tables": {"nssfc_basis": "shi-nssfc-basis-corrected"}},
                "national_hospital_share",
                ["/national_hospital_shares/outpatient", "/national_hospital_shares/inpatient"],
            ),
        ],
    )
    def test_an_assumption_is_the_figures_that_the_ratio_rests_on(
        self, client: TestClient, body: dict[str, Any], unknown: str, figures: list[str]
    ) -> None:
        now = Fraction(own(client, SHI_SENSITIVITY, **body)["payg_cost_ratio"])
        target = shi_reference.exact(now * Fraction(99, 100))
        found = own(client, SHI_SOLVE, **body, solve_for=unknown, target=target)
        assert [each["pointer"] for each in found["figures"]] == figures
        assert found["payg_cost_ratio"] == target

    def test_a_refusal_says_what_can_be_reached(self, client: TestClient) -> None:
        def refused(**body: Any) -> str:
            (error,) = assert_problem(post(client, SHI_SOLVE, {"as_of": AS_OF, **body}), 409, "cost_ratio_out_of_reach")
            return error["detail"]

        medical = {"benefits": {"medical_option": 2}}
        # Of option 2 national hospitals give 30% of the contacts and 50% of the admissions: at most twice as many.
        low: Fraction = shi_reference.cost_ratio(medical, shares("0", "0"))
        high = shi_reference.cost_ratio(medical, shares("0.6", "1"))
        assert refused(**medical, solve_for="national_hospital_share", target="0.03") == (
            "No national hospital share that the tables would take leads to this cost ratio: from 0 to 2 times theirs "
            f"it is from {shi_reference.exact(low).rstrip('0')} to {shi_reference.exact(high).rstrip('0')}."
        )
        best = shi_reference.cost_ratio(medical, CONTENTS) * Fraction(8, 10)
        assert refused(**medical, solve_for="density", target="0.01") == (
            "No density that the tables would take leads to this cost ratio: from 0 to 1.25 times theirs it is above "
            f"{shi_reference.exact(best).rstrip('0')}."
        )
        # Where national hospitals are the cheaper ones, a larger share of theirs costs less.
        cheap = {"shi_basis": {"fees": {kind: {"national_hospital": "0"} for kind in ("outpatient", "inpatient")}}}
        reach = refused(**medical, solve_for="national_hospital_share", target="0.03", overrides=cheap)
        low, high = (Fraction(each) for each in reach.removesuffix(".").rpartition(" from ")[2].split(" to "))
        assert low < high
        assert refused(**medical, solve_for="wage", target="0").startswith("No wage that the tables would take")

    def test_the_bounds_themselves_are_reached(self, client: TestClient) -> None:
        free = {"medical_option": 2}
        assert own(client, SHI_SOLVE, benefits=free, solve_for="utilisation", target="0")["factor"] == "0.000000000000"
        best = "0.5"
        one = {"density": best, "collection_rate": "1", "insured_earnings": "1000000"}
        body = {"benefits": free, "overrides": {"shi_basis": {"financing": one}}}
        ratio = Fraction(own(client, SHI_SENSITIVITY, **body)["payg_cost_ratio"])
        found = own(client, SHI_SOLVE, **body, solve_for="density", target=shi_reference.exact(ratio / 2 + HAIR))
        assert Fraction(found["figures"][0]["after"]) <= 1

    def test_its_explanation_leads_from_the_factor_to_the_cost_ratio_as_it_is(self, client: TestClient) -> None:
        body = {"as_of": AS_OF, "scenario": 1, "solve_for": "wage", "target": "0.03", "explain": True}
        found = answer(post(client, SHI_SOLVE, body))
        (step,) = found["explanation"]["steps"]
        assert (step["name"], rounded(step["value"], 12)) == ("scenario_costs", found["payg_cost_ratio_before"])
        assert rounded(found["explanation"]["value"], 12) == found["factor"]


def shares(outpatient: str, inpatient: str) -> dict[str, Any]:
    """The contents with other shares of national hospitals in option 2."""
    path = ("options", "option_2", "national_hospital_shares")
    basis = replaced(CONTENTS["shi_basis"], path, {"outpatient": outpatient, "inpatient": inpatient})
    return CONTENTS | {"shi_basis": basis}


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        (SHI_SENSITIVITY, {}, ""),
        (SHI_SENSITIVITY, {"scenario": 1, "civil_servants": {}}, ""),
        (SHI_SENSITIVITY, {"scenario": 1, "benefits": {}}, ""),
        (SHI_SENSITIVITY, {"benefits": {}, "civil_servants": {}}, ""),
        (SHI_SENSITIVITY, {"scenario": 4}, "/scenario"),
        (SHI_SENSITIVITY, {"scenario": 1, "change": "-1.1"}, "/change"),
        (SHI_SENSITIVITY, {"scenario": 1, "change": 10}, "/change"),
        (SHI_SENSITIVITY, {"civil_servants": {"contribution_base": "half"}}, "/civil_servants/contribution_base"),
        (SHI_SOLVE, {"scenario": 1, "target": "0.03"}, "/solve_for"),
        (SHI_SOLVE, {"scenario": 1, "solve_for": "wage"}, "/target"),
        (SHI_SOLVE, {"scenario": 1, "solve_for": "wage", "target": "1.01"}, "/target"),
        (SHI_SOLVE, {"scenario": 1, "solve_for": "age", "target": "0.03"}, "/solve_for"),
    ],
)
def test_what_is_no_question(client: TestClient, path: str, body: Any, where: str) -> None:
    assert pointers(assert_problem(post(client, path, body), 422, "invalid_request")) == [where]


@pytest.mark.parametrize(
    ("path", "more"),
    [
        (SCENARIOS, {}),
        (SHI_SENSITIVITY, {}),
        (SHI_SOLVE, {"solve_for": "wage", "target": "0.03"}),
        (SHI_PROJECTIONS, {"years": 2}),
    ],
)
@pytest.mark.parametrize("benefits", [{}, {"sickness": False, "waiting_days": 3}, {"medical_option": None}])
def test_benefits_that_name_none_are_refused(
    client: TestClient, path: str, more: dict[str, Any], benefits: dict[str, Any]
) -> None:
    response = post(client, path, {"benefits": benefits, **more})
    assert pointers(assert_problem(response, 409, "no_benefits")) == ["/benefits"]


@pytest.mark.parametrize("change", [0, "0.000", "-0"])
def test_a_change_by_nothing_is_refused(client: TestClient, change: Any) -> None:
    response = post(client, SHI_SENSITIVITY, {"scenario": 1, "change": change})
    assert pointers(assert_problem(response, 409, "no_change")) == ["/change"]


def test_the_contract_s_assumptions_are_the_formula_s() -> None:
    assert set(get_args(CostRatioUnknown)) == set(UNKNOWNS)
