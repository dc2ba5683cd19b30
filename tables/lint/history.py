"""Checks of every kind: what a version does to the time before and after it, and where it comes from."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tables.cells import cells, compared
from tables.errors import CorruptTable
from tables.lint.findings import Finding
from tables.lint.subject import Subject, holding
from tables.pointers import pointer
from tables.snapshot import Version
from tables.sources import resolve_citation

_DAY = timedelta(days=1)


def overlap(subject: Subject) -> Iterator[Finding]:
    """Days of another version that this one takes over, being published last.

    A version without an end that follows one without an end is no such thing: that is how a version is succeeded.
    """
    first, end = subject.version.effective_from, subject.version.effective_to
    for other in subject.published:
        if end is None and other.effective_to is None and other.effective_from < first:
            continue
        start = max(first, other.effective_from)
        ends = [day for day in (end, other.effective_to) if day is not None]
        last = f"to {(min(ends) - _DAY).isoformat()}" if ends else "on"
        if not ends or start < min(ends):
            message = f"is in force from {start.isoformat()} {last} as {other.name} is: published last, it holds then."
            yield Finding("overlap", "", message)


def gap(subject: Subject) -> Iterator[Finding]:
    """Days without any version, right before or right after this one."""
    first, end = subject.version.effective_from, subject.version.effective_to
    ended = [other.effective_to for other in subject.published if other.effective_to and other.effective_to <= first]
    if ended and max(ended) < first and holding(first - _DAY, subject.published) is None:
        yield _gap(max(ended), first)
    begin = [other.effective_from for other in subject.published if end is not None and other.effective_from >= end]
    if end is not None and begin and end < min(begin) and holding(end, subject.published) is None:
        yield _gap(end, min(begin))


def _gap(first: date, end: date) -> Finding:
    days = f"{first.isoformat()} to {(end - _DAY).isoformat()}"
    return Finding("gap", "", f"leaves {days} without a version: what asks about these days is refused.")


def nothing_changed(subject: Subject) -> Iterator[Finding]:
    """Content that is already in force."""
    before = subject.before
    if before is not None and before.sha256 == subject.version.sha256:
        yield Finding("nothing_changed", "", f"has the content of {before.name}.")


def numbers(subject: Subject) -> Iterator[Finding]:
    """Numbers that move far, and numbers that are gone."""
    if subject.before is None:
        return
    share = subject.limits.movement_share
    for change in compared(subject.before.content, subject.version.content):
        if change.removed and change.is_number:
            yield Finding("number_removed", change.pointer, f"is not there; {subject.before.name} has {change.old}.")
        elif change.moved_by is not None and change.moved_by > share:
            message = f"is {change.new} in place of {change.old}: it moves by more than {share} of that."
            yield Finding("moved", change.pointer, message)


def provenance(subject: Subject) -> Iterator[Finding]:
    """Parts of the content that nothing says the source of, and sources that are not listed."""
    stated = [entry["cells"] for entry in subject.version.provenance]
    for key in subject.plain:
        if not any(f"{pointer(key)}/".startswith(f"{each}/") or each.startswith(f"{pointer(key)}/") for each in stated):
            yield Finding("provenance_missing", pointer(key), "has no provenance: say where it comes from.")
    for entry in subject.version.provenance:
        try:
            resolve_citation(f"{entry['source']} {entry['place']}")
        except CorruptTable as error:
            yield Finding("source_unknown", entry["cells"], f"cites what is not in the list of sources: {error}.")


def rate_changed_again(subject: Subject, path: tuple[str, ...]) -> Iterator[Finding]:
    """A contribution rate that changes before it has stood for its time.

    Args:
        subject: what is checked.
        path: to the rate in the content.
    """
    first_day, before = subject.version.effective_from, subject.before
    rate = _rate(subject.version, path)
    if before is None or rate is None or _rate(before, path) in (None, rate):
        return
    changed = _last_change(subject, path)
    years, source = subject.limits.rate_change_years, subject.limits.rate_change_source
    if changed is not None and first_day < _years_later(changed, years):
        message = f"changes again, having changed on {changed.isoformat()}: at most every {years} years ({source})."
        yield Finding("rate_changed_again", pointer(*path), message)


def _last_change(subject: Subject, path: tuple[str, ...]) -> date | None:
    """The last day before a version on which the rate became another one, or was first set."""
    first_day, published = subject.version.effective_from, subject.published
    ends = (other.effective_to for other in published)
    days = {other.effective_from for other in published} | {end for end in ends if end is not None}
    last, previous = None, None
    for day in sorted(day for day in days if day < first_day):
        held = holding(day, published)
        rate = None if held is None else _rate(held, path)
        if rate is not None and rate != previous:
            last, previous = day, rate
    return last


def _rate(version: Version, path: tuple[str, ...]) -> Decimal | None:
    found: Any = cells(version.content).get(pointer(*path))
    return None if found is None else Decimal(found)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


EVERY_KIND = (overlap, gap, nothing_changed, numbers, provenance)
