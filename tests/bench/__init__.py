"""Measurements against the ceilings of the issue; `make bench` runs them and writes the report."""
