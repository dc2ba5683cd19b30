"""What the documents say of the code is so: links, paths, names, bounds, codes, hashes, and the ways to add things."""

import ast
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest
from starlette.testclient import TestClient

from api.application import Application
from api.calculator import Calculator
from api.mba.quotes import Relation
from api.problems import PROBLEMS
from api.settings import Settings
from pricing import rounding
from tables.errors import CorruptTable
from tables.lint import RULES
from tables.numbers import Age, Rate
from tables.resolution import resolve_role
from tables.shipped import DATA, shipped_tables
from tables.snapshot import Snapshot
from tables.store import load, open_store, prepare
from tests.api.support import NAMED
from tests.docs.console import (
    CLAIMS,
    CONTRACT,
    CONTRIBUTING,
    GUIDES,
    README,
    ROOT,
    SETTINGS,
    TABLES,
    blocks,
    documents,
    prose,
    quoted,
    rows,
)

ROOMS = ("api", "tables", "pricing")
FOLDERS = (*ROOMS, "tests", "docs", "examples", "bench", "requirements")

DAY = date(2026, 12, 1)
QUOTES = (
    {"package": "F", "plan_type": "single", "as_of": "2026-12-01"},
    {"package": "D", "household": [{"relation": "member", "age": 40}, {"relation": "parent", "age": 70}]},
    {"package": "A", "plan_type": "couple", "tables": {"pricing_basis": "mba-pricing-basis-corrected"}},
    {"package": "C", "plan_type": "single_parent", "overrides": {"loadings": {"contingency": 0.10}}},
)
STAY = {"package": "F", "age": 30, "days": 3, "months_of_membership": 9, "months_paid": 5, "regular": False}
OTHERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("claims/death", {"package": "A", "age": 43, "cause": "natural", "months_paid": 7}),
    ("claims/disability", {"package": "A", "age": 43, "losses": ["thumb"]}),
    ("claims/hospitalization", STAY),
    ("equity-values", {"package": "F", "years_completed": 3}),
    ("reinsurance", {"year": 2005, "gross_premium": "1.005", "claims": []}),
    ("covenants", {"premium_income": 3, "operating_expenses": 1}),
)


def _code() -> str:
    files = (file for room in ROOMS for file in sorted((ROOT / room).rglob("*")) if file.suffix in {".py", ".toml"})
    return "".join(f"{file.relative_to(ROOT)}\n{file.read_text(encoding='utf-8')}" for file in files)


def _links(document: Path) -> Iterator[tuple[Path, str]]:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(document)):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield (document.parent / path if path else document).resolve(), anchor


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _named(dotted: str) -> Any:
    """What a dotted name such as `tables.numbers.MAX_DECIMALS` names."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        return found
    raise AssertionError(dotted)


def _contract_functions() -> dict[str, Any]:
    """The functions of the contract's Python block, as a partner would copy them."""
    ((_, code),) = blocks(CONTRACT, "python")
    names: dict[str, Any] = {}
    exec(compile(ast.parse(code), str(CONTRACT), "exec"), names)  # noqa: S102  (the document's own code)
    return names


