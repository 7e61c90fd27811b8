"""In danger: the telephone that is typed reaches whoever is to call, and no date is promised."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.core.db import db
from backend.core.private import mask
from backend.escalations.models import Escalation
from backend.faqbot.models import Turn
from backend.faqbot.service import reachable
from tests.factories.chat import Phone, kinds

MOBILE = "13800138000"
SignIn = Callable[..., dict[str, str]]


def kept(app: APIFlask) -> tuple[str | None, str]:
    """The telephone in its field, and all other words that are stored of it."""
    with app.app_context():
        row = db.session.scalars(sa.select(Escalation)).one()
        turns = db.session.scalars(sa.select(Turn.text)).all()
        return row.phone, "\n".join([row.question, row.transcript, *turns])


def test_a_number_typed_after_a_cry_for_help_is_kept_and_said_to_be(
    app: APIFlask, phone: Phone
) -> None:
    phone.ask("我不想活了")
    asked, note = phone.ask(f"我电话{MOBILE} 你们打给我")
    assert asked["text"] == "我电话【电话号码】 你们打给我"
    assert note["kind"] == "note" and "电话记下了" in note["text"]
    assert "没有保存" not in note["text"]
    number, words = kept(app)
    assert number == MOBILE and MOBILE not in words


def test_a_number_in_the_cry_itself_is_kept(app: APIFlask, phone: Phone) -> None:
    turns = phone.ask(f"有人从架子上掉下来了 不动了 我电话{MOBILE}")
    assert kinds(turns) == ["asked", "note", "crisis", "escalated"]
    number, words = kept(app)
    assert number == MOBILE and MOBILE not in words
    assert not turns[2]["asks_phone"]


def test_a_number_is_asked_for_once_as_long_as_none_is_known(phone: Phone) -> None:
    first = phone.ask("我不想活了")
    assert first[1]["asks_phone"] and "把您的电话号码发过来" in first[-1]["text"]
    phone.ask("我站在天台上了")
    crises = [turn for turn in phone.history() if turn["kind"] == "crisis"]
    assert [turn["asks_phone"] for turn in crises] == [False, True]
    phone.ask(MOBILE)
    assert not any(turn["asks_phone"] for turn in phone.history())
    assert "把您的电话号码发过来" not in phone.ask("我不想活了")[-1]["text"]


def test_whoever_signed_in_with_a_telephone_is_not_asked(
    app: APIFlask, phone: Phone, sign_in_worker: SignIn
) -> None:
    phone.headers = sign_in_worker(phone.client, MOBILE)
    turns = phone.ask("我不想活了")
    assert not turns[1]["asks_phone"] and "发过来" not in turns[-1]["text"]
    assert kept(app)[0] is None, "it is the worker's, not copied"


def test_no_date_is_promised_in_danger(phone: Phone) -> None:
    handed = phone.ask("我不想活了")[-1]
    assert handed["waiting"]["is_crisis"] and "最晚" not in handed["text"]
    assert "先打上面的电话" in handed["text"]
    assert "最晚" in Phone(phone.client).call(text="工资没发")[-1]["text"]


def test_a_number_typed_while_nobody_was_asked_is_not_kept(app: APIFlask, phone: Phone) -> None:
    assert "没有保存" in phone.ask(f"我电话{MOBILE}")[1]["text"]
    phone.call(text="工资没发")
    assert kept(app)[0] is None


def test_with_a_matter_beside_the_number_the_matter_is_answered_too(
    app: APIFlask, phone: Phone
) -> None:
    phone.call(text="工资没发")
    turns = phone.ask(f"我电话{MOBILE}，身份证440704199001011234，房东不退押金怎么办")
    assert "电话记下了" in turns[1]["text"] and "身份证号，我们已经遮住" in turns[1]["text"]
    assert len(turns) == 3 and kept(app)[0] == MOBILE


@pytest.mark.parametrize(
    ("words", "is_own"),
    [
        (f"我电话{MOBILE}", True),
        ("打 138-0013-8000 找我", True),
        ("+86 138 0013 8000", True),
        (f"老板电话{MOBILE}", False),
        (f"包工头姓张的手机：{MOBILE}", False),
        ("公司座机 0750-3861234", False),
        (f"他号码是{MOBILE}", False),
        (f"老板不给钱，我的电话{MOBILE}", True),
    ],
)
def test_the_boss_s_number_is_never_taken_for_the_worker_s(words: str, is_own: bool) -> None:
    number = reachable.own_phone(mask(words))
    assert (number == MOBILE) is is_own and (number is None) is not is_own


@pytest.mark.parametrize(
    ("words", "is_all"),
    [
        (MOBILE, True),
        (f"我电话{MOBILE} 你们打给我", True),
        (f"手机号 {MOBILE}，快点打过来吧", True),
        (f"{MOBILE} 老板不给钱", False),
        ("你们打给我", False),
    ],
)
def test_words_that_only_say_where_to_call_need_no_answer(words: str, is_all: bool) -> None:
    assert reachable.says_only_where(mask(words)) is is_all
