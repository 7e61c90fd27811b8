"""The statutory clocks have the lengths of their articles, and old cases keep their version."""

from datetime import UTC, date, datetime

import pytest

from backend.law.articles import CITATIONS
from backend.law.deadlines import (
    CLOCKS,
    DeadlineError,
    Pause,
    by_version,
    clock,
    due,
    is_due_soon,
)
from backend.law.policy import DEFAULT_POLICY, Policy

# key: (length, unit, citation), read by hand from the articles.
EXPECTED = {
    "accept": (5, "working_day", "《广东省劳动保障监察条例》第三十九条第二款"),
    "investigate": (45, "working_day", "《广东省劳动保障监察条例》第四十四条第一款"),
    "report_file": (5, "working_day", "《广东省劳动保障监察条例》第三十二条"),
    "report_transfer": (5, "working_day", "《广东省劳动保障监察条例》第三十三条"),
    "discover_file": (5, "working_day", "《广东省劳动保障监察条例》第三十二条"),
    "suspension_notice": (3, "working_day", "《广东省劳动保障监察条例》第四十五条第二款"),
    "serve": (7, "working_day", "《广东省劳动保障监察条例》第四十七条第一款"),
    "public_service": (60, "calendar_day", "《广东省劳动保障监察条例》第四十七条第二款"),
    "public_service_short": (3, "calendar_day", "《广东省劳动保障监察条例》第四十七条第二款"),
    "report_superior": (10, "calendar_day", "《广东省劳动保障监察条例》第四十八条"),
    "hearing_request": (5, "working_day", "《中华人民共和国行政处罚法》第六十四条"),
    "demand_wait": (10, "working_day", "《中华人民共和国行政强制法》第五十四条"),
    "enforce_apply": (3, "month", "《中华人民共和国行政强制法》第五十三条"),
    "arbitration_limit": (1, "year", "《中华人民共和国劳动争议调解仲裁法》第二十七条"),
    "complain_limit": (2, "year", "《劳动保障监察条例》第二十条"),
    "reconsider_limit": (60, "calendar_day", "《中华人民共和国行政复议法》第二十条"),
    "sue_limit": (6, "month", "《中华人民共和国行政诉讼法》第四十六条"),
}


def test_every_clock_has_the_length_unit_and_article_of_the_law() -> None:
    got = {k: (d.n, d.unit.value, CITATIONS[d.article].title) for k, d in CLOCKS.items()}
    assert got == EXPECTED


def test_a_complaint_received_before_national_day_is_answered_by_the_makeup_saturday() -> None:
    assert due("accept", date(2026, 9, 28)).due == date(2026, 10, 10)


def test_an_investigation_is_extended_once_by_thirty_working_days() -> None:
    assert due("investigate", date(2026, 1, 5), extensions=1).due == date(2026, 4, 27)
    with pytest.raises(DeadlineError, match="1 times"):
        due("investigate", date(2026, 1, 5), extensions=2)
    with pytest.raises(DeadlineError, match="0 times"):
        due("accept", date(2026, 1, 5), extensions=1)


def test_a_pause_moves_the_end_of_an_investigation() -> None:
    pause = Pause(date(2026, 4, 20), date(2026, 5, 8))
    assert due("investigate", date(2026, 4, 1), pauses=[pause]).due == date(2026, 6, 25)


def test_ten_days_of_demand_are_working_days() -> None:
    assert due("demand_wait", date(2026, 9, 28)).due == date(2026, 10, 16)


def test_a_case_finds_its_limit_by_the_version_it_stored() -> None:
    limit = by_version("accept@2019-05-21")
    assert limit is clock("accept")
    assert due("accept", date(2026, 9, 28), version=limit.version).due == date(2026, 10, 10)


def test_unknown_limits_and_foreign_versions_are_refused() -> None:
    with pytest.raises(DeadlineError, match="no statutory limit is called"):
        due("nothing", date(2026, 1, 5))
    with pytest.raises(DeadlineError, match="has the version"):
        by_version("accept@1900-01-01")
    with pytest.raises(DeadlineError, match="not a version of"):
        due("accept", date(2026, 1, 5), version="serve@2019-05-21")


def test_a_limit_is_due_soon_from_three_working_days_before_until_it_is_past() -> None:
    due_on = date(2026, 10, 10)
    soon = [date(2026, 9, 30), date(2026, 10, 7), date(2026, 10, 10)]
    assert all(DEFAULT_POLICY.is_due_soon(due_on, today) for today in soon)
    assert not DEFAULT_POLICY.is_due_soon(due_on, date(2026, 9, 29))
    assert not DEFAULT_POLICY.is_due_soon(due_on, date(2026, 10, 11))
    assert is_due_soon(due_on, date(2026, 9, 29), within=4)


def test_the_windows_of_the_bureau_run_from_their_event() -> None:
    asked_at = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert DEFAULT_POLICY.withdraw_effective_at(asked_at) == asked_at.replace(day=24)
    assert DEFAULT_POLICY.not_paid_until(date(2026, 11, 1)) == date(2026, 12, 1)
    assert DEFAULT_POLICY.draft_kept_until(date(2026, 11, 1)) == date(2026, 12, 1)
    assert DEFAULT_POLICY.correction_reminder_on(date(2026, 11, 2)) == date(2026, 11, 9)


@pytest.mark.parametrize("length", [0, -1, True, 1.5])
def test_a_window_without_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Policy(not_paid_days=length)
