"""What the door says of a scan: one result and one sentence for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.law.days import SHANGHAI, local_date
from backend.lectures import words
from backend.lectures.models import Booking, Lecture
from backend.lectures.states import BookingState

_NOT_BOOKED = {
    BookingState.CANCELLED: ("已取消", "这个预约已经取消了。"),
    BookingState.LAPSED: ("没约上", "这个预约排队没轮到，或者没回话。"),
    BookingState.WAITING: ("没约上", "这个预约还在排队。"),
    BookingState.OFFERED: ("没约上", "有座给他留着，本人还没回话。"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a scan: a title to read from afar, and a sentence. `first_at` says
    when somebody was let in before.

    Besides the results that are kept (models.door.RESULTS): `closed`, the lecture takes nobody;
    `later`, it could not be taken just now and is to be sent again.
    """

    key: str
    result: str
    title: str
    words: str
    booking_id: str = ""
    number: str = ""
    party: int = 0
    attended: int = 0
    first_at: datetime | None = None


def said(
    key: str, result: str, booking: Booking | None, lecture: Lecture | None, now: datetime
) -> Result:
    """The result of a scanned or picked booking; `lecture` is the booking's own."""
    if booking is None or lecture is None:
        return Result(key, "forged", "不是我们的码", "请本人打开“我的预约”再扫。")
    if result == "other_lecture":
        # the door of one lecture learns nothing else about the people of another
        return Result(
            key, result, "别的场次", f"这个码是 {words.moment(lecture.starts_at)} 那一场的。"
        )
    title, text = _words(result, booking, now)
    return Result(
        key,
        result,
        title,
        text,
        booking.public_id,
        words.number(booking.id),
        booking.party,
        booking.attended,
        booking.attended_at,
    )


def _words(result: str, booking: Booking, now: datetime) -> tuple[str, str]:
    if result == "not_booked":
        return _NOT_BOOKED[BookingState(booking.state)]
    if booking.attended_at is None:
        return "撤回了", f"算没到，约了 {booking.party} 人。"
    if result == "again":
        first = _clock(booking.attended_at, now)
        return f"{first} 已经签过", f"这个码 {first} 已经签过，到了 {booking.attended} 人。"
    return f"到了 {booking.attended} 人", f"约了 {booking.party} 人。"


def walk_ins(key: str, lecture: Lecture) -> Result:
    """How many came without a booking by now."""
    title = f"没预约 {lecture.walk_ins} 人"
    text = f"没预约来的，一共 {lecture.walk_ins} 人。"
    return Result(key, "walk_in", title, text, attended=lecture.walk_ins)


def closed(key: str) -> Result:
    """The lecture takes nobody: nothing was kept of the scan."""
    return Result(key, "closed", "这场不签到", "这场没有发布或者取消了，这一条没有记。")


def later(key: str, why: str) -> Result:
    """Not taken now; the phone keeps it and sends it again."""
    return Result(key, "later", "还没送到", why)


def _clock(at: datetime, now: datetime) -> str:
    """14:21, with the day when it was another one."""
    is_today = local_date(at) == local_date(now)
    return f"{at.astimezone(SHANGHAI):%H:%M}" if is_today else words.moment(at)
