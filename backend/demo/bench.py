"""The demo's hands: each method does, through the real services, what a person would do."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.complaints import documents, forms
from backend.complaints.evidence import service as evidence
from backend.complaints.evidence.rows import CHUNK_BYTES
from backend.complaints.evidence.schemas import EvidenceIn
from backend.complaints.models import Approval, Case, ClaimLine, Document
from backend.complaints.service import approvals, assisted, filing, handling, talk
from backend.core.actor import VISITOR, Actor
from backend.core.db import db
from backend.core.installation import bureau
from backend.demo import filings
from backend.demo.days import Days
from backend.identity import service as identity
from backend.law.days import shanghai_today

# 99 is no province: a number with a right check digit that belongs to nobody
_NOBODYS_AREA = "990000"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Filed:
    """A case of the demo and the person who may follow it."""

    public_id: str
    worker: Actor


class Bench:
    """Everything the stories need: staff, employers, days, and one source of chance."""

    def __init__(
        self,
        days: Days,
        staff: Mapping[str, Actor],
        employer_ids: dict[int, int],
        random: random.Random,
    ) -> None:
        self.days = days
        self.staff = staff
        self.random = random
        self._employer_ids = employer_ids
        self._workers: dict[str, Actor] = {}

    def key(self) -> str:
        """A fresh idempotency key, as a phone would make it."""
        return f"{self.random.getrandbits(128):032x}"

    # filing

    def complain(self, name: str, now: datetime, *, is_signed_in: bool = True) -> Filed:
        """File the written-down complaint of this name."""
        document = self._complaint(name, now)
        phone = document["claimant"]["phone"]
        actor = self._sign_in(phone, now) if is_signed_in else VISITOR
        filed = filing.file_complaint(document, self.key(), actor, "mini", now)
        return Filed(filed.public_id, actor if is_signed_in else _holder(filed.case_token, now))

    def report(self, name: str, now: datetime) -> Filed:
        """Send the written-down report of this name."""
        document = filings.report(name, self._employer_ids, bureau().privacy.version)
        filed = filing.file_report(document, self.key(), "web", now)
        return Filed(filed.public_id, _holder(filed.case_token, now))

    def write_down(
        self, lane: str, name: str, who: str, now: datetime, extra: dict[str, str]
    ) -> Filed:
        """Staff write down what somebody says; see assisted.file_for for `extra`."""
        if lane == "complaint":
            document = self._complaint(name, now)
        else:
            document = filings.report(name, self._employer_ids, bureau().privacy.version)
        receipt = assisted.file_for(lane, document, extra, self.key(), self.staff[who], now)
        return Filed(receipt.id, VISITOR)

    def listener(self, phone: str, now: datetime) -> Actor:
        """The worker with this telephone, signed in."""
        return self._sign_in(phone, now)

    def _complaint(self, name: str, now: datetime) -> dict[str, Any]:
        version = bureau().privacy.version
        return filings.complaint(name, shanghai_today(now), self._employer_ids, version)

    def _sign_in(self, phone: str, now: datetime) -> Actor:
        if phone not in self._workers:
            sent = identity.request_sms_code(phone, now)
            if sent.demo_code is None:
                raise LookupError("codes are shown in demo mode only")
            token = identity.sign_in_by_phone(phone, sent.demo_code, "演示手机", now).token
            self._workers[phone] = _holder(token, now)
        return self._workers[phone]

    # handling

    def step(self, case: Filed, key: str, who: str, now: datetime, **values: Any) -> None:
        """A member of staff takes a step, or asks for its approval; drafts fill the documents."""
        row = self.row(case)
        for field in forms.fields(row.lane, key):
            if field.kind == "document" and field.name not in values:
                values[field.name] = documents.draft(row, key, now)
            elif field.kind == "date" and field.name not in values:
                values[field.name] = shanghai_today(now).isoformat()
        handling.perform(case.public_id, key, values, None, self.staff[who], now)

    def answer(
        self, case: Filed, who: str, now: datetime, *, is_yes: bool = True, opinion: str = ""
    ) -> None:
        """Approve or return what is asked for in this case."""
        query = sa.select(Approval.id).where(
            Approval.case_id == self.row(case).id, Approval.state == "pending"
        )
        approval_id = db.session.scalars(query).one()
        approvals.answer(approval_id, is_yes, opinion, self.staff[who], now)

    def serve(self, case: Filed, kind: str, who: str, now: datetime, way: str = "direct") -> None:
        """Record that the last unserved document of this kind was served."""
        query = sa.select(Document.id).where(
            Document.case_id == self.row(case).id,
            Document.kind == kind,
            Document.served_on.is_(None),
        )
        document_id = db.session.scalars(query.order_by(Document.id.desc())).first()
        proof = "送达回证" if way == "direct" else f"邮单 EX{self.random.randrange(10**8):08d}"
        self.step(case, "serve", who, now, document_id=document_id, way=way, proof=proof)

    def pay(self, case: Filed, who: str, now: datetime, share: int = 100) -> None:
        """Record that `share` per cent of every open month came in."""
        query = sa.select(ClaimLine).where(ClaimLine.case_id == self.row(case).id)
        amounts = {str(line.id): line.owed_fen * share // 100 for line in db.session.scalars(query)}
        typed = {line_id: f"{fen / 100:.2f}" for line_id, fen in amounts.items() if fen}
        self.step(case, "record_payment", who, now, amounts=typed, proof="银行回单")

    def confirm(self, case: Filed, who: str, now: datetime, way: str = "visit") -> None:
        """Record that the worker confirmed, with an identity number that is nobody's."""
        self.step(case, "confirm", who, now, way=way, id_number=self._id_number())

    def officer_id(self, who: str) -> int:
        """The row id of a member of staff, for forms that name one."""
        found = self.staff[who].id
        if found is None:
            raise LookupError(who)
        return found

    def owed_yuan(self, case: Filed) -> str:
        """What is still open, as an officer types it."""
        row = self.row(case)
        return f"{(row.owed_fen - row.received_fen) / 100:.2f}"

    def row(self, case: Filed) -> Case:
        """The case as it stands."""
        return db.session.scalars(sa.select(Case).where(Case.public_id == case.public_id)).one()

    def _id_number(self) -> str:
        born = f"{self.random.randrange(1965, 2003)}{self.random.randrange(1, 13):02d}"
        body = f"{_NOBODYS_AREA}{born}{self.random.randrange(1, 29):02d}"
        body += f"{self.random.randrange(1000):03d}"
        total = sum(int(d) * w for d, w in zip(body, _ID_WEIGHTS, strict=True))
        return body + _ID_CHECKS[total % 11]

    # talking and files

    def say(self, case: Filed, text: str, now: datetime) -> None:
        """The worker writes to the unit."""
        talk.say(case.public_id, text, self.key(), case.worker, now)

    def reply(self, case: Filed, text: str, who: str, now: datetime) -> None:
        """Staff read what was written and write back."""
        talk.mark_read_by_bureau(case.public_id, self.staff[who])
        talk.reply(case.public_id, text, self.key(), self.staff[who], now)

    def upload(
        self, case: Filed, name: str, data: bytes, now: datetime, *, strip_place: bool = False
    ) -> None:
        """The worker sends a file, piece by piece."""
        digest = hashlib.sha256(data).hexdigest()
        form = EvidenceIn(
            name=name, size=len(data), sha256=digest, key=self.key(), strip_place=strip_place
        )
        file_id = evidence.begin(case.public_id, case.worker, form, now).evidence.public_id
        for offset in range(0, len(data), CHUNK_BYTES):
            piece = data[offset : offset + CHUNK_BYTES]
            evidence.append(file_id, offset, piece, case.worker, now)


def _holder(token: str | None, now: datetime) -> Actor:
    """Who holds a token just given out; LookupError when it opens nothing."""
    actor = identity.report_actor(token or "", now) or identity.worker_actor(token or "", now)
    if actor is None:
        raise LookupError("a token just given out opens nothing")
    return actor
