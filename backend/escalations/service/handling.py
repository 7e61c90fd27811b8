"""What staff do with a question: take it, hand it back, give it to somebody, answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend.audit.record import record
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import BadInput, Conflict, FieldError, Forbidden, NotFound
from backend.escalations.models import Escalation
from backend.escalations.service import reaching
from backend.escalations.service.asking import chain
from backend.escalations.states import ANSWERERS, MOVES, S, next_state
from backend.identity.service import staff_by_id
from backend.law import statutes

LONGEST_ANSWER = 1000
LONGEST_REASON = 200
MOST_CITATIONS = 12
_MOVE_WORDS = {
    "take": "接下",
    "hand_back": "交回",
    "give_to": "转给别人",
    "answer": "答复",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """An article named in an answer: the law's full name without 《》, and 第四十四条."""

    law: str
    article: str

    @property
    def is_unverified(self) -> bool:
        """Whether the bureau holds no checked text of it."""
        return statutes.article(self.law, self.article) is None

    @property
    def fault(self) -> str | None:
        """What is wrong with it where the law is known to have no such article."""
        return statutes.missing(self.law, self.article)


@one_transaction
def take(public_id: str, version: int, actor: Actor, now: datetime) -> Escalation:
    """Take a waiting question; Conflict naming the colleague who has it already."""
    row = load(public_id)
    if row.state == S.TAKEN and row.taken_by_id == actor.id:
        return row  # a second click
    _begin(row, "take", version, actor)
    _give(row, actor.id, actor.name, now)
    _move(row, "take", actor, now)
    return row


@one_transaction
def hand_back(public_id: str, version: int, reason: str, actor: Actor, now: datetime) -> Escalation:
    """Put a taken question back into the queue with a reason for the next person."""
    row = load(public_id)
    _begin(row, "hand_back", version, actor)
    _refuse_not_holder(row, actor)
    reason = _checked(reason, "reason", "交回的原因", LONGEST_REASON)
    free(row)
    _move(row, "hand_back", actor, now, reason)
    return row


@one_transaction
def give_to(public_id: str, version: int, staff_id: int, actor: Actor, now: datetime) -> Escalation:
    """Give a question to a member of staff who answers; a unit head's or the head's act."""
    row = load(public_id)
    _begin(row, "give_to", version, actor, is_for_holder=False)
    receiver = staff_by_id(staff_id)
    if receiver is None or not receiver.is_active or receiver.roles.isdisjoint(ANSWERERS):
        message = "请选一位能答的同事。"
        raise BadInput(message, errors=[FieldError("staff_id", message)])
    _give(row, receiver.id, receiver.name, now)
    _move(row, "give_to", actor, now, detail={"to": receiver.id})
    return row


@one_transaction
def answer(
    public_id: str,
    version: int,
    text: str,
    citations: Sequence[Cited],
    actor: Actor,
    now: datetime,
) -> Escalation:
    """Answer a question one has taken, and tell whoever asked. It cannot be changed afterwards.

    Raises BadInput (empty, too long, an article that does not exist), Conflict (`stale` when more
    was said, `taken` or `answered` when a colleague was first), Forbidden.
    """
    row = load(public_id)
    _begin(row, "answer", version, actor)
    _refuse_not_holder(row, actor)
    row.answer = _checked(text, "text", "答复", LONGEST_ANSWER)
    _refuse_wrong(citations)
    row.citations = [
        {"law": c.law, "article": c.article, "is_unverified": c.is_unverified} for c in citations
    ]
    row.answered_by_id, row.answered_by_name, row.answered_at = actor.id, actor.name, now
    row.goes_up_at = None
    _move(row, "answer", actor, now, detail={"citations": len(citations)})
    reaching.tell(row, now)
    return row


def load(public_id: str) -> Escalation:
    """A question for staff, locked for change; NotFound when there is none."""
    query = sa.select(Escalation).where(Escalation.public_id == public_id).with_for_update()
    row: Escalation | None = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFound("没有找到这个问题。")
    return row


def free(row: Escalation) -> None:
    """Nobody has it any more; whoever had it is remembered, so that the next is somebody else."""
    if row.taken_by_id is not None and row.taken_by_id not in row.had_by_ids:
        row.had_by_ids = [*row.had_by_ids, row.taken_by_id]
    row.taken_by_id, row.taken_by_name, row.taken_at = None, "", None


def _give(row: Escalation, staff_id: int | None, name: str, now: datetime) -> None:
    free(row)
    row.taken_by_id, row.taken_by_name, row.taken_at = staff_id, name, now
    row.offered_to_id, row.offered_to_name = None, ""


def _move(
    row: Escalation,
    move: str,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    detail: dict[str, int] | None = None,
) -> None:
    before = row.state
    target = next_state(move, S(before))
    assert target is not None  # _begin refused everything else
    row.state = target.value
    db.session.flush()
    record(
        chain(row.id), move, actor, now,
        from_state=before, to_state=row.state, reason=reason, detail=detail,
    )  # fmt: skip


def _begin(
    row: Escalation, move: str, version: int, actor: Actor, *, is_for_holder: bool = True
) -> None:
    """Refuse a role that may not, a state that has no such move, and a page that is out of date."""
    if MOVES[move].by.isdisjoint(actor.roles):
        raise Forbidden(f"您的岗位不能把问题{_MOVE_WORDS[move]}。")
    if row.state == S.ANSWERED:
        raise _second(f"{row.answered_by_name}已经答复了这个问题。", "answered", row)
    if is_for_holder and row.taken_by_id not in (None, actor.id):
        raise _second(f"这个问题{row.taken_by_name}在答。", "taken", row)
    if next_state(move, S(row.state)) is None:
        raise Conflict("这个问题现在不在您手里，请刷新再看。", code="wrong_state")
    if version != row.version:
        raise Conflict("您打开这页以后，问的人又说了话，或者有人动过。请看了再办。", code="stale")


def _second(words: str, code: str, row: Escalation) -> Conflict:
    is_answered = code == "answered"
    by = row.answered_by_name if is_answered else row.taken_by_name
    at = row.answered_at if is_answered else row.taken_at
    return Conflict(words, code=code, by=by, at=at.isoformat() if at else None)


def _refuse_wrong(citations: Sequence[Cited]) -> None:
    """No more articles than can be read, and none that its law has not."""
    faults = [one.fault for one in citations if one.fault]
    if len(citations) > MOST_CITATIONS:
        faults.append(f"依据最多 {MOST_CITATIONS} 条，请留最要紧的。")
    if faults:
        raise BadInput(faults[0], errors=[FieldError("citations", fault) for fault in faults])


def _refuse_not_holder(row: Escalation, actor: Actor) -> None:
    if row.taken_by_id != actor.id:
        raise Conflict("这个问题现在不在您手里，请先接下。", code="wrong_state")


def _checked(text: str, field: str, name: str, longest: int) -> str:
    text = text.strip()
    if text and len(text) <= longest:
        return text
    message = f"{name}太长，最多 {longest} 个字。" if text else f"请写{name}。"
    raise BadInput(message, errors=[FieldError(field, message)])
