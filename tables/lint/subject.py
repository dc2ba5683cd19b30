"""What is checked, beside what it follows, and the limits that it is held against."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tables.kinds import KINDS
from tables.lint.findings import Finding
from tables.numbers import parse_json
from tables.shipped import DATA
from tables.snapshot import Version


class Limits(BaseModel):
    """What the checks compare with; the file `tables/data/lint.toml` says what each is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    movement_share: Decimal = Field(ge=0)
    rate_change_years: int = Field(ge=0)
    rate_change_source: str
    age_group_years: int = Field(ge=1)
    rising_mortality_age: int = Field(ge=0)


@cache
def default_limits() -> Limits:
    """The limits as they ship."""
    return Limits.model_validate(tomllib.loads((DATA / "lint.toml").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Subject:
    """A version that is to be published, among those of its table that stand as published.

    Attributes:
        version: the candidate.
        published: the others, in any order.
        limits: what numbers are held against.
    """

    version: Version
    published: tuple[Version, ...]
    limits: Limits

    @cached_property
    def content(self) -> Any:
        """The content as the model of its kind."""
        return KINDS[self.version.kind].model_validate(self.plain)

    @cached_property
    def plain(self) -> Any:
        """The content as it is stored."""
        return parse_json(self.version.content)

    @cached_property
    def before(self) -> Version | None:
        """The version before it."""
        return version_before(self.version.effective_from, self.published)

    @cached_property
    def content_before(self) -> Any:
        """Content of the version before as the model of its kind; None if there is no such version."""
        if self.before is None:
            return None
        return KINDS[self.before.kind].model_validate(parse_json(self.before.content))


Check = Callable[[Subject], Iterator[Finding]]


def holding(on: date, published: Iterable[Version]) -> Version | None:
    """Of versions that stand as published, the one that holds on a day."""
    covering = [version for version in published if version.covers(on)]
    return max(covering, key=Version.precedence) if covering else None


def version_before(first_day: date, published: Iterable[Version]) -> Version | None:
    """What a version replaces: the one that would hold on its first day without it, else on the day before, else the
    last that ended earlier.
    """
    versions = tuple(published)
    for day in (first_day, first_day - timedelta(days=1)):
        found = holding(day, versions)
        if found is not None:
            return found
    ended = [version for version in versions if version.effective_to is not None and version.effective_to <= first_day]
    return max(ended, key=lambda version: (version.effective_to, version.precedence())) if ended else None
