"""Complaints under investigation: paused, extended, overdue, handed over, accepted by lapse."""

from __future__ import annotations

from backend.complaints.service import worker
from backend.demo import pictures
from backend.demo.bench import Bench
from backend.demo.scenes import (
    HEAD,
    ONE_TWO,
    THREE_ONE,
    TWO_THREE,
    UNIT_HEAD,
    approved,
    complained,
    under_investigation,
)
from backend.demo.simulation import Story
from backend.law.days import shanghai_today


def mediating(bench: Bench) -> Story:
    """Mediation goes on beside the case; a withdrawal was asked for and taken back."""
    case = yield from under_investigation(bench, "mediating", ONE_TWO, 10)
    now = yield bench.days.back(8)
    bench.upload(case, "考勤表.pdf", pictures.attendance(bench.random), now)
    now = yield bench.days.back(6)
    worker.ask_withdrawal(case.public_id, "负责人叫我先撤，说撤了就给钱。", case.worker, now)
    now = yield now
    worker.undo_withdrawal(case.public_id, case.worker, now)
    now = yield bench.days.back(3)
    note = "双方到场。单位愿意分两期付，投诉人要求一次付清，约下周再谈。"
    bench.step(case, "mediate", "tiaojie", now, result="going_on", note=note)
    now = yield bench.days.back(2)
    bench.reply(case, "下次调解时间定了我们会打电话给您，您可以带上工资条。", "jiancha1", now)


def extended(bench: Bench) -> Story:
    """Complicated, and extended once before its time was up."""
    case = yield from under_investigation(bench, "extended", TWO_THREE, 43)
    now = yield bench.days.back(4)
    reason = "涉及三家关联公司和两份不同的合同，银行流水还没有调回。"
    bench.step(case, "extend", "jiancha2", now, reason=reason)
    now = yield from approved(bench, case, HEAD, now)
    now = yield bench.days.back(3)
    bench.serve(case, "extend", "jiancha2", now, "post")


def suspended(bench: Bench) -> Story:
    """The clock stands still: a court has to speak first."""
    case = yield from under_investigation(bench, "suspended", THREE_ONE, 20)
    now = yield bench.days.back(9)
    reason = "单位起诉投诉人赔偿模具，应付工资的数额要以判决为依据。"
    bench.step(case, "suspend", "jiancha3", now, ground="awaits_conclusion", reason=reason)
    now = yield from approved(bench, case, HEAD, now)
    now = yield bench.days.back(8)
    bench.serve(case, "suspend", "jiancha3", now)


def audited(bench: Bench) -> Story:
    """Time of an audit is not counted; it runs now."""
    case = yield from under_investigation(bench, "audited", ONE_TWO, 18)
    now = yield bench.days.back(6)
    reason = "委托会计师事务所审计盘点扣款，委托书已入卷。"
    bench.step(case, "exclude_time", "jiancha1", now, ground="audit", reason=reason)


def overdue(bench: Bench) -> Story:
    """Past its legal time; offered to another inspector who has not taken it yet."""
    case = yield from under_investigation(bench, "overdue", TWO_THREE, 50)
    now = yield bench.days.back(30)
    text = "去厂里两次，都只见到门卫。法定代表人电话停机。"
    bench.step(case, "note", "jiancha2", now, note=text)
    now = yield bench.days.back(2)
    bench.say(case, "都过期了还没有结果，我们二十多个人等着交房租。", now)
    now = yield bench.days.back(1)
    bench.step(
        case, "hand_over", "kezhang2", now,
        to_id=bench.officer_id("jiancha1"), note="人手调整，请尽快联系投诉人。",
    )  # fmt: skip


def deemed_unconfirmed(bench: Bench) -> Story:
    """Nobody answered in time: accepted by law, with nobody's confirmation on file."""
    yield from complained(bench, "deemed_unconfirmed", bench.days.settled(8))


def deemed(bench: Bench) -> Story:
    """Accepted by lapse of time, then taken up by two inspectors."""
    case = yield from complained(bench, "deemed", bench.days.settled(14))
    now = yield bench.days.settled(12)
    bench.confirm(case, "chuangkou", now)
    now = yield bench.days.settled(3)
    bench.step(case, "take", "jiancha3", now)
    now = yield now
    bench.step(case, "name_second", "jiancha3", now, second_officer_id=bench.officer_id("jiancha2"))


def handed_over(bench: Bench) -> Story:
    """Suspended, resumed, and then taken over by a colleague."""
    case = yield from under_investigation(bench, "handed_over", ONE_TWO, 26)
    now = yield bench.days.back(20)
    bench.step(
        case, "suspend", "jiancha1", now, ground="unreachable_or_force_majeure",
        reason="投诉人电话关机，多次联系不上，无法取证。",
    )  # fmt: skip
    now = yield from approved(bench, case, HEAD, now)
    now = yield bench.days.back(19)
    bench.serve(case, "suspend", "jiancha1", now, "post")
    now = yield bench.days.back(12)
    bench.step(case, "resume", "jiancha1", now, reason="投诉人换号后来电，已补做笔录。")
    now = yield bench.days.back(7)
    bench.step(case, "hand_over", "jiancha1", now, to_id=bench.officer_id("jiancha3"))
    now = yield bench.days.back(6)
    bench.step(case, "accept_handover", "jiancha3", now)


def police(bench: Bench) -> Story:
    """The owner hides: the file went to the police, and the case itself goes on."""
    case = yield from under_investigation(bench, "police", TWO_THREE, 34)
    now = yield bench.days.back(15)
    bench.step(
        case, "refer_to_police", "jiancha2", now, authority="江门市公安局江海分局",
        reason="工程款已到账，负责人更换电话、转移款项，经责令仍不支付。",
    )  # fmt: skip
    yield from approved(bench, case, HEAD, now)


def sent_back(bench: Bench) -> Story:
    """Returned by legal review; an extension is asked for and lies with the head."""
    case = yield from under_investigation(bench, "sent_back", THREE_ONE, 31)
    now = yield bench.days.back(9)
    draft = "拟认定双方存在劳动关系，责令支付两单未结报酬 13200 元。"
    bench.step(case, "send_to_review", "jiancha3", now, draft=draft)
    now = yield bench.days.back(6)
    opinion = "认定劳动关系的证据不够，请补管理、考勤和结算规则的材料。"
    bench.step(case, "return_from_review", "fazhi1", now, opinion=opinion)
    now = yield bench.days.back(1)
    reason = "要向平台和三名客户补充调查，预计按期办不完。"
    bench.step(case, "extend", "jiancha3", now, reason=reason)


def in_review(bench: Bench) -> Story:
    """The draft decision lies with a reviewer who does not handle the case."""
    case = yield from under_investigation(bench, "in_review", ONE_TWO, 33)
    now = yield bench.days.back(10)
    bench.step(case, "extend", "jiancha1", now, reason="涉及绩效制度的效力，要查民主程序。")
    now = yield now
    bench.answer(case, HEAD, now, is_yes=False, opinion="离期满还早，先把制度文件调齐再说。")
    now = yield bench.days.back(2)
    today = shanghai_today(now)
    draft = f"截至 {today}，拟责令补发三个月绩效工资；单位未能证明制度经过民主程序。"
    bench.step(case, "send_to_review", "jiancha1", now, draft=draft)
    now = yield bench.days.back(1)
    bench.step(case, "note", UNIT_HEAD, now, note="这类案子今年第三件，审完后一起约谈。")


STORIES = (
    mediating,
    extended,
    suspended,
    audited,
    overdue,
    deemed_unconfirmed,
    deemed,
    handed_over,
    police,
    sent_back,
    in_review,
)
