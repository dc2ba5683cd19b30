"""Versioned assumption tables: kinds, shipped data, store, snapshot, resolution."""
