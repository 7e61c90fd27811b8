"""The messages about an order for a lecture on site."""

from __future__ import annotations

from datetime import datetime

from backend.core.installation import bureau
from backend.law.days import zh_date
from backend.lectures import words
from backend.lectures.models import LectureOrder
from backend.notify import outbox

HELD_WORDS = ("讲得怎么样", "讲完了，请点进来评一评，我们好改。")
_LOCK = "{bureau}：您请我们来讲的事有新消息，请打开看。"


def subject(row: LectureOrder) -> str:
    """The audit chain of an order, and the subject of its messages."""
    return f"order:{row.id}"


def received(row: LectureOrder, now: datetime) -> None:
    """收到了，最晚哪天答复."""
    text = (
        f"编号 {words.order_number(row.id)}。最晚 {zh_date(row.answer_due_on)} 答复您什么时候去讲。"
    )
    _queue(row, "order_received", "收到您的点单", text, "received", now)


def proposed(row: LectureOrder, now: datetime) -> None:
    """这个时间行不行."""
    assert row.proposed_at is not None  # propose sets it
    key = f"proposed:{row.proposed_at.isoformat()}:{row.version}"
    title, text = proposed_words(row.proposed_at, row.speaker)
    _queue(row, "order_proposed", title, text, key, now)


def proposed_words(at: datetime, speaker: str) -> tuple[str, str]:
    """Title and text of a proposed date; shown before it is sent."""
    text = f"想在 {words.moment(at)} 去讲，{speaker}主讲。行不行请点进来说一声。"
    return "这个时间行不行", text


def agreed(row: LectureOrder, now: datetime) -> None:
    """说好了."""
    assert row.proposed_at is not None  # agree checks it
    title, text = agreed_words(row.proposed_at, row.place)
    _queue(row, "order_agreed", title, text, f"agreed:{row.version}", now)


def agreed_words(at: datetime, place: str) -> tuple[str, str]:
    """Title and text once the date is settled; shown before it is sent."""
    return "日子说好了", f"说好了：{words.moment(at)}，{place}。请安排好地方。"


def held(row: LectureOrder, now: datetime) -> None:
    """讲得怎么样."""
    title, text = HELD_WORDS
    _queue(row, "order_held", title, text, "held", now)


def declined(row: LectureOrder, now: datetime) -> None:
    """这次接不了."""
    title, text = declined_words(row.staff_note or "")
    _queue(row, "order_declined", title, text, "declined", now)


def declined_words(reason: str) -> tuple[str, str]:
    """Title and text of a refusal; shown before it is sent."""
    return "这次接不了", f"这次去不了，原因：{reason.rstrip('。')}。可以换个日子或主题再点。"


def _queue(
    row: LectureOrder, template: str, title: str, text: str, key: str, now: datetime
) -> None:
    outbox.queue(
        subject=subject(row),
        worker_id=row.worker_id,
        channel="wechat",
        template=template,
        title=title,
        text=text,
        lock_screen=_LOCK.format(bureau=bureau().short_name),
        dedupe_key=f"{subject(row)}:{key}",
        now=now,
    )
