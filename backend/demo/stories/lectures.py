"""Lectures (讲座) of every kind over these months, and who booked them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from backend.demo import pictures
from backend.demo.bench import Bench
from backend.demo.lecture_bench import (
    ORGANISER,
    Listener,
    at,
    let_in,
    plan,
    publish,
    seat,
    times,
    version,
    walk_in,
    worker,
    write_down,
)
from backend.demo.simulation import Scene, Story
from backend.lectures.service import after, answers, materials, publishing
from backend.lectures.service.after import Said
from backend.lectures.service.booking import Booked

_FIRST, _SECOND, _THIRD = "13800000001", "13800000002", "13800000003"
_SOON, _AN_HOUR = timedelta(minutes=20), timedelta(hours=1)
_HALL = {
    "place": "礼乐街道党群服务中心 3 楼",
    "address": "江海区礼乐街道示例路 1 号",
    "latitude": 22.5432,
    "longitude": 113.0871,
    "map_url": "https://map.example.invalid/?q=礼乐街道党群服务中心",
}
_HOUSE = {"place": "外海街道党群服务中心 二楼会议室", "address": "江海区外海街道示例路 8 号"}
_TEAM, _UNION, _STATION = "示例花园二期木工班", "示例电子厂工会", "示例外卖礼乐站"


def free(bench: Bench) -> Story:
    """Many seats left; nobody of the demo's workers booked."""
    now = yield bench.days.back(9)
    wanted = plan(
        bench, 5, (19, 20),
        title="工资条上的每一项，怎么看", theme="工资怎么发", speaker="黎示例（监察一中队）",
        about="带上您的工资条，讲师现场帮您看。\n"
        "听完会看：基本工资、加班费、扣款各是什么，少了找谁问。",
        seats=60, **_HOUSE,
    )  # fmt: skip
    lecture = publish(bench, wanted, now)
    now = yield now + _AN_HOUR
    for phone, party in (("13800000211", 12), ("13800000212", 20), ("13800000213", 10)):
        write_down(bench, lecture.public_id, Listener(phone, "何示例", _UNION), party, now)


def nearly_full(bench: Bench) -> Story:
    """Three seats left."""
    now = yield bench.days.back(8)
    wanted = plan(
        bench, 3, (15, 16),
        title="骑手摔了，谁来赔", theme="工伤和意外", speaker="陈示例（示例律师事务所）",
        about="平台、站点、保险，先找谁、留什么证据，讲三件真事。",
        audiences=["riders"], seats=40, **_HALL,
    )  # fmt: skip
    lecture = publish(bench, wanted, now)
    now = yield now + _AN_HOUR
    for phone, party in (("13800000221", 25), ("13800000222", 12)):
        write_down(bench, lecture.public_id, Listener(phone, "邓示例", _STATION), party, now)


def full_with_line(bench: Bench) -> Story:
    """Full; one seat came back and is offered to a demo worker, three more wait behind."""
    now = yield bench.days.back(8)
    wanted = plan(
        bench, 9, (14, 16),
        title="模拟仲裁庭：没签合同的一天", theme="劳动合同", speaker="区仲裁院 梁示例",
        form="mock_hearing",
        about="您来当一回仲裁员。看完知道：没签合同，拿什么证明在那里干过。",
        place="区仲裁院一号庭", address="江海区示例大道 20 号", seats=20,
    )  # fmt: skip
    lecture = publish(bench, wanted, now)
    now = yield now + _AN_HOUR
    write_down(bench, lecture.public_id, Listener("13800000231", "区示例", _UNION), 19, now)
    seated = seat(bench, lecture.public_id, Listener("13800000232"), 1, now)
    now = yield bench.days.back(4)
    seat(bench, lecture.public_id, Listener(_THIRD), 1, now, may_wait=True)
    for phone in ("13800000233", "13800000234"):
        write_in_line(bench, lecture.public_id, phone, now)
    seat(bench, lecture.public_id, Listener(_SECOND), 2, now, may_wait=True)
    now = yield bench.days.ago(100)
    answers.cancel(seated.public_id, worker(bench, "13800000232", now), now)


def write_in_line(bench: Bench, lecture_id: str, phone: str, now: datetime) -> Booked:
    """Somebody waits by their own phone."""
    return seat(bench, lecture_id, Listener(phone), 1, now, may_wait=True)


def changed(bench: Bench) -> Story:
    """Moved by a day and to another house yesterday; a demo worker is asked again."""
    now = yield bench.days.back(7)
    wanted = plan(
        bench, 7, (19, 21),
        title="被拖欠工资怎么办", theme="讨薪", speaker="黎示例（区劳动保障监察大队）",
        about="先找谁、带什么、几天有答复，一步一步讲。听完拿得走一张清单。",
        seats=50, **_HALL,
    )  # fmt: skip
    lecture = publish(bench, wanted, now)
    now = yield now + _AN_HOUR
    seat(bench, lecture.public_id, Listener(_FIRST, "王示例", _TEAM), 3, now)
    write_down(bench, lecture.public_id, Listener("13800000241", "麦示例"), 2, now)
    now = yield bench.days.back(1)
    elsewhere: dict[str, Any] = {"latitude": None, "longitude": None, "map_url": None, **_HOUSE}
    elsewhere.update(times(bench, 8, (19, 21)))
    moved = replace(wanted, **elsewhere)
    note = "原来的会议室要装修"
    public_id = lecture.public_id
    publishing.change(public_id, version(public_id), moved, note, bench.staff[ORGANISER], now)


