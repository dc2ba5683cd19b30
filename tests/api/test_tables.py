"""`GET /v1/tables…` and the catalogues: hashes, provenance, entity tags, HEAD."""

from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from tables.sources import resolve_citation
from tests.api.conftest import REVISIONS
from tests.api.support import answer, assert_problem, canonical, golden, sha256

SHIPPED = {
    "mba-loadings": ("loadings", True),
    "mba-packages": ("packages", True),
    "mba-pricing-basis": ("pricing_basis", True),
    "mba-pricing-basis-corrected": ("pricing_basis", False),
    "mba-claim-terms": ("claim_terms", True),
    "mba-covenants": ("covenants", True),
    "mba-disability-schedule": ("disability_schedule", True),
    "mba-reinsurance": ("reinsurance", True),
    "mba-projection-basis": ("projection_basis", True),
    "nssf-provisions": ("provisions", True),
    "nssf-contributions": ("contributions", True),
    "nssf-present-value-multipliers": ("multipliers", True),
    "shi-nssf-basis": ("shi_basis", True),
    "shi-maternity-basis": ("maternity_basis", True),
    "shi-sickness-basis": ("sickness_basis", True),
    "shi-sickness-basis-corrected": ("sickness_basis", False),
    "nssf-experience": ("experience", True),
    "cambodia-employment": ("employment", True),
    "cambodia-indicators": ("indicators", True),
    "cambodia-indicators-corrected": ("indicators", False),
    "shi-nssfc-basis": ("nssfc_basis", True),
    "shi-nssfc-basis-corrected": ("nssfc_basis", False),
    "nssfc-benefits": ("nssfc_benefits", True),
    "hip-basis": ("hip_basis", True),
    "hmis-portfolio-terms": ("portfolio_terms", True),
    "hmis-benchmarks": ("benchmarks", True),
    **{f"tariff-{scheme}": ("tariff", False) for scheme in ("brac", "hip", "nssf-shi", "vdrc", "yeshasvini")},
    "who-cambodia-2006": ("life_table", True),
}
# Mistakes whose both readings are tables.
TWO_READINGS = {"suan-2009-e1", "giz-2012-e4", "giz-2012-e7", "giz-2012-e31"}
# Tables with more than one version.
VERSIONS = {"mba-reinsurance": 2, "nssf-provisions": 2, "nssf-contributions": 3}
GETS = (
    "/v1/tables",
    "/v1/tables/mba-loadings",
    "/v1/tables/mba-loadings/versions",
    "/v1/tables/mba-loadings/versions/1",
    "/v1/formulas",
    "/v1/errata",
    "/v1/published-tables",
    "/v1/tariffs",
    "/v1/mba/rate-card",
    "/v1/mba/packages",
    "/livez",
    "/readyz",
    "/openapi.json",
)
IMMUTABLE = "max-age=31536000, immutable"


def version(client: TestClient, table: str, number: int = 1) -> Any:
    return answer(client.get(f"/v1/tables/{table}/versions/{number}"))


