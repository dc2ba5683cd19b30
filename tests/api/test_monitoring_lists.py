"""Lists of a portfolio: earned premium, claims, renewals; as JSON and as CSV, in and out, row by row."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from pricing.monitoring.earned import Entry, earned_by_entry_month
from tests.api.support import (
    AS_OF,
    CLAIMS,
    CSV,
    EARNED_PREMIUMS,
    INDICATORS,
    RENEWALS,
    answer,
    assert_problem,
    pointers,
    post,
)

YEAR = {"first_month": "2006-01", "months": 12}
LISTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    EARNED_PREMIUMS: (YEAR, {"entry_month": "2006-03", "premium": "120"}),
    CLAIMS: ({}, {"provider": "A", "service": "medicines", "month": "2006-01", "claims": 2, "cost": "5"}),
    RENEWALS: ({}, {"cohort": "2006-01", "contracts_due": 5, "contracts_renewed": 4}),
}


def asked(client: TestClient, path: str, **body: Any) -> Any:
    return answer(post(client, path, {**LISTS[path][0], "as_of": AS_OF, **body}))


def as_csv(client: TestClient, path: str, **body: Any) -> list[list[str]]:
    response = post(client, path, {**LISTS[path][0], "as_of": AS_OF, **body}, accept="text/csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(response.text)))


def short(value: str | None) -> str | None:
    return value and (value.rstrip("0").rstrip(".") if "." in value else value)


def test_a_year_of_monthly_enrolment(client: TestClient) -> None:
    """1,200 a month of entry, a twelfth of it earned in each month."""
    months = ["2004-12", "2005-07", "2006-01", "2006-02", "2006-12"]
    earned = asked(client, EARNED_PREMIUMS, rows=[{"entry_month": month, "premium": "1200"} for month in months])
    found = earned["entry_months"]
    assert [
        (each["entry_month"], each["months_earned"], *(short(each[name]) for name in COLUMNS)) for each in found
    ] == [
        ("2004-12", 0, "0", "0", "0", "0"),
        ("2005-07", 6, "0", "600", "600", "0"),
        ("2006-01", 12, "1200", "0", "1200", "0"),
        ("2006-02", 11, "1200", "0", "1100", "100"),
        ("2006-12", 1, "1200", "0", "100", "1100"),
    ]  # fmt: skip
    totals = ("premiums", "opening_unearned_premium_reserve", "closing_unearned_premium_reserve",
              "change_in_unearned_premium_reserve", "earned_premium")  # fmt: skip
    assert [short(earned[name]) for name in totals] == ["3600", "600", "1200", "-600", "3000"]
    assert earned["receipt"]["tables"] == {"portfolio_terms": "hmis-portfolio-terms@1"}


COLUMNS = ("premiums", "opening_unearned_premium", "earned_premium", "closing_unearned_premium")


def test_a_premium_may_cover_another_time(client: TestClient) -> None:
    rows = [
        {"entry_month": "2006-11", "premium": "90", "term_months": 3},
        {"entry_month": "2006-11", "premium": "10", "term_months": 3},
        {"entry_month": "2006-11", "premium": "12"},
    ]
    found = asked(client, EARNED_PREMIUMS, rows=rows)["entry_months"]
    assert [(each["term_months"], short(each["premium"]), short(each["earned_premium"])) for each in found] == [
        (3, "100", "66.666666666667"),
        (12, "12", "2"),
    ]
    table = {"portfolio_terms": {"premium_term_months": 6}}
    found = asked(client, EARNED_PREMIUMS, rows=rows[2:], overrides=table)["entry_months"]
    assert short(found[0]["earned_premium"]) == "4"


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 10**6), st.integers(1, 36)), max_size=5),
    st.integers(20, 40),
    st.integers(0, 24),
)
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
def test_premium_is_earned_in_parts_that_add_up(contracts: list[tuple[int, int, int]], first: int, length: int) -> None:
    """C = A + B; and what one period leaves unearned the next begins with."""
    entries = [Entry(month, Decimal(premium), term) for month, premium, term in contracts if month <= first + length]
    period = earned_by_entry_month(entries, first, first + length)
    tiny = Decimal("1e-20")
    assert abs(period.earned - sum(each.earned for each in period.months)) < tiny
    following = earned_by_entry_month(entries, first + length + 1, first + length + 1)
    assert abs(following.opening - period.closing) < tiny


LISTING = [
    ("Hospital", "programmed_hospitalizations", "2010-02", 10, "600"),
    ("Centre", "medicines", "2010-01", 60, "90"),
    ("Centre", "outpatient_care", "2010-02", 70, "140"),
    ("Centre", "outpatient_care", "2010-01", 50, "110"),
    ("Centre", "outpatient_care", "2010-02", 10, "60"),
]
CLAIM_NAMES = ("provider", "service", "month", "claims", "cost")
CLAIM_ROWS = [dict(zip(CLAIM_NAMES, row, strict=True)) for row in LISTING]


def test_claims_by_provider_and_service(client: TestClient) -> None:
    """200 claims cost 1,000."""
    listing = asked(client, CLAIMS, rows=CLAIM_ROWS, beneficiaries=400)

    def lines(table: str) -> list[Any]:
        figures = ("share_of_claims", "cost", "share_of_cost", "average_cost", "frequency")
        return [
            (each["provider"], each["service"], each["claims"], *(short(each[name]) for name in figures))
            for each in listing[table]
        ]

    assert lines("by_provider_and_service") == [
        ("Centre", "outpatient_care", 130, "0.65", "310", "0.31", "2.384615384615", "0.325"),
        ("Centre", "medicines", 60, "0.3", "90", "0.09", "1.5", "0.15"),
        ("Hospital", "programmed_hospitalizations", 10, "0.05", "600", "0.6", "60", "0.025"),
    ]
    assert [each[1:3] for each in lines("by_service")] == [
        ("outpatient_care", 130),
        ("medicines", 60),
        ("programmed_hospitalizations", 10),
    ]
    assert lines("by_provider") == [
        ("Centre", None, 190, "0.95", "400", "0.4", "2.105263157895", "0.475"),
        ("Hospital", None, 10, "0.05", "600", "0.6", "60", "0.025"),
    ]
    total = listing["total"]
    assert (total["claims"], short(total["cost"]), short(total["average_cost"])) == (200, "1000", "5")
    assert listing["by_provider_and_service"][0]["months"] == [
        {"month": "2010-01", "claims": 50, "cost": "110.000000000000"},
        {"month": "2010-02", "claims": 80, "cost": "200.000000000000"},
    ]


def test_nothing_is_divided_by_no_claims_and_no_beneficiaries(client: TestClient) -> None:
    for beneficiaries in (0, None):
        nothing = {**CLAIM_ROWS[0], "claims": 0, "cost": "0"}
        (line,) = asked(client, CLAIMS, rows=[nothing], beneficiaries=beneficiaries)["by_service"]
        shown = ("share_of_claims", "share_of_cost", "average_cost", "frequency")
        assert [line[name] for name in shown] == [None] * 4


def test_the_services_are_the_table_s(client: TestClient) -> None:
    body: dict[str, Any] = {"rows": [{**CLAIM_ROWS[0], "service": "dentist"}, CLAIM_ROWS[1]]}
    listing = asked(client, CLAIMS, **body)
    (refused,) = listing["refused_rows"]
    assert refused["row"] == 1
    assert refused["detail"].startswith("service must be one of outpatient_care, medicines, ")
    assert listing["total"]["claims"] == 60
    services = {"portfolio_terms": {"services": ["medicines", "dentist"]}}
    assert asked(client, CLAIMS, **body, overrides=services)["refused_rows"] == []


def test_renewals_by_cohort_and_promoter(client: TestClient) -> None:
    lists = [("2010-02", "B", 40, 36), ("2010-01", "A", 100, 80), ("2010-01", "B", 60, 40), ("2010-03", None, 0, 0)]
    names = ("cohort", "promoter", "contracts_due", "contracts_renewed")
    renewed = asked(client, RENEWALS, rows=[dict(zip(names, row, strict=True)) for row in lists])

    def counts(each: Any) -> tuple[Any, ...]:
        return each["contracts_due"], each["contracts_lapsed"], short(each["renewal_rate"]), short(each["lapse_rate"])

    assert [(each["cohort"], *counts(each)) for each in renewed["cohorts"]] == [
        ("2010-01", 160, 40, "0.75", "0.25"),
        ("2010-02", 40, 4, "0.9", "0.1"),
        ("2010-03", 0, 0, None, None),
    ]
    assert [(each["promoter"], *counts(each)) for each in renewed["promoters"]] == [
        ("A", 100, 20, "0.8", "0.2"),
        ("B", 100, 24, "0.76", "0.24"),
    ]
    assert counts(renewed["total"]) == (200, 44, "0.78", "0.22")
    assert (renewed["verdict"], short(renewed["short_by"])) == ("short", "0.02")


@pytest.mark.parametrize(("renewed", "verdict"), [(8, "meets"), (7, "short")])
def test_the_renewal_rate_of_all_is_held_against_the_benchmark(client: TestClient, renewed: int, verdict: str) -> None:
    row = {"cohort": "2010-01", "contracts_due": 10, "contracts_renewed": renewed}
    assert asked(client, RENEWALS, rows=[row])["verdict"] == verdict
    assert asked(client, RENEWALS, rows=[])["verdict"] == "not_applicable"


@pytest.mark.parametrize("path", LISTS)
def test_csv_in_is_the_same_as_rows(client: TestClient, path: str) -> None:
    row = LISTS[path][1]
    text = f"\ufeff{','.join(row)}\r\n\r\n{' , '.join(map(str, row.values()))}\r\n"
    found, same = asked(client, path, csv=text), asked(client, path, rows=[row])
    for each in (found, same):
        del each["receipt"]
    assert found == same


QUERIES: dict[str, dict[str, Any]] = {EARNED_PREMIUMS: YEAR, CLAIMS: {"beneficiaries": 400}, RENEWALS: {}}


def sent_as_csv(client: TestClient, path: str, text: str | bytes, query: Any = None, **headers: str) -> Response:
    """A list as the body itself; the rest is the query's."""
    asked_for = {"as_of": AS_OF, **QUERIES[path]} if query is None else query
    return client.post(path, content=text, params=asked_for, headers={**CSV, **headers})


