"""Words the worker reads: states in plain speech, outcomes, reasons, warnings (look.md §2)."""

from __future__ import annotations

from collections.abc import Mapping

from backend.complaints.states import S

HEADLINES: Mapping[tuple[str, str], str] = {
    ("complaint", S.SUBMITTED): "我们正在看您的投诉",
    ("complaint", S.CORRECTION_REQUESTED): "请您补几样材料",
    ("complaint", S.INVESTIGATING): "已经受理，正在查",
    ("complaint", S.ORDERED): "已责令单位限期付钱",
    ("complaint", S.PRIOR_NOTICE_GIVEN): "已告知单位要作的决定",
    ("complaint", S.IN_LEGAL_REVIEW): "决定正在审核",
    ("complaint", S.DECIDED): "决定已经作出",
    ("complaint", S.ENFORCING): "已申请法院强制执行",
    ("complaint", S.NOT_ACCEPTED): "这件投诉没有受理",
    ("complaint", S.REDIRECTED): "这件事要去别的单位办",
    ("complaint", S.WITHDRAWN): "这件投诉已撤回",
    ("complaint", S.CLOSED): "这件投诉已办结",
    ("report", S.RECEIVED): "我们收到了您的举报",
    ("report", S.FILED): "举报已经立案",
    ("report", S.INVESTIGATING): "举报正在查",
    ("report", S.TRANSFERRED): "举报已转给管这事的单位",
    ("report", S.NOT_FILED): "这件举报没有立案",
    ("report", S.CLOSED): "这件举报已办结",
}

WHAT_NOW: Mapping[tuple[str, str], str] = {
    (
        "complaint",
        S.SUBMITTED,
    ): "您不用再做什么。请保管好证据，接听我们的电话。本人确认后才能受理，可以先约时间。",
    ("complaint", S.CORRECTION_REQUESTED): "请照下面的单子补材料。补齐后，答复的期限重新算。",
    ("complaint", S.INVESTIGATING): "两名监察员在查。单位找您谈钱，可以谈，谈的结果请告诉我们。",
    ("complaint", S.ORDERED): "到期看钱到没到。到了、没到，都请点“说一下钱的事”。",
    ("complaint", S.PRIOR_NOTICE_GIVEN): "单位可以说明、申辩，有的可以要求听证。之后才作决定。",
    ("complaint", S.IN_LEGAL_REVIEW): "审核的人不办这件案。审完就作决定。",
    ("complaint", S.DECIDED): "决定书会送给单位。钱到没到，请告诉我们。",
    ("complaint", S.ENFORCING): "法院会按程序执行。有消息我们写在这里。",
    ("complaint", S.NOT_ACCEPTED): "理由写在决定书里。看不懂，可以打电话问我们。",
    ("complaint", S.REDIRECTED): "应去的单位写在告知书里，可以带上这件投诉的编号去。",
    ("complaint", S.WITHDRAWN): "钱的事没解决，还可以再投诉，注意期限。",
    ("complaint", S.CLOSED): "没拿到钱，请告诉我们。30 天内说，会另开一件接着办。",
    ("report", S.RECEIVED): "您不用再做什么。请保管好查询码。",
    ("report", S.FILED): "监察员会去查。不会把您的身份告诉单位。",
    ("report", S.INVESTIGATING): "监察员在查。不会把您的身份告诉单位。",
    ("report", S.TRANSFERRED): "接手的单位写在下面。",
    ("report", S.NOT_FILED): "有新的线索，可以再举报。自己的工资，请走投诉。",
    ("report", S.CLOSED): "结果写在下面。自己的工资，请走投诉。",
}

WITHDRAWING = "您申请了撤回，{when} 生效"
WITHDRAWING_NOW = "到时就不办了。之前随时能反悔。不是您自己愿意的，打 12333 告诉我们。"

