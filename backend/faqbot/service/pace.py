"""How much may be asked: in one conversation, by one worker, from one network.

A key is made on the phone, so a limit on keys alone stops nobody who makes new ones. Two hundred
workers may share the one address of a building site: the network's numbers are theirs together.
"""

from __future__ import annotations

from datetime import datetime

from backend.core import rates
from backend.core.actor import Actor
from backend.core.rates import Limit

PER_MINUTE, CALLS_PER_MINUTE = 20, 10
WORKER_PER_MINUTE, WORKER_PER_HOUR = 30, 300
NETWORK_PER_MINUTE, NETWORK_PER_HOUR = 600, 6000
#: Questions newly given to a person, who have only so many hands.
WORKER_PEOPLE_PER_HOUR, NETWORK_PEOPLE_PER_HOUR = 10, 300
_MINUTE, _HOUR = 60, 3600

_TOO_FAST = "您问得太快了，等一会儿再问。打的字都还在。"
_CALLED_TOO_FAST = "已经在转了，等一会儿再点。打的字都还在。"
_WORKER_HOUR = "您这一小时问得太多了，过一会儿再问。打的字都还在。急事请打 12333。"
_NETWORK = "和您用同一个网络的人现在问得太多，等一会儿再问，或者换成手机流量。打的字都还在。急事请打 12333。"
_WORKER_PEOPLE = "您这一小时转人工的次数太多了，这次没有转。打的字都还在。急事请打 12333。"
_NETWORK_PEOPLE = (
    "和您用同一个网络的人这一小时转人工的太多，这次没有转。请换成手机流量再点，急事请打 12333。"
)


def spend(key: str, actor: Actor, now: datetime) -> None:
    """Count one message; TooMany in words when there were too many."""
    own = Limit("chat", key, PER_MINUTE, _MINUTE, _TOO_FAST)
    rates.spend_each([own, *_whose(actor)], now)


def spend_call(key: str, actor: Actor, now: datetime) -> None:
    """The same for a tap on 转人工."""
    own = Limit("chat_human", key, CALLS_PER_MINUTE, _MINUTE, _CALLED_TOO_FAST)
    rates.spend_each([own, *_whose(actor)], now)


def spend_person(actor: Actor, now: datetime) -> None:
    """Count a question newly given to a person, inside the caller's transaction.

    Inside, unlike the others: what was undone has taken nobody's time.
    """
    if actor.id is not None:
        limit = Limit(
            "chat_person", f"worker:{actor.id}", WORKER_PEOPLE_PER_HOUR, _HOUR, _WORKER_PEOPLE
        )
        rates.spend_each([limit], now)
    elif actor.network:
        limit = Limit("chat_person", actor.network, NETWORK_PEOPLE_PER_HOUR, _HOUR, _NETWORK_PEOPLE)
        rates.spend_each([limit], now)


def _whose(actor: Actor) -> list[Limit]:
    """What counts for all conversations of one worker, or of visitors on one network."""
    if actor.id is not None:
        who = str(actor.id)
        return [
            Limit("chat_worker", who, WORKER_PER_MINUTE, _MINUTE, _TOO_FAST),
            Limit("chat_worker", who, WORKER_PER_HOUR, _HOUR, _WORKER_HOUR),
        ]
    if not actor.network:
        return []
    return [
        Limit("chat_network", actor.network, NETWORK_PER_MINUTE, _MINUTE, _NETWORK),
        Limit("chat_network", actor.network, NETWORK_PER_HOUR, _HOUR, _NETWORK),
    ]
