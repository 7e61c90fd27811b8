"""One question's whole decision in CPU time, beside bm25s, tantivy and rapidfuzz over everything.

The same phrasings, the same questions and the same tokeniser for all, in one process, in turns.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import bm25s
import tantivy
from rapidfuzz import fuzz, process

from faq import store
from faq.bot import Bot
from faq.corpus import ROOT, Corpus, load
from faq.engine import tokens
from faq.engine.tokens import Tokeniser

ROUNDS = 5
SMALL, LARGE = 10_000, 100_000
FOUND = 5
#: rapidfuzz compares with every phrasing: where there are many it gets every tenth question only.
_SLOW_STEP = 10
_SEED = 20261125

Phrasings = Sequence[tuple[str, str]]
Ask = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Timed:
    """CPU time of one question, in microseconds: medians of the rounds."""

    p50_us: float
    p99_us: float


@dataclass(frozen=True, slots=True)
class Field:
    """Everyone at one size, by name."""

    phrasings: int
    by_name: dict[str, Timed]

    @property
    def ours(self) -> Timed:
        """The product's own decision."""
        return self.by_name["faq"]

    @property
    def tantivy(self) -> Timed:
        """The opponent that the ceilings are bound to."""
        return self.by_name["tantivy"]


@dataclass(frozen=True, slots=True)
class Measured:
    """All sizes, and the memory that LARGE phrasings take above the loaded tokeniser."""

    today: Field
    small: Field
    large: Field
    memory_mb: float
    tokeniser_mb: float


def measure() -> Measured:
    """Today's phrasings, then LARGE made ones and the first SMALL of those."""
    corpus = load()
    questions = [
        json.loads(line)["text"] for line in (ROOT / "eval" / "own.jsonl").read_text().splitlines()
    ]
    made = synthetic(list(corpus.phrasings()), tokens.fast(corpus.lexicon), LARGE)
    today = _field(corpus, questions)
    small, large = (_field(filled(corpus, made[:size]), questions) for size in (SMALL, LARGE))
    above, tokeniser = _memory(made)
    return Measured(today, small, large, above, tokeniser)


def synthetic(real: Phrasings, cut: Tokeniser, count: int) -> list[tuple[str, str]]:
    """So many different phrasings, recombined from words of real ones of the same label."""
    words: dict[str, list[list[str]]] = defaultdict(list)
    for text, label in real:
        words[label].append(cut(text))
    labels = sorted(words)
    chance = random.Random(_SEED)
    made: dict[str, str] = {}
    while len(made) < count:
        label = labels[len(made) % len(labels)]
        first, second, third = chance.choices(words[label], k=3)
        head = first[: chance.randint(1, len(first))]
        tail = second[chance.randrange(len(second)) :]
        made.setdefault("".join([*head, *tail, chance.choice(third)])[:200], label)
    return list(made.items())


def filled(corpus: Corpus, phrasings: Phrasings) -> Corpus:
    """The corpus with these phrasings in place of its own."""
    of: dict[str, list[str]] = defaultdict(list)
    for text, label in phrasings:
        of[label].append(text)
    return replace(
        corpus,
        entries={
            key: entry.model_copy(update={"phrasings": of[key]})
            for key, entry in corpus.entries.items()
        },
        outside={
            key: other.model_copy(update={"phrasings": of[key]})
            for key, other in corpus.outside.items()
        },
    )


def _field(corpus: Corpus, questions: Sequence[str]) -> Field:
    phrasings = list(corpus.phrasings())
    cut = tokens.fast(corpus.lexicon)
    bot = Bot.of(corpus, store.model_of(load()))
    asks: dict[str, Ask] = {
        "faq": bot.decide,
        "tantivy": _tantivy(phrasings, cut),
        "bm25s": _bm25s(phrasings, cut),
        "rapidfuzz": _rapidfuzz(phrasings),
    }
    every = {"rapidfuzz": 1 if len(phrasings) < LARGE // 2 else _SLOW_STEP}
    rounds: dict[str, list[Timed]] = defaultdict(list)
    gc.collect()
    for turn in range(ROUNDS + 1):
        for name, ask in asks.items():
            timed = _round(ask, questions[:: every.get(name, 1)])
            if turn > 0:  # the first turn only warms up
                rounds[name].append(timed)
    return Field(
        len(phrasings),
        {
            name: Timed(
                statistics.median(one.p50_us for one in timed),
                statistics.median(one.p99_us for one in timed),
            )
            for name, timed in rounds.items()
        },
    )


def _round(ask: Ask, questions: Iterable[str]) -> Timed:
    times = []
    for question in questions:
        began = time.process_time_ns()
        ask(question)
        times.append((time.process_time_ns() - began) / 1000)
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return Timed(cuts[49], cuts[98])


def _tantivy(phrasings: Phrasings, cut: Tokeniser) -> Ask:
    """In memory, our words, whitespace between them; any word may match."""
    building = tantivy.SchemaBuilder()
    building.add_text_field("words", stored=False, tokenizer_name="whitespace")
    building.add_text_field("label", stored=True, tokenizer_name="raw")
    index = tantivy.Index(building.build())
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for text, label in phrasings:
        writer.add_document(tantivy.Document(words=" ".join(cut(text)), label=label))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(question: str) -> object:
        words = " ".join(word for word in cut(question) if word.isalnum())
        hits = searcher.search(index.parse_query(words, ["words"]), FOUND).hits
        return [searcher.doc(address)["label"][0] for _, address in hits]

    return ask


def _bm25s(phrasings: Phrasings, cut: Tokeniser) -> Ask:
    index = bm25s.BM25(backend="numpy")
    index.index([cut(text) for text, _ in phrasings], show_progress=False)
    labels = [label for _, label in phrasings]

    def ask(question: str) -> object:
        found = index.retrieve([cut(question)], k=FOUND, show_progress=False)
        return [labels[number] for number in found.documents[0]]

    return ask


def _rapidfuzz(phrasings: Phrasings) -> Ask:
    texts = [text for text, _ in phrasings]
    labels = [label for _, label in phrasings]

    def ask(question: str) -> object:
        found = process.extract(question, texts, scorer=fuzz.ratio, limit=FOUND)
        return [labels[number] for _, _, number in found]

    return ask


def _memory(made: Phrasings) -> tuple[float, float]:
    """Megabytes of a whole bot of these phrasings above the tokeniser's, and the tokeniser's."""
    with tempfile.TemporaryDirectory(prefix="xinhu-bench-") as name:
        file = Path(name) / "made.json"
        file.write_text(json.dumps(made, ensure_ascii=False), "utf-8")
        tokeniser, bot = (
            statistics.median(_child(words) for _ in range(3))
            for words in (["tokeniser"], ["bot", str(file)])
        )
    return bot - tokeniser, tokeniser


def _child(words: list[str]) -> float:
    command = [sys.executable, "-m", "tests.bench.faq_memory", *words]
    done = subprocess.run(command, cwd=ROOT.parent, capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    print(measure())
