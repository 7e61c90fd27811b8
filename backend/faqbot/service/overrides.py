"""Changes of the corpus by staff: proposed by one, approved by another, live at once everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from backend.audit.record import record
from backend.core.actor import Actor
from backend.core.db import db, one_transaction, violated
from backend.core.errors import BadInput, Conflict, FieldError, Forbidden, NotFound
from backend.escalations.models import Escalation
from backend.faqbot.models import Override
from backend.faqbot.service.library import bump, entry_of, files, is_fresh, library
from faq.schema import Entry

PROPOSERS = ("answerer", "clerk", "unit_head", "head", "legal_reviewer")
APPROVERS = ("unit_head", "head", "legal_reviewer")
LONGEST_NOTE = 500
MOST_ROWS = 100
_DONE_WORDS = {"approved": "批准", "rejected": "退回", "replaced": "批准", "exported": "批准"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants an entry to be; `seen_hash` is the entry's when they opened the form.

    `form_key` is that of the form: the same form sent again is the same proposal.
    """

    entry: Entry
    seen_hash: str
    note: str = ""
    escalation_public_id: str | None = None
    form_key: str = ""


def propose(proposal: Proposal, actor: Actor, now: datetime) -> Override:
    """Ask for a change; nothing is live yet. The same form sent again gives the first proposal.

    Conflict `stale` when the entry moved on meanwhile, `sent_before` when the form was sent
    already with other words in it.
    """
    try:
        return _propose(proposal, actor, now)
    except IntegrityError as error:
        index = "ix_overrides_proposed_by_id_form_key"
        if not violated(error, index, "overrides.proposed_by_id", "overrides.form_key"):
            raise
    return _propose(proposal, actor, now)  # sent twice at once: now the first one is there


@one_transaction
def _propose(proposal: Proposal, actor: Actor, now: datetime) -> Override:
    _refuse_role(actor, PROPOSERS, "提修改")
    first = _sent_before(proposal, actor)
    if first is not None and _is_same(first, proposal):
        return first
    entry = proposal.entry
    base = files().entries.get(entry.id)
    if proposal.seen_hash != hash_in_force(entry.id, now):
        raise Conflict("您打开以后，这一条刚刚改过。您写的都在，请对照新的再提。", code="stale")
    if first is not None:
        words = "这张表已经交过一次了。您后来改的还没有交，再按一次提交，会另提一份。"
        raise Conflict(words, code="sent_before")
    if len(proposal.note) > LONGEST_NOTE:
        raise _bad("note", f"说明最多 {LONGEST_NOTE} 个字。")
    row = Override(
        entry_id=entry.id,
        base_hash=base.content_hash if base else "",
        content=entry.model_dump(mode="json"),
        note=proposal.note,
        state="proposed",
        escalation_id=_escalation_id(proposal.escalation_public_id),
        proposed_by_id=actor.id,
        proposed_by_name=actor.name,
        proposed_at=now,
        form_key=proposal.form_key or None,
    )
    db.session.add(row)
    db.session.flush()
    detail = {"entry": entry.id, "content": entry.content_hash}
    record(chain(row.id), "propose", actor, now, to_state=row.state, detail=detail, is_first=True)
    return row


def approve(override_id: int, version: int, note: str, actor: Actor, now: datetime) -> Override:
    """Put a proposal in force; another process answers by it within a second or so.

    Forbidden for whoever proposed it; Conflict naming who decided first, or when the entry has
    changed since.
    """
    row = _approve(override_id, version, note, actor, now)
    library().look_again()
    return row


@one_transaction
def _approve(override_id: int, version: int, note: str, actor: Actor, now: datetime) -> Override:
    row = _load(override_id)
    _begin(row, version, actor)
    if moved := why_not_live(row):
        raise Conflict(moved, code="moved_on")
    older = sa.select(Override).where(
        Override.entry_id == row.entry_id, Override.state == "approved"
    )
    for one in db.session.scalars(older.with_for_update()):
        one.state = "replaced"
        record(chain(one.id), "replaced", actor, now, detail={"by": row.id})
    db.session.flush()  # the index allows one approved text an entry
    _decide(row, "approved", note.strip(), actor, now)
    bump(now)
    return row


@one_transaction
def reject(override_id: int, version: int, note: str, actor: Actor, now: datetime) -> Override:
    """Send a proposal back; an opinion is needed, or nobody would learn from it."""
    row = _load(override_id)
    _begin(row, version, actor)
    if not note.strip():
        raise _bad("note", "退回要写意见，提的人才知道怎么改。")
    _decide(row, "rejected", note.strip(), actor, now)
    return row


def one(override_id: int) -> Override:
    """A proposal; NotFound when there is none."""
    row = db.session.get(Override, override_id)
    if row is None:
        raise NotFound("没有找到这条修改。")
    return row


def waiting() -> list[Override]:
    """Proposals that nobody decided yet, the oldest first."""
    query = sa.select(Override).where(Override.state == "proposed").order_by(Override.id)
    return list(db.session.scalars(query.limit(MOST_ROWS)))


