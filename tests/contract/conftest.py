"""The committed contract, and the service that it is held against."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from api.application import create_app
from api.settings import Settings
from tests.api.support import followed

ROOT = Path(__file__).parent.parent.parent
COMMITTED = ROOT / "openapi" / "openapi.json"
_PATIENCE_SECONDS = 30


@pytest.fixture(scope="session")
def contract() -> Any:
    """The committed contract."""
    return json.loads(COMMITTED.read_bytes())


@pytest.fixture(scope="session")
def document(contract: Any) -> Any:
    """The committed contract, each response where it is referred to."""
    return followed(contract)


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """The address of the running service, on a real socket."""
    app = create_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    limit = time.monotonic() + _PATIENCE_SECONDS
    while not server.started and thread.is_alive() and time.monotonic() < limit:
        time.sleep(0.01)
    assert server.started, "the service does not start"
    host, port = server.servers[0].sockets[0].getsockname()
    yield f"http://{host}:{port}"
    server.should_exit = True
    thread.join(_PATIENCE_SECONDS)
