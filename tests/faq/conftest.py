"""The bot of the files, opened once for all tests of the package."""

from __future__ import annotations

import pytest

from faq.bot import Bot


@pytest.fixture(scope="session")
def bot() -> Bot:
    """The bot as it answers."""
    return Bot.open()
