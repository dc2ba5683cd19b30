"""The engine's version, which every receipt names."""

import re
from pathlib import Path

import pricing

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"


def test_the_engine_is_of_the_version_that_the_changelog_describes_last() -> None:
    versions = re.findall(r"^## (\d+\.\d+\.\d+)$", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    assert pricing.__version__ == versions[0]
