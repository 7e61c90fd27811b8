"""The fields of a subscribe message: neutral words only, cut to what WeChat takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from backend.core import private
from backend.core.installation import bureau
from backend.law.days import SHANGHAI
from backend.settings import MessageKind, SubscribeTemplate
from backend.wechat import wording

THING_MOST, PHRASE_MOST, STRING_MOST = 20, 5, 32
#: What each kind of message says where nothing better, or nothing neutral, is known.
NEUTRAL: dict[MessageKind, dict[str, str]] = {
    "progress": {"what": "您办的事有新进展", "note": "请打开查看"},
    "reminder": {"what": "您办的事明天有安排", "note": "请打开查看"},
    "answer": {"what": "您问的事有新消息", "note": "请打开查看"},
    "booking": {"what": "您约的活动有新消息", "note": "请打开查看"},
    "lecture_reminder": {"what": "您约的活动快开始了", "note": "请打开查看"},
}
_PHRASE = "有新进展"
_SEE_INSIDE = "地点请打开查看"
# Employers, amounts and matters: whoever looks over a shoulder must not read them.
_TELLING = re.compile(
    r"[0-9０-９][0-9０-９,，.]*\s*(?:元|块|万|千|百)|[¥￥]|[一二三四五六七八九十百千万两]+[千百万]?[元块]"
    r"|公司|集团|企业|有限|工厂|[^\s]厂|工地|项目部|劳务|商行|酒店|餐厅|店铺"
    r"|工资|薪|欠|投诉|举报|仲裁|诉讼|起诉|工伤|社保|罚|赔偿|补偿|解雇|辞退|开除|怀孕|案|职业病"
)
_MARKS = re.compile(r"[\s\x00-\x1f]+")
_NOT_IN_STRING = re.compile(r"[^\x21-\x7e]")
_NOT_IN_PHRASE = re.compile(r"[^\u4e00-\u9fff]")


def fields_of(
    template: SubscribeTemplate,
    kind: MessageKind,
    facts: Mapping[str, str] | None,
    created_at: datetime,
) -> dict[str, str]:
    """What stands in each field of the template, never empty and never too long."""
    said = _facts(kind, facts or {})
    when = _when((facts or {}).get("when"), created_at)
    said["when"] = _moment(when)
    return {
        name: _clock(when, name) if name.startswith(("time", "date")) else _fit(name, said[fact])
        for name, fact in template.fields.items()
    }


def is_neutral(text: str) -> bool:
    """Whether a text names no employer, amount, matter, telephone or number of a person."""
    return not _TELLING.search(text) and not private.mask(text).kinds


def _facts(kind: MessageKind, facts: Mapping[str, str]) -> dict[str, str]:
    clean = {name: wording.fit(_MARKS.sub(" ", text)) for name, text in facts.items()}
    told = {name: text for name, text in clean.items() if text and is_neutral(text)}
    # another place than the office must not be taken for it
    where = _SEE_INSIDE if facts.get("where") else bureau().short_name
    return {"where": where} | NEUTRAL[kind] | told


def _when(said: str | None, created_at: datetime) -> datetime | date:
    """The moment or day that was meant, or else when the message was written."""
    if said is not None:
        try:
            return date.fromisoformat(said) if len(said) == 10 else datetime.fromisoformat(said)
        except ValueError:
            return created_at
    return created_at


def _clock(when: datetime | date, name: str) -> str:
    if isinstance(when, datetime) or name.startswith("date"):
        return _moment(when)
    # a `time` field needs an hour: the one at which the office opens
    return f"{_moment(when)} {bureau().office_hours[0].opens}"


def _moment(when: datetime | date) -> str:
    here = when.astimezone(SHANGHAI) if isinstance(when, datetime) else when
    day = f"{here.year}年{here.month}月{here.day}日"
    return f"{day} {here:%H:%M}" if isinstance(here, datetime) else day


def _fit(name: str, text: str) -> str:
    if name.startswith("phrase"):
        return _NOT_IN_PHRASE.sub("", text)[:PHRASE_MOST] or _PHRASE
    if name.startswith("character_string"):
        return _NOT_IN_STRING.sub("", text)[:STRING_MOST] or "-"
    return text if len(text) <= THING_MOST else text[: THING_MOST - 1] + "…"
