"""A corpus with its ranker: one question in, one decision out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from faq.corpus import ROOT, Corpus, load
from faq.engine import tokens
from faq.engine.decide import Decided, decide
from faq.engine.model import Model
from faq.engine.ranker import Ranker, Ranking
from faq.store import DEFAULT, model_of


@dataclass(frozen=True)
class Bot:
    """Everything needed to answer from one version of the corpus; never changed."""

    corpus: Corpus
    ranker: Ranker

    @classmethod
    def of(cls, corpus: Corpus, model: Model) -> Bot:
        """The bot of a corpus with a learnt model, which may be older than the corpus."""
        cut = tokens.fast(corpus.lexicon)
        return cls(corpus, Ranker(corpus.lexicon, cut, model, corpus.phrasings()))

    @classmethod
    def open(cls, root: Path = ROOT, models: Path = DEFAULT) -> Bot:
        """The bot of the files; CorpusError or NoModel when there is none."""
        corpus = load(root)
        return cls.of(corpus, model_of(corpus, models))

    def decide(self, typed: str) -> Decided:
        """What to do with what was typed."""
        return decide(self.rank(typed), self.corpus.entries.keys(), self.corpus.outside.keys())

    def rank(self, typed: str) -> Ranking:
        """The ranking behind a decision."""
        return self.ranker.rank(typed)

    def crisis(self, typed: str) -> str | None:
        """The group of crisis words in what was typed, as it stands and normalised."""
        crisis = self.corpus.crisis
        return crisis.find(typed) or crisis.find(self.ranker.normalise(typed).text)

    def facts(self, typed: str) -> dict[str, str]:
        """Facts that were said in so many words, in whatever script or dialect."""
        read = self.corpus.clarify.read
        return read(self.ranker.normalise(typed).text) | read(typed)
