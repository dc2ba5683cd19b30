"""Net and gross premiums of one insured person, and of a plan."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.life import AgeOutsideLifeTable, mortality_rate
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.benefits import ACCIDENT, HOSPITALIZATION, NATURAL_DEATH, coverage_benefits
from pricing.mba.plans import INSURED
from pricing.mba.premiums import (
    AccidentRateAboveMortality,
    CoveragePremium,
    InsuredPremium,
    LoadingsTooHigh,
    gross_annual_premium_of_rider,
    gross_annual_premium_with_equity_value,
    gross_monthly_premium,
    individual_premium,
    natural_death_rate,
    net_annual_premium,
    tariff_premium,
)
from pricing.mba.quotes import component_monthly_premium, plan_premium
from tests.pricing.exact import agree, nearest

ALL = (NATURAL_DEATH, ACCIDENT, HOSPITALIZATION)
RIDERS = (ACCIDENT, HOSPITALIZATION)
STEP = Decimal("1E-20")
"""The smallest step between two rates that a request can make."""

amounts = st.decimals(0, 10**9, places=2)
rates = st.decimals(0, 1, places=6)
margins = st.decimals(0, 9, places=2)
interest_rates = st.decimals(0, 1, places=6)
# Four of them stay below 1, and their products are exact in 34 digits.
small_loadings = st.decimals(0, Decimal("0.24"), places=4)
# Interest at which v^(1/2) is exact: 1, 0.8 and 0.5.
exact_interest = st.sampled_from([(Decimal(0), "1"), (Decimal("0.5625"), "0.8"), (Decimal(3), "0.5")])


def decimals(**texts: str) -> dict[str, Decimal]:
    return {name: Decimal(text) for name, text in texts.items()}


def with_equity_value(mortality: str, equity: str, expense: str, commission: str) -> Decimal:
    """GAP of a NAP of 1."""
    loadings = map(Decimal, (mortality, equity, expense, commission))
    return gross_annual_premium_with_equity_value(Decimal(1), *loadings)


# Incidence rates


@given(rates, rates)
def test_natural_deaths_are_all_deaths_less_accidental_ones_or_refused(mortality: Decimal, accident: Decimal) -> None:
    if accident > mortality:
        with pytest.raises(AccidentRateAboveMortality):
            natural_death_rate(mortality, accident)
    else:
        assert natural_death_rate(mortality, accident) + accident == mortality


@pytest.mark.parametrize(("accident", "natural"), [("0.011", "0"), ("0.01099999999999999999", "1E-20"), ("0", "0.011")])
def test_accidents_may_be_all_deaths_but_no_more(accident: str, natural: str) -> None:
    assert natural_death_rate(Decimal("0.011"), Decimal(accident)) == Decimal(natural)


def test_one_accident_more_than_all_deaths_is_refused() -> None:
    with pytest.raises(AccidentRateAboveMortality) as refusal:
        natural_death_rate(Decimal("0.011"), Decimal("0.011") + STEP)
    assert str(refusal.value) == (
        "The accident rate is above the mortality rate, which would make the rate of natural death negative. "
        "Give an accident rate at or below it, or the rate of natural death itself."
    )


# Net annual premium


def test_a_known_net_premium() -> None:
    """1,000 x 0.8 x 0.01 x 1.2."""
    nap = net_annual_premium(
        **decimals(benefit="1000", incidence_rate="0.01", safety_margin="0.2", interest_rate="0.5625")
    )
    assert nap == Decimal("9.6")


@given(amounts, rates, margins, exact_interest)
def test_a_net_premium_is_benefit_discount_rate_and_margin(
    benefit: Decimal, rate: Decimal, margin: Decimal, interest: tuple[Decimal, str]
) -> None:
    interest_rate, root = interest
    exact = Fraction(benefit) * Fraction(root) * Fraction(rate) * (1 + Fraction(margin))
    assert Fraction(net_annual_premium(benefit, rate, margin, interest_rate)) == exact


@given(amounts, rates, margins, interest_rates)
def test_a_net_premium_grows_in_half_a_year_to_the_expected_claim(
    benefit: Decimal, rate: Decimal, margin: Decimal, interest_rate: Decimal
) -> None:
    premium = Fraction(net_annual_premium(benefit, rate, margin, interest_rate))
    claim = Fraction(benefit) * Fraction(rate) * (1 + Fraction(margin))
    # v, its root and three products round; squaring counts them twice.
    assert agree(premium**2 * (1 + Fraction(interest_rate)), claim**2, roundings=10)


@given(amounts, amounts, rates, margins, exact_interest)
def test_net_premiums_of_two_benefits_add_up(
    one: Decimal, other: Decimal, rate: Decimal, margin: Decimal, interest: tuple[Decimal, str]
) -> None:
    def premium(benefit: Decimal) -> Decimal:
        return net_annual_premium(benefit, rate, margin, interest[0])

    assert premium(one) + premium(other) == premium(one + other)


@given(amounts, rates, rates, margins, exact_interest)
def test_net_premiums_of_two_risks_add_up(
    benefit: Decimal, one: Decimal, other: Decimal, margin: Decimal, interest: tuple[Decimal, str]
) -> None:
    def premium(rate: Decimal) -> Decimal:
        return net_annual_premium(benefit, rate, margin, interest[0])

    assert premium(one) + premium(other) == premium(one + other)


# Gross annual premium


@given(amounts, rates, small_loadings, small_loadings, small_loadings)
def test_a_gross_natural_death_premium_pays_claims_refund_and_expenses(
    net: Decimal, mortality: Decimal, equity: Decimal, expense: Decimal, commission: Decimal
) -> None:
    """It solves its own definition, GAP = NAP + c̄ · GAP · p + c' · GAP, but for the rounding of one division."""
    gross = Fraction(gross_annual_premium_with_equity_value(net, mortality, equity, expense, commission))
    refund = Fraction(equity) * gross * (1 - Fraction(mortality))
    expenses = (Fraction(expense) + Fraction(commission)) * gross
    assert agree(gross - refund - expenses, Fraction(net), roundings=1)
    assert gross >= net


