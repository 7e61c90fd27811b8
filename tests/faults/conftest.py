"""Gives the tests of this folder a bureau at work."""

from tests.factories.complaints import world

__all__ = ["world"]
