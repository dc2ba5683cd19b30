"""Formulas of ours against the field's own libraries, which have an environment of their own, .venv-field.

What a library makes of something is asked of a script here, which runs there and prints JSON.
"""
