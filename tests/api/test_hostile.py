"""Values that have broken services: any of them, anywhere, is refused or answered at once, never a fault."""

import gc
import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.api.support import CANARY, PREMIUMS, QUOTES, RATE_CARD, answer, assert_problem, post

CPU_SECONDS = 0.05
CPU_SECONDS_FOR_THOUSANDS = 0.25
VALUES = [
    # numbers
    *("0", "-0", "-0.0", "-1", "1.5", "63.0", "1e400", "-1e400", "1e-400", "1E+1000000", "1E-1000000"),
    *("1E+99999999999", "1E999999", "-1E999999", "9E999999", "0E1000000", "0.0000000000000000000000001", "4.9e-324"),
    *("0e-999999999", "-0e-999999999", "0e-4999999"),
    *("9007199254740993", "18446744073709551616", "170141183460469231731687303715884105728", "1" + "0" * 400),
    *("9" * 4300, "9" * 20_000, "0." + "9" * 20_000, "0." + "0" * 20_000 + "1", "1" + "0" * 20_000 + ".0"),
    *("0.1234567890123456789", "123456789012345.6", "1e15", "999999999999999e-20", "1e-21"),
    # texts that look like numbers or dates
    *('""', '" "', '"1_000"', '"1,000"', '"1 000"', '"១២៣"', '"\\uff11"', '"٣"', '"+1"', '"--1"', '"1."', '".5"'),
    *('"0x10"', '"1e3"', '"1E+1000000"', '"NaN"', '"-NaN"', '"sNaN"', '"Infinity"', '"-inf"', '"1\\u00a0"', '"½"'),
    *('"' + "9" * 20_000 + '"', '"0.' + "0" * 20_000 + '"', '"2026-02-30"', '"2026-1-1"', '"20260101"', '"2026-W01-1"'),
    *('"0000-01-01"', '"10000-01-01"', '"2026-01-01T00:00:00Z"', '"0001-01-01T00:00:00Z"', '"2026-01-01T24:00:00Z"'),
    *('"9999-12-31T23:59:59.999999Z"', '"2016-12-31T23:59:60Z"', '"2026-01-01T00:00:00-23:59"', '"២០២៦-០១-០១"'),
    # other texts
    *('"F\\n"', '"f"', '"../../etc"'),
    *('"single "', '"\\ud83d\\ude00"', '"\\u202eF"', '"ﬀ"', '"null"', '"true"', '"__proto__"'),
    *('"\' OR 1=1 --"', '"{{7*7}}"', '"%s%n"', '"\\\\"', '"mba-packages@99999999999999999999"', '"mba-packages@1@1"'),
    # other kinds
    *("null", "true", "false", "[]", "{}", "[[]]", "[null]", '[""]', '{"":""}', '{"a":{"b":[{"c":null}]}}', "[1,2,3]"),
    *("[" * 100 + "]" * 100, '{"a":' * 100 + "1" + "}" * 100, "[" + "0," * 5_000 + "0]", '["mba-packages@1",1]'),
    '{"__class__":"x","$ref":"#"}',
]  # fmt: skip

QUOTE_FIELDS = {
    "package": "%s",
    "plan_type": "%s",
    "additional_persons": "%s",
    "additional_persons/15-65": '{"15-65":%s}',
    "household": "%s",
    "household/0": "[%s]",
    "household/0/age": '[{"relation":"member","age":%s}]',
    "household/0/birth_date": '[{"relation":"member","birth_date":%s}]',
    "household/0/relation": '[{"relation":%s,"age":30}]',
    "household/0/entry_age": '[{"relation":"member","age":30,"entry_age":%s}]',
    "as_of": "%s",
    "known_at": "%s",
    "explain": "%s",
    "tables": "%s",
    "tables/packages": '{"packages":%s}',
    "overrides": "%s",
    "overrides/packages": '{"packages":%s}',
    "overrides/packages/basic_benefit": '{"packages":{"basic_benefit":%s}}',
    "overrides/pricing_basis/interest_rate": '{"pricing_basis":{"interest_rate":%s}}',
    "overrides/pricing_basis/payments_per_year": '{"pricing_basis":{"payments_per_year":%s}}',
    "overrides/life_table/survivors": '{"life_table":{"survivors":%s}}',
    "overrides/life_table/survivors/44": '{"life_table":{"survivors":{"44":%s}}}',
}
PREMIUM_FIELDS = (
    "age",
    "mortality_rate",
    "insured",
    "natural_death_benefit",
    "accident_rate",
    "interest_rate",
    "safety_margin",
    "equity_value_loading",
)
MANY = 4_000


