"""Ways in from WeChat other than the chat: scanned codes, and the mini-program's pushes."""

from __future__ import annotations

import structlog
from apiflask import APIBlueprint
from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from backend.core import clock
from backend.core.errors import NotFound
from backend.core.installation import settings
from backend.core.schemas import Out
from backend.identity.guards import public
from backend.wechat import callback, content, pushed
from backend.wechat.callback import AccountKeys
from backend.wechat.scenes import SceneKind, read_scene

log = structlog.get_logger()

bp = APIBlueprint("scenes", __name__, url_prefix="/api/v1", tag="scenes")
outside = APIBlueprint("wechat_doors", __name__, enable_openapi=False)

#: The web build's first page; it reads the scene and goes on, as the mini-program does.
LANDING = "/#/pages/home/index?scene="


class SceneOut(Out):
    """What a scanned code leads to."""

    kind: SceneKind
    id: str


@bp.get("/scenes/<scene>")
@public
@bp.output(SceneOut, 200)
def scene(scene: str) -> SceneOut:
    """What a scanned code leads to; 404 for one that is not ours"""
    kind, public_id = read_scene(scene)
    return SceneOut(kind=kind, id=public_id)


@outside.get("/m/<scene>")
@public
def scanned(scene: str) -> AnyResponse:
    """A plain QR code was scanned with any camera: to the web page, which shows where it leads."""
    read_scene(scene)  # a forged one goes nowhere
    return redirect(f"{LANDING}{scene}", 303)


def _keys() -> AccountKeys:
    keys = callback.mini_keys_of(settings())
    if keys is None:
        raise NotFound("这里没有接小程序的消息推送。", code="no_push")
    return keys


@outside.get("/wechat/mini-callback")
@public
def echo() -> Response:
    """WeChat checks that the address is ours."""
    return Response(callback.echo(_keys(), request.args, clock.now()), mimetype="text/plain")


@outside.post("/wechat/mini-callback")
@public
def receive() -> Response:
    """A push: a verdict on a picture is written down, anything else needs no answer."""
    request.max_content_length = callback.BODY_LIMIT
    now = clock.now()
    xml = callback.opened(_keys(), request.args, request.get_data(), now)
    verdict = pushed.media_verdict(xml)
    # three deliveries of one push: the second finds nothing that waits for it
    if verdict is not None and not content.media_result(
        verdict.trace_id, verdict.suggested, verdict.error, now
    ):
        log.info("media_verdict_for_nothing")
    return Response(callback.SUCCESS, mimetype="text/plain")
