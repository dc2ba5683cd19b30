"""`/v1/tariffs`: premiums by the scales of other schemes, each by its table alone."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.api.generators import broad
from tests.api.support import TARIFF_QUOTES, TARIFFS, answer, assert_problem, canonical, pointers, post, sha256
from tests.reference_tariffs import Refused, quote, text

Body = dict[str, Any]
SCHEMES = ("brac", "hip", "nssf-shi", "vdrc", "yeshasvini")
MEMBER: Body = {"membership_class": "microfinance_member", "persons": 6}
QUESTIONS: dict[str, Body] = {
    "brac": MEMBER,
    "hip": {"membership_class": "voluntary", "persons": 1},
    "nssf-shi": {"membership_class": "scenario_1", "income": "446022"},
    "vdrc": {"persons": 7},
    "yeshasvini": {"persons": 1},
}


def ask(client: TestClient, scheme: str, body: Any) -> Response:
    return post(client, TARIFF_QUOTES.format(scheme=scheme), body)


def quoted(client: TestClient, scheme: str, **body: Any) -> Any:
    """The answer to a scheme's question, unless the body says otherwise."""
    return answer(ask(client, scheme, {"as_of": "2026-12-01", **QUESTIONS[scheme], **body}))


def refused(client: TestClient, scheme: str, **body: Any) -> list[str]:
    """Where a refusal by the scale points."""
    return pointers(assert_problem(ask(client, scheme, body), 409, "not_in_tariff"))


@pytest.mark.parametrize(
    ("scheme", "amounts", "payers"),
    [
        ("brac", "BDT 12 100.00 0.00 100.00", [("member", "100.00")]),
        ("hip", "USD 1 1.60 0.00 1.60", [("employer", "0.80"), ("worker", "0.80")]),
        ("nssf-shi", "KHR 1 14273 0 14273", []),
        ("vdrc", "NPR 12 2100.00 0.00 2100.00", [("member", "2100.00")]),
        ("yeshasvini", "INR 12 60.00 30.00 90.00", [("member", "60.00"), ("state", "30.00")]),
    ],
)
def test_what_is_due_and_who_pays_it(client: TestClient, scheme: str, amounts: str, payers: list[Any]) -> None:
    found = quoted(client, scheme)
    shown = [str(found[name]) for name in ("currency", "period_months", "premium", "subsidy", "total")]
    assert " ".join(shown) == amounts
    assert [(each["payer"], each["amount"]) for each in found["payers"]] == payers
    assert [each["payer"] for each in found["payers"] if each["subsidy"]] == ["state"] * (scheme == "yeshasvini")
    assert (found["scheme"], found["earned"], found["notes"]) == (scheme, None, [])


def test_exact_amounts_stand_beside_the_rounded_ones(client: TestClient) -> None:
    found = quoted(client, "nssf-shi")
    assert (found["premium"], found["premium_exact"]) == ("14273", "14272.704000000000")
    earned = answer(ask(client, "brac", {**MEMBER, "enrolment_month": "2006-02"}))["earned"]
    assert earned == {
        "months": 11,
        "earned_premium": "91.67", "earned_premium_exact": "91.666666666667",
        "unearned_premium": "8.33", "unearned_premium_exact": "8.333333333333",
    }  # fmt: skip


@pytest.mark.parametrize(("places", "premium"), [(0, "92"), (1, "91.7"), (2, "91.67"), (4, "91.6667")])
def test_the_table_says_how_amounts_are_rounded(client: TestClient, places: int, premium: str) -> None:
    changed = {"decimal_places": places, "proration": {"of": "premium"}}
    found = answer(ask(client, "brac", {**MEMBER, "enrolment_month": "2006-02", "overrides": {"tariff": changed}}))
    assert (found["premium"], found["payers"][0]["amount"], found["receipt"]["hypothetical"]) == (
        premium,
        premium,
        True,
    )


