"""A store with a long history: how long the service takes to start on it, and what a quote costs then."""

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import orjson
from sqlmodel import Session

from api.application import create_app
from api.mba.tariff import ROLES
from api.settings import Settings
from bench.mix import requests
from bench.processes import service
from bench.quotes import REPEATS, timed
from tables.canonical import sha256
from tables.kinds import DEFAULT_TABLES
from tables.models import AssumptionVersion
from tables.shipped import shipped_tables
from tables.store import open_store, prepare

FEW, MANY = 20, 2_000
"""Versions beside the shipped ones."""
START_ROUNDS, QUOTE_ROUNDS = 5, 9
DAYS = 1_500
"""More days than resolutions are kept for."""


def long_history() -> None:
    """The start, quotes of one day, and quotes each of another day, with 20 versions more and with 2,000."""
    with tempfile.TemporaryDirectory() as folder:
        stores = [_store(Path(folder) / str(number), number) for number in (FEW, MANY)]
        starts = [tuple(_start(store) for store in stores) for _ in range(START_ROUNDS)]
        few, many = (median(each[side] for each in starts) for side in (0, 1))
        ratio = median(each[1] / each[0] for each in starts)
        print(f"start with {FEW} versions {few:.2f} s, with {MANY:,} {many:.2f} s, ratio {ratio:.2f}")
        asyncio.run(_quotes(stores))


async def _quotes(stores: list[Path]) -> None:
    async with AsyncExitStack() as running:
        apps = []
        for store in stores:
            app = create_app(Settings(database_url=_url(store)))
            await running.enter_async_context(app.router.lifespan_context(app))
            apps.append(app)
        first = date(2010, 1, 1)
        body = orjson.loads(requests()[0])
        other_days = [orjson.dumps(body | {"as_of": str(first + timedelta(days=n))}) for n in range(DAYS)]
        for name, bodies, repeats in (("of one day", requests(), REPEATS), ("each of another day", other_days, 1)):
            pairs = [[await timed(app, bodies, repeats) for app in apps] for _ in range(QUOTE_ROUNDS)]
            ratios = sorted(many / few for few, many in pairs)
            print(
                f"quotes {name}: with {MANY:,} versions instead of {FEW} the time is times {median(ratios):.2f} "
                f"(from {ratios[0]:.2f} to {ratios[-1]:.2f} in {len(ratios)} rounds)"
            )


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'bench.db'}"


def _store(folder: Path, number: int) -> Path:
    """A store with so many more versions of the tables that a quote needs, each of another text and for one old day."""
    folder.mkdir()
    store = open_store(_url(folder))
    prepare(store, shipped_tables())
    first = {entry.table.name: entry.versions[0] for entry in shipped_tables()}
    names = [DEFAULT_TABLES[role] for role in ROLES]
    with Session(store) as session:
        for count in range(number):
            base = first[names[count % len(names)]].model_dump()
            day = date(1950, 1, 1) + timedelta(days=count)
            base |= {"number": 2 + count // len(names), "effective_from": day, "effective_to": day + timedelta(days=1)}
            blank = f"{count:b}".replace("0", " ").replace("1", "\t")
            content = f"{base['content'][:-1]}{blank}}}"  # another text with another hash, and the same figures
            base |= {"content": content, "sha256": sha256(content.encode())}
            session.add(AssumptionVersion(**base))
        session.commit()
    store.dispose()
    return folder


def _start(folder: Path) -> float:
    """Seconds until a process answers."""
    started = time.perf_counter()
    with service(folder):
        return time.perf_counter() - started
