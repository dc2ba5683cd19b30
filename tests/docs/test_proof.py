"""The tables of docs/proof.md are the proof sheet's."""

from typing import Any

from starlette.testclient import TestClient

from tests.api.support import answer
from tests.docs.console import ROOT, rows

DOCUMENT = ROOT / "docs" / "proof.md"
NUMBERS = ("cells", "equal", "within_print_precision", "erratum", "unexplained")


def numbers(counts: dict[str, Any]) -> list[str]:
    return [str(counts[name]) for name in NUMBERS]


def expected(client: TestClient) -> list[list[str]]:
    """By source, all, then by table with the mistakes."""
    found = answer(client.get("/v1/published-tables"))
    return [
        *([each["source"], *numbers(each["counts"])] for each in found["sources"]),
        ["both", *numbers(found["totals"])],
        *(
            [each["id"], *numbers(each["counts"])[:4], ", ".join(each["counts"]["errata"]) or "–"]
            for each in found["tables"]
        ),
    ]


def test_the_totals_are_those_of_the_service(client: TestClient) -> None:
    shown = [*rows(DOCUMENT, "source"), *rows(DOCUMENT, "table")]
    assert [[cell.replace("`", "") for cell in row] for row in shown] == expected(client)
