"""After a lecture: who may say how it was, what others may read of it, and exact numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from backend.core.db import db, one_transaction
from backend.core.errors import Conflict, Forbidden, NotFound
from backend.identity.models import Worker
from backend.lectures.models import Lecture, LectureFeedback
from backend.lectures.service import after, answers, door, due, publishing, reading
from backend.lectures.service.after import Numbers, Said
from backend.lectures.service.booking import Booked
from backend.lectures.service.door import Scan
from backend.wechat.models import ContentCheck
from tests.backend.lectures.house import House, house
from tests.factories import lectures as made

__all__ = ["house"]

HOUR, SECOND = made.HOUR, made.HOUR / 3600
USEFUL = Said("useful", "讲得明白", "试用期呢", may_be_shown=True)


def attended(house: House, *workers: int, **changes: Any) -> tuple[Lecture, list[Booked]]:
    """A lecture that is just over, with these workers there."""
    lecture = made.published(house.desk, **changes)
    booked = [made.book(lecture, made.worker(number)) for number in workers]
    house.clock.at = lecture.starts_at
    for one in booked:
        house.let_in(one)
    house.clock.at = lecture.ends_at
    return lecture, booked


# --- saying how it was


def test_who_came_says_it_once_and_it_is_encrypted_at_rest(house: House) -> None:
    _, (booked,) = attended(house, 1)
    row = after.say(booked.public_id, USEFUL, made.worker(1), house.now)
    assert (row.verdict, row.words, row.still_unclear) == ("useful", "讲得明白", "试用期呢")
    assert row.may_be_shown and row.shown_at is None
    assert house.acts(f"booking:{row.booking_id}")[-1] == "say_how_it_was"
    values = (booked.public_id, Said("not_useful"), made.worker(1), house.now)
    assert house.refused(Conflict, after.say, *values).code == "already_said"
    for stored in db.session.execute(sa.text("SELECT words, still_unclear FROM lecture_feedback")):
        assert all("讲".encode() not in bytes(one) for one in stored)


def test_before_the_end_and_after_a_fortnight_nobody_says_anything(house: House) -> None:
    lecture, (first, second) = attended(house, 1, 2)
    end, actors = lecture.ends_at, {1: made.worker(1), 2: made.worker(2)}

    def say(booked: Booked, number: int, at: datetime) -> LectureFeedback:
        return after.say(booked.public_id, USEFUL, actors[number], at)

    assert house.refused(Conflict, say, first, 1, end - SECOND).code == "not_over"
    assert say(first, 1, end).verdict == "useful"
    assert house.refused(Conflict, say, second, 2, end + HOUR * 24 * 14).code == "over"
    assert say(second, 2, end + HOUR * 24 * 14 - SECOND).verdict == "useful"


def test_who_did_not_come_says_nothing(house: House) -> None:
    lecture = made.published(house.desk)
    booked = made.book(lecture, made.worker(1))
    values = (booked.public_id, USEFUL, made.worker(1), lecture.ends_at)
    assert house.refused(Conflict, after.say, *values).code == "not_there"


def test_nobody_says_it_for_somebody_else(house: House) -> None:
    _, (booked,) = attended(house, 1)
    values = (booked.public_id, USEFUL, made.worker(2), house.now)
    house.refused(NotFound, after.say, *values)
    house.refused(NotFound, after.say, "0" * 16, USEFUL, made.worker(1), house.now)


def test_numbers_of_people_are_masked_before_they_are_kept(house: House) -> None:
    _, (booked,) = attended(house, 1)
    said = Said("partly", "打我 138 0000-0001 说", "我身份证 440102199003078510", True)
    row = after.say(booked.public_id, said, made.worker(1), house.now)
    assert row.words == "打我 【电话号码】 说" and row.still_unclear == "我身份证 【身份证号】"


@pytest.mark.parametrize("words", [None, ""])
def test_leave_to_show_without_words_is_no_leave(house: House, words: str | None) -> None:
    _, (booked,) = attended(house, 1)
    said = Said("useful", words, may_be_shown=True)
    assert not after.say(booked.public_id, said, made.worker(1), house.now).may_be_shown


# --- what others may read


def test_words_are_shown_only_with_leave_and_taken_back_again(house: House) -> None:
    lecture, (first, second) = attended(house, 1, 2)
    allowed = after.say(first.public_id, USEFUL, made.worker(1), house.now)
    private = Said("useful", "只跟您们说")
    kept = after.say(second.public_id, private, made.worker(2), house.now)
    assert reading.shown_words(lecture.id) == []
    after.show(allowed.public_id, True, house.desk, house.now)
    assert reading.shown_words(lecture.id) == ["讲得明白"]
    values = (kept.public_id, True, house.desk, house.now)
    assert house.refused(Conflict, after.show, *values).code == "not_allowed"
    after.show(allowed.public_id, False, house.desk, house.now)
    assert reading.shown_words(lecture.id) == []
    assert house.acts(f"lecture:{lecture.id}")[-2:] == ["show_feedback", "hide_feedback"]


def test_who_makes_no_lectures_shows_nothing(house: House) -> None:
    _, (booked,) = attended(house, 1)
    row = after.say(booked.public_id, USEFUL, made.worker(1), house.now)
    for actor in (house.staff("clerk"), house.staff("inspector"), made.worker(1)):
        house.refused(Forbidden, after.show, row.public_id, True, actor, house.now)
    house.refused(NotFound, after.show, "0" * 16, True, house.desk, house.now)


# --- numbers


def numbers(house: House, lecture: Lecture) -> Numbers:
    """The lecture in numbers as it stands now."""
    return after.numbers(house.fresh(lecture))


def test_a_lecture_nobody_booked_is_all_zeros(house: House) -> None:
    lecture = made.published(house.desk, seats=30)
    found = numbers(house, lecture)
    assert found.seats == 30 and found.listeners == 0
    others = [getattr(found, name) for name in Numbers.__slots__ if name != "seats"]
    assert others == [0] * len(others)


def test_the_numbers_of_a_mixed_lecture_are_exact(house: House) -> None:
    lecture = made.published(house.desk, seats=20)
    party = {1: 5, 2: 4, 3: 3, 4: 2, 5: 6}
    booked = {n: made.book(lecture, made.worker(n), size) for n, size in party.items()}
    waiting = {n: made.book(lecture, made.worker(n), n - 5, may_wait=True) for n in (6, 7, 8)}
    # 4 gives back two seats: the first of the line (1) is offered, the second (2) does not fit
    answers.cancel(booked[4].public_id, made.worker(4), house.now)
    # 5 is telephoned off too late: six more are free; 7 (2 people) and 8 (3 people) are offered
    house.clock.at = lecture.cancelling_closes_at + HOUR
    answers.cancel(booked[5].public_id, house.desk, house.now, "来电说来不了")
    answers.accept_offer(waiting[7].public_id, made.worker(7), house.now)
    answers.cancel(waiting[8].public_id, made.worker(8), house.now)
    offered = numbers(house, lecture)
    assert (offered.booked, offered.kept_for_offers, offered.waiting) == (14, 1, 0)
    house.clock.at = lecture.booking_closes_at
    assert due.end_offer(house.booking(waiting[6]).id, house.now)
    house.clock.at = lecture.starts_at
    house.let_in(booked[1])
    house.let_in(booked[2], people=3)
    scans = [Scan(made.key(), people=7), Scan(made.key(), people=-1)]
    door.take_scans(lecture.public_id, scans, house.desk, house.now)
    house.clock.at = lecture.ends_at
    after.say(booked[1].public_id, USEFUL, made.worker(1), house.now)
    after.say(booked[2].public_id, Said("partly"), made.worker(2), house.now)
    assert numbers(house, lecture) == Numbers(
        seats=20,
        booked=5 + 4 + 3 + 2,
        bookings=4,
        kept_for_offers=0,
        waiting=0,
        waiting_bookings=0,
        cancelled=2 + 6 + 3,
        cancelled_late=6,
        came=5 + 3,
        walk_ins=6,
        missed=(4 - 3) + 3 + 2,
        useful=1,
        partly=1,
        not_useful=0,
    )
    assert numbers(house, lecture).listeners == 14


def test_other_lectures_do_not_count(house: House) -> None:
    lecture, other = made.published(house.desk), made.published(house.desk)
    made.book(other, made.worker(1), 9)
    assert numbers(house, lecture).booked == 0


def test_who_is_in_the_room_cannot_give_the_seat_back(house: House) -> None:
    start = made.plan(house.now).starts_at
    lecture = made.published(house.desk, booking_closes_at=start, cancelling_closes_at=start)
    booked = made.book(lecture, made.worker(1))
    house.clock.at = start - HOUR / 2
    house.let_in(booked)
    values = (booked.public_id, made.worker(1), house.now)
    assert house.refused(Conflict, answers.cancel, *values).code == "there"
    assert numbers(house, lecture).missed == 0


def test_a_cancelled_lecture_keeps_its_numbers(house: House) -> None:
    lecture = made.published(house.desk)
    made.book(lecture, made.worker(1), 3)
    publishing.cancel_lecture(lecture.public_id, lecture.version, "停电", house.desk, house.now)
    assert numbers(house, lecture).booked == 3


def test_nobody_speaks_for_another_not_even_staff(house: House) -> None:
    _, (booked,) = attended(house, 1)
    for actor in (house.desk, house.staff("head"), made.worker(2)):
        house.refused(NotFound, after.say, booked.public_id, USEFUL, actor, house.now)


def test_whoever_was_scanned_without_network_is_asked_when_the_scan_arrives(house: House) -> None:
    lecture = made.published(house.desk)
    booked = made.book(lecture, made.worker(1))
    house.clock.at = lecture.ends_at
    assert due.ask_how_it_was(lecture.id, house.now)
    assert house.messages("lecture_feedback") == []
    for people in (None, 1):
        house.let_in(booked, people)
    assert len(house.messages("lecture_feedback")) == 1


# --- what others may read is checked by WeChat first


@pytest.mark.parametrize(
    ("state", "code"),
    [("waiting", "being_checked"), ("risky", "risky"), ("pass", None), ("review", None)],
)
def test_words_are_shown_once_wechat_has_looked_and_not_said_no(
    house: House, state: str, code: str | None
) -> None:
    _, (booked,) = attended(house, 1)
    has_openid(made.account(1))
    row = after.say(booked.public_id, USEFUL, made.worker(1), house.now)
    check = db.session.scalars(sa.select(ContentCheck)).one()
    assert (check.subject, check.content, check.state) == (
        f"lecture_words:{row.id}",
        "讲得明白",
        "waiting",
    )
    decide(check, state)
    if code is not None:
        values = (row.public_id, True, house.desk, house.now)
        assert house.refused(Conflict, after.show, *values).code == code
        return
    assert after.show(row.public_id, True, house.desk, house.now).shown_at == house.now


def test_what_nobody_else_will_see_is_sent_to_nobody(house: House) -> None:
    _, (booked,) = attended(house, 1)
    has_openid(made.account(1))
    after.say(booked.public_id, Said("partly", "只给你们看"), made.worker(1), house.now)
    assert db.session.scalars(sa.select(ContentCheck)).all() == []


@one_transaction
def has_openid(worker_id: int) -> None:
    """The worker came through the mini-program."""
    db.session.get_one(Worker, worker_id).openid = "o-listener"


@one_transaction
def decide(check: ContentCheck, state: str) -> None:
    """WeChat's verdict."""
    values = {"state": state} | ({} if state == "waiting" else {"next_try_at": None})
    db.session.execute(sa.update(ContentCheck).where(ContentCheck.id == check.id).values(**values))


def test_who_booked_a_lecture_without_a_door_may_say_how_it_was(house: House) -> None:
    lecture = made.published(house.desk, place="", online="公众号里点“直播”")
    booked, left = made.book(lecture, made.worker(1)), made.book(lecture, made.worker(2))
    assert "预约码" not in house.messages("lecture_booked")[0].text
    answers.cancel(left.public_id, made.worker(2), house.now)
    house.clock.at = lecture.ends_at
    assert due.ask_how_it_was(lecture.id, house.now)
    assert len(house.messages("lecture_feedback")) == 1
    assert after.say(booked.public_id, USEFUL, made.worker(1), house.now).verdict == "useful"
    values = (left.public_id, USEFUL, made.worker(2), house.now)
    assert house.refused(Conflict, after.say, *values).code == "not_there"
