"""Formulas are broken too, though they are decorated, and every change is known by its place and lines."""

from pathlib import Path

from tests.mutation.mutants import Mutant, mutants_of

ROOM = '''"""Doubling."""

from decimal import Decimal

TWO = Decimal(2)


@formula("2x", source="nowhere", unit="none")
def double(x: Decimal | int) -> Decimal:
    """Twice x."""
    return x * TWO


class Pair:
    @property
    def same(self) -> bool:
        return self.one == self.other
'''


def mutants(folder: Path) -> list[Mutant]:
    file = folder / "room.py"
    file.write_text(ROOM, encoding="utf-8")
    return list(mutants_of("room", file))


def test_decorated_functions_and_constants_are_broken_but_no_annotation_decorator_or_docstring(tmp_path: Path) -> None:
    assert {mutant.change for mutant in mutants(tmp_path)} == {
        ("room", "TWO = Decimal(2)", "TWO = None"),
        ("room", "TWO = Decimal(2)", "TWO = Decimal(None)"),
        ("room", "TWO = Decimal(2)", "TWO = Decimal(3)"),
        ("room.double", "return x * TWO", "return x / TWO"),
        ("room.Pair.same", "return self.one == self.other", "return self.one != self.other"),
    }


def test_a_mutant_is_the_whole_module_but_for_one_change(tmp_path: Path) -> None:
    for mutant in mutants(tmp_path):
        assert mutant.source == ROOM.replace(mutant.line, mutant.becomes)
