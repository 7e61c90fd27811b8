"""What goes back to the worker: receipts, cases, dates, documents."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from backend.complaints.evidence.schemas import EvidenceOut
from backend.core.schemas import Moment, Out


class LawOut(Out):
    """A citation that can be opened."""

    key: str
    law: str
    article: str


class LawTextOut(LawOut):
    """An article: our gist, and its text where the bureau holds it."""

    gist: str
    text: str | None
    state: Literal["verified", "unverified"]


class DateOut(Out):
    """A legal date: fixed, provisional (about), or passed."""

    key: str
    title: str
    due_on: date
    is_provisional: bool
    is_passed: bool
    law: LawOut | None
    sentence: str


class ReceiptOut(Out):
    """What the worker holds after filing."""

    id: str
    number: str
    lane: Literal["complaint", "report"]
    filed_at: Moment
    received_on: date
    receipt_code: str
    digest: str
    is_phone_verified: bool
    owed_fen: int
    next: DateOut
    what_next: list[str]
    advice: list[str]
    case_token: str | None
    evidence_allowed: int


class DocumentRef(Out):
    """A document that can be opened."""

    id: int
    title: str


class EntryOut(Out):
    """One step of the timeline."""

    at: Moment
    title: str
    who: str
    text: str
    kind: Literal["done", "now"]
    document: DocumentRef | None
    law: LawOut | None


class CallOut(Out):
    """A number to ring."""

    label: str
    phone: str


class OverdueOut(Out):
    """What may be said once a clock has passed; nothing more (states.md)."""

    sentence: str
    calls: list[CallOut]
    limitation: DateOut | None
    warning: str


class StatusOut(Out):
    """Where a case stands, without anything personal: for whoever holds the receipt."""

    number: str
    lane: Literal["complaint", "report"]
    is_anonymous: bool
    state: str
    state_label: str
    headline: str
    what_now: str
    is_final: bool
    filed_at: Moment
    dates: list[DateOut]
    timeline: list[EntryOut]
    overdue: OverdueOut | None


class GenuineOut(Out):
    """Proof that a receipt is ours; nothing personal."""

    is_genuine: Literal[True]
    lane: Literal["complaint", "report"]
    number: str
    filed_at: Moment
    state_label: str
    digest: str


class ClaimOut(Out):
    """One month as it stands now."""

    month: str
    due_fen: int
    paid_fen: int
    received_fen: int


class WorkOut(Out):
    """The work as it was filed."""

    from_on: date | None
    to_on: date | None
    post: str | None


class CorrectionItemOut(Out):
    """One thing that is missing."""

    id: int
    text: str


class CorrectionOut(Out):
    """The open correction notice."""

    asked_at: Moment
    items: list[CorrectionItemOut]


class AppointmentOut(Out):
    """The appointment that stands."""

    id: int
    on_date: date
    period: Literal["am", "pm"]
    how: Literal["visit", "video"]


class WithdrawalOut(Out):
    """A withdrawal that can still be undone."""

    asked_at: Moment
    takes_effect_at: Moment


class OutcomeOut(Out):
    """How the case ended."""

    key: str
    label: str
    sentence: str


class LinkedOut(Out):
    """A case before or after this one."""

    id: str
    number: str
    relation: Literal["before", "after"]


class MessageOut(Out):
    """A message inside the case."""

    model_config = ConfigDict(populate_by_name=True, from_attributes=True)

    id: int
    from_: Annotated[Literal["worker", "bureau"], Field(alias="from")]
    who: str
    text: str
    at: Moment


class DocumentOut(Out):
    """A document of the case."""

    id: int
    kind: str
    title: str
    number: str
    issued_at: Moment


class DocumentTextOut(DocumentOut):
    """A document, whole."""

    text: str
    law: LawOut | None


class CaseOut(StatusOut):
    """A case as its own worker sees it."""

    id: str
    received_on: date
    receipt_code: str
    digest: str
    is_phone_verified: bool
    employer_name: str | None
    place: str
    street: str | None
    work: WorkOut
    claims: list[ClaimOut]
    owed_fen: int
    received_fen: int
    request: str | None
    facts: str
    actions: list[str]
    correction: CorrectionOut | None
    appointment: AppointmentOut | None
    withdrawal: WithdrawalOut | None
    outcome: OutcomeOut | None
    officers: list[str]
    linked: list[LinkedOut]
    messages: list[MessageOut]
    unread: int
    evidence: list[EvidenceOut]
    documents: list[DocumentOut]
    version: int


class CaseRowOut(Out):
    """A case in the worker's list; employer and amount stay inside."""

    id: str
    number: str
    lane: Literal["complaint", "report"]
    state: str
    state_label: str
    headline: str
    withdrawal: WithdrawalOut | None
    filed_at: Moment
    is_final: bool
    next: DateOut | None
    unread: int


class CaseListOut(Out):
    """A page of the worker's cases, newest first."""

    items: list[CaseRowOut]
    next_cursor: str | None


class SupplementOut(Out):
    """A supplement that was taken."""

    id: int
    at: Moment


class SlotOut(Out):
    """Half a day with places left."""

    on_date: date
    period: Literal["am", "pm"]
    left: int


class PlaceOut(Out):
    """Where to confirm in person."""

    name: str
    address: str | None = None
    phone: str | None = None
    hours: str | None = None


class SlotsOut(Out):
    """When a confirmation can be booked."""

    items: list[SlotOut]
    place: PlaceOut


class PaymentOut(Out):
    """A payment word that was taken, and the case it opened."""

    linked_case: LinkedOut | None
