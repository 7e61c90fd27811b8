"""Suggestions of employers: registered ones only, however little of the name is remembered."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from backend.core.db import db
from backend.employers import service
from backend.employers.models import Employer

URL = "/api/v1/employers"


@pytest.fixture(autouse=True)
def _employers(client: FlaskClient) -> None:
    rows = [
        {"name": "示例建筑工程有限公司", "street": "示例街道"},
        {"name": "示例电子厂", "street": None},
        {"name": "已注销示例公司", "street": None, "is_active": False},
        {"name": "ABC 100%_纯棉制衣厂", "street": "示例镇"},
    ]
    with client.application.app_context():
        for row in rows:
            db.session.execute(sa.insert(Employer).values({"is_active": True} | row))
        db.session.commit()


def names(client: FlaskClient, typed: str) -> list[str]:
    answer = client.get(URL, query_string={"q": typed})
    assert answer.status_code == 200
    return [item["name"] for item in answer.json["items"]]


def test_part_of_a_name_finds_it_with_its_street(client: FlaskClient) -> None:
    (item,) = client.get(URL, query_string={"q": "建筑"}).json["items"]
    assert item == {"id": 1, "name": "示例建筑工程有限公司", "street": "示例街道"}


def test_a_name_nearly_right_is_found(client: FlaskClient) -> None:
    assert names(client, "示列建筑工程公司")[0] == "示例建筑工程有限公司"


def test_a_closed_employer_is_not_suggested(client: FlaskClient) -> None:
    assert "已注销示例公司" not in names(client, "已注销") + names(client, "示例")
    with client.application.app_context():
        assert service.registered(1) is not None
        assert service.registered(3) is None and service.registered(99) is None


@pytest.mark.parametrize(("typed", "count"), [("100%", 1), ("%%", 0), ("__", 0), ("\\\\", 0)])
def test_signs_of_the_query_language_are_plain_letters(
    client: FlaskClient, typed: str, count: int
) -> None:
    assert len(names(client, typed)) == count


def test_latin_letters_match_in_either_case(client: FlaskClient) -> None:
    assert names(client, "abc") == ["ABC 100%_纯棉制衣厂"]


@pytest.mark.parametrize("typed", ["𠮷野", "👷👷", "完全没有"])
def test_what_nobody_is_called_finds_nobody(client: FlaskClient, typed: str) -> None:
    assert names(client, typed) == []


@pytest.mark.parametrize("typed", ["", "示", "  示  ", "a\x00b", "长" * 61])
def test_too_little_too_much_and_nonsense_name_the_field(client: FlaskClient, typed: str) -> None:
    answer = client.get(URL, query_string={"q": typed})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["q"]


def test_at_most_eight_are_suggested(client: FlaskClient) -> None:
    with client.application.app_context():
        db.session.execute(
            sa.insert(Employer), [{"name": f"示例{n}厂", "is_active": True} for n in range(20)]
        )
        db.session.commit()
    assert len(names(client, "示例")) == 8
    with client.application.app_context():
        assert service.suggest(" 示 ") == []


def test_it_is_open_to_everybody_whatever_they_send_along(client: FlaskClient) -> None:
    headers = {"Authorization": "Bearer ended"}
    assert client.get(URL, query_string={"q": "示例"}, headers=headers).status_code == 200
