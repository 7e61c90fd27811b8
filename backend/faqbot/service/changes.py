"""How two versions of the bot differ on one question, and what a person would notice of it."""

from __future__ import annotations

from typing import Literal

from faq.bot import Bot
from faq.engine.decide import SUGGESTED, Decided

# gained: answered now, was not · switched: another entry answers · lost: no longer answered
# suggested: other buttons or another way out
Kind = Literal["gained", "switched", "lost", "suggested"]
#: Those to be looked at one by one come first.
ORDER: tuple[Kind, ...] = ("switched", "lost", "gained", "suggested")


def kind_of(before: Decided, after: Decided) -> Kind | None:
    """What kind of change this is; None when a person would notice nothing."""
    if _essence(before) == _essence(after):
        return None
    if before.decision == after.decision == "answer":
        return "switched"
    if after.decision == "answer":
        return "gained"
    return "lost" if before.decision == "answer" else "suggested"


def _essence(decided: Decided) -> tuple[str, object]:
    """What a person would notice of a decision."""
    if decided.decision == "answer":
        return "answer", decided.entries[0]
    if decided.decision == "suggest":
        return "suggest", decided.entries[:SUGGESTED]
    return "handoff", decided.outside


def words_of(decided: Decided, bot: Bot, entry_id: str) -> str:
    """A decision in a few words; `entry_id` is the entry that is being changed."""
    if decided.decision == "answer":
        return bot.corpus.entries[decided.entries[0]].question
    if decided.decision == "suggest":
        offered = decided.entries[:SUGGESTED]
        has_it = "（含本条）" if entry_id in offered else ""
        return f"给 {len(offered)} 个建议{has_it}"
    outside = bot.corpus.outside.get(decided.outside or "")
    return f"不归这里管：{outside.title}" if outside else "转人工"
