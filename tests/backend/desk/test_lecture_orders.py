"""点单 at the desk: the list by what is due, each step with its words shown first, the sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from apiflask import APIFlask

from backend.audit.models import AuditEvent
from backend.core import clock as core_clock
from backend.core.db import db
from backend.lectures.models import LectureOrder
from backend.lectures.service import orders
from backend.lectures.service.orders import Wanted
from backend.notify.models import OutboxMessage
from tests.backend.desk.test_lecture_bookings import sheet_of
from tests.backend.desk.test_lectures import hidden
from tests.clock import HeldClock
from tests.factories import lectures as made
from tests.factories.identity import AtDesk, sign_in_at_desk

Post = Callable[..., Any]
SignIn = Callable[..., AtDesk]
DATE = {"on": "2026-12-01", "from_time": "19:00", "speaker": "谭示例（监察二中队）"}


@pytest.fixture
def organiser(sign_in_staff: SignIn) -> AtDesk:
    """Who answers orders."""
    return sign_in_staff("organiser", name="苏敏仪")


def ordered(app: APIFlask, number: int = 1, **changes: Any) -> str:
    """An order of a worker; its public id."""
    with app.app_context():
        facts: dict[str, Any] = {
            "org_name": "示例花园项目部",
            "org_kind": "site",
            "contact_name": "王国明",
            "phone": "13800000077",
            "theme": "讨薪",
            "place": "项目部食堂",
            "people": 40,
            "wished": [{"on": "2026-12-01", "part": "evening"}],
            "key": made.key(),
        }
        who = made.worker(number)
        return orders.order(Wanted(**{**facts, **changes}), who, core_clock.now()).public_id


@pytest.fixture
def order(app: APIFlask) -> str:
    """An order nobody answered yet."""
    return ordered(app)


def row_of(app: APIFlask, public_id: str) -> LectureOrder:
    """The order as it stands in the database."""
    with app.app_context():
        found = db.session.query(LectureOrder).filter_by(public_id=public_id).one()
        db.session.expunge(found)
        return found


def told(app: APIFlask) -> list[str]:
    """Kinds of messages to the orderer, oldest first."""
    with app.app_context():
        query = db.session.query(OutboxMessage.template).order_by(OutboxMessage.id)
        return [template for (template,) in query]


def fields(desk: AtDesk, order: str, step: str) -> dict[str, str]:
    """The hidden fields of a step's form."""
    return hidden(desk.client.get(f"/desk/orders/{order}?step={step}").text)


def take(desk: AtDesk, order: str, step: str, post: Post, **typed: str) -> Any:
    """Take a step; where words are shown first, they are shown and then sent."""
    form = {**fields(desk, order, step), **typed}
    answer = post(desk, f"/desk/orders/{order}/{step}", **form)
    if answer.status_code == 200:
        shown = hidden(answer.text)["shown"]
        answer = post(desk, f"/desk/orders/{order}/{step}", **form | {"shown": shown})
    return answer


def test_a_visit_the_orderer_calls_off_is_said_on_the_list_and_its_page(
    app: APIFlask, organiser: AtDesk, order: str, post: Post
) -> None:
    take(organiser, order, "assign", post, staff_id=str(organiser.actor.id))
    take(organiser, order, "propose", post, **DATE)
    assert take(organiser, order, "agree", post).status_code == 303
    assert "撤回了，别去" not in organiser.client.get("/desk/orders").text
    with app.app_context():
        orders.withdraw(order, made.worker(), core_clock.now())
    listed = organiser.client.get("/desk/orders").text
    assert "撤回了，别去" in listed and "约了又撤回 1 单" in listed
    page = organiser.client.get(f"/desk/orders/{order}").text
    assert "对方撤回了，12月1日 周二 19:00 不用去了。" in page and "请告诉谭示例" in page
    assert "没有要办的了" in page


def test_an_order_goes_from_the_list_to_its_rating(
    app: APIFlask, organiser: AtDesk, order: str, post: Post, clock: HeldClock
) -> None:
    listed = organiser.client.get("/desk/orders").text
    assert "示例花园项目部" in listed and "剩 3 工作日" in listed and "王国明" not in listed
    assert ">1</span>" in listed  # the rail counts it
    page = organiser.client.get(f"/desk/orders/{order}").text
    assert "王国明" in page and "13800000077" in page and "2026-12-01 晚上" in page
    staff_id = str(organiser.actor.id)
    assert take(organiser, order, "assign", post, staff_id=staff_id).status_code == 303
    assert "<b>我</b>" in organiser.client.get("/desk/orders?scope=mine").text
    answer = take(organiser, order, "propose", post, **DATE, note="投影我们带")
    assert answer.location.endswith("?done=propose")
    page = organiser.client.get(answer.location).text
    assert "等他说行不行" in page and "12月1日 周二 19:00" in page and "投影我们带" in page
    assert (
        "说好了：12月1日 周二 19:00，项目部食堂"
        in organiser.client.get(f"/desk/orders/{order}?step=agree").text
    )
    refused = take(organiser, order, "refuse_date", post, note="那天没空，周四行")
    assert refused.status_code == 303
    assert "那天没空，周四行" in organiser.client.get(f"/desk/orders/{order}").text
    take(organiser, order, "propose", post, **{**DATE, "on": "2026-12-03"})
    assert take(organiser, order, "agree", post).status_code == 303
    assert "step=hold" not in organiser.client.get(f"/desk/orders/{order}").text
    clock.set(row_of(app, order).proposed_at)
    later = sign_in_at_desk(app, "organiser")
    bad = post(later, f"/desk/orders/{order}/hold", **fields(later, order, "hold"), attended="多")
    assert bad.status_code == 422 and 'id="f-attended-e"' in bad.text
    assert take(later, order, "hold", post, attended="38").status_code == 303
    with app.app_context():
        orders.rate(order, "satisfied", "还想请", made.worker(1), core_clock.now())
    page = later.client.get(f"/desk/orders/{order}").text
    assert "满意" in page and "还想请" in page and "38" in page and "这一单办完了" in page
    assert "示例花园项目部" in later.client.get("/desk/orders?scope=over").text
    assert told(app) == [
        "order_received", "order_proposed", "order_proposed", "order_agreed", "order_held",
    ]  # fmt: skip


