"""The statutory public holidays of any year, from 全国年节及纪念日放假办法 article 2."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

_FESTIVALS_FILE = Path(__file__).parent / "calendar" / "festivals.yaml"

# The 2024 revision made 除夕 and 2 May public holidays from this year on (11 days became 13).
_FIRST_YEAR_OF_THIRTEEN = 2025


@cache
def _moving_festivals() -> dict[int, dict[str, date]]:
    table: dict[int, dict[str, date]] = yaml.safe_load(_FESTIVALS_FILE.read_text("utf-8"))
    return table


def fixed_statutory_holidays(year: int) -> frozenset[date]:
    """The public holidays whose date is written in the law: 1 January, May Day, National Day."""
    days = {date(year, 1, 1), date(year, 5, 1)}
    days |= {date(year, 10, day) for day in (1, 2, 3)}
    if year >= _FIRST_YEAR_OF_THIRTEEN:
        days.add(date(year, 5, 2))
    return frozenset(days)


def statutory_holidays(year: int) -> frozenset[date]:
    """Every public holiday of `year` that is known: pay is threefold on these days only.

    The festivals of the moon and 清明 are listed for 2020-2030; outside those years only the
    holidays with a fixed date are returned. The rules are those in force since 2014.
    """
    days = set(fixed_statutory_holidays(year))
    moving = _moving_festivals().get(year)
    if moving is None:
        return frozenset(days)
    days |= {moving["qingming"], moving["dragon_boat"], moving["mid_autumn"]}
    new_year_day = moving["spring_festival"]
    first = -1 if year >= _FIRST_YEAR_OF_THIRTEEN else 0
    days |= {new_year_day + timedelta(days=offset) for offset in range(first, 3)}
    return frozenset(days)
