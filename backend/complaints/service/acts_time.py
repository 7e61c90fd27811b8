"""What extensions, suspensions and excluded time do to the investigation clock (粤监察 44-45)."""

from __future__ import annotations

from backend.complaints.service import clocks
from backend.complaints.service.stage import (
    Done,
    Stage,
    add_act,
    effect,
    issue,
    not_later_than_today,
)
from backend.complaints.service.telling import Told, until
from backend.core.errors import Conflict
from backend.law.days import add_days


@effect("extend")
def extend(stage: Stage) -> Done:
    """Thirty more working days, once, before expiry, told in writing (粤监察 44(2))."""
    clock = _investigation(stage)
    document = issue(stage)
    act = add_act(stage, {}, text=stage.values["reason"], document=document)
    clocks.extend(clock, act.id, "情况复杂", stage.today)
    due = until(clock)
    told = Told("办案期限延长了", f"情况复杂，经批准延长 30 个工作日，最晚{due}作出处理。")
    detail = {"due_on": str(clock.due_on), "is_provisional": clock.is_provisional}
    return Done(detail, told, stage.values["reason"], document)


@effect("suspend")
def suspend(stage: Stage) -> Done:
    """The clock stops from the day of approval; notice within three working days (45)."""
    clock = _investigation(stage)
    document = issue(stage)
    act = add_act(
        stage, {"ground": stage.values["ground"]}, text=stage.values["reason"], document=document
    )
    clocks.pause(clock, "suspension", act.id, stage.values["ground"], stage.today)
    clocks.start(stage.case, "suspension_notice", stage.today)
    told = Told("办案期限中止了", "因为下面的原因，期限先停下来，不是不办了。恢复时再通知您。")
    return Done({"ground": stage.values["ground"]}, told, stage.values["reason"], document)


@effect("resume")
def resume(stage: Stage) -> Done:
    """The ground is gone and the clock runs on from today (45(2))."""
    clock = _investigation(stage)
    _end_pause(stage, clock)
    add_act(stage, {}, text=stage.values["reason"])
    told = Told("恢复办理", f"期限从今天起接着算，最晚{until(clock)}作出处理。")
    detail = {"due_on": str(clock.due_on), "is_provisional": clock.is_provisional}
    return Done(detail, told, stage.values["reason"])


def _end_pause(stage: Stage, clock: clocks.Clock) -> None:
    # the day of resumption counts again, so the last day left out is the one before it
    last = add_days(stage.today, -1)
    first = min((c.from_on for c in clocks.open_changes(clock.id)), default=last)
    clocks.resume(clock, max(last, first))


@effect("exclude_time")
def exclude_time(stage: Stage) -> Done:
    """Public notice, audit or appraisal are not counted (粤监察 44(2))."""
    clock = _investigation(stage)
    from_on = not_later_than_today(stage, "from_on")
    ground = stage.values["ground"]
    act = add_act(stage, {"ground": ground}, on=from_on, text=stage.values["reason"])
    clocks.pause(clock, "excluded", act.id, ground, from_on)
    told = Told("有一段时间不计算", "公告、审计或鉴定的时间不算在期限里，办完接着算。")
    return Done({"ground": ground, "from_on": str(from_on)}, told, stage.values["reason"])


@effect("end_excluded_time")
def end_excluded_time(stage: Stage) -> Done:
    """The notice, audit or appraisal is over."""
    clock = _investigation(stage)
    to_on = not_later_than_today(stage, "to_on")
    clocks.resume(clock, to_on)
    add_act(stage, {"to_on": str(to_on)}, text=stage.values["reason"])
    told = Told("期限接着算", f"不计算的时间结束了，最晚{until(clock)}作出处理。")
    detail = {
        "to_on": str(to_on),
        "due_on": str(clock.due_on),
        "is_provisional": clock.is_provisional,
    }
    return Done(detail, told, stage.values["reason"])


def _investigation(stage: Stage) -> clocks.Clock:
    clock = clocks.live(stage.case.id, "investigate")
    if clock is None:
        raise Conflict("调查期限没有在走。", code="no_clock")
    return clock
