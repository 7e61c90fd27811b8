"""The mini-program and the official account meet in the unionid: one person is one worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.app import WORKER_MOVERS
from backend.audit import seals
from backend.audit.models import AuditEvent
from backend.core import crypto
from backend.core.db import db
from backend.demo.wechat_server import Trouble
from backend.identity import service as identity
from backend.identity.models import Session, Worker
from backend.identity.service import merging, one_person, workers
from backend.settings import Settings
from tests.clock import HeldClock
from tests.fakes.wechat import APP_ID, APP_SECRET, FakeWeChat, fake_wechat

INFO = "/cgi-bin/user/info/batchget"
MINI, FOLLOWER, UNION = "mini-chen", "o-chen", "union-chen"


@pytest.fixture
def wechat(app: APIFlask, with_settings: Callable[..., Settings]) -> Iterator[FakeWeChat]:
    """Both apps of one bureau, bound to one open platform account."""
    with fake_wechat() as fake:
        with_settings(**fake.account, wechat_app_id=APP_ID, wechat_app_secret=APP_SECRET)
        fake.core.unionids = {MINI: UNION, FOLLOWER: UNION}
        yield fake


def sign_in(app: APIFlask, wechat: FakeWeChat, openid: str = MINI) -> str:
    """Sign in in the mini-program; gives the token."""
    wechat.openids["a-code"] = openid
    answer = app.test_client().post("/api/v1/sign-in/wechat", json={"code": "a-code"})
    assert answer.status_code == 200, answer.text
    token: str = answer.json["token"]
    return token


def follow(app: APIFlask, clock: HeldClock, openid: str = FOLLOWER) -> int:
    """Write to the official account for the first time; gives the worker."""
    with app.app_context():
        return identity.worker_for_account(openid, clock.at).id


def learn(app: APIFlask, clock: HeldClock) -> int:
    """What the job does."""
    with app.app_context():
        return identity.learn(clock.at)


def rows(app: APIFlask) -> list[Worker]:
    """Every row of a worker, those that were merged away too."""
    with app.app_context():
        return list(db.session.scalars(sa.select(Worker).order_by(Worker.id)))


def acts(app: APIFlask, act: str) -> list[AuditEvent]:
    """The record of one act; the record as a whole is checked as well."""
    with app.app_context():
        assert seals.verify() == []
        query = sa.select(AuditEvent).where(AuditEvent.act == act).order_by(AuditEvent.id)
        return list(db.session.scalars(query))


def test_whoever_follows_first_is_the_same_worker_in_the_mini_program(
    app: APIFlask, wechat: FakeWeChat, clock: HeldClock
) -> None:
    follow(app, clock)
    assert learn(app, clock) == 1
    sign_in(app, wechat)
    (row,) = rows(app)
    assert (row.openid, row.account_openid, row.unionid) == (MINI, FOLLOWER, UNION)
    with app.app_context():
        stored = repr(db.session.execute(sa.text("SELECT * FROM workers")).all())
    assert not any(secret in stored for secret in (MINI, FOLLOWER, UNION))


def test_whoever_signs_in_first_is_the_same_worker_in_the_account(
    app: APIFlask, wechat: FakeWeChat, clock: HeldClock
) -> None:
    token = sign_in(app, wechat)
    follower = follow(app, clock)
    assert len(rows(app)) == 2
    learn(app, clock)
    kept, gone = rows(app)
    assert (kept.openid, kept.account_openid, kept.unionid) == (MINI, FOLLOWER, UNION)
    assert (gone.id, gone.merged_into_id, gone.account_openid) == (follower, kept.id, None)
    assert follow(app, clock) == kept.id
    with app.app_context():
        actor = identity.worker_actor(token, clock.at)
        found = identity.worker_by_id(gone.id)
    assert actor is not None and actor.id == kept.id
    assert found is not None and found.id == kept.id, "an old number leads to the person"
    assert [event.detail["other"] for event in acts(app, "merged_into")] == [kept.id]


@pytest.mark.parametrize("has_phone", ["the older", "the younger"])
def test_whoever_has_a_telephone_stays_and_keeps_it(
    app: APIFlask, wechat: FakeWeChat, clock: HeldClock, has_phone: str
) -> None:
    sign_in(app, wechat)
    follow(app, clock)
    older, younger = rows(app)
    staying = older if has_phone == "the older" else younger
    give_phone(app, staying.id, "13800000001", clock)
    learn(app, clock)
    with app.app_context():
        kept = db.session.get_one(Worker, staying.id)
        assert (kept.phone, kept.openid, kept.account_openid) == ("13800000001", MINI, FOLLOWER)
        assert kept.phone_verified_at == clock.at
        assert workers.open_for_phone("13800000001", "", clock.at).worker.id == kept.id
        assert db.session.scalar(sa.select(sa.func.count(Session.id))) == 2
        assert set(db.session.scalars(sa.select(Session.worker_id))) == {kept.id}


def test_two_telephones_stay_two_workers_and_an_administrator_is_told_once(
    app: APIFlask, wechat: FakeWeChat, clock: HeldClock
) -> None:
    sign_in(app, wechat)
    follow(app, clock)
    first, second = rows(app)
    give_phone(app, first.id, "13800000001", clock)
    give_phone(app, second.id, "13800000002", clock)
    for _ in range(2):
        learn(app, clock)
        clock.advance(seconds=one_person.ASK_ANEW_S)
        sign_in(app, wechat)
    assert [row.merged_into_id for row in rows(app)] == [None, None]
    assert [row.unionid for row in rows(app)] == [UNION, None]
    refused = acts(app, "merge_refused")
    assert {(e.chain, e.detail["other"]) for e in refused} == {
        (f"worker:{first.id}", second.id), (f"worker:{second.id}", first.id),
    }  # fmt: skip
    assert len(refused) == 2
    said = app.test_cli_runner().invoke(args=["workers", "not-merged"]).output
    assert f"workers {first.id} and {second.id}: one unionid, two telephones" in said
    assert "13800000001" not in said


def test_learning_and_signing_in_again_changes_nothing(
    app: APIFlask, wechat: FakeWeChat, clock: HeldClock
) -> None:
    sign_in(app, wechat)
    follow(app, clock)
    learn(app, clock)
    before = [(row.id, row.merged_into_id, row.merged_at) for row in rows(app)]
    for _ in range(2):
        assert learn(app, clock) == 0
        sign_in(app, wechat)
        follow(app, clock)
        clock.advance(seconds=one_person.ASK_ANEW_S)
    assert [(row.id, row.merged_into_id, row.merged_at) for row in rows(app)] == before
    assert wechat.seen.count(INFO) == 1
    assert len(acts(app, "merged_from")) == 1


def test_without_an_open_platform_nothing_is_merged_and_it_is_asked_anew_later(
    app: APIFlask, wechat: FakeWeChat, clock: HeldClock
) -> None:
    bound, wechat.core.unionids = wechat.core.unionids, {}
    sign_in(app, wechat)
    follow(app, clock)
    assert (learn(app, clock), learn(app, clock), wechat.seen.count(INFO)) == (0, 0, 1)
    wechat.core.unionids = bound
    sign_in(app, wechat)
    clock.advance(seconds=one_person.ASK_ANEW_S)
    assert learn(app, clock) == 1
    assert [row.merged_into_id for row in rows(app)] == [None, 1]


def test_a_follower_wechat_does_not_know_spoils_nobody_elses_answer(
    app: APIFlask, wechat: FakeWeChat, clock: HeldClock
) -> None:
    wechat.core.refusals["o-gone"] = 40003
    follow(app, clock, "o-gone")
    follow(app, clock)
    assert learn(app, clock) == 1
    assert [row.unionid for row in rows(app)] == [None, UNION]
    assert (learn(app, clock), wechat.seen.count(INFO)) == (0, 3)


@pytest.mark.parametrize("trouble", list(Trouble))
def test_when_wechat_is_not_itself_it_is_asked_again_in_an_hour(
    app: APIFlask,
    wechat: FakeWeChat,
    clock: HeldClock,
    trouble: Trouble,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("backend.wechat.answers.TIMEOUT_S", 0.2)
    follow(app, clock)
    wechat.core.trouble = trouble
    assert learn(app, clock) == 0
    asked = len(wechat.seen)
    assert (learn(app, clock), len(wechat.seen)) == (0, asked), "not every minute"
    wechat.core.trouble = None
    clock.advance(seconds=one_person.ASK_AGAIN_S)
    assert learn(app, clock) == 1


def test_an_app_that_was_replaced_has_new_openids_for_the_same_person(
    app: APIFlask, wechat: FakeWeChat, clock: HeldClock
) -> None:
    sign_in(app, wechat)
    wechat.core.unionids["mini-new"] = UNION
    sign_in(app, wechat, "mini-new")
    kept, gone = rows(app)
    assert (kept.openid, kept.unionid, gone.merged_into_id) == ("mini-new", UNION, kept.id)
    sign_in(app, wechat, "mini-new")
    assert len(rows(app)) == 2


def test_a_chain_of_merges_leads_to_the_last(app: APIFlask, clock: HeldClock) -> None:
    with app.app_context():
        for one in "abc":
            identity.worker_for_account(one, clock.at)
        merge(3, 2, clock)
        merge(2, 1, clock)
        found = identity.worker_by_id(3)
        assert found is not None and found.id == 1


def test_what_an_act_beside_the_merge_wrote_is_brought_after(
    app: APIFlask, wechat: FakeWeChat, clock: HeldClock
) -> None:
    sign_in(app, wechat)
    gone_id = follow(app, clock)
    learn(app, clock)
    with app.app_context():
        token = late_session(gone_id, clock)
        assert identity.bring_after(clock.at) == 1
        actor = identity.worker_actor(token, clock.at)
        assert actor is not None and actor.id == rows(app)[0].id
        later = clock.advance(seconds=merging.LOOK_BACK_S + 1)
        assert identity.bring_after(later) == 0


def test_every_table_that_names_a_worker_follows_one() -> None:
    naming = {t.name for t in db.metadata.sorted_tables if "worker_id" in t.columns}
    # sessions are identity's own; a message's row leads to the one it became when it is sent
    assert naming - {"sessions", "outbox"} == set(WORKER_MOVERS)


@pytest.mark.parametrize("round_", range(3))
def test_a_sign_in_and_the_job_at_once_make_one_worker_with_a_whole_record(
    app: APIFlask, clock: HeldClock, round_: int
) -> None:
    follow(app, clock)
    barrier = Barrier(4)

    def act(number: int) -> None:
        with app.app_context():
            barrier.wait(20)
            if number % 2:
                workers._sign_in_as_openid(MINI, "", clock.at, UNION)
            else:
                one_person._learnt(FOLLOWER, UNION, clock.at)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(4)))
    alive = [row for row in rows(app) if row.merged_into_id is None]
    assert [(r.openid, r.account_openid, r.unionid) for r in alive] == [(MINI, FOLLOWER, UNION)]
    assert len(acts(app, "sign_in")) == 2
    with app.app_context():
        assert set(db.session.scalars(sa.select(Session.worker_id))) == {alive[0].id}


def give_phone(app: APIFlask, worker_id: int, phone: str, clock: HeldClock) -> None:
    """A telephone that this worker has proved."""
    with app.app_context():
        row = db.session.get_one(Worker, worker_id)
        row.phone, row.phone_index = phone, crypto.blind_index("phone", phone)
        row.phone_verified_at = clock.at
        db.session.commit()


def merge(gone_id: int, kept_id: int, clock: HeldClock) -> None:
    """Make two workers one."""
    gone, kept = db.session.get_one(Worker, gone_id), db.session.get_one(Worker, kept_id)
    assert merging.join(gone, kept, "test", clock.at) is kept
    db.session.commit()


def late_session(worker_id: int, clock: HeldClock) -> str:
    """A session of a request that began before the merge and ended after it."""
    token = workers.open_session(clock.at, 60, worker_id=worker_id).token
    db.session.commit()
    return token
