"""The steps of an order in words of the desk, and what its orderer is told by each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from backend.lectures.models import LectureOrder
from backend.lectures.service import order_telling
from backend.lectures.states import ORDER_LABELS, OrderState


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, what its button says, and whether its words are shown before it."""

    key: str
    label: str
    button: str
    is_previewed: bool = False


STEPS = (
    Step("hold", "讲完了", "记下：讲完了"),
    Step("agree", "对方说行", "记下：日子说好了"),
    Step("propose", "约日子", "发给对方", is_previewed=True),
    Step("assign", "派单", "派给这位同事"),
    Step("refuse_date", "对方说不行", "记下：再约一个"),
    Step("decline", "接不了", "告诉对方接不了", is_previewed=True),
)
#: States as staff say them: short enough for a list.
DESK_LABELS = ORDER_LABELS | {
    OrderState.PROPOSED: "等对方回话",
    OrderState.HELD: "讲完了",
}
STEP_OF = {step.key: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class Said:
    """What the orderer gets: title and text of the message."""

    title: str
    text: str

    @property
    def digest(self) -> str:
        """A name for exactly these words: a form changed after they were shown has another."""
        return hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()[:32]


def said_at_once(row: LectureOrder, step: str) -> Said | None:
    """The words of a step that do not depend on what is typed; None where nobody is told."""
    if step == "agree" and row.proposed_at is not None:
        return Said(*order_telling.agreed_words(row.proposed_at, row.place))
    if step == "hold":
        return Said(*order_telling.HELD_WORDS)
    return None
