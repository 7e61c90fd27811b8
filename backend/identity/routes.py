"""The workers' door of identity: signing in, and seeing and ending one's own sessions."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request

from backend.core import clock, masking, openapi
from backend.core.errors import NotSignedIn
from backend.identity import service
from backend.identity.guards import (
    current_actor,
    public,
    worker_required,
    worker_session_required,
)
from backend.identity.models import Session, Worker
from backend.identity.schemas import (
    AccountLinkIn,
    MeOut,
    PhoneSignInIn,
    SessionOut,
    SignedInOut,
    SmsCodeIn,
    SmsCodeOut,
    WeChatPhoneIn,
    WeChatSignInIn,
    WorkerOut,
)

bp = APIBlueprint("identity", __name__, url_prefix="/api/v1", tag="sign-in")

_DEVICES = (
    ("MicroMessenger", "微信"),
    ("HarmonyOS", "鸿蒙手机"),
    ("Android", "安卓手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
)


@bp.post("/sign-in/sms-codes")
@public
@bp.input(SmsCodeIn, arg_name="data")
@bp.output(SmsCodeOut, 202)
@openapi.also(answers=[429])
def request_sms_code(data: SmsCodeIn) -> SmsCodeOut:
    """Send a sign-in code by SMS"""
    return SmsCodeOut.model_validate(service.request_sms_code(data.phone, clock.now()))


@bp.post("/sign-in/phone")
@public
@bp.input(PhoneSignInIn, arg_name="data")
@bp.output(SignedInOut, 200)
@openapi.also(parameters=[openapi.CLIENT_HEADER])
def sign_in_by_phone(data: PhoneSignInIn) -> SignedInOut:
    """Sign in with an SMS code"""
    return _signed_in(service.sign_in_by_phone(data.phone, data.code, _device(), clock.now()))


@bp.post("/sign-in/wechat")
@public
@bp.input(WeChatSignInIn, arg_name="data")
@bp.output(SignedInOut, 200)
@openapi.also(parameters=[openapi.CLIENT_HEADER])
def sign_in_by_wechat(data: WeChatSignInIn) -> SignedInOut:
    """Sign in with a code of wx.login"""
    return _signed_in(service.sign_in_by_wechat(data.code, _device(), clock.now()))


@bp.get("/me")
@worker_session_required
@bp.output(MeOut, 200)
def me() -> MeOut:
    """The signed-in worker and their devices"""
    actor = current_actor()
    worker = service.worker_by_id(actor.id) if actor.id is not None else None
    if worker is None:
        raise NotSignedIn("登录过期了，请再登录一次。填的都还在。")
    rows = service.sessions(actor, clock.now())
    devices = [_session(row, row.id == actor.session_id) for row in rows]
    return MeOut(**_worker(worker).model_dump(), sessions=devices)


@bp.post("/me/account")
@worker_session_required
@bp.input(AccountLinkIn, arg_name="data")
@bp.output({}, 204)
@openapi.also(answers=[409])
def link_account(data: AccountLinkIn) -> str:
    """Join the official account's follower of this link to the signed-in worker"""
    service.link_account(data.token, current_actor(), clock.now())
    return ""


@bp.post("/me/phone-by-code")
@worker_session_required
@bp.input(WeChatPhoneIn, arg_name="data")
@bp.output(WorkerOut, 200)
@openapi.also(answers=[409])
def prove_phone(data: WeChatPhoneIn) -> WorkerOut:
    """Prove one's telephone with a code of WeChat's getPhoneNumber"""
    return _worker(service.prove_phone_by_wechat(data.code, current_actor(), clock.now()))


@bp.delete("/me/sessions/<session_id>")
@worker_required
@bp.output({}, 204)
def end_session(session_id: str) -> str:
    """End one of one's own sessions (`current`: this one)"""
    service.revoke(session_id, current_actor(), clock.now())
    return ""


def _signed_in(done: service.SignedIn) -> SignedInOut:
    return SignedInOut(token=done.token, expires_at=done.expires_at, worker=_worker(done.worker))


def _worker(worker: Worker) -> WorkerOut:
    masked = masking.phone(worker.phone) if worker.phone else None
    return WorkerOut(phone_masked=masked, is_phone_verified=worker.phone_verified_at is not None)


def _session(row: Session, is_current: bool) -> SessionOut:
    return SessionOut(
        id=row.public_id,
        device=row.device,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        is_current=is_current,
    )


def _device() -> str:
    """A word by which people know their own devices; the full browser name is not kept."""
    if request.headers.get("X-Client") == "mini":
        return "微信小程序"
    agent = request.headers.get("User-Agent", "")
    return next((words for mark, words in _DEVICES if mark in agent), "电脑或其他设备")
