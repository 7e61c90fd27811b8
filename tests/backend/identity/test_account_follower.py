"""A follower of the official account is one worker, found by the account's openid alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.db import db
from backend.identity import service as identity
from backend.identity.models import Worker
from backend.identity.service import workers
from tests.clock import HeldClock


@pytest.mark.usefixtures("in_app")
def test_the_same_follower_is_the_same_worker_and_the_openid_is_encrypted(
    clock: HeldClock,
) -> None:
    first = identity.worker_for_account("o-chen", clock.at)
    assert identity.worker_for_account("o-chen", clock.at).id == first.id
    assert identity.worker_for_account("o-li", clock.at).id != first.id
    assert first.account_openid == "o-chen"
    assert "o-chen" not in repr(db.session.execute(sa.text("SELECT * FROM workers")).all())


@pytest.mark.usefixtures("in_app")
def test_the_mini_programs_openid_is_another_name_space(clock: HeldClock) -> None:
    follower = identity.worker_for_account("same", clock.at)
    assert workers._sign_in_as_openid("same", "微信小程序", clock.at).worker.id != follower.id


def test_first_messages_at_once_make_one_worker(app: APIFlask, clock: HeldClock) -> None:
    barrier = Barrier(4)

    def arrive(_number: int) -> int:
        with app.app_context():
            barrier.wait(20)
            return identity.worker_for_account("o-chen", clock.at).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(arrive, range(4)))) == 1
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Worker)) == 1
