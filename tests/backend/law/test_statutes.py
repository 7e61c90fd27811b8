"""An article that its law has not is known as one; of a law that nobody counted nothing is said."""

from __future__ import annotations

import pytest

from backend.law import statutes


@pytest.mark.parametrize(
    ("law", "article"),
    [
        ("劳动合同法", "第九百条"),
        ("劳动合同法", "第九十九条"),
        ("劳动合同法", "第零条"),
        ("劳动合同法", "四十四"),
        ("职工带薪年休假条例", "第十一条"),
        ("刑法", "第四百五十三条之一"),
    ],
)
def test_what_a_law_has_not_is_missing(law: str, article: str) -> None:
    assert f"《{law}》没有{article}" in (statutes.missing(law, article) or "")


@pytest.mark.parametrize(
    ("law", "article"),
    [
        ("劳动合同法", "第一条"),
        ("劳动合同法", "第九十八条"),
        ("劳动合同法", "第四十四条第一款"),
        ("刑法", "第二百七十六条之一"),
        ("没有数过的法", "第九百条"),
        ("关于确立劳动关系有关事项的通知", "一"),
    ],
)
def test_what_a_law_has_or_nobody_counted_is_not(law: str, article: str) -> None:
    assert statutes.missing(law, article) is None


@pytest.mark.parametrize("law", sorted(statutes.statutes()))
def test_no_article_that_is_held_is_called_missing(law: str) -> None:
    held = statutes.statutes()[law].articles
    assert [article for article in held if statutes.missing(law, article)] == []
