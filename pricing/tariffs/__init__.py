"""Premium scales of microinsurance schemes: one general kind, filled in by a table for each scheme."""
