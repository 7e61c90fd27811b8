"""A message of several matters: each is found, and one matter is not taken for two."""

from __future__ import annotations

import pytest

from faq.bot import Bot
from faq.engine.decide import Decided
from faq.engine.issues import family_of, is_own_matter
from faq.engine.matters import matters_of, understood


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("厂里两个月没发工资，我的手又被机器压了", {"wage", "injury"}),
        ("工资没给，社保没买，年假也没有", {"wage", "social", "leave"}),
        ("1.工资没发 2.社保没交 3.加班费没给", {"wage", "social", "hours"}),
        ("我爸在工地摔死了 老板还欠他两个月工资", {"wage", "injury"}),
        ("我怀孕被公司辞退，还有上个月工资没结", {"dismiss", "wage"}),
        ("送餐路上撞车骨折了，站点还扣了我上个月工资", {"injury", "wage"}),
    ],
)
def test_each_matter_is_found(bot: Bot, text: str, families: set[str]) -> None:
    found = {family_of(entry) for entry in matters_of(text, bot.decide).entries}
    assert families <= found


@pytest.mark.parametrize(
    "text",
    [
        "老板三个月没发工资",
        "你好，老板欠我工资",
        "没签合同，干了三个月，老板不给工资",
        "下班路上被车撞了 老板不给钱",
        "送外卖摔伤了，平台不管，站点也不管",
        "工伤鉴定出来了，单位不给钱",
        "",
        "😀",
    ],
)
def test_one_matter_stays_one(bot: Bot, text: str) -> None:
    assert not matters_of(text, bot.decide).are_several


def test_what_is_not_ours_does_not_hide_what_is(bot: Bot) -> None:
    found = matters_of("房东不退押金，还有老板欠我三个月工资", bot.decide)
    assert [family_of(entry) for entry in found.entries] == ["wage"]
    assert found.away is not None and found.away.outside == "oos.rent"
    assert found.are_several


def test_an_announced_matter_that_is_not_understood_is_asked_about() -> None:
    answers = {
        "工资没有发": Decided("answer", ("wage.arrears.where_to_complain",), None, 0.9, ""),
        "那个也没给": Decided("suggest", ("leave.annual", "retire.age"), None, 0.3, ""),
    }
    found = matters_of("工资没有发，还有那个也没给", answers.__getitem__)
    assert found.unclear is answers["那个也没给"] and found.are_several
    assert matters_of("工资没有发。那个也没给", answers.__getitem__).unclear is None


@pytest.mark.parametrize(
    ("decision", "entries", "outside", "entry"),
    [
        ("answer", ("arb.apply",), None, "arb.apply"),
        ("suggest", ("injury.no_contract", "injury.compensation"), None, "injury.compensation"),
        ("suggest", ("injury.no_contract", "injury.apply"), None, "injury.no_contract"),
        ("suggest", ("injury.apply", "leave.annual"), None, None),
        ("suggest", ("arb.apply", "arb.fee"), None, None),
        ("suggest", ("injury.no_contract", "injury.apply"), "oos.traffic", None),
        ("handoff", ("injury.apply",), None, None),
    ],
)
def test_several_entries_of_one_matter_are_understood(
    decision: str, entries: tuple[str, ...], outside: str | None, entry: str | None
) -> None:
    decided = Decided(decision, entries, outside, 0.4, "")  # type: ignore[arg-type]
    assert understood(decided) == entry


def test_a_clause_is_about_wages_only_when_it_says_so() -> None:
    assert is_own_matter("欠他三个月工资", "construction.foreman_ran")
    assert not is_own_matter("老板不给钱", "wage.arrears.where_to_complain")
    assert is_own_matter("手压伤了", "injury.compensation")
    assert not is_own_matter("没签合同", "contract.unsigned_double")
