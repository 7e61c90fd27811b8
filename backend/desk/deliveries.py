"""发送情况: messages that did not leave the house, why, and sending one again."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.complaints.service import contact
from backend.core import clock
from backend.desk.frame import SENDING_ROLES
from backend.identity.guards import current_actor, staff_required
from backend.notify import stuck

bp = APIBlueprint("deliveries", __name__, enable_openapi=False)

STATE_WORDS = {
    "dead": "没发出去，不再自动发",
    "unknown": "不知道发到没有",
    "failed": "没发出去，还会自动再发",
    "waiting": "等着发",
    "sending": "正在发",
    "sent": "发出去了",
    "in_app": "只能在手机上打开看",
}
CHANNEL_WORDS = {"wechat": "微信公众号", "sms": "短信"}
ERROR_WORDS = {
    "stopped": "发的时候程序停了，可能已经发到",
    "no_answer": "发出去了，对方没有回音，可能已经发到",
    "no_address": "没有公众号，也没有手机号",
    "no_account": "没有关注公众号，改发短信",
    "sms_unavailable": "短信网关连不上",
    "wechat_unavailable": "微信连不上",
    "wechat_-1": "微信系统忙",
    "wechat_40001": "微信不认我们的凭证",
    "wechat_40003": "微信号不对",
    "wechat_43004": "没有关注公众号",
    "wechat_45009": "今天给微信发得太多了",
    "wechat_45015": "对方 48 小时内没有来信，微信不让主动发",
    "wechat_45047": "发得太多，对方一直没有回",
}


@bp.get("/deliveries")
@staff_required(*SENDING_ROLES)
def page() -> str:
    """What did not go out, the given-up first, with the number in each state above."""
    rows = stuck.stuck()
    return render_template(
        "desk/deliveries.html",
        rows=rows,
        cases=contact.numbers(message.subject for _delivery, message in rows),
        counts=stuck.counts(),
        state_words=STATE_WORDS,
        channel_words=CHANNEL_WORDS,
        why=why,
    )


@bp.post("/deliveries/<int:delivery_id>")
@staff_required(*SENDING_ROLES)
def again(delivery_id: int) -> AnyResponse:
    """Let one message be sent again; it goes with the next run, within a minute."""
    stuck.send_again(delivery_id, current_actor(), clock.now())
    return redirect(url_for("desk.deliveries.page", done="yes"), 303)


def why(error: str | None) -> str:
    """What went wrong, in words; a number nobody has met yet is shown as it is."""
    if error is None:
        return "还没有试过"
    known = ERROR_WORDS.get(error)
    return known or f"微信没有收（错误号 {error.removeprefix('wechat_')}）"
