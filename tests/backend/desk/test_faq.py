"""题库 at the desk: the list, a change and its second person, the work lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.desk import differences
from backend.faqbot.service import library, overrides
from backend.law.days import add_days, start_of_day
from faq.floor import own_questions
from tests.factories.identity import AtDesk
from tests.factories.questions import Bureau, bureau

__all__ = ["bureau"]

Post = Callable[..., Any]
ENTRY = "probation.terms"
NEW = {
    "entry_id": "",
    "seen": "",
    "question": "紫藤补贴怎么拿",
    "short": "到窗口登记就能拿。",
    "answer": "带身份证去窗口登记，当场办。",
    "citations": "劳动合同法 第三十条\n《紫藤补贴办法》第一条",
    "phrasings": "紫藤补贴咋拿\n紫藤补贴咋拿\n\n紫藤补贴要啥材料",
    "review_by": "2027-11-23",
    "note": "问的人多",
}


@pytest.fixture
def answerer(sign_in_staff: Callable[..., AtDesk], bureau: Bureau) -> AtDesk:
    """Who proposes."""
    return sign_in_staff("answerer", name="钟解答")


@pytest.fixture
def reviewer(sign_in_staff: Callable[..., AtDesk], bureau: Bureau) -> AtDesk:
    """Who approves."""
    return sign_in_staff("legal_reviewer", name="李法审")


@pytest.fixture
def proposal(answerer: AtDesk, post: Post) -> str:
    """The address of a new entry that waits for a second person."""
    answer = post(answerer, "/desk/faq/proposals", **NEW)
    assert answer.status_code == 303, answer.text
    return str(answer.location).partition("?")[0]


def form(desk: AtDesk, address: str) -> dict[str, str]:
    """The fields of a page's form as they stand in it."""
    text = desk.client.get(address).text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
    fields |= {
        name: value.lstrip("\n")
        for name, value in re.findall(r'name="(\w+)"[^>]*>\n?([^<]*)</textarea>', text)
    }
    fields |= dict(re.findall(r'type="date" id="\S+" name="(\w+)" value="([^"]*)"', text))
    return {name: value for name, value in fields.items() if name != "csrf_token"}


def test_the_list_shows_entries_by_topic_and_by_words(answerer: AtDesk) -> None:
    text = answerer.client.get("/desk/faq").text
    assert "下一页" in text and "下次复核" in text
    assert "试用期" in answerer.client.get("/desk/faq?topic=probation").text
    found = answerer.client.get("/desk/faq?q=试岗不给钱").text
    assert f'href="/desk/faq/entries/{ENTRY}"' in found
    assert "在全部主题里找" in answerer.client.get("/desk/faq?q=zzqq&topic=probation").text
    for odd in ("page=99", "page=x", "page=0", "topic=none", "q=" + "长" * 300):
        assert answerer.client.get(f"/desk/faq?{odd}").status_code == 200


def test_an_entry_shows_what_is_answered_now(answerer: AtDesk) -> None:
    text = answerer.client.get(f"/desk/faq/entries/{ENTRY}").text
    assert "劳动合同法 第十九条" in text and "改这一条" in text and "{minimum" not in text
    assert answerer.client.get("/desk/faq/entries/none.such").status_code == 404
    assert answerer.client.get("/desk/faq/entries/none.such/edit").status_code == 404


def test_a_change_goes_from_the_form_to_everybodys_answers(
    bureau: Bureau, answerer: AtDesk, reviewer: AtDesk, post: Post
) -> None:
    sent = form(answerer, f"/desk/faq/entries/{ENTRY}/edit")
    assert sent["entry_id"] == ENTRY and "{" in sent["answer"]
    answer = post(answerer, "/desk/faq/proposals", **{**sent, "short": "试用期最长六个月。"})
    assert answer.status_code == 303
    address = str(answer.location).partition("?")[0]
    text = reviewer.client.get(address).text
    assert "<ins>" in text and "<del>" in text and "批准上线" in text and "原有" in text
    version = form(reviewer, address)["version"]
    assert post(reviewer, address, version=version, do="approve").location.endswith("approved")
    text = reviewer.client.get(f"/desk/faq/entries/{ENTRY}").text
    assert "试用期最长六个月。" in text and "本局改过" in text and "李法审" in text


def test_a_new_entry_says_what_it_rests_on(reviewer: AtDesk, proposal: str) -> None:
    text = reviewer.client.get(proposal).text
    assert "紫藤补贴办法 第一条 · 未核对" in text and "问的人多" in text and "新的一条" in text
    assert text.count("紫藤补贴咋拿") == 1  # the same phrasing twice counts once


