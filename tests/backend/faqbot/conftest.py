"""Gives the tests of this folder a phone that talks, and an engine that can be told what to say."""

from tests.factories.chat import decides, phone

__all__ = ["decides", "phone"]
