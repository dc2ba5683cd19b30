"""Stores with the shipped tables, on each kind of database."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tables.store import open_store


@pytest.fixture
def store(store_url: str) -> Iterator[Engine]:
    """A store of the test's own."""
    engine = open_store(store_url)
    yield engine
    engine.dispose()
