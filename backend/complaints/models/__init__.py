"""Tables of complaints and reports; importing this package makes them all known."""

from backend.complaints.models.case import Case, Claimant, ClaimLine, NumberSeries
from backend.complaints.models.clock import Clock, ClockChange
from backend.complaints.models.handling import ActRecord, Approval, Document
from backend.complaints.models.talk import (
    Appointment,
    CaseMessage,
    Correction,
    PaymentWord,
    Supplement,
    Withdrawal,
)

__all__ = [
    "ActRecord",
    "Appointment",
    "Approval",
    "Case",
    "CaseMessage",
    "ClaimLine",
    "Claimant",
    "Clock",
    "ClockChange",
    "Correction",
    "Document",
    "NumberSeries",
    "PaymentWord",
    "Supplement",
    "Withdrawal",
]
