"""The calendar file: RFC 5545, read back by a small parser of its own."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import hypothesis.strategies as st
import pytest
from apiflask import APIFlask
from hypothesis import HealthCheck, given, settings

from backend.lectures.models import Lecture
from backend.lectures.service import ics, publishing
from tests.backend.lectures.house import House, house
from tests.clock import START
from tests.factories import lectures as made

__all__ = ["house"]

TYPED = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200)
LINES = st.lists(TYPED, max_size=4).map("\n".join)


def lecture_of(**changes: Any) -> Lecture:
    """A lecture that no database knows."""
    values = made.plan(START, **changes).columns()
    return Lecture(public_id="a" * 16, state="published", revision=1, **values)


def unfolded(text: str) -> list[str]:
    """Content lines: a line break followed by a space is none (RFC 5545 3.1)."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    return text[:-2].replace("\r\n ", "").split("\r\n")


def parsed(text: str) -> dict[str, str]:
    """Names and values, the values of texts with their escapes undone (RFC 5545 3.3.11)."""
    found = {}
    for line in unfolded(text):
        match = re.fullmatch(r'([A-Z-]+)((?:;[A-Z]+=(?:"[^"]*"|[^";:,]*))*):(.*)', line, re.DOTALL)
        assert match is not None, line
        name, parameters, value = match.groups()
        if name in ("SUMMARY", "LOCATION"):
            assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", value), "a bare separator"
            value = re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)
        found[name] = f"{parameters[1:]}:{value}" if parameters else value
    return found


@pytest.mark.usefixtures("in_app")
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=LINES, place=LINES, address=LINES)
def test_whatever_is_typed_comes_back_and_no_line_is_longer_than_75_bytes(
    title: str, place: str, address: str
) -> None:
    lecture = lecture_of(title=title, place=place, address=address)
    text = ics.calendar_of(lecture, START)
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # a cut inside a character would not decode
    found = parsed(text)
    assert found["SUMMARY"] == title
    where = place or "在线听"
    assert found["LOCATION"] == (f"{where}，{address}" if address else where)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400))
def test_folding_loses_nothing_and_begins_every_further_line_with_a_space(line: str) -> None:
    first, *others = ics._folded(line)
    assert all(part.startswith(" ") for part in others)
    assert first + "".join(part[1:] for part in others) == line
    # as few lines as there can be: none could have taken the next character
    for part, following in zip([first, *others], others, strict=False):
        assert len(part.encode()) + len(following[1].encode()) > 75


@pytest.mark.parametrize("typed", ["a\r\nb", "a\nb", "a\rb"])
@pytest.mark.usefixtures("in_app")
def test_every_kind_of_line_break_is_one(typed: str) -> None:
    assert parsed(ics.calendar_of(lecture_of(title=typed), START))["SUMMARY"] == "a\nb"


def test_the_moments_are_those_of_the_lecture_in_utc(in_app: APIFlask) -> None:
    lecture = lecture_of()
    found = parsed(ics.calendar_of(lecture, START))

    def read(text: str) -> datetime:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    assert read(found["DTSTART"]) == lecture.starts_at
    assert read(found["DTEND"]) == lecture.ends_at
    assert read(found["DTSTAMP"]) == START
    assert (found["VERSION"], found["METHOD"], found["STATUS"]) == ("2.0", "PUBLISH", "CONFIRMED")
    assert found["ORGANIZER"] == 'CN="示例人社局":invalid:nomail'


def test_online_only_says_so_and_the_way_in_stays_with_those_who_booked(
    in_app: APIFlask,
) -> None:
    text = ics.calendar_of(lecture_of(place="", online="https://live.example/geheim"), START)
    assert parsed(text)["LOCATION"] == "在线听" and "geheim" not in text


def test_the_uid_stays_and_the_sequence_grows_with_a_change_and_a_calling_off(
    house: House,
) -> None:
    lecture = made.published(house.desk)

    def now() -> dict[str, str]:
        return parsed(ics.calendar_of(house.fresh(lecture), house.now))

    seen = [now()]
    for place in ("少年宫", "图书馆"):
        version = house.fresh(lecture).version
        plan = made.plan(house.now, place=place)
        publishing.change(lecture.public_id, version, plan, "", house.desk, house.now)
        seen.append(now())
    version = house.fresh(lecture).version
    publishing.cancel_lecture(lecture.public_id, version, "停电", house.desk, house.now)
    seen.append(now())
    assert {found["UID"] for found in seen} == {f"lecture-{lecture.public_id}@xinhu"}
    assert [found["SEQUENCE"] for found in seen] == ["0", "1", "2", "3"]
    assert [found["METHOD"] for found in seen] == ["PUBLISH"] * 3 + ["CANCEL"]
    assert (seen[-1]["STATUS"], seen[1]["LOCATION"]) == ("CANCELLED", "少年宫")
