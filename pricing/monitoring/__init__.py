"""Monitoring a scheme: statements, indicators, portfolio, claims development (ilo-hmis-2007)."""
