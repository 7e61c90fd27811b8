"""Who somebody is at work: age, kind of work, first and last day, job, and the boss's surname."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from faq.engine.corrections import Part
from faq.engine.facts import whole_number
from faq.engine.months import MONTH, one_month

AgeGroup = Literal["under_16", "16_17", "18_59", "60_plus"]
WorkerKind = Literal["platform", "student", "household"]

_N = r"(?P<n>[1-9][0-9]|[一二三四五六七八九]?十[一二三四五六七八九]?)"
#: 今年62了 and 我62岁; not 15岁就开始打工, 快60了, 60岁还能上班吗.
_AGE = re.compile(
    rf"(?:我|俺|本人|今年|现在)(?:今年|现在|已经|都|也|才|刚|是|有|满|虚岁|[，,\s]){{0,6}}(?<![0-9]){_N}"
    r"(?:周?岁(?!就|的时候|时|那年|开始|起|以|左右)|(?<=今年[0-9]{2})了|(?<=今年[一二三四五六七八九十]{2})了|"
    r"(?<=今年[一二三四五六七八九十]{3})了|(?<=今年都[0-9]{2})了|(?<=今年已经[0-9]{2})了)"
)
#: Somebody else's age or work.
_OTHERS = re.compile(
    r"我?(?:爸|妈|父|母|爷|奶|老公|老婆|丈夫|妻子|媳妇|儿|女儿|孩子|小孩|侄|弟|妹|哥|姐|亲戚|工友|同事|朋友|老乡|老板)|他|她|别人|有人|有个|法律|规定"
)
_KINDS: dict[WorkerKind, str] = {
    "platform": "(?:跑|送|干|做)外卖|外卖(?:骑手|员|小哥)|(?<!不)(?:是|做|当|干)(?:一名|个)?骑手|众包|跑(?:网约车|滴滴|闪送)|开(?:网约车|滴滴)|送餐员|做代驾",
    "student": "(?:我|我们)(?:还)?是(?:在校|大|中专|职校|技校|高职)?学生|实习生|(?:暑假|寒假|假期|暑期)工|学校(?:安排|派|叫)[^，。]{0,6}实习",
    "household": "(?:做|当|干)(?:住家)?(?:保姆|月嫂|育儿嫂)|住家(?:保姆|阿姨)|给人家(?:里)?(?:带孩子|做饭|做保洁|打扫)",
}
_NOT_MINE = re.compile(r"(?:不是|被|撞|叫|点|找|跟|和|有个|让|问|算)[^，。；\s]{0,4}$")
_CLAUSE = re.compile(r"[，。；！？,!?;\s]")
_DAY = rf"{MONTH}(?P<d>[0-9]{{1,2}}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号](?:那天|我|就|才|被(?:他|公司|老板)?|正式|开始|下午|上午)*"
_BEGAN = re.compile(
    rf"{_DAY}(?:的)?(?:进(?:的)?(?:厂|公司|工地|店)|入职|上班|来上班|上的班|到岗|开工|来干活)"
)
_LEFT = re.compile(
    rf"{_DAY}(?:走|离职|辞职|辞工|离开|离厂|不(?:干|做)了|没(?:干|做)了|(?<=被)(?:辞退|开除|炒)|辞退|开除|炒)"
)
_JOBS = (
    "普工|杂工|小工|大工|木工|钢筋工|水电工|电焊工|焊工|电工|泥水工|泥工|瓦工|油漆工|架子工|车工|钳工|缝纫工|裁剪工|"
    "质检员?|品检|仓管员?|文员|会计|出纳|前台|服务员|厨师|洗碗工|保安|保洁员?|司机|叉车工|搬运工|包装工|操作工|"
    "技术员|业务员|销售员|收银员|店员|导购|骑手|快递员|送餐员|美容师|发型师"
)
_POST = re.compile(
    rf"(?:(?<!不)(?:做|当|是|干)|(?:^|(?<=[，。；,\s])))(?:的)?(?:个|一名|名)?(?P<post>{_JOBS})(?=$|[，。；,!！\s]|的)"
)
_BOSS = re.compile(
    r"(?P<who>老板|老细|包工头|工头|厂长|经理|负责人|站长)(?:是)?姓(?P<name>[\u4e00-\u9fff])(?=$|[，。；,\s]|的|电话)"
)


@dataclass(frozen=True, slots=True)
class Person:
    """What was said; None where nothing was, or more than one thing."""

    age_group: AgeGroup | None = None
    worker_kind: WorkerKind | None = None
    from_on: date | None = None
    to_on: date | None = None
    post: str | None = None
    contact: str | None = None


def person(told: Sequence[Part], today: date) -> Person:
    """Read it all; what was said later counts."""
    text = "。".join(part.text for part in told)
    to_on = _day(_LEFT, text, today)
    posts, bosses = list(_POST.finditer(text)), list(_BOSS.finditer(text))
    return Person(
        age_group=_age_group(text),
        worker_kind=_kind(text),
        from_on=_before(_day(_BEGAN, text, today), to_on),
        to_on=to_on,
        post=posts[-1]["post"] if posts else None,
        contact=f"{bosses[-1]['name']}{bosses[-1]['who']}" if bosses else None,
    )


def _age_group(text: str) -> AgeGroup | None:
    found: AgeGroup | None = None
    for match in _AGE.finditer(text):
        age = whole_number(match["n"])
        clause = _CLAUSE.split(text[: match.start("n")])[-1]
        if age is None or _OTHERS.search(clause):
            continue
        found = (
            "under_16" if age < 16 else "16_17" if age < 18 else "18_59" if age < 60 else "60_plus"
        )
    return found


def _kind(text: str) -> WorkerKind | None:
    kinds = {
        kind
        for kind, words in _KINDS.items()
        for match in re.finditer(words, text)
        if not _is_of_another(text[: match.start()])
    }
    return kinds.pop() if len(kinds) == 1 else None


def _is_of_another(before: str) -> bool:
    clause = _CLAUSE.split(before)[-1]
    return bool(_NOT_MINE.search(clause) or _OTHERS.search(clause))


def _day(pattern: re.Pattern[str], text: str, today: date) -> date | None:
    """The day that was named last; none that is to come or does not exist."""
    found = None
    for match in pattern.finditer(text):
        month, day = one_month(match, today), whole_number(match["d"])
        try:
            on = date(*month, day or 0) if month else None
        except ValueError:
            continue
        found = on if on and on <= today else found
    return found


def _before(began: date | None, left: date | None) -> date | None:
    """The first day, where it is not after the last one."""
    return None if began and left and began > left else began
