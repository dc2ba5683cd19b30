"""The distribution of sickness spells is found again from what the report prints, by SciPy."""

import json

from pricing.shi.spells import mean_excess, share_of_spells_beyond
from tables.kinds import KINDS
from tests.field.asking import said
from tests.field.spells import HALF_DIGITS, PRINTED, floats, misses
from tests.tables.contents import shipped

STARTS = [(0.5544, 5.9475, 1.985, 11.1659, 0.33226), (0.5, 6.2, 1.8, 10.0, 0.4), (0.3, 3.0, 1.0, 15.0, 1.0)]


def test_the_fit_is_found_again_from_what_the_report_prints() -> None:
    """The parameters are one fit of several; share and mean excess beyond 15 days are those of all of them."""
    for found in said("spells", json.dumps(STARTS)):
        assert max(map(abs, misses(found))) < 0.1, "what is printed is reproduced"
        _, share, excess = floats(found)
        assert 0.151 <= share <= 0.154
        assert 19.75 <= excess <= 19.85


def test_the_table_s_parameters_are_such_a_fit() -> None:
    kind, content = shipped("shi-sickness-basis@1")
    spells = content["spells"]
    parts = [float(spells[part][name]) for part in ("first", "second") for name in ("mean", "size")]
    found, share, excess = floats([float(spells["weight"]), *parts])
    missed = [abs(each - printed) for each, printed in zip(found, PRINTED, strict=True)]
    assert all(miss < half for miss, half in zip(missed, HALF_DIGITS, strict=True))
    distribution = KINDS[kind].model_validate(content).assumptions().spells
    assert abs(float(share_of_spells_beyond(15, distribution)) - share) < 1e-9
    assert abs(float(mean_excess(15, distribution)) - excess) < 1e-6
