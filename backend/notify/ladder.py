"""The order in which a person is tried: subscribe message, official account, SMS.

Below the last step the message is in the app of whoever has an account; anybody else stands on
the desk's list 电话通知 (decision 0016).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from backend.identity import service as identity
from backend.notify import consents, kinds

# Whoever asked for SMS gets one, unless they agreed to a subscribe message themselves.
_STEPS: dict[str, tuple[str, ...]] = {
    "wechat": ("subscribe", "wechat", "sms"),
    "sms": ("subscribe", "sms", "wechat"),
}


@dataclass(frozen=True, slots=True)
class Untaken:
    """A message nobody has taken up yet."""

    id: int
    channel: str
    subject: str
    template: str
    worker_id: int | None

    @property
    def template_id(self) -> str | None:
        """The subscribe message it would go out as."""
        found = kinds.template_for(self.subject, self.template)
        return found.template if found is not None else None


def ways_from(asked: str, way: str) -> tuple[str, ...]:
    """This way and those after it, for a message that was meant for the channel `asked`."""
    steps = _STEPS[asked]
    return steps[steps.index(way) :]


def first_ways(found: Sequence[Untaken], open_ways: Collection[str]) -> dict[int, str]:
    """Where each message begins, so that a way that is down holds up nobody it could not reach."""
    worker_ids = {one.worker_id for one in found if one.worker_id is not None}
    template_ids = {one.template_id for one in found} - {None}
    agreed = consents.left_of(worker_ids, [one for one in template_ids if one is not None])
    following = identity.followers(worker_ids)

    def may(one: Untaken, way: str) -> bool:
        if way not in open_ways:
            return False
        if way == "subscribe":
            return (one.worker_id, one.template_id) in agreed
        return way == "sms" or one.worker_id in following

    return {
        one.id: next((way for way in _STEPS[one.channel] if may(one, way)), one.channel)
        for one in found
    }
