"""The record: whole after honest work, and any edit, removal or insertion found."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.audit import seals
from backend.audit.models import AuditEvent, AuditSeal
from backend.audit.record import GENESIS, case_chain, event_hash, events, record
from backend.core import crypto
from backend.core.actor import SYSTEM, Actor
from backend.core.db import db, one_transaction
from backend.core.errors import Conflict, Unavailable
from tests.clock import HeldClock

pytestmark = pytest.mark.usefixtures("in_app")

OFFICER = Actor("staff", 3, "陈监察", frozenset({"inspector"}))


@one_transaction
def write(clock: HeldClock, case_id: int = 17, act: str = "note") -> None:
    record(
        case_chain(case_id),
        act,
        OFFICER,
        clock.advance(seconds=1),
        from_state="submitted",
        to_state="investigating",
        reason="材料齐全",
        detail={"officers": [3, 4], "𠮷": None},
    )


@pytest.fixture
def history(in_app: APIFlask, clock: HeldClock) -> None:
    """Two cases with three and two events, sealed after each round but the last."""
    for _ in range(2):
        write(clock)
        write(clock, 18)
        seals.seal(clock.at)
    write(clock)


def change(statement: str, **values: Any) -> None:
    db.session.execute(sa.text(statement), values)
    db.session.commit()
    db.session.expire_all()


@pytest.mark.usefixtures("history")
def test_honest_work_has_no_faults(clock: HeldClock) -> None:
    assert seals.verify() == []
    assert seals.seal(clock.at) == 1
    assert seals.verify() == []


@pytest.mark.usefixtures("history")
def test_a_chain_is_read_back_in_order_with_all_it_was_given() -> None:
    found = events("case:17")
    assert [event.seq for event in found] == [1, 2, 3]
    assert [event.prev_hash for event in found] == [GENESIS, found[0].hash, found[1].hash]
    assert found[0].detail == {"officers": [3, 4], "𠮷": None}
    assert (found[0].actor_name, found[0].to_state) == ("陈监察", "investigating")


def test_sealing_nothing_new_writes_nothing(clock: HeldClock) -> None:
    write(clock)
    assert seals.seal(clock.at) == 1
    assert seals.seal(clock.advance(minutes=1)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditSeal)) == 1


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "another"),
        ("actor_name", "某人"),
        ("actor_id", 4),
        ("reason", "不一样的理由"),
        ("to_state", "closed"),
        ("detail", "{}"),
        ("at", "2020-01-01 00:00:00.000000"),
        ("document_id", 9),
    ],
)
def test_an_edit_of_any_field_is_found(column: str, value: object) -> None:
    change(
        f"UPDATE audit_events SET {column} = :value WHERE chain = 'case:17' AND seq = 2",
        value=value,
    )
    assert seals.verify() == ["case:17 #2: was edited"]


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("seq", [1, 2])
def test_a_removal_in_the_middle_is_found(seq: int) -> None:
    change("DELETE FROM audit_events WHERE chain = 'case:17' AND seq = :seq", seq=seq)
    faults = seals.verify()
    assert f"case:17 #{seq + 1}: expected #{seq}, an event is missing or was put in" in faults


@pytest.mark.usefixtures("history")
def test_a_removal_at_the_end_is_found_once_it_was_sealed() -> None:
    change("DELETE FROM audit_events WHERE chain = 'case:18' AND seq = 2")
    assert seals.verify() == ["case:18 #2: sealed, but no longer there"]


@pytest.mark.usefixtures("history")
def test_the_removal_of_a_whole_case_is_found() -> None:
    change("DELETE FROM audit_events WHERE chain = 'case:18'")
    assert len(seals.verify()) == 2


@pytest.mark.usefixtures("history")
def test_an_insertion_is_found() -> None:
    change("UPDATE audit_events SET seq = seq + 10 WHERE chain = 'case:17' AND seq >= 2")
    change("UPDATE audit_events SET seq = seq - 9 WHERE chain = 'case:17' AND seq >= 12")
    first = events("case:17")[0]
    values = {c.key: getattr(first, c.key) for c in sa.inspect(AuditEvent).column_attrs}
    values |= {"id": None, "seq": 2, "prev_hash": first.hash}
    values["hash"] = event_hash(values)
    values.pop("id")
    db.session.execute(sa.insert(AuditEvent).values(values))
    db.session.commit()
    faults = seals.verify()
    assert "case:17 #3: does not follow the event before it" in faults
    assert "case:17 #2: differs from its seal" in faults


@pytest.mark.usefixtures("history")
def test_a_rewritten_chain_differs_from_its_seal() -> None:
    """Who can write the database can compute every plain hash, but not the seals."""
    prev = GENESIS
    for event in events("case:17"):
        event.reason, event.prev_hash = "改过的理由", prev
        values = {c.key: getattr(event, c.key) for c in sa.inspect(AuditEvent).column_attrs}
        event.hash = prev = event_hash(values)
    db.session.commit()
    assert seals.verify() == [
        "case:17 #1: differs from its seal",
        "case:17 #2: differs from its seal",
    ]


@pytest.mark.usefixtures("history")
def test_a_changed_seal_is_found() -> None:
    seal = db.session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id)).first()
    assert seal is not None
    heads = [[*head[:2], "0" * 64] for head in seal.heads]
    change(
        "UPDATE audit_seals SET heads = :heads WHERE id = :id", heads=json.dumps(heads), id=seal.id
    )
    assert f"seal {seal.id}: was edited or made with another key" in seals.verify()


@pytest.mark.usefixtures("history")
def test_a_removed_seal_is_found() -> None:
    change("DELETE FROM audit_seals WHERE id = (SELECT min(id) FROM audit_seals)")
    assert any("does not follow the seal before it" in fault for fault in seals.verify())


@pytest.mark.usefixtures("history")
def test_a_seal_forged_with_another_key_is_found(in_app: APIFlask, clock: HeldClock) -> None:
    settings = in_app.config["SETTINGS"]
    keys = {name: settings.key(name) for name in ("field", "index", "session", "audit")}
    crypto.configure(**(keys | {"audit": b"the wrong key of the audit seals"}))
    seals.seal(clock.at)
    crypto.configure(**keys)
    assert [fault[-34:] for fault in seals.verify()] == [
        ": was edited or made with another key"[-34:]
    ]


def test_more_events_than_one_batch_are_all_checked(
    clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "_BATCH", 2)
    for case_id in (2, 10, 2, 10, 2):
        write(clock, case_id)
    assert seals.verify() == []
    change("UPDATE audit_events SET reason = 'x' WHERE chain = 'case:2' AND seq = 3")
    assert seals.verify() == ["case:2 #3: was edited"]


def test_the_second_of_two_writers_of_one_link_fails_whole(
    clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(clock)
    monkeypatch.setattr("backend.audit.record._head", lambda _chain: (0, GENESIS))
    with pytest.raises(Conflict):
        write(clock)
    monkeypatch.undo()
    assert len(events("case:17")) == 1


def test_the_first_link_needs_no_look_up(clock: HeldClock) -> None:
    record("case:5", "filed", SYSTEM, clock.at, is_first=True)
    record("case:5", "note", SYSTEM, clock.at)
    db.session.commit()
    assert [event.seq for event in events("case:5")] == [1, 2]
    assert seals.verify() == []


@pytest.mark.postgres
def test_an_event_in_flight_is_waited_for_before_sealing(
    clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event with a lower id that commits after the seal would never come under one."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    wait = seals._wait_for_writers

    def wait_briefly() -> None:
        db.session.execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
        wait()

    monkeypatch.setattr(seals, "_wait_for_writers", wait_briefly)
    write(clock)
    with db.engine.connect() as other:
        copied = "chain, actor_kind, actor_id, actor_name, act, detail, prev_hash, hash, at"
        other.execute(
            sa.text(
                f"INSERT INTO audit_events (seq, {copied}) SELECT 9, {copied} FROM audit_events"
            )
        )
        with pytest.raises(Unavailable):
            seals.seal(clock.at)
    assert seals.seal(clock.at) == 1
