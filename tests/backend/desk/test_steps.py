"""Taking steps from the panel: preview, submit, wrong input, being second, errors that keep all."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from backend.complaints.models import Case
from backend.complaints.service import handling
from backend.core.db import db
from tests.factories.identity import AtDesk

SignIn = Callable[..., AtDesk]
Post = Callable[..., Any]
CaseNow = Callable[[str], dict[str, Any]]
ID_NUMBER = "11010519491231002X"
CONFIRM = {
    "way": "visit",
    "confirmed_on": "2026-11-23",
    "id_number": ID_NUMBER,
    "lane": "complaint",
}


@pytest.fixture
def case(file_case: Callable[..., str]) -> str:
    """The address of a fresh complaint at the desk."""
    return f"/desk/cases/{file_case()}"


def public_id(case: str) -> str:
    """The case's id in its address."""
    return case.rsplit("/", 1)[-1]


def test_the_panel_offers_what_is_lawful_and_says_why_not_the_rest(
    inspector: AtDesk, case: str
) -> None:
    text = inspector.client.get(case).text
    assert "我来承办" in text and "要求补正" in text
    assert "为何没有别的？" in text and "还没有投诉人本人确认的记录" in text
    assert f"{case}/steps/accept" not in text


def test_a_step_in_the_address_is_unfolded(inspector: AtDesk, case: str) -> None:
    text = inspector.client.get(f"{case}?step=request_correction").text
    assert f'action="{case}/steps/request_correction"' in text
    assert "要补的全部材料" in text


def test_htmx_gets_the_panel_alone(inspector: AtDesk, case: str) -> None:
    headers = {"HX-Request": "true", "HX-Target": "panel"}
    part = inspector.client.get(f"{case}?step=confirm", headers=headers).text
    assert part.strip().startswith('<aside class="panel"') and "<html" not in part


def test_a_step_is_taken_and_the_page_says_so(
    inspector: AtDesk, post: Post, case: str, case_now: CaseNow
) -> None:
    answer = post(inspector, f"{case}/steps/confirm", version="1", **CONFIRM)
    assert answer.status_code == 303 and answer.location == f"{case}?done=confirm"
    assert case_now(public_id(case))["is_confirmed"] is True
    page = inspector.client.get(answer.location).text
    assert "本人确认</b>：办好了" in page
    assert "110105********002X" in page and ID_NUMBER not in page


def test_wrong_input_keeps_everything_and_links_to_each_field(
    inspector: AtDesk, post: Post, case: str, case_now: CaseNow
) -> None:
    typed = CONFIRM | {"id_number": "11010519491231002", "note": "看过证件 <i>"}
    answer = post(inspector, f"{case}/steps/confirm", version="1", **typed)
    assert answer.status_code == 422
    assert 'href="#f-id_number"' in answer.text and 'aria-invalid="true"' in answer.text
    assert 'value="11010519491231002"' in answer.text and "看过证件 &lt;i&gt;" in answer.text
    assert case_now(public_id(case))["is_confirmed"] is False


def test_a_preview_shows_the_exact_words_and_saves_nothing(
    inspector: AtDesk, post: Post, case: str, case_now: CaseNow
) -> None:
    before = case_now(public_id(case))
    typed = {"items": "工资条\n转账记录", "document": "请补两样。", "lane": "complaint"}
    answer = post(inspector, f"{case}/steps/request_correction", do="preview", **typed)
    assert answer.status_code == 200
    assert "劳动者会看到" in answer.text and "锁屏只写" in answer.text
    assert "工资条\n转账记录" in answer.text
    assert case_now(public_id(case)) == before


