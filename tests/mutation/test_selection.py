"""A mutant is shown to whoever calls what is broken, and to everybody where that is not known."""

from tests.mutation.selection import LOADING, SETTING_UP, Reach, Selection, selected

REACH = Reach(
    1.0,
    {"a.py::one": 0.1, "a.py::two": 0.1, "b.py::one": 0.1, "c.py::one": 0.1},
    {
        "room.called": {"a.py::one"},
        "room.in_fixtures": {SETTING_UP, "b.py::one"},
        "room.<module>": {LOADING},
        "roommate.called": {"c.py::one"},
    },
)
ALL = {"a.py", "b.py", "c.py"}


def test_a_function_is_shown_to_the_files_of_its_callers() -> None:
    assert selected(REACH, "room", "room.called") == Selection({"a.py"}, {"a.py::one"})


def test_what_is_called_outside_of_tests_is_shown_to_all_and_first_to_its_callers() -> None:
    assert selected(REACH, "room", "room.in_fixtures") == Selection(ALL, {"b.py::one"})


def test_what_is_no_function_or_never_called_is_shown_to_all_and_first_to_those_of_the_room() -> None:
    for place in ("room", "room.never_called"):
        assert selected(REACH, "room", place) == Selection(ALL, {"a.py::one", "b.py::one"})
