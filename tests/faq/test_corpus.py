"""A version for every change that shows, another for what is learnt; faults have a place."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from faq.bot import Bot
from faq.corpus import ROOT, Corpus, load
from faq.reading import read
from faq.schema import CorpusError, Fault, OutsideTopic
from faq.writing import written

ID = "wage.pay_date"
NO_PARTS = "harmless: []\nparts: {}\n"


@pytest.fixture
def corpus(bot: Bot) -> Corpus:
    return bot.corpus


def changed(corpus: Corpus, **fields: object) -> Corpus:
    return corpus.with_entries([corpus.entries[ID].model_copy(update=fields)])


def test_another_answer_is_another_version_but_nothing_new_to_learn(corpus: Corpus) -> None:
    other = changed(corpus, answer="换了说法。")
    assert other.version != corpus.version
    assert other.learnt_from == corpus.learnt_from


def test_another_phrasing_is_both(corpus: Corpus) -> None:
    other = changed(corpus, phrasings=[*corpus.entries[ID].phrasings, "一句新的问法"])
    assert other.version != corpus.version
    assert other.learnt_from != corpus.learnt_from


def test_another_word_table_is_both(corpus: Corpus) -> None:
    table = {**corpus.lexicon.repairs, "错子": "对字"}
    other = replace(corpus, lexicon=replace(corpus.lexicon, repairs=table))
    assert other.version != corpus.version
    assert other.learnt_from != corpus.learnt_from


def test_another_redirect_is_another_version(corpus: Corpus) -> None:
    one = next(iter(corpus.outside.values()))
    other = replace(
        corpus,
        outside=corpus.outside | {one.id: one.model_copy(update={"redirect": "去别的地方。"})},
    )
    assert other.version != corpus.version
    assert other.learnt_from == corpus.learnt_from


def test_a_changed_corpus_leaves_the_old_one_alone(corpus: Corpus) -> None:
    before = corpus.entries[ID].answer
    assert changed(corpus, answer="换了。").entries[ID].answer == "换了。"
    assert corpus.entries[ID].answer == before


def test_reading_twice_gives_the_same_version(corpus: Corpus) -> None:
    assert load().version == corpus.version


def test_an_entry_is_in_force_from_its_first_to_its_last_day(corpus: Corpus) -> None:
    limited = changed(corpus, valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 31))
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [ID in limited.in_force(day).entries for day in days] == [False, True, True, False]
    assert corpus.in_force(days[0]) is corpus


def test_an_expired_entry_is_never_answered_though_the_model_knows_it(bot: Bot) -> None:
    question = bot.corpus.entries[ID].phrasings[0]
    assert bot.decide(question).entries[0] == ID
    over = changed(bot.corpus, valid_to=date(2026, 1, 1)).in_force(date(2026, 6, 1))
    decided = Bot.of(over, bot.ranker.model).decide(question)
    assert ID not in decided.entries


def test_a_new_entry_is_found_before_the_model_knows_it(bot: Bot) -> None:
    phrasings = ["公司门口的自动售水机归谁管", "售水机谁管"]
    fresh = bot.corpus.entries[ID].model_copy(
        update={"id": "new.water", "question": "自动售水机归谁管", "phrasings": phrasings}
    )
    decided = Bot.of(bot.corpus.with_entries([fresh]), bot.ranker.model).decide(phrasings[0])
    assert (decided.decision, decided.entries[0]) == ("answer", "new.water")


def test_the_revision_is_what_a_person_is_shown(corpus: Corpus) -> None:
    entry = corpus.entries[ID]
    more = entry.model_copy(update={"phrasings": [*entry.phrasings, "又一句"]})
    said = entry.model_copy(update={"short": "换了。"})
    assert more.revision == entry.revision != said.revision
    assert len({one.content_hash for one in (entry, more, said)}) == 3


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small corpus of files."""
    root = tmp_path / "faq"
    for folder, name in (("content", "construction.yaml"), ("negatives", "near_money.yaml")):
        (root / folder).mkdir(parents=True)
        shutil.copy(ROOT / folder / name, root / folder)
    shutil.copytree(ROOT / "lexicon", root / "lexicon")
    return root


def loading_faults(root: Path) -> list[Fault]:
    with pytest.raises(CorpusError) as stopped:
        load(root)
    return stopped.value.faults


def test_an_id_in_two_files_is_named_with_the_second_file_and_line(root: Path) -> None:
    shutil.copy(root / "content" / "construction.yaml", root / "content" / "doubled.yaml")
    found = loading_faults(root)
    lines = (root / "content" / "doubled.yaml").read_text("utf-8").splitlines()
    assert found and all(fault.path.endswith("doubled.yaml") for fault in found)
    assert all("id: " in lines[fault.line - 1] for fault in found)


def test_an_outside_id_in_two_files_is_a_fault(root: Path) -> None:
    shutil.copy(root / "negatives" / "near_money.yaml", root / "negatives" / "z.yaml")
    assert all("already" in fault.message for fault in loading_faults(root))


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("concepts.yaml", "concepts: [\n", "cannot be read"),
        ("concepts.yaml", "other: {}\n", "concepts is missing"),
        ("homophones.yaml", "repairs: {错: 5}\n", "no text"),
        ("fillers.yaml", "fillers: {}\n", "fillers is missing"),
        ("cantonese.yaml", "", "replacements is missing"),
        ("crisis.yaml", f"{NO_PARTS}guarded: []\ngroups: {{self_harm: [\"re:(\"]}}\n", "pattern"),
        ("crisis.yaml", f"{NO_PARTS}guarded: []\ngroups: {{child: [童工]}}\n", "self_harm"),
        ("crisis.yaml", f"{NO_PARTS}groups: {{}}\n", "guarded is missing"),
        ("clarify.yaml", "facts: {}\nrules: [{fact: nothing, answers: {}}]\n", "nothing"),
        ("userdict.txt", "经济补偿金 3000\n", "frequency"),
        ("userdict.txt", "补偿 n 20\n", "frequency"),
        ("userdict.txt", "\udcff", "cannot be read"),
        ("concepts.yaml", "\udcff", "cannot be read"),
    ],
)  # fmt: skip
def test_a_broken_word_table_is_named(root: Path, file: str, text: str, words: str) -> None:
    (root / "lexicon" / file).write_text(text, "utf-8", "surrogateescape")
    found = loading_faults(root)
    assert all(file in fault.path and fault.line >= 1 for fault in found)
    assert words in "\n".join(map(str, found))


def test_a_missing_word_table_is_named(root: Path) -> None:
    (root / "lexicon" / "userdict.txt").unlink()
    assert any("userdict.txt" in fault.path for fault in loading_faults(root))


def test_every_file_outside_reads_and_writes_exactly() -> None:
    for path in (ROOT / "negatives").glob("*.yaml"):
        topic = read(path, OutsideTopic)
        assert isinstance(topic, OutsideTopic)
        assert written(topic) == path.read_text("utf-8")


def test_a_fault_shows_as_file_line_and_words() -> None:
    assert str(Fault("faq/content/a.yaml", 7, "is wrong")) == "faq/content/a.yaml:7: is wrong"