def text_of(path: str) -> str:
    row = LISTS[path][1]
    return f"{','.join(row)}\n{','.join(map(str, row.values()))}\n"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("more", ["", "; charset=UTF-8", ';charset="utf-8"', "; header=present"])
def test_a_body_of_csv_is_the_field_csv(client: TestClient, path: str, more: str) -> None:
    """The same answer to the byte, with the same hash of the question."""
    sent = sent_as_csv(client, path, text_of(path), **{"content-type": f"text/csv{more}"})
    role = "benchmarks" if path == RENEWALS else "portfolio_terms"
    whole = {"csv": text_of(path), **QUERIES[path], "as_of": AS_OF}
    assert sent.content == post(client, path, whole).content
    pin = answer(sent)["receipt"]["tables"][role]
    pinned = sent_as_csv(client, path, text_of(path), {**QUERIES[path], "as_of": AS_OF, role: pin})
    assert pinned.content == post(client, path, {**whole, "tables": {role: pin}}).content
    shown = sent_as_csv(client, path, text_of(path), accept="text/csv")
    assert shown.content == post(client, path, whole, accept="text/csv").content


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "status", "code", "pointer"),
    [
        ({"as_of": "2026-1-1"}, 422, "invalid_request", "/as_of"),
        ({"as_of": ""}, 422, "invalid_request", "/as_of"),
        ({"rows": "1"}, 422, "invalid_request", ""),
        ({"csv": "a"}, 422, "invalid_request", ""),
        ({"overrides": "a"}, 422, "invalid_request", ""),
        ({"as_of": "1999-12-31"}, 409, "no_coverage", "/as_of"),
    ],
)
def test_a_query_that_is_none(
    client: TestClient, path: str, query: dict[str, str], status: int, code: str, pointer: str
) -> None:
    response = sent_as_csv(client, path, text_of(path), {**QUERIES[path], **query})
    assert pointers(assert_problem(response, status, code)) == [pointer]


