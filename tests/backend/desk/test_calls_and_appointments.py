"""The list of people to telephone, and the appointments for confirmation."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from apiflask import APIFlask

from backend.audit.models import AuditEvent
from backend.complaints.models import Appointment, Case
from backend.complaints.service import contact
from backend.core.db import db
from backend.notify import jobs, outbox, senders
from backend.notify.models import OutboxMessage
from tests.factories.identity import AtDesk

Post = Callable[..., Any]
LANDLINE = {"name": "区老伯", "phone": "07503123456", "service_address": "示例路 9 号"}


@pytest.fixture
def clerk(sign_in_staff: Callable[..., AtDesk]) -> AtDesk:
    """The window's browser."""
    return sign_in_staff("clerk", name="冯窗口")


@pytest.fixture
def call(
    app: APIFlask, clock: Any, file_case: Callable[..., str], inspector: AtDesk, post: Post
) -> str:
    """The address at which the call to a worker without SMS is recorded."""
    case = file_case(claimant=LANDLINE)
    form = {"items": "工资条", "document": "请补一样。", "lane": "complaint", "version": "1"}
    post(inspector, f"/desk/cases/{case}/steps/request_correction", **form)
    with app.app_context():
        return f"/desk/calls/{outbox.to_call()[0].id}"


def test_the_list_shows_whom_to_call_and_what_to_say_and_records_the_reading(
    app: APIFlask, clerk: AtDesk, call: str
) -> None:
    text = clerk.client.get("/desk/calls").text
    assert "区老伯 07503123456" in text and f'action="{call}"' in text
    with app.app_context():
        acts = [e.act for e in db.session.query(AuditEvent).filter_by(actor_id=clerk.actor.id)]
    assert "call_list_read" in acts


