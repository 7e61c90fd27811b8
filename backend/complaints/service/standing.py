"""Where a case stands in one line; a withdrawal about to take effect comes before all else."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from backend.complaints import words
from backend.complaints.models import Case, Withdrawal
from backend.complaints.schemas import WithdrawalOut
from backend.complaints.service import facts
from backend.complaints.service.telling import hour
from backend.complaints.states import S


def live_withdrawals(cases: Collection[Case]) -> Mapping[int, Withdrawal]:
    """By case, the withdrawals that can still be undone; a case that has ended has none."""
    return facts.live_withdrawals([case.id for case in cases if not case.is_final])


def headline(case: Case, asked: Withdrawal | None) -> str:
    """The present step, or when the withdrawal that was asked for ends it."""
    if asked is not None:
        return words.WITHDRAWING.format(when=hour(asked.effective_at))
    return words.HEADLINES[case.lane, S(case.state)]


def what_now(case: Case, asked: Withdrawal | None) -> str:
    """What the worker does or waits for."""
    return words.WITHDRAWING_NOW if asked else words.WHAT_NOW[case.lane, S(case.state)]


def withdrawal_out(asked: Withdrawal | None) -> WithdrawalOut | None:
    """The withdrawal as the worker reads it."""
    if asked is None:
        return None
    return WithdrawalOut(asked_at=asked.asked_at, takes_effect_at=asked.effective_at)
