"""What one of several processes does that start at once. A module of its own, so that a new process imports little."""

from typing import Any

from tables.shipped import shipped_tables
from tables.store import check_schema, load, open_store, prepare


def start(url: str, barrier: Any, answers: Any) -> None:
    """Wait for the others, prepare the store, answer with the names and hashes in it, or with what went wrong."""
    try:
        engine = open_store(url)
        tables = shipped_tables()
        barrier.wait(timeout=50)
        prepare(engine, tables)
        check_schema(engine)
        versions = [version for table in load(engine).tables.values() for version in table.versions]
        engine.dispose()
        answers.put([(version.name, version.sha256) for version in versions])
    except Exception as error:  # noqa: BLE001  (the parent asserts that there was none)
        answers.put(repr(error))
