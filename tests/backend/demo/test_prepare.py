"""Where and when the demo may be made: never on real data, whole after a crash, on any day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.complaints.models import Case
from backend.core.db import db
from backend.core.marks import mark, set_mark
from backend.demo import seed
from backend.demo.simulation import Story
from backend.law.days import shanghai_today
from tests.clock import HeldClock

pytestmark = pytest.mark.parametrize("settings", ["demo"], indirect=True)


def one_case(bench: seed.Bench) -> list[Story]:
    """A demo of a single complaint, for tests of how it is made."""

    def tell() -> Story:
        now = yield bench.days.back(3)
        bench.complain("due_soon", now)

    return [tell()]


def cases(app: APIFlask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(Case.id))) or 0


def test_a_database_with_rows_and_no_mark_is_refused(app: APIFlask) -> None:
    with app.app_context():
        set_mark("something", "real")
    with pytest.raises(seed.NotADemo, match="install_marks"):
        seed.prepare(app)
    with app.app_context():
        assert mark(seed.DEMO_MARK) is None


def test_the_mark_is_there_before_anything_else(
    app: APIFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str | None] = []
    monkeypatch.setattr(seed, "_fill", lambda _now: seen.append(mark(seed.DEMO_MARK)))
    seed.prepare(app)
    assert seen == ["1"]


def test_after_a_crash_half_way_it_is_made_again_from_nothing(
    app: APIFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seed, "all_stories", one_case)

    def crash(_now: datetime) -> int:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(seed.seals, "seal", crash)
        with pytest.raises(MemoryError):
            seed.prepare(app)
    assert cases(app) == 1
    seed.prepare(app)
    assert cases(app) == 1
    with app.app_context():
        assert mark(seed.SEEDED_MARK) is not None
        assert seed.seals.verify() == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 10, 3, 17, 30, tzinfo=UTC),  # the night within a long holiday
        datetime(2026, 11, 28, 1, 0, tzinfo=UTC),  # a Saturday
        datetime(2027, 2, 10, 3, 0, tzinfo=UTC),  # a year that is not published
    ],
)
def test_it_can_be_made_on_any_day(app: APIFlask, clock: HeldClock, at: datetime) -> None:
    clock.set(at)
    seed.prepare(app)
    assert cases(app) == 50
    with app.app_context():
        today = shanghai_today(at)
        due_today = sa.select(Case.next_due_key).where(Case.next_due_on == today)
        assert "pay_by" in set(db.session.scalars(due_today))
        states = set(db.session.scalars(sa.select(Case.state).distinct()))
        assert {"investigating", "enforcing", "withdrawn"} <= states
