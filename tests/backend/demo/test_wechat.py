"""/demo/wechat: in demo mode WeChat itself, and a page to read what it was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.core.db import one_transaction
from backend.demo import wechat_follower, wechat_log, wechat_pages
from backend.demo.wechat_log import Sent
from backend.identity.service import workers
from backend.notify import deliveries, outbox
from backend.settings import Settings
from backend.wechat import callback
from tests.clock import HeldClock

JIA = "odemo-follower-jia"
in_demo = pytest.mark.parametrize("settings", ["demo"], indirect=True)


@pytest.fixture
def folder(settings: Settings) -> Iterator[Path]:
    """The demo's folder, without messages before and after."""
    yield settings.data_dir
    (settings.data_dir / "demo-wechat.jsonl").unlink(missing_ok=True)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch, app: APIFlask) -> Callable[[str, int], list[str]]:
    """`answering("text", 200)`: what the official account's callback says; gives what it reads."""

    def make(text: str, status: int) -> list[str]:
        heard: list[str] = []

        class Account:
            """Stands where the callback's route is."""

            def __init__(self, _application: object) -> None:
                pass

            def post(
                self, _path: str, *, query_string: str, data: bytes, content_type: str
            ) -> object:
                keys = callback.keys_of(app.config["SETTINGS"])
                assert keys is not None
                query = dict(part.split("=", 1) for part in query_string.split("&"))
                from_worker = callback.read(keys, query, data, HeldClock().at)
                heard.append(from_worker.text)
                body = (
                    callback.reply(keys, from_worker, text, HeldClock().at) if text else "success"
                )
                return app.response_class(body, status=status)

        monkeypatch.setattr(wechat_pages, "Client", Account)
        return heard

    return make


def test_outside_the_demo_there_is_no_such_page(client: FlaskClient) -> None:
    for path in ("", "/style.css", "/sns/jscode2session"):
        assert client.get(f"/demo/wechat{path}").status_code == 404
    for path in ("", "/cgi-bin/stable_token", "/cgi-bin/message/custom/send"):
        assert client.post(f"/demo/wechat{path}").status_code in (404, 405)


@in_demo
def test_the_page_is_empty_at_first_and_strict(client: FlaskClient, folder: Path) -> None:
    page = client.get("/demo/wechat")
    assert page.status_code == 200 and "还没有发过" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert client.get("/demo/wechat/style.css").mimetype == "text/css"


@in_demo
def test_it_is_wechat_for_our_own_client(client: FlaskClient, folder: Path) -> None:
    settings: Settings = client.application.config["SETTINGS"]
    asked = {
        "grant_type": "client_credential",
        "appid": settings.wechat_account_app_id,
        "secret": settings.wechat_account_app_secret,
    }
    token = client.post("/demo/wechat/cgi-bin/stable_token", json=asked).json["access_token"]
    message = {"touser": JIA, "msgtype": "text", "text": {"content": "<b>有新消息</b>"}}
    send = "/demo/wechat/cgi-bin/message/custom/send"
    assert (
        client.post(send, query_string={"access_token": token}, json=message).json["errcode"] == 0
    )
    assert (
        client.post(send, query_string={"access_token": "x"}, json=message).json["errcode"] == 40001
    )
    text = client.get("/demo/wechat").text
    assert "示例关注者甲" in text and "11-23 10:00" in text and "微信公众号" in text
    assert "&lt;b&gt;有新消息&lt;/b&gt;" in text and JIA not in text.split("发出去的消息")[1]


