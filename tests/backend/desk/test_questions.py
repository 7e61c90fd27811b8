"""问题解答 at the desk: the queue, taking, answering, and the page for whoever came second."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.escalations import service as escalations
from backend.faqbot.service import canned
from tests.factories.identity import AtDesk
from tests.factories.questions import Bureau, bureau

__all__ = ["bureau"]

Post = Callable[..., Any]
LAWFUL = {
    "short": "有人管。",
    "text": "站点要给您报职业伤害保障。",
    "citations": "工伤保险条例|第十七条",
}


@pytest.fixture
def first(sign_in_staff: Callable[..., AtDesk]) -> AtDesk:
    """An answerer's browser."""
    return sign_in_staff("answerer", name="钟解答")


@pytest.fixture
def second(sign_in_staff: Callable[..., AtDesk]) -> AtDesk:
    """Another answerer's browser."""
    return sign_in_staff("answerer", name="吴解答")


def version(desk: AtDesk, address: str) -> str:
    """The version of the question as its page shows it."""
    found = re.search(r'name="version" value="(\d+)"', desk.client.get(address).text)
    assert found is not None
    return found[1]


@pytest.fixture
def question(bureau: Bureau) -> str:
    """The address of a question that waits."""
    return f"/desk/questions/{bureau.ask('送餐摔了 谁管')}"


@pytest.fixture
def taken(question: str, first: AtDesk, post: Post) -> str:
    """The address of a question that the first has taken."""
    assert post(first, f"{question}/take", version=version(first, question)).status_code == 303
    return question


def send(post: Post, desk: AtDesk, address: str, **changes: Any) -> Any:
    """Send the answer form as the page shows it."""
    form = {"version": version(desk, address), "do": "submit", **LAWFUL, **changes}
    return post(desk, f"{address}/answer", **form)


def test_the_queue_shows_questions_by_time_with_who_has_them(
    bureau: Bureau, first: AtDesk, taken: str
) -> None:
    bureau.ask("我不想活了", is_crisis=True)
    text = first.client.get("/desk/questions").text
    assert text.index("可能有危险") < text.index("以后")
    assert "<b>钟解答</b>" in text and "送餐摔了 谁管" in text
    assert "还没人接 <b>1</b>" in text and f'href="{taken}"' in text


@pytest.mark.parametrize("scope", ["mine", "free", "answered", "nonsense"])
def test_each_scope_has_its_page(first: AtDesk, bureau: Bureau, scope: str) -> None:
    assert first.client.get(f"/desk/questions?scope={scope}").status_code == 200


def test_the_page_shows_what_was_said_and_records_the_reading(
    bureau: Bureau, first: AtDesk, question: str
) -> None:
    text = first.client.get(question).text
    assert "昨晚送餐摔了，站长说先自己垫钱" in text and "我来答" in text and "答应用户" in text
    assert bureau.acts(question.rsplit("/", 1)[1]) == ["ask", "read"]


def test_an_answer_is_sent_and_the_page_says_how_the_person_hears(
    bureau: Bureau, first: AtDesk, post: Post, taken: str
) -> None:
    cited = ["工伤保险条例|第十七条", "没有的办法|第一条"]
    answer = send(post, first, taken, citations=cited)
    assert answer.location == f"{taken}?done=answer"
    text = first.client.get(f"{taken}?done=answer").text
    assert "只能在对话里看到" in text and "未核对" in text and "收进题库" in text
    row = bureau.now(taken.rsplit("/", 1)[1])
    assert row.answer == "有人管。\n站点要给您报职业伤害保障。" and len(row.citations) == 2


def test_with_the_tick_the_form_of_the_faq_comes_next(
    first: AtDesk, post: Post, taken: str
) -> None:
    answer = send(post, first, taken, wants_entry="1")
    assert answer.location == f"/desk/faq/new?question={taken.rsplit('/', 1)[1]}"
    text = first.client.get(answer.location).text
    assert "送餐摔了 谁管" in text and "有人管。" in text and "站点要给您报职业伤害保障。" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"short": ""}, "请先用一句话答"),
        ({"short": "长" * 61}, "最多 60 个字"),
        ({"text": "长" * 601}, "最多 600 个字"),
        ({"short": " \r\n "}, "请先用一句话答"),
    ],
)
def test_bad_input_keeps_what_was_typed(
    bureau: Bureau, first: AtDesk, post: Post, taken: str, changes: dict[str, str], words: str
) -> None:
    answer = send(post, first, taken, citations="工伤保险条例|第十七条", **changes)
    assert answer.status_code == 422 and words in answer.text
    assert "工伤保险条例|第十七条" in answer.text
    assert bureau.now(taken.rsplit("/", 1)[1]).state == "taken"