@given(st.sampled_from(RIDERS), amounts, small_loadings, small_loadings, small_loadings)
def test_a_gross_rider_premium_pays_claims_expenses_and_margin(
    coverage: str, net: Decimal, expense: Decimal, commission: Decimal, contingency: Decimal
) -> None:
    gross = Fraction(gross_annual_premium_of_rider(coverage, net, expense, commission, contingency))
    loaded = (Fraction(expense) + Fraction(commission) + Fraction(contingency)) * gross
    assert agree(gross - loaded, Fraction(net), roundings=1)
    assert gross >= net


@given(
    st.lists(small_loadings, min_size=4, max_size=4, unique=True),
    st.integers(0, 2),
    st.decimals(0, Decimal("0.9"), places=6),
)
def test_a_gross_premium_rises_with_each_loading(loadings: list[Decimal], raised: int, mortality: Decimal) -> None:
    *low, more = sorted(loadings)
    high = low.copy()
    high[raised] = more
    net = Decimal(1000)
    assert gross_annual_premium_with_equity_value(net, mortality, *low) < gross_annual_premium_with_equity_value(
        net, mortality, *high
    )
    assert gross_annual_premium_of_rider(ACCIDENT, net, *low) < gross_annual_premium_of_rider(ACCIDENT, net, *high)