class TestShippedTables:
    def test_all_are_listed_with_their_kinds(self, client: TestClient) -> None:
        listed = answer(client.get("/v1/tables"))["tables"]
        assert {each["name"]: (each["kind"], each["default"]) for each in listed} == SHIPPED
        for each in listed:
            numbers = range(1, VERSIONS.get(each["name"], 1) + 1)
            assert each["versions"] == [f"{each['name']}@{number}" for number in numbers]
            assert each["title"]

    @pytest.mark.parametrize("name", SHIPPED)
    def test_one_table_is_its_entry_in_the_list(self, client: TestClient, name: str) -> None:
        listed = answer(client.get("/v1/tables"))["tables"]
        assert answer(client.get(f"/v1/tables/{name}")) in listed

    @pytest.mark.parametrize("name", SHIPPED)
    def test_the_hash_is_that_of_the_content_as_served(self, client: TestClient, name: str) -> None:
        response = client.get(f"/v1/tables/{name}/versions/1")
        served = answer(response)
        text = canonical(served["content"])
        assert text in response.content
        assert sha256(text) == served["sha256"]
        assert response.headers["etag"] == f'"{served["sha256"]}"'
        assert response.headers["cache-control"] == IMMUTABLE

    @pytest.mark.parametrize("name", SHIPPED)
    def test_every_version_says_where_it_comes_from(self, client: TestClient, name: str) -> None:
        served = version(client, name)
        for entry in served["provenance"]:
            assert set(entry) - {"remark"} == {"cells", "source", "place", "units", "checked_by"}
            assert resolve_citation(f"{entry['source']} {entry['place']}")
            part = served["content"]
            for step in entry["cells"].split("/")[1:]:
                part = part[step]
        cited = {entry["cells"].partition("/")[2].partition("/")[0] for entry in served["provenance"]}
        uncited = set(served["content"]) - cited - {"currency", "sex"}
        assert not uncited or "" in cited, "every figure has a source"

    @pytest.mark.parametrize("name", SHIPPED)
    def test_the_summary_agrees_with_the_version(self, client: TestClient, name: str) -> None:
        summary, *later = answer(client.get(f"/v1/tables/{name}/versions"))["versions"]
        assert len(later) == VERSIONS.get(name, 1) - 1
        served = version(client, name)
        shared = set(summary) & set(served)
        assert {each: summary[each] for each in shared} == {each: served[each] for each in shared}
        assert (summary["status"], summary["withdrawn_at"]) == ("published", None)
        assert summary["published_at"] == "2026-11-22T00:00:00Z"
        assert summary["effective_to"] == (later[0]["effective_from"] if later else None)
        assert (served["name"], served["table"], served["version"]) == (f"{name}@1", name, 1)
        assert summary["author"]
        assert summary["publisher"]

    def test_validity_begins_where_the_contract_says(self, client: TestClient) -> None:
        begins = {name: version(client, name)["effective_from"] for name in SHIPPED}
        assert begins.pop("who-cambodia-2006") == "2006-01-01"
        assert begins.pop("mba-reinsurance") == "2002-01-01"
        assert begins.pop("cambodia-employment") == "2008-11-01"
        indicators = {begins.pop(name) for name in list(begins) if name.startswith("cambodia-")}
        assert indicators == {"2003-01-01"}
        assert begins.pop("nssf-experience") == "2009-01-01"
        nssf = {name: begins.pop(name) for name in list(begins) if name.startswith("nssf-")}
        assert set(nssf.values()) == {"2008-11-01"}
        assert begins.pop("nssfc-benefits") == "2007-01-01"
        assert {begins.pop(name) for name in list(begins) if name.startswith("shi-")} == {"2010-01-01"}
        assert begins.pop("hmis-portfolio-terms") == "2001-01-01"
        assert begins.pop("hmis-benchmarks") == "2007-01-01"
        tariffs = {name: begins.pop(name)[:4] for name in SHIPPED if name.startswith("tariff-")}
        assert list(tariffs.values()) == ["2001", "2009", "2010", "2007", "2007"]
        assert set(begins.values()) == {"2009-01-01"}

    def test_the_content_is_the_paper_s(self, client: TestClient) -> None:
        survivors = version(client, "who-cambodia-2006")["content"]["survivors"]
        assert survivors == {row["age"]: row["l_x"] for row in golden("appendix_b")}
        loadings = version(client, "mba-loadings")["content"]
        primary, secondary, riders = golden("appendix_c")[:3]
        percents = {
            "equity_value": primary["equity_value"],
            "contingency": riders["contingency"],
        }
        assert {name: Decimal(loadings[name]) * 100 for name in percents} == {
            name: Decimal(percent) for name, percent in percents.items()
        }
        for insured, row in (("primary_member", primary), ("secondary_member", secondary)):
            percent = {name: Decimal(share) * 100 for name, share in loadings["insured"][insured].items()}
            assert percent == {name: Decimal(row[name]) for name in ("expense", "commission")}


class TestHistory:
    def test_versions_come_oldest_first_and_without_drafts(self, revised: TestClient) -> None:
        versions = answer(revised.get("/v1/tables/mba-loadings/versions"))
        assert versions["table"] == "mba-loadings"
        statuses = [(each["version"], each["status"]) for each in versions["versions"]]
        assert statuses == [(1, "published"), (2, "published"), (3, "withdrawn"), (4, "published")]
        assert [each["withdrawn_at"] for each in versions["versions"]] == [None, None, "2026-12-04T00:00:00Z", None]
        assert versions["versions"][3]["effective_to"] == "2022-01-01"
        names = answer(revised.get("/v1/tables/mba-loadings"))["versions"]
        assert names == [f"mba-loadings@{number}" for number, _ in statuses]

    @pytest.mark.parametrize("revision", REVISIONS[:3], ids=lambda revision: f"@{revision.number}")
    def test_each_published_version_is_served_for_ever(self, revised: TestClient, revision: Any) -> None:
        served = version(revised, "mba-loadings", revision.number)
        assert served["content"]["insured"]["primary_member"]["expense"] == revision.expense
        assert sha256(canonical(served["content"])) == served["sha256"]
        assert not {"status", "withdrawn_at"} & set(served), "what is cached for ever says nothing that may change"

    def test_a_draft_is_not_there(self, revised: TestClient) -> None:
        assert_problem(revised.get("/v1/tables/mba-loadings/versions/5"), 404, "not_found")