def test_beside_csv_the_query_says_what_the_list_needs(client: TestClient) -> None:
    text = text_of(EARNED_PREMIUMS)
    for query, missing in (({}, ["/first_month", "/months"]), ({"months": "12"}, ["/first_month"])):
        response = sent_as_csv(client, EARNED_PREMIUMS, text, query)
        assert pointers(assert_problem(response, 409, "query_incomplete")) == missing
    response = sent_as_csv(client, EARNED_PREMIUMS, text, {"first_month": "2006-01", "months": "0"})
    assert pointers(assert_problem(response, 422, "invalid_request")) == ["/months"]
    by_service = sent_as_csv(client, CLAIMS, text_of(CLAIMS), {"table": "by_service", "as_of": AS_OF})
    assert by_service.headers["content-type"] == "text/csv; charset=utf-8"


def test_beside_json_the_query_is_read_and_not_used(client: TestClient) -> None:
    body = {"rows": CLAIM_ROWS, "as_of": AS_OF}
    plain = post(client, CLAIMS, body)
    assert post(client, f"{CLAIMS}?beneficiaries=7", body).content == plain.content
    response = post(client, f"{CLAIMS}?beneficiaries=x", body)
    assert pointers(assert_problem(response, 422, "invalid_request")) == ["/beneficiaries"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("media_type", ["text/plain", "text/csv; charset=latin-1", "application/csv", "text/csvx"])
def test_another_media_type_is_not_taken(client: TestClient, path: str, media_type: str) -> None:
    response = sent_as_csv(client, path, text_of(path), **{"content-type": media_type})
    assert_problem(response, 415, "unsupported_media_type")
    assert "text/csv" in response.json()["detail"]


def test_where_no_list_is_asked_csv_is_not_taken(client: TestClient) -> None:
    assert_problem(post(client, INDICATORS, b"a", **CSV), 415, "unsupported_media_type")


@pytest.mark.parametrize("path", LISTS)
def test_a_body_of_csv_is_bounded_and_text(client: TestClient, path: str) -> None:
    assert_problem(sent_as_csv(client, path, b"x" * 65_537), 413, "body_too_large")
    assert_problem(sent_as_csv(client, path, b"caf\xe9"), 422, "invalid_request")


@pytest.mark.parametrize("column", ["term_months", "promoter"])
def test_a_column_that_may_be_empty(client: TestClient, column: str) -> None:
    path, filled = {"term_months": (EARNED_PREMIUMS, "3"), "promoter": (RENEWALS, "North")}[column]
    row = LISTS[path][1]
    cells = ",".join(map(str, row.values()))
    text = f"{','.join(row)},{column}\n{cells},{filled}\n{cells},\n"
    typed = int(filled) if filled.isdigit() else filled
    found = asked(client, path, csv=text)
    same = asked(client, path, rows=[{**row, column: typed}, row])
    assert found["refused_rows"] == []
    for each in (found, same):
        del each["receipt"]
    assert found == same


@pytest.mark.parametrize("path", LISTS)
def test_a_bad_row_is_refused_and_the_rest_counted(client: TestClient, path: str) -> None:
    row = {name: str(value) for name, value in LISTS[path][1].items()}
    month, number = next(iter({"entry_month", "month", "cohort"} & set(row))), list(row)[-1]
    lines = [row, {**row, month: "2006-13"}, {**row, number: "x"}, {**row, number: ""}, row]
    text = "\n".join([",".join(row), *(",".join(each.values()) for each in lines), "a"])
    refused = asked(client, path, csv=text)["refused_rows"]
    assert [each["row"] for each in refused] == [2, 3, 4, 6]
    assert refused[0]["detail"] == f'{month} must be a month as "2010-01", from 1900 to 2099.'
    assert all(each["detail"].startswith(f"{number} ") for each in refused[1:3])
    assert refused[3]["detail"] == f"It has 1 cells, and the header {len(row)}."
    shown = as_csv(client, path, csv=text)
    assert [line[-2] for line in shown] == ["row", "", "2", "3", "4", "6"]
    assert [line[-1] for line in shown[2:]] == [each["detail"] for each in refused]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("change", ["missing", "unknown", "twice"])
def test_a_header_that_is_none_of_the_list_s(client: TestClient, path: str, change: str) -> None:
    names = list(LISTS[path][1])
    header = {"missing": names[1:], "unknown": [*names, "x"], "twice": [*names, names[0]]}[change]
    refused = asked(client, path, csv=f"{','.join(header)}\n{','.join('1' for _ in header)}")["refused_rows"]
    assert [each["row"] for each in refused] == [0, 1]
    assert refused[0]["detail"].startswith("The header is not one of this list: its columns are ")
    fault = {"missing": "is missing", "unknown": f"column {len(header)} is none of these", "twice": "stands twice"}
    assert refused[0]["detail"].endswith(f"{fault[change]}.")
    assert refused[1]["detail"] == "The header cannot be used."


@pytest.mark.parametrize("text", ["", "\n", "2006-01,1200\n", "sep=|\nentry_month|premium\n"])
def test_a_list_without_a_header_is_never_an_empty_list(client: TestClient, text: str) -> None:
    refused = asked(client, EARNED_PREMIUMS, csv=text)["refused_rows"]
    assert refused[0]["row"] == 0
    assert refused[0]["detail"].endswith("entry_month is missing; premium is missing.")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffentry_month;premium\r\n2006-01;1200\r\n2006-02;1200\r\n",
        "sep=;\nentry_month;premium\n2006-01;1200\n2006-02;1200",
        '"sep=,"\r\nentry_month,premium\r\n2006-01,1200\r\n2006-02,1200',
        "entry_month\tpremium\n2006-01\t1200\n2006-02\t1200\n",
        "entry_month,premium\r2006-01,1200\r2006-02,1200\r",
        "\n;;\nentry_month;premium;;\n;;;\n2006-01;1200;;\n   \n2006-02;1200;;\n;;;\n",
        'premium , entry_month\n"1200", 2006-01\n1200,"2006-02\n"\n',
    ],
)
def test_csv_as_spreadsheets_write_it(client: TestClient, text: str) -> None:
    found = asked(client, EARNED_PREMIUMS, csv=text)
    assert found["refused_rows"] == []
    assert short(found["earned_premium"]) == "2300"


