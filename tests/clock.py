"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

# a Monday, 10:00 in Shanghai, with no holiday near
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class HeldClock:
    """Stands in for backend.core.clock.now while a test runs."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        """The moment the test is at."""
        return self.at

    def set(self, at: datetime) -> datetime:
        """Go to a moment (aware)."""
        self.at = at.astimezone(UTC)
        return self.at

    def advance(self, **length: float) -> datetime:
        """Go on by days, hours, minutes or seconds; returns the new moment."""
        self.at += timedelta(**length)
        return self.at
