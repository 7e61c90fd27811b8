"""Gives the tests of this folder a phone that talks, the official account, an engine to be told."""

from tests.factories.account import both, plain, wechat
from tests.factories.chat import decides, phone

__all__ = ["both", "decides", "phone", "plain", "wechat"]