def test_a_proposal_is_not_sent_before_its_words_were_seen(
    app: APIFlask, organiser: AtDesk, order: str, post: Post
) -> None:
    assert (
        take(organiser, order, "assign", post, staff_id=str(organiser.actor.id)).status_code == 303
    )
    form = {**fields(organiser, order, "propose"), **DATE}
    shown = post(organiser, f"/desk/orders/{order}/propose", **form)
    assert "想在 12月1日 周二 19:00 去讲，谭示例（监察二中队）主讲" in shown.text
    seen = hidden(shown.text)["shown"]
    changed = form | {"shown": seen, "from_time": "20:00"}
    again = post(organiser, f"/desk/orders/{order}/propose", **changed)
    assert again.status_code == 200 and "您又改过，请再看一遍" in again.text
    assert told(app) == ["order_received"] and row_of(app, order).state == "assigned"


@pytest.mark.parametrize(
    ("step", "typed", "field", "words"),
    [
        ("assign", {"staff_id": ""}, "staff_id", "请选一位办讲座的同事"),
        ("assign", {"staff_id": "99999999999999"}, "staff_id", "请选一位办讲座的同事"),
        ("decline", {"reason": " "}, "reason", "请写接不了的原因"),
        ("decline", {"reason": "长" * 301}, "reason", "最多 300 个字"),
        ("propose", {**DATE, "on": ""}, "on", "请选哪天去讲"),
        ("propose", {**DATE, "from_time": "x"}, "from_time", "请填几点开始"),
        ("propose", {**DATE, "on": "2026-11-20"}, "on", "已经过去了"),
        ("propose", {**DATE, "speaker": ""}, "speaker", "请写谁去讲"),
        ("propose", {**DATE, "note": "长" * 301}, "note", "留言最多 300 个字"),
    ],
)
def test_a_step_with_a_fault_is_not_taken_and_keeps_what_was_typed(
    app: APIFlask,
    organiser: AtDesk,
    order: str,
    post: Post,
    step: str,
    typed: dict[str, str],
    field: str,
    words: str,
) -> None:
    if step == "propose":
        take(organiser, order, "assign", post, staff_id=str(organiser.actor.id))
    before = row_of(app, order).state
    form = fields(organiser, order, step)
    answer = post(organiser, f"/desk/orders/{order}/{step}", **{**form, **typed})
    assert answer.status_code == 422 and words in answer.text
    assert f'href="#f-{field}"' in answer.text and f'id="f-{field}-e"' in answer.text
    for value in typed.values():
        assert len(value.strip()) < 2 or value in answer.text or value.isdigit()
    assert row_of(app, order).state == before and told(app) == ["order_received"]


def test_an_order_is_declined_with_its_reason(
    app: APIFlask, organiser: AtDesk, order: str, post: Post
) -> None:
    answer = take(organiser, order, "decline", post, reason="年底讲师排满了")
    assert answer.location.endswith("?done=decline")
    text = organiser.client.get(answer.location).text
    assert "没接的原因" in text and "没有要办的了" in text
    assert "这次去不了，原因：年底讲师排满了。" in text and told(app)[-1] == "order_declined"


def test_who_comes_second_is_told_and_keeps_the_input(
    app: APIFlask, organiser: AtDesk, sign_in_staff: SignIn, order: str, post: Post,
    clock: HeldClock,
) -> None:  # fmt: skip
    mine = fields(organiser, order, "decline")
    head = sign_in_staff("unit_head", name="区大队")
    take(head, order, "assign", post, staff_id=str(head.actor.id))
    clock.advance(minutes=3)
    form = {**mine, "reason": "讲师排满了"}
    shown = post(organiser, f"/desk/orders/{order}/decline", **form)
    form["shown"] = hidden(shown.text)["shown"]
    answer = post(organiser, f"/desk/orders/{order}/decline", **form)
    assert answer.status_code == 409
    assert "区大队 3 分钟前动过这个点单，您的“接不了”没有办" in answer.text
    assert "讲师排满了" in answer.text and "仍可以做" in answer.text
    again = post(organiser, f"/desk/orders/{order}/decline", reason="讲师排满了", do="again")
    assert again.status_code == 200 and "讲师排满了</textarea>" in again.text
    assert told(app) == ["order_received"]


