"""What did not go out can be seen, and sent again by a person who is on record for it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from backend.audit.record import events
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import Conflict, NotFound
from backend.notify import deliveries, stuck
from backend.notify.models import Delivery
from backend.notify.senders import PerhapsSent, Refused, TryLater
from tests.backend.notify.conftest import LOCK_SCREEN, PHONE, Post

pytestmark = pytest.mark.usefixtures("in_app")

CLERK = Actor("staff", 3, "冯窗口", frozenset({"clerk"}))


def given_up(post: Post, key: str) -> None:
    """Write a message whose last attempt has failed."""
    post.queue(key)
    deliveries.take_up(post.clock.at, ["sms"])
    db.session.execute(
        sa.update(Delivery)
        .where(Delivery.state == "waiting")
        .values(attempts=len(deliveries.BACK_OFF_S))
    )
    db.session.commit()
    post.sms.failures = [TryLater("sms_unavailable")]
    post.run()


def test_the_given_up_stand_first_and_every_state_is_counted(post: Post) -> None:
    for key, failure in (("a", TryLater("x")), ("b", PerhapsSent()), ("c", Refused("y"))):
        post.sms.failures = [failure]
        post.queue(key)
        post.run()
        post.clock.advance(seconds=1)
    post.queue("d")
    post.run()
    given_up(post, "e")
    assert [one.state for one, _message in stuck.stuck()] == ["dead", "unknown", "failed"]
    assert len(stuck.stuck(limit=1)) == 1
    counted = stuck.counts()
    assert {state for state, number in counted.items() if number} == {
        "dead",
        "unknown",
        "failed",
        "sent",
        "to_call",
    }


@pytest.mark.parametrize("failure", [PerhapsSent(), TryLater("y")])
def test_sent_again_it_goes_out_with_all_its_attempts_and_a_line_in_the_record(
    post: Post, failure: Exception
) -> None:
    post.sms.failures = [failure]
    post.queue()
    post.run()
    was = post.row().state
    stuck.send_again(post.row().id, CLERK, post.clock.at)
    row = post.row()
    assert (row.state, row.attempts, row.last_error) == ("waiting", 0, None)
    post.run()
    assert post.sms.sent == [(PHONE, LOCK_SCREEN)]
    (event,) = events("case:17")
    assert (event.act, event.actor_name) == ("send_again", "冯窗口")
    assert event.detail == {"outbox_id": row.outbox_id, "channel": "sms", "was": was}


def test_what_was_sent_or_is_being_sent_is_not_sent_again(post: Post) -> None:
    post.queue()
    deliveries.take_up(post.clock.at, ["sms"])
    waiting = post.row().id
    with pytest.raises(Conflict):
        stuck.send_again(waiting, CLERK, post.clock.at)
    post.run()
    with pytest.raises(Conflict):
        stuck.send_again(waiting, CLERK, post.clock.at)
    with pytest.raises(NotFound):
        stuck.send_again(999_999, CLERK, post.clock.at)
    assert events("case:17") == []
    post.run()
    assert len(post.sms.sent) == 1


def test_an_attempt_given_up_as_unknown_changes_nothing_once_it_was_sent_again(
    post: Post,
) -> None:
    post.queue()
    deliveries.take_up(post.clock.at, ["sms"])
    attempt = deliveries.claim(post.row().id, post.clock.at)
    assert attempt is not None
    deliveries.note_unknown(attempt, "no_answer")
    stuck.send_again(attempt.id, CLERK, post.clock.at)
    deliveries.note_failed(attempt, "late", post.clock.at)
    assert post.states() == ["waiting"]
