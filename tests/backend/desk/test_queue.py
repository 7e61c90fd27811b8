"""The list of 我的今天: nothing open is left out, and everybody finds what waits for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from sqlalchemy import event

from backend.complaints.models import Approval, Case
from backend.complaints.service import handling, queue
from backend.complaints.service.queue_filter import number_part
from backend.core.actor import Actor
from backend.core.db import db
from tests.clock import HeldClock
from tests.factories.identity import AtDesk

SignIn = Callable[..., AtDesk]
Post = Callable[..., Any]
FileCase = Callable[..., str]
CaseNow = Callable[[str], dict[str, Any]]
Step = Callable[..., None]


@pytest.fixture
def step(app: APIFlask, clock: HeldClock) -> Step:
    """`step(id, key, actor, field=value)`: taken, or asked for, by the service."""

    def take(public_id: str, key: str, actor: Actor, **values: Any) -> None:
        with app.app_context():
            handling.perform(public_id, key, values, None, actor, clock.now())

    return take


@pytest.fixture
def paused(inspector: AtDesk, file_case: FileCase, step: Step) -> str:
    """The inspector's case whose clock stands still while the worker brings more."""
    public_id = file_case()
    step(public_id, "take", inspector.actor)
    step(public_id, "request_correction", inspector.actor, items="工资条", document="请补工资条。")
    return public_id


@pytest.mark.parametrize(
    "filters", ["", "state=correction_requested", "scope=mine", "bucket=paused"]
)
def test_a_case_whose_clock_stands_still_is_listed_last(
    inspector: AtDesk, file_case: FileCase, paused: str, filters: str
) -> None:
    running = file_case()
    text = inspector.client.get(f"/desk/?{filters}").text
    assert f"/desk/cases/{paused}" in text and "<b>计时已停</b>" in text
    if not filters:
        assert text.index(f"/desk/cases/{running}") < text.index(f"/desk/cases/{paused}")


