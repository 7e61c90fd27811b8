"""`python -m tests.bench.faq_memory tokeniser | bot FILE`: prints this process's RSS in megabytes.

A process of its own, so that nothing but what is measured was ever in its memory.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from faq import store
from faq.bot import Bot
from faq.corpus import Corpus, load, load_lexicon
from faq.engine import tokens

_ASKED = "老板拖欠工资三个月了去哪里投诉"


def main(words: list[str]) -> int:
    """Hold the tokeniser, or a whole bot of the file's phrasings, and look at the memory."""
    held: object
    if words[0] == "tokeniser":
        cut = tokens.fast(load_lexicon())
        held = (cut, cut(_ASKED))
    else:
        corpus = load()
        linear = store.model_of(corpus)
        corpus = _filled(corpus, Path(words[1]))
        bot = Bot.of(corpus, linear)
        entries = [entry.question for entry in corpus.entries.values()]
        held = (bot, [bot.decide(question) for question in entries])
    gc.collect()
    print(_resident_mb())
    assert held
    return 0


def _filled(corpus: Corpus, file: Path) -> Corpus:
    of: dict[str, list[str]] = defaultdict(list)
    for text, label in json.loads(file.read_text("utf-8")):
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


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
