"""What the lectures' door takes and gives."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from backend.core.schemas import Day, In, Line, Moment, Out, Phone, RandomKey, Text

Form = Literal["talk", "mock_hearing", "site_class", "quiz"]
Audience = Literal["everyone", "riders", "site_workers", "employers", "students"]
LectureStateWord = Literal["published", "cancelled"]
BookingStateWord = Literal["waiting", "offered", "booked", "cancelled", "lapsed"]
OrderStateWord = Literal[
    "ordered", "assigned", "proposed", "agreed", "held", "rated", "declined", "withdrawn"
]
OrgKind = Literal["company", "site", "village", "rider_station", "school", "other"]
DayPart = Literal["morning", "afternoon", "evening"]
Verdict = Literal["useful", "partly", "not_useful"]
OrderVerdict = Literal["satisfied", "so_so", "not_satisfied"]
ShortText = Annotated[Text, Field(max_length=500)]
Name = Annotated[Line, Field(max_length=30)]
OrgName = Annotated[Line, Field(max_length=60)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class BookIn(In):
    """Book for oneself or a group. `key` is made on the phone: the same key books once.

    `may_wait`: take a place on the waiting list when there are no seats.
    """

    key: RandomKey
    # no upper bound here: one too large is told how many there may be
    party: Annotated[int, Field(ge=-(2**31), le=2**31 - 1)] = 1
    may_wait: bool = False
    name: Name | None = None
    org_name: OrgName | None = None


class FeedbackIn(In):
    """How it was. `may_be_shown`: others may read `words`, without a name."""

    verdict: Verdict
    words: ShortText | None = None
    still_unclear: ShortText | None = None
    may_be_shown: bool = False


class WishIn(In):
    """A day that suits, and which part of it."""

    on: Day
    part: DayPart


class OrderIn(In):
    """点单: a lecture at one's own place."""

    key: RandomKey
    org_name: OrgName
    org_kind: OrgKind
    contact_name: Name
    phone: Phone
    theme: Annotated[Line, Field(max_length=60)]
    about: ShortText = ""
    place: Annotated[Line, Field(max_length=200)]
    people: Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
    wished: Annotated[list[WishIn], Field(max_length=20)]


class AgreeIn(In):
    """这个时间行: the version that was on the screen."""

    version: Version


class RefuseDateIn(In):
    """这个时间不行: what would suit."""

    version: Version
    note: Annotated[Text, Field(min_length=1, max_length=300)]


class RateIn(In):
    """评单."""

    verdict: OrderVerdict
    words: ShortText | None = None


class OwnBookingOut(Out):
    """What the viewer has to do with a lecture. `ahead`: bookings waiting before theirs."""

    id: str
    number: str
    state: BookingStateWord
    party: int
    ahead: int | None = None
    offer_ends_at: Moment | None = None
    needs_confirming: bool
    can_cancel: bool
    can_say: bool


class LectureOut(Out):
    """A lecture as it stands in a list. `free` is what can be booked now."""

    id: str
    state: LectureStateWord
    title: str
    theme: str
    form: Form
    audiences: list[Audience]
    speaker: str
    place: str
    is_online: bool
    starts_at: Moment
    ends_at: Moment
    seats: int
    taken: int
    free: int
    waiting: int
    is_over: bool
    can_book: bool
    can_wait: bool
    own: OwnBookingOut | None = None


class MaterialOut(Out):
    """A file to take home."""

    id: str
    title: str
    media_type: str
    size_bytes: int


class LectureDetailOut(LectureOut):
    """A lecture with everything on its page. `online` is told to those who booked."""

    about: str
    address: str
    latitude: float | None = None
    longitude: float | None = None
    map_url: str | None = None
    online: str | None = None
    booking_closes_at: Moment
    cancelling_closes_at: Moment
    change_note: str | None = None
    cancel_reason: str | None = None
    party_max: int
    materials: list[MaterialOut]
    listeners_said: list[str]


class LecturesOut(Out):
    """Some lectures and where to go on reading."""

    items: list[LectureOut]
    next_cursor: str | None = None


class BookedOut(Out):
    """The outcome of booking: booked, or a place on the waiting list."""

    id: str
    state: BookingStateWord
    party: int
    is_new: bool


class NoticeOut(Out):
    """A message about a booking or an order."""

    at: Moment
    title: str
    text: str


class BookingOut(Out):
    """A booking with its lecture; `code` is what the door scans, `code_rows` its QR picture.

    `code_rows`: one string of 0 and 1 a row, quiet zone left out; only while it is booked.
    """

    own: OwnBookingOut
    lecture: LectureOut
    online: str | None = None
    code: str | None = None
    code_rows: list[str] | None = None
    attended: int
    notices: list[NoticeOut]


class OwnBookingListItemOut(Out):
    """One of the worker's bookings."""

    own: OwnBookingOut
    lecture: LectureOut


class OwnBookingsOut(Out):
    """The worker's bookings, newest first."""

    items: list[OwnBookingListItemOut]
    next_cursor: str | None = None


class WishOut(Out):
    """A day that suits."""

    on: str
    part: DayPart


class OrderOut(Out):
    """An order as its orderer sees it; `answer_due_on` is the last day for our answer."""

    id: str
    number: str
    version: int
    state: OrderStateWord
    state_label: str
    org_name: str
    org_kind: OrgKind
    theme: str
    about: str
    place: str
    people: int
    wished: list[WishOut]
    ordered_at: Moment
    answer_due_on: date
    answer_due_words: str
    is_late: bool
    officer_name: str
    proposed_at: Moment | None = None
    speaker: str
    staff_note: str | None = None
    held_at: Moment | None = None
    attended: int | None = None
    verdict: OrderVerdict | None = None
    notices: list[NoticeOut]


class OrdersOut(Out):
    """The orderer's orders, newest first."""

    items: list[OrderOut]


class OrderThemesOut(Out):
    """Themes to choose from when ordering."""

    themes: list[str]
