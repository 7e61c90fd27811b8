"""What an order or a decision must be before it goes out: a sum, a day, a paper that says so."""

from __future__ import annotations

from datetime import date

from backend.complaints.service import blanks, clocks
from backend.complaints.service.stage import Stage, wrong
from backend.complaints.service.telling import day, yuan
from backend.law import deadlines


def amount(stage: Stage) -> int:
    """The sum ordered; one that differs from the open claim needs a written reason."""
    fen: int = stage.values["amount_fen"]
    if fen <= 0:
        raise wrong("amount_fen", "责令支付的金额要大于 0。")
    still = stage.case.open_fen
    if fen != still and not stage.text("difference"):
        raise wrong(
            "difference",
            f"投诉里还欠 {yuan(still)}，这里填了 {yuan(fen)}。请改金额，或写明为什么不同。",
        )
    return fen


def pay_by(stage: Stage) -> date:
    """The last day to pay: after today and inside the investigation (粤监察 44)."""
    on = stage.date("pay_by")
    if on <= stage.today:
        raise wrong("pay_by", "限期支付的日子要在今天之后。")
    clock = clocks.live(stage.case.id, "investigate")
    if clock is None or clock.due_on is None:
        return on
    if stage.facts.is_investigate_passed:
        # late already: no longer than a whole investigation would take from today [POLICY]
        longest = deadlines.due("investigate", stage.today).due
        if longest is not None and on > longest:
            raise wrong("pay_by", f"限期太长，最晚填{day(longest)}，请选更早的日期。")
    elif on > clock.due_on:
        last = day(clock.due_on, is_provisional=clock.is_provisional)
        extend = "" if stage.facts.is_extended else "，或先办延期"
        raise wrong("pay_by", f"晚于调查期限 {last}，请选更早的日期{extend}。")
    return on


def refuse_other_paper(stage: Stage, fen: int, on: date) -> None:
    """The order itself must name the sum and the day that are recorded and told."""
    text = stage.text("document")
    if not blanks.says_amount(text, fen):
        raise wrong("document", f"文书里没有写责令支付的金额 {yuan(fen)}，请写上。")
    if not blanks.says_day(text, on):
        raise wrong("document", f"文书里没有写限期支付到 {on}，请写上。")


def refuse_other_decision(stage: Stage) -> None:
    """The paper must hold the operative part as it is recorded."""
    if not blanks.says(stage.text("document"), stage.values["content"]):
        raise wrong("document", "文书里的决定和上面填的“决定内容”不一样，请改成一样。")
