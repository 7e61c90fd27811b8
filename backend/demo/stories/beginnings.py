"""Complaints that wait for an answer or for material, and those that ended there."""

from __future__ import annotations

import sqlalchemy as sa

from backend.complaints.models import Case, Correction
from backend.complaints.service import appointments, worker
from backend.core.db import db
from backend.demo import pictures
from backend.demo.bench import Bench, Filed
from backend.demo.scenes import CLERK, UNIT_HEAD, approved, complained
from backend.demo.simulation import Story
from backend.notify import outbox


def fresh(bench: Bench) -> Story:
    """Filed a moment ago, with pictures, and an appointment for the next working day."""
    case = yield from complained(bench, "fresh", bench.days.ago(95))
    now = yield bench.days.ago(90)
    bench.upload(case, "工资条.jpg", pictures.payslip(bench.random), now)
    now = yield bench.days.ago(86)
    bench.upload(case, "聊天截图.png", pictures.chat(bench.random), now)
    now = yield bench.days.ago(80)
    slot = appointments.slots(now)[0]
    appointments.book(case.public_id, slot.on_date, slot.period, "visit", case.worker, now)


def cantonese(bench: Bench) -> Story:
    """Filed without signing in: the telephone is unproved and the employer's name unknown."""
    now = yield bench.days.ago(41)
    case = bench.complain("cantonese", now, is_signed_in=False)
    now = yield bench.days.ago(36)
    bench.upload(case, "工地照片.jpg", pictures.payslip(bench.random), now, strip_place=True)


def due_soon(bench: Bench) -> Story:
    """The answer is due in two working days; the worker has written and nobody has read it."""
    case = yield from complained(bench, "due_soon", bench.days.back(3))
    now = yield bench.days.back(2)
    bench.step(case, "take", "jiancha2", now)
    now = yield now
    bench.reply(case, "您好，请问您离职那天有没有签什么单子？有的话拍照发来。", "jiancha2", now)
    now = yield bench.days.back(1)
    text = "我想起来，进厂的时候交过三百块押金，也没退。"
    worker.supplement(case.public_id, text, bench.key(), case.worker, now)
    now = yield bench.days.ago(50)
    bench.say(case, "签过一张离职单，相片我晚上回宿舍找。", now)
    now = yield bench.days.ago(48)
    bench.say(case, "还想问一下，我换了手机号会不会收不到消息？", now)


def due_today(bench: Bench) -> Story:
    """The answer is due today; the request to accept lies with the unit head."""
    case = yield from complained(bench, "due_today", bench.days.filing_due_today())
    now = yield bench.days.back(2)
    bench.step(case, "take", "jiancha1", now)
    now = yield now
    bench.confirm(case, "jiancha1", now, "video")
    now = yield bench.days.ago(70)
    bench.step(case, "accept", "jiancha1", now, second_officer_id=bench.officer_id("jiancha2"))


def window(bench: Bench) -> Story:
    """Spoken at the window by somebody without a mobile telephone, who must be called."""
    now = yield bench.days.back(2)
    extra = {"channel": "window", "contact_by": "phone", "spoken_by": "本人"}
    case = bench.write_down("complaint", "window", CLERK, now, extra)
    now = yield now
    bench.confirm(case, CLERK, now)
    now = yield bench.days.back(1)
    message = next(m for m in outbox.to_call() if m.subject == bench.row(case).chain)
    outbox.record_call(
        message.id, bench.staff[CLERK], now, is_reached=False, note="响了很久没人接，下午再打。"
    )


def minor(bench: Bench) -> Story:
    """A worker under sixteen: the alarm is raised at filing."""
    case = yield from complained(bench, "minor", bench.days.back(1))
    now = yield bench.days.ago(60)
    text = "疑似使用童工，先联系监护人，今天下午两人一起去店里。"
    bench.step(case, "note", UNIT_HEAD, now, note=text)


