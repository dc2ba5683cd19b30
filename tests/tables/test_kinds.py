"""Kinds of table: what is refused, what is kept, and that nothing of a content goes unused."""

import dataclasses
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import ValidationError

from pricing.arithmetic import CONTEXT
from tables.kinds import DEFAULT_TABLES, KINDS
from tables.kinds.tariffs import MembershipClass, Subsidy, TariffContent
from tables.snapshot import canonical_content
from tests.tables.contents import (
    NAMES,
    SHIPPED,
    Path,
    at,
    exact,
    is_decimal,
    is_whole,
    mapped,
    nodes,
    pointer,
    renamed,
    replaced,
    shipped,
    without,
)

each_shipped_version = pytest.mark.parametrize("name", NAMES)

_EXCEPTIONS = "/insured/additional_66_75/hospitalization_rate_exceptions"
_LIFE = "who-cambodia-2006@1"

_REPEAT = "/hospitalization_events"
_SCHEDULE = "mba-disability-schedule@1"
_MULTIPLIERS = "nssf-present-value-multipliers@1"
_PROVISIONS = ("nssf-provisions@1", "nssf-provisions@2")
_EXPERIENCE = "nssf-experience@1"
_TREATY = {f"/events/{kind}" for kind in ("natural_death", "accidental_death", "permanent_disability")} | {
    "/events/natural_death/membership_years_above"
}

MAY_BE_ABSENT = {
    # What the bands do not leave open needs no reading, and a cell need not be a mistake.
    "mba-claim-terms@1": {
        "/age_exceptions/65",
        "/age_exceptions/65/erratum",
        f"{_REPEAT}/pregnancy/erratum",
        f"{_REPEAT}/miscarriage/erratum",
    },
    # A loss may take fewer parts of the body, if it takes one, and need not be half of a pair.
    _SCHEDULE: {"/losses/eye/pair", "/losses/hearing_one_ear/pair"}
    | {
        f"/losses/{loss}/takes/{part}"
        for loss, taken in (
            ("arm_or_hand", ("arm_or_hand", "thumb", "index_finger", "other_finger")),
            ("leg_or_foot", ("leg_or_foot", "big_toe", "other_toe")),
        )
        for part in taken
    },
    # An indicator need not have a benchmark, nor a direction an end, nor a limit another end.
    "hmis-benchmarks@1": {pointer(path) for path, _ in nodes(shipped("hmis-benchmarks@1")[1]) if len(path) == 2}
    | {"/indicators/monitoring_quality/value", "/indicators/penetration_rate/ceiling"},
    # A treaty may cover less, or everybody.
    "mba-reinsurance@1": _TREATY,
    "mba-reinsurance@2": _TREATY,
    # An abridged table may have any ages.
    _LIFE: {pointer(path) for path, _ in nodes(shipped(_LIFE)[1]) if len(path) == 2},
    "mba-pricing-basis@1": {_EXCEPTIONS}
    | {f"{_EXCEPTIONS}/{package}" for package in "CDEF"}
    | {f"{_EXCEPTIONS}/{package}/erratum" for package in "CDEF"},
    "shi-sickness-basis@1": {"/average_annual_wage/erratum"},
    "hip-basis@1": {"/experience/services/erratum"},
    "shi-nssfc-basis@1": {
        "/costed_shares",
        "/costed_shares/outpatient/erratum",
        "/costed_shares/inpatient/erratum",
        "/contribution_base/pensions/erratum",
    },
    "shi-nssfc-basis-corrected@1": {"/contribution_base/pensions/erratum"},
    # A table may have any years.
    "nssfc-benefits@1": {f"/years/{year}" for year in range(2007, 2011)},
    # Growth may end earlier, but has no gap.
    "mba-projection-basis@1": {"/enrolment/growth_rates/6"},
    # Multipliers may begin later and end earlier, but have no gap.
    _MULTIPLIERS: {"/multipliers/0", "/multipliers/105", "/unit/erratum"},
    # Years may begin later and end earlier; what a claim costs and the rates of a country may be unknown.
    "cambodia-indicators@1": {"/years/2003", "/years/2010", "/deflator/erratum"},
    "cambodia-indicators-corrected@1": {"/years/2003", "/years/2010"},
    # Enterprises may be counted in fewer classes.
    "cambodia-employment@1": {f"/enterprises/{size}" for size in shipped("cambodia-employment@1")[1]["enterprises"]},
    _EXPERIENCE: {
        f"/{subject}/{year}"
        for subject in (
            *("workers", "accidents", "temporary_disability", "funeral_grants_paid"),
            *("survivor_pensioners", "income_statements", "pension_liabilities"),
        )
        for year in (2009, 2010)
    }
    | {"/temporary_disability/2009/erratum", "/international/thailand", "/international/eu", "/international/usa"}
    | {
        pointer(path)
        for path, _ in nodes(shipped(_EXPERIENCE)[1])
        if path[-1:] == ("average_claim",) or (path[:1] == ("misprints",) and (len(path) == 2 or path[-1] == "year"))
    },
    # A scale may have fewer classes and bands, and need not say who pays, whom else it is for, or what is divided.
    "tariff-brac@1": {"/proration"}
    | {
        f"/classes/{member}{rest}"
        for member in ("microfinance_member", "other_member")
        for rest in ("", "/largest_family", "/payers")
    },
    "tariff-hip@1": {f"/classes/{member}{rest}" for member in ("automatic", "voluntary") for rest in ("", "/payers")},
    "tariff-nssf-shi@1": {"/income", "/income/lowest", "/income/highest"}
    | {f"/classes/scenario_{number}" for number in (1, 2, 3)},
    "tariff-vdrc@1": {"/classes/member/payers"}
    | {f"/classes/member/premium_by_family_size/{size}" for size in (6, 11)},
    "tariff-yeshasvini@1": {"/classes/member/payers", "/classes/member/subsidy"},
}