def test_who_proposed_it_has_no_buttons_and_others_have(
    bureau: Bureau, answerer: AtDesk, reviewer: AtDesk, post: Post,
    sign_in_staff: Callable[..., AtDesk], proposal: str,
) -> None:  # fmt: skip
    own = answerer.client.get(proposal).text
    assert "批准上线" not in own and "另一个人" in own
    assert "批准上线" in reviewer.client.get(proposal).text
    chief = sign_in_staff("unit_head")
    mine = post(chief, "/desk/faq/proposals", **{**NEW, "phrasings": "另一种说法"})
    address = str(mine.location).partition("?")[0]
    assert "批准上线" not in chief.client.get(address).text
    assert post(chief, address, version="1", do="approve").status_code == 403
    with bureau.app.app_context():
        assert library.pointer() == 0


def test_the_report_comes_after_the_page_and_without_scripts_too(
    bureau: Bureau, reviewer: AtDesk, proposal: str
) -> None:
    assert f'hx-get="{proposal}/report"' in reviewer.client.get(proposal).text
    assert "没有可以重答的" in reviewer.client.get(f"{proposal}/report").text
    bureau.stored("紫藤补贴要啥材料")
    part = reviewer.client.get(f"{proposal}/report").text
    assert "紫藤补贴要啥材料" in part and "紫藤补贴怎么拿" in part and "<html" not in part
    assert "紫藤补贴要啥材料" in reviewer.client.get(f"{proposal}?report=1").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"short": ""}, "请写“先说一句”"),
        ({"answer": "长" * 601}, "最多 600 个字"),
        ({"citations": "第三十条"}, "没看懂"),
        ({"phrasings": "试用期多久"}, "已经是"),
        ({"review_by": ""}, "下次复核"),
        ({"note": "长" * 501}, "说明最多"),
    ],
)
def test_bad_input_keeps_what_was_typed(
    bureau: Bureau, answerer: AtDesk, post: Post, changes: dict[str, str], words: str
) -> None:
    answer = post(answerer, "/desk/faq/proposals", **{**NEW, **changes})
    assert answer.status_code == 422 and words in answer.text and NEW["question"] in answer.text
    with bureau.app.app_context():
        assert overrides.count_waiting() == 0


def test_the_form_sent_twice_leads_to_one_proposal(
    bureau: Bureau, answerer: AtDesk, post: Post
) -> None:
    key = form(answerer, "/desk/faq/new")["key"]
    assert len(key) >= 20 and form(answerer, "/desk/faq/new")["key"] != key
    sent = [post(answerer, "/desk/faq/proposals", **NEW, key=key) for _ in range(2)]
    assert sent[0].location == sent[1].location
    changed = post(answerer, "/desk/faq/proposals", **{**NEW, "key": key, "short": "后改的。"})
    assert changed.status_code == 409 and "已经交过一次" in changed.text
    assert "后改的。" in changed.text and key not in changed.text
    with bureau.app.app_context():
        assert overrides.count_waiting() == 1


def test_a_form_with_mistakes_keeps_its_key(answerer: AtDesk, post: Post) -> None:
    refused = post(answerer, "/desk/faq/proposals", **{**NEW, "key": "b" * 22, "short": ""})
    assert refused.status_code == 422 and f'name="key" value="{"b" * 22}"' in refused.text
    assert post(answerer, "/desk/faq/proposals", **NEW, key="k" * 5000).status_code == 303


def test_the_report_says_whether_the_own_questions_keep_their_floor(
    bureau: Bureau, answerer: AtDesk, reviewer: AtDesk, post: Post, proposal: str
) -> None:
    text = reviewer.client.get(f"{proposal}/report").text
    assert "自有题目" in text and text.count("守住了") == 5 and "会破底线" not in text
    assert "没有一道题会换答案" in text and "至少 94%" in text and "最多 3%" in text
    with bureau.app.app_context():
        bot = library.library().in_force(bureau.clock.now()).bot
        texts = [one["text"] for one in own_questions() if one["intent"].startswith("injury.")]
        stolen = "\n".join(text for text in texts if bot.rank(text).exact is None)
    sent = form(answerer, f"/desk/faq/entries/{ENTRY}/edit")
    said = f"{sent['phrasings']}\n{stolen}"
    answer = post(answerer, "/desk/faq/proposals", **{**sent, "phrasings": said})
    address = str(answer.location).partition("?")[0]
    text = reviewer.client.get(f"{address}/report").text
    assert "批准后会破底线：</b>第一条就对" in text and "变差" in text and "破了" in text
    assert 'id="own-warning" hx-swap-oob="true"' in text
    assert "批准后会破底线" in reviewer.client.get(f"{address}?report=1").text


