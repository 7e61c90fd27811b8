"""How money, dates and moments look on the desk: the Jinja filters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from flask import Flask

from backend.complaints.documents import kind_of
from backend.complaints.forms import EXCLUDE_GROUNDS, SUSPEND_GROUNDS
from backend.complaints.models import Document
from backend.complaints.steps import ACTS, MOVES
from backend.complaints.words import CLOCK_TITLES
from backend.core import clock
from backend.law.articles import CITATIONS
from backend.law.days import SHANGHAI, WEEKDAYS_ZH, local_date

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400

# Clocks in the officers' words; CLOCK_TITLES holds the worker's.
CLOCK_WORDS = {
    "accept": "受理",
    "investigate": "调查",
    "pay_by": "付款",
    "report_file": "立案",
    "discover_file": "立案",
    "serve": "送达",
    "suspension_notice": "中止告知",
    "hearing_request": "听证申请",
    "demand_wait": "催告",
    "enforce_apply": "申请执行",
    "report_superior": "报备",
    "arbitration_limit": "仲裁时效",
}
# What stands in the record and is neither a move nor an act.
OTHER_DEEDS = {
    "filed_for": "代为登记时谁说的",
    "approval_asked": "提交了请示",
    "approval_given": "批准了请示",
    "approval_returned": "退回了请示",
    "approved": "批准了请示",
    "returned": "退回了请示",
    "supplement": "补充了情况",
    "book_appointment": "约了确认的时间",
    "say_paid": "说收到钱了",
    "say_partly_paid": "说收到一部分钱",
    "say_unpaid": "说没收到钱",
    "resupply": "补了材料",
    "send_again": "又发了一次消息",
}
_GROUNDS = dict((*EXCLUDE_GROUNDS, *SUSPEND_GROUNDS))
_SHORT_LAWS = {f"《{c.law}》": c.short for c in CITATIONS.values()}
_NUMBER = re.compile(r"([投举]?)〔(\d{4})〕(\d+)号")
_BY_TITLE = {title: CLOCK_WORDS[key] for key, (title, _sentence) in CLOCK_TITLES.items()}


def clock_word(title: str) -> str:
    """A clock's short name at the desk, given the title the worker reads."""
    return _BY_TITLE.get(title, title)


def step_words(lane: str, key: str) -> str:
    """What a step, or another act of the record, is called at the desk."""
    move = next((m for (of, k), m in MOVES.items() if of == lane and k == key), None)
    step = move or ACTS.get(key)
    return step.label if step else OTHER_DEEDS.get(key, "改了案件")


def yuan(fen: int | None) -> str:
    """Money to the fen: 48,000.00."""
    if fen is None:
        return "—"
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    whole, rest = divmod(fen, 100)
    return f"{sign}{whole:,}.{rest:02d}"


def whole_yuan(fen: int | None) -> str:
    """Money in lists, to the yuan (the unit stands in the head): 48,000; — for nothing."""
    return f"{fen // 100:,}" if fen else "—"


def day(on: date | None) -> str:
    """A date with its weekday: 2026-12-24 周四."""
    return f"{on.isoformat()} {WEEKDAYS_ZH[on.weekday()]}" if on else "—"


def short_day(on: date | None) -> str:
    """A date in a list: 12-24, with the year when it is not this one."""
    if on is None:
        return "—"
    this_year = local_date(clock.now()).year
    return f"{on:%m-%d}" if on.year == this_year else on.isoformat()


def moment(at: datetime | None) -> str:
    """A moment in Shanghai: 今天 08:12, 11-23 10:56 or 2025-11-23 10:56."""
    if at is None:
        return "—"
    local = at.astimezone(SHANGHAI)
    today = local_date(clock.now())
    if local.date() == today:
        return f"今天 {local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


def full_moment(at: datetime | None) -> str:
    """A moment on paper, where no "today" stays true: 2026-11-23 10:56."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else "—"


def span(starts_at: datetime, ends_at: datetime) -> str:
    """When a lecture is, in a list: 12-10 周四 14:30–16:00, with the year when not this one."""
    start, end = (at.astimezone(SHANGHAI) for at in (starts_at, ends_at))
    return f"{short_day(start.date())} {WEEKDAYS_ZH[start.weekday()]} {start:%H:%M}–{end:%H:%M}"


def day_of(at: datetime) -> str:
    """The day of a moment with its weekday: 2026-12-10 周四."""
    return day(local_date(at))


def hour(at: datetime) -> str:
    """The time of day in Shanghai: 14:30."""
    return f"{at.astimezone(SHANGHAI):%H:%M}"


def iso_moment(at: str) -> str:
    """The same for a moment that was kept as text."""
    return moment(datetime.fromisoformat(at))


def ago(at: datetime) -> str:
    """How long ago, in one unit: 2 分钟, 3 小时, 5 天."""
    seconds = max(0, int((clock.now() - at).total_seconds()))
    if seconds < MINUTE_S:
        return "不到 1 分钟"
    if seconds < HOUR_S:
        return f"{seconds // MINUTE_S} 分钟"
    if seconds < DAY_S:
        return f"{seconds // HOUR_S} 小时"
    return f"{seconds // DAY_S} 天"


def short_number(number: str) -> str:
    """A case number in a list: 江海人社监投〔2026〕00412号 -> 投2026-00412."""
    found = _NUMBER.search(number)
    return f"{found[1]}{found[2]}-{found[3]}" if found else number


def short_law(title: str) -> str:
    """A citation with the law's short name; the full one stands in the element's title."""
    for law, short in _SHORT_LAWS.items():
        title = title.replace(law, short)
    return title


def ground(reason: str) -> str:
    """Why a clock stands still, in words."""
    return _GROUNDS.get(reason, reason).split("（")[0]


def months(found: Sequence[str]) -> str:
    """The span of months: 2026-06 至 08, 2025-11 至 2026-02, 2026-06 or —."""
    if not found:
        return "—"
    first, last = min(found), max(found)
    if first == last:
        return first
    return f"{first} 至 {last[5:] if last[:4] == first[:4] else last}"


def must_be_served(paper: Document) -> bool:
    """Whether the law asks for service of this paper, with proof."""
    kind = kind_of(*paper.kind.split(":"))
    return kind is not None and kind.must_be_served


def paragraphs(text: str | None) -> list[str]:
    """The lines of a text that are not empty, for templates to escape one by one."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def register(app: Flask) -> None:
    """Make the filters known to the templates."""
    shown = (yuan, whole_yuan, day, short_day, moment, ago, short_number, short_law, ground, months)
    also = (full_moment, must_be_served, paragraphs, clock_word, iso_moment, span, day_of, hour)
    for function in (*shown, *also, step_words):
        app.jinja_env.filters[f"desk_{function.__name__}"] = function