MAY_BE_NULL = {
    ("erratum",),
    ("hospitalization_rate_exceptions",),
    ("pair",),
    ("membership_years_above",),
    ("costed_shares",),
}
"""Optional keys; an override cannot make use of it, since it refuses null."""

NEVER_A_DECIMAL: list[Any] = [
    *(True, 0.5, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), None, [], {}),
    *["០.៥", "០", "0_1", "1E-1", "1e0", "+0.5", "--1", "0,5", ".5", "5.", "0x1", "1/2", "NaN", "Infinity", "abc"],
    *("", " 0.5", "0.5 ", "0.5\n"),
]
NEVER_WHOLE = [True, 1.0, "1", "១", "1_0", " 1", Decimal("1.5"), Decimal("Infinity"), None, [], {}]
NEVER_A_BOOL = [0, 1, "true", "false", "yes", Decimal(1), None, [], {}]
NEVER_A_NAME = ["", "x", 1, True, None, [], {}]
NEVER_AN_OBJECT: list[Any] = [None, "x", 1, True, [], [{}]]
NEVER_A_LIST = [None, "suicide", 1, {}, {"0": "suicide"}]


def valid(kind: str, content: Any) -> bool:
    """Whether content is accepted. Anything raised but a ValidationError fails the test."""
    try:
        canonical_content(kind, content)
    except ValidationError:
        return False
    return True


def assumptions(kind: str, content: Any) -> Any:
    """What the formulas take."""
    return canonical_content(kind, content)[1]


def keys(content: Any) -> Iterator[Path]:
    """Paths of every key of every object."""
    return (path for path, _ in nodes(content) if path and isinstance(path[-1], str))


def test_every_kind_is_shipped_and_has_a_default_table_of_its_own() -> None:
    # The address of a request names its tariff.
    assert {kind for kind, _ in SHIPPED.values()} == set(KINDS) == set(DEFAULT_TABLES) | {"tariff"}
    assert {SHIPPED[f"{table}@1"][0]: table for table in DEFAULT_TABLES.values()} == dict(DEFAULT_TABLES)


@each_shipped_version
def test_content_keeps_its_canonical_form(name: str) -> None:
    kind, content = shipped(name)
    assert canonical_content(kind, content)[0].decode() == SHIPPED[name][1].content


@each_shipped_version
def test_one_content_has_one_canonical_form_however_it_is_spelt(name: str) -> None:
    kind, content = shipped(name)
    canonical = canonical_content(kind, content)[0]
    with_zeros = mapped(
        content, lambda leaf: f"{Decimal(leaf):f}{'0' if '.' in leaf else '.0'}" if is_decimal(leaf) else leaf
    )
    as_numbers = mapped(exact(content), lambda leaf: Decimal(f"{leaf}.0") if is_whole(leaf) else leaf)
    assert with_zeros != content or not any(is_decimal(node) for _, node in nodes(content))
    assert canonical_content(kind, with_zeros)[0] == canonical
    assert canonical_content(kind, as_numbers)[0] == canonical


def misspellings(key: str) -> set[str]:
    """A key with a letter too many, in the other case, with a space, with a zero in front."""
    return {f"{key}x", f" {key}", f"0{key}", key.swapcase()} - {key}


@each_shipped_version
def test_a_misspelt_key_is_refused_wherever_it_is(name: str) -> None:
    kind, content = shipped(name)
    misspelt = [
        (path, key)
        for path in keys(content)
        for key in misspellings(str(path[-1]))
        # A scheme gives its classes of members, and who pays, names of its own.
        if not (path[-2:-1] in {("classes",), ("payers",)} and key == f"{path[-1]}x")
    ]
    assert len(misspelt) >= 2 * len(list(keys(content))) > 0
    assert [each for each in misspelt if valid(kind, renamed(content, *each))] == []


@each_shipped_version
def test_a_surplus_key_is_refused_in_every_object(name: str) -> None:
    kind, content = shipped(name)
    objects = [path for path, node in nodes(content) if isinstance(node, dict)]
    assert [pointer(path) for path in objects if valid(kind, replaced(content, (*path, "surplus"), "1"))] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_object_that_a_kind_describes_is_closed(kind: str) -> None:
    described = [node for _, node in nodes(KINDS[kind].model_json_schema()) if isinstance(node, dict)]
    objects = [node for node in described if node.get("type") == "object"]
    assert objects
    for node in objects:
        assert node.get("additionalProperties") is False or "propertyNames" in node or "patternProperties" in node, node


@each_shipped_version
def test_every_key_is_required_but_the_listed_ones(name: str) -> None:
    kind, content = shipped(name)
    optional = {pointer(path) for path in keys(content) if valid(kind, without(content, path))}
    assert optional == MAY_BE_ABSENT.get(name, set())


