"""`python -m faq.fitting`: learns the model of the files' phrasings and keeps it.

A program of its own: learning needs scipy, most of a minute and memory that no answering process
needs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from faq import store
from faq.corpus import Corpus, load
from faq.engine import learning, tokens, window_learning
from faq.engine.features import Features
from faq.engine.model import Model
from faq.engine.normalise import Normaliser
from faq.schema import CorpusError, Entry


def fit(corpus: Corpus) -> Model:
    """The model of all phrasings."""
    normalise = Normaliser(corpus.lexicon)
    features = Features(corpus.lexicon, tokens.fast(corpus.lexicon))
    texts, labels = zip(*corpus.phrasings(), strict=True)
    samples = [features(normalise(text)) for text in texts]
    linear = learning.learn([sample.groups for sample in samples], labels)
    return Model(linear, window_learning.learn(samples, labels))


def main(arguments: list[str] | None = None) -> int:
    """Learn and keep, unless the model of these phrasings is there already."""
    parser = argparse.ArgumentParser(prog="python -m faq.fitting", description=__doc__)
    parser.add_argument("--into", default=str(store.DEFAULT))
    parser.add_argument("--with", dest="changed", help="JSON list of entries over the files'")
    chosen = parser.parse_args(arguments)
    root = Path(chosen.into)
    try:
        corpus = load()
        if chosen.changed:
            entries = json.loads(Path(chosen.changed).read_text("utf-8"))
            corpus = corpus.with_entries(Entry.model_validate(e, strict=False) for e in entries)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 1
    folder = store.folder_of(corpus, root)
    if not folder.is_dir():
        store.save(fit(corpus), folder)
        store.forget_old(root)
    print(folder)
    return 0


if __name__ == "__main__":
    os.nice(10)  # whoever waits for an answer meanwhile goes first
    sys.exit(main())
