"""Staff accounts: made, signed in to by password only, closed, and never demo ones in earnest."""

from __future__ import annotations

from typing import Any

import argon2
import pytest
import sqlalchemy as sa
from apiflask import APIFlask

from backend.audit.record import events
from backend.core.actor import SYSTEM
from backend.core.db import db
from backend.core.errors import BadInput, Conflict, Forbidden, NotFound, TooMany
from backend.identity import service
from backend.identity.models import Staff
from backend.identity.service import passwords
from tests.clock import HeldClock
from tests.factories.identity import PASSWORD, make_staff

pytestmark = pytest.mark.usefixtures("in_app")


def sign_in(username: str, password: str, clock: HeldClock) -> service.StaffSignedIn:
    return service.sign_in_staff(username, password, "电脑", clock.at)


def create(clock: HeldClock, **words: Any) -> Staff:
    values: dict[str, Any] = {
        "username": "chen",
        "name": "陈监察",
        "roles": ["inspector"],
        "unit": "监察大队",
        "password": PASSWORD,
    }
    return service.create_staff(**(values | words), actor=SYSTEM, now=clock.at)


def test_the_right_password_signs_in_however_the_name_is_typed(clock: HeldClock) -> None:
    staff = create(clock)
    done = sign_in(" Chen ", PASSWORD, clock)
    actor = service.staff_actor(done.token, clock.at, is_demo_allowed=False)
    assert actor is not None
    assert (actor.kind, actor.id, actor.name) == ("staff", staff.id, "陈监察")
    assert actor.roles == frozenset({"inspector"})
    assert [e.act for e in events(f"staff:{staff.id}")] == ["staff_created", "sign_in"]


@pytest.mark.parametrize(
    ("username", "password"),
    [("chen", "wrong password"), ("nobody", PASSWORD), ("chen", ""), ("", ""), ("chen", "x" * 999)],
)
def test_every_kind_of_wrong_gets_the_same_answer(
    clock: HeldClock, username: str, password: str
) -> None:
    create(clock)
    with pytest.raises(BadInput) as refused:
        sign_in(username, password, clock)
    assert refused.value.body() == {
        "type": "about:blank",
        "title": "有几处要改",
        "status": 422,
        "detail": "登录名或密码不对，请再看一下。",
        "code": "wrong_password",
    }


