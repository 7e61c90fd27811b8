"""Documents of a case: their kinds, a draft for the officer, and issuing with a number.

What stands in 【】 in a draft is a field of the step's form, filled in by service/blanks.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend.complaints import numbering
from backend.complaints.models import Case, Claimant, Document
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.installation import bureau
from backend.law.days import local_date


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document: the word in its number, its title, and who must be served with it."""

    word: str
    title: str
    is_for_worker: bool
    must_be_served: bool
    law: str | None


KINDS: Mapping[str, Kind] = {
    "request_correction": Kind("补", "补正通知书", True, False, "gd_supervision_39_1_7"),
    "accept": Kind("受", "受理通知书", True, False, "gd_supervision_36_1"),
    "refuse": Kind("不受", "不予受理决定书", True, True, "gd_supervision_39_2"),
    "redirect": Kind("告", "告知书", True, False, "gd_supervision_39_1_1"),
    "order_payment": Kind("令", "限期整改指令书", True, True, "gd_supervision_51_1"),
    "give_prior_notice": Kind("先告", "行政处罚事先告知书", False, True, "penalty_44"),
    "decide:handling": Kind("处", "行政处理决定书", True, True, "gd_supervision_44_1"),
    "decide:penalty": Kind("罚", "行政处罚决定书", True, True, "gd_supervision_44_1"),
    "decide:case_cancelled": Kind("撤", "撤销立案告知书", True, False, "gd_supervision_46_2"),
    "apply_enforcement": Kind("执", "强制执行申请书", False, False, "enforcement_53"),
    "advise_arbitration": Kind("仲告", "告知书（劳动仲裁）", True, True, "gd_supervision_44_4"),
    "extend": Kind("延", "延长办案期限通知书", True, True, "gd_supervision_44_2"),
    "suspend": Kind("中", "中止办案通知书", True, True, "gd_supervision_45_2"),
    "order_compensation": Kind("加", "责令加付赔偿金决定书", True, True, "gd_supervision_51_1"),
    "refer_to_police": Kind("移", "涉嫌犯罪案件移送书", False, False, "gd_supervision_44_5"),
    "demand": Kind("催", "履行催告书", False, False, "enforcement_54"),
    "transfer": Kind("转", "举报移送函", False, False, "gd_supervision_33"),
}

_OPENING: Mapping[str, str] = {
    "request_correction": "您于{filed}提交的投诉（{number}），还缺以下材料。请一次补齐，补齐后我们重新计算答复期限。\n【要补的全部材料】",
    "accept": "您于{filed}提交的投诉（{number}），经审查符合受理条件，决定自{today}起受理并立案查处。",
    "refuse": "您于{filed}提交的投诉（{number}），经审查，依照《广东省劳动保障监察条例》第三十九条，决定不予受理。理由如下：\n【说明】",
    "redirect": "您于{filed}提交的投诉（{number}），依照《广东省劳动保障监察条例》第三十九条，应向下列单位提出：\n【应去的单位】 【那里的地址、电话】",
    "order_payment": "{employer}：你单位拖欠劳动者{workers}的工资。\n经查：【认定的事实和理由】\n依照《广东省劳动保障监察条例》第五十一条，责令你单位最迟于【限期支付到】（含当日）向{workers}付清【责令支付金额】。逾期不支付的，将责令按应付金额百分之五十以上一倍以下加付赔偿金。",
    "give_prior_notice": "{employer}：本局拟对你单位作出行政处罚：\n【拟作的处罚和事实、理由、依据】\n你单位有权陈述、申辩；依法可以要求听证的，应在收到本告知书之日起五个工作日内提出。",
    "decide": "{employer}：本局对投诉案件（{number}）调查终结。\n经查：【理由】\n现作出如下决定：\n【决定内容】",
    "apply_enforcement": "【法院】：申请执行人{bureau}，被执行人{employer}。决定书已生效，经催告仍未履行，特申请强制执行。",
    "advise_arbitration": "您的投诉（{number}）经充分调查仍无法查实相关事实，双方存在争议：【为什么查不实】\n依照《广东省劳动保障监察条例》第四十四条，告知您按照劳动争议处理程序办理。申请劳动仲裁不收费。申请仲裁后，同一请求不能再向本局投诉。",
    "extend": "您的投诉（{number}）情况复杂，经本局负责人批准，办案期限延长三十个工作日。",
    "suspend": "您的投诉（{number}）因下列原因，自{today}起中止计算办案期限：\n【说明】\n原因消除后恢复办理，并再通知您。",
    "order_compensation": "{employer}：你单位逾期未支付劳动者工资。依照《广东省劳动保障监察条例》第五十一条，责令你单位按未付金额的【加付比例（%）】%向{workers}加付赔偿金，共【加付金额】。\n理由：【理由】",
    "refer_to_police": "【移送到】：{employer}涉嫌拒不支付劳动报酬罪，依法将案件移送你单位处理。\n涉嫌犯罪的事实：【涉嫌犯罪的事实】",
    "demand": "{employer}：本局作出的决定书你单位尚未履行。请在收到本催告书之日起十日内履行，逾期将依法申请人民法院强制执行。你单位有权陈述和申辩。",
    "transfer": "本局接到的举报（{number}）不属本局管辖，现移送你单位处理。举报人身份依法保密。",
}


def kind_of(step: str, decision: str | None = None) -> Kind | None:
    """The kind of document a step issues, if it issues one."""
    return KINDS.get(f"{step}:{decision}") if step == "decide" else KINDS.get(step)


def draft(case: Case, step: str, now: datetime) -> str:
    """A first wording for the officer to complete; empty where the step has no document."""
    opening = _OPENING.get(step)
    if opening is None:
        return ""
    day = local_date(now)
    return opening.format(
        filed=_zh(local_date(case.filed_at)),
        today=_zh(day),
        number=case.number,
        employer=case.employer_name or "（单位名称）",
        bureau=bureau().name,
        workers=_workers(case) if "{workers}" in opening else "",
    )


def _workers(case: Case) -> str:
    """Who is to be paid, by name: an order that names nobody cannot be carried out."""
    names = sa.select(Claimant.name).where(Claimant.case_id == case.id).order_by(Claimant.id)
    return "、".join(db.session.scalars(names)) or "（劳动者姓名）"


def issue(
    case: Case, step: str, text: str, actor: Actor, now: datetime, decision: str | None = None
) -> Document:
    """Number and freeze a document inside the caller's transaction."""
    kind = kind_of(step, decision)
    if kind is None:
        raise LookupError(f"{step} issues no document")
    document = Document(
        case_id=case.id,
        kind=step if decision is None else f"{step}:{decision}",
        number=numbering.document_number(bureau().document_prefix, kind.word, local_date(now).year),
        title=kind.title,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        is_for_worker=kind.is_for_worker,
        law=kind.law,
        issued_by_id=actor.id if actor.is_staff else None,
        issued_at=now,
    )
    db.session.add(document)
    db.session.flush()
    return document


def _zh(day: object) -> str:
    return f"{day:%Y}年{int(f'{day:%m}')}月{int(f'{day:%d}')}日"
