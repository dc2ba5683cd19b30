"""The trade-union MBA programme: every figure of suan-2009 that the service reproduces, against the print."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from itertools import pairwise
from math import prod

import pytest

from pricing.life import LifeTable, mean_mortality_rate, mortality_rate
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.benefits import ACCIDENT, HOSPITALIZATION, NATURAL_DEATH, package_benefits
from pricing.mba.comparison import tariff_differences
from pricing.mba.plans import INSURED, PRIMARY_MEMBER, SECONDARY_MEMBER
from pricing.mba.premiums import gross_monthly_premium, individual_premium, tariff_premium
from pricing.mba.quotes import PremiumOf, plan_premium
from pricing.mba.rate_card import RateCardRow, by_decrement, by_plan
from pricing.rounding import EXACT, MONTHLY, WHOLE_RIEL, Rounding, plain
from tests.golden.reader import PACKAGES, Cells, Row, package_cells, rows

SUAN = "suan-2009"
TABLE_8_ROW = ("code", "coverage", "plan_type", "insured")
TABLE_9_ROW = ("code", "plan_type", "insured")
E1_TABLE_8 = ("8", HOSPITALIZATION, "", "additional_66_75")
E1_TABLE_9 = ("6", "", "additional_66_75")


def premium_of(assumptions: MbaAssumptions) -> PremiumOf:
    return partial(tariff_premium, assumptions=assumptions)


def recomputed(card: Iterable[RateCardRow], key: tuple[str, ...], rounding: Rounding) -> Cells:
    return {
        (*(str(getattr(row, column) or "") for column in key), package): rounding.text(premium)
        for row in card
        for package, premium in row.monthly_premiums.items()
    }


def table_8(assumptions: MbaAssumptions) -> Cells:
    return recomputed(by_decrement(assumptions, premium_of(assumptions)), TABLE_8_ROW, MONTHLY)


def table_9(assumptions: MbaAssumptions) -> Cells:
    return recomputed(by_plan(assumptions, premium_of(assumptions)), TABLE_9_ROW, WHOLE_RIEL)


def corrected_cells(row: tuple[str, ...], erratum_row: str) -> Cells:
    """A row as erratum suan-2009-e1 corrects it."""
    corrected = package_cells(SUAN, "erratum_e1", ["row"])
    return {(*row, package): corrected[erratum_row, package] for package in PACKAGES}


def to_places(value: Decimal, like: str) -> str:
    """A value half up at the printed figure's number of decimals."""
    return str(value.quantize(Decimal(like), ROUND_HALF_UP))


# Tables 3-7


