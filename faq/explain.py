"""Why a question was answered as it was: its words, concepts, candidates, scores, the decision."""

from __future__ import annotations

from itertools import islice

from faq.bot import Bot

_REASONS, _CANDIDATES, _LIKE = 8, 5, 4


def explain(bot: Bot, typed: str) -> list[str]:
    """Lines for a person to read."""
    ranker = bot.ranker
    ranking = bot.rank(typed)
    groups = ranker.features(ranking.question).groups
    words, _, named = groups
    decided = bot.decide(typed)
    lines = [
        f"asked      {typed}",
        f"normalised {ranking.question.text}",
        f"words      {' '.join(w for w in words if '_' not in w)}",
        f"concepts   {' '.join(c for c in named if c.count('=') < 2) or '–'}",
        f"exact      {ranking.exact or '–'}",
        "candidates               share  score = margin + nearest",
    ]
    for candidate in ranking.candidates[:_CANDIDATES]:
        lines.append(
            f"  {candidate.label:32} {candidate.share:5.2f} {candidate.score:6.2f} "
            f"{candidate.margin:6.2f} {candidate.likeness:6.2f}"
        )
        if candidate.label in ranker.model.labels:
            reasons = ranker.model.linear.reasons(groups, candidate.label)[:_REASONS]
            lines.append("      " + " ".join(f"{name}{value:+.2f}" for name, value in reasons))
    lines.append("most like it")
    for phrasing, likeness in islice(zip(*ranking.neighbours, strict=True), _LIKE):
        label = ranker.labels[ranker.nearest.labels[phrasing]]
        lines.append(f"  {likeness:.2f} {label:30} {ranker.texts[phrasing]}")
    lines.append(f"decision   {decided.decision}: {decided.reason}")
    return lines
