"""What people are told: nothing of the matter on a lock screen, and the longest words fit."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.core.errors import BadInput
from backend.lectures import jobs, words
from backend.lectures.models import Lecture
from backend.lectures.service import answers, orders, publishing
from backend.notify.models import OutboxMessage
from tests.backend.lectures.house import House, house
from tests.factories import lectures as made

__all__ = ["house"]

HOUR = made.HOUR
# as long as each may be; "长" stands nowhere else in a message
TITLE, THEME, SPEAKER = "长题" * 30, "长主" * 30, "长讲" * 30
PLACE, ADDRESS, ONLINE = "长地" * 50, "长址" * 100, "长线" * 150
NOTE, REASON = "长注" * 100, "长因" * 100
LONG = {
    "title": TITLE, "theme": THEME, "speaker": SPEAKER, "place": PLACE, "address": ADDRESS,
    "online": ONLINE, "about": "长" * 1000,
}  # fmt: skip
ORG, CONTACT, SITE = "长名" * 30, "长人" * 15, "长所" * 100
PHONES = ("13800000001", "13900000031", "13900000009")

LECTURE_TEMPLATES = {
    "lecture_booked", "lecture_waiting", "lecture_offered", "lecture_lapsed",
    "lecture_booking_cancelled", "lecture_changed", "lecture_cancelled", "remind_lecture_day",
    "remind_lecture_soon", "lecture_feedback",
}  # fmt: skip
ORDER_TEMPLATES = {
    "order_received", "order_proposed", "order_agreed", "order_held", "order_declined",
}  # fmt: skip


def whole_life(house: House) -> None:
    """Two lectures and two orders in which everything happens, all with the longest words."""
    now = house.now
    lecture = made.published(house.desk, seats=2, **LONG)
    comes, offered = made.worker(1), made.worker(2)
    kept = made.book(lecture, comes)
    house.by_phone(lecture, 9)
    seats = made.published(house.desk, seats=1, **LONG)
    taken = house.offered(seats, offered)
    made.book(seats, made.worker(3), may_wait=True)
    answers.accept_offer(taken.public_id, offered, now)
    other = made.published(house.desk, seats=1, **LONG)
    house.offered(other, made.worker(4))
    made.book(other, made.worker(5), may_wait=True)
    plan = made.plan(now, seats=2, **(LONG | {"address": "别处"}))
    publishing.change(lecture.public_id, lecture.version, plan, NOTE, house.desk, now)
    house.clock.at = lecture.booking_closes_at
    jobs.run(house.now)
    for hours in (24, 2):
        house.clock.at = lecture.starts_at - HOUR * hours
        jobs.run(house.now)
    publishing.cancel_lecture(seats.public_id, seats.version, REASON, house.desk, house.now)
    house.let_in(kept)
    house.clock.at = lecture.ends_at
    jobs.run(house.now)
    every_order(house)


def every_order(house: House) -> None:
    """An order that is given, and one that is declined."""
    owner = made.worker(1)
    long = {
        "org_name": ORG, "contact_name": CONTACT, "place": SITE, "theme": THEME,
        "about": "长" * 500,
    }  # fmt: skip
    row, no = made.ordered(owner, **long), made.ordered(owner, **long)
    orders.decline(no.public_id, 1, "长因" * 150, house.desk, house.now)
    row = orders.assign(row.public_id, 1, house.desk.id or 0, house.desk, house.now)
    at = house.now + HOUR * 50
    row = orders.propose(
        row.public_id, row.version, at, SPEAKER, "长注" * 150, house.desk, house.now
    )
    row = orders.refuse_date(row.public_id, row.version, "长注" * 150, owner, house.now)
    row = orders.propose(row.public_id, row.version, at, SPEAKER, None, house.desk, house.now)
    row = orders.agree(row.public_id, row.version, owner, house.now)
    house.clock.at = at
    orders.hold(row.public_id, row.version, 5000, house.desk, house.now)


@pytest.fixture
def messages(house: House) -> list[OutboxMessage]:
    """Every message of a whole life; on PostgreSQL a text too long for its column fails here."""
    whole_life(house)
    return house.messages()


def test_every_kind_of_message_was_written(messages: list[OutboxMessage]) -> None:
    found = {message.template for message in messages}
    assert found == LECTURE_TEMPLATES | ORDER_TEMPLATES


def test_the_list_of_kinds_is_that_of_the_code() -> None:
    folder = Path(publishing.__file__).parent
    written = (folder / "telling.py").read_text() + (folder / "order_telling.py").read_text()
    named = set(re.findall(r'"((?:lecture|order|remind_lecture)_[a-z_]+)"', written))
    named |= {"remind_lecture_day", "remind_lecture_soon"}  # one f-string
    assert named == LECTURE_TEMPLATES | ORDER_TEMPLATES


def test_a_lock_screen_tells_nothing_of_the_matter(messages: list[OutboxMessage]) -> None:
    for message in messages:
        shown = message.lock_screen
        assert "长" not in shown and not re.search(r"[0-9]{5}", shown), shown
        for word in ("讨薪", "工伤", "欠薪", "何志强", *PHONES):
            assert word not in shown
        assert shown.startswith("示例人社局：") and shown.endswith("。")


def test_what_a_subscribe_message_may_show_names_neither_matter_nor_person(
    messages: list[OutboxMessage],
) -> None:
    for message in messages:
        shown = str(message.facts)
        for word in (TITLE, THEME, SPEAKER, ORG, CONTACT, ONLINE, NOTE, REASON, "何志强", *PHONES):
            assert word not in shown


def test_a_booking_given_back_does_not_read_as_if_the_lecture_were_off(house: House) -> None:
    lecture = made.published(house.desk, seats=5)
    own, by_staff = made.worker(1), made.worker(2)
    mine, theirs = made.book(lecture, own), made.book(lecture, by_staff)
    answers.cancel(mine.public_id, own, house.now)
    answers.cancel(theirs.public_id, house.desk, house.now, "来电取消")
    first, second = house.messages("lecture_booking_cancelled")
    when = words.moment(lecture.starts_at)
    assert first.lock_screen == f"示例人社局：您取消了 {when} 的预约。"
    assert second.lock_screen == f"示例人社局：您 {when} 的预约取消了。"
    assert all("讲座照常讲" in one.text for one in (first, second))


def test_titles_tell_nothing_of_the_matter_either(messages: list[OutboxMessage]) -> None:
    for message in messages:
        assert "长" not in message.title and not re.search(r"[0-9]{5}", message.title)


def test_everything_fits_its_column(messages: list[OutboxMessage]) -> None:
    for message in messages:
        assert len(message.title) <= 60 and len(message.lock_screen) <= 70
        assert len(message.subject) <= 40 and len(message.dedupe_key) <= 120
        assert len(message.template) <= 60


def test_the_text_in_the_app_says_where_and_why(messages: list[OutboxMessage]) -> None:
    texts = {message.template: message.text for message in messages}
    for template in ("lecture_booked", "lecture_changed", "remind_lecture_day"):
        assert PLACE in texts[template]
    assert NOTE in texts["lecture_changed"] and REASON in texts["lecture_cancelled"]
    assert SPEAKER in texts["order_proposed"] and SITE in texts["order_agreed"]


def test_no_text_holds_a_telephone_a_name_or_the_way_in(messages: list[OutboxMessage]) -> None:
    for message in messages:
        for private in (*PHONES, "何志强", CONTACT, ONLINE):
            assert private not in message.text


def test_every_sentence_is_ours(messages: list[OutboxMessage]) -> None:
    for message in messages:
        plain = message.text.replace("长", "")
        assert not re.search(r"！|请稍后再试|。。|，。|你|None", plain), plain
        assert plain.endswith("。")


@pytest.mark.parametrize(
    "make",
    [
        lambda house: made.published(house.desk, place=PLACE + "长"),
        lambda house: made.published(house.desk, title=TITLE + "长"),
        lambda house: made.published(house.desk, speaker=SPEAKER + "长"),
    ],
)
def test_a_word_more_is_refused_before_the_database_sees_it(
    house: House, make: Callable[[House], Lecture]
) -> None:
    house.refused(BadInput, make, house)
