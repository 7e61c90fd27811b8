"""The messages of lectures: what each says in the app, and what stands on a lock screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from backend.core.installation import bureau
from backend.lectures import words
from backend.lectures.models import Booking, Lecture
from backend.lectures.states import BookingState
from backend.notify import outbox
from backend.notify.outbox import Channel


class Told(Protocol):
    """What messages say of a lecture: a row or a snapshot of it."""

    @property
    def place(self) -> str: ...
    @property
    def online(self) -> str | None: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def booking_closes_at(self) -> datetime: ...
    @property
    def cancelling_closes_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Words:
    """A message before it is written: `lock` is what follows 您约的讲座 on a lock screen."""

    title: str
    text: str
    lock: str

    @property
    def lock_screen(self) -> str:
        """The whole line of the lock screen."""
        return _LOCK.format(bureau=bureau().short_name, about=_ABOUT, what=self.lock)


#: Nothing on a lock screen says what the lecture is about.
_LOCK = "{bureau}：{about}{what}"
_ABOUT = "您约的讲座"


def chain(booking_id: int) -> str:
    """The audit chain of a booking, and the subject of its messages."""
    return f"booking:{booking_id}"


def lecture_chain(lecture_id: int) -> str:
    """The audit chain of a lecture."""
    return f"lecture:{lecture_id}"


def channel_of(worker_id: int | None) -> Channel:
    """How somebody is told: those without an account are telephoned."""
    return "wechat" if worker_id is not None else "phone"


def booked(
    booking_id: int, worker_id: int | None, party: int, lecture: Told, now: datetime
) -> None:
    """约好了."""
    when = words.span(lecture.starts_at, lecture.ends_at)
    place = words.where(lecture.place, lecture.online)
    until = words.moment(lecture.cancelling_closes_at)
    _queue(
        booking_id,
        worker_id,
        "lecture_booked",
        f"约好了：{words.people(party)}",
        f"{when}，{place}。{_bring(lecture)}来不了请在 {until} 前取消。",
        f"约好了，{words.moment(lecture.starts_at)}。",
        "booked",
        lecture,
        now,
    )


def _bring(lecture: Told) -> str:
    return "到场出示预约码。" if lecture.place else "怎样听，写在您的预约里。"


def waiting(
    booking_id: int, worker_id: int | None, party: int, lecture: Told, now: datetime
) -> None:
    """排上队了."""
    _queue(
        booking_id,
        worker_id,
        "lecture_waiting",
        f"排上队了：{words.people(party)}",
        f"有座就按先后问您。{words.moment(lecture.booking_closes_at)} 后不再问。",
        "排上队了。",
        "waiting",
        lecture,
        now,
    )


def offered(booking: Booking, lecture: Lecture, now: datetime) -> None:
    """有座了，要不要."""
    assert booking.offer_ends_at is not None  # the CHECK offer_dated
    until = words.moment(booking.offer_ends_at)
    _tell(
        booking,
        "lecture_offered",
        "有座了，要不要",
        f"给您留着 {words.people(booking.party)}，{until} 前点“要”。过了就问下一位。",
        f"有座了，{until} 前回话。",
        f"offered:{booking.offer_ends_at.isoformat()}",
        lecture,
        now,
    )


def lapsed(booking: Booking, lecture: Lecture, was_offered: bool, now: datetime) -> None:
    """没轮到, or 过了时间没回话."""
    text = (
        "留给您的座过了时间，问了下一位。想来可以再排一次。"
        if was_offered
        else "这次没轮到您。下一场开约会在讲座页看到。"
    )
    _tell(
        booking,
        "lecture_lapsed",
        "座位没留住" if was_offered else "这次没轮到",
        text,
        "有变化，请打开看。",
        "lapsed",
        lecture,
        now,
    )


def too_many(booking: Booking, lecture: Lecture, now: datetime) -> None:
    """座位改少了，坐不下."""
    text = f"座位改成了一共 {lecture.seats} 座，{booking.party} 人坐不下。可以少约几座再排。"
    _tell(
        booking,
        "lecture_lapsed",
        "座位不够坐了",
        text,
        "有变化，请打开看。",
        "lapsed",
        lecture,
        now,
    )


def cancelled(booking: Booking, lecture: Lecture, is_own: bool, now: datetime) -> None:
    """预约取消了: the booking, not the lecture. `is_own`: they did it themselves."""
    when = words.moment(lecture.starts_at)
    what = f"您取消了 {when} 的预约。" if is_own else f"您 {when} 的预约取消了。"
    _tell(
        booking,
        "lecture_booking_cancelled",
        "预约取消了",
        f"{what}讲座照常讲，想来可以再约。",
        what,
        "cancelled",
        lecture,
        now,
        about="",
    )


def changed(booking: Booking, lecture: Lecture, now: datetime) -> None:
    """改时间或地点了: those with a seat are asked again, the others keep what they have."""
    said = changed_words(lecture, lecture.change_note, BookingState(booking.state))
    key = f"changed:{lecture.revision}"
    _tell(booking, "lecture_changed", said.title, said.text, said.lock, key, lecture, now)


def changed_words(
    lecture: Told, note: str | None, state: BookingState = BookingState.BOOKED
) -> Words:
    """What people are told when time or place change; shown before it is done.

    Only those with a seat are asked whether they still come: the others hear where they stand.
    """
    title, then, lock = _CHANGED[state]
    when = words.span(lecture.starts_at, lecture.ends_at)
    place = words.where(lecture.place, lecture.online)
    because = f"{note.rstrip('。')}。" if note else ""
    text = f"现在是 {when}，{place}。{because}{then}"
    return Words(title, text, f"改了，现在是 {words.moment(lecture.starts_at)}，{lock}。")


_CHANGED = {
    BookingState.BOOKED: (
        "讲座改了，请您再确认", "能来请点“还去”，来不了请取消。", "请确认",
    ),
    BookingState.OFFERED: (
        "讲座改了，座还给您留着", "能来请点“要”，来不了请点“不要”。", "请回话",
    ),
    BookingState.WAITING: (
        "讲座改了，您还在排队", "还没有您的座，有座就问您。不想等了请点“不排了”。", "您还在排队",
    ),
}  # fmt: skip


def lecture_cancelled(booking: Booking, lecture: Lecture, now: datetime) -> None:
    """讲座取消了."""
    said = cancelled_words(lecture, lecture.cancel_reason)
    _tell(
        booking,
        "lecture_cancelled",
        said.title,
        said.text,
        said.lock,
        "lecture_cancelled",
        lecture,
        now,
    )


def cancelled_words(lecture: Told, reason: str | None) -> Words:
    """What everybody is told when a lecture is called off; shown before it is done."""
    because = f"原因：{reason.rstrip('。')}。" if reason else ""
    when = words.moment(lecture.starts_at)
    return Words("讲座取消了", f"{when} 这场取消了，不用来。{because}", f"{when} 的取消了。")


def reminder(booking: Booking, lecture: Lecture, is_soon: bool, now: datetime) -> None:
    """明天有讲座 / 两小时后开讲."""
    when, place = words.moment(lecture.starts_at), words.where(lecture.place, lecture.online)
    kind = "soon" if is_soon else "day"
    _tell(
        booking,
        f"remind_lecture_{kind}",
        "快开讲了" if is_soon else "您约的讲座快到了",
        f"{when}，{place}。{_bring(lecture)}",
        f"{when} 开讲。",
        f"reminder:{kind}:{lecture.revision}",
        lecture,
        now,
    )


def how_it_was(booking: Booking, lecture: Lecture, now: datetime) -> None:
    """讲得怎么样."""
    _tell(
        booking,
        "lecture_feedback",
        "讲得怎么样",
        "您听过的讲座，讲清楚了没有？点进来说一句，我们改下一场。",
        "讲得怎么样，想听您说一句。",
        "feedback",
        lecture,
        now,
        about="您听过的讲座",
    )


def _tell(
    booking: Booking,
    template: str,
    title: str,
    text: str,
    lock: str,
    key: str,
    lecture: Lecture,
    now: datetime,
    about: str = _ABOUT,
) -> None:
    _queue(booking.id, booking.worker_id, template, title, text, lock, key, lecture, now, about)


def _queue(
    booking_id: int,
    worker_id: int | None,
    template: str,
    title: str,
    text: str,
    lock: str,
    key: str,
    lecture: Told,
    now: datetime,
    about: str = _ABOUT,
) -> None:
    subject = chain(booking_id)
    outbox.queue(
        subject=subject,
        worker_id=worker_id,
        channel=channel_of(worker_id),
        template=template,
        title=title,
        text=text,
        lock_screen=_LOCK.format(bureau=bureau().short_name, about=about, what=lock),
        dedupe_key=f"{subject}:{key}",
        now=now,
        facts={"when": lecture.starts_at.isoformat(), "where": lecture.place},
    )
