"""Who may do what in which state, written by hand from the law and not from the code."""

from __future__ import annotations

ROLES = {
    "I": "inspector",
    "U": "unit_head",
    "H": "head",
    "R": "legal_reviewer",
    "M": "mediator",
    "K": "clerk",
    "A": "admin",
    "C": "complainant",
    "S": "system",
}

# what is possible in every open state, and while an investigation runs
_OPEN = "take:I hand_over:IUH accept_handover:I serve:IK note:IUHRMK"
_COMPLAINT = f"{_OPEN} record_payment:I withdraw:IS ask_withdrawal:CIK undo_withdrawal:CIK"
_CLOCK = "name_second:I extend:I suspend:I resume:I exclude_time:I end_excluded_time:I"
_FINDING = f"{_COMPLAINT} {_CLOCK} mediate:IM refer_to_police:I"
_FINAL = "serve:IK note:IUHRMK"

_TABLE = {
    ("complaint", "submitted"): f"""{_COMPLAINT} request_correction:I accept:I deem_accepted:S
        refuse:I redirect:I confirm:IK override_correction:UH""",
    ("complaint", "correction_requested"): f"""{_COMPLAINT} resupply:CIK refuse:I redirect:I
        confirm:IK""",
    ("complaint", "investigating"): f"""{_FINDING} order_payment:I give_prior_notice:I
        send_to_review:I decide:H advise_arbitration:I close:I confirm:IK""",
    ("complaint", "ordered"): f"""{_FINDING} give_prior_notice:I send_to_review:I decide:H close:I
        order_compensation:I""",
    ("complaint", "prior_notice_given"): f"""{_FINDING} order_payment:I send_to_review:I decide:H
        order_compensation:I""",
    ("complaint", "in_legal_review"): f"""{_FINDING} return_from_review:R pass_review:R
        decide:H""",
    ("complaint", "decided"): f"""{_COMPLAINT} mediate:IM refer_to_police:I apply_enforcement:I
        close:I order_compensation:I report_to_superior:I demand:I""",
    ("complaint", "enforcing"): f"""{_COMPLAINT} refer_to_police:I close:I
        report_to_superior:I""",
    ("complaint", "not_accepted"): f"{_FINAL} follow_up:IK",
    ("complaint", "redirected"): f"{_FINAL} follow_up:IK",
    ("complaint", "withdrawn"): f"{_FINAL} follow_up:IK",
    ("complaint", "closed"): f"{_FINAL} follow_up:IK report_to_superior:I",
    ("report", "received"): f"{_OPEN} answer_reporter:I file_case:I transfer:I not_file:I",
    ("report", "filed"): f"{_OPEN} {_CLOCK} answer_reporter:I investigate:I",
    ("report", "investigating"): f"""{_OPEN} {_CLOCK} answer_reporter:I close:I
        refer_to_police:I""",
    ("report", "transferred"): f"{_FINAL} answer_reporter:I",
    ("report", "not_filed"): f"{_FINAL} answer_reporter:I",
    ("report", "closed"): f"{_FINAL} answer_reporter:I follow_up:IK",
}

#: (lane, state) -> step -> the roles that may take it or ask for it.
LAWFUL = {
    where: {
        key: frozenset(ROLES[letter] for letter in letters)
        for key, letters in (entry.split(":") for entry in entries.split())
    }
    for where, entries in _TABLE.items()
}

#: Where each move leads.
LEADS_TO = {
    "complaint": {
        "request_correction": "correction_requested",
        "resupply": "submitted",
        "accept": "investigating",
        "deem_accepted": "investigating",
        "refuse": "not_accepted",
        "redirect": "redirected",
        "order_payment": "ordered",
        "give_prior_notice": "prior_notice_given",
        "send_to_review": "in_legal_review",
        "return_from_review": "investigating",
        "decide": "decided",
        "apply_enforcement": "enforcing",
        "advise_arbitration": "closed",
        "close": "closed",
        "withdraw": "withdrawn",
    },
    "report": {
        "file_case": "filed",
        "transfer": "transferred",
        "not_file": "not_filed",
        "investigate": "investigating",
        "close": "closed",
    },
}

#: Steps that need somebody else's yes, and whose.
APPROVED_BY = {
    "accept": "UH", "refuse": "UH", "apply_enforcement": "UH", "advise_arbitration": "UH",
    "close": "UH", "file_case": "UH", "not_file": "UH",
    "order_payment": "H", "extend": "H", "suspend": "H", "order_compensation": "H",
    "refer_to_police": "H",
}  # fmt: skip

_CASEWORK = "mine not_paused no_approval"
#: What must hold for each step; a step that is not here asks for nothing more.
NEEDS = {
    "request_correction": f"{_CASEWORK} accept_open",
    "accept": f"{_CASEWORK} confirmation",
    "deem_accepted": "deemable",
    "refuse": f"{_CASEWORK} accept_open",
    "redirect": f"{_CASEWORK} accept_open",
    "order_payment": f"{_CASEWORK} two_officers",
    "give_prior_notice": f"{_CASEWORK} two_officers",
    "send_to_review": f"{_CASEWORK} two_officers",
    "return_from_review": "not_paused",
    "decide": "not_paused no_approval",
    "apply_enforcement": f"{_CASEWORK} demand_waited remedy_over",
    "advise_arbitration": f"{_CASEWORK} two_officers",
    "close": _CASEWORK,
    "withdraw": "withdrawal_asked others_record",
    "file_case": _CASEWORK,
    "transfer": _CASEWORK,
    "not_file": _CASEWORK,
    "investigate": _CASEWORK,
    "take": "no_officer",
    "name_second": "mine no_second",
    "accept_handover": "handover",
    "confirm": "not_paused",
    "override_correction": "accept_open",
    "extend": f"{_CASEWORK} clock_running not_passed not_extended",
    "suspend": f"{_CASEWORK} clock_running",
    "resume": "mine suspended",
    "exclude_time": f"{_CASEWORK} clock_running",
    "end_excluded_time": "mine time_excluded",
    "mediate": "not_paused",
    "serve": "mine unserved",
    "record_payment": "mine not_paused",
    "order_compensation": f"{_CASEWORK} order_ignored no_compensation",
    "refer_to_police": _CASEWORK,
    "report_to_superior": "mine reportable",
    "demand": f"{_CASEWORK} decision_served no_demand",
    "pass_review": "not_paused",
    "answer_reporter": "mine not_paused answerable",
    "ask_withdrawal": "no_withdrawal",
    "undo_withdrawal": "withdrawal_asked",
}
