"""A model is opened as it was saved, never half of it, and two processes may learn at once."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from faq import store
from faq.bot import Bot
from faq.corpus import ROOT, Corpus
from faq.engine import learning, window_learning
from faq.engine.features import Features, Sample
from faq.engine.lexicon import Lexicon
from faq.engine.model import Model
from faq.engine.normalise import Normal

TEXTS = [("工资 没发", "wage"), ("工资 拖欠", "wage"), ("没发 拖欠", "wage"),
         ("押金 不退", "rent"), ("房东 押金", "rent"), ("房东 不退", "rent")]  # fmt: skip


features = Features(Lexicon({}, {}, (), {"wages": ("工资",), "home": ("房东",)}, ()), str.split)


def sample(text: str) -> Sample:
    return features(Normal(text, text.replace(" ", "")))


def small() -> Model:
    samples, labels = [sample(text) for text, _ in TEXTS], [label for _, label in TEXTS]
    linear = learning.learn([one.groups for one in samples], labels)
    return Model(linear, window_learning.learn(samples, labels))


def test_a_saved_model_opens_equal(tmp_path: Path) -> None:
    made = small()
    store.save(made, tmp_path / "model")
    opened = store.open_model(tmp_path / "model")
    assert opened.labels == made.labels
    assert opened.linear.weighing.groups == made.linear.weighing.groups
    assert opened.windows.alphabet == made.windows.alphabet
    for text, _ in (*TEXTS, ("工资 房东", ""), ("", "")):
        assert np.array_equal(opened.margins(sample(text)), made.margins(sample(text)))
        groups = sample(text).groups
        assert opened.linear.reasons(groups, "wage") == made.linear.reasons(groups, "wage")


def test_saving_leaves_nothing_but_the_model(tmp_path: Path) -> None:
    store.save(small(), tmp_path / "models" / "one")
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["one"]


def test_the_second_to_save_gives_way(tmp_path: Path) -> None:
    store.save(small(), tmp_path / "model")
    before = (tmp_path / "model" / "words.json").stat().st_mtime_ns
    store.save(small(), tmp_path / "model")
    assert (tmp_path / "model" / "words.json").stat().st_mtime_ns == before
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_only_the_newest_models_are_kept(tmp_path: Path) -> None:
    for number in range(7):
        (tmp_path / f"model-{number}").mkdir()
        (tmp_path / f"model-{number}" / "words.json").touch()
        os.utime(tmp_path / f"model-{number}", (number, number))
    (tmp_path / ".making-now").mkdir()
    store.forget_old(tmp_path)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == [".making-now", "model-3", "model-4", "model-5", "model-6"]


def test_many_may_save_at_once(tmp_path: Path) -> None:
    made = small()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.save(made, tmp_path / "model"), range(16)))
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    assert store.open_model(tmp_path / "model").labels == made.labels


def test_a_half_written_model_is_never_taken_for_one(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies while it saves leaves only what no reader looks at."""

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store.json, "dumps", die)
    folder = store.folder_of(bot.corpus, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        store.save(small(), folder)
    assert not folder.exists()
    assert all(path.name.startswith(".making-") for path in tmp_path.iterdir())


def test_a_missing_model_that_cannot_be_learnt_is_said(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "learn", lambda root: None)
    with pytest.raises(store.NoModel, match="made no model"):
        store.model_of(bot.corpus, tmp_path)


def test_what_learning_says_when_it_fails_is_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.sys, "executable", "/bin/false")
    with pytest.raises(store.NoModel, match="failed"):
        store.learn(tmp_path)


def test_a_corpus_of_its_own_phrasings_gets_a_folder_of_its_own(bot: Bot, tmp_path: Path) -> None:
    corpus: Corpus = bot.corpus
    entry = next(iter(corpus.entries.values()))
    said = corpus.with_entries([entry.model_copy(update={"short": "换了。"})])
    asked = corpus.with_entries([entry.model_copy(update={"phrasings": ["只有这一句"]})])
    folders = [store.folder_of(one, tmp_path) for one in (corpus, said, asked)]
    assert folders[0] == folders[1] != folders[2]


def test_until_the_job_has_learnt_it_the_model_of_the_files_serves(
    bot: Bot, tmp_path: Path
) -> None:
    entry = next(iter(bot.corpus.entries.values()))
    fresh = bot.corpus.with_entries(
        [entry.model_copy(update={"phrasings": [*entry.phrasings, "又一句新的"]})]
    )
    near = store.model_near(fresh, bot.corpus, tmp_path)
    assert near.labels == bot.ranker.model.labels
    store.save(small(), store.folder_of(fresh, tmp_path))
    assert store.model_near(fresh, bot.corpus, tmp_path).labels == small().labels


_SMALL = """
import sys
from pathlib import Path
from faq import fitting, store
from tests.faq.test_store import small
fitting.fit = lambda corpus: small()
sys.exit(fitting.main(["--into", sys.argv[1]]))
"""


def test_two_processes_that_learn_at_once_make_one_model(bot: Bot, tmp_path: Path) -> None:
    """Everything but the descent itself, which takes long, is the program's own."""
    command = [sys.executable, "-c", _SMALL, str(tmp_path)]
    both = [
        subprocess.Popen(command, cwd=ROOT.parent, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = {process.communicate(timeout=100)[0].strip() for process in both}
    assert [process.returncode for process in both] == [0, 0]
    assert said == {str(store.folder_of(bot.corpus, tmp_path))}
    assert len(list(tmp_path.iterdir())) == 1
