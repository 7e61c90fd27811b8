"""Codes to print: WeChat's own where there is a mini-program, else a plain QR of the web page."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from backend.core import qr
from backend.core.installation import settings
from backend.wechat import mini
from backend.wechat.port import WeChatDown, WeChatRefused
from backend.wechat.scenes import SceneKind, scene_for

log = structlog.get_logger()

#: WeChat opens this page with the scene; it must be in the published mini-program.
PAGE = "pages/home/index"


@dataclass(frozen=True, slots=True)
class Code:
    """A picture to print; `is_wechat` tells whether it opens the mini-program itself."""

    picture: bytes
    media_type: str
    is_wechat: bool
    scene: str


def address_of(scene: str, base: str = "") -> str:
    """The public web address behind a scene; `base` is this request's own, where none is set."""
    chosen = settings()
    return f"{(chosen.public_url or base or chosen.demo_url).rstrip('/')}/m/{scene}"


def code_for(kind: SceneKind, public_id: str, base: str = "") -> Code:
    """The code for a lecture, site or order.

    Where WeChat makes none at this moment it is the plain one, which every camera reads.
    """
    scene = scene_for(kind, public_id)
    app = None if settings().is_wechat_played else mini.mini_program(settings())
    if app is not None:
        try:
            picture = app.unlimited_qr(scene, PAGE)
            kind_of = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
            return Code(picture, kind_of, is_wechat=True, scene=scene)
        except (WeChatDown, WeChatRefused) as error:
            log.error("mini_code_not_made", errcode=error.errcode)
    return Code(qr.png(address_of(scene, base)), "image/png", is_wechat=False, scene=scene)