def test_an_entry_is_put_into_the_box_beside_what_was_typed(
    first: AtDesk, post: Post, taken: str
) -> None:
    answer = send(post, first, taken, insert="probation.terms", short="我先说一句", text="")
    assert answer.status_code == 200 and "我先说一句" in answer.text
    assert "劳动合同法|第十九条" in answer.text and 'name="short"' in answer.text
    assert send(post, first, taken, insert="none.such").status_code == 404


def test_a_canned_reply_and_an_article_are_put_into_the_box(
    first: AtDesk, post: Post, taken: str
) -> None:
    text = send(post, first, taken, canned="legal_aid").text
    assert canned.replies()["legal_aid"].text in text and "法律援助法|第三十一条" in text
    text = send(post, first, taken, do="cite", cite_law="《劳动法》", cite_article="第五十条").text
    assert "劳动法|第五十条" in text
    wrong = send(post, first, taken, do="cite", cite_law="劳动法", cite_article="50")
    assert wrong.status_code == 422 and "条数用汉字" in wrong.text
    assert send(post, first, taken, canned="none").status_code == 404


def test_earlier_answers_stand_beside_the_box_and_are_put_into_it(
    bureau: Bureau, first: AtDesk, second: AtDesk, post: Post, taken: str
) -> None:
    assert "还没有人答过同样的问题" in first.client.get(taken).text
    send(post, first, taken, text="打 13800000001 找站长。", citations="工伤保险条例|第十七条")
    again = f"/desk/questions/{bureau.ask('谁管 送餐摔了')}"
    text = second.client.get(again).text
    assert "有人管。" in text and "钟解答" in text and "13800000001" not in text
    assert 'name="earlier"' not in text  # nobody has taken it yet
    assert post(second, f"{again}/take", version=version(second, again)).status_code == 303
    found = re.search(r'name="earlier" value="(\w+)"', second.client.get(again).text)
    assert found is not None and taken.endswith(found[1])
    box = send(post, second, again, earlier=found[1], short="", text="")
    assert box.status_code == 200 and "有人管。</textarea>" in box.text
    assert "打 【电话号码】 找站长。</textarea>" in box.text and "工伤保险条例|第十七条" in box.text
    refused = send(post, second, again, text="打 【电话号码】 找站长。")
    assert refused.status_code == 422 and "请换成要说的号码" in refused.text
    for wrong in ("none", again.rsplit("/", 1)[1]):
        assert send(post, second, again, earlier=wrong).status_code == 404


def test_an_answer_without_any_article_is_asked_about_once(
    bureau: Bureau, first: AtDesk, post: Post, taken: str
) -> None:
    public_id = taken.rsplit("/", 1)[1]
    asked = send(post, first, taken, citations=[])
    assert asked.status_code == 422 and "没有依据，照发？" in asked.text
    assert "站点要给您报职业伤害保障。" in asked.text and bureau.now(public_id).state == "taken"
    assert 'name="do" value="without"' in asked.text
    assert "照发" not in first.client.get(taken).text, "nobody is asked before sending"
    sent = send(post, first, taken, citations=[], do="without")
    assert sent.location == f"{taken}?done=answer"
    assert bureau.now(public_id).citations == []


@pytest.mark.parametrize("article", ["第九百条", "第九十九条", "第九百条之一", "第零条"])
def test_an_article_that_its_law_has_not_is_neither_put_in_nor_sent(
    bureau: Bureau, first: AtDesk, post: Post, taken: str, article: str
) -> None:
    added = send(post, first, taken, do="cite", cite_law="劳动合同法", cite_article=article)
    assert added.status_code == 422 and f"《劳动合同法》没有{article}" in added.text
    assert f"劳动合同法|{article}" not in added.text
    sent = send(post, first, taken, citations=f"劳动合同法|{article}")
    assert sent.status_code == 422 and "最后一条是第九十八条" in sent.text
    assert bureau.now(taken.rsplit("/", 1)[1]).state == "taken"