def test_a_step_that_needs_approval_asks_for_it(
    sign_in_staff: SignIn, inspector: AtDesk, post: Post, case: str, case_now: CaseNow
) -> None:
    second = sign_in_staff("inspector", name="林协办")
    post(inspector, f"{case}/steps/confirm", version="1", **CONFIRM)
    form = {"second_officer_id": str(second.actor.id), "document": "决定受理。"}
    version = str(case_now(public_id(case))["version"])
    page = inspector.client.get(f"{case}?step=accept").text
    assert "提交科长批准" in page
    answer = post(inspector, f"{case}/steps/accept", version=version, lane="complaint", **form)
    assert answer.status_code == 303
    assert "已提交，等批准" in inspector.client.get(answer.location).text
    assert case_now(public_id(case))["state"] == "submitted"


def test_the_second_officer_gets_a_page_naming_the_first_with_the_input_kept(
    sign_in_staff: SignIn, inspector: AtDesk, post: Post, case: str, case_now: CaseNow, clock: Any
) -> None:
    first = sign_in_staff("inspector", name="林秀珍")
    post(first, f"{case}/steps/confirm", version="1", **CONFIRM)
    clock.advance(minutes=2)
    typed = {"items": "工资条", "document": "请补一样。", "lane": "complaint"}
    answer = post(inspector, f"{case}/steps/request_correction", version="1", **typed)
    assert answer.status_code == 409
    assert "林秀珍 2 分钟前改了这件案，您的“要求补正”还没有提交" in answer.text
    assert "本人确认" in answer.text and "工资条" in answer.text and "请补一样。" in answer.text
    assert "没有任何通知发给劳动者或单位" in answer.text
    assert case_now(public_id(case))["state"] == "submitted"
    again = post(inspector, f"{case}/steps/request_correction", do="again", **typed)
    assert "请照案件现在的样子再核对一遍" in again.text and "请补一样。" in again.text
    version = str(case_now(public_id(case))["version"])
    assert f'name="version" value="{version}"' in again.text
    done = post(inspector, f"{case}/steps/request_correction", version=version, **typed)
    assert done.status_code == 303
    assert case_now(public_id(case))["state"] == "correction_requested"


@pytest.fixture
def redirected(sign_in_staff: SignIn, inspector: AtDesk, post: Post, case: str) -> str:
    """The case, which a colleague has told to go elsewhere in the meantime."""
    first = sign_in_staff("inspector", name="林秀珍")
    form = {"ground": "out_of_scope", "body": "江海区人民法院", "body_contact": "12368",
            "document": "请向法院提出。", "lane": "complaint"}  # fmt: skip
    assert post(first, f"{case}/steps/redirect", version="1", **form).status_code == 303
    return case


LATE = {"items": "工资条", "document": "写了很久，" * 99 + "完。", "lane": "complaint"}


