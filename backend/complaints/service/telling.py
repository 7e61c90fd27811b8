"""What the worker is told after each step: exact words, and over which channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from backend.complaints.models import Case, Claimant, Clock
from backend.complaints.words import OUTCOME_WORDS, PROVISIONAL_INLINE, REFUSE_WORDS
from backend.core.db import db
from backend.core.installation import bureau
from backend.law.days import SHANGHAI, WEEKDAYS_ZH
from backend.notify import outbox
from backend.notify.outbox import Channel

LOCK_SCREEN = "您在{bureau}办的事有新消息，请打开查看。"


@dataclass(frozen=True, slots=True)
class Told:
    """A message to the worker; the lock screen never says which matter it is."""

    title: str
    text: str


def day(on: date, *, is_provisional: bool = False) -> str:
    """A date as the worker reads it: 2026年11月30日 周一, or 约… before the calendar is out."""
    words = f"{on.year}年{on.month}月{on.day}日 {WEEKDAYS_ZH[on.weekday()]}"
    return PROVISIONAL_INLINE.format(date=words) if is_provisional else words


def hour(at: datetime) -> str:
    """A moment soon to come as the worker reads it: 11月24日 周二 10:00."""
    here = at.astimezone(SHANGHAI)
    return f"{here.month}月{here.day}日 {WEEKDAYS_ZH[here.weekday()]} {here:%H:%M}"


def until(clock: Clock) -> str:
    """The last day of a clock as the worker reads it; a stopped one has none yet."""
    if clock.due_on is None:
        return "（恢复后再算）"
    return day(clock.due_on, is_provisional=clock.is_provisional)


def yuan(fen: int) -> str:
    """Money as the worker reads it: 12,000 元 or 12,000.50 元."""
    whole, rest = divmod(fen, 100)
    return f"{whole:,}.{rest:02d} 元" if rest else f"{whole:,} 元"


def channel_of(case: Case, claimant: Claimant | None) -> Channel:
    """How a message reaches this person outside the app."""
    if case.is_anonymous or claimant is None:
        return "app"
    if claimant.contact_by == "phone":
        return "phone"
    return "wechat" if claimant.contact_by == "wechat" else "sms"


def filer(case: Case) -> Claimant | None:
    """The person who filed, if the case has one."""
    query = sa.select(Claimant).where(Claimant.case_id == case.id).order_by(Claimant.id)
    return db.session.scalars(query.limit(1)).first()


def tell(case: Case, template: str, told: Told, event_id: int, now: datetime) -> None:
    """Queue the message of one step inside the caller's transaction."""
    outbox.queue(
        subject=case.chain,
        worker_id=case.worker_id,
        channel=channel_of(case, filer(case)),
        template=template,
        title=told.title,
        text=told.text,
        lock_screen=LOCK_SCREEN.format(bureau=bureau().short_name),
        dedupe_key=f"{case.chain}:{template}:{event_id}",
        now=now,
    )


def words_for_refusal(ground: str, reason: str) -> Told:
    """Told when a complaint is not accepted."""
    return Told(
        "投诉没有受理", f"{REFUSE_WORDS[ground]}{_end(reason)}决定书在这件投诉里，可以打开看。"
    )


def words_for_close(outcome: str, reason: str) -> Told:
    """Told when a case is closed."""
    _label, sentence = OUTCOME_WORDS[outcome]
    return Told("投诉已办结", f"{sentence}{_end(reason)}没拿到钱，30 天内在这件投诉里告诉我们。")


def words_for_unpaid(case: Case, outcome: str, why: str) -> Told:
    """Told when a case is closed as paid though less was recorded than claimed: the figures."""
    text = f"{unpaid_sentence(case, outcome)}{_end(why)}没拿到钱，30 天内在这件投诉里告诉我们。"
    return Told("投诉已办结", text)


def unpaid_sentence(case: Case, outcome: str) -> str:
    """What stands in the place of "the employer has paid" where the record says otherwise."""
    return (
        f"我们按“{OUTCOME_WORDS[outcome][0]}”结案。您投诉欠 {yuan(case.owed_fen)}，"
        f"我们记下收到 {yuan(case.received_fen)}，还差 {yuan(case.open_fen)}。"
    )


def _end(text: str) -> str:
    return text if not text or text[-1] in "。！？；" else text + "。"


def shown(values: dict[str, Any], key: str) -> str:
    """A value of a cleaned form as text, empty when it was left out."""
    value = values.get(key)
    return "" if value is None else str(value)
