"""House rules of the contract. Each yields what breaks it, in words."""

import re
from collections.abc import Iterator
from typing import Any

from api.problems import PROBLEMS

Document = dict[str, Any]

VERBS = ("create", "delete", "get", "list", "publish", "replace", "return", "submit", "withdraw")
SCHEMA = "#/components/schemas/"
ANY_REQUEST = {400, 405, 406, 408, 431, 500, 503}
GUARDED = {401}
BODY = {409, 413, 415, 422}
QUERY = {409, 422}
OPEN = {"MergePatch", "RollRow"}  # any object; a row's own columns come back
NEVER_KEPT = {"/livez", "/readyz"}
ROLLS, JOBS = "/v1/mba/quotes/batch", "/v1/jobs/"
GOING = {"Retry-After": "Retry-After-While-Going"}
MADE = {"ETag": "ETag", "Location": "Location-Of-Version"}
TAKEN = {"Location": "Location", "Preference-Applied": "Preference-Applied"} | GOING

_AMOUNT = re.compile(r"\b(KHR|USD|fraction|multiple|number of)\b", re.IGNORECASE)
_COUNT = re.compile(r"\b(years|months|days|hours|number|HTTP status)\b", re.IGNORECASE)
_DATE = re.compile(r"\bdate\b", re.IGNORECASE)
_INSTANT = re.compile(r"\bUTC\b")
# Age bands as the tariff writes them; anything else is a plain name. A single letter has broken a generated client.
_FIELD = re.compile(r"[a-z][a-z0-9]+(_[a-z0-9]+)*|[0-9]+-[0-9]+")
_ODD_NAMES = re.compile(r"^Body_|ValidationError$|-(Input|Output)$|__")


KEYED = {
    "createTableVersion": ["author"],
    "replaceTableVersion": ["author"],
    "deleteTableVersion": ["author"],
    "submitTableVersion": ["author"],
    "returnTableVersion": ["publish"],
    "publishTableVersion": ["publish"],
    "withdrawTableVersion": ["publish"],
    "listDrafts": ["author", "publish"],
    "listAudit": ["admin"],
}
"""Operations that always need a key, with the roles any of which will do."""


def good(method: str, operation: Document) -> int:
    """The status of a good answer."""
    return 201 if operation["operationId"] == "createTableVersion" else 204 if method == "delete" else 200


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Path, method and description of every operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def schemas(document: Document) -> Iterator[tuple[str, Document]]:
    """Every schema with its place, those inside others too."""
    for name, schema in document["components"]["schemas"].items():
        yield from _inside(name, schema)
    for path, method, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            yield from _inside(f"{method} {path} {parameter['name']}", parameter["schema"])


def properties(document: Document) -> Iterator[tuple[str, Document]]:
    """Every field of every schema, with its place."""
    for place, schema in schemas(document):
        if schema.get("type") == "object":
            for name, field in schema.get("properties", {}).items():
                yield f"{place}.{name}", field


def _inside(place: str, schema: Document) -> Iterator[tuple[str, Document]]:
    yield place, schema
    for keyword in ("items", "additionalProperties", "not", "if", "then", "else"):
        if isinstance(schema.get(keyword), dict):
            yield from _inside(f"{place} {keyword}", schema[keyword])
    for keyword in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for position, each in enumerate(schema.get(keyword, ())):
            yield from _inside(f"{place} {keyword} {position}", each)
    for name, each in schema.get("properties", {}).items():
        yield from _inside(f"{place}.{name}", each)


def _choices(document: Document, schema: Document) -> list[Document]:
    """What a value may be: references and unions followed, null left out."""
    if "$ref" in schema:
        return _choices(document, document["components"]["schemas"][schema["$ref"].removeprefix(SCHEMA)])
    if "anyOf" in schema:
        return [choice for each in schema["anyOf"] for choice in _choices(document, each)]
    return [] if schema.get("type") == "null" else [schema]


def the_document_says_what_it_is(document: Document) -> Iterator[str]:
    """Version 3.1, served from where it is; no contact, licence or terms that nobody gave."""
    if not document["openapi"].startswith("3.1."):
        yield "not OpenAPI 3.1"
    if document["servers"] != [{"url": "/"}]:
        yield "servers: not where the document is"
    yield from (f"info: {name}" for name in set(document["info"]) - {"title", "version", "description"})
    if not document["info"].get("description"):
        yield "info: no description"
    if "://" in str({name: part for name, part in document.items() if name != "info"}):
        yield "an address of another service"


def security_is_as_it_is(document: Document) -> Iterator[str]:
    """An API key as a bearer token, which a service may ask for under /v1/ and nowhere else; each operation says so."""
    schemes = document["components"].get("securitySchemes", {})
    if {name: (scheme["type"], scheme.get("scheme")) for name, scheme in schemes.items()} != {
        "bearer": ("http", "bearer")
    }:
        yield "security schemes: not one bearer"
    yield from (f"scheme {name}" for name, scheme in schemes.items() if not scheme.get("description", "").endswith("."))
    if "security" in document:
        yield "security: of the document, where each operation states its own"
    for path, method, operation in operations(document):
        wanted: list[Document] = [{}, {"bearer": []}] if path.startswith("/v1/") else []
        if operation.get("operationId") in KEYED:
            wanted = [{"bearer": [role]} for role in KEYED[operation["operationId"]]]
        if operation.get("security") != wanted:
            yield f"{method} {path}: security"


