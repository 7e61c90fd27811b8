"""A small app with the evidence routes, two open cases and keys to them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from apiflask import APIFlask
from flask.testing import FlaskClient

from backend.complaints.evidence import routes
from backend.complaints.evidence.models import Evidence
from backend.complaints.models import Case
from backend.core import clock, crypto, files, problems
from backend.core.actor import Actor
from backend.core.db import Base, db, init, one_transaction
from backend.employers import models as _employers
from backend.identity import guards
from backend.identity import models as _identity
from backend.identity.models import Worker
from backend.identity.service import open_case_session
from backend.notify import models as _notify
from backend.settings import Policy, Settings

ROOMS = (_employers, _identity, _notify)  # their tables are made with ours
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
STAFF = Actor(kind="staff", id=None, name="监察员甲", roles=frozenset({"inspector"}))


@dataclass
class Bench:
    """The app, its clock, and two cases with a token each."""

    app: APIFlask
    now: datetime
    case: str = ""
    token: str = ""
    other_case: str = ""
    other_token: str = ""

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def holder(self) -> Actor:
        """The holder of the first case's token (inside an app context)."""
        case = db.session.scalars(sa.select(Case).where(Case.public_id == self.case)).one()
        return Actor(kind="worker", case_id=case.id)

    def row(self, evidence_id: str) -> Evidence:
        """A fresh look at a row (inside an app context)."""
        db.session.rollback()
        query = sa.select(Evidence).where(Evidence.public_id == evidence_id)
        return db.session.scalars(query.execution_options(populate_existing=True)).one()

    def stored(self) -> list[str]:
        """Names of every stored file, in folders of one case and file."""
        root = Path(self.app.config["SETTINGS"].data_dir) / "files"
        return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


@one_transaction
def open_case(number: int) -> tuple[str, str]:
    """A complaint that was just filed; its public id and a token for it."""
    mark = hashlib.sha256(str(number).encode()).hexdigest()
    case = Case(
        public_id=mark[:16],
        lane="complaint",
        state="submitted",
        is_open=True,
        number=f"示例〔2026〕{number}号",
        receipt_index=mark,
        receipt_code="AAAA-BBBB-CCCC-DDDD",
        sender=f"sender-{number}",
        key_hash=mark,
        digest=mark,
        filed_content="{}",
        filed_at=NOW,
        received_on=NOW.date(),
        channel="web",
        privacy_version="1",
        place="示例路 1 号",
        screening={},
        facts="没发工资",
    )
    db.session.add(case)
    db.session.flush()
    return case.public_id, open_case_session(case.id, NOW)


@one_transaction
def close_case(public_id: str) -> None:
    """Bring a case to its end, as the desk would."""
    values = {"state": "closed", "outcome": "paid_in_full", "is_open": False}
    db.session.execute(sa.update(Case).where(Case.public_id == public_id).values(values))


@one_transaction
def give_to_worker(public_id: str) -> Actor:
    """Make a signed-in worker the one who filed this case."""
    worker = Worker(created_at=NOW)
    db.session.add(worker)
    db.session.flush()
    db.session.execute(
        sa.update(Case).where(Case.public_id == public_id).values(worker_id=worker.id)
    )
    return Actor(kind="worker", id=worker.id)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    settings = Settings(data_dir=tmp_path)
    app = APIFlask("evidence_tests", spec_path=None, docs_path=None)
    app.config.update(SETTINGS=settings, BUREAU=SimpleNamespace(policy=Policy()), TESTING=True)
    crypto.configure(field=b"f" * 32, index=b"i" * 32, session=b"s" * 32, audit=b"a" * 32)
    init(app, url=settings.database, is_sqlite=True)
    files.init(app, settings)
    problems.register(app)
    guards.register(app)
    app.register_blueprint(routes.bp, url_prefix="/api/v1")
    bench = Bench(app, NOW)
    monkeypatch.setattr(clock, "now", lambda: bench.now)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        bench.case, bench.token = open_case(1)
        bench.other_case, bench.other_token = open_case(2)
    yield bench
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
