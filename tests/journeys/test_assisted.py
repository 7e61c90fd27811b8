"""Filing for somebody at the window: who wrote and who spoke are kept, and the person is called."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from backend.complaints.models import ActRecord
from backend.complaints.service import assisted, call_list
from backend.core.db import db
from backend.core.errors import BadInput
from backend.notify import outbox
from tests.api.filings import complaint, new_key
from tests.factories.complaints import World

EXTRA = {"channel": "window", "contact_by": "phone", "spoken_by": "本人，不会用手机"}


def write_down(world: World, key: str = "", **extra: str) -> Any:
    """A clerk files what somebody says."""
    document = complaint(world.today) | {"privacy_version": "2026-01"}
    with world.app.app_context():
        return assisted.file_for(
            "complaint", document, EXTRA | extra, key or new_key(), world.staff["clerk"],
            world.clock.at,
        )  # fmt: skip


def test_author_and_subject_are_both_kept_and_the_subject_is_to_be_called(world: World) -> None:
    receipt = write_down(world)
    row = world.row(receipt.id)
    assert (row["author_staff_id"], row["channel"]) == (world.staff["clerk"].id, "window")
    assert row["worker_id"] is None
    with world.app.app_context():
        spoken = db.session.scalars(sa.select(ActRecord)).one()
        assert (spoken.text, spoken.staff_name) == ("本人，不会用手机", "clerk员")
        waiting = outbox.to_call()
        assert [m.template for m in waiting] == ["filed_for"]
        who = call_list.callees([m.subject for m in waiting], world.staff["clerk"], world.clock.at)
        assert [(one.name, one.phone) for one in who.values()] == [("张示例", "13800000001")]
        words = {"actor": world.staff["clerk"], "now": world.clock.at}
        outbox.record_call(waiting[0].id, is_reached=False, note=None, **words)
        assert len(outbox.to_call()) == 1  # not reached: stays on the list
        outbox.record_call(waiting[0].id, is_reached=True, note="本人接听", **words)
        assert outbox.to_call() == []
    assert world.faults() == []


def test_every_later_message_goes_to_the_same_list(world: World) -> None:
    receipt = write_down(world)
    world.accept(receipt.id)
    with world.app.app_context():
        assert [m.template for m in outbox.to_call()] == ["filed_for", "confirm", "accept"]
    assert world.row(receipt.id)["state"] == "investigating"


def test_the_form_sent_twice_is_one_case(world: World) -> None:
    key = new_key()
    assert write_down(world, key).number == write_down(world, key).number
    assert world.told(write_down(world, key).id).count("filed_for") == 1


@pytest.mark.parametrize("name", sorted(EXTRA))
def test_what_only_the_window_knows_is_asked_for(world: World, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        write_down(world, **{name: ""})
    assert [error["field"] for error in refused.value.errors] == [name]


def test_the_subject_finds_it_with_their_telephone(world: World) -> None:
    receipt = write_down(world)
    own = world.complain()
    mine = world.client.get("/api/v1/complaints", headers=own.headers).get_json()["items"]
    assert receipt.id in [item["id"] for item in mine]
