"""Every way in which mutmut's mutators change a module, each as the whole changed source.

Only its mutators are used: `mutmut run` leaves out functions that have a decorator, as every formula does, and
everything outside functions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider
from mutmut.mutation.mutators import mutation_operators

# A type is for mypy and an import for Python itself; what a decorator is given is a label, or fails at once.
_LEFT_ALONE = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)


@dataclass(frozen=True)
class Mutant:
    """One change of one module.

    Attributes:
        room: the changed module.
        file: where it stands.
        place: the room, and in it the class, function or name that the change is in.
        line: what stood there, on one line.
        becomes: what stands there instead.
        source: the whole changed module.
    """

    room: str
    file: Path
    place: str
    line: str
    becomes: str
    source: str

    @property
    def change(self) -> tuple[str, str, str]:
        """What a list of survivors knows it by: it outlives changes elsewhere in the module."""
        return self.place, self.line, self.becomes


def mutants_of(room: str, file: Path) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    original = file.read_text(encoding="utf-8")
    module = cst.parse_module(original)
    spans = cst.MetadataWrapper(module, unsafe_skip_copy=True).resolve(ByteSpanPositionProvider)
    changes = _Changes(room)
    module.visit(changes)
    seen = {original}
    for place, node, changed in changes.found:
        code = _replaced(module, node, changed, spans[node].start)
        if code not in seen and _compiles(code):
            seen.add(code)
            yield Mutant(room, file, place, *_difference(original, code), code)


class _Changes(cst.CSTVisitor):
    """Walks a module and asks every mutator about every node."""

    def __init__(self, room: str) -> None:
        super().__init__()
        self.found: list[tuple[str, cst.CSTNode, cst.CSTNode]] = []
        self._place = [room]

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, _LEFT_ALONE):
            return False
        name = _name(node)
        if name:
            self._place.append(name)
        for kind, mutator in mutation_operators:
            if isinstance(node, kind):
                self.found += [(".".join(self._place), node, changed) for changed in mutator(node)]
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if not isinstance(original_node, _LEFT_ALONE) and _name(original_node):
            self._place.pop()


def _replaced(module: cst.Module, node: cst.CSTNode, changed: cst.CSTNode, start: int) -> str:
    """The module's source with another node in the place of one; where its text can be exchanged, that is quicker."""
    source, text = module.bytes, module.code_for_node(node).encode()
    if source[start : start + len(text)] == text:
        return (source[:start] + module.code_for_node(changed).encode() + source[start + len(text) :]).decode()
    return cast(cst.Module, module.deep_replace(node, changed)).code


def _name(node: cst.CSTNode) -> str | None:
    """What a definition defines; assignments inside functions count for the function."""
    if isinstance(node, cst.ClassDef | cst.FunctionDef):
        return node.name.value
    return None


def _compiles(source: str) -> bool:
    try:
        compile(source, "<mutant>", "exec")
    except SyntaxError:
        return False
    return True


def _difference(original: str, changed: str) -> tuple[str, str]:
    """The lines that differ: as they were, and as they are."""
    before, after = original.splitlines(), changed.splitlines()
    for end in (-1, 0):
        while before and after and before[end] == after[end]:
            del before[end], after[end]
    return " ".join(map(str.strip, before)), " ".join(map(str.strip, after))
