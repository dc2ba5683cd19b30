"""Random rolls in every form: every row to the riel and at 12 decimals as reference and single quote have it."""

import re
from collections import Counter
from itertools import chain
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from starlette.testclient import TestClient

from api.application import Application
from api.roll.forms import INPUTS, OUTPUTS, Form
from tests import reference
from tests.api.generators import PACKAGES, days, households
from tests.api.rolls import (
    ADDED,
    SMALL_PIECES,
    WRITE,
    Row,
    as_csv,
    assert_summed_up,
    expected,
    outcome,
    price,
    rows_of,
    send,
    small_pieces,
    wanted,
)
from tests.api.support import AS_OF, QUOTES, post
from tests.reference import PLANS

some = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    report_multiple_bugs=False,
)
every_way = pytest.mark.parametrize(("form", "answer"), [(form, answer) for form in INPUTS for answer in OUTPUTS])

PLAN_COLUMNS = ("additional_66_75", "ឈ្មោះ", "package", "as_of", "plan_type", "member_id", "additional_15_65")
PERSON_COLUMNS = ("relation", "household_id", "age", "member_id", "birth_date", "package", "entry_age", "as_of")
NAMES = st.text(st.sampled_from("កខគ ស្រី,;\"'\n=+-@ab1"), max_size=8)
FAULTS: list[tuple[str, str, str]] = [
    ("package", "G", "invalid_request"),
    ("package", "", "invalid_request"),
    ("package", "a", "invalid_request"),
    ("plan_type", "family", "invalid_request"),
    ("additional_15_65", "21", "invalid_request"),
    ("additional_66_75", "-1", "invalid_request"),
    ("additional_66_75", "1.5", "invalid_request"),
    ("additional_15_65", "២", "invalid_request"),
    ("as_of", "2026-02-30", "invalid_request"),
    ("as_of", "01/12/2026", "invalid_request"),
    ("as_of", "2008-12-31", "no_coverage"),
]
Answer = reference.Priced | reference.Refused | str | None


@st.composite
def plan_rows(draw: DrawFn) -> list[tuple[Row, Answer]]:
    """Rows of plans, some with a fault, and what must come of each."""
    count = st.none() | st.integers(0, 20)
    found = []
    for number in range(draw(st.integers(1, 12))):
        adults, elders, day = draw(count), draw(count), draw(st.none() | days())
        row: Row = {
            "package": draw(PACKAGES),
            "plan_type": draw(st.sampled_from(sorted(PLANS))),
            "additional_15_65": adults if adults is None else str(adults),
            "additional_66_75": elders if elders is None else str(elders),
            "as_of": day and day.isoformat(),
            "member_id": f"M-{number}",
            "ឈ្មោះ": draw(NAMES) or None,
        }
        additional = {"15-65": adults or 0, "66-75": elders or 0}
        answer: Answer = expected({**row, "additional_persons": additional})
        if draw(st.integers(0, 4)) == 0:
            column, value, code = draw(st.sampled_from(FAULTS))
            row[column] = value
            answer = code
        found.append((row, answer))
    return found


def every_fault() -> list[tuple[Row, Answer]]:
    """A row for each fault."""
    blank: Row = dict.fromkeys(PLAN_COLUMNS)
    single: Row = {**blank, "package": "A", "plan_type": "single"}
    two_faults: Row = {**single, "package": "G", "as_of": "2008-12-31"}
    return [
        *(
            ({**single, "member_id": f"M-{number}", column: value}, code)
            for number, (column, value, code) in enumerate(FAULTS)
        ),
        (two_faults, "invalid_request"),  # as the single quote has it
    ]


@st.composite
def person_rows(draw: DrawFn) -> list[tuple[Row, Answer]]:
    """Rows of persons, households together, and what must come of each."""
    found: list[tuple[Row, Answer]] = []
    for number in range(draw(st.integers(1, 6))):
        on = draw(days())
        body = draw(households(on))
        answer = expected({**body, "as_of": on.isoformat()})
        shared = {"household_id": f"H{number}", "package": body["package"], "as_of": on.isoformat()}
        for place, person in enumerate(body["household"]):
            own = {name: value if name == "relation" else str(value) for name, value in person.items()}
            is_included = isinstance(answer, reference.Priced) and person["relation"] != "member"
            found.append(({**shared, **own, "member_id": f"{number}/{place}"}, None if is_included else answer))
    return found


def carried(row: Row, columns: tuple[str, ...], answer: Form) -> Row:
    """A row's own cells as an answer has them; CSV escapes what a spreadsheet would take for a formula."""
    cells = {name: row.get(name) or None for name in columns}
    if answer is Form.CSV:
        for name, cell in cells.items():
            if cell and re.match(r"[=+\-@\n]", cell) and not re.fullmatch("-[0-9]+", cell):
                cells[name] = f"'{cell}"
    return cells


