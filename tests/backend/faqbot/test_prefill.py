"""What was told in the chat begins the complaint; what was only hinted at is left to the worker."""

from __future__ import annotations

import pytest

from tests.factories.chat import NO_CONTRACT, WAGES, Decides, Json, Phone, unsure

EMPTY = {
    "employer": None, "place": None, "months": [], "amount_fen": None, "monthly_fen": None,
    "due_by_month": {}, "contract": None, "facts": "", "age_group": None, "worker_kind": None,
    "from_on": None, "to_on": None, "post": None, "contact": None,
}  # fmt: skip


def prefill(phone: Phone) -> Json:
    answer = phone.send("/prefill")
    assert answer.status_code == 200
    return answer.get_json()


def test_everything_that_was_plainly_said_is_there(phone: Phone) -> None:
    first = "我在星河电子厂上班，在示例街道，没签合同"
    second = "老板欠我8月到10月工资一共12000块，每月4000"
    phone.ask(first)
    phone.ask(second)
    assert prefill(phone) == EMPTY | {
        "employer": "星河电子厂",
        "place": "示例街道",
        "months": ["2026-08", "2026-09", "2026-10"],
        "amount_fen": 1_200_000,
        "monthly_fen": 400_000,
        "due_by_month": {},
        "contract": "none",
        "facts": f"{first}\n{second}",
    }


def test_before_anything_was_said_nothing_is(phone: Phone) -> None:
    assert prefill(phone) == EMPTY
    phone.ask("你好")
    assert prefill(phone) == EMPTY | {"facts": "你好"}


@pytest.mark.parametrize("text", ["有家厂欠钱", "欠了很多", "在那个公司做", "去年的工资"])
def test_a_hint_is_no_field(phone: Phone, text: str) -> None:
    phone.ask(text)
    assert prefill(phone) == EMPTY | {"facts": text}


def test_a_tapped_fact_counts(phone: Phone, decides: Decides) -> None:
    decides("那个怎么弄", unsure(WAGES, NO_CONTRACT))
    clarify = phone.ask("那个怎么弄")[-1]
    assert prefill(phone)["contract"] is None, "asked is not said"
    phone.choose(clarify, clarify["choices"][1])
    assert prefill(phone)["contract"] == "written"


def test_what_was_said_before_starting_anew_is_not_used(phone: Phone) -> None:
    phone.ask("我在星河电子厂上班")
    phone.restart()
    assert prefill(phone) == EMPTY


def test_masked_numbers_and_long_talks_stay_within_the_form(phone: Phone) -> None:
    phone.ask("电话13812345678，没发工资")
    for _ in range(5):
        phone.ask("天" * 1000)
    facts = prefill(phone)["facts"]
    assert len(facts) == 1500 and "13812345678" not in facts


def test_each_month_keeps_the_sum_that_was_said_for_it(phone: Phone) -> None:
    phone.ask("欠我6月工资7000 8月工资6500")
    found = prefill(phone)
    assert found["due_by_month"] == {"2026-06": 700_000, "2026-08": 650_000}
    assert (found["amount_fen"], found["monthly_fen"]) == (1_350_000, None)


def test_a_correction_replaces_what_it_corrects(phone: Phone) -> None:
    phone.ask("老板欠我7月到9月的工资 一共一万二")
    phone.ask("说错了 是8月到9月 一共8000")
    found = prefill(phone)
    assert (found["months"], found["amount_fen"]) == (["2026-08", "2026-09"], 800_000)


def test_who_the_worker_is_is_not_asked_again(phone: Phone) -> None:
    phone.ask("我今年62了 跑外卖的，今年3月6号入职，11月5号走的，站长姓李")
    found = prefill(phone)
    assert (found["age_group"], found["worker_kind"]) == ("60_plus", "platform")
    assert (found["from_on"], found["to_on"]) == ("2026-03-06", "2026-11-05")
    assert found["contact"] == "李站长"
