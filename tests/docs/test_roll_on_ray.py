"""The example on Ray comes to the service's own control sum."""

import re
import subprocess
from pathlib import Path

import pyarrow.parquet as pq
from starlette.testclient import TestClient

from tests.docs.console import ROOT

PYTHON = ROOT / ".venv-ray" / "bin" / "python"
PLANS = ("couple", "single_parent", "couple_with_children", "single")
ROWS = 70_000
"""More than two batches."""
_SECONDS = 120


def sheet() -> str:
    lines = ["member_id,package,plan_type,additional_15_65,additional_66_75,as_of"]
    for number in range(ROWS):
        package = "G" if number % 1_009 == 0 else "ABCDEF"[number % 6]
        as_of = "2008-12-31" if number % 2_003 == 0 else ""
        lines.append(f"M-{number},{package},{PLANS[number % 7 % 4]},{number % 11 % 3},{number % 13 % 2},{as_of}")
    return "\n".join(lines) + "\n"


def test_the_same_roll_comes_to_the_same_sum_as_by_the_service(tmp_path: Path, client: TestClient) -> None:
    assert PYTHON.exists(), "`make test` makes .venv-ray"
    roll, folder = tmp_path / "members.csv", tmp_path / "premiums"
    roll.write_text(sheet(), encoding="utf-8")
    done = subprocess.run(  # noqa: S603  (the example is the project's own)
        [PYTHON, "examples/roll_on_ray.py", roll, folder, "2026-12-01"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = client.post(
        "/v1/mba/quotes/batch?summary=only&as_of=2026-12-01",
        content=roll.read_bytes(),
        headers={"content-type": "text/csv"},
    ).json()
    said = re.fullmatch(r"(\d+) rows, (\d+) refused, control sum (\d+) riel a month, exactly (\S+)\n", done.stdout)
    assert said is not None, done.stdout
    assert [int(each) for each in said.groups()[:2]] == [ROWS, answer["refused"]]
    assert answer["refused_by_code"].keys() == {"invalid_request", "no_coverage"}
    assert list(said.groups()[2:]) == [answer["monthly_premium"], answer["monthly_premium_exact"]]
    priced = pq.read_table(folder)
    assert priced.num_rows == ROWS
    assert priced.schema.names[-5:] == ["status", "monthly_premium", "monthly_premium_exact", "code", "detail"]