def test_the_officer_is_warned_of_every_article_nobody_checked(
    first: AtDesk, post: Post, taken: str
) -> None:
    text = send(post, first, taken, do="cite", cite_law="没有的法", cite_article="第一条").text
    assert "没有的法|第一条" in text and "《没有的法》第一条。请先核实有这一条" in text
    assert "请先核实" not in send(post, first, taken, do="again").text


def test_a_number_that_stayed_masked_is_not_sent(
    bureau: Bureau, first: AtDesk, post: Post, taken: str
) -> None:
    answer = send(post, first, taken, short="打【电话号码】。")
    assert answer.status_code == 422 and "遮住的号码" in answer.text
    assert bureau.now(taken.rsplit("/", 1)[1]).state == "taken"
    assert send(post, first, taken, text="【提醒】带身份证。").status_code == 303


def test_htmx_gets_the_box_alone_and_the_found_entries_alone(
    first: AtDesk, post: Post, taken: str
) -> None:
    form = {"csrf_token": first.csrf, "version": "1", "canned": "legal_aid", **LAWFUL}
    part = first.client.post(f"{taken}/answer", data=form, headers={"HX-Target": "answer-box"})
    assert 'id="answer-box"' in part.text and "<html" not in part.text
    found = first.client.get(f"{taken}/found?q=试用期多久")
    assert 'id="found"' in found.text and "试用期" in found.text and "<html" not in found.text
    assert "没有相近的条目" in first.client.get(f"{taken}/found?q=").text


def test_the_second_officer_sees_who_has_it(
    bureau: Bureau, second: AtDesk, post: Post, question: str, first: AtDesk
) -> None:
    seen = version(second, question)
    post(first, f"{question}/take", version=version(first, question))
    answer = post(second, f"{question}/take", version=seen)
    assert answer.status_code == 409
    assert (
        "钟解答 不到 1 分钟前接下了这个问题" in answer.text
        and "没有任何消息发给用户" in answer.text
    )


def test_an_answer_that_comes_second_keeps_its_words(
    bureau: Bureau, first: AtDesk, second: AtDesk, post: Post, taken: str
) -> None:
    public_id = taken.rsplit("/", 1)[1]
    chief = bureau.staff["unit_head"]
    with bureau.app.app_context():
        row = bureau.row(public_id)
        escalations.give_to(public_id, row.version, second.actor.id, chief, bureau.clock.now())  # type: ignore[arg-type]
    answer = post(first, f"{taken}/answer", version="2", do="submit", **LAWFUL)
    assert answer.status_code == 409 and "吴解答" in answer.text
    assert "站点要给您报职业伤害保障。" in answer.text


def test_words_said_meanwhile_are_shown_before_the_answer_goes(
    bureau: Bureau, first: AtDesk, post: Post
) -> None:
    bureau.talk("那个事怎么弄", hands_over=True)
    address = f"/desk/questions/{bureau.newest()}"
    post(first, f"{address}/take", version=version(first, address))
    seen = version(first, address)
    bureau.ask("站点在礼乐", subject=bureau.now(bureau.newest()).subject)
    answer = post(first, f"{address}/answer", version=seen, do="submit", **LAWFUL)
    assert answer.status_code == 409 and "带着我写的" in answer.text
    again = post(first, f"{address}/answer", do="again", **LAWFUL)
    assert "站点在礼乐" in again.text and "站点要给您报职业伤害保障。" in again.text


def test_handing_back_and_giving_away(
    bureau: Bureau, first: AtDesk, sign_in_staff: Callable[..., AtDesk], post: Post, taken: str
) -> None:
    public_id = taken.rsplit("/", 1)[1]
    wrong = post(first, f"{taken}/hand-back", version=version(first, taken), reason="")
    assert wrong.status_code == 422 and "请写交回的原因" in wrong.text
    back = post(first, f"{taken}/hand-back", version=version(first, taken), reason="不懂工伤")
    assert back.location == f"{taken}?done=hand-back"
    assert bureau.now(public_id).state == "waiting"
    assert "不懂工伤" in first.client.get(taken).text
    chief = sign_in_staff("unit_head", name="区大队")
    given = {"version": version(chief, taken), "staff_id": str(bureau.staff["clerk"].id)}
    assert post(chief, f"{taken}/give", **given).status_code == 303
    assert bureau.now(public_id).taken_by_name == "冯窗口"
    nobody = post(chief, f"{taken}/give", version=version(chief, taken), staff_id="x")
    assert nobody.status_code == 422
    assert post(first, f"{taken}/give", version="1", staff_id="1").status_code == 403


