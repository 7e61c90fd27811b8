"""The door: every result a scan can have, each scan once, and two phones that merge."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.audit.models import AuditEvent
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import Forbidden, NotFound, Unavailable
from backend.identity.models import Worker
from backend.lectures.models import Booking, DoorScan, Lecture
from backend.lectures.service import answers, booking, codes, door, exporting, publishing
from backend.lectures.service.booking import Booked
from backend.lectures.service.door import Scan
from backend.lectures.service.door_words import Result
from tests.clock import HeldClock
from tests.factories import identity as people
from tests.factories import lectures as made


@pytest.fixture
def desk(in_app: APIFlask) -> Actor:
    """Whoever stands at the door."""
    return made.organiser()


@pytest.fixture
def lecture(desk: Actor) -> Lecture:
    """A lecture that begins in 26 hours."""
    return made.published(desk, in_hours=26 + 24)


def at_door(lecture: Lecture, clock: HeldClock) -> None:
    """Go to the moment the lecture begins."""
    clock.set(row(lecture).starts_at)


def row(lecture: Lecture) -> Lecture:
    """The lecture in the database now."""
    query = sa.select(Lecture).where(Lecture.id == lecture.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def row_of(booked: Booked) -> Booking:
    """The booking in the database now."""
    query = sa.select(Booking).where(Booking.public_id == booked.public_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def code(booked: Booked) -> str:
    """What the person shows."""
    return codes.code_of(booked.public_id)


def take(lecture: Lecture, actor: Actor, clock: HeldClock, *scans: Scan) -> list[Result]:
    """Send scans now."""
    return door.take_scans(lecture.public_id, scans, actor, clock.now())


def kept() -> list[tuple[str, int]]:
    """Result and people of every scan that was kept, oldest first."""
    query = sa.select(DoorScan.result, DoorScan.people).order_by(DoorScan.id)
    return [(result, count) for result, count in db.session.execute(query)]


def test_a_scanned_group_is_let_in_whole_and_recorded(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    booked = made.book(lecture, made.worker(), 12)
    at_door(lecture, clock)
    (result,) = take(lecture, desk, clock, Scan(made.key(), code=code(booked)))
    assert (result.result, result.title) == ("in", "到了 12 人")
    assert (result.number, result.party, result.attended) == (f"B-{row_of(booked).id}", 12, 12)
    assert row_of(booked).attended_at == clock.now()
    assert kept() == [("in", 12)]
    acts = sa.select(AuditEvent.act).where(AuditEvent.chain == f"booking:{row_of(booked).id}")
    assert list(db.session.scalars(acts))[-1] == "check_in"


def test_a_second_scan_says_when_the_first_was_and_changes_nothing(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    booked = made.book(lecture, made.worker(), 3)
    at_door(lecture, clock)
    take(lecture, desk, clock, Scan(made.key(), code=code(booked), people=2))
    first = row_of(booked).attended_at
    clock.advance(minutes=21)
    (result,) = take(lecture, desk, clock, Scan(made.key(), code=code(booked)))
    assert (result.result, result.title) == ("again", "12:00 已经签过")
    assert result.words == "这个码 12:00 已经签过，到了 2 人。"
    assert result.first_at == first and row_of(booked).attended == 2


def test_a_first_scan_of_another_day_is_named_with_its_day(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    booked = made.book(lecture, made.worker())
    take(lecture, desk, clock, Scan(made.key(), code=code(booked)))
    at_door(lecture, clock)
    (result,) = take(lecture, desk, clock, Scan(made.key(), code=code(booked)))
    assert result.title == "11月23日 周一 10:00 已经签过"


@pytest.mark.parametrize("change", ["signature", "id", "form"])
def test_a_forged_code_lets_nobody_in(
    desk: Actor, lecture: Lecture, clock: HeldClock, change: str
) -> None:
    true = code(made.book(lecture, made.worker()))
    flipped = "0" if true[-1] != "0" else "1"
    other = "z" if true[3] != "z" else "y"
    forged = {
        "signature": true[:-1] + flipped,
        "id": true[:3] + other + true[4:],
        "form": "XH2" + true[3:],
    }[change]
    (result,) = take(lecture, desk, clock, Scan(made.key(), code=forged))
    assert (result.result, result.title, result.number) == ("forged", "不是我们的码", "")
    assert kept() == [("forged", 0)]


def test_a_code_of_another_lecture_says_which_and_names_nobody(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    other = made.published(desk)
    booked = made.book(other, made.worker())
    (result,) = take(lecture, desk, clock, Scan(made.key(), code=code(booked)))
    assert (result.result, result.title) == ("other_lecture", "别的场次")
    assert result.words == "这个码是 12月3日 周四 10:00 那一场的。"
    assert (result.booking_id, result.number, result.party) == ("", "", 0)
    assert row_of(booked).attended == 0


def test_a_cancelled_booking_is_not_let_in(desk: Actor, lecture: Lecture, clock: HeldClock) -> None:
    who = made.worker()
    booked = made.book(lecture, who)
    answers.cancel(booked.public_id, who, clock.now())
    (result,) = take(lecture, desk, clock, Scan(made.key(), code=code(booked)))
    assert (result.result, result.title) == ("not_booked", "已取消")
    assert row_of(booked).attended == 0


def test_somebody_still_in_line_is_not_let_in(desk: Actor, clock: HeldClock) -> None:
    full = made.published(desk, seats=1)
    made.book(full, made.worker(1))
    booked = made.book(full, made.worker(2), may_wait=True)
    (result,) = take(full, desk, clock, Scan(made.key(), code=code(booked)))
    assert (result.result, result.title) == ("not_booked", "没约上")
    assert result.words == "这个预约还在排队。"


def test_fewer_people_of_a_group_are_counted_and_never_more_than_booked(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    booked = made.book(lecture, made.worker(), 12)
    ways = {"booking_id": booked.public_id}
    assert take(lecture, desk, clock, Scan(made.key(), **ways))[0].attended == 12
    clock.advance(minutes=1)
    fewer = take(lecture, desk, clock, Scan(made.key(), **ways, people=9))[0]
    assert (fewer.result, fewer.title) == ("in", "到了 9 人")
    clock.advance(minutes=1)
    assert take(lecture, desk, clock, Scan(made.key(), **ways, people=40))[0].attended == 12


def test_a_wrong_tap_is_taken_back(desk: Actor, lecture: Lecture, clock: HeldClock) -> None:
    booked = made.book(lecture, made.worker(), 2)
    take(lecture, desk, clock, Scan(made.key(), booking_id=booked.public_id))
    clock.advance(seconds=5)
    back = take(lecture, desk, clock, Scan(made.key(), booking_id=booked.public_id, people=0))[0]
    assert (back.title, back.attended, back.first_at) == ("撤回了", 0, None)
    assert (row_of(booked).attended, row_of(booked).attended_at) == (0, None)
    clock.advance(seconds=5)
    assert take(lecture, desk, clock, Scan(made.key(), code=code(booked)))[0].result == "in"


def test_walk_ins_are_counted_and_never_fall_below_zero(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    steps = [Scan(made.key(), people=count) for count in (3, -1, -9, 1)]
    results = take(lecture, desk, clock, *steps)
    assert [result.attended for result in results] == [3, 2, 0, 1]
    assert row(lecture).walk_ins == 1
    assert all(count >= 0 for _result, count in kept())


def test_walk_ins_stop_at_a_number_nobody_counts(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    take(lecture, desk, clock, Scan(made.key(), people=999), Scan(made.key(), people=999))
    assert row(lecture).walk_ins == door.MOST_WALK_INS


def test_sending_again_changes_nothing_and_answers_the_same(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    booked = made.book(lecture, made.worker(), 4)
    scans = [
        Scan(made.key(), code=code(booked)),
        Scan(made.key(), code=code(booked)),
        Scan(made.key(), people=2),
        Scan(made.key(), code="XH1" + "0" * 32),
    ]
    first = take(lecture, desk, clock, *scans)
    clock.advance(minutes=3)
    assert take(lecture, desk, clock, *scans) == first
    assert [result.result for result in first] == ["in", "again", "walk_in", "forged"]
    assert row(lecture).walk_ins == 2 and len(kept()) == 4


def test_one_key_twice_in_one_batch_counts_once(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    scan = Scan(made.key(), people=1)
    take(lecture, desk, clock, scan, scan)
    assert row(lecture).walk_ins == 1


@pytest.mark.parametrize(
    ("age_s", "minutes"),
    [(0, 0), (300, -5), (3600, -60), (-500, 0), (7 * 3600, -180), (float("inf"), -180)],
)
def test_a_late_scan_stands_at_its_own_moment_whatever_the_phones_clock_says(
    desk: Actor, lecture: Lecture, clock: HeldClock, age_s: float, minutes: int
) -> None:
    booked = made.book(lecture, made.worker())
    at_door(lecture, clock)
    take(lecture, desk, clock, Scan(made.key(), code=code(booked), age_s=age_s))
    assert row_of(booked).attended_at == clock.now() + timedelta(minutes=minutes)


def test_scans_that_come_two_days_late_stand_at_the_time_of_the_lecture(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    booked = made.book(lecture, made.worker())
    at_door(lecture, clock)
    begin = clock.now()
    clock.advance(hours=47)
    (result,) = take(lecture, desk, clock, Scan(made.key(), code=code(booked), age_s=47 * 3600))
    assert result.result == "in" and row_of(booked).attended_at == begin


def test_a_cancelled_lecture_answers_every_scan_and_keeps_none(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    booked = made.book(lecture, made.worker())
    early = Scan(made.key(), people=1)
    take(lecture, desk, clock, early)
    current = row(lecture)
    publishing.cancel_lecture(current.public_id, current.version, "讲师病了", desk, clock.now())
    scans = [Scan(made.key(), code=code(booked)), Scan(made.key(), people=1), early]
    results = take(lecture, desk, clock, *scans)
    assert [result.result for result in results] == ["closed", "closed", "walk_in"]
    assert kept() == [("walk_in", 1)]


def test_one_bad_scan_stops_none_of_the_others(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    one, two = made.book(lecture, made.worker(1)), made.book(lecture, made.worker(2))
    scans = [
        Scan(made.key(), code=code(one)),
        Scan(made.key(), code="\x00\u202e" + "垃圾" * 400),
        Scan(made.key(), booking_id="0" * 16),
        Scan(made.key(), code=code(two)),
    ]
    assert [r.result for r in take(lecture, desk, clock, *scans)] == [
        "in",
        "forged",
        "forged",
        "in",
    ]


def test_a_busy_database_gives_back_what_was_not_taken(
    desk: Actor, lecture: Lecture, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = door._take, []

    def sometimes(lecture_id: int, scan: Scan, *rest: object) -> Result:
        calls.append(scan.key)
        if len(calls) == 2:
            raise Unavailable("现在办理的人太多。", code="busy")
        return real(lecture_id, scan, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(door, "_take", sometimes)
    scans = [Scan(made.key(), people=1) for _ in range(4)]
    results = take(lecture, desk, clock, *scans)
    assert [result.result for result in results] == ["walk_in", "later", "later", "later"]
    assert [result.key for result in results] == [scan.key for scan in scans]
    assert len(calls) == 2 and row(lecture).walk_ins == 1


def test_two_phones_at_one_door_merge_and_the_later_one_hears_when_it_was(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    """Phone one had no network for five minutes; phone two scanned the same code meanwhile."""
    other = made.organiser()
    booked = made.book(lecture, made.worker(), 5)
    at_door(lecture, clock)
    clock.advance(minutes=2)
    take(lecture, other, clock, Scan(made.key(), code=code(booked), people=4))
    clock.advance(minutes=3)
    late = Scan(made.key(), code=code(booked), age_s=300)
    (result,) = take(lecture, desk, clock, late)
    assert (result.result, result.title, result.attended) == ("again", "12:02 已经签过", 4)
    _lecture, came = door.came(lecture.public_id, desk)
    assert [(row.booking_id, row.attended) for row in came] == [(booked.public_id, 4)]


def test_a_count_put_right_is_not_undone_by_an_older_one_that_arrives_later(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    booked = made.book(lecture, made.worker(), 12)
    at_door(lecture, clock)
    clock.advance(minutes=5)
    ways = {"booking_id": booked.public_id}
    take(lecture, desk, clock, Scan(made.key(), **ways, people=10))
    (old,) = take(lecture, desk, clock, Scan(made.key(), **ways, people=8, age_s=240))
    assert (old.result, old.attended) == ("again", 10)
    assert row_of(booked).attended == 10


def test_a_correction_right_after_the_scan_counts_however_slow_the_network_was(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    booked = made.book(lecture, made.worker(), 12)
    at_door(lecture, clock)
    ways = {"booking_id": booked.public_id}
    take(lecture, desk, clock, Scan(made.key(), **ways, age_s=0.1))
    (result,) = take(lecture, desk, clock, Scan(made.key(), **ways, people=9, age_s=8))
    assert (result.result, result.attended) == ("in", 9)


def test_the_list_masks_names_and_its_reading_is_recorded(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    wish = booking.Wish(2, made.key(), name="陈国明", org_name="示例骑手驿站", phone="13800001234")
    booked = booking.book(lecture.public_id, wish, desk, clock.now())
    _lecture, (expected,) = door.door_list(lecture.public_id, desk, clock.now())
    assert (expected.name, expected.phone_tail, expected.party) == ("陈*明", "1234", 2)
    assert "13800001234" not in repr(expected) and "陈国明" not in repr(expected)
    assert booked.public_id == expected.booking_id
    event = AuditEvent.query.filter_by(act="door_list_read").one()
    assert event.chain == f"staff:{desk.id}" and event.detail["bookings"] == 1


def test_whoever_booked_on_their_own_phone_is_found_by_the_one_they_proved(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    by_phone, unproved = made.worker(1271), made.worker(1272)
    Worker.query.filter_by(id=unproved.id).update({"phone_verified_at": None})
    db.session.commit()
    made.book(lecture, by_phone)
    made.book(lecture, unproved)
    _lecture, expected = door.door_list(lecture.public_id, desk, clock.now())
    assert [row.phone_tail for row in expected] == ["1271", ""]
    assert "13800001271" not in repr(expected)
    _lecture, on_paper = exporting.print_list(lecture.public_id, desk, clock.now())
    assert [row.phone_tail for row in on_paper] == ["1271", ""]


def test_codes_given_back_are_known_by_their_hash_alone(
    desk: Actor, lecture: Lecture, clock: HeldClock
) -> None:
    who = made.worker()
    booked = made.book(lecture, who)
    _lecture, (expected,) = door.door_list(lecture.public_id, desk, clock.now())
    assert door.given_back(lecture) == []
    answers.cancel(booked.public_id, who, clock.now())
    assert door.given_back(lecture) == [expected.code_hash]
    assert door.door_list(lecture.public_id, desk, clock.now())[1] == []


def test_only_those_of_the_door_read_the_list_or_take_scans(
    lecture: Lecture, clock: HeldClock
) -> None:
    clerk = people.make_staff("clerk")
    at_window = Actor("staff", clerk.id, clerk.name, frozenset({"clerk"}))
    assert take(lecture, at_window, clock, Scan(made.key(), people=1))[0].result == "walk_in"
    for actor in (made.worker(), Actor("staff", clerk.id, "", frozenset({"inspector"}))):
        with pytest.raises(Forbidden):
            door.door_list(lecture.public_id, actor, clock.now())
        with pytest.raises(Forbidden):
            take(lecture, actor, clock, Scan(made.key(), people=1))
        with pytest.raises(Forbidden):
            door.came(lecture.public_id, actor)


def test_a_lecture_that_is_not_there_is_not_found(desk: Actor, clock: HeldClock) -> None:
    with pytest.raises(NotFound):
        door.take_scans("0" * 16, [], desk, clock.now())