def test_an_unknown_name_costs_as_much_work_as_a_known_one(
    clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(clock)
    checked: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counted(self: argon2.PasswordHasher, digest: str, password: str) -> bool:
        checked.append(digest.rsplit("$", 2)[0])
        return bool(verify(self, digest, password))

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    for username in ("chen", "nobody"):
        with pytest.raises(BadInput):
            sign_in(username, "wrong password", clock)
    assert len(checked) == 2 and checked[0] == checked[1]


def test_the_eleventh_try_in_a_quarter_of_an_hour_is_refused_even_if_right(
    clock: HeldClock,
) -> None:
    create(clock)
    create(clock, username="li")
    for _ in range(10):
        with pytest.raises(BadInput):
            sign_in("chen", "wrong password", clock)
    with pytest.raises(TooMany):
        sign_in("chen", PASSWORD, clock)
    sign_in("li", PASSWORD, clock)
    clock.advance(minutes=15)
    sign_in("chen", PASSWORD, clock)


def test_signing_in_rightly_however_often_never_locks_anybody_out(clock: HeldClock) -> None:
    create(clock)
    with pytest.raises(BadInput):
        sign_in("chen", "wrong password", clock)
    for _ in range(12):
        sign_in("Chen", PASSWORD, clock)
    for _ in range(9):  # the wrong ones count on: nine more fill the ten
        with pytest.raises(BadInput):
            sign_in("chen", "wrong password", clock)
    with pytest.raises(TooMany):
        sign_in("chen", PASSWORD, clock)


def test_a_new_password_opens_the_door_that_wrong_tries_had_closed(clock: HeldClock) -> None:
    staff = create(clock)
    for _ in range(10):
        with pytest.raises(BadInput):
            sign_in("chen", "wrong password", clock)
    service.set_password(staff.id, "another long one", SYSTEM, clock.at)
    sign_in("chen", "another long one", clock)


def test_a_closed_account_gets_no_new_password(clock: HeldClock) -> None:
    staff = create(clock)
    service.deactivate_staff(staff.id, SYSTEM, clock.at)
    with pytest.raises(Conflict, match="已经停用"):
        service.set_password(staff.id, "another long one", SYSTEM, clock.at)
    assert events(f"staff:{staff.id}")[-1].act == "staff_deactivated"


def test_failures_are_in_the_record_without_what_was_typed(clock: HeldClock) -> None:
    staff = create(clock)
    with pytest.raises(BadInput):
        sign_in("chen", "my other password", clock)
    failed = events(f"staff:{staff.id}")[-1]
    assert (failed.act, failed.detail) == ("sign_in_failed", {})


def test_a_hash_of_older_parameters_is_renewed_at_sign_in(clock: HeldClock) -> None:
    staff = create(clock)
    old = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    db.session.execute(sa.update(Staff).values(password_hash=old))
    db.session.commit()
    sign_in("chen", PASSWORD, clock)
    renewed = db.session.scalar(sa.select(Staff.password_hash).where(Staff.id == staff.id))
    assert renewed is not None and renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    sign_in("chen", PASSWORD, clock)


def test_a_new_password_ends_every_session(clock: HeldClock) -> None:
    staff = create(clock)
    token = sign_in("chen", PASSWORD, clock).token
    service.set_password(staff.id, "another long one", SYSTEM, clock.at)
    assert service.staff_actor(token, clock.at, is_demo_allowed=False) is None
    with pytest.raises(BadInput):
        sign_in("chen", PASSWORD, clock)
    sign_in("chen", "another long one", clock)


def test_a_closed_account_cannot_sign_in_and_keeps_its_name(clock: HeldClock) -> None:
    staff = create(clock)
    service.deactivate_staff(staff.id, SYSTEM, clock.at)
    with pytest.raises(BadInput):
        sign_in("chen", PASSWORD, clock)
    kept = service.staff_by_id(staff.id)
    assert kept is not None and kept.name == "陈监察"
    assert service.active_staff() == []


def test_a_name_is_given_once(clock: HeldClock) -> None:
    create(clock)
    with pytest.raises(Conflict):
        create(clock, name="另一个")
    assert [staff.name for staff in service.active_staff()] == ["陈监察"]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"username": "陈"}, "username"),
        ({"username": "a"}, "username"),
        ({"username": "chen li"}, "username"),
        ({"name": ""}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["boss"]}, "roles"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 201}, "password"),
    ],
)
def test_what_is_wrong_with_an_account_is_named(
    clock: HeldClock, words: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        create(clock, **words)
    assert [error["field"] for error in refused.value.errors] == [field]
    assert service.active_staff() == []


def test_staff_are_found_by_role(clock: HeldClock) -> None:
    both, clerk = make_staff("inspector", "clerk", name="乙"), make_staff("clerk", name="甲")
    assert [s.id for s in service.active_staff("inspector")] == [both.id]
    assert {s.id for s in service.active_staff("clerk")} == {both.id, clerk.id}
    assert service.active_staff("head") == []


def test_the_database_refuses_an_unknown_role(clock: HeldClock) -> None:
    staff = create(clock)
    with pytest.raises(sa.exc.IntegrityError, match="role_known"):
        db.session.execute(
            sa.text("INSERT INTO staff_roles (staff_id, role) VALUES (:id, 'boss')"),
            {"id": staff.id},
        )
    db.session.rollback()


def test_a_demo_account_cannot_be_made_outside_demo_mode(clock: HeldClock) -> None:
    with pytest.raises(Forbidden):
        create(clock, is_demo=True)


def test_a_demo_account_that_got_in_anyway_opens_nothing(
    clock: HeldClock, in_app: APIFlask
) -> None:
    create(clock)
    token = sign_in("chen", PASSWORD, clock).token
    db.session.execute(sa.update(Staff).values(is_demo=True))
    db.session.commit()
    db.session.expire_all()
    with pytest.raises(BadInput):
        sign_in("chen", PASSWORD, clock)
    assert service.staff_actor(token, clock.at, is_demo_allowed=False) is None
    assert service.active_staff() == []


@pytest.mark.parametrize("settings", ["demo"], indirect=True)
def test_demo_accounts_work_in_demo_mode(clock: HeldClock) -> None:
    create(clock, is_demo=True)
    assert sign_in("chen", PASSWORD, clock).staff.is_demo


def test_an_account_that_is_not_there_cannot_be_changed(clock: HeldClock) -> None:
    with pytest.raises(NotFound):
        service.set_password(99, PASSWORD, SYSTEM, clock.at)


def test_the_same_letters_typed_in_another_unicode_form_are_the_same_password() -> None:
    digest = passwords.hash_new("caf\u00e9 caf\u00e9 caf\u00e9")
    assert passwords.is_right(digest, "cafe\u0301 cafe\u0301 cafe\u0301")
