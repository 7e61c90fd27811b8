"""Makers of rows that tests start from, one module a room."""