def _values(answer: Any) -> Iterator[tuple[str, str]]:
    """Every text of an answer with its field's name."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            if isinstance(value, str):
                yield name, value
            yield from _values(value)
    elif isinstance(answer, list):
        for each in answer:
            yield from _values(each)


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_every_link_and_picture_is_there(document: Path) -> None:
    links = list(_links(document))
    assert [str(path) for path, _ in links if not path.exists()] == []
    assert [anchor for path, anchor in links if anchor and anchor not in _anchors(path)] == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_every_path_that_is_named_is_there(document: Path) -> None:
    paths = [token for token in quoted(prose(document)) if token.startswith(tuple(f"{each}/" for each in FOLDERS))]
    assert [path for path in paths if "<" not in path and not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", [README, CONTRACT, *GUIDES], ids=lambda path: path.name)
def test_every_name_of_the_code_is_in_the_code(document: Path) -> None:
    tokens = quoted(prose(document))
    for dotted in tokens:
        if re.fullmatch(rf"({'|'.join(ROOMS)})(\.\w+)+", dotted):
            assert _named(dotted) is not None
    code = _code()
    names = {token.removeprefix("@").removesuffix("()") for token in tokens}
    words = {name for name in names if re.fullmatch(r"[A-Za-z_]\w*", name) and not name.startswith("RIELQUOTE_")}
    assert words
    assert sorted(word for word in words if not re.search(rf"\b{word}\b", code)) == []


@pytest.mark.parametrize("document", [README, CONTRACT, *GUIDES], ids=lambda path: path.name)
def test_every_address_that_is_named_is_answered(document: Path, app: Application, client: TestClient) -> None:
    paths = app.openapi()["paths"]
    contract = paths | {path.format(**NAMED): paths[path] for path in paths if "{scheme}" in path}
    asked = [
        (match[1], match[2])
        for token in quoted(prose(document))
        if (match := re.fullmatch(r"(?:(GET|POST) )?(/[a-z][^?\s]*)(?:\?\S*)?", token))
    ]
    assert asked
    for method, path in asked:
        if path in contract:
            assert method is None or method.lower() in contract[path], path
        else:
            assert client.get(path).status_code == 200, path


def test_the_settings_are_those_of_the_code() -> None:
    stated = {quoted(name)[0]: default.strip("`") for name, default, _ in rows(SETTINGS, "variable")}
    fields = {f"RIELQUOTE_{name.upper()}": field.default for name, field in Settings.model_fields.items()}
    assert stated == {name: str(value).lower() if value != "" else "empty" for name, value in fields.items()}


def test_a_calculator_has_the_parts_that_are_listed() -> None:
    step = next(line for line in prose(CONTRIBUTING).split("\n\n") if "5. Calculator" in line).partition(
        "5. Calculator"
    )[2]
    parts = quoted(step.partition("6. ")[0])
    assert {"roles", "question", "formula", "fields"} <= set(parts) & set(Calculator.__dataclass_fields__)


def test_the_bounds_are_those_of_the_code() -> None:
    stated = {code: value for _, value, code in rows(CONTRACT, "bound")}
    assert {code: str(_named(quoted(code)[0])) for code in stated} == stated
    assert "A rate is from 0 to 1, an age from 0 to 120." in prose(CONTRACT)
    for kind, ends in ((Rate, (0, 1)), (Age, (0, 120))):
        bounds = {type(bound).__name__: bound for bound in get_args(kind)[1].metadata}
        assert (bounds["Ge"].ge, bounds["Le"].le) == ends


def test_the_household_rules_are_those_of_the_tables(snapshot: Snapshot) -> None:
    ages = resolve_role(snapshot, "packages", "mba-packages", DAY, None).assumptions.ages
    basis = resolve_role(snapshot, "pricing_basis", "mba-pricing-basis", DAY, None).assumptions
    stated = {quoted(name)[0]: band for name, band in rows(CONTRACT, "band")}
    assert stated == {name: str(getattr(ages, name)) for name in ("entry", "child", "adult", "elder")}
    text = " ".join(prose(CONTRACT).split())
    assert f"an average family of {basis.children_per_family} children" in text
    assert f"people under {ages.child.first_age} or over {ages.elder.last_age}" in text
    assert f"people under {ages.adult.first_age} who are not" in text
    section = text.partition("## Households")[2].partition(" | band")[0]
    assert set(get_args(Relation)) <= set(quoted(section))


def test_the_rounding_policies_are_those_of_the_code() -> None:
    policies = {name: each.places for name, each in vars(rounding).items() if isinstance(each, rounding.Rounding)}
    stated = {quoted(name)[0]: int(places) for name, places, _ in rows(CONTRACT, "policy")}
    assert stated == policies


def test_every_field_is_rounded_as_the_contract_says(client: TestClient) -> None:
    stated = {(field, int(places)) for _, places, fields in rows(CONTRACT, "policy") for field in quoted(fields)}
    answers = [client.post("/v1/mba/quotes", json={"as_of": "2026-12-01", **each}).json() for each in QUOTES]
    answers += [client.post(f"/v1/mba/{path}", json=body).json() for path, body in OTHERS]
    answers.append(client.post("/v1/mba/projections", json={"as_of": "2026-12-01"}).json())
    answers.append(client.post("/v1/nssf/cost-ratios", json={"year": 2010, "as_of": "2026-12-01"}).json())
    seen = {(name, len(value.partition(".")[2])) for answer in answers for name, value in _values(answer)}
    assert stated <= seen
    assert {shown for name, shown in seen if name.endswith("_exact")} == {rounding.EXACT.places}
    named = {field for field, _ in stated}
    assert {each for each in seen if each[0] in named} == stated


def test_the_codes_are_the_committed_list() -> None:
    stated = {quoted(code)[0]: int(status) for code, status, _ in rows(CONTRACT, "code")}
    assert stated == {code: problem.status for code, problem in PROBLEMS.items()}
    assert all(what_to_do for _, _, what_to_do in rows(CONTRACT, "code"))


def test_the_findings_are_those_of_the_checks() -> None:
    stated = {quoted(code)[0]: (severity, meaning) for code, severity, meaning in rows(TABLES, "finding")}
    assert stated == {code: (rule.severity, rule.meaning) for code, rule in RULES.items()}


def test_the_receipt_has_the_fields_that_are_described(client: TestClient) -> None:
    receipt = client.post("/v1/mba/quotes", json=QUOTES[0]).json()["receipt"]
    assert [name for field, _ in rows(CONTRACT, "field") for name in quoted(field)] == list(receipt)


@pytest.mark.parametrize("example", rows(CONTRACT, "address"), ids=lambda example: example[2])
def test_a_partner_can_recompute_request_hash_and_quote_id(example: list[str], client: TestClient) -> None:
    (address,), (request,), (question,) = map(quoted, example)
    answer = client.post(address, content=request, headers={"content-type": "application/json"}).json()
    contract, receipt = _contract_functions(), answer["receipt"]
    assert receipt["request_sha256"] == contract["sha256"](question.encode())
    assert contract["canonical_json"](json.loads(question)) == question.encode()
    if "quote_id" in answer:
        assert answer["quote_id"] == contract["quote_id"](json.loads(question), receipt)


@pytest.mark.parametrize("case", rows(CLAIMS, "claim"), ids=lambda case: case[1])
def test_a_claim_is_decided_as_the_document_says(case: list[str], client: TestClient) -> None:
    kind, *cells = case
    request, *said = (quoted(cell)[0] for cell in cells)
    claim = client.post(f"/v1/mba/claims/{kind}", json={"as_of": "2026-12-01", **json.loads(request)}).json()
    assert [claim[name] for name in ("decision", "reason", "benefit")] == said


def test_a_partner_can_recompute_the_hash_of_every_table(client: TestClient) -> None:
    sha256, canonical_json = (_contract_functions()[name] for name in ("sha256", "canonical_json"))
    names = [version for table in client.get("/v1/tables").json()["tables"] for version in table["versions"]]
    assert names
    for name in names:
        version = client.get(f"/v1/tables/{name.replace('@', '/versions/')}").json()
        assert sha256(canonical_json(version["content"])) == version["sha256"]


def test_a_version_is_added_as_the_readme_says(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    first = (data / "mba-loadings" / "1.toml").read_text(encoding="utf-8")
    changed = first.replace('commission = "0.15"', 'commission = "0.14"').replace("2026-11-22T", "2026-11-23T")
    second = data / "mba-loadings" / "2.toml"
    second.write_text(changed, encoding="utf-8")
    with pytest.raises(CorruptTable, match=r"2\.toml: states sha256 .* but its content has [0-9a-f]{64}$") as refused:
        shipped_tables(data)
    assert "but its content has" in " ".join(prose(README).split())
    second.write_text(re.sub('(?<=sha256 = ")[0-9a-f]+', str(refused.value)[-64:], changed), encoding="utf-8")

    store = open_store(f"sqlite:///{tmp_path / 'rielquote.db'}")
    prepare(store, shipped_tables())
    prepare(store, shipped_tables(data))
    snapshot = load(store)
    store.dispose()
    assert resolve_role(snapshot, "loadings", "mba-loadings", DAY, None).name == "mba-loadings@2"