@pytest.mark.parametrize("does", ["submit", "again", "preview"])
def test_what_was_typed_for_a_step_that_is_gone_can_become_an_internal_note(
    inspector: AtDesk, post: Post, redirected: str, does: str
) -> None:
    path = f"{redirected}/steps/request_correction"
    answer = post(inspector, path, version="1", do=does, **LATE)
    assert answer.status_code == 409
    assert "没有这一步了" in answer.text and "离开以前，请存成内部记录" in answer.text
    assert answer.text.count(LATE["document"]) == 2  # whole, to read and to keep
    (kept,) = re.findall(r'<textarea name="note"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL)
    note = {"note": html.unescape(kept), "lane": "complaint"}
    again = post(inspector, f"{redirected}/steps/note", do="again", **note)
    assert again.status_code == 200 and LATE["document"] in again.text
    version = re.findall(r'name="version" value="(\d+)"', again.text)[0]
    saved = post(inspector, f"{redirected}/steps/note", version=version, **note)
    assert saved.status_code == 303
    text = inspector.client.get(redirected).text
    assert "没有提交的“要求补正”" in text and LATE["document"] in text


def test_what_is_too_long_for_a_note_is_shown_whole_to_be_copied(
    inspector: AtDesk, post: Post, redirected: str
) -> None:
    long = LATE | {"document": "长" * 6000}
    answer = post(inspector, f"{redirected}/steps/request_correction", version="1", **long)
    assert "长" * 6000 in answer.text and "选中复制" in answer.text
    assert 'name="note"' not in answer.text and "存成内部记录" not in answer.text


def test_a_preview_of_a_step_that_is_gone_takes_the_whole_page(
    inspector: AtDesk, redirected: str
) -> None:
    headers = {"HX-Request": "true", "HX-Target": "panel"}
    form = {"csrf_token": inspector.csrf, "do": "preview", **LATE}
    path = f"{redirected}/steps/request_correction"
    answer = inspector.client.post(path, data=form, headers=headers)
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reselect"]) == ("#main", "#main")
    assert '<main id="main"' in answer.text and LATE["document"] in answer.text


def test_an_identity_number_goes_into_no_note(
    inspector: AtDesk, post: Post, redirected: str
) -> None:
    answer = post(inspector, f"{redirected}/steps/confirm", version="1", **CONFIRM)
    (kept,) = re.findall(r'<textarea name="note"[^>]*>(.*?)</textarea>', answer.text, re.DOTALL)
    assert "2026-11-23" in kept and ID_NUMBER not in kept
    assert ID_NUMBER in answer.text


def test_a_step_whose_condition_fell_away_says_which(
    inspector: AtDesk, post: Post, case: str
) -> None:
    form = {"second_officer_id": str(inspector.actor.id), "document": "写了很久的决定书"}
    answer = post(inspector, f"{case}/steps/accept", do="again", lane="complaint", **form)
    assert answer.status_code == 409
    assert "现在不能做了：还没有投诉人本人确认的记录" in answer.text
    assert "写了很久的决定书" in answer.text
    assert f'<dd class="pre">{inspector.actor.name}</dd>' in answer.text


def test_a_form_without_a_version_counts_as_stale(
    inspector: AtDesk, post: Post, case: str, case_now: CaseNow
) -> None:
    for version in ("", "x", "٣", "9" * 30):
        answer = post(inspector, f"{case}/steps/confirm", version=version, **CONFIRM)
        assert answer.status_code == 409
    assert case_now(public_id(case))["is_confirmed"] is False


def test_a_changed_amount_is_marked_and_not_changed_after_a_conflict(
    sign_in_staff: SignIn, inspector: AtDesk, post: Post, case: str, accept_case: Any
) -> None:
    second, boss = sign_in_staff("inspector"), sign_in_staff("unit_head")
    accept_case(public_id(case), inspector.actor, second.actor, boss.actor)
    answer = post(
        inspector, f"{case}/steps/order_payment", do="again", lane="complaint", amount_fen="100"
    )
    assert 'value="100"' in answer.text and "案件现在是 24000.00" in answer.text


def test_an_unlawful_step_is_refused_with_the_missing_condition_and_the_input(
    inspector: AtDesk, post: Post, case: str, case_now: CaseNow
) -> None:
    form = {"second_officer_id": "1", "document": "写了很久的决定书", "lane": "complaint"}
    answer = post(inspector, f"{case}/steps/accept", version="1", **form)
    assert answer.status_code == 409
    assert "还没有投诉人本人确认的记录" in answer.text and "写了很久的决定书" in answer.text
    assert case_now(public_id(case))["state"] == "submitted"


def test_a_role_that_may_not_take_a_step_is_told_and_keeps_the_text(
    sign_in_staff: SignIn, post: Post, case: str
) -> None:
    clerk = sign_in_staff("clerk")
    form = {"items": "写好的清单内容", "document": "d", "lane": "complaint"}
    answer = post(clerk, f"{case}/steps/request_correction", version="1", **form)
    assert answer.status_code == 403 and "写好的清单内容" in answer.text


def test_an_unknown_step_is_a_page(inspector: AtDesk, post: Post, case: str) -> None:
    assert post(inspector, f"{case}/steps/nonsense", version="1").status_code == 409
    moved = inspector.client.get(f"{case}/steps/confirm")
    assert moved.location == f"{case}?step=confirm"


def test_without_the_form_token_nothing_happens_and_the_text_is_kept(
    inspector: AtDesk, case: str, case_now: CaseNow
) -> None:
    answer = inspector.client.post(
        f"{case}/steps/note", data={"note": "一段内部记录", "version": "1"}
    )
    assert answer.status_code == 403
    assert "一段内部记录" in answer.text and "再交一次" in answer.text
    assert "一段内部记录" not in inspector.client.get(case).text


def test_a_locked_database_says_so_and_keeps_the_form(
    inspector: AtDesk, post: Post, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_args: Any) -> None:
        raise OperationalError("UPDATE", {}, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(handling, "perform", locked)
    answer = post(inspector, f"{case}/steps/note", version="1", note="写了一半的记录")
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert "写了一半的记录" in answer.text and "没有发出任何通知" in answer.text
    assert f'action="{case}/steps/note"' in answer.text


def test_a_bug_is_a_page_that_keeps_the_form(
    inspector: AtDesk, post: Post, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(handling, "perform", broken)
    answer = post(inspector, f"{case}/steps/note", version="1", note="写了一半的记录")
    assert answer.status_code == 500 and answer.mimetype == "text/html"
    assert "写了一半的记录" in answer.text and "ZeroDivision" not in answer.text


def test_a_message_reaches_the_worker_once(inspector: AtDesk, post: Post, case: str) -> None:
    for _ in range(2):
        answer = post(inspector, f"{case}/messages", text="请带身份证来", key="k" * 32)
        assert answer.status_code == 303
    page = inspector.client.get(case).text
    assert page.count('<td class="txt">请带身份证来</td>') == 1


def test_an_empty_or_endless_message_stays_in_the_box(
    inspector: AtDesk, post: Post, case: str
) -> None:
    answer = post(inspector, f"{case}/messages", text="长" * 2001, key="k" * 32)
    assert answer.status_code == 422 and "长" * 2001 in answer.text
    assert post(inspector, f"{case}/messages", text=" ", key="k" * 32).status_code == 422


def test_marking_messages_read_takes_the_count_away(
    app: Any, inspector: AtDesk, post: Post, case: str, case_now: CaseNow
) -> None:
    with app.app_context():
        db.session.query(Case).update({"unread_by_bureau": 2})
        db.session.commit()
    assert "2 条未读" in inspector.client.get(case).text
    post(inspector, f"{case}/messages/read")
    assert case_now(public_id(case))["unread_by_bureau"] == 0


def test_papers_brought_to_the_window_answer_the_correction_notice(
    sign_in_staff: SignIn, inspector: AtDesk, post: Post, case: str, case_now: CaseNow
) -> None:
    form = {"items": "工资条\n转账记录", "document": "请补两样。", "lane": "complaint"}
    post(inspector, f"{case}/steps/request_correction", version="1", **form)
    clerk = sign_in_staff("clerk")
    page = clerk.client.get(case).text
    first, second = re.findall(r'name="(answers\.\d+)"', page)
    version = str(case_now(public_id(case))["version"])
    half = post(clerk, f"{case}/resupply", version=version, **{first: "七月工资条一张"})
    assert half.status_code == 422
    assert "“转账记录”还没补" in half.text and "七月工资条一张" in half.text
    assert case_now(public_id(case))["state"] == "correction_requested"
    whole = {first: "七月工资条一张", second: "没有，都是现金"}
    assert post(clerk, f"{case}/resupply", version=version, **whole).status_code == 303
    assert case_now(public_id(case))["state"] == "submitted"
    assert "没有，都是现金" in inspector.client.get(case).text
    late = post(clerk, f"{case}/resupply", version=version, **whole)
    assert late.status_code == 409 and "没有，都是现金" in late.text


def test_an_original_is_only_handed_to_staff(
    sign_in_staff: SignIn, inspector: AtDesk, case: str
) -> None:
    path = f"{case}/evidence/0000000000000000/original"
    assert inspector.client.get(path).status_code == 404
    assert sign_in_staff("admin").client.get(path).status_code == 403
