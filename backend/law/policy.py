"""Windows the bureau sets itself: not law, so every one is a setting with its default here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.law.days import add_days, add_hours
from backend.law.deadlines import is_due_soon
from backend.law.workdays import Calendar


@dataclass(frozen=True)
class Policy:
    """Lengths marked [POLICY] in states.md; the bureau's legal section confirms each.

    ValueError when a length is not a whole number above zero.
    """

    not_paid_days: int = 30
    withdraw_cooling_hours: int = 24
    due_soon_working_days: int = 3
    draft_keep_days: int = 30
    correction_reminder_days: int = 7
    chat_keep_days: int = 180
    chat_facts_minutes: int = 30
    asked_often_days: int = 30
    answers_compared_days: int = 90
    review_ahead_days: int = 60
    review_every_days: int = 365
    phrasings_complete_days: int = 60

    def __post_init__(self) -> None:
        """Refuse a window of no length: it would fire at once or never."""
        for name, length in vars(self).items():
            if type(length) is not int or length <= 0:
                raise ValueError(f"{name} must be a whole number above zero, got {length!r}")

    def not_paid_until(self, closed_on: date) -> date:
        """Last day on which "not paid" opens a linked case after a closing."""
        return add_days(closed_on, self.not_paid_days)

    def withdraw_effective_at(self, asked_at: datetime) -> datetime:
        """Moment from which a withdrawal no officer has called about takes effect."""
        return add_hours(asked_at, self.withdraw_cooling_hours)

    def draft_kept_until(self, saved_on: date) -> date:
        """Last day on which a draft stays on the phone."""
        return add_days(saved_on, self.draft_keep_days)

    def correction_reminder_on(self, requested_on: date) -> date:
        """Day to remind of missing items; the law sets the worker no limit for them (粤监察39)."""
        return add_days(requested_on, self.correction_reminder_days)

    def chat_kept_since(self, now: datetime) -> datetime:
        """Conversations last used before this moment are deleted."""
        return add_hours(now, -24 * self.chat_keep_days)

    def chat_facts_since(self, now: datetime) -> datetime:
        """What was said in a chat before this moment is asked again."""
        return now - timedelta(minutes=self.chat_facts_minutes)

    def asked_often_since(self, now: datetime) -> datetime:
        """How often a question is asked is counted from this moment on."""
        return add_hours(now, -24 * self.asked_often_days)

    def answers_compared_since(self, now: datetime) -> datetime:
        """Questions from this moment on are asked again before an answer changes."""
        return add_hours(now, -24 * self.answers_compared_days)

    def review_ahead_until(self, today: date) -> date:
        """Entries to be reviewed by this day are listed already."""
        return add_days(today, self.review_ahead_days)

    def review_by_after(self, reviewed_on: date) -> date:
        """By when an entry is looked at again, unless whoever wrote it chooses another day."""
        return add_days(reviewed_on, self.review_every_days)

    def phrasings_complete_by(self, reviewed_on: date) -> date:
        """Last day on which an entry that staff wrote may still be asked for in few ways only."""
        return add_days(reviewed_on, self.phrasings_complete_days)

    def is_due_soon(self, due_on: date, today: date, calendar: Calendar | None = None) -> bool:
        """Whether a limit is close: not past, and few working days remain."""
        return is_due_soon(due_on, today, self.due_soon_working_days, calendar)


DEFAULT_POLICY = Policy()