def tags_are_declared(document: Document) -> Iterator[str]:
    """One tag for each operation, declared with a description; none without operations."""
    declared = {tag["name"]: tag.get("description", "") for tag in document["tags"]}
    yield from (f"tag {name}: no description" for name, description in declared.items() if not description)
    used = set()
    for path, method, operation in operations(document):
        tags = operation.get("tags", [])
        used.update(tags)
        if len(tags) != 1 or tags[0] not in declared:
            yield f"{method} {path}: tags {tags}"
    yield from (f"tag {name}: not used" for name in set(declared) - used)


def operations_are_named(document: Document) -> Iterator[str]:
    """An operationId of verb and noun, unique; a summary without a full stop; a description with one."""
    seen = set()
    for path, method, operation in operations(document):
        place, name = f"{method} {path}", operation.get("operationId", "")
        if not re.fullmatch(rf"({'|'.join(VERBS)})([A-Z][a-z0-9]+)+", name):
            yield f"{place}: operationId {name!r}"
        if name in seen:
            yield f"{place}: operationId {name!r} twice"
        seen.add(name)
        if not operation.get("summary") or operation["summary"].endswith("."):
            yield f"{place}: summary"
        if not operation.get("description", "").endswith("."):
            yield f"{place}: description"


def parameters_are_described(document: Document) -> Iterator[str]:
    """A description, an example, and no null, which an address cannot say."""
    for path, method, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            place = f"{method} {path} {parameter['name']}"
            if not parameter.get("description", "").endswith("."):
                yield f"{place}: description"
            if parameter.get("example") is None:
                yield f"{place}: example"
            if "null" in str(parameter["schema"]):
                yield f"{place}: null"


def every_status_is_there(document: Document) -> Iterator[str]:
    """The statuses that an operation can give, no others."""
    for path, method, operation in operations(document):
        wanted = {good(method, operation)} | ANY_REQUEST
        is_keyed, is_changing = operation["operationId"] in KEYED, "{version}" in path and method != "get"
        wanted |= {403} if is_keyed else set()
        wanted |= {409, 412, 428} if is_changing else set()
        wanted |= {202} if path == ROLLS else set()  # a job
        wanted |= {409} if path.endswith("/result") else set()  # the job has no answer
        wanted |= {409} if path.endswith("/diff") else set()  # the tables are of two kinds
        wanted |= GUARDED if path.startswith("/v1/") else set()
        wanted |= BODY if "requestBody" in operation or path == ROLLS else set()
        wanted |= {404} if "{" in path and operation["operationId"] != "createTableVersion" else set()
        wanted |= QUERY if any(each["name"] == "as_of" for each in operation.get("parameters", ())) else set()
        wanted |= {422} if path.startswith("/v1/") else set()  # a query that it does not take
        stated = {int(status) for status in operation["responses"]}
        if stated != wanted:
            yield f"{method} {path}: {sorted(stated ^ wanted)} missing or too many"


def every_status_has_a_form(document: Document) -> Iterator[str]:
    """A media type with a schema; errors are problems, each with the codes of its status."""
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            place, content = f"{method} {path} {status}", response.get("content", {})
            if status == "204":
                if content:
                    yield f"{place}: a form of nothing"
                continue
            if not content or not all(each.get("schema") for each in content.values()):
                yield f"{place}: form"
            if not response.get("description"):
                yield f"{place}: description"
            if status in {"200", "201", "202"}:
                continue
            schema = {"$ref": f"{SCHEMA}ProblemDetails"}
            if {media_type: each.get("schema") for media_type, each in content.items()} != {
                "application/problem+json": schema
            }:
                yield f"{place}: not a problem"
            codes = {code for code, problem in PROBLEMS.items() if str(problem.status) == status}
            if set(re.findall(r"`([a-z_]+)`", response["description"])) != codes:
                yield f"{place}: codes"


def headers_are_described(document: Document) -> Iterator[str]:
    """The headers of each status, all of them components with description and schema."""
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            wanted = {"X-Request-Id", "Cache-Control"}
            wanted |= {"401": {"WWW-Authenticate"}, "405": {"Allow"}, "503": {"Retry-After"}}.get(status, set())
            if (status, method) == ("200", "get") and path not in NEVER_KEPT and not path.startswith(JOBS):
                wanted |= {"ETag", "Vary"}
            named = {name: name for name in wanted}
            named |= TAKEN if (status, path) == ("202", ROLLS) else {}
            named |= {"ETag": "ETag"} if status == "200" and "{version}" in path else {}
            named |= MADE if status == "201" else {}
            named |= GOING if (status, method, path) == ("200", "get", f"{JOBS}{{id}}") else {}
            references = {name: {"$ref": f"#/components/headers/{component}"} for name, component in named.items()}
            if response.get("headers") != references:
                yield f"{method} {path} {status}: headers"
    for name, header in document["components"]["headers"].items():
        if not header.get("description", "").endswith(".") or not header.get("schema"):
            yield f"header {name}"


