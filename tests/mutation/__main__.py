"""Break pricing/ in every way that there is a mutator for, and see whether a test notices: `make mutation`.

Each mutant runs in a process of its own, and nothing is written into the work tree. A function whose body alone is
changed is broken in a process forked from one that has loaded all tests; any other change in one that has loaded
everything but the project. `python -m tests.mutation pricing.life pricing.mba` breaks some modules and packages alone.
"""

import gc
import os
import pickle
import shutil
import signal
import sys
import tomllib
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import wraps
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import pytest
from hypothesis import Phase, settings

from tests.mutation.breaking import Broken, break_body, changed_body
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.selection import LOADING, ROOT, Calls, Reach, Selection, file_of, in_order, selected, within

EXPLAINED = Path(__file__).with_name("survivors.toml")
PROJECT = {"api", "pricing", "tables", "tests"}
EXAMPLES = 25  # of every property
PATIENCE = 5  # times what loading all and a test take on the unbroken code; ten times that by the clock
EVERY_SECONDS = 30
STARTING = 1  # second of a processor, and more than the service takes to start
BROKEN = 70  # the status of a process that fell over by itself, and not by its tests

# Without test_catalogue: it reads the files as they stand, not the code that runs. Of the service's tests those that
# are quick and hold rules and figures of pricing/.
SERVICE = (
    "budget_and_economy",
    "claims",
    "covenants",
    "equity_values",
    "monitoring",
    "monitoring_development",
    "monitoring_lists",
    "nssf",
    "nssf_branch",
    "nssf_branch_against_reference",
    "nssf_cases",
    "nssfc_benefits",
    "projection_questions",
    "projections",
    "published_tables",
    "reinsurance",
    "rolls_exact",
    "shi_cash",
    "shi_civil_servants",
    "shi_cost_ratios",
    "shi_medical",
    "shi_pilot",
    "shi_projections",
    "shi_scenarios",
    "stochastic",
    "tariffs",
)
TESTS = [
    "tests/golden",
    "tests/pricing",
    "--ignore=tests/pricing/test_catalogue.py",
    *(f"tests/api/test_{name}.py" for name in SERVICE),
]
OPTIONS = ["-q", "-s", "-p", "no:cacheprovider", "--assert=plain", "--hypothesis-profile=mutation"]

Change = tuple[str, str, str]
Outcome = tuple[Mutant, int]


def run_pytest(plugin: object, folder: Path, tests: Iterable[str] = TESTS) -> int:
    """pytest's exit status."""
    return int(pytest.main([*OPTIONS, f"--basetemp={folder}", *tests], plugins=[Alone(), plugin]))


class Alone:
    """Has the service work out everything in its own process: another one would run the unbroken code."""

    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Take the started service's workers away."""
        client = getattr(item, "funcargs", {}).get("client")
        if client is not None:
            client.app.state.running.pool = None


