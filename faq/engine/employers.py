"""The name of an employer in somebody's own words; a description (一家小厂) is no name."""

from __future__ import annotations

import re

_KINDS = (
    "有限公司|集团|公司|工厂|厂|工地|项目部|酒店|酒楼|宾馆|饭店|餐厅|饭馆|超市|商场|店|学校|培训中心|养殖场|"
    "合作社|工作室|站点|物业|医院|诊所|美容院|理发店|网吧|会所|车间|仓库|劳务队|施工队"
)
_LETTER = r"[\u3400-\u9fffA-Za-z0-9（）()]"
_NAME = rf"(?P<name>(?:(?!在|喺|是|给|帮|上班|做了|拖欠|老板){_LETTER}){{2,24}}?(?:{_KINDS}))"
_LED_IN = re.compile(rf"(?:在|喺|是|系|给|帮|叫|进了?|去了?|告|投诉|举报|被){_NAME}")
#: What follows a name that nothing leads in: 宏达五金厂拖欠我工资.
_DOES = (
    "一直|已经|现在|到现在|老板|都|又|还|就|也|他们|的老板|从|三番|拖|欠|不|没|未|冇|唔|扣|辞退|开除|炒|倒闭|"
    "执笠|关门|把|让|叫|跑|搬|少发|克扣|走佬|压|押|差|争|赖|强"
)
_BEGINS = re.compile(rf"(?:^|[，。；;！!？?：:,\s]){_NAME}(?={_DOES})")
#: Words of a sentence: what holds one is no name.
_NO_NAME = re.compile(
    r"^[否有]|[我你他她咱欠没未冇不唔那这哪被把跟了着过]|[0-9][年月日号]|工资|老板|什么|之前|以前|当时|同一|一[家个间]|"
    r"可以|还能|可享|如果|需要|情况|结果|告诉|其[他它]|村里|外地|老家|基本|社保|公司公司"
)
#: More of them where nothing leads the name in.
_NO_BEGINNING = re.compile(r"[个家和月年]|现在|今年|去年")
#: A line of business names nobody.
_BUSINESS = (
    "小|大|新|老|总|私人|私营|民营|国有|上市|外资|台资|港资|私|个人|合伙|电子|服装|家具|五金|建筑|建材|制衣|鞋|塑料|塑胶|食品|"
    "物流|装修|装饰|外卖|劳务|派遣|外包|超市|电力|石料|快递|旅游|中介|保安|保洁|家政|医疗器械|器械|机械|餐饮|广告|"
    "科技|贸易|印刷|包装|灯饰|玩具|陶瓷|化工|纺织|针织|皮具|皮革|水泥|网络|房地产|地产|汽车|外地|本地"
)
_VAGUE = re.compile(
    rf"^(?:一|这|那|某|个|家|间|呢|嗰|我们|我|我哋|他们|他|老板|外面|附近|同一|原来|别的|一个|一家|一间|这家|那家)*"
    rf"(?:{_BUSINESS})*(?:{_KINDS})$"
)
#: 外海的工地, 朋友开的小饭店: a description, no name (美的 is one, so 的 alone is no sign).
_DESCRIBED = re.compile(rf"[的嘅](?:{_BUSINESS})*(?:{_KINDS})$")
#: Where it lies: 外海镇的宏达五金厂.
_PLACE = re.compile(r"^.{1,10}?(?:镇|街道|区|市|村|路|附近|那边|这边|园)[的嘅]")


def spans(text: str) -> list[tuple[int, int]]:
    """Where names of employers stand in a text in simplified script, in order."""
    led = [_name(m) for m in _LED_IN.finditer(text)]
    begun = [_name(m) for m in _BEGINS.finditer(text) if not _NO_BEGINNING.search(m["name"])]
    found = [(start, end) for start, end in led + begun if _is_name(text[start:end])]
    return sorted(set(found), key=lambda span: (span[1], -span[0]))


def _name(match: re.Match[str]) -> tuple[int, int]:
    place = _PLACE.match(match["name"])
    return match.start("name") + (place.end() if place else 0), match.end("name")


def _is_name(name: str) -> bool:
    is_vague = _VAGUE.match(name) or _DESCRIBED.search(name) or _NO_NAME.search(name)
    return not is_vague