_INSURED = "primary_member secondary_member child additional_15_65 additional_66_75"
_CIRCUMSTANCES = "suicide hunting motor_race contagious_disease illegal_activity act_against_state wilful_accident"
_LOSSES = (
    "arm_or_hand thumb index_finger other_finger leg_or_foot big_toe other_toe eye both_eyes hearing_one_ear "
    "hearing_both_ears smell_or_taste incurable_brain_injury kidney spleen"
)
_BODY = (
    "arm_or_hand thumb index_finger other_finger leg_or_foot big_toe other_toe eye ear smell_and_taste brain kidney "
    "spleen"
)
_SECTORS = (
    "garment_and_footwear manufacturing_other mining_and_construction transport_and_communications "
    "wholesale_and_retail services"
)
_FAMILIES = (
    "spouse children parents spouse_and_children spouse_and_parents children_and_parents "
    "spouse_and_children_and_parents"
)
NAMES_IN = {
    "claim_terms": {"child adult elder", "illness accident pregnancy miscarriage"},
    "benchmarks": {
        "before_subsidies after_subsidies",
        "above below at_least at_most rising falling",
        (
            "monitoring_quality renewal_rate quick_ratio operating_expense_ratio claims_ratio "
            "investment_concentration_ratio net_income training_ratio utilization_rate penetration_rate "
            "impoverishment_rate population_coverage_rate"
        ),
    },
    "portfolio_terms": set(),
    "covenants": set(),
    "disability_schedule": {_LOSSES, _BODY},
    "reinsurance": {"USD", "natural_death accidental_death permanent_disability hospitalization"},
    "life_table": {"uniform_distribution_of_deaths", "both female male"},
    "tariff": {"person family income", "premium earned_premium"},
    "loadings": {_INSURED},
    "packages": {
        "KHR",
        "A B C D E F",
        _INSURED,
        "additional_15_65 additional_66_75",
        "couple single_parent couple_with_children single",
        "natural_death funeral_assistance_1_14 funeral_assistance_66_75",
        _CIRCUMSTANCES,
    },
    "pricing_basis": {_INSURED, "A B C D E F"},
    "projection_basis": {
        "A B C D E F",
        "couple single_parent couple_with_children single",
        "USD",
        "CCTUF CFBW CCAWDU FTUWKC CITA IDEA CICA CTSWF",
        (
            "general_manager finance_and_administrative_officer membership_account_officer "
            "marketing_and_claims_specialist bookkeeper_secretary general_utility_clerk"
        ),
        (
            "representation_and_transportation office_supplies postage_telephone_and_internet utilities rent "
            "repairs_and_maintenance taxes_and_licenses books_and_periodicals bank_charges"
        ),
        (
            "desktop server networking wireless_router network_laser_printers photocopying_machine ring_binder "
            "bundy_clock telephone fax_machine digital_camera multimedia_projector paper_cutter desks_and_chairs "
            "conference_table_and_chairs bookshelves steel_cabinets air_conditioner"
        ),
        "external_audit actuarial_advisor software_support others",
        "board_meetings_and_consultations general_assembly seminars_and_workshops staff_development",
    },
    "provisions": {"KHR", _FAMILIES, "spouse children parents"},
    "contributions": {"KHR", _SECTORS},
    "multipliers": set(),
    "maternity_basis": set(),
    "sickness_basis": {
        "days_1_7 days_8_14 days_15_21 days_22_and_more",
        "cyprus india ilo_staff luxembourg finland cambodia",
    },
    "hip_basis": set(),
    "nssfc_basis": set(),
    "nssfc_benefits": {
        (
            "maternity_grant work_injury pension lump_sum retirement_grant severance_pay pension_adjustment "
            "cost_of_living_allowance widow_of_civil_servant_or_age_pensioner widow_of_invalidity_pensioner "
            "orphan_of_civil_servant_or_age_pensioner orphan_of_invalidity_pensioner invalidity_pension "
            "invalidity_grant invalidity_pension_adjustment invalidity_cost_of_living_allowance"
        )
    },
    "shi_basis": {"option_1 option_2 option_3", "scenario_1 scenario_2 scenario_3"},
    "indicators": {"KHR", "difference_of_growth ratio_of_levels"},
    "employment": {"1-4 5-9 10-19 20-49 50-99 100-499 500-999 1000-and-more"},
    "experience": {
        "KHR",
        _SECTORS,
        "spouse children parents",
        "male female",
        "thailand eu usa",
        "1-9 10-19 20-29 30-39 40-49 50-59 60-69 70-79 80-100",
        (
            "calmette kossamak khmer_soviet chey_chomneach kompong_speu bak_chan chy_pho svay_rieng siem_reap "
            "sihanoukville kompong_chhnang kompong_tralach doung banteay_meanchey"
        ),
        (
            "injuries_by_place disability_awards_by_sex compensated_share parents_average_pension insured_earnings "
            "administration_share return_on_reserve assets"
        ),
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_names_that_a_kind_knows_are_these(kind: str) -> None:
    described = [node for _, node in nodes(KINDS[kind].model_json_schema()) if isinstance(node, dict)]
    known = {" ".join(node.get("enum", [node.get("const")])) for node in described if {"enum", "const"} & set(node)}
    assert known == NAMES_IN[kind]


def wrong_values(leaf: Any) -> list[Any]:
    """What can stand in no place of this type."""
    if isinstance(leaf, bool):
        return NEVER_A_BOOL
    if isinstance(leaf, int):
        return NEVER_WHOLE
    if isinstance(leaf, dict):
        return NEVER_AN_OBJECT
    if isinstance(leaf, list):
        return NEVER_A_LIST
    return NEVER_A_DECIMAL if is_decimal(leaf) else NEVER_A_NAME


@each_shipped_version
def test_a_value_of_the_wrong_type_is_refused_wherever_it_is(name: str) -> None:
    kind, content = shipped(name)
    accepted = [
        (pointer(path), wrong)
        for path, node in nodes(content)
        for wrong in wrong_values(node)
        if not (wrong == "x" and pointer(path).startswith("/services/"))  # a scheme's own services have any names
        and valid(kind, replaced(content, path, wrong))
    ]
    assert accepted == []


_TINY = "0.00000000000000000001"
_NINES = "99999999999999999999"
_RATE = (["0", "1", "1.0", _TINY], ["-0.1", f"-{_TINY}", "1.00000000000000000001", "2"])
_MULTIPLE = (["0", _TINY, f"9.{_NINES}"], [f"-{_TINY}", "10", "10.5"])
_AMOUNT = (["0", _TINY, f"999999999999.{_NINES}"], [f"-{_TINY}", "1000000000000"])
_POSITIVE_AMOUNT = (_AMOUNT[0][1:], ["0", *_AMOUNT[1]])
_POSITIVE_RATE = (_RATE[0][1:], ["0", *_RATE[1]])
_COUNTED: tuple[list[Any], list[Any]] = ([1, 100_000_000], [0, -1, 100_000_001])
_WAIT: tuple[list[Any], list[Any]] = ([0, 365], [-1, 366])
_DAYS = (["0", _TINY, f"999.{_NINES}"], [f"-{_TINY}", "1000"])
_CASH_BENEFIT: dict[str, tuple[list[Any], list[Any]]] = {
    "/days_per_year": ([1, 1_000_000], [0, -1, 1_000_001]),
    "/benefit_days": _DAYS,
    "/financing/insured_earnings": _POSITIVE_AMOUNT,
    "/financing/": _POSITIVE_RATE,
    "/": _MULTIPLE,
}
_WHOLE: tuple[list[Any], list[Any]] = ([0, 1_000_000], [-1, 1_000_001])
_DIVISOR: tuple[list[Any], list[Any]] = ([1, 1_000_000], [-1, 0, 1_000_001])
_COUNTS: dict[str, tuple[list[Any], list[Any]]] = {
    "members": ([0, 100_000_000], [-1, 100_000_001]),
    **dict.fromkeys(("affiliates", "number", "units"), _WHOLE),
}
_AGES: tuple[list[Any], list[Any]] = (
    [{"first_age": 0, "last_age": 0}, {"first_age": 120, "last_age": 120}, {"first_age": 0, "last_age": 120}],
    [{"first_age": -1, "last_age": 5}, {"first_age": 120, "last_age": 121}, {"first_age": 6, "last_age": 5}],
)

_POSITIVE = ([_TINY, _AMOUNT[0][-1]], ["0", *_AMOUNT[1]])
_PERSONS: tuple[list[Any], list[Any]] = ([0, 100_000_000], [-1, 100_000_001])
_DIVISORS: tuple[list[Any], list[Any]] = ([1, 100_000_000], [0, 100_000_001])


def _bounds_of_experience(path: Path, content: Any) -> tuple[list[Any], list[Any]]:
    """Bounds of a figure of the experience, which is bounded by what it counts or measures."""
    subject, last = path[0], path[-1]
    if last in {"reported", "fatal"}:  # some of those reported are fatal
        row = at(content, path[:-1])
        most = row["reported"] if last == "fatal" else 100_000_000
        least = row["fatal"] if last == "reported" else 0
        return [least, most], [least - 1, most + 1]
    if subject == "international" and last != "year":
        highest = "100000" if "deaths" in path else "100"
        return ["0", _TINY, highest], [f"-{_TINY}", f"{highest}.{_TINY[2:]}"]
    if subject == "workers":
        return _DIVISORS
    named = {
        "year": ([1900, 2100], [1899, 2101]),
        **dict.fromkeys(("claims", "days", "cases", "pensioners"), _DIVISORS),
        **dict.fromkeys(("loss_of_working_capacity", "replacement_rate"), _RATE),
        **dict.fromkeys(("exchange_rate", "insured_monthly_wage", "reference_wage"), _POSITIVE),
        **dict.fromkeys(("employer_contributions", "reserve"), _POSITIVE),
    }
    return named.get(str(last), _PERSONS if is_whole(at(content, path)) else _AMOUNT)


# By kind and the beginning of a pointer; the first that fits holds.
BOUNDS: dict[str, dict[str, tuple[list[Any], list[Any]]]] = {
    "claim_terms": {},
    "benchmarks": {
        "/indicators/penetration_rate/value": (["0", "1"], [f"-{_TINY}", "1.00000000000000000001"]),
        "/indicators/penetration_rate/ceiling": (["0.8", f"9.{_NINES}"], ["0.79", "10"]),
        "/": _AMOUNT,
    },
    "portfolio_terms": {"/premium_term_months": ([1, 120], [0, 121])},
    "covenants": {"/": _RATE},
    "disability_schedule": {f"/losses/{loss}/takes/": _WHOLE for loss in _LOSSES.split()}
    | {"/body/": _WHOLE, "/": _RATE},
    "reinsurance": {
        "/maximum_per_risk": _AMOUNT,
        "/annual_limit/minimum": (["0", "37500"], [f"-{_TINY}", "1000000000000"]),
        "/annual_limit/maximum": (["37500", f"999999999999.{_NINES}"], ["37499", "1000000000000"]),
        "/events/": (["0", _TINY, f"99.{_NINES}"], [f"-{_TINY}", "100"]),
        "/": _RATE,
    },
    "tariff": {
        "/decimal_places": ([0, 4], [-1, 5]),
        "/period_months": ([1, 2, 3, 4, 6, 12], [-1, 0, 5, 7, 8, 9, 10, 11, 13, 24]),
        "/proration/first_month": ([1, 12], [0, 13]),
        "/income/lowest": (["0", "1000000"], [f"-{_TINY}", "1000000.01"]),
        "/income/highest": (["200000", f"999999999999.{_NINES}"], ["199999.99", "1000000000000"]),
        **{
            pointer(path): bounds
            for name in NAMES
            if SHIPPED[name][0] == "tariff"
            for path, node in nodes(shipped(name)[1])
            for key, bounds in (
                ("largest_family", ([1, 1000], [0, 1001])),
                ("rate", _RATE),
                ("voluntary/payers/employer", (["0.5", "0.50"], ["0.4", "0.6"])),
                ("voluntary/payers/worker", (["0.5", "0.50"], ["0.4", "0.6"])),
                ("automatic/payers/employer", (["1", "1.0"], ["0.9", "2"])),
                ("payers/member", (["1", "1.0"], ["0.9", "2"])),
            )
            if pointer(path).endswith(f"/{key}")
        },
        "/classes/": _AMOUNT,
    },
    "loadings": {"/": _RATE},
    "packages": {
        "/basic_benefit/": _AMOUNT,
        "/benefits/hospitalization_maximum_days": _WHOLE,
        "/benefits/": _MULTIPLE,
        "/plan_types/": _WHOLE,
        "/additional_codes/": _WHOLE,
        "/rules/": _WHOLE,
    },
    "pricing_basis": {
        "/safety_margin": _MULTIPLE,
        "/children_per_family": _MULTIPLE,
        "/payments_per_year": _DIVISOR,
        "/": _RATE,
    },
    "projection_basis": {
        **{
            pointer(path): _COUNTS[str(path[-1])]
            for path, _ in nodes(shipped("mba-projection-basis@1")[1])
            if path and path[-1] in _COUNTS
        },
        "/exchange_rate": (_AMOUNT[0][1:], ["0", *_AMOUNT[1]]),
        "/initial_fund": _AMOUNT,
        "/enrolment/growth_rates/": (["-1", _TINY, f"9.{_NINES}"], [f"-1.{_TINY[2:]}", "10"]),
        "/enrolment/take_up_rate": _RATE,
        "/expenses/inflation_rate": _MULTIPLE,
        "/expenses/personnel/benefits_rate": _MULTIPLE,
        "/expenses/personnel/paid_months": _WHOLE,
        "/expenses/personnel/bonus_months": _WHOLE,
        "/expenses/equipment/useful_years": _DIVISOR,
        "/expenses/": _AMOUNT,
        "/": _RATE,
    },
    "provisions": {
        "/funeral_grant": _AMOUNT,
        "/months_per_year": _DIVISOR,
        "/reference_wage/maximum_months": _DIVISOR,
        "/temporary_disability/days_per_month": _DIVISOR,
        "/temporary_disability/waiting_days": _WHOLE,
        "/permanent_disability/caretaker_from": (["0.2", "1"], ["0.19999999999999999999", *_RATE[1]]),
        "/": _RATE,
    },
    "contributions": {
        "/minimum_workers": _WHOLE,
        "/floor": (["0", "1000000"], [f"-{_TINY}", "1000000.00000000000000000001"]),
        "/ceiling": (["200000", _AMOUNT[0][-1]], ["199999.99999999999999999999", _AMOUNT[1][-1]]),
        "/rate": (["0.003", "1"], ["-0.1", "1.00000000000000000001"]),
        "/": (["0", "0.008"], [f"-{_TINY}", "0.00800000000000000001"]),
    },
    "multipliers": {"/discount_rate": _RATE, "/unit/per_year": _DIVISOR, "/": _AMOUNT},
    "maternity_basis": {
        "/insured_women": _COUNTED,
        "/average_annual_wage": _AMOUNT,
        "/qualifying_share": _RATE,
        **_CASH_BENEFIT,
    },
    "sickness_basis": {
        "/insured": _COUNTED,
        "/average_annual_wage/amount": _AMOUNT,
        "/waiting_days": _WAIT,
        "/qualifying_share": _RATE,
        "/spells/weight": _RATE,
        **{f"/spells/{part}/mean": (["1", f"999.{_NINES}"], ["0.99", "0", "1000"]) for part in ("first", "second")},
        **{f"/spells/{part}/size": (["0.01", f"999.{_NINES}"], ["0.009", "0", "1000"]) for part in ("first", "second")},
        **{f"/sample/{name}/first_day": _WAIT for name in shipped("shi-sickness-basis@1")[1]["sample"]},
        "/sample/": _RATE,
        **{f"/experience/{name}/days": _DAYS for name in shipped("shi-sickness-basis@1")[1]["experience"]},
        **_CASH_BENEFIT,
    },
    "hip_basis": {
        "/monthly_premium": _POSITIVE_AMOUNT,
        "/months_per_year": ([1, 1_000_000], [0, -1, 1_000_001]),
        **{f"/{kind}/contributors/": _COUNTED for kind in ("voluntary", "mandatory")},
        **{f"/{kind}/deliveries": _MULTIPLE for kind in ("voluntary", "mandatory")},
        **{f"/{kind}/": (_MULTIPLE[0][1:], ["0", *_MULTIPLE[1]]) for kind in ("voluntary", "mandatory")},
        "/experience/contribution_income": _POSITIVE_AMOUNT,
        "/experience/services/": _COUNTED,
        "/experience/": _AMOUNT,
        "/fees/": _AMOUNT,
        "/national_hospital_shares/": _RATE,
        "/": _MULTIPLE,
    },
    "nssfc_basis": {
        **dict.fromkeys(("/civil_servants/", "/age_pensioners/", "/invalidity_pensioners/"), _COUNTED),
        "/exchange_rate": _POSITIVE_AMOUNT,
        "/fees/": _AMOUNT,
        **dict.fromkeys(("/boys_share", "/national_hospital_shares/", "/costed_shares/"), _RATE),
        "/minimum_government_share": _RATE,
        "/contribution_base/density": _POSITIVE_RATE,
        "/contribution_base/": _POSITIVE_AMOUNT,
        "/": _MULTIPLE,
    },
    "nssfc_benefits": {
        **{f"/amounts/{kind}/payments_per_year": _WHOLE for kind in shipped("nssfc-benefits@1")[1]["amounts"]},
        **{f"/years/{year}/death_benefits": _AMOUNT for year in shipped("nssfc-benefits@1")[1]["years"]},
        "/amounts/": _AMOUNT,
        "/years/": _COUNTS["members"],
    },
    "shi_basis": {
        "/insured/": _COUNTED,
        "/exchange_rate": _POSITIVE_AMOUNT,
        "/fees/": _AMOUNT,
        "/financing/insured_earnings": _POSITIVE_AMOUNT,
        "/financing/": _POSITIVE_RATE,
        "/boys_share": _RATE,
        **{f"/options/option_{number}/national_hospital_shares": _RATE for number in "123"},
        "/": _MULTIPLE,
    },
    "indicators": {
        pointer(path): (
            (["-0.99999999999999999999", "0", f"9.{_NINES}"], ["-1", "10"])
            if path[-1] == "consumer_price_change"
            else _POSITIVE
        )
        for path, leaf in nodes(shipped("cambodia-indicators@1")[1])
        if is_decimal(leaf)
    },
    "employment": {
        **{
            f"/enterprises/{size}/with_eight_or_more": _RATE
            for size in shipped("cambodia-employment@1")[1]["enterprises"]
        },
        "/labour_force/millions": _POSITIVE_AMOUNT,
        "/labour_force/employed": _COUNTED,
        "/": _COUNTS["members"],
    },
    "experience": {
        pointer(path): _bounds_of_experience(path, shipped(_EXPERIENCE)[1])
        for path, leaf in nodes(shipped(_EXPERIENCE)[1])
        if is_decimal(leaf) or is_whole(leaf)
    },
    "life_table": {
        "/survivors/0": ([f"999999999999.{_NINES}", "93515"], ["1000000000000", "93514.99"]),
        "/survivors/100": ([_TINY, "708"], ["0", "-1", "708.00000000000000000001"]),
    },
}


@each_shipped_version
def test_every_figure_is_bounded_on_both_sides(name: str) -> None:
    kind, content = shipped(name)
    lives = content["survivors"] if kind == "life_table" else {}
    inner_survivors = {f"/survivors/{age}" for age in lives if age not in {"0", "100"}}
    unbounded = set()
    for path, node in nodes(content):
        bands = isinstance(node, dict) and "first_age" in node
        within_band = path[-1:] in {("first_age",), ("last_age",)}
        if not (bands or is_decimal(node) or is_whole(node)) or within_band:
            continue
        found = next((bounds for start, bounds in BOUNDS[kind].items() if pointer(path).startswith(start)), None)
        if bands:
            found = _AGES
        if found is None:
            unbounded.add(pointer(path))
            continue
        inside, outside = found
        assert [each for each in inside if not valid(kind, replaced(content, path, each))] == [], path
        assert [each for each in outside if valid(kind, replaced(content, path, each))] == [], path
    assert unbounded == inner_survivors


def test_survivors_may_stay_equal_and_never_increase() -> None:
    kind, content = shipped(_LIFE)
    ages = sorted(content["survivors"], key=int)
    for younger, older in pairwise(ages):
        level = content["survivors"][younger]
        assert valid(kind, replaced(content, ("survivors", older), level))
        assert not valid(kind, replaced(content, ("survivors", older), f"{level}.00000000000000000001"))


@pytest.mark.parametrize(
    ("survivors", "accepted"),
    [
        ({}, False),
        ({"0": "2"}, False),
        ({"0": "2", "1": "1"}, True),
        ({"119": "2", "120": "1"}, True),
        ({"0": "3", "1": "2", "121": "1"}, False),
        ({"0": "3", "-1": "4", "1": "2"}, False),
        ({"0": "3", "01": "2"}, False),
        ({"0": "3", "1.0": "2"}, False),
        ({"0": "3", "១": "2"}, False),
        ({"0": "3", "1\n": "2"}, False),
        ({"9": "1", "10": "2"}, False),
        ({"10": "1", "9": "2"}, True),
    ],
)
def test_survivors_are_keyed_by_two_or_more_ages_from_0_to_120(survivors: dict[str, str], *, accepted: bool) -> None:
    kind, content = shipped(_LIFE)
    assert valid(kind, replaced(content, ("survivors",), survivors)) is accepted


def test_ages_are_ordered_as_numbers() -> None:
    kind, content = shipped(_LIFE)
    table = assumptions(kind, replaced(content, ("survivors",), {"100": "1", "9": "3", "10": "2"}))
    assert list(table.survivors.items()) == [(9, Decimal(3)), (10, Decimal(2)), (100, Decimal(1))]


def test_multipliers_have_no_gap_and_are_ordered_as_numbers() -> None:
    kind, content = shipped(_MULTIPLIERS)
    for age in range(1, 105):
        assert not valid(kind, without(content, ("multipliers", str(age))))
    assert not valid(kind, replaced(content, ("multipliers",), {"10": "1"}))
    table = assumptions(kind, replaced(content, ("multipliers",), {"11": "1", "9": "3", "10": "2"}))
    assert list(table.multipliers.items()) == [(9, Decimal(3)), (10, Decimal(2)), (11, Decimal(1))]
    assert (table.first_age, table.last_age) == (9, 11)


@pytest.mark.parametrize("name", _PROVISIONS)
def test_a_reference_wage_may_be_bounded(name: str) -> None:
    kind, content = shipped(name)
    bounds = {"minimum": "200000", "maximum": "1000000"}
    for given in (bounds, {"minimum": "200000"}, {"maximum": "0"}, {"minimum": "5", "maximum": "5"}):
        wage = {"maximum_months": 12, **given}
        held = assumptions(kind, replaced(content, ("reference_wage",), wage)).reference_wage
        assert spelt(held) == {"minimum": None, "maximum": None, **exact(wage)}
    for wrong in ({"minimum": None}, {"maximum": None}, {"minimum": "6", "maximum": "5"}, {"minimum": "-1"}):
        assert not valid(kind, replaced(content, ("reference_wage",), {"maximum_months": 12, **wrong}))


@pytest.mark.parametrize("name", [_EXPERIENCE, "cambodia-indicators@1"])
def test_years_have_no_gap_and_are_ordered_as_numbers(name: str) -> None:
    kind, content = shipped(name)
    by_year = [path for path, node in nodes(content) if isinstance(node, dict) and "2010" in node]
    assert by_year
    for path in by_year:
        some = at(content, (*path, "2010"))
        assert not valid(kind, replaced(content, path, {}))
        assert not valid(kind, replaced(content, path, {"2008": some, "2010": some}))
        three = replaced(content, path, {"2011": some, "2010": some, "2009": some})
        assert list(getattr(assumptions(kind, three), str(path[-1]))) == [2009, 2010, 2011]


@pytest.mark.parametrize(
    ("rates", "accepted"),
    [
        ({"overall": "1"}, True),
        ({"workplace": "1", "commuting": "2"}, True),
        ({}, False),
        ({"workplace": "1"}, False),
        ({"commuting": "1"}, False),
        ({"overall": "3", "workplace": "1", "commuting": "2"}, False),
        ({"overall": None, "workplace": "1", "commuting": "2"}, False),
    ],
)
@pytest.mark.parametrize("rate", ["deaths", "injuries"])
def test_a_country_has_a_rate_or_both_of_its_parts(rate: str, rates: dict[str, Any], *, accepted: bool) -> None:
    kind, content = shipped(_EXPERIENCE)
    assert valid(kind, replaced(content, ("international", "eu", rate), rates)) is accepted


@pytest.mark.parametrize("family", _FAMILIES.split())
def test_a_family_has_a_share_for_each_of_its_classes_alone(family: str) -> None:
    kind, content = shipped(_PROVISIONS[0])
    path = ("survivors", "shares", family)
    for each in ("spouse", "children", "parents"):
        given = at(content, path)
        changed = {**given, each: "0.1"}
        assert valid(kind, replaced(content, path, changed)) is (each in given)


def test_two_plan_types_for_one_household_are_refused() -> None:
    kind, content = shipped("mba-packages@1")
    for flag in ("secondary_member", "children"):
        form = content["plan_types"]["single"]
        assert not valid(kind, replaced(content, ("plan_types", "single"), {**form, flag: True}))


def test_mortality_is_a_band_of_ages_or_a_rate_and_the_rate_stands_first() -> None:
    kind, content = shipped("mba-pricing-basis@1")
    band, rate = {"first_age": 43, "last_age": 44}, "0.011"
    child = ("insured", "child")
    neither = {"hospitalization_rate": "0.1"}
    both = {**neither, "mortality_ages": band, "mortality_rate": rate}
    assert not valid(kind, replaced(content, child, neither))
    assert assumptions(kind, replaced(content, child, both)).insured["child"].mortality == Decimal(rate)
    for optional in ("mortality_ages", "mortality_rate", "hospitalization_rate_exceptions"):
        assert not valid(kind, replaced(content, child, {**both, optional: None})), "left out, or stated"
    zero = {**both, "mortality_rate": "0"}
    assert assumptions(kind, replaced(content, child, zero)).insured["child"].mortality == 0


@pytest.mark.parametrize(
    ("benchmark", "accepted"),
    [
        ({"bound": "above"}, False),
        ({"bound": "at_most", "value": "1"}, True),
        ({"bound": "rising"}, True),
        ({"bound": "falling", "value": "0"}, True),
        ({"bound": "at_most", "value": "1", "ceiling": "2"}, False),
        ({"bound": "rising", "ceiling": "2"}, False),
        ({"bound": "at_least", "value": "1", "ceiling": "1"}, True),
        ({"bound": "rising", "value": None}, False),
    ],
)
def test_a_benchmark_is_a_limit_a_range_or_a_direction(benchmark: Any, *, accepted: bool) -> None:
    kind, content = shipped("hmis-benchmarks@1")
    assert valid(kind, replaced(content, ("indicators", "quick_ratio"), benchmark)) is accepted


@pytest.mark.parametrize(
    ("code", "accepted"),
    [("suan-2009-e1", True), ("suan-2009-e10", True), ("suan-2009", False), ("suan-2009-e", False), ("-E1", False)],
)
def test_an_erratum_is_named_by_its_code(code: str, *, accepted: bool) -> None:
    kind, content = shipped("mba-pricing-basis@1")
    path = ("insured", "additional_66_75", "hospitalization_rate_exceptions", "C", "erratum")
    assert valid(kind, replaced(content, path, code)) is accepted


def another(path: Path, leaf: Any) -> Any:
    """Another value that can stand in the same place."""
    if isinstance(leaf, bool):
        return not leaf
    if is_decimal(leaf):
        return format(CONTEXT.subtract(Decimal(leaf), Decimal(_TINY)) if Decimal(leaf) else Decimal(_TINY), "f")
    return leaf - 1 if path[-1] == "first_age" else leaf + 1


@each_shipped_version
def test_every_number_and_flag_is_used(name: str) -> None:
    kind, content = shipped(name)
    before = assumptions(kind, content)
    changed = [
        (pointer(path), replaced(content, path, another(path, leaf)))
        for path, leaf in nodes(content)
        if is_decimal(leaf) or is_whole(leaf) or (isinstance(leaf, bool) and path[0] != "plan_types")
        if path[0] != "period_months" and "payers" not in path  # what may stand there is bounded otherwise
    ]
    assert changed
    assert [where for where, content in changed if assumptions(kind, content) == before] == []


@pytest.mark.parametrize("flag", ["secondary_member", "children"])
def test_flags_of_plan_types_are_used(flag: str) -> None:
    kind, content = shipped("mba-packages@1")
    forms = {name: {**form, flag: not form[flag]} for name, form in content["plan_types"].items()}
    after = assumptions(kind, replaced(content, ("plan_types",), forms)).plan_types
    assert {name: getattr(form, flag) for name, form in after.items()} == {n: form[flag] for n, form in forms.items()}


def _fill_experience(expected: Any) -> None:
    """What a content of the experience leaves out, as None."""
    for claims in expected["temporary_disability"].values():
        claims.setdefault("erratum", None)
    for claims in expected["medical_claims"].values():
        for provider in claims["contracted"].values():
            provider.setdefault("average_claim", None)
    for country in expected["international"].values():
        for rates in (country["deaths"], country["injuries"]):
            rates |= {place: rates.get(place) for place in ("overall", "workplace", "commuting")}
    for misprint in expected["misprints"].values():
        misprint.setdefault("year", None)


_LEFT_OUT: dict[str, list[tuple[Path, str]]] = {
    "provisions": [(("reference_wage",), "minimum"), (("reference_wage",), "maximum")],
    "nssfc_basis": [((), "costed_shares")],
    "sickness_basis": [(("average_annual_wage",), "erratum")],
    "indicators": [(("deflator",), "erratum")],
}


def scale_as_formulas_see(content: Any) -> Any:
    """A scheme's scale with None for what it leaves out."""
    expected = exact(content)
    for each in expected["classes"].values():
        if "subsidy" in each:
            each["subsidy"] = dict.fromkeys(Subsidy.model_fields) | each["subsidy"]
    classes = {name: dict.fromkeys(MembershipClass.model_fields) | each for name, each in expected["classes"].items()}
    return dict.fromkeys(TariffContent.model_fields) | expected | {"classes": classes}


def as_formulas_see(kind: str, content: Any) -> Any:
    """Content as its assumptions should spell it: less what no formula uses, with the formulas' own names."""
    expected = exact(content)
    if kind == "life_table":
        return {"survivors": expected["survivors"]}
    if kind == "pricing_basis":
        for rates in expected["insured"].values():
            rates["mortality"] = (
                rates.pop("mortality_rate") if "mortality_rate" in rates else rates.pop("mortality_ages")
            )
            rates.setdefault("hospitalization_rate_exceptions", {})
    for path, key in _LEFT_OUT.get(kind, ()):
        at(expected, path).setdefault(key, None)
    if kind == "experience":
        _fill_experience(expected)
    if kind == "benchmarks":
        for each in expected["indicators"].values():
            each |= {"value": each.get("value"), "ceiling": each.get("ceiling")}
    may_be_none = {"claim_terms": ("hospitalization_events", "erratum")}
    may_be_none |= {"disability_schedule": ("losses", "pair"), "reinsurance": ("events", "membership_years_above")}
    if kind in may_be_none:
        group, key = may_be_none[kind]
        for each in expected[group].values():
            each.setdefault(key, None)
    return expected


def spelt(assumption: Any) -> Any:
    """Frozen assumptions as plain objects, keys as text."""
    if dataclasses.is_dataclass(assumption):
        return {field.name: spelt(getattr(assumption, field.name)) for field in dataclasses.fields(assumption)}
    if isinstance(assumption, Mapping):
        return {str(key): spelt(value) for key, value in assumption.items()}
    return list(assumption) if isinstance(assumption, tuple) else assumption


@each_shipped_version
def test_assumptions_say_what_the_content_says(name: str) -> None:
    kind, content = shipped(name)
    see = scale_as_formulas_see if kind == "tariff" else partial(as_formulas_see, kind)
    assert spelt(assumptions(kind, content)) == see(content)


def parts(assumption: Any) -> Iterator[Any]:
    """An assumption and all that it holds."""
    yield assumption
    if dataclasses.is_dataclass(assumption):
        for field in dataclasses.fields(assumption):
            yield from parts(getattr(assumption, field.name))
    elif isinstance(assumption, Mapping):
        for value in assumption.values():
            yield from parts(value)


@each_shipped_version
def test_assumptions_cannot_be_changed(name: str) -> None:
    for part in parts(assumptions(*shipped(name))):
        if dataclasses.is_dataclass(part):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(part, dataclasses.fields(part)[0].name, None)
        else:
            assert isinstance(part, Decimal | int | str | tuple | MappingProxyType) or part is None


_SHARED = {"largest_family": 5, "payers": {"a1": "1"}}


@pytest.mark.parametrize(
    ("charged_for", "member", "accepted"),
    [
        ("person", {"premium": "1"}, True),
        ("person", {"premium_by_family_size": {"1": "1", "1000": "2"}}, True),
        ("person", {"premium_by_family_size": {"2": "1"}}, False),
        ("person", {"premium_by_family_size": {}}, False),
        ("person", {"premium_by_family_size": {"1": "1", "1001": "2"}}, False),
        ("person", {"premium_by_family_size": {"1": "1", "6": "2"}, **_SHARED}, False),
        ("person", {"premium_by_family_size": {"1": "1", "5": "2"}, **_SHARED}, True),
        ("person", {"premium": "1", "premium_by_family_size": {"1": "1"}}, False),
        ("person", {}, False),
        ("person", {"rate": "0.1"}, False),
        ("person", {"premium": "1", "rate": "0.1"}, False),
        ("family", {"rate": "0.1"}, False),
        ("income", {"rate": "0.1"}, True),
        ("income", {"premium": "1"}, False),
        ("income", {"rate": "0.1", "largest_family": 5}, False),
        ("family", {"premium": "1", **_SHARED, "premium_for_each_further_person": "1"}, True),
        ("person", {"premium": "1", **_SHARED, "premium_for_each_further_person": "1"}, False),
        ("family", {"premium": "1", "premium_for_each_further_person": "1"}, False),
        ("family", {"premium": "1", "payers": {"worker": "0.4", "owner": "0.6"}}, True),
        ("family", {"premium": "1", "payers": {"worker": "0.4", "owner": "0.5"}}, False),
        ("family", {"premium": "1", "payers": {"worker": "0.4", "owner": f"0.6{_TINY[2:]}"}}, False),
        ("family", {"premium": "1", "payers": {}}, False),
        ("family", {"premium": "1", "payers": {"Worker": "1"}}, False),
        ("family", {"premium": "1", "payers": {"w" * 41: "1"}}, False),
        ("family", {"premium": "1", "subsidy": {"payer": "state", "share_of_premium": "1"}}, True),
        ("family", {"premium": "1", "subsidy": {"payer": "state", "share_of_premium": "1.1"}}, False),
        ("family", {"premium": "1", "subsidy": {"payer": "state", "amount_beside_premium": "2"}}, True),
        ("family", {"premium": "1", "subsidy": {"payer": "state"}}, False),
        (
            "family",
            {"premium": "1", "subsidy": {"payer": "state", "share_of_premium": "0", "amount_beside_premium": "0"}},
            False,
        ),
    ],
)
def test_a_scale_is_of_one_form(charged_for: str, member: Any, *, accepted: bool) -> None:
    content = {"currency": "KHR", "decimal_places": 0, "charged_for": charged_for, "period_months": 12}
    assert valid("tariff", {**content, "classes": {"member": member}}) is accepted
    for key, value in (("income", {}), ("income", {"lowest": "1"})):
        on_income = {**content, "classes": {"member": member}, key: value}
        assert valid("tariff", on_income) is (accepted and charged_for == "income")


@pytest.mark.parametrize(("currency", "accepted"), [("KHR", True), ("khr", False), ("KH", False), ("KHRR", False)])
def test_a_currency_is_three_capitals(currency: str, *, accepted: bool) -> None:
    kind, content = shipped("tariff-brac@1")
    assert valid(kind, {**content, "currency": currency}) is accepted
    assert not valid(kind, {**content, "classes": {}})
