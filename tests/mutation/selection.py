"""Which tests a broken function is shown to: the files in which a test calls it, the likeliest and quickest first.

What a test calls is noted once, on the unbroken code. A function that is called outside of tests, while they are
loaded or their fixtures made, may show in any of them; so may everything outside of functions. These are shown to all.
The examples of the service's documentation, which are worked out as it is loaded, count for nothing: none of the tests
looks at them.
"""

import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PRICING = f"{ROOT / 'pricing'}/"
SERVICE = f"{ROOT / 'api'}/"
LOADING = "while tests are loaded"
SETTING_UP = "while fixtures are made"


@dataclass
class Reach:
    """What the tests reach.

    Attributes:
        loading: seconds of a processor until the first test.
        seconds: that each test takes, its fixtures included.
        callers: by function, as a mutant's place, the tests that call it, or when else it is called.
    """

    loading: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    callers: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Selection:
    """The test files for one mutant, and those of their tests that come first."""

    files: Collection[str]
    first: Collection[str]


def selected(reach: Reach, room: str, place: str) -> Selection:
    """The tests for a mutant."""
    callers = reach.callers.get(place, set())
    if callers and not callers & {LOADING, SETTING_UP}:
        return Selection({file_of(test) for test in callers}, callers)
    if not callers:
        callers = {test for function, tests in reach.callers.items() if within(function, room) for test in tests}
    return Selection({file_of(test) for test in reach.seconds}, callers & reach.seconds.keys())


def within(place: str, name: str) -> bool:
    """Whether a dotted place is a module or package, or in it."""
    return f"{place}.".startswith(f"{name}.")


def file_of(test: str) -> str:
    """The file that a test stands in."""
    return test.partition("::")[0]


def in_order(tests: Sequence[pytest.Item], selection: Selection, reach: Reach) -> list[pytest.Item]:
    """The selected tests; the tables take longer to load, and the service to start, than most tests to run."""
    return sorted(
        (test for test in tests if file_of(test.nodeid) in selection.files),
        key=lambda test: (
            test.nodeid not in selection.first,
            "client" in test.fixturenames,  # type: ignore[attr-defined]
            "snapshot" in test.fixturenames,  # type: ignore[attr-defined]
            reach.seconds.get(test.nodeid, 0.0),
        ),
    )


def _is_for_the_service(frame: FrameType) -> bool:
    """Whether a module of the service is being loaded: it works out the examples of its documentation."""
    above: FrameType | None = frame
    while above is not None and above.f_code.co_name != "<module>":
        above = above.f_back
    return above is not None and above.f_code.co_filename.startswith(SERVICE)


class Calls:
    """Has pytest note what each test calls and how long it takes."""

    def __init__(self) -> None:
        self.reach = Reach()
        self._calls: set[tuple[str, str, str]] = set()
        self._now = LOADING
        sys.setprofile(self._note)
        threading.setprofile(self._note)

    def _note(self, frame: FrameType, event: str, _: Any) -> None:
        if event != "call" or not frame.f_code.co_filename.startswith(PRICING):
            return
        if self._now is not LOADING or not _is_for_the_service(frame):
            self._calls.add((frame.f_code.co_filename, frame.f_code.co_qualname, self._now))

    def pytest_collection_finish(self) -> None:
        """Note how long it took until here."""
        self.reach.loading = process_time()
        self._now = SETTING_UP

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note how long a test takes."""
        start = process_time()
        found = yield
        self.reach.seconds[item.nodeid] = process_time() - start
        return found

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Note whose calls these are."""
        self._now = item.nodeid
        try:
            return (yield)
        finally:
            self._now = SETTING_UP

    def pytest_sessionfinish(self) -> None:
        """Name functions as mutants are named."""
        sys.setprofile(None)
        for file, name, test in self._calls:
            room = ".".join(Path(file).relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            self.reach.callers.setdefault(f"{room}.{name.replace('.<locals>', '')}", set()).add(test)