@pytest.mark.parametrize("deed", ["take", "hand-back", "answer"])
def test_an_answered_question_is_closed_to_every_deed(
    first: AtDesk, second: AtDesk, post: Post, taken: str, deed: str
) -> None:
    send(post, first, taken)
    answer = post(second, f"{taken}/{deed}", version="9", reason="为什么", **LAWFUL)
    assert answer.status_code == 409 and "钟解答" in answer.text


def test_what_was_said_opens_only_with_a_reason(
    bureau: Bureau, first: AtDesk, post: Post, question: str
) -> None:
    bureau.talk("试用期多久", hands_over=True)
    address = f"/desk/questions/{bureau.newest()}/conversation"
    assert "试用期多久" not in first.client.get(address).text
    refused = post(first, address, reason="")
    assert refused.status_code == 422 and "试用期多久" not in refused.text
    shown = post(first, address, reason="他来窗口问")
    assert "试用期多久" in shown.text and "版本" in shown.text and "他来窗口问" in shown.text
    assert bureau.acts(bureau.newest()).count("conversation_read") == 1
    assert "已经不在了" in post(first, f"{question}/conversation", reason="核对一下").text


def test_questions_need_signing_in_the_role_the_token_and_a_question(
    client: FlaskClient, sign_in_staff: Callable[..., AtDesk], first: AtDesk, post: Post,
    question: str,
) -> None:  # fmt: skip
    pages = ["/desk/questions", question, f"{question}/found", f"{question}/conversation"]
    forms = [f"{question}/{deed}" for deed in ("take", "hand-back", "give", "answer")]
    for address in pages:
        assert client.get(address).location.startswith("/desk/sign-in?next=")
    for role in ("inspector", "legal_reviewer", "mediator", "admin"):
        other = sign_in_staff(role)
        assert [other.client.get(a).status_code for a in pages] == [403] * len(pages)
        assert [post(other, a).status_code for a in forms] == [403] * len(forms)
        assert "/desk/questions" not in other.client.get("/desk/help").text
    assert [first.client.post(a).status_code for a in forms] == [403] * len(forms)
    assert first.client.get("/desk/questions/none").status_code == 404
    assert first.client.get(forms[0]).location == question
    assert post(first, "/desk/questions/none/take", version="1").status_code == 404
    for role in ("clerk", "unit_head", "head"):
        assert sign_in_staff(role).client.get(question).status_code == 200


def test_the_rail_and_the_first_page_say_how_many_wait(
    sign_in_staff: Callable[..., AtDesk], first: AtDesk, bureau: Bureau, question: str
) -> None:
    assert first.client.get("/desk/").location == "/desk/questions"
    assert 'aria-label="1 件在等"' in first.client.get("/desk/questions").text
    clerk = sign_in_staff("clerk")
    text = clerk.client.get("/desk/").text
    assert "有 <b>1</b> 个问题等人答" in text and "有危险" not in text
    bureau.ask("救命", is_crisis=True)
    assert "有 1 个问题里的人可能有危险" in clerk.client.get("/desk/help").text
    assert "可能有危险" not in sign_in_staff("inspector").client.get("/desk/help").text


def test_somebody_with_a_telephone_only_is_on_the_list_of_calls(
    bureau: Bureau, first: AtDesk, sign_in_staff: Callable[..., AtDesk], post: Post
) -> None:
    address = f"/desk/questions/{bureau.ask(phone='07503123456')}"
    post(first, f"{address}/take", version=version(first, address))
    send(post, first, address)
    clerk = sign_in_staff("clerk")
    text = clerk.client.get("/desk/calls").text
    assert "问问题的人 07503123456" in text and "站点要给您报职业伤害保障。" in text
    call = re.search(r'action="(/desk/calls/\d+)"', text)
    assert call is not None
    assert post(clerk, call[1], reached="yes").status_code == 303
    assert bureau.acts(address.rsplit("/", 1)[1])[-1] == "call"


def test_texts_of_people_and_staff_are_escaped(bureau: Bureau, first: AtDesk, post: Post) -> None:
    address = f"/desk/questions/{bureau.ask('<script>alert(1)</script>')}"
    post(first, f"{address}/take", version=version(first, address))
    send(post, first, address, text="<b>粗</b>")
    text = first.client.get(address).text
    assert "<script>alert" not in text and "<b>粗</b>" not in text
