"""The timeline of a case, read from its audit record: one line a step, in words for each reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend.audit.models import AuditEvent
from backend.complaints.service.telling import day, yuan
from backend.complaints.states import S
from backend.complaints.words import OUTCOME_WORDS, REFUSE_WORDS


@dataclass(frozen=True, slots=True)
class Entry:
    """One step: when, what, who, and one sentence more."""

    at: datetime
    title: str
    who: str
    text: str
    document_id: int | None
    act: str


# What the worker sees of each act. An act that is not here is the bureau's own affair.
_TITLES: Mapping[str, str] = {
    "file": "您提交了，我们收到了",
    "link": "您说没拿到钱，另开这一件接着办",
    "linked": "您说没拿到钱，另开一件接着办",
    "request_correction": "请您补材料",
    "resupply": "补的材料收到了",
    "accept": "已受理立案",
    "deem_accepted": "逾期没有答复，视为已受理",
    "refuse": "不予受理",
    "redirect": "告知您去别的单位办",
    "order_payment": "责令单位限期支付",
    "give_prior_notice": "事先告知单位",
    "send_to_review": "送法制审核",
    "return_from_review": "审核要求补充",
    "pass_review": "法制审核通过",
    "decide": "作出决定",
    "apply_enforcement": "申请法院强制执行",
    "advise_arbitration": "告知走劳动仲裁，结案",
    "close": "办结",
    "withdraw": "撤回生效",
    "file_case": "举报立案",
    "transfer": "举报已移送",
    "not_file": "举报没有立案",
    "investigate": "开始调查",
    "accept_handover": "换了承办人",
    "confirm": "本人确认",
    "extend": "期限延长 30 个工作日",
    "suspend": "期限中止",
    "resume": "期限恢复",
    "exclude_time": "有一段时间不计算",
    "end_excluded_time": "期限接着算",
    "mediate": "调解",
    "serve": "文书送达",
    "record_payment": "记下收到的钱",
    "order_compensation": "责令加付赔偿金",
    "refer_to_police": "移送公安",
    "demand": "催告单位",
    "answer_reporter": "答复举报人",
    "ask_withdrawal": "您申请撤回",
    "undo_withdrawal": "撤回取消了",
    "supplement": "您补充了情况",
    "evidence_sealed": "收到证据，原件已封存",
    "book_appointment": "约了本人确认的时间",
    "cancel_appointment": "取消了预约",
    "say_paid": "您说收到钱了",
    "say_partly_paid": "您说收到一部分钱",
    "say_unpaid": "您说没收到钱",
    "date_changed": "放假安排公布，日期重新算",
    "call": "打过电话给您",
}

_STAFF_TITLES: Mapping[str, str] = {
    "take": "承办",
    "name_second": "指定另一名监察员",
    "evidence_refused": "有文件不能收",
    "filed_for": "替本人记录",
    "hand_over": "移交",
    "note": "内部记录",
    "override_correction": "准许第二次补正",
    "approval_asked": "请示",
    "approval_given": "批准",
    "approval_returned": "退回",
    "report_to_superior": "报上一级备案",
    "follow_up": "回访",
    "message_from_worker": "投诉人发来消息",
    "message_to_worker": "给投诉人发消息",
    "read": "查看了案件",
    "print": "打印了案卷",
    "print_receipt": "打印了回执",
    "due_soon": "期限将到",
    "overdue": "期限已过",
    "appointment_kept": "预约已到",
    "appointment_missed": "预约未到",
    "evidence_read": "查看了证据原件",
    "send_again": "再发一次提醒",
}
_MEDIATION = {"agreed": "达成协议", "failed": "没有谈成", "going_on": "还在谈"}
_WAYS = {"visit": "当面", "video": "视频", "esignature": "电子签名", "direct": "当面送达",
         "left": "留置送达", "post": "邮寄送达", "electronic": "电子送达", "public": "公告送达"}  # fmt: skip


def for_worker(events: list[AuditEvent]) -> list[Entry]:
    """What the worker sees, newest first; names of officers, never of other people."""
    return [
        Entry(e.at, _TITLES[e.act], _who_for_worker(e), _text(e), e.document_id, e.act)
        for e in reversed(events)
        if e.act in _TITLES
    ]


def for_receipt(events: list[AuditEvent]) -> list[Entry]:
    """What whoever holds the receipt sees, newest first: no money, no name, no document."""
    return [
        Entry(e.at, _TITLES[e.act], _who_on_receipt(e), _text_on_receipt(e), None, e.act)
        for e in reversed(events)
        if e.act in _TITLES
    ]


def for_staff(events: list[AuditEvent]) -> list[Entry]:
    """Everything, newest first."""
    titles = {**_TITLES, **_STAFF_TITLES}
    return [
        Entry(e.at, titles.get(e.act, e.act).replace("您", "投诉人"), e.actor_name or "投诉人", _text(e),
              e.document_id, e.act)
        for e in reversed(events)
    ]  # fmt: skip


def _who_for_worker(event: AuditEvent) -> str:
    if event.actor_kind in ("worker", "visitor"):
        return "您"
    if event.act == "file":
        return f"{event.actor_name}（替您记录）"
    return event.actor_name


def _who_on_receipt(event: AuditEvent) -> str:
    return "您" if event.actor_kind in ("worker", "visitor") else ""


def _text_on_receipt(event: AuditEvent) -> str:
    if event.act in _ON_RECEIPT:
        return _text(event)
    write = _WITHOUT_MONEY.get(event.act)
    return write(event.detail) if write else ""


def _text(event: AuditEvent) -> str:
    if event.act == "file" and event.to_state == S.RECEIVED:
        # a report is owed a decision by that day, not an answer
        return _due_then(event.detail, "决定立不立案")
    write = _TEXTS.get(event.act)
    return write(event.detail) if write else ""


def _due(detail: dict[str, Any]) -> str:
    if detail.get("due_on") in (None, "None"):
        return ""
    words = day(
        date.fromisoformat(detail["due_on"]), is_provisional=detail.get("is_provisional", False)
    )
    return f"最晚{words}"


def _due_then(detail: dict[str, Any], what: str = "") -> str:
    """The last day and what is done by then, as a sentence; nothing without a day."""
    return f"{due}{what}。" if (due := _due(detail)) else ""


def _date(detail: dict[str, Any], key: str) -> str:
    return day(date.fromisoformat(detail[key])) if detail.get(key) else ""


def _close(detail: dict[str, Any]) -> str:
    title, sentence = OUTCOME_WORDS[detail["outcome"]]
    if detail.get("unpaid_fen"):
        return f"按“{title}”结案，账上还差 {yuan(detail['unpaid_fen'])}。"
    return str(sentence)


_TEXTS: Mapping[str, Any] = {
    "file": lambda d: _due_then(d, "答复"),
    "request_correction": lambda d: f"还缺 {d['items']} 样，一次说全了。",
    "accept": lambda d: _due_then(d, "作出处理"),
    "deem_accepted": lambda d: f"从{_date(d, 'received_on')}收到那天起算。{_due_then(d)}",
    "refuse": lambda d: REFUSE_WORDS[d["ground"]],
    "redirect": lambda d: f"请向{d['body']}提出。",
    "order_payment": lambda d: f"最晚{_date(d, 'pay_by')}付清 {yuan(d['amount_fen'])}。",
    "apply_enforcement": lambda d: f"向{d['court']}申请。",
    "close": _close,
    "advise_arbitration": lambda d: OUTCOME_WORDS[d["outcome"]][1],
    "ask_withdrawal": lambda d: f"{d['recorded_by']}记下的。" if d.get("recorded_by") else "",
    "withdraw": lambda d: "打电话问过您本人。" if d.get("by_call") else "满 24 小时，没有反悔。",
    "file_case": _due_then,
    "transfer": lambda d: f"移送{d['body']}。",
    "accept_handover": lambda d: f"现在由{d['officer']}承办。",
    "confirm": lambda d: _WAYS[d["way"]] + "确认。",
    "extend": _due_then,
    "resume": _due_then,
    "end_excluded_time": _due_then,
    "exclude_time": lambda d: f"从{_date(d, 'from_on')}起。",
    "mediate": lambda d: (
        _MEDIATION[d["result"]] + (f"，{yuan(d['amount_fen'])}。" if d.get("amount_fen") else "。")
    ),
    "serve": lambda d: f"《{d['document']}》，{_WAYS[d['way']]}。",
    "record_payment": lambda d: f"单位付了 {yuan(d['total_fen'])}。",
    "order_compensation": lambda d: f"按 {d['percent']}%，{yuan(d['amount_fen'])}。",
    "refer_to_police": lambda d: f"移送{d['authority']}。",
    "demand": lambda d: f"等到{_date(d, 'due_on')}。" if d.get("due_on") else "",
    "book_appointment": lambda d: (
        _date(d, "on_date") + ("上午。" if d["period"] == "am" else "下午。")
    ),
    "say_partly_paid": lambda d: f"{yuan(d['amount_fen'])}。",
    "say_paid": lambda d: f"{yuan(d['amount_fen'])}。" if d.get("amount_fen") else "",
    "date_changed": _due_then,
    "link": lambda d: f"接着 {d['from_number']} 办。",
    "linked": lambda d: f"新编号 {d['to_number']}。",
    "take": lambda d: d.get("officer", ""),
    "hand_over": lambda d: f"移交给{d['to']}，等接手。",
    "call": lambda d: "接通了。" if d.get("is_reached") else "没有接通。",
}

# Acts whose text names neither money nor a person. One that stands in neither list is shown on a
# receipt by its title alone, so that a new act cannot tell too much.
_ON_RECEIPT = frozenset({
    "file", "request_correction", "accept", "deem_accepted", "refuse", "redirect",
    "apply_enforcement", "close", "advise_arbitration", "withdraw", "file_case", "transfer",
    "confirm", "extend", "resume", "end_excluded_time", "exclude_time", "serve", "refer_to_police",
    "demand", "book_appointment", "date_changed", "link", "linked", "call",
})  # fmt: skip
_WITHOUT_MONEY: Mapping[str, Any] = {
    "order_payment": lambda d: f"最晚{_date(d, 'pay_by')}付清。",
    "mediate": lambda d: _MEDIATION[d["result"]] + "。",
}
