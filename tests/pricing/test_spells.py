"""The distribution of the days of a spell: against exact fractions, and what the table holds."""

from decimal import Decimal, localcontext
from fractions import Fraction
from math import comb

from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.arithmetic import CONTEXT
from pricing.shi.spells import (
    NegativeBinomial,
    SampleClass,
    SpellDistribution,
    days_beyond,
    days_in_excess,
    mean_excess,
    probability_beyond,
    share_of_spells_beyond,
    spell_report,
)
from tests.pricing.exact import agree
from tests.tables.contents import shipped

FITTED = SpellDistribution(
    Decimal("0.5544"),
    NegativeBinomial(Decimal("5.9475"), Decimal("1.9850")),
    NegativeBinomial(Decimal("11.1659"), Decimal("0.33226")),
)


def tail(days: int, mean: Fraction, size: int) -> Fraction:
    """P(X > days) of a whole size: from the successes and failures themselves."""
    success = size / (size + mean)
    at_most = sum(comb(k + size - 1, k) * success**size * (1 - success) ** k for k in range(days + 1))
    return Fraction(1 - at_most)


whole_sizes = st.integers(1, 6)
means = st.integers(10, 400).map(lambda tenths: Decimal(tenths) / 10)


@settings(max_examples=30, derandomize=True, deadline=None)
@given(st.integers(0, 60), means, whole_sizes)
def test_tail_and_excess_are_those_of_exact_fractions(days: int, mean: Decimal, size: int) -> None:
    beyond = tail(days, Fraction(mean), size)
    found = Fraction(days_beyond(days, mean, Decimal(size)))
    assert agree(found, beyond, 1) if beyond >= Fraction(1, 10**20) else found == 0
    excess = Fraction(mean) - sum((tail(k, Fraction(mean), size) for k in range(days)), Fraction(0))
    if beyond >= Fraction(1, 10**20):
        assert agree(Fraction(days_in_excess(days, mean, Decimal(size))), excess, 1)


def test_a_tail_that_is_next_to_nothing_is_nothing() -> None:
    one, thousand = Decimal(1), Decimal(999)
    assert days_beyond(16, one, thousand) > 0 or days_beyond(17, one, thousand) == 0
    smallest = max(days for days in range(40) if days_beyond(days, one, thousand))
    assert days_beyond(smallest, one, thousand) >= Decimal("1E-20") > tail(smallest + 1, Fraction(1), 999)
    assert days_beyond(smallest + 1, one, thousand) == 0
    short = NegativeBinomial(one, thousand)
    assert mean_excess(300, SpellDistribution(one, short, short)) == 0
    assert share_of_spells_beyond(300, SpellDistribution(one, short, short)) == 0


def test_a_mixture_is_what_its_weight_says() -> None:
    for weight, part in ((1, FITTED.first), (0, FITTED.second)):
        alone = SpellDistribution(Decimal(weight), FITTED.first, FITTED.second)
        assert probability_beyond(9, alone) == days_beyond(9, part.mean, part.size)
    with localcontext(CONTEXT):
        both = FITTED.weight * days_beyond(9, FITTED.first.mean, FITTED.first.size) + (1 - FITTED.weight) * days_beyond(
            9, FITTED.second.mean, FITTED.second.size
        )
        assert probability_beyond(9, FITTED) == both
    assert probability_beyond(-1, FITTED) == 1


def test_the_table_holds_the_fit() -> None:
    for table in ("shi-sickness-basis@1", "shi-sickness-basis-corrected@1"):
        spells = shipped(table)[1]["spells"]
        parts = [
            NegativeBinomial(Decimal(spells[name]["mean"]), Decimal(spells[name]["size"]))
            for name in ("first", "second")
        ]
        assert SpellDistribution(Decimal(spells["weight"]), parts[0], parts[1]) == FITTED


def test_classes_are_what_is_between_their_first_days() -> None:
    sample = {name: SampleClass(day, Decimal(day) / 100) for name, day in (("b", 8), ("a", 0), ("c", 15))}
    with localcontext(CONTEXT):
        report = spell_report(15, FITTED, sample)
    assert [(each.name, each.first_day) for each in report.classes] == [("a", 0), ("b", 8), ("c", 15)]
    assert [each.sample_and_longer for each in report.classes] == [Decimal("0.23"), Decimal("0.23"), Decimal("0.15")]
    assert report.classes[0].model_and_longer == 1
    assert report.classes[2].model == report.classes[2].model_and_longer == probability_beyond(14, FITTED)
    with localcontext(CONTEXT):
        assert report.classes[1].model == probability_beyond(7, FITTED) - probability_beyond(14, FITTED)
    assert report.mean_days_beyond == CONTEXT.add(Decimal(15), report.mean_excess)
    assert report.mean_days == mean_excess(0, FITTED)
