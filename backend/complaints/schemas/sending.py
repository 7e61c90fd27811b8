"""What a phone sends: filings and everything the worker does afterwards."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from backend.core.schemas import Day, Fen, In, Line, Month, Phone, RandomKey, Text

Short = Annotated[Text, Field(max_length=60)]
Middle = Annotated[Text, Field(max_length=200)]
PriorStep = Literal["arbitration", "court", "payment_order"]


class ScreeningIn(In):
    """The few taps before the form: where, what was tried before, who."""

    place: Literal["here", "elsewhere", "unsure"]
    other_district: Short | None = None
    prior_steps: Annotated[list[PriorStep], Field(max_length=3)]
    age_group: Literal["under_16", "16_17", "18_59", "60_plus"]
    worker_kind: Literal["employee", "platform", "student", "household", "unsure"]
    contract: Literal["written", "oral", "none", "unsure"]
    is_still_working: bool


class ClaimantIn(In):
    """Who claims (粤监察 37(1)); the ID number is asked only at confirmation."""

    name: Annotated[Line, Field(max_length=40)]
    phone: Phone
    service_address: Line


class EmployerIn(In):
    """The employer as far as the worker knows it (粤监察 37(2))."""

    employer_id: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    name: Annotated[Text, Field(max_length=120)] | None = None
    is_name_unknown: bool = False
    address: Middle | None = None
    phone: Annotated[Text, Field(max_length=30)] | None = None
    contact: Short | None = None


class WorkIn(In):
    """When, where and as what the work was done."""

    from_on: Day
    to_on: Day | None = None
    post: Short | None = None
    street: Annotated[Text, Field(max_length=40)] | None = None
    place: Line


class ClaimIn(In):
    """One month: what was due and what was paid, in fen."""

    month: Month
    due_fen: Fen
    paid_fen: Fen


class ComplaintIn(In):
    """A whole complaint (投诉)."""

    privacy_version: Annotated[Text, Field(min_length=1, max_length=20)]
    screening: ScreeningIn
    claimant: ClaimantIn
    employer: EmployerIn
    work: WorkIn
    claims: Annotated[list[ClaimIn], Field(min_length=1, max_length=36)]
    request: Annotated[Text, Field(min_length=1, max_length=1000)]
    facts: Annotated[Text, Field(min_length=1, max_length=5000)]


class ReporterIn(In):
    """Who reports by name, and whether they want an answer (粤监察 34)."""

    name: Annotated[Line, Field(max_length=40)]
    phone: Phone
    wants_reply: bool


class ReportEmployerIn(In):
    """The employer a report is about."""

    name: Annotated[Text, Field(max_length=120)] | None = None
    is_name_unknown: bool = False
    address: Middle | None = None


class ReportIn(In):
    """A whole report (举报), anonymous or by name."""

    privacy_version: Annotated[Text, Field(min_length=1, max_length=20)]
    is_anonymous: bool
    reporter: ReporterIn | None = None
    employer: ReportEmployerIn
    place: Line
    street: Annotated[Text, Field(max_length=40)] | None = None
    what: Annotated[Text, Field(min_length=1, max_length=5000)]
    people_count: Annotated[int, Field(ge=1, le=100_000)] | None = None
    happened_from: Annotated[Text, Field(max_length=60)] | None = None


class LookupIn(In):
    """A receipt code as typed, and the last four digits of the telephone."""

    code: Annotated[Text, Field(min_length=1, max_length=60)]
    phone_tail: Annotated[str, Field(pattern=r"^[0-9]{4}$")]


class MessageIn(In):
    """A message to the unit; `key` makes a repeated sending one message."""

    text: Annotated[Text, Field(min_length=1, max_length=2000)]
    key: RandomKey


class SupplementIn(In):
    """Something to add to what was filed."""

    text: Annotated[Text, Field(min_length=1, max_length=5000)]
    key: RandomKey


class AnswerIn(In):
    """The answer to one item of a correction notice."""

    id: Annotated[int, Field(ge=1, le=2**31 - 1)]
    text: Annotated[Text, Field(max_length=2000)]


class ResupplyIn(In):
    """The answers to a correction notice, all at once."""

    items: Annotated[list[AnswerIn], Field(min_length=1, max_length=50)]


class AppointmentIn(In):
    """Which half day, and in person or by video."""

    on_date: Day
    period: Literal["am", "pm"]
    how: Literal["visit", "video"]


class WithdrawalIn(In):
    """A wish to withdraw, after the consequence was read."""

    has_read_consequence: Literal[True]
    reason: Annotated[Text, Field(max_length=1000)] | None = None


class PaymentIn(In):
    """The money came, or it did not."""

    is_paid: bool
    amount_fen: Fen | None = None
    paid_on: Day | None = None
    note: Annotated[Text, Field(max_length=1000)] | None = None
    key: RandomKey


class PageQuery(In):
    """Paging by cursor."""

    cursor: Annotated[str, Field(max_length=200)] | None = None