class Loop:
    """Has pytest hand over the tests that it has collected, instead of running them."""

    def __init__(self, use: Callable[[pytest.Session], None]) -> None:
        self._use = use

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Hand them over."""
        self._use(session)
        return True


def noticed(session: pytest.Session, selection: Selection, reach: Reach, folder: Path) -> int:
    """1 once a test fails, 0 if none does."""
    session.config._tmp_path_factory._given_basetemp = folder  # type: ignore[attr-defined]
    tests = in_order(session.items, selection, reach)
    for test, following in zip(tests, [*tests[1:], None], strict=True):
        wind(STARTING + reach.seconds.get(test.nodeid, 0.0))
        session.config.hook.pytest_runtest_protocol(item=test, nextitem=following)
        if session.testsfailed:
            return 1
    return 0


def wind(seconds: float) -> None:
    """End this process when it has taken many times the seconds that it should take from now on.

    One clock is the processor's, whatever else the machine is doing; the other is the wall's.
    """
    signal.setitimer(signal.ITIMER_PROF, PATIENCE * seconds)
    signal.setitimer(signal.ITIMER_REAL, 10 * PATIENCE * seconds)


def fork(task: Callable[[], int]) -> int:
    """The process that runs a task, in silence, and exits with what it returns."""
    process = os.fork()
    if process == 0:
        status = BROKEN
        try:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, sys.stdout.fileno())
            os.dup2(silence, sys.stderr.fileno())
            status = task()
        finally:
            os._exit(status)
    return process


def baseline(folder: Path) -> Reach:
    """What the tests reach on the unbroken code. Loads what they load, but for the project."""
    noted = folder / "noted"

    def task() -> int:
        calls = Calls()
        status = run_pytest(calls, folder / "baseline")
        noted.write_bytes(pickle.dumps((calls.reach, [*sys.modules])))
        return status

    _, status = os.waitpid(fork(task), 0)
    if status:
        sys.exit("The tests fail on the unbroken code: `make test` says where.")
    reach: Reach
    reach, modules = pickle.loads(noted.read_bytes())  # noqa: S301  (written above)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in modules:
            if name.partition(".")[0] not in PROJECT:
                with suppress(ImportError):
                    import_module(name)
    return reach


def in_processes(mutants: Iterable[Mutant], task: Callable[[Mutant, Path], int], folder: Path) -> Iterator[Outcome]:
    """Each mutant with its wait status, as many at a time as there are processors."""
    gc.collect()
    gc.freeze()  # what is loaded is not looked through again in every process
    running: dict[int, Mutant] = {}

    def wait() -> Outcome:
        process, status = os.wait()
        shutil.rmtree(folder / str(process), ignore_errors=True)
        mutant = running.pop(process)
        if os.waitstatus_to_exitcode(status) == BROKEN:
            sys.exit(f"{mutant.change} could not be tried.")
        return mutant, status

    for mutant in mutants:
        if len(running) == (os.cpu_count() or 1):
            yield wait()
        running[fork(lambda mutant=mutant: task(mutant, folder / str(os.getpid())))] = mutant  # type: ignore[misc]
    while running:
        yield wait()


def try_all(mutants: Iterable[Mutant], reach: Reach, folder: Path, report: Callable[[Outcome], None]) -> None:
    """Break the unbroken code in all these ways, and report how each ends."""
    bodies = {}
    for mutant in mutants:
        body = changed_body(mutant)
        if body and LOADING not in reach.callers.get(f"{mutant.room}.{body[0]}", ()):
            bodies[mutant] = body

    def anew(mutant: Mutant, own: Path) -> int:
        wind(reach.loading)
        sys.meta_path.insert(0, Broken(mutant))
        tests = selected(reach, mutant.room, mutant.place)
        likely = {file_of(test) for test in tests.first if not test.startswith("tests/api/")}
        for files in filter(None, (likely, set(tests.files) - likely)):  # fewer files are sooner loaded
            statuses: list[int] = []
            shown = Selection(files, tests.first)
            run_pytest(Loop(lambda session: statuses.append(noticed(session, shown, reach, own))), own, files)  # noqa: B023
            if statuses != [0]:
                return 1
        return 0

    for outcome in in_processes([mutant for mutant in mutants if mutant not in bodies], anew, folder):
        report(outcome)

    def in_place(session: pytest.Session) -> None:
        def task(mutant: Mutant, own: Path) -> int:
            break_body(mutant.room, *bodies[mutant])
            return noticed(session, selected(reach, mutant.room, mutant.place), reach, own)

        for outcome in in_processes(bodies, task, folder):
            report(outcome)

    run_pytest(Loop(in_place), folder / "all")


def few_examples() -> None:
    """Have every property tried on the same few examples in every run, without shrinking."""
    settings.register_profile(
        "mutation",
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        report_multiple_bugs=False,
    )
    unbound = settings.__init__

    @wraps(unbound)
    def bounded(self: settings, parent: settings | None = None, **given: Any) -> None:
        if "max_examples" in given:
            given["max_examples"] = min(given["max_examples"], EXAMPLES)
        unbound(self, parent, **given)

    settings.__init__ = bounded  # type: ignore[method-assign]


def explanations() -> dict[Change, str]:
    """Why a mutant that no test can notice is none to notice, by place and changed line."""
    survivors = tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("survivor", [])
    return {(each["place"], each["line"], becomes): each["reason"] for each in survivors for becomes in each["becomes"]}


def show(change: Change, remark: str) -> None:
    """Print a change at once: a run takes minutes."""
    place, line, becomes = change
    print(f"{place}\n  - {line}\n  + {becomes}\n  {remark}\n", flush=True)


class Score:
    """Counts the mutants that have been tried, and prints survivors and progress."""

    def __init__(self, total: int, explained: dict[Change, str]) -> None:
        self.total, self.explained = total, explained
        self.start = self.printed = monotonic()
        self.tried = self.killed = self.late = self.unexplained = 0
        self.survived: set[Change] = set()

    def report(self, outcome: Outcome) -> None:
        """Count a mutant."""
        mutant, status = outcome
        self.tried += 1
        self.killed += status != 0
        self.late += os.WIFSIGNALED(status)
        if status == 0:
            self.survived.add(mutant.change)
            self.unexplained += mutant.change not in self.explained
            show(mutant.change, self.explained.get(mutant.change, "NOT EXPLAINED"))
        if monotonic() > self.printed + EVERY_SECONDS:
            self.printed = monotonic()
            print(f"{self}, now in {mutant.room}\n", flush=True)

    def __str__(self) -> str:
        return (
            f"{self.killed} of {self.tried} mutants killed ({self.killed / self.tried:.1%}; {self.late} of them out of "
            f"time), {self.tried - self.killed} survived, {self.unexplained} of them without an explanation. "
            f"{self.tried} of {self.total} tried. {monotonic() - self.start:.0f} s"
        )


def main() -> None:
    """Print the score and the survivors; fail if one is not explained, or an explanation has no survivor."""
    files = {".".join(file.relative_to(ROOT).with_suffix("").parts): file for file in ROOT.glob("pricing/**/*.py")}
    rooms = {name.removesuffix(".__init__"): file for name, file in sorted(files.items())}
    asked = [room for room in rooms if not sys.argv[1:] or any(within(room, name) for name in sys.argv[1:])]
    mutants = [mutant for room in asked for mutant in mutants_of(room, rooms[room])]
    if not mutants:
        sys.exit(f"Nothing to break there. The modules are: {', '.join(rooms)}")
    few_examples()
    score = Score(
        len(mutants),
        {change: reason for change, reason in explanations().items() if any(within(change[0], room) for room in asked)},
    )
    with TemporaryDirectory(prefix="rielquote-mutation-") as folder:
        try_all(mutants, baseline(Path(folder)), Path(folder), score.report)
    stale = sorted(set(score.explained) - score.survived)
    for change in stale:
        show(change, "EXPLAINED, BUT NO SURVIVOR")
    print(score)
    if score.unexplained or stale or score.tried < len(mutants):
        sys.exit(1)


if __name__ == "__main__":
    main()
