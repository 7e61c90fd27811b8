"""More ways of telling it: bare employer names, spoken sums, odd months, towns, Cantonese."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.engine.story import tell
from faq.engine.sums import spoken

TODAY = date(2026, 11, 25)
STREETS = ["示例街道", "外海街道", "礼乐街道"]


def named(text: str) -> dict[str, object]:
    """What was found, by name; money in yuan."""
    told = tell([text], TODAY, STREETS)
    found = {field.name: getattr(told, field.name) for field in fields(told)}
    found |= asdict(found.pop("person"))
    kept = {name: value for name, value in found.items() if value and name != "said"}
    return {
        name.removesuffix("_fen"): value // 100 if isinstance(value, int) else value
        for name, value in kept.items()
    }


JUL, AUG, SEP, OCT = (2026, 7), (2026, 8), (2026, 9), (2026, 10)

SENTENCES: list[tuple[str, dict[str, object]]] = [
    # a month's wage is not what is owed
    ("每个月6500元", {"monthly": 6500}),
    ("说好每个月6500元，拖了三个月没给", {"monthly": 6500, "months": (AUG, SEP, OCT)}),
    ("一个月工资五千五", {"monthly": 5500}),
    ("工资6500一个月，两个月没发", {"monthly": 6500, "months": (SEP, OCT)}),
    ("底薪三千二百块，欠我九千六百块", {"monthly": 3200, "owed": 9600}),
    ("4500块每个月，一共欠一万八", {"monthly": 4500, "owed": 18000}),
    ("月薪大概七千左右", {"monthly": 7000}),
    ("我人工八千蚊一個月", {"monthly": 8000}),
    ("工资讲好6000，一直没签合同", {"monthly": 6000, "contract": "none"}),
    # what is owed
    ("拖欠我工资12000元", {"owed": 12000}),
    ("老板欠我工资一万二", {"owed": 12000}),
    ("还欠三千五百没结", {"owed": 3500}),
    ("欠了我两万多", {"owed": 20000}),
    ("总共两万三千六没给", {"owed": 23600}),
    ("一万五千块血汗钱到现在没拿到", {"owed": 15000}),
    ("争我三千五百蚊人工", {"owed": 3500}),
    ("老細爭我兩萬三人工，走咗佬", {"owed": 23000}),
    ("爭咗成八千蚊未畀", {"owed": 8000}),
    ("欠薪3.6万", {"owed": 36000}),
    ("只给了2000，剩下8000没给", {"owed": 8000}),
    ("八千五没发", {"owed": 8500}),
    ("一共１２０００元没付", {"owed": 12000}),
    ("欠我两个月工资9000", {"owed": 9000, "months": (SEP, OCT)}),
    # sums of something else
    ("入厂押金500元没退", {}),
    ("罚我300块", {}),
    ("房租1200没给，工资又拖", {}),
    ("厂里欠了三百多人的工资", {}),
    ("打12333没人接，老板欠钱不还", {}),
    ("我做了一千多天，钱没给", {}),
    ("2025年进厂，欠我工资", {}),
    # employers nothing leads in
    ("宏达电子厂拖欠我工资", {"employer": "宏达电子厂"}),
    ("XX电子厂拖欠我工资", {"employer": "XX电子厂"}),
    ("老板是XX装修公司", {"employer": "XX装修公司"}),
    ("你好，海天酒店一直不发工资", {"employer": "海天酒店"}),
    ("广发五金制品有限公司把我辞退了", {"employer": "广发五金制品有限公司"}),
    ("鴻發製衣廠執笠，爭我六千蚊", {"employer": "鴻發製衣廠", "owed": 6000}),
    ("我喺鴻發電子廠做嘢，三個月冇出糧", {"employer": "鴻發電子廠", "months": (AUG, SEP, OCT)}),
    ("我要投诉星河餐饮公司", {"employer": "星河餐饮公司"}),
    ("在外海街道的宏达五金厂上班", {"employer": "宏达五金厂", "place": "外海街道"}),
    ("电子厂拖欠我工资", {}),
    ("老板的工厂不发工资", {}),
    ("我们公司一直不发工资", {}),
    ("间厂执笠咗，唔出粮", {}),
    ("跟着师傅在一家私营灯饰厂做", {}),
    ("现在是总包叫我们去找劳务公司", {}),
    ("想问下能不能叫公司退押金", {}),
    ("请问可不可以告公司", {}),
    # places stay what was said
    ("在示例镇那边的工地干活", {"place": "示例镇"}),
    ("厂在示例街道", {"place": "示例街道"}),
    ("在示例那边做装修", {"place": "示例街道"}),
    ("礼乐镇的厂欠我4000块", {"place": "礼乐镇", "owed": 4000}),
    # months
    ("七八月份的工资没发", {"months": (JUL, AUG)}),
    ("8、9月份工资都没给", {"months": (AUG, SEP)}),
    ("七月和八月的工资一直拖", {"months": (JUL, AUG)}),
    ("8到10月没发工资", {"months": (AUG, SEP, OCT)}),
    (
        "去年年底到今年三月一分没发",
        {"months": ((2025, 12), (2026, 1), (2026, 2), (2026, 3))},
    ),
    ("去年11月到今年1月没给钱", {"months": ((2025, 11), (2025, 12), (2026, 1))}),
    ("2025年12月的工资没结", {"months": ((2025, 12),)}),
    ("去年十二月份工资没发", {"months": ((2025, 12),)}),
    ("从八月到现在没发过工资", {"months": (AUG, SEP, OCT)}),
    ("八月份開始到而家都冇出糧", {"months": (AUG, SEP, OCT)}),
    ("上个月工资没发", {"months": (OCT,)}),
    ("上個月同今個月人工都冇出", {"months": (OCT, (2026, 11))}),
    ("两个月冇出粮", {"months": (SEP, OCT)}),
    (
        "半年没发工资",
        {"months": ((2026, 5), (2026, 6), JUL, AUG, SEP, OCT)},
    ),
    ("三月份进厂，到现在没给过钱", {}),
    ("干了七八个月，钱没给", {}),
    ("8月15日走的，工资没结", {"to_on": date(2026, 8, 15)}),
    # contracts
    ("冇簽合約，老細口頭講好", {"contract": "none"}),
    ("簽咗勞動合同，爭我五千", {"contract": "written", "owed": 5000}),
]


def test_the_table_is_wide_enough() -> None:
    assert len({text for text, _ in SENTENCES}) == len(SENTENCES) >= 40


@pytest.mark.parametrize(("text", "found"), SENTENCES)
def test_what_is_taken(text: str, found: dict[str, object]) -> None:
    assert named(text) == found


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("一万二", 12_000),
        ("三千五百", 3_500),
        ("三千五", 3_500),
        ("两万", 20_000),
        ("两万零五十", 20_050),
        ("十二万", 120_000),
        ("两万三千六", 23_600),
        ("一百二", 120),
        ("二十", 20),
        ("十五", 15),
        ("七八", None),
        ("三四千", None),
    ],
)
def test_numbers_as_they_are_spoken(words: str, number: int | None) -> None:
    assert spoken(words) == number


@given(st.text("零〇一二两三九十百千万", min_size=1, max_size=12))
def test_no_run_of_numerals_breaks_it(words: str) -> None:
    number = spoken(words)
    assert number is None or number >= 0
