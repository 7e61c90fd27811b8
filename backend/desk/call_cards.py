"""One card a person on the list 电话通知: everything to be told in the same call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flask import url_for

from backend.complaints.service import call_list
from backend.core.actor import Actor
from backend.escalations import service as escalations
from backend.lectures.service import calling
from backend.notify.models import CallRecord, OutboxMessage

# who may open the page behind a number
_QUESTIONS = ("clerk", "unit_head", "head", "answerer")
_BOOKINGS = ("clerk", "unit_head", "head", "organiser")


@dataclass(frozen=True, slots=True)
class Whom:
    """The person behind one message; `address` is empty where this reader may not go."""

    words: str
    phone: str = ""
    number: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One message to be told, and what it is about."""

    message: OutboxMessage
    whom: Whom


@dataclass(slots=True)
class Card:
    """One person, their messages and the calls made to them, the oldest first."""

    whom: Whom
    items: list[Item] = field(default_factory=list)
    calls: list[CallRecord] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The number of the oldest message, which is the card's address."""
        return self.items[0].message.id

    def holds(self, outbox_id: int) -> bool:
        """Whether this message stands on the card."""
        return any(item.message.id == outbox_id for item in self.items)


def cards(
    messages: list[OutboxMessage], calls: Iterable[CallRecord], actor: Actor, now: datetime
) -> list[Card]:
    """The messages by person, who waits longest on top; that people were read is recorded.

    One person is one name at one telephone: two who share a telephone stay two, and so does
    whoever is hidden from this reader, case by case.
    """
    people = _people([message.subject for message in messages], actor, now)
    found: dict[tuple[str, str], Card] = {}
    for message in messages:
        whom = people.get(message.subject) or Whom("没有登记联系人")
        key = (whom.words, whom.phone) if whom.phone else ("", message.subject)
        found.setdefault(key, Card(whom)).items.append(Item(message, whom))
    made = list(calls)
    for card in found.values():
        card.calls = _once(call for call in made if card.holds(call.outbox_id))
    return list(found.values())


def _once(calls: Iterable[CallRecord]) -> list[CallRecord]:
    """One call about several messages was written down for each of them; it is shown once."""
    return list({(call.at, call.staff_id): call for call in calls}.values())


def _people(subjects: list[str], actor: Actor, now: datetime) -> dict[str, Whom]:
    may_ask, may_book = actor.has_role(*_QUESTIONS), actor.has_role(*_BOOKINGS)
    found = {
        subject: Whom(
            one.name or "实名举报人（身份只给承办人看）",
            one.phone,
            one.number,
            url_for("desk.case.page", public_id=one.public_id),
        )
        for subject, one in call_list.callees(subjects, actor, now).items()
    }
    for subject, caller in escalations.callers(subjects, actor, now).items():
        address = url_for("desk.questions.one", public_id=caller.public_id) if may_ask else ""
        found[subject] = Whom("问问题的人", caller.phone, caller.number, address)
    for subject, guest in calling.callees(subjects, actor, now).items():
        address = _booking(guest) if may_book else ""
        found[subject] = Whom(guest.name or "约讲座的人", guest.phone, guest.number, address)
    return found


def _booking(guest: calling.Callee) -> str:
    return url_for(
        "desk.lecture_bookings.one", lecture_id=guest.lecture_id, booking_id=guest.booking_id
    )
