"""Windows of lectures: the usual deadlines are fixed hours of the day before, in Shanghai."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.law.lecture_times import LectureTimes


@pytest.mark.parametrize(
    ("starts_at", "booking", "cancelling"),
    [
        # 14:30 in Shanghai
        ("2026-12-10T06:30", "2026-12-09T09:30", "2026-12-09T04:00"),
        # 07:00 in Shanghai is still the day before in UTC
        ("2026-12-09T23:00", "2026-12-09T09:30", "2026-12-09T04:00"),
        ("2027-01-01T00:30", "2026-12-31T09:30", "2026-12-31T04:00"),
    ],
)
def test_the_usual_deadlines_are_the_evening_and_the_noon_of_the_day_before(
    starts_at: str, booking: str, cancelling: str
) -> None:
    times, start = LectureTimes(), datetime.fromisoformat(starts_at).replace(tzinfo=UTC)
    assert f"{times.booking_closes_at(start).astimezone(UTC):%Y-%m-%dT%H:%M}" == booking
    assert f"{times.cancelling_closes_at(start).astimezone(UTC):%Y-%m-%dT%H:%M}" == cancelling
