"""Acts of identity: signing in and out, sessions, SMS codes, staff; the names others call."""

from backend.identity.service.account_link import is_linked, link_account, link_token
from backend.identity.service.merging import bring_after, not_merged, use_movers
from backend.identity.service.one_person import learn
from backend.identity.service.own_phone import prove_phone_by_wechat
from backend.identity.service.report_tokens import report_actor, report_token
from backend.identity.service.sessions import (
    CASE_SESSION_S,
    STAFF_SESSION_S,
    forget_ended,
    open_case_session,
    revoke,
    sessions,
    staff_actor,
    worker_actor,
)
from backend.identity.service.sms_codes import (
    SmsCodeSent,
    forget_old_codes,
    request_sms_code,
)
from backend.identity.service.staff import (
    active_staff,
    create_staff,
    deactivate_staff,
    set_password,
    staff_by_id,
    staff_by_username,
)
from backend.identity.service.staff_sign_in import StaffSignedIn, sign_in_staff, sign_out
from backend.identity.service.workers import (
    Reach,
    SignedIn,
    followers,
    proved_phones,
    reach,
    sign_in_by_phone,
    sign_in_by_wechat,
    worker_by_id,
    worker_for_account,
)

__all__ = [
    "CASE_SESSION_S",
    "STAFF_SESSION_S",
    "Reach",
    "SignedIn",
    "SmsCodeSent",
    "StaffSignedIn",
    "active_staff",
    "bring_after",
    "create_staff",
    "deactivate_staff",
    "followers",
    "forget_ended",
    "forget_old_codes",
    "is_linked",
    "learn",
    "link_account",
    "link_token",
    "not_merged",
    "open_case_session",
    "prove_phone_by_wechat",
    "proved_phones",
    "reach",
    "report_actor",
    "report_token",
    "request_sms_code",
    "revoke",
    "sessions",
    "set_password",
    "sign_in_by_phone",
    "sign_in_by_wechat",
    "sign_in_staff",
    "sign_out",
    "staff_actor",
    "staff_by_id",
    "staff_by_username",
    "use_movers",
    "worker_actor",
    "worker_by_id",
    "worker_for_account",
]
