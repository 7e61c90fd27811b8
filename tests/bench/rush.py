"""People who rush at one lecture: sessions made in bulk, and one request each, all at once."""

from __future__ import annotations

import json
import resource
import secrets
import selectors
import socket
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from backend.core import clock, crypto
from backend.core.actor import SYSTEM, Actor
from backend.core.db import db, one_transaction
from backend.identity import service as identity
from backend.identity.models import Session, Worker
from backend.identity.service.sessions import WORKER_SESSION_S
from backend.lectures.models import Lecture
from tests.bench.load import request
from tests.bench.servers import PASSWORD, Installation
from tests.factories import lectures as made

_LONGEST_WAIT_S = 90.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many answers of each kind (status, code) came, and how many clients got none."""

    answers: Counter[tuple[int, str]]
    lost: int


def hot_lecture(house: Installation, seats: int) -> str:
    """A published lecture with so many seats, more than the desk would allow if need be."""
    with house.app.app_context():
        staff = identity.create_staff(
            username="rush", name="测试组织", roles=["organiser"], unit="普法",
            password=PASSWORD, actor=SYSTEM, now=clock.now(),
        )  # fmt: skip
        desk = Actor("staff", staff.id, staff.name, frozenset({"organiser"}))
        lecture = made.published(desk, seats=1)
        _set_seats(lecture.id, seats)
        return str(lecture.public_id)


@one_transaction
def _set_seats(lecture_id: int, seats: int) -> None:
    db.session.execute(sa.update(Lecture).where(Lecture.id == lecture_id).values(seats=seats))


def sessions(house: Installation, count: int) -> list[str]:
    """Tokens of so many signed-in workers, written in bulk."""
    tokens = [secrets.token_urlsafe(32) for _ in range(count)]
    with house.app.app_context():
        _write_sessions(tokens)
        db.session.remove()
    return tokens


@one_transaction
def _write_sessions(tokens: Sequence[str]) -> None:
    now = clock.now()
    first = (db.session.scalar(sa.select(sa.func.max(Worker.id))) or 0) + 1
    db.session.execute(
        sa.insert(Worker), [{"id": first + n, "created_at": now} for n in range(len(tokens))]
    )
    ends = made.HOUR * (WORKER_SESSION_S / 3600)
    rows = [
        {
            "public_id": crypto.new_public_id(),
            "token_hash": crypto.token_hash(token),
            "worker_id": first + n,
            "device": "安卓手机",
            "created_at": now,
            "last_seen_at": now,
            "expires_at": now + ends,
        }
        for n, token in enumerate(tokens)
    ]
    db.session.execute(sa.insert(Session), rows)


def booking_request(lecture_id: str, token: str, party: int = 1) -> bytes:
    """The bytes of one booking with a key of its own."""
    body = json.dumps({"key": secrets.token_hex(16), "party": party}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    return request("POST", f"/api/v1/lectures/{lecture_id}/bookings", headers, body)


def all_at_once(port: int, requests: Sequence[bytes]) -> Outcome:
    """Send every request on a connection of its own before reading any answer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 3 * len(requests)), hard), hard))
    selector = selectors.DefaultSelector()
    for made_request in requests:
        one = socket.create_connection(("127.0.0.1", port), timeout=_LONGEST_WAIT_S)
        one.sendall(made_request)
        selector.register(one, selectors.EVENT_READ, bytearray())
    answers: Counter[tuple[int, str]] = Counter()
    while selector.get_map():
        ready = selector.select(timeout=_LONGEST_WAIT_S)
        if not ready:
            break
        for key, _events in ready:
            _read(key, selector, answers)
    lost = len(selector.get_map())
    selector.close()
    return Outcome(answers, lost)


def _read(
    key: selectors.SelectorKey,
    selector: selectors.BaseSelector,
    answers: Counter[tuple[int, str]],
) -> None:
    one = key.fileobj
    assert isinstance(one, socket.socket)
    piece = one.recv(65_536)
    key.data.extend(piece)
    head, found, body = bytes(key.data).partition(b"\r\n\r\n")
    length = _length(head) if found else None
    if length is not None and len(body) >= length:
        code = json.loads(body).get("code", "")
        answers[int(head[9:12]), code] += 1
    elif piece:
        return
    else:
        answers[0, "closed"] += 1
    selector.unregister(one)
    one.close()


def _length(head: bytes) -> int | None:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return None
