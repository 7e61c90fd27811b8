"""The telephone and the number behind a message's subject."""

from __future__ import annotations

import pytest
from apiflask import APIFlask

from backend.complaints.models import Case, Claimant
from backend.complaints.service import contact
from backend.core.db import db
from tests.factories.complaints import World, world

__all__ = ["world"]


def test_a_case_has_the_telephone_that_was_given_and_its_number(world: World) -> None:
    world.complain()
    with world.app.app_context():
        case = db.session.query(Case).one()
        given = db.session.query(Claimant).one().phone
        assert given is not None and contact.phone_of(case.chain) == given
        assert contact.numbers([case.chain, "question:5", case.chain]) == {
            case.chain: (case.public_id, case.number)
        }


@pytest.mark.parametrize("subject", ["case:999999", "question:1", "case:", "case:x", "", "case:-1"])
def test_anything_else_has_neither(app: APIFlask, subject: str) -> None:
    with app.app_context():
        assert contact.phone_of(subject) is None
        assert contact.numbers([subject]) == {}
