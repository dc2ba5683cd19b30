"""Nothing that a caller sends reaches logs, metrics, traces or errors: a canary planted everywhere never comes out."""

import csv
import io
import logging
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import orjson
import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.application import create_app
from api.cli import main
from api.edge import Edge
from api.logs import configure_logging
from api.roll.forms import Form
from api.settings import Settings
from api.tracing import server_spans
from tests.api.rolls import BATCH
from tests.keys import made

CANARY = "kanary7413"

HOSTILE: list[tuple[str, str, bytes]] = [
    ("POST", "/v1/mba/quotes", orjson.dumps({"package": CANARY, "plan_type": "single"})),
    ("POST", "/v1/mba/quotes", orjson.dumps({CANARY: 1, "package": "A", "plan_type": "single"})),
    ("POST", "/v1/mba/quotes", orjson.dumps({"package": "A", "household": [{"relation": CANARY, CANARY: CANARY}]})),
    ("POST", "/v1/mba/quotes", orjson.dumps({"package": "A", "plan_type": "single", "tables": {CANARY: "x"}})),
    ("POST", "/v1/mba/quotes", orjson.dumps({"package": "A", "plan_type": "single", "tables": {"packages": CANARY}})),
    (
        "POST",
        "/v1/mba/quotes",
        orjson.dumps({"package": "A", "plan_type": "single", "overrides": {"packages": {CANARY: {CANARY: None}}}}),
    ),
    (
        "POST",
        "/v1/mba/quotes",
        orjson.dumps({"package": "A", "plan_type": "single", "overrides": {"packages": {"ages": {CANARY: CANARY}}}}),
    ),
    ("POST", "/v1/mba/quotes", b'{"' + CANARY.encode() + b'":1,"' + CANARY.encode() + b'":2}'),
    ("POST", "/v1/mba/quotes", CANARY.encode()),
    ("POST", "/v1/mba/premiums", orjson.dumps({"age": CANARY, "natural_death_benefit": CANARY})),
    (
        "POST",
        "/v1/mba/claims/death",
        orjson.dumps({"package": "A", "age": 3, "cause": CANARY, "date_of_death": CANARY}),
    ),
    ("POST", "/v1/mba/claims/disability", orjson.dumps({"package": "A", "age": 3, "losses": [CANARY, CANARY]})),
    ("POST", "/v1/mba/claims/hospitalization", orjson.dumps({"package": "A", "age": 3, "event": CANARY, CANARY: 1})),
    ("POST", "/v1/mba/reinsurance", orjson.dumps({"year": 2005, "claims": [{"kind": CANARY, "amount": CANARY}]})),
    ("POST", "/v1/shi/medical-costs", orjson.dumps({"option": CANARY, "overrides": {"shi_basis": {CANARY: CANARY}}})),
    ("POST", "/v1/shi/scenarios", orjson.dumps({"benefits": {CANARY: CANARY}, "scenario": CANARY})),
    ("POST", "/v1/shi/civil-servants", orjson.dumps({"co_payment": {CANARY: 1}, "transition": CANARY})),
    ("POST", "/v1/shi/pilot", orjson.dumps({"overrides": {"hip_basis": {CANARY: CANARY}}})),
    ("POST", "/v1/nssfc/benefits", orjson.dumps({"beneficiaries": {"pension": CANARY, CANARY: 1}})),
    ("POST", "/v1/shi/cash-benefits/maternity", orjson.dumps({CANARY: CANARY})),
    ("POST", "/v1/shi/cash-benefits/sickness", orjson.dumps({"waiting_days": CANARY})),
    ("POST", "/v1/mba/covenants", orjson.dumps({"federation_shares": [CANARY], "dividend_rate": CANARY})),
    ("POST", "/v1/nssf/liabilities", orjson.dumps({"pensions": [{"kind": CANARY, "monthly_amount": CANARY}]})),
    ("POST", "/v1/nssf/cost-ratios", orjson.dumps({"amounts": {CANARY: CANARY}, "changes": {"funeral_grant": CANARY}})),
    ("POST", "/v1/nssf/indexation", orjson.dumps({"from_year": CANARY, "index": CANARY, "years": 1})),
    ("POST", "/v1/nssf/contributions", orjson.dumps({"monthly_wage": 1, "sector": CANARY, "period": CANARY})),
    ("POST", "/v1/nssf/benefits/survivors", orjson.dumps({"monthly_wages": [CANARY], "spouse": CANARY, CANARY: 1})),
    ("POST", "/v1/nssf/cases", orjson.dumps({"date_of_injury": CANARY, "death": {CANARY: CANARY}})),
    (
        "POST",
        "/v1/monitoring/indicators",
        orjson.dumps({"period": f"{CANARY};", "balance_sheet": {CANARY: 1}, "membership": {"lapses": CANARY}}),
    ),
    ("GET", f"/v1/mba/rate-card?{CANARY}={CANARY}", b""),
    ("GET", f"/v1/mba/rate-card?table={CANARY}", b""),
    ("GET", f"/v1/mba/packages?packages={CANARY}", b""),
    ("GET", f"/v1/tables?{CANARY}", b""),
    ("GET", f"/nothing?{CANARY}={CANARY}", b""),
]


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, as the entry point configures it, down to debug."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure_logging("debug")
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the client's own log is not the service's
    stream = io.StringIO()
    for handler in root.handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(stream)
    yield stream
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_a_planted_canary_never_comes_out(tmp_path: Path, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'store.db'}", access_log=True)
    app = create_app(settings)
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    app.edge = Edge(app.dispatch, settings, app.state.running.metrics, server_spans(provider))
    with TestClient(app, raise_server_exceptions=False) as client:
        answers = [_send(client, *request) for request in HOSTILE]

        def broken(*_: object, **__: object) -> None:
            raise ValueError(CANARY)

        monkeypatch.setattr("api.mba.quotes.plan_premium", broken)
        fault = _send(client, "POST", "/v1/mba/quotes", orjson.dumps({"package": "A", "plan_type": "couple"}))
        monkeypatch.setattr("api.tables._table", broken)
        fault_elsewhere = _send(client, "GET", "/v1/tables", b"")
        metrics = client.get("/metrics").content
    assert all(400 <= status < 500 for status, _ in answers)
    assert fault[0] == fault_elsewhere[0] == 500
    assert all(orjson.loads(content)["code"] == "internal_error" for _, content in (fault, fault_elsewhere))
    assert all(CANARY.encode() not in content for _, content in [*answers, fault, fault_elsewhere])
    log = logged.getvalue()
    assert log.count('"event": "request failed"') == 2
    assert "ValueError" in log
    assert len(log.splitlines()) > len(HOSTILE)
    assert CANARY not in log
    assert CANARY.encode() not in metrics
    exported = spans.get_finished_spans()
    assert len(exported) == len(HOSTILE) + 3
    assert all(CANARY not in span.to_json() for span in exported)