def test_an_open_quote_takes_no_other_row_along(client: TestClient) -> None:
    text = 'entry_month,premium\n2006-01,1200\n2006-01,"1200\n"2006-01" ,1200\n\n2006-02,1200\n2006-13,1\n'
    found = asked(client, EARNED_PREMIUMS, csv=text)
    assert [(each["row"], each["detail"]) for each in found["refused_rows"]] == [
        (2, "The row's quotes do not match."),
        (3, "The row's quotes do not match."),
        (5, 'entry_month must be a month as "2010-01", from 1900 to 2099.'),
    ]
    assert short(found["earned_premium"]) == "2300"


def test_rows_that_contradict_themselves_or_the_period_are_refused(client: TestClient) -> None:
    rows = [{"cohort": "2010-01", "contracts_due": 1, "contracts_renewed": 2}]
    assert asked(client, RENEWALS, rows=rows)["refused_rows"] == [
        {"row": 1, "detail": "contracts_renewed is more than contracts_due."}
    ]
    entries = [{"entry_month": month, "premium": "1"} for month in ("2006-12", "2007-01")]
    late = asked(client, EARNED_PREMIUMS, rows=entries)
    assert late["refused_rows"] == [{"row": 2, "detail": "entry_month is after the period."}]
    assert short(late["premiums"]) == "1"


