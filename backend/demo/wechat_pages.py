"""/demo/wechat, in demo mode only: WeChat's API for our own processes, and what it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from apiflask import APIBlueprint
from flask import Response, current_app, render_template, request
from werkzeug.test import Client

from backend.complaints.service import contact
from backend.core import clock, masking
from backend.core.db import db
from backend.core.installation import bureau, settings
from backend.demo import wechat_follower, wechat_log
from backend.demo.wechat_mini_server import MiniSide, Subscribed
from backend.demo.wechat_server import WeChatServer
from backend.identity.guards import public
from backend.law.days import SHANGHAI
from backend.notify.models import Delivery, OutboxMessage
from backend.wechat import answers, callback, mini

bp = APIBlueprint(
    "demo_wechat",
    __name__,
    url_prefix="/demo/wechat",
    template_folder="templates",
    enable_openapi=False,
)

FOLLOWERS = {
    "odemo-follower-jia": "示例关注者甲",
    "odemo-follower-yi": "示例关注者乙",
    "odemo-follower-bing": "示例关注者丙",
}
LONGEST_TEXT = 2000
_SMS_SHOWN = 20
_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
_CALLBACK = "/wechat/callback"
_NO_REPLY = "公众号没有马上回话。晚一点的回话会排在下面。"


@dataclass(frozen=True, slots=True)
class _Shown:
    """One message on the page."""

    who: str
    at: datetime
    channel: str
    text: str

    @property
    def when(self) -> str:
        """Its moment in Shanghai."""
        return f"{self.at.astimezone(SHANGHAI):%m-%d %H:%M}"


@bp.get("")
@public
def page() -> Response:
    """The messages sent, and a form to write to the official account."""
    return _page()


@bp.post("")
@public
def write() -> Response:
    """Write to the official account as an invented follower; the reply is shown at once."""
    openid = request.form.get("who", "")
    text = request.form.get("text", "").strip()[:LONGEST_TEXT]
    if openid not in FOLLOWERS or not text:
        return _page(who=openid, problem="请选一个人，再写一句话。")
    return _page(who=openid, asked=text, answer=_ask(openid, text))


@bp.get("/style.css")
@public
def style() -> Response:
    """The page's style."""
    css = (Path(__file__).parent / "templates" / "demo" / "wechat.css").read_bytes()
    return Response(css, content_type="text/css; charset=utf-8")


@bp.route("/cgi-bin/<path:_rest>", methods=["POST"])
@bp.route("/wxa/<path:_rest>", methods=["POST"])
@bp.route("/sns/<path:_rest>", methods=["GET"])
@public
def api(_rest: str) -> Response:
    """WeChat's API as our own client calls it."""
    path = request.path.removeprefix(f"{bp.url_prefix}")
    reply = _server().answer(request.method, path, request.args, request.get_data())
    kind = "image/png" if answers.is_picture(reply.body) else "application/json"
    return Response(reply.body, status=reply.status, content_type=kind)


def _server() -> WeChatServer:
    chosen = settings()
    app_id, secret = chosen.wechat_account_app_id, chosen.wechat_account_app_secret
    known = {app_id: secret} if app_id and secret else {}
    # everybody in the demo has agreed: our own ledger counts all the same
    side = MiniSide(_keep_subscribed, consents=None, invents_phones=True)
    return WeChatServer(known | dict([mini.DEMO_APP]), _keep, mini=side)


def _keep_subscribed(message: Subscribed) -> None:
    text = "\n".join(message.fields.values())
    sent = wechat_log.Sent(clock.now(), message.openid, text, "小程序订阅消息")
    wechat_log.keep(settings().data_dir, sent)


def _keep(openid: str, text: str) -> None:
    wechat_log.keep(settings().data_dir, wechat_log.Sent(clock.now(), openid, text))


def _ask(openid: str, text: str) -> str:
    """Post a signed callback to our own address, and read the reply."""
    keys = callback.keys_of(settings())
    if keys is None:
        return _NO_REPLY
    now = clock.now()
    made = wechat_follower.callback(keys, wechat_follower.text_message(openid, text, now), now)
    # straight to the application: the demo's few threads must not wait for one another
    answer = Client(current_app.wsgi_app).post(
        _CALLBACK, query_string=made.query, data=made.body, content_type="text/xml"
    )
    if answer.status_code != 200:
        return f"公众号没有收这条消息（{answer.status_code}）。"
    return wechat_follower.words_of(keys, answer.get_data(as_text=True)) or _NO_REPLY


def _page(*, who: str = "", problem: str = "", asked: str = "", answer: str = "") -> Response:
    html = render_template(
        "demo/wechat.html",
        bureau=bureau(),
        followers=FOLLOWERS,
        messages=sorted([*_messages(), *_texts()], key=lambda one: one.at, reverse=True),
        who=who,
        problem=problem,
        asked=asked,
        answer=answer,
        longest=LONGEST_TEXT,
    )
    response = Response(html, status=422 if problem else 200)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


def _messages() -> list[_Shown]:
    """What went out through WeChat: to followers, and as subscribe messages."""
    return [
        _Shown(
            FOLLOWERS.get(sent.openid) or f"{sent.openid[:5]}****", sent.at, sent.channel, sent.text
        )
        for sent in wechat_log.newest(settings().data_dir)
    ]


def _texts() -> list[_Shown]:
    """The newest SMS, which leave no house in the demo."""
    query = (
        sa.select(Delivery.sent_at, OutboxMessage.subject, OutboxMessage.lock_screen)
        .join(OutboxMessage, OutboxMessage.id == Delivery.outbox_id)
        .where(Delivery.state == "sent", Delivery.channel == "sms")
        .order_by(Delivery.sent_at.desc(), Delivery.id.desc())
        .limit(_SMS_SHOWN)
    )
    return [
        _Shown(
            masking.phone(contact.phone_of(row.subject) or "") or "绑定的手机",
            row.sent_at,
            "短信",
            row.lock_screen,
        )
        for row in db.session.execute(query)
    ]
