"""Two ways to break a module: a function that is there gets another body, or the whole module is loaded anew."""

import inspect
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutation.mutants import Mutant


class Broken(SourceFileLoader):
    """Finds one module, and loads a mutant in its place."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.room, str(mutant.file))
        self.source = mutant.source

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's place on disk, with this as its loader; None for any other module."""
        return spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        """The mutant, compiled; neither read from a cache nor written to one."""
        return compile(self.source, self.path, "exec")


def changed_body(mutant: Mutant) -> tuple[str, CodeType] | None:
    """The one function whose body alone is changed, by its name in the module, and that body; else None."""
    return _changed(_unbroken(mutant.file), compile(mutant.source, mutant.file, "exec"))


@cache
def _unbroken(file: Path) -> CodeType:
    return compile(file.read_bytes(), file, "exec")


def _changed(before: CodeType, after: CodeType) -> tuple[str, CodeType] | None:
    if before.replace(co_consts=after.co_consts) != after or len(before.co_consts) != len(after.co_consts):
        return None
    pairs = zip(before.co_consts, after.co_consts, strict=True)
    found = [(a, b) for a, b in pairs if type(a) is not type(b) or a != b]
    if len(found) != 1 or not isinstance(found[0][0], CodeType):
        return None
    (one, other) = found[0]
    if one.co_name.startswith("<") or one.co_name != other.co_name:
        return None
    if one.co_flags & inspect.CO_NEWLOCALS:
        return (one.co_qualname, other) if one.co_freevars == other.co_freevars else None
    return _changed(one, other)  # in a class


def break_body(room: str, name: str, body: CodeType) -> None:
    """Give a function of a loaded module another body, wherever it is known."""
    found: Any = import_module(room)
    for part in name.split("."):
        found = inspect.getattr_static(found, part)
    if isinstance(found, property):
        found = found.fget
    found = inspect.unwrap(getattr(found, "__func__", found))
    if not isinstance(found, FunctionType) or found.__code__.co_qualname != name or found.__module__ != room:
        raise TypeError(f"{room}.{name} is no function of its own")
    found.__code__ = body
