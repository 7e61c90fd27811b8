"""Making lectures: one, or a year of them; each fault of a plan is named with its field."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.errors import BadInput, Problem
from backend.lectures.models import Lecture
from backend.lectures.service import making, publishing
from backend.lectures.service.plan import check
from tests.backend.lectures.house import House, house
from tests.factories import lectures as made

__all__ = ["house"]

HOUR = made.HOUR


def fields(error: Problem) -> list[str]:
    """Which fields a refusal names; each with words that begin in Chinese."""
    assert all("\u4e00" <= found["message"][0] <= "\u9fff" for found in error.errors)
    return [found["field"] for found in error.errors]


# --- making


def test_a_draft_holds_what_was_filled_in_and_stands_in_the_record(house: House) -> None:
    plan = made.plan(house.now, audiences=["riders", "students"], online="https://live.example/1")
    row = making.make(plan, made.key(), house.desk, house.now)
    assert row.state == "draft" and (row.revision, row.version) == (1, 1)
    assert {name: getattr(row, name) for name in plan.columns()} == plan.columns()
    assert house.acts(f"lecture:{row.id}") == ["make_lecture"] and house.messages() == []


def test_the_same_key_makes_one_lecture_and_another_persons_key_is_another(house: House) -> None:
    key, plan = made.key(), made.plan(house.now)
    first = making.make(plan, key, house.desk, house.now)
    with house.nothing_changes():
        assert making.make(plan, key, house.desk, house.now).id == first.id
    assert making.make(plan, key, house.staff("head"), house.now).id != first.id


TEXT_FAULTS = [
    ({"title": ""}, ["title"]),
    ({"title": "  \n"}, ["title"]),
    ({"title": "长" * 61}, ["title"]),
    ({"theme": ""}, ["theme"]),
    ({"theme": "长" * 61}, ["theme"]),
    ({"speaker": ""}, ["speaker"]),
    ({"speaker": "长" * 61}, ["speaker"]),
    ({"about": "长" * 1001}, ["about"]),
    ({"place": "长" * 101}, ["place"]),
    ({"address": "长" * 201}, ["address"]),
    ({"online": "长" * 301}, ["online"]),
    ({"form": "party"}, ["form"]),
    ({"audiences": []}, ["audiences"]),
    ({"audiences": ["riders", "cats"]}, ["audiences"]),
    ({"seats": 0}, ["seats"]),
    ({"seats": 5001}, ["seats"]),
    ({"place": "", "online": None}, ["place"]),
    ({"place": " ", "online": " "}, ["place"]),
    ({"latitude": 22.5}, ["latitude"]),
    ({"longitude": 113.0}, ["latitude"]),
    ({"latitude": 90.1, "longitude": 0.0}, ["latitude"]),
    ({"latitude": float("nan"), "longitude": 0.0}, ["latitude"]),
    ({"latitude": 0.0, "longitude": -180.1}, ["longitude"]),
    ({"map_url": "http://map.example/1"}, ["map_url"]),
    ({"map_url": "javascript:alert(1)"}, ["map_url"]),
    ({"map_url": "https://"}, ["map_url"]),
    ({"map_url": "https://["}, ["map_url"]),
    ({"map_url": "https://map.example/" + "a" * 490}, ["map_url"]),
    ({"title": "", "seats": 0, "form": ""}, ["title", "form", "seats"]),
]


@pytest.mark.parametrize(("changes", "named"), TEXT_FAULTS, ids=str)
def test_each_fault_of_a_plan_is_named_with_its_field(
    house: House, changes: dict[str, Any], named: list[str]
) -> None:
    plan = made.plan(house.now, **changes)
    error = house.refused(BadInput, making.make, plan, made.key(), house.desk, house.now)
    assert fields(error) == named


@pytest.mark.parametrize(
    ("of", "hours", "named"),
    [
        ("ends_at", 0, ["ends_at"]),
        ("ends_at", -1, ["ends_at"]),
        ("ends_at", 12.01, ["ends_at"]),
        ("booking_closes_at", 0.01, ["booking_closes_at"]),
        ("cancelling_closes_at", 0.01, ["cancelling_closes_at"]),
    ],
)
def test_times_that_cannot_be_are_named(
    house: House, of: str, hours: float, named: list[str]
) -> None:
    good = made.plan(house.now)
    plan = made.plan(house.now, **{of: good.starts_at + HOUR * hours})
    error = house.refused(BadInput, making.make, plan, made.key(), house.desk, house.now)
    assert fields(error) == named


def test_the_limits_themselves_are_allowed(house: House) -> None:
    start = made.plan(house.now).starts_at
    check(
        made.plan(
            house.now,
            title="长" * 60,
            about="长" * 1000,
            place="长" * 100,
            address="长" * 200,
            online="长" * 300,
            seats=5000,
            ends_at=start + HOUR * 12,
            booking_closes_at=start,
            cancelling_closes_at=start,
            latitude=-90.0,
            longitude=180.0,
            map_url="https://map.example/?q=22.5,113.0",
        )
    )
    check(made.plan(house.now, place="", online="腾讯会议 123 456 789"))


# --- a year at once


def series(**changes: Any) -> making.Series:
    """Every second Thursday of 2026, the months named one to twelve."""
    values: dict[str, Any] = {
        "year": 2026,
        "week": 2,
        "weekday": 3,
        "themes": [f"主题{n}" for n in range(1, 13)],
    }
    return making.Series(**(values | changes))


def make_year(house: House, key: str | None = None, **changes: Any) -> list[Lecture]:
    """A year of drafts."""
    plan = made.plan(house.now)
    key = key or made.key()
    return making.make_series(plan, series(**changes), key, house.desk, house.now)


def test_a_year_has_twelve_days_each_with_its_months_theme(house: House) -> None:
    rows = make_year(house, year=2027)
    assert [row.title for row in rows] == [f"主题{n}" for n in range(1, 13)]
    assert [row.theme for row in rows] == [row.title for row in rows]
    plan = made.plan(house.now)
    for month, row in enumerate(rows, start=1):
        local = row.starts_at.astimezone(making.SHANGHAI)
        assert (local.year, local.month, local.weekday()) == (2027, month, 3)
        assert local.time() == plan.starts_at.astimezone(making.SHANGHAI).time()
        assert row.starts_at - row.booking_closes_at == plan.starts_at - plan.booking_closes_at
        assert row.ends_at - row.starts_at == plan.ends_at - plan.starts_at
        assert row.state == "draft" and row.seats == plan.seats
    assert len({row.series for row in rows}) == 1 and rows[0].series


def test_months_that_have_passed_are_left_out(house: House) -> None:
    # it is the 23rd of November: its second Thursday was the 12th
    assert [row.title for row in make_year(house)] == ["主题12"]
    error = house.refused(BadInput, lambda: make_year(house, year=2025))
    assert fields(error) == ["year"]


def test_a_holiday_moves_to_the_week_after(house: House) -> None:
    house.clock.at -= HOUR * 24 * 365  # 2025-11-23, before the year begins
    rows = make_year(house, week=1)
    days = [f"{row.starts_at.astimezone(making.SHANGHAI):%m-%d}" for row in rows]
    assert days == [
        "01-08", "02-05", "03-05", "04-02", "05-07", "06-04",
        "07-02", "08-06", "09-03", "10-08", "11-05", "12-03",
    ]  # fmt: skip


def test_each_lecture_of_a_year_is_edited_on_its_own(house: House) -> None:
    first, second = make_year(house, year=2027)[:2]
    plan = made.plan(house.now, title="换个题目")
    publishing.edit(first.public_id, first.version, plan, house.desk, house.now)
    assert house.fresh(first).title == "换个题目"
    assert house.fresh(second).title == "主题2" and house.fresh(second).version == 1


def test_the_same_key_makes_one_year(house: House) -> None:
    key = made.key()
    first = make_year(house, key, year=2027)
    with house.nothing_changes():
        assert [row.id for row in make_year(house, key, year=2027)] == [row.id for row in first]


def test_the_key_of_a_single_lecture_is_not_that_of_a_year(house: House) -> None:
    key = made.key()
    single = making.make(made.plan(house.now), key, house.desk, house.now)
    rows = make_year(house, key, year=2027)
    assert len(rows) == 12 and single.id not in {row.id for row in rows}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"week": 0}, "week"),
        ({"week": 5}, "week"),
        ({"weekday": 7}, "week"),
        ({"weekday": -1}, "week"),
        ({"themes": ["一"] * 11}, "themes"),
        ({"themes": ["一"] * 13}, "themes"),
        ({"themes": ["一"] * 11 + [" "]}, "themes"),
        ({"themes": ["一"] * 11 + ["长" * 61]}, "themes"),
        ({"year": 0}, "year"),
        ({"year": 9999}, "year"),
        ({"year": 2029}, "year"),
    ],
    ids=str,
)
def test_a_year_that_cannot_be_is_refused_whole(
    house: House, changes: dict[str, Any], named: str
) -> None:
    error = house.refused(BadInput, lambda: make_year(house, **({"year": 2027} | changes)))
    assert fields(error) == [named]
