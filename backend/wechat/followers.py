"""Who followers of the official account are beyond it: their unionids (cgi-bin/user/info)."""

from __future__ import annotations

from collections.abc import Sequence

from backend.settings import Settings
from backend.wechat import answers, authorised
from backend.wechat.port import WeChatRefused
from backend.wechat.token import Credentials

#: As many as WeChat tells at once.
MOST = 100
_PATH = "/cgi-bin/user/info/batchget"
_DOWN_WORDS = "微信现在查不到这些人，过一会儿再查。"
_REFUSED_WORDS = "微信不认识这个关注者。"


def unionids_of(settings: Settings, openids: Sequence[str]) -> dict[str, str]:
    """The unionid of each follower who has one: the account must be bound to an open platform.

    No transaction may be open and nobody may be waiting. WeChatDown: ask again later.
    """
    app_id, secret = settings.wechat_account_app_id, settings.wechat_account_app_secret
    if not app_id or not secret or not openids:
        return {}
    who = Credentials(settings.wechat_api_base, app_id, secret)
    try:
        return _asked(who, openids[:MOST])
    except WeChatRefused:
        if len(openids) == 1:
            return {}  # WeChat does not know this one
    # one that WeChat does not know spoils the answer for all: each by itself
    found: dict[str, str] = {}
    for openid in openids[:MOST]:
        found |= unionids_of(settings, [openid])
    return found


def _asked(who: Credentials, openids: Sequence[str]) -> dict[str, str]:
    wanted = {"user_list": [{"openid": openid, "lang": "zh_CN"} for openid in openids]}
    answer = authorised.ask(who, _PATH, wanted, words=_DOWN_WORDS, refused_words=_REFUSED_WORDS)
    rows = answer.get("user_info_list")
    found: dict[str, str] = {}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            openid, unionid = answers.id_in(row, "openid"), answers.id_in(row, "unionid")
            if openid in openids and unionid is not None:
                found[str(openid)] = unionid
    return found
