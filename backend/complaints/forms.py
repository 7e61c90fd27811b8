"""What each move and act asks the officer for; one table for the desk, the checks and the tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.complaints.fields import Field, Wrong, read
from backend.complaints.states import Lane
from backend.core.errors import BadInput, FieldError

LONG = 5000

REFUSE_REASONS = (
    ("time_barred", "超过查处期限（39(3)）"),
    ("already_in_arbitration_or_court", "已申请仲裁、起诉或支付令（39(4)）"),
    ("must_go_to_arbitration", "应走劳动争议处理程序（39(5)）"),
    ("already_handled", "同一事项已处理过（39(6)）"),
)
REDIRECT_REASONS = (
    ("out_of_scope", "不属于劳动保障监察范围（39(1)）"),
    ("other_jurisdiction", "属于别的人社部门管辖（39(2)）"),
)
DECISION_KINDS = (
    ("handling", "行政处理决定"),
    ("penalty", "行政处罚决定"),
    ("case_cancelled", "撤销立案"),
)
OUTCOMES = (
    ("paid_in_full", "已全部付清"),
    ("paid_after_order", "责令后付清"),
    ("paid_after_decision", "决定后付清"),
    ("settled", "双方达成协议"),
    ("paid_by_general_contractor", "总包先行清偿"),
    ("paid_from_emergency_fund", "应急周转金垫付"),
    ("enforced_by_court", "法院强制执行"),
    ("referred_to_police", "已移送公安"),
    ("not_substantiated", "查不实"),
    ("no_violation", "没有违法"),
    ("case_cancelled", "撤销立案"),
)
CONFIRM_WAYS = (("visit", "当面"), ("video", "视频"), ("esignature", "可靠电子签名"))
SUSPEND_GROUNDS = (
    ("awaits_conclusion", "须以司法、仲裁或有关部门的结论为依据（45(1)一）"),
    ("unreachable_or_force_majeure", "投诉人联系不上或不可抗拒，无法取证（45(1)二）"),
)
EXCLUDE_GROUNDS = (("public_notice", "公告"), ("audit", "委托审计"), ("appraisal", "鉴定"))
MEDIATION_RESULTS = (("agreed", "达成协议"), ("failed", "没有达成"), ("going_on", "还在调解"))
SERVE_WAYS = (
    ("direct", "当面送达"),
    ("left", "留置送达"),
    ("post", "邮寄送达"),
    ("electronic", "电子送达（有书面同意）"),
    ("public", "公告送达"),
)
FOLLOW_UP_RESULTS = (
    ("paid", "说已拿到钱"),
    ("partly", "说拿到一部分"),
    ("unpaid", "说没拿到"),
    ("unreached", "没联系上"),
)

_SECOND = Field(
    "second_officer_id", "另一名监察员", "officer", help="调查不得少于两人（粤监察 11）"
)
_DOCUMENT = Field(
    "document",
    "文书",
    "document",
    help="【】里的由上面填的内容自动写入；要改，改上面",
    max_length=20_000,
)
_LATE = Field(
    "late_reason",
    "超期原因",
    "long",
    is_required=False,
    help="已超过调查期限时必填",
    max_length=LONG,
)


def _reason(label: str = "理由") -> Field:
    return Field("reason", label, "long", max_length=LONG)


FORMS: Mapping[tuple[Lane | None, str], tuple[Field, ...]] = {
    (Lane.COMPLAINT, "request_correction"): (
        Field("items", "要补的全部材料", "lines", help="一次说全，一行一项（粤监察 39(7)）"),
        _DOCUMENT,
    ),
    (Lane.COMPLAINT, "accept"): (_SECOND, _DOCUMENT),
    (Lane.COMPLAINT, "refuse"): (
        Field("ground", "依据", "choice", choices=REFUSE_REASONS),
        _reason("说明"),
        _DOCUMENT,
    ),
    (Lane.COMPLAINT, "redirect"): (
        Field("ground", "依据", "choice", choices=REDIRECT_REASONS),
        Field("body", "应去的单位"),
        Field("body_contact", "那里的地址、电话", is_required=False),
        _DOCUMENT,
    ),
    (Lane.COMPLAINT, "order_payment"): (
        Field("amount_fen", "责令支付金额", "money"),
        Field("difference", "金额和还欠的不同，为什么", "long", is_required=False,
              help="责令的金额和投诉里还欠的不一样时必填", max_length=LONG),
        Field("pay_by", "限期支付到", "date", help="不能晚于调查期限"),
        _reason("认定的事实和理由"),
        _LATE,
        _DOCUMENT,
    ),
    (Lane.COMPLAINT, "give_prior_notice"): (_reason("拟作的处罚和事实、理由、依据"), _LATE, _DOCUMENT),
    (Lane.COMPLAINT, "send_to_review"): (
        Field("draft", "决定草稿", "document", max_length=20_000),
        _LATE,
    ),
    (Lane.COMPLAINT, "return_from_review"): (Field("opinion", "审核意见", "long", max_length=LONG),),
    (Lane.COMPLAINT, "decide"): (
        Field("kind", "决定种类", "choice", choices=DECISION_KINDS),
        Field("needs_review", "属于行政处罚法 58 要法制审核的", "tick", is_required=False),
        Field("is_grave", "情节复杂或重大，集体讨论", "tick", is_required=False),
        Field("participants", "参加讨论的人", is_required=False, help="集体讨论时必填"),
        Field("waiver", "单位书面放弃陈述申辩和听证的凭证", is_required=False,
              help="告知的时间没满就作处罚决定时必填（行政处罚法 62）"),
        _reason(),
        Field("content", "决定内容", "long", help="单位要做什么、付给谁多少、到哪天", max_length=LONG),
        _LATE,
        _DOCUMENT,
    ),
    (Lane.COMPLAINT, "apply_enforcement"): (
        Field("court", "法院"),
        Field("applied_on", "申请日期", "date"),
        _DOCUMENT,
    ),
    (Lane.COMPLAINT, "advise_arbitration"): (
        _reason("为什么查不实"),
        _LATE,
        Field("document", "告知书和填好的仲裁申请书", "document", max_length=20_000),
    ),
    (Lane.COMPLAINT, "close"): (
        Field("outcome", "办理结果", "choice", choices=OUTCOMES),
        _reason("说明"),
        Field("amount_fen", "协议或付清的金额", "money", is_required=False),
        Field("unpaid_reason", "账上还欠，为什么算付清", "long", is_required=False,
              help="选“付清”而记下的钱不够时必填；投诉人和批准的人都会看到", max_length=LONG),
        _LATE,
    ),
    (Lane.COMPLAINT, "withdraw"): (
        Field("call_note", "和投诉人通话的情况", "long", max_length=LONG,
              help="要问清是不是自己愿意"),
    ),
    (Lane.REPORT, "file_case"): (_SECOND, _reason()),
    (Lane.REPORT, "transfer"): (
        Field("body", "移送到"),
        _reason(),
        _DOCUMENT,
    ),
    (Lane.REPORT, "not_file"): (_reason("不立案的理由"),),
    (Lane.REPORT, "investigate"): (
        Field("plan", "怎么查", "long", is_required=False, max_length=LONG),
    ),
    (Lane.REPORT, "close"): (
        Field("outcome", "办理结果", "choice", choices=OUTCOMES),
        _reason("说明"),
        _LATE,
    ),
    (None, "take"): (),
    (None, "name_second"): (_SECOND,),
    (None, "hand_over"): (
        Field("to_id", "移交给", "officer"),
        Field("note", "交代的话", "long", is_required=False, max_length=LONG),
    ),
    (None, "accept_handover"): (),
    (None, "confirm"): (
        Field("way", "怎么确认的", "choice", choices=CONFIRM_WAYS),
        Field("confirmed_on", "哪天确认的", "date"),
        Field("id_number", "身份证号", "id_number", help="照证件核对；只在这一步收"),
        Field("note", "备注", "long", is_required=False, max_length=LONG),
    ),
    (None, "override_correction"): (_reason("为什么要再补一次"),),
    (None, "extend"): (_reason("情况复杂在哪里"), _DOCUMENT),
    (None, "suspend"): (
        Field("ground", "依据", "choice", choices=SUSPEND_GROUNDS),
        _reason("说明"),
        _DOCUMENT,
    ),
    (None, "resume"): (_reason("中止原因怎么消除的"),),
    (None, "exclude_time"): (
        Field("ground", "依据", "choice", choices=EXCLUDE_GROUNDS),
        Field("from_on", "从哪天起", "date"),
        _reason("公告、委托书的编号和说明"),
    ),
    (None, "end_excluded_time"): (
        Field("to_on", "到哪天止", "date"),
        _reason("结果"),
    ),
    (None, "mediate"): (
        Field("result", "结果", "choice", choices=MEDIATION_RESULTS),
        Field("held_on", "哪天调解的", "date"),
        Field("amount_fen", "协议金额", "money", is_required=False),
        Field("note", "记录", "long", max_length=LONG),
    ),
    (None, "serve"): (
        Field("document_id", "哪份文书", "document_id"),
        Field("way", "怎么送的", "choice", choices=SERVE_WAYS),
        Field("served_on", "送达日期", "date"),
        Field("proof", "凭证", help="回证、单号、照片或录像的名称"),
    ),
    (None, "record_payment"): (
        Field("amounts", "各月收到的钱", "amounts"),
        Field("excess", "多出来的是什么钱", "long", is_required=False,
              help="有一个月收到的比还欠的多时必填", max_length=LONG),
        Field("paid_on", "哪天付的", "date"),
        Field("proof", "凭证"),
    ),
    (None, "order_compensation"): (
        Field("percent", "加付比例（%）", "percent"),
        _reason(),
        _DOCUMENT,
    ),
    (None, "refer_to_police"): (
        Field("authority", "移送到"),
        Field("referred_on", "移送日期", "date"),
        _reason("涉嫌犯罪的事实"),
        _DOCUMENT,
    ),
    (None, "report_to_superior"): (
        Field("reported_on", "报送日期", "date"),
        Field("proof", "文号或回执"),
    ),
    (None, "demand"): (
        Field("demanded_on", "催告书送达日期", "date"),
        _DOCUMENT,
    ),
    (None, "pass_review"): (Field("opinion", "审核意见", "long", max_length=LONG),),
    (None, "follow_up"): (
        Field("result", "回访结果", "choice", choices=FOLLOW_UP_RESULTS),
        Field("note", "记录", "long", is_required=False, max_length=LONG),
    ),
    (None, "answer_reporter"): (Field("answer", "答复的话", "long", max_length=2000),),
    (None, "note"): (Field("note", "记录", "long", max_length=LONG),),
    (None, "ask_withdrawal"): (
        Field("note", "投诉人怎么说的", "long", max_length=LONG),
    ),
    (None, "undo_withdrawal"): (
        Field("note", "投诉人怎么说的", "long", is_required=False, max_length=LONG),
    ),
}  # fmt: skip


def fields(lane: str, key: str) -> tuple[Field, ...]:
    """The fields of a step, in the order the form shows them."""
    return FORMS.get((Lane(lane), key)) or FORMS.get((None, key), ())


def clean(lane: str, key: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Read a whole form; BadInput lists every wrong field at once."""
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for field in fields(lane, key):
        try:
            values[field.name] = read(field, raw.get(field.name))
        except Wrong as wrong:
            errors.append(FieldError(field.name, str(wrong)))
    if errors:
        raise BadInput("有几处要改，改好再交。", errors=errors)
    return values