class TestAbsent:
    @pytest.mark.parametrize(
        "path",
        [
            "/v1/tables/mba-loading",
            "/v1/tables/MBA-LOADINGS",
            "/v1/tables/mba-loadings@1",
            "/v1/tables/none/versions",
            "/v1/tables/none/versions/1",
            "/v1/tables/%E1%9F%A1",
            "/v1/tables/mba-loadings/versions/2",
            "/v1/tables/mba-loadings/versions/0",
            "/v1/tables/mba-loadings/versions/01",
            "/v1/tables/mba-loadings/versions/-1",
            "/v1/tables/mba-loadings/versions/1.0",
            "/v1/tables/mba-loadings/versions/latest",
            "/v1/tables/mba-loadings/versions/%E1%9F%A1",
            "/v1/tables/mba-loadings/versions/" + "9" * 40,
            "/v1/tables/mba-loadings/versions/1/content",
        ],
    )
    def test_what_is_not_there_is_not_found(self, client: TestClient, path: str) -> None:
        assert assert_problem(client.get(path), 404, "not_found") == []


class TestConditions:
    @pytest.mark.parametrize("path", GETS)
    def test_who_has_the_answer_gets_304(self, client: TestClient, path: str) -> None:
        fresh = client.get(path)
        etag = fresh.headers["etag"]
        assert etag.startswith('"')
        for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            response = client.get(path, headers={"if-none-match": known})
            assert (response.status_code, response.content) == (304, b"")
            assert response.headers["etag"] == etag
            assert response.headers["cache-control"] == fresh.headers["cache-control"]
        for unknown in ('"other"', "", f"{etag[:-2]}"):
            assert client.get(path, headers={"if-none-match": unknown}).content == fresh.content

    @pytest.mark.parametrize("path", GETS)
    def test_head_has_the_headers_of_get_and_no_body(self, client: TestClient, path: str) -> None:
        by_get, by_head = client.get(path), client.head(path)
        assert (by_head.status_code, by_head.content) == (200, b"")
        headers = [dict(response.headers) for response in (by_get, by_head)]
        for each in headers:
            each.pop("x-request-id", None)
        assert headers[0] == headers[1]
        assert int(by_head.headers["content-length"]) == len(by_get.content)

    @pytest.mark.parametrize("path", GETS)
    def test_only_json_unless_it_has_a_table_form(self, client: TestClient, path: str) -> None:
        assert client.get(path, headers={"accept": "application/json"}).status_code == 200
        assert_problem(client.get(path, headers={"accept": "image/png"}), 406, "not_acceptable")
        if not path.startswith(("/v1/mba", "/v1/published-tables")):
            assert_problem(client.get(path, headers={"accept": "text/csv"}), 406, "not_acceptable")

    def test_what_may_change_is_revalidated_and_probes_are_not_kept(self, client: TestClient) -> None:
        cache = {path: client.get(path).headers["cache-control"] for path in GETS}
        assert cache.pop("/v1/tables/mba-loadings/versions/1") == IMMUTABLE
        assert {cache.pop("/livez"), cache.pop("/readyz")} == {"no-store"}
        assert set(cache.values()) == {"no-cache"}


class TestErrata:
    def test_e1_is_computed_cell_by_cell(self, client: TestClient) -> None:
        entries = {entry["code"]: entry for entry in answer(client.get("/v1/errata"))["errata"]}
        first = entries["suan-2009-e1"]
        rows = {row.pop("row"): row for row in golden("erratum_e1")}
        tables = {
            "by_decrement": (rows["table_8_hospitalization_66_75"], golden("table_8")[-1]),
            "by_plan": (rows["table_9_additional_66_75"], golden("table_9")[-1]),
        }
        assert [(cell["table"], cell["package"]) for cell in first["cells"]] == [
            (table, package) for table in tables for package in "CDEF"
        ]
        for cell in first["cells"]:
            corrected, published = tables[cell["table"]]
            assert cell["published"] == published[cell["package"]]
            assert cell["corrected"] == corrected[cell["package"]]
            assert cell["insured"] == "additional_66_75"
            assert str(cell["code"]) == published["code"]
        assert first["tables"] == {"published": "mba-pricing-basis", "corrected": "mba-pricing-basis-corrected"}

    def test_the_others_have_no_cells(self, client: TestClient) -> None:
        entries = answer(client.get("/v1/errata"))["errata"]
        suan = [entry["code"] for entry in entries if entry["source"] == "suan-2009"]
        assert suan == [f"suan-2009-e{number}" for number in range(1, 12)]
        assert all(entry["cells"] == [] for entry in entries if entry["code"] != "suan-2009-e1")
        assert all(entry["tables"] is None for entry in entries if entry["code"] not in TWO_READINGS)
        indicators = {"published": "cambodia-indicators", "corrected": "cambodia-indicators-corrected"}
        assert {entry["code"]: entry["tables"] for entry in entries}["giz-2012-e31"] == indicators
        for entry in entries:
            assert resolve_citation(f"{entry['source']} {entry['where']}")
            assert entry["printed"]
            assert entry["correct"]
            assert entry["effect"]


class TestProbes:
    def test_ready_counts_the_tables(self, client: TestClient) -> None:
        ready = answer(client.get("/readyz"))
        assert ready.pop("revision") > 0
        assert ready.pop("snapshot_age_seconds") in range(10)
        assert ready == {"status": "ready", "tables": len(SHIPPED)}
        assert answer(client.get("/livez")) == {"status": "alive"}
