"""What arrives at the official account's callback: read right, or refused whole."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from backend.core.errors import Problem, TooLarge
from backend.demo import wechat_follower as follower
from backend.wechat import callback
from backend.wechat.callback import AccountKeys, CallbackRefused, CallbackUnreadable

NOW = datetime.fromtimestamp(1_795_400_000, UTC)
PLAIN = AccountKeys("wxgolden", "goldentoken")
SEALED = AccountKeys("wxgolden", "goldentoken", "XinhuGoldenVectorKey0123456789abcdefghijklm")

# Made with openssl and hashlib, not with the code under test.
GOLDEN_NONCE = "6d2f"
GOLDEN_PLAIN_SIGNATURE = "e46bedc90aab8873ce508776d3a06aff099a2496"
GOLDEN_MESSAGE = (
    "xk7ZdUgILc3EMyOSPuWw5fbe3NFBRKnSVSzDrbisHfUyQpcMsxSCyPBaH39zxPR0x93aFpWCjNlXxUSE9DIvrFWM"
    "/muK8mwxuP+jcrN5giTxM/R+lg4qOo3tBqOkpr+EgH85rFIh40F6Aa35tA8Sxw8XSTP8CtCpJIqT0VWYvQehDkdH"
    "87Xob5Mb1Pa0fVT6r/Lzd5iIl5AzSbY9fEDSlEkv77y4IdydQtJ2Y2G/HK6UksZ7/0QIJHhj/ELl35HvkcO0kwuq"
    "WoYkr/8PFTDfcZsEWTkE6x9upwKfExUvpiRWt1NC7wo0Uah4Dnrn9ADHxNJVUdRi+as2sL899sldJOlwQ2TZC+fT"
    "K0HINHayoB8pB2xDLXm11X5CTqjZ03zTV+E6BLx9GHEYKVdroT1IT447tpD/9vj0ffrWW8fWvWY="
)
GOLDEN_MESSAGE_SIGNATURE = "439a12a4d22c9a664949a94e31963bd020a5a201"
GOLDEN_ECHO = (
    "xk7ZdUgILc3EMyOSPuWw5Zgz1b/IjVtCoA6OU43a9Oa1Zabz9mapkPGtlRSM/bCG0qnFYTOfCevQCD28cZq5iw=="
)
GOLDEN_ECHO_SIGNATURE = "58eeb3a9b14357921b32fcffbeb83a8299fd9341"
GOLDEN_QUERY = {"timestamp": "1795400000", "nonce": GOLDEN_NONCE}


def envelope(sealed: str) -> bytes:
    return f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()


def read(keys: AccountKeys, xml: str, now: datetime = NOW) -> callback.Incoming:
    """Read a message as it would come through WeChat."""
    made = follower.callback(keys, xml, NOW)
    return callback.read(keys, dict(parse_qsl(made.query)), made.body, now)


def event(name: str, key: str = "") -> str:
    inner = f"<Event><![CDATA[{name}]]></Event><EventKey><![CDATA[{key}]]></EventKey>"
    return follower.message("o-1", NOW, inner, "event")


def test_the_golden_message_is_read() -> None:
    query = GOLDEN_QUERY | {"msg_signature": GOLDEN_MESSAGE_SIGNATURE}
    found = callback.read(SEALED, query, envelope(GOLDEN_MESSAGE), NOW)
    assert found == callback.Incoming(
        "text",
        "o_golden-1",
        "老板不给钱怎么办",
        "o_golden-1:24518000000000001",
        NOW,
        "gh_golden",
        True,
    )
    assert "老板" not in repr(found) and "golden-1" not in repr(found)


def test_the_address_check_answers_in_both_modes() -> None:
    plain = GOLDEN_QUERY | {"signature": GOLDEN_PLAIN_SIGNATURE, "echostr": "59277"}
    assert callback.echo(PLAIN, plain, NOW) == "59277"
    assert callback.echo(SEALED, plain, NOW) == "59277"
    sealed = {"msg_signature": GOLDEN_ECHO_SIGNATURE, "echostr": GOLDEN_ECHO}
    assert callback.echo(SEALED, GOLDEN_QUERY | sealed, NOW) == "5927782489442352469"
    with pytest.raises(CallbackRefused):
        callback.echo(PLAIN, plain | {"signature": "0" * 40}, NOW)
    with pytest.raises(CallbackRefused):
        callback.echo(SEALED, GOLDEN_QUERY | sealed | {"echostr": GOLDEN_ECHO[4:]}, NOW)


@pytest.mark.parametrize("keys", [PLAIN, SEALED])
@pytest.mark.parametrize(
    ("xml", "kind", "text"),
    [
        (follower.text_message("o-1", " 欠薪 & <b> ]]> ", NOW), "text", "欠薪 & <b> ]]>"),
        (
            follower.message(
                "o-1", NOW, "<Recognition>没发工资</Recognition><MsgId>7</MsgId>", "voice"
            ),
            "voice",
            "没发工资",
        ),
        (
            follower.message("o-1", NOW, "<MediaId>x</MediaId><MsgId>8</MsgId>", "voice"),
            "voice",
            "",
        ),
        (follower.message("o-1", NOW, "<PicUrl>x</PicUrl><MsgId>9</MsgId>", "image"), "other", ""),
        (event("CLICK", "ask_wage"), "menu", "ask_wage"),
        (event("subscribe"), "subscribe", ""),
        (event("subscribe", "qrscene_12"), "subscribe", ""),
        (event("unsubscribe"), "unsubscribe", ""),
        (event("VIEW", "https://example.org"), "event", ""),
        (event("never_heard_of"), "event", ""),
    ],
)
def test_each_kind_is_told_apart(keys: AccountKeys, xml: str, kind: str, text: str) -> None:
    found = read(keys, xml)
    assert (found.kind, found.text, found.openid) == (kind, text, "o-1")
    assert (found.at, found.account) == (NOW, follower.ACCOUNT)
    assert found.is_encrypted is (keys is SEALED)


def test_all_deliveries_of_a_message_share_its_key_and_no_other_does() -> None:
    message = follower.text_message("o-1", "一", NOW, 77)
    assert read(PLAIN, message).message_key == read(PLAIN, message).message_key
    keys = {
        read(PLAIN, xml).message_key
        for xml in (
            message,
            follower.text_message("o-1", "一", NOW, 78),
            follower.text_message("o-2", "一", NOW, 77),
            event("subscribe"),
            event("unsubscribe"),
            event("CLICK", "a"),
        )
    }
    assert len(keys) == 6


@pytest.mark.parametrize(
    ("keys", "name"),
    [(k, n) for k in (PLAIN, SEALED) for n in ("timestamp", "nonce")]
    + [(PLAIN, "signature"), (SEALED, "msg_signature")],
)
@pytest.mark.parametrize("value", [None, "", "1795400001", "x", "é\u4e00", "0" * 100_000])
def test_a_query_that_was_touched_is_refused(
    keys: AccountKeys, name: str, value: str | None
) -> None:
    made = follower.callback(keys, follower.text_message("o-1", "一", NOW), NOW)
    query = dict(parse_qsl(made.query))
    query.pop(name)
    if value is not None:
        query[name] = value
    with pytest.raises(CallbackRefused):
        callback.read(keys, query, made.body, NOW)


def test_an_encrypted_body_that_was_touched_is_refused() -> None:
    query = GOLDEN_QUERY | {"msg_signature": GOLDEN_MESSAGE_SIGNATURE}
    for other in (GOLDEN_MESSAGE[:-8] + "AAAAAAA=", GOLDEN_ECHO):
        with pytest.raises(CallbackRefused):
            callback.read(SEALED, query, envelope(other), NOW)


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_a_recording_is_refused_outside_five_minutes(seconds: int) -> None:
    for keys in (PLAIN, SEALED):
        with pytest.raises(CallbackRefused):
            read(keys, follower.text_message("o-1", "一", NOW), NOW + timedelta(seconds=seconds))
        assert read(keys, event("subscribe"), NOW + timedelta(seconds=299)).kind == "subscribe"


def test_with_an_aes_key_a_plain_message_is_not_taken() -> None:
    made = follower.callback(PLAIN, follower.text_message("o-1", "一", NOW), NOW)
    with pytest.raises(Problem) as refused:
        callback.read(SEALED, dict(parse_qsl(made.query)), made.body, NOW)
    assert refused.value.status == 400


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<xml><MsgType>text</MsgType><Content>&b;</Content></xml>"
)
NOT_MESSAGES = [
    "",
    " ",
    "hello",
    "{}",
    "<xml>",
    "<xml></xml>",
    "<xml/>",
    "<a><b></a></b>",
    "<xml><MsgType>text</MsgType></xml>",
    "<xml><MsgType><a/></MsgType></xml>",
    "<xml><MsgType>text</MsgType><MsgType>text</MsgType></xml>",
    "<a>" * 9_000,
    BOMB,
    BOMB.lower(),
    "<?xml version='1.0'?>" + BOMB,
    "<?a <![CDATA[ ?><!DOCTYPE x><?b ]]> ?><xml><MsgType>text</MsgType></xml>",
    "<xml><!-- <![CDATA[ --><MsgType>text</MsgType></xml>",
    "<xml><![CDATA[ never closed",
    follower.text_message("o-1", "一\x00二", NOW),
    follower.text_message("o-1", "一\x01二", NOW),
    follower.text_message("</xml>", "一", NOW),
    follower.text_message("", "一", NOW),
    follower.text_message("o" * 129, "一", NOW),
    follower.text_message("o-1", "一", NOW).replace("1795400000", "soon"),
    follower.text_message("o-1", "一", NOW).replace("1795400000", "9" * 30),
    re.sub(r"<MsgId>\d+", "<MsgId>x", follower.text_message("o-1", "一", NOW)),
    follower.message("o-1", NOW, "<Content><a>b</a></Content><MsgId>1</MsgId>", "text"),
]


@pytest.mark.parametrize("keys", [PLAIN, SEALED])
@pytest.mark.parametrize("xml", NOT_MESSAGES, ids=range(len(NOT_MESSAGES)))
def test_what_is_no_message_is_unreadable_and_nothing_more(keys: AccountKeys, xml: str) -> None:
    with pytest.raises(CallbackUnreadable) as refused:
        read(keys, xml)
    assert (refused.value.status, refused.value.code) == (400, "callback_unreadable")


@pytest.mark.parametrize("body", [b"\xff\xfe<\x00x\x00", b"\x80", BOMB.encode("utf-16"), b""])
def test_bytes_that_are_no_utf8_are_unreadable(body: bytes) -> None:
    query = GOLDEN_QUERY | {"signature": GOLDEN_PLAIN_SIGNATURE}
    with pytest.raises(CallbackUnreadable):
        callback.read(PLAIN, query, body, NOW)
    with pytest.raises(CallbackUnreadable):
        callback.read(SEALED, query, body, NOW)


@pytest.mark.parametrize("sealed", ["A", "AAAA", "A" * 64, "=", "ä", GOLDEN_MESSAGE[:64], ""])
def test_what_cannot_be_decrypted_is_unreadable(sealed: str) -> None:
    signature = callback.signature_of(SEALED.token, "1795400000", GOLDEN_NONCE, sealed)
    query = GOLDEN_QUERY | {"msg_signature": signature}
    with pytest.raises(CallbackUnreadable):
        callback.read(SEALED, query, envelope(sealed), NOW)


def test_a_message_for_another_account_is_unreadable() -> None:
    other = AccountKeys("wxother", SEALED.token, SEALED.aes_key)
    made = follower.callback(other, follower.text_message("o-1", "一", NOW), NOW)
    with pytest.raises(CallbackUnreadable):
        callback.read(SEALED, dict(parse_qsl(made.query)), made.body, NOW)


def test_more_than_64_kib_is_too_large() -> None:
    query = GOLDEN_QUERY | {"signature": GOLDEN_PLAIN_SIGNATURE}
    with pytest.raises(TooLarge):
        callback.read(PLAIN, query, b"a" * (callback.BODY_LIMIT + 1), NOW)
    for filling in (b"<![CDATA[", b"<Encrypt>", b"<Encrypt> ", b" " * 100):
        body = filling * (callback.BODY_LIMIT // len(filling))
        for keys in (PLAIN, SEALED):
            with pytest.raises(CallbackUnreadable):
                callback.read(keys, query, body, NOW)


@pytest.mark.parametrize("keys", [PLAIN, SEALED])
def test_the_reply_goes_back_the_way_the_message_came(keys: AccountKeys) -> None:
    incoming = read(keys, follower.text_message("o-1", "一", NOW))
    answer = callback.reply(keys, incoming, "您可以投诉。]]><a>&b; 𠮷", NOW)
    assert follower.words_of(keys, answer) == "您可以投诉。]]><a>&b; 𠮷"
    assert ("您可以投诉" in answer) is (keys is PLAIN)
    if keys is SEALED:
        sealed = re.search(r"<Encrypt><!\[CDATA\[(.*?)\]\]>", answer)
        nonce = re.search(r"<Nonce><!\[CDATA\[(.*?)\]\]>", answer)
        assert sealed is not None and nonce is not None
        signature = callback.signature_of(keys.token, "1795400000", nonce[1], sealed[1])
        assert f"<MsgSignature><![CDATA[{signature}]]>" in answer
    else:
        assert "<ToUserName><![CDATA[o-1]]>" in answer
        assert f"<FromUserName><![CDATA[{follower.ACCOUNT}]]>" in answer


def test_a_long_reply_fits_wechat() -> None:
    incoming = read(PLAIN, follower.text_message("o-1", "一", NOW))
    words = follower.words_of(PLAIN, callback.reply(PLAIN, incoming, "先收集证据。" * 400, NOW))
    assert words is not None
    assert len(words.encode()) <= 2048 and words.endswith("证据。")
