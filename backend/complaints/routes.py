"""The worker's door to complaints and reports: typed input, one service call, typed output."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from backend.complaints.evidence.routes import bp as evidence_bp
from backend.complaints.schemas import (
    AppointmentIn,
    AppointmentOut,
    CaseListOut,
    CaseOut,
    ComplaintIn,
    DocumentTextOut,
    GenuineOut,
    LookupIn,
    MessageIn,
    MessageOut,
    PageQuery,
    PaymentIn,
    PaymentOut,
    PlaceOut,
    ReceiptOut,
    ReportIn,
    ResupplyIn,
    SlotOut,
    SlotsOut,
    StatusOut,
    SupplementIn,
    SupplementOut,
    WithdrawalIn,
    WithdrawalOut,
)
from backend.complaints.service import appointments, filing, talk, views, worker
from backend.core import clock, crypto, openapi, rates
from backend.core.errors import BadInput, FieldError
from backend.core.installation import bureau
from backend.identity.guards import current_actor, public, worker_optional, worker_required

bp = APIBlueprint("complaints", __name__, url_prefix="/api/v1", tag="complaints")
bp.register_blueprint(evidence_bp)

_HOUR = 3600
_FILED_BEFORE: dict[str, str | dict[str, dict[str, Any]]] = {
    "description": "Filed before with the same key and content",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ReceiptOut"}}},
}
_RESPONSES: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {200: _FILED_BEFORE}
_KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Made on the phone; the same key and content file once however often sent",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
}
_FILING_HEADERS = (_KEY_HEADER, openapi.CLIENT_HEADER)


def _key() -> str:
    """The idempotency key of this filing; BadInput when the phone sent none."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) != 32 or any(c not in "0123456789abcdef" for c in key):
        message = "这次提交缺了编号，请重新打开页面再交。填的都还在。"
        raise BadInput(message, errors=[FieldError("Idempotency-Key", message)])
    return key


def _channel() -> str:
    return "mini" if request.headers.get("X-Client") == "mini" else "web"


@bp.post("/complaints")
@worker_optional
@bp.input(ComplaintIn, arg_name="data")
@bp.output(ReceiptOut, 201)
@bp.doc(responses=_RESPONSES)
@openapi.also(parameters=_FILING_HEADERS)
def file_complaint(data: ComplaintIn) -> tuple[ReceiptOut, int]:
    """File a complaint (投诉)."""
    now = clock.now()
    filed = filing.file_complaint(
        data.model_dump(mode="json"), _key(), current_actor(), _channel(), now
    )
    return views.receipt(filed, now), 201 if filed.is_new else 200


@bp.post("/reports")
@public
@bp.input(ReportIn, arg_name="data")
@bp.output(ReceiptOut, 201)
@bp.doc(responses=_RESPONSES)
@openapi.also(parameters=_FILING_HEADERS, answers=[409])
def file_report(data: ReportIn) -> tuple[ReceiptOut, int]:
    """File a report (举报); nothing about the sender is read."""
    now = clock.now()
    filed = filing.file_report(data.model_dump(mode="json"), _key(), _channel(), now)
    return views.receipt(filed, now), 201 if filed.is_new else 200


@bp.get("/complaints")
@worker_required
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(CaseListOut)
def my_complaints(page: PageQuery) -> CaseListOut:
    """The worker's own complaints, newest first."""
    return views.of_worker(current_actor(), page.cursor, clock.now())


@bp.get("/complaints/<case_id>")
@worker_required
@bp.output(CaseOut)
def complaint(case_id: str) -> CaseOut:
    """One complaint, whole."""
    return views.case_out(case_id, current_actor(), clock.now())


@bp.get("/complaints/<case_id>/documents/<int:document_id>")
@worker_required
@bp.output(DocumentTextOut)
def document(case_id: str, document_id: int) -> DocumentTextOut:
    """A document addressed to the worker."""
    return views.document_out(case_id, document_id, current_actor())


@bp.post("/complaints/<case_id>/messages")
@worker_required
@bp.input(MessageIn, arg_name="data")
@bp.output(MessageOut, 201)
def say(case_id: str, data: MessageIn) -> MessageOut:
    """Write to the unit."""
    message = talk.say(case_id, data.text, data.key, current_actor(), clock.now())
    return views.message_out(message)


@bp.post("/complaints/<case_id>/messages/read")
@worker_required
@bp.output({}, 204)
def mark_read(case_id: str) -> str:
    """The worker has seen the messages."""
    talk.mark_read_by_worker(case_id, current_actor())
    return ""


