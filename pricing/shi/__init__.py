"""Social health insurance (giz-2012, chapters 4 and 5, Annexes A, B and E)."""
