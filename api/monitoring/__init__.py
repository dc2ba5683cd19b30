"""Monitoring a scheme."""
