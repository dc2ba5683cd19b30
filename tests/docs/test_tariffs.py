"""The README adds a scheme: its steps are done here as they stand there. What docs/tariffs.md says of scales is so."""

import json
import re
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.application import create_app
from api.settings import Settings
from tables import sources
from tables.errors import CorruptTable
from tables.kinds.tariffs import MembershipClass, TariffContent
from tables.shipped import DATA, shipped_tables
from tables.snapshot import Snapshot
from tables.store import open_store, prepare
from tests.docs.console import README, TARIFFS, blocks, prose, quoted, rows


def test_a_scheme_is_added_as_the_document_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    (source, head, scale), ((_, command),) = (text for _, text in blocks(README, "toml")), blocks(README, "shell")
    (scheme,) = re.findall(r"/v1/tariffs/([a-z]+)/quotes", command)
    assert f"`tariff-{scheme}`" in prose(README)
    with (data / "sources.toml").open("a", encoding="utf-8") as listed:
        listed.write(f"\n{source}")
    folder = data / f"tariff-{scheme}"
    folder.mkdir()
    (folder / "table.toml").write_text(head, encoding="utf-8")
    (folder / "1.toml").write_text(scale, encoding="utf-8")
    monkeypatch.setattr(sources, "_DATA", data)
    sources.sources.cache_clear()
    try:
        with pytest.raises(CorruptTable, match=r"1\.toml: states .* but its content has [0-9a-f]{64}$") as stopped:
            shipped_tables(data)
        assert "but its content has" in " ".join(prose(README).split())
        filled = re.sub('(?<=sha256 = ")[^"]+', str(stopped.value)[-64:], scale)
        (folder / "1.toml").write_text(filled, encoding="utf-8")
        url = f"sqlite:///{tmp_path / 'rielquote.db'}"
        store = open_store(url)
        prepare(store, shipped_tables(data))
        store.dispose()
    finally:
        monkeypatch.undo()
        sources.sources.cache_clear()

    with TestClient(create_app(Settings(database_url=url))) as client:
        (body,) = re.findall(r"-d '(\{.*\})'", command)
        quote = client.post(f"/v1/tariffs/{scheme}/quotes", json=json.loads(body)).json()
        assert scheme in [each["scheme"] for each in client.get("/v1/tariffs").json()["schemes"]]
    said = " ".join(prose(README).split())
    payers = {each["payer"]: int(each["amount"]) for each in quote["payers"]}
    shown = (
        f"are {int(quote['premium']):,} riel. The commune pays a quarter, {payers['commune']:,} riel, and the member"
    )
    assert f"{shown} {payers['member']:,}." in said


def test_every_key_of_a_scale_is_explained() -> None:
    assert [quoted(key)[0] for key, _ in rows(TARIFFS, "key")] == list(TariffContent.model_fields)
    assert [quoted(key)[0] for key, _ in rows(TARIFFS, "key of a class")] == list(MembershipClass.model_fields)


def test_every_scheme_is_described_with_its_source_and_first_day(snapshot: Snapshot) -> None:
    described = {quoted(scheme)[0]: (source, first) for scheme, source, _, first in rows(TARIFFS, "scheme")}
    assert [f"tariff-{scheme}" for scheme in sorted(described)] == list(snapshot.of_kind("tariff"))
    for scheme, (source, first) in described.items():
        (version,) = snapshot.tables[f"tariff-{scheme}"].versions
        cited = version.provenance[0]
        assert (source, first) == (f"{cited['source']} {cited['place']}", version.effective_from.isoformat())
