"""Plays many stories at once in the order of time, as they would have happened."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

T = TypeVar("T")

# A story yields the moment it wants to go on at and is given the moment it goes on.
Story = Generator[datetime, datetime, None]
# A part of a story that others are made of; it may return something to them.
Scene = Generator[datetime, datetime, T]
_NOT_BEFORE = timedelta(minutes=2)


class FromTheFuture(Exception):
    """A story wanted to go on after the demo's own moment."""


def play(stories: Iterable[Story], until: datetime, after_each: Callable[[], None]) -> None:
    """Take the stories' steps in the order of their moments, up to `until`.

    A step that would come before the one it follows comes two minutes after it.
    """
    waiting: list[tuple[datetime, int, Story]] = []
    for number, story in enumerate(stories):
        heapq.heappush(waiting, (next(story), number, story))
    while waiting:
        at, number, story = heapq.heappop(waiting)
        if at > until:
            raise FromTheFuture(f"story {number} wants to go on at {at}, after {until}")
        try:
            wanted = story.send(at)
        except StopIteration:
            after_each()
            continue
        after_each()
        heapq.heappush(waiting, (max(wanted, at + _NOT_BEFORE), number, story))
