"""The official account answers like the chat: words, voices, menu and numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.actor import Actor
from backend.core.db import db
from backend.demo import wechat_follower as follower
from backend.escalations import service as escalations
from backend.escalations.models import Escalation
from backend.escalations.service import Cited
from backend.faqbot.models import Conversation, Turn
from backend.faqbot.schemas import TurnOut
from backend.faqbot.service import account, asking, replying
from backend.identity.models import Worker
from backend.settings import Settings
from tests.clock import HeldClock
from tests.factories.account import CHEN, PAGE, Account, count
from tests.factories.chat import (
    CONTRACT,
    INJURY,
    NO_CONTRACT,
    RENT,
    WAGES,
    Decides,
    lost,
    question_of,
    unsure,
)
from tests.factories.identity import make_staff
from tests.fakes.wechat import FakeWeChat


def test_a_text_is_answered_like_in_the_chat(app: APIFlask, both: Account) -> None:
    said = both.say(question_of(WAGES))
    entry = both.client.get(f"/api/v1/faq/entries/{WAGES}").get_json()
    assert entry["short"] in said and entry["answer"] in said
    assert f"依据：《{entry['citations'][0]['law']}》" in said and said.endswith(PAGE)
    with app.app_context():
        row = db.session.scalars(sa.select(Conversation)).one()
        assert row.channel == "account" and row.worker_id is not None


def test_a_voice_that_was_heard_is_a_question_and_another_is_asked_for_again(
    app: APIFlask, both: Account
) -> None:
    now = both.clock.now()
    heard = f"<Recognition><![CDATA[{question_of(WAGES)}]]></Recognition><MsgId>1</MsgId>"
    entry = both.client.get(f"/api/v1/faq/entries/{WAGES}").get_json()
    assert entry["short"] in str(both.read(follower.message(CHEN, now, heard, "voice")))
    for number, inner in enumerate(("<MediaId>x</MediaId>", "<Recognition></Recognition>"), 2):
        xml = follower.message(CHEN, now, f"{inner}<MsgId>{number}</MsgId>", "voice")
        assert "没听清" in str(both.read(xml))
    assert count(app, Turn) == 2


def test_the_menu_asks_calls_and_complains(app: APIFlask, both: Account) -> None:
    assert "您说，我听着" in str(both.read(both.event("CLICK", "ask")))
    both.clock.advance(seconds=1)
    assert "已经转给工作人员" in str(both.read(both.event("CLICK", "human")))
    assert count(app, Escalation) == 1
    both.clock.advance(seconds=1)
    assert both.read(both.event("CLICK", "complain"))
    both.clock.advance(seconds=1)
    assert "看不懂" in str(both.read(both.event("CLICK", "nothing_known")))


def test_a_new_follower_is_welcomed_and_one_who_leaves_hears_nothing(
    app: APIFlask, both: Account
) -> None:
    welcome = str(both.read(both.event("subscribe")))
    assert "示例人社局" in welcome and "转人工" in welcome and welcome.endswith(PAGE)
    assert both.read(both.event("unsubscribe")) is None
    assert count(app, Worker) == count(app, Conversation) == 0, "nobody has asked anything"


@pytest.mark.parametrize("name", ["VIEW", "LOCATION", "SCAN", "TEMPLATESENDJOBFINISH", "odd"])
def test_an_event_nobody_wrote_gets_no_answer(app: APIFlask, plain: Account, name: str) -> None:
    more = "<Latitude>1</Latitude><Longitude>2</Longitude><Precision>3</Precision>"
    xml = plain.event(name, "k").replace("</xml>", f"{more}<Status>success</Status></xml>")
    assert plain.read(xml) is None
    assert count(app, Worker) == 0


@pytest.mark.parametrize("kind", ["image", "video", "location", "link", "never_heard_of"])
def test_a_picture_is_answered_with_what_can_be_done(plain: Account, kind: str) -> None:
    inner = (
        "<PicUrl>x</PicUrl><MediaId>m</MediaId><Location_X>1</Location_X><Location_Y>2</Location_Y>"
        "<Scale>3</Scale><Label>l</Label><Title>t</Title><Description>d</Description><Url>u</Url>"
        "<MsgId>5</MsgId>"
    )
    said = plain.read(follower.message(CHEN, plain.clock.now(), inner, kind))
    assert said is not None and "转人工" in said


def test_the_second_message_goes_on_with_the_same_conversation(
    app: APIFlask, both: Account, decides: Decides
) -> None:
    decides("那个怎么弄", unsure(WAGES, NO_CONTRACT))
    both.say("我没签合同")
    entry = both.client.get(f"/api/v1/faq/entries/{NO_CONTRACT}").get_json()
    assert entry["short"] in both.say("那个怎么弄"), "the fact said before decides"
    assert count(app, Conversation) == 1 == count(app, Worker)
    both.say("你好", "o-li")
    assert count(app, Conversation) == 2 == count(app, Worker)


@pytest.mark.parametrize(("typed", "entry_id"), [("1", WAGES), ("2", CONTRACT), ("３", INJURY)])
def test_a_number_taps_a_suggestion(
    plain: Account, decides: Decides, typed: str, entry_id: str
) -> None:
    decides("那个怎么弄", unsure(WAGES, CONTRACT, INJURY))
    said = plain.say("那个怎么弄")
    assert "回复数字就行" in said and "点一下" not in said  # there is nothing to tap here
    for number, one in enumerate((WAGES, CONTRACT, INJURY), 1):
        assert f"{number}. {question_of(one)}" in said
    entry = plain.client.get(f"/api/v1/faq/entries/{entry_id}").get_json()
    assert entry["short"] in plain.say(typed)


def test_each_word_for_a_button_is_one_the_chat_says() -> None:
    said = "".join(str(v) for m in (asking, replying) for v in vars(m).values())
    for there in account._IN_WORDS:
        assert there in said, f"no page says {there} any more"


def test_a_number_answers_a_clarifying_question(
    app: APIFlask, plain: Account, decides: Decides
) -> None:
    decides("那个怎么弄", unsure(WAGES, NO_CONTRACT))
    assert "1. 没签过\n2. 签过" in plain.say("那个怎么弄")
    entry = plain.client.get(f"/api/v1/faq/entries/{NO_CONTRACT}").get_json()
    assert entry["short"] in plain.say("1")
    with app.app_context():
        kinds = db.session.scalars(sa.select(Turn.kind).order_by(Turn.id)).all()
    assert kinds == ["asked", "clarify", "chosen", "answer"]


def test_a_number_reaches_the_list_above_an_offer_of_help(plain: Account, decides: Decides) -> None:
    decides("甲甲甲甲", lost())
    decides("那个怎么弄", unsure(WAGES, CONTRACT))
    plain.say("甲甲甲甲")
    said = plain.say("那个怎么弄")
    assert "要不要请工作人员来答" in said and "回复“转人工”" in said
    entry = plain.client.get(f"/api/v1/faq/entries/{CONTRACT}").get_json()
    assert entry["short"] in plain.say("2")


def test_a_number_without_a_list_is_words(app: APIFlask, plain: Account, decides: Decides) -> None:
    decides("那个怎么弄", unsure(WAGES, CONTRACT))
    plain.say("1")
    plain.say("那个怎么弄")
    plain.say("3")  # there were two
    plain.say("1")  # and then something else was said
    with app.app_context():
        query = sa.select(Turn.text).where(Turn.kind == "asked").order_by(Turn.id)
        assert list(db.session.scalars(query)) == ["1", "那个怎么弄", "3", "1"]


def test_what_is_not_ours_and_help_in_a_crisis_are_said_too(app: APIFlask, plain: Account) -> None:
    assert plain.client and "转人工" not in plain.say(RENT)
    said = plain.say("我不想活了")
    assert "急救 120" in said and "报警 110" in said and "已经转给工作人员" in said
    assert count(app, Escalation) == 1


@pytest.mark.parametrize("words", ["看答复", "“看答复”。", "在吗"])
def test_a_colleagues_answer_is_read_with_the_next_words_and_once(
    app: APIFlask, plain: Account, words: str
) -> None:
    plain.say("转人工")
    with app.app_context():
        row = db.session.scalars(sa.select(Escalation)).one()
        staff = make_staff("answerer", name="钟解答")
        actor, now = Actor("staff", staff.id, staff.name, staff.roles), plain.clock.now()
        row = escalations.take(row.public_id, row.version, actor, now)
        cited = [Cited("劳动合同法", "第三十条"), Cited("没有的法", "第一条")]
        escalations.answer(row.public_id, row.version, "有人管。", cited, actor, now)
    said = plain.say(words)
    assert said.startswith("工作人员答复：有人管。\n依据：《劳动合同法》第三十条\n")
    assert "依据：《没有的法》第一条（未核实，以当地公布为准）" in said
    assert "有人管。" not in plain.say("你好")
    assert "有人管。" in plain.say("看答复"), "asked for again it is said again"


def test_without_an_answer_looking_for_one_says_so(app: APIFlask, plain: Account) -> None:
    assert "还没有新的答复" in plain.say("看答复")
    assert count(app, Escalation) == 0


def test_numbers_are_masked_here_as_well(app: APIFlask, plain: Account) -> None:
    assert "已经遮住" in plain.say("打13812345678找我")
    with app.app_context():
        texts = db.session.scalars(sa.select(Turn.text)).all()
    assert "13812345678" not in "".join(texts)


def test_too_many_messages_get_words_and_leave_no_turn(app: APIFlask, plain: Account) -> None:
    for number in range(20):
        plain.read(plain.text("😀" * (number + 1)))
    before = count(app, Turn)
    assert "太快" in str(plain.read(plain.text("在吗")))
    assert count(app, Turn) == before


@pytest.mark.parametrize("is_program", [False, True])
def test_a_long_answer_is_cut_before_its_link(
    plain: Account,
    with_settings: Callable[..., Settings],
    wechat: FakeWeChat,
    is_program: bool,
) -> None:
    program = "wx-program" if is_program else None
    with_settings(**wechat.account, public_url="https://bureau.example.org", wechat_app_id=program)
    said = plain.say("。".join(question_of(e) for e in (WAGES, CONTRACT, INJURY, NO_CONTRACT)))
    for entry_id in (WAGES, INJURY, "dismiss.compensation", "social.not_paid"):
        said = max(said, plain.say(question_of(entry_id)), key=len)
    assert len(said.encode()) <= 2048
    link = said.splitlines()[-1]
    if is_program:
        assert link.startswith(f'<a href="{PAGE}" data-miniprogram-appid="wx-program" ')
        assert link.endswith(">填投诉、查进度</a>")
    else:
        assert link == f"填投诉、查进度：{PAGE}"


@pytest.mark.usefixtures("in_app", "wechat")
def test_even_the_longest_answer_keeps_its_link() -> None:
    turn = TurnOut(
        id=1, at=HeldClock().at, author="bot", kind="note", text="很长的一句话。" * 400
    )  # fmt: skip
    said = account._said([turn])
    assert len(said.encode()) <= 2048 and said.endswith(PAGE) and said.count("\n") == 1
