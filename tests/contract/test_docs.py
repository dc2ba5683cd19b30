"""`/docs` needs nothing but the service: what it loads is served here, and the browser is told to load nothing else."""

import hashlib
import re
import tomllib
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.api.support import assert_problem
from tests.contract.conftest import ROOT

STATIC = ROOT / "api" / "static"
SWAGGER_UI = STATIC / "docs" / "swagger-ui"
PAGE = "http://rielquote.test/docs"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


class _References(HTMLParser):
    """What a page refers to, and what it runs or styles by itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "data", "srcset")]
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)


def fetch(client: TestClient, address: str) -> Response:
    """What the service answers at an address of its own."""
    parts = urlsplit(address)
    assert parts.netloc == urlsplit(PAGE).netloc, f"{address} is somewhere else"
    response = client.get(parts.path)
    assert response.status_code == 200, address
    assert response.headers["content-type"] == MEDIA_TYPES[PurePosixPath(parts.path).suffix or ".html"], address
    return response


def loaded(client: TestClient) -> dict[str, Response]:
    """The page and everything that it names, and that these name in turn, by address."""
    found: dict[str, Response] = {}
    waiting = [PAGE]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        response = found[address] = fetch(client, address)
        named: list[str] = []
        if response.headers["content-type"].startswith("text/html"):
            named = _References(response.text).addresses
        elif response.headers["content-type"].startswith("text/css"):
            named = re.findall(r"""url\(\s*["']?([^"')]+)""", response.text)
            assert "@import" not in response.text
        waiting += [urljoin(address, each) for each in named if not each.startswith(("data:", "#"))]
    return found


def test_everything_that_the_page_loads_is_served_here(client: TestClient) -> None:
    paths = {urlsplit(address).path for address in loaded(client)}
    assert paths == {
        "/docs",
        "/openapi.json",
        *(f"/docs/{name}" for name in ("icon.svg", "page.css", "page.js", "select.svg", "copy.svg")),
        *(f"/docs/{name}" for name in ("swagger-ui.css", "swagger-ui-bundle.js", "licences.html")),
    }


def test_the_page_s_own_script_names_no_other_place(client: TestClient) -> None:
    code = "\n".join(line for line in client.get("/docs/page.js").text.splitlines() if not line.startswith("//"))
    assert re.findall(r'url: "([^"]*)"', code) == ["openapi.json"]
    assert "//" not in code
    assert "validatorUrl: null" in code, "else the page asks a validator elsewhere"


def test_the_browser_is_told_to_load_nothing_else(client: TestClient) -> None:
    for address, response in loaded(client).items():
        if "/docs" in address:
            directives = [each.split() for each in response.headers["content-security-policy"].split(";")]
            assert directives[0] == ["default-src", "'none'"]
            sources = {name: values for name, *values in directives}
            assert set(map(tuple, sources.values())) == {("'none'",), ("'self'",)}
            allowed = {name for name, values in sources.items() if values == ["'self'"]}
            assert allowed == {"script-src", "style-src", "img-src", "connect-src"}
            assert response.headers["x-content-type-options"] == "nosniff"
            assert response.headers["referrer-policy"] == "no-referrer"


def test_pages_hold_no_code_and_no_style_that_the_browser_would_refuse(client: TestClient) -> None:
    for name in ("/docs", "/docs/licences.html"):
        assert _References(client.get(name).text).inline == []


@pytest.mark.parametrize("path", ["/docs", "/docs/swagger-ui-bundle.js"])
def test_what_has_not_changed_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["etag"] == f'"{hashlib.sha256(first.content).hexdigest()}"'
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    head = client.head(path)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(first.content)))


@pytest.mark.parametrize("name", ["nothing.js", "vendored.toml", "..%2F..%2Fdocs.py", "%2e%2e/main.py", "swagger-ui"])
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    assert_problem(client.get(f"/docs/{name}"), 404, "not_found")


def vendored() -> Any:
    return tomllib.loads((SWAGGER_UI / "vendored.toml").read_text("utf-8"))


def test_swagger_ui_is_as_it_was_published() -> None:
    stated = vendored()["sha256"]
    assert set(stated) == {file.name for file in SWAGGER_UI.iterdir() if file.name.startswith("swagger-ui")}
    for name, digest in stated.items():
        assert hashlib.sha256((SWAGGER_UI / name).read_bytes()).hexdigest() == digest


def test_swagger_ui_comes_with_its_licence(client: TestClient) -> None:
    licences = client.get("/docs/licences.html").text
    assert vendored()["licence"] == "Apache-2.0"
    assert "Apache License" in licences
    assert "Copyright 2020-2021 SmartBear Software Inc." in licences
    assert f"Swagger UI {vendored()['version']}" in licences


def test_every_file_is_installed_with_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["api"]
    files = [PurePosixPath(file.relative_to(STATIC.parent)) for file in STATIC.rglob("*") if file.is_file()]
    assert files
    assert [str(file) for file in files if not any(file.match(pattern) for pattern in patterns)] == []
