"""Quote a household, then prove the answer: ask again from its receipt and compare every byte.

    python3 examples/first_quote.py [http://127.0.0.1:8000]

Needs Python 3 alone and a running service (`make run`).
"""

import json
import sys
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

SERVICE = "http://127.0.0.1:8000"
REQUEST = {
    "package": "D",
    "as_of": "2026-12-01",
    "household": [
        {"relation": "member", "birth_date": "1985-03-14"},
        {"relation": "spouse", "birth_date": "1987-11-02"},
        {"relation": "child", "birth_date": "2019-06-30"},
        {"relation": "parent", "age": 70},
    ],
}


def quote(service: str, request: dict[str, Any]) -> bytes:
    """The answer's bytes. An error answer ends the program with its `detail`."""
    connection = HTTPConnection(urlsplit(service).netloc, timeout=10)
    try:
        connection.request("POST", "/v1/mba/quotes", json.dumps(request), {"Content-Type": "application/json"})
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status != HTTPStatus.OK:
        problem = json.loads(body)
        sys.exit(f"{problem['code']}: {problem['detail']}")
    return body


def from_receipt(request: dict[str, Any], receipt: dict[str, Any]) -> dict[str, Any]:
    """The request that asks for the same answer again, whatever was published since."""
    return {**request, **{name: receipt[name] for name in ("as_of", "known_at", "tables")}}


def main() -> None:
    """Print the premium, what to know about it, and whether the answer came back the same."""
    service = next(iter(sys.argv[1:]), SERVICE)
    body = quote(service, REQUEST)
    answer = json.loads(body)
    lines = [f"{answer['monthly_premium']} riel a month: package {answer['package']}, {answer['plan_type']}"]
    lines.append(f"quote {answer['quote_id']}")
    lines += [f"note {note['code']}" for note in answer["notes"]]
    if quote(service, from_receipt(REQUEST, answer["receipt"])) != body:
        sys.exit("The answer to the receipt is different. Keep both and report it.")
    lines.append(f"asked again from its receipt: the same {len(body)} bytes")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
