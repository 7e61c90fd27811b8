"""Words of the desk for how messages went: the ways out, their states, and why one failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from backend.notify.reached import WAY_WORDS as SHORT
from backend.notify.reached import Tried

STATE_WORDS = {
    "dead": "没发出去，不再自动发",
    "unknown": "不知道发到没有",
    "failed": "没发出去，还会自动再发",
    "waiting": "等着发",
    "sending": "正在发",
    "sent": "发出去了",
    "in_app": "只能在手机上打开看",
    "to_call": "转到电话通知",
}
WAY_WORDS = {"subscribe": "小程序订阅消息", "wechat": "微信公众号", "sms": "短信"}
_ERROR_WORDS = {
    "stopped": "发的时候程序停了，可能已经发到",
    "no_answer": "发出去了，对方没有回音，可能已经发到",
    "no_address": "没有公众号，也没有手机号",
    "no_account": "没有关注公众号",
    "no_mini": "没有用微信登录过小程序",
    "no_consent": "没有点过允许，或者次数用完了",
    "no_phone": "没有手机号",
    "sms_unavailable": "短信网关连不上",
    "sms_refused": "这个号码收不到短信，退回来了",
    "wechat_unavailable": "微信连不上",
    "wechat_-1": "微信系统忙",
    "wechat_40001": "微信不认我们的凭证",
    "wechat_40003": "微信号不对",
    "wechat_40037": "微信不认这个消息模板",
    "wechat_41030": "小程序里没有这个页面",
    "wechat_43004": "没有关注公众号",
    "wechat_43101": "本人没有同意收这种消息",
    "wechat_45009": "今天给微信发得太多了",
    "wechat_45015": "对方 48 小时内没有来信，微信不让主动发",
    "wechat_45047": "发得太多，对方一直没有回",
    "wechat_47003": "模板里的字段和微信后台不一致",
}


def why(error: str | None) -> str:
    """What went wrong, in words; a number nobody has met yet is shown as it is."""
    if error is None:
        return "还没有试过"
    known = _ERROR_WORDS.get(error)
    return known or f"微信没有收（错误号 {error.removeprefix('wechat_')}）"


def tried(steps: Iterable[Mapping[str, str]] | None) -> list[str]:
    """The ways a delivery was tried before, each with its reason."""
    return tried_words(Tried(step["way"], step["code"]) for step in steps or ())


def tried_words(steps: Iterable[Tried]) -> list[str]:
    """The same for what `reached` tells."""
    return [f"{SHORT[step.way]}：{why(step.code)}" for step in steps]
