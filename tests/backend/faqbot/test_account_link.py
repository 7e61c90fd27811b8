"""绑定: without an open platform a follower and a worker become one by a link and a tap."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.audit import seals
from backend.audit.models import AuditEvent
from backend.core import crypto
from backend.core.db import db
from backend.faqbot.models import Conversation, Turn
from backend.identity.models import Worker
from backend.identity.service import account_link
from backend.settings import Settings
from tests.clock import HeldClock
from tests.factories.account import PAGE, Account, count
from tests.factories.identity import worker_id
from tests.fakes.wechat import FakeWeChat

SignIn = Callable[..., dict[str, str]]
_TOKEN = re.compile(r"https://bureau\.example\.org/#/packages/ask/account\?k=([0-9.a-f]+)")


def token_in(said: str) -> str:
    """What stands in the link of a reply."""
    found = _TOKEN.search(said)
    assert found is not None, said
    return found.group(1)


def confirm(client: FlaskClient, headers: dict[str, str], token: object) -> TestResponse:
    """The confirming tap."""
    return client.post("/api/v1/me/account", json={"token": token}, headers=headers)


def living(app: APIFlask) -> list[tuple[str | None, str | None]]:
    """Telephone and follower of every worker that was not merged away."""
    with app.app_context():
        query = sa.select(Worker).where(Worker.merged_into_id.is_(None)).order_by(Worker.id)
        return [(row.phone, row.account_openid) for row in db.session.scalars(query)]


@pytest.mark.parametrize("is_worker_first", [True, False])
def test_a_follower_and_a_worker_become_one_with_their_talks(
    app: APIFlask, plain: Account, sign_in_worker: SignIn, is_worker_first: bool
) -> None:
    headers = sign_in_worker(plain.client) if is_worker_first else {}
    assert "回复“绑定”" in plain.say("转人工")
    said = plain.say("绑定")
    assert "不要转给别人" in said
    headers = headers or sign_in_worker(plain.client)
    assert len(living(app)) == 2
    assert confirm(plain.client, headers, token_in(said)).status_code == 204
    assert living(app) == [("13800000001", "o-chen")]
    worker = worker_id(plain.client, headers)
    with app.app_context():
        assert db.session.scalars(sa.select(Conversation.worker_id)).one() == worker
        acts = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.act == "merged_from"))
        assert [(e.actor_kind, e.detail["way"]) for e in acts] == [("worker", "link")]
        assert seals.verify() == []
    assert "已经连着了" in plain.say("绑定")
    assert "回复“绑定”" not in plain.say("转人工")


def test_the_tap_a_second_time_changes_nothing(
    app: APIFlask, plain: Account, sign_in_worker: SignIn
) -> None:
    token = token_in(plain.say("绑定"))
    headers = sign_in_worker(plain.client)
    for _ in range(3):
        assert confirm(plain.client, headers, token).status_code == 204
    with app.app_context():
        assert len(db.session.scalars(sa.select(AuditEvent.id).where(
            AuditEvent.act == "merged_into")).all()) == 1  # fmt: skip


def test_an_old_link_joins_the_follower_to_nobody_else(
    app: APIFlask, plain: Account, sign_in_worker: SignIn
) -> None:
    token = token_in(plain.say("绑定"))
    confirm(plain.client, sign_in_worker(plain.client), token)
    answer = confirm(plain.client, sign_in_worker(plain.client, "13800000002"), token)
    assert (answer.status_code, answer.json["code"]) == (409, "linked_elsewhere")
    assert living(app) == [("13800000001", "o-chen"), ("13800000002", None)]


def test_a_worker_with_a_follower_gets_no_second_one(
    app: APIFlask, plain: Account, sign_in_worker: SignIn
) -> None:
    headers = sign_in_worker(plain.client)
    confirm(plain.client, headers, token_in(plain.say("绑定")))
    answer = confirm(plain.client, headers, token_in(plain.say("绑定", "o-li")))
    assert (answer.status_code, answer.json["code"]) == (409, "has_account")
    assert living(app) == [("13800000001", "o-chen"), (None, "o-li")]


def test_a_follower_known_by_wechat_already_is_not_given_away(
    app: APIFlask, plain: Account, sign_in_worker: SignIn
) -> None:
    token = token_in(plain.say("绑定"))
    with app.app_context():
        row = db.session.scalars(sa.select(Worker)).one()
        row.openid, row.openid_index = "mini", crypto.blind_index("openid", "mini")
        db.session.commit()
    answer = confirm(plain.client, sign_in_worker(plain.client), token)
    assert (answer.status_code, answer.json["code"]) == (409, "linked_elsewhere")


@pytest.mark.parametrize("forged", ["signature", "worker", "expiry", "no such worker"])
def test_a_forged_link_joins_nobody(
    app: APIFlask, plain: Account, sign_in_worker: SignIn, clock: HeldClock, forged: str
) -> None:
    worker, expires, signature = token_in(plain.say("绑定")).split(".")
    headers = sign_in_worker(plain.client)
    with app.app_context():
        unknown = account_link.link_token(4711, clock.at)
    token = {
        "signature": f"{worker}.{expires}.{'0' * 32}",
        "worker": f"{int(worker) + 1}.{expires}.{signature}",
        "expiry": f"{worker}.{int(expires) + 600}.{signature}",
        "no such worker": unknown,
    }[forged]
    answer = confirm(plain.client, headers, token)
    assert (answer.status_code, answer.json["code"]) == (422, "link_ended")
    assert "绑定" in answer.json["detail"]
    assert len(living(app)) == 2


def test_a_link_ends_after_half_an_hour(
    app: APIFlask, plain: Account, sign_in_worker: SignIn, clock: HeldClock
) -> None:
    token = token_in(plain.say("绑定"))
    headers = sign_in_worker(plain.client)
    clock.advance(seconds=account_link.LIVES_S)
    assert confirm(plain.client, headers, token).json["code"] == "link_ended"
    assert len(living(app)) == 2


@pytest.mark.parametrize("token", ["", "1.2", "1.2.zz", "1" * 19 + ".2." + "a" * 32, 5, None])
def test_what_is_no_link_names_the_field(
    client: FlaskClient, sign_in_worker: SignIn, token: object
) -> None:
    answer = confirm(client, sign_in_worker(client), token)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["token"]


def test_nobody_confirms_without_signing_in(plain: Account) -> None:
    assert confirm(plain.client, {}, token_in(plain.say("绑定"))).status_code == 401


@pytest.mark.parametrize("is_program", [False, True])
def test_the_link_is_whole_and_leaves_no_turn(
    app: APIFlask,
    plain: Account,
    wechat: FakeWeChat,
    with_settings: Callable[..., Settings],
    is_program: bool,
) -> None:
    program = "wx-program" if is_program else None
    with_settings(**wechat.account, public_url="https://bureau.example.org", wechat_app_id=program)
    said = plain.say("绑定")
    assert ('data-miniprogram-path="packages/ask/account?k=' in said) is is_program
    assert len(said.encode()) <= 2048 and count(app, Turn) == 0
    assert PAGE in plain.say("转人工").splitlines()[-1]


def test_without_a_page_to_open_it_is_a_question_like_any_other(
    app: APIFlask, plain: Account, with_settings: Callable[..., Settings], wechat: FakeWeChat
) -> None:
    with_settings(**wechat.account)
    assert "链接" not in plain.say("绑定")
    assert count(app, Turn) > 0
    assert "绑定" not in plain.say("转人工")
