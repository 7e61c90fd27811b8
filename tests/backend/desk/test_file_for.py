"""Filing for somebody at the window or on the telephone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask

from backend.complaints.models import ActRecord, Case, Claimant, ClaimLine
from backend.core.db import db
from tests.factories.identity import AtDesk

Post = Callable[..., Any]
PATH = "/desk/file-for?lane=complaint"
COMPLAINT = {
    "key": "k" * 43,
    "channel": "window",
    "contact_by": "phone",
    "spoken_by": "儿子区小明",
    "screening.place": "here",
    "screening.age_group": "60_plus",
    "screening.worker_kind": "employee",
    "screening.contract": "oral",
    "screening.is_still_working": "no",
    "screening.prior_steps.court": "1",
    "claimant.name": "区老伯",
    "claimant.phone": "0750 312 3456",
    "claimant.service_address": "示例路 9 号",
    "employer.name": "示例木器厂",
    "work.from_on": "2026-01-05",
    "work.to_on": "2026-08-31",
    "work.place": "示例工地",
    "claims.0.month": "2026-07",
    "claims.0.due_fen": "８,000.50",
    "claims.0.paid_fen": "",
    "claims.4.month": "2026-08",
    "claims.4.due_fen": "8000",
    "claims.4.paid_fen": "1000",
    "request": "付清工资",
    "facts": "说了几次都不给",
}
REPORT = {
    "key": "r" * 43,
    "channel": "telephone",
    "is_anonymous": "yes",
    "employer.name": "示例厂",
    "place": "示例镇",
    "what": "拖欠很多人的工资",
    "people_count": "12",
}


@pytest.fixture
def clerk(sign_in_staff: Callable[..., AtDesk]) -> AtDesk:
    """The window's browser."""
    return sign_in_staff("clerk", name="冯窗口")


def rows(app: APIFlask, model: Any) -> list[Any]:
    """Every row of a table."""
    with app.app_context():
        return list(db.session.query(model))


def test_a_complaint_is_filed_with_who_spoke_and_who_wrote(
    app: APIFlask, clerk: AtDesk, post: Post
) -> None:
    answer = post(clerk, PATH, **COMPLAINT)
    assert answer.status_code == 201
    assert re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", answer.text)
    case, person, act = rows(app, Case)[0], rows(app, Claimant)[0], rows(app, ActRecord)[0]
    assert (case.channel, case.author_staff_id) == ("window", clerk.actor.id)
    assert (person.phone, person.contact_by) == ("07503123456", "phone")
    assert (act.text, act.staff_name) == ("儿子区小明", "冯窗口")
    lines = {line.month: (line.due_fen, line.paid_fen) for line in rows(app, ClaimLine)}
    assert lines == {"2026-07": (800_050, 0), "2026-08": (800_000, 100_000)}
    assert case.screening["prior_steps"] == ["court"]


def test_sent_twice_it_is_one_complaint(app: APIFlask, clerk: AtDesk, post: Post) -> None:
    post(clerk, PATH, **COMPLAINT)
    assert post(clerk, PATH, **COMPLAINT).status_code == 201
    assert len(rows(app, Case)) == 1


def test_the_same_form_with_other_content_keeps_it_and_points_to_the_first(
    clerk: AtDesk, post: Post
) -> None:
    post(clerk, PATH, **COMPLAINT)
    answer = post(clerk, PATH, **(COMPLAINT | {"facts": "后来又改的话"}))
    assert answer.status_code == 409
    assert "后来又改的话" in answer.text and "/desk/cases/" in answer.text


def test_wrong_input_names_each_field_by_its_row_and_keeps_all(
    app: APIFlask, clerk: AtDesk, post: Post
) -> None:
    wrong = COMPLAINT | {
        "claimant.name": "",
        "claims.4.due_fen": "八千",
        "claims.0.month": "2027-01",
        "facts": "<script>没发</script>",
    }
    answer = post(clerk, PATH, **wrong)
    assert answer.status_code == 422
    assert "请填“姓名”。" in answer.text
    assert 'href="#f-claims.4.due_fen"' in answer.text and 'value="八千"' in answer.text
    assert "&lt;script&gt;没发" in answer.text and 'value="0750 312 3456"' in answer.text
    assert rows(app, Case) == []


def test_what_the_service_refuses_is_shown_in_the_row_it_was_typed_in(
    clerk: AtDesk, post: Post
) -> None:
    answer = post(clerk, PATH, **(COMPLAINT | {"claims.4.paid_fen": "9000"}))
    assert answer.status_code == 422
    assert 'id="f-claims.4.paid_fen-e"' in answer.text
    assert "第 5 行已发：" in answer.text


def test_an_empty_form_is_all_wrong_at_once(clerk: AtDesk, post: Post) -> None:
    answer = post(clerk, PATH)
    assert answer.status_code == 422 and answer.text.count('href="#f-') >= 8


def test_more_rows_keep_what_was_typed_and_file_nothing(
    app: APIFlask, clerk: AtDesk, post: Post
) -> None:
    answer = post(clerk, PATH, do="more_rows", **COMPLAINT)
    assert answer.status_code == 200
    assert 'name="claims.11.month"' in answer.text and "说了几次都不给" in answer.text
    assert rows(app, Case) == []


def test_an_anonymous_report_keeps_nobody_even_when_a_name_was_typed(
    app: APIFlask, clerk: AtDesk, post: Post
) -> None:
    typed = REPORT | {"reporter.name": "不该留的名字", "spoken_by": "不该留的人"}
    answer = post(clerk, "/desk/file-for?lane=report", **typed)
    assert answer.status_code == 201
    assert rows(app, Claimant) == []
    assert all("不该留" not in (act.text or "") for act in rows(app, ActRecord))
    assert rows(app, Case)[0].screening["people_count"] == 12


def test_a_named_report_keeps_the_person_for_the_officers(
    app: APIFlask, clerk: AtDesk, post: Post
) -> None:
    typed = REPORT | {
        "is_anonymous": "no",
        "reporter.name": "报告人",
        "reporter.phone": "13800000077",
        "reporter.wants_reply": "yes",
        "spoken_by": "本人",
        "contact_by": "sms",
    }
    assert post(clerk, "/desk/file-for?lane=report", **typed).status_code == 201
    person, case = rows(app, Claimant)[0], rows(app, Case)[0]
    assert (person.name, person.wants_reply) == ("报告人", True)
    page = clerk.client.get(f"/desk/cases/{case.public_id}").text
    assert "报告人" not in page and "身份只给这件案的承办人看" in page


def test_a_count_that_is_no_number_is_refused(app: APIFlask, clerk: AtDesk, post: Post) -> None:
    answer = post(clerk, "/desk/file-for?lane=report", **(REPORT | {"people_count": "十几个"}))
    assert answer.status_code == 422 and "人数要填整数" in answer.text
    assert 'value="十几个"' in answer.text
    assert rows(app, Case) == []


def test_other_roles_and_forms_without_token_file_nothing(
    app: APIFlask, clerk: AtDesk, sign_in_staff: Callable[..., AtDesk], post: Post
) -> None:
    assert post(sign_in_staff("head"), PATH, **COMPLAINT).status_code == 403
    answer = clerk.client.post(PATH, data=COMPLAINT)
    assert answer.status_code == 403 and "说了几次都不给" in answer.text
    assert rows(app, Case) == []
