"""What the tests of social health insurance share: contents of the tables, and random changes to them."""

from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from starlette.testclient import TestClient

from tests.api.support import AS_OF, answer, post
from tests.tables.contents import is_decimal, is_whole, mapped, shipped

few = settings(max_examples=40, derandomize=True, deadline=None, database=None)
BESIDE = {"receipt", "notes", "explanation"}


def content(table: str) -> Any:
    """Content of a shipped table."""
    return shipped(f"{table}@1")[1]


@st.composite
def changed(draw: DrawFn, table: str) -> Any:
    """A table's content with other figures: rates stay rates, counts stay counts, names and flags stay."""

    def another(leaf: Any) -> Any:
        if is_whole(leaf):
            return draw(st.integers(1, 2 * leaf + 1))
        if not is_decimal(leaf) or draw(st.booleans()):
            return leaf
        thousandths = draw(st.integers(1, 1000))
        return format(Decimal(leaf) * thousandths / 1000, "f")

    return mapped(content(table), another)


def own(client: TestClient, path: str, **body: Any) -> Any:
    """An answer's own fields."""
    found = answer(post(client, path, {"as_of": AS_OF, **body}))
    return {name: value for name, value in found.items() if name not in BESIDE}