def test_a_list_has_a_limit(client: TestClient) -> None:
    rows = "\n".join(["2010-01,1,1"] * 2001)
    renewed = asked(client, RENEWALS, csv=f"cohort,contracts_due,contracts_renewed\n{rows}")
    assert renewed["total"]["contracts_due"] == 2000
    assert [each["row"] for each in renewed["refused_rows"]] == [2001]
    row = LISTS[RENEWALS][1]
    assert asked(client, RENEWALS, rows=[row] * 500)["total"]["contracts_due"] == 2500
    response = post(client, RENEWALS, {"rows": [row] * 501})
    assert pointers(assert_problem(response, 422, "invalid_request")) == ["/rows"]


def test_what_cannot_be_read_as_csv_is_refused_from_there_on(client: TestClient) -> None:
    text = "cohort,contracts_due,contracts_renewed\n2010-01,1,1\n" + "x" * 200_000
    response = post(client, RENEWALS, {"csv": text})
    assert response.status_code in {413, 422}
    sound = asked(client, RENEWALS, csv="cohort,contracts_due,contracts_renewed\n2010-01,1,1\n2010-01,\x00,1\n")
    assert [each["row"] for each in sound["refused_rows"]] == [2]


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@x", "\uff1dx", "-1x"])
def test_no_cell_of_a_csv_answer_is_a_formula(client: TestClient, name: str) -> None:
    _header, line = as_csv(client, CLAIMS, rows=[{**CLAIM_ROWS[0], "provider": name}])
    assert line[0] == f"'{name}"
    assert asked(client, CLAIMS, rows=[{**CLAIM_ROWS[0], "provider": name}])["by_provider"][0]["provider"] == name


