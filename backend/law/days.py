"""Days and moments in Shanghai: the only place that turns instants into dates and adds lengths."""

from datetime import UTC, date, datetime, time, timedelta, timezone

# China has kept +08:00 without summer time since 1991, so a fixed offset is exact for every date
# the service can meet and does not depend on the machine's time-zone files.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def local_date(at: datetime) -> date:
    """The Shanghai calendar day of the aware moment `at`; ValueError if it has no time zone."""
    if at.utcoffset() is None:
        raise ValueError("a moment needs a time zone; naive datetimes are refused")
    return at.astimezone(SHANGHAI).date()


def shanghai_today(now: datetime) -> date:
    """Today in Shanghai, given the aware moment `now`."""
    return local_date(now)


def start_of_day(on: date) -> datetime:
    """The UTC moment at which the Shanghai day `on` begins."""
    return datetime.combine(on, time.min, SHANGHAI).astimezone(UTC)


def end_of_day(on: date) -> datetime:
    """The UTC moment of 24:00 in Shanghai on `on` (民法典203): at or after it, `on` is over."""
    return start_of_day(add_days(on, 1))


def add_days(on: date, days: int) -> date:
    """The date `days` calendar days after `on` (before it, when negative)."""
    return on + timedelta(days=days)


def add_hours(at: datetime, hours: int) -> datetime:
    """The moment `hours` hours after `at`, in the time zone of `at`."""
    return at + timedelta(hours=hours)


def is_past(due: date, today: date) -> bool:
    """Whether the last day `due` is over; on the due day itself there is still time."""
    return today > due


def zh_date(on: date) -> str:
    """A date as our pages write it, with its weekday: 2026年10月10日（周六）."""
    return f"{on.year}年{on.month}月{on.day}日（{WEEKDAYS_ZH[on.weekday()]}）"
