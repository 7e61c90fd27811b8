"""Labels of the fields of the desk's own long forms, for messages that name a field."""

from __future__ import annotations

LABELS = {
    "spoken_by": "谁说的",
    "contact_by": "以后怎么通知本人",
    "channel": "在哪里说的",
    "screening.place": "在哪里干的活",
    "screening.other_district": "别的区是哪里",
    "screening.age_group": "年纪",
    "screening.worker_kind": "怎么干的",
    "screening.contract": "合同",
    "claimant.name": "姓名",
    "claimant.phone": "电话",
    "claimant.service_address": "送达地址",
    "employer.name": "单位名称",
    "employer.address": "单位地址",
    "employer.phone": "单位电话",
    "employer.contact": "找谁",
    "work.from_on": "从哪天起",
    "work.to_on": "到哪天止",
    "work.post": "干什么",
    "work.street": "镇街",
    "work.place": "在哪里干",
    "claims": "欠的钱",
    "request": "他要什么",
    "facts": "怎么回事",
    "reporter.name": "举报人姓名",
    "reporter.phone": "举报人电话",
    "place": "事情发生在哪里",
    "what": "什么事",
    "people_count": "大约多少人",
    "happened_from": "从什么时候起",
    "text": "消息",
    "note": "记录",
    "opinion": "意见",
    "short": "先说一句",
    "answer": "答复",
    "question": "问题",
    "phrasings": "问法",
    "citations": "依据",
    "reason": "原因",
    "title": "题目",
    "theme": "主题",
    "about": "讲什么",
    "speaker": "讲师",
    "address": "详细地址",
    "map_url": "地图链接",
    "online": "在线听的办法",
    "on": "哪天",
    "from_time": "几点开始",
    "to_time": "几点结束",
    "booking_closes_at": "预约到",
    "cancelling_closes_at": "取消到",
    "seats": "座位数",
    "themes": "十二个主题",
    "name": "姓名",
    "phone": "电话",
    "org_name": "单位或团体",
    "party": "人数",
}
_MONEY = {"month": "月份", "due_fen": "应发", "paid_fen": "已发"}


def label(field: str) -> str:
    """The label of a field by its dotted path; months by the row they stand in."""
    head, _, rest = field.partition(".")
    row, _, name = rest.partition(".")
    if head == "claims" and row.isdigit():
        return f"第 {int(row) + 1} 行{_MONEY.get(name, '')}"
    return LABELS.get(field, "")