@bp.post("/complaints/<case_id>/supplements")
@worker_required
@bp.input(SupplementIn, arg_name="data")
@bp.output(SupplementOut, 201)
def supplement(case_id: str, data: SupplementIn) -> Any:
    """Add to what was filed."""
    return worker.supplement(case_id, data.text, data.key, current_actor(), clock.now())


@bp.post("/complaints/<case_id>/resupply")
@worker_required
@bp.input(ResupplyIn, arg_name="data")
@bp.output(CaseOut)
def resupply(case_id: str, data: ResupplyIn) -> CaseOut:
    """Answer a correction notice."""
    now = clock.now()
    answers = {item.id: item.text for item in data.items}
    worker.resupply(case_id, answers, current_actor(), now)
    return views.case_out(case_id, current_actor(), now)


@bp.get("/complaints/<case_id>/appointment-slots")
@worker_required
@bp.output(SlotsOut)
def slots(case_id: str) -> SlotsOut:
    """When the complaint can be confirmed."""
    now = clock.now()
    views.case_for(current_actor(), case_id)
    place = bureau().confirmation_place
    return SlotsOut(
        items=[SlotOut.model_validate(slot) for slot in appointments.slots(now)],
        place=PlaceOut(**place.model_dump(exclude_none=True)),
    )


@bp.post("/complaints/<case_id>/appointments")
@worker_required
@bp.input(AppointmentIn, arg_name="data")
@bp.output(AppointmentOut, 201)
def book(case_id: str, data: AppointmentIn) -> Any:
    """Book a confirmation."""
    return appointments.book(
        case_id, data.on_date, data.period, data.how, current_actor(), clock.now()
    )


@bp.delete("/complaints/<case_id>/appointments/<int:appointment_id>")
@worker_required
@bp.output({}, 204)
def cancel(case_id: str, appointment_id: int) -> str:
    """Cancel a confirmation."""
    appointments.cancel(case_id, appointment_id, current_actor(), clock.now())
    return ""


@bp.post("/complaints/<case_id>/withdrawal")
@worker_required
@bp.input(WithdrawalIn, arg_name="data")
@bp.output(WithdrawalOut, 202)
def ask_withdrawal(case_id: str, data: WithdrawalIn) -> WithdrawalOut:
    """Ask to withdraw; it can be undone until it takes effect."""
    now = clock.now()
    effective_at = worker.ask_withdrawal(case_id, data.reason, current_actor(), now)
    return WithdrawalOut(asked_at=now, takes_effect_at=effective_at)


@bp.delete("/complaints/<case_id>/withdrawal")
@worker_required
@bp.output({}, 204)
def undo_withdrawal(case_id: str) -> str:
    """Take a withdrawal back."""
    worker.undo_withdrawal(case_id, current_actor(), clock.now())
    return ""


@bp.post("/complaints/<case_id>/payments")
@worker_required
@bp.input(PaymentIn, arg_name="data")
@bp.output(PaymentOut, 201)
def say_paid(case_id: str, data: PaymentIn) -> PaymentOut:
    """Say that the money came, or did not."""
    linked = worker.say_paid(
        case_id, data.is_paid, data.amount_fen, data.paid_on, data.note, data.key,
        current_actor(), clock.now(),
    )  # fmt: skip
    return PaymentOut.model_validate({"linked_case": views.linked_out(linked) if linked else None})


@bp.post("/receipt-lookups")
@public
@bp.input(LookupIn, arg_name="data")
@bp.output(StatusOut)
@openapi.also(answers=[404, 429])
def lookup(data: LookupIn) -> StatusOut:
    """Where a case stands, by receipt code and the telephone's last four digits."""
    now = clock.now()
    words = "查得太多次了，请过一小时再查，或打 12333 问。"
    # by code: its 80 bits cannot be guessed, the four digits could
    code = crypto.normal_receipt_code(data.code) or "unreadable"
    limit = bureau().policy.receipt_guesses_per_hour
    rates.spend("receipt", code, limit=limit, window_s=_HOUR, now=now, words=words)
    return views.lookup(data.code, data.phone_tail, now)


@bp.get("/receipts/<code>")
@public
@bp.output(GenuineOut)
def genuine(code: str) -> GenuineOut:
    """Whether a receipt is genuine."""
    return views.genuine(code)
