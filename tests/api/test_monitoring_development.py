"""`POST /v1/monitoring/claims-development`: a triangle worked by hand, its bounds and its forms."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.support import AS_OF, CLAIMS_DEVELOPMENT, answer, assert_problem, pointers, post

TRIANGLE = [["100", "150", "165"], ["110", "165"], ["120"]]
"""f1 = 315 / 210 = 1.5, f2 = 165 / 150 = 1.1."""


def developed(client: TestClient, **body: Any) -> Any:
    return answer(post(client, CLAIMS_DEVELOPMENT, {"triangle": TRIANGLE, "as_of": AS_OF, **body}))


def short(value: str) -> str:
    return value.rstrip("0").rstrip(".")


def test_a_triangle_is_developed_by_its_factors(client: TestClient) -> None:
    found = developed(client)
    assert list(map(short, found["development_factors"])) == ["1.5", "1.1"]
    assert list(map(short, found["to_ultimate_factors"])) == ["1.65", "1.1", "1"]
    names = ("latest", "to_ultimate", "ultimate", "reserve")
    assert [(each["origin"], *(short(each[name]) for name in names)) for each in found["origins"]] == [
        (1, "165", "1", "165", "0"),
        (2, "165", "1.1", "181.5", "16.5"),
        (3, "120", "1.65", "198", "78"),
    ]
    assert [short(found[name]) for name in ("latest", "ultimate", "reserve")] == ["450", "544.5", "94.5"]
    assert found["regular"] is True
    assert found["receipt"]["tables"] == {}


def test_incremental_claims_are_added_up(client: TestClient) -> None:
    same = developed(client, triangle=[["100", "50", "15"], ["110", "55"], ["120"]], incremental=True)
    assert {**same, "receipt": 0} == {**developed(client), "receipt": 0}


def test_claims_may_grow_after_the_last_period(client: TestClient) -> None:
    found = developed(client, tail="1.2")
    assert short(found["to_ultimate_factors"][2]) == "1.2"
    assert short(found["reserve"]) == "203.4"


@pytest.mark.parametrize(
    ("rows", "regular", "reserve"),
    [
        ([["100", "150", "165"], ["110", "165", "181.5"], ["120"]], False, "78"),
        ([["100", "150", "165"], ["110", "165"]], True, "16.5"),
        ([["7"]], True, "0"),
        ([["120"], ["100", "150", "165"], ["110", "165"]], False, "94.5"),
    ],
)
def test_rows_of_any_length_are_developed_and_said(client: TestClient, rows: Any, regular: bool, reserve: str) -> None:
    found = developed(client, triangle=rows)
    assert (found["regular"], short(found["reserve"])) == (regular, reserve)


def test_claims_that_are_taken_back_give_a_reserve_below_0(client: TestClient) -> None:
    found = developed(client, triangle=[["100", "80"], ["50"]])
    assert short(found["reserve"]) == "-10"


@pytest.mark.parametrize(
    ("rows", "period"),
    [([["0", "5"], ["3"]], "1"), ([["2", "0", "5"], ["3"]], "2"), ([["2", "4"], ["-2", "1"]], "1")],
)
def test_nothing_is_developed_from_nothing(client: TestClient, rows: Any, period: str) -> None:
    response = post(client, CLAIMS_DEVELOPMENT, {"triangle": rows, "as_of": AS_OF})
    errors = assert_problem(response, 409, "nothing_developed")
    assert pointers(errors) == ["/triangle"]
    assert errors[0]["detail"].startswith(f"The claims at the end of development period {period} add up to 0")


def test_as_csv(client: TestClient) -> None:
    response = post(client, CLAIMS_DEVELOPMENT, {"triangle": TRIANGLE, "as_of": AS_OF}, accept="text/csv")
    header, first, *_ = response.text.splitlines()
    assert header == "origin,latest,to_ultimate,ultimate,reserve"
    assert first.startswith("1,165.000000000000,1.0")


def test_it_is_explained(client: TestClient) -> None:
    found = developed(client, explain=True)
    root = found["explanation"]
    assert (root["value"], root["steps"][0]["inputs"]) == ("94.5", {"later": "315", "earlier": "210"})


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"triangle": []}, "/triangle"),
        ({"triangle": [[]]}, "/triangle/0"),
        ({"triangle": [["x"]]}, "/triangle/0/0"),
        ({"triangle": [["1"]] * 61}, "/triangle"),
        ({"triangle": [["1"]], "tail": "10"}, "/tail"),
        ({"triangle": [["1"]], "incremental": 1}, "/incremental"),
    ],
)
def test_what_is_no_triangle(client: TestClient, body: Any, pointer: str) -> None:
    assert pointers(assert_problem(post(client, CLAIMS_DEVELOPMENT, body), 422, "invalid_request")) == [pointer]