def decided() -> list[Override]:
    """What was decided last, newest first."""
    query = sa.select(Override).where(Override.decided_at.is_not(None))
    order = query.order_by(Override.decided_at.desc(), Override.id.desc())
    return list(db.session.scalars(order.limit(20)))


def of_entry(entry_id: str) -> list[Override]:
    """Every change of an entry that was ever asked for, newest first."""
    query = sa.select(Override).where(Override.entry_id == entry_id)
    return list(db.session.scalars(query.order_by(Override.id.desc()).limit(MOST_ROWS)))


def stale() -> list[Override]:
    """Changes no longer used, or not to be approved, because the file's entry has moved on."""
    query = sa.select(Override).where(Override.state.in_(("proposed", "approved")))
    rows = db.session.scalars(query.order_by(Override.id))
    return [row for row in rows if not is_fresh(row, files())]


def count_waiting() -> int:
    """How many proposals wait, for the rail."""
    query = sa.select(sa.func.count()).where(Override.state == "proposed")
    return db.session.scalar(query) or 0


def why_not_live(row: Override) -> str:
    """Why an undecided proposal can no longer be approved; empty when it can."""
    if not is_fresh(row, files()):
        return "这一条在题库文件里已经更新，这个修改不能再用。请退回，让他对照新的再提。"
    since = sa.select(Override).where(
        Override.entry_id == row.entry_id,
        Override.state == "approved",
        Override.decided_at > row.proposed_at,
    )
    other = db.session.scalars(since).first()
    if other is None:
        return ""
    return f"提出以后，{other.decided_by_name}又批准了这一条的另一个修改。请退回，对照新的再提。"


def in_force(entry_id: str, now: datetime) -> Entry | None:
    """The entry as it is answered at this moment, read afresh from files and approvals."""
    live = sa.select(Override).where(Override.entry_id == entry_id, Override.state == "approved")
    row = db.session.scalars(live).first()
    if row is not None and is_fresh(row, files()):
        return entry_of(row)
    return library().in_force(now).bot.corpus.entries.get(entry_id)


def hash_in_force(entry_id: str, now: datetime) -> str:
    """The content hash of the entry in force, empty for one that does not exist yet."""
    entry = in_force(entry_id, now)
    return entry.content_hash if entry else ""


def may_decide(row: Override, actor: Actor) -> bool:
    """Whether this person may approve or return the proposal."""
    is_other = row.proposed_by_id != actor.id
    return row.state == "proposed" and is_other and actor.has_role(*APPROVERS)


def chain(override_id: int) -> str:
    """The audit chain of one change."""
    return f"override:{override_id}"


def _load(override_id: int) -> Override:
    row = db.session.get(Override, override_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("没有找到这条修改。")
    return row


def _begin(row: Override, version: int, actor: Actor) -> None:
    _refuse_role(actor, APPROVERS, "批准修改")
    if row.proposed_by_id == actor.id:
        raise Forbidden("自己提的修改，要请另一个人批。")
    if row.state != "proposed":
        by = row.decided_by_name
        at = row.decided_at.isoformat() if row.decided_at else None
        words = f"{by}已经{_DONE_WORDS[row.state]}了这条修改。"
        raise Conflict(words, code="decided", by=by, at=at)
    if row.version != version:
        raise Conflict("这条修改刚才有变化，请刷新再看。", code="stale")


def _decide(row: Override, state: str, note: str, actor: Actor, now: datetime) -> None:
    if len(note) > LONGEST_NOTE:
        raise _bad("note", f"意见最多 {LONGEST_NOTE} 个字。")
    before = row.state
    row.state = state
    row.decided_by_id, row.decided_by_name, row.decided_at = actor.id, actor.name, now
    row.decision_note = note
    db.session.flush()
    act = "approve" if state == "approved" else "reject"
    record(
        chain(row.id), act, actor, now,
        from_state=before, to_state=state, reason=note or None, detail={"entry": row.entry_id},
    )  # fmt: skip


def _sent_before(proposal: Proposal, actor: Actor) -> Override | None:
    """The proposal that this form has made already."""
    if not proposal.form_key:
        return None
    mine = (Override.proposed_by_id == actor.id, Override.form_key == proposal.form_key)
    return db.session.scalar(sa.select(Override).where(*mine))


def _is_same(row: Override, proposal: Proposal) -> bool:
    """Whether the same was typed: a new entry's id is made up and dated at each sending."""
    made = {"id", "reviewed_on"}
    typed = proposal.entry.model_dump(exclude=made)
    return row.note == proposal.note and entry_of(row).model_dump(exclude=made) == typed


def _escalation_id(public_id: str | None) -> int | None:
    if not public_id:
        return None
    return db.session.scalar(sa.select(Escalation.id).where(Escalation.public_id == public_id))


def _refuse_role(actor: Actor, roles: tuple[str, ...], deed: str) -> None:
    if not actor.has_role(*roles):
        raise Forbidden(f"您的岗位不能{deed}。")


def _bad(name: str, message: str) -> BadInput:
    return BadInput(message, errors=[FieldError(name, message)])
