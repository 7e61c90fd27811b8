"""An empty chat, an entry and an article by name; values nobody has verified are not shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from flask.testing import FlaskClient

from backend.faqbot.service import library, shown
from backend.law import statutes, values
from backend.law.values import UNCERTAIN
from tests.factories.chat import CONTRACT, INJURY, WAGES, Phone, new_key, question_of

VALUED = "probation.terms"  # names the minimum wage


def test_the_start_shows_six_questions_and_the_office_hours(client: FlaskClient) -> None:
    said = client.get("/api/v1/faq/start").get_json()
    assert len(said["most_asked"]) == 6 == len({one["entry_id"] for one in said["most_asked"]})
    assert [one["question"] for one in said["most_asked"]] == [
        question_of(one["entry_id"]) for one in said["most_asked"]
    ]
    assert said["hours_words"] == "工作日 8:30–12:00，14:30–17:30"
    assert "身份证" in said["privacy_words"] and "180" in said["privacy_words"]
    assert said["greeting"] and len(said["corpus"]) == 16


def test_what_is_asked_most_comes_first_and_greetings_do_not_count(phone: Phone) -> None:
    for entry_id, times in (("parttime.rules", 6), (CONTRACT, 5), (INJURY, 4)):
        for _ in range(times):
            Phone(phone.client).ask(question_of(entry_id))
    for _ in range(6):
        Phone(phone.client).ask(question_of("app.privacy"))
    asked = [one["entry_id"] for one in phone.client.get("/api/v1/faq/start").json["most_asked"]]
    assert asked[:2] == ["parttime.rules", CONTRACT] and len(asked) == len(set(asked)) == 6
    assert "app.privacy" not in asked and INJURY not in asked[:2]


def test_an_entry_opens_as_it_is_answered(phone: Phone) -> None:
    answered = phone.ask(question_of(WAGES))[-1]["entry"]
    assert phone.client.get(f"/api/v1/faq/entries/{WAGES}").get_json() == answered


@pytest.mark.parametrize("name", ["no.such", "x", "a" * 500, "..%2f..", "%00", "工资"])
def test_an_unknown_entry_is_not_found(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/api/v1/faq/entries/{name}")
    assert answer.status_code == 404 and answer.get_json()["detail"]


def test_every_held_article_that_an_answer_names_opens(client: FlaskClient) -> None:
    named = {(c.law, c.article) for e in library.files().entries.values() for c in e.citations}
    held = sorted(one for one in named if statutes.article(*one))
    assert len(held) > 50
    for law, number in held[:: len(held) // 12]:
        said = client.get("/api/v1/articles", query_string={"law": law, "article": number})
        document = said.get_json()
        assert document["text"] == statutes.article(law, number) and document["version"]
        assert (document["law"], document["article"]) == (law, number)
        assert document["is_unverified"] is False


@pytest.mark.parametrize(
    "query",
    [
        {"law": "没有的法", "article": "第一条"},
        {"law": "劳动合同法", "article": "第九千条"},
        {"law": "../劳动合同法", "article": "第三条"},
        {"law": "%", "article": "_"},
    ],
)
def test_an_article_that_is_not_held_is_not_found(
    client: FlaskClient, query: dict[str, str]
) -> None:
    answer = client.get("/api/v1/articles", query_string=query)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "no_article")
    assert "12333" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "query", [{}, {"law": "劳动法"}, {"law": "", "article": ""}, {"law": "x" * 201, "article": "y"}]
)
def test_an_article_without_its_name_is_refused(client: FlaskClient, query: dict[str, str]) -> None:
    assert client.get("/api/v1/articles", query_string=query).status_code == 422


def test_a_value_nobody_verified_is_not_shown(phone: Phone) -> None:
    entry = phone.ask(question_of(VALUED))[-1]["entry"]
    held = values.value("minimum_wage_month", date(2026, 11, 23))
    assert held.amount and not held.is_verified
    assert UNCERTAIN in entry["answer"] and held.amount not in entry["answer"]
    assert "以当地公布为准" in UNCERTAIN


def test_a_verified_one_is_and_the_answers_revision_changes_with_it(
    phone: Phone, tmp_path: Path
) -> None:
    before = phone.ask(question_of(VALUED))[-1]["entry"]
    table = yaml.safe_load(values._PACKAGED.read_text("utf-8"))
    table["minimum_wage_month"]["rows"][-1]["state"] = "verified"
    own = tmp_path / "values.yaml"
    own.write_text(yaml.safe_dump(table, allow_unicode=True), "utf-8")
    values.use_file(own)
    try:
        after = phone.ask(question_of(VALUED))[-1]["entry"]
        held = values.value("minimum_wage_month", date(2026, 11, 23))
    finally:
        values.use_file(None)
    assert held.shown in after["answer"] and UNCERTAIN not in held.shown
    assert before["revision"] != after["revision"]
    assert [turn["entry"] for turn in phone.history() if turn["entry"]] == [before, after]


def test_no_answer_keeps_a_placeholder(client: FlaskClient) -> None:
    client.get("/api/v1/faq/start")
    with client.application.app_context():
        for entry in library.files().entries.values():
            words = shown.filled(f"{entry.short}{entry.answer}", date(2026, 11, 23))
            assert "{" not in words, entry.id


def test_the_bureaus_own_telephone_and_name_are_put_in(client: FlaskClient) -> None:
    said = client.get("/api/v1/faq/entries/app.service_point").get_json()
    assert "0750-0000001" in said["answer"] + said["short"]


def test_a_phone_without_a_conversation_needs_no_key_to_read(client: FlaskClient) -> None:
    for address in ("/api/v1/faq/start", f"/api/v1/faq/entries/{WAGES}"):
        answer = client.get(address, headers={"X-Conversation": new_key()})
        assert answer.status_code == 200
