"""The committed contract: fresh, valid, and true to its own examples."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.application import create_app
from api.cli import main
from api.examples import is_keyed
from tests.api.support import golden
from tests.contract.conftest import COMMITTED

Document = dict[str, Any]


def messages(document: Document) -> Iterator[tuple[str, Document, Any]]:
    """Every example of a document: where it is, the schema that it is of, and itself."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", ()):
                yield f"{method} {path} {parameter['name']}", parameter["schema"], parameter["example"]
            said = {"request": operation.get("requestBody", {}), **operation["responses"]}
            for name, message in said.items():
                for media_type, content in message.get("content", {}).items():
                    where = f"{method} {path} {name} {media_type}"
                    if "example" in content:
                        yield where, content["schema"], content["example"]
                    for key, each in content.get("examples", {}).items():
                        yield f"{where} {key}", content["schema"], each["value"]


def _is_asked(methods: Document, method: str) -> bool:
    """Whether anybody may ask a path by a method."""
    return method in methods and not is_keyed(methods[method])


def posted(document: Document) -> Iterator[tuple[str, Any, int, Any]]:
    """Every example of a body: address, request, status, answer."""
    for path, methods in document["paths"].items():
        if _is_asked(methods, "post"):
            operation = methods["post"]
            for name, request in operation["requestBody"]["content"]["application/json"]["examples"].items():
                ((status, answer),) = (
                    (int(status), content["examples"][name]["value"])
                    for status, response in operation["responses"].items()
                    for content in response["content"].values()
                    if name in content.get("examples", {})
                )
                named = {each["name"]: each["example"] for each in operation.get("parameters", ())}
                yield path.format(**named), request["value"], status, answer


def test_it_is_what_the_service_exports_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else: `make openapi`, and look at what changed."""
    monkeypatch.setenv("RIELQUOTE_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    monkeypatch.setenv("RIELQUOTE_MAX_CONCURRENCY", "1")
    monkeypatch.setenv("RIELQUOTE_MAX_BODY_BYTES", "1024")
    monkeypatch.setenv("RIELQUOTE_CORS_ORIGINS", "*")
    monkeypatch.setenv("RIELQUOTE_REQUIRE_KEY", "true")
    exported = tmp_path / "openapi.json"
    assert CliRunner().invoke(main, ["openapi", "export", str(exported)]).exit_code == 0
    assert exported.read_bytes() == COMMITTED.read_bytes()


def test_the_service_serves_it(client: TestClient, contract: Document) -> None:
    assert client.get("/openapi.json").json() == contract


def test_who_asks_first_together_with_others_gets_it_whole(contract: Document) -> None:
    app = create_app()
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(app.openapi) for _ in range(8)]
    assert all(each.result() == contract for each in asked)


def test_an_error_that_any_request_can_get_is_written_once(contract: Document) -> None:
    said = [methods[method]["responses"]["405"] for methods in contract["paths"].values() for method in methods]
    assert all(each == {"$ref": "#/components/responses/Problem405"} for each in said)
    assert set(contract["components"]["responses"]["Problem405"]["headers"]) == {
        "Allow",
        "Cache-Control",
        "X-Request-Id",
    }


def test_it_is_openapi(contract: Document) -> None:
    assert list(OpenAPIV31SpecValidator(contract).iter_errors()) == []


def test_every_example_is_what_its_schema_says(document: Document) -> None:
    wrong = [
        f"{where}: {error.message}"
        for where, schema, value in messages(document)
        for error in OAS31Validator(
            {**schema, "components": document["components"]}, format_checker=oas31_format_checker
        ).iter_errors(value)
    ]
    assert wrong == []


def test_an_example_request_gets_its_example_answer(client: TestClient, document: Document) -> None:
    shown = list(posted(document))
    posts = {path.format(scheme="brac") for path, methods in document["paths"].items() if _is_asked(methods, "post")}
    assert {address for address, *_ in shown} == posts
    for address, request, status, answer in shown:
        response = client.post(address, json=request)
        assert (response.status_code, response.json()) == (status, answer)


def test_the_example_parameters_get_the_example_answer(client: TestClient, document: Document) -> None:
    for path, methods in document["paths"].items():
        if _is_asked(methods, "get") and not path.startswith("/v1/jobs/"):  # a job is there only after its roll
            given: dict[str, dict[str, Any]] = {"path": {}, "query": {}}
            for parameter in methods["get"].get("parameters", ()):
                given[parameter["in"]][parameter["name"]] = parameter["example"]
            for media_type, content in methods["get"]["responses"]["200"]["content"].items():
                headers = {"accept": media_type}
                response = client.get(path.format(**given["path"]), params=given["query"], headers=headers)
                answer = response.text if media_type == "text/csv" else response.json()
                assert answer == content["example"], f"{path} {media_type}"


def test_the_rate_card_that_is_shown_is_the_paper_s(document: Document) -> None:
    shown = document["paths"]["/v1/mba/rate-card"]["get"]["responses"]["200"]["content"]["application/json"]["example"]
    rows = [
        {
            "code": str(row["code"]),
            "plan_type": row["plan_type"] or "",
            "insured": row["insured"] or "",
            **row["monthly_premiums"],
        }
        for row in shown["by_plan"]
    ]
    assert rows == golden("table_9")


def pointed(value: Any, expression: str) -> Any:
    """What a runtime expression such as `$response.body#/tables/0/name` finds in an answer."""
    _, _, pointer = expression.partition("$response.body#/")
    for step in pointer.split("/"):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def test_every_link_leads_to_an_answer(client: TestClient, document: Document) -> None:
    paths = {
        operation["operationId"]: path for path, methods in document["paths"].items() for operation in methods.values()
    }
    followed = []
    for path, methods in document["paths"].items():
        if "get" not in methods:
            continue
        for link in methods["get"]["responses"]["200"].get("links", {}).values():
            answer = methods["get"]["responses"]["200"]["content"]["application/json"]["example"]
            given = {name: pointed(answer, expression) for name, expression in link["parameters"].items()}
            assert client.get(paths[link["operationId"]].format(**given)).status_code == 200, link
            followed.append(path)
    shown = [path for path, each in document["paths"].items() if path.startswith("/v1/tables") and "get" in each]
    assert followed == shown