class TestRefusals:
    def test_a_scheme_that_is_not_there(self, client: TestClient) -> None:
        for scheme in ("mpango-wa-tiba", "BRAC", "tariff-brac", "brac%20", "mba-packages", "brac%0A", "%2E%2E", "~"):
            response = ask(client, scheme, MEMBER)
            assert assert_problem(response, 404, "not_found") == []
        assert_problem(client.post("/v1/tariffs//quotes", json=MEMBER), 404, "not_found")
        detail = ask(client, "mpango-wa-tiba", b"{").json()["detail"]
        assert detail == f"There is no such scheme. There are: {', '.join(SCHEMES)}."

    def test_other_methods(self, client: TestClient) -> None:
        for method in ("GET", "HEAD", "DELETE", "PUT"):
            response = client.request(method, TARIFF_QUOTES.format(scheme="brac"))
            assert (response.status_code, response.headers["allow"]) == (405, "POST")

    @pytest.mark.parametrize(
        ("scheme", "body", "pointer"),
        [
            ("brac", {"persons": 6}, "/membership_class"),
            ("brac", {"persons": 6, "membership_class": "student"}, "/membership_class"),
            ("brac", {"membership_class": "other_member"}, "/persons"),
            ("brac", {"membership_class": "other_member", "persons": 7}, "/persons"),
            ("brac", {**MEMBER, "income": "1"}, "/income"),
            ("vdrc", {}, "/persons"),
            ("hip", {"membership_class": "automatic"}, "/persons"),
            ("nssf-shi", {"membership_class": "scenario_1"}, "/income"),
            ("nssf-shi", {"membership_class": "scenario_1", "income": "1", "persons": 1}, "/persons"),
            ("yeshasvini", {"membership_class": "other", "persons": 1}, "/membership_class"),
        ],
    )
    def test_what_the_scale_does_not_say(self, client: TestClient, scheme: str, body: Body, pointer: str) -> None:
        assert refused(client, scheme, **body) == [pointer]

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({**MEMBER, "persons": 0}, "/persons"),
            ({**MEMBER, "persons": 1001}, "/persons"),
            ({**MEMBER, "persons": 1.5}, "/persons"),
            ({**MEMBER, "persons": "6"}, "/persons"),
            ({**MEMBER, "membership_class": "Other"}, "/membership_class"),
            ({**MEMBER, "membership_class": "x" * 41}, "/membership_class"),
            ({**MEMBER, "income": "-1"}, "/income"),
            ({**MEMBER, "enrolment_month": "2006-13"}, "/enrolment_month"),
            ({**MEMBER, "enrolment_month": "2006-1"}, "/enrolment_month"),
            ({**MEMBER, "enrolment_month": "2006-01-01"}, "/enrolment_month"),
            ({**MEMBER, "scheme": "vdrc"}, ""),
            ({**MEMBER, "tables": {"packages": "mba-packages"}}, "/tables"),
        ],
    )
    def test_what_is_no_question(self, client: TestClient, body: Body, pointer: str) -> None:
        assert pointers(assert_problem(ask(client, "brac", body), 422, "invalid_request")) == [pointer]


class TestTables:
    def test_the_address_names_the_table_and_a_pin_may_name_it_too(self, client: TestClient) -> None:
        plain = quoted(client, "brac")
        assert plain["receipt"]["tables"] == {"tariff": "tariff-brac@1"}
        for pin in ("tariff-brac", "tariff-brac@1", ["tariff-brac@1"]):
            assert quoted(client, "brac", tables={"tariff": pin}) == plain

    @pytest.mark.parametrize(
        ("pin", "code"),
        [
            ("tariff-vdrc", "wrong_kind"),
            ("tariff-vdrc@1", "wrong_kind"),
            (["tariff-vdrc@1"], "wrong_kind"),
            ("mba-packages", "wrong_kind"),
            ("tariff-mpango-wa-tiba", "table_unknown"),
            ("tariff-brac@2", "version_unknown"),
        ],
    )
    def test_no_other_table_plays_its_role(self, client: TestClient, pin: Any, code: str) -> None:
        response = ask(client, "brac", {**MEMBER, "tables": {"tariff": pin}})
        assert pointers(assert_problem(response, 409, code)) == ["/tables/tariff"]

    def test_a_what_if_changes_the_scale(self, client: TestClient) -> None:
        member = {"premium": "120", "largest_family": 7, "subsidy": {"payer": "state", "share_of_premium": "0.25"}}
        body = {**MEMBER, "persons": 7, "overrides": {"tariff": {"classes": {"microfinance_member": member}}}}
        found = answer(ask(client, "brac", body))
        assert [found[name] for name in ("premium", "subsidy", "total")] == ["120.00", "30.00", "120.00"]
        assert [each["amount"] for each in found["payers"]] == ["90.00", "30.00"]
        assert found["receipt"]["hypothetical"]

    @pytest.mark.parametrize(
        ("share", "subsidy", "member"), [("0", "0.00", "100.00"), ("0.01", "1.00", "99.00"), ("1", "100.00", "0.00")]
    )
    def test_a_subsidy_of_nothing_and_of_all(self, client: TestClient, share: str, subsidy: str, member: str) -> None:
        subsidized = {"microfinance_member": {"subsidy": {"payer": "state", "share_of_premium": share}}}
        found = answer(ask(client, "brac", {**MEMBER, "overrides": {"tariff": {"classes": subsidized}}}))
        assert [found[name] for name in ("premium", "subsidy", "total")] == ["100.00", subsidy, "100.00"]
        assert [each["amount"] for each in found["payers"]] == [member, subsidy]

    @pytest.mark.parametrize(("month", "months", "premium"), [(1, 12, "100.00"), (2, 11, "91.67"), (12, 1, "8.33")])
    def test_who_joins_late_may_pay_less(self, client: TestClient, month: int, months: int, premium: str) -> None:
        prorated = {"tariff": {"proration": {"of": "premium", "first_month": 1}}}
        found = answer(ask(client, "brac", {**MEMBER, "enrolment_month": f"2006-{month:02d}", "overrides": prorated}))
        assert (found["premium"], found["earned"]["months"]) == (premium, months)
        assert found["earned"]["earned_premium"] == premium

    @pytest.mark.parametrize(
        ("patch", "pointer"),
        [
            (
                {"classes": {"other_member": {"subsidy": {"payer": "state", "share_of_premium": "1.01"}}}},
                "/classes/other_member/subsidy/share_of_premium",
            ),
            ({"classes": {"other_member": {"rate": "0.1"}}}, "/classes/other_member"),
            ({"classes": {"other_member": {"payers": {"state": "0.5"}}}}, "/classes/other_member/payers"),
            ({"period_months": 5}, "/period_months"),
            ({"charged_for": "income"}, ""),
            ({"proration": None}, "/proration"),
        ],
    )
    def test_a_what_if_that_is_no_scale(self, client: TestClient, patch: Body, pointer: str) -> None:
        response = ask(client, "brac", {**MEMBER, "overrides": {"tariff": patch}})
        assert pointers(assert_problem(response, 409, "override_invalid")) == [f"/overrides/tariff{pointer}"]