def test_figures_below_0_stay_figures_in_csv(client: TestClient) -> None:
    _header, line = as_csv(client, CLAIMS, rows=[{**CLAIM_ROWS[0], "provider": "-12"}])
    assert line[0] == "-12"


@pytest.mark.parametrize(("table", "lines"), [("by_service", 3), ("by_provider", 2), ("by_provider_and_service", 3)])
def test_naming_a_table_asks_for_csv(client: TestClient, table: str, lines: int) -> None:
    response = post(client, CLAIMS, {"rows": CLAIM_ROWS, "table": table, "as_of": AS_OF})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(response.text.splitlines()) == 1 + lines
    default = as_csv(client, CLAIMS, rows=CLAIM_ROWS)
    assert default[0][:3] == ["provider", "service", "claims"]
    assert len(default) == 4


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("form", [{}, {"rows": [], "csv": "a"}])
def test_a_list_has_one_form(client: TestClient, path: str, form: Any) -> None:
    response = post(client, path, {**LISTS[path][0], **form})
    assert pointers(assert_problem(response, 422, "invalid_request")) == [""]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_explained(client: TestClient, path: str) -> None:
    explained = asked(client, path, rows=[LISTS[path][1]], explain=True)["explanation"]
    assert explained["steps"]
    assert explained["value"] in {"100", "5", "meets"}


def test_a_row_that_is_none_is_refused_with_the_whole_request(client: TestClient) -> None:
    rows = [{"cohort": "2010-01", "contracts_due": 1, "contracts_renewed": -1}, {"cohort": "2010-1"}]
    found = pointers(assert_problem(post(client, RENEWALS, {"rows": rows}), 422, "invalid_request"))
    assert found[:2] == ["/rows/0/contracts_renewed", "/rows/1/cohort"]
