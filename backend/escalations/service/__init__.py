"""Handing a question to a person, and what becomes of it."""

from backend.escalations.service.asking import (
    Asked,
    add_words,
    by_public_id,
    due_at,
    due_words,
    hand_over,
    hours_words,
    open_for,
)
from backend.escalations.service.handling import Cited, answer, give_to, hand_back, take
from backend.escalations.service.moving import belongs_to, move
from backend.escalations.service.queue import counts, rows, waiting
from backend.escalations.service.reaching import callers, named, phone_of
from backend.escalations.service.reading import Question, read, read_conversation

__all__ = [
    "Asked",
    "Cited",
    "Question",
    "add_words",
    "answer",
    "belongs_to",
    "by_public_id",
    "callers",
    "counts",
    "due_at",
    "due_words",
    "give_to",
    "hand_back",
    "hand_over",
    "hours_words",
    "move",
    "named",
    "open_for",
    "phone_of",
    "read",
    "read_conversation",
    "rows",
    "take",
    "waiting",
]
