"""Acts of the record of lectures, bookings and orders in words of the desk."""

from __future__ import annotations

from typing import Any

from backend.audit.models import AuditEvent

DEEDS = {
    "make_lecture": "写了草稿",
    "edit_lecture": "改了内容",
    "publish": "发布了",
    "change_lecture": "改了时间或地点",
    "resize_lecture": "改了座位数",
    "cancel_lecture": "取消了讲座",
    "add_material": "放了资料",
    "remove_material": "拿掉了资料",
    "show_feedback": "展示了一条评价",
    "hide_feedback": "不再展示一条评价",
    "walk_in": "记了没预约来的人",
    "export_bookings": "导出了预约名单",
    "print_list": "打印了签到表",
    "code_shown": "取了讲座码",
    "book": "约好了",
    "join_line": "排上队了",
    "offer": "有座，问要不要",
    "accept_offer": "要了这个座",
    "cancel": "取消了预约",
    "lapse": "没轮到，或者没回话",
    "confirm_change": "知道改动，还去",
    "check_in": "签到了",
    "say_how_it_was": "说了讲得怎么样",
    "call": "打了电话",
    "order": "点了单",
    "assign": "派了单",
    "propose": "约了日子",
    "agree": "说好了",
    "refuse_date": "说这个时间不行",
    "hold": "讲完了",
    "rate": "评了单",
    "decline": "没接",
    "withdraw": "撤回了",
    "order_goes_up": "逾期，报了科长",
}


def deed_words(event: AuditEvent) -> str:
    """What happened, with its figures where it has some."""
    return DEEDS.get(event.act, "办了一件事") + _figures(event.act, event.detail or {})


def _figures(act: str, detail: dict[str, Any]) -> str:
    if act == "change_lecture":
        return f"：{detail.get('was', '')} → {detail.get('now', '')}"
    if act == "resize_lecture":
        return f"：{detail.get('was')} → {detail.get('now')}"
    if act in ("print_list", "export_bookings"):
        return f"（{detail.get('bookings')} 单）"
    if act in ("walk_in", "check_in"):
        return f"（{detail.get('people')} 人）"
    if act == "hold":
        return f"（{detail.get('attended')} 人）"
    return ""
