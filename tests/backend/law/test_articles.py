"""Citations read as the law writes them, and say whether their text was verified."""

import pytest

from backend.law.articles import CITATIONS, CitationState, chinese_number, cite


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (39, "三十九"),
        (100, "一百"),
        (110, "一百一十"),
        (201, "二百零一"),
        (276, "二百七十六"),
        (999, "九百九十九"),
    ],
)
def test_numbers_are_written_as_in_laws(number: int, words: str) -> None:
    assert chinese_number(number) == words


@pytest.mark.parametrize("number", [0, -3, 1000])
def test_a_number_no_article_has_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 999"):
        chinese_number(number)


def test_a_citation_names_law_article_paragraph_and_item() -> None:
    assert cite("gd_supervision_39_1_7").title == "《广东省劳动保障监察条例》第三十九条第一款第七项"
    assert cite("gd_supervision_39_2").short_title == "省监察条例第三十九条第二款"
    assert cite("criminal_276").title == "《中华人民共和国刑法》第二百七十六条之一"
    assert cite("gd_crime_amounts_whole").article == ""


@pytest.mark.parametrize("article", [36, 37, 39, 44, 45, 46, 47, 51])
def test_the_key_articles_can_be_opened_without_a_network(article: int) -> None:
    text = cite(f"gd_supervision_{article}").text
    assert text is not None and text.endswith("。") and "……" not in text


def test_a_paragraph_opens_the_text_of_its_whole_article() -> None:
    assert cite("gd_supervision_39_2").text == cite("gd_supervision_39").text
    assert "逾期未告知的，自收到投诉材料之日起即为受理" in (cite("gd_supervision_39").text or "")


def test_what_was_not_read_in_full_is_marked_unverified() -> None:
    unverified = {k for k, c in CITATIONS.items() if c.state is CitationState.UNVERIFIED}
    assert unverified == {
        "gd_crime_amounts_whole",
        "gd_wages_48",
        "dishonesty_5",
        "publication_whole",
        "online_service_8",
        "police_transfer_5",
    }


def test_every_gist_is_a_short_chinese_sentence() -> None:
    for citation in CITATIONS.values():
        assert 5 < len(citation.gist) <= 60, citation.key
        assert citation.gist.endswith("。"), citation.key


def test_an_unknown_citation_is_named() -> None:
    with pytest.raises(KeyError, match="no citation is called 'nothing_1'"):
        cite("nothing_1")
