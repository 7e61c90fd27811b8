"""The statutory time limits of a complaint: length, event that starts it, article, version."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from backend.law.counting import DeadlineError, DueDate, Pause, Unit, compute
from backend.law.workdays import Calendar, default_calendar

__all__ = [
    "CLOCKS",
    "Deadline",
    "DeadlineError",
    "DueDate",
    "Pause",
    "Unit",
    "by_version",
    "clock",
    "compute",
    "due",
    "is_due_soon",
]


@dataclass(frozen=True)
class Deadline:
    """One time limit as one version of a law states it.

    starts: the event, in Chinese, whose day is not counted. article: key in articles.CITATIONS.
    extension_n: length one approved extension adds, in the same unit; 0: cannot be extended.
    in_force_from: since when this version of the law applies.
    """

    key: str
    name_zh: str
    n: int
    unit: Unit
    starts: str
    article: str
    in_force_from: date
    extension_n: int = 0
    max_extensions: int = 0

    @property
    def version(self) -> str:
        """What a case stores beside its date, so that a later law leaves it alone."""
        return f"{self.key}@{self.in_force_from.isoformat()}"


# The version of each law the lengths were read from (docs/law-sources.md).
_GD_SUPERVISION = date(2019, 5, 21)
_PENALTY = date(2021, 7, 15)
_ENFORCEMENT = date(2012, 1, 1)
_ARBITRATION = date(2008, 5, 1)
_SUPERVISION = date(2004, 12, 1)
_RECONSIDERATION = date(2024, 1, 1)
_LITIGATION = date(2017, 7, 1)

_WD, _DAY, _MONTH, _YEAR = Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR

# A change of law is a new line with its own date; the old one stays for the cases that hold it.
_TABLE = (
    Deadline("accept", "答复是否受理", 5, _WD, "收到投诉", "gd_supervision_39_2", _GD_SUPERVISION),
    Deadline(
        "investigate",
        "作出处理",
        45,
        _WD,
        "立案",
        "gd_supervision_44_1",
        _GD_SUPERVISION,
        extension_n=30,
        max_extensions=1,
    ),
    Deadline("report_file", "举报立案", 5, _WD, "接到举报", "gd_supervision_32", _GD_SUPERVISION),
    Deadline(
        "report_transfer", "移送举报", 5, _WD, "接到举报", "gd_supervision_33", _GD_SUPERVISION
    ),
    Deadline(
        "discover_file", "发现后立案", 5, _WD, "发现违法线索", "gd_supervision_32", _GD_SUPERVISION
    ),
    Deadline(
        "suspension_notice",
        "通知中止",
        3,
        _WD,
        "批准中止",
        "gd_supervision_45_2",
        _GD_SUPERVISION,
    ),
    Deadline("serve", "送达文书", 7, _WD, "宣告文书", "gd_supervision_47_1", _GD_SUPERVISION),
    Deadline(
        "public_service", "公告送达", 60, _DAY, "发布公告", "gd_supervision_47_2", _GD_SUPERVISION
    ),
    Deadline(
        "public_service_short",
        "公告送达（逃匿或群体性事件）",
        3,
        _DAY,
        "发布公告",
        "gd_supervision_47_2",
        _GD_SUPERVISION,
    ),
    Deadline(
        "report_superior",
        "报上一级备案",
        10,
        _DAY,
        "发出决定书",
        "gd_supervision_48",
        _GD_SUPERVISION,
    ),
    Deadline("hearing_request", "申请听证", 5, _WD, "告知听证权利", "penalty_64", _PENALTY),
    # 行政强制法69: its limits of ten days or fewer are working days.
    Deadline("demand_wait", "催告等待", 10, _WD, "送达催告书", "enforcement_54", _ENFORCEMENT),
    Deadline(
        "enforce_apply",
        "申请法院强制执行",
        3,
        _MONTH,
        "复议和起诉期限届满",
        "enforcement_53",
        _ENFORCEMENT,
    ),
    Deadline(
        "arbitration_limit",
        "申请劳动仲裁",
        1,
        _YEAR,
        "知道权利被侵害、劳动关系终止或时效中断",
        "arbitration_27",
        _ARBITRATION,
    ),
    Deadline(
        "complain_limit",
        "投诉查处期限",
        2,
        _YEAR,
        "违法行为发生或终了",
        "supervision_20",
        _SUPERVISION,
    ),
    # The employer's remedies: they tell when `enforce_apply` begins and advise no worker.
    Deadline(
        "reconsider_limit",
        "申请行政复议",
        60,
        _DAY,
        "知道行政行为",
        "reconsideration_20",
        _RECONSIDERATION,
    ),
    Deadline("sue_limit", "提起行政诉讼", 6, _MONTH, "知道行政行为", "litigation_46", _LITIGATION),
)

_BY_VERSION = {deadline.version: deadline for deadline in _TABLE}

#: The limits in force now, by key.
CLOCKS: dict[str, Deadline] = {
    d.key: d for d in sorted(_TABLE, key=lambda deadline: deadline.in_force_from)
}


def clock(key: str) -> Deadline:
    """The limit `key` as now in force; DeadlineError when there is none of that name."""
    if key not in CLOCKS:
        raise DeadlineError(f"no statutory limit is called {key!r}; known: {', '.join(CLOCKS)}")
    return CLOCKS[key]


def by_version(version: str) -> Deadline:
    """The limit a case stored, by its version (`accept@2019-05-21`), even if since replaced."""
    if version not in _BY_VERSION:
        raise DeadlineError(f"no statutory limit has the version {version!r}")
    return _BY_VERSION[version]


def due(
    key: str,
    start: date,
    *,
    extensions: int = 0,
    pauses: Iterable[Pause] = (),
    as_of: date | None = None,
    version: str | None = None,
    calendar: Calendar | None = None,
) -> DueDate:
    """The last day of the limit `key` whose starting event happened on `start`.

    `extensions` is how many were approved (more than the law allows is a DeadlineError).
    `version` is the one the case stored; without it the limit now in force is used. `pauses` and
    `as_of`: see counting.compute.
    """
    limit = by_version(version) if version else clock(key)
    if limit.key != key:
        raise DeadlineError(f"{version} is not a version of {key}")
    if not 0 <= extensions <= limit.max_extensions:
        raise DeadlineError(f"{key} can be extended {limit.max_extensions} times, not {extensions}")
    added = [limit.extension_n] * extensions
    return compute(start, limit.unit, limit.n, added, pauses, calendar, as_of)


def is_due_soon(due_on: date, today: date, within: int, calendar: Calendar | None = None) -> bool:
    """Whether `due_on` has not passed and at most `within` working days remain after today."""
    if today > due_on:
        return False
    return (calendar or default_calendar()).working_days_left(today, due_on) <= within
