"""Staff read originals on the record; the job tidies up and may be stopped anywhere."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from backend.audit.models import AuditEvent
from backend.complaints.evidence import jobs, parts, service, viewing
from backend.complaints.evidence.schemas import EvidenceIn
from backend.core import files
from backend.core.actor import VISITOR, Actor
from backend.core.db import db
from backend.core.errors import Conflict, Forbidden, NotFound
from tests.backend.complaints.evidence.conftest import NOW, STAFF, Bench, give_to_worker
from tests.files import samples

PHOTO = samples.photo_with_place()


def form(data: bytes, key: str = "a" * 32) -> EvidenceIn:
    digest = hashlib.sha256(data).hexdigest()
    return EvidenceIn(name="现场.jpg", size=len(data), sha256=digest, key=key)


def begun(bench: Bench, data: bytes = PHOTO, at: datetime = NOW, key: str = "a" * 32) -> str:
    return service.begin(bench.case, bench.holder, form(data, key), at).evidence.public_id


def acts() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEvent.act).order_by(AuditEvent.id)))


def test_staff_get_the_original_as_a_download_and_it_is_recorded(bench: Bench) -> None:
    with bench.app.app_context():
        evidence_id = begun(bench)
        service.append(evidence_id, 0, PHOTO, bench.holder, NOW)
        handout = viewing.original_for_staff(evidence_id, STAFF, NOW)
        assert (handout.data, handout.mime) == (PHOTO, "application/octet-stream")
        assert not handout.is_inline and acts() == ["evidence_sealed", "evidence_read"]


def test_a_worker_gets_no_original_and_nothing_is_recorded(bench: Bench) -> None:
    with bench.app.app_context():
        evidence_id = begun(bench)
        with pytest.raises(Forbidden):
            viewing.original_for_staff(evidence_id, bench.holder, NOW)
        assert acts() == []


def test_an_unfinished_file_has_no_original(bench: Bench) -> None:
    with bench.app.app_context(), pytest.raises(Conflict):
        viewing.original_for_staff(begun(bench), STAFF, NOW)


def test_an_original_changed_on_the_disk_is_not_handed_out(bench: Bench) -> None:
    with bench.app.app_context():
        evidence_id = begun(bench)
        sealed = service.append(evidence_id, 0, PHOTO, bench.holder, NOW)
        files.put(str(sealed.original_path), PHOTO + b"!")
        with pytest.raises(Conflict) as refusal:
            viewing.original_for_staff(evidence_id, STAFF, NOW)
        assert refusal.value.code == "evidence_changed"


def test_staff_may_add_a_file_to_any_case(bench: Bench) -> None:
    with bench.app.app_context():
        evidence = service.begin(bench.case, STAFF, form(PHOTO), NOW).evidence
        sealed = service.append(evidence.public_id, 0, PHOTO, STAFF, NOW)
        assert (sealed.added_by, sealed.status) == ("staff", "sealed")
        assert [e.public_id for e in service.of_case(sealed.case_id)] == [evidence.public_id]


def test_the_worker_who_filed_may_send_and_another_worker_may_not(bench: Bench) -> None:
    with bench.app.app_context():
        mine, other = give_to_worker(bench.case), Actor(kind="worker", id=999)
        evidence = service.begin(bench.case, mine, form(PHOTO), NOW).evidence
        with pytest.raises(NotFound):
            service.append(evidence.public_id, 0, PHOTO, other, NOW)
        with pytest.raises(NotFound):
            service.begin(bench.case, other, form(PHOTO), NOW)
        assert service.append(evidence.public_id, 0, PHOTO, mine, NOW).status == "sealed"


def test_a_visitor_sees_no_file(bench: Bench) -> None:
    with bench.app.app_context():
        evidence_id = begun(bench)
        with pytest.raises(NotFound):
            service.one(evidence_id, VISITOR)


def test_uploads_left_for_more_than_thirty_days_are_ended_and_deleted(bench: Bench) -> None:
    data = samples.wav() + b"\x01" * 40_000
    with bench.app.app_context():
        evidence_id = begun(bench, data)
        service.append(evidence_id, 0, data[:20_000], bench.holder, NOW)
        jobs.run(NOW + timedelta(days=30))
        assert bench.row(evidence_id).status == "uploading" and len(bench.stored()) == 1
        jobs.run(NOW + timedelta(days=31))
        row = bench.row(evidence_id)
        assert (row.status, row.reason, row.parts, bench.stored()) == ("refused", "expired", [], [])
        assert jobs.run(NOW + timedelta(days=31)) == 0 and acts() == ["evidence_refused"]


def test_the_job_goes_on_with_a_check_that_was_interrupted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench.app.app_context():
        evidence_id = begun(bench)
        with monkeypatch.context() as patch:
            patch.setattr(service, "examine", lambda *_a, **_k: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                service.append(evidence_id, 0, PHOTO, bench.holder, NOW)
        assert jobs.run(NOW + timedelta(minutes=9)) == 0
        jobs.run(NOW + timedelta(minutes=11))
        assert bench.row(evidence_id).status == "sealed"


def test_pieces_left_by_a_stop_are_deleted_later_and_one_bad_file_does_not_stop_the_job(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench.app.app_context():
        ids = [begun(bench, key=key * 32) for key in "ab"]
        with monkeypatch.context() as patch:
            patch.setattr(parts, "remove", _broken_disk)
            for evidence_id in ids:
                service.append(evidence_id, 0, PHOTO, bench.holder, NOW)
            jobs.run(NOW)
        assert len(bench.stored()) == 6
        jobs.run(NOW)
        assert len(bench.stored()) == 4 and bench.row(ids[0]).status == "sealed"


def test_a_missing_piece_starts_the_upload_again(bench: Bench) -> None:
    data = samples.wav() + b"\x01" * 40_000
    with bench.app.app_context():
        evidence_id = begun(bench, data)
        first = service.append(evidence_id, 0, data[:20_000], bench.holder, NOW)
        files.remove([parts.path(first.folder, first.parts[0])])
        after = service.append(evidence_id, 20_000, data[20_000:], bench.holder, NOW)
        assert (after.status, after.received_bytes, after.reason) == ("uploading", 0, "mismatch")


def _broken_disk(*_args: object) -> None:
    raise OSError("broken disk")