@pytest.mark.parametrize(
    ("table", "events"),
    [
        ("table_3", ["natural_death"]),
        ("table_4", ["accidental_death"]),
        ("table_5", ["permanent_disability"]),
        ("table_6", ["funeral_assistance_1_14", "funeral_assistance_66_75"]),
        ("table_7", ["hospitalization_daily"]),
    ],
)
def test_benefits_are_the_printed_ones(table: str, events: list[str], published: MbaAssumptions) -> None:
    printed = package_cells(SUAN, table, ["row"])
    assert len(printed) == 6 * len(events)
    benefits = {package: package_benefits(package, published.packages) for package in PACKAGES}
    assert printed == {
        (event, package): plain(getattr(benefits[package], event)) for event in events for package in PACKAGES
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_a_stay_is_paid_for_fifteen_days_at_most(package: str, published: MbaAssumptions) -> None:
    daily = Decimal(package_cells(SUAN, "table_7", ["row"])["hospitalization_daily", package])
    assert package_benefits(package, published.packages).hospitalization_maximum == 15 * daily


# Tables 8 and 9


def test_table_8_is_reproduced_to_the_last_printed_digit(published: MbaAssumptions) -> None:
    printed = package_cells(SUAN, "table_8", TABLE_8_ROW)
    assert len(printed) == 72
    assert table_8(published) == printed


def test_table_9_is_reproduced_to_the_riel(published: MbaAssumptions) -> None:
    printed = package_cells(SUAN, "table_9", TABLE_9_ROW)
    assert len(printed) == 36
    assert table_9(published) == printed


def test_the_single_plan_of_package_f_has_the_unrounded_premium_behind_the_projections(
    published: MbaAssumptions,
) -> None:
    """Findings 1.3: plan 4F is 1,693.566177… KHR a month, USD 4.937511 a year at 4,116."""
    premium = plan_premium("F", {PRIMARY_MEMBER: Decimal(1)}, 12, premium_of(published))
    assert EXACT.text(premium.gross_monthly_premium).startswith("1693.566177")
    assert to_places(premium.gross_annual_premium / 4116, "1.000000") == "4.937511"


@pytest.mark.parametrize(
    ("insured", "natural_death_row"),
    [
        (PRIMARY_MEMBER, ("4", NATURAL_DEATH, "single", "")),
        (SECONDARY_MEMBER, ("5", NATURAL_DEATH, "", "additional_15_65")),
    ],
)
@pytest.mark.parametrize("package", PACKAGES)
def test_a_premium_at_age_43_with_every_default_is_table_8s_adult_column(
    insured: str, natural_death_row: tuple[str, ...], package: str, published: MbaAssumptions
) -> None:
    printed = package_cells(SUAN, "table_8", TABLE_8_ROW)
    benefits = {
        NATURAL_DEATH: Decimal(package_cells(SUAN, "table_3", ["row"])["natural_death", package]),
        ACCIDENT: Decimal(package_cells(SUAN, "table_4", ["row"])["accidental_death", package]),
        HOSPITALIZATION: 15 * Decimal(package_cells(SUAN, "table_7", ["row"])["hospitalization_daily", package]),
    }
    premium = individual_premium(insured, 43, benefits, {}, published)
    assert {
        each.coverage: MONTHLY.text(gross_monthly_premium(each.gross_annual_premium, 12)) for each in premium.coverages
    } == {
        NATURAL_DEATH: printed[*natural_death_row, package],
        ACCIDENT: printed["7", ACCIDENT, "", insured, package],
        HOSPITALIZATION: printed["8", HOSPITALIZATION, "", insured, package],
    }


# Erratum suan-2009-e1


def test_corrected_table_8_differs_from_the_print_in_the_erratum_row_alone(corrected: MbaAssumptions) -> None:
    printed = package_cells(SUAN, "table_8", TABLE_8_ROW)
    assert table_8(corrected) == printed | corrected_cells(E1_TABLE_8, "table_8_hospitalization_66_75")


def test_corrected_table_9_differs_from_the_print_in_the_erratum_row_alone(corrected: MbaAssumptions) -> None:
    printed = package_cells(SUAN, "table_9", TABLE_9_ROW)
    assert table_9(corrected) == printed | corrected_cells(E1_TABLE_9, "table_9_additional_66_75")


def test_the_two_readings_of_the_tariff_differ_in_eight_cells(
    published: MbaAssumptions, corrected: MbaAssumptions
) -> None:
    print_8, print_9 = package_cells(SUAN, "table_8", TABLE_8_ROW), package_cells(SUAN, "table_9", TABLE_9_ROW)
    erratum = package_cells(SUAN, "erratum_e1", ["row"])
    rounding = {"by_decrement": MONTHLY, "by_plan": WHOLE_RIEL}
    differences = tariff_differences((published, premium_of(published)), (corrected, premium_of(corrected)))
    assert [
        (each.table, each.row.code, each.package, *map(rounding[each.table].text, (each.published, each.corrected)))
        for each in differences
    ] == [
        *(
            (
                "by_decrement",
                8,
                package,
                print_8[*E1_TABLE_8, package],
                erratum["table_8_hospitalization_66_75", package],
            )
            for package in "CDEF"
        ),
        *(
            ("by_plan", 6, package, print_9[*E1_TABLE_9, package], erratum["table_9_additional_66_75", package])
            for package in "CDEF"
        ),
    ]


def test_the_erratum_is_named_where_its_rate_was_used_and_nowhere_else(
    published: MbaAssumptions, corrected: MbaAssumptions
) -> None:
    named = {
        (package, insured): codes
        for package in PACKAGES
        for insured in INSURED
        if (codes := tariff_premium(package, insured, published).errata)
    }
    assert named == {(package, "additional_66_75"): ("suan-2009-e1",) for package in "CDEF"}
    assert not any(tariff_premium(package, insured, corrected).errata for package in PACKAGES for insured in INSURED)


# Appendix B


def test_the_life_table_is_the_printed_one(published: MbaAssumptions) -> None:
    printed = {row["age"]: row["l_x"] for row in rows(SUAN, "appendix_b")}
    assert len(printed) == 22
    assert {str(age): plain(lives) for age, lives in published.life_table.survivors.items()} == printed


def group_mortality(life_table: LifeTable, first_age: int, next_age: int) -> Decimal:
    return 1 - prod((1 - mortality_rate(life_table, age) for age in range(first_age, next_age)), start=Decimal(1))


def agrees(printed: Row, recomputed: Decimal, next_lives: Decimal) -> bool:
    """Whether a printed n_q_x can be the recomputed one.

    The paper works from survivors that it prints rounded: each may be half a life more or less, which moves
    1 - l_{x+n} / l_x by a little at the young ages and by much at the oldest. The rate itself is printed to 5 decimals.
    """
    half_life, half_digit = Decimal("0.5"), Decimal("0.000005")
    lives = Decimal(printed["l_x"])
    lowest = 1 - (next_lives + half_life) / (lives - half_life)
    highest = 1 - (next_lives - half_life) / (lives + half_life)
    assert lowest < recomputed < highest
    return lowest - half_digit <= Decimal(printed["n_q_x"]) <= highest + half_digit


def test_mortality_is_the_printed_one_except_in_the_erratum_at_ages_1_to_4(published: MbaAssumptions) -> None:
    groups = list(pairwise(rows(SUAN, "appendix_b")))
    assert len(groups) == 21
    disagreeing = [
        younger["age"]
        for younger, older in groups
        if not agrees(
            younger,
            group_mortality(published.life_table, int(younger["age"]), int(older["age"])),
            Decimal(older["l_x"]),
        )
    ]
    assert disagreeing == ["1"]  # suan-2009-e2


def test_mortality_at_ages_1_to_4_is_that_of_the_printed_deaths(published: MbaAssumptions) -> None:
    row = next(row for row in rows(SUAN, "appendix_b") if row["age"] == "1")
    deaths_by_lives = Decimal(row["n_d_x"]) / Decimal(row["l_x"])
    assert to_places(deaths_by_lives, "1.00000") == "0.01861"
    assert to_places(group_mortality(published.life_table, 1, 5), "1.00000") == "0.01861"


def test_mortality_at_the_ages_of_the_tariff_is_the_recovered_one(published: MbaAssumptions) -> None:
    """Findings 1.1, to 15 decimals: its 16th and later digits carry float noise."""
    fifteen = "1.000000000000000"
    assert to_places(mortality_rate(published.life_table, 43), fifteen) == "0.006329051843787"
    assert to_places(mean_mortality_rate(published.life_table, 66, 75), fifteen) == "0.049220906847759"


def test_mortality_at_age_8_is_not_what_the_childrens_premium_uses(published: MbaAssumptions) -> None:
    """suan-2009-e8."""
    assert to_places(mortality_rate(published.life_table, 8), "1.00000") == "0.00154"
    assert published.pricing_basis.insured["child"].mortality == Decimal("0.011")


# Appendix C


def percent(rate: Decimal) -> str:
    return plain(rate * 100)


@pytest.mark.parametrize("insured", INSURED)
def test_loadings_are_the_printed_ones(insured: str, published: MbaAssumptions) -> None:
    printed = rows(SUAN, "appendix_c")
    assert len(printed) == 4
    # Findings 1.1: every other insured person carries the secondary member's loadings.
    members = "primary" if insured == PRIMARY_MEMBER else "secondary"
    loadings = published.loadings
    shared = {
        "members": members,
        "expense": percent(loadings.insured[insured].expense),
        "commission": percent(loadings.insured[insured].commission),
    }
    assert [row for row in printed if row["members"] == members] == [
        {**shared, "benefit": "natural_death", "equity_value": percent(loadings.equity_value), "contingency": ""},
        {**shared, "benefit": "riders", "equity_value": "", "contingency": percent(loadings.contingency)},
    ]