OUTCOME_WORDS: Mapping[str, tuple[str, str]] = {
    "paid_in_full": ("已全部付清", "单位已付清拖欠的工资。"),
    "paid_after_order": ("责令后付清", "单位在我们责令后付清了工资。"),
    "paid_after_decision": ("决定后付清", "单位在我们作出决定后付清了工资。"),
    "settled": ("双方达成协议", "您和单位达成了协议。单位不照做，请马上告诉我们。"),
    "paid_by_general_contractor": ("总包先付", "总包单位先垫付了工资。"),
    "paid_from_emergency_fund": ("应急金垫付", "政府应急周转金先垫付了一部分。"),
    "enforced_by_court": ("法院强制执行", "法院已强制执行。"),
    "referred_to_police": ("已移送公安", "单位涉嫌拒不支付劳动报酬罪，案卷已交公安。"),
    "advised_arbitration": ("告知走仲裁", "双方说法不一，查不实。可以申请劳动仲裁，不收费。"),
    "not_substantiated": ("查不实", "现有证据查不实投诉的事。"),
    "no_violation": ("没有违法", "查下来单位没有违反劳动保障规定。"),
    "case_cancelled": ("撤销立案", "这件案已撤销立案，理由写在文书里。"),
}

REFUSE_WORDS: Mapping[str, str] = {
    "time_barred": "离欠薪已超过两年，过了查处期限。",
    "already_in_arbitration_or_court": "这件事已经申请仲裁、起诉或支付令，不能两边同时办。",
    "must_go_to_arbitration": "这件事要走劳动仲裁。",
    "already_handled": "同一件事我们已经处理过。",
}

OVERDUE_SENTENCE = "已超过法定期限，可拨打本局监督电话、12333 或 12345 催办。"
PAY_BY_PASSED = "单位付钱的期限过了。钱到没到，请点“说一下钱的事”告诉我们。"
ARBITRATION_WARNING = "申请仲裁或支付令后，这件投诉就不能再办，请先想好（粤监察 39）。"
PROVISIONAL = "约{date}，以国务院公布的放假安排为准。"
PROVISIONAL_INLINE = "约{date}（以国务院公布的放假安排为准）"
RECEIVED_NOTE = "按提交之日计算，以人社局确认为准。"

CLOCK_TITLES: Mapping[str, tuple[str, str]] = {
    "accept": ("最晚答复您收不收", "最晚这天书面告诉您收不收。到期没答复，就算受理。"),
    "investigate": ("最晚作出处理", "最晚这天要有处理结果。情况复杂可以延长一次，会通知您。"),
    "pay_by": ("单位最晚付钱", "单位最晚这天把钱付清。"),
    "report_file": ("最晚决定立不立案", "最晚这天决定立不立案。"),
    "discover_file": ("最晚立案", "最晚这天立案。"),
    "serve": ("文书最晚送到", "文书最晚这天送到。"),
    "suspension_notice": ("最晚通知您中止", "最晚这天书面通知您。"),
    "hearing_request": ("单位最晚要求听证", "单位最晚这天提出要求听证。"),
    "demand_wait": ("催告等待到期", "过了这天单位还不付，可以申请法院强制执行。"),
    "enforce_apply": ("最晚申请强制执行", "我们最晚这天向法院申请强制执行。"),
    "report_superior": ("最晚报上一级备案", "最晚这天报上一级备案。"),
    "arbitration_limit": ("最早的仲裁时效", "要走劳动仲裁，最晚这天申请。早一点更稳妥。"),
}

SAVE_EVIDENCE = (
    "工资条、转账记录、聊天记录、考勤，原件都留着。",
    "手机里的东西别删，换手机前先备份。",
    "单位让您签字，看清楚再签。",
)
NEXT_AFTER_FILING = (
    "我们看材料，可能打电话给您。",
    "请约个时间本人确认，当面或视频都行。",
    "受理后两名监察员去查单位。",
)
NEXT_AFTER_REPORT = ("我们先看线索归不归我们管。", "归我们管就立案去查；不归我们管，就移送。")
REPORT_ADVICE = (
    "查询码只在这里显示，请抄下来或存成图。",
    "自己的工资没拿到，请走投诉，举报不能帮您个人要。",
)
