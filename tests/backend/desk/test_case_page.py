"""The case page: whose clock stands big, how long the law gives, and what goes on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from apiflask import APIFlask

from backend.audit.models import AuditEvent
from backend.complaints import documents
from backend.complaints.models import Case
from backend.complaints.service import clocks
from backend.core.db import db
from tests.backend.desk.test_file_for import COMPLAINT
from tests.clock import HeldClock
from tests.factories.identity import AtDesk

FileCase = Callable[..., str]
Start = Callable[..., None]
STARTED = date(2026, 11, 2)


@pytest.fixture
def start(app: APIFlask) -> Start:
    """`start(id, "hearing_request", ends="accept")`: starts one clock and ends others."""

    def run(public_id: str, key: str, *, ends: str = "", on: date = STARTED) -> None:
        with app.app_context():
            case = db.session.query(Case).filter_by(public_id=public_id).one()
            if ends:
                clocks.meet(case, ends, on)
            clocks.start(case, key, on)
            db.session.commit()

    return run


@pytest.fixture
def papers(app: APIFlask, inspector: AtDesk, clock: HeldClock) -> Callable[..., None]:
    """`papers(id, "accept", "refuse")`: issues documents; those to be served start their clock."""

    def issue(public_id: str, *steps: str) -> None:
        with app.app_context():
            case = db.session.query(Case).filter_by(public_id=public_id).one()
            for step in steps:
                text = f"{step}的全文。"
                paper = documents.issue(case, step, text, inspector.actor, clock.now())
                kind = documents.kind_of(step)
                if kind is not None and kind.must_be_served:
                    clocks.start(case, "serve", date(2026, 11, 23), f"document:{paper.id}")
            db.session.commit()

    return issue


def acts(app: APIFlask, public_id: str) -> list[tuple[str, str]]:
    """What stands in the record of a case, with who did it."""
    with app.app_context():
        chain = db.session.query(Case).filter_by(public_id=public_id).one().chain
        rows = db.session.query(AuditEvent).filter_by(chain=chain).order_by(AuditEvent.seq)
        return [(row.act, row.actor_name) for row in rows]


def big_clock(page: str) -> str:
    """The part of the page that shows one clock big."""
    found = re.search(r'<div class="clock">(.*?)<div class="clock sm side">', page, re.DOTALL)
    assert found is not None
    return found[1]


def small_clocks(page: str) -> str:
    """The clocks beside it."""
    return page.partition('<div class="clock sm side">')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("key", "word"), [("hearing_request", "听证申请"), ("demand_wait", "催告")]
)
def test_what_the_employer_may_still_do_is_never_big_nor_overdue(
    inspector: AtDesk, file_case: FileCase, start: Start, key: str, word: str
) -> None:
    public_id = file_case()
    start(public_id, key)
    page = inspector.client.get(f"/desk/cases/{public_id}").text
    assert "受理期限" in big_clock(page)
    assert f"{word}期限" in small_clocks(page)
    assert "已满" in small_clocks(page) and "逾期" not in small_clocks(page)


def test_without_a_duty_no_clock_is_big(
    inspector: AtDesk, file_case: FileCase, start: Start
) -> None:
    public_id = file_case()
    start(public_id, "hearing_request", ends="accept", on=date(2026, 11, 20))
    page = inspector.client.get(f"/desk/cases/{public_id}").text
    assert "没有本局的期限在走" in big_clock(page)
    assert "剩 4 工作日" in small_clocks(page)


def test_a_duty_that_passed_is_big_and_overdue(
    inspector: AtDesk, file_case: FileCase, start: Start
) -> None:
    public_id = file_case()
    start(public_id, "report_superior")
    big = big_clock(inspector.client.get(f"/desk/cases/{public_id}").text)
    assert "报备期限" in big and "逾期" in big


def test_a_clock_is_as_long_as_the_law_says_in_its_own_unit(
    inspector: AtDesk, file_case: FileCase, start: Start
) -> None:
    public_id = file_case()
    start(public_id, "enforce_apply", ends="accept")
    big = big_clock(inspector.client.get(f"/desk/cases/{public_id}").text)
    assert "3 个月 · " in big and "个工作日" not in big.partition("<details")[0]


def test_each_clock_of_service_names_its_document(
    inspector: AtDesk, file_case: FileCase, papers: Callable[..., None]
) -> None:
    public_id = file_case()
    papers(public_id, "refuse", "extend")
    side = small_clocks(inspector.client.get(f"/desk/cases/{public_id}").text)
    assert "《不予受理决定书》" in side and "《延长办案期限通知书》" in side


def test_only_a_paper_that_must_be_served_waits_to_be_served(
    inspector: AtDesk, file_case: FileCase, papers: Callable[..., None]
) -> None:
    public_id = file_case()
    papers(public_id, "accept", "refuse", "apply_enforcement")
    page = inspector.client.get(f"/desk/cases/{public_id}").text
    words = re.findall(r'</span> (\S+书) <span class="mut nw">(.*?)</span>', page)
    assert words == [
        ("受理通知书", "随消息告知"),
        ("不予受理决定书", "还没送达"),
        ("强制执行申请书", "没有送达期限"),
    ]


def test_the_case_file_on_paper_has_full_dates_and_every_text_and_leaves_a_line(
    app: APIFlask, inspector: AtDesk, file_case: FileCase, papers: Callable[..., None]
) -> None:
    public_id = file_case()
    papers(public_id, "refuse")
    assert (
        f'href="/desk/cases/{public_id}/print"'
        in inspector.client.get(f"/desk/cases/{public_id}").text
    )
    page = inspector.client.get(f"/desk/cases/{public_id}/print").text
    assert "今天" not in page
    assert "何监察 打印于 2026-11-23 10:00" in page and "内部材料" in page
    assert "refuse的全文。" in page and "<details" not in page
    assert "区大明" in page and "24,000.00" in page and "<td>2026-11-23 10:00</td>" in page
    assert acts(app, public_id)[-1] == ("print", "何监察")
    assert "打印了案卷" in inspector.client.get(f"/desk/cases/{public_id}").text


def test_the_file_of_a_report_names_nobody_to_others(
    app: APIFlask, inspector: AtDesk, sign_in_staff: Callable[..., AtDesk], post: Callable[..., Any]
) -> None:
    clerk = sign_in_staff("clerk")
    form = {
        "key": "n" * 43,
        "channel": "window",
        "contact_by": "phone",
        "spoken_by": "本人",
        "is_anonymous": "no",
        "reporter.name": "赵举报",
        "reporter.phone": "13800000077",
        "reporter.wants_reply": "yes",
        "employer.name": "示例厂",
        "place": "示例镇",
        "what": "拖欠很多人的工资",
    }
    receipt = post(clerk, "/desk/file-for?lane=report", **form)
    assert receipt.status_code == 201
    assert "赵举报" not in receipt.text and "实名，姓名不写在纸上" in receipt.text
    with app.app_context():
        public_id = db.session.query(Case).one().public_id
    page = inspector.client.get(f"/desk/cases/{public_id}/print").text
    assert "身份只给这件案的承办人看" in page
    assert "赵举报" not in page and "13800000077" not in page


@pytest.mark.parametrize(("role", "status"), [("admin", 403), ("mediator", 200)])
def test_who_may_open_a_case_may_print_it(
    sign_in_staff: Callable[..., AtDesk], file_case: FileCase, role: str, status: int
) -> None:
    answer = sign_in_staff(role).client.get(f"/desk/cases/{file_case()}/print")
    assert answer.status_code == status


def test_printing_a_receipt_leaves_a_line(
    app: APIFlask,
    sign_in_staff: Callable[..., AtDesk],
    file_case: FileCase,
    post: Callable[..., Any],
) -> None:
    public_id, clerk = file_case(), sign_in_staff("clerk", name="冯窗口")
    path = f"/desk/cases/{public_id}/receipt/printed"
    assert post(clerk, path).status_code == 204
    assert acts(app, public_id)[-1] == ("print_receipt", "冯窗口")
    assert clerk.client.post(path).status_code == 403
    assert post(clerk, "/desk/cases/0000000000000000/receipt/printed").status_code == 404


def test_the_receipt_on_paper_names_the_bureau_the_parties_and_the_full_date(
    sign_in_staff: Callable[..., AtDesk], post: Callable[..., Any]
) -> None:
    clerk = sign_in_staff("clerk", name="冯窗口")
    page = post(clerk, "/desk/file-for?lane=complaint", **COMPLAINT).text
    slip = page.partition('class="card slip"')[2].partition("</section>")[0]
    assert "今天" not in slip
    said = ("2026-11-23 10:00", "区老伯", "示例木器厂", "15,000.50 元", "0750-0000002", "冯窗口")
    assert [word for word in said if word not in slip] == []
    assert re.search(r"<h2>\S+　投诉回执</h2>", slip)


def test_a_case_that_is_over_is_served_only_where_something_waits(
    app: APIFlask, inspector: AtDesk, file_case: FileCase, start: Start
) -> None:
    closed, owing = file_case(), file_case(facts="另一件的事")
    start(closed, "report_superior", ends="accept", on=date(2026, 11, 20))
    start(owing, "serve", ends="accept", on=date(2026, 11, 20))
    with app.app_context():
        for public_id in (closed, owing):
            case = db.session.query(Case).filter_by(public_id=public_id).one()
            case.state, case.outcome = "closed", "paid_in_full"
            clocks.refresh(case)
        db.session.commit()
    rows = inspector.client.get("/desk/").text.split("<tr ")
    next_of = {i: row for i in (closed, owing) for row in rows if f"/desk/cases/{i}" in row}
    assert "送达文书" in next_of[owing] and "送达文书" not in next_of[closed]
    assert "报上一级备案" in next_of[closed]


def test_the_record_of_acceptance_is_one_sentence(
    sign_in_staff: Callable[..., AtDesk],
    inspector: AtDesk,
    file_case: FileCase,
    accept_case: Callable[..., None],
) -> None:
    public_id = file_case()
    second, head = sign_in_staff("inspector"), sign_in_staff("unit_head")
    accept_case(public_id, inspector.actor, second.actor, head.actor)
    page = inspector.client.get(f"/desk/cases/{public_id}").text
    assert re.search(
        r"最晚约\d{4}年\d+月\d+日 周.（[^）]+）作出处理。|最晚\d{4}年\d+月\d+日 周.作出处理。", page
    )


def test_another_district_is_called_by_its_name(
    app: APIFlask, inspector: AtDesk, file_case: FileCase
) -> None:
    public_id = file_case()
    with app.app_context():
        db.session.query(Case).filter_by(public_id=public_id).update({"other_district": "440798"})
        db.session.commit()
    assert "可能在别的区（邻区）" in inspector.client.get(f"/desk/cases/{public_id}").text
