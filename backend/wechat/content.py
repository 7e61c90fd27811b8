"""Content other users will see, checked by WeChat: queued, checked by a job, never lost.

Only for what is shown to others. Complaints, tips, evidence and chats are never sent to a third
party: `tests/architecture` holds those rooms away from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from backend.core import clock
from backend.core.db import connection, db, insert_once, one_transaction
from backend.core.installation import settings
from backend.wechat import mini
from backend.wechat.mini import Checked, Mini, Verdict
from backend.wechat.models import ContentCheck
from backend.wechat.port import WeChatDown, WeChatRefused

log = structlog.get_logger()

BATCH = 50
MINUTE_S, HOUR_S = 60, 3600
# An outage is waited out however long it lasts; the wait grows up to an hour.
BACK_OFF_S = (MINUTE_S, 5 * MINUTE_S, 30 * MINUTE_S, HOUR_S)
LEASE_S = 2 * MINUTE_S
#: WeChat's answer about a picture comes within 30 minutes; after an hour it is asked again.
ANSWER_S = HOUR_S
_WORST: tuple[Verdict, ...] = ("pass", "review", "risky")


@dataclass(frozen=True, slots=True)
class _Due:
    """A check this process holds until its lease ends."""

    id: int
    version: int
    kind: str
    openid: str
    content: str
    scene: int
    attempts: int


def queue_text(
    subject: str, openid: str, text: str, now: datetime, scene: int = mini.COMMENT
) -> None:
    """Have a text checked; joins the caller's transaction. Queued again, the newer text counts."""
    _queue(subject, "text", openid, text, scene, now)


def queue_media(
    subject: str, openid: str, media_url: str, now: datetime, scene: int = mini.COMMENT
) -> None:
    """Have a picture checked that WeChat can fetch at this address; see queue_text."""
    _queue(subject, "media", openid, media_url, scene, now)


@one_transaction
def _queue(subject: str, kind: str, openid: str, content: str, scene: int, now: datetime) -> None:
    values = {
        "openid": openid,
        "content": content,
        "scene": scene,
        "state": "waiting",
        "attempts": 0,
        "queued_at": now,
        "next_try_at": now,
    }
    if insert_once(ContentCheck, values | {"subject": subject, "kind": kind}, "subject", "kind"):
        return
    anew = {"version": ContentCheck.version + 1, "trace_id": None, "last_error": None}
    anew |= {"tried_at": None, "decided_at": None}
    row = sa.update(ContentCheck).where(ContentCheck.subject == subject, ContentCheck.kind == kind)
    db.session.execute(row.values(**values, **anew))


def states(subjects: list[str]) -> dict[str, str]:
    """The worst state of each subject's checks: risky, failed, review, waiting, asked, pass."""
    order = ("pass", "asked", "waiting", "review", "failed", "risky")
    query = sa.select(ContentCheck.subject, ContentCheck.state).where(
        ContentCheck.subject.in_(subjects)
    )
    found: dict[str, str] = {}
    for subject, state in db.session.execute(query):
        known = found.get(subject, "pass")
        found[subject] = max(known, state, key=order.index)
    return found


def run(now: datetime) -> int:
    """Check what is due; returns how many verdicts or questions there are. Safe to call again."""
    app = mini.mini_program(settings())
    if app is None:
        return 0
    done = 0
    for check_id in _due_ids(now):
        due = _claim(check_id, now)
        if due is None:
            continue
        try:
            _check(app, due)
        except WeChatDown as error:
            # one finds out for all; a lost answer is asked again, which harms nobody
            _wait(due, f"wechat_{error.errcode}" if error.errcode else "wechat_unavailable")
            break
        except WeChatRefused as error:
            _decide(due, "failed", None, f"wechat_{error.errcode}")
        done += 1
    return done


def _due_ids(now: datetime) -> list[int]:
    query = (
        sa.select(ContentCheck.id)
        .where(ContentCheck.state.in_(("waiting", "asked")), ContentCheck.next_try_at <= now)
        .order_by(ContentCheck.next_try_at, ContentCheck.id)
        .limit(BATCH)
    )
    return list(db.session.scalars(query))


@one_transaction
def _claim(check_id: int, now: datetime) -> _Due | None:
    until = now + timedelta(seconds=LEASE_S)
    query = (
        sa.update(ContentCheck)
        .where(
            ContentCheck.id == check_id,
            ContentCheck.state.in_(("waiting", "asked")),
            ContentCheck.next_try_at <= now,
        )
        .values(attempts=ContentCheck.attempts + 1, next_try_at=until, tried_at=now)
        .returning(
            ContentCheck.id,
            ContentCheck.version,
            ContentCheck.kind,
            ContentCheck.openid,
            ContentCheck.content,
            ContentCheck.scene,
            ContentCheck.attempts,
        )
    )
    row = connection().execute(query).one_or_none()
    if row is None:
        return None
    text = row.content or ""  # whatever waits has its text still
    return _Due(row.id, row.version, row.kind, row.openid, text, row.scene, row.attempts)


def _check(app: Mini, due: _Due) -> None:
    if due.kind == "text":
        found = _text_verdict(app, due)
        _decide(due, found.verdict, found.trace_id)
    else:
        _asked(due, app.check_media(due.openid, due.scene, due.content))


def _text_verdict(app: Mini, due: _Due) -> Checked:
    """The worst that is said of any part: WeChat takes 2,500 characters at once."""
    size = mini.TEXT_MOST
    parts = [due.content[at : at + size] for at in range(0, len(due.content), size)]
    found = [app.check_text(due.openid, due.scene, part) for part in parts]
    return max(found, key=lambda one: _WORST.index(one.verdict), default=Checked("pass", ""))


@one_transaction
def _decide(due: _Due, state: str, trace_id: str | None, error: str | None = None) -> None:
    """Write the verdict, unless the text was written anew meanwhile."""
    log.info("content_checked", state=state)
    db.session.execute(
        _same(due).values(
            state=state,
            trace_id=trace_id,
            content=None,
            last_error=error,
            next_try_at=None,
            decided_at=clock.now(),
        )
    )


@one_transaction
def _asked(due: _Due, trace_id: str) -> None:
    again_at = clock.now() + timedelta(seconds=ANSWER_S)
    db.session.execute(
        _same(due).values(state="asked", trace_id=trace_id, last_error=None, next_try_at=again_at)
    )


@one_transaction
def _wait(due: _Due, error: str) -> None:
    wait_s = BACK_OFF_S[min(due.attempts, len(BACK_OFF_S)) - 1]
    again_at = clock.now() + timedelta(seconds=wait_s)
    db.session.execute(_same(due).values(last_error=error, next_try_at=again_at))


def _same(due: _Due) -> sa.Update:
    return sa.update(ContentCheck).where(
        ContentCheck.id == due.id, ContentCheck.version == due.version
    )


@one_transaction
def media_result(trace_id: str, suggested: object, error: int, now: datetime) -> bool:
    """Write what WeChat says of a picture later; False when no picture waits for this answer.

    A picture WeChat could not fetch or judge is for a person to look at.
    """
    verdict = mini.verdict_of(suggested) if error == 0 else None
    state = verdict or "failed"
    waiting = (
        sa.update(ContentCheck)
        .where(ContentCheck.trace_id == trace_id, ContentCheck.state == "asked")
        .values(
            state=state,
            content=None,
            last_error=None if verdict else f"wechat_{error}",
            next_try_at=None,
            decided_at=now,
        )
        .returning(ContentCheck.id)
    )
    return db.session.scalar(waiting) is not None
