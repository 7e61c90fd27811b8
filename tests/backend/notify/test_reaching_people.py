"""From the tap in the mini-program to WeChat's server and back to the desk, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from backend import scheduler
from backend.demo.wechat_server import Trouble
from backend.notify import consents, fields
from backend.notify.reached import reached
from backend.settings import Settings, SubscribeTemplate
from tests.backend.notify.conftest import templates
from tests.factories import identity as people
from tests.factories.complaints import Filed, World, complaint, ok, world
from tests.fakes.wechat import FakeWeChat, fake_wechat

__all__ = ["world"]

MINI, TEMPLATE = "openid-of-chen", "tmpl-progress"


@pytest.fixture
def wechat(world: World, with_settings: Callable[..., Settings]) -> Iterator[FakeWeChat]:
    with fake_wechat() as fake:
        with_settings(**fake.mini_program | fake.account)
        fake.openids = {"code-1": MINI}
        yield fake


@pytest.fixture
def case(
    world: World, wechat: FakeWeChat, with_templates: Callable[[dict[str, SubscribeTemplate]], None]
) -> Filed:
    """Filed from the mini-program by somebody who tapped 允许 on the way."""
    with_templates(templates())
    signed_in = ok(world.client.post("/api/v1/sign-in/wechat", json={"code": "code-1"}), 200)
    headers = people.bearer(signed_in["token"])
    asked = ok(world.client.get("/api/v1/consent-templates?moment=filing"), 200)["templates"]
    answers = dict.fromkeys(asked, "accept")
    wechat.mini.consents = {(MINI, one): 1 for one in asked}
    body = {"key": "a" * 32, "answers": answers}
    assert world.client.post("/api/v1/me/consents", json=body, headers=headers).status_code == 204
    receipt = ok(world.send(complaint(world.today), headers=headers), 201)
    return Filed(receipt["id"], headers, receipt)


def send(world: World) -> None:
    assert scheduler.run_job(world.app, "deliveries")


def left(world: World, case: Filed) -> int:
    worker_id = world.row(case)["worker_id"]
    with world.app.app_context():
        return consents.left(worker_id, TEMPLATE)


def word(world: World, case: Filed) -> str:
    subject = f"case:{world.row(case)['id']}"
    with world.app.app_context():
        return reached([subject])[subject].word


def test_a_step_reaches_the_phone_as_a_subscribe_message_that_tells_nothing(
    world: World, wechat: FakeWeChat, case: Filed
) -> None:
    world.step(case, "request_correction")
    for _ in range(3):
        send(world)
    (message,) = wechat.subscribed
    assert (message.openid, message.template_id, message.page) == (
        MINI, TEMPLATE, "pages/mine/index",
    )  # fmt: skip
    assert all(fields.is_neutral(text) for text in message.fields.values())
    assert left(world, case) == 0 and word(world, case) == "小程序"


def test_with_no_consent_left_an_sms_would_go_and_without_a_gateway_the_app_has_it(
    world: World, wechat: FakeWeChat, case: Filed
) -> None:
    wechat.mini.consents = {}  # the person took it back in WeChat's settings
    world.step(case, "request_correction")
    send(world)
    assert (wechat.subscribed, wechat.sent, left(world, case)) == ([], [], 0)
    assert word(world, case) == "只在程序里"


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.BROKEN, Trouble.TOKEN_REFUSED])
def test_wechat_down_for_an_hour_everything_goes_out_afterwards(
    world: World, wechat: FakeWeChat, case: Filed, trouble: Trouble
) -> None:
    wechat.mini.consents = {(MINI, TEMPLATE): 1}
    world.step(case, "request_correction")
    wechat.core.trouble = trouble
    for _ in range(12):
        send(world)
        world.clock.advance(minutes=5)
    assert (wechat.subscribed, left(world, case)) == ([], 1)
    wechat.core.trouble = None
    for _ in range(24):
        send(world)
        world.clock.advance(minutes=10)
    assert len(wechat.subscribed) == 1
    assert (left(world, case), word(world, case)) == (0, "小程序")


def test_the_day_before_an_appointment_the_reminder_has_its_own_template(
    world: World, wechat: FakeWeChat, case: Filed
) -> None:
    slot = {"on_date": "2026-11-26", "period": "am", "how": "visit"}
    world.post(case, "appointments", **slot)
    world.go_on(2)
    world.run_jobs()
    send(world)
    reminder = wechat.subscribed[-1]
    assert reminder.template_id == "tmpl-reminder"
    assert list(reminder.fields.values()) == [
        "明天有约", "2026年11月26日 08:30", "示例区劳动保障监察大队", "请带身份证",
    ]  # fmt: skip