def test_the_pages_hold_every_case_once_over_the_edge_to_those_that_stand_still(
    inspector: AtDesk, app: APIFlask, clock: HeldClock, file_case: FileCase,
    paused: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    others = {file_case() for _ in range(3)}
    with app.app_context():
        first = sa.select(sa.func.min(Case.id)).scalar_subquery()
        db.session.execute(sa.update(Case).where(Case.id == first + 2).values(next_due_on=None))
        db.session.commit()
        for size in (1, 2, 3):
            monkeypatch.setattr(queue, "PAGE", size)
            seen, cursor, turns = [], None, 0
            while turns == 0 or cursor:
                found = queue.page(queue.Filter(), cursor, inspector.actor, clock.now())
                assert len(found.rows) <= size
                seen += found.rows
                cursor, turns = found.next_cursor, turns + 1
            assert {row.public_id for row in seen} == others | {paused} and len(seen) == 4
            assert [row.due_on is None for row in seen] == [False, False, True, True]


def test_a_case_handed_over_waits_in_the_receivers_list(
    inspector: AtDesk, sign_in_staff: SignIn, file_case: FileCase, step: Step
) -> None:
    receiver = sign_in_staff("inspector", name="梁接手")
    public_id = file_case()
    step(public_id, "take", inspector.actor)
    assert "移交给我的" in receiver.client.get("/desk/").text
    assert "件等您接手" not in receiver.client.get("/desk/").text
    step(public_id, "hand_over", inspector.actor, to_id=str(receiver.actor.id))
    for scope in ("mine", "offered"):
        text = receiver.client.get(f"/desk/?scope={scope}").text
        assert f"/desk/cases/{public_id}" in text
        assert "移交给您，请接手" in text and "梁接手接手" in text
        assert 'aria-label="1 件等您接手">1<' in text
    assert f"/desk/cases/{public_id}" in inspector.client.get("/desk/?scope=mine").text
    assert "梁接手接手" in inspector.client.get("/desk/").text
    assert "移交给您" not in inspector.client.get("/desk/").text
    assert "件等您接手" not in inspector.client.get("/desk/").text
    step(public_id, "accept_handover", receiver.actor)
    assert f"/desk/cases/{public_id}" not in receiver.client.get("/desk/?scope=offered").text
    assert "件等您接手" not in receiver.client.get("/desk/").text


def test_of_the_two_entries_for_the_list_the_one_that_is_open_is_marked(inspector: AtDesk) -> None:
    mark = 'class="on" aria-current="page"'
    for path, title in (("/desk/", "我的今天"), ("/desk/?scope=offered", "移交给我的")):
        text = inspector.client.get(path).text
        assert text.count(mark) == 1 and f'title="{title}" {mark}' in text


def test_the_counts_follow_the_filter_on_the_page_and_beside_the_list(
    inspector: AtDesk, file_case: FileCase, step: Step
) -> None:
    mine, _other = file_case(), file_case()
    step(mine, "take", inspector.actor)
    assert _later(inspector.client.get("/desk/").text) == 2
    assert _later(inspector.client.get("/desk/?scope=mine").text) == 1
    assert _later(inspector.client.get("/desk/?scope=unassigned").text) == 1
    assert _later(inspector.client.get("/desk/?state=investigating").text) == 0
    part = inspector.client.get("/desk/?scope=mine", headers={"HX-Target": "list"}).text
    assert 'id="buckets" aria-label="按期限筛选" hx-swap-oob="true"' in part
    assert _later(part) == 1 and "/desk/?scope=mine&amp;bucket=later" in part


def test_a_group_of_dates_holds_no_case_that_is_over(
    inspector: AtDesk, file_case: FileCase, app: APIFlask, clock: HeldClock
) -> None:
    public_id = file_case()
    with app.app_context():
        values = {"state": "withdrawn", "is_open": False, "next_due_on": None, "next_due_key": None}
        db.session.execute(sa.update(Case).values(values))
        db.session.commit()
        wanted = queue.Filter(q="示例木器厂", is_open=False)
        assert queue.counts(wanted, inspector.actor, clock.now())["paused"] == 0
    found = inspector.client.get("/desk/?q=示例木器厂").text
    assert f"/desk/cases/{public_id}" in found and "<b>已办结</b>" in found
    assert public_id not in inspector.client.get("/desk/?q=示例木器厂&bucket=paused").text
    assert public_id not in inspector.client.get("/desk/").text


def _later(text: str) -> int:
    found = re.search(r"以后 <b>(\d+)</b>", text)
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize(
    "typed",
    ["2026-00001", "2026-1", "投2026-00001", "投 2026-00001", "２０２６－００００１",
     "t-2026-00001", "〔2026〕00001", "[2026]00001", "(2026)00001号", "【2026】1号",
     "投[2026]00001", "00001"],
)  # fmt: skip
def test_a_number_is_found_as_the_list_shows_it_and_with_any_brackets(
    inspector: AtDesk, file_case: FileCase, case_now: CaseNow, typed: str
) -> None:
    first, second = file_case(), file_case()
    assert case_now(first)["number"].endswith("投〔2026〕00001号")
    text = inspector.client.get("/desk/", query_string={"q": typed}).text
    assert f"/desk/cases/{first}" in text and f"/desk/cases/{second}" not in text
    assert ">投2026-00001<" in text


def test_the_lanes_stay_apart_in_a_short_number() -> None:
    assert number_part("举2026-00003") == number_part("j2026-3") == "举〔2026〕00003号"
    assert number_part("投2026-00003") == "投〔2026〕00003号"
    assert number_part("江海人社监举[2026]3号") == "江海人社监举〔2026〕00003号"
    assert number_part("示例2026木器厂") == "示例2026木器厂"


@pytest.fixture
def sent_back(
    inspector: AtDesk, sign_in_staff: SignIn, file_case: FileCase, step: Step, post: Post,
    app: APIFlask,
) -> str:  # fmt: skip
    """The inspector's request to accept, returned by the unit's head with an opinion."""
    second, unit_head = (
        sign_in_staff("inspector", name="协办员"),
        sign_in_staff("unit_head", name="林科长"),
    )
    public_id = file_case()
    confirmed = {"way": "visit", "confirmed_on": "2026-11-23", "id_number": "11010519491231002X"}
    step(public_id, "confirm", inspector.actor, **confirmed)
    form = {"second_officer_id": str(second.actor.id), "document": "决定受理，原稿。"}
    step(public_id, "accept", inspector.actor, **form)
    with app.app_context():
        approval_id = db.session.scalars(sa.select(Approval.id)).one()
    post(unit_head, f"/desk/approvals/{approval_id}", answer="return", opinion="先核对<工牌>")
    return public_id


def test_a_returned_request_comes_back_with_the_opinion_and_what_was_typed(
    inspector: AtDesk, sent_back: str
) -> None:
    text = inspector.client.get(f"/desk/cases/{sent_back}").text
    assert "林科长退回了何监察的请示：受理并立案" in text
    assert "先核对&lt;工牌&gt;" in text
    assert f"/desk/cases/{sent_back}/steps/accept" in text and "决定受理，原稿。" in text
    assert re.search(r'<option value="\d+" selected>协办员', text)
    # on another step the opinion stays, with the way back
    other = inspector.client.get(f"/desk/cases/{sent_back}?step=note").text
    assert "先核对&lt;工牌&gt;" in other and "去改</a>" in other and "决定受理，原稿。" not in other


def test_a_returned_request_is_marked_in_the_list_and_counted_in_the_rail(
    inspector: AtDesk, sent_back: str, case_now: CaseNow, post: Post
) -> None:
    text = inspector.client.get("/desk/").text
    assert 'title="我的请示"' in text and 'aria-label="1 份被退回">1<' in text
    assert '<span class="tag alarm">退回</span> 改好再交：受理并立案' in text
    mine = inspector.client.get("/desk/approvals").text
    assert "<h1>我的请示</h1>" in mine and "先核对&lt;工牌&gt;" in mine
    assert f"/desk/cases/{sent_back}?step=accept" in mine
    # asked again, it waits for the answer and is no longer to be mended
    second = case_now(sent_back)["second_officer_id"]
    post(
        inspector,
        f"/desk/cases/{sent_back}/steps/accept",
        version=str(case_now(sent_back)["version"]),
        lane="complaint",
        second_officer_id=str(second or _other(inspector)),
        document="决定受理，改稿。",
    )
    again = inspector.client.get("/desk/").text
    assert "份被退回" not in again and ">退回</span>" not in again and "等批准" in again
    assert "先核对" not in inspector.client.get(f"/desk/cases/{sent_back}").text


def _other(inspector: AtDesk) -> int:
    with inspector.client.application.app_context():
        approval = db.session.scalars(sa.select(Approval)).one()
        return int(re.findall(r'"second_officer_id": "?(\d+)', approval.input)[0])


def test_what_came_back_is_forgotten_once_the_step_is_out_of_place(
    inspector: AtDesk, sent_back: str, step: Step
) -> None:
    step(sent_back, "request_correction", inspector.actor, items="工牌", document="请补工牌。")
    text = inspector.client.get("/desk/").text
    assert ">退回</span>" not in text and "份被退回" not in text
    assert "先核对" not in inspector.client.get(f"/desk/cases/{sent_back}").text


def test_an_approver_has_one_entry_for_requests(sign_in_staff: SignIn) -> None:
    text = sign_in_staff("unit_head", "inspector").client.get("/desk/").text
    assert 'title="待我审批"' in text and 'title="我的请示"' not in text


def test_the_number_of_queries_does_not_grow_with_the_rows(
    inspector: AtDesk, app: APIFlask, file_case: FileCase, paused: str, sent_back: str
) -> None:
    few = _queries(app, inspector)
    for at in range(12):
        public_id = file_case()
        with app.app_context():
            values = {"next_due_on": None} if at % 2 else {"offered_to_id": inspector.actor.id}
            db.session.execute(sa.update(Case).where(Case.public_id == public_id).values(values))
            db.session.commit()
    assert _queries(app, inspector) == few


def _queries(app: APIFlask, desk: AtDesk) -> int:
    seen: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        assert desk.client.get("/desk/").status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return len(seen)


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 25)])
def test_a_date_has_one_group(day: date) -> None:
    groups = {20: "overdue", 23: "today", 25: "soon"}
    assert queue.bucket_of(day, date(2026, 11, 23)) == groups[day.day]
