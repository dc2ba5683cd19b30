"""Whatever is published and withdrawn afterwards, every answer can be given again from its receipt, byte for byte."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tables import lifecycle
from tests.api.desk import Desk, desk_in
from tests.api.support import QUOTES, answer, post
from tests.tables.changing import LOADINGS, draft, published, publisher

STEPS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 3), st.sampled_from(["2027-01-01", "2027-07-01", "2028-01-01"])),
    min_size=2,
    max_size=6,
)
DATES = ("2026-12-01", "2027-06-01", "2027-12-01", "2028-06-01")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("history")


def ask(desk: Desk, body: dict[str, Any]) -> bytes:
    response = post(desk.client, QUOTES, {"package": "D", "plan_type": "couple", **body})
    answer(response)
    return response.content


def test_every_answer_is_given_again_whatever_has_happened_since(folder: Path) -> None:
    with desk_in(folder) as desk:
        given_before: dict[bytes, dict[str, Any]] = {}
        figure = 0

        @settings(max_examples=5, deadline=None)
        @given(steps=STEPS)
        def lived(steps: list[tuple[bool, int, str]]) -> None:
            nonlocal figure
            for is_withdrawal, which, begins in steps:
                figure += 1
                versions = desk.app.state.running.engine.snapshot.tables[LOADINGS].versions[1:]
                standing = [each.number for each in versions if each.withdrawn_at is None]
                if is_withdrawal and standing:
                    number = standing[which % len(standing)]
                    tag = lifecycle.find_version(desk.store, LOADINGS, number).tag
                    lifecycle.withdraw(desk.store, LOADINGS, number, tag, publisher(figure))
                else:
                    published(desk.store, draft(f"0.{figure:03}", begins), figure)
                desk.app.state.running.follow()
                for day in DATES:
                    found = ask(desk, {"as_of": day})
                    receipt = orjson.loads(found)["receipt"]
                    given_before[found] = {name: receipt[name] for name in ("as_of", "known_at", "tables")}
            for found, asked in given_before.items():
                assert ask(desk, asked) == found

        lived()
        used = {str(asked["tables"]["loadings"]) for asked in given_before.values()}
        assert len(used) >= 3, "the histories changed what was answered"
