"""SMS codes: limited in number, stored before they are sent, each wrong try counted at once."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from backend.core import crypto, rates, sms, texts
from backend.core.db import db, one_transaction
from backend.core.errors import BadInput, FieldError
from backend.identity.models import SmsCode
from backend.settings import Settings

CODE_LIVES_S = 10 * 60
RESEND_AFTER_S = 60
TRIES = 5
_LIMITS = ((RESEND_AFTER_S, 1), (3600, 5), (24 * 3600, 10))
_NOT_MOBILE = "验证码只能发到手机，请填 1 开头的 11 位手机号。"
_WRONG = "验证码不对，或者已经过期。请看最新的那条短信，还不行就重新获取一个。"


@dataclass(frozen=True, slots=True)
class SmsCodeSent:
    """What the person is told after asking for a code; `demo_code` is set in demo mode only."""

    expires_in_s: int
    resend_after_s: int
    demo_code: str | None


def request_sms_code(phone: str, now: datetime) -> SmsCodeSent:
    """Send a code to a mobile telephone (normal form).

    BadInput for a landline, TooMany above 1 a minute, 5 an hour or 10 a day, Unavailable
    (`sms_unavailable`) when no SMS can be sent. Nothing is held open while the gateway answers.
    """
    if not texts.is_mobile(phone):
        raise BadInput(_NOT_MOBILE, errors=[FieldError("phone", _NOT_MOBILE)])
    settings: Settings = current_app.config["SETTINGS"]
    sender = sms.choose(settings)
    for window_s, limit in _LIMITS:
        words = "验证码刚发过，请看一下短信，过一分钟再要。"
        if window_s > RESEND_AFTER_S:
            words = "这个号码今天要验证码太多次了。您可以先提交，电话以后再验证。"
        rates.spend("sms_code", phone, limit=limit, window_s=window_s, now=now, words=words)
    code = f"{secrets.randbelow(1_000_000):06d}"
    _store(phone, code, now)
    sender.send(phone, f"您的验证码是 {code}，10 分钟内有效。请不要告诉别人，我们不会向您要。")
    return SmsCodeSent(CODE_LIVES_S, RESEND_AFTER_S, code if settings.demo else None)


@one_transaction
def _store(phone: str, code: str, now: datetime) -> None:
    db.session.add(
        SmsCode(
            phone_index=crypto.blind_index("phone", phone),
            code_hash=_hash(phone, code),
            created_at=now,
            expires_at=now + timedelta(seconds=CODE_LIVES_S),
            tries_left=TRIES,
        )
    )


def check(phone: str, code: str, now: datetime) -> int:
    """The id of the code row that this code opens; BadInput (`wrong_code`) otherwise.

    The try is counted and committed before anything is compared, so that a failure later in
    the request cannot give it back. Every kind of wrong gets the same answer.
    """
    code_id, code_hash = _take_try(crypto.blind_index("phone", phone), now)
    is_right = hmac.compare_digest(code_hash, _hash(phone, code))
    if code_id is None or not is_right:
        raise wrong_code()
    return code_id


@one_transaction
def _take_try(phone_index: str, now: datetime) -> tuple[int | None, str]:
    newest = db.session.scalar(
        sa.select(SmsCode)
        .where(SmsCode.phone_index == phone_index)
        .order_by(SmsCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    if newest is None or newest.used_at or newest.expires_at <= now or newest.tries_left == 0:
        return None, "0" * 64
    newest.tries_left -= 1
    return newest.id, newest.code_hash


def use(code_id: int, now: datetime) -> None:
    """Use a code up inside the caller's transaction; the same code twice at once wins once."""
    used = db.session.scalar(
        sa.update(SmsCode)
        .where(SmsCode.id == code_id, SmsCode.used_at.is_(None))
        .values(used_at=now)
        .returning(SmsCode.id)
    )
    if used is None:
        raise wrong_code()


def wrong_code() -> BadInput:
    """The one answer to a code that is wrong, used, too old or was never sent."""
    return BadInput(_WRONG, code="wrong_code", errors=[FieldError("code", _WRONG)])


@one_transaction
def forget_old_codes(now: datetime) -> int:
    """Delete codes that have expired; returns how many."""
    gone = sa.delete(SmsCode).where(SmsCode.expires_at < now).returning(SmsCode.id)
    return len(db.session.scalars(gone).all())


def _hash(phone: str, code: str) -> str:
    return crypto.blind_index("sms_code", f"{phone}:{code}")
