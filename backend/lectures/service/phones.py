"""The end of the telephone by which people of a lecture are found: at the door, on paper, in lists.

Staff who book for somebody write a telephone down; whoever books on their own phone has proved one
when signing in.
"""

from __future__ import annotations

from collections.abc import Collection

from backend.identity.service import proved_phones
from backend.lectures.models import Booking

_TAIL = 4


def tails(bookings: Collection[Booking]) -> dict[int, str]:
    """The last four digits for each booking, by its id; empty where no telephone is known."""
    ids = {row.worker_id for row in bookings if not row.phone and row.worker_id is not None}
    proved = proved_phones(ids)
    return {row.id: _of(row, proved)[-_TAIL:] for row in bookings}


def _of(row: Booking, proved: dict[int, str]) -> str:
    if row.phone or row.worker_id is None:
        return row.phone or ""
    return proved.get(row.worker_id, "")