def test_a_key_never_comes_out(tmp_path: Path, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    settings = Settings(database_url=url, access_log=True, require_key=True)
    keys = [made(url), made(url, revoked=True), made(url, expires_on=date(2026, 1, 1))]
    keys += [f"rq_{'0' * 12}_{CANARY}", CANARY, keys[0] + CANARY]
    app = create_app(settings)
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    app.edge = Edge(app.dispatch, settings, app.state.running.metrics, server_spans(provider))

    def broken(*_: object, **__: object) -> None:
        raise ValueError(keys[0])

    with TestClient(app, raise_server_exceptions=False) as client:
        answers = [client.get("/v1/tables", headers={"authorization": f"Bearer {key}"}) for key in keys]
        monkeypatch.setattr("api.authentication.digest", broken)
        answers.append(client.get("/v1/tables", headers={"authorization": f"Bearer {keys[0]}"}))
        monkeypatch.setattr("api.refresh.load_keys", broken)
        deadline = time.monotonic() + 20
        while "keys not refreshed" not in logged.getvalue():
            assert time.monotonic() < deadline
        metrics = client.get("/metrics").text
    assert [each.status_code for each in answers] == [200, 401, 401, 401, 401, 401, 500]
    said = [f"{each.text} {each.headers}" for each in answers]
    said += [logged.getvalue(), metrics, *(span.to_json() for span in spans.get_finished_spans())]
    assert "request failed" in logged.getvalue()
    secrets = {CANARY, *(key.rpartition("_")[2] for key in keys[:3])}
    assert [secret for secret in secrets if any(secret in each for each in said)] == []


ROLLS: list[tuple[Form, bytes, bool]] = [
    # A roll that is priced, with canaries in every cell of its own and in refused ones.
    (Form.CSV, f"package,plan_type,{CANARY}\nF,single,{CANARY}\n{CANARY},{CANARY},\n".encode(), True),
    (Form.CSV, f'package,plan_type,as_of\nF,single,{CANARY}\n"{CANARY}"x,single,\n{CANARY}\n'.encode(), True),
    (Form.CSV, f"household_id,package,relation,age\n{CANARY},F,{CANARY},{CANARY}\n".encode(), True),
    (Form.NDJSON, b'{"package":"%s","%s":1}\n%s\n' % ((CANARY.encode(),) * 3), True),
    (Form.JSON, orjson.dumps([{"package": "A", "household": [{"relation": CANARY, CANARY: CANARY}]}]), True),
    # Rolls that are refused.
    (Form.CSV, f"{CANARY},plan_type\n{CANARY},single\n".encode(), False),
    (Form.CSV, f"package,plan_type,status,{CANARY}\n".encode(), False),
    (Form.CSV, f"sep={CANARY[0]}\n{CANARY}\n".encode(), False),
    (Form.JSON, orjson.dumps({CANARY: CANARY}), False),
    (Form.JSON, CANARY.encode(), False),
    (Form.ARROW, CANARY.encode() * 10, False),
]


def test_a_roll_s_canary_comes_out_in_its_rows_alone(
    tmp_path: Path, logged: io.StringIO, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'store.db'}", access_log=True, log_level="debug")
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        for form, roll, is_priced in ROLLS:
            filling = b"" if form is Form.ARROW else b"\n" * 70_000  # too much to be priced without a worker
            for content in (roll, roll + filling):
                answer = client.post(f"{BATCH}?as_of=2026-12-01", content=content, headers={"content-type": form.value})
                assert answer.status_code == 200 if is_priced else 400 <= answer.status_code < 500, answer.text
                assert is_priced or CANARY not in answer.text
                if is_priced and form is Form.CSV:
                    details = [row["detail"] or "" for row in csv.DictReader(io.StringIO(answer.text))]
                    assert not any(CANARY in detail for detail in details)

        def broken(*_: object, **__: object) -> None:
            raise ValueError(CANARY)

        monkeypatch.setattr("api.roll.pricing.Roll", broken)
        fault = client.post(BATCH, content=ROLLS[0][1], headers={"content-type": Form.CSV.value})
        metrics = client.get("/metrics").text
    assert (fault.status_code, fault.json()["code"]) == (500, "internal_error")
    log = logged.getvalue()
    assert log.count('"event": "request failed"') == 1
    said = capfd.readouterr()  # by the workers too
    assert [each for each in (fault.text, log, metrics, said.out, said.err) if CANARY in each] == []


def _send(client: TestClient, method: str, path: str, body: bytes) -> tuple[int, bytes]:
    headers = {"content-type": "application/json", "x-canary": CANARY}
    answer = client.request(method, path, content=body, headers=headers)
    return answer.status_code, answer.content


def test_the_password_of_the_store_is_not_shown_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIELQUOTE_DATABASE_URL", f"postgresql://rielquote:{CANARY}@127.0.0.1:1/rielquote")
    monkeypatch.setattr("api.cli.serve_until_stopped", lambda *arguments: arguments[-1](8000))
    shown = CliRunner().invoke(main, ["serve"])
    assert shown.exit_code == 0
    assert "postgresql://rielquote:***@127.0.0.1:1/rielquote" in shown.output
    assert CANARY not in shown.output