def every_operation_is_shown(document: Document) -> Iterator[str]:
    """Each body by examples with a good one among them, each with its answer; each other good answer by one."""
    for path, method, operation in operations(document):
        answers = {
            (status, name)
            for status, response in operation["responses"].items()
            for content in response.get("content", {}).values()
            for name in content.get("examples", {})
        }
        body = operation.get("requestBody", {"content": {}})["content"].get("application/json", {})
        requests = set(body.get("examples", {}))
        if requests != {name for _, name in answers} or len(answers) != len(requests):
            yield f"{method} {path}: requests and answers shown differ"
        if "requestBody" in operation and str(good(method, operation)) not in {status for status, _ in answers}:
            yield f"{method} {path}: no good request shown"
        if (
            "requestBody" not in operation
            and good(method, operation) != 204
            and not path.endswith("/result")
            and any("example" not in each for each in operation["responses"]["200"]["content"].values())
        ):
            yield f"{method} {path}: no answer shown"


def schemas_are_named(document: Document) -> Iterator[str]:
    """Plain names, descriptions, nothing left over, no titles, objects closed but for a merge patch."""
    text = str(document)
    for name, schema in document["components"]["schemas"].items():
        if _ODD_NAMES.search(name) or not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
            yield f"schema {name}: name"
        if not re.fullmatch(r"[^\n]+\.", schema.get("description", "")):
            yield f"schema {name}: description"
        if f"'{SCHEMA}{name}'" not in text:
            yield f"schema {name}: not used"
        if schema.get("type") == "object" and (schema.get("additionalProperties") is not False) != (name in OPEN):
            yield f"schema {name}: open"
    yield from (f"{place}: title" for place, schema in schemas(document) if "title" in schema)


def fields_are_described(document: Document) -> Iterator[str]:
    """A plain name and a description; with the unit, where there is one."""
    for place, field in properties(document):
        if not _FIELD.fullmatch(place.rpartition(".")[2]):
            yield f"{place}: name"
        said = field.get("description", "")
        if not re.search(r"[.:]$|\.\n", said):
            yield f"{place}: description"
        for choice in _choices(document, field):
            kind, form = choice.get("type"), choice.get("format")
            amount = kind == "number" or (kind == "string" and "[0-9]+(\\.[0-9]+)?" in choice.get("pattern", ""))
            if amount and not _AMOUNT.search(said):
                yield f"{place}: unit of an amount, a rate or a number"
            if kind == "integer" and not _COUNT.search(said):
                yield f"{place}: unit of a count"
            if form == "date" and not _DATE.search(said):
                yield f"{place}: that it is a date"
            if form == "date-time" and not _INSTANT.search(said):
                yield f"{place}: its time zone"


def nulls_are_said_once(document: Document) -> Iterator[str]:
    """Null is a choice beside one other, as JSON Schema has it; `left out` is no default."""
    for place, schema in schemas(document):
        if "nullable" in schema or schema.get("default", ...) is None:
            yield f"{place}: null as in OpenAPI 3.0, or as a default"
        choices = schema.get("anyOf", [])
        if {"type": "null"} in choices and len(choices) != 2:
            yield f"{place}: null among several"


def unions_can_be_told_apart(document: Document) -> Iterator[str]:
    """The choices of a union differ in their JSON type; enumerations are described."""
    for place, schema in schemas(document):
        if "oneOf" in schema:
            yield f"{place}: oneOf"
        kinds = [choice.get("type") for choice in _choices(document, schema)] if "anyOf" in schema else []
        if len(set(kinds)) != len(kinds) or None in kinds:
            yield f"{place}: a union of {kinds}"
        if "enum" in schema and not (schema.get("description") or place.startswith(("get ", "post "))):
            yield f"{place}: enumeration without a description"


def rules_are_if_and_then(document: Document) -> Iterator[str]:
    """What fields say of each other is said by `if`, `then` and `else`, which generators of clients pass over.

    `allOf` is inheritance to them, and a `not` that names fields a model of its own: openapi-generator ends there.
    """
    for place, schema in schemas(document):
        yield from (f"{place}: {keyword}" for keyword in ("allOf", "not") if keyword in schema)


def problems_are_shared(document: Document) -> Iterator[str]:
    """An error without examples of its own is the same wherever it can be given."""
    shared = document["components"]["responses"]
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            own = any("examples" in content for content in response.get("content", {}).values())
            if status[0] != "2" and not own and response != shared.get(f"Problem{status}"):
                yield f"{method} {path} {status}: not the shared one"


RULES = (
    the_document_says_what_it_is,
    security_is_as_it_is,
    tags_are_declared,
    operations_are_named,
    parameters_are_described,
    every_status_is_there,
    every_status_has_a_form,
    headers_are_described,
    every_operation_is_shown,
    schemas_are_named,
    fields_are_described,
    nulls_are_said_once,
    unions_can_be_told_apart,
    rules_are_if_and_then,
    problems_are_shared,
)
