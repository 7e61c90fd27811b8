"""What WeChat may show: neutral words in each field of each kind of message, within its limits."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.complaints.steps import all_steps
from backend.core.installation import bureau
from backend.demo.wechat_mini_server import _FIELDS
from backend.notify import fields, kinds
from backend.settings import MOMENTS, MessageKind, SubscribeTemplate
from tests.clock import HeldClock

pytestmark = pytest.mark.usefixtures("in_app")
KINDS: tuple[MessageKind, ...] = get_args(MessageKind)
TELLING = [
    "示例木器厂拖欠工资", "江门市某某电子有限公司", "欠您 8,000 元", "八千块", "￥1200",
    "您的投诉已受理", "仲裁开庭", "工伤认定", "请打 13800000077", "440704199001011234",
    "劳务公司", "被罚 3 万",
]  # fmt: skip


def template(**mapped: str) -> SubscribeTemplate:
    return SubscribeTemplate.model_validate(
        {"template": "t", "consent": "one_time", "fields": mapped}
    )


ALL = template(
    thing1="what", thing2="where", thing3="note", thing4="when", phrase5="what", phrase6="note",
    character_string7="what", character_string8="when", time9="when", date10="when",
)  # fmt: skip


def is_taken(name: str, value: str) -> bool:
    """Whether WeChat takes this value in this field, by the rules the fake server knows."""
    return _FIELDS[name.rstrip("0123456789")].fullmatch(value) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_without_facts_every_kind_says_something_neutral(kind: MessageKind, now: datetime) -> None:
    found = fields.fields_of(ALL, kind, None, now)
    assert set(found) == set(ALL.fields)
    assert all(is_taken(name, value) and fields.is_neutral(value) for name, value in found.items())
    assert found["time9"] == "2026年11月23日 10:00"
    assert found["thing2"] == bureau().short_name


@pytest.mark.parametrize(("kind", "said"), [*itertools.product(KINDS, TELLING)])
def test_no_kind_lets_employer_amount_matter_or_telephone_through(
    kind: MessageKind, said: str, now: datetime
) -> None:
    assert not fields.is_neutral(said)
    facts = {"what": said, "where": said, "note": said, "when": said}
    found = fields.fields_of(ALL, kind, facts, now)
    assert [value for value in found.values() if not fields.is_neutral(value)] == []
    assert not any(said[:6] in value for value in found.values())
    assert found["thing2"] == "地点请打开查看"  # the office must not be taken for it


def test_neutral_facts_are_said(now: datetime) -> None:
    facts = {"what": "明天的约定", "where": "区办事大厅", "note": "带身份证"}
    facts["when"] = "2026-12-01T06:30:00+00:00"
    found = fields.fields_of(ALL, "reminder", facts, now)
    assert [found[f"thing{n}"] for n in (1, 2, 3)] == ["明天的约定", "区办事大厅", "带身份证"]
    assert {found[name] for name in ("time9", "date10", "thing4")} == {"2026年12月1日 14:30"}


def test_a_day_without_an_hour_gets_the_offices_first_where_one_is_needed(now: datetime) -> None:
    found = fields.fields_of(ALL, "reminder", {"when": "2026-12-01"}, now)
    assert (found["date10"], found["time9"]) == ("2026年12月1日", "2026年12月1日 08:30")


@given(st.dictionaries(st.sampled_from(["what", "when", "where", "note"]), st.text(max_size=60)))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_facts_wechat_takes_the_fields(
    clock: HeldClock, facts: dict[str, str]
) -> None:
    found = fields.fields_of(ALL, "progress", facts, clock.at)
    assert [name for name, value in found.items() if not is_taken(name, value)] == []


def test_a_long_thing_ends_with_an_ellipsis(now: datetime) -> None:
    found = fields.fields_of(template(thing1="note"), "progress", {"note": "说明" * 20}, now)
    assert len(found["thing1"]) == 20 and found["thing1"].endswith("…")


def test_every_message_has_its_kind() -> None:
    assert kinds.kind_of("case:1", "accept") == "progress"
    assert kinds.kind_of("case:1", "remind_appointment") == "reminder"
    assert kinds.kind_of("booking:1", "booked") == "booking"
    assert kinds.kind_of("order:1", "remind_day_before") == "lecture_reminder"
    assert kinds.kind_of("conversation:1", "question_answered") == "answer"
    steps = [*all_steps("complaint"), *all_steps("report")]
    assert {kinds.kind_of("case:1", step.key) for step in steps} == {"progress"}
    assert set(itertools.chain(*MOMENTS.values())) == set(KINDS) == set(fields.NEUTRAL)


def test_no_moment_asks_for_more_than_wechat_shows() -> None:
    assert all(len(found) <= 3 for found in MOMENTS.values())