class TestDates:
    @pytest.mark.parametrize(
        ("scheme", "first"),
        [("brac", 2001), ("hip", 2009), ("nssf-shi", 2010), ("vdrc", 2007), ("yeshasvini", 2007)],
    )
    def test_the_month_of_enrolment_chooses_the_version(self, client: TestClient, scheme: str, first: int) -> None:
        body = QUESTIONS[scheme]
        found = answer(ask(client, scheme, {**body, "enrolment_month": f"{first}-01"}))
        assert found["receipt"]["as_of"] == f"{first}-01-01"
        before = f"{first - 1}-12"
        response = ask(client, scheme, {**body, "enrolment_month": before})
        assert pointers(assert_problem(response, 409, "no_coverage")) == ["/enrolment_month"]
        response = ask(client, scheme, {**body, "as_of": f"{before}-31"})
        assert pointers(assert_problem(response, 409, "no_coverage")) == ["/as_of"]

    @pytest.mark.parametrize("day", ["2006-02-02", "2006-01-31"])
    def test_it_is_its_first_day(self, client: TestClient, day: str) -> None:
        dated = {**MEMBER, "enrolment_month": "2006-02"}
        assert answer(ask(client, "brac", {**dated, "as_of": "2006-02-01"}))["earned"]["months"] == 11
        assert pointers(assert_problem(ask(client, "brac", {**dated, "as_of": day}), 409, "date_conflict")) == [
            "/as_of"
        ]

    @pytest.mark.parametrize("month", range(1, 13))
    def test_months_of_the_year_from_enrolment_on(self, client: TestClient, month: int) -> None:
        found = answer(ask(client, "brac", {**MEMBER, "enrolment_month": f"2006-{month:02d}"}))
        assert (found["premium"], found["earned"]["months"]) == ("100.00", 13 - month)
        assert found["earned"]["earned_premium"] == text(Fraction(100 * (13 - month), 12), 2)


class TestReceipts:
    @pytest.mark.parametrize("scheme", SCHEMES)
    @pytest.mark.parametrize("more", [{}, {"explain": True}, {"enrolment_month": "2012-05", "explain": True}])
    def test_a_receipt_gives_the_same_bytes(self, client: TestClient, scheme: str, more: Body) -> None:
        first = ask(client, scheme, {**QUESTIONS[scheme], **more})
        receipt = answer(first)["receipt"]
        again = {**QUESTIONS[scheme], **more, **{name: receipt[name] for name in ("as_of", "known_at", "tables")}}
        assert ask(client, scheme, again).content == first.content

    def test_the_scheme_is_part_of_the_question(self, client: TestClient) -> None:
        question = {"scheme": "vdrc", "persons": 7}
        found = quoted(client, "vdrc")
        receipt = found["receipt"]
        assert receipt["request_sha256"] == sha256(canonical(question))
        content = receipt["table_details"]["tariff-vdrc@1"]["sha256"]
        lines = [receipt["request_sha256"], receipt["as_of"], content, receipt["engine"]]
        assert found["quote_id"] == f"q_{sha256(chr(10).join(lines).encode())[:32]}"
        assert quoted(client, "yeshasvini", persons=7)["receipt"]["request_sha256"] != receipt["request_sha256"]

    def test_an_explanation_goes_down_to_the_scale(self, client: TestClient) -> None:
        node = quoted(client, "vdrc", explain=True)["explanation"]
        assert (node["name"], node["value"], node["inputs"]) == ("tariff_quote", "2100", {"persons": "7"})
        assert [(each["name"], each["value"]) for each in node["steps"]] == [
            ("amount_by_family_size", "300"),
            ("premium_for_each", "2100"),
            ("payment", "2100"),
        ]
        node = quoted(client, "nssf-shi", explain=True, income="1500000")["explanation"]
        assert [(each["name"], each["value"]) for each in node["steps"]] == [
            ("assessed_income", "1000000"),
            ("premium_on_income", "32000"),
        ]


