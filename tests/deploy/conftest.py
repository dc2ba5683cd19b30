"""What the deployment tests share: the Dockerfile, read, and the overlays, rendered."""

import pytest

from tests.deploy.dockerfile import Stage, read_dockerfile
from tests.deploy.files import DOCKERFILE, OVERLAYS
from tests.deploy.overlays import Resource, render


@pytest.fixture(scope="session")
def stages() -> list[Stage]:
    """The stages of the Dockerfile."""
    return read_dockerfile(DOCKERFILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def image(stages: list[Stage]) -> Stage:
    """The stage that becomes the image."""
    return stages[-1]


@pytest.fixture(scope="session")
def rendered() -> dict[str, list[Resource]]:
    """Every overlay's resources."""
    return {folder.name: render(folder) for folder in sorted(OVERLAYS.iterdir())}
