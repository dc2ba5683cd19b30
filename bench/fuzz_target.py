"""What `bench.fuzz` runs in a process of its own: the application, instrumented for coverage, under libFuzzer.

    python -m bench.fuzz_target SECONDS FOLDER

Each input is sent as the body of a request to every calculator that takes one. The first answer that is not as every
answer must be ends the process, with the body that it was given to.
"""

import asyncio
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import atheris  # type: ignore[import-untyped]
import orjson

with atheris.instrument_imports(include=["api", "pricing", "tables"]):
    from api.application import Application, create_app
    from api.http import JSON
    from api.logs import configure_logging
    from api.problems import MEDIA_TYPE, PROBLEMS
    from api.settings import Settings
    from tables.shipped import shipped_tables

from bench.asking import sent
from bench.mix import requests

CANARY = "zz-canary-60d1"
"""In seeds and dictionary; it means nothing to the service and may never come back."""
SLOWEST = 20
"""Requests left for `bench.fuzz` to measure: instrumented code is too slow for a bound."""
REFUSALS = frozenset({400, 409, 413, 422})
MEMBERS = {"type", "title", "status", "detail", "instance", "code"}
OFTEN, RARE = 0.8, 0.1
"""Chances in a mutation of JSON."""
VALUES = (
    *("null", "true", "{}", "[]", "0", "-0", "-1", "2", "63.0", "0.05", "1e400", "1e-400", "999999", "99999999999999"),
    *("123456789012345.6", "0.12345678901234567", '""', '"-0"', '"0.05"', '"999999999999"', '"1e3"', '"\\uff11"'),
    *('"2026-12-01"', '"2026-02-30"', '"9999-12-31"', '"2026-12-01T00:00:00Z"', '"mba-packages"', '"mba-loadings@1"'),
    *('["mba-loadings@1","mba-loadings@2"]', '{"relation":"member","age":30}', '{"15-65":1}', f'"{CANARY}"'),
    '"single"',
    *(f'{{"{CANARY}":null}}', f'{{"household":["{CANARY}"]}}', '{"interest_rate":"0.05"}', '{"survivors":{"44":"1"}}'),
)


class Wrong(Exception):
    """An answer that no client may ever get."""


class Target:
    """The application, asked in process, and what has been seen of it."""

    def __init__(self, app: Application, seconds: float, folder: Path) -> None:
        """Args: the started application, how long to ask it, where to leave what took longest."""
        self._app = app
        self._folder = folder
        self._paths = [path for path, route in app.calculators.items() if "POST" in (route.methods or ())]
        self._paths += [route.path.format(scheme="brac") for route in app.named]
        self._deadline = time.monotonic() + seconds
        self._inputs = self._with_canary = 0
        self._statuses: Counter[int] = Counter()
        self._slowest: list[tuple[float, str, bytes]] = []

    def __call__(self, body: bytes) -> None:
        """Send one input, or report and end."""
        if time.monotonic() > self._deadline:
            self._report()
            os._exit(0)  # libFuzzer looks at the time too rarely, and ends without handing back
        self._inputs += 1
        self._with_canary += CANARY.encode() in body
        for path in self._paths:
            try:
                seconds = self._check(path, body)
            except BaseException:  # whatever it is: an error in Rust is no Exception
                print(f"{path}, {body!r}", flush=True)
                raise
            if len(self._slowest) < SLOWEST or seconds > self._slowest[0][0]:
                self._slowest = sorted([*self._slowest, (seconds, path, body)])[-SLOWEST:]

    def _check(self, path: str, body: bytes) -> float:
        """Send a body and look at the whole answer; the processor time that it took. Raises: Wrong."""
        started = time.process_time()
        start, *rest = sent(self._app, path, body)
        seconds = time.process_time() - started
        status, headers = start["status"], dict(start["headers"])
        text = b"".join(each["body"] for each in rest)
        if CANARY.encode() in text or CANARY in str(headers):
            raise Wrong(f"the canary comes back: {text!r}")
        if status == HTTPStatus.OK:
            well_formed = headers[b"content-type"] == JSON and "receipt" in orjson.loads(text)
        else:
            well_formed = headers[b"content-type"] == MEDIA_TYPE and _is_problem(status, orjson.loads(text))
        if not well_formed:
            raise Wrong(f"status {status}: {text!r}")
        self._statuses[status] += 1
        return seconds

    def _report(self) -> None:
        for number, (_, path, body) in enumerate(self._slowest):
            (self._folder / str(number)).write_bytes(path.encode() + b"\n" + body)
        statuses = ", ".join(f"{number:,} of {status}" for status, number in sorted(self._statuses.items()))
        print(
            f"{self._inputs:,} inputs ({self._with_canary:,} with the canary) to {len(self._paths)} calculators; "
            f"answers: {statuses}",
            flush=True,
        )


