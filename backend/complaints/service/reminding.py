"""Reminders: the day before an appointment or the employer's day to pay, and of missing papers.

Each is queued once, under a key made of what it reminds of; whatever is moved to another day is
reminded of anew. Nothing goes out at night.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from backend.complaints.models import Appointment, Case, Clock, Correction
from backend.complaints.models.clock import RUNNING
from backend.complaints.service.appointments import PERIODS
from backend.complaints.service.telling import Told, channel_of, day, filer
from backend.complaints.states import COMPLAINT_OPEN, S
from backend.core.db import db, one_transaction
from backend.core.installation import bureau
from backend.law.days import SHANGHAI, add_days, local_date, shanghai_today
from backend.law.policy import DEFAULT_POLICY
from backend.notify import outbox
from backend.notify.models import OutboxMessage
from backend.notify.outbox import Facts

BATCH = 500
MORNING, EVENING = 9, 20  # hours in Shanghai between which people are reminded
TOMORROW = "您在{bureau}约的事，明天有安排，请打开查看。"
STILL_OPEN = "您在{bureau}办的事还差一步，请打开查看。"


@dataclass(frozen=True, slots=True)
class _Reminder:
    """Of what, in which case, in which words; `key` is the same for the same thing."""

    case_id: int
    template: str
    key: str
    told: Told
    lock_screen: str
    facts: Facts


def remind(now: datetime) -> int:
    """Queue what is to be reminded of today; returns how many reminders are new."""
    if not MORNING <= now.astimezone(SHANGHAI).hour < EVENING:
        return 0
    today = shanghai_today(now)
    found = [*_appointments(today), *_payments(today), *_missing_papers(today)]
    known = _known(one.key for one in found)
    return sum(_queue(one, now) for one in found if one.key not in known)


def _appointments(today: date) -> list[_Reminder]:
    """Appointments of tomorrow, but not those made today: their day was just told."""
    tomorrow = add_days(today, 1)
    query = (
        sa.select(Appointment)
        .join(Case, Case.id == Appointment.case_id)
        .where(
            Appointment.on_date == tomorrow,
            Appointment.cancelled_at.is_(None),
            Appointment.is_kept.is_(None),
            Case.is_confirmed.is_(False),
            Case.state.in_([state.value for state in COMPLAINT_OPEN]),
        )
        .order_by(Appointment.id)
        .limit(BATCH)
    )
    rows = db.session.scalars(query)
    return [_of_appointment(row) for row in rows if local_date(row.booked_at) < today]


def _of_appointment(row: Appointment) -> _Reminder:
    place = bureau().confirmation_place
    is_video = row.how == "video"
    where = "视频确认，到时我们联系您" if is_video else f"到{place.name}"
    when = f"明天（{day(row.on_date)}）{PERIODS[row.period]}"
    text = f"{when}，{where}。请带身份证。来不了，请改个时间。"
    return _Reminder(
        row.case_id,
        "remind_appointment",
        f"case:{row.case_id}:remind_appointment:{row.id}",
        Told("明天有约", text),
        TOMORROW,
        Facts(
            what="明天有约",
            when=_opening(row.on_date, row.period),
            where="视频" if is_video else place.name,
            note="请带身份证",
        ),
    )


def _opening(on: date, period: str) -> str:
    """When the office opens on that half day."""
    hours = bureau().office_hours
    opens = hours[0 if period == "am" else -1].opens
    return datetime.fromisoformat(f"{on}T{opens}").replace(tzinfo=SHANGHAI).isoformat()


def _payments(today: date) -> list[_Reminder]:
    """The employer's last day to pay is tomorrow: look whether the money comes, and tell us."""
    tomorrow = add_days(today, 1)
    query = (
        sa.select(Clock)
        .join(Case, Case.id == Clock.case_id)
        .where(
            Clock.key == "pay_by",
            Clock.state == RUNNING,
            Clock.due_on == tomorrow,
            Clock.is_provisional.is_(False),
            Case.is_paused.is_(False),
            Case.state.in_([state.value for state in COMPLAINT_OPEN]),
        )
        .order_by(Clock.id)
        .limit(BATCH)
    )
    # whoever was told of the day today needs no reminder today
    rows = [row for row in db.session.scalars(query) if row.started_on < today]
    return [
        _Reminder(
            row.case_id,
            "remind_pay_by",
            f"case:{row.case_id}:remind_pay_by:{row.id}:{row.due_on}",
            Told(
                "明天是单位付钱的最后一天",
                f"单位最晚明天（{day(tomorrow)}）付清。到了、没到，都请点“说一下钱的事”告诉我们。",
            ),
            TOMORROW,
            Facts(what="明天到期，请打开查看", when=str(tomorrow)),
        )
        for row in rows
    ]


def _missing_papers(today: date) -> list[_Reminder]:
    """Papers asked for a week ago [POLICY] that have not come; the law sets no day for them."""
    asked_at = sa.func.max(Correction.asked_at)
    query = (
        sa.select(Correction.case_id, sa.func.max(Correction.round), asked_at)
        .join(Case, Case.id == Correction.case_id)
        .where(Case.state == S.CORRECTION_REQUESTED.value)
        .group_by(Correction.case_id)
        .order_by(Correction.case_id)
        .limit(BATCH)
    )
    return [
        _Reminder(
            case_id,
            "remind_correction",
            f"case:{case_id}:remind_correction:{number}",
            Told(
                "还等您补材料",
                "我们要的材料还没收到，单子在这件投诉里。补齐后，答复的期限重新算。"
                "有的找不到，也请告诉我们。",
            ),
            STILL_OPEN,
            Facts(what="还差一步，请打开查看", when=str(today)),
        )
        for case_id, number, asked in db.session.execute(query)
        if today >= DEFAULT_POLICY.correction_reminder_on(local_date(asked))
    ]


def _known(keys: Iterable[str]) -> set[str]:
    wanted = list(keys)
    query = sa.select(OutboxMessage.dedupe_key).where(OutboxMessage.dedupe_key.in_(wanted))
    return set(db.session.scalars(query)) if wanted else set()


@one_transaction
def _queue(one: _Reminder, now: datetime) -> bool:
    """Queue one reminder, unless another process just did."""
    case = db.session.scalars(sa.select(Case).where(Case.id == one.case_id).with_for_update()).one()
    if one.key in _known([one.key]):
        return False
    outbox.queue(
        subject=case.chain,
        worker_id=case.worker_id,
        channel=channel_of(case, filer(case)),
        template=one.template,
        title=one.told.title,
        text=one.told.text,
        lock_screen=one.lock_screen.format(bureau=bureau().short_name),
        dedupe_key=one.key,
        now=now,
        facts=one.facts,
    )
    return True