class TestSchemes:
    def test_all_are_listed_with_what_a_question_needs(self, client: TestClient) -> None:
        schemes = answer(client.get(TARIFFS))["schemes"]
        assert [each["scheme"] for each in schemes] == list(SCHEMES)
        assert all(each["table"] == f"tariff-{each['scheme']}" and each["title"] for each in schemes)
        (scale,) = schemes[0]["scales"]
        assert scale == {
            "version": "tariff-brac@1", "effective_from": "2001-01-01", "effective_to": None, "currency": "BDT",
            "charged_for": "family", "period_months": 12, "classes": ["microfinance_member", "other_member"],
        }  # fmt: skip

    def test_the_list_has_a_tag_and_takes_no_query(self, client: TestClient) -> None:
        first = client.get(TARIFFS)
        assert client.get(TARIFFS, headers={"if-none-match": first.headers["etag"]}).status_code == 304
        assert client.head(TARIFFS).headers["etag"] == first.headers["etag"]
        assert_problem(client.get(TARIFFS, params={"as_of": "2026-12-01"}), 422, "invalid_request")


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, Body]:
    """A question to any scheme, mostly one that it answers."""
    scheme = draw(st.sampled_from(SCHEMES))
    names = {"brac": ["microfinance_member", "other_member"], "hip": ["automatic", "voluntary"]}
    names["nssf-shi"] = ["scenario_1", "scenario_2", "scenario_3"]
    body: Body = {"as_of": "2026-12-01"}
    if scheme in names or draw(st.integers(0, 9)) == 0:
        body["membership_class"] = draw(st.sampled_from([*names.get(scheme, []), "member"]))
    if (scheme == "nssf-shi") == (draw(st.integers(0, 19)) > 0):
        body["income"] = draw(st.decimals(0, 2_000_000, places=2).map(lambda income: format(income, "f")))
    else:
        body["persons"] = draw(st.integers(1, 12) | st.integers(1, 1000))
    if draw(st.booleans()):
        del body["as_of"]
        body["enrolment_month"] = f"{draw(st.integers(2010, 2030))}-{draw(st.integers(1, 12)):02d}"
    return scheme, body


def test_every_answer_is_what_the_contract_says(client: TestClient) -> None:
    contents = {scheme: answer(client.get(f"/v1/tables/tariff-{scheme}/versions/1"))["content"] for scheme in SCHEMES}

    @settings(broad, max_examples=150)
    @given(questions())
    def compare(asked: tuple[str, Body]) -> None:
        scheme, body = asked
        expected, response = quote(contents[scheme], body), ask(client, scheme, body)
        if isinstance(expected, Refused):
            assert pointers(assert_problem(response, 409, "not_in_tariff")) == [f"/{expected.field}"]
            return
        found, places = answer(response), contents[scheme]["decimal_places"]
        amounts = {"premium": expected.premium, "subsidy": expected.subsidy, "total": expected.total}
        for name, value in amounts.items():
            assert (found[name], found[f"{name}_exact"]) == (text(value, places), text(value, 12))
        assert [(each["payer"], each["subsidy"], each["amount"], each["amount_exact"]) for each in found["payers"]] == [
            (payer, subsidy, text(value, places), text(value, 12)) for payer, subsidy, value in expected.payers
        ]
        if expected.earned is None:
            assert found["earned"] is None
        else:
            months, earned = expected.earned
            rest = expected.premium - earned
            assert found["earned"] == {
                "months": months,
                "earned_premium": text(earned, places), "earned_premium_exact": text(earned, 12),
                "unearned_premium": text(rest, places), "unearned_premium_exact": text(rest, 12),
            }  # fmt: skip
        assert Decimal(found["total_exact"]) >= Decimal(found["premium_exact"])
        assert json.loads(response.content)["receipt"]["tables"] == {"tariff": f"tariff-{scheme}@1"}

    compare()