def _is_problem(status: int, problem: Any) -> bool:
    return (
        status in REFUSALS
        and MEMBERS <= problem.keys() <= MEMBERS | {"errors"}
        and problem["status"] == status == PROBLEMS[problem["code"]].status
    )


def _mutated(body: bytes, most_bytes: int, seed: int) -> bytes:
    """Another input made of one: mostly by one change of its JSON, else by libFuzzer's changes of its bytes."""
    chance = random.Random(seed)
    if chance.random() < OFTEN:
        try:
            changed = orjson.dumps(_changed(orjson.loads(body), chance, most_bytes))
        except ValueError:
            pass
        else:
            if len(changed) <= most_bytes:
                return changed
    return bytes(atheris.Mutate(body, most_bytes))


def _changed(value: Any, chance: random.Random, most_bytes: int) -> Any:
    """JSON in which one value is another, is left out, or is there many times."""
    if not value or not isinstance(value, dict | list) or chance.random() < RARE:
        return orjson.Fragment(chance.choice(VALUES))
    here = list(value) if isinstance(value, dict) else list(range(len(value)))
    where = chance.choice(here)
    if chance.random() < RARE:
        value.pop(where)
    elif chance.random() < RARE * RARE:
        times = chance.randrange(1 + most_bytes // (len(orjson.dumps(value[where])) + len(CANARY)))
        if isinstance(value, list):
            return value + [value[where]] * times
        return value | {f"{chance.choice((where, CANARY))}{number}": value[where] for number in range(times)}
    else:
        value[where] = _changed(value[where], chance, most_bytes)
    return value


def _seeds(app: Application) -> Iterator[bytes]:
    """Bodies to begin with: the benchmark's, those that the contract shows, and what-ifs on every table."""
    yield from requests()
    for methods in app.openapi()["paths"].values():
        for each in (methods["post"],) if "post" in methods else ():
            for example in each["requestBody"]["content"]["application/json"]["examples"].values():
                yield orjson.dumps(example["value"])
    for table in shipped_tables():
        content = {table.table.kind: orjson.Fragment(table.versions[0].content)}
        yield orjson.dumps({"package": "F", "plan_type": "single", "overrides": content})
        yield orjson.dumps({"age": 43, "accident_benefit": 1, "overrides": content, "explain": True})
        yield orjson.dumps({"package": CANARY, "tables": {table.table.kind: CANARY}, CANARY: CANARY})


def _words(schema: Any) -> Iterator[str]:
    """Names of fields and of what they may be, anywhere in a schema."""
    if isinstance(schema, dict):
        for name in schema.get("properties", {}):
            yield f'"{name}":'
        for each in schema.get("enum", ()):
            yield f'"{each}"'
        for value in schema.values():
            yield from _words(value)
    elif isinstance(schema, list):
        for each in schema:
            yield from _words(each)


def _entry(word: str) -> str:
    """A line of libFuzzer's dictionary."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n'


def main() -> None:
    """Fuzz until the time is up."""
    seconds, folder = float(sys.argv[1]), Path(sys.argv[2])
    configure_logging("warning")
    settings = Settings(database_url=f"sqlite:///{folder}/bench.db")
    app = create_app(settings)
    asyncio.run(_start(app))
    corpus, slow = folder / "corpus", folder / "slow"
    corpus.mkdir()
    slow.mkdir()
    for number, body in enumerate(_seeds(app)):
        (corpus / f"seed{number}").write_bytes(body)
    words = {*_words(app.openapi()["components"]["schemas"]), *VALUES, CANARY, "NaN"}
    (folder / "words").write_text("".join(map(_entry, sorted(words))))
    options = [
        f"-dict={folder}/words",
        f"-artifact_prefix={folder}/",
        f"-max_len={settings.max_body_bytes + 1}",
        "-len_control=0",
        "-timeout=10",
    ]
    atheris.Setup(["fuzz", *options, str(corpus)], Target(app, seconds, slow), custom_mutator=_mutated)
    atheris.Fuzz()


async def _start(app: Application) -> None:
    """Read the tables, which stay when the application's life ends."""
    async with app.router.lifespan_context(app):
        pass


if __name__ == "__main__":
    main()
