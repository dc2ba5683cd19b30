"""A service whose every roll may become a job, and rolls."""

from collections.abc import Iterator

import pytest

from tests.api.sockets import Service, serving
from tests.jobs.asking import csv_roll


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with a low bound for jobs."""
    with serving(tmp_path_factory.mktemp("jobs"), job_min_bytes=1_000) as running:
        yield running


@pytest.fixture(scope="session")
def roll() -> bytes:
    """A roll that is priced in no time."""
    return csv_roll(2_000)


@pytest.fixture(scope="session")
def long_roll() -> bytes:
    """A roll that takes some seconds on any machine."""
    return csv_roll(600_000, 'M"')
