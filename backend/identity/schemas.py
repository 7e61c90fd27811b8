"""Documents of sign-in and of the signed-in person's own page."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backend.core.schemas import In, Moment, Out, Phone, Text


class SmsCodeIn(In):
    """Whose telephone to send a code to."""

    phone: Phone


class SmsCodeOut(Out):
    """How long the code lives; the code itself in demo mode only."""

    expires_in_s: int
    resend_after_s: int
    demo_code: str | None


class PhoneSignInIn(In):
    """A telephone and the code that was sent to it."""

    phone: Phone
    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class WeChatSignInIn(In):
    """What `wx.login` gave."""

    code: Annotated[Text, Field(min_length=1, max_length=128)]


class AccountLinkIn(In):
    """What stands in the link that the official account gave its follower."""

    token: Annotated[str, Field(pattern=r"^[0-9]{1,18}\.[0-9]{1,12}\.[0-9a-f]{32}$")]


class WeChatPhoneIn(In):
    """What WeChat's button `getPhoneNumber` gave."""

    code: Annotated[Text, Field(min_length=1, max_length=128)]


class WorkerOut(Out):
    """The signed-in worker, as little as the page needs."""

    phone_masked: str | None
    is_phone_verified: bool


class SignedInOut(Out):
    """A session: the token is shown once."""

    token: str
    expires_at: Moment
    worker: WorkerOut


class SessionOut(Out):
    """A device that is signed in."""

    id: str
    device: str
    created_at: Moment
    last_seen_at: Moment
    is_current: bool


class MeOut(WorkerOut):
    """The signed-in worker and all devices signed in."""

    sessions: list[SessionOut]
