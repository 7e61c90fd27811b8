"""The commands say what they did, and fail when there is something to fail about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from backend import scheduler
from backend.audit.models import AuditEvent, AuditSeal
from backend.audit.record import events
from backend.core.db import db
from backend.identity import service as identity
from backend.identity.models import Staff
from backend.law.workdays import use_calendar
from backend.settings import ROOT, Settings
from tests.factories.complaints import World, world

__all__ = ["world"]


def run(world: World, *words: str) -> tuple[int, str]:
    """Exit code and output of a command."""
    done = world.app.test_cli_runner().invoke(args=list(words))
    return done.exit_code, done.output


def test_a_whole_record_is_called_whole(world: World) -> None:
    world.accepted()
    assert run(world, "jobs", "once") == (0, "every job ran\n")
    assert world.count(AuditSeal) == 1
    assert run(world, "audit", "verify") == (0, "the record is whole\n")


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_events SET to_state = 'closed' WHERE act = 'accept'",
        "UPDATE audit_events SET at = '2026-11-22 00:00:00' WHERE act = 'file'",
        "DELETE FROM audit_events WHERE act = 'confirm'",
        "DELETE FROM audit_events WHERE seq = (SELECT max(seq) FROM audit_events)",
        "UPDATE audit_events SET seq = seq + 100 WHERE act = 'accept'",
    ],
)
def test_tampering_with_a_case_is_found(world: World, tampering: str) -> None:
    world.accepted()
    run(world, "jobs", "once")
    with world.app.app_context():
        db.session.execute(sa.text(tampering))
        db.session.commit()
    code, output = run(world, "audit", "verify")
    assert (code, "case:1" in output) == (1, True)


def test_every_move_of_a_case_stands_in_its_chain_with_its_states(world: World) -> None:
    case = world.accepted()
    world.approved(case, "close", "unit_head", outcome="paid_in_full", unpaid_reason="有回单。")
    with world.app.app_context():
        query = sa.select(AuditEvent).where(AuditEvent.chain == "case:1").order_by(AuditEvent.seq)
        moves = [
            (e.act, e.from_state, e.to_state, e.actor_name, e.detail.get("asked_by"))
            for e in db.session.scalars(query)
            if e.to_state
        ]
    assert moves == [
        ("file", None, "submitted", "", None),
        ("accept", "submitted", "investigating", "unit_head员", "first员"),
        ("close", "investigating", "closed", "unit_head员", "first员"),
    ]


def test_a_member_of_staff_is_added_with_roles(world: World) -> None:
    words = ["staff", "add", "wang", "王员", "--role", "inspector", "--role", "unit_head"]
    secret = ["--unit", "监察大队", "--password", "long enough passphrase"]
    code, output = run(world, *words, *secret)
    assert (code, "wang" in output) == (0, True)
    with world.app.app_context():
        person = db.session.scalars(sa.select(Staff).where(Staff.username == "wang")).one()
        assert person.roles == {"inspector", "unit_head"}
    assert run(world, *words, *secret)[0] == 1  # the name is taken
    assert run(world, "staff", "add", "x", "某", "--role", "king", *secret)[0] == 2


def test_a_forgotten_password_is_replaced_and_every_session_ends(world: World) -> None:
    secret = ["--password", "long enough passphrase"]
    run(world, "staff", "add", "wang", "王员", "--role", "admin", "--unit", "监察大队", *secret)
    with world.app.app_context():
        opened = identity.sign_in_staff("wang", secret[1], "电脑", world.clock.at)
    new = ["--password", "another long passphrase"]
    code, output = run(world, "staff", "reset-password", "Wang", *new)
    assert (code, "王员" in output) == (0, True)
    assert new[1] not in output
    with world.app.app_context():
        now = world.clock.at
        assert identity.staff_actor(opened.token, now, is_demo_allowed=False) is None
        identity.sign_in_staff("wang", new[1], "电脑", now)
        acts = [(e.act, e.actor_kind) for e in events(f"staff:{opened.staff.id}")]
        assert ("password_set", "system") in acts


def test_a_password_that_cannot_be_set_is_refused_with_the_reason(world: World) -> None:
    secret = ["--password", "long enough passphrase"]
    run(world, "staff", "add", "wang", "王员", "--role", "admin", "--unit", "监察大队", *secret)
    code, output = run(world, "staff", "reset-password", "wnag", *secret)
    assert (code, "nobody signs in as wnag" in output) == (1, True)
    code, output = run(world, "staff", "reset-password", "wang", "--password", "short")
    assert (code, "密码要" in output) == (1, True)


@pytest.fixture
def imported(settings: Settings) -> Iterator[Path]:
    """Where an imported year lies; taken away again afterwards."""
    file = settings.data_dir / "calendar" / "2026.yaml"
    yield file
    file.unlink(missing_ok=True)
    use_calendar(None)


def test_a_year_is_imported_and_a_wrong_one_refused(
    world: World, imported: Path, tmp_path: Path
) -> None:
    packaged = ROOT / "backend" / "law" / "calendar" / "2026.yaml"
    code, output = run(world, "calendar", "import", str(packaged))
    assert (code, output.startswith("2026 ")) == (0, True)
    assert imported.read_bytes() == packaged.read_bytes()
    wrong = tmp_path / "2027.yaml"
    wrong.write_text("year: 2027\n", encoding="utf-8")
    assert run(world, "calendar", "import", str(wrong))[0] == 1
    assert not imported.with_name("2027.yaml").exists()


def test_a_job_that_fails_makes_the_command_fail(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(scheduler.JOBS, "forget", lambda _now: 1 / 0)
    code, output = run(world, "jobs", "once")
    assert (code, "forget" in output) == (1, True)


def test_the_api_document_is_printed_as_json(world: World) -> None:
    code, output = run(world, "openapi")
    assert (code, json.loads(output)["info"]["title"]) == (0, "薪护 API")
