"""The OpenAPI document: valid, complete, and true of every answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from api.application import Application, create_app
from api.openapi import canonical
from api.problems import PROBLEMS
from tests.api.generators import OVERRIDES, ROLES
from tests.api.support import PACKAGES, PREMIUMS, QUOTES, RATE_CARD, answer, post

Document = dict[str, Any]
MEMBER = {"relation": "member", "birth_date": "1990-02-28"}
SAMPLES: list[tuple[str, str, Any]] = [
    ("post", QUOTES, {"package": "F", "plan_type": "single"}),
    ("post", QUOTES, {"package": "A", "household": [MEMBER, {"relation": "parent", "age": 70}], "explain": True}),
    *[("post", QUOTES, {"package": "F", "plan_type": "couple", "overrides": each}) for each in OVERRIDES],
    ("post", QUOTES, {"package": "F", "household": []}),
    ("post", QUOTES, {"package": "F", "plan_type": "single", "as_of": "2008-01-01"}),
    ("post", QUOTES, {"package": "G"}),
    ("post", QUOTES, b"{"),
    ("post", QUOTES, b" " * 65_537),
    ("post", PREMIUMS, {"age": 43, "natural_death_benefit": "1", "explain": True}),
    ("post", PREMIUMS, {"mortality_rate": 0.05, "accident_benefit": 1, "hospitalization_benefit": 1}),
    ("post", PREMIUMS, {"age": 100, "accident_benefit": 1}),
    ("post", PREMIUMS, {}),
    ("get", RATE_CARD, {}),
    ("get", RATE_CARD, {"table": "by_plan"}),
    ("get", RATE_CARD, {"pricing_basis": "mba-pricing-basis-corrected", "as_of": "2026-12-01"}),
    ("get", RATE_CARD, {"as_of": "x"}),
    ("get", RATE_CARD, {"as_of": "2008-01-01"}),
    ("get", PACKAGES, {"known_at": "2026-12-01T00:00:00Z"}),
    ("get", PACKAGES, {"known_at": "2020-12-01T00:00:00Z"}),
    ("get", "/v1/tables", {}),
    ("get", "/v1/tables/{name}", {}),
    ("get", "/v1/tables/{name}/versions", {}),
    ("get", "/v1/tables/{name}/versions/{version}", {}),
    ("get", "/v1/formulas", {}),
    ("get", "/v1/errata", {}),
    ("get", "/livez", {}),
    ("get", "/readyz", {}),
]


@pytest.fixture(scope="module")
def document(client: TestClient) -> Document:
    served: Document = answer(client.get("/openapi.json"))
    return served


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def schema(document: Document, reference: str) -> Document:
    """A component's schema."""
    found: Document = document["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def check(document: Document, of: Document, value: Any) -> None:
    """Assert that a value is what a schema of the document says."""
    validator = OAS31Validator({**of, "components": document["components"]}, format_checker=oas31_format_checker)
    assert [error.message for error in validator.iter_errors(value)] == []


def ask(client: TestClient, method: str, path: str, content: Any) -> Response:
    if method == "post":
        return post(client, path, content)
    return client.get(path.format(name="mba-packages", version="1"), params=content)


class TestDocument:
    def test_it_is_valid(self, document: Document) -> None:
        validate(document)
        assert document["openapi"].startswith("3.1.")

    def test_it_needs_no_store_and_no_start(self, document: Document, app: Application) -> None:
        assert create_app().openapi() == document
        assert canonical(app.openapi()).endswith(b"}\n")

    def test_every_operation_can_be_called_by_name(self, document: Document) -> None:
        names = [operation["operationId"] for _, _, operation in operations(document)]
        assert len(set(names)) == len(names)
        for _, _, operation in operations(document):
            assert operation["operationId"].isidentifier()
            assert operation["operationId"][0].islower()
            assert operation["summary"]
            assert operation["description"]
            assert len(operation["tags"]) == 1

    def test_the_calculators_keep_their_names(self, document: Document) -> None:
        names = {(method, path): operation["operationId"] for method, path, operation in operations(document)}
        assert names == {
            ("post", QUOTES): "createMbaQuote",
            ("post", PREMIUMS): "createMbaPremium",
            ("get", RATE_CARD): "getMbaRateCard",
            ("get", PACKAGES): "getMbaPackages",
            ("get", "/v1/tables"): "listTables",
            ("get", "/v1/tables/{name}"): "getTable",
            ("get", "/v1/tables/{name}/versions"): "listTableVersions",
            ("get", "/v1/tables/{name}/versions/{version}"): "getTableVersion",
            ("get", "/v1/formulas"): "listFormulas",
            ("get", "/v1/errata"): "listErrata",
            ("get", "/livez"): "getLiveness",
            ("get", "/readyz"): "getReadiness",
        }

    def test_every_error_answer_is_a_problem_with_its_codes(self, document: Document) -> None:
        problem = {"$ref": "#/components/schemas/ProblemDetails"}
        for _, path, operation in operations(document):
            errors = {status: each for status, each in operation["responses"].items() if status != "200"}
            assert errors, path
            for status, each in errors.items():
                assert list(each["content"]) == ["application/problem+json"], (path, status)
                assert each["content"]["application/problem+json"]["schema"] == problem
                codes = [code for code, kind in PROBLEMS.items() if kind.status == int(status)]
                assert codes
                assert all(code in each["description"] for code in codes)

    def test_the_errors_of_each_kind_of_operation(self, document: Document) -> None:
        statuses = {path: set(operation["responses"]) for _, path, operation in operations(document)}
        assert statuses[QUOTES] == statuses[PREMIUMS] >= {"400", "406", "409", "413", "415", "422", "503"}
        assert statuses[RATE_CARD] == statuses[PACKAGES] >= {"406", "409", "422", "503"}
        assert all(("404" in each) == ("{" in path) for path, each in statuses.items())

    def test_no_schema_is_left_over(self, document: Document) -> None:
        text = canonical(document).decode()
        unused = [name for name in document["components"]["schemas"] if f'"#/components/schemas/{name}"' not in text]
        assert unused == []

    def test_every_object_is_closed(self, document: Document) -> None:
        # A role's override is a merge patch: any object.
        is_open = [
            name
            for name, each in document["components"]["schemas"].items()
            if each.get("type") == "object" and each.get("additionalProperties") is not False
        ]
        assert is_open == ["MergePatch"]


class TestRoles:
    @pytest.mark.parametrize("path", [QUOTES, PREMIUMS])
    @pytest.mark.parametrize("field", ["tables", "overrides"])
    def test_pins_and_overrides_name_every_role(self, document: Document, path: str, field: str) -> None:
        body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        (reference,) = (each for each in schema(document, body["$ref"])["properties"][field]["anyOf"] if "$ref" in each)
        assert set(schema(document, reference["$ref"])["properties"]) == set(ROLES)

    @pytest.mark.parametrize(
        ("path", "names"),
        [(RATE_CARD, {"as_of", "known_at", "table", *ROLES}), (PACKAGES, {"as_of", "known_at", "packages"})],
    )
    def test_a_query_has_a_parameter_for_every_role(self, document: Document, path: str, names: set[str]) -> None:
        parameters = document["paths"][path]["get"]["parameters"]
        assert {each["name"] for each in parameters} == names
        assert all(each["in"] == "query" and not each.get("required") for each in parameters)


class TestAnswers:
    @pytest.mark.parametrize(("method", "path", "content"), SAMPLES)
    def test_what_is_answered_is_what_is_documented(
        self, client: TestClient, document: Document, method: str, path: str, content: Any
    ) -> None:
        response = ask(client, method, path, content)
        documented = document["paths"][path][method]["responses"][str(response.status_code)]
        media_type = response.headers["content-type"].partition(";")[0]
        assert media_type in documented["content"]
        value = response.text if media_type == "text/csv" else response.json()
        check(document, documented["content"][media_type]["schema"], value)

    def test_the_samples_cover_every_operation_and_most_errors(self, client: TestClient, document: Document) -> None:
        got = {(method, path, ask(client, method, path, each).status_code) for method, path, each in SAMPLES}
        assert {(method, path) for method, path, status in got if status == 200} == {
            (method, path) for method, path, _ in operations(document)
        }
        assert {status for _, _, status in got} >= {200, 400, 409, 413, 422}

    def test_what_is_sent_is_what_is_documented(self, client: TestClient, document: Document) -> None:
        for method, path, content in SAMPLES:
            if method == "post" and isinstance(content, dict) and post(client, path, content).status_code == 200:
                plain = {name: value for name, value in content.items() if name != "overrides"}
                body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
                check(document, body, plain)


class TestExamples:
    def test_every_request_shown_gets_the_answer_shown(self, client: TestClient, document: Document) -> None:
        for method, path, operation in operations(document):
            if method == "post":
                assert operation["requestBody"].get("required"), "a POST needs its body"
                body = operation["requestBody"]["content"]["application/json"]
                for name, example in body["examples"].items():
                    check(document, body["schema"], example["value"])
                    response = post(client, path, example["value"])
                    assert response.status_code == (409 if example["summary"].startswith("Refused") else 200)
                    (content,) = operation["responses"][str(response.status_code)]["content"].values()
                    assert content["examples"][name]["value"] == response.json()
                assert next(iter(body["examples"].values()))["summary"].partition(":")[0] != "Refused"

    def test_every_address_shown_gets_the_answer_shown(self, client: TestClient, document: Document) -> None:
        for method, path, operation in operations(document):
            if method == "get":
                shown = {
                    where: {
                        each["name"]: each["example"] for each in operation.get("parameters", []) if each["in"] == where
                    }
                    for where in ("path", "query")
                }
                for media_type, content in operation["responses"]["200"]["content"].items():
                    address, query = path.format(**shown["path"]), shown["query"]
                    response = client.get(address, params=query, headers={"accept": media_type})
                    assert response.status_code == 200
                    assert content["example"] == (response.text if media_type == "text/csv" else response.json())