@pytest.fixture(scope="module", autouse=True)
def no_collector() -> Iterator[None]:
    """The measured time is the service's own."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def survives(client: TestClient, path: str, body: bytes, most_seconds: float = CPU_SECONDS) -> Response:
    """Assert that a body is answered with 200 or the right kind of problem, and at once."""
    started = time.process_time()
    response = post(client, path, body)
    seconds = time.process_time() - started
    if response.status_code != 200:
        assert response.status_code in {400, 409, 422}, (response.status_code, body[:200])
        assert_problem(response, response.status_code, response.json()["code"])
    assert seconds < most_seconds, (seconds, body[:200])
    return response


def test_there_are_many() -> None:
    assert len(set(VALUES)) == len(VALUES) >= 100


@pytest.mark.parametrize("field", QUOTE_FIELDS)
def test_in_a_field_of_a_quote(client: TestClient, field: str) -> None:
    name = field.partition("/")[0]
    body: dict[str, Any] = {"package": "F"} | ({} if name in ("household", "plan_type") else {"plan_type": "single"})
    for value in VALUES:
        inserted = orjson.Fragment(QUOTE_FIELDS[field].replace("%s", value).encode())
        survives(client, QUOTES, orjson.dumps({**body, name: inserted}))


@pytest.mark.parametrize("field", PREMIUM_FIELDS)
def test_in_a_field_of_a_premium(client: TestClient, field: str) -> None:
    body: dict[str, Any] = {"accident_benefit": 1, "natural_death_benefit": 1}
    body |= {} if field == "mortality_rate" else {"age": 43}
    for value in VALUES:
        survives(client, PREMIUMS, orjson.dumps({**body, field: orjson.Fragment(value.encode())}))


def test_as_the_whole_body(client: TestClient) -> None:
    for value in VALUES:
        assert survives(client, QUOTES, value.encode()).status_code in {400, 422}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (QUOTES, {f"{CANARY}{number}": 1 for number in range(MANY // 2)} | {"package": "F"}),
        (PREMIUMS, {f"{CANARY}{number}": 1 for number in range(MANY // 2)}),
        (QUOTES, {"package": "F", "plan_type": "single", "tables": {str(number): 1 for number in range(MANY)}}),
        (QUOTES, {"package": "F", "plan_type": "single", "overrides": {str(number): 1 for number in range(MANY)}}),
        (
            QUOTES,
            {
                "package": "F",
                "plan_type": "single",
                "overrides": {"packages": {str(number): 1 for number in range(MANY)}},
            },
        ),
        (QUOTES, {"package": "F", "household": [{str(number): 1 for number in range(100)}] * 40}),
        (QUOTES, {"package": "F", "household": [{}] * (MANY * 4)}),
        (
            QUOTES,
            {
                "package": "F",
                "plan_type": "single",
                "overrides": {"life_table": {"survivors": {str(number): "1" for number in range(MANY)}}},
            },
        ),
        (
            QUOTES,
            {
                "package": "F",
                "plan_type": "single",
                "overrides": {"packages": {"rules": {"death_exclusions": [CANARY] * 2_000}}},
            },
        ),
    ],
    ids=["fields", "premium", "tables", "overrides", "override", "persons", "household", "ages", "list"],
)
def test_thousands_of_mistakes_cost_little(client: TestClient, path: str, body: dict[str, Any]) -> None:
    survives(client, path, orjson.dumps(body), CPU_SECONDS_FOR_THOUSANDS)


def generated(number: int, value: str) -> str:
    """An object with that many keys that no table and no request has."""
    return "{" + ",".join(f'"k{key}":{value}' for key in range(number)) + "}"


@pytest.mark.parametrize(
    ("where", "filling"),
    [
        ('"plan_type":"single","overrides":{"life_table":{"survivors":HERE}}', generated(5_900, '""')),
        ('"plan_type":"single","overrides":{"pricing_basis":{"insured":HERE}}', generated(5_900, "{}")),
        ('"plan_type":"single","overrides":{"packages":{"ages":{"entry":HERE}}}', generated(6_400, "1")),
        ('"plan_type":"single","overrides":{"packages":{"rules":{"death_exclusions":HERE}}}', f"[{'1,' * 32_000}1]"),
        ('"household":[HERE]', ",".join([generated(170, "1")] * 40)),
        ('"k":HERE', generated(6_400, "1")),
        ("HERE", generated(6_400, "1")[1:-1]),
    ],
    ids=["survivors", "insured", "ages", "list", "household", "field", "fields"],
)
def test_the_largest_body_full_of_mistakes_is_refused_in_time(client: TestClient, where: str, filling: str) -> None:
    body = '{"package":"F",' + where.replace("HERE", filling) + "}"
    assert 55_000 < len(body) < 65_536
    survives(client, QUOTES, body.encode(), CPU_SECONDS)


def parts(content: Any, *path: str) -> Iterator[tuple[str, ...]]:
    """Where every value of a content stands, and every object."""
    yield path
    for name, value in content.items() if isinstance(content, dict) else ():
        yield from parts(value, *path, name)


@pytest.mark.parametrize("name", ["mba-packages", "mba-loadings", "mba-pricing-basis", "who-cambodia-2006"])
def test_in_every_cell_of_a_table(client: TestClient, name: str) -> None:
    table = answer(client.get(f"/v1/tables/{name}/versions/1"))
    plan = (
        b'{"package":"F","plan_type":"couple_with_children","additional_persons":{"15-65":1,"66-75":20},"overrides":%s}'
    )
    for path in parts(table["content"], table["kind"]):
        for value in ("0", "1", "-1", "999999", "1e-20", '"0.99999999999999999999"', "true", "[]", '"suan-2009-e99"'):
            patch = value
            for step in reversed(path):
                patch = f'{{"{step}":{patch}}}'
            survives(client, QUOTES, plan % patch.encode())


def test_in_a_query(client: TestClient) -> None:
    for value in VALUES:
        for name in ("as_of", "known_at", "table", "packages", CANARY):
            started = time.process_time()
            response = client.get(RATE_CARD, params={name: value[:2000].strip('"')})
            assert time.process_time() - started < CPU_SECONDS
            assert response.status_code in {200, 409, 422}
    many = "&".join(f"{CANARY}{number}=1" for number in range(1_000))
    started = time.process_time()
    assert_problem(client.get(f"{RATE_CARD}?{many}"), 422, "invalid_request")
    assert time.process_time() - started < CPU_SECONDS_FOR_THOUSANDS


@pytest.mark.parametrize(
    "accept", ["", ",", ";;;", "*", "q=1", "*/*;q=x", "*/*;q=nan", "*/*;q=inf", "*/*;q=1e9", "a/b," * 500]
)
def test_in_the_accept_header(client: TestClient, accept: str) -> None:
    started = time.process_time()
    response = client.get(RATE_CARD, headers={"accept": accept})
    assert time.process_time() - started < CPU_SECONDS
    assert response.status_code in {200, 406}