@in_demo
def test_subscribe_messages_and_codes_of_the_mini_program_are_there_too(
    client: FlaskClient, folder: Path
) -> None:
    grant = {"grant_type": "client_credential", "appid": "wxdemomini", "secret": "demo-mini-secret"}
    token = client.post("/demo/wechat/cgi-bin/stable_token", json=grant).json["access_token"]

    def ask(path: str, document: dict[str, object], with_token: str = token) -> TestResponse:
        query = {"access_token": with_token}
        return client.post(f"/demo/wechat/{path}", query_string=query, json=document)

    data = {"thing1": {"value": "您办的事有新进展"}, "time2": {"value": "2026年11月23日 10:00"}}
    message = {"touser": JIA, "template_id": "demo-progress", "page": "p", "data": data}
    assert ask("cgi-bin/message/subscribe/send", message).json["errcode"] == 0
    assert ask("cgi-bin/message/subscribe/send", message, "x").json["errcode"] == 40001
    long = message | {"data": {"thing1": {"value": "长" * 21}}}
    assert ask("cgi-bin/message/subscribe/send", long).json["errcode"] == 47003
    text = client.get("/demo/wechat").text
    assert "小程序订阅消息" in text and "您办的事有新进展\n2026年11月23日 10:00" in text
    code = ask("wxa/getwxacodeunlimit", {"scene": "labc", "page": "pages/home/index"})
    assert (code.mimetype, code.data[:4]) == ("image/png", b"\x89PNG")
    phones = [ask("wxa/business/getuserphonenumber", {"code": one}).json for one in ("a", "a")]
    assert phones[0] == phones[1] and phones[0]["phone_info"]["purePhoneNumber"].startswith("1380")
    assert ask("wxa/nothing", {}).status_code == 404


@in_demo
def test_the_newest_stand_first_and_strangers_are_masked(
    client: FlaskClient, folder: Path, now: datetime
) -> None:
    for number in range(wechat_log.SHOWN + 5):
        wechat_log.keep(folder, Sent(now, "o-unknown-openid", f"第{number}条\n两行"))
    found = wechat_log.newest(folder)
    assert len(found) == wechat_log.SHOWN and found[0].text == "第54条\n两行"
    text = client.get("/demo/wechat").text
    assert "o-unk****" in text and "o-unknown-openid" not in text


@in_demo
def test_sms_of_the_demo_stand_there_too(
    app: APIFlask, client: FlaskClient, folder: Path, now: datetime
) -> None:
    with app.app_context():
        worker = workers.open_for_phone("13800000077", "安卓手机", now).worker

        @one_transaction
        def queue() -> None:
            outbox.queue(
                subject="question:5", worker_id=worker.id, channel="sms", template="t", title="t",
                text="私事", lock_screen="您办的事有新消息", dedupe_key="k", now=now,
            )  # fmt: skip

        queue()
        deliveries.take_up(now, ["sms"])
        ((delivery_id, _channel),) = deliveries.due(now)
        attempt = deliveries.claim(delivery_id, now)
        assert attempt is not None
        deliveries.note_sent(attempt, now)
    text = client.get("/demo/wechat").text
    assert "短信" in text and "您办的事有新消息" in text and "私事" not in text


@in_demo
def test_what_a_follower_writes_reaches_the_account_and_the_reply_is_shown(
    client: FlaskClient, folder: Path, answering: Callable[[str, int], list[str]]
) -> None:
    heard = answering("可以投诉。<先>收集证据 ]]> 好", 200)
    page = client.post("/demo/wechat", data={"who": JIA, "text": " 不给钱 & 怎么办 "})
    assert heard == ["不给钱 & 怎么办"]
    assert page.status_code == 200
    assert "可以投诉。&lt;先&gt;收集证据 ]]&gt; 好" in page.text


@in_demo
@pytest.mark.parametrize(
    ("text", "status", "words"), [("", 200, "没有马上回话"), ("x", 403, "没有收这条消息（403）")]
)
def test_no_reply_is_said_plainly(
    client: FlaskClient,
    folder: Path,
    answering: Callable[[str, int], list[str]],
    text: str,
    status: int,
    words: str,
) -> None:
    answering(text, status)
    assert words in client.post("/demo/wechat", data={"who": JIA, "text": "一"}).text


@in_demo
@pytest.mark.parametrize("form", [{}, {"who": JIA}, {"who": JIA, "text": " "}, {"text": "一"}])
def test_half_a_form_is_told_what_is_missing(
    client: FlaskClient, folder: Path, form: dict[str, str]
) -> None:
    page = client.post("/demo/wechat", data=form)
    assert page.status_code == 422 and "请选一个人" in page.text


def test_a_reply_that_says_nothing_is_none() -> None:
    keys = callback.AccountKeys("wx", "token")
    for answer in ("", "success", "<xml><MsgType>image</MsgType></xml>"):
        assert wechat_follower.words_of(keys, answer) is None
