"""Lectures ordered to a site: 点单 by the orderer, 派单 and 送单 by staff, 评单 by the orderer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from backend.audit.record import record
from backend.core import crypto, texts
from backend.core.actor import SYSTEM, Actor
from backend.core.db import db, insert_row, one_transaction, violated
from backend.core.errors import BadInput, Conflict, FieldError, Forbidden, NotFound
from backend.identity.service import staff_by_id
from backend.law.days import shanghai_today
from backend.law.lecture_times import DEFAULT_TIMES
from backend.lectures.models import LectureOrder
from backend.lectures.models.order import ORG_KINDS
from backend.lectures.service import order_telling, trail
from backend.lectures.states import ORDER_MOVES, ORGANISERS, UNANSWERED, OrderState, next_state

UNIT_HEAD_LEVEL = 1
PARTS = ("morning", "afternoon", "evening")
MOST_WISHES = 5
MOST_PEOPLE = 5000
LONGEST_SPEAKER, LONGEST_NOTE = 60, 300
_BATCH = 500
_ROLE_WORDS = "您的岗位不办讲座点单。如果需要，请找管理员。"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is ordered; `wished` lists {on, part} (PARTS), at least one day."""

    org_name: str
    org_kind: str
    contact_name: str
    phone: str
    theme: str
    place: str
    people: int
    wished: Sequence[Mapping[str, str]]
    key: str
    about: str = ""


def order(wanted: Wanted, actor: Actor, now: datetime) -> LectureOrder:
    """Order a lecture; the same key gives the first order. BadInput names wrong fields."""
    if actor.kind != "worker" or actor.id is None:
        raise Forbidden("点单要本人登录后来点。")
    try:
        _check(wanted, shanghai_today(now))
        return _order(wanted, actor, now)
    except BadInput:
        # sent again after midnight: the day that was tomorrow is today
        if (same := _same_key(wanted, actor)) is not None:
            return same
        raise
    except IntegrityError as error:
        same = _same_key(wanted, actor)
        key = ("uq_lecture_orders_key_hash", "lecture_orders.key_hash")
        if same is None or not violated(error, *key):
            raise
        return same


def _same_key(wanted: Wanted, actor: Actor) -> LectureOrder | None:
    query = sa.select(LectureOrder).where(LectureOrder.key_hash == _key_hash(wanted, actor))
    row: LectureOrder | None = db.session.scalar(query)
    return row


def _check(wanted: Wanted, today: date) -> None:
    errors = []
    if wanted.org_kind not in ORG_KINDS:
        errors.append(FieldError("org_kind", "请选是什么地方。"))
    if not 1 <= wanted.people <= MOST_PEOPLE:
        errors.append(FieldError("people", f"听的人数在 1 到 {MOST_PEOPLE} 之间。"))
    if not 1 <= len(wanted.wished) <= MOST_WISHES:
        errors.append(FieldError("wished", f"请选 1 到 {MOST_WISHES} 个方便的日子。"))
    elif any(date.fromisoformat(wish["on"]) <= today for wish in wanted.wished):
        errors.append(FieldError("wished", "方便的日子要从明天起选。"))
    if errors:
        raise BadInput("有几处要改，改好再交。", errors=errors)


@one_transaction
def _order(wanted: Wanted, actor: Actor, now: datetime) -> LectureOrder:
    due_on = DEFAULT_TIMES.order_due_on(shanghai_today(now))
    values = {
        "version": 1,
        "worker_id": actor.id,
        "key_hash": _key_hash(wanted, actor),
        "state": OrderState.ORDERED.value,
        "org_name": wanted.org_name,
        "org_kind": wanted.org_kind,
        "contact_name": wanted.contact_name,
        "phone": wanted.phone,
        "theme": wanted.theme,
        "about": wanted.about,
        "place": wanted.place,
        "people": wanted.people,
        "wished": [{"on": wish["on"], "part": wish["part"]} for wish in wanted.wished],
        "ordered_at": now,
        "answer_due_on": due_on,
        "goes_up_at": DEFAULT_TIMES.order_goes_up_at(due_on),
    }
    row = db.session.get_one(LectureOrder, insert_row(LectureOrder, values))
    detail = {"answer_due_on": str(due_on)}
    record(chain(row), "order", actor, now, to_state=row.state, detail=detail, is_first=True)
    order_telling.received(row, now)
    return row


