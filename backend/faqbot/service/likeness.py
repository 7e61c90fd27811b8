"""Which questions are alike: one word for all that say the same thing in any order."""

from __future__ import annotations

import hashlib

from backend.core import crypto
from faq.bot import Bot


def likeness_of(bot: Bot, text: str) -> str:
    """Questions with the same words in any order share it; nothing can be read from it."""
    digest = hashlib.sha256(" ".join(_words(bot, text)).encode()).hexdigest()
    return crypto.blind_index("likeness", digest)


def has_words(bot: Bot, text: str) -> bool:
    """Whether anything is said at all; signs and smileys are all alike and mean nothing."""
    return bool(_words(bot, text))


def _words(bot: Bot, text: str) -> list[str]:
    question = bot.ranker.normalise(text)
    return sorted(set(bot.ranker.features.words(question)))
