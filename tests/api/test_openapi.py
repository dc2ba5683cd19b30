"""The OpenAPI document: valid, complete, and true of every answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from api.application import Application, create_app
from api.examples import is_keyed
from api.openapi import canonical
from api.problems import PROBLEMS
from tests.api.generators import OVERRIDES, ROLES
from tests.api.rolls import BATCH
from tests.api.support import (
    AWARDS,
    BUDGET,
    CASES,
    CIVIL_SERVANTS,
    CLAIMS,
    CLAIMS_DEVELOPMENT,
    CONTRIBUTIONS,
    COST_RATIOS,
    COVENANTS,
    DEATH,
    DISABILITY,
    EARNED_PREMIUMS,
    ECONOMY,
    EQUITY_VALUES,
    EXPENDITURE,
    FUNERAL,
    HOSPITALIZATION,
    INCOME_STATEMENT,
    INDEXATION,
    INDICATORS,
    INJURY_RATES,
    LIABILITIES,
    MATERNITY,
    MEDICAL_COSTS,
    NAMED,
    NSSFC_BENEFITS,
    PACKAGES,
    PERMANENT,
    PILOT,
    PREMIUMS,
    PROJECTIONS,
    QUOTES,
    RATE_CARD,
    REINSURANCE,
    RENEWALS,
    SCENARIOS,
    SENSITIVITY,
    SHI_PROJECTIONS,
    SHI_SENSITIVITY,
    SHI_SOLVE,
    SICKNESS,
    SOLVE,
    STOCHASTIC,
    SURVIVORS,
    TARIFF_QUOTES,
    TARIFFS,
    TEMPORARY,
    answer,
    followed,
    post,
)

Document = dict[str, Any]
STAY = {"package": "F", "age": 30, "days": 3, "months_of_membership": 9, "months_paid": 5, "regular": False}
LOSS = {"monthly_reference_wage": "416954", "loss_of_working_capacity_percent": "8.7"}
INJURY = {"date_of_injury": "2011-03-14", "age": 25, "monthly_wages": ["400000", 420000]}
FIRST_VERSIONS = {"provisions": "nssf-provisions@1", "multipliers": "nssf-present-value-multipliers@1"}
DIED = {
    "date_of_death": "2012-01-11",
    "spouse": {},
    "children": [{"age": 3}],
    "parents": [{"birth_date": "1950-02-28"}],
}
MEMBER = {"relation": "member", "birth_date": "1990-02-28"}
SAMPLES: list[tuple[str, str, Any]] = [
    ("post", QUOTES, {"package": "F", "plan_type": "single"}),
    ("post", QUOTES, {"package": "A", "household": [MEMBER, {"relation": "parent", "age": 70}], "explain": True}),
    *[("post", QUOTES, {"package": "F", "plan_type": "couple", "overrides": each}) for each in OVERRIDES],
    ("post", QUOTES, {"package": "F", "household": []}),
    ("post", QUOTES, {"package": "F", "plan_type": "single", "as_of": "2008-01-01"}),
    ("post", QUOTES, {"package": "G"}),
    ("post", QUOTES, b"{"),
    ("post", QUOTES, b" " * 65_537),
    ("post", PREMIUMS, {"age": 43, "natural_death_benefit": "1", "explain": True}),
    ("post", PREMIUMS, {"mortality_rate": 0.05, "accident_benefit": 1, "hospitalization_benefit": 1}),
    ("post", PREMIUMS, {"age": 100, "accident_benefit": 1}),
    ("post", PREMIUMS, {}),
    ("post", DEATH, {"package": "F", "age": 65, "cause": "natural", "months_paid": 9, "explain": True}),
    ("post", DEATH, {"package": "F", "age": 30, "cause": "accident", "circumstance": "suicide"}),
    ("post", DEATH, {"package": "F", "age": 30, "cause": "natural"}),
    ("post", DISABILITY, {"package": "F", "age": 30, "losses": ["eye", "eye", "thumb"], "explain": True}),
    ("post", DISABILITY, {"package": "F", "age": 30, "losses": ["eye", "both_eyes"]}),
    ("post", HOSPITALIZATION, {**STAY, "event": "miscarriage", "explain": True}),
    ("post", HOSPITALIZATION, {**STAY, "months_paid": 13}),
    ("post", EQUITY_VALUES, {"package": "F", "years_completed": 3, "explain": True}),
    ("post", EQUITY_VALUES, {"package": "F", "years_completed": 0, "plan_type": "couple"}),
    ("post", REINSURANCE, {"year": 2006, "gross_premium": 1, "claims": [{"amount": 1, "kind": "hospitalization"}]}),
    ("post", REINSURANCE, {"year": 2001, "gross_premium": 1, "claims": [], "explain": True}),
    ("post", COVENANTS, {}),
    ("post", COVENANTS, {"premium_income": 1, "operating_expenses": 1, "federation_shares": ["1"], "explain": True}),
    ("post", BUDGET, {"explain": True}),
    ("post", PROJECTIONS, {}),
    ("post", PROJECTIONS, {"package": "A", "plan_type": "couple", "members": [0, 5, 100_000_000], "explain": True}),
    ("post", PROJECTIONS, {"growth_plan": {"federations": [{"federation": "X 1", "members": 7}], "growth_rates": []}}),
    ("post", PROJECTIONS, {"members": [1], "growth_plan": {}}),
    ("post", SENSITIVITY, {"share": "0.5", "measure": "total_subsidy", "explain": True}),
    ("post", SENSITIVITY, {"share": 1}),
    ("post", SOLVE, {"solve_for": "members", "year": 1, "explain": True}),
    ("post", SOLVE, {"solve_for": "premium_factor", "members": [0]}),
    ("post", STOCHASTIC, {"paths": 100, "explain": True}),
    ("post", STOCHASTIC, {"paths": 99}),
    ("post", MEDICAL_COSTS, {"option": 1, "explain": True}),
    ("post", MEDICAL_COSTS, {"option": 0}),
    (
        "post",
        CIVIL_SERVANTS,
        {
            "co_payment": {"inpatient": "0.1"},
            "transition": {"full_subsidy_years": 1, "phase_out_years": 0},
            "explain": True,
        },
    ),
    ("post", CIVIL_SERVANTS, {"government_share": "0.1"}),
    ("post", NSSFC_BENEFITS, {"year": 2010, "explain": True}),
    ("post", NSSFC_BENEFITS, {"beneficiaries": {}, "death_benefits": 1}),
    ("post", NSSFC_BENEFITS, {"year": 2000}),
    ("post", NSSFC_BENEFITS, {}),
    ("post", PILOT, {"explain": True}),
    ("post", SHI_SENSITIVITY, {"civil_servants": {}, "change": "0.5"}),
    ("post", SHI_SENSITIVITY, {"benefits": {"medical_option": 1}, "explain": True}),
    ("post", SHI_SENSITIVITY, {}),
    ("post", SHI_SOLVE, {"scenario": 1, "solve_for": "wage", "target": "0.03", "explain": True}),
    ("post", SHI_SOLVE, {"civil_servants": {}, "solve_for": "incidence", "target": "0.03"}),
    ("post", SHI_SOLVE, {"scenario": 1}),
    ("post", SHI_PROJECTIONS, {"scenario": 2, "years": 3, "reserve_months": 3, "explain": True}),
    ("post", SHI_PROJECTIONS, {"benefits": {}, "years": 1}),
    ("post", SHI_PROJECTIONS, {"scenario": 1, "years": 9, "collection_growth": "0.5"}),
    ("post", SHI_PROJECTIONS, {"scenario": 1}),
    ("post", SCENARIOS, {"scenario": 3, "employer_share": 1, "explain": True}),
    ("post", SCENARIOS, {"benefits": {"sickness": True, "waiting_days": 3}}),
    ("post", SCENARIOS, {"scenario": 1, "benefits": {"maternity": True}}),
    ("post", MATERNITY, {"explain": True}),
    ("post", SICKNESS, {"waiting_days": 365, "explain": True}),
    ("post", SICKNESS, {"waiting_days": 366}),
    ("post", CONTRIBUTIONS, {"monthly_wage": 1, "sector": "services", "period": "2010-01", "explain": True}),
    ("post", CONTRIBUTIONS, {"monthly_wage": 1, "sector": "services", "period": "2010-13"}),
    ("post", TEMPORARY, {"monthly_wages": [1, 2], "days_of_absence": 4, "explain": True}),
    ("post", TEMPORARY, {"days_of_absence": 4}),
    ("post", PERMANENT, {**LOSS, "age": 0, "explain": True}),
    ("post", PERMANENT, {**LOSS, "birth_date": "1980-01-01", "date_of_injury": "2010-01-01"}),
    ("post", PERMANENT, {**LOSS, "birth_date": "1980-01-01"}),
    ("post", SURVIVORS, {"monthly_reference_wage": 1, "children": 2, "explain": True}),
    ("post", SURVIVORS, {"monthly_reference_wage": 1}),
    ("post", FUNERAL, {"date_of_death": "2012-01-01", "explain": True}),
    ("post", FUNERAL, {}),
    ("post", CASES, INJURY),
    ("post", CASES, {**INJURY, "death": DIED, "explain": True}),
    ("post", CASES, {**INJURY, "death": {"date_of_death": "2012-01-11", "work_related": False}}),
    ("post", CASES, {**INJURY, "death": {"date_of_death": "2001-01-11"}}),
    ("post", LIABILITIES, {"pensions": [{"kind": "spouse", "monthly_amount": 1, "age": 30}], "explain": True}),
    ("post", LIABILITIES, {"pensions": [], "basis": "life_table", "discount_rate": "0.05"}),
    ("post", LIABILITIES, {"pensions": [], "discount_rate": "0.05"}),
    ("post", COST_RATIOS, {"year": 2009}),
    ("post", COST_RATIOS, {"year": 2010, "changes": {"funeral_grant": 4_000_000}, "explain": True}),
    ("post", COST_RATIOS, {"amounts": {"insured_earnings": 9, "benefit_expenditure": 1, "administration_cost": 1}}),
    ("post", COST_RATIOS, {}),
    ("post", INJURY_RATES, {"year": 2010, "explain": True}),
    ("post", INJURY_RATES, {"year": 2009}),
    ("post", INJURY_RATES, {"year": 2008}),
    ("post", EXPENDITURE, {"year": 2010, "explain": True}),
    ("post", EXPENDITURE, {"year": 2009}),
    ("post", AWARDS, {"explain": True}),
    ("post", INCOME_STATEMENT, {"year": 2009, "explain": True}),
    ("post", INCOME_STATEMENT, {"year": 2010}),
    ("post", ECONOMY, {"explain": True}),
    ("post", INDEXATION, {"monthly_pension": 1, "from_year": 2002, "years": 1, "explain": True}),
    ("post", INDEXATION, {"monthly_pension": 1, "from_year": 2012, "years": 50, "later_price_change": "-0.01"}),
    ("post", CASES, {**INJURY, "date_of_injury": "9999-10-31"}),
    ("post", CASES, {**INJURY, "date_of_injury": "0001-10-31", "tables": FIRST_VERSIONS}),
    ("post", INDICATORS, {"balance_sheet": {"cash": 1, "short_term_investments": 1, "short_term_liabilities": 1}}),
    (
        "post",
        INDICATORS,
        {"income_statement": {"earned_premium": 1}, "earlier_periods": [{"period": "a"}], "explain": True},
    ),
    ("post", INDICATORS, {"income_statement": {"earned_premium": "a"}}),
    ("post", EARNED_PREMIUMS, {"first_month": "2006-01", "months": 1, "csv": "a,b", "explain": True}),
    ("post", EARNED_PREMIUMS, {"first_month": "2006-01", "months": 1, "rows": [], "csv": "a"}),
    ("post", CLAIMS, {"csv": "provider,service,month,claims,cost\nA,medicines,2010-01,1,2", "explain": True}),
    ("post", RENEWALS, {"rows": [{"cohort": "2010-01", "contracts_due": 1, "contracts_renewed": 2}], "explain": True}),
    ("post", TARIFF_QUOTES, {"membership_class": "other_member", "persons": 2, "enrolment_month": "2026-12"}),
    ("post", TARIFF_QUOTES, {"membership_class": "other_member", "persons": 2, "explain": True}),
    ("post", TARIFF_QUOTES, {"membership_class": "other_member", "persons": 2, "income": "1"}),
    ("post", TARIFF_QUOTES, {"membership_class": "Other", "persons": 0}),
    ("post", CLAIMS_DEVELOPMENT, {"triangle": [[1, 2], [3]], "explain": True}),
    ("post", CLAIMS_DEVELOPMENT, {"triangle": [[0, 2], [3]]}),
    ("post", BATCH, [{"package": "F", "plan_type": "single", "member_id": "M-1"}, {"package": "G"}, 1]),
    ("post", BATCH, [{"household": [MEMBER, {"relation": "child", "age": 5}], "package": "A"}]),
    ("post", BATCH, []),
    ("post", BATCH, {"package": "F"}),
    ("get", f"{BATCH}/template", {"rows": "persons"}),
    ("get", f"{BATCH}/example", {}),
    ("get", f"{BATCH}/example", {"rows": "both"}),
    ("get", RATE_CARD, {}),
    ("get", RATE_CARD, {"table": "by_plan"}),
    ("get", RATE_CARD, {"pricing_basis": "mba-pricing-basis-corrected", "as_of": "2026-12-01"}),
    ("get", RATE_CARD, {"as_of": "x"}),
    ("get", RATE_CARD, {"as_of": "2008-01-01"}),
    ("get", PACKAGES, {"known_at": "2026-12-01T00:00:00Z"}),
    ("get", PACKAGES, {"known_at": "2020-12-01T00:00:00Z"}),
    ("get", "/v1/tables", {}),
    ("get", "/v1/tables/{name}", {}),
    ("get", "/v1/tables/{name}/versions", {}),
    ("get", "/v1/tables/{name}/versions/{version}", {}),
    ("get", "/v1/tables/{name}/diff", {"from": "1", "to": "1"}),
    ("get", "/v1/tables/{name}/diff", {"from": "1", "to": "mba-loadings@1"}),
    ("get", "/v1/tables/{name}/versions/{version}/lint", {"movement": "0.1"}),
    ("get", "/v1/tables/{name}/versions/{version}/impact", {"against": "1", "on": "2026-12-01"}),
    ("get", "/v1/tables/{name}/versions/{version}/impact", {}),
    ("get", "/v1/formulas", {}),
    ("get", "/v1/errata", {}),
    ("get", "/v1/published-tables", {}),
    ("get", TARIFFS, {}),
    ("get", "/livez", {}),
    ("get", "/readyz", {}),
]


@pytest.fixture(scope="module")
def contract(client: TestClient) -> Document:
    served: Document = answer(client.get("/openapi.json"))
    return served


@pytest.fixture(scope="module")
def document(contract: Document) -> Document:
    filled: Document = followed(contract)
    return filled


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def schema(document: Document, reference: str) -> Document:
    """A component's schema."""
    found: Document = document["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def check(document: Document, of: Document, value: Any) -> None:
    """Assert that a value is what a schema of the document says."""
    validator = OAS31Validator({**of, "components": document["components"]}, format_checker=oas31_format_checker)
    assert [error.message for error in validator.iter_errors(value)] == []


def ask(client: TestClient, method: str, path: str, content: Any) -> Response:
    address = path.format(**NAMED)
    return post(client, address, content) if method == "post" else client.get(address, params=content)


class TestDocument:
    def test_it_is_valid(self, contract: Document) -> None:
        validate(contract)
        assert contract["openapi"].startswith("3.1.")

    def test_it_needs_no_store_and_no_start(self, contract: Document, app: Application) -> None:
        assert create_app().openapi() == contract
        assert canonical(app.openapi()).endswith(b"}\n")

    def test_every_operation_can_be_called_by_name(self, document: Document) -> None:
        names = [operation["operationId"] for _, _, operation in operations(document)]
        assert len(set(names)) == len(names)
        for _, _, operation in operations(document):
            assert operation["operationId"].isidentifier()
            assert operation["operationId"][0].islower()
            assert operation["summary"]
            assert operation["description"]
            assert len(operation["tags"]) == 1

    def test_the_calculators_keep_their_names(self, document: Document) -> None:
        names = {(method, path): operation["operationId"] for method, path, operation in operations(document)}
        assert names == {
            ("post", QUOTES): "createMbaQuote",
            ("post", PREMIUMS): "createMbaPremium",
            ("post", BUDGET): "createMbaBudget",
            ("post", PROJECTIONS): "createMbaProjection",
            ("post", SENSITIVITY): "createMbaProjectionSensitivity",
            ("post", SOLVE): "createMbaProjectionSolution",
            ("post", STOCHASTIC): "createMbaStochasticProjection",
            ("get", RATE_CARD): "getMbaRateCard",
            ("get", PACKAGES): "getMbaPackages",
            ("post", DEATH): "createMbaDeathClaim",
            ("post", DISABILITY): "createMbaDisabilityClaim",
            ("post", HOSPITALIZATION): "createMbaHospitalizationClaim",
            ("post", EQUITY_VALUES): "createMbaEquityValue",
            ("post", REINSURANCE): "createMbaReinsuranceResult",
            ("post", COVENANTS): "createMbaCovenantReport",
            ("post", MEDICAL_COSTS): "createShiMedicalCosts",
            ("post", CIVIL_SERVANTS): "createShiCivilServantCosts",
            ("post", NSSFC_BENEFITS): "createNssfcBenefits",
            ("post", PILOT): "createShiPilotCosts",
            ("post", SCENARIOS): "createShiScenario",
            ("post", MATERNITY): "createShiMaternityCosts",
            ("post", SICKNESS): "createShiSicknessCosts",
            ("post", CONTRIBUTIONS): "createNssfContribution",
            ("post", TEMPORARY): "createNssfTemporaryDisabilityBenefit",
            ("post", PERMANENT): "createNssfPermanentDisabilityBenefit",
            ("post", SURVIVORS): "createNssfSurvivorsBenefit",
            ("post", FUNERAL): "createNssfFuneralBenefit",
            ("post", CASES): "createNssfCase",
            ("post", LIABILITIES): "createNssfLiabilities",
            ("post", COST_RATIOS): "createNssfCostRatios",
            ("post", INJURY_RATES): "createNssfInjuryRates",
            ("post", EXPENDITURE): "createNssfExpenditure",
            ("post", AWARDS): "createNssfAwards",
            ("post", INCOME_STATEMENT): "createNssfIncomeStatement",
            ("post", INDEXATION): "createNssfIndexation",
            ("post", SHI_SENSITIVITY): "createShiCostRatioSensitivity",
            ("post", SHI_SOLVE): "createShiCostRatioSolution",
            ("post", SHI_PROJECTIONS): "createShiProjection",
            ("post", ECONOMY): "createNssfEconomy",
            ("post", INDICATORS): "createMonitoringReport",
            ("post", EARNED_PREMIUMS): "createMonitoringEarnedPremiums",
            ("post", CLAIMS): "createMonitoringClaimsListing",
            ("post", CLAIMS_DEVELOPMENT): "createMonitoringClaimsDevelopment",
            ("post", RENEWALS): "createMonitoringRenewals",
            ("post", TARIFF_QUOTES): "createTariffQuote",
            ("get", TARIFFS): "listTariffs",
            ("post", BATCH): "createMbaQuoteBatch",
            ("get", f"{BATCH}/template"): "getMbaQuoteBatchTemplate",
            ("get", f"{BATCH}/example"): "getMbaQuoteBatchExample",
            ("get", "/v1/tables"): "listTables",
            ("get", "/v1/tables/{name}"): "getTable",
            ("get", "/v1/tables/{name}/versions"): "listTableVersions",
            ("get", "/v1/tables/{name}/versions/{version}"): "getTableVersion",
            ("get", "/v1/tables/{name}/diff"): "getTableDiff",
            ("get", "/v1/tables/{name}/versions/{version}/lint"): "getVersionFindings",
            ("get", "/v1/tables/{name}/versions/{version}/impact"): "getVersionImpact",
            ("post", "/v1/tables/{name}/versions"): "createTableVersion",
            ("put", "/v1/tables/{name}/versions/{version}"): "replaceTableVersion",
            ("delete", "/v1/tables/{name}/versions/{version}"): "deleteTableVersion",
            ("post", "/v1/tables/{name}/versions/{version}/submit"): "submitTableVersion",
            ("post", "/v1/tables/{name}/versions/{version}/return"): "returnTableVersion",
            ("post", "/v1/tables/{name}/versions/{version}/publish"): "publishTableVersion",
            ("post", "/v1/tables/{name}/versions/{version}/withdraw"): "withdrawTableVersion",
            ("get", "/v1/drafts"): "listDrafts",
            ("get", "/v1/audit"): "listAudit",
            ("get", "/v1/jobs/{id}"): "getJob",
            ("get", "/v1/jobs/{id}/result"): "getJobResult",
            ("delete", "/v1/jobs/{id}"): "deleteJob",
            ("get", "/v1/formulas"): "listFormulas",
            ("get", "/v1/errata"): "listErrata",
            ("get", "/v1/published-tables"): "listPublishedTables",
            ("get", "/livez"): "getLiveness",
            ("get", "/readyz"): "getReadiness",
        }

    def test_every_error_answer_is_a_problem_with_its_codes(self, document: Document) -> None:
        problem = {"$ref": "#/components/schemas/ProblemDetails"}
        for _, path, operation in operations(document):
            errors = {status: each for status, each in operation["responses"].items() if status[0] != "2"}
            assert errors, path
            for status, each in errors.items():
                assert list(each["content"]) == ["application/problem+json"], (path, status)
                assert each["content"]["application/problem+json"]["schema"] == problem
                codes = [code for code, kind in PROBLEMS.items() if kind.status == int(status)]
                assert codes
                assert all(code in each["description"] for code in codes)

    def test_the_errors_of_each_kind_of_operation(self, document: Document) -> None:
        statuses = {path: set(operation["responses"]) for _, path, operation in operations(document)}
        assert statuses[QUOTES] == statuses[PREMIUMS] >= {"400", "406", "409", "413", "415", "422", "503"}
        assert statuses[RATE_CARD] == statuses[PACKAGES] >= {"406", "409", "422", "503"}
        new = "/v1/tables/{name}/versions"  # a table that is not there is made by its first version
        assert all(("404" in each) == ("{" in path) for path, each in statuses.items() if path != new)

    def test_a_body_can_come_late_large_in_a_foreign_form_or_at_a_busy_time(self, document: Document) -> None:
        bodies = [operation for _, _, operation in operations(document) if "requestBody" in operation]
        assert len(bodies) >= 2
        assert all(operation["responses"].keys() >= {"408", "413", "415", "503"} for operation in bodies)

    def test_no_schema_is_left_over(self, document: Document) -> None:
        text = canonical(document).decode()
        unused = [name for name in document["components"]["schemas"] if f'"#/components/schemas/{name}"' not in text]
        assert unused == []

    def test_every_object_is_closed(self, document: Document) -> None:
        # A role's override is a merge patch: any object; the row of a roll has its own columns.
        is_open = [
            name
            for name, each in document["components"]["schemas"].items()
            if each.get("type") == "object" and each.get("additionalProperties") is not False
        ]
        assert is_open == ["MergePatch", "RollRow"]


class TestRoles:
    @pytest.mark.parametrize("path", [QUOTES, PREMIUMS])
    @pytest.mark.parametrize("field", ["tables", "overrides"])
    def test_pins_and_overrides_name_every_role(self, document: Document, path: str, field: str) -> None:
        body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        (reference,) = (each for each in schema(document, body["$ref"])["properties"][field]["anyOf"] if "$ref" in each)
        assert set(schema(document, reference["$ref"])["properties"]) == set(ROLES)

    @pytest.mark.parametrize(
        ("path", "names"),
        [(RATE_CARD, {"as_of", "known_at", "table", *ROLES}), (PACKAGES, {"as_of", "known_at", "packages"})],
    )
    def test_a_query_has_a_parameter_for_every_role(self, document: Document, path: str, names: set[str]) -> None:
        parameters = document["paths"][path]["get"]["parameters"]
        assert {each["name"] for each in parameters} == names
        assert all(each["in"] == "query" and not each.get("required") for each in parameters)


class TestAnswers:
    @pytest.mark.parametrize(("method", "path", "content"), SAMPLES)
    def test_what_is_answered_is_what_is_documented(
        self, client: TestClient, document: Document, method: str, path: str, content: Any
    ) -> None:
        response = ask(client, method, path, content)
        documented = document["paths"][path][method]["responses"][str(response.status_code)]
        media_type = response.headers["content-type"].partition(";")[0]
        assert media_type in documented["content"]
        value = response.text if media_type == "text/csv" else response.json()
        check(document, documented["content"][media_type]["schema"], value)

    def test_the_samples_cover_every_operation_and_most_errors(self, client: TestClient, document: Document) -> None:
        got = {(method, path, ask(client, method, path, each).status_code) for method, path, each in SAMPLES}
        assert {(method, path) for method, path, status in got if status == 200} == {
            (method, path)
            for method, path, operation in operations(document)
            if operation["tags"] != ["jobs"] and not is_keyed(operation)  # test_lifecycle has keys
        }
        assert {status for _, _, status in got} >= {200, 400, 409, 413, 422}

    def test_what_is_sent_is_what_is_documented(self, client: TestClient, document: Document) -> None:
        for method, path, content in SAMPLES:
            if method == "post" and isinstance(content, dict) and ask(client, method, path, content).status_code == 200:
                plain = {name: value for name, value in content.items() if name != "overrides"}
                body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
                check(document, body, plain)


class TestExamples:
    def test_every_request_shown_gets_the_answer_shown(self, client: TestClient, document: Document) -> None:
        for method, path, operation in operations(document):
            if method == "post" and not is_keyed(operation):
                assert operation["requestBody"].get("required"), "a POST needs its body"
                body = operation["requestBody"]["content"]["application/json"]
                for name, example in body["examples"].items():
                    check(document, body["schema"], example["value"])
                    response = ask(client, method, path, example["value"])
                    assert response.status_code == (409 if example["summary"].startswith("Refused") else 200)
                    contents = operation["responses"][str(response.status_code)]["content"]
                    content = contents[response.headers["content-type"]]
                    media_type = response.headers["content-type"]
                    content = operation["responses"][str(response.status_code)]["content"][media_type]
                    assert content["examples"][name]["value"] == response.json()
                assert next(iter(body["examples"].values()))["summary"].partition(":")[0] != "Refused"

    def test_every_address_shown_gets_the_answer_shown(self, client: TestClient, document: Document) -> None:
        for method, path, operation in operations(document):
            if method == "get" and operation["tags"] != ["jobs"] and not is_keyed(operation):  # tests/jobs makes jobs
                shown = {
                    where: {
                        each["name"]: each["example"] for each in operation.get("parameters", []) if each["in"] == where
                    }
                    for where in ("path", "query")
                }
                for media_type, content in operation["responses"]["200"]["content"].items():
                    address, query = path.format(**shown["path"]), shown["query"]
                    response = client.get(address, params=query, headers={"accept": media_type})
                    assert response.status_code == 200
                    assert content["example"] == (response.text if media_type == "text/csv" else response.json())
