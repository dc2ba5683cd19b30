"""Calculators of the trade-union mutual benefit association's programme."""
