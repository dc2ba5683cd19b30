"""Every error answer: one shape, its own code, nothing of what was sent."""

import asyncio
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from httpx2 import Request, Response
from starlette.testclient import TestClient
from starlette.types import Message, Receive

from api.application import Application, create_app
from api.authentication import Guard
from api.openapi import needs
from api.problems import PROBLEMS
from api.roll.forms import Form
from api.settings import Settings
from tables.keys import PREFIX_DIGITS, SECRET_DIGITS, Key, digest
from tests.api.rolls import send
from tests.api.support import (
    CANARY,
    CASES,
    CIVIL_SERVANTS,
    CLAIMS_DEVELOPMENT,
    CONTRIBUTIONS,
    COST_RATIOS,
    CSV,
    DISABILITY,
    EARNED_PREMIUMS,
    INDEXATION,
    INJURY_RATES,
    JSON,
    PERMANENT,
    PREMIUMS,
    PROJECTIONS,
    QUOTES,
    RATE_CARD,
    REINSURANCE,
    SCENARIOS,
    SHI_PROJECTIONS,
    SHI_SENSITIVITY,
    SHI_SOLVE,
    SOLVE,
    SURVIVORS,
    TARIFF_QUOTES,
    assert_problem,
    json_bytes,
    pointers,
    post,
)

PLAN = {"package": "F", "plan_type": "single", "as_of": "2026-12-01"}
RISK = {"age": 43, "natural_death_benefit": 1, "accident_benefit": 1}
YEAR = {"year": 2005, "gross_premium": 1, "claims": []}
WAGE = {"monthly_wage": 300_000, "sector": "services", "period": "2011-01"}
LOSS = {"monthly_reference_wage": 300_000, "loss_of_working_capacity_percent": 30, "age": 30}
INJURY = {"monthly_reference_wage": 300_000, "age": 30, "date_of_injury": "2011-03-14"}
LIMIT = 65_536
PATIENCE_SECONDS = 20

# The committed list: a code, once released, keeps its status.
STATUSES = {
    "malformed_http": 400,
    "preflight_refused": 400,
    "malformed_json": 400,
    "malformed_arrow": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "own_version": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "request_timeout": 408,
    "accident_rate_above_mortality": 409,
    "age_outside_life_table": 409,
    "age_outside_multipliers": 409,
    "employer_not_covered": 409,
    "impossible_case": 409,
    "loss_of_working_capacity_out_of_range": 409,
    "no_survivors": 409,
    "amount_too_large": 409,
    "annual_limit_out_of_range": 409,
    "checks_failed": 409,
    "collection_above_all": 409,
    "cost_ratio_out_of_reach": 409,
    "date_conflict": 409,
    "draft_pinned": 409,
    "enrolment_too_large": 409,
    "impossible_claim": 409,
    "government_share_too_low": 409,
    "idempotency_key_reused": 409,
    "job_failed": 409,
    "job_not_finished": 409,
    "loadings_too_high": 409,
    "no_benefits": 409,
    "no_change": 409,
    "no_coverage": 409,
    "no_solution": 409,
    "not_eligible": 409,
    "not_in_tariff": 409,
    "nothing_developed": 409,
    "query_incomplete": 409,
    "override_invalid": 409,
    "prices_vanish": 409,
    "table_conflict": 409,
    "table_unknown": 409,
    "version_invalid": 409,
    "version_status": 409,
    "version_unknown": 409,
    "withdrawals_too_high": 409,
    "wrong_kind": 409,
    "year_not_covered": 409,
    "year_not_projected": 409,
    "zero_divisor": 409,
    "precondition_failed": 412,
    "body_too_large": 413,
    "row_too_long": 413,
    "unsupported_media_type": 415,
    "invalid_request": 422,
    "precondition_required": 428,
    "headers_too_large": 431,
    "internal_error": 500,
    "deadline_passed": 503,
    "not_ready": 503,
    "overloaded": 503,
    "store_unavailable": 503,
    "too_many_connections": 503,
}
ON_A_SOCKET = {"malformed_http", "headers_too_large", "too_many_connections"}
"""Codes below the application: test_limits provokes them."""
OF_JOBS = {"idempotency_key_reused", "job_failed", "job_not_finished"}
"""Codes of what goes on after its request: tests/jobs provokes them."""
OF_CHANGES = {
    *("checks_failed", "own_version", "table_conflict", "version_invalid", "version_status"),
    *("precondition_failed", "precondition_required", "store_unavailable"),
}
"""Codes of what changes tables: test_lifecycle and test_table_reports provoke them."""