def elsewhere(bench: Bench) -> Story:
    """Work done in another district; not turned away by the software, nobody has it yet."""
    yield from complained(bench, "elsewhere", bench.days.back(2))


def correction(bench: Bench) -> Story:
    """A correction notice is out: the clock stands still."""
    case = yield from complained(bench, "correction", bench.days.back(8))
    now = yield bench.days.back(5)
    bench.step(case, "take", "jiancha3", now)
    now = yield now
    missing = ["身份证正反面", "班组九个人的名单和各自的欠薪数", "进场登记或考勤的照片"]
    bench.step(case, "request_correction", "jiancha3", now, items=missing)


def corrected_twice(bench: Bench) -> Story:
    """Corrected once, and by exception asked a second time."""
    case = yield from complained(bench, "corrected_twice", bench.days.back(14))
    now = yield bench.days.back(12)
    bench.step(case, "take", "jiancha2", now)
    now = yield now
    bench.step(case, "request_correction", "jiancha2", now, items=["用人单位的准确名称"])
    now = yield bench.days.back(8)
    worker.resupply(case.public_id, _answers(bench, case), case.worker, now)
    now = yield bench.days.back(6)
    reason = "补来的名称查无此单位，系第一次未列明要附车牌照片。"
    bench.step(case, "override_correction", UNIT_HEAD, now, reason=reason)
    now = yield bench.days.back(5)
    bench.step(case, "request_correction", "jiancha2", now, items=["工程车的车牌照片"])


def _answers(bench: Bench, case: Filed) -> dict[int, str]:
    query = (
        sa.select(Correction.id)
        .join(Case, Case.id == Correction.case_id)
        .where(Case.public_id == case.public_id, Correction.answered_at.is_(None))
    )
    said = ("车身上写的是示例园林。", "就是队长发工资的那个公司。")
    return {row_id: bench.random.choice(said) for row_id in db.session.scalars(query)}


def in_court(bench: Bench) -> Story:
    """Not accepted: the claim is in arbitration already."""
    case = yield from complained(bench, "in_court", bench.days.back(9))
    now = yield bench.days.back(6)
    bench.step(
        case, "refuse", "jiancha1", now,
        ground="already_in_arbitration_or_court", reason="投诉人已就同一请求申请劳动仲裁。",
    )  # fmt: skip
    now = yield from approved(bench, case, UNIT_HEAD, now)
    now = yield bench.days.back(5)
    bench.serve(case, "refuse", "jiancha1", now, "post")


def not_wages(bench: Bench) -> Story:
    """Told where to go: a contract for work is no employment."""
    case = yield from complained(bench, "not_wages", bench.days.back(7))
    now = yield bench.days.back(5)
    bench.step(
        case, "redirect", "jiancha2", now,
        ground="out_of_scope", body="江海区人民法院", body_contact="诉讼服务热线 12368",
    )  # fmt: skip


def withdrawn_late(bench: Bench) -> Story:
    """Withdrawn by the worker; took effect after 24 hours without a call."""
    case = yield from complained(bench, "withdrawn_late", bench.days.back(9))
    now = yield bench.days.back(7)
    worker.ask_withdrawal(case.public_id, "老板把钱结清了。", case.worker, now)


def withdrawn_call(bench: Bench) -> Story:
    """Withdrawn after an officer's call made sure that nobody forced the worker."""
    case = yield from complained(bench, "withdrawn_call", bench.days.back(4))
    now = yield bench.days.back(3)
    worker.ask_withdrawal(case.public_id, None, case.worker, now)
    now = yield now
    note = "电话问过本人，钱昨晚转到了，是自愿的，没有人逼她。"
    bench.step(case, "withdraw", "jiancha1", now, call_note=note)


STORIES = (
    fresh,
    cantonese,
    due_soon,
    due_today,
    window,
    minor,
    elsewhere,
    correction,
    corrected_twice,
    in_court,
    not_wages,
    withdrawn_late,
    withdrawn_call,
)
