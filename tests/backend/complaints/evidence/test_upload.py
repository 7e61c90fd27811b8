"""Files arrive in pieces over HTTP, are sealed once, and every mishap has its answer."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from backend.audit.models import AuditEvent
from backend.complaints.evidence import service, viewing
from backend.complaints.evidence.rows import CHUNK_BYTES
from backend.core import files
from backend.core.db import db
from backend.settings import Policy
from tests.backend.complaints.evidence.conftest import Bench, close_case
from tests.files import samples


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def announce(bench: Bench, data: bytes, key: str = "a" * 32, **more: Any) -> TestResponse:
    form = {"name": "工资表.jpg", "size": len(data), "sha256": digest(data), "key": key} | more
    address = f"/api/v1/complaints/{bench.case}/evidence"
    return bench.client.post(address, json=form, headers=bench.headers)


def begun(bench: Bench, data: bytes, key: str = "a" * 32, **more: Any) -> str:
    answer = announce(bench, data, key, **more)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])  # type: ignore[index]


def send(bench: Bench, evidence_id: str, offset: int, chunk: bytes, **headers: str) -> TestResponse:
    return bench.client.put(
        f"/api/v1/evidence/{evidence_id}/content?offset={offset}",
        data=chunk,
        headers=bench.headers | {"Content-Type": "application/octet-stream"} | headers,
    )


def send_all(bench: Bench, evidence_id: str, data: bytes, start: int = 0) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for at in range(start, len(data), CHUNK_BYTES):
        response = send(bench, evidence_id, at, data[at : at + CHUNK_BYTES])
        assert response.status_code == 200, response.json
        answer = response.json  # type: ignore[assignment]
    return answer


def uploaded(bench: Bench, data: bytes, key: str = "a" * 32, **more: Any) -> dict[str, Any]:
    return send_all(bench, begun(bench, data, key, **more), data)


def events(bench: Bench, act: str) -> list[AuditEvent]:
    with bench.app.app_context():
        return list(db.session.scalars(sa.select(AuditEvent).where(AuditEvent.act == act)))


BIG_WAV = samples.wav() + os.urandom(CHUNK_BYTES + 30_000)


def test_a_photo_is_sealed_with_its_digest_and_shown_without_its_place(bench: Bench) -> None:
    photo = samples.photo_with_place()
    out = uploaded(bench, photo)
    assert (out["status"], out["kind"], out["sha256"]) == ("sealed", "image", digest(photo))
    assert (out["name"], out["reason"], out["is_place_removed"]) == ("工资表.jpg", None, False)
    view = bench.client.get(out["view_url"])
    assert view.status_code == 200 and view.mimetype == "image/jpeg"
    assert b"SecretCamera" not in view.data
    assert view.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in view.headers["Content-Security-Policy"]
    [event] = events(bench, "evidence_sealed")
    assert event.detail["sha256"] == digest(photo) and "工资表" not in str(event.detail)
    with bench.app.app_context():
        assert files.get(str(bench.row(out["id"]).original_path)) == photo
    assert [name.rsplit("/", 1)[1] for name in bench.stored()] == ["original", "view"]


def test_a_photo_of_a_tip_off_keeps_no_place_anywhere(bench: Bench) -> None:
    out = uploaded(bench, samples.photo_with_place(), strip_place=True)
    assert out["is_place_removed"] and out["sha256"] != digest(samples.photo_with_place())
    with bench.app.app_context():
        kept = [files.get(name) for name in bench.stored()]
    assert kept and not any(b"SecretCamera" in data or b"Exif" in data for data in kept)


def test_a_recording_whose_place_cannot_be_removed_says_so(bench: Bench) -> None:
    out = uploaded(bench, samples.wav(), strip_place=True)
    assert (out["status"], out["is_place_removed"]) == ("sealed", False)
    assert "只有照片" in out["reason"]


@pytest.mark.parametrize("data", [samples.pdf(), samples.open_xml(), samples.wav()])
def test_other_kinds_are_handed_out_to_download_only(bench: Bench, data: bytes) -> None:
    view = bench.client.get(uploaded(bench, data)["view_url"])
    assert view.data == data
    disposition = view.headers["Content-Disposition"]
    assert disposition.startswith("attachment") and "工资表" not in disposition


def test_a_zip_named_jpg_is_refused_with_words_and_the_others_stay(bench: Bench) -> None:
    good = uploaded(bench, samples.wav(), key="b" * 32)
    out = uploaded(bench, samples.archive({"a": b"b"}))
    assert (out["status"], out["view_url"]) == ("refused", None) and "压缩包" in out["reason"]
    names = bench.stored()
    assert len(names) == 1 and good["id"] in names[0]
    assert [e.detail["reason"] for e in events(bench, "evidence_refused")] == ["archive"]


def test_a_hundred_megapixels_are_refused_with_words(bench: Bench) -> None:
    out = uploaded(bench, samples.huge_png())
    assert out["status"] == "refused" and "尺寸太大" in out["reason"]


def test_an_upload_cut_half_way_goes_on_from_where_it_stopped(bench: Bench) -> None:
    evidence_id = begun(bench, BIG_WAV)
    assert send(bench, evidence_id, 0, BIG_WAV[:CHUNK_BYTES]).status_code == 200
    again = announce(bench, BIG_WAV)
    assert (again.status_code, again.json["id"]) == (200, evidence_id)  # type: ignore[index]
    assert again.json["received_bytes"] == CHUNK_BYTES  # type: ignore[index]
    out = send_all(bench, evidence_id, BIG_WAV, CHUNK_BYTES)
    assert (out["status"], out["sha256"]) == ("sealed", digest(BIG_WAV))


def test_the_same_piece_twice_counts_once(bench: Bench) -> None:
    evidence_id = begun(bench, BIG_WAV)
    for _ in range(3):
        answer = send(bench, evidence_id, 0, BIG_WAV[:CHUNK_BYTES])
        assert answer.json["received_bytes"] == CHUNK_BYTES  # type: ignore[index]
    assert send_all(bench, evidence_id, BIG_WAV, CHUNK_BYTES)["status"] == "sealed"
    after = send(bench, evidence_id, CHUNK_BYTES, BIG_WAV[CHUNK_BYTES:])
    assert after.json["status"] == "sealed"  # type: ignore[index]
    assert len(events(bench, "evidence_sealed")) == 1


@pytest.mark.parametrize("offset", [20_000, CHUNK_BYTES])
def test_a_wrong_offset_tells_the_right_one(bench: Bench, offset: int) -> None:
    evidence_id = begun(bench, BIG_WAV)
    send(bench, evidence_id, 0, BIG_WAV[:30_000])
    answer = send(bench, evidence_id, offset, b"x" * 20_000)
    assert answer.status_code == 409
    assert (answer.json["code"], answer.json["received_bytes"]) == ("offset", 30_000)  # type: ignore[index]


def test_another_piece_for_the_same_place_is_a_conflict(bench: Bench) -> None:
    evidence_id = begun(bench, BIG_WAV)
    send(bench, evidence_id, 0, BIG_WAV[:30_000])
    assert send(bench, evidence_id, 0, b"y" * 30_000).status_code == 409


def test_a_wrong_digest_starts_again_and_then_succeeds(bench: Bench) -> None:
    data = samples.wav()
    evidence_id = begun(bench, data)
    damaged = send(bench, evidence_id, 0, data[:-1] + b"\x7f").json
    assert (damaged["status"], damaged["received_bytes"]) == ("uploading", 0)  # type: ignore[index]
    assert "再传一次" in damaged["reason"] and bench.stored() == []  # type: ignore[index]
    out = send_all(bench, evidence_id, data)
    assert (out["status"], out["reason"]) == ("sealed", None)


@pytest.mark.parametrize(
    ("offset", "size", "status", "code"),
    [
        (0, CHUNK_BYTES + 1, 413, "chunk_too_large"),
        (0, 100, 422, "chunk_too_small"),
        (0, 0, 422, "chunk_too_small"),
    ],
)
def test_a_piece_of_unfair_length_is_not_taken(
    bench: Bench, offset: int, size: int, status: int, code: str
) -> None:
    answer = send(bench, begun(bench, BIG_WAV), offset, b"x" * size)
    assert (answer.status_code, answer.json["code"]) == (status, code)  # type: ignore[index]
    assert bench.stored() == []


def test_more_bytes_than_announced_are_not_taken(bench: Bench) -> None:
    answer = send(bench, begun(bench, samples.wav()), 0, samples.wav() + b"x")
    assert (answer.status_code, answer.json["code"]) == (422, "too_much")  # type: ignore[index]


def test_a_body_that_is_no_octet_stream_is_415(bench: Bench) -> None:
    evidence_id = begun(bench, samples.wav())
    answer = send(bench, evidence_id, 0, b"{}", **{"Content-Type": "application/json"})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": 0},
        {"size": "12"},
        {"sha256": "A" * 64},
        {"key": "short"},
        {"name": ""},
        {"name": "a\x00b"},
        {"name": "x" * 201},
        {"extra": 1},
    ],
)
def test_a_wrong_announcement_names_its_field(bench: Bench, wrong: dict[str, Any]) -> None:
    answer = announce(bench, samples.wav(), **wrong)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == next(iter(wrong))  # type: ignore[index]


def test_the_largest_file_fits_and_one_byte_more_does_not(bench: Bench) -> None:
    most = 20 * 1024 * 1024
    too_large = announce(bench, b"x", size=most + 1)
    assert too_large.status_code == 413 and "20 兆" in too_large.json["detail"]  # type: ignore[index]
    assert announce(bench, b"x", size=most).status_code == 201


def test_the_twenty_first_file_finds_no_room_but_a_refused_one_gives_its_place_back(
    bench: Bench,
) -> None:
    for number in range(19):
        begun(bench, samples.wav(), key=f"{number:032x}")
    uploaded(bench, b"MZ\x00\x01", key="e" * 32)
    begun(bench, samples.wav(), key="f" * 32)
    answer = announce(bench, samples.wav(), key="d" * 32)
    assert (answer.status_code, answer.json["code"]) == (409, "too_many_files")  # type: ignore[index]


def test_refused_files_cannot_be_sent_without_end(bench: Bench) -> None:
    bench.app.config["BUREAU"].policy = Policy(evidence_max_files=1)
    for number in range(3):
        uploaded(bench, b"MZ\x00\x01", key=f"{number:032x}")
    assert announce(bench, samples.wav(), key="d" * 32).status_code == 409


def test_the_same_key_for_another_file_is_a_conflict(bench: Bench) -> None:
    begun(bench, samples.wav())
    answer = announce(bench, samples.pdf())
    assert answer.json["code"] == "same_key_other_content"  # type: ignore[index]


def test_a_closed_case_takes_nothing_more(bench: Bench) -> None:
    evidence_id = begun(bench, samples.wav())
    with bench.app.app_context():
        close_case(bench.case)
    answer = announce(bench, samples.wav(), key="c" * 32)
    assert (answer.status_code, answer.json["code"]) == (409, "case_closed")  # type: ignore[index]
    assert send(bench, evidence_id, 0, samples.wav()).status_code == 409
    assert bench.stored() == []


def test_somebody_elses_file_is_not_there(bench: Bench) -> None:
    evidence_id = begun(bench, samples.wav())
    bench.token = bench.other_token
    assert announce(bench, samples.wav()).status_code == 404
    assert send(bench, evidence_id, 0, samples.wav()).status_code == 404
    got = bench.client.get(f"/api/v1/evidence/{evidence_id}", headers=bench.headers)
    assert got.status_code == 404


def test_without_a_token_nothing_is_taken_or_told(bench: Bench) -> None:
    evidence_id = begun(bench, samples.wav())
    bench.token = "nobody's"
    assert announce(bench, samples.wav()).status_code == 401
    assert send(bench, evidence_id, 0, samples.wav()).status_code == 401
    assert bench.client.get(f"/api/v1/evidence/{evidence_id}").status_code == 401


def test_a_body_cut_off_on_the_way_is_not_counted(bench: Bench) -> None:
    evidence_id = begun(bench, BIG_WAV)
    answer = bench.client.put(
        f"/api/v1/evidence/{evidence_id}/content?offset=0",
        data=BIG_WAV[:20_000],
        headers=bench.headers | {"Content-Type": "application/octet-stream"},
        environ_overrides={"CONTENT_LENGTH": "30000"},
    )
    assert answer.status_code == 400 and bench.stored() == []


def test_the_last_piece_sent_by_several_at_once_seals_one_file(bench: Bench) -> None:
    photo = samples.photo_with_place()
    evidence_id = begun(bench, photo)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(bench, evidence_id, 0, photo), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    shown = bench.client.get(f"/api/v1/evidence/{evidence_id}", headers=bench.headers).json
    assert (shown["status"], shown["sha256"]) == ("sealed", digest(photo))  # type: ignore[index]
    assert len(events(bench, "evidence_sealed")) == 1


def test_announced_by_several_at_once_it_is_one_file(bench: Bench) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: announce(bench, samples.wav()), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1  # type: ignore[index]


def test_a_full_disk_says_so_and_leaves_nothing_behind(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence_id = begun(bench, samples.wav())

    def full(_path: str, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files, "put", full)
        answer = send(bench, evidence_id, 0, samples.wav())
    assert (answer.status_code, answer.json["code"]) == (503, "storage_full")  # type: ignore[index]
    assert answer.headers["Retry-After"] == "60"
    with bench.app.app_context():
        assert (bench.row(evidence_id).received_bytes, bench.row(evidence_id).parts) == (0, [])
    assert send_all(bench, evidence_id, samples.wav())["status"] == "sealed"


def test_a_stop_between_sealing_and_commit_is_made_good_by_sending_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = samples.photo_with_place()
    evidence_id = begun(bench, photo)

    def power_cut(*_args: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(service, "_write_seal", power_cut)
        assert send(bench, evidence_id, 0, photo).status_code == 503
    shown = bench.client.get(f"/api/v1/evidence/{evidence_id}", headers=bench.headers).json
    assert (shown["status"], shown["received_bytes"]) == ("uploading", len(photo))  # type: ignore[index]
    out = send(bench, evidence_id, len(photo), b"").json
    assert (out["status"], out["sha256"]) == ("sealed", digest(photo))  # type: ignore[index]
    assert len(events(bench, "evidence_sealed")) == 1 and len(bench.stored()) == 2


def test_a_link_ends_after_fifteen_minutes_and_cannot_be_changed(bench: Bench) -> None:
    url = uploaded(bench, samples.picture())["view_url"]
    other = uploaded(bench, samples.wav(), key="b" * 32)["id"]
    assert bench.client.get(url.replace(url.split("/")[4], other)).status_code == 404
    assert bench.client.get(url[:-1] + ("0" if url[-1] != "0" else "1")).status_code == 404
    later = bench.now.timestamp() + viewing.LINK_SECONDS
    bench.now = bench.now.fromtimestamp(later - 1, bench.now.tzinfo)
    assert bench.client.get(url).status_code == 200
    bench.now = bench.now.fromtimestamp(later, bench.now.tzinfo)
    ended = bench.client.get(url)
    assert (ended.status_code, ended.json["code"]) == (404, "link_ended")  # type: ignore[index]