def cancelled(bench: Bench) -> Story:
    """Called off with a reason; a demo worker had booked."""
    now = yield bench.days.back(6)
    wanted = plan(
        bench, 4, (10, 11),
        title="暑假工、实习生的工资", theme="学生打工", speaker="苏示例（区人社局）",
        about="打工前看三样：谁发钱、怎么算、什么时候发。",
        audiences=["students"], seats=80, **_HALL,
    )  # fmt: skip
    lecture = publish(bench, wanted, now)
    now = yield now + _AN_HOUR
    seat(bench, lecture.public_id, Listener(_FIRST), 1, now)
    now = yield bench.days.back(1)
    reason = "讲师临时要开庭，下个月补讲"
    public_id = lecture.public_id
    publishing.cancel_lecture(
        public_id, version(public_id), reason, bench.staff[ORGANISER], now
    )  # fmt: skip


def online(bench: Bench) -> Story:
    """To be heard from anywhere; how is told to those who booked."""
    now = yield bench.days.back(5)
    wanted = plan(
        bench, 15, (20, 21),
        title="在网上申请仲裁，一步步来", theme="仲裁", speaker="区仲裁院 梁示例",
        about="拿着手机跟着做一遍。听完自己会填申请书。",
        online="微信里搜“江海人社示例”公众号，点“直播”，口令 2026。", seats=300,
    )  # fmt: skip
    lecture = publish(bench, wanted, now)
    now = yield now + _AN_HOUR
    seat(bench, lecture.public_id, Listener(_FIRST), 1, now)


def on_site(bench: Bench) -> Story:
    """A class at a building site, and a quiz next month: hardly anybody booked yet."""
    now = yield bench.days.back(4)
    team = plan(
        bench, 20, (9, 10),
        title="工地班组课：记工本怎么记", theme="工地工资", speaker="谭示例（监察二中队）",
        form="site_class", audiences=["site_workers"],
        about="带上您的记工本。听完会记：哪天、几个工、谁签字。",
        place="示例花园二期工地", address="江海区示例花园二期项目部", seats=50,
    )  # fmt: skip
    lecture = publish(bench, team, now)
    now = yield now + _AN_HOUR
    write_down(bench, lecture.public_id, Listener("13800000251", "方示例", _TEAM), 5, now)
    quiz = plan(
        bench, 41, (19, 20),
        title="劳动法知识竞答", theme="劳动法常识", speaker="苏示例（区人社局）", form="quiz",
        audiences=["everyone", "employers"],
        about="二十道题，答对有小礼品。答错的，当场讲明白。", seats=100, **_HALL,
    )  # fmt: skip
    publish(bench, quiz, now)


def past(bench: Bench) -> Story:
    """Over: people came, two said how it was, and there is something to take home."""
    now = yield bench.days.back(14)
    wanted = plan(
        bench, -6, (15, 16),
        title="加班费怎么算", theme="加班和休息", speaker="钟示例（区人社局）",
        about="平时、周末、法定节假日，各是几倍，拿自己的工资算一遍。",
        seats=45, **_HALL,
    )  # fmt: skip
    lecture = publish(bench, wanted, now)
    public_id = lecture.public_id
    now = yield bench.days.back(12)
    mine = seat(bench, public_id, Listener(_FIRST, "王示例", _TEAM), 2, now)
    others = [seat(bench, public_id, Listener(f"1380000026{n}"), 1, now) for n in (1, 2)]
    write_down(bench, public_id, Listener("13800000263", "温示例", _UNION), 8, now)
    now = yield at(bench, -6, 15)
    for booked, people in ((mine, 2), (others[0], 1), (others[1], 1)):
        let_in(bench, public_id, booked, now, people)
    walk_in(bench, public_id, 6, now)
    yield from _afterwards(bench, public_id, others)


def _afterwards(bench: Bench, public_id: str, others: list[Booked]) -> Scene[None]:
    now = yield at(bench, -6, 18)
    said = (
        Said("useful", "第一次弄明白周末加班是几倍，回去就对了工资条。", None, may_be_shown=True),
        Said(
            "partly", "讲得好，就是快了点，想要一张能带走的表。", "计件的怎么算", may_be_shown=True
        ),
    )
    for number, (booked, words) in enumerate(zip(others, said, strict=True), start=1):
        listener = worker(bench, f"1380000026{number}", now)
        row = after.say(booked.public_id, words, listener, now)
        after.show(row.public_id, True, bench.staff[ORGANISER], now)
    now = yield now + _SOON
    organiser = bench.staff[ORGANISER]
    sheet, slip = pictures.attendance(bench.random), pictures.payslip(bench.random)
    materials.add(public_id, "加班费对照表", sheet, organiser, now)
    materials.add(public_id, "工资条样张", slip, organiser, now)


STORIES = (
    free,
    nearly_full,
    full_with_line,
    changed,
    cancelled,
    online,
    on_site,
    past,
)