@given(rates, rates)
def test_a_gross_natural_death_premium_falls_as_fewer_survive_to_be_refunded(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    fewer = with_equity_value(mortality=str(high), equity="0.35", expense="0.35", commission="0.15")
    more = with_equity_value(mortality=str(low), equity="0.35", expense="0.35", commission="0.15")
    assert (fewer < more) == (low < high)


@given(rates, rates, rates, rates)
def test_loadings_are_refused_from_the_whole_gross_premium_on(
    mortality: Decimal, equity: Decimal, expense: Decimal, commission: Decimal
) -> None:
    total = Fraction(equity) * (1 - Fraction(mortality)) + Fraction(expense) + Fraction(commission)
    loadings = (mortality, equity, expense, commission)
    if total >= 1:
        with pytest.raises(LoadingsTooHigh) as refusal:
            gross_annual_premium_with_equity_value(Decimal(1), *loadings)
        assert (refusal.value.coverage, refusal.value.total_loading) == (NATURAL_DEATH, nearest(total))
    else:
        assert gross_annual_premium_with_equity_value(Decimal(1), *loadings) == nearest(1 / (1 - total))


@pytest.mark.parametrize(("mortality", "expense"), [("0", "0.49999999999999999999"), ("0.1", "0.53499999999999999999")])
def test_natural_death_loadings_just_below_the_whole_premium_are_priced(mortality: str, expense: str) -> None:
    gross = with_equity_value(mortality=mortality, equity="0.35", expense=expense, commission="0.15")
    assert gross == 1 / STEP


@pytest.mark.parametrize(
    ("mortality", "expense"), [("0", "0.5"), ("0", "0.50000000000000000001"), ("0", "0.9"), ("0.1", "0.535")]
)
def test_natural_death_loadings_of_the_whole_premium_or_more_are_refused(mortality: str, expense: str) -> None:
    with pytest.raises(LoadingsTooHigh) as refusal:
        with_equity_value(mortality=mortality, equity="0.35", expense=expense, commission="0.15")
    assert str(refusal.value) == (
        "The loadings on natural death come to 100% of the gross premium or more, "
        "so no gross premium can pay for the benefit. Lower the loadings for expenses, commission and "
        "equity value (counted times the survival probability) until their sum is below 1."
    )


@pytest.mark.parametrize("coverage", RIDERS)
def test_rider_loadings_just_below_the_whole_premium_are_priced(coverage: str) -> None:
    loadings = decimals(expense_loading="0.79999999999999999999", commission_loading="0.15", contingency_loading="0.05")
    assert gross_annual_premium_of_rider(coverage, Decimal(1), **loadings) == 1 / STEP


@pytest.mark.parametrize("coverage", RIDERS)
@pytest.mark.parametrize("expense", ["0.8", "0.80000000000000000001", "1"])
def test_rider_loadings_of_the_whole_premium_or_more_are_refused(coverage: str, expense: str) -> None:
    loadings = decimals(expense_loading=expense, commission_loading="0.15", contingency_loading="0.05")
    with pytest.raises(LoadingsTooHigh) as refusal:
        gross_annual_premium_of_rider(coverage, Decimal(1), **loadings)
    assert (refusal.value.coverage, refusal.value.total_loading) == (coverage, Decimal(expense) + Decimal("0.20"))
    assert str(refusal.value) == (
        f"The loadings on {coverage} come to 100% of the gross premium or more, "
        "so no gross premium can pay for the benefit. Lower the loadings for expenses, commission and contingencies "
        "until their sum is below 1."
    )


def test_monthly_premiums_are_equal_parts_of_the_annual_one() -> None:
    assert gross_monthly_premium(Decimal("20322.6"), 12) == Decimal("1693.55")
    assert gross_monthly_premium(Decimal("20322.6"), 4) == Decimal("5080.65")


# One insured person


def benefits_of(*coverages: str) -> dict[str, Decimal]:
    amounts_of_f = {NATURAL_DEATH: "300000", ACCIDENT: "600000", HOSPITALIZATION: "31500"}
    return decimals(**{coverage: amounts_of_f[coverage] for coverage in coverages})


def adds_up(whole: Decimal, parts: Iterable[Decimal]) -> bool:
    return agree(Fraction(whole), sum(map(Fraction, parts), start=Fraction(0)), roundings=2)


def changed(before: InsuredPremium, after: InsuredPremium, amount: str) -> dict[str, str]:
    """Which coverages' premiums went up or down."""
    pairs = [
        (old.coverage, getattr(old, amount), getattr(new, amount))
        for old, new in zip(before.coverages, after.coverages, strict=True)
    ]
    return {coverage: "up" if new > old else "down" for coverage, old, new in pairs if new != old}


@pytest.mark.parametrize("coverages", [(NATURAL_DEATH,), (ACCIDENT,), (HOSPITALIZATION,), RIDERS, ALL])
def test_a_coverage_is_priced_only_if_it_is_asked(coverages: tuple[str, ...], published: MbaAssumptions) -> None:
    premium = individual_premium("primary_member", 43, benefits_of(*coverages), {}, published)
    assert tuple(each.coverage for each in premium.coverages) == coverages
    assert adds_up(premium.net_annual_premium, [each.net_annual_premium for each in premium.coverages])
    assert adds_up(premium.gross_annual_premium, [each.gross_annual_premium for each in premium.coverages])
    assert premium.errata == ()


@pytest.mark.parametrize(
    ("rate", "value", "net", "gross"),
    [
        ("natural_death_rate", "0.02", {NATURAL_DEATH: "up"}, {NATURAL_DEATH: "up"}),
        ("accident_rate", "0.002", {NATURAL_DEATH: "down", ACCIDENT: "up"}, {NATURAL_DEATH: "down", ACCIDENT: "up"}),
        ("hospitalization_rate", "0.09", {HOSPITALIZATION: "up"}, {HOSPITALIZATION: "up"}),
        ("interest_rate", "0.07", dict.fromkeys(ALL, "down"), dict.fromkeys(ALL, "down")),
        ("safety_margin", "0.3", dict.fromkeys(ALL, "up"), dict.fromkeys(ALL, "up")),
        ("expense_loading", "0.36", {}, dict.fromkeys(ALL, "up")),
        ("commission_loading", "0.16", {}, dict.fromkeys(ALL, "up")),
        ("equity_value_loading", "0.36", {}, {NATURAL_DEATH: "up"}),
        ("contingency_loading", "0.06", {}, dict.fromkeys(RIDERS, "up")),
    ],
)
def test_a_rate_given_in_place_of_the_tables_moves_what_it_should(
    rate: str, value: str, net: dict[str, str], gross: dict[str, str], published: MbaAssumptions
) -> None:
    tariff = individual_premium("primary_member", 43, benefits_of(*ALL), {}, published)
    given_rate = individual_premium("primary_member", 43, benefits_of(*ALL), {rate: Decimal(value)}, published)
    assert changed(tariff, given_rate, "net_annual_premium") == net
    assert changed(tariff, given_rate, "gross_annual_premium") == gross


def test_giving_the_tables_own_rates_changes_nothing(published: MbaAssumptions) -> None:
    own = decimals(
        accident_rate="0.001",
        hospitalization_rate="0.08",
        interest_rate="0.06",
        safety_margin="0.2",
        expense_loading="0.35",
        commission_loading="0.15",
        equity_value_loading="0.35",
        contingency_loading="0.05",
    )
    benefits = benefits_of(*ALL)
    assert individual_premium("primary_member", 43, benefits, own, published) == individual_premium(
        "primary_member", 43, benefits, {}, published
    )


def test_an_age_and_its_mortality_rate_price_alike(published: MbaAssumptions) -> None:
    by_age = individual_premium("secondary_member", 30, benefits_of(*ALL), {}, published)
    q_30 = mortality_rate(published.life_table, 30)
    assert individual_premium("secondary_member", q_30, benefits_of(*ALL), {}, published) == by_age


def test_an_age_that_the_life_table_does_not_reach_is_refused(published: MbaAssumptions) -> None:
    with pytest.raises(AgeOutsideLifeTable):
        individual_premium("primary_member", 100, benefits_of(NATURAL_DEATH), {}, published)


def test_without_accident_cover_every_death_is_a_natural_one(published: MbaAssumptions) -> None:
    alone = individual_premium("child", Decimal("0.02"), benefits_of(NATURAL_DEATH), {}, published)
    beside_accident = individual_premium(
        "child", Decimal("0.02"), benefits_of(NATURAL_DEATH, ACCIDENT), decimals(natural_death_rate="0.02"), published
    )
    assert alone.coverages[0] == beside_accident.coverages[0]


def test_the_equity_value_counts_survivors_of_all_causes(published: MbaAssumptions) -> None:
    """Whatever the natural death rate is: p = 1 - q_x, and 60,000 / (1 - 0.35 · 0.5 - 0.50) = 184,615.38…"""
    given_rates = decimals(natural_death_rate="0.25", interest_rate="0.5625", safety_margin="0")
    premium = individual_premium("primary_member", Decimal("0.5"), benefits_of(NATURAL_DEATH), given_rates, published)
    assert premium.net_annual_premium == 60_000
    assert premium.gross_annual_premium == nearest(60_000 / (1 - Fraction("0.35") / 2 - Fraction("0.5")))


@given(rates, rates, st.sampled_from([(NATURAL_DEATH,), (ACCIDENT,), (HOSPITALIZATION,), RIDERS]))
def test_accidents_above_mortality_matter_only_where_they_are_taken_off_natural_deaths(
    published: MbaAssumptions, mortality: Decimal, accident: Decimal, coverages: tuple[str, ...]
) -> None:
    premium = individual_premium(
        "secondary_member", mortality, benefits_of(*coverages), {"accident_rate": accident}, published
    )
    assert len(premium.coverages) == len(coverages)


def test_accidents_above_mortality_are_refused_beside_natural_death(published: MbaAssumptions) -> None:
    benefits, given_rate = benefits_of(NATURAL_DEATH, ACCIDENT), decimals(accident_rate="0.03")
    with pytest.raises(AccidentRateAboveMortality):
        individual_premium("primary_member", Decimal("0.02"), benefits, given_rate, published)
    at_equality = individual_premium("primary_member", Decimal("0.03"), benefits, given_rate, published)
    assert at_equality.coverages[0].gross_annual_premium == 0


def test_accidents_above_mortality_are_priced_beside_a_natural_death_rate(published: MbaAssumptions) -> None:
    premium = individual_premium(
        "primary_member",
        Decimal("0.02"),
        benefits_of(NATURAL_DEATH, ACCIDENT),
        decimals(accident_rate="0.03", natural_death_rate="0.02"),
        published,
    )
    assert premium.coverages[0].net_annual_premium > 0


# The tariff


@pytest.mark.parametrize("insured", INSURED)
def test_the_tariff_prices_the_coverages_that_the_insured_person_has(insured: str, published: MbaAssumptions) -> None:
    adult = insured not in {"child", "additional_66_75"}
    premium = tariff_premium("F", insured, published)
    assert tuple(each.coverage for each in premium.coverages) == (ALL if adult else (NATURAL_DEATH, HOSPITALIZATION))


@pytest.mark.parametrize(
    ("insured", "natural_death"),
    [("primary_member", "300000"), ("child", "60000"), ("additional_15_65", "300000"), ("additional_66_75", "90000")],
)
def test_natural_death_is_priced_at_what_it_pays_at_that_age(
    insured: str, natural_death: str, published: MbaAssumptions
) -> None:
    benefits = coverage_benefits("F", insured, published.packages)
    assert benefits[NATURAL_DEATH] == Decimal(natural_death)
    assert benefits[HOSPITALIZATION] == 31_500
    assert benefits.get(ACCIDENT, 0) == (600_000 if natural_death == "300000" else 0)


# Plans


def insured_premium_of(**gross: int) -> InsuredPremium:
    coverages = tuple(CoveragePremium(coverage, Decimal(0), Decimal(amount)) for coverage, amount in gross.items())
    return InsuredPremium(coverages, Decimal(0), Decimal(sum(gross.values())), ("suan-2009-e1",))


PRICES = {
    "primary_member": insured_premium_of(natural_death=2400, accident=120, hospitalization=360),
    "child": insured_premium_of(natural_death=600, hospitalization=48),
}
FAMILY = decimals(primary_member="1", child="4.5")


def price(_package: str, insured: str) -> InsuredPremium:
    return PRICES[insured]


@pytest.mark.parametrize(
    ("coverage", "annual"), [(None, 5796), (NATURAL_DEATH, 5100), (ACCIDENT, 120), (HOSPITALIZATION, 576)]
)
def test_a_plan_costs_the_sum_over_its_persons(coverage: str | None, annual: int) -> None:
    plan = plan_premium("A", FAMILY, 12, price, coverage)
    assert plan.gross_annual_premium == annual
    assert plan.gross_monthly_premium * 12 == annual
    assert plan.insured == PRICES


def test_components_of_a_plan_are_for_all_persons_of_a_kind() -> None:
    assert component_monthly_premium(Decimal("4.5"), Decimal(648), 12) == 243


def test_a_plan_names_an_erratum_once() -> None:
    assert plan_premium("A", FAMILY, 12, price).errata == ("suan-2009-e1",)


@given(amounts, st.decimals(0, 20, places=1))
def test_a_plan_of_one_kind_costs_the_same_whole_or_by_components(gross: Decimal, persons: Decimal) -> None:
    one = InsuredPremium((CoveragePremium(NATURAL_DEATH, gross, gross),), gross, gross)
    plan = plan_premium("A", {"child": persons}, 12, lambda _package, _insured: one)
    assert plan.gross_monthly_premium == component_monthly_premium(persons, gross, 12)
