"""What the chat sends and gets; one shape of turn for everything that stands in a conversation."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from backend.core.schemas import In, Line, Moment, Out, Phone, RandomKey, Text

QUESTION_MAX = 2000
RowId = Annotated[int, Field(ge=1, le=2**31 - 1)]

TurnKind = Literal[
    "asked",  # the person's own words (masked)
    "answer",  # sure: one entry
    "several",  # several issues, each with its entry, earliest legal limit first
    "suggest",  # up to three entries as buttons
    "clarify",  # one fact decides: a question with buttons
    "handoff",  # not found: a person is offered
    "redirect",  # not labour law: where to go
    "crisis",  # 110 / 120 / 12333 and a person at once
    "greeting",
    "chosen",  # the person tapped a button
    "escalated",  # handed to a person: until when an answer comes
    "reply",  # a member of staff answered
    "restarted",  # 重新开始
    "note",  # a line of ours (masked numbers, offer of help)
]
Feedback = Literal["useful", "wrong", "unclear", "not_my_case", "other"]


class Ask(In):
    """A question. `key` is made on the phone: the same key twice is answered once."""

    key: RandomKey
    text: Annotated[Text, Field(min_length=1, max_length=QUESTION_MAX)]


class Choose(In):
    """A tapped button: an entry that was suggested, or the value of a clarifying question."""

    key: RandomKey
    turn_id: RowId
    entry_id: Annotated[Line, Field(max_length=80)] | None = None
    value: Annotated[Line, Field(max_length=40)] | None = None


class GiveFeedback(In):
    """有用 or 没用 with its reason."""

    verdict: Feedback
    note: Annotated[Text, Field(max_length=500)] | None = None


class AskHuman(In):
    """转人工: nothing has to be given; a telephone helps to reach somebody not signed in."""

    key: RandomKey
    text: Annotated[Text, Field(max_length=QUESTION_MAX)] | None = None
    phone: Phone | None = None


class CitationOut(Out):
    """One article: `has_text` when it can be opened here; unverified ones say so."""

    law: str
    article: str
    has_text: bool
    is_unverified: bool


class ActionOut(Out):
    """A button below an answer."""

    kind: str
    label: str
    phone: str | None = None
    entry: str | None = None
    key: str | None = None


class FaqEntryOut(Out):
    """An answer as it is shown: short part first."""

    id: str
    revision: str
    question: str
    short: str
    answer: str
    citations: list[CitationOut]
    actions: list[ActionOut]
    reviewed_on: str


class ChoiceOut(Out):
    """A button: either an entry to open or a value to answer with."""

    label: str
    entry_id: str | None = None
    value: str | None = None


class PhoneOut(Out):
    """A number to call at once."""

    label: str
    phone: str


class WaitingOut(Out):
    """A question that waits for a person: until when, and what was done."""

    state: Literal["waiting", "taken", "answered"]
    due_at: Moment
    due_words: str
    hours_words: str
    is_overdue: bool
    #: Somebody may be in danger: no date is shown, help comes by telephone.
    is_crisis: bool


class TurnOut(Out):
    """One thing said in the conversation."""

    id: int
    at: Moment
    author: Literal["person", "bot", "staff"]
    kind: TurnKind
    text: str
    entry: FaqEntryOut | None = None
    entries: list[FaqEntryOut] = Field(default_factory=list)
    choices: list[ChoiceOut] = Field(default_factory=list)
    phones: list[PhoneOut] = Field(default_factory=list)
    citations: list[CitationOut] = Field(default_factory=list)
    waiting: WaitingOut | None = None
    feedback: Feedback | None = None
    can_rate: bool = False
    offers_complaint: bool = False
    offers_human: bool = False
    asks_phone: bool = False


class ConversationOut(Out):
    """All of a conversation that is still kept, oldest first; `more` when older turns exist."""

    turns: list[TurnOut]
    has_more: bool
    keep_days: int


class AskedQuestionOut(Out):
    """One of the most asked questions."""

    entry_id: str
    question: str


class StartOut(Out):
    """What the chat shows before anything was said."""

    greeting: str
    most_asked: list[AskedQuestionOut]
    hours_words: str
    privacy_words: str
    corpus: str


class PrefillOut(Out):
    """What was said in the chat, for the complaint form; the worker checks every field."""

    employer: str | None = None
    place: str | None = None
    months: list[str] = Field(default_factory=list)
    amount_fen: int | None = None
    monthly_fen: int | None = None
    due_by_month: dict[str, int] = Field(default_factory=dict)
    contract: Literal["written", "oral", "none"] | None = None
    age_group: Literal["under_16", "16_17", "18_59", "60_plus"] | None = None
    worker_kind: Literal["platform", "student", "household"] | None = None
    from_on: date | None = None
    to_on: date | None = None
    post: str | None = None
    contact: str | None = None
    facts: str = ""


class ArticleOut(Out):
    """An article as the bureau holds it; `text` is absent where no checked text is held."""

    law: str
    article: str
    text: str | None
    version: str | None
    is_unverified: bool
