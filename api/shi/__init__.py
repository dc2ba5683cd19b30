"""Social health insurance."""