@every_way
def test_every_plan_is_its_quote(app: Application, client: TestClient, form: Form, answer: Form) -> None:
    seen: Counter[Any] = Counter()

    @some
    @given(plan_rows(), st.integers(1, 200))
    @example(every_fault(), 7)
    def compare(drawn: list[tuple[Row, Answer]], step: int) -> None:
        rows, answers = [row for row, _ in drawn], [each for _, each in drawn]
        with small_pieces():
            priced = price(app.state.running.engine, form, WRITE[form](rows, PLAN_COLUMNS), answer, step=step)
        assert [row["row"] for row in priced.rows] == list(range(1, len(rows) + 1))
        assert [outcome(row) for row in priced.rows] == [wanted(each) for each in answers]
        assert_summed_up(priced.summary, answers)
        for row, came in zip(rows, priced.rows, strict=True):
            assert {name: came.get(name) or None for name in PLAN_COLUMNS} == carried(row, PLAN_COLUMNS, answer)
            assert (came["detail"] is None) == (came["status"] == "priced")
        seen.update(wanted(each)[-1] for each in answers)

    compare()
    assert seen[None] >= 50
    assert seen.keys() == {None, "invalid_request", "no_coverage"}


@every_way
def test_every_household_is_its_quote(app: Application, client: TestClient, form: Form, answer: Form) -> None:
    seen: Counter[Any] = Counter()

    @some
    @given(person_rows(), st.integers(1, 200))
    def compare(drawn: list[tuple[Row, Answer]], step: int) -> None:
        rows, answers = [row for row, _ in drawn], [each for _, each in drawn]
        with small_pieces():
            content = WRITE[form](rows, PERSON_COLUMNS)
            priced = price(app.state.running.engine, form, content, answer, step=step)
        assert [outcome(row) for row in priced.rows] == [wanted(each) for each in answers]
        assert_summed_up(priced.summary, answers)
        assert [row["member_id"] for row in priced.rows] == [row["member_id"] for row in rows]
        seen.update(type(each).__name__ for each in answers)

    compare()
    assert seen.keys() == {"Priced", "Refused", "NoneType"}


@pytest.mark.parametrize("pin", ["mba-pricing-basis", "mba-pricing-basis-corrected", "mba-pricing-basis-corrected@1"])
@pytest.mark.parametrize("form", INPUTS)
def test_rows_are_the_single_quotes_of_the_same_service(client: TestClient, form: Form, pin: str) -> None:
    plans: list[Row] = [
        {"package": package, "plan_type": plan_type, "additional_66_75": str(elders), "as_of": day}
        for package in "AF"
        for plan_type in sorted(PLANS)
        for elders, day in ((0, None), (3, "2009-01-01"))
    ]
    columns = ("package", "plan_type", "additional_66_75", "as_of")
    response = send(client, form, WRITE[form](plans, columns), Form.JSON, pricing_basis=pin)
    rows = rows_of(Form.JSON, response.content)
    for plan, row in zip(plans, rows, strict=True):
        body = {
            "package": plan["package"],
            "plan_type": plan["plan_type"],
            "additional_persons": {"66-75": int(plan["additional_66_75"])},
            "as_of": plan["as_of"] or AS_OF,
            "tables": {"pricing_basis": pin},
        }
        quote = post(client, QUOTES, body).json()
        for name in ("monthly_premium", "monthly_premium_exact", "components"):
            assert row[name] == quote[name]
        assert outcome(row) == wanted(expected(body, corrected="corrected" in pin))


def test_the_summary_alone_is_that_of_the_rows(client: TestClient) -> None:
    plans = [{"package": package, "plan_type": "couple"} for package in "ABCDEFG"]
    content = as_csv(plans, ("package", "plan_type"))
    summary = send(client, Form.CSV, content, None, summary="only").json()
    assert_summed_up(summary, [expected(plan) if plan["package"] != "G" else "invalid_request" for plan in plans])
    assert summary["receipt"]["tables"]["packages"] == "mba-packages@1"
    assert summary["receipt"]["as_of"] == AS_OF


def test_pieces_are_small_enough_to_cut_through_everything(app: Application, client: TestClient) -> None:
    """What the tests above rest on: households and quoted cells go across the ends of pieces."""
    rows = [{"household_id": "H", "package": "A", "relation": "member", "age": "30", "member_id": "x" * SMALL_PIECES}]
    rows += [{"household_id": "H", "package": "A", "relation": "child", "age": str(age)} for age in range(1, 15)]
    with small_pieces():
        priced = price(app.state.running.engine, Form.CSV, as_csv(rows, PERSON_COLUMNS), Form.JSON)
    assert outcome(priced.rows[0]) == wanted(expected({"package": "A", "plan_type": "single_parent"}))
    assert {outcome(row) for row in priced.rows[1:]} == {wanted(None)}


@pytest.mark.parametrize("components", ["true", "false"])
@every_way
def test_components_are_those_of_the_quote(client: TestClient, form: Form, answer: Form, components: str) -> None:
    content = WRITE[form]([{"package": "F", "plan_type": "couple_with_children"}], ("package", "plan_type"))
    response = send(client, form, content, answer, components=components)
    assert response.status_code == 200
    if answer is Form.JSON:
        (row,) = response.json()
        assert ("components" in row) == (components == "true")
    if answer is Form.CSV:
        header = response.text.splitlines()[0].split(",")
        more = ["natural_death_premium", "accident_premium", "hospitalization_premium"]
        assert header[header.index("row") :] == list(chain(ADDED, more if components == "true" else ()))
