"""An anonymous tip leaves nothing of who sent it: not in tables, files, logs or the record."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image

from backend.complaints.models import Case, Claimant
from backend.complaints.service import desk_views, queue
from backend.core import crypto
from backend.core.db import db
from backend.core.rates import RateCounter
from backend.identity.models import Session, SmsCode, Worker
from tests.api.filings import new_key, report
from tests.factories.complaints import World, fields_of, ok, problem
from tests.factories.identity import sign_in_worker
from tests.files.samples import photo_with_place

PHONE, ADDRESS, PROXY = "13876543210", "198.51.100.77", "203.0.113.99"
AGENT, COOKIE = "LeakyPhone/9.9", "cookie-7f3a9c"


def every_value(world: World) -> Iterator[tuple[str, str]]:
    """Every stored value of every table, as it lies there and decrypted."""
    with world.app.app_context():
        for table in db.metadata.sorted_tables:
            raw = db.session.execute(sa.text(f'SELECT * FROM "{table.name}"')).mappings().all()
            clear = db.session.execute(sa.select(table)).mappings().all()
            for row in [*raw, *clear]:
                for column, value in row.items():
                    if isinstance(value, memoryview | bytes):
                        yield f"{table.name}.{column}", bytes(value).decode("latin-1")
                    elif value is not None:
                        yield f"{table.name}.{column}", str(value)


def leaks(world: World, secrets: list[str]) -> list[str]:
    """Columns and files that hold one of the secrets."""
    found = [where for where, value in every_value(world) if any(s in value for s in secrets)]
    root = Path(world.app.config["SETTINGS"].data_dir)
    for path in root.rglob("*"):
        is_database = path.name.startswith("xinhu.sqlite3")
        if path.is_file() and not is_database:
            body = path.read_bytes()
            found += [str(path) for s in secrets if s.encode() in body or s in str(path)]
    return found


def send_photo(client: FlaskClient, case_id: str, headers: dict[str, str], body: bytes) -> str:
    """Upload a picture whose place is to be removed."""
    announced = {
        "name": "工地.jpg",
        "size": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
        "key": new_key(),
        "strip_place": True,
    }
    address = f"/api/v1/complaints/{case_id}/evidence"
    made = ok(client.post(address, json=announced, headers=headers), 201)
    sent = ok(
        client.put(f"/api/v1/evidence/{made['id']}/content?offset=0", data=body, headers=headers,
                   content_type="application/octet-stream"),
        200,
    )  # fmt: skip
    assert sent["status"] == "sealed", sent
    return str(made["id"])


def test_nothing_of_the_sender_is_left_anywhere(
    world: World, log_text: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(world.app.config, "LOG_EVERY_REQUEST", True)
    client = world.app.test_client()
    signed_in = sign_in_worker(client, PHONE)
    token = signed_in["Authorization"].removeprefix("Bearer ")
    with world.app.app_context():
        worker = db.session.scalars(sa.select(Worker)).one()
        session = db.session.scalars(sa.select(Session)).one()
        identity = {"phone": PHONE, "session": session.public_id}
        db.session.execute(sa.delete(Session))
        db.session.execute(sa.delete(Worker))
        db.session.execute(sa.text("DELETE FROM audit_events"))
        db.session.commit()
        assert worker.phone == PHONE
    client.set_cookie("sid", COOKIE)
    noisy = signed_in | {
        "User-Agent": AGENT,
        "X-Forwarded-For": PROXY,
        "X-Real-IP": PROXY,
        "Idempotency-Key": new_key(),
    }
    answer = client.post(
        "/api/v1/reports", json=report(), headers=noisy, environ_base={"REMOTE_ADDR": ADDRESS}
    )
    receipt = ok(answer, 201)
    key = {"Authorization": f"Bearer {receipt['case_token']}"}
    place = {"User-Agent": AGENT, "X-Forwarded-For": PROXY}
    send_photo(client, receipt["id"], key | place, photo_with_place())
    body = {"text": "还有两个人也没发。", "key": new_key()}
    ok(client.post(f"/api/v1/complaints/{receipt['id']}/supplements", json=body,
                   headers=key | place), 201)  # fmt: skip
    client.get(f"/api/v1/complaints/{receipt['id']}", headers=key | place)
    world.faults()

    secrets = [
        token, crypto.token_hash(token), PHONE, ADDRESS, PROXY, AGENT, COOKIE,
        crypto.blind_index("phone", PHONE), identity["session"], receipt["case_token"],
        crypto.token_hash(receipt["case_token"]), "SecretCamera",
    ]  # fmt: skip
    assert leaks(world, secrets) == []
    logged = log_text.getvalue()
    assert "/api/v1/reports" in logged  # the log was really read
    assert [s for s in secrets if s in logged] == []
    for model in (Session, Worker, Claimant, RateCounter, SmsCode):
        assert world.count(model) == 0, model
    row = world.row(receipt["id"])
    assert (row["worker_id"], row["author_staff_id"], row["is_anonymous"]) == (None, None, True)
    assert (row["sender"], row["channel"]) == ("anyone", "web")
    assert "Set-Cookie" not in answer.headers


def test_the_search_for_leaks_finds_one(world: World) -> None:
    world.complain(phone=PHONE)
    assert "claimants.phone" in leaks(world, [PHONE])


def test_no_stored_picture_of_a_tip_knows_where_it_was_taken(world: World) -> None:
    case = world.tip_off()
    send_photo(world.client, case.id, case.headers, photo_with_place())
    root = Path(world.app.config["SETTINGS"].data_dir) / "files"
    pictures = []
    for path in root.rglob("*"):
        if path.is_file():
            with Image.open(path) as image:
                pictures.append((len(image.getexif().get_ifd(0x8825)), 0x010F in image.getexif()))
    assert pictures and set(pictures) == {(0, False)}


def test_an_anonymous_tip_with_a_name_in_it_is_refused_and_nothing_of_it_kept(
    world: World,
) -> None:
    reporter = {"name": "李四", "phone": PHONE, "wants_reply": True}
    document = report() | {"reporter": reporter}
    found = problem(world.send(document, lane="reports"), 422)
    assert fields_of(found) == ["reporter"]
    assert PHONE not in json.dumps(found)
    named = report() | {"is_anonymous": False}
    assert fields_of(problem(world.send(named, lane="reports"), 422)) == ["reporter"]
    assert world.count(Case) == 0
    assert leaks(world, [PHONE]) == []


def test_an_expired_token_does_not_stop_a_tip(world: World) -> None:
    headers = {"Authorization": "Bearer long-gone"}
    ok(world.send(report(), lane="reports", headers=headers), 201)


def test_the_database_itself_refuses_somebody_behind_an_anonymous_tip(world: World) -> None:
    case = world.tip_off()
    with pytest.raises(sa.exc.IntegrityError), world.app.app_context():
        statement = sa.update(Case).where(Case.public_id == case.id)
        db.session.execute(statement.values(worker_id=1))


def test_who_reported_by_name_is_seen_by_the_officers_alone(world: World) -> None:
    reporter: dict[str, Any] = {"name": "李举报", "phone": PHONE, "wants_reply": True}
    case = world.tip_off(reporter=reporter)
    world.step(case, "take")
    from_desk = {}
    with world.app.app_context():
        for who in ("first", "third", "head", "clerk"):
            seen = desk_views.case(case.id, world.staff[who], world.clock.at)
            from_desk[who] = [person.name for person in seen.people or []]
        listed = queue.page(queue.Filter(q=PHONE), None, world.staff["head"], world.clock.at)
    assert from_desk == {"first": ["李举报"], "third": [], "head": [], "clerk": []}
    assert listed.rows == []  # a telephone does not find who reported
    assert PHONE not in json.dumps(world.get(case), ensure_ascii=False)