def test_a_step_the_state_does_not_allow_is_told_so(
    organiser: AtDesk, order: str, post: Post
) -> None:
    text = organiser.client.get(f"/desk/orders/{order}?step=agree").text
    assert "打电话问过" not in text and "派给谁" in text  # unlawful steps are absent
    form = fields(organiser, order, "assign")
    answer = post(organiser, f"/desk/orders/{order}/agree", **form)
    assert answer.status_code == 409 and "不能这样办" in answer.text
    assert post(organiser, f"/desk/orders/{order}/nothing", **form).status_code == 404
    assert organiser.client.get(f"/desk/orders/{order}/agree").status_code == 302
    assert organiser.client.get("/desk/orders/0000000000000000").status_code == 404


def test_late_orders_are_marked_and_counted_for_those_above(
    app: APIFlask, organiser: AtDesk, order: str, clock: HeldClock
) -> None:
    head = sign_in_at_desk(app, "unit_head")
    assert 'aria-label="1 件在等"' not in head.client.get("/desk/orders").text
    clock.advance(days=4)
    with app.app_context():
        number = db.session.query(LectureOrder.id).scalar()
        assert orders.go_up(number, clock.now())
    head = sign_in_at_desk(app, "unit_head")
    text = head.client.get("/desk/orders?scope=late").text
    assert "逾期 1 工作日" in text and "已报科长" in text and 'aria-label="1 件在等"' in text
    assert "逾期，已报科长" in head.client.get(f"/desk/orders/{order}").text


def test_what_is_due_first_stands_first_and_pages_follow(
    app: APIFlask, organiser: AtDesk, post: Post, clock: HeldClock
) -> None:
    for number in range(1, 53):
        ordered(app, number, org_name=f"第 {number:02} 家")
        if number == 26:
            clock.advance(hours=1)
    with app.app_context():
        first = db.session.query(LectureOrder).order_by(LectureOrder.id).first()
        assert first is not None
        answered = first.public_id
    desk = organiser
    take(desk, answered, "assign", post, staff_id=str(desk.actor.id))
    take(desk, answered, "propose", post, **DATE)
    text = desk.client.get("/desk/orders").text
    assert text.count('class="r"') == 50 and "第 01 家" not in text
    assert text.index("第 02 家") < text.index("第 03 家")
    after = re.search(r'href="(/desk/orders\?[^"]*cursor=[^"]*)"', text)
    assert after
    rest = desk.client.get(after[1].replace("&amp;", "&")).text
    assert rest.count('class="r"') == 2 and rest.index("第 52 家") < rest.index("第 01 家")
    assert desk.client.get("/desk/orders?cursor=x").status_code == 400


def test_reading_and_exporting_orders_is_recorded(
    app: APIFlask, organiser: AtDesk, sign_in_staff: SignIn, order: str
) -> None:
    organiser.client.get(f"/desk/orders/{order}")
    ordered(app, 2, org_name="=1+1", contact_name="=2+2")
    rows = sheet_of(organiser.client.get("/desk/orders.xlsx"))
    assert [row[2] for row in rows] == ["单位", "=1+1", "示例花园项目部"]
    assert rows[1][4] == "=2+2" and rows[2][5] == "13800000077"
    with app.app_context():
        acts = [event.act for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert acts.count("order_read") == 1 and acts.count("export_orders") == 1


@pytest.mark.parametrize("role", ["clerk", "inspector", "answerer"])
def test_other_roles_do_not_see_orders(
    sign_in_staff: SignIn, order: str, post: Post, role: str
) -> None:
    desk = sign_in_staff(role)
    for path in ("/desk/orders", f"/desk/orders/{order}", "/desk/orders.xlsx"):
        assert desk.client.get(path).status_code == 403
    assert post(desk, f"/desk/orders/{order}/decline", reason="x").status_code == 403


def test_not_signed_in_leads_to_the_sign_in_page(app: APIFlask, order: str) -> None:
    for path in ("/desk/orders", f"/desk/orders/{order}", "/desk/orders.xlsx"):
        assert "/desk/sign-in" in app.test_client().get(path).location
    sent = app.test_client().post(f"/desk/orders/{order}/decline", data={"reason": "讲师排满"})
    assert sent.status_code == 401 and "讲师排满" in sent.text  # nothing typed is lost


def test_a_date_in_a_year_without_a_calendar_is_marked_as_provisional(
    app: APIFlask, clock: HeldClock
) -> None:
    clock.set(datetime(2027, 12, 30, 2, tzinfo=UTC))
    desk = sign_in_at_desk(app, "organiser")
    public_id = ordered(app, wished=[{"on": "2028-01-20", "part": "morning"}])
    assert "约 2028-01-0" in desk.client.get("/desk/orders").text
    assert "以国务院公布的放假安排为准" in desk.client.get(f"/desk/orders/{public_id}").text