def _key_hash(wanted: Wanted, actor: Actor) -> str:
    return crypto.token_hash(f"order:{actor.id}:{wanted.key}")


def chain(row: LectureOrder) -> str:
    """The audit chain of an order, and the subject of its messages."""
    return order_telling.subject(row)


@one_transaction
def assign(
    public_id: str, version: int, staff_id: int, actor: Actor, now: datetime
) -> LectureOrder:
    """派单: say which colleague sees to it."""
    row = _begin(public_id, version, "assign", actor)
    receiver = staff_by_id(staff_id)
    if receiver is None or not receiver.is_active or receiver.roles.isdisjoint(ORGANISERS):
        message = "请选一位办讲座的同事。"
        raise BadInput(message, errors=[FieldError("staff_id", message)])
    row.officer_id, row.officer_name = receiver.id, receiver.name
    return _move(row, "assign", actor, now, detail={"to": receiver.id})


@one_transaction
def propose(
    public_id: str,
    version: int,
    at: datetime,
    speaker: str,
    note: str | None,
    actor: Actor,
    now: datetime,
) -> LectureOrder:
    """Propose a date and a speaker; the orderer says whether it suits. This answers the order."""
    row = _begin(public_id, version, "propose", actor)
    if at <= now:
        message = "这个时间已经过去了，请再看一下。"
        raise BadInput(message, errors=[FieldError("at", message)])
    row.speaker = _words(speaker, "speaker", "谁去讲", LONGEST_SPEAKER)
    row.staff_note = _words(note, "note", "留言", LONGEST_NOTE) if note else None
    row.proposed_at = at
    row.goes_up_at = None
    _move(row, "propose", actor, now, detail={"at": at.isoformat()})
    order_telling.proposed(row, now)
    return row


@one_transaction
def agree(public_id: str, version: int, actor: Actor, now: datetime) -> LectureOrder:
    """The orderer (or staff after a call) says the date suits; a second tap changes nothing."""
    row = _load(public_id, actor, "agree")
    if row.state == OrderState.AGREED:
        return row
    row = _begin(public_id, version, "agree", actor)
    if row.proposed_at is None or row.proposed_at <= now:
        raise Conflict("这个时间已经过去了，请等我们再约一个。", code="over")
    _move(row, "agree", actor, now)
    order_telling.agreed(row, now)
    return row


@one_transaction
def refuse_date(
    public_id: str, version: int, note: str, actor: Actor, now: datetime
) -> LectureOrder:
    """The orderer says that the date does not suit, and what would; the bureau answers again."""
    row = _begin(public_id, version, "refuse_date", actor)
    row.orderer_note = _words(note, "note", "什么时候方便", LONGEST_NOTE)
    row.proposed_at = None
    due_on = DEFAULT_TIMES.order_due_on(shanghai_today(now))
    row.answer_due_on, row.goes_up_at = due_on, DEFAULT_TIMES.order_goes_up_at(due_on)
    row.level = 0
    return _move(row, "refuse_date", actor, now)


@one_transaction
def hold(public_id: str, version: int, attended: int, actor: Actor, now: datetime) -> LectureOrder:
    """讲完了: how many listened; the orderer is asked to rate."""
    row = _begin(public_id, version, "hold", actor)
    if row.proposed_at is None or now < row.proposed_at:
        raise Conflict("还没到说好的时间，讲完再点。", code="not_over")
    if not 0 <= attended <= MOST_PEOPLE:
        message = f"来了多少人，填 0 到 {MOST_PEOPLE}。"
        raise BadInput(message, errors=[FieldError("attended", message)])
    row.held_at, row.attended = row.proposed_at, attended
    _move(row, "hold", actor, now, detail={"attended": attended})
    order_telling.held(row, now)
    return row


