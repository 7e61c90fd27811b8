"""From a ranking to what is done: answer, suggest or hand over; every threshold stands here."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from faq.engine.ranker import Candidate, Ranking

Decision = Literal["answer", "suggest", "handoff"]

#: Share of belief from which the first entry is answered without asking back.
SURE = 0.65
#: Share of belief in things that are not ours from which a question is handed over, provided that
#: it is so many times the belief in the best entry: a rival of its size is suggested first.
OUTSIDE, TIMES = 0.35, 3
#: Above this share outside nothing is answered directly, though it may be suggested.
DOUBT = 0.10
#: A best share below this says that the question is about nothing the corpus knows.
KNOWN = 0.08
#: A question with fewer characters is answered only when it is a phrasing itself.
SHORTEST = 3
#: How many entries are suggested, and how many a ranking names.
SUGGESTED, NAMED = 3, 5


@dataclass(frozen=True, slots=True)
class Decided:
    """What to do: `entries` best first; `outside` is where else to go, when that is believed.

    A suggestion may name it too: where the question is as likely to be about neither entry.
    `score` is the share of belief in the first entry, 0 to 1. `reason` is for people who ask why.
    """

    decision: Decision
    entries: tuple[str, ...]
    outside: str | None
    score: float
    reason: str


def decide(ranking: Ranking, inside: AbstractSet[str], outside: AbstractSet[str]) -> Decided:
    """The decision for a ranking.

    `inside` names the entries in force, `outside` what is not ours; a label that is neither (an
    entry that has expired since the model was learnt) is passed over.
    """
    ours = [c for c in ranking.candidates if c.label in inside]
    others = [c for c in ranking.candidates if c.label in outside]
    entries = tuple(c.label for c in ours[:NAMED])
    score = round(ours[0].share, 4) if ours else 0.0
    if not ranking.question.bare or not ours:
        return Decided("handoff", entries, None, 0.0, "there is no word in it")
    if ranking.exact is not None and (ranking.exact in inside or ranking.exact in outside):
        return _exact(ranking.exact, entries, outside)
    elsewhere = sum(c.share for c in others)
    if elsewhere >= max(OUTSIDE, TIMES * ours[0].share):
        return Decided("handoff", entries, others[0].label, score, f"outside: {elsewhere:.2f}")
    if ranking.candidates[0].share < KNOWN:
        return Decided("handoff", entries, None, score, "nothing like it is known")
    if elsewhere < DOUBT and _is_sure(ours[0], ranking):
        return Decided("answer", entries, None, score, f"sure: {ours[0].share:.2f}")
    is_likelier = elsewhere >= max(DOUBT, ours[0].share)
    where = others[0].label if is_likelier else None
    return Decided("suggest", entries, where, score, f"not sure: {ours[0].share:.2f}")


def _is_sure(first: Candidate, ranking: Ranking) -> bool:
    """Two witnesses: the model's belief, and phrasings that really look like the question.

    One word alone (老板, 钱) asks nothing yet, whatever it reminds of.
    """
    if len(ranking.question.bare) < SHORTEST:
        return False
    return first.share >= SURE and first.label in ranking.likest


def _exact(label: str, entries: tuple[str, ...], outside: AbstractSet[str]) -> Decided:
    if label in outside:
        return Decided("handoff", entries, label, 0.0, "the very words of something outside")
    named = (label, *(entry for entry in entries if entry != label))[:NAMED]
    return Decided("answer", named, None, 1.0, "the very words of a phrasing")
