"""Actuarial formulas: pure functions of scalars and frozen dataclasses, in exact decimals."""

__version__ = "1.0.0"
