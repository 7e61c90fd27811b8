"""What a message is about, as far as WeChat may know: which template it takes, and when to ask."""

from __future__ import annotations

from backend.core.installation import bureau
from backend.settings import MOMENTS, MessageKind, SubscribeTemplate

REMINDER = "remind"  # templates of reminders begin so
ANSWER = "question_answered"
#: What messages about lectures belong to.
LECTURES = ("booking", "order")


def kind_of(subject: str, template: str) -> MessageKind:
    """The kind of a message, by what it belongs to (`case:17`) and its own name."""
    is_lecture = subject.partition(":")[0] in LECTURES
    if template.startswith(REMINDER):
        return "lecture_reminder" if is_lecture else "reminder"
    if is_lecture:
        return "booking"
    return "answer" if template == ANSWER else "progress"


def template_for(subject: str, template: str) -> SubscribeTemplate | None:
    """The subscribe message this message goes out as, where the bureau has one for its kind."""
    return bureau().subscribe_messages.get(kind_of(subject, template))


def templates_at(moment: str) -> list[SubscribeTemplate]:
    """What to ask for at a moment: at most three, all one-time or all long-term, each once."""
    mapped = bureau().subscribe_messages
    found = [mapped[kind] for kind in MOMENTS[moment] if kind in mapped]
    return list({one.template: one for one in found}.values())


def consent_kinds() -> dict[str, str]:
    """Each template of this bureau, and whether a consent to it lasts."""
    return {one.template: one.consent for one in bureau().subscribe_messages.values()}