@one_transaction
def rate(
    public_id: str, verdict: str, said: str | None, actor: Actor, now: datetime
) -> LectureOrder:
    """评单: once, by whoever ordered; a second tap changes nothing."""
    row = _load(public_id, actor, "rate")
    if row.state == OrderState.RATED:
        return row
    row = _begin(public_id, row.version, "rate", actor)
    row.verdict, row.verdict_words, row.rated_at = verdict, said or None, now
    return _move(row, "rate", actor, now)


@one_transaction
def decline(public_id: str, version: int, reason: str, actor: Actor, now: datetime) -> LectureOrder:
    """Say no, with the reason; the orderer is told."""
    row = _begin(public_id, version, "decline", actor)
    row.staff_note = _words(reason, "reason", "接不了的原因", LONGEST_NOTE)
    row.goes_up_at = None
    _move(row, "decline", actor, now, reason=row.staff_note)
    order_telling.declined(row, now)
    return row


@one_transaction
def withdraw(public_id: str, actor: Actor, now: datetime) -> LectureOrder:
    """The orderer does not want it any more; a second tap changes nothing."""
    row = _load(public_id, actor, "withdraw")
    if row.state == OrderState.WITHDRAWN:
        return row
    row = _begin(public_id, row.version, "withdraw", actor)
    row.goes_up_at = None
    return _move(row, "withdraw", actor, now)


def late(now: datetime) -> list[int]:
    """Orders nobody answered in time, the oldest first."""
    query = (
        sa.select(LectureOrder.id)
        .where(
            LectureOrder.goes_up_at <= now,
            LectureOrder.state.in_(sorted(state.value for state in UNANSWERED)),
        )
        .order_by(LectureOrder.goes_up_at)
        .limit(_BATCH)
    )
    return list(db.session.scalars(query))


@one_transaction
def go_up(order_id: int, now: datetime) -> bool:
    """Make a late order the unit head's business, once; False when it was answered meanwhile."""
    row = db.session.get(LectureOrder, order_id, with_for_update=True, populate_existing=True)
    if row is None or row.goes_up_at is None or row.goes_up_at > now:
        return False
    row.goes_up_at, row.level = None, UNIT_HEAD_LEVEL
    db.session.flush()
    record(chain(row), "order_goes_up", SYSTEM, now, detail={"level": row.level})
    return True


def _load(public_id: str, actor: Actor, move: str) -> LectureOrder:
    """The order, locked; somebody else's is not there, and others may not make this move."""
    query = sa.select(LectureOrder).where(LectureOrder.public_id == public_id).with_for_update()
    row: LectureOrder | None = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None or (not actor.is_staff and row.worker_id != actor.id):
        raise NotFound("没有找到这个点单。")
    by = ORDER_MOVES[move].by
    if not (actor.has_role(*by) if actor.is_staff else "worker" in by):
        raise Forbidden(_ROLE_WORDS)
    return row


def _begin(public_id: str, version: int, move: str, actor: Actor) -> LectureOrder:
    """Refuse who may not, a state without such a move, and a page that is out of date."""
    row = _load(public_id, actor, move)
    if next_state(ORDER_MOVES, move, OrderState(row.state)) is None:
        raise Conflict("这个点单现在不能这样办，请刷新再看。", code="wrong_state", state=row.state)
    if row.version != version:
        raise trail.stale(chain(row), "您打开这页以后，有人动过这个点单。请看了再办。")
    return row


def _move(
    row: LectureOrder,
    move: str,
    actor: Actor,
    now: datetime,
    *,
    reason: str | None = None,
    detail: dict[str, object] | None = None,
) -> LectureOrder:
    before = OrderState(row.state)
    target = next_state(ORDER_MOVES, move, before)
    assert target is not None  # _begin refused everything else
    row.state = target.value
    db.session.flush()
    record(
        chain(row), move, actor, now,
        from_state=before.value, to_state=target.value, reason=reason, detail=detail,
    )  # fmt: skip
    return row


def _words(text: str, field: str, name: str, longest: int) -> str:
    text = text.strip()
    if text and len(text) <= longest and not texts.has_control(text):
        return text
    message = f"{name}最多 {longest} 个字。" if len(text) > longest else f"请写{name}。"
    if texts.has_control(text):
        message = f"{name}里有看不见的特殊字符，请删掉重新打一遍。"
    raise BadInput(message, errors=[FieldError(field, message)])