def fails(*_args: Any, **_named: Any) -> NoReturn:
    """Something unexpected, with input in its message."""
    raise RuntimeError(CANARY)


def pinned(client: TestClient, loadings: str) -> Response:
    return post(client, QUOTES, {**PLAN, "tables": {"loadings": loadings}})


def before_start(_client: TestClient) -> Response:
    return TestClient(create_app()).get("/readyz")


def broken(client: TestClient) -> Response:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.mba.premiums.individual_premium", fails)
        return post(client, PREMIUMS, RISK)


async def no_body() -> Message:
    """A client that sends nothing more."""
    return await asyncio.Future()


async def hung_up() -> Message:
    return {"type": "http.disconnect"}


async def sent_by(
    app: Application, receive: Receive, method: str = "POST", path: str = QUOTES, **headers: str
) -> list[Message]:
    """What the application sends when a request's body is received so."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    fields = {"content-type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw_headers = [(name.encode(), value.encode()) for name, value in fields.items()]
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "headers": raw_headers}
    scope |= {"query_string": b"", "http_version": "1.1", "scheme": "http", "root_path": ""}
    async with asyncio.timeout(PATIENCE_SECONDS):
        await app(scope, receive, send)
    return sent


def received(sent: list[Message]) -> Response:
    """The response that a client reads from what was sent."""
    headers = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    request = Request("POST", f"http://testserver{QUOTES}")
    return Response(sent[0]["status"], headers=headers, content=sent[1]["body"], request=request)


def overloaded(_client: TestClient) -> Response:
    """The second request where one may be worked on."""
    app = create_app(Settings(max_concurrency=1))

    async def two() -> list[Message]:
        began = asyncio.Event()

        async def slow_body() -> Message:
            began.set()
            return await no_body()

        first = asyncio.create_task(sent_by(app, slow_body))
        await began.wait()
        try:
            return await sent_by(app, no_body)
        finally:
            first.cancel()

    return received(asyncio.run(two()))


def too_slow(_client: TestClient) -> Response:
    return received(asyncio.run(sent_by(create_app(Settings(body_seconds=0.01)), no_body)))


def too_long(client: TestClient) -> Response:
    """A deadline that nobody can keep."""
    assert isinstance(client.app, Application)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client.app.state.running.pool, "_seconds", 0.001)
        return post(client, SOLVE, {"solve_for": "members"})


def foreign_page(_client: TestClient) -> Response:
    """What a browser asks for a page of an origin that the settings do not name."""
    client = TestClient(create_app(Settings(cors_origins="https://ours.example")))
    headers = {"origin": f"https://{CANARY}.example", "access-control-request-method": "POST"}
    return client.options(QUOTES, headers=headers)


def with_a_key_of_another_role(_client: TestClient) -> Response:
    """What only a key that publishes may do; nothing under /v1/ is that today."""
    app = create_app()
    app.add_api_route("/v1/published", fails, methods=["POST"], response_model=None, openapi_extra=needs("publish"))
    app.guard = Guard(app.state.running, app.routes, require_key=False)
    key = f"rq_{'0' * PREFIX_DIGITS}_{'0' * SECRET_DIGITS}"
    app.state.running.known_keys = {"0" * PREFIX_DIGITS: Key(digest(key.encode()), "read", None, "A partner")}
    return TestClient(app).post("/v1/published", headers={"authorization": f"Bearer {key}"})


def quote(**more: Any) -> Callable[[TestClient], Response]:
    return lambda client: post(client, QUOTES, {**PLAN, **more})


def premium(**more: Any) -> Callable[[TestClient], Response]:
    return lambda client: post(client, PREMIUMS, {**RISK, **more})


POINTING = {
    "year_not_covered",
    "annual_limit_out_of_range",
    "government_share_too_low",
    "collection_above_all",
    "cost_ratio_out_of_reach",
    "date_conflict",
    "impossible_claim",
    "impossible_case",
    "employer_not_covered",
    "loss_of_working_capacity_out_of_range",
    "draft_pinned",
    "invalid_request",
    "no_benefits",
    "no_change",
    "no_coverage",
    "not_eligible",
    "not_in_tariff",
    "nothing_developed",
    "query_incomplete",
    "override_invalid",
    "table_unknown",
    "version_unknown",
    "wrong_kind",
    "year_not_projected",
}
PROVOKED: dict[str, Callable[[TestClient], Response]] = {
    "malformed_json": lambda client: post(client, QUOTES, f'{{"{CANARY}": "{CANARY}"'.encode()),
    "malformed_arrow": lambda client: send(client, Form.ARROW, CANARY.encode()),
    "row_too_long": lambda client: send(client, Form.JSON, b'["' + CANARY.encode() * LIMIT),
    "unauthenticated": lambda client: client.get("/v1/tables", headers={"authorization": f"Bearer {CANARY}"}),
    "forbidden": with_a_key_of_another_role,
    "not_found": lambda client: client.get("/v1/nothing", params={"q": CANARY}),
    "method_not_allowed": lambda client: client.delete("/v1/tables", params={"q": CANARY}),
    "not_acceptable": lambda client: client.get("/v1/tables", headers={"accept": f"image/{CANARY}"}),
    "accident_rate_above_mortality": premium(accident_rate="0.5"),
    "age_outside_life_table": premium(age=100),
    "prices_vanish": lambda client: post(
        client, INDEXATION, {"monthly_pension": 1, "from_year": 2010, "years": 1, "later_price_change": -1}
    ),
    "year_not_covered": lambda client: post(client, INJURY_RATES, {"year": 2011}),
    "zero_divisor": lambda client: post(
        client, COST_RATIOS, {"amounts": {"contributions": 0, "benefit_expenditure": 1, "administration_cost": 1}}
    ),
    "amount_too_large": premium(natural_death_benefit=None, accident_benefit=10**11, expense_loading="0.7999999999"),
    "annual_limit_out_of_range": lambda client: post(client, REINSURANCE, {**YEAR, "annual_limit": 1}),
    "date_conflict": lambda client: post(client, REINSURANCE, {**YEAR, "as_of": "2005-12-31"}),
    "impossible_claim": lambda client: post(client, DISABILITY, {"package": "A", "age": 30, "losses": ["spleen"] * 2}),
    "age_outside_multipliers": lambda client: post(client, PERMANENT, {**LOSS, "age": 106}),
    "employer_not_covered": lambda client: post(client, CONTRIBUTIONS, {**WAGE, "workers": 7}),
    "impossible_case": lambda client: post(client, CASES, {**INJURY, "death": {"date_of_death": "2011-03-13"}}),
    "loss_of_working_capacity_out_of_range": lambda client: post(
        client, PERMANENT, {**LOSS, "loss_of_working_capacity_percent": "0"}
    ),
    "no_survivors": lambda client: post(client, SURVIVORS, {"monthly_reference_wage": 1}),
    "draft_pinned": lambda client: pinned(client, "mba-loadings@5"),
    "enrolment_too_large": lambda client: post(client, PROJECTIONS, {"growth_plan": {"growth_rates": ["9.9"] * 39}}),
    "loadings_too_high": premium(expense_loading=1),
    "no_coverage": quote(as_of="2008-12-31"),
    "no_solution": lambda client: post(client, SOLVE, {"solve_for": "enrolment_factor", "members": [0]}),
    "not_eligible": quote(plan_type=None, household=[]),
    "not_in_tariff": lambda client: post(client, TARIFF_QUOTES.format(scheme="vdrc"), {"membership_class": "canary"}),
    "query_incomplete": lambda client: post(client, EARNED_PREMIUMS, b"entry_month,premium\n", **CSV),
    "nothing_developed": lambda client: post(client, CLAIMS_DEVELOPMENT, {"triangle": [[0, 1], [1]]}),
    "override_invalid": quote(overrides={"packages": {CANARY: CANARY}}),
    "table_unknown": lambda client: pinned(client, CANARY),
    "version_unknown": lambda client: pinned(client, "mba-loadings@99"),
    "withdrawals_too_high": lambda client: post(
        client, PROJECTIONS, {"overrides": {"projection_basis": {"withdrawal_rate": 1}}}
    ),
    "wrong_kind": lambda client: pinned(client, "mba-packages@1"),
    "government_share_too_low": lambda client: post(client, CIVIL_SERVANTS, {"government_share": "0.4"}),
    "no_benefits": lambda client: post(client, SCENARIOS, {"benefits": {}}),
    "no_change": lambda client: post(client, SHI_SENSITIVITY, {"scenario": 1, "change": "0.00"}),
    "collection_above_all": lambda client: post(
        client, SHI_PROJECTIONS, {"scenario": 1, "years": 3, "collection_growth": "0.03"}
    ),
    "cost_ratio_out_of_reach": lambda client: post(
        client, SHI_SOLVE, {"scenario": 3, "solve_for": "collection_rate", "target": "0.03"}
    ),
    "year_not_projected": lambda client: post(client, SOLVE, {"solve_for": "members", "year": 7}),
    "deadline_passed": too_long,
    "body_too_large": lambda client: post(client, QUOTES, CANARY.encode() * LIMIT),
    "unsupported_media_type": lambda client: client.post(QUOTES, content=b"{}", headers={"content-type": CANARY}),
    "invalid_request": quote(**{CANARY: CANARY}, package=CANARY),
    "internal_error": broken,
    "not_ready": before_start,
    "overloaded": overloaded,
    "request_timeout": too_slow,
    "preflight_refused": foreign_page,
}


class TestEveryCode:
    def test_the_committed_list_is_what_it_was(self) -> None:
        assert {code: problem.status for code, problem in PROBLEMS.items()} == STATUSES
        assert len({problem.title for problem in PROBLEMS.values()}) == len(PROBLEMS)

    def test_every_code_is_provoked_here(self) -> None:
        assert PROVOKED.keys() | ON_A_SOCKET | OF_JOBS | OF_CHANGES == PROBLEMS.keys()
        assert not PROVOKED.keys() & (ON_A_SOCKET | OF_JOBS | OF_CHANGES)

    @pytest.mark.parametrize("code", PROVOKED)
    def test_it_has_the_one_shape(self, revised: TestClient, code: str) -> None:
        errors = assert_problem(PROVOKED[code](revised), STATUSES[code], code)
        assert errors or code not in POINTING

    @pytest.mark.parametrize("code", ["overloaded", "not_ready"])
    def test_who_comes_too_soon_is_told_when_to_come_again(self, revised: TestClient, code: str) -> None:
        assert PROVOKED[code](revised).headers["retry-after"] == "1"


class TestBeforeTheStart:
    def test_alive_but_not_ready(self) -> None:
        client = TestClient(create_app())
        assert client.get("/livez").status_code == 200
        assert client.get("/openapi.json").status_code == 200
        for path in ("/readyz", "/v1/tables", "/v1/errata", RATE_CARD):
            assert_problem(client.get(path), 503, "not_ready")
        assert_problem(post(client, QUOTES, PLAN), 503, "not_ready")
        assert_problem(post(client, QUOTES, {}), 422, "invalid_request")


class TestFaults:
    @pytest.mark.parametrize(
        ("target", "path"),
        [
            ("api.mba.quotes.plan_premium", QUOTES),
            ("api.pipeline.today", QUOTES),
            ("api.formulas.catalogue", "/v1/formulas"),
            ("api.tables.answer", "/v1/tables"),
            ("api.mba.rate_card.by_plan", RATE_CARD),
        ],
    )
    def test_a_fault_says_nothing_and_the_next_request_is_answered(
        self, tmp_path: Path, target: str, path: str
    ) -> None:
        app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'rielquote.db'}"))
        with TestClient(app, raise_server_exceptions=False) as client:

            def ask() -> Response:
                body = {"package": "F", "plan_type": "single"}
                return post(client, path, body) if path == QUOTES else client.get(path)

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(target, fails)
                assert_problem(ask(), 500, "internal_error")
            assert ask().status_code == 200


class TestAddresses:
    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/v1",
            "/v2/mba/quotes",
            "/v1/mba/quotes/",
            "/v1/tables/",
            "/V1/mba/quotes",
            "//v1/mba/quotes",
            "/v1/mba/quotes%2F",
            "/v1/mba%2Fquotes",
            "/v1%2fmba/rate-card",
            "/v1/tables/mba-packages%2Fversions",
            "/v1/mba/%71uotes/x",
            "/%00",
            "/v1/../v1/nothing",
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_there_is_nothing_at_other_addresses(self, client: TestClient, method: str, path: str) -> None:
        response = client.request(method, f"http://testserver{path}", follow_redirects=False)
        assert response.status_code == 404
        assert_problem(response, 404, "not_found")

    @pytest.mark.parametrize(
        ("path", "methods", "allow"),
        [
            (QUOTES, ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"), {"POST"}),
            (RATE_CARD, ("POST", "PUT", "DELETE", "OPTIONS"), {"GET", "HEAD"}),
            ("/v1/tables", ("POST", "PUT", "DELETE", "OPTIONS", "FOO"), {"GET", "HEAD"}),
            ("/livez", ("POST",), {"GET", "HEAD"}),
        ],
    )
    def test_other_methods_are_named_what_is_allowed(
        self, client: TestClient, path: str, methods: tuple[str, ...], allow: set[str]
    ) -> None:
        for method in methods:
            response = client.request(method, path)
            assert set(response.headers["allow"].split(", ")) == allow
            if method == "HEAD":
                assert (response.status_code, response.content) == (405, b"")
            else:
                assert_problem(response, 405, "method_not_allowed")

    @pytest.mark.usefixtures("client")
    @pytest.mark.parametrize("path", [RATE_CARD, "/v1/tables", "/v1/nothing", QUOTES])
    def test_an_answer_to_head_has_no_body(self, app: Application, path: str) -> None:
        start, *bodies = asyncio.run(sent_by(app, no_body, "HEAD", path))
        assert int(dict(start["headers"])[b"content-length"]) > 0
        assert [message.get("body", b"") for message in bodies] == [b""]


class TestQueries:
    WITHOUT_ANY = (
        "/v1/tables",
        "/v1/tables/mba-packages",
        "/v1/tables/mba-packages/versions",
        "/v1/tables/mba-packages/versions/1",
        "/v1/formulas",
        "/v1/errata",
    )

    @pytest.mark.parametrize("path", WITHOUT_ANY)
    @pytest.mark.parametrize("query", [f"{CANARY}=1", CANARY, "as_of=2026-12-01", "a=1&a=2"])
    def test_what_is_not_taken_is_refused(self, client: TestClient, path: str, query: str) -> None:
        assert pointers(assert_problem(client.get(f"{path}?{query}"), 422, "invalid_request")) == [""]

    @pytest.mark.parametrize("path", WITHOUT_ANY)
    def test_an_empty_query_is_none(self, client: TestClient, path: str) -> None:
        assert client.get(f"{path}?").status_code == client.get(f"{path}?&").status_code == 200


class TestForms:
    @pytest.mark.parametrize("weight", ["1", "1.", "1.0", "1.000", "0.001", "0.5", "0.999"])
    def test_a_form_with_a_weight_is_given(self, client: TestClient, weight: str) -> None:
        assert client.get("/v1/tables", headers={"accept": f"Application/JSON; Q={weight}"}).status_code == 200

    @pytest.mark.parametrize("weight", ["0", "0.", "0.0", "0.000"])
    def test_a_form_of_no_weight_is_not(self, client: TestClient, weight: str) -> None:
        accept = {"accept": f"application/json;q={weight}, */*"}
        assert_problem(client.get("/v1/tables", headers=accept), 406, "not_acceptable")

    @pytest.mark.parametrize(
        "weight", ["q=nan", "q=inf", "q=2", "q=-1", "q=-0", "q=1.001", "q=0.0001", "q=1e0", "q=.5", "q=+1", "q=", "q"]
    )
    def test_a_range_whose_weight_is_none_is_passed_over(self, client: TestClient, weight: str) -> None:
        for accept, status in ((f"application/json;{weight}", 406), (f"application/json;{weight}, */*;q=0.1", 200)):
            assert client.get("/v1/tables", headers={"accept": accept}).status_code == status
        mixed = {"accept": f"text/csv;{weight}, application/json;q=0.1"}
        assert client.get(RATE_CARD, headers=mixed).headers["content-type"] == "application/json"

    @pytest.mark.parametrize("path", ["/v1/mba/quotes/batch/template", "/v1/mba/quotes/batch/example", "/v1/tables"])
    def test_who_names_problems_alone_gets_the_answer_s_own_form(self, client: TestClient, path: str) -> None:
        """A generated client that looks for JSON among the forms of answers finds that of problems."""
        usual = client.get(path)
        for accept in ("application/problem+json", "application/problem+json, image/png"):
            assert client.get(path, headers={"accept": accept}).content == usual.content
        for accept in ("application/problem+json;q=0", "image/png, application/*;q=0", "image/*"):
            assert_problem(client.get(path, headers={"accept": accept}), 406, "not_acceptable")

    @pytest.mark.parametrize(
        ("path", "form"),
        [
            ("/docs", "text/html"),
            ("/docs/index.html", "text/html"),
            ("/docs/page.css", "text/css"),
            ("/metrics", "text/plain"),
        ],
    )
    def test_pages_and_metrics_have_one_form(self, client: TestClient, path: str, form: str) -> None:
        for accept in (form, f"{form};q=0.1", "*/*"):
            assert client.get(path, headers={"accept": accept}).headers["content-type"].startswith(form)
        assert_problem(client.get(path, headers={"accept": "application/json"}), 406, "not_acceptable")


class TestBodies:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b" ",
            b"{",
            b"}",
            b'{"package":}',
            b"{'package':'F'}",
            b'{"package":"F",}',
            b'{"package":"F"} {}',
            b'{"package":"F"}x',
            b"{package:F}",
            b'{"package":"F" // plan\n}',
            b'{"package":NaN}',
            b'{"package":Infinity}',
            b'{"package":-Infinity}',
            b'{"package":+1}',
            b'{"package":01}',
            b'{"package":.5}',
            b'{"package":5.}',
            b'{"package":0x1F}',
            b'{"package":True}',
            b'{"package":"F","package":"F"}',
            b'{"overrides":{"packages":{"a":1,"a":1}}}',
            b'{"household":[{"age":1,"age":1}]}',
            b'{"package":"\\ud800"}',
            b'{"package":"\\udc00\\ud800"}',
            b'{"\\ud800":1}',
            b'{"package":"\xed\xa0\x80"}',
            b'{"package":"\xff"}',
            b'{"package":"\xc0\x80"}',
            b'{"package":"\x00"}',
            b'{"package":"\n"}',
            b'{"package":"\\x41"}',
            b'{"package":"F',
            b"\xef\xbb\xbf{}",
            "{}".encode("utf-16"),
            b"[" * 60_000,
            b"[" * 30_000 + b"]" * 30_000,
            b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        ],
    )
    def test_what_is_not_json_as_it_should_be(self, client: TestClient, body: bytes) -> None:
        assert assert_problem(post(client, QUOTES, body), 400, "malformed_json") == []

    @pytest.mark.parametrize("body", [None, True, 1, 1.5, "x", [], [PLAN]])
    def test_json_that_is_no_object(self, client: TestClient, body: Any) -> None:
        assert pointers(assert_problem(post(client, QUOTES, json_bytes(body)), 422, "invalid_request")) == [""]

    @pytest.mark.parametrize(
        "media_type",
        [
            None,
            "",
            "text/plain",
            "text/json",
            "application/jsonx",
            "application/problem+json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=json",
            "json",
            "text/plain; application/json",
            "application/json; charset=utf-16",
        ],
    )
    def test_other_media_types(self, client: TestClient, media_type: str | None) -> None:
        headers = {} if media_type is None else {"content-type": media_type}
        response = client.post(QUOTES, content=json_bytes(PLAN), headers=headers)
        assert_problem(response, 415, "unsupported_media_type")

    @pytest.mark.parametrize(
        "media_type", ["Application/JSON", 'application/json; charset="UTF-8"', "application/json;charset=utf-8"]
    )
    def test_spellings_of_json(self, client: TestClient, media_type: str) -> None:
        response = client.post(QUOTES, content=json_bytes(PLAN), headers={"content-type": media_type})
        assert response.status_code == 200

    @pytest.mark.parametrize(
        "named",
        [
            ["application/json", "application/json"],
            ["application/json", "text/plain"],
            ["text/plain", "application/json"],
        ],
    )
    def test_two_media_types(self, client: TestClient, named: list[str]) -> None:
        headers = [("content-type", each) for each in named]
        assert_problem(client.post(QUOTES, content=json_bytes(PLAN), headers=headers), 415, "unsupported_media_type")

    def test_two_codings(self, client: TestClient) -> None:
        headers = [*JSON.items(), ("content-encoding", "identity"), ("content-encoding", "gzip")]
        assert_problem(client.post(QUOTES, content=json_bytes(PLAN), headers=headers), 415, "unsupported_media_type")

    def test_a_compressed_body_is_not_taken(self, client: TestClient) -> None:
        response = post(client, QUOTES, gzip.compress(json_bytes(PLAN)), **{"content-encoding": "gzip"})
        assert_problem(response, 415, "unsupported_media_type")

    def test_up_to_the_limit_and_no_further(self, client: TestClient) -> None:
        padded = json_bytes(PLAN).ljust(LIMIT)
        assert post(client, QUOTES, padded).status_code == 200
        response = post(client, QUOTES, padded + b" ")
        assert_problem(response, 413, "body_too_large")
        assert response.headers["connection"] == "close"

    def test_a_body_that_does_not_say_its_size_is_limited_too(self, client: TestClient) -> None:
        def endless() -> Any:
            for _ in range(LIMIT // 1024 + 1):
                yield b" " * 1024

        assert_problem(client.post(QUOTES, content=endless(), headers=JSON), 413, "body_too_large")

    @pytest.mark.usefixtures("client")
    def test_a_body_may_come_in_pieces(self, app: Application) -> None:
        pieces = [b'{"package":"F",', b'"plan_type":', b'"single"}']

        async def in_pieces() -> Message:
            await asyncio.sleep(0)
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

        assert received(asyncio.run(sent_by(app, in_pieces))).status_code == 200

    @pytest.mark.parametrize(("declared", "status"), [(str(LIMIT), 408), (str(LIMIT + 1), 413), ("9" * 5000, 413)])
    def test_a_declared_size_is_refused_before_it_is_read(self, declared: str, status: int) -> None:
        app = create_app(Settings(body_seconds=0.01))
        response = received(asyncio.run(sent_by(app, no_body, content_length=declared)))
        assert_problem(response, status, {408: "request_timeout", 413: "body_too_large"}[status])

    def test_the_limit_is_a_setting(self) -> None:
        client = TestClient(create_app(Settings(max_body_bytes=1024)))
        assert_problem(post(client, QUOTES, json_bytes(PLAN).ljust(1025)), 413, "body_too_large")
        assert_problem(post(client, QUOTES, json_bytes(PLAN).ljust(1024)), 503, "not_ready")

    def test_who_hangs_up_gets_no_answer(self, app: Application) -> None:
        assert asyncio.run(sent_by(app, hung_up)) == []


class TestReasons:
    def test_every_wrong_field_is_named_once(self, client: TestClient) -> None:
        body = {"package": "G", "plan_type": "none", "as_of": "soon", "explain": 1, "known_at": "now", CANARY: 1}
        errors = assert_problem(post(client, QUOTES, body), 422, "invalid_request")
        assert sorted(pointers(errors)) == ["", "/as_of", "/explain", "/known_at", "/package", "/plan_type"]

    def test_a_required_field_that_is_missing(self, client: TestClient) -> None:
        assert pointers(assert_problem(post(client, QUOTES, {}), 422, "invalid_request")) == ["/package"]

    def test_an_unknown_key_that_would_need_escaping_is_not_echoed(self, client: TestClient) -> None:
        overrides = {"packages": {"basic_benefit": {f"~/{CANARY}": "1"}}}
        errors = assert_problem(post(client, QUOTES, {**PLAN, "overrides": overrides}), 409, "override_invalid")
        assert pointers(errors) == ["/overrides/packages/basic_benefit"]

    def test_at_most_twenty_are_named(self, client: TestClient) -> None:
        household = [{"relation": CANARY, "age": CANARY}] * 15
        errors = assert_problem(post(client, QUOTES, {"package": "F", "household": household}), 422, "invalid_request")
        assert len(errors) == 20
