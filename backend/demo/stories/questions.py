"""Questions for a person (问题解答) in every state, and what came of them in the FAQ."""

from __future__ import annotations

from datetime import timedelta

from backend.demo import talks
from backend.demo.bench import Bench
from backend.demo.simulation import Story
from backend.escalations.service import Cited

FIRST, SECOND, REVIEWER = "jieda1", "jieda2", "fazhi1"
_SOON = timedelta(minutes=25)
_AN_HOUR = timedelta(minutes=55)


def answered_and_kept(bench: Bench) -> Story:
    """Answered within the hour, put into the FAQ, approved: the bot answers it since."""
    now = yield bench.days.back(3)
    key = talks.talk(bench, now, "夜班回宿舍路上摔断手，宿舍是厂里的，这个有人管没有")
    question = talks.call_a_person(bench, key, now)
    now = yield now + _SOON
    talks.take(bench, question, FIRST, now)
    now = yield now + _AN_HOUR
    talks.answer(
        bench, question, FIRST,
        "下班路上受伤，要看是不是交通事故、谁的责任。\n"
        "走路自己摔的，一般不算工伤。被车撞、不是主要责任的，可以算。\n"
        "先治伤，病历和监控留好。单位30日内申请认定，不申请您1年内自己申请。",
        Cited("工伤保险条例", "第十四条"), now,
    )  # fmt: skip
    now = yield now + _SOON
    title = "下班回宿舍路上摔伤算工伤吗"
    proposal = talks.into_faq(bench, question, FIRST, title, now)
    now = yield now + _AN_HOUR
    talks.approve(bench, proposal, REVIEWER, now)


def waiting(bench: Bench) -> Story:
    """Asked this morning; nobody has it yet."""
    now = yield bench.days.ago(95)
    key = talks.talk(bench, now, "老板说年底一起给，写个条子行不行，我怕他不认")
    talks.call_a_person(bench, key, now)


def taken(bench: Bench) -> Story:
    """Asked this morning by somebody who left a telephone; a colleague is at it."""
    now = yield bench.days.ago(150)
    key = talks.talk(bench, now, "平台说我是合作不是员工，摔了让我自己垫钱", "站点在礼乐，没签合同")
    question = talks.call_a_person(bench, key, now, phone="13800000188")
    now = yield now + _SOON
    talks.take(bench, question, SECOND, now)


def late(bench: Bench) -> Story:
    """Nobody answered in time: it is the next person's turn."""
    now = yield bench.days.back(2)
    key = talks.talk(bench, now, "我和老乡一起干的，工钱打到他卡上，他说没收到，找谁要")
    talks.call_a_person(bench, key, now)


def not_answered(bench: Bench) -> Story:
    """What the bot could not make anything of, some of it twice."""
    now = yield bench.days.ago(240)
    for text in ("就是那个嘛", "说好的没给全", "就是那个嘛", "人家不认账咋整", "上个月那个事"):
        talks.talk(bench, now, text)


def change_waiting(bench: Bench) -> Story:
    """A colleague wants one more phrasing in an entry; it waits for a second person."""
    now = yield bench.days.ago(60)
    text = "试岗做了七天喊我走，一分钱冇得"
    talks.add_phrasing(bench, "probation.terms", text, SECOND, now)


STORIES = (answered_and_kept, waiting, taken, late, not_answered, change_waiting)
