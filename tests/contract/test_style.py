"""The contract keeps the house rules, and each rule notices what breaks it."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.contract import style

Document = dict[str, Any]
Rule = Callable[[Document], Iterator[str]]
QUOTES, RATE_CARD, TABLE = "/v1/mba/quotes", "/v1/mba/rate-card", "/v1/tables/{name}"


@pytest.mark.parametrize("rule", style.RULES, ids=lambda rule: rule.__name__)
def test_the_contract_keeps(rule: Rule, document: Document) -> None:
    assert list(rule(document)) == [], rule.__doc__


def put(*place: Any, value: Any) -> Callable[[Document], None]:
    """Put a value into a document; None takes out what is there."""

    def change(document: Document) -> None:
        for step in place[:-1]:
            document = document[step]
        if value is None:
            del document[place[-1]]
        else:
            document[place[-1]] = value

    return change


def operation(path: str, method: str, *place: Any, value: Any) -> Callable[[Document], None]:
    return put("paths", path, method, *place, value=value)


def schema(*place: Any, value: Any) -> Callable[[Document], None]:
    return put("components", "schemas", *place, value=value)


BROKEN: list[tuple[Rule, Callable[[Document], None]]] = [
    (style.the_document_says_what_it_is, put("openapi", value="3.0.3")),
    (style.the_document_says_what_it_is, put("servers", value=[{"url": "https://rielquote.example"}])),
    (style.the_document_says_what_it_is, put("info", "contact", value={"name": "Nobody"})),
    (style.the_document_says_what_it_is, put("info", "description", value=None)),
    (style.security_is_as_it_is, put("components", "securitySchemes", value={})),
    (style.security_is_as_it_is, put("components", "securitySchemes", "bearer", "scheme", value="basic")),
    (style.security_is_as_it_is, put("components", "securitySchemes", "bearer", "description", value="A key")),
    (style.security_is_as_it_is, put("security", value=[{"bearer": []}])),
    (style.security_is_as_it_is, operation(QUOTES, "post", "security", value=[{"bearer": []}])),
    (style.security_is_as_it_is, operation("/livez", "get", "security", value=[{}, {"bearer": []}])),
    (style.tags_are_declared, put("tags", 0, "description", value="")),
    (style.tags_are_declared, operation(QUOTES, "post", "tags", value=["mba", "tables"])),
    (style.tags_are_declared, operation(QUOTES, "post", "tags", value=["nothing"])),
    (style.operations_are_named, operation(QUOTES, "post", "operationId", value="quotes_v1_mba_quotes_post")),
    (style.operations_are_named, operation(QUOTES, "post", "operationId", value="getTable")),
    (style.operations_are_named, operation(QUOTES, "post", "summary", value=None)),
    (style.operations_are_named, operation(QUOTES, "post", "description", value="")),
    (style.parameters_are_described, operation(RATE_CARD, "get", "parameters", 0, "description", value=None)),
    (style.parameters_are_described, operation(TABLE, "get", "parameters", 0, "example", value=None)),
    (
        style.parameters_are_described,
        operation(RATE_CARD, "get", "parameters", 0, "schema", value={"type": ["string", "null"]}),
    ),
    (style.every_status_is_there, operation(QUOTES, "post", "responses", "413", value=None)),
    (style.every_status_is_there, operation(QUOTES, "post", "responses", "401", value=None)),
    (style.every_status_is_there, operation(QUOTES, "post", "responses", "403", value={})),
    (style.every_status_is_there, operation("/livez", "get", "responses", "401", value={})),
    (style.every_status_is_there, operation(TABLE, "get", "responses", "404", value=None)),
    (style.every_status_is_there, operation("/livez", "get", "responses", "500", value=None)),
    (style.every_status_has_a_form, operation(QUOTES, "post", "responses", "200", "content", value=None)),
    (style.every_status_has_a_form, operation(QUOTES, "post", "responses", "409", "description", value="Conflict")),
    (
        style.every_status_has_a_form,
        operation(QUOTES, "post", "responses", "422", "content", value={"application/json": {"schema": {"a": 1}}}),
    ),
    (style.headers_are_described, operation(QUOTES, "post", "responses", "503", "headers", "Retry-After", value=None)),
    (style.headers_are_described, operation(QUOTES, "post", "responses", "405", "headers", "Allow", value=None)),
    (
        style.headers_are_described,
        operation(QUOTES, "post", "responses", "401", "headers", "WWW-Authenticate", value=None),
    ),
    (style.headers_are_described, operation(TABLE, "get", "responses", "200", "headers", "ETag", value=None)),
    (style.headers_are_described, put("components", "headers", "Vary", "description", value=None)),
    (
        style.every_operation_is_shown,
        operation(QUOTES, "post", "requestBody", "content", "application/json", "examples", value=None),
    ),
    (
        style.every_operation_is_shown,
        operation(
            QUOTES, "post", "responses", "200", "content", "application/json", "examples", "plan_type", value=None
        ),
    ),
    (style.every_operation_is_shown, operation(TABLE, "get", "responses", "200", "content", value={"text/csv": {}})),
    (style.schemas_are_named, schema("Body_quote", value={"description": "Odd."})),
    (style.schemas_are_named, schema("HTTPValidationError", value={"description": "Odd."})),
    (style.schemas_are_named, schema("Leftover", value={"description": "Used by none."})),
    (style.schemas_are_named, schema("Receipt", "description", value=None)),
    (style.schemas_are_named, schema("Receipt", "additionalProperties", value=None)),
    (style.schemas_are_named, schema("Receipt", "properties", "as_of", "title", value="As Of")),
    (style.fields_are_described, schema("Receipt", "properties", "as_of", "description", value=None)),
    (style.fields_are_described, schema("Receipt", "properties", "as_of", "description", value="When.")),
    (style.fields_are_described, schema("Receipt", "properties", "known_at", "description", value="Instant.")),
    (style.fields_are_described, schema("Person", "properties", "age", "description", value="How old.")),
    (style.fields_are_described, schema("QuoteAnswer", "properties", "monthly_premium", "description", value="Price.")),
    (style.fields_are_described, schema("PremiumRequest", "properties", "interest_rate", "description", value="i.")),
    (style.fields_are_described, schema("Receipt", "properties", "d", value={"description": "A letter."})),
    (style.nulls_are_said_once, schema("Receipt", "properties", "known_at", "nullable", value=True)),
    (style.nulls_are_said_once, schema("Receipt", "properties", "known_at", "anyOf", value=[{"type": "null"}])),
    (style.unions_can_be_told_apart, schema("Pin", "anyOf", value=[{"type": "string"}, {"type": "string"}])),
    (style.unions_can_be_told_apart, schema("QuoteRequest", "oneOf", value=[{}])),
    (style.unions_can_be_told_apart, schema("Package", "description", value=None)),
    (style.rules_are_if_and_then, schema("QuoteRequest", "allOf", value=[{"required": ["package"]}])),
    (style.rules_are_if_and_then, schema("QuoteRequest", "not", value={"required": ["household"]})),
    (style.problems_are_shared, operation(QUOTES, "post", "responses", "405", value={"description": "No."})),
]


@pytest.mark.parametrize(("rule", "spoil"), BROKEN)
def test_a_rule_notices(rule: Rule, spoil: Callable[[Document], None], document: Document) -> None:
    spoiled = copy.deepcopy(document)
    spoil(spoiled)
    assert list(rule(spoiled))


def test_every_rule_is_tried() -> None:
    assert {rule for rule, _ in BROKEN} == set(style.RULES)
