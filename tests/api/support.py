"""What the tests of the service share: how a request is sent, and the one shape that every error has."""

import csv
import hashlib
import json
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import orjson
from httpx2 import Response
from starlette.testclient import TestClient

from api.problems import PROBLEMS

QUOTES, PREMIUMS = "/v1/mba/quotes", "/v1/mba/premiums"
PROJECTIONS = "/v1/mba/projections"
SENSITIVITY, SOLVE = f"{PROJECTIONS}/sensitivity", f"{PROJECTIONS}/solve"
STOCHASTIC = f"{PROJECTIONS}/stochastic"
RATE_CARD, PACKAGES = "/v1/mba/rate-card", "/v1/mba/packages"
DEATH, DISABILITY, HOSPITALIZATION = (f"/v1/mba/claims/{kind}" for kind in ("death", "disability", "hospitalization"))
EQUITY_VALUES, REINSURANCE, COVENANTS, BUDGET = (
    f"/v1/mba/{name}" for name in ("equity-values", "reinsurance", "covenants", "budget")
)
MEDICAL_COSTS = "/v1/shi/medical-costs"
MATERNITY, SICKNESS = (f"/v1/shi/cash-benefits/{kind}" for kind in ("maternity", "sickness"))
CONTRIBUTIONS, CASES = "/v1/nssf/contributions", "/v1/nssf/cases"
TEMPORARY, PERMANENT, SURVIVORS, FUNERAL = (
    f"/v1/nssf/benefits/{name}" for name in ("temporary-disability", "permanent-disability", "survivors", "funeral")
)
SCENARIOS = "/v1/shi/scenarios"
LIABILITIES, COST_RATIOS, INJURY_RATES, EXPENDITURE, AWARDS, INCOME_STATEMENT, INDEXATION, ECONOMY = (
    f"/v1/nssf/{name}"
    for name in (
        *(
            "liabilities",
            "cost-ratios",
            "injury-rates",
            "expenditure",
            "awards",
            "income-statement",
            "indexation",
            "economy",
        ),
    )
)
PILOT = "/v1/shi/pilot"
CIVIL_SERVANTS, NSSFC_BENEFITS = "/v1/shi/civil-servants", "/v1/nssfc/benefits"
SHI_PROJECTIONS = "/v1/shi/projections"
SHI_SENSITIVITY, SHI_SOLVE = (f"/v1/shi/cost-ratios/{name}" for name in ("sensitivity", "solve"))
INDICATORS = "/v1/monitoring/indicators"
CLAIMS_DEVELOPMENT = "/v1/monitoring/claims-development"
EARNED_PREMIUMS, CLAIMS, RENEWALS = (f"/v1/monitoring/{name}" for name in ("earned-premiums", "claims", "renewals"))
TARIFFS, TARIFF_QUOTES = "/v1/tariffs", "/v1/tariffs/{scheme}/quotes"
NAMED = {"name": "mba-packages", "version": "1", "scheme": "brac"}
"""What the parts of an address in braces may be."""
JSON = {"content-type": "application/json"}
CSV = {"content-type": "text/csv"}
AS_OF = "2026-12-01"
CANARY = "zz-canary-60d1"
"""Put into a request where nothing may ever echo it."""

_GOLDEN = Path(__file__).parent.parent / "golden" / "suan-2009"
_POINTER = re.compile(r"(/([^~/]|~0|~1)*)*")
_ALWAYS = {"type", "title", "status", "detail", "instance", "code"}
_MOST_ERRORS = 20


def json_bytes(body: Any) -> bytes:
    """JSON in which a Decimal is a number, written out digit by digit."""
    return orjson.dumps(body, default=lambda number: orjson.Fragment(format(number, "f")))


def post(client: TestClient, path: str, body: Any, **headers: str) -> Response:
    """Send a body (bytes as they are, anything else as JSON)."""
    content = body if isinstance(body, bytes) else json_bytes(body)
    return client.post(path, content=content, headers={**JSON, **headers})


def answer(response: Response) -> Any:
    """A good answer's JSON."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    return response.json()


def followed(document: Any) -> Any:
    """A contract in which each response stands where it is referred to."""
    shared = {f"#/components/responses/{name}": each for name, each in document["components"]["responses"].items()}
    paths: Any = json.loads(json.dumps(document["paths"]))
    for methods in paths.values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                operation["responses"][status] = shared.get(response.get("$ref"), response)
    return document | {"paths": paths}


def quoted(client: TestClient, **body: Any) -> Any:
    """The answer to a quote of package F unless it says otherwise."""
    return answer(post(client, QUOTES, {"package": "F", "as_of": AS_OF, **body}))


def assert_problem(response: Response, status: int, code: str) -> list[dict[str, str]]:
    """Assert the whole shape of an error answer; its `errors`, empty where it has none."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert CANARY not in response.text
    assert CANARY not in str(response.headers)
    problem = response.json()
    assert problem["code"] == code
    assert set(problem) - {"errors"} == _ALWAYS
    assert problem["type"] == f"urn:rielquote:problem:{code}"
    assert problem["title"] == PROBLEMS[code].title
    assert problem["status"] == status == PROBLEMS[code].status
    assert problem["instance"] == response.request.url.raw_path.decode().partition("?")[0]
    assert problem["detail"].endswith(".")
    assert "errors" in problem or status != 422, "a 422 names what is wrong"
    errors: list[dict[str, str]] = problem.get("errors", [])
    assert 1 <= len(errors) <= _MOST_ERRORS or "errors" not in problem
    assert all(error["detail"] in problem["detail"] for error in errors[:1]), "the sentence for people names the first"
    for error in errors:
        assert set(error) == {"pointer", "detail"}
        assert _POINTER.fullmatch(error["pointer"])
        assert error["detail"]
    return errors


def pointers(errors: list[dict[str, str]]) -> list[str]:
    """Where the errors are."""
    return [error["pointer"] for error in errors]


def canonical(value: Any) -> bytes:
    """Canonical JSON, written from its definition."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(text: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(text).hexdigest()


def rounded(value: str | Decimal, places: int) -> str:
    """Half up, as plain digits."""
    return format(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), "f")


def golden(name: str) -> list[dict[str, str]]:
    """Rows of a published table, typed from the paper."""
    with (_GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        next(lines)  # what the table is
        return list(csv.DictReader(lines))
