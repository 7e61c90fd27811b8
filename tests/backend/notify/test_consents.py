"""The ledger of consents: what was tapped counts once, is spent once, and is never less than 0."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.core.db import db, one_transaction
from backend.core.errors import BadInput, TooMany
from backend.identity.service import workers
from backend.notify import consents
from backend.notify.models import Consent, ConsentReport
from backend.settings import SubscribeTemplate
from tests.backend.notify.conftest import templates
from tests.clock import HeldClock
from tests.factories import identity as people

Use = Callable[[dict[str, SubscribeTemplate]], None]
TEMPLATE = "tmpl-progress"
ME, TEMPLATES = "/api/v1/me/consents", "/api/v1/consent-templates"
_keys = itertools.count(1)


def key() -> str:
    return f"{next(_keys):032x}"


@pytest.fixture(autouse=True)
def _templates(with_templates: Use) -> None:
    with_templates(templates())


@pytest.fixture
def worker(in_app: APIFlask, clock: HeldClock) -> int:
    return workers.open_for_phone("13900000001", "安卓手机", clock.at).worker.id


@pytest.fixture
def tap(worker: int, clock: HeldClock) -> Callable[..., int]:
    """`tap("accept")`: report it, and see what is left."""

    def report(answer: str, template: str = TEMPLATE, with_key: str | None = None) -> int:
        consents.report(worker, with_key or key(), {template: answer}, clock.at)
        return consents.left(worker, template)

    return report


def test_each_acceptance_is_one_message_and_a_refusal_takes_none_back(
    worker: int, tap: Callable[..., int]
) -> None:
    assert [tap(one) for one in ("accept", "accept", "reject", "ban", "filter")] == [1, 2, 2, 2, 2]
    for expected in (1, 0, 0):
        consents.spend(worker, TEMPLATE)
        assert consents.left(worker, TEMPLATE) == expected


def test_a_lasting_consent_stays_until_it_is_refused(
    worker: int, tap: Callable[..., int], with_templates: Use
) -> None:
    with_templates(templates("long_term"))
    assert [tap("accept"), tap("accept"), tap("filter")] == [1, 1, 1]
    for _ in range(3):
        consents.spend(worker, TEMPLATE)
    assert consents.left(worker, TEMPLATE) == 1
    assert [tap("reject"), tap("filter"), tap("accept"), tap("ban")] == [0, 0, 1, 0]


def test_a_template_that_became_a_lasting_one_is_yes_or_no(
    tap: Callable[..., int], with_templates: Use
) -> None:
    assert [tap("accept"), tap("accept")] == [1, 2]
    with_templates(templates("long_term"))
    assert tap("filter") == 1


def test_the_same_key_counts_once(tap: Callable[..., int]) -> None:
    same = key()
    assert [tap("accept", with_key=same) for _ in range(3)] == [1, 1, 1]


def test_wechats_no_takes_what_was_seen_and_leaves_what_came_since(
    worker: int, tap: Callable[..., int]
) -> None:
    tap("accept")
    seen = tap("accept")
    tap("accept")  # while WeChat was asked
    consents.deny(worker, TEMPLATE, seen)
    assert consents.left(worker, TEMPLATE) == 1
    consents.deny(worker, TEMPLATE, 5)
    assert consents.left(worker, TEMPLATE) == 0


@pytest.mark.parametrize(
    "answers",
    [
        {f"tmpl-{one}": "accept" for one in ("progress", "reminder", "answer", "booking")},
        {"unknown": "accept"},
    ],
)
def test_what_wechat_cannot_have_asked_is_refused(
    worker: int, clock: HeldClock, answers: dict[str, str]
) -> None:
    with pytest.raises(BadInput):
        consents.report(worker, key(), answers, clock.at)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Consent)) == 0


def test_lasting_and_one_time_ones_are_never_reported_together(
    worker: int, clock: HeldClock, with_templates: Use
) -> None:
    with_templates(templates() | {"answer": templates("long_term")["answer"]})
    with pytest.raises(BadInput, match="分开"):
        consents.report(worker, key(), {TEMPLATE: "accept", "tmpl-answer": "accept"}, clock.at)


def test_nobody_taps_a_hundred_times_an_hour(tap: Callable[..., int]) -> None:
    with pytest.raises(TooMany):
        for _ in range(100):
            tap("reject")


def test_the_database_itself_refuses_less_than_nothing(
    worker: int, tap: Callable[..., int]
) -> None:
    tap("accept")
    with pytest.raises(sa.exc.IntegrityError, match="left_not_negative"):
        one_transaction(
            lambda: db.session.execute(sa.update(Consent).values(left_count=Consent.left_count - 2))
        )()


ACTS = st.lists(
    st.tuples(st.sampled_from(["accept", "reject", "spend", "deny"]), st.booleans()), max_size=25
)


@given(acts=ACTS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_happens_the_count_is_what_a_sheet_of_paper_says(
    worker: int, clock: HeldClock, with_templates: Use, acts: list[tuple[str, bool]]
) -> None:
    clock.advance(hours=2)  # the limit on tapping is not what this is about
    one_transaction(lambda: db.session.execute(sa.delete(Consent)))()
    paper = {"tmpl-progress": 0, "tmpl-answer": 0}
    with_templates(templates() | {"answer": templates("long_term")["answer"]})
    for act, is_lasting in acts:
        name = "tmpl-answer" if is_lasting else "tmpl-progress"
        if act == "spend":
            consents.spend(worker, name)
            paper[name] -= 0 if is_lasting else min(1, paper[name])
        elif act == "deny":
            consents.deny(worker, name, consents.left(worker, name))
            paper[name] = 0
        else:
            consents.report(worker, key(), {name: act}, clock.at)
            if is_lasting:
                paper[name] = int(act == "accept")
            else:
                paper[name] += int(act == "accept")
        assert consents.left(worker, name) == paper[name] >= 0


def test_spending_and_tapping_at_once_lose_nothing(
    app: APIFlask, worker: int, clock: HeldClock
) -> None:
    consents.report(worker, key(), {TEMPLATE: "accept"}, clock.at)
    db.session.remove()
    barrier = Barrier(8)

    def act(number: int) -> None:
        with app.app_context():
            barrier.wait(20)
            if number % 2:
                consents.spend(worker, TEMPLATE)
            else:
                consents.report(worker, key(), {TEMPLATE: "accept"}, clock.at)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(8)))
    assert 1 <= consents.left(worker, TEMPLATE) <= 5
    spent_before_any = consents.left(worker, TEMPLATE) - 1
    assert spent_before_any <= 3  # a spending that came when nothing was left took nothing


def test_old_keys_are_forgotten(tap: Callable[..., int], clock: HeldClock) -> None:
    tap("accept")
    assert consents.forget_old_reports(clock.at) == 0
    clock.advance(hours=25)
    assert consents.forget_old_reports(clock.at) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ConsentReport)) == 0


def test_the_mini_program_learns_what_to_ask(client: FlaskClient, with_templates: Use) -> None:
    def ask(moment: str) -> list[str]:
        found: list[str] = client.get(TEMPLATES, query_string={"moment": moment}).json["templates"]
        return found

    assert ask("filing") == ["tmpl-progress", "tmpl-reminder"]
    assert ask("asking") == ["tmpl-answer"]
    assert ask("booking") == ["tmpl-booking", "tmpl-lecture"]
    one = templates()["progress"]
    with_templates({"progress": one, "reminder": one})
    assert ask("filing") == ["tmpl-progress"]
    with_templates({})
    assert ask("filing") == []
    assert client.get(TEMPLATES, query_string={"moment": "never"}).status_code == 422
    assert client.get(TEMPLATES).status_code == 422


def test_what_was_tapped_is_reported_over_http(client: FlaskClient) -> None:
    headers = people.sign_in_worker(client)
    body = {"key": key(), "answers": {TEMPLATE: "accept", "tmpl-reminder": "reject"}}
    for _ in range(2):
        assert client.post(ME, json=body, headers=headers).status_code == 204
    who = people.worker_id(client, headers)
    with client.application.app_context():
        assert consents.left(who, TEMPLATE) == 1
        assert consents.left(who, "tmpl-reminder") == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"key": "x", "answers": {TEMPLATE: "accept"}},
        {"key": "0" * 32, "answers": {}},
        {"key": "0" * 32, "answers": {TEMPLATE: "yes"}},
        {"key": "0" * 32, "answers": {"a b": "accept"}},
        {"key": "0" * 32, "answers": {"unknown": "accept"}},
        {"key": "0" * 32, "answers": {f"t{n}": "accept" for n in range(4)}},
        {"key": "0" * 32, "answers": [TEMPLATE]},
    ],
)
def test_a_wrong_report_is_told_so(client: FlaskClient, body: dict[str, object]) -> None:
    headers = people.sign_in_worker(client)
    answer = client.post(ME, json=body, headers=headers)
    assert answer.status_code == 422 and answer.json["errors"]


def test_only_a_signed_in_worker_reports(client: FlaskClient) -> None:
    body = {"key": key(), "answers": {TEMPLATE: "accept"}}
    assert client.post(ME, json=body).status_code == 401