def test_whom_no_message_reached_stands_on_the_list_with_what_was_tried(
    app: APIFlask, clock: Any, clerk: AtDesk, inspector: AtDesk, post: Post,
    file_case: Callable[..., str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    case = file_case()
    form = {"items": "工资条", "document": "请补一样。", "lane": "complaint", "version": "1"}
    post(inspector, f"/desk/cases/{case}/steps/request_correction", **form)

    class Gateway:
        def send(self, _address: str, _letter: object) -> None:
            raise senders.Refused("sms_refused")

    monkeypatch.setattr(senders, "CHANNELS", {"sms": lambda _settings: Gateway()})
    with app.app_context():
        # filed at the window, without an account
        db.session.query(OutboxMessage).update({"worker_id": None})
        db.session.commit()
        jobs.run(clock.at, {"case": contact.phone_of})
    text = clerk.client.get("/desk/calls").text
    assert "区大明" in text and "请补材料" in text
    assert "先试了短信：这个号码收不到短信，退回来了" in text
    assert "要打电话" in clerk.client.get(f"/desk/cases/{case}").text


def test_a_person_not_reached_stays_on_the_list_with_the_note(
    clerk: AtDesk, post: Post, call: str
) -> None:
    assert post(clerk, call, reached="no", note="响了没人接").location == "/desk/calls?done=no"
    text = clerk.client.get("/desk/calls").text
    assert "没有接通，响了没人接" in text and "区老伯" in text


def test_a_person_reached_leaves_the_list(clerk: AtDesk, post: Post, call: str) -> None:
    assert post(clerk, call, reached="yes").status_code == 303
    assert "没有要打的电话" in clerk.client.get("/desk/calls").text


def test_not_saying_whether_reached_keeps_the_note(clerk: AtDesk, post: Post, call: str) -> None:
    answer = post(clerk, call, note="说了一半的记录")
    assert answer.status_code == 422
    assert "说了一半的记录" in answer.text and "请选接通了没有" in answer.text
    too_long = post(clerk, call, reached="yes", note="长" * 1001)
    assert too_long.status_code == 422 and "长" * 1001 in too_long.text


def test_calls_need_the_role_the_token_and_a_message(
    clerk: AtDesk, sign_in_staff: Callable[..., AtDesk], post: Post, call: str
) -> None:
    assert post(sign_in_staff("mediator"), call, reached="yes").status_code == 403
    assert clerk.client.post(call, data={"reached": "yes"}).status_code == 403
    assert post(clerk, "/desk/calls/999999", reached="yes").status_code == 404
    assert "区老伯" in clerk.client.get("/desk/calls").text


@pytest.fixture
def several(
    app: APIFlask, file_case: Callable[..., str], inspector: AtDesk, post: Post
) -> list[OutboxMessage]:
    """Messages for one person about two complaints, and one for somebody at the same telephone."""
    form = {"items": "工资条", "document": "请补一样。", "lane": "complaint", "version": "1"}
    for claimant in (LANDLINE, LANDLINE, LANDLINE | {"name": "区老太"}):
        post(
            inspector,
            f"/desk/cases/{file_case(claimant=claimant)}/steps/request_correction",
            **form,
        )
    with app.app_context():
        return outbox.to_call()


def cards_of(text: str) -> list[str]:
    """The list's cards as they stand on the page."""
    return text.split('<div class="card call">')[1:]


def test_one_person_has_one_card_and_who_shares_the_telephone_another(
    clerk: AtDesk, several: list[OutboxMessage]
) -> None:
    first, second = cards_of(clerk.client.get("/desk/calls").text)
    theirs, others = several[:-1], several[-1]
    assert "区老伯 07503123456" in first and "区老太 07503123456" in second
    assert len(theirs) > 1 and f"{len(theirs)} 条，一次说完" in first
    for message in theirs:
        assert f'name="told" value="{message.id}" checked' in first
    assert f"/desk/calls/{others.id}" in second and "told" not in second.replace("f-told", "")


def test_what_was_not_said_in_the_call_stays_on_the_card(
    app: APIFlask, clerk: AtDesk, post: Post, several: list[OutboxMessage]
) -> None:
    *said, unsaid = [message.id for message in several[:-1]]
    path = f"/desk/calls/{said[0]}"
    form: dict[str, Any] = {"several": "1", "told": [str(one) for one in said]}
    assert post(clerk, path, reached="yes", note="说了", **form).status_code == 303
    with app.app_context():
        assert [message.id for message in outbox.to_call()] == [unsaid, several[-1].id]


def test_one_call_about_several_messages_is_shown_once(
    clerk: AtDesk, post: Post, several: list[OutboxMessage]
) -> None:
    ids = [str(message.id) for message in several[:-1]]
    post(clerk, f"/desk/calls/{ids[0]}", reached="no", note="响了没人接", several="1", told=ids)
    first, second = cards_of(clerk.client.get("/desk/calls").text)
    assert first.count("没有接通，响了没人接") == 1 and "响了没人接" not in second


def test_a_call_about_nothing_is_asked_again_with_the_note_kept(
    clerk: AtDesk, post: Post, several: list[OutboxMessage]
) -> None:
    path = f"/desk/calls/{several[0].id}"
    answer = post(clerk, path, reached="yes", note="说了一半", several="1", told=["x"])
    assert answer.status_code == 422
    assert "请勾上这次电话是为哪几条打的" in answer.text and "说了一半" in answer.text
    first, _second = cards_of(answer.text)
    assert "checked" not in first


def test_a_call_about_a_message_that_is_not_there_notes_nothing(
    app: APIFlask, clerk: AtDesk, post: Post, several: list[OutboxMessage]
) -> None:
    told = [str(several[0].id), "999999"]
    path = f"/desk/calls/{several[0].id}"
    assert post(clerk, path, reached="yes", several="1", told=told).status_code == 404
    with app.app_context():
        assert len(outbox.to_call()) == len(several)


@pytest.fixture
def appointment(app: APIFlask, clock: Any, file_case: Callable[..., str]) -> str:
    """The address of an appointment for this morning."""
    public_id = file_case()
    with app.app_context():
        case = db.session.query(Case).filter_by(public_id=public_id).one()
        row = Appointment(
            case_id=case.id,
            on_date=date(2026, 11, 23),
            period="am",
            how="video",
            booked_at=clock.now(),
        )
        db.session.add(row)
        db.session.commit()
        return f"/desk/appointments/{row.id}"


def test_an_appointment_leads_to_the_confirmation_of_its_case(
    clerk: AtDesk, appointment: str
) -> None:
    text = clerk.client.get("/desk/appointments").text
    assert "上午" in text and "视频" in text and "<b>今天</b>" in text
    link = re.search(r"/desk/cases/\w+\?step=confirm", text)
    assert link is not None
    assert "照证件核对" in clerk.client.get(link.group()).text


def test_whether_somebody_came_is_noted_once(clerk: AtDesk, post: Post, appointment: str) -> None:
    assert post(clerk, appointment, kept="maybe").status_code == 422
    assert post(clerk, appointment, kept="no").status_code == 303
    assert "接下来没有人约确认" in clerk.client.get("/desk/appointments").text


def test_appointments_need_the_role_and_the_token(
    clerk: AtDesk, sign_in_staff: Callable[..., AtDesk], post: Post, appointment: str
) -> None:
    assert post(sign_in_staff("mediator"), appointment, kept="yes").status_code == 403
    assert clerk.client.post(appointment, data={"kept": "yes"}).status_code == 403
    assert 'name="kept"' in clerk.client.get("/desk/appointments").text
