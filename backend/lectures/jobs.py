"""What time brings to lectures: offers run out, lines end, reminders go, orders go up.

Each run scans the database and takes one thing a transaction, so that a run after a crash, or
two at once, change nothing twice.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from backend.lectures.service import due, orders

log = structlog.get_logger()


def run(now: datetime) -> int:
    """Take up everything that is due at `now`; returns how many things were done."""
    done = sum(due.end_offer(row_id, now) for row_id in due.offers_over(now))
    done += sum(due.end_line(row_id, now) for row_id in due.lines_over(now))
    for is_soon in (False, True):
        done += sum(due.remind(row_id, is_soon, now) for row_id in due.to_remind(is_soon, now))
    done += sum(due.ask_how_it_was(row_id, now) for row_id in due.to_ask(now))
    late = sum(orders.go_up(row_id, now) for row_id in orders.late(now))
    if late:
        log.warning("lecture_orders_went_up", count=late)
    return done + late
