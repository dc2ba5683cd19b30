"""Versions as files: out of a store and into one."""
