"""What each move of a report (举报) does."""

from __future__ import annotations

from backend.complaints.service import clocks
from backend.complaints.service.moves import name_officers
from backend.complaints.service.stage import (
    Done,
    Stage,
    add_act,
    effect,
    issue,
)
from backend.complaints.service.telling import Told, until


@effect("file_case")
def file_case(stage: Stage) -> Done:
    """A report is filed as a case within five working days (粤监察 32)."""
    name_officers(stage)
    stage.case.case_filed_on = stage.today
    clocks.meet(stage.case, "report_file", stage.today)
    clock = clocks.start(stage.case, "investigate", stage.today)
    told = Told("举报已立案", f"您举报的事已立案，最晚{until(clock)}作出处理。")
    return Done(
        {"due_on": str(clock.due_on), "is_provisional": clock.is_provisional},
        told,
        stage.values["reason"],
    )


@effect("transfer")
def transfer(stage: Stage) -> Done:
    """A report without jurisdiction goes to the competent body (粤监察 33)."""
    clocks.meet(stage.case, "report_file", stage.today)
    document = issue(stage)
    stage.case.closed_at = stage.now
    body = stage.values["body"]
    told = Told("举报已移送", f"您举报的事归{body}管，已经移送过去。")
    return Done({"body": body}, told, body, document)


@effect("not_file")
def not_file(stage: Stage) -> Done:
    """A report is not filed, with the reason."""
    clocks.meet(stage.case, "report_file", stage.today)
    stage.case.closed_at = stage.now
    told = Told("举报没有立案", "您举报的事没有立案，理由写在里面。")
    return Done({}, told, stage.values["reason"])


@effect("investigate")
def investigate(stage: Stage) -> Done:
    """The officers begin (粤监察 11)."""
    add_act(stage, {}, text=stage.text("plan") or None)
    return Done({}, Told("举报正在查", "监察员开始查了。不会把您的身份告诉单位。"))
