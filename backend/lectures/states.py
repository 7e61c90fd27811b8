"""States of lectures, bookings and orders, and the tables of moves between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar


class LectureState(StrEnum):
    """A lecture; that it is over or full is computed."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"  # final


class BookingState(StrEnum):
    """A booking of one or more seats: who must act next."""

    WAITING = "waiting"  # on the waiting list
    OFFERED = "offered"  # a freed seat is kept for an answer
    BOOKED = "booked"
    CANCELLED = "cancelled"  # final: whoever booked gave it back
    LAPSED = "lapsed"  # final: an offer ran out, or the turn never came


class OrderState(StrEnum):
    """An order for a lecture on site (点单)."""

    ORDERED = "ordered"  # 待派单
    ASSIGNED = "assigned"  # 已派人: a date is to be proposed
    PROPOSED = "proposed"  # the orderer is to say whether the date suits
    AGREED = "agreed"  # 说好了
    HELD = "held"  # 讲完了: to be rated
    RATED = "rated"  # final
    DECLINED = "declined"  # final
    WITHDRAWN = "withdrawn"  # final


S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One row of a table: where it leads from and to, and who may do it."""

    sources: frozenset[S]
    target: S
    by: frozenset[str]


#: Who makes lectures, who may stand at the door, who books for people without a phone.
ORGANISERS = ("organiser", "unit_head", "head")
DOOR = (*ORGANISERS, "clerk")
_STAFF, _DOOR = frozenset(ORGANISERS), frozenset(DOOR)
_WORKER, _SYSTEM = frozenset({"worker"}), frozenset({"system"})

#: Bookings that stand in somebody's way of booking again.
LIVE = frozenset({BookingState.WAITING, BookingState.OFFERED, BookingState.BOOKED})
#: Orders nobody has answered yet, and those that are over.
UNANSWERED = frozenset({OrderState.ORDERED, OrderState.ASSIGNED})
ORDER_FINAL = frozenset({OrderState.RATED, OrderState.DECLINED, OrderState.WITHDRAWN})

LECTURE_MOVES: dict[str, Move[LectureState]] = {
    "publish": Move(frozenset({LectureState.DRAFT}), LectureState.PUBLISHED, _STAFF),
    "cancel_lecture": Move(
        frozenset({LectureState.DRAFT, LectureState.PUBLISHED}), LectureState.CANCELLED, _STAFF
    ),
}

BOOKING_MOVES: dict[str, Move[BookingState]] = {
    "offer": Move(frozenset({BookingState.WAITING}), BookingState.OFFERED, _SYSTEM),
    "accept_offer": Move(frozenset({BookingState.OFFERED}), BookingState.BOOKED, _WORKER | _DOOR),
    "cancel": Move(LIVE, BookingState.CANCELLED, _WORKER | _DOOR),
    "lapse": Move(
        frozenset({BookingState.WAITING, BookingState.OFFERED}), BookingState.LAPSED, _SYSTEM
    ),
}

ORDER_MOVES: dict[str, Move[OrderState]] = {
    "assign": Move(UNANSWERED, OrderState.ASSIGNED, _STAFF),
    "propose": Move(
        frozenset({OrderState.ASSIGNED, OrderState.PROPOSED}), OrderState.PROPOSED, _STAFF
    ),
    "agree": Move(frozenset({OrderState.PROPOSED}), OrderState.AGREED, _WORKER | _STAFF),
    "refuse_date": Move(frozenset({OrderState.PROPOSED}), OrderState.ASSIGNED, _WORKER | _STAFF),
    "hold": Move(frozenset({OrderState.AGREED}), OrderState.HELD, _STAFF),
    "rate": Move(frozenset({OrderState.HELD}), OrderState.RATED, _WORKER),
    "decline": Move(
        UNANSWERED | {OrderState.PROPOSED, OrderState.AGREED}, OrderState.DECLINED, _STAFF
    ),
    "withdraw": Move(
        UNANSWERED | {OrderState.PROPOSED, OrderState.AGREED}, OrderState.WITHDRAWN, _WORKER
    ),
}

LECTURE_LABELS = {
    LectureState.DRAFT: "没发布",
    LectureState.PUBLISHED: "已发布",
    LectureState.CANCELLED: "取消了",
}
BOOKING_LABELS = {
    BookingState.WAITING: "在排队",
    BookingState.OFFERED: "有座，等您回话",
    BookingState.BOOKED: "约好了",
    BookingState.CANCELLED: "取消了",
    BookingState.LAPSED: "没轮到",
}
ORDER_LABELS = {
    OrderState.ORDERED: "待派单",
    OrderState.ASSIGNED: "已派人",
    OrderState.PROPOSED: "等点单的定日子",
    OrderState.AGREED: "日子说好了",
    OrderState.HELD: "讲完了，等评价",
    OrderState.RATED: "评过了",
    OrderState.DECLINED: "没接",
    OrderState.WITHDRAWN: "撤回了",
}


def next_state(table: dict[str, Move[S]], move: str, state: S) -> S | None:
    """Where `move` leads from `state` by this table, or None when it is not possible there."""
    row = table[move]
    return row.target if state in row.sources else None
