"""Codes to print: WeChat's where there is a mini-program, else one every camera reads."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from backend.core import qr
from backend.desk import scene_codes
from backend.settings import Settings
from backend.wechat.scenes import read_scene
from tests.fakes.wechat import FakeWeChat, errcode, fake_wechat

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def wechat(with_settings: Callable[..., Settings]) -> Iterator[FakeWeChat]:
    with fake_wechat() as fake:
        with_settings(**fake.mini_program)
        yield fake


def test_without_a_mini_program_it_is_a_plain_code_of_the_public_page(
    with_settings: Callable[..., Settings],
) -> None:
    with_settings(public_url="https://xinhu.example/")
    made = scene_codes.code_for("lecture", "0123456789abcdef")
    assert (made.media_type, made.is_wechat) == ("image/png", False)
    assert read_scene(made.scene) == ("lecture", "0123456789abcdef")
    address = scene_codes.address_of(made.scene)
    assert address == f"https://xinhu.example/m/{made.scene}"
    assert made.picture == qr.png(address)
    picture = Image.open(io.BytesIO(made.picture))
    assert picture.width == picture.height >= 300


def test_where_no_public_address_is_set_the_requests_own_is_taken() -> None:
    assert scene_codes.address_of("labc", "http://10.0.0.5:8000/") == "http://10.0.0.5:8000/m/labc"


def test_with_a_mini_program_it_is_wechats(wechat: FakeWeChat) -> None:
    made = scene_codes.code_for("site", "abc")
    assert made.is_wechat and made.media_type == "image/png"
    assert made.picture == qr.png(f"pages/home/index?scene={made.scene}")


@pytest.mark.parametrize("number", [45009, 41030, 40001])
def test_when_wechat_makes_none_it_is_the_plain_one(wechat: FakeWeChat, number: int) -> None:
    wechat.next_answer, wechat.only = errcode(number), "getwxacodeunlimit"
    made = scene_codes.code_for("order", "abc")
    assert not made.is_wechat and made.picture == qr.png(scene_codes.address_of(made.scene))


def test_two_things_have_two_codes() -> None:
    first, second = (scene_codes.code_for("lecture", one).picture for one in ("a", "b"))
    assert first != second
