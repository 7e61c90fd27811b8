"""Several requests at the same moment: counters stay exact and accounts single."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa
from apiflask import APIFlask

from backend.audit import seals
from backend.audit.models import AuditEvent
from backend.core import rates
from backend.core.db import db
from backend.core.errors import BadInput, TooMany
from backend.identity.models import Worker
from backend.identity.service import sms_codes, workers
from tests.clock import HeldClock

PHONE = "13812345678"
THREADS = 6


def at_once(app: APIFlask, act: Callable[[], object]) -> Counter[str]:
    """Run the act in several threads at the same moment; counts results by kind."""
    barrier = Barrier(THREADS)

    def run(_number: int) -> str:
        with app.app_context():
            barrier.wait(10)
            try:
                act()
            except (TooMany, BadInput) as refused:
                return refused.code
            return "done"

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(pool.map(run, range(THREADS)))


def test_no_more_tries_than_allowed_are_counted(app: APIFlask, clock: HeldClock) -> None:
    def spend() -> None:
        rates.spend("guess", PHONE, limit=4, window_s=60, now=clock.at, words="太频繁了。")

    assert at_once(app, spend) == {"done": 4, "too_many": THREADS - 4}


def test_a_code_has_five_tries_however_fast_they_come(app: APIFlask, clock: HeldClock) -> None:
    with app.app_context():
        sms_codes._store(PHONE, "123456", clock.at)
    guesses = at_once(app, lambda: sms_codes.check(PHONE, "654321", clock.at))
    assert guesses == {"wrong_code": THREADS}
    with app.app_context():
        row = db.session.scalars(sa.select(sms_codes.SmsCode)).one()
        assert row.tries_left == 0


def test_one_code_opens_one_session(app: APIFlask, clock: HeldClock) -> None:
    with app.app_context():
        sms_codes._store(PHONE, "123456", clock.at)
        code_id = sms_codes.check(PHONE, "123456", clock.at)
    done = at_once(app, lambda: workers._sign_in_with_code(code_id, PHONE, "", clock.at))
    assert done == {"done": 1, "wrong_code": THREADS - 1}


def test_first_sign_ins_at_once_make_one_worker_with_a_whole_record(
    app: APIFlask, clock: HeldClock
) -> None:
    done = at_once(app, lambda: workers._sign_in_as_openid("openid-1", "", clock.at))
    assert done == {"done": THREADS}
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Worker)) == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == THREADS
        assert seals.verify() == []
