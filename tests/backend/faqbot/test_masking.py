"""Numbers that identify somebody are gone before anything is stored, logged or handed on."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.core import crypto, private
from backend.core.actor import VISITOR
from backend.core.db import db
from backend.escalations.models import Escalation
from backend.faqbot.models import Turn
from backend.faqbot.service import asking
from backend.notify.models import OutboxMessage
from backend.settings import Settings
from tests.clock import HeldClock
from tests.factories.chat import Phone, kinds, new_key

ID, CARD, MOBILE = "440704199001011234", "6222021234567890123", "13812345678"
ALL = f"我叫陈工，身份证{ID}，卡{CARD}，电话 138 1234 5678，工资没发"


def digits(text: str) -> str:
    return re.sub(r"[^0-9Xx]", "", text)


def everything(app: APIFlask) -> str:
    """All rows of all tables, decrypted where the models decrypt."""
    with app.app_context():
        rows = [repr(db.session.execute(sa.select(*t.c)).all()) for t in db.metadata.sorted_tables]
    return "\n".join(rows)


def test_the_person_is_told_and_the_numbers_are_nowhere(
    app: APIFlask, phone: Phone, settings: Settings, log_text: io.StringIO
) -> None:
    turns = phone.ask(ALL)
    phone.call(text=f"再说一次{MOBILE}")
    assert kinds(turns)[:2] == ["asked", "note"]
    for name in ("身份证号", "银行卡号", "电话号码"):
        assert f"【{name}】" in turns[0]["text"] and name in turns[1]["text"]
    assert "没有保存" in turns[1]["text"]
    stored = everything(app)
    assert "【银行卡号】" in stored, "the stored words were looked at"
    files = b"".join(p.read_bytes() for p in Path(settings.data_dir).rglob("*") if p.is_file())
    for number in (ID, CARD, MOBILE, "138 1234 5678"):
        assert number not in stored and number.encode() not in files
        assert number not in log_text.getvalue()


def test_with_a_telephone_given_for_the_answer_only_that_field_holds_it(
    app: APIFlask, phone: Phone
) -> None:
    phone.call(text=f"打{MOBILE}找我", phone=MOBILE)
    with app.app_context():
        row = db.session.scalars(sa.select(Escalation)).one()
        assert row.phone == MOBILE
        assert MOBILE not in row.question + row.transcript
        assert db.session.scalars(sa.select(OutboxMessage)).all() == []
        raw = db.session.execute(sa.text("SELECT phone, question, transcript FROM escalations"))
        assert MOBILE.encode() not in b"".join(bytes(value) for value in raw.one())


def test_calling_a_person_says_what_was_masked_too(phone: Phone) -> None:
    asked, note, escalated = phone.call(text=f"我的号码{MOBILE}")
    assert asked["text"] == "我的号码【电话号码】" and "电话号码" in note["text"]
    assert escalated["kind"] == "escalated"


def test_the_reason_of_a_rating_is_masked(app: APIFlask, phone: Phone) -> None:
    turn = phone.ask("你好")[-1]
    phone.send(f"/turns/{turn['id']}/feedback", {"verdict": "other", "note": f"打{MOBILE}"})
    with app.app_context():
        assert db.session.get_one(Turn, turn["id"]).feedback_note == "打【电话号码】"


def test_the_words_are_unreadable_in_the_database(app: APIFlask, phone: Phone) -> None:
    phone.ask("紫藤花厂没发工资")
    with app.app_context():
        rows = db.session.execute(sa.text("SELECT text FROM turns")).all()
    assert all("紫藤".encode() not in bytes(row.text) for row in rows)


@pytest.fixture
def keeps(in_app: APIFlask, clock: HeldClock) -> Callable[[str], str]:
    """Says something to the bot and gives back what is kept of it."""

    def keep(text: str) -> str:
        # a conversation each: nothing of the speed limit stands in the way
        made = asking.ask(secrets.token_hex(16), text, new_key(), VISITOR, clock.at)
        ids = [turn.id for turn in made.turns]
        rows = db.session.scalars(sa.select(Turn).where(Turn.id.in_(ids)))
        return "\n".join(f"{row.text} {row.payload}" for row in rows)

    return keep


WORDS = st.text("老板欠我工资没发卡电话 ，。a", max_size=12)
GAP = st.sampled_from(["", " ", "-", "  "])
NUMBERS = st.one_of(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"[1-6][0-9]{16}[0-9X]", fullmatch=True),
    st.from_regex(r"62[0-9]{14,17}", fullmatch=True),
)


@settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=WORDS, number=NUMBERS, gap=GAP, after=WORDS, is_wide=st.booleans())
def test_no_number_however_it_is_typed_is_kept(
    keeps: Callable[[str], str], before: str, number: str, gap: str, after: str, is_wide: bool
) -> None:
    typed = gap.join(re.findall("..?.?.?", number))
    if is_wide:
        typed = typed.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    kept = keeps(f"{before}：{typed}，{after}")
    assert number.lower() not in digits(kept).lower()
    assert "【" in kept


def test_likeness_says_nothing_of_the_words_and_joins_like_questions(
    app: APIFlask, phone: Phone
) -> None:
    for text in ("老板不发工资怎么办", "老板不发工资，怎么办？", "工伤怎么赔"):
        phone.ask(text)
    with app.app_context():
        query = sa.select(Turn.likeness).where(Turn.author == "person").order_by(Turn.id)
        first, second, third = db.session.scalars(query)
    assert first == second != third and re.fullmatch(r"[0-9a-f]{64}", first or "")
    # a digest without our key could be found by trying every question
    assert first not in {crypto.token_hash(t) for t in ("老板不发工资怎么办", "老板 不发 工资")}


def test_the_same_words_have_another_likeness_at_another_bureau(
    app: APIFlask, phone: Phone, settings: Settings
) -> None:
    phone.ask("你好")
    with app.app_context():
        first = db.session.scalar(sa.select(Turn.likeness).where(Turn.author == "person"))
    names = ("field", "session", "audit")
    crypto.configure(
        index=b"another key of thirty-two bytes!", **{n: settings.key(n) for n in names}
    )
    Phone(phone.client).ask("你好")
    with app.app_context():
        query = sa.select(Turn.likeness).where(Turn.author == "person").order_by(Turn.id.desc())
        assert db.session.scalar(query.limit(1)) != first


def test_amounts_and_dates_stay() -> None:
    text = "欠我12000元，3月到5月，一天300，2026-03-01进厂"
    assert private.mask(text).text == text
