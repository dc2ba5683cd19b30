"""Quote a roll of households, one request each, and print one CSV line each.

    python3 examples/quote_roll.py examples/households.csv [http://127.0.0.1:8000]

The roll has one line a person; the lines of one household follow each other. Needs Python 3 alone.
"""

import csv
import json
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SERVICE = "http://127.0.0.1:8000"
AS_OF = "2026-12-01"


def households(roll: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every household's number with its request."""
    with roll.open(encoding="utf-8", newline="") as lines:
        for number, persons in groupby(csv.DictReader(lines), key=lambda person: person["household"]):
            listed = list(persons)
            people = [{"relation": each["relation"], "birth_date": each["birth_date"]} for each in listed]
            yield number, {"package": listed[0]["package"], "as_of": AS_OF, "household": people}


def main() -> None:
    """Ask for every household over one connection; a household without a price shows why."""
    roll, *rest = sys.argv[1:] or sys.exit(__doc__)
    service = next(iter(rest), SERVICE)
    connection = HTTPConnection(urlsplit(service).netloc, timeout=10)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["household", "plan_type", "monthly_premium", "problem"])
    for number, request in households(Path(roll)):
        connection.request("POST", "/v1/mba/quotes", json.dumps(request), {"Content-Type": "application/json"})
        answer = json.load(connection.getresponse())
        if "code" in answer:
            out.writerow([number, "", "", answer["detail"]])
        else:
            out.writerow([number, answer["plan_type"], answer["monthly_premium"], ""])
    connection.close()


if __name__ == "__main__":
    main()
