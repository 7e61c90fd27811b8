"""An act of the person that met an act of staff on the same question: done once more, after it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from backend.core.db import is_writing
from backend.core.errors import Conflict

P = ParamSpec("P")
R = TypeVar("R")


def again(act: Callable[P, R]) -> Callable[P, R]:
    """Do a transaction a second time when somebody changed the question in between.

    The person only adds words: whichever comes second is as right as the first would have been.
    """

    @functools.wraps(act)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return act(*args, **kwargs)
        except Conflict as conflict:
            if conflict.code != "stale" or is_writing():
                raise
        return act(*args, **kwargs)

    return wrapper
