"""An installation names everything that is missing at once; demo and real never mix."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import get_args

import pytest

from backend.settings import (
    ACCOUNT,
    DEMO_BUREAU,
    REQUIRED,
    Bureau,
    MessageKind,
    SettingsError,
    load,
)
from tests.conftest import BUREAU

KEYS = {
    "session_key": "s" * 32,
    "index_key": "i" * 32,
    "audit_key": "a" * 32,
    "field_key": base64.b64encode(b"f" * 32).decode(),
    "bureau_file": BUREAU,
}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("XINHU_"):
            monkeypatch.delenv(name)


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        load()
    assert [f"XINHU_{name.upper()}" in str(refused.value) for name in REQUIRED] == [True] * 5


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_each_missing_setting_stops_the_start(name: str) -> None:
    given = {key: value for key, value in KEYS.items() if key != name}
    with pytest.raises(SettingsError) as refused:
        load(**given)
    found = str(refused.value)
    assert [key for key in REQUIRED if f"XINHU_{key.upper()}:" in found] == [name]


def test_wrong_keys_are_all_named() -> None:
    wrong = {"session_key": "short", "audit_key": "short", "field_key": "bm90IDMyIGJ5dGVz"}
    with pytest.raises(SettingsError) as refused:
        load(**KEYS | wrong)
    assert all(f"XINHU_{name.upper()}" in str(refused.value) for name in wrong)
    assert "short" not in str(refused.value).replace("String should", "")


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(f"XINHU_{name.upper()}", str(value))
    monkeypatch.setenv("XINHU_DATABASE_URL", "postgresql+psycopg://somewhere/x")
    settings = load()
    assert (settings.is_sqlite, settings.demo) == (False, False)
    assert settings.key("field") == b"f" * 32


def test_the_demo_needs_nothing_and_has_its_own_bureau(tmp_path: Path) -> None:
    settings = load(demo=True, data_dir=tmp_path)
    assert settings.bureau_file == DEMO_BUREAU
    assert all(len(settings.key(name)) >= 32 for name in ("session", "field", "index", "audit"))
    assert settings.database == f"sqlite:///{tmp_path / 'xinhu.sqlite3'}"


ACCOUNT_KEYS = {
    "wechat_account_app_id": "wx1",
    "wechat_account_app_secret": "a-secret",
    "wechat_account_token": "token",
    "wechat_account_aes_key": "XinhuGoldenVectorKey0123456789abcdefghijklm",
}


@pytest.mark.parametrize("name", sorted(ACCOUNT_KEYS))
def test_half_an_official_account_names_what_is_missing(name: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(**KEYS | {name: ACCOUNT_KEYS[name]})
    found = str(refused.value)
    assert [key for key in ACCOUNT if f"XINHU_{key.upper()}:" in found] == [
        key for key in ACCOUNT if key != name
    ]
    assert ACCOUNT_KEYS[name] not in found


def test_a_whole_official_account_is_taken_with_or_without_the_aes_key() -> None:
    assert load(**KEYS | ACCOUNT_KEYS).wechat_account_token == "token"
    plain = {key: value for key, value in ACCOUNT_KEYS.items() if key in ACCOUNT}
    assert load(**KEYS | plain).wechat_account_aes_key is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("wechat_account_token", "ab"),
        ("wechat_account_token", "with space"),
        ("wechat_account_aes_key", "x" * 42),
        ("wechat_account_aes_key", "!" * 43),
    ],
)
def test_wrong_words_of_the_official_account_are_named_and_not_repeated(
    name: str, value: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load(**KEYS | ACCOUNT_KEYS | {name: value})
    assert f"XINHU_{name.upper()}:" in str(refused.value) and value not in str(refused.value)


def test_the_demo_plays_its_own_official_account(tmp_path: Path) -> None:
    settings = load(demo=True, data_dir=tmp_path, demo_url="http://127.0.0.1:8123")
    assert settings.wechat_api_base == "http://127.0.0.1:8123/demo/wechat"
    assert all(getattr(settings, name) for name in ACCOUNT_KEYS)
    assert settings.wechat_app_id is None  # who signs in there is invented as before


@pytest.mark.parametrize("own", [{"wechat_app_id": "wx"}, ACCOUNT_KEYS])
def test_a_demo_with_real_ids_asks_the_real_wechat(tmp_path: Path, own: dict[str, str]) -> None:
    settings = load(demo=True, data_dir=tmp_path, **own)
    assert settings.wechat_api_base == "https://api.weixin.qq.com"


def test_a_bureau_file_that_is_wrong_names_its_fields(tmp_path: Path) -> None:
    file = tmp_path / "bureau.yaml"
    file.write_text("name: 某局\nnickname: x\n", encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        Bureau.from_file(file)
    assert all(word in str(refused.value) for word in ("short_name", "nickname", str(file)))
    with pytest.raises(SettingsError, match="cannot read"):
        Bureau.from_file(tmp_path / "none.yaml")
    file.write_text("name: [", encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot read"):
        Bureau.from_file(file)


def bureau_with(folder: Path, lines: str) -> Bureau:
    file = folder / "bureau.yaml"
    file.write_text(
        f"{BUREAU.read_text(encoding='utf-8')}\nsubscribe_messages:\n{lines}\n", "utf-8"
    )
    return Bureau.from_file(file)


def test_the_demo_maps_every_kind_of_message() -> None:
    mapped = Bureau.from_file(DEMO_BUREAU).subscribe_messages
    assert set(mapped) == set(get_args(MessageKind))


def test_a_kind_of_message_is_mapped_to_a_template(tmp_path: Path) -> None:
    line = "  progress: {template: abc, consent: one_time, fields: {thing1: what, time2: when}}"
    (mapped,) = bureau_with(tmp_path, line).subscribe_messages.values()
    assert (mapped.template, mapped.page) == ("abc", "pages/mine/index")


ONE = "{template: a, consent: one_time, fields: {thing1: what}}"
LASTING = "{template: b, consent: long_term, fields: {thing1: what}}"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (f"  odd: {ONE}", "odd"),
        ("  progress: {template: a, consent: one_time, fields: {amount1: what}}", "amount1"),
        ("  progress: {template: a, consent: one_time, fields: {name1: what}}", "name1"),
        ("  progress: {template: a, consent: one_time, fields: {time1: what}}", "when"),
        ("  progress: {template: a, consent: one_time, fields: {thing1: employer}}", "thing1"),
        ("  progress: {template: a, consent: one_time, fields: {}}", "fields"),
        ("  progress: {template: a, consent: often, fields: {thing1: what}}", "consent"),
        (f"  progress: {ONE}\n  reminder: {LASTING}", "cannot be mixed"),
        (f"  progress: {ONE}\n  answer: {LASTING.replace('b,', 'a,')}", "cannot be both"),
    ],
)
def test_a_mapping_wechat_would_refuse_or_that_tells_too_much_stops_the_start(
    tmp_path: Path, lines: str, words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        bureau_with(tmp_path, lines)


@pytest.mark.parametrize("name", ["wechat_token", "wechat_aes_key"])
def test_a_wrong_key_of_the_push_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"XINHU_{name.upper()}"):
        load(**KEYS | {name: "-"})
