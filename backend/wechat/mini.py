"""What the mini-program asks of WeChat's servers: telephones, codes, messages, content checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from backend.core import texts
from backend.settings import Settings
from backend.wechat import answers, authorised
from backend.wechat.port import WeChatDown, WeChatRefused
from backend.wechat.scenes import SCENE_MOST
from backend.wechat.token import Credentials

TEXT_MOST = 2500  # characters of one content check
PHONE_DOWN = "微信现在给不了手机号，过几分钟再点一次。投诉不用等，电话写在表里就行。"
PHONE_REFUSED = "没有拿到您的手机号，请再点一次。投诉时也可以自己写。"
PHONE_ABROAD = "这里只能登记中国内地的手机号。投诉时请写一个打得通的。"
_CODE_DOWN = "微信现在做不出小程序码，过几分钟再打开这一页。"
_CODE_REFUSED = "微信没有做出小程序码，请确认小程序已经发布，页面地址没有改过。"
_NOT_SENT = "微信消息现在发不出去，过一会儿再发。"
_NOT_TAKEN = "微信不收这条消息。"
_CHECK_DOWN = "微信现在不能检查内容，过一会儿再查。"
_CHECK_REFUSED = "微信没有检查这段内容。"

Verdict = Literal["pass", "review", "risky"]
# Which part of a mini-program the content stands in, as WeChat numbers them.
PROFILE, COMMENT, FORUM, SOCIAL = 1, 2, 3, 4
Release = Literal["release", "trial", "develop"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What WeChat says of a text: `review` means that a person should look."""

    verdict: Verdict
    trace_id: str


@dataclass(frozen=True, slots=True)
class Mini:
    """The mini-program's app, reached with the access token all processes share."""

    credentials: Credentials

    def phone_by_code(self, code: str) -> str:
        """The mainland mobile behind a `getPhoneNumber` code; WeChatDown or WeChatRefused."""
        answer = authorised.ask(
            self.credentials,
            "/wxa/business/getuserphonenumber",
            {"code": code},
            words=PHONE_DOWN,
            refused_words=PHONE_REFUSED,
        )
        info = answer.get("phone_info")
        number = info.get("purePhoneNumber") if isinstance(info, dict) else None
        if not isinstance(info, dict) or not isinstance(number, str):
            raise answers.down(PHONE_DOWN)
        phone = texts.normal_phone(number) if info.get("countryCode") == "86" else None
        if phone is None or not texts.is_mobile(phone):
            raise WeChatRefused(PHONE_ABROAD)
        return phone

    def unlimited_qr(self, scene: str, page: str, env_version: Release = "release") -> bytes:
        """A mini-program code (PNG or JPEG) that opens `page` with this scene."""
        if not 0 < len(scene) <= SCENE_MOST:
            raise ValueError(f"a scene has at most {SCENE_MOST} characters")
        document: dict[str, object] = {"scene": scene, "page": page, "env_version": env_version}
        if env_version != "release":
            document["check_path"] = False  # the page need not be published yet
        answer = authorised.ask(
            self.credentials,
            "/wxa/getwxacodeunlimit",
            document,
            words=_CODE_DOWN,
            refused_words=_CODE_REFUSED,
            post=answers.post_for_picture,
        )
        picture = answer.get("picture")
        if not isinstance(picture, bytes):
            raise answers.down(_CODE_DOWN)
        return picture

    def subscribe_send(
        self, openid: str, template_id: str, page: str, data: Mapping[str, str]
    ) -> None:
        """Send a subscribe message; WeChatRefused 43101 when the person did not agree to it."""
        document = {
            "touser": openid,
            "template_id": template_id,
            "page": page,
            "data": {name: {"value": value} for name, value in data.items()},
        }
        authorised.ask(
            self.credentials,
            "/cgi-bin/message/subscribe/send",
            document,
            words=_NOT_SENT,
            refused_words=_NOT_TAKEN,
        )

    def check_text(self, openid: str, scene: int, text: str) -> Checked:
        """What WeChat says of a text of at most 2,500 characters (msg_sec_check v2)."""
        if len(text) > TEXT_MOST:
            raise ValueError(f"WeChat checks at most {TEXT_MOST} characters at once")
        document = {"openid": openid, "scene": scene, "version": 2, "content": text}
        answer = self._check("/wxa/msg_sec_check", document)
        result = answer.get("result")
        verdict = verdict_of(result.get("suggest") if isinstance(result, dict) else None)
        if verdict is None:
            raise answers.down(_CHECK_DOWN)
        return Checked(verdict, _trace_of(answer))

    def check_media(self, openid: str, scene: int, media_url: str) -> str:
        """Have a picture checked (media_check_async v2); its trace id, the verdict comes later."""
        document = {
            "openid": openid,
            "scene": scene,
            "version": 2,
            "media_url": media_url,
            "media_type": 2,
        }
        trace_id = _trace_of(self._check("/wxa/media_check_async", document))
        if not trace_id:
            raise answers.down(_CHECK_DOWN)
        return trace_id

    def _check(self, path: str, document: Mapping[str, object]) -> dict[str, object]:
        return authorised.ask(
            self.credentials, path, document, words=_CHECK_DOWN, refused_words=_CHECK_REFUSED
        )


def mini_program(settings: Settings) -> Mini | None:
    """The mini-program of this installation, or None where none is set up."""
    app_id, secret = settings.wechat_app_id, settings.wechat_app_secret
    if settings.is_wechat_played and not app_id:
        app_id, secret = DEMO_APP
    if not app_id or not secret:
        return None
    return Mini(Credentials(settings.wechat_api_base, app_id, secret))


def phone_by_code(settings: Settings, code: str) -> str:
    """See Mini.phone_by_code; WeChatDown where no mini-program is set up."""
    mini = mini_program(settings)
    if mini is None:
        raise WeChatDown(PHONE_DOWN)
    return mini.phone_by_code(code)


# The app of the demo's own WeChat server; protects nothing.
DEMO_APP = ("wxdemomini", "demo-mini-secret")


def verdict_of(suggested: Any) -> Verdict | None:
    """WeChat's suggestion as one of ours; None for what it does not say in its documents."""
    found: Verdict | None = suggested if suggested in get_args(Verdict) else None
    return found


def _trace_of(answer: Mapping[str, object]) -> str:
    trace_id = answer.get("trace_id")
    return trace_id if isinstance(trace_id, str) and len(trace_id) <= 80 else ""
