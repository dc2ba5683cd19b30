"""A service with a key of each role and of several people, and how they change its tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from httpx2 import Response
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.application import Application, create_app
from api.settings import Settings
from tables.keys import Role, create_key
from tables.shipped import shipped_tables
from tables.store import open_store, prepare
from tests.tables.changing import PROVENANCE, content

PEOPLE: dict[str, Role] = {"Ann": "author", "Bo": "publish", "Cy": "admin", "Di": "read", "Eve": "admin"}
VERSIONS = "/v1/tables/{name}/versions"
LOADINGS = VERSIONS.format(name="mba-loadings")


@dataclass(frozen=True)
class Desk:
    """The service, and everyone's key."""

    client: TestClient
    keys: dict[str, str]

    @property
    def app(self) -> Application:
        """The application."""
        assert isinstance(self.client.app, Application)
        return self.client.app

    @property
    def store(self) -> Engine:
        """Its store."""
        store: Engine = self.app.state.running.store
        return store

    def ask(
        self, who: str, method: str, path: str, body: Any = None, tag: str | None = None, **headers: str
    ) -> Response:
        """What somebody is answered; a tag goes into `If-Match`. Nobody has no key."""
        if who != "nobody":
            headers["authorization"] = f"Bearer {self.keys[who]}"
        if tag is not None:
            headers["if-match"] = tag
        return self.client.request(method, path, json=body, headers=headers)

    def create(self, body: Any = None, who: str = "Ann", path: str = LOADINGS) -> Response:
        """A new draft."""
        made = self.ask(who, "POST", path, body or version())
        assert made.status_code == 201, made.text
        return made

    def submit(self, body: Any = None, path: str = LOADINGS) -> tuple[str, str]:
        """Address and tag of a draft that waits for its publisher."""
        made = self.create(body, path=path)
        address = made.headers["location"]
        ready = self.ask("Ann", "POST", f"{address}/submit", tag=made.headers["etag"])
        assert ready.status_code == 200, ready.text
        return address, ready.headers["etag"]

    def publish(self, body: Any = None, path: str = LOADINGS) -> tuple[str, str]:
        """Address and tag of what has just been published."""
        address, tag = self.submit(body, path)
        done = self.ask("Bo", "POST", f"{address}/publish", tag=tag)
        assert done.status_code == 200, done.text
        return address, done.headers["etag"]


def version(equity_value: str = "0.3", effective_from: str = "2027-01-01", **more: Any) -> dict[str, Any]:
    """A body that creates loadings."""
    return {"effective_from": effective_from, "provenance": [PROVENANCE], "content": content(equity_value), **more}


@contextmanager
def desk_in(folder: Path) -> Iterator[Desk]:
    """A service of its own."""
    url = f"sqlite:///{folder / 'rielquote.db'}"
    store = open_store(url)
    prepare(store, shipped_tables())
    keys = {name: create_key(store, name, role, None, datetime.now(UTC))[0] for name, role in PEOPLE.items()}
    store.dispose()
    with TestClient(create_app(Settings(database_url=url))) as client:
        yield Desk(client, keys)