def test_a_form_overtaken_by_an_approval_keeps_its_words(
    answerer: AtDesk, reviewer: AtDesk, post: Post
) -> None:
    sent = form(answerer, f"/desk/faq/entries/{ENTRY}/edit")
    first = post(answerer, "/desk/faq/proposals", **{**sent, "short": "先到的。"})
    address = str(first.location).partition("?")[0]
    post(reviewer, address, version=form(reviewer, address)["version"], do="approve")
    late = post(answerer, "/desk/faq/proposals", **{**sent, "short": "后到的。"})
    assert late.status_code == 409 and "后到的。" in late.text and "刚刚改过" in late.text


def test_the_second_decision_names_the_first(
    reviewer: AtDesk, sign_in_staff: Callable[..., AtDesk], post: Post, proposal: str
) -> None:
    head = sign_in_staff("head", name="容局长")
    version = form(head, proposal)["version"]
    nothing = post(reviewer, proposal, version=version, do="return", note="")
    assert nothing.status_code == 422 and "退回要写意见" in nothing.text
    assert post(reviewer, proposal, version=version, do="return", note="没依据").status_code == 303
    late = post(head, proposal, version=version, do="approve", note="我看行")
    assert late.status_code == 409 and "李法审已经退回" in late.text and "我看行" in late.text
    assert "没依据" in head.client.get("/desk/faq/proposals").text


def test_the_unanswered_are_listed_closed_and_made_into_entries(
    bureau: Bureau, answerer: AtDesk, post: Post
) -> None:
    bureau.stored("河边那件【电话号码】事", likeness="a1")
    text = answerer.client.get("/desk/faq/unanswered").text
    assert "河边那件〔电话号码〕事" in text and "1 次" in text
    draft = form(answerer, "/desk/faq/new?group=a1")
    assert draft["phrasings"] == "河边那件事"
    refused = post(answerer, "/desk/faq/unanswered/a1", note="")
    assert refused.status_code == 422 and "请写怎么处理的" in refused.text
    assert post(answerer, "/desk/faq/unanswered/a1", note="打电话答了").status_code == 303
    assert "最近没有没答上的问题" in answerer.client.get("/desk/faq/unanswered").text
    assert post(answerer, "/desk/faq/unanswered/none", note="什么呢").status_code == 404


def test_entries_due_for_review_are_listed_with_how_they_stand(
    bureau: Bureau, sign_in_staff: Callable[..., AtDesk]
) -> None:
    with bureau.app.app_context():
        first = min(library.files().entries.values(), key=lambda entry: entry.review_by)
    bureau.clock.set(start_of_day(add_days(first.review_by, 1)))
    text = sign_in_staff("clerk").client.get("/desk/faq/expiring").text
    assert f"过了 {first.review_by}" in text and first.question in text


def test_the_page_of_entries_due_for_review(answerer: AtDesk) -> None:
    assert "60 天内要复核" in answerer.client.get("/desk/faq/expiring").text


def test_the_faq_needs_signing_in_and_the_role(
    client: FlaskClient, answerer: AtDesk, sign_in_staff: Callable[..., AtDesk], post: Post,
    proposal: str,
) -> None:  # fmt: skip
    names = ("", "/new", "/proposals", "/unanswered", "/expiring", f"/entries/{ENTRY}")
    pages = [*(f"/desk/faq{name}" for name in names), proposal, f"{proposal}/report"]
    for address in pages:
        assert client.get(address).location.startswith("/desk/sign-in?next=")
    for role in ("inspector", "mediator", "admin"):
        other = sign_in_staff(role)
        assert [other.client.get(a).status_code for a in pages] == [403] * len(pages)
        assert post(other, "/desk/faq/proposals", **NEW).status_code == 403
    assert answerer.client.post("/desk/faq/proposals", data=NEW).status_code == 403
    assert post(answerer, proposal, version="1", do="approve").status_code == 403
    assert answerer.client.get("/desk/faq/proposals/99999").status_code == 404


def test_differences_mark_what_went_and_what_came() -> None:
    found = differences.pieces("不低于转正工资的八成。", "不低于约定工资的 80%。")
    assert "".join(p.text for p in found if p.kind != "in") == "不低于转正工资的八成。"
    assert "".join(p.text for p in found if p.kind != "out") == "不低于约定工资的 80%。"
    assert differences.pieces("一样", "一样") == [differences.Piece("same", "一样")]
    assert differences.pieces("", "新的") == [differences.Piece("in", "新的")]


def test_long_texts_that_stayed_are_cut_and_unchanged_ones_left_out(bureau: Bureau) -> None:
    with bureau.app.app_context():
        old = library.files().entries[ENTRY]
    new = old.model_copy(update={"answer": old.answer + "\n再加一句。"})
    found = differences.between(old, new)
    assert (found.question, found.short, found.texts) == ([], [], 1)
    assert [piece.kind for piece in found.answer] == ["same", "in"]
    assert found.answer[0].text.startswith("……") and len(found.answer[0].text) < 40
