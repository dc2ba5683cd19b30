"""Metrics by route template: their number never grows with what callers send."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from api.application import create_app
from api.settings import Settings
from tables.store import open_store
from tests.tables.contents import TABLES
from tests.tables.tampering import unprotected

QUOTE = {"package": "A", "plan_type": "single", "as_of": "2026-12-01"}


def samples(client: TestClient, name: str) -> dict[tuple[str, ...], float]:
    """Values of one sample by its labels' values."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    found = [sample for family in families for sample in family.samples if sample.name == name]
    return {tuple(value for _, value in sorted(sample.labels.items())): sample.value for sample in found}


def fresh(tmp_path: Path) -> TestClient:
    return TestClient(create_app(Settings(database_url=f"sqlite:///{tmp_path / 'store.db'}")))


def test_requests_are_counted_by_method_template_and_status(tmp_path: Path) -> None:
    with fresh(tmp_path) as client:
        for _ in range(3):
            client.post("/v1/mba/quotes", json=QUOTE)
        client.post("/v1/mba/quotes", json={})
        client.get("/v1/tables/mba-packages/versions/1")
        client.head("/v1/tables/mba-loadings/versions/1")
        counted = samples(client, "rielquote_request_seconds_count")
    assert counted["POST", "/v1/mba/quotes", "200"] == 3
    assert counted["POST", "/v1/mba/quotes", "422"] == 1
    assert counted["GET", "/v1/tables/{name}/versions/{version}", "200"] == 1
    assert counted["HEAD", "/v1/tables/{name}/versions/{version}", "200"] == 1


def test_unmatched_paths_and_odd_methods_share_one_label(tmp_path: Path) -> None:
    with fresh(tmp_path) as client:
        for number in range(20):
            client.get(f"/nothing/{number}?secret={number}")
            client.request(f"ODD{number}", "/v1/mba/quotes")
        counted = samples(client, "rielquote_request_seconds_count")
    assert counted == {("GET", "unmatched", "404"): 20, ("other", "/v1/mba/quotes", "405"): 20}


def test_buckets_hold_every_request_once(tmp_path: Path) -> None:
    with fresh(tmp_path) as client:
        for _ in range(4):
            client.post("/v1/mba/quotes", json=QUOTE)
        buckets = samples(client, "rielquote_request_seconds_bucket")
        total = samples(client, "rielquote_request_seconds_sum")["POST", "/v1/mba/quotes", "200"]
    quotes = {labels[0]: value for labels, value in buckets.items() if labels[2] == "/v1/mba/quotes"}
    assert quotes["+Inf"] == 4
    assert sorted(quotes.values()) == [quotes[bound] for bound in sorted(quotes, key=float)]
    assert 0 < total < 60


def test_the_snapshot_tells_its_size_and_age(tmp_path: Path) -> None:
    with fresh(tmp_path) as client:
        assert samples(client, "rielquote_snapshot_tables") == {(): len(TABLES)}
        assert 0 <= samples(client, "rielquote_snapshot_age_seconds")[()] < 10
        assert samples(client, "rielquote_snapshot_revision")[()] == client.get("/readyz").json()["revision"] > 0
        assert samples(client, "rielquote_snapshot_load_failures_total") == {(): 0}


def test_a_corrupt_store_stops_the_start_and_is_counted(tmp_path: Path) -> None:
    with fresh(tmp_path):
        pass
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.begin() as connection:
        unprotected(connection).exec_driver_sql(
            "UPDATE assumption_version SET content = replace(content, '0.06', '0.05')"
        )
    store.dispose()
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'store.db'}"))
    with pytest.raises(Exception, match="not as shipped"), TestClient(app):
        pass
    without_start = TestClient(app)
    assert samples(without_start, "rielquote_snapshot_load_failures_total") == {(): 1}
    assert without_start.get("/readyz").status_code == 503
    assert without_start.get("/livez").status_code == 200


def test_scrapes_and_new_series_do_not_disturb_each_other(tmp_path: Path) -> None:
    with fresh(tmp_path) as client, ThreadPoolExecutor(4) as threads:
        scrapes = [threads.submit(client.get, "/metrics") for _ in range(60)]
        for number in range(60):
            client.request("GET" if number % 2 else "PUT", f"/v1/tables/{'mba-loadings' if number % 3 else number}")
            client.request(("DELETE", "PATCH", "POST", "OPTIONS")[number % 4], "/v1/mba/packages")
        assert {scrape.result().status_code for scrape in scrapes} == {200}
