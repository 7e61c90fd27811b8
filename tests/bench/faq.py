"""The whole decision of the question bot beside bm25s, tantivy and rapidfuzz over everything."""

from __future__ import annotations

import gc
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import tantivy
from rapidfuzz import fuzz, process

from faq import store
from faq.bot import Bot
from faq.corpus import ROOT, load, load_lexicon
from faq.engine import tokens
from faq.engine.decide import decide
from faq.engine.ranker import Ranker

ROUNDS = 5
LARGE = (10_000, 100_000)
Ask = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Speed:
    """CPU time of one question in microseconds, medians of ROUNDS."""

    name: str
    p50_us: float
    p99_us: float


@dataclass(frozen=True, slots=True)
class FaqResults:
    """Speeds at each size, the bot first; memory above the loaded tokeniser in MB."""

    phrasings: int
    today: tuple[Speed, ...]
    large: dict[int, tuple[Speed, ...]]
    memory_mb: float


def measure() -> FaqResults:
    """Measure at today's size, then with synthetic phrasings."""
    bot = Bot.open()
    pairs = list(bot.corpus.phrasings())
    asked = questions()
    today = _compare(bot.decide, [bot.ranker.normalise(t).text for t, _ in pairs], bot, asked)
    large = {}
    for size in LARGE:
        made = synthetic(pairs, size)
        ranker = Ranker(bot.corpus.lexicon, tokens.fast(bot.corpus.lexicon), bot.ranker.model, made)
        inside, outside = bot.corpus.entries.keys(), bot.corpus.outside.keys()
        ask = _asker(ranker, inside, outside)
        large[size] = _compare(ask, [ranker.normalise(t).text for t, _ in made], bot, asked)
    return FaqResults(len(pairs), today, large, memory())


def _asker(ranker: Ranker, inside: AbstractSet[str], outside: AbstractSet[str]) -> Ask:
    return lambda typed: decide(ranker.rank(typed), inside, outside)


def questions() -> list[str]:
    """The project's own questions."""
    lines = (ROOT / "eval" / "own.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def synthetic(pairs: Sequence[tuple[str, str]], size: int) -> list[tuple[str, str]]:
    """Phrasings made of halves of two real ones of the same label; the same ones every time."""
    chance = random.Random(7)
    by_label: dict[str, list[str]] = {}
    for text, label in pairs:
        by_label.setdefault(label, []).append(text)
    labels = sorted(by_label)
    made = []
    for number in range(size):
        label = labels[number % len(labels)]
        one, other = chance.choice(by_label[label]), chance.choice(by_label[label])
        made.append((one[: len(one) // 2] + other[len(other) // 2 :] + str(number % 97), label))
    return made


def _compare(ours: Ask, texts: list[str], bot: Bot, asked: list[str]) -> tuple[Speed, ...]:
    normal = bot.ranker.normalise
    rivals: dict[str, Ask] = {
        "bot, whole decision": ours,
        "tantivy": _tantivy(texts, bot),
        "bm25s": _bm25s(texts, bot),
        "rapidfuzz over all": lambda q: process.extract(
            normal(q).text, texts, scorer=fuzz.ratio, limit=5
        ),
    }
    return tuple(_timed(name, ask, asked) for name, ask in rivals.items())


def _tantivy(texts: list[str], bot: Bot) -> Ask:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", stored=False, tokenizer_name="whitespace")
    index = tantivy.Index(builder.build())
    writer = index.writer(50_000_000, 1)
    for text in texts:
        words = tokens_of(bot, text)
        writer.add_document(tantivy.Document(body=[" ".join(words)]))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def ask(question: str) -> object:
        words = tokens_of(bot, bot.ranker.normalise(question).text)
        query = index.parse_query(" ".join(words) or "无", ["body"])
        return searcher.search(query, 5).hits

    return ask


def _bm25s(texts: list[str], bot: Bot) -> Ask:
    retriever = bm25s.BM25()
    retriever.index([tokens_of(bot, text) for text in texts], show_progress=False)

    def ask(question: str) -> object:
        words = [tokens_of(bot, bot.ranker.normalise(question).text)]
        return retriever.retrieve(words, k=5, show_progress=False)

    return ask


def tokens_of(bot: Bot, text: str) -> list[str]:
    """Words of a normalised text, nothing that a query language would take for its own."""
    return [word for word in bot.ranker.features.cut(text) if word.isalnum()]


def _timed(name: str, ask: Ask, asked: list[str]) -> Speed:
    for question in asked:
        ask(question)
    middles, tails = [], []
    for _ in range(ROUNDS):
        taken = []
        for question in asked:
            begun = time.process_time_ns()
            ask(question)
            taken.append((time.process_time_ns() - begun) / 1000)
        middles.append(float(np.percentile(taken, 50)))
        tails.append(float(np.percentile(taken, 99)))
    return Speed(name, statistics.median(middles), statistics.median(tails))


def memory() -> float:
    """MB of a process with 100,000 phrasings above one with the loaded tokeniser only."""
    return _resident("whole") - _resident("tokeniser")


def _resident(what: str) -> float:
    command = [sys.executable, "-m", "tests.bench.faq", what]
    done = subprocess.run(command, cwd=ROOT.parent, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def _child(what: str) -> None:
    """Hold what is to be weighed; a child's *peak* begins at its parent's, so it says nothing."""
    held: object
    if what == "whole":
        corpus = load()
        lexicon, model = corpus.lexicon, store.model_of(corpus)
        made = synthetic(list(corpus.phrasings()), LARGE[-1])
        del corpus
        ranker = Ranker(lexicon, tokens.fast(lexicon), model, made)
        held = ranker, [ranker.rank(question) for question in questions()]
    else:
        cut = tokens.fast(load_lexicon())
        held = cut, cut("老板不发工资")
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    print(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)
    assert held


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _child(sys.argv[1])
    else:
        print(measure())
