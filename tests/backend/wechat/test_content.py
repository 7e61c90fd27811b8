"""Content others will see: checked by a job, kept while WeChat is down, pictures later."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient

from backend.core.db import db
from backend.demo import wechat_follower
from backend.demo.wechat_server import Trouble
from backend.settings import Settings
from backend.wechat import answers, callback, content, mini
from backend.wechat.models import ContentCheck
from tests.clock import HeldClock
from tests.fakes.wechat import FakeWeChat, errcode

SUBJECT, TEXT = "lecture_question:5", "讲座几点开始，要带什么"
ADDRESS = "https://example.org/1.jpg"
AES_KEY = "XinhuGoldenVectorKey0123456789abcdefghijklm"


@pytest.fixture(autouse=True)
def app_settings(with_settings: Callable[..., Settings], wechat: FakeWeChat) -> Settings:
    return with_settings(**wechat.mini_program, wechat_token="pushtoken")


def state() -> str | None:
    db.session.rollback()
    return content.states([SUBJECT]).get(SUBJECT)


def row() -> ContentCheck:
    db.session.rollback()
    return db.session.scalars(sa.select(ContentCheck)).one()


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("verdict", ["pass", "review", "risky"])
def test_a_text_gets_wechats_verdict_and_is_not_kept(
    wechat: FakeWeChat, now: datetime, verdict: str
) -> None:
    wechat.mini.verdicts[TEXT] = verdict
    content.queue_text(SUBJECT, "o-1", TEXT, now)
    assert state() == "waiting"
    stored = db.session.execute(sa.text("SELECT content, openid FROM content_checks")).one()
    assert TEXT.encode() not in bytes(stored[0]) and b"o-1" not in bytes(stored[1])
    assert content.run(now) == 1
    assert (state(), row().content, row().decided_at) == (verdict, None, now)
    assert content.run(now) == 0 and wechat.seen.count("/wxa/msg_sec_check") == 1


@pytest.mark.usefixtures("in_app")
def test_a_long_text_is_checked_in_parts_and_the_worst_counts(
    wechat: FakeWeChat, now: datetime
) -> None:
    parts = ["甲" * 2500, "乙" * 2500, "丙" * 10]
    wechat.mini.verdicts = {parts[1]: "risky", parts[2]: "review"}
    content.queue_text(SUBJECT, "o-1", "".join(parts), now)
    content.run(now)
    assert state() == "risky" and wechat.seen.count("/wxa/msg_sec_check") == 3


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.GARBAGE, Trouble.BROKEN,
                                     Trouble.TOKEN_REFUSED, Trouble.SILENT])  # fmt: skip
def test_an_outage_of_a_day_loses_nothing(
    wechat: FakeWeChat, clock: HeldClock, monkeypatch: pytest.MonkeyPatch, trouble: Trouble
) -> None:
    monkeypatch.setattr(answers, "TIMEOUT_S", 0.05)
    content.queue_text(SUBJECT, "o-1", TEXT, clock.at)
    wechat.core.trouble = trouble
    for _ in range(12):
        assert content.run(clock.at) == 0
        assert state() == "waiting" and row().last_error is not None
        clock.advance(hours=2)
    wechat.core.trouble = None
    assert content.run(clock.at) == 1
    assert state() == "pass"


@pytest.mark.usefixtures("in_app")
def test_while_wechat_is_down_one_check_finds_out_for_all(
    wechat: FakeWeChat, now: datetime
) -> None:
    for number in range(5):
        content.queue_text(f"lecture_question:{number}", "o-1", TEXT, now)
    wechat.core.trouble = Trouble.BUSY
    content.run(now)
    assert len(wechat.seen) == 1


@pytest.mark.usefixtures("in_app")
def test_what_wechat_will_never_check_is_for_a_person(wechat: FakeWeChat, now: datetime) -> None:
    content.queue_text(SUBJECT, "o-1", TEXT, now)
    wechat.next_answer, wechat.only = errcode(61010), "msg_sec_check"
    content.run(now)
    assert (state(), row().last_error) == ("failed", "wechat_61010")


@pytest.mark.usefixtures("in_app")
def test_a_text_written_anew_is_checked_anew(wechat: FakeWeChat, now: datetime) -> None:
    wechat.mini.verdicts[TEXT] = "risky"
    content.queue_text(SUBJECT, "o-1", TEXT, now)
    content.run(now)
    content.queue_text(SUBJECT, "o-1", "改过的", now)
    assert state() == "waiting"
    content.run(now)
    assert state() == "pass"


@pytest.mark.usefixtures("in_app")
def test_a_verdict_on_the_old_text_does_not_count_for_the_new(
    wechat: FakeWeChat, now: datetime
) -> None:
    content.queue_text(SUBJECT, "o-1", TEXT, now)
    due = content._claim(content._due_ids(now)[0], now)
    assert due is not None
    content.queue_text(SUBJECT, "o-1", "改过的", now)
    content._decide(due, "pass", None)
    assert (state(), row().content) == ("waiting", "改过的")


@pytest.mark.usefixtures("in_app")
def test_a_killed_process_leaves_the_check_to_the_next(
    wechat: FakeWeChat, clock: HeldClock
) -> None:
    content.queue_text(SUBJECT, "o-1", TEXT, clock.at)
    assert content._claim(content._due_ids(clock.at)[0], clock.at) is not None
    assert content._due_ids(clock.at) == []
    clock.advance(seconds=content.LEASE_S + 1)
    assert content.run(clock.at) == 1 and state() == "pass"


@pytest.mark.usefixtures("in_app")
def test_without_a_mini_program_it_waits(
    with_settings: Callable[..., Settings], now: datetime
) -> None:
    with_settings(wechat_app_id=None)
    content.queue_text(SUBJECT, "o-1", TEXT, now)
    assert content.run(now) == 0 and state() == "waiting"


@pytest.mark.usefixtures("in_app")
def test_the_worst_of_text_and_picture_is_the_subjects(wechat: FakeWeChat, now: datetime) -> None:
    wechat.mini.verdicts[TEXT] = "review"
    content.queue_text(SUBJECT, "o-1", TEXT, now)
    content.queue_media(SUBJECT, "o-1", ADDRESS, now)
    content.run(now)
    assert state() == "review"
    assert content.states([]) == {} and content.states(["other:1"]) == {}


def ask_about_picture(app: APIFlask, now: datetime) -> str:
    with app.app_context():
        content.queue_media(SUBJECT, "o-1", ADDRESS, now)
        content.run(now)
        assert state() == "asked"
        found = row().trace_id
        assert found is not None
        return found


def push(
    client: FlaskClient, settings: Settings, now: datetime, trace_id: str, suggest: str,
    error: int = 0,
) -> int:  # fmt: skip
    inner = (
        "<Event><![CDATA[wxa_media_check]]></Event>"
        f"<appid><![CDATA[wx]]></appid><trace_id><![CDATA[{trace_id}]]></trace_id>"
        f"<version>2</version><errcode>{error}</errcode>"
        f"<result><suggest><![CDATA[{suggest}]]></suggest><label>100</label></result>"
    )
    keys = callback.mini_keys_of(settings)
    assert keys is not None
    made = wechat_follower.callback(keys, wechat_follower.message("o-1", now, inner, "event"), now)
    answer = client.post("/wechat/mini-callback", query_string=made.query, data=made.body)
    return answer.status_code


@pytest.mark.parametrize("aes_key", [None, AES_KEY])
@pytest.mark.parametrize(
    ("suggest", "error", "expected"),
    [("pass", 0, "pass"), ("risky", 0, "risky"), ("review", 0, "review"), ("pass", -1010, "failed"),
     ("odd", 0, "failed")],
)  # fmt: skip
def test_the_verdict_on_a_picture_comes_by_push_plain_or_encrypted(
    app: APIFlask, client: FlaskClient, with_settings: Callable[..., Settings],
    wechat: FakeWeChat, now: datetime, aes_key: str | None, suggest: str, error: int, expected: str,
) -> None:  # fmt: skip
    changed = with_settings(**wechat.mini_program, wechat_token="pushtoken", wechat_aes_key=aes_key)
    trace_id = ask_about_picture(app, now)
    for _ in range(3):  # WeChat delivers up to three times
        assert push(client, changed, now, trace_id, suggest, error) == 200
    with app.app_context():
        assert (state(), row().content) == (expected, None)


def test_a_verdict_nobody_waits_for_changes_nothing(
    app: APIFlask, client: FlaskClient, app_settings: Settings, now: datetime
) -> None:
    ask_about_picture(app, now)
    assert push(client, app_settings, now, "another", "risky") == 200
    with app.app_context():
        assert state() == "asked"


def test_a_verdict_that_never_comes_is_asked_for_again(
    app: APIFlask, wechat: FakeWeChat, clock: HeldClock
) -> None:
    ask_about_picture(app, clock.at)
    with app.app_context():
        assert content.run(clock.at) == 0
        clock.advance(seconds=content.ANSWER_S + 1)
        assert content.run(clock.at) == 1
    assert wechat.seen.count("/wxa/media_check_async") == 2


def test_a_push_that_is_not_signed_is_refused(
    app: APIFlask, client: FlaskClient, app_settings: Settings, now: datetime
) -> None:
    trace_id = ask_about_picture(app, now)
    forged = app_settings.model_copy(update={"wechat_token": "another"})
    assert push(client, forged, now, trace_id, "pass") == 403
    with app.app_context():
        assert state() == "asked"


def test_wechat_may_check_the_address(
    client: FlaskClient, app_settings: Settings, now: datetime
) -> None:
    at, nonce = str(int(now.timestamp())), "n"
    query = {"timestamp": at, "nonce": nonce, "echostr": "hello"}
    query["signature"] = callback.signature_of("pushtoken", at, nonce)
    assert client.get("/wechat/mini-callback", query_string=query).text == "hello"


def test_without_a_token_there_is_no_such_address(
    client: FlaskClient, with_settings: Callable[..., Settings]
) -> None:
    with_settings(wechat_token=None)
    assert client.get("/wechat/mini-callback").status_code == 404
    assert client.post("/wechat/mini-callback").status_code == 404


@pytest.mark.usefixtures("in_app")
def test_what_wechat_is_told_is_the_text_and_who_wrote_it(
    wechat: FakeWeChat, now: datetime
) -> None:
    content.queue_text(SUBJECT, "o-1", TEXT, now, scene=mini.FORUM)
    content.run(now)
    assert wechat.server is not None
    asked = json.loads(wechat.server.calls[-1].body)
    assert asked == {"openid": "o-1", "scene": 3, "version": 2, "content": TEXT}
