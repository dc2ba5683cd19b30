"""Bounds of figures by path are those by which a content is refused."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from pricing.leaves import leaves
from tables.bounds import bounds
from tables.snapshot import canonical_content
from tests.tables.contents import replaced, shipped

TABLES = (
    "shi-nssf-basis@1",
    "shi-maternity-basis@1",
    "shi-sickness-basis@1",
    "shi-nssfc-basis@1",
    "shi-nssfc-basis-corrected@1",
)
A_HAIR = Decimal("0.00000001")


def is_taken(name: str, path: tuple[str, ...], figure: Decimal | int) -> bool:
    kind, content = shipped(name)
    text = figure if isinstance(figure, int) else format(figure, "f")
    try:
        canonical_content(kind, replaced(content, path, text))
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("name", TABLES)
def test_a_figure_is_taken_up_to_its_bounds_and_not_beyond(name: str) -> None:
    kind, content = shipped(name)
    for path, figure in leaves(canonical_content(kind, content)[1]):
        found = bounds((kind, *path))
        whole = isinstance(figure, int)
        step: Decimal = Decimal(1) if whole else A_HAIR
        for limit, outwards in ((found.lower, -step), (found.upper, step)):
            for tried in (limit - outwards, limit, limit + outwards):
                exact = int(tried) if whole else tried
                assert is_taken(name, path, exact) == (found.refusal(exact) is None), (path, tried)
            assert found.refusal(limit - outwards) is None
            assert found.refusal(limit + outwards) is not None
