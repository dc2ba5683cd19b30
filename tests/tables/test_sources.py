"""Source documents, citations of them, and the mistakes known in them."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from tables.errors import CorruptTable
from tables.kinds import DEFAULT_TABLES
from tables.shipped import DATA
from tables.snapshot import Snapshot
from tables.sources import Erratum, Source, errata, resolve_citation, sources
from tests.tables.contents import NAMES, nodes, shipped


def listed(name: str, entry: str) -> list[dict[str, Any]]:
    """Entries of a file as it stands."""
    entries: list[dict[str, Any]] = tomllib.loads((DATA / name).read_text(encoding="utf-8"))[entry]
    return entries


def marks() -> Iterator[tuple[str, str]]:
    """Version and code of every erratum mark in the shipped contents."""
    for name in NAMES:
        for path, value in nodes(shipped(name)[1]):
            if path[-1:] == ("erratum",):
                yield name, value


def test_no_source_and_no_erratum_is_listed_twice() -> None:
    assert list(sources()) == [entry["short_name"] for entry in listed("sources.toml", "source")]
    assert list(errata()) == [entry["code"] for entry in listed("errata.toml", "erratum")]
    assert len(sources()) == len(listed("sources.toml", "source")) >= 1
    assert len(errata()) == len(listed("errata.toml", "erratum")) >= 11


@pytest.mark.parametrize("erratum", errata().values(), ids=list(errata()))
def test_every_erratum_is_named_for_its_source_and_stands_at_a_known_place(erratum: Erratum) -> None:
    source, (place,) = resolve_citation(f"{erratum.source} {erratum.where}")
    assert (source.short_name, place) == (erratum.source, erratum.where)
    assert erratum.code.startswith(f"{erratum.source}-e")
    assert erratum.code.removeprefix(f"{erratum.source}-e").isdecimal()
    assert errata()[erratum.code] is erratum


@pytest.mark.parametrize("erratum", errata().values(), ids=list(errata()))
def test_an_erratum_has_both_tables_or_neither(erratum: Erratum, snapshot: Snapshot) -> None:
    readings = (erratum.role, erratum.published, erratum.corrected)
    if readings == (None, None, None):
        return
    role, published, corrected = readings
    assert role is not None
    assert {published, corrected} <= set(snapshot.of_kind(role))
    assert published == DEFAULT_TABLES[role]
    assert corrected == f"{published}-corrected"


def test_the_errata_that_can_be_computed_are_these() -> None:
    assert {code for code, erratum in errata().items() if erratum.corrected} == {
        "suan-2009-e1",
        "giz-2012-e4",
        "giz-2012-e7",
        "giz-2012-e31",
    }


def test_marks_in_contents_name_errata_of_the_table_that_they_stand_in() -> None:
    assert set(marks()) == {
        ("mba-pricing-basis@1", "suan-2009-e1"),
        ("mba-claim-terms@1", "suan-2009-e4"),
        ("mba-claim-terms@1", "suan-2009-e9"),
        ("nssf-present-value-multipliers@1", "giz-2012-e15"),
        ("shi-sickness-basis@1", "giz-2012-e4"),
        *(("nssf-experience@1", f"giz-2012-e{number}") for number in (1, 2, 8, 11, 12, 13, 26, 27, 28)),
        ("cambodia-indicators@1", "giz-2012-e31"),
        ("hip-basis@1", "giz-2012-e24"),
        ("shi-nssfc-basis@1", "giz-2012-e7"),
        ("shi-nssfc-basis@1", "giz-2012-e21"),
        ("shi-nssfc-basis-corrected@1", "giz-2012-e21"),
    }
    for name, code in marks():
        assert errata()[code].published in {name.partition("@")[0], None}


@pytest.mark.parametrize(
    ("citation", "places"),
    [
        ("suan-2009 Table 8", ("Table 8",)),
        ("suan-2009 Table 13", ("Table 13",)),
        ("suan-2009 Tables 3-7", ("Table 3", "Table 4", "Table 5", "Table 6", "Table 7")),
        ("suan-2009 Tables 3-3", ("Table 3",)),
        ("suan-2009 §III Gross Premiums", ("§III Gross Premiums",)),
        ("suan-2009 Appendix C", ("Appendix C",)),
    ],
)
def test_a_citation_names_a_source_and_places_in_it(citation: str, places: tuple[str, ...]) -> None:
    source, found = resolve_citation(citation)
    assert source is sources()["suan-2009"]
    assert (source.year, found) == (2009, places)


@pytest.mark.parametrize(
    ("citation", "what"),
    [
        ("suan-2010 Table 8", "source"),
        ("", "source"),
        ("Table 8", "source"),
        ("suan-2009", "place"),
        ("suan-2009 ", "place"),
        ("suan-2009 Table 14", "place"),
        ("suan-2009 Table 0", "place"),
        ("suan-2009  Table 8", "place"),
        ("suan-2009 table 8", "place"),
        ("suan-2009 Tables 12-14", "place"),
        ("suan-2009 Tables 0-2", "place"),
        ("suan-2009 Tables 7-3", "place"),
        ("suan-2009 §III gross premiums", "place"),
    ],
)
def test_a_citation_of_what_is_not_there_is_refused(citation: str, what: str) -> None:
    with pytest.raises(CorruptTable, match=f"names no known {what}"):
        resolve_citation(citation)


def test_sources_and_errata_cannot_be_changed_or_hold_anything_unknown() -> None:
    for model, entry in ((Source, listed("sources.toml", "source")[0]), (Erratum, listed("errata.toml", "erratum")[0])):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(model(**entry), next(iter(entry)), "x")
        with pytest.raises(ValidationError, match="surplus"):
            model.model_validate({**entry, "surplus": 1})
        for missing in ("short_name", "code", "source", "places", "printed"):
            if missing in entry:
                with pytest.raises(ValidationError, match=missing):
                    model.model_validate({key: value for key, value in entry.items() if key != missing})
